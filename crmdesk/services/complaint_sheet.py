"""The complaint form in the copies its regulation orders, frozen as it stands (CMP-24, CMP-27 … CMP-36)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from crmdesk.core.dates import format_moment
from crmdesk.core.i18n import N_, _, using
from crmdesk.core.money import format_money
from crmdesk.model.complaint import Complaint
from crmdesk.model.paper import Paper, PrintJob
from crmdesk.model.staff import StaffMember
from crmdesk.printing.documents import Approval, ComplaintSheet, ComplaintStage
from crmdesk.printing.frozen import to_json
from crmdesk.rules.deadlines import Pause
from crmdesk.rules.pack_tables import in_language
from crmdesk.rules.rights import Right
from crmdesk.services.complaint_due import due_of
from crmdesk.services.complaint_forms import REMEDIES
from crmdesk.services.complaint_steps import due_limit_days, find_stages
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of, pauses_of
from crmdesk.services.papers import freeze, letterhead
from crmdesk.services.records import StoryLine, load_for_change, story_of


def freeze_sheet(ctx: Context, complaint_id: int) -> int:
    """Freeze the form as the complaint stands now and return the paper's id, for the office only (CMP-36).

    What was printed stays as it was printed: when the case has moved on, the form becomes a new edition.
    """
    ctx.require(Right.COMPLAINT_OPEN)
    with ctx.transaction(N_("Fill in complaint form")) as session:
        complaint = load_for_change(session, Complaint, complaint_id, None)
        story = story_of(session, Complaint.KIND, complaint_id)
        taker = session.scalar(select(StaffMember.name).where(StaffMember.id == complaint.received_by_id)) or ""
        pauses = pauses_of(session, Complaint.KIND, (complaint.id,)).get(complaint.id, ())
        with using(ctx.office.language):
            document = _document(ctx, complaint, story, taker, pauses)
        printed = func.count(PrintJob.id).filter(PrintJob.state == "printed")
        last = session.execute(
            select(Paper, printed)
            .outerjoin(PrintJob, PrintJob.paper_id == Paper.id)
            .where(Paper.kind == "complaint_sheet", Paper.number == complaint.number)
            .group_by(Paper.id).order_by(Paper.part.desc()).limit(1)
        ).first()  # fmt: skip
        part = 0
        if last is not None:
            paper, times = last
            if paper.document == to_json(document):
                return int(paper.id)
            part = paper.part + 1 if times else paper.part
        return freeze(session, ctx, "complaint_sheet", complaint.number, document, complaint, part=part).id


def _document(
    ctx: Context, complaint: Complaint, story: list[StoryLine], taker: str, pauses: Sequence[Pause]
) -> ComplaintSheet:
    local = ctx.clock.local
    currency = ctx.office.currency

    def money(amount: Decimal) -> str:
        return format_money(amount, currency) if amount else ""

    def told(action: str) -> StoryLine | None:
        return next((line for line in story if line.action == action), None)

    limited = "CMP-29" in ctx.policy
    receivers, register = _receivers(ctx)
    approved, sent_back = told("approve"), told("send_back")
    decided = approved or sent_back
    decision = "" if decided is None else (_("approved") if approved else _("sent back"))
    said = decided.note if decided and decided.note else decision
    opinions = {0: complaint.story, 1: complaint.cause, 2: complaint.proposal, 3: said}
    stages = [
        ComplaintStage(
            stage.name, stage.limit, opinions.get(place, ""),
            local(stage.begun_at).replace(tzinfo=None) if stage.begun_at else None,
            local(stage.ended_at).replace(tzinfo=None) if stage.ended_at else None,
            stage.used, stage.by,
        )
        for place, stage in enumerate(find_stages(ctx, complaint, story, pauses))
        if stage.limit or not limited  # the form has boxes for the units that CMP-29 limits
    ]  # fmt: skip
    if limited:  # the form's other two units: to be written in by hand, or not asked once it is decided (CMP-28)
        stages[2:2] = [
            ComplaintStage(name, ctx.policy.decimal("CMP-29", key), skipped=decided is not None)
            for name, key in ((_("Production"), "production_days"), (_("Research"), "research_days"))
        ]
    approval = Approval(
        _("Manager"),
        signed_by=decided.by if decided else "",
        on=local(decided.at).date() if decided else None,
        decision=decision,
    )
    called, answered = told("call_back"), told("tell") or told("not_upheld")
    calendar = calendar_of(ctx)
    closed_on = local(complaint.closed_at).date() if complaint.closed_at else None
    due = due_of(ctx, complaint, pauses) if complaint.state != "closed" else None
    due_at = due.at if due is not None else complaint.was_due_at
    due_on = local(due_at).date() if due_at else None
    received_on = local(complaint.received_at).date()
    return ComplaintSheet(
        office=letterhead(ctx), number=complaint.number, accepted_at=_naive(local(complaint.received_at)),
        customer=complaint.complainant, contact=complaint.phone, foreign=not complaint.domestic,
        quality=complaint.kind == "quality", severe=complaint.severity == "major", due_on=due_on,
        due_days=due_limit_days(ctx, complaint), first_heard_by=taker,
        first_heard_at=_naive(local(complaint.received_at)), order_number=complaint.sale_number,
        item=" ".join(part for part in (complaint.item_code, complaint.item_name) if part),
        quantity=str(complaint.quantity or ""), defective=str(complaint.faulty or ""), demand=complaint.wish,
        content=complaint.story or complaint.title, business_opinion=complaint.proposal, filled_by=taker,
        filled_on=received_on, stages=tuple(stages), liable_unit=complaint.department, follow_up=complaint.improvement,
        exchange=_(REMEDIES[complaint.remedy]) if complaint.remedy in REMEDIES else "",
        loss=money(complaint.loss), allowance=money(complaint.allowance), approvals=(approval,),
        answered=format_moment(local(answered.at)) if answered else "",
        next_reply=format_moment(local(complaint.next_reply_at)) if complaint.next_reply_at else "",
        called_back_on=local(called.at).date() if called else None, satisfied=complaint.satisfied,
        closed_on=closed_on,
        closed_working_day=max(1, calendar.working_days_between(received_on, closed_on)) if closed_on else None,
        overdue_days=max(0, (closed_on - due_on).days) if closed_on and due_on else 0,
        receivers=receivers, register=register,
    )  # fmt: skip


def _receivers(ctx: Context) -> tuple[tuple[str, ...], bool]:
    """Return who gets the copies (CMP-34), and whether it is the register of an office without the factory's form."""
    copies = ctx.policy.copies("complaint_sheet")
    register = copies is None
    if copies is None:
        copies = ctx.policy.copies("complaint_register")
    receivers = tuple(in_language(receiver, ctx.office.language) for receiver in copies.receivers) if copies else ()
    return receivers or (_("General department"),), register


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
