"""Working time: opening hours per weekday, the office's own days, public holidays with make-up working days.

A calendar turns each year once into a table of opened intervals (microseconds since 1970, UTC) and their running
sum, so that adding and measuring working time are two bisections and daylight changes cost nothing extra.
"""

from __future__ import annotations

import calendar as month_lengths
import importlib
import importlib.util
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _, language
from crmdesk.core.text import half_width

_TYPED = str.maketrans("–—~～、,，;；", "----     ")  # what people write between hours, and between windows
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HOUR = 3_600_000_000
_EMPTY_YEARS = 3  # after so many years without one opened hour the calendar is a mistake, not a holiday
COUNTRIES = ("", "CN", "TW")
COUNTRY_TABLES = {"CN": "China", "TW": "Taiwan"}  # as ``holidays`` calls them


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """One stretch of opening, in minutes from midnight (1440 = midnight at the end of the day)."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= 1440:
            raise UserError(_("The opening hours {hours} end before they start.").format(hours=self))

    def __str__(self) -> str:
        return f"{self.start // 60:02}:{self.start % 60:02}-{self.end // 60:02}:{self.end % 60:02}"


def parse_windows(text: str) -> tuple[Window, ...]:
    """Read ``09:00-12:00 13:00-18:00`` (empty: closed); UserError if it can't be read, overlaps or runs backwards."""
    windows: list[Window] = []
    for part in half_width(text).translate(_TYPED).split():
        try:
            start, end = (int(h) * 60 + int(m) for h, m in (side.split(":") for side in part.split("-")))
        except ValueError:
            raise UserError(
                _("“{text}” can't be read as opening hours. Write 09:00-18:00.").format(text=part)
            ) from None
        windows.append(Window(start, end))
    windows.sort()
    for first, second in pairwise(windows):
        if second.start < first.end:
            raise UserError(_("The opening hours {first} and {second} overlap.").format(first=first, second=second))
    return tuple(windows)


@dataclass(frozen=True)
class OpeningHours:
    """Opening windows of the seven weekdays, Monday first."""

    days: tuple[tuple[Window, ...], ...]

    @classmethod
    def parse(cls, texts: Sequence[str]) -> OpeningHours:
        """Read seven texts, Monday first; UserError as ``parse_windows``."""
        if len(texts) != 7:
            raise ValueError("a week has seven days")
        return cls(tuple(parse_windows(text) for text in texts))

    @classmethod
    def same(cls, opens: str, closes: str, closed: Iterable[int] = ()) -> OpeningHours:
        """Build a week with the same hours every day (``09:00``, ``18:00``) but the closed weekdays (0 = Monday)."""
        away = frozenset(closed)
        return cls.parse(["" if day in away else f"{opens}-{closes}" for day in range(7)])

    def as_texts(self) -> list[str]:
        """Return the seven texts that ``parse`` reads back."""
        return [" ".join(map(str, windows)) for windows in self.days]

    @property
    def make_up(self) -> tuple[Window, ...]:
        """Windows of a make-up working day on a weekday that is otherwise closed: those of the first open weekday."""
        return next((windows for windows in self.days if windows), ())

    @property
    def nominal_day(self) -> Decimal:
        """Hours of an ordinary working day (the mean of the open weekdays), for halves of a working day."""
        opened = [sum(window.end - window.start for window in windows) for windows in self.days if windows]
        return Decimal(sum(opened)) / 60 / len(opened) if opened else Decimal(0)


# Only a value to begin with: the set-up asks, the manager changes it; the regulation gives no opening hours.
DEFAULT_HOURS = OpeningHours.parse(["09:00-12:00 13:00-18:00"] * 5 + ["", ""])


@dataclass(frozen=True, slots=True)
class Interval:
    """A piece of a due time's explanation: ``kind`` is working, closed, holiday, own or pause; ``note`` its name."""

    start: datetime
    end: datetime
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Year:
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]  # working microseconds of the year before each interval
    until: tuple[int, ...]  # … and at its end
    days: tuple[int, ...]  # ordinals of the working days

    @property
    def total(self) -> int:
        return self.until[-1] if self.until else 0


