"""Write-ups after following a customer, handed to the business manager (CRM-01, CRM-06, ORD-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, clean_lines
from crmdesk.model.archive import Follow
from crmdesk.model.call import Call
from crmdesk.model.customer import Customer, CustomerKind
from crmdesk.model.staff import StaffMember
from crmdesk.model.visit import Visit
from crmdesk.rules.rights import Right, rights_of
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.records import load_for_change, record_event

TEXT_LENGTH = 3000
LINE_LENGTH = 200
LOOK_BACK = timedelta(days=14)  # a visit older than that is no reminder any more
KNOWN = (CustomerKind.WHOLESALE, CustomerKind.FRANCHISE)  # whose sales a follower talks about each week (CRM-06)
WEEK = 7


@dataclass(frozen=True)
class FollowForm:
    """What is written up: the customer's information, how goods sell, suggestions, interest, what they think of us."""

    customer_id: int
    text: str
    sales: str = ""
    suggestion: str = ""
    interest: str = ""
    evaluation: str = ""
    visit_id: int | None = None
    call_id: int | None = None
    handed_to_id: int | None = None
    token: str = ""


class FollowRow(NamedTuple):
    """A write-up as the list shows it; moments in UTC."""

    id: int
    version: int
    at: datetime
    by: str
    text: str
    sales: str
    suggestion: str
    interest: str
    evaluation: str
    visit_id: int | None
    call_id: int | None
    handed_at: datetime | None
    handed_to: str


def write_up(ctx: Context, form: FollowForm) -> int:
    """Keep a write-up and return its id; handed to a manager at once where one is named (ORD-13)."""
    ctx.require(Right.CUSTOMER_EDIT)
    form = _checked(form)
    with ctx.transaction(N_("Write up"), token=form.token, of=Follow.KIND) as session:
        customer = load_for_change(session, Customer, form.customer_id, None)
        if customer.merged_into_id is not None:  # merged while the card was open: its visits and calls moved as well
            customer = load_for_change(session, Customer, customer.merged_into_id, None)
        _check_belongs(session, Visit, form.visit_id, customer.id)
        _check_belongs(session, Call, form.call_id, customer.id)
        now = ctx.clock.now()
        row = Follow(
            created_at=now, at=now, by_id=ctx.user.id, customer_id=customer.id, visit_id=form.visit_id,
            call_id=form.call_id, text=form.text, sales=form.sales, suggestion=form.suggestion,
            interest=form.interest, evaluation=form.evaluation,
        )  # fmt: skip
        session.add(row)
        session.flush()
        record_event(session, ctx, row, "written_up", N_("Written up"), note=form.text[:400])
        if form.handed_to_id is not None:
            _hand(session, ctx, row, form.handed_to_id)
        return row.id


def _check_belongs(session: Session, model: type[Visit] | type[Call], record_id: int | None, customer_id: int) -> None:
    if record_id is None:
        return
    if session.scalar(select(model.customer_id).where(model.id == record_id)) != customer_id:
        raise UserError(_("This record does not belong to the customer."))


def _checked(form: FollowForm) -> FollowForm:
    errors: dict[str, str] = {}
    values = {
        "text": clean_lines(form.text), "sales": clean_lines(form.sales), "suggestion": clean_lines(form.suggestion),
        "interest": clean(form.interest), "evaluation": clean(form.evaluation),
    }  # fmt: skip
    if not any(values.values()):
        errors["text"] = _("Please write down what you learned.")
    for name, value in values.items():
        limit = LINE_LENGTH if name in ("interest", "evaluation") else TEXT_LENGTH
        if said := check_length(value, limit):
            errors[name] = said
    if errors:
        raise ValidationError(errors)
    return FollowForm(
        form.customer_id, **values, visit_id=form.visit_id, call_id=form.call_id, handed_to_id=form.handed_to_id,
        token=form.token,
    )  # fmt: skip


def hand_over(ctx: Context, follow_id: int, version: int, to_id: int) -> None:
    """Hand a write-up to the business manager (ORD-13); UserError when it was handed over already."""
    ctx.require(Right.CUSTOMER_EDIT)
    with ctx.transaction(N_("Hand a write-up over")) as session:
        row = load_for_change(session, Follow, follow_id, version)
        if row.handed_at is not None:
            raise UserError(_("This is handed over already."))
        _hand(session, ctx, row, to_id)


