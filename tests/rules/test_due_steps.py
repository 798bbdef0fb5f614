"""The steps of a due time say the same as the due time itself, for every start and every unit."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.rules.clauses import Number
from crmdesk.rules.deadlines import due_number
from crmdesk.rules.due_steps import DueStep, due_steps
from crmdesk.rules.worktime import OpeningHours, WorkCalendar

TAIPEI, BERLIN = ZoneInfo("Asia/Taipei"), ZoneInfo("Europe/Berlin")
HOURS = OpeningHours.parse(["09:00-12:00 13:00-18:00"] * 5 + ["10:00-13:00", ""])
CALENDARS = (WorkCalendar(HOURS, TAIPEI, "TW"), WorkCalendar(HOURS, BERLIN, ""))
FIRST, LAST = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)
LIMITS: tuple[tuple[str, Decimal | int | time, time | None], ...] = (
    ("minutes", 30, None), ("hours", Decimal("2.5"), None), ("days", Decimal(0), None), ("days", Decimal(1), None),
    ("days", Decimal("0.5"), None), ("weeks", 1, None), ("months", 1, None), ("working_hours", Decimal(2), None),
    ("working_hours", Decimal(20), None), ("working_days", Decimal(5), None), ("working_days", Decimal("0.5"), None),
    ("day_of_month", 10, None), ("month_end", 0, None), ("weekday", 1, None), ("weekday", 1, time(12)),
)  # fmt: skip


def number(unit: str, value: Decimal | int | time) -> Number:
    """Return a number of a clause."""
    return Number("limit", value, unit, "")


def look_up(steps: tuple[DueStep, ...], start: datetime) -> datetime:
    """Return the due time the steps give."""
    step = next(step for step in steps if step.until is None or start < step.until)
    if step.at is not None:
        return step.at
    assert step.after is not None
    return start + step.after


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit[1]} {limit[0]}")
@given(part=st.floats(0, 1, exclude_max=True), place=st.integers(0, 1))
@settings(max_examples=60, deadline=None)
def test_the_steps_are_the_due_time(limit: tuple[str, Decimal | int, time | None], part: float, place: int) -> None:
    unit, value, clock = limit
    calendar = CALENDARS[place]
    steps = _steps(unit, value, clock, place)
    start = min(FIRST + (LAST - FIRST) * part, LAST - timedelta(microseconds=1))
    assert look_up(steps, start) == due_number(number(unit, value), start, calendar, clock=clock).at


_made: dict[tuple[str, str, int], tuple[DueStep, ...]] = {}


def _steps(unit: str, value: Decimal | int, clock: time | None, place: int) -> tuple[DueStep, ...]:
    key = unit, f"{value} {clock}", place
    if key not in _made:
        _made[key] = due_steps(number(unit, value), CALENDARS[place], FIRST, LAST, clock=clock)
    return _made[key]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit[1]} {limit[0]}")
def test_the_steps_are_right_around_each_edge(limit: tuple[str, Decimal | int, time | None]) -> None:
    unit, value, clock = limit
    steps = _steps(unit, value, clock, 1)
    assert steps[-1].until is None
    for step in steps[:-1]:
        assert step.until is not None
        for start in (step.until - timedelta(microseconds=1), step.until, step.until + timedelta(seconds=1)):
            assert look_up(steps, start) == due_number(number(unit, value), start, CALENDARS[1], clock=clock).at


def test_a_month_is_a_few_steps() -> None:
    assert len(_steps("minutes", 30, None, 0)) == 1
    assert len(_steps("weeks", 1, None, 0)) <= 62
    assert len(_steps("working_hours", Decimal(2), None, 0)) <= 400
