"""Birthdays by the sun or by the moon, typed as people say them and kept as one plain text.

Kept are ``05-12``, ``1980-05-12``, ``lunar 08-15`` and ``lunar 1987-闰06-09``: the year only if it is known.

When a birthday has no day in a year, it is kept on the last day that comes before it: 29 February on 28 February,
the 30th of a lunar month on the 29th of a short one, so that nobody is congratulated late. A birthday in a leap month
is kept in that leap month when the year has it, else in the ordinary month of the same number.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from crmdesk.core.dates import ROC_OFFSET
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _, language
from crmdesk.core.text import clean, half_width

YEARS = range(1850, 2101)
LEAP = "闰"
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "臘")
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class BirthdayError(UserError, ValueError):
    """The text is not a birthday; ``message`` says what may be typed."""


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of a year, solar or lunar; ``leap`` is the leap month of that number."""

    month: int
    day: int
    year: int | None = None
    lunar: bool = False
    leap: bool = False

    @property
    def text(self) -> str:
        """Return it as it is kept."""
        year = f"{self.year:04d}-" if self.year else ""
        day = f"{year}{LEAP if self.leap else ''}{self.month:02d}-{self.day:02d}"
        return f"lunar {day}" if self.lunar else day

    @property
    def key(self) -> str:
        """Return what it is found by whatever the year: 0512, L0815, L+0609 in a leap month."""
        return f"{'L' if self.lunar else ''}{'+' if self.leap else ''}{self.month:02d}{self.day:02d}"

    def in_year(self, year: int) -> date:
        """Return the day it is kept on in a year of its own calendar; a lunar year begins at its New Year."""
        if not self.lunar:
            return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))
        months = _months(year)
        month = next((m for m in months if m.number == self.month and m.leap == self.leap), None)
        if month is None:
            month = next(m for m in months if m.number == self.month)
        return month.first + timedelta(days=min(self.day, month.days) - 1)

    def next(self, today: date) -> date:
        """Return the next day it is kept on, today counted."""
        year = lunar_year(today) if self.lunar else today.year
        this = self.in_year(year)
        return this if this >= today else self.in_year(year + 1)

    def age_on(self, day: date) -> int | None:
        """Return how many years are completed by a day it is kept on; None when the year is unknown."""
        if not self.year:
            return None
        return (lunar_year(day) if self.lunar else day.year) - self.year

    def words(self, language_code: str = "") -> str:
        """Return it as people read it, and may type it again: 1980-05-12, 5/12, 農曆八月十五, lunar 8/15."""
        if not self.lunar:
            return self.text if self.year else f"{self.month}/{self.day}"
        code = language_code or language()
        if not code.startswith("zh"):
            year = f"{self.year}/" if self.year else ""
            return f"lunar {year}{'leap ' if self.leap else ''}{self.month}/{self.day}"
        traditional = code == "zh_TW"
        month = _MONTHS[self.month - 1]
        month = month if traditional else month.replace("臘", "腊")
        leap = ("閏" if traditional else "闰") if self.leap else ""
        year = f"{self.year}年" if self.year else ""
        return f"{'農曆' if traditional else '农历'}{year}{leap}{month}月{_day_name(self.day)}"


class _Month(NamedTuple):
    """A month of the lunar year: its number, whether it is the leap one, its first day, its length."""

    number: int
    leap: bool
    first: date
    days: int


@cache
def _months(year: int) -> tuple[_Month, ...]:
    from lunar_python import LunarYear, Solar

    found = []
    for month in LunarYear.fromYear(year).getMonthsInYear():
        first = Solar.fromJulianDay(month.getFirstJulianDay())
        found.append(
            _Month(
                abs(month.getMonth()),
                month.getMonth() < 0,
                date(first.getYear(), first.getMonth(), first.getDay()),
                month.getDayCount(),
            )
        )
    return tuple(found)


def lunar_year(day: date) -> int:
    """Return the lunar year a day belongs to: January is mostly still the year before."""
    if day.month > 2:
        return day.year
    return day.year if day >= _months(day.year)[0].first else day.year - 1


def lunar_day(day: date) -> Birthday:
    """Return a day by the lunar calendar, as a birthday of somebody born on it."""
    year = lunar_year(day)
    month = next(month for month in reversed(_months(year)) if month.first <= day)
    return Birthday(month.number, (day - month.first).days + 1, year, True, month.leap)


def keys_of_day(day: date) -> frozenset[str]:
    """Return the keys of all birthdays that are kept on a day, of both calendars (CRM-04, CRM-15)."""
    keys = {f"{day.month:02d}{day.day:02d}"}
    if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
        keys.add("0229")
    moon = lunar_day(day)
    months = _months(moon.year or day.year)
    length = next(m.days for m in months if (m.number, m.leap) == (moon.month, moon.leap))
    days = (moon.day, 30) if moon.day == length == 29 else (moon.day,)
    signs = ["L+"] if moon.leap else ["L"]
    if not moon.leap and not any(m.leap and m.number == moon.month for m in months):
        signs.append("L+")
    return frozenset(keys | {f"{sign}{moon.month:02d}{number:02d}" for sign in signs for number in days})


# reading ------------------------------------------------------------------------------------------------------------

