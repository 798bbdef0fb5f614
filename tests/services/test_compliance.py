"""Compliance: every measured clause counts its cases on both engines, and opens exactly the records it counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import PermissionDenied, UserError
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.history import Event
from crmdesk.model.visit import Visit
from crmdesk.model.working_time import DeadlinePause
from crmdesk.rules.clauses import Number
from crmdesk.rules.deadlines import due_number
from crmdesk.rules.policies import shipped
from crmdesk.services.compliance import (
    MeasureMonth,
    clause_month,
    clauses_of_month,
    find_cases,
    get_compliance,
    is_measured,
    make_scope,
    natural,
    period_of,
    share_of,
    worst_first,
)
from crmdesk.services.compliance_measures import FIXED, measures_of
from crmdesk.services.compliance_scope import STEP_TIMES
from crmdesk.services.compliance_spans import id_spans
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.month import get_month
from crmdesk.services.month_report import freeze_month
from tests.helpers.office import Staff, count_queries
from tests.services.test_month import fill, local

MONTH = 2026, 11


def of(ctx: Context, key: str, month: tuple[int, int] = MONTH) -> tuple[int, int, int]:
    """Return kept, broken and open cases of a measure, and see that it opens just these."""
    return opened(ctx, next(row for row in get_compliance(ctx, *month) if row.key == key), month)


def opened(ctx: Context, row: MeasureMonth, month: tuple[int, int] = MONTH) -> tuple[int, int, int]:
    """Return kept, broken and open cases of a measure after seeing that it opens just these."""
    key = row.key
    verdicts = [case.kept for case in find_cases(ctx, key, *month)]
    found = verdicts.count(True), verdicts.count(False), verdicts.count(None)
    assert found == (row.kept, row.broken, row.open)
    assert verdicts == sorted(verdicts, key=[False, None, True].index), "broken ones first"
    return found


_numbers = iter(range(1, 10**6))


def add_complaint(ctx: Context, received: datetime, steps: Mapping[str, datetime] | None = None, **fields: Any) -> int:
    """Write a complaint with the steps it took."""
    with ctx.transaction("Add complaint") as session:
        return write_complaint(session, ctx, received, steps, **fields)


def write_complaint(
    session: Session, ctx: Context, received: datetime, steps: Mapping[str, datetime] | None = None, **fields: Any
) -> int:
    """Write a complaint inside a transaction and return its id."""
    complaint = Complaint(
        number=f"T{next(_numbers)}", complainant="x", title="斷扣", received_at=received,
        received_by_id=ctx.user.id or 0, created_at=received, **fields,
    )  # fmt: skip
    session.add(complaint)
    session.flush()
    for action, at in (steps or {}).items():
        session.add(
            Event(at=at, user_name="x", station="x", kind="complaint", record_id=complaint.id, action=action, title="x")
        )
    return complaint.id


def with_number(ctx: Context, clause_id: str, key: str, value: Any, unit: str = "") -> Context:
    """Return the office with another number in a clause, whatever its unit."""
    clause = ctx.policy.clause(clause_id)
    number = clause.number(key)
    changed = Number(key, value, unit or number.unit, number.type, number.label)
    clause = replace(clause, numbers=MappingProxyType({**clause.numbers, key: changed}))
    return replace(ctx, policy=replace(ctx.policy, clauses=MappingProxyType({**ctx.policy.clauses, clause_id: clause})))


@pytest.mark.clause("STAT-14")
def test_every_measure_opens_the_cases_it_counts(ctx: Context, staff: Staff) -> None:
    fill(ctx, staff)
    add_complaint(ctx, local(20), {"investigate": local(20, 12), "propose": local(20, 13)})
    with count_queries(ctx) as seen:
        rows = get_compliance(ctx, *MONTH)
    assert len(seen) <= 14
    assert {row.key for row in rows} == {*measures_of(ctx.policy), "report_by", "report"}
    assert sum(row.cases for row in rows) > 50
    for row in rows:
        assert min(row.cases, row.kept, row.open, row.broken) >= 0
        if row.desk != "month":
            opened(ctx, row)


def test_each_measure_names_a_clause_that_the_program_holds() -> None:
    keys = [measure.key for measure in FIXED]
    assert len(keys) == len(set(keys))
    everything = shipped().everything
    for measure in (*FIXED, *measures_of(shipped()).values()):
        assert measure.clause in everything and measure.rule.strip()
    assert {everything[measure.clause].held for measure in FIXED} <= {"enforced", "reminded", "computed", "printed"}


def test_records_entered_long_after_are_counted_all_the_same(ctx: Context, staff: Staff) -> None:
    """SQLite reads a month's records in a row where they lie so; one far off must neither be missed nor read to."""
    fill(ctx, staff)
    period = period_of(ctx, *MONTH)
    before = of(ctx, "manager_told"), of(ctx, "heard")
    with ctx.reading() as session:
        near = id_spans(session, {"c": (Complaint.received_at, period)})
    assert bool(near) is ctx.db.is_sqlite
    with ctx.transaction("Add complaint") as session:
        late = session.get(Complaint, write_complaint(session, ctx, local(20), clears={"heard": True}))
        assert late is not None
        session.execute(update(Complaint).where(Complaint.id == late.id).values(id=late.id + 100_000))
    with ctx.reading() as session:
        assert id_spans(session, {"c": (Complaint.received_at, period)}) == {}
    assert of(ctx, "manager_told") == before[0]
    assert of(ctx, "heard") == (before[1][0] + 1, *before[1][1:])


