"""The complaint desk: opened by anybody, major by itself, led step by step, never without a next reply."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.model.paper import Paper
from crmdesk.printing.documents import ComplaintSheet, ComplaintStage
from crmdesk.printing.frozen import from_json
from crmdesk.services import complaints, customers, papers
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.context import NOBODY, Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from tests.conftest import SUNDAY_MORNING
from tests.helpers.office import Staff, count_queries

REPLY = SUNDAY_MORNING + timedelta(hours=5)
FORM = ComplaintForm(
    "陳李美鳳", "925 手鍊扣頭斷裂", REPLY, item_code="B-2201", story="戴一天就斷", quantity=20, faulty=3
)
RUN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("assign", {"heard": True, "asked": True, "department": "品管"}),
    ("investigate", {}),
    ("propose", {"upheld": True, "cause": "扣頭太薄", "proposal": "換新", "remedy": "exchange", "loss": Decimal(1280)}),
    ("approve", {}),
    ("carry_out", {}),
    ("tell", {"reply": "換新並致歉"}),
    ("call_back", {"satisfied": True}),
    ("close", {"followed": True, "replied": True, "recorded": True}),
)


def opened(ctx: Context, form: ComplaintForm = FORM, upto: int = 0) -> tuple[int, int]:
    """Register a complaint, take its first steps, and return id and version."""
    made = complaints.register_complaint(ctx, form)
    version = made.version
    for action, values in RUN[:upto]:
        more = {"handler": ctx.user.id} if action == "assign" else {}
        version = complaints.act(who_takes(ctx, action), made.id, version, action, values | more)
    return made.id, version


def who_takes(ctx: Context, action: str) -> Context:
    """Nobody decides what they asked for: a colleague proposes, the manager approves."""
    return ctx.acting_as(Staff.of(ctx).wu) if action == "propose" else ctx


@pytest.mark.clause("CMP-24")
def test_numbers_begin_again_each_month(ctx: Context, clock: FixedClock) -> None:
    assert complaints.register_complaint(ctx, FORM).number == "2611-01"
    assert complaints.register_complaint(ctx, FORM).number == "2611-02"
    clock.advance(timedelta(days=10))
    later = replace(FORM, next_reply_at=clock.now() + timedelta(days=1))
    assert complaints.register_complaint(ctx, later).number == "2612-01"


@pytest.mark.clause("CMP-01")
@pytest.mark.parametrize("login", ["boss", "mei", "ming", "fang", "wen", "wu"])
def test_every_employee_may_open_one(ctx: Context, staff: Staff, login: str) -> None:
    assert complaints.register_complaint(ctx.acting_as(getattr(staff, login)), FORM).id
    with pytest.raises(PermissionDenied):
        complaints.register_complaint(ctx.acting_as(NOBODY), FORM)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("complainant", " "), ("title", ""), ("title", "扣" * 121), ("complainant", "陳" * 81), ("wish", "x" * 401),
        ("story", "字" * 4001), ("kind", "?"), ("channel", "?"), ("quantity", -1), ("faulty", 21),
        ("next_reply_at", None), ("next_reply_at", SUNDAY_MORNING - timedelta(hours=1)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_the_field(ctx: Context, field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        complaints.register_complaint(ctx, replace(FORM, **{field: value}))
    assert set(refused.value.fields) == {field}
    assert complaints.count_open(ctx).open == 0


@pytest.mark.clause("CMP-04")
def test_no_complaint_without_a_next_reply(ctx: Context, clock: FixedClock) -> None:
    with pytest.raises(ValidationError) as refused:
        complaints.register_complaint(ctx, replace(FORM, next_reply_at=None))
    assert refused.value.clause == "CMP-04"
    record, version = opened(ctx, upto=1)
    with pytest.raises(ValidationError):
        complaints.set_next_reply(ctx, record, version, None)
    clock.advance(timedelta(hours=6))  # the promised time has passed: a new one first
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, version, "investigate", {})
    assert (set(refused.value.fields), refused.value.clause) == ({"next_reply"}, "CMP-04")
    later = clock.now() + timedelta(hours=2)
    complaints.act(ctx, record, version, "investigate", {"next_reply": later})
    assert complaints.get_complaint(ctx, record).form.next_reply_at == later


@pytest.mark.clause("CMP-16")
def test_the_third_customer_with_the_same_matter_makes_it_major(ctx: Context) -> None:
    first = complaints.register_complaint(ctx, FORM)
    complaints.register_complaint(ctx, FORM)  # the same customer again doesn't count
    second = complaints.register_complaint(ctx, replace(FORM, complainant="黃先生"))
    assert (first.severity, second.severity, second.affected) == ("general", "general", 2)
    third = complaints.register_complaint(ctx, replace(FORM, complainant="林小姐", title="又斷了"))
    assert (third.severity, third.affected) == ("major", 3)
    for record in (first.id, second.id, third.id):
        case = complaints.get_complaint(ctx, record)
        assert case.severity == "major"
        assert "CMP-16" in case.story[0].title
        assert "3" in case.story[0].title
    other = complaints.register_complaint(ctx, replace(FORM, complainant="林小姐", item_code="R-1"))
    assert other.severity == "general"


@pytest.mark.clause("CMP-08")
def test_an_emergency_is_major_at_once_and_goes_to_the_manager(ctx: Context) -> None:
    made = complaints.register_complaint(ctx, replace(FORM, emergency=True))
    assert made.severity == "major"
    values = RUN[0][1] | {"handler": ctx.user.id}
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, made.id, made.version, "assign", values)
    assert (set(refused.value.fields), refused.value.clause) == ({"manager_told"}, "CMP-08")
    complaints.act(ctx, made.id, made.version, "assign", values | {"manager_told": True})


@pytest.mark.clause("CMP-47")
def test_a_complaint_goes_through_all_its_states(ctx: Context, clock: FixedClock) -> None:
    record, _version = opened(ctx, upto=len(RUN))
    case = complaints.get_complaint(ctx, record)
    assert (case.state, case.closed_at, case.form.next_reply_at) == ("closed", clock.now(), None)
    assert [line.action for line in reversed(case.story)] == ["register", *(action for action, _v in RUN)]
    assert {line.by for line in case.story if line.action != "propose"} == {"林經理"}
    assert (case.remedy, case.loss, case.department, case.satisfied) == ("exchange", Decimal(1280), "品管", True)
    assert case.story[0].from_state == "called_back"


@pytest.mark.parametrize("step", range(len(RUN)))
def test_each_step_names_what_is_missing_and_writes_nothing(ctx: Context, step: int) -> None:
    action = RUN[step][0]
    record, version = opened(ctx, upto=step)
    case = complaints.get_complaint(ctx, record)
    choice = next(choice for choice in case.steps if choice.action == action)
    wanted = {need.field for need in choice.missing}
    if not wanted:
        assert complaints.act(ctx, record, version, action, {}) > version
        return
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, version, action, {})
    assert set(refused.value.fields) == wanted
    assert refused.value.clause.startswith("CMP-")
    assert complaints.get_complaint(ctx, record).version == version


@pytest.mark.clause("CMP-72")
def test_who_is_not_satisfied_gets_it_done_again_and_is_phoned_the_same_day(ctx: Context, clock: FixedClock) -> None:
    record, version = opened(ctx, upto=6)
    case = complaints.get_complaint(ctx, record)
    assert case.form.next_reply_at is not None
    assert clock.local(case.form.next_reply_at).date() == clock.today()
    version = complaints.act(ctx, record, version, "call_back", {"satisfied": False})
    with pytest.raises(ValidationError):
        complaints.act(ctx, record, version, "close", RUN[-1][1])
    version = complaints.act(ctx, record, version, "reopen", {"reason": "新的也斷", "next_reply": REPLY})
    case = complaints.get_complaint(ctx, record)
    assert (case.state, case.satisfied, case.valid) == ("reopened", None, None)


def test_money_needs_its_amount_before_approval(ctx: Context) -> None:
    record, version = opened(ctx, upto=2)
    values = RUN[2][1] | {"remedy": "refund"}
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, version, "propose", values)
    assert (set(refused.value.fields), refused.value.clause) == ({"allowance"}, "CMP-10")
    complaints.act(ctx, record, version, "propose", values | {"allowance": Decimal(500)})


def test_only_the_manager_approves(ctx: Context, staff: Staff) -> None:
    record, version = opened(ctx, upto=3)
    fang = ctx.acting_as(staff.fang)
    assert [choice.permitted for choice in complaints.get_complaint(fang, record).steps] == [False, False, False]
    with pytest.raises(PermissionDenied):
        complaints.act(fang, record, version, "approve", {})
    with pytest.raises(PermissionDenied):
        complaints.act(ctx.acting_as(staff.wen), opened(ctx, upto=1)[0], None, "investigate", {})


def test_a_step_from_the_wrong_state_is_refused(ctx: Context) -> None:
    record, version = opened(ctx)
    with pytest.raises(UserError):
        complaints.act(ctx, record, version, "approve", {})
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, version, "assign", RUN[0][1] | {"handler": 999_999})
    assert "handler" in refused.value.fields


def test_two_people_on_one_complaint(ctx: Context, staff: Staff) -> None:
    record, version = opened(ctx, upto=1)
    complaints.act(ctx.acting_as(staff.wu), record, version, "investigate", {})
    with pytest.raises(ConflictError) as refused:
        complaints.set_next_reply(ctx, record, version, REPLY)
    assert refused.value.by == "吳品管"


def test_notes_and_tries_enter_the_story(ctx: Context, staff: Staff) -> None:
    record, version = opened(ctx)
    complaints.add_note(ctx.acting_as(staff.wen), record, "客戶口氣平和 🙂\n希望換新")
    version = complaints.count_not_reached(ctx, record, version, REPLY)
    case = complaints.get_complaint(ctx, record)
    assert [line.title for line in case.story[:2]] == ["Not reached (try 1)", "客戶口氣平和 🙂"]
    assert (case.story[1].note, case.story[1].by, case.not_reached) == ("希望換新", "張文華", 1)
    with pytest.raises(ValidationError):
        complaints.add_note(ctx, record, "  ")


def test_open_ones_come_first_and_the_overdue_on_top(ctx: Context, clock: FixedClock) -> None:
    closed, _v = opened(ctx, upto=len(RUN))
    later, _v = opened(ctx, replace(FORM, complainant="後", next_reply_at=REPLY + timedelta(hours=9)))
    soon, _v = opened(ctx, replace(FORM, complainant="先"))
    clock.advance(timedelta(hours=6))
    with count_queries(ctx) as seen:
        rows = complaints.find_complaints(ctx, show="all")
    assert len(seen) <= 3
    assert [row.id for row in rows] == [soon, later, closed]
    assert [row.overdue for row in rows] == [True, False, False]
    assert [row.id for row in complaints.find_complaints(ctx, show="overdue")] == [soon]
    assert [row.id for row in complaints.find_complaints(ctx, show="closed")] == [closed]
    assert [row.id for row in complaints.find_complaints(ctx, "2611-02")] == [later]
    assert {row.id for row in complaints.find_complaints(ctx, "扣頭")} == {closed, later, soon}
    assert complaints.find_complaints(ctx, "100%_") == []
    with count_queries(ctx) as seen:
        assert complaints.count_open(ctx) == (2, 1, 3)
    assert len(seen) == 2


def test_few_statements_per_action(ctx: Context) -> None:
    customer = customers.create_customer(ctx, CustomerForm("陳李美鳳", phones=(PhoneEntry("0912-345-678"),))).id
    with count_queries(ctx) as seen:
        made = complaints.register_complaint(ctx, replace(FORM, customer_id=customer))
    assert len(seen) <= 10, seen
    version = made.version
    for action, values in RUN:
        more, taker = {"handler": ctx.user.id} if action == "assign" else {}, who_takes(ctx, action)
        with count_queries(ctx) as seen:
            version = complaints.act(taker, made.id, version, action, values | more)
        assert len(seen) <= (12 if action in ("propose", "approve") else 8), (action, seen)
    with count_queries(ctx) as seen:
        complaints.get_complaint(ctx, made.id)
    assert len(seen) <= 4


def test_a_new_one_knows_the_customer(ctx: Context) -> None:
    customer = customers.create_customer(ctx, CustomerForm("陳李美鳳", phones=(PhoneEntry("0912-345-678"),))).id
    form = complaints.prefill(ctx, customer_id=customer)
    assert (form.complainant, form.phone, form.customer_id) == ("陳李美鳳", "0912-345-678", customer)


@pytest.mark.clause("CMP-29")
def test_stages_show_what_was_used_of_their_limit(ctx: Context, clock: FixedClock) -> None:
    record, version = opened(ctx, replace(FORM, next_reply_at=REPLY + timedelta(days=5)), upto=1)
    clock.advance(timedelta(days=2))
    complaints.act(ctx, record, version, "investigate", {})
    stages = complaints.get_complaint(ctx, record).stages
    assert [stage.state for stage in stages] == ["done", "late", "now", "open", "open", "open", "open"]
    assert (stages[1].used, stages[1].limit) == (Decimal("2.0"), Decimal(1))


@pytest.mark.clause("CMP-34")
def test_the_form_has_five_copies_and_printed_ones_stay(ctx: Context) -> None:
    record, version = opened(ctx, upto=3)
    paper = complaints.freeze_sheet(ctx, record)
    assert complaints.freeze_sheet(ctx, record) == paper
    pdf = papers.render_paper(ctx, paper)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 5
    complaints.act(ctx, record, version, "approve", {})
    assert complaints.freeze_sheet(ctx, record) == paper  # not printed yet: replaced
    papers.finish_job(ctx, papers.ask_print(ctx, paper))
    complaints.act(ctx, record, None, "carry_out", {})
    complaints.act(ctx, record, None, "tell", {"reply": "換新並致歉"})
    assert complaints.freeze_sheet(ctx, record) != paper


@pytest.mark.clause("CMP-28")
def test_the_forms_six_units_say_what_they_found_or_were_not_asked(ctx: Context) -> None:
    record, version = opened(ctx, upto=3)

    def boxes() -> list[ComplaintStage]:
        with ctx.reading() as session:
            paper = session.get_one(Paper, complaints.freeze_sheet(ctx, record))
        document = from_json("complaint_sheet", paper.document)
        assert isinstance(document, ComplaintSheet)
        return list(document.stages)

    card = complaints.get_complaint(ctx, record)
    running = boxes()
    assert len(running) == 6 and not any(stage.skipped for stage in running)  # still to be written in by hand
    assert (running[1].opinion, running[4].opinion) == (card.cause, card.proposal)
    complaints.act(ctx, record, version, "approve", {"note": "同意換新"})
    decided = boxes()
    assert [stage.skipped for stage in decided] == [False, False, True, True, False, False]
    assert decided[5].opinion == "同意換新"
