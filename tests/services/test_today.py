"""The Today board: each duty comes and goes with its record, counts, rights, snoozing, handing on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.model.archive import Care, Follow
from crmdesk.model.call import Call, Matter, MissedCall
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.packing import Packing, PackingReturn
from crmdesk.model.paper import Paper, PrintJob
from crmdesk.model.repair import Repair
from crmdesk.model.sale import Sale, SaleLine
from crmdesk.model.today import Snooze
from crmdesk.model.visit import Visit
from crmdesk.model.working_time import DeadlinePause
from crmdesk.rules.rights import Right
from crmdesk.services import today_query
from crmdesk.services.context import Context, User
from crmdesk.services.counts import DeskCount, count_desks
from crmdesk.services.duty_rows import DUTIES
from crmdesk.services.office import load_policy
from crmdesk.services.records import find_story
from crmdesk.services.today import Board, Task, due_of, find_colleagues, find_last_said, get_board
from crmdesk.services.today_steps import hand_on, snooze, until_of, wake
from tests.helpers.office import Staff, count_queries

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Fill:
    """Writes records as a desk would leave them, and changes them as a desk would settle them."""

    def __init__(self, ctx: Context) -> None:
        self.ctx, self.now, self.number = ctx, ctx.clock.now(), 0
        with ctx.transaction("Fill") as session:
            customer = Customer(code="C1", name="陳李美鳳", created_at=self.now)
            session.add(customer)
        self.customer = customer.id
        self.me = ctx.user.id or 0

    def add(self, model: Any, **values: Any) -> int:
        self.number += 1
        common: dict[str, Any] = {"created_at": self.now, "number": f"N{self.number}"}
        for name in ("created_at", "number"):
            if not hasattr(model, name):
                common.pop(name)
        with self.ctx.transaction("Fill") as session:
            row = model(**(common | values))
            session.add(row)
        return int(row.id)

    def change(self, model: Any, row_id: int, **values: Any) -> None:
        with self.ctx.transaction("Settle") as session:
            row = session.get(model, row_id)
            for name, value in values.items():
                setattr(row, name, value)

    def call(self, **values: Any) -> int:
        return self.add(Call, **{"started_at": self.now, "answered_by_id": self.me, "state": "done"} | values)

    def case(self, **values: Any) -> int:
        common = {
            "complainant": "吳志豪", "title": "斷扣", "received_at": self.now, "received_by_id": self.me,
            "handler_id": self.me, "state": "assigned", "stage_at": self.now, "next_reply_at": self.now + 30 * DAY,
        }  # fmt: skip
        return self.add(Complaint, **common | values)

    def visit(self, **values: Any) -> int:
        return self.add(Visit, **{"visitor_name": "林金珠", "arrived_at": self.now} | values)

    def repair(self, **values: Any) -> int:
        common = {
            "customer_id": self.customer, "received_at": self.now, "received_by_id": self.me, "item_name": "手鐲",
            "part": "扣頭",
        }  # fmt: skip
        return self.add(Repair, **common | values)

    def slip(self, **values: Any) -> int:
        common = {
            "customer_id": self.customer, "clerk_id": self.me, "opened_at": self.now, "printed_at": self.now,
            "currency": "TWD", "state": "printed",
        }  # fmt: skip
        sale = self.add(Sale, **common | values)
        self.add(SaleLine, sale_id=sale, position=1, code="SB", name="x", quantity=1, price=1, amount=1)
        return sale

    def packing(self, **values: Any) -> int:
        common = {
            "sale_id": self.slip(), "customer_id": self.customer, "counter_id": self.me, "started_at": self.now,
        }  # fmt: skip
        return self.add(Packing, **common | values)

    def returned(self) -> int:
        packing = self.packing()
        with self.ctx.reading() as session:
            line = session.query(SaleLine.id).order_by(SaleLine.id.desc()).limit(1).scalar()
        self.add(PackingReturn, packing_id=packing, line_id=line, quantity=1, reason="faulty", at=self.now,
                 by_id=self.me)  # fmt: skip
        return packing

    def pause(self, kind: str) -> int:
        record = self.case() if kind == "complaint" else self.repair()
        return self.add(DeadlinePause, kind=kind, record_id=record, name="N", started_at=self.now, reason="waits",
                        review_at=self.now + HOUR, by_id=self.me, by="林經理")  # fmt: skip

    def care(self, kind: str, **values: Any) -> int:
        return self.add(Care, customer_id=self.customer, kind=kind, text="x", noted_at=self.now, noted_by_id=self.me,
                        **values)  # fmt: skip

    def matter(self, **values: Any) -> int:
        common = {
            "call_id": self.call(), "customer_id": self.customer, "position": 1, "text": "補貨", "owner_id": self.me,
            "first_id": self.me, "accepted_at": self.now,
        }  # fmt: skip
        return self.add(Matter, **common | values)

    def job(self) -> int:
        paper = self.add(Paper, kind="sales_slip", number="S1", bare="S1", record_kind="sale", record_id=self.slip(),
                         language="en", document="{}", made_at=self.now, made_by="x")  # fmt: skip
        return self.add(PrintJob, paper_id=paper, asked_at=self.now, asked_by="x", station=self.ctx.station)


@pytest.fixture
def fill(ctx: Context) -> Fill:
    return Fill(ctx)


def of(board: Board, duty: str) -> list[Task]:
    return [task for task in board.tasks if task.duty == duty]


Make = Callable[[Fill], int]
CASES: dict[str, tuple[Make, Any, dict[str, Any]]] = {
    "call_back": (lambda f: f.call(callback_at=f.now + HOUR), Call, {"callback_done_at": "now"}),
    "call_escalated": (lambda f: f.call(state="escalated", escalated_to_id=f.me), Call, {"state": "instructed"}),
    "call_instructed": (lambda f: f.call(state="instructed"), Call, {"state": "done"}),
    "call_draft": (lambda f: f.call(state="draft"), Call, {"state": "done"}),
    "visit_greet": (lambda f: f.visit(state="waiting"), Visit, {"state": "greeted"}),
    "visit_booked": (
        lambda f: f.visit(state="booked", arrived_at=None, appointment_at=f.now + HOUR), Visit, {"state": "waiting"}
    ),
    "pack_waiting": (lambda f: f.slip(), Sale, {"state": "void"}),
    "pack_begun": (lambda f: f.packing(state="packing"), Packing, {"state": "sealed"}),
    "return_unsigned": (
        lambda f: f.returned(), Packing,
        {"return_number": "R1", "ticks": ["return.handler", "return.customer", "return.manager"]},
    ),
    "repair_tell": (lambda f: f.repair(state="ready", ready_at=f.now), Repair, {"state": "customer_called"}),
    "repair_away": (
        lambda f: f.repair(state="sent_away", latest_on=date(2026, 11, 20)), Repair, {"state": "returned"}
    ),
    "repair_promised": (
        lambda f: f.repair(state="in_own_workshop", promised_on=date(2026, 11, 23)), Repair, {"state": "ready"}
    ),
    "complaint_reply": (
        lambda f: f.case(next_reply_at=f.now + HOUR), Complaint, {"state": "closed", "closed_at": "now"}
    ),
    "complaint_callback": (
        lambda f: f.case(state="told", next_reply_at=f.now + HOUR), Complaint, {"state": "called_back"}
    ),
    "complaint_tell_manager": (lambda f: f.case(severity="major"), Complaint, {"manager_told": True}),
    "complaint_finish_general_domestic": (
        lambda f: f.case(received_at=f.now - DAY), Complaint, {"state": "closed", "closed_at": "now"}
    ),
    "complaint_stage_office_days": (
        lambda f: f.case(state="received"), Complaint, {"state": "assigned"}
    ),
    "complaint_report": (lambda f: f.case(state="investigating"), Complaint, {"state": "proposed"}),
    "pause_complaint": (lambda f: f.pause("complaint"), DeadlinePause, {"ended_at": "now"}),
    "pause_repair": (lambda f: f.pause("repair"), DeadlinePause, {"ended_at": "now"}),
    "paper_waiting": (lambda f: f.job(), PrintJob, {"state": "printed"}),
    "missed_call": (
        lambda f: f.add(MissedCall, at=f.now, phone="0912-345-678"), MissedCall, {"settled_at": "now"}
    ),
    "call_opinion": (lambda f: f.call(opinion="想要素面"), Call, {"opinion_passed_at": "now"}),
    "matter_answer": (lambda f: f.matter(), Matter, {"state": "closed", "closed_at": "now"}),
    "matter_ask_back": (
        lambda f: f.matter(state="answered", answered_at=f.now), Matter, {"state": "closed", "closed_at": "now"}
    ),
    "follow_hand": (
        lambda f: f.add(Follow, customer_id=f.customer, at=f.now, by_id=f.me, text="x"), Follow, {"handed_at": "now"}
    ),
    "care_illness": (lambda f: f.care("illness", on=f.ctx.clock.today()), Care, {"done_at": "now"}),
    "care_event": (lambda f: f.care("event", on=f.ctx.clock.today()), Care, {"done_at": "now"}),
    "wanted_here": (lambda f: f.care("wanted", arrived_at=f.now), Care, {"done_at": "now"}),
}  # fmt: skip


@pytest.mark.clause("CALL-11")
@pytest.mark.clause("RCPT-01")
@pytest.mark.clause("CMP-30")
@pytest.mark.clause("CB-01")
def test_a_duty_comes_with_its_record_and_goes_when_it_is_settled(fill: Fill) -> None:
    """All on one board: to write its statement down for each of them would be most of the time."""
    rows = {duty: make(fill) for duty, (make, _model, _settled) in CASES.items()}
    board = get_board(fill.ctx)
    for duty, row in rows.items():
        found = [task for task in of(board, duty) if task.row_id == row]
        assert len(found) == 1, duty
        assert found[0].title and found[0].action and "{" not in found[0].title, duty
    for duty, (_make, model, settled) in CASES.items():
        values = {name: fill.now if value == "now" else value for name, value in settled.items()}
        fill.change(model, rows[duty], **values)
    board = get_board(fill.ctx)
    assert {duty for duty, row in rows.items() if any(task.row_id == row for task in of(board, duty))} == set()


def test_every_row_of_the_list_has_a_key_of_its_own_and_can_be_read(ctx: Context) -> None:
    keys = [duty.key for duty in DUTIES]
    assert len(keys) == len(set(keys))
    for show in ("me", "station", "role", "everybody", "snoozed"):
        assert get_board(ctx, show)


def test_keys_and_guests_are_asked_for_in_the_last_hour(fill: Fill, clock: FixedClock) -> None:
    fill.visit(state="in_showroom", locker_key=7, key_given_at=fill.now)
    fill.visit(state="in_showroom")
    board = get_board(fill.ctx)
    assert not of(board, "visit_key") and not of(board, "visit_leave")
    clock.advance(timedelta(hours=7, minutes=30))  # 17:11, closing at 18:00
    board = get_board(fill.ctx)
    assert len(of(board, "visit_key")) == len(of(board, "visit_leave")) == 1


def test_groups_follow_the_time(fill: Fill, clock: FixedClock) -> None:
    fill.call(callback_at=fill.now - 2 * HOUR)
    fill.call(callback_at=fill.now + HOUR)
    fill.call(callback_at=fill.now + 2 * DAY)
    fill.call(callback_at=fill.now + 8 * DAY)
    assert [task.group for task in of(get_board(fill.ctx), "call_back")] == ["overdue", "today", "week"]
    clock.advance(2 * HOUR)
    assert [task.group for task in of(get_board(fill.ctx), "call_back")] == ["overdue", "overdue", "week"]


def test_a_changed_number_moves_what_is_due_at_once(fill: Fill) -> None:
    fill.case(received_at=fill.now - 2 * DAY)
    one = of(get_board(fill.ctx), "complaint_finish_general_domestic")[0]
    clause, number = one.clause, one.number
    assert one.group == "week" and number is not None
    policy = fill.ctx.policy.with_overrides({(clause, number.key): 1})
    later = replace(fill.ctx, policy=policy)
    moved = of(get_board(later), "complaint_finish_general_domestic")[0]
    assert moved.due_at != one.due_at or number.value == 1
    due = due_of(fill.ctx, one)
    assert due is not None and due.at == one.due_at


def test_a_clause_the_office_does_not_work_by_reminds_nobody(fill: Fill) -> None:
    fill.case(state="investigating")
    assert of(get_board(fill.ctx), "complaint_report")
    alone = replace(fill.ctx, policy=load_policy().with_packs(("showroom",)))
    assert not of(get_board(alone), "complaint_report")


def test_nobody_sees_what_he_may_not_settle(fill: Fill, staff: Staff) -> None:
    for make, _model, _settled in CASES.values():
        make(fill)
    for person in (staff.wen, staff.ming, staff.mei, staff.fang):
        rights = {duty.key: duty.right for duty in DUTIES}
        for show in ("me", "station", "role"):
            for task in get_board(fill.ctx.acting_as(person), show).tasks:
                right = rights.get(task.duty)
                assert right is None or right in person.rights, (person.name, task.duty)
    with pytest.raises(PermissionDenied):
        get_board(fill.ctx.acting_as(staff.mei), "everybody")
    with pytest.raises(PermissionDenied):
        get_board(fill.ctx.acting_as(User(None, "", "")))


def test_mine_role_and_everybody(fill: Fill, staff: Staff) -> None:
    fill.case(next_reply_at=fill.now + HOUR, handler_id=staff.wu.id)
    fill.case(next_reply_at=fill.now + HOUR, handler_id=None)
    fang = fill.ctx.acting_as(staff.fang)
    assert len(of(get_board(fang), "complaint_reply")) == 1  # nobody's
    assert len(of(get_board(fang, "role"), "complaint_reply")) == 2  # Wu handles complaints too
    assert len(of(get_board(fill.ctx.acting_as(staff.wu)), "complaint_reply")) == 2
    found = of(get_board(fill.ctx, "everybody"), "complaint_reply")
    assert {task.owner for task in found} == {"", staff.wu.name}


def test_snoozed_for_oneself_and_awake_again(fill: Fill, staff: Staff, clock: FixedClock) -> None:
    fill.call(callback_at=fill.now - HOUR)
    task = of(get_board(fill.ctx), "call_back")[0]
    with pytest.raises(ValidationError):
        snooze(fill.ctx, task, "hour", "  ")
    snooze(fill.ctx, task, "hour", "customer is at lunch")
    board = get_board(fill.ctx)
    assert not of(board, "call_back") and board.snoozed == 1
    put_off = of(get_board(fill.ctx, "snoozed"), "call_back")[0]
    assert put_off.snooze_reason == "customer is at lunch"
    assert of(get_board(fill.ctx.acting_as(staff.mei)), "call_back")  # others still see it
    wake(fill.ctx, put_off)
    assert of(get_board(fill.ctx), "call_back")
    snooze(fill.ctx, task, "hour", "again")
    snooze(fill.ctx, task, "hour", "and again")  # one row, not two
    with fill.ctx.reading() as session:
        assert session.query(Snooze).count() == 1
    clock.advance(HOUR + timedelta(minutes=1))
    assert of(get_board(fill.ctx), "call_back")


def test_until_when(ctx: Context) -> None:
    local = ctx.clock.local
    assert until_of(ctx, "hour") == ctx.clock.now() + HOUR
    assert f"{local(until_of(ctx, 'tomorrow')):%m-%d %H:%M}" == "11-23 09:00"
    assert f"{local(until_of(ctx, 'working_day')):%m-%d %H:%M}" == "11-23 09:00"
    closed = replace(ctx, office=replace(ctx.office, own_days=((date(2026, 11, 23), "", "盤點"),)))
    assert f"{local(until_of(closed, 'working_day')):%m-%d %H:%M}" == "11-24 09:00"


def test_handed_on_what_nobody_owns(fill: Fill, staff: Staff) -> None:
    row = fill.call(callback_at=fill.now + HOUR)
    task = of(get_board(fill.ctx), "call_back")[0]
    assert hand_on(fill.ctx, task, staff.mei.id or 0, "you know her") == staff.mei.name
    assert not of(get_board(fill.ctx), "call_back")
    assert not of(get_board(fill.ctx.acting_as(staff.fang)), "call_back")
    assert [t.row_id for t in of(get_board(fill.ctx.acting_as(staff.mei)), "call_back")] == [row]
    story = find_story(fill.ctx, "call", row)
    assert (story[0].action, story[0].note) == ("hand_on", "you know her")
    assert find_last_said(fill.ctx, task)[0].action == "hand_on"
    fill.change(Call, row, callback_done_at=fill.now)
    assert not of(get_board(fill.ctx.acting_as(staff.mei)), "call_back")
    with pytest.raises(UserError):
        hand_on(fill.ctx, task, staff.fang.id or 0)  # settled meanwhile


def test_handed_on_where_the_record_has_an_owner(fill: Fill, staff: Staff) -> None:
    row = fill.case(next_reply_at=fill.now + HOUR)
    task = of(get_board(fill.ctx), "complaint_reply")[0]
    assert {person for _id, person in find_colleagues(fill.ctx, task)} == {staff.fang.name, staff.wu.name}
    hand_on(fill.ctx, task, staff.wu.id or 0)
    with fill.ctx.reading() as session:
        assert session.get(Complaint, row).handler_id == staff.wu.id  # type: ignore[union-attr]  # it was made above
    assert not of(get_board(fill.ctx), "complaint_reply")
    assert of(get_board(fill.ctx.acting_as(staff.wu)), "complaint_reply")


def test_nobody_hands_on_to_somebody_who_may_not(fill: Fill, staff: Staff) -> None:
    fill.case(next_reply_at=fill.now + HOUR)
    task = of(get_board(fill.ctx), "complaint_reply")[0]
    assert Right.COMPLAINT_HANDLE not in staff.wen.rights
    with pytest.raises(UserError):
        hand_on(fill.ctx, task, staff.wen.id or 0)
    with pytest.raises(PermissionDenied):
        hand_on(fill.ctx.acting_as(staff.wen), task, staff.wu.id or 0)


def test_a_clock_that_stands_reminds_only_of_its_review(fill: Fill) -> None:
    row = fill.case(received_at=fill.now - 10 * DAY)
    assert of(get_board(fill.ctx), "complaint_finish_general_domestic")
    pause = fill.add(DeadlinePause, kind="complaint", record_id=row, name="N", started_at=fill.now - 9 * DAY,
                     reason="waits", review_at=fill.now + HOUR, by_id=fill.me, by="x")  # fmt: skip
    assert not of(get_board(fill.ctx), "complaint_finish_general_domestic")
    late = of(get_board(fill.ctx), "pause_complaint")
    assert [task.record_id for task in late] == [row]
    fill.change(DeadlinePause, pause, ended_at=fill.now)
    again = of(get_board(fill.ctx), "complaint_finish_general_domestic")
    assert not again or again[0].due_at > fill.now  # the nine days were not counted


def test_more_than_can_be_shown_is_said(fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour in range(5):
        fill.call(callback_at=fill.now - (hour + 1) * HOUR)
    board = get_board(fill.ctx, rows=3)
    assert len(of(board, "call_back")) == 3 and board.more == {"overdue", "today", "week"}
    assert not get_board(fill.ctx).more


def test_few_statements_however_much_waits(fill: Fill) -> None:
    for make, _model, _settled in CASES.values():
        make(fill)
    get_board(fill.ctx)
    with count_queries(fill.ctx) as seen:
        board = get_board(fill.ctx)
    assert len(board.tasks) >= len(CASES)
    assert len(seen) <= 11
    with count_queries(fill.ctx) as seen:
        count_desks(fill.ctx)
    assert len(seen) <= 11


def test_the_statement_is_kept_only_while_true(fill: Fill, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(today_query, "MOST_KEPT", 3)
    fill.call(callback_at=fill.now + 7 * DAY)
    assert not of(get_board(fill.ctx), "call_back")
    clock.advance(DAY)  # the board's end moves with the day
    assert of(get_board(fill.ctx), "call_back")
    for number in range(3):
        get_board(fill.ctx, rows=100 + number)
    assert len(fill.ctx.policy.made["today"]) <= 3


def test_desks_are_counted_from_the_board(fill: Fill) -> None:
    fill.call(callback_at=fill.now - HOUR)
    fill.call(callback_at=fill.now + HOUR)
    fill.call(callback_at=fill.now + 3 * DAY)
    counts = count_desks(fill.ctx)
    assert counts["calls"] == DeskCount(2, 1, 1)
    board = get_board(fill.ctx)
    assert counts["today"] == DeskCount(
        board.count("overdue") + board.count("today"), board.count("overdue"), board.count("today")
    )


@pytest.mark.clause("STAT-01")
def test_last_months_figures_are_asked_for_until_they_are_on_paper(fill: Fill) -> None:
    found = of(get_board(fill.ctx), "statistics")
    assert [f"{fill.ctx.clock.local(t.due_at):%m-%d}" for t in found] == ["11-10"] and found[0].desk == "month"
    fill.add(Paper, kind="monthly_report", number="2026-10", bare="202610", record_kind="month", record_id=202610,
             language="en", document="{}", made_at=fill.now, made_by="x")  # fmt: skip
    assert not of(get_board(fill.ctx), "statistics")