def test_an_empty_month_has_no_share(ctx: Context) -> None:
    rows = get_compliance(ctx, 2024, 2)
    assert [row.share for row in rows if row.desk != "month"] == [None] * (len(rows) - 2)
    found = clause_month(ctx, "CALL-07", (2024, 2))
    assert found is not None
    assert (found.cases, found.share, found.broken) == (0, None, 0)
    with pytest.raises(UserError):
        get_compliance(ctx, 2026, 13)


def test_shares_are_cut_so_that_one_breach_is_seen() -> None:
    assert share_of(99_999, 100_000) == Decimal("99.9")
    assert share_of(3, 3) == 100
    assert share_of(0, 0) is None


def test_the_worst_come_first_and_what_can_not_break_comes_late() -> None:
    def row(key: str, cases: int, kept: int, **more: Any) -> MeasureMonth:
        return MeasureMonth(key, f"CMP-{key}", "complaints", "x", cases, kept, **more)

    rows = [row("1", 0, 0), row("2", 4, 4, by_program=True), row("3", 4, 4), row("9", 4, 2), row("10", 4, 2),
            row("5", 4, 3)]  # fmt: skip
    assert [found.key for found in sorted(rows, key=worst_first)] == ["9", "10", "5", "3", "2", "1"]
    assert natural("CMP-9") < natural("CMP-10") < natural("RCPT-01")


def test_the_program_keeps_what_it_refuses(ctx: Context, staff: Staff) -> None:
    fill(ctx, staff)
    found = clause_month(ctx, "CMP-01")
    assert found is not None
    assert found.by_program and (found.cases, found.kept, found.broken, found.share) == (3, 3, 0, 100)


@pytest.mark.clause("RCPT-01")
def test_the_offices_own_number_counts(ctx: Context, staff: Staff) -> None:
    fill(ctx, staff)
    assert of(ctx, "greeted") == (2, 2, 0)
    assert of(with_number(ctx, "RCPT-01", "greet_seconds", 61), "greeted") == (3, 1, 0)


def test_a_guest_who_just_came_may_still_be_greeted(ctx: Context, clock: FixedClock) -> None:
    with ctx.transaction("Guest") as session:
        session.add(Visit(number="V1", visitor_name="x", arrived_at=clock.now(), created_at=clock.now()))
    clock.advance(timedelta(seconds=59))
    assert of(ctx, "greeted") == (0, 0, 1)
    clock.advance(timedelta(seconds=2))
    assert of(ctx, "greeted") == (0, 1, 0)


@pytest.mark.clause("CALL-11")
def test_a_promised_call_is_open_until_it_is_due(ctx: Context, clock: FixedClock) -> None:
    now = clock.now()
    with ctx.transaction("Calls") as session:
        for number, (promised, done) in enumerate(
            [
                (now - timedelta(hours=1), now - timedelta(hours=2)),
                (now - timedelta(hours=1), now - timedelta(minutes=59)),
                (now - timedelta(hours=1), None),
                (now + timedelta(hours=1), None),
                (None, None),
            ]
        ):
            session.add(
                Call(
                    number=f"C{number}", started_at=now - timedelta(hours=3), answered_by_id=ctx.user.id or 0,
                    state="done", callback_at=promised, callback_done_at=done, created_at=now,
                )
            )  # fmt: skip
    assert of(ctx, "called_back") == (1, 2, 1)


