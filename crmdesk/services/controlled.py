"""Controlled prints: a paper with the office's secrets is printed only after approval, stamped, for one receiver.

Each approval allows one printing, to the one who asked, while its term lasts (SEC-03, SEC-15). When the term is over
the paper comes back or is destroyed, and somebody says so.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.approval import Approval, ApprovalStep
from crmdesk.model.paper import Paper
from crmdesk.printing.control import Control
from crmdesk.services import approval_steps
from crmdesk.services.context import Context
from crmdesk.services.records import load_for_change, record_event

MATTER = "controlled_print"
CLAUSE = "SEC-03"
#: The papers that hold what the office keeps secret; slips and receipts go to the customer they are about.
KINDS = {"monthly_report": N_("Monthly report")}
_WHERE = {"month": "month"}  # the page that opens the record of such a paper


class NotApproved(UserError):
    """The paper may be printed only after approval; the window offers to ask for it."""

    def __init__(self, paper_id: int) -> None:
        words = _("This paper is controlled: it is printed after approval, for one receiver and a term.")
        super().__init__(words, clause=CLAUSE)
        self.paper_id = paper_id


def is_controlled(ctx: Context, kind: str) -> bool:
    """Whether the office lets this kind of paper be printed only after approval."""
    return kind in KINDS and CLAUSE in ctx.policy


def place(approval: Approval) -> tuple[str, dict[str, Any]]:
    """Return the page and arguments that open what is printed."""
    return _WHERE.get(approval.record_kind, approval.record_kind), {"id": approval.record_id}


def follow(session: Session, ctx: Context, approval: Approval, reason: str) -> None:
    """Nothing moves by itself: who asked prints."""


def ask(ctx: Context, paper_id: int, *, receiver: str, until: date | None, reason: str) -> int:
    """Ask for the printing of a controlled paper and return the asking's id.

    ValidationError by field: ``receiver`` (who signs for it), ``until`` (its term), ``reason``.
    """
    ctx.require_staff()
    receiver, reason = clean(receiver), clean(reason)
    errors: dict[str, str] = {}
    if not receiver:
        errors["receiver"] = _("Please enter who receives the paper.")
    elif said := check_length(receiver, 60):
        errors["receiver"] = said
    if until is None or until < ctx.clock.today():
        errors["until"] = _("Please enter until when it may be used, today or later.")
    if not reason:
        errors["reason"] = _("Please write down the reason.")
    elif said := check_length(reason, 400):
        errors["reason"] = said
    if errors or until is None:
        raise ValidationError(errors, clause=CLAUSE)
    with ctx.transaction(N_("Ask for a controlled print")) as session:
        paper = session.get(Paper, paper_id)
        if paper is None:
            raise UserError(_("This record does not exist any more."))
        ctx.require_to_see(paper.record_kind)
        approval = approval_steps.ask(
            session, ctx, MATTER, (paper.record_kind, paper.record_id), reason=reason,
            title=f"{_(KINDS[paper.kind])} {paper.number}",
            terms={"kind": paper.kind, "receiver": receiver, "until": until.isoformat(), "job": None},
        )  # fmt: skip
        if approval is None:
            raise UserError(_("The regulation of this office does not say who decides this."), clause=CLAUSE)
        return approval.id


def permit(session: Session, ctx: Context, paper: Paper) -> Approval | None:
    """Return the approval a controlled paper is printed by; None for other papers, NotApproved without one."""
    if not is_controlled(ctx, paper.kind):
        return None
    today = ctx.clock.today().isoformat()
    for approval in _approved(session, paper):
        terms = approval.terms
        if approval.asked_by_id == ctx.user.id and terms["job"] is None and terms["until"] >= today:
            return approval
    raise NotApproved(paper.id)


def use(approval: Approval, job_id: int) -> None:
    """Bind an approval to the printing it allowed."""
    approval.terms = {**approval.terms, "job": job_id}
    approval.term_on = date.fromisoformat(approval.terms["until"])


def give_back(ctx: Context, approval_id: int, *, destroyed: bool = False) -> None:
    """Write down that a controlled print came back or was destroyed; UserError when none is out (SEC-03).

    Who asked for it or decided on it may; PermissionDenied for others.
    """
    ctx.require_staff()
    with ctx.transaction(N_("Controlled print comes back")) as session:
        approval = load_for_change(session, Approval, approval_id, None)
        if approval.term_on is None:
            raise UserError(_("This paper is not out."), clause=CLAUSE)
        if ctx.user.id not in _who_may(session, approval):
            raise PermissionDenied()
        today = ctx.clock.today().isoformat()
        approval.term_on = None
        approval.terms = {**approval.terms, "back": today, "back_by": ctx.user.name, "destroyed": destroyed}
        title = N_("Controlled print destroyed") if destroyed else N_("Controlled print came back")
        record_event(session, ctx, approval, "back", title)


def _who_may(session: Session, approval: Approval) -> set[int | None]:
    query = select(ApprovalStep.by_id).where(ApprovalStep.approval_id == approval.id, ApprovalStep.by_id.is_not(None))
    return {approval.asked_by_id, *session.scalars(query)}


def mark_of(session: Session, paper: Paper, job_id: int) -> Control | None:
    """Return the stamp of a printing: receiver and term; None when the paper wasn't controlled."""
    if paper.kind not in KINDS:
        return None
    for approval in _approved(session, paper):
        if approval.terms["job"] == job_id:
            return Control(approval.terms["receiver"], date.fromisoformat(approval.terms["until"]))
    return None


def _approved(session: Session, paper: Paper) -> list[Approval]:
    query = select(Approval).where(
        Approval.record_kind == paper.record_kind, Approval.record_id == paper.record_id,
        Approval.matter == MATTER, Approval.state == "approved",
    )  # fmt: skip
    return [a for a in session.scalars(query.order_by(Approval.id)) if a.terms["kind"] == paper.kind]
