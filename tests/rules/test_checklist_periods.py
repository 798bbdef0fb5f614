"""How often a list comes back, and until when the next one is due."""

from __future__ import annotations

from datetime import date

import pytest

from crmdesk.rules.checklist_periods import Period, last_day, period_of
from crmdesk.rules.policies import shipped


@pytest.mark.parametrize(
    ("clause", "wanted"),
    [("MAINT-07", Period(1, 1)), ("FAC-13", Period(3, 1)), ("FAC-01", None), ("NONE-1", None)],
)
def test_the_clause_of_a_list_says_how_often_it_comes_back(clause: str, wanted: Period | None) -> None:
    assert period_of(shipped().with_packs(("security", "property")), clause) == wanted


def test_a_quarter_and_a_week_have_their_bounds() -> None:
    assert Period(3, 1).bounds(date(2026, 11, 22)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert Period(0, 1).bounds(date(2026, 11, 22)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert Period(12, 1).bounds(date(2026, 11, 22)) == (date(2026, 1, 1), date(2026, 12, 31))


def test_the_next_one_is_due_at_the_end_of_its_period_and_a_missed_one_since() -> None:
    month, today = Period(1, 1), date(2026, 11, 22)
    assert last_day(month, [], today) == date(2026, 11, 30), "an office that begins"
    assert last_day(month, [date(2026, 11, 2)], today) is None
    assert last_day(month, [date(2026, 10, 2)], today) == date(2026, 11, 30)
    assert last_day(month, [date(2026, 8, 2)], today) == date(2026, 9, 30), "missed"
    assert last_day(Period(1, 2), [date(2026, 11, 2)], today) == date(2026, 11, 30), "one of two"
