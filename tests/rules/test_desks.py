"""The small rules of each desk: rings, greeting, scans, repair window, complaint numbers, the till."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.errors import UserError
from crmdesk.rules import calls, complaints, packing, repairs, sales, visits
from crmdesk.rules.numbers import digits_of, series_for
from crmdesk.rules.packing import PackLine, judge_scan
from crmdesk.rules.policies import Policy, load_default
from crmdesk.rules.worktime import WorkCalendar

ZONE = ZoneInfo("Asia/Taipei")
CALENDAR = WorkCalendar(zone=ZONE)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_default()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.clause("CALL-01")
@pytest.mark.parametrize(("rings", "late"), [(0, False), (2, False), (4, False), (5, True), (9, True)])
def test_five_rings_are_late(policy: Policy, rings: int, late: bool) -> None:
    assert calls.is_late(rings, policy) is late


@pytest.mark.clause("CALL-14")
def test_the_more_urgent_is_called_back_first() -> None:
    now = at("2026-11-23 10:00")
    suggested = [calls.suggest_callback(urgency, now, CALENDAR) for urgency in calls.URGENCIES]
    assert suggested == sorted(suggested) and len(set(suggested)) == len(suggested)
    assert suggested[0] == at("2026-11-23 18:00") and suggested[1] == at("2026-11-24 18:00")
    assert sorted(calls.URGENCIES, key=calls.urgency_order) == list(calls.URGENCIES)
    assert calls.urgency_order("?") == calls.urgency_order("normal")
    assert all(CALENDAR.is_working_day(CALENDAR.local_day(moment)) for moment in suggested)


@pytest.mark.clause("RCPT-01")
def test_a_guest_is_greeted_within_one_minute(policy: Policy) -> None:
    arrived = at("2026-11-23 10:00")
    assert visits.greet_by(arrived, policy) == at("2026-11-23 10:01")
    assert visits.greeted_in_time(arrived, arrived + timedelta(seconds=60), policy)
    assert not visits.greeted_in_time(arrived, arrived + timedelta(seconds=61), policy)
    slower = policy.with_overrides({("RCPT-01", "greet_seconds"): 90})
    assert visits.greeted_in_time(arrived, arrived + timedelta(seconds=61), slower)


@pytest.mark.clause("PACK-03")
@pytest.mark.parametrize(
    ("code", "quantity", "verdict", "line"),
    [
        ("A1", 1, "ok", 0),
        (" a1 ", 1, "ok", 0),
        ("B2", 1, "ok", 3),  # the first line of this code is full
        ("B2", 3, "too_many", 1),
        ("C3", 1, "crossed", 2),
        ("Z9", 1, "wrong", None),
        ("", 1, "wrong", None),
    ],
)
def test_scans(code: str, quantity: int, verdict: str, line: int | None) -> None:
    lines = [PackLine("A1", 2), PackLine("B2", 1, 1), PackLine("C3", 1, crossed=True), PackLine("B2", 2)]
    result = judge_scan(code, lines, quantity)
    assert (result.verdict, result.line) == (verdict, line)
    assert result.stops == (verdict != "ok")
    assert not result.stops or result.verdict in packing.SCAN_SENTENCES


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 4)), max_size=6), st.lists(st.sampled_from("ABCD")))
def test_never_more_is_packed_than_the_slip_says(slip: list[tuple[str, int]], scans: list[str]) -> None:
    lines = [PackLine(code, quantity) for code, quantity in slip]
    for code in scans:
        result = judge_scan(code, lines)
        if result.verdict == "ok":
            assert result.line is not None
            line = lines[result.line]
            lines[result.line] = PackLine(line.code, line.quantity, line.packed + 1)
    for code in "ABC":
        wanted = sum(line.quantity for line in lines if line.code == code)
        assert sum(line.packed for line in lines if line.code == code) == min(wanted, scans.count(code))


@pytest.mark.clause("PACK-01")
def test_the_checklist_follows_whether_the_customer_is_present() -> None:
    present, absent = packing.checklist(True), packing.checklist(False)
    assert {tick.clause for tick in present} == {"PACK-02", "PACK-05", "PACK-06", "PACK-07", "PACK-08"}
    assert {tick.clause for tick in absent} == {"PACK-02", "PACK-05", "PACK-13", "PACK-14"}


@pytest.mark.clause("REP-03")
@pytest.mark.parametrize(
    ("material", "thai"),
    [
        ("泰銀", True),
        ("泰银 925", True),
        ("泰 銀", True),
        ("Thai-Silver", True),
        ("ＴＨＡＩ silver", True),
        ("925 silver", False),
        ("泰國珠、純銀", False),
        ("", False),
    ],
)
def test_thai_silver_is_known_in_any_writing(material: str, thai: bool) -> None:
    assert repairs.is_thai_silver(material) is thai


@pytest.mark.clause("REP-02")
def test_the_return_window_is_one_to_six_months(policy: Policy) -> None:
    assert repairs.return_window(date(2026, 8, 31), policy) == (date(2026, 9, 30), date(2027, 2, 28))
    assert not repairs.is_late(date(2026, 8, 31), date(2027, 2, 28), policy)
    assert repairs.is_late(date(2026, 8, 31), date(2027, 3, 1), policy)


@pytest.mark.clause("CMP-24")
def test_complaint_numbers_are_year_month_serial(policy: Policy) -> None:
    series = series_for(policy, "complaint")
    digits = digits_of(policy, series)
    assert series.write(date(2026, 11, 22), 7, digits) == "2611-07"
    assert series.write(date(2027, 1, 1), 112, digits) == "2701-112"
    assert series.period_of(date(2026, 11, 30)) != series.period_of(date(2026, 12, 1))


@pytest.mark.clause("CMP-16")
@pytest.mark.parametrize(
    ("affected", "emergency", "severity"),
    [
        (1, False, "general"),
        (2, False, "general"),
        (3, False, "major"),
        (1, True, "major"),
    ],
)
def test_three_customers_make_it_major(policy: Policy, affected: int, emergency: bool, severity: str) -> None:
    assert complaints.severity_of(affected, policy, emergency=emergency) == severity


@pytest.mark.clause("CMP-72")
def test_a_complaint_is_finished_within_a_week_and_called_back_the_same_day(policy: Policy) -> None:
    received = at("2026-11-23 10:00")
    assert complaints.finish_due(received, CALENDAR, policy).at == at("2026-11-30 18:00")
    assert complaints.callback_due(received, CALENDAR, policy).at == at("2026-11-23 18:00")


@pytest.mark.clause("CMP-71")
def test_liability_and_plan_stand_within_a_day(policy: Policy) -> None:
    assert complaints.first_reply_due(at("2026-11-23 10:00"), CALENDAR, policy).at == at("2026-11-24 18:00")


@pytest.mark.clause("CMP-11")
def test_nothing_is_promised_before_the_facts_are_clear() -> None:
    with pytest.raises(UserError) as refused:
        complaints.check_promise("investigating", "a new ring")
    assert refused.value.clause == "CMP-11"
    complaints.check_promise("proposed", "a new ring")
    complaints.check_promise("investigating", " ")


@pytest.mark.clause("SET-07")
def test_change(policy: Policy) -> None:
    assert sales.change_due(Decimal(50000), Decimal(49900)) == 100
    with pytest.raises(UserError) as refused:
        sales.change_due(Decimal(100), Decimal(101))
    assert refused.value.clause == "SET-07"


@given(st.decimals(0, 100000, places=2), st.decimals(0, 100000, places=2))
def test_amount_and_change_are_what_was_received(amount: Decimal, more: Decimal) -> None:
    assert amount + sales.change_due(amount + more, amount) == amount + more


def test_remittance_is_goods_balance_and_freight() -> None:
    assert sales.remittance(Decimal(1000), Decimal(-200), Decimal(60)) == 860


class _Chinese(NullTranslations):
    def gettext(self, message: str) -> str:
        return "收您{received}元，找您{change}元。" if "change" in message else "收您{received}元，剛好，謝謝。"


@pytest.mark.clause("SET-07")
def test_the_sentence_at_the_till(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sales.cash_sentence(Decimal(50000), Decimal(100), "TWD", "en") == "Received 50,000, your change is 100."
    assert "exactly" in sales.cash_sentence(Decimal(100), Decimal(0), "TWD", "en")
    monkeypatch.setattr(sales, "translator", lambda code: _Chinese())
    assert sales.cash_sentence(Decimal(50000), Decimal(100), "TWD", "zh_TW") == "收您五萬元，找您一百元。"


def test_times_are_aware(policy: Policy) -> None:
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert calls.suggest_callback("urgent", now, CALENDAR).tzinfo is UTC
    assert complaints.finish_due(now, CALENDAR, policy).at.tzinfo is UTC
