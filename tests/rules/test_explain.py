"""The explanation of a due time in words: lunch gap, make-up Saturday, pause, each unit, each language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core import i18n
from crmdesk.rules.clauses import TIME_UNITS, UNITS, Number
from crmdesk.rules.deadlines import Due, Pause, due_number
from crmdesk.rules.explain import explain, rule_words, span_words
from crmdesk.rules.worktime import WorkCalendar, own_days

ZONE = ZoneInfo("Asia/Shanghai")
CHINA = WorkCalendar(zone=ZONE, country="CN")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def number(value: str, unit: str) -> Number:
    return Number("limit", Decimal(value) if UNITS[unit] == "decimal" else int(value), unit, UNITS[unit])


def made(value: str, unit: str, start: str, *pauses: Pause, calendar: WorkCalendar = CHINA) -> Due:
    return due_number(number(value, unit), at(start), calendar, pauses, clause="TEST-01")


SAMPLE = Pause(at("2026-11-23 11:00"), at("2026-11-24 15:00"), "sample at the factory", at("2026-11-25 10:00"))


def test_a_lunch_gap() -> None:
    assert explain(made("4", "working_hours", "2026-11-20 10:30")).text == (
        "From Fri 11/20 10:30: 4 working hours\n"
        "Fri 11/20 10:30–12:00 · 12:00–13:00 closed · 13:00–15:30 = 4 h\n"
        "Due: Fri 11/20 15:30"
    )


def test_a_weekend() -> None:
    assert explain(made("9", "working_hours", "2026-11-20 13:00")).text == (
        "From Fri 11/20 13:00: 9 working hours\n"
        "Fri 11/20 13:00–18:00 5 h · Sat 11/21 – Sun 11/22 closed · "
        "Mon 11/23 09:00–12:00 · 12:00–13:00 closed · 13:00–14:00 = 4 h\n"
        "Due: Mon 11/23 14:00"
    )


def test_a_make_up_saturday() -> None:
    lines = explain(made("3", "working_days", "2026-09-30 10:00")).lines
    assert [(line.day_words, line.counted) for line in lines if line.counted] == [
        ("Thu 10/8", "day 1"),
        ("Fri 10/9", "day 2"),
        ("Sat 10/10", "day 3"),
    ]
    assert lines[-1].words == "09:00–12:00 13:00–18:00 (make-up working day)"
    assert "National Day" in lines[1].words and lines[1].tone == "closed"


def test_a_pause() -> None:
    assert explain(made("8", "working_hours", "2026-11-23 10:00", SAMPLE)).text == (
        "From Mon 11/23 10:00: 8 working hours\n"
        "Mon 11/23 10:00–11:00 · 11:00–18:00 pause: sample at the factory = 1 h · "
        "Tue 11/24 09:00–15:00 pause: sample at the factory · 15:00–18:00 = 3 h · "
        "Wed 11/25 09:00–12:00 · 12:00–13:00 closed · 13:00–14:00 = 4 h\n"
        "Due: Wed 11/25 14:00"
    )


def test_a_pause_takes_whole_days_out_of_days() -> None:
    lines = explain(made("2", "days", "2026-11-23 10:00", SAMPLE)).lines
    assert [(line.day_words, line.tone, line.counted) for line in lines] == [
        ("Mon 11/23", "closed", ""),
        ("Tue 11/24", "paused", ""),
        ("Wed 11/25", "worked", "day 1"),
        ("Thu 11/26", "worked", "day 2"),
    ]


def test_a_standing_clock_names_its_review() -> None:
    standing = Pause(at("2026-11-23 11:00"), None, "customer abroad", at("2026-12-01 09:00"))
    shown = explain(made("2", "weeks", "2026-11-20 10:00", standing))
    assert shown.result == "The clock stands. To be looked at again: Tue 12/1 09:00"
    assert shown.lines[-1].words == "pause: customer abroad"


def test_own_days_are_named() -> None:
    day = at("2026-11-24 00:00").date()
    calendar = WorkCalendar(zone=ZONE, own=own_days([day]), notes={day: "stock-taking"})
    lines = explain(made("9", "working_hours", "2026-11-23 10:00", calendar=calendar)).lines
    assert [line.words for line in lines if line.first == day] == ["stock-taking"]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("1", "working_hours", "1 working hour"), ("0.5", "working_days", "0.5 working days"),
        ("0", "days", "the same day"), ("24", "hours", "24 hours by the clock"), ("1", "weeks", "1 week"),
        ("10", "day_of_month", "until day 10 of the next month"), ("0", "month_end", "until the end of the month"),
        ("1", "weekday", "until Mon"),
    ],
)  # fmt: skip
def test_the_rule_is_said_as_people_say_it(value: str, unit: str, words: str) -> None:
    found = number(value, unit).value
    assert found is not None and rule_words(unit, found) == words


def test_spans_are_said_shortly() -> None:
    spans = (
        timedelta(hours=5),
        timedelta(hours=2, minutes=30),
        timedelta(minutes=45),
        timedelta(0),
        timedelta(seconds=9),
    )
    assert [span_words(span) for span in spans] == ["5 h", "2 h 30 min", "45 min", "0 h", "9 s"]


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(moments, st.sampled_from(sorted(TIME_UNITS)), st.integers(1, 30), st.sampled_from(i18n.LANGUAGES))
def test_every_unit_is_explained_in_every_language(start: datetime, unit: str, count: int, code: str) -> None:
    i18n.set_language(code)
    pause = Pause(start + timedelta(hours=1), start + timedelta(hours=30), "x", start)
    result = due_number(number(str(count % 7 + 1 if unit == "weekday" else count), unit), start, CHINA, [pause])
    shown = explain(result)
    i18n.set_language("en")
    assert shown.rule and shown.result
    days = [line.first for line in shown.lines]
    assert days == sorted(days)


@given(moments, st.integers(1, 60))
def test_the_counted_hours_add_up(start: datetime, count: int) -> None:
    result = due_number(number(str(count), "working_hours"), start, CHINA)
    worked = sum((p.end - p.start for p in result.explanation if p.kind == "working"), timedelta())
    assert abs(worked - timedelta(hours=count)) <= timedelta(microseconds=1)
