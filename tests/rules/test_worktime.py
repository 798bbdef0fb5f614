"""Working time: lunch gaps, weekends, holidays with make-up days, own days, daylight changes, year ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.errors import UserError
from crmdesk.rules.worktime import (
    DEFAULT_HOURS,
    OpeningHours,
    WorkCalendar,
    add_months,
    announced_until,
    is_provisional,
    own_days,
    parse_windows,
    public_holidays,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TAIPEI = ZoneInfo("Asia/Taipei")
BERLIN = ZoneInfo("Europe/Berlin")

PLAIN = WorkCalendar(zone=SHANGHAI)
CHINA = WorkCalendar(zone=SHANGHAI, country="CN")
NIGHT = WorkCalendar(OpeningHours.parse(["00:00-24:00"] * 7), zone=BERLIN)
ODD = WorkCalendar(
    OpeningHours.parse(
        ["08:15-11:45 13:00-17:30 19:00-20:00", "", "10:00-14:00", "", "22:00-24:00", "00:00-03:30", ""]
    ),
    zone=BERLIN,
    own=own_days([date(2026, 3, 2)], {date(2026, 3, 3): "09:00-10:00"}),
)
CALENDARS = [PLAIN, CHINA, NIGHT, ODD]


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 10:00", "2", "2026-11-23 12:00"),  # ends before the lunch gap, not after it
        ("2026-11-23 10:00", "3", "2026-11-23 14:00"),
        ("2026-11-23 12:30", "1", "2026-11-23 14:00"),
        ("2026-11-23 10:00", "7", "2026-11-23 18:00"),
        ("2026-11-27 17:30", "1.5", "2026-11-30 10:00"),  # over a weekend
        ("2026-11-28 10:00", "1", "2026-11-30 10:00"),
        ("2026-12-31 17:00", "2", "2027-01-01 10:00"),  # over the end of the year
        ("2026-12-31 17:00", "1", "2026-12-31 18:00"),  # exactly the last working minute of the year
        ("2027-01-01 10:00", "-1", "2027-01-01 09:00"),
        ("2026-11-23 10:00", "0", "2026-11-23 10:00"),
        ("2026-11-30 10:00", "-1.5", "2026-11-27 17:30"),
        ("2026-11-30 09:00", "-1", "2026-11-27 17:00"),
        ("2027-01-01 09:30", "-1", "2026-12-31 17:30"),
    ],
)
def test_working_hours(start: str, hours: str, end: str) -> None:
    assert PLAIN.add_working_hours(at(start), Decimal(hours)) == at(end)


def test_a_national_holiday_and_its_make_up_saturday() -> None:
    saturday = date(2026, 10, 10)
    assert CHINA.is_working_day(saturday) and not PLAIN.is_working_day(saturday)
    assert not CHINA.is_working_day(date(2026, 10, 7))
    assert CHINA.add_working_days(at("2026-09-30 10:00"), 3) == at("2026-10-10 18:00")
    kinds = {piece.note for piece in CHINA.explain(at("2026-09-30 10:00"), at("2026-10-10 18:00"))}
    assert "make-up working day" in kinds and "National Day" in kinds


@pytest.mark.parametrize(("country", "year"), [(c, y) for c in ("CN", "TW") for y in (2024, 2025, 2026)])
def test_holidays_agree_with_their_table_in_both_directions(country: str, year: int) -> None:
    calendar = WorkCalendar(zone=TAIPEI, country=country)
    off, make_up = public_holidays(country, year)
    assert off
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in make_up or (day.weekday() < 5 and day not in off)
        assert calendar.is_working_day(day) == expected, day
        day += timedelta(days=1)


def test_taiwan_make_up_saturday_of_2025() -> None:
    assert WorkCalendar(zone=TAIPEI, country="TW").is_working_day(date(2025, 2, 8))
    assert not WorkCalendar(zone=TAIPEI, country="TW").is_working_day(date(2026, 10, 9))  # 10 October is a Saturday


def test_own_days_win_over_everything() -> None:
    calendar = WorkCalendar(
        zone=SHANGHAI, country="CN", own=own_days([date(2026, 11, 24)], {date(2026, 10, 1): "10:00-11:00"})
    )
    assert calendar.is_open(at("2026-10-01 10:30")) and not calendar.is_open(at("2026-10-01 11:00"))
    assert calendar.add_working_days(at("2026-11-23 10:00"), 1) == at("2026-11-25 18:00")
    pieces = calendar.explain(at("2026-11-23 17:00"), at("2026-11-25 10:00"))
    assert [piece.kind for piece in pieces] == ["working", "closed", "own", "closed", "working"]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23 10:00", 0, "2026-11-23 18:00"),
        ("2026-11-23 19:00", 0, "2026-11-24 18:00"),
        ("2026-11-22 10:00", 0, "2026-11-23 18:00"),
        ("2026-11-22 10:00", 1, "2026-11-23 18:00"),
        ("2026-11-23 10:00", 1, "2026-11-24 18:00"),
        ("2026-11-27 10:00", 3, "2026-12-02 18:00"),
        ("2026-12-31 10:00", 2, "2027-01-04 18:00"),
        ("2026-11-23 10:00", -1, "2026-11-20 18:00"),
        ("2026-01-01 10:00", -2, "2025-12-30 18:00"),
    ],
)
def test_working_days(start: str, days: int, end: str) -> None:
    assert PLAIN.add_working_days(at(start), days) == at(end)


def test_daylight_changes_cost_or_give_an_hour() -> None:
    spring, autumn = at("2026-03-29 00:00", BERLIN), at("2026-10-25 00:00", BERLIN)
    assert NIGHT.between(spring, at("2026-03-30 00:00", BERLIN)) == timedelta(hours=23)
    assert NIGHT.between(autumn, at("2026-10-26 00:00", BERLIN)) == timedelta(hours=25)


@pytest.mark.parametrize("text", ["18:00-09:00", "09:00-09:00", "9-18", "25:00-26:00", "09:00-12:00 11:00-13:00", "x"])
def test_impossible_opening_hours_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        parse_windows(text)


def test_opening_hours_round_trip() -> None:
    assert OpeningHours.parse(DEFAULT_HOURS.as_texts()) == DEFAULT_HOURS
    assert DEFAULT_HOURS.nominal_day == 8
    week = OpeningHours.same("09:00", "18:00", closed=[6])
    assert week.as_texts() == ["09:00-18:00"] * 6 + [""]


@pytest.mark.parametrize("country", ["", "CN"])
def test_an_empty_calendar_asks_instead_of_searching_forever(country: str) -> None:
    empty = WorkCalendar(OpeningHours.parse([""] * 7), zone=SHANGHAI, country=country)
    assert empty.between(at("2026-01-01 00:00"), at("2027-01-01 00:00")) == timedelta(0)
    for count in (1, -1):
        with pytest.raises(UserError):
            empty.add_working_hours(at("2026-11-23 10:00"), count)
        with pytest.raises(UserError):
            empty.add_working_days(at("2026-11-23 10:00"), count)
    assert empty.hours.nominal_day == 0


def test_a_holiday_table_of_another_country_is_refused() -> None:
    with pytest.raises(ValueError):
        public_holidays("XX", 2026)


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 22), 6, date(2027, 5, 22)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
    ],
)
def test_months(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
amounts = st.integers(1, 40_000).map(lambda minutes: timedelta(minutes=minutes))
calendars = st.sampled_from(CALENDARS)


@given(calendars, moments, amounts)
def test_added_time_is_measured_again(calendar: WorkCalendar, start: datetime, amount: timedelta) -> None:
    hours = Decimal(amount // timedelta(minutes=1)) / 60
    later, earlier = calendar.add_working_hours(start, hours), calendar.add_working_hours(start, -hours)
    assert abs(calendar.between(start, later) - amount) <= timedelta(microseconds=1)
    assert abs(calendar.between(earlier, start) - amount) <= timedelta(microseconds=1)
    assert earlier < start < later


@given(calendars, moments, moments, moments)
def test_measuring_adds_up(calendar: WorkCalendar, one: datetime, two: datetime, three: datetime) -> None:
    assert calendar.between(one, two) + calendar.between(two, three) == calendar.between(one, three)
    assert calendar.between(one, two) == -calendar.between(two, one)


@given(calendars, moments, amounts)
def test_more_is_never_earlier(calendar: WorkCalendar, start: datetime, amount: timedelta) -> None:
    hours = amount / timedelta(hours=1)
    assert calendar.add_working_hours(start, hours) <= calendar.add_working_hours(start, hours + 0.5)
    assert calendar.add_working_hours(start, hours) <= calendar.add_working_hours(start + timedelta(minutes=7), hours)


@given(calendars, moments, st.integers(1, 90))
def test_counted_days_are_working_days(calendar: WorkCalendar, start: datetime, count: int) -> None:
    day = calendar.local_day(start)
    end = calendar.working_day_after(day, count)
    assert calendar.is_working_day(end)
    assert calendar.working_days_between(day, end) == count
    assert calendar.working_days_between(end, day) == -count


@given(calendars, moments, st.timedeltas(timedelta(minutes=1), timedelta(days=20)))
def test_the_explanation_is_without_gaps_and_adds_up(calendar: WorkCalendar, start: datetime, span: timedelta) -> None:
    pieces = calendar.explain(start, start + span)
    assert pieces[0].start == start and pieces[-1].end == start + span
    assert all(one.end == two.start for one, two in pairwise(pieces))
    opened = [piece for piece in pieces if piece.kind in ("working",)]
    assert sum((piece.end - piece.start for piece in opened), timedelta()) == calendar.between(start, start + span)


@pytest.mark.parametrize("country", ["CN", "TW"])
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_holiday_closes_and_every_closed_weekday_is_one(country: str, year: int) -> None:
    """Both directions: from the table to the calendar, and from the calendar back to the table."""
    calendar = WorkCalendar(zone=TAIPEI, country=country)
    off, make_up = public_holidays(country, year)
    assert all(not calendar.is_working_day(day) for day in off if day not in make_up)
    assert all(calendar.is_working_day(day) and day.weekday() >= 5 for day in make_up)
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    days = [day for day in days if day.year == year]
    assert all(day in off for day in days if day.weekday() < 5 and not calendar.is_working_day(day))
    assert all(day in make_up for day in days if day.weekday() >= 5 and calendar.is_working_day(day))


def test_the_make_up_days_of_the_mainland_are_known() -> None:
    assert len(public_holidays("CN", 2026)[1]) == 6 and date(2026, 10, 10) in public_holidays("CN", 2026)[1]
    assert public_holidays("TW", 2026)[1] == frozenset()  # abolished in 2025


def test_a_year_the_state_has_not_announced_is_provisional() -> None:
    for country in ("CN", "TW"):
        last = announced_until(country)
        assert last is not None and last >= 2026
        assert not is_provisional(country, last) and is_provisional(country, last + 1)
    assert announced_until("") is None and not is_provisional("", 2090)


def test_a_year_without_holidays_is_an_ordinary_one() -> None:
    assert public_holidays("CN", 2105) == ({}, frozenset())
    calendar = WorkCalendar(zone=SHANGHAI, country="CN")
    assert calendar.is_working_day(date(2105, 10, 1)) and not calendar.is_working_day(date(2105, 10, 3))
    assert calendar.add_working_days(at("2105-09-30 10:00"), 1) == at("2105-10-01 18:00")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("09:00–12:00 13:00–18:00", "09:00-12:00 13:00-18:00"),
        ("９：００－１２：００，１３：００－１８：００", "09:00-12:00 13:00-18:00"),
        ("13:00-18:00, 9:00-12:00", "09:00-12:00 13:00-18:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("  ", ""),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, kept: str) -> None:
    assert " ".join(map(str, parse_windows(typed))) == kept


def test_own_days_carry_their_name() -> None:
    day = date(2026, 11, 24)
    named = WorkCalendar(zone=SHANGHAI, own=own_days([day]), notes={day: "stock-taking"})
    assert named.reason(day) == ("own", "stock-taking")
    assert WorkCalendar(zone=SHANGHAI, own=own_days([day])).reason(day) == ("own", "closed by the office")
