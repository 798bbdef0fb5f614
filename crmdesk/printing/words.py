"""Texts, figures and days as papers write them, in the language of the paper (never that of the screen)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from crmdesk.core import dates, money
from crmdesk.core.i18n import N_, translator
from crmdesk.printing.copies import Copy
from crmdesk.printing.documents import Reprint

MINUS = "−"
COPY_NUMBERS = ("", N_("Copy 1"), N_("Copy 2"), N_("Copy 3"), N_("Copy 4"), N_("Copy 5"), N_("Copy 6"))


class Words:
    """The words of one language: ``gettext`` and the house forms of figures, days and marks."""

    def __init__(self, language: str) -> None:
        self.language = language
        catalogue = translator(language)
        self.gettext = lru_cache(maxsize=2_000)(catalogue.gettext)
        self.ngettext = catalogue.ngettext
        self.pgettext = catalogue.pgettext

    def day_in_words(self, at: datetime) -> str:
        """Return a day with weekday and time: 2026-11-22（日）15:18."""
        gap = "" if self.language.startswith("zh") else " "
        return f"{dates.format_day_weekday(at.date(), self.language)}{gap}{dates.format_time(at)}"

    def page(self, page: int, pages: int) -> str:
        """Return 第 1 頁／共 3 頁."""
        _ = self.gettext
        return _("Page {page} of {pages}").format(page=page, pages=pages)

    def reprint(self, mark: Reprint) -> str:
        """Return 補印第 1 次　11-23 10:05 王小美."""
        _ = self.gettext
        return _("Reprint {number}  {time} {name}").format(
            number=mark.number, time=f"{mark.at:%m-%d %H:%M}", name=mark.by
        )

    def copy_mark(self, copy: Copy, *, absent: bool = False) -> tuple[str, str, str]:
        """Return the three parts of a copy's mark: 第三聯, 客戶, 交客戶."""
        _ = self.gettext
        recipient = copy.recipient_absent if absent and copy.recipient_absent else copy.recipient
        return (_(COPY_NUMBERS[copy.number]), _(copy.name) if copy.name else "", _(recipient) if recipient else "")

    def capitals(self, amount: Decimal, currency: str) -> str:
        """Return the amount in capitals: 新臺幣肆萬玖仟玖佰元整."""
        if currency not in money.CURRENCIES:
            return ""
        return money.capitals(amount, currency, self.language)

    def sign(self, currency: str) -> str:
        """Return the sign of a currency as written before amounts: NT$; ¥ alone is read as yen outside the mainland."""
        if currency == "CNY" and self.language != "zh_CN":
            return "RMB"
        unit = money.CURRENCIES.get(currency)
        return unit.symbol if unit else currency


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """Return the words of a language; they are made once."""
    return Words(language)


def figure(value: Decimal | int) -> str:
    """Return a number with thousands commas and a true minus; decimals only when there are any."""
    value = Decimal(value)
    text = f"{abs(value):,f}"
    if "." in text:
        whole, part = text.split(".")
        part = part.rstrip("0")
        text = f"{whole}.{part.ljust(2, '0') if len(part) < 2 else part}" if part else whole
    return MINUS + text if value < 0 else text


def quantity(value: Decimal | int) -> str:
    """Return a quantity or weight: thousands commas, no idle zeros."""
    text = f"{abs(Decimal(value)):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return MINUS + text if value < 0 else text


def iso(day: date) -> str:
    """Return 2026-11-22."""
    return dates.format_day(day)


def short(day: date) -> str:
    """Return 11-22, as in columns."""
    return f"{day:%m-%d}"


def short_time(at: datetime) -> str:
    """Return 11-22 15:18."""
    return f"{at:%m-%d %H:%M}"
