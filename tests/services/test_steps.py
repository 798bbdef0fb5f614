"""Steps through the tables of states: what the packs add, what a step starts, and steps taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, UserError, ValidationError
from crmdesk.rules.machines import MACHINES, machine_for
from crmdesk.rules.pack_tables import Requirement
from crmdesk.rules.policies import Policy, load_default, shipped
from crmdesk.services import complaints, papers, repairs, visits
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.records import find_story
from crmdesk.services.repairs import RepairForm, StepForm
from crmdesk.services.steps import done_from
from crmdesk.services.undo import MINUTES, undo_step
from crmdesk.services.visits import VisitForm
from tests.helpers.office import Staff

TEXT = {"en": "Please call back before closing.", "zh_TW": "結案前請先回訪。", "zh_CN": "结案前请先回访。"}


def requiring(policy: Policy, machine: str, action: str, *after: str) -> Policy:
    """Return the policy with one more requirement in its home pack."""
    wanted = Requirement(machine, action, after, "CMP-47", TEXT)
    home = replace(policy.home, requirements={**policy.home.requirements, wanted.key: wanted})
    return replace(policy, packs={**policy.packs, home.name: home})


def opened(ctx: Context) -> tuple[int, int]:
    at = ctx.clock.now() + timedelta(hours=5)
    made = complaints.register_complaint(ctx, ComplaintForm("方小姐", "手鐲有裂痕", at, clears=("heard", "asked")))
    return made.id, made.version


def assigned(ctx: Context) -> tuple[int, int]:
    record, version = opened(ctx)
    return record, complaints.act(ctx, record, version, "assign", {"department": "品管", "handler": ctx.user.id})


def test_a_pack_lets_a_step_wait_for_another(ctx: Context) -> None:
    ctx = replace(ctx, policy=requiring(ctx.policy, "complaint", "not_upheld", "investigate", "send_back"))
    record, version = assigned(ctx)
    version = complaints.act(ctx, record, version, "investigate")
    case = complaints.get_complaint(ctx, record)
    step = next(step for step in case.steps if step.action == "not_upheld")
    assert TEXT["en"] in [need.sentence for need in step.missing]
    given = {"upheld": False, "reply": "已說明"}
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, version, "not_upheld", given)
    assert refused.value.clause == "CMP-47" and TEXT["en"] in refused.value.fields.values()
    ctx = replace(ctx, policy=requiring(load_default(), "complaint", "not_upheld", "investigate"))
    complaints.act(ctx, record, version, "not_upheld", given)
    assert complaints.get_complaint(ctx, record).state == "told"


def test_what_was_taken_back_or_begun_again_is_not_done() -> None:
    assert done_from(["register", "assign", "investigate"]) == {"register", "assign", "investigate"}
    assert done_from(["register", "assign", "investigate", "undo"]) == {"register", "assign"}
    assert done_from(["register", "assign", "close", "reopen", "assign"]) == {"reopen", "assign"}


def test_needs_and_starts_of_packs_an_office_does_not_work_by_fall_away() -> None:
    everything, factory = shipped(), shipped().with_packs(("factory",))
    for name in MACHINES:
        for policy in (everything, factory):
            for row in machine_for(policy, name).transitions:
                assert all(need.clause in policy or not need.clause for need in row.needs), (name, row.action)
    told = machine_for(everything, "complaint").transition("carried_out", "tell")
    assert told is not None and told.starts == ("task:call_back@CMP-72",)
    told = machine_for(factory, "complaint").transition("carried_out", "tell")
    assert told is not None and told.starts == ()


def test_a_step_says_what_it_starts(ctx: Context) -> None:
    record, version = assigned(ctx)
    complaints.act(ctx, record, version, "investigate")
    steps = {step.action: step for step in complaints.get_complaint(ctx, record).steps}
    assert steps["propose"].starts == ("approval",)
    assert steps["not_upheld"].starts == ("phone the customer the same day (CMP-72)",)


# taking back --------------------------------------------------------------------------------------------------------


def test_a_step_is_taken_back_with_its_fields(ctx: Context, clock: FixedClock) -> None:
    record, version = opened(ctx)
    clock.moment += timedelta(minutes=20)
    version = complaints.act(ctx, record, version, "assign", {"department": "品管", "handler": ctx.user.id})
    case = complaints.get_complaint(ctx, record)
    assert case.undo is not None and case.undo.action == "assign"
    assert case.undo.until == ctx.clock.now() + timedelta(minutes=MINUTES)
    assert undo_step(ctx, "complaint", record, case.version) == "received"
    after = complaints.get_complaint(ctx, record)
    assert (after.state, after.department, after.handler_id) == ("received", "", None)
    assert after.undo is None
    assert after.story[0].title == "Undone: Assign the complaint"
    assert after.story[0].by == ctx.user.name
    with pytest.raises(UserError):
        undo_step(ctx, "complaint", record, after.version)  # one step, not the whole story
    version = complaints.act(ctx, record, after.version, "assign", {"department": "製造", "handler": ctx.user.id})
    assert complaints.get_complaint(ctx, record).department == "製造"


def test_a_step_is_not_taken_back_too_late_by_others_or_when_it_was_sent(
    ctx: Context, clock: FixedClock, staff: Staff
) -> None:
    record, version = assigned(ctx)
    with pytest.raises(UserError) as refused:
        undo_step(ctx.acting_as(staff.wu), "complaint", record, version)
    assert ctx.user.name in refused.value.message
    with pytest.raises(ConflictError):
        undo_step(ctx, "complaint", record, version - 1)
    clock.moment += timedelta(minutes=MINUTES, seconds=1)
    assert complaints.get_complaint(ctx, record).undo is None
    with pytest.raises(UserError):
        undo_step(ctx, "complaint", record, version)
    version = complaints.act(ctx, record, version, "investigate")
    given = {"upheld": True, "cause": "焊點鬆脫", "proposal": "換新"}
    version = complaints.act(ctx, record, version, "propose", given)
    assert complaints.get_complaint(ctx, record).undo is None  # somebody has been asked to decide
    with pytest.raises(UserError):
        undo_step(ctx, "complaint", record, version)


def test_a_printed_paper_holds_the_step(ctx: Context) -> None:
    record, version = assigned(ctx)
    papers.ask_print(ctx, complaints.freeze_sheet(ctx, record))
    with pytest.raises(UserError) as refused:
        undo_step(ctx, "complaint", record, version)
    assert "printed" in refused.value.message
    assert complaints.get_complaint(ctx, record).state == "assigned"


def test_a_change_made_since_the_step_stays(ctx: Context) -> None:
    record, version = assigned(ctx)
    at = ctx.clock.now() + timedelta(days=2)
    version = complaints.set_next_reply(ctx, record, version, at)
    undo_step(ctx, "complaint", record, version)
    after = complaints.get_complaint(ctx, record)
    assert after.state == "received" and after.form.next_reply_at == at


def test_a_closed_complaint_is_open_again(ctx: Context) -> None:
    record, version = assigned(ctx)
    version = complaints.act(ctx, record, version, "investigate")
    version = complaints.act(ctx, record, version, "not_upheld", {"upheld": False, "reply": "已說明"})
    version = complaints.act(ctx, record, version, "call_back", {"satisfied": True})
    ticks = dict.fromkeys(("heard", "asked", "followed", "replied", "recorded"), True)
    version = complaints.act(ctx, record, version, "close", ticks)
    undo_step(ctx, "complaint", record, version)
    after = complaints.get_complaint(ctx, record)
    assert (after.state, after.closed_at, after.was_due_at, after.satisfied) == ("called_back", None, None, True)


def test_repairs_and_visits_take_steps_back_too(ctx: Context) -> None:
    customer = CustomerForm("方小姐", phones=(PhoneEntry("0912345678"),))
    form = RepairForm(None, new_customer=customer, item_code="BR-1", part="扣環", not_thai_silver=True)
    taken = repairs.take_in(ctx, form)
    card = repairs.get_repair(ctx, taken.id)
    assert card.undo is None  # receipt and slip belong to the intake
    repairs.act(ctx, taken.id, card.row.version, "cancel", StepForm(reason="按錯"))
    card = repairs.get_repair(ctx, taken.id)
    assert card.closed_at is not None and card.undo is not None
    assert undo_step(ctx, "repair", taken.id, card.row.version) == "received"
    card = repairs.get_repair(ctx, taken.id)
    assert (card.row.state, card.closed_at) == ("received", None)
    visit_id = visits.check_in(ctx, VisitForm("王先生"))
    visits.act(ctx, visit_id, visits.get_visit(ctx, visit_id).version, "greet")
    assert undo_step(ctx, "visit", visit_id, visits.get_visit(ctx, visit_id).version) == "waiting"
    assert visits.get_visit(ctx, visit_id).greeted_at is None
    assert [line.action for line in find_story(ctx, "visit", visit_id)][:2] == ["undo", "greet"]
