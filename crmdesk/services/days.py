"""The office's local day as moments in UTC, for questions to the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from crmdesk.core.clock import Clock


def day_bounds(clock: Clock, day: date | None = None) -> tuple[datetime, datetime]:
    """Return the beginning of a local day (today when none is given) and of the next one, both in UTC."""
    first = day or clock.today()
    start = datetime.combine(first, time(), clock.zone)
    end = datetime.combine(first + timedelta(days=1), time(), clock.zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def month_bounds(clock: Clock, day: date) -> tuple[datetime, datetime]:
    """Return the beginning of the month a local day lies in and of the next one, both in UTC."""
    first = day.replace(day=1)
    return day_bounds(clock, first)[0], day_bounds(clock, next_month(first))[0]


def next_month(day: date) -> date:
    """Return the first day of the month after the one a day lies in."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
