"""Due times: each unit, fractions, pauses with a review, and the explanation."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.errors import UserError
from crmdesk.rules.clauses import TIME_UNITS, UNITS, Clause, Number
from crmdesk.rules.deadlines import Pause, due, due_number, latest_start, worked
from crmdesk.rules.policies import load_default
from crmdesk.rules.worktime import OpeningHours, WorkCalendar

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


# the inverse ------------------------------------------------------------------------------------------------------

BERLIN = ZoneInfo("Europe/Berlin")
CALENDARS = [
    CALENDAR,
    WorkCalendar(zone=ZONE, country="CN"),
    WorkCalendar(
        OpeningHours.parse(
            ["08:15-11:45 13:00-17:30 19:00-20:00", "", "10:00-14:00", "", "22:00-24:00", "00:00-03:30", ""]
        ),
        zone=BERLIN,
    ),
    WorkCalendar(OpeningHours.parse(["00:00-24:00"] * 7), zone=BERLIN),
]
EVERY_UNIT = sorted(TIME_UNITS)
NOON = time(12)


@given(st.sampled_from(CALENDARS), moments, st.sampled_from(EVERY_UNIT), st.integers(0, 40))
def test_latest_start_is_the_inverse_of_due(calendar: WorkCalendar, moment: datetime, unit: str, count: int) -> None:
    number = clause(str(count % 7 + 1 if unit == "weekday" else count), unit).span()
    clock = NOON if unit == "weekday" and count % 2 else None
    start = latest_start(number, calendar, moment, clock=clock)
    assert due_number(number, start, calendar, clock=clock).at <= moment
    later = start + timedelta(microseconds=1)
    assert due_number(number, later, calendar, clock=clock).at > moment
    assert due_number(number, start + timedelta(minutes=1), calendar, clock=clock).at > moment


@given(st.sampled_from(CALENDARS), moments, st.sampled_from(EVERY_UNIT), st.integers(0, 40), st.integers(0, 90_000))
def test_who_begins_later_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, unit: str, count: int, minutes: int
) -> None:
    number = clause(str(count % 7 + 1 if unit == "weekday" else count), unit).span()
    later = due_number(number, start + timedelta(minutes=minutes), calendar).at
    assert due_number(number, start, calendar).at <= later


def test_latest_start_of_a_lost_number_or_an_empty_calendar_is_refused() -> None:
    with pytest.raises(UserError):
        latest_start(clause(None, "days").span(), CALENDAR, at(MONDAY))
    empty = WorkCalendar(OpeningHours.parse([""] * 7), zone=ZONE)
    with pytest.raises(UserError):
        latest_start(clause("3", "working_hours").span(), empty, at(MONDAY))
    assert latest_start(clause("1", "days").span(), empty, at(MONDAY)) == at("2026-11-22 00:00") - timedelta(
        microseconds=1
    )


@pytest.mark.parametrize(
    ("value", "unit", "clock", "start", "end"),
    [
        ("1", "weekday", NOON, "2026-11-20 10:00", "2026-11-23 12:00"),  # next Monday noon
        ("1", "weekday", NOON, "2026-11-23 11:00", "2026-11-23 12:00"),
        ("1", "weekday", NOON, "2026-11-23 12:01", "2026-11-30 12:00"),
        ("1", "weekday", None, "2026-11-21 10:00", "2026-11-23 18:00"),  # by Monday: its closing
        ("1", "weekday", None, "2026-11-23 18:30", "2026-11-30 18:00"),
        ("5", "weekday", NOON, "2026-12-28 10:00", "2027-01-01 12:00"),  # over the end of the year
        ("0", "month_end", None, "2026-11-05 10:00", "2026-11-30 18:00"),
        ("1", "month_end", None, "2026-12-31 10:00", "2027-01-31 23:59"),  # a Sunday
        ("0", "month_end", None, "2028-02-10 10:00", "2028-02-29 18:00"),
    ],
)
def test_weekdays_and_the_end_of_the_month(value: str, unit: str, clock: time | None, start: str, end: str) -> None:
    assert due_number(clause(value, unit).span(), at(start), CALENDAR, clock=clock).at == at(end)


def test_monday_noon_takes_its_clock_from_the_clause() -> None:
    weekday = Number("menu_weekday", 1, "weekday", "int")
    noon = Number("menu_time", time(12), "clock", "time")
    monday = Clause("TEST-02", "", {}, "", "reminded", "calls", {"menu_weekday": weekday, "menu_time": noon})
    assert due(monday, at("2026-11-20 10:00"), CALENDAR).at == at("2026-11-23 12:00")
    assert due_number(noon, at("2026-11-20 10:00"), CALENDAR).at == at("2026-11-20 12:00")
    assert due_number(noon, at("2026-11-20 13:00"), CALENDAR).at == at("2026-11-21 12:00")


@pytest.mark.parametrize(
    ("start", "unit", "value", "end"),
    [
        ("2026-03-28 12:00", "hours", "24", "2026-03-29 13:00"),  # a day of 23 hours
        ("2026-10-24 12:00", "hours", "24", "2026-10-25 11:00"),  # a day of 25 hours
        ("2026-03-28 12:00", "days", "1", "2026-03-29 18:00"),  # the calendar doesn't mind
        ("2026-10-24 12:00", "weeks", "1", "2026-10-31 18:00"),
        ("2026-03-28 17:00", "working_hours", "2", "2026-03-29 10:00"),
    ],
)
def test_daylight_changes(start: str, unit: str, value: str, end: str) -> None:
    calendar = WorkCalendar(OpeningHours.same("09:00", "18:00"), zone=BERLIN)
    begin = datetime.fromisoformat(start).replace(tzinfo=BERLIN)
    expected = datetime.fromisoformat(end).replace(tzinfo=BERLIN)
    assert due(clause(value, unit), begin, calendar).at == expected


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    """On the night the clock is set back, 02:30 comes twice; the second one is later, and due later."""
    calendar = WorkCalendar(OpeningHours.parse(["00:00-24:00"] * 7), zone=BERLIN)
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0)
    second = first.replace(fold=1)
    assert calendar.between(first.astimezone(UTC), second.astimezone(UTC)) == timedelta(hours=1)
    one, two = (due(clause("1", "working_hours"), moment, calendar).at for moment in (first, second))
    assert two - one == timedelta(hours=1)
    assert one.astimezone(BERLIN).isoformat() == "2026-10-25T02:30:00+01:00"


def test_time_in_which_the_clock_stood_is_not_used() -> None:
    one = Pause(at("2026-11-23 10:00"), at("2026-11-23 14:00"), "x", at(MONDAY))
    two = Pause(at("2026-11-23 11:00"), at("2026-11-23 15:00"), "x", at(MONDAY))
    standing = Pause(at("2026-11-24 17:00"), None, "x", at("2026-11-30 10:00"))
    begin, end = at("2026-11-23 09:00"), at("2026-11-24 18:00")
    assert worked(CALENDAR, begin, end) == timedelta(hours=16)
    assert worked(CALENDAR, begin, end, [two, one]) == timedelta(hours=12)  # 10:00–15:00 less the lunch
    assert worked(CALENDAR, begin, end, [one, two, standing]) == timedelta(hours=11)
