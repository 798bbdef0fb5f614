"""What a due time costs: every unit over a year with holidays, against one addition of a timedelta."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bench.measure import Pair, Row, Target, measure
from crmdesk.rules.clauses import Number
from crmdesk.rules.deadlines import due_number, latest_start
from crmdesk.rules.worktime import WorkCalendar

CALLS = 1000
MOST_MICROSECONDS = 50
NUMBERS = (
    Number("a", Decimal(30), "working_hours", "decimal"), Number("b", Decimal(12), "working_days", "decimal"),
    Number("c", Decimal(3), "days", "decimal"), Number("d", 2, "weeks", "int"), Number("e", 1, "months", "int"),
)  # fmt: skip


def due(place: Any) -> list[Row]:
    """Return the rows of ``due`` forwards, and of its inverse that the lists ask once per kind of deadline."""
    repeats = place.sizes.repeats
    calendar = WorkCalendar(zone=ZoneInfo("Asia/Shanghai"), country="CN")
    first = datetime(2026, 1, 5, 2, 10, tzinfo=UTC)
    starts = [first + timedelta(hours=7 * number) for number in range(CALLS)]
    week = timedelta(weeks=1)

    def forwards() -> None:
        for place, start in enumerate(starts):
            due_number(NUMBERS[place % len(NUMBERS)], start, calendar)

    def backwards() -> None:
        for place, start in enumerate(starts[::10]):
            latest_start(NUMBERS[place % len(NUMBERS)], calendar, start)

    def floor() -> None:
        for start in starts:
            start + week  # the barest due time there is

    most = MOST_MICROSECONDS * CALLS / 1000
    target = Target(f"<= {MOST_MICROSECONDS} us a call", most=most)
    return [
        measure(f"due(), {CALLS} calls over a year", "-", Pair(forwards, floor), repeats, target),
        measure("latest_start(), 100 calls", "-", Pair(backwards), max(5, repeats // 5), Target("<= 100 ms", most=100)),
    ]
