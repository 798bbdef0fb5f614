"""Due times: each unit, fractions, pauses with a review, and the explanation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.errors import UserError
from crmdesk.rules.clauses import UNITS, Clause, Number
from crmdesk.rules.deadlines import Pause, due
from crmdesk.rules.policies import load_default
from crmdesk.rules.worktime import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(zone=ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def clause(value: str | None, unit: str) -> Clause:
    number = Decimal(value) if value is not None else None
    typed = int(number) if number is not None and UNITS[unit] == "int" else number
    return Clause("TEST-01", "", {}, "", "reminded", "calls", {"limit": Number("limit", typed, unit, UNITS[unit])})


MONDAY = "2026-11-23 10:00"


@pytest.mark.parametrize(
    ("value", "unit", "start", "end"),
    [
        ("60", "seconds", MONDAY, "2026-11-23 10:01"),
        ("10", "minutes", MONDAY, "2026-11-23 10:10"),
        ("24", "hours", "2026-11-27 17:00", "2026-11-28 17:00"),
        ("3", "working_hours", MONDAY, "2026-11-23 14:00"),
        ("0.5", "working_days", MONDAY, "2026-11-23 15:00"),
        ("1.5", "working_days", MONDAY, "2026-11-24 15:00"),
        ("3", "working_days", "2026-11-26 10:00", "2026-12-01 18:00"),
        ("0", "days", MONDAY, "2026-11-23 18:00"),  # the same day
        ("0", "days", "2026-11-23 20:00", "2026-11-23 23:59"),
        ("0", "days", "2026-11-22 10:00", "2026-11-22 23:59"),  # a Sunday is that day too
        ("1", "days", MONDAY, "2026-11-24 18:00"),
        ("0.5", "days", MONDAY, "2026-11-23 22:00"),
        ("1", "weeks", MONDAY, "2026-11-30 18:00"),
        ("1", "months", "2026-01-31 10:00", "2026-02-28 23:59"),
        ("1", "years", "2028-02-29 10:00", "2029-02-28 18:00"),
        ("10", "day_of_month", "2026-11-30 10:00", "2026-12-10 18:00"),
        ("31", "day_of_month", "2027-01-05 10:00", "2027-02-28 23:59"),
    ],
)
def test_units(value: str, unit: str, start: str, end: str) -> None:
    assert due(clause(value, unit), at(start), CALENDAR).at == at(end)


@pytest.mark.parametrize(
    ("value", "unit", "end"),
    [
        ("3", "working_hours", "2026-11-24 14:00"),  # Tuesday's whole day drops out
        ("24", "hours", "2026-11-25 10:00"),
        ("3", "working_days", "2026-11-27 18:00"),
        ("3", "days", "2026-11-27 18:00"),
    ],
)
def test_a_pause_moves_the_due_time_in_its_own_unit(value: str, unit: str, end: str) -> None:
    pause = Pause(at("2026-11-23 10:00"), at("2026-11-24 10:00"), "sample on its way", at("2026-11-25 10:00"))
    result = due(clause(value, unit), at(MONDAY), CALENDAR, [pause])
    assert result.at == at(end) and not result.paused
    assert "sample on its way" in [piece.note for piece in result.explanation if piece.kind == "pause"]


def test_a_standing_pause_is_due_at_its_review() -> None:
    pause = Pause(at("2026-11-23 11:00"), None, "customer abroad", at("2026-12-01 09:00"))
    result = due(clause("3", "working_hours"), at(MONDAY), CALENDAR, [pause])
    assert result.paused and result.at == at("2026-12-01 09:00")
    assert result.is_overdue(at("2026-12-01 09:01"))


def test_a_pause_after_the_due_time_changes_nothing() -> None:
    pause = Pause(at("2026-11-24 11:00"), None, "late", at("2026-12-01 09:00"))
    assert due(clause("1", "working_hours"), at(MONDAY), CALENDAR, [pause]).at == at("2026-11-23 11:00")


def test_overlapping_pauses_count_once() -> None:
    one = Pause(at("2026-11-23 10:00"), at("2026-11-23 11:00"), "one", at(MONDAY))
    two = Pause(at("2026-11-23 10:30"), at("2026-11-23 11:30"), "two", at(MONDAY))
    assert due(clause("2", "hours"), at(MONDAY), CALENDAR, [two, one]).at == at("2026-11-23 13:30")


@pytest.mark.parametrize(("end", "reason"), [(None, " "), ("2026-11-20 10:00", "x")])
def test_a_pause_needs_sense(end: str | None, reason: str) -> None:
    with pytest.raises(UserError):
        Pause(at(MONDAY), at(end) if end else None, reason, at(MONDAY))


def test_a_lost_number_waits_for_the_manager() -> None:
    with pytest.raises(UserError) as refused:
        due(clause(None, "days"), at(MONDAY), CALENDAR)
    assert refused.value.clause == "TEST-01"


def test_several_numbers_must_be_named() -> None:
    clause = load_default().clause("REP-02")
    with pytest.raises(KeyError):
        due(clause, at(MONDAY), CALENDAR)
    assert due(clause, at(MONDAY), CALENDAR, key="max_months").at == at("2027-05-22 23:59") + timedelta(days=1)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
units = st.sampled_from(["minutes", "hours", "working_hours", "working_days", "days", "weeks", "months"])


@given(moments, units, st.integers(0, 40), st.integers(0, 5000), st.integers(1, 5000))
def test_a_pause_never_brings_it_nearer(start: datetime, unit: str, count: int, after: int, length: int) -> None:
    begin = start + timedelta(minutes=after)
    pause = Pause(begin, begin + timedelta(minutes=length), "x", begin)
    plain = due(clause(str(count), unit), start, CALENDAR)
    assert plain.at >= start
    assert due(clause(str(count), unit), start, CALENDAR, [pause]).at >= plain.at


@given(moments, units, st.integers(1, 40))
def test_the_explanation_reaches_from_start_to_due(start: datetime, unit: str, count: int) -> None:
    result = due(clause(str(count), unit), start, CALENDAR)
    assert result.explanation[0].start == start and result.explanation[-1].end == result.at
