"""Asking for what is typed about a whole slip: discount and freight."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from crmdesk.core import money
from crmdesk.core.errors import CrmError, UserError
from crmdesk.core.i18n import _
from crmdesk.services.sale_sums import discount_of
from crmdesk.ui import dialogs
from crmdesk.ui.page import Page


def read_discount(typed: str, subtotal: Decimal, currency: str) -> Decimal:
    """Return the discount as an amount: "440" is that much off, "95%" leaves 95 % to pay; UserError otherwise."""
    if not typed:
        return Decimal(0)
    if typed.endswith(("%", "％")):
        percent = money.parse_money(typed[:-1])
        if not 0 < percent <= 100:
            raise UserError(_("Please enter a percentage from 1 to 100: 95 means that the customer pays 95 %."))
        return discount_of(subtotal, percent, currency)
    amount = money.parse_money(typed)
    if amount < 0:
        raise UserError(_("Please enter the discount without a minus."))
    return amount


def ask_discount(page: Page, subtotal: Decimal) -> Decimal | None:
    """Ask for the discount on a slip; None when nothing changes, and what was wrong is said."""

    def read(typed: str) -> Decimal:
        return read_discount(typed, subtotal, page.ctx.office.currency)

    return _ask(page, _("Discount on the whole slip: an amount off, or 95% for what is paid"), read)


def ask_freight(page: Page) -> Decimal | None:
    """Ask for the freight of a slip (SET-08); None when nothing changes."""

    def read(typed: str) -> Decimal:
        return abs(money.parse_money(typed)) if typed else Decimal(0)

    return _ask(page, _("Freight"), read)


def _ask(page: Page, prompt: str, read: Callable[[str], Decimal]) -> Decimal | None:
    typed = dialogs.get_text(page, prompt, required=False)
    if typed is None:
        return None
    try:
        return read(typed.strip())
    except CrmError as error:
        page.say(error.message, "warning")
        return None
