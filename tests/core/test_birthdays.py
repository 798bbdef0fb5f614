"""Birthdays by the sun and by the moon: read, kept, and the day they come round on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.core import birthdays
from crmdesk.core.birthdays import Birthday, BirthdayError, keys_of_day, lunar_day, next_occurrence, shown, stored

TYPED = (
    ("05-12", "05-12"),
    ("5/12", "05-12"),
    ("3/8", "03-08"),
    ("3月8日", "03-08"),
    ("五月十二", "05-12"),
    ("0512", "05-12"),
    ("1980-05-12", "1980-05-12"),
    ("1980.3.8", "1980-03-08"),
    ("１９８０／３／８", "1980-03-08"),
    ("1980年3月8日", "1980-03-08"),
    ("19800308", "1980-03-08"),
    ("民國69年3月8日", "1980-03-08"),
    ("69/3/8", "1980-03-08"),
    ("690308", "1980-03-08"),
    ("國曆 3/8", "03-08"),
    ("2000-02-29", "2000-02-29"),
    ("2/29", "02-29"),
    ("lunar 08-15", "lunar 08-15"),
    ("Lunar 8/15", "lunar 08-15"),
    ("農曆八月十五", "lunar 08-15"),
    ("农历8-15", "lunar 08-15"),
    ("8月15日（農曆）", "lunar 08-15"),
    ("正月初一", "lunar 01-01"),
    ("農曆正月初十", "lunar 01-10"),
    ("臘月廿三", "lunar 12-23"),
    ("阴历腊月三十", "lunar 12-30"),
    ("農曆十一月卅", "lunar 11-30"),
    ("農曆1980年八月十五", "lunar 1980-08-15"),
    ("一九八〇年农历八月十五", "lunar 1980-08-15"),
    ("農曆1987年閏六月初九", "lunar 1987-闰06-09"),
    ("lunar 1987-闰6-9", "lunar 1987-闰06-09"),
    ("lunar 1987-闰06-09", "lunar 1987-闰06-09"),
    ("農曆閏四月三十", "lunar 闰04-30"),
    ("", ""),
    ("  ", ""),
)
REFUSED = ("13/8", "2/30", "2001-02-29", "農曆8/31", "somewhen", "8", "0", "1980", "農曆", "1700-01-01", "0/0", "🎂",
           "5/12 5/12", "農曆1990年閏四月初一", "農曆2025年正月三十x", "農曆2026年正月三十一", "5" * 40)  # fmt: skip


@pytest.mark.parametrize(("typed", "text"), TYPED)
def test_is_read_as_typed_and_kept_in_one_way(typed: str, text: str) -> None:
    assert stored(typed) == text
    assert stored(text) == text


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_birthday_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(BirthdayError) as caught:
        stored(typed)
    assert caught.value.message.endswith(".")


def test_a_month_the_lunar_year_does_not_have_is_refused_when_typed_but_read_when_kept() -> None:
    with pytest.raises(BirthdayError, match="1990 has no leap month 4"):
        stored("農曆1990年閏四月初一")
    with pytest.raises(BirthdayError, match="only 29 days"):
        stored("lunar 2025-02-30")
    assert next_occurrence("lunar 1990-闰04-30", date(2026, 1, 1)) == date(2026, 6, 14)  # the 29th of a short month


def test_two_digits_of_a_year_are_read_as_the_country_writes_them() -> None:
    assert stored("80.3.8", "TW") == "1991-03-08"
    assert stored("80.3.8", "CN") == "1980-03-08"
    assert stored("05.3.8", "CN") == "2005-03-08"


COMES_ROUND = (
    ("05-12", date(2026, 5, 12), date(2026, 5, 12)),
    ("1980-05-12", date(2026, 5, 13), date(2027, 5, 12)),
    ("02-29", date(2026, 1, 1), date(2026, 2, 28)),
    ("02-29", date(2028, 1, 1), date(2028, 2, 29)),
    ("lunar 08-15", date(2026, 1, 1), date(2026, 9, 25)),  # Mid-Autumn Festivals, from the calendars of the state
    ("lunar 08-15", date(2026, 9, 26), date(2027, 9, 15)),
    ("lunar 01-01", date(2026, 1, 1), date(2026, 2, 17)),  # New Year
    ("lunar 12-30", date(2026, 1, 1), date(2026, 2, 16)),  # New Year's Eve is the 29th that year
    ("lunar 闰06-09", date(2025, 1, 1), date(2025, 8, 2)),  # 2025 has a leap month 6
    ("lunar 闰06-09", date(2026, 1, 1), date(2026, 7, 22)),  # 2026 has none: the ordinary month
    ("lunar 06-09", date(2025, 1, 1), date(2025, 7, 3)),
    ("", date(2026, 1, 1), None),
    ("in spring", date(2026, 1, 1), None),
)


@pytest.mark.parametrize(("text", "today", "comes"), COMES_ROUND)
def test_comes_round_on_the_day_of_its_calendar(text: str, today: date, comes: date | None) -> None:
    assert next_occurrence(text, today) == comes


def test_is_shown_as_people_read_it() -> None:
    assert shown("lunar 08-15", "zh_TW") == "農曆八月十五"
    assert shown("lunar 1987-闰12-23", "zh_CN") == "农历1987年闰腊月廿三"
    assert shown("lunar 08-15", "en") == "lunar 8/15"
    assert shown("lunar 1987-闰06-09", "en") == "lunar 1987/leap 6/9"
    assert shown("05-12", "en") == "5/12"
    assert shown("1980-05-12", "zh_TW") == "1980-05-12"
    assert shown("in spring", "en") == "in spring"


def test_counts_the_years() -> None:
    moon = birthdays.read_birthday("lunar 1980-12-20")
    assert moon.age_on(moon.next(date(2026, 1, 1))) == 45  # February 2026 is still the lunar year 2025
    assert birthdays.read_birthday("05-12").age_on(date(2026, 5, 12)) is None


_BIRTHDAYS = st.one_of(
    st.builds(
        Birthday, st.integers(1, 12), st.integers(1, 30), st.none() | st.integers(1900, 2090), st.just(True),
        st.booleans(),
    ),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(lambda d: Birthday(d.month, d.day, d.year)),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_BIRTHDAYS, st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_the_day_it_is_kept_on_is_found_by_its_key_and_the_day_before_is_not(birthday: Birthday, today: date) -> None:
    comes = birthday.next(today)
    assert today <= comes <= today + timedelta(days=385)
    assert birthday.key in keys_of_day(comes)
    assert birthday.key not in keys_of_day(comes - timedelta(days=1)) or comes == today
    assert birthdays.kept(birthday.text) == birthday
    assert {birthdays.kept(birthday.words(code)) for code in ("en", "zh_TW", "zh_CN")} == {birthday}


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2035, 12, 31)))
def test_a_day_read_by_the_moon_comes_back_to_itself(day: date) -> None:
    moon = lunar_day(day)
    assert moon.in_year(moon.year or 0) == day


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        kept = stored(text)
    except BirthdayError:
        return
    assert stored(kept) == kept
