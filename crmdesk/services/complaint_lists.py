"""Complaints as lists and figures, one complaint as a case, and a new one with what is known already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import clean
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.staff import StaffMember
from crmdesk.model.visit import Visit
from crmdesk.rules import complaints as rules
from crmdesk.rules.rights import Right
from crmdesk.services.complaint_approval import waiting_facts
from crmdesk.services.complaint_due import OPEN_STATES, due_of, finish_come, row_due, stood_of_open
from crmdesk.services.complaint_forms import ComplaintCase, ComplaintCounts, ComplaintForm, ComplaintRow
from crmdesk.services.complaint_steps import facts_of, find_stages, find_steps
from crmdesk.services.context import Context
from crmdesk.services.deadlines import Stood, pauses_of
from crmdesk.services.list_order import Sort, Sorts, in_order, ranked
from crmdesk.services.papers import papers_of
from crmdesk.services.records import story_of
from crmdesk.services.steps import done_from
from crmdesk.services.undo import offer_undo

#: The filters of the list, in the order the window shows them.
FILTERS: dict[str, str] = {
    "open": N_("Not closed"),
    "overdue": N_("Overdue"),
    "mine": N_("Mine"),
    "major": N_("Major"),
    "closed": N_("Closed"),
    "all": N_("All"),
}
_READ_THROUGH = 20_000  # the newest closed ones whose texts are searched word by word


def _late(ctx: Context, now: datetime, stood: Mapping[int, Stood]) -> Any:
    return or_(Complaint.next_reply_at.is_(None), Complaint.next_reply_at < now, finish_come(ctx, now, stood))


_HANDLER = aliased(StaffMember)
_SORTS: Sorts = {
    "number": Complaint.number, "severity": ranked(Complaint.severity, ("major",)),
    "complainant": Complaint.complainant, "title": Complaint.title, "handler": _HANDLER.name,
    "next_reply": case((Complaint.state != "closed", Complaint.next_reply_at)),
    "state": ranked(Complaint.state, rules.MACHINE.states),
}  # fmt: skip


def find_complaints(
    ctx: Context, query: str = "", *, show: str = "open", customer_id: int | None = None, limit: int = 500,
    sort: Sort | None = None,
) -> list[ComplaintRow]:
    """Return complaints: open ones first with the overdue on top, then closed ones; or by the column ``sort``.

    ``show`` is a key of FILTERS; ``query`` a number, an item code, or words of the name or the matter. At most three
    statements.
    """
    ctx.require(Right.COMPLAINT_OPEN)
    now = ctx.clock.now()
    rows: list[ComplaintRow] = []
    with ctx.reading() as session:
        stood = stood_of_open(session) if show != "closed" else {}
        late = _late(ctx, now, stood)
        base = _base(query, customer_id)
        being, closed = _open_shown(ctx, show, late), _closed_shown(show, query)
        if sort is not None and sort[0] in _SORTS:
            both = base.where(or_(*(part for part in (being, closed) if part is not None)))
            found = session.execute(in_order(both, sort, _SORTS, Complaint.id).limit(limit))
            return [_row(ctx, record, name, now, stood) for record, name in found]
        if being is not None:
            order = (case((late, 0), else_=1), Complaint.next_reply_at, Complaint.id)
            found = session.execute(base.where(being).order_by(*order).limit(limit))
            rows += [_row(ctx, record, name, now, stood) for record, name in found]
        if closed is not None:
            last = base.where(closed).order_by(Complaint.received_at.desc(), Complaint.id.desc())
            found = session.execute(last.limit(limit - len(rows)))
            rows += [_row(ctx, record, name, now, {}) for record, name in found]
    return rows


def _open_shown(ctx: Context, show: str, late: Any) -> Any:
    """Return which open complaints a filter shows, None for none."""
    if show == "closed":
        return None
    is_open = Complaint.state.in_(OPEN_STATES)
    if show == "overdue":
        return and_(is_open, late)
    if show == "mine":
        mine = and_(Complaint.handler_id.is_(None), Complaint.received_by_id == ctx.user.id)
        return and_(is_open, or_(Complaint.handler_id == ctx.user.id, mine))
    return and_(is_open, Complaint.severity == "major") if show == "major" else is_open


def _closed_shown(show: str, query: str) -> Any:
    """Return which closed complaints a filter shows, None for none; who searches among the open ones means all."""
    if show not in ("closed", "all", "major") and not (query and show == "open"):
        return None
    closed = Complaint.state == "closed"
    if clean(query):
        recent = select(Complaint.id).order_by(Complaint.received_at.desc()).limit(_READ_THROUGH)
        closed = and_(closed, Complaint.id.in_(recent.scalar_subquery()))
    return and_(closed, Complaint.severity == "major") if show == "major" else closed


def _base(query: str, customer_id: int | None) -> Any:
    wanted: Any = select(Complaint, _HANDLER.name).outerjoin(_HANDLER, _HANDLER.id == Complaint.handler_id)
    if customer_id is not None:
        wanted = wanted.where(Complaint.customer_id == customer_id)
    words = clean(query)
    if words:
        like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Complaint.complainant, Complaint.title, Complaint.item_code, Complaint.phone, Complaint.number)
        wanted = wanted.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
    return wanted


def _row(
    ctx: Context, complaint: Complaint, handler: str | None, now: datetime, stood: Mapping[int, Stood]
) -> ComplaintRow:
    due = row_due(ctx, complaint, stood) if complaint.state != "closed" else None
    due_at = complaint.was_due_at if due is None else due.at
    late = complaint.state != "closed" and (
        complaint.next_reply_at is None
        or complaint.next_reply_at < now
        or (due is not None and not due.paused and due.at <= now)
    )
    return ComplaintRow(
        complaint.id, complaint.number, complaint.received_at, complaint.complainant, complaint.title, complaint.kind,
        complaint.severity, complaint.state, rules.MACHINE.label(complaint.state), complaint.department, handler or "",
        complaint.next_reply_at, due_at, late, complaint.version,
    )  # fmt: skip


def count_open(ctx: Context) -> ComplaintCounts:
    """Return the figures of the rail and of the page's title, in two statements."""
    ctx.require(Right.COMPLAINT_OPEN)
    now = ctx.clock.now()
    today = ctx.clock.today()
    first = datetime(today.year, today.month, 1, tzinfo=ctx.clock.zone)
    is_open = Complaint.state.in_(OPEN_STATES)
    with ctx.reading() as session:
        stood = stood_of_open(session)
        counts = session.execute(
            select(
                select(func.count(Complaint.id)).where(is_open).scalar_subquery(),
                select(func.count(Complaint.id)).where(is_open, _late(ctx, now, stood)).scalar_subquery(),
                select(func.count(Complaint.id)).where(Complaint.received_at >= first).scalar_subquery(),
            )
        ).one()
    return ComplaintCounts(*counts)