@cache
def _table(country: str) -> Any:
    """Return the class that reckons a country's holidays, loaded without those of 250 other countries.

    Their package imports them all as soon as one is named: a tenth of a second and 8 MiB in every window. So the
    package stands there unread while the one is loaded, and is taken away again.
    """
    package, name = "holidays.countries", COUNTRY_TABLES[country]
    spec = importlib.util.find_spec(package) if package not in sys.modules else None
    if spec is not None:
        sys.modules[package] = importlib.util.module_from_spec(spec)
    try:
        return getattr(importlib.import_module(f"{package}.{name.lower()}"), name)
    finally:
        if spec is not None:
            sys.modules.pop(package, None)


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int, code: str = "en") -> tuple[Mapping[date, str], frozenset[date]]:
    """Return the days off of CN or TW with their names, and the make-up working days (調休, 補班) of a year."""
    if country not in COUNTRIES:
        raise ValueError(f"no holidays are known for {country!r}")
    if not country:
        return MappingProxyType({}), frozenset()
    days = _table(country)(years=year, language="en_US" if code == "en" else code)
    make_up = frozenset(day for day in days.weekend_workdays if day.year == year)
    return MappingProxyType({day: name for day, name in days.items() if day.year == year}), make_up


# The last year whose days off the state has announced, as far as we know. CN: each year's notice of the State Council
# moves days, so the newest year in the table of ``holidays`` counts. TW: its table holds only what the law doesn't fix
# (make-up days were abolished in 2025), so the last office calendar of the DGPA that was compared stands here.
_ANNOUNCED = {"CN": 2026, "TW": 2026}


@lru_cache(maxsize=8)
def announced_until(country: str) -> int | None:
    """Return the last year whose holidays and make-up days are announced; None without public holidays."""
    if not country:
        return None
    table = getattr(_table(country)(), "special_public_holidays", {})
    return max(_ANNOUNCED[country], *table)


