"""Clauses of packs beside the showroom's: what they remind of, order and refuse while the office works by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.services import approvals, calls, complaints, controlled, papers, repairs
from crmdesk.services.calls import CallForm
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.month_report import freeze_month
from crmdesk.services.repairs import RepairForm
from crmdesk.services.today import Task, get_board
from tests.helpers.office import Staff
from tests.printing.reading import squeezed, texts
from tests.services.test_approvals import Who, by_packs, the_one, who
from tests.services.test_complaints import RUN
from tests.services.test_sales import make_customer

__all__ = ["who"]


def on_board(ctx: Context, duty: str) -> list[Task]:
    return [task for task in get_board(ctx).tasks if task.duty == duty]


def led(ctx: Context, upto: int = 0, **form: Any) -> tuple[int, int]:
    """A complaint led so many steps by whoever may take each."""
    later = ctx.clock.now() + timedelta(days=30)
    made = complaints.register_complaint(
        ctx, ComplaintForm("方小姐", "手鐲有裂痕", later, clears=("heard", "asked"), **form)
    )
    at, staff = made.version, Staff.of(ctx)
    for action, values in RUN[:upto]:
        given = {**values, "handler": ctx.user.id} if action == "assign" else values
        at = complaints.act(ctx if action != "propose" else ctx.acting_as(staff.wu), made.id, at, action, given)
    return made.id, at


# reminders ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pack", "form", "clause"),
    [
        pytest.param("factory", {}, "CMP-41", marks=pytest.mark.clause("CMP-41")),
        pytest.param("factory", {"domestic": False}, "CMP-41", marks=pytest.mark.clause("CMP-41")),
        pytest.param("winery", {}, "CMP-54", marks=pytest.mark.clause("CMP-54")),
        pytest.param("winery", {"emergency": True}, "CMP-54", marks=pytest.mark.clause("CMP-54")),
        pytest.param("hotel", {}, "CMP-67", marks=pytest.mark.clause("CMP-67")),
        pytest.param("property", {}, "CB-03", marks=pytest.mark.clause("CB-03")),
        pytest.param("property", {"emergency": True}, "CB-02", marks=pytest.mark.clause("CB-02")),
    ],
)
def test_each_packs_own_time_reminds_of_the_finish(
    ctx: Context, clock: FixedClock, pack: str, form: dict[str, Any], clause: str
) -> None:
    ctx = by_packs(ctx, pack, "showroom")
    record, _at = led(ctx, **form)
    kind = "major" if form.get("emergency") else "general"
    duty = f"complaint_finish_{kind}_{'domestic' if form.get('domestic', True) else 'foreign'}"
    case = complaints.get_complaint(ctx, record)
    assert case.due is not None and case.due.clause == clause
    clock.moment = case.due.at + timedelta(minutes=1)
    (task,) = on_board(ctx, duty)
    assert (task.record_id, task.clause, task.due_at, task.group) == (record, clause, case.due.at, "overdue")
    number = next(n for n in ctx.policy.clause(clause).numbers.values() if n.is_time and duty_number(n.key, form))
    longer = replace(ctx, policy=ctx.policy.with_overrides({(clause, number.key): 60}))
    assert on_board(longer, duty) == []


def duty_number(key: str, form: dict[str, Any]) -> bool:
    """Which of a clause's numbers a kind of complaint has its time from."""
    if key in ("domestic_days", "foreign_days"):
        return key.startswith("foreign") is not form.get("domestic", True)
    if key in ("finish_days", "special_days"):
        return (key == "special_days") is bool(form.get("emergency"))
    return key in ("after_stay_days", "rectify_working_days")


@pytest.mark.parametrize(
    ("pack", "form", "clause"),
    [
        pytest.param("dealer", {}, "CB-29", marks=pytest.mark.clause("CB-29")),
        pytest.param("property", {}, "CB-03", marks=pytest.mark.clause("CB-03")),
        pytest.param("property", {"emergency": True}, "CB-02", marks=pytest.mark.clause("CB-02")),
    ],
)
def test_each_packs_own_time_reminds_of_the_call_back(
    ctx: Context, pack: str, form: dict[str, Any], clause: str
) -> None:
    ctx = by_packs(ctx, pack)
    record, at = led(ctx, upto=2, **form)
    kind = "major" if form else "general"
    complaints.act(ctx, record, at, "not_upheld", {"upheld": False, "reply": "已說明", "manager_told": True})
    agreed = complaints.get_complaint(ctx, record).form.next_reply_at
    assert agreed is not None
    assert not on_board(ctx, "complaint_callback")  # the day of completion is the showroom's
    ctx.clock.moment = agreed - timedelta(hours=1)  # type: ignore[attr-defined]  # a FixedClock
    (task,) = on_board(ctx, f"complaint_callback_{kind}")
    assert (task.record_id, task.clause, task.due_at) == (record, clause, agreed)


