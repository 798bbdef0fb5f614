"""Approvals: asked, decided by role and amount, by somebody else, in somebody's place, once; the record follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.model.complaint import Complaint
from crmdesk.rules.policies import shipped
from crmdesk.services import approval_steps, approvals, complaints, staff, stand_ins
from crmdesk.services.approvals import ApprovalCase
from crmdesk.services.context import Context, User
from crmdesk.services.staff import StaffForm
from crmdesk.services.today import get_board
from tests.helpers.office import PASSWORD, count_queries
from tests.services.test_complaints import FORM, RUN

Who = Callable[[str], Context]


@pytest.fixture
def who(ctx: Context) -> Who:
    """Anybody of the office by login, the deputy and the general manager too."""
    for login, name, roles in (("fu", "趙副總", ("deputy",)), ("zong", "錢總", ("general",))):
        staff.create_staff(ctx, StaffForm(login, name, roles, PASSWORD), quick_hash=True)
    people = {row.login: User(row.id, row.login, row.name, row.roles) for row in staff.find_staff(ctx)}
    return lambda login: ctx.acting_as(people[login])


def by_packs(ctx: Context, *packs: str, **limits: int) -> Context:
    """The same office working by other packs, with the manager's limits of CMP-45."""
    policy = shipped().with_packs(packs)
    return replace(ctx, policy=policy.with_overrides({("CMP-45", k): Decimal(v) for k, v in limits.items()}))


def proposed(ctx: Context, **more: Any) -> int:
    """A complaint whose proposal waits for its approval; it costs 1,280 and what is given."""
    made = complaints.register_complaint(ctx, FORM)
    at = made.version
    for action, values in RUN[:3]:
        given = values | ({"handler": ctx.user.id} if action == "assign" else more if action == "propose" else {})
        at = complaints.act(ctx, made.id, at, action, given)
    return made.id


def state(ctx: Context, record: int) -> str:
    with ctx.reading() as session:
        return session.get_one(Complaint, record).state


def the_one(ctx: Context, show: str = "waiting") -> ApprovalCase:
    found = approvals.find_approvals(ctx, show=show)
    assert len(found) == 1, found
    return found[0]


def waits_for(ctx: Context, people: Who, *logins: str) -> list[str]:
    return [login for login in logins if approvals.find_approvals(people(login))]


ALL = ("boss", "mei", "ming", "fang", "wen", "wu", "fu", "zong")


# complaints -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CMP-47")
def test_a_proposal_is_approved_by_the_manager_and_the_complaint_follows(ctx: Context, who: Who) -> None:
    record = proposed(who("wu"))
    assert waits_for(ctx, who, *ALL) == ["boss"]
    case = the_one(who("boss"))
    assert (case.title, case.amount, case.reason) == ("2611-01 925 手鍊扣頭斷裂", Decimal(1280), "換新")
    assert (case.asked_by, case.where, case.who, case.clause) == ("吳品管", "Manager", "林經理", "CMP-47")
    assert approvals.decide(who("boss"), case.id, case.version, agree=True, reason="可以") == "approved"
    assert state(ctx, record) == "approved"
    told = complaints.get_complaint(ctx, record).story[0]
    assert (told.action, told.by, told.note, told.from_state) == ("approve", "林經理", "可以", "proposed")
    done = the_one(who("wu"), "asked")
    assert [(line.state, line.by) for line in done.levels] == [("approved", "林經理")]
    assert waits_for(ctx, who, *ALL) == []


@pytest.mark.clause("CMP-47")
def test_refused_with_a_reason_goes_back(ctx: Context, who: Who) -> None:
    record = proposed(who("wu"))
    case = the_one(ctx)
    with pytest.raises(ValidationError) as refused:
        approvals.decide(ctx, case.id, case.version, agree=False, reason=" \n")
    assert (set(refused.value.fields), refused.value.clause) == ({"reason"}, "CMP-47")
    assert approvals.decide(ctx, case.id, case.version, agree=False, reason="太貴") == "refused"
    shown = complaints.get_complaint(ctx, record)
    assert (shown.state, shown.proposal, shown.story[0].action, shown.story[0].note) == (
        "investigating", "", "send_back", "太貴")  # fmt: skip
    complaints.act(who("wu"), record, None, "propose", RUN[2][1])
    assert the_one(ctx).id != case.id, "a new proposal is a new asking"


