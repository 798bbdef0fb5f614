"""Due times of a whole range of starts at once: the few steps of ``due`` as a function of the start.

A due time never falls when its start grows, and between the edges of the working time it either stays ("Friday at
closing") or moves along with the start ("two hours later"). A month is a few dozen steps, exact to the microsecond,
that a query can compare any number of records with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from crmdesk.rules.clauses import Number, Value
from crmdesk.rules.deadlines import due_number
from crmdesk.rules.worktime import WorkCalendar

_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueStep:
    """Starts before ``until`` (None: all later ones) are due ``at`` a moment, or ``after`` a span from the start."""

    until: datetime | None
    at: datetime | None = None
    after: timedelta | None = None


def due_steps(
    number: Number, calendar: WorkCalendar, first: datetime, last: datetime, *, clock: time | None = None
) -> tuple[DueStep, ...]:
    """Return the steps of ``due_number`` for starts from ``first`` to before ``last``; errors as ``due_number``."""
    return _due_steps(number.unit, number.value, clock, calendar, first, last)


@lru_cache(maxsize=64)
def _due_steps(
    unit: str, value: Value | None, clock: time | None, calendar: WorkCalendar, first: datetime, last: datetime
) -> tuple[DueStep, ...]:
    number = Number("", value, unit, "")

    def due(start: datetime) -> datetime:
        return due_number(number, start, calendar, clock=clock).at

    edges = sorted({first, *_edges(number, calendar, first, last, clock, due(max(first, last))), last})
    found: list[DueStep] = []
    since = first  # where the last step found begins
    for begin, end in pairwise(edges):
        for start, step in _split(due, begin, end):
            merged = _merge(found[-1], since, step, start) if found else None
            if merged is None:
                found.append(step)
                since = start
            else:
                found[-1] = merged
    if not found:
        return (DueStep(None, at=due(first)),)
    return (*found[:-1], DueStep(None, found[-1].at, found[-1].after))


def _merge(before: DueStep, since: datetime, step: DueStep, start: datetime) -> DueStep | None:
    """Return two neighbours as one step where they say the same; a step of one moment says both "at" and "after"."""
    if (before.at, before.after) == (step.at, step.after):
        return step
    if step.at is not None and _is_moment(start, step.until) and before.after == step.at - start:
        return DueStep(step.until, after=before.after)
    if before.at is not None and _is_moment(since, before.until) and step.after == before.at - since:
        return step
    return None


def _is_moment(since: datetime, until: datetime | None) -> bool:
    return until is not None and until - since == _MICROSECOND


def _split(due: Callable[[datetime], datetime], begin: datetime, end: datetime) -> Iterator[tuple[datetime, DueStep]]:
    """Yield the steps between two edges, each with its first start: one, unless it bends where none was foreseen."""
    last = end - _MICROSECOND
    low, high = due(begin), due(last)
    if low == high:
        yield begin, DueStep(end, at=low)
        return
    middle = begin + (last - begin) // 2
    span = low - begin
    if high - last == span and due(middle) - middle == span:
        yield begin, DueStep(end, after=span)
        return
    middle += _MICROSECOND
    yield from _split(due, begin, middle)
    yield from _split(due, middle, end)


def _edges(
    number: Number, calendar: WorkCalendar, first: datetime, last: datetime, clock: time | None, reach: datetime
) -> set[datetime]:
    """Return where the function may bend: midnights, opening and closing, times of day, and what working hours make.

    ``reach`` is the last due time: with working hours the edges up to it are carried back to their starts.
    """
    value = number.value
    hours: Decimal | None = None
    if isinstance(value, Decimal | int) and number.unit in ("working_hours", "working_days"):
        whole = Decimal(value)
        if number.unit == "working_hours":
            hours = whole
        elif whole % 1:
            hours = whole * calendar.hours.nominal_day
    day, until = calendar.local_day(first), calendar.local_day(reach if hours else last)
    found: set[datetime] = set()
    times = [moment for moment in (clock, value) if isinstance(moment, time)]
    while day <= until:
        windows = calendar.windows(day) if hours else calendar.windows(day)[-1:]  # whole days end with the last one
        minutes = {0, *(edge for window in windows for edge in (window.start, window.end))}
        clocks = [time(minute // 60, minute % 60) for minute in minutes if minute < 24 * 60]  # the rest is the next day
        marks = [calendar.at(day, moment) for moment in (*clocks, time(23, 59), *times)]
        for mark in marks:
            found |= {mark, mark + _MICROSECOND}
            if hours:
                back = calendar.add_working_hours(mark, -hours)
                found |= {back, back + _MICROSECOND}
        day += _DAY
    return {mark for mark in found if first < mark < last}
