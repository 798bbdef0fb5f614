"""The proposal of a complaint and its approval: asked with the proposal, decided by the chain, followed by the case.

Who decides is data of the regulation: the manager (CMP-47), or by amount up to the general manager (CMP-32, CMP-45).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_
from crmdesk.core.text import clean_lines
from crmdesk.model.approval import Approval
from crmdesk.model.complaint import Complaint
from crmdesk.rules.machines import machine_for
from crmdesk.rules.pack_tables import in_language
from crmdesk.rules.transitions import apply
from crmdesk.services import approval_steps
from crmdesk.services.approval_steps import route_kept
from crmdesk.services.complaint_steps import facts_of
from crmdesk.services.context import Context
from crmdesk.services.records import record_event, touch
from crmdesk.services.stand_ins import read_hands
from crmdesk.services.steps import done_facts

MATTER = "complaint"
#: What the approval's outcome does to the complaint.
STEPS = {"approved": "approve", "refused": "send_back", "withdrawn": "withdraw"}
ACTIONS = tuple(STEPS.values())
_TITLES = {
    "approve": N_("Proposal approved"),
    "send_back": N_("Proposal sent back"),
    "withdraw": N_("Proposal withdrawn"),
}


def place(approval: Approval) -> tuple[str, dict[str, Any]]:
    """Return the page and arguments that open the complaint."""
    return "complaints", {"id": approval.record_id}


def ask(session: Session, ctx: Context, complaint: Complaint, asked_by: int | None = None) -> Approval | None:
    """Ask for the approval of what is proposed; the amount is what it costs: the loss and what is given."""
    return approval_steps.ask(
        session, ctx, MATTER, (complaint.KIND, complaint.id), title=f"{complaint.number} {complaint.title}",
        amount=complaint.loss + complaint.allowance, reason=complaint.proposal, asked_by=asked_by,
    )  # fmt: skip


def take(session: Session, ctx: Context, complaint: Complaint, action: str, given: Mapping[str, Any]) -> None:
    """Approve, send back or withdraw what waits; the complaint moves when it is decided.

    A proposal that came from elsewhere without its asking is asked for by who handles the complaint.
    """
    approval = approval_steps.waiting_for(session, MATTER, complaint.KIND, complaint.id)
    if approval is None:
        approval = ask(session, ctx, complaint, complaint.handler_id or complaint.received_by_id)
    assert approval is not None  # somebody always decides on a complaint
    reason = clean_lines(str(given.get("reason") or given.get("note") or ""))
    if action == "withdraw":
        approval_steps.withdraw(session, ctx, approval)
    else:
        approval_steps.decide(session, ctx, approval, agree=action == "approve", reason=reason)
    _move(session, ctx, complaint, approval, reason)


def follow(session: Session, ctx: Context, approval: Approval, reason: str) -> None:
    """Let the complaint follow a decision made elsewhere."""
    complaint = session.get(Complaint, approval.record_id)
    if complaint is not None and complaint.state == "proposed":
        _move(session, ctx, complaint, approval, reason)


def _move(session: Session, ctx: Context, complaint: Complaint, approval: Approval, reason: str) -> None:
    if approval.state == "waiting":
        rung = route_kept(approval).rungs[approval.level]
        title = in_language(rung.title, ctx.office.language)
        record_event(
            session, ctx, complaint, "hand_on", N_("Agreed; it goes on to: {title}"), values={"title": title},
            note=reason,
        )  # fmt: skip
        touch(complaint)  # who saw the level before has to look again
        return
    action, before = STEPS[approval.state], complaint.state
    machine = machine_for(ctx.policy, "complaint")
    row = machine.transition(before, action)
    # Who decides may, whatever the role: the approval has asked already.
    rights = {row.right} if row is not None else set()
    facts = facts_of(ctx, complaint, {"reason": reason}) | done_facts(session, ctx, "complaint", complaint.id)
    complaint.state = apply(machine, before, action, rights, facts)
    complaint.stage_at = ctx.clock.now()
    if action == "send_back":
        complaint.proposal = ""
    record_event(
        session, ctx, complaint, action, _TITLES[action], note=reason, from_state=before, to_state=complaint.state
    )


def waiting_facts(session: Session, ctx: Context, complaint: Complaint) -> dict[str, Any]:
    """Return whether the user may decide on a proposal, and whether it was the user who asked."""
    approval = approval_steps.waiting_for(session, MATTER, complaint.KIND, complaint.id)
    asker = complaint.handler_id or complaint.received_by_id if approval is None else approval.asked_by_id
    roles = read_hands(session, ctx).roles_of(ctx.user.id, asker)
    level = 0 if approval is None else approval.level
    route = approval_steps.route_today(ctx, MATTER) if approval is None else route_kept(approval)
    assert route is not None  # somebody always decides on a complaint
    return {"may_decide": route.rungs[level].role in roles, "asked_by_me": ctx.user.id == asker}