@pytest.mark.clause("CMP-32")
@pytest.mark.clause("CMP-45")
@pytest.mark.parametrize(
    ("cost", "deciders"), [(0, ["boss"]), (1000, ["boss"]), (1001, ["boss", "fu"]), (9000, ["boss", "fu", "zong"])]
)
def test_the_factorys_complaint_goes_up_by_its_amount(ctx: Context, who: Who, cost: int, deciders: list[str]) -> None:
    ctx = by_packs(ctx, "factory", "showroom", manager_amount=1000, deputy_amount=5000)
    record = proposed(by_packs(who("wu"), "factory", "showroom", manager_amount=1000, deputy_amount=5000),
                      loss=Decimal(cost))  # fmt: skip
    for place, login in enumerate(deciders):
        assert state(ctx, record) == "proposed"
        assert waits_for(ctx, who, *ALL) == [login]
        case = the_one(who(login))
        assert [line.state for line in case.levels] == ["approved"] * place + ["waiting"] + ["open"] * (
            len(deciders) - place - 1)  # fmt: skip
        approvals.decide(by_packs(who(login), "factory", "showroom"), case.id, case.version, agree=True)
    assert state(ctx, record) == "approved"
    actions = [line.action for line in reversed(complaints.get_complaint(ctx, record).story)]
    assert actions[-len(deciders) :] == ["hand_on"] * (len(deciders) - 1) + ["approve"]


@pytest.mark.clause("CMP-45")
def test_a_limit_nobody_has_set_hands_on_and_later_limits_dont_move_what_was_asked(ctx: Context, who: Who) -> None:
    record = proposed(by_packs(who("wu"), "factory", "showroom"), loss=Decimal(1))
    rich = by_packs(ctx, "factory", "showroom", manager_amount=10**6)
    case = the_one(rich)
    assert [line.title for line in case.levels] == ["Business manager", "Deputy general manager", "General manager"]
    assert approvals.decide(rich, case.id, case.version, agree=True) == "waiting"
    assert state(ctx, record) == "proposed"
    with pytest.raises(PermissionDenied) as refused:
        complaints.act(ctx, record, None, "approve", {})
    assert "趙副總" in refused.value.message and refused.value.clause == "CMP-45"


def test_the_complaints_own_step_decides_too(ctx: Context, who: Who) -> None:
    record = proposed(who("wu"))
    steps = {choice.action: choice.permitted for choice in complaints.get_complaint(ctx, record).steps}
    assert steps == {"approve": True, "send_back": True, "withdraw": False}
    complaints.act(ctx, record, None, "approve", {})
    assert (state(ctx, record), the_one(who("wu"), "asked").state) == ("approved", "approved")


def test_nobody_decides_what_they_asked_for(ctx: Context, who: Who) -> None:
    record = proposed(ctx)
    assert waits_for(ctx, who, *ALL) == []
    case = the_one(ctx, "asked")
    assert case.who == "" and not case.may_decide and case.may_withdraw
    for act in (
        lambda: approvals.decide(ctx, case.id, case.version, agree=True),
        lambda: complaints.act(ctx, record, None, "approve", {}),
    ):
        with pytest.raises(UserError) as refused:
            act()
        assert "themselves" in refused.value.message and "nobody has this role" in refused.value.message
    approvals.withdraw(ctx, case.id, case.version)
    assert (state(ctx, record), complaints.get_complaint(ctx, record).proposal) == ("investigating", "換新")
    with pytest.raises(UserError):
        approvals.withdraw(ctx, case.id, None)


def test_only_who_asked_takes_it_back(ctx: Context, who: Who) -> None:
    record = proposed(who("wu"))
    case = the_one(ctx)
    with pytest.raises(PermissionDenied):
        approvals.withdraw(ctx, case.id, case.version)
    with pytest.raises(PermissionDenied):
        complaints.act(who("fang"), record, None, "withdraw", {})
    complaints.act(who("wu"), record, None, "withdraw", {})
    assert (state(ctx, record), the_one(who("wu"), "asked").state) == ("investigating", "withdrawn")
    with pytest.raises(UserError) as late:
        approvals.decide(ctx, case.id, None, agree=True)
    assert "Withdrawn" in late.value.message