_DIGITS = {"〇": 0, "零": 0, "○": 0, **{sign: number for number, sign in enumerate("一二三四五六七八九", 1)}}
_MOON = re.compile("lunar|農曆|农历|陰曆|阴历|舊曆|旧历|農历|农曆", re.IGNORECASE)
_SUN = re.compile("solar|國曆|国历|公曆|公历|陽曆|阳历|新曆|新历|西元|公元", re.IGNORECASE)
_NUMBER = "[〇零○一二三四五六七八九十廿卅正元冬腊臘]+|[0-9]+"
_CHINESE = re.compile(rf"(?:(民國|民国)?({_NUMBER})年)?(閏|闰)?({_NUMBER})月(?:初)?({_NUMBER})[日號号生]?")
_PARTS = re.compile(r"(?:(民國|民国)?([0-9]{1,4})[-/.年])?(閏|闰|leap)?([0-9]{1,2})[-/.月]([0-9]{1,2})[日號号]?")
_TOGETHER = re.compile(r"(民國|民国)?([0-9]{2,4})?(閏|闰|leap)?([0-9]{2})([0-9]{2})")


def read_birthday(text: str, *, home: str = "TW", strict: bool = True) -> Birthday:
    """Read a birthday as typed; BirthdayError says what may be typed.

    ``3/8``, ``1980.3.8``, ``19800308``, ``1980年3月8日``, 民國69年3月8日, 農曆八月十五, 农历8-15, 農曆閏六月初九. A
    year of two digits is of the Republic in an office of Taiwan, else 31 and more are 19.., less 20...
    ``strict`` also refuses a leap month or a 30th the named lunar year does not have; what is kept is read without.
    """
    body = half_width(clean(text)).casefold().replace(" ", "").replace("（", "(").replace("）", ")")
    body = body.replace("(", "").replace(")", "").replace(":", "").removesuffix("。")
    lunar = bool(_MOON.search(body))
    body = _SUN.sub("", _MOON.sub("", body))
    found = _PARTS.fullmatch(body) or _TOGETHER.fullmatch(body) or _CHINESE.fullmatch(body)
    made = _made(found, lunar or _says_moon(body), home) if found else None
    if made is None:
        raise BirthdayError(
            _("“{text}” is not a birthday. Please enter e.g. 1980-05-12, 5/12 or lunar 8/15.").format(text=text[:30])
        )
    if strict and made.lunar and made.year:
        _check_lunar(made)
    return made


def _says_moon(body: str) -> bool:
    """Months and days that only the lunar calendar has: 正月, 臘月, 閏六月, 初九, 廿三."""
    return any(sign in body for sign in ("正月", "臘", "腊", "冬月", "閏", "闰", "初", "廿", "leap"))


def _made(found: re.Match[str], lunar: bool, home: str) -> Birthday | None:
    republic, year_text, leap, month_text, day_text = found.groups()
    month, day = _number(month_text), _number(day_text)
    year = _year(year_text, bool(republic) or home == "TW") if year_text else None
    if not 1 <= month <= 12 or not 1 <= day <= (30 if lunar else _DAYS_OF_MONTH[month - 1]):
        return None
    if year is not None and year not in YEARS:
        return None
    if year and not lunar and day > calendar.monthrange(year, month)[1]:
        return None
    return Birthday(month, day, year, lunar, bool(leap) and lunar)


def _year(text: str, republic: bool) -> int:
    if not text.isascii() and len(text) == 4 and all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    number = _number(text)
    if number >= 1000:
        return number
    if republic or number >= 100:
        return number + ROC_OFFSET
    return number + (1900 if number > 30 else 2000)


def _number(text: str) -> int:
    """Read 12, 十二, 廿三, 三十, 正 (1), 冬 (11), 臘 (12); 0 when it is none."""
    if text.isascii():
        return int(text)
    if (named := {"正": 1, "元": 1, "冬": 11, "臘": 12, "腊": 12}.get(text)) is not None:
        return named
    body = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = body.rpartition("十")
    if any(sign not in _DIGITS for sign in tens + ones) or len(tens) > 1 or len(ones) > 1:
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)


def _check_lunar(birthday: Birthday) -> None:
    year = birthday.year or 0
    month = next((m for m in _months(year) if (m.number, m.leap) == (birthday.month, birthday.leap)), None)
    if month is None:
        sentence = _("The lunar year {year} has no leap month {month}.")
        raise BirthdayError(sentence.format(year=year, month=birthday.month))
    if birthday.day > month.days:
        raise BirthdayError(
            _("Month {month} of the lunar year {year} has only 29 days.").format(year=year, month=birthday.month)
        )


def _day_name(day: int) -> str:
    ones = "十一二三四五六七八九"[day % 10]
    if day <= 10:
        return f"初{ones}"
    return {20: "二十", 30: "三十"}.get(day) or f"{'十廿'[day // 10 - 1]}{ones}"


# what services ask --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def kept(text: str) -> Birthday | None:
    """Return what a column holds as a birthday; None when it is empty or was never one."""
    if not text:
        return None
    try:
        return read_birthday(text, strict=False)
    except BirthdayError:
        return None


def stored(text: str, home: str = "TW") -> str:
    """Return a typed birthday as it is kept, '' for nothing typed; BirthdayError when it is none."""
    return read_birthday(text, home=home).text if clean(text) else ""


def shown(text: str, language_code: str = "") -> str:
    """Return a kept birthday as people read it; what is none is shown as it is."""
    birthday = kept(text)
    return birthday.words(language_code) if birthday else text


def key_of(text: str) -> str:
    """Return the key a kept birthday is found by, '' when it is none."""
    birthday = kept(text)
    return birthday.key if birthday else ""


def next_occurrence(text: str, today: date) -> date | None:
    """Return the next day a kept birthday is kept on, today counted; None when the text is none."""
    birthday = kept(text)
    return birthday.next(today) if birthday else None
