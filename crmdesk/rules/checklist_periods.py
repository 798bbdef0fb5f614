"""Lists that come back: how often the clause of a list wants it, and until when the next one is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from crmdesk.rules.policies import Policy

MONTHS = {"per_month": 1, "per_quarter": 3, "per_year": 12}


class Period(NamedTuple):
    """So many times in a row of calendar months, or in a week (``months`` 0)."""

    months: int
    times: int

    def bounds(self, day: date) -> tuple[date, date]:
        """Return the first and last day of the period a day lies in; weeks begin on Monday."""
        if not self.months:
            first = day - timedelta(days=day.weekday())
            return first, first + timedelta(days=6)
        number = day.year * 12 + (day.month - 1) // self.months * self.months
        first, following = (date(n // 12, n % 12 + 1, 1) for n in (number, number + self.months))
        return first, following - timedelta(days=1)


def period_of(policy: Policy, clause_id: str) -> Period | None:
    """Return how often a list's clause wants it: its first number that is so many times a week, month … or year."""
    if clause_id not in policy:
        return None
    for number in policy.clause(clause_id).numbers.values():
        times = int(number.value) if isinstance(number.value, (int, Decimal)) else 0
        months = MONTHS.get(number.unit)
        if times < 1 or (months is None and number.unit != "per_week"):
            continue
        if months is None:
            return Period(0, times)
        even = months % times == 0  # four times a year: once a quarter
        return Period(months // times, 1) if even else Period(months, times)
    return None


def last_day(period: Period, done: Sequence[date], today: date) -> date | None:
    """Return the last day by which the next list is due, None when this period has all it wants.

    One that was kept before and missed stays due since the end of the period that lacks it; an office that has never
    had the list begins with the running period.
    """
    first, last = period.bounds(today)
    if sum(day >= first for day in done) >= period.times:
        return None
    before = max((day for day in done if day < first), default=None)
    if before is None:
        return last
    missed = period.bounds(period.bounds(before)[1] + timedelta(days=1))[1]
    return min(missed, last)