@pytest.mark.clause("CB-01")
def test_who_carried_a_complaint_out_phones_within_the_days_of_the_clause(ctx: Context, clock: FixedClock) -> None:
    record, at = led(ctx, upto=4)
    assert not on_board(ctx, "complaint_completed")
    at = complaints.act(ctx, record, at, "carry_out", RUN[4][1])
    (task,) = on_board(ctx, "complaint_completed")  # though the next reply is set for next month
    assert (task.record_id, task.clause) == (record, "CB-01")
    assert clock.local(task.due_at).date() == clock.today()
    later = replace(ctx, policy=ctx.policy.with_overrides({("CB-01", "callback_days"): 2}))
    assert [clock.local(t.due_at).date() for t in on_board(later, "complaint_completed")] == [
        clock.today() + timedelta(days=2)
    ]
    complaints.act(ctx, record, at, "tell", {"reply": "換新並致歉"})
    assert not on_board(ctx, "complaint_completed")


@pytest.mark.clause("CMP-32")
def test_who_decides_is_reminded_of_the_combined_opinion(ctx: Context, staff: Staff, clock: FixedClock) -> None:
    record, _at = led(ctx, upto=3)
    begun, (task,) = clock.now(), on_board(ctx, "complaint_opinion")
    assert (task.record_id, task.clause) == (record, "CMP-32")
    assert clock.local(task.due_at).date() == clock.local(begun).date() + timedelta(days=1)
    assert not on_board(ctx.acting_as(staff.wu), "complaint_opinion")  # it is not his to decide
    assert not on_board(by_packs(ctx, "showroom"), "complaint_opinion")
    longer = replace(ctx, policy=ctx.policy.with_overrides({("CMP-32", "opinion_days"): 3}))
    assert on_board(longer, "complaint_opinion")[0].due_at - task.due_at == timedelta(days=2)
    case = complaints.get_complaint(ctx, record)
    complaints.act(ctx, record, case.version, "approve")
    assert not on_board(ctx, "complaint_opinion")


@pytest.mark.parametrize(
    ("pack", "clause", "key"),
    [
        pytest.param("winery", "CMP-48", "reply_hours", marks=pytest.mark.clause("CMP-48")),
        pytest.param("bank", "CMP-79", "reply_days", marks=pytest.mark.clause("CMP-79")),
        pytest.param("property", "CMP-59", "answer_days", marks=pytest.mark.clause("CMP-59")),
    ],
)
def test_the_first_answer_is_reckoned_by_each_packs_own_time(ctx: Context, pack: str, clause: str, key: str) -> None:
    ctx = by_packs(ctx, pack, "showroom")
    at = complaints.suggest_next_reply(ctx)
    shorter = replace(ctx, policy=ctx.policy.with_overrides({(clause, key): 0}))
    assert complaints.suggest_next_reply(shorter) < at
    assert complaints.suggest_next_reply(by_packs(shorter, "showroom", pack)) == complaints.suggest_next_reply(
        by_packs(ctx, "showroom")
    )


# what a step waits for ----------------------------------------------------------------------------------------------

CALLER = CallForm(
    phone="02-2881-5566", name="方小姐", region="台北", topic="repair", matter="手鐲修理", reason="",
    read_back=("phone", "name", "address", "matter"),
)  # fmt: skip


@pytest.mark.clause("CALL-18")
def test_a_call_for_repair_is_not_finished_without_the_address(ctx: Context) -> None:
    office = by_packs(ctx, "showroom", "aftersales")
    with pytest.raises(ValidationError) as refused:
        calls.save_call(office, CALLER, complete=True)
    assert (set(refused.value.fields), refused.value.clause) == ({"address"}, "CALL-18")
    assert [unmet.field for unmet in calls.find_unmet(office, CALLER)] == ["address"]
    assert calls.save_call(office, replace(CALLER, address="士林區文林路 100 號"), complete=True).state == "done"
    assert calls.save_call(office, replace(CALLER, topic="price"), complete=True).state == "done"
    assert calls.save_call(by_packs(ctx, "showroom"), CALLER, complete=True).state == "done"