def is_provisional(country: str, year: int) -> bool:
    """Whether a year's holidays are reckoned from the law alone: the state may still move days."""
    last = announced_until(country)
    return last is not None and year > last


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """When the office works: its hours, its country's holidays ('' none), and its own days over both.

    ``own`` maps a day to its windows; an empty tuple is a day closed by the office.
    """

    hours: OpeningHours = DEFAULT_HOURS
    zone: tzinfo = UTC
    country: str = ""
    own: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    notes: Mapping[date, str] = field(default_factory=dict)  # what the own days are called
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False)

    def windows(self, day: date) -> tuple[Window, ...]:
        """Return the opening windows of a day, empty when the office doesn't work."""
        if day in self.own:
            return self.own[day]
        ordinary = self.hours.days[day.weekday()]
        if not self.country:
            return ordinary
        off, make_up = public_holidays(self.country, day.year)
        if day in make_up:
            return ordinary or self.hours.make_up
        return () if day in off else ordinary

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on a day."""
        return bool(self.windows(day))

    def is_open(self, moment: datetime) -> bool:
        """Whether the office is open at a moment."""
        year = self._year(self._local_year(moment))
        at = _micros(moment)
        position = bisect_right(year.starts, at) - 1
        return position >= 0 and at < year.ends[position]

    def opening(self, day: date) -> datetime | None:
        """Return when a day's work begins (UTC), None on a closed day."""
        windows = self.windows(day)
        return self._at(day, windows[0].start) if windows else None

    def closing(self, day: date) -> datetime | None:
        """Return when a day's work ends (UTC), None on a closed day."""
        windows = self.windows(day)
        return self._at(day, windows[-1].end) if windows else None

    def end_of_day(self, day: date) -> datetime:
        """Return the last moment of a day that still counts as that day: its closing, or 23:59 on a closed day."""
        return self.closing(day) or self._at(day, 24 * 60 - 1)

    def at(self, day: date, clock: time) -> datetime:
        """Return a time of day of the office as a moment (UTC)."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def local_day(self, moment: datetime) -> date:
        """Return the office's day of a moment."""
        return moment.astimezone(self.zone).date()

    def add_working_hours(self, start: datetime, hours: Decimal | float) -> datetime:
        """Return the moment at which so many working hours after ``start`` are used up; negative counts backwards."""
        return self._add(start, round(hours * _HOUR))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from ``start`` to ``end``, negative when ``end`` is the earlier."""
        if end < start:
            return -self.between(end, start)
        first, last = self._local_year(start), self._local_year(end)
        amount = self._offset(last, _micros(end)) - self._offset(first, _micros(start))
        return (amount + sum(self._year(year).total for year in range(first, last))) * _MICROSECOND

    def working_day_after(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after a day; 0 is the day itself or the next working one; −1 the last."""
        year, ordinal = day.year, day.toordinal()
        days = self._year(year).days
        position = (bisect_right(days, ordinal) + count - 1) if count > 0 else (bisect_left(days, ordinal) + count)
        empty = 0
        while position < 0 or position >= len(days):
            empty = 0 if days else empty + 1
            if position < 0:
                year -= 1
                days = self._checked(year, empty).days
                position += len(days)
            else:
                position -= len(days)
                year += 1
                days = self._checked(year, empty).days
        return date.fromordinal(days[position])

    def add_working_days(self, start: datetime, count: int) -> datetime:
        """Return the closing of the ``count``-th working day after ``start``; the day of ``start`` doesn't count."""
        day = self.working_day_after(self.local_day(start), count)
        end = self.end_of_day(day)
        return end if end >= start or count < 0 else self.end_of_day(self.working_day_after(day, 1))

    def working_days_between(self, first: date, last: date) -> int:
        """Count the working days after ``first`` up to and with ``last``."""
        if last < first:
            return -self.working_days_between(last, first)
        count = bisect_right(self._year(last.year).days, last.toordinal())
        count -= bisect_right(self._year(first.year).days, first.toordinal())
        return count + sum(len(self._year(year).days) for year in range(first.year, last.year))

    def explain(self, start: datetime, end: datetime) -> list[Interval]:
        """Return the intervals from ``start`` to ``end`` in order: worked, closed, holidays and own days by name."""
        result: list[Interval] = []
        day, last = self.local_day(start), self.local_day(end)
        while day <= last:
            kind, note = self.reason(day)
            edge = max(start, self._at(day, 0))
            midnight = min(end, self._at(day, 24 * 60))
            for window in self.windows(day):
                opened, closed = max(edge, self._at(day, window.start)), min(midnight, self._at(day, window.end))
                if opened < closed:
                    if edge < opened:
                        result.append(Interval(edge, opened, "closed"))
                    result.append(Interval(opened, closed, "working", note))
                    edge = closed
            if edge < midnight:
                result.append(Interval(edge, midnight, kind if not self.windows(day) else "closed", note))
            day += timedelta(days=1)
        return result

    def reason(self, day: date) -> tuple[str, str]:
        """Return what a day is (working, closed, holiday, own) and its name in the language of the screen."""
        if day in self.own:
            general = _("the office's own day") if self.own[day] else _("closed by the office")
            return "own", self.notes.get(day) or general
        off, make_up = public_holidays(self.country, day.year, language())
        if day in make_up:
            return "working", _("make-up working day")
        return ("holiday", off[day]) if day in off else ("closed", "")

    def _local_year(self, moment: datetime) -> int:
        return moment.astimezone(self.zone).year

    def _at(self, day: date, minute: int) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return (midnight + timedelta(minutes=minute)).astimezone(UTC)  # wall time first, then UTC: daylight changes

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._build(year)
        return found

    def _build(self, year: int) -> _Year:
        starts: list[int] = []
        ends: list[int] = []
        before: list[int] = []
        until: list[int] = []
        days: list[int] = []
        total = 0
        first = date(year, 1, 1)
        for number in range(366 if month_lengths.isleap(year) else 365):
            day = first + timedelta(days=number)
            windows = self.windows(day)
            if windows:
                days.append(day.toordinal())
            for window in windows:
                start, end = _micros(self._at(day, window.start)), _micros(self._at(day, window.end))
                if end <= start:  # the hour that daylight saving skips
                    continue
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
                until.append(total)
        return _Year(tuple(starts), tuple(ends), tuple(before), tuple(until), tuple(days))

    def _checked(self, year: int, empty: int) -> _Year:
        if empty >= _EMPTY_YEARS or not 1900 < year < 2200:
            raise UserError(_("The working calendar has no opening hours. Please enter them in the office settings."))
        return self._year(year)

    def _offset(self, year: int, at: int) -> int:
        """Working microseconds of a year before a moment."""
        table = self._year(year)
        position = bisect_right(table.starts, at) - 1
        return table.before[position] + min(at, table.ends[position]) - table.starts[position] if position >= 0 else 0

    def _add(self, start: datetime, amount: int) -> datetime:
        if amount == 0:
            return start
        year = self._local_year(start)
        position = self._offset(year, _micros(start)) + amount
        table, empty = self._year(year), 0
        while position > table.total or position < 0:
            empty = 0 if table.total else empty + 1
            if position < 0:
                year -= 1
                table = self._checked(year, empty)
                position += table.total
            else:
                position -= table.total
                year += 1
                table = self._checked(year, empty)
        # Forwards, time is used up at the end of an interval (12:00, not 13:00); backwards at its beginning.
        index = bisect_left(table.until, position) if amount > 0 else bisect_right(table.before, position) - 1
        return _EPOCH + (table.starts[index] + position - table.before[index]) * _MICROSECOND


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the month's last day: 31 January + 1 month is 28 or 29 February."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


def last_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=month_lengths.monthrange(day.year, day.month)[1])


def own_days(closed: Iterable[date] = (), opened: Mapping[date, str] | None = None) -> dict[date, tuple[Window, ...]]:
    """Build the office's own days from closed days and from days opened with hours as text."""
    days: dict[date, tuple[Window, ...]] = dict.fromkeys(closed, ())
    days.update({day: parse_windows(text) for day, text in (opened or {}).items()})
    return days