def test_a_proposal_from_elsewhere_is_asked_by_who_handles_it(ctx: Context, who: Who) -> None:
    record = complaints.register_complaint(ctx, FORM).id
    with ctx.transaction("Take over") as session:
        taken = session.get_one(Complaint, record)
        taken.state, taken.handler_id, taken.proposal = "proposed", who("wu").user.id, "換新"
    assert complaints.get_complaint(ctx, record).steps[0].permitted
    complaints.act(ctx, record, None, "approve", {})
    assert (state(ctx, record), the_one(who("wu"), "asked").state) == ("approved", "approved")


# who decides now --------------------------------------------------------------------------------------------------


def test_a_role_taken_away_while_it_waits(ctx: Context, who: Who) -> None:
    proposed(who("wu"))
    case = the_one(who("boss"))
    rows = {row.login: row for row in staff.find_staff(ctx)}
    mei, boss = rows["mei"], rows["boss"]
    staff.update_staff(ctx, mei.id, mei.version, StaffForm("mei", mei.name, ("manager",)))
    staff.update_staff(ctx, boss.id, boss.version, StaffForm("boss", boss.name, ("administrator",)))
    with pytest.raises(PermissionDenied) as refused:  # signed in with the old roles still
        approvals.decide(who("boss"), case.id, case.version, agree=True)
    assert "王小美" in refused.value.message and refused.value.clause == "CMP-47"
    assert the_one(who("mei")).who == "王小美"
    assert approvals.decide(who("mei"), case.id, case.version, agree=True) == "approved"


def test_a_colleague_decides_in_the_place_of_who_is_away(ctx: Context, who: Who, clock: FixedClock) -> None:
    today = clock.today()
    record = proposed(who("wu"))
    stand_ins.set_away(who("boss"), who("mei").user.id, today, today + timedelta(days=2))
    assert waits_for(ctx, who, *ALL) == ["boss", "mei"]
    case = the_one(who("mei"))
    assert case.who == "王小美 (for 林經理)"
    assert approvals.count_waiting(who("mei")) == 1
    approvals.decide(who("mei"), case.id, case.version, agree=True)
    line = the_one(who("wu"), "asked").levels[0]
    assert (line.by, line.for_name, state(ctx, record)) == ("王小美", "林經理", "approved")
    clock.advance(timedelta(days=3))
    complaints.register_complaint(ctx, replace(FORM, next_reply_at=clock.now() + timedelta(hours=5)))
    assert stand_ins.find_away(who("boss")) == [] and not approvals.find_approvals(who("mei"))


def test_nobody_stands_in_for_who_asked_or_for_himself(ctx: Context, who: Who, clock: FixedClock) -> None:
    today = clock.today()
    proposed(ctx)
    stand_ins.set_away(ctx, who("mei").user.id, today, today)
    assert waits_for(ctx, who, *ALL) == []
    with pytest.raises(PermissionDenied):
        approvals.decide(who("mei"), the_one(ctx, "asked").id, None, agree=True)
    me = ctx.user.id
    wrong: list[tuple[int | None, date | None, date | None, str]] = [
        (me, today, today, "stand_in"), (None, today, today, "stand_in"), (999_999, today, today, "stand_in"),
        (2, None, today, "from_on"), (2, today, None, "until_on"), (2, today, today - timedelta(days=1), "until_on"),
        (2, today + timedelta(days=3), today + timedelta(days=2), "until_on"), (2, today, today, "from_on"),
    ]  # fmt: skip
    for other, begins, ends, field in wrong:
        with pytest.raises(ValidationError) as refused:
            stand_ins.set_away(ctx, other, begins, ends)
        assert set(refused.value.fields) == {field}
    row = stand_ins.find_away(ctx)[0]
    assert stand_ins.find_places(who("mei"))[0].name == "林經理"
    with pytest.raises(UserError):
        stand_ins.end_away(who("mei"), row.id)
    stand_ins.end_away(ctx, row.id)
    assert stand_ins.find_away(ctx) == []