def get_complaint(ctx: Context, complaint_id: int) -> ComplaintCase:
    """Return one complaint with its story, stages, papers and what may follow; UserError when there is none."""
    ctx.require(Right.COMPLAINT_OPEN)
    taker, handler = aliased(StaffMember), aliased(StaffMember)
    query = (
        select(Complaint, taker.name, handler.name, Customer.name, Customer.region)
        .join(taker, taker.id == Complaint.received_by_id)
        .outerjoin(handler, handler.id == Complaint.handler_id)
        .outerjoin(Customer, Customer.id == Complaint.customer_id)
        .where(Complaint.id == complaint_id)
    )
    with ctx.reading() as session:
        found = session.execute(query).first()
        if found is None:
            raise UserError(_("This record does not exist any more."))
        c, taken_by, handled_by, customer, region = found
        story = tuple(story_of(session, Complaint.KIND, c.id))
        papers = tuple(papers_of(session, Complaint.KIND, c.id))
        pauses = pauses_of(session, Complaint.KIND, (c.id,)).get(c.id, ())
        asked = waiting_facts(session, ctx, c) if c.state == "proposed" else {}
    done = done_from(line.action for line in reversed(story) if line.to_state)
    facts = facts_of(ctx, c) | asked | {"done": done}
    return ComplaintCase(
        id=c.id, version=c.version, number=c.number, form=_form_of(c), customer_name=customer or c.complainant,
        customer_region=region or "", received_at=c.received_at, received_by=taken_by, severity=c.severity,
        affected=c.affected, item_name=c.item_name, valid=c.valid, department=c.department, handler_id=c.handler_id,
        handler=handled_by or "", cause=c.cause, proposal=c.proposal, remedy=c.remedy, loss=c.loss,
        allowance=c.allowance, improvement=c.improvement, reply=c.reply, manager_told=c.manager_told,
        due=due_of(ctx, c, pauses), not_reached=c.not_reached, satisfied=c.satisfied, closed_at=c.closed_at,
        was_due_at=c.was_due_at, state=c.state,
        state_title=rules.MACHINE.label(c.state), facts=facts, steps=find_steps(ctx, c.state, facts),
        stages=find_stages(ctx, c, story, pauses), story=story, papers=papers,
        undo=offer_undo(ctx, Complaint.KIND, story),
    )  # fmt: skip


def _form_of(c: Complaint) -> ComplaintForm:
    return ComplaintForm(
        complainant=c.complainant, title=c.title, next_reply_at=c.next_reply_at, phone=c.phone, story=c.story,
        wish=c.wish, kind=c.kind, channel=c.channel, domestic=c.domestic, item_code=c.item_code,
        sale_number=c.sale_number, quantity=c.quantity, faulty=c.faulty,
        clears=tuple(tick.key for tick in rules.CLEARS if c.clears.get(tick.key)), customer_id=c.customer_id,
        call_id=c.call_id, visit_id=c.visit_id,
    )  # fmt: skip


def prefill(
    ctx: Context, *, customer_id: int | None = None, call_id: int | None = None, visit_id: int | None = None
) -> ComplaintForm:
    """Return a new complaint with what the customer, the call or the visit say already; at most four statements."""
    ctx.require(Right.COMPLAINT_OPEN)
    name = phone = title = ""
    channel = "phone"
    with ctx.reading() as session:
        if call_id is not None and (call := session.get(Call, call_id)) is not None:
            name, phone, title = call.caller_name, call.phone, call.matter
            customer_id = customer_id or call.customer_id
        if visit_id is not None and (visit := session.get(Visit, visit_id)) is not None:
            name, channel = name or visit.visitor_name, "visit"
            customer_id = customer_id or visit.customer_id
        domestic = True
        if customer_id is not None and (customer := session.get(Customer, customer_id)) is not None:
            name = customer.name
            first = select(CustomerPhone.number).where(CustomerPhone.customer_id == customer_id)
            phone = phone or session.scalar(first.order_by(CustomerPhone.position).limit(1)) or ""
    first_line = title.split("\n")[0]
    return ComplaintForm(
        complainant=name, title=first_line[:120], phone=phone, channel=channel, domestic=domestic,
        story=title if title != first_line[:120] else "", customer_id=customer_id, call_id=call_id, visit_id=visit_id,
    )  # fmt: skip