@pytest.mark.clause("CMP-64")
@pytest.mark.parametrize("pack", ["hotel", "showroom"])
def test_a_guest_who_is_not_satisfied_is_reported_upwards_first(ctx: Context, pack: str) -> None:
    ctx = by_packs(ctx, pack)
    record, at = led(ctx, upto=2)
    at = complaints.act(ctx, record, at, "not_upheld", {"upheld": False, "reply": "已說明"})
    at = complaints.act(ctx, record, at, "call_back", {"satisfied": False})
    given = {"reason": "客人不接受", "next_reply": ctx.clock.now() + timedelta(days=1)}
    if pack == "hotel":
        step = next(s for s in complaints.get_complaint(ctx, record).steps if s.action == "reopen")
        assert "manager_told" in [need.field for need in step.missing]  # a general one too: the window asks for it
        with pytest.raises(ValidationError) as refused:
            complaints.act(ctx, record, at, "reopen", given)
        assert (set(refused.value.fields), refused.value.clause) == ({"manager_told"}, "CMP-64")
        given["manager_told"] = True
    complaints.act(ctx, record, at, "reopen", given)
    assert complaints.get_complaint(ctx, record).state == "reopened"


# papers -------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("SEC-03")
def test_a_controlled_print_is_asked_for_again_when_its_term_is_over(
    ctx: Context, who: Who, clock: FixedClock
) -> None:
    ctx = by_packs(ctx, "showroom", "confidentiality")
    fu = replace(ctx, user=who("fu").user)
    paper = freeze_month(fu, 2026, 10)
    controlled.ask(fu, paper, receiver="董事會", until=clock.today() + timedelta(days=2), reason="季報")
    case = the_one(ctx)
    approvals.decide(ctx, case.id, case.version, agree=True)
    assert not on_board(fu, "paper_out"), "nothing is out before it is printed"
    papers.finish_job(fu, papers.ask_print(fu, paper))
    assert not on_board(ctx, "paper_out")  # it is the one's who has it
    clock.advance(timedelta(days=3))
    (task,) = on_board(fu, "paper_out")
    assert (task.record_id, task.clause, task.group) == (case.id, "SEC-03", "overdue")
    with pytest.raises(PermissionDenied):
        controlled.give_back(replace(ctx, user=who("ming").user), case.id)
    assert approvals.get_approval(fu, case.id).may_return
    controlled.give_back(fu, case.id, destroyed=True)
    assert not on_board(fu, "paper_out")
    done = approvals.get_approval(fu, case.id)
    assert not done.may_return and done.terms["destroyed"] and done.terms["back_by"] == fu.user.name
    with pytest.raises(UserError):
        controlled.give_back(fu, case.id)


@pytest.mark.clause("REP-14")
def test_the_repair_slip_goes_to_whom_the_regulation_names(ctx: Context) -> None:
    form = RepairForm(
        make_customer(ctx), item_code="R-1013", item_name="銀戒", part="戒圈", not_thai_silver=True
    )  # fmt: skip
    office = by_packs(ctx, "property", "showroom")
    pages = texts(papers.render_paper(office, repairs.take_in(office, form).papers[1]))
    for page, receiver in zip(pages, ("客戶留存", "工程部主管存檔", "前臺，再轉財務收費"), strict=True):
        assert squeezed(receiver) in squeezed(page) or all(sign in page for sign in receiver)
        assert "維修人員簽名" in page.replace(" ", "")
    for packs in (("showroom", "property"), ("showroom",), ("bank",)):
        own = by_packs(ctx, *packs)
        for page in texts(papers.render_paper(own, repairs.take_in(own, form).papers[1])):
            assert "維修人員簽名" not in page.replace(" ", "")


# the steps of the showroom ------------------------------------------------------------------------------------------


@pytest.mark.clause("CMP-47")
@pytest.mark.parametrize("left_out", ["upheld", "cause", "proposal"])
def test_nothing_is_proposed_without_verdict_cause_and_plan(ctx: Context, left_out: str) -> None:
    record, at = led(ctx, upto=2)
    given = {key: value for key, value in RUN[2][1].items() if key != left_out}
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, at, "propose", given)
    assert (set(refused.value.fields), refused.value.clause) == ({left_out}, "CMP-47")
    assert complaints.get_complaint(ctx, record).state == "investigating"


@pytest.mark.clause("CMP-04")
def test_a_next_reply_that_has_passed_is_none(ctx: Context, clock: FixedClock) -> None:
    record, at = led(ctx, upto=1)
    doors: list[Any] = [
        lambda: complaints.set_next_reply(ctx, record, at, clock.now()),
        lambda: complaints.act(ctx, record, at, "investigate", {"next_reply": clock.now() - timedelta(hours=1)}),
        lambda: complaints.register_complaint(ctx, ComplaintForm("方小姐", "耳環掉色", clock.now())),
    ]
    for door in doors:
        with pytest.raises(ValidationError, match="passed already"):
            door()
    clock.advance(timedelta(days=31))
    with pytest.raises(ValidationError) as refused:
        complaints.act(ctx, record, at, "investigate", {})
    assert (set(refused.value.fields), refused.value.clause) == ({"next_reply"}, "CMP-04")