def test_a_stand_in_who_left_takes_nobodys_place(ctx: Context, who: Who, clock: FixedClock) -> None:
    proposed(who("wu"))
    stand_ins.set_away(who("boss"), who("mei").user.id, clock.today(), clock.today())
    mei = next(row for row in staff.find_staff(ctx) if row.login == "mei")
    staff.update_staff(ctx, mei.id, mei.version, StaffForm("mei", mei.name, mei.roles, active=False))
    assert the_one(ctx).who == "林經理"


# two at once ------------------------------------------------------------------------------------------------------


def test_two_deciders_at_once_are_one_decision(ctx: Context, who: Who) -> None:
    proposed(who("wu"))
    row = next(row for row in staff.find_staff(ctx) if row.login == "mei")
    staff.update_staff(ctx, row.id, row.version, StaffForm("mei", row.name, ("manager",)))
    case = the_one(who("mei"))
    approvals.decide(who("mei"), case.id, case.version, agree=False, reason="先查")
    with pytest.raises(ConflictError) as refused:
        approvals.decide(who("boss"), case.id, case.version, agree=True)
    assert refused.value.by == "王小美"


def test_the_same_is_asked_once(ctx: Context, who: Who) -> None:
    record = proposed(who("wu"))
    with pytest.raises(UserError), ctx.transaction("Ask") as session:
        approval_steps.ask(session, ctx, "complaint", ("complaint", record), title="x")
    with pytest.raises(IntegrityError), ctx.transaction("Ask") as session:  # the net under two in one moment
        from crmdesk.model.approval import Approval

        first = approval_steps.waiting_for(session, "complaint", "complaint", record)
        assert first is not None
        session.add(Approval(
            matter="complaint", record_kind="complaint", record_id=record, title="x", route=first.route,
            asked_by_id=ctx.user.id, asked_at=first.asked_at, created_at=first.asked_at, amount=None,
        ))  # fmt: skip


def test_lists_cost_three_statements_whatever_waits(ctx: Context, who: Who) -> None:
    for _n in range(3):
        proposed(who("wu"))
    for login, show in (("boss", "waiting"), ("wu", "asked"), ("boss", "decided")):
        with count_queries(ctx) as seen:
            approvals.find_approvals(who(login), show=show)
        assert len(seen) <= 3, (show, seen)
    with count_queries(ctx) as seen:
        assert approvals.count_waiting(who("boss")) == 3
    assert len(seen) <= 2
    assert [case.title[:7] for case in approvals.find_approvals(ctx)] == ["2611-01", "2611-02", "2611-03"]
    assert len(approvals.find_approvals(ctx, "2611-02")) == 1
    assert approvals.find_approvals(ctx, "100%_") == []


def test_today_tells_who_decides_and_forgets_it_when_it_is_decided(ctx: Context, who: Who, clock: FixedClock) -> None:
    def told(login: str) -> list[str]:
        return [task.title for task in get_board(who(login)).tasks if task.duty == "approval"]

    proposed(who("wu"))
    assert [login for login in ALL if told(login)] == ["boss"]
    assert "2611-01" in told("boss")[0]
    (task,) = (task for task in get_board(who("boss")).tasks if task.duty == "approval")
    assert task.clause == the_one(ctx).clause in ctx.policy, "the clause of its route"
    stand_ins.set_away(ctx, who("mei").user.id, clock.today(), clock.today())
    assert [login for login in ALL if told(login)] == ["boss", "mei"]
    assert [login for login in ALL if approvals.count_waiting(who(login))] == ["boss", "mei"]
    approvals.decide(who("mei"), the_one(ctx).id, None, agree=True)
    assert not any(told(login) for login in ALL)


def test_who_had_no_part_sees_nothing_of_it(ctx: Context, who: Who) -> None:
    proposed(who("wu"))
    case = the_one(ctx)
    for show in approvals.FILTERS:
        assert approvals.find_approvals(who("wen"), show=show) == []
    assert approvals.get_approval(who("wen"), case.id).title == case.title, "complaints are everybody's"
    assert approvals.find_for(who("wen"), "complaint", case.record_id)[0].id == case.id