@pytest.mark.clause("CMP-71")
def test_the_plan_is_due_after_a_day(ctx: Context, clock: FixedClock) -> None:
    add_complaint(ctx, local(10), {"investigate": local(10, 12), "propose": local(11, 18)})
    add_complaint(ctx, local(10), {"propose": local(11, 19)})
    add_complaint(ctx, local(10), {"not_upheld": local(10, 11)}, closed_at=local(10, 12), state="closed")
    add_complaint(ctx, local(10))
    add_complaint(ctx, clock.now() - timedelta(hours=20))
    add_complaint(ctx, local(10), closed_at=local(12), state="closed")  # taken over: its steps are not known
    assert of(ctx, "answered") == (2, 2, 1)


@pytest.mark.clause("CMP-71")
def test_a_clock_that_stood_makes_the_plan_due_later(ctx: Context, staff: Staff) -> None:
    late = {"propose": local(14, 12)}
    ids = [add_complaint(ctx, local(10), late), add_complaint(ctx, local(10), late), add_complaint(ctx, local(10))]
    assert of(ctx, "answered") == (0, 3, 0)
    with ctx.transaction("Pause") as session:
        for record_id, ended in ((ids[0], local(14)), (ids[2], None)):
            session.add(
                DeadlinePause(
                    kind="complaint", record_id=record_id, name="x", started_at=local(10, 12), ended_at=ended,
                    reason="等樣品", review_at=local(28), by="x",
                )
            )  # fmt: skip
    assert of(ctx, "answered") == (1, 1, 1), "one stood four days, one stands still and is looked at on the 28th"


@pytest.mark.clause("CB-01", "CMP-72")
def test_the_customer_is_phoned_on_the_day_of_completion(ctx: Context, clock: FixedClock) -> None:
    done = {"carry_out": local(10, 15), "tell": local(10, 16)}
    add_complaint(ctx, local(9), done | {"call_back": local(10, 17)})
    add_complaint(ctx, local(9), done | {"call_back": local(11, 10)})
    add_complaint(ctx, local(9), done)
    add_complaint(ctx, local(9), {"carry_out": clock.now() - timedelta(minutes=5)})
    add_complaint(ctx, local(9), {"call_back": local(9, 12), "carry_out": local(10, 15)})  # reopened, done again
    add_complaint(ctx, local(9))
    assert of(ctx, "called_after") == (1, 3, 1)
    assert of(ctx, "called_after_cb") == (1, 3, 1)
    found = clause_month(ctx, "CMP-72")
    assert found is not None
    assert {measure.key for measure in found.measures} == {"complaints_in_time", "called_after"}
    assert found.cases == sum(measure.cases for measure in found.measures)


@pytest.mark.clause("CMP-30")
def test_the_report_is_due_after_the_investigation(ctx: Context) -> None:
    add_complaint(ctx, local(2), {"investigate": local(3), "propose": local(6)})
    add_complaint(ctx, local(2), {"investigate": local(3), "propose": local(7)})
    add_complaint(ctx, local(2), {"propose": local(7)})  # not investigated: nothing to report on
    assert of(ctx, "reported") == (1, 1, 0)


@pytest.mark.clause("CMP-72")
def test_an_open_complaint_is_broken_once_it_is_over(ctx: Context, clock: FixedClock) -> None:
    add_complaint(ctx, local(2), closed_at=local(4), was_due_at=local(9), state="closed")
    add_complaint(ctx, local(2), closed_at=local(10), was_due_at=local(9), state="closed")
    add_complaint(ctx, local(2))
    add_complaint(ctx, clock.now() - timedelta(days=2))
    assert of(ctx, "complaints_in_time") == (1, 2, 1)
    clock.advance(timedelta(days=7))
    assert of(ctx, "complaints_in_time") == (1, 3, 0)
    assert get_month(ctx, *MONTH).figures["complaints_in_time"].value == Decimal("25.0"), "the month says the same"


LIMITS: tuple[tuple[Decimal | int, str], ...] = (
    (30, "minutes"), (Decimal(2), "hours"), (Decimal(0), "days"), (Decimal("0.5"), "days"), (1, "weeks"),
    (Decimal("3.5"), "working_hours"), (Decimal(2), "working_days"), (Decimal("0.5"), "working_days"),
)  # fmt: skip


