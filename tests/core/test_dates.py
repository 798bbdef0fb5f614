"""Days as they are typed and shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core import i18n
from crmdesk.core.dates import (
    DayError,
    add_months,
    due_words,
    format_day,
    format_day_roc,
    format_day_short,
    format_day_weekday,
    format_moment,
    month_name,
    parse_day,
    relative_day,
    roc_year,
)

TODAY = date(2026, 11, 22)  # a Sunday
OFFICE = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("d", "2026-11-22"),
        ("今天", "2026-11-22"),
        ("明天", "2026-11-23"),
        ("後天", "2026-11-24"),
        ("后天", "2026-11-24"),
        ("昨天", "2026-11-21"),
        ("tomorrow", "2026-11-23"),
        ("+3", "2026-11-25"),
        ("＋３", "2026-11-25"),
        ("-1", "2026-11-21"),
        ("+2w", "2026-12-06"),
        ("+1m", "2026-12-22"),
        ("月底", "2026-11-30"),
        ("週五", "2026-11-27"),
        ("周五", "2026-11-27"),
        ("星期5", "2026-11-27"),
        ("禮拜天", "2026-11-29"),
        ("fri", "2026-11-27"),
        ("Friday", "2026-11-27"),
        ("sun", "2026-11-29"),  # today is "d"
        ("下週一", "2026-11-23"),
        ("上週五", "2026-11-13"),
        ("next fri", "2026-11-27"),
        ("1122", "2026-11-22"),
        ("11/22", "2026-11-22"),
        ("11-22", "2026-11-22"),
        ("11月22日", "2026-11-22"),
        ("1/5", "2027-01-05"),  # nearest year
        ("2026-11-22", "2026-11-22"),
        ("2026/1/2", "2026-01-02"),
        ("２０２６／１１／２２", "2026-11-22"),
        ("20261122", "2026-11-22"),
        ("2026年11月22日", "2026-11-22"),
        ("115/11/22", "2026-11-22"),
        ("115.11.22", "2026-11-22"),
        ("1151122", "2026-11-22"),
        ("民國115年11月22日", "2026-11-22"),
        ("26/11/22", "2026-11-22"),
        ("99/1/5", "2010-01-05"),
    ],
)
def test_typed_days(text: str, expected: str) -> None:
    assert parse_day(text, TODAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text", ["", "abc", "2/30", "1300", "0230", "2026-13-01", "9999999", "+99999", "週八", "٣/٤", "11/"]
)
def test_other_texts_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(DayError) as caught:
        parse_day(text, TODAY)
    assert caught.value.message


def test_leap_day_and_month_ends() -> None:
    assert parse_day("2/29", date(2027, 12, 1)) == date(2028, 2, 29)
    assert parse_day("12/30", date(2027, 1, 3)) == date(2026, 12, 30)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), -11) == date(2025, 2, 28)


def test_shown_days() -> None:
    assert format_day(TODAY) == "2026-11-22"
    assert format_day_short(TODAY) == "11/22"
    assert format_day_weekday(TODAY, "zh_TW") == "2026-11-22（日）"
    assert format_day_weekday(date(2026, 11, 23), "zh_CN") == "2026-11-23（一）"
    assert format_day_weekday(TODAY, "en") == "2026-11-22 (Sun)"
    assert format_day_roc(TODAY) == "民國115年11月22日"
    assert roc_year(TODAY) == 115
    assert format_moment(datetime(2026, 11, 22, 9, 5, tzinfo=OFFICE)) == "2026-11-22 09:05"
    assert month_name(2026, 11, "zh_TW") == "2026年11月"
    assert month_name(2026, 11, "en") == "November 2026"


def test_near_days_have_names() -> None:
    with i18n.using("en"):
        assert relative_day(TODAY, TODAY) == "today"
        assert relative_day(TODAY - timedelta(days=1), TODAY) == "yesterday"
        assert relative_day(TODAY + timedelta(days=1), TODAY) == "tomorrow"
        assert relative_day(date(2026, 11, 30), TODAY) == "11/30"
        assert relative_day(date(2025, 11, 30), TODAY) == "2025-11-30"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (25, "25 minutes left"),
        (1, "1 minute left"),
        (0, "due now"),
        (-1, "1 minute late"),
        (-59, "59 minutes late"),
        (180, "until 13:00"),
        (24 * 60, "until tomorrow 10:00"),
        (9 * 24 * 60, "until 12/1 10:00"),
        (-120, "late since 08:00"),
        (-17 * 60, "late since yesterday 17:00"),
    ],
)
def test_due_in_words(minutes: int, expected: str) -> None:
    now = datetime(2026, 11, 22, 10, 0, tzinfo=OFFICE)
    with i18n.using("en"):
        assert due_words(now + timedelta(minutes=minutes), now) == expected


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_can_be_typed_as_it_is_shown(day: date) -> None:
    for shown in (format_day(day), format_day_roc(day), format_day(day).replace("-", "")):
        assert parse_day(shown, TODAY) == day
    assert parse_day(format_day_short(day), day) == day
    assert parse_day(f"{day:%m%d}", day + timedelta(days=100)) == day


@given(st.text(max_size=20) | st.from_regex(r"[-+0-9/.dwm週年月日]{0,12}", fullmatch=True))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        assert isinstance(parse_day(text, TODAY), date)
    except DayError as error:
        assert error.message  # noqa: PT017 - both outcomes are right, each with its own promise