def _hand(session: Session, ctx: Context, row: Follow, to_id: int) -> None:
    person = session.get(StaffMember, to_id)
    if person is None or not person.active or Right.MONTH not in rights_of(person.roles):
        raise ValidationError({"handed_to_id": _("Please choose a manager.")})
    row.handed_at, row.handed_to_id = ctx.clock.now(), to_id
    record_event(session, ctx, row, "handed", N_("Write-up handed to {name}"), values={"name": person.name})


def find_managers(ctx: Context) -> list[tuple[int, str]]:
    """Return who takes write-ups: those who read the month's figures."""
    ctx.require(Right.CUSTOMER_VIEW)
    query = select(StaffMember.id, StaffMember.name, StaffMember.roles).where(StaffMember.active)
    with ctx.reading() as session:
        rows = session.execute(query.order_by(StaffMember.name)).all()
    return [(row.id, row.name) for row in rows if Right.MONTH in rights_of(row.roles)]


def find_follows(ctx: Context, customer_id: int, *, limit: int = 100) -> list[FollowRow]:
    """Return the write-ups about a customer, the newest first (one statement)."""
    ctx.require(Right.CUSTOMER_VIEW)
    writer, manager = aliased(StaffMember), aliased(StaffMember)
    query = (
        select(
            Follow.id, Follow.version, Follow.at, writer.name, Follow.text, Follow.sales, Follow.suggestion,
            Follow.interest, Follow.evaluation, Follow.visit_id, Follow.call_id, Follow.handed_at, manager.name,
        )
        .outerjoin(writer, writer.id == Follow.by_id)
        .outerjoin(manager, manager.id == Follow.handed_to_id)
        .where(Follow.customer_id == customer_id)
        .order_by(Follow.at.desc(), Follow.id.desc())
        .limit(limit)
    )  # fmt: skip
    with ctx.reading() as session:
        return [FollowRow._make((*row[:-1], row[-1] or "")) for row in session.execute(query)]


class ToWrite(NamedTuple):
    """A visit that ended without a write-up (ORD-13); ``left_at`` in UTC."""

    visit_id: int
    number: str
    left_at: datetime


def find_visits_to_write(ctx: Context, customer_id: int) -> list[ToWrite]:
    """Return the customer's closed visits of late that nobody wrote up."""
    ctx.require(Right.CUSTOMER_VIEW)
    query = (
        select(Visit.id, Visit.number, Visit.left_at)
        .where(Visit.customer_id == customer_id, unwritten(ctx))
        .order_by(Visit.left_at.desc())
        .limit(5)
    )
    with ctx.reading() as session:
        return [ToWrite(row.id, row.number, row.left_at) for row in session.execute(query)]


# duties -------------------------------------------------------------------------------------------------------------


def unwritten(ctx: Context) -> ColumnElement[bool]:
    """A visit ended, the customer is known, and nobody wrote it up."""
    since = day_bounds(ctx.clock)[0] - LOOK_BACK
    return (
        (Visit.left_at >= since)
        & (Visit.state == "left")
        & Visit.customer_id.is_not(None)
        & ~exists().where(Follow.visit_id == Visit.id)
    )


def term_of(ctx: Context) -> tuple[date, date]:
    """Return first and last day of the term in which each customer one knows is to be contacted once (CRM-06).

    The week from Monday on; where the manager asks for more contacts a week, the part of it today lies in.
    """
    today = ctx.clock.today()
    monday = today - timedelta(days=today.weekday())
    contacts = max(1, min(WEEK, ctx.policy.number("CRM-06", "contacts")))
    length = WEEK // contacts
    part = min((today - monday).days // length, contacts - 1)
    first = monday + timedelta(days=part * length)
    last = monday + timedelta(days=WEEK - 1) if part == contacts - 1 else first + timedelta(days=length - 1)
    return first, last


def uncontacted(ctx: Context) -> ColumnElement[bool]:
    """A shop somebody looks after, with which nothing happened in this term."""
    first = day_bounds(ctx.clock, term_of(ctx)[0])[0]
    return (
        Customer.active
        & Customer.merged_into_id.is_(None)
        & Customer.owner_id.is_not(None)
        & Customer.kind.in_([str(kind) for kind in KNOWN])
        & (Customer.last_contact_at.is_(None) | (Customer.last_contact_at < first))
    )