@pytest.mark.parametrize(("value", "unit"), LIMITS)
def test_the_database_compares_as_the_rules_do(ctx: Context, value: Decimal | int, unit: str) -> None:
    hours = ("09:00-12:00 13:00-18:00",) * 5 + ("", "")
    ctx = replace(ctx, office=replace(ctx.office, hours=hours))
    ctx = with_number(ctx, "CMP-71", "agree_days", value, unit)
    number, calendar, chance = ctx.policy.clause("CMP-71").number("agree_days"), calendar_of(ctx), Random(71)
    expected: dict[int, bool] = {}
    with ctx.transaction("Fill") as session:
        for _place in range(40):
            received = datetime(2026, 10, 31, 16, tzinfo=UTC) + timedelta(seconds=chance.randrange(20 * 86_400))
            due = due_number(number, received, calendar).at
            for done in (due, due + timedelta(seconds=1)):
                expected[write_complaint(session, ctx, received, {"propose": done})] = done <= due
    with ctx.reading() as session:
        period = period_of(ctx, *MONTH)
        scope = make_scope(session, ctx, period, ())
        in_time = scope.in_time("CMP-71", "agree_days", "received", STEP_TIMES.c.answered)
        query = select(Complaint.id, in_time).outerjoin(STEP_TIMES, STEP_TIMES.c.record_id == Complaint.id)
        rows = session.execute(query, {"first": period.start, "last": period.end})
        assert {record_id: bool(kept) for record_id, kept in rows} == expected


def test_a_number_nobody_has_set_is_shown_as_such(ctx: Context, staff: Staff) -> None:
    fill(ctx, staff)
    lost = with_number(ctx, "RCPT-01", "greet_seconds", None)
    row = next(row for row in get_compliance(lost, *MONTH) if row.key == "greeted")
    assert row.unset and (row.cases, row.share) == (0, None)
    assert get_month(lost, *MONTH).figures["greeted"].value is None
    assert any(row.cases for row in get_compliance(lost, *MONTH) if row.desk == "reception")


def test_an_office_is_measured_by_its_own_packs(ctx: Context, staff: Staff) -> None:
    fill(ctx, staff)
    factory = replace(ctx, policy=ctx.policy.with_packs(("factory",)))
    rows = get_compliance(factory, *MONTH)
    assert rows and all(row.clause in factory.policy for row in rows)
    assert not is_measured(factory, "CALL-01") and clause_month(factory, "CALL-01") is None
    figures = get_month(factory, *MONTH).figures
    assert (figures["late_calls"].value, figures["greeted"].value, figures["calls"].value) == (None, None, 3)


def test_only_who_may_sees_how_clauses_were_kept(ctx: Context, staff: Staff) -> None:
    mei = ctx.acting_as(staff.mei)
    with pytest.raises(PermissionDenied):
        get_compliance(mei, *MONTH)
    with pytest.raises(PermissionDenied):
        find_cases(mei, "greeted", *MONTH)
    assert clause_month(mei, "RCPT-01") is None


def test_a_clause_no_record_proves_has_no_month(ctx: Context) -> None:
    assert clause_month(ctx, "CALL-04") is None
    with count_queries(ctx) as seen:
        assert clause_month(ctx, "CALL-07") is not None
    assert len(seen) <= 2
    found = clauses_of_month(ctx, *MONTH)
    assert found["CMP-72"].clause == "CMP-72" and "CALL-04" not in found


@pytest.mark.clause("STAT-01", "STAT-02")
def test_the_months_own_report_is_due_by_its_day(ctx: Context, clock: FixedClock) -> None:
    def papers() -> dict[str, tuple[int, int, int]]:
        rows = get_compliance(ctx, *MONTH)
        return {row.clause: (row.kept, row.broken, row.open) for row in rows if row.desk == "month"}

    assert papers() == {"STAT-01": (0, 0, 0), "STAT-02": (0, 0, 0)}, "the month is not over"
    clock.advance(timedelta(days=10))
    assert papers() == {"STAT-01": (0, 0, 1), "STAT-02": (0, 0, 1)}
    clock.advance(timedelta(days=10))
    assert papers()["STAT-01"] == (0, 1, 0), "the 10th is over"
    freeze_month(ctx, *MONTH)
    assert papers() == {"STAT-01": (0, 1, 0), "STAT-02": (1, 0, 0)}


@pytest.mark.clause("STAT-01")
def test_a_report_by_its_day_is_kept(ctx: Context, clock: FixedClock) -> None:
    clock.advance(timedelta(days=12))
    freeze_month(ctx, *MONTH)
    found = clause_month(ctx, "STAT-01", MONTH)
    assert found is not None
    assert (found.kept, found.cases) == (1, 1)
