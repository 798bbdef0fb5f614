"""The card of a customer (客戶檔案): what every desk must know of him, read at once (CRM-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.model.repair import Repair
from crmdesk.model.sale import LedgerEntry, Sale
from crmdesk.model.staff import StaffMember
from crmdesk.rules.archive import CARD_FIELDS
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, form_of
from crmdesk.services.records import StoryLine, closed_kinds, story_line

RECENT = 6  # lines of the time line on the card
PROMISED = 5  # call-backs on the card
_NOT_BOUGHT = ("draft", "void")


class PromisedCall(NamedTuple):
    """A call back that was promised and not yet made."""

    call_id: int
    callback_at: datetime
    matter: str


@dataclass(frozen=True)
class CustomerCard:
    """All a desk must know of a customer, in one value."""

    id: int
    code: str
    version: int
    created_at: datetime
    form: CustomerForm
    owner_name: str
    last_contact_at: datetime | None
    balance: Decimal
    bought_this_year: Decimal
    sales: int
    open_repairs: int
    open_complaints: int
    callbacks: tuple[PromisedCall, ...]
    recent: tuple[StoryLine, ...]
    percent: int = 0  # how full the whole archive is (CRM-20)

    @property
    def name(self) -> str:
        """Return the customer's name."""
        return self.form.name

    @property
    def company(self) -> str:
        """Return the shop's name, '' if there is none."""
        return self.form.company

    @property
    def kind(self) -> str:
        """Return what the customer is to the office."""
        return self.form.kind

    @property
    def grade(self) -> str:
        """Return the price grade, '' if there is none."""
        return self.form.grade

    @property
    def region(self) -> str:
        """Return where the customer is from."""
        return self.form.region

    @property
    def address(self) -> str:
        """Return the address."""
        return self.form.address

    @property
    def phone(self) -> str:
        """Return the first number with its extension, '' if there is none."""
        if not self.form.phones:
            return ""
        first = self.form.phones[0]
        return f"{first.number} #{first.extension}" if first.extension else first.number

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the main fields that are still empty, in the form's order."""
        return tuple(name for name in CARD_FIELDS if not getattr(self.form, name))

    @property
    def over_limit(self) -> bool:
        """Whether the customer owes more than was agreed."""
        return self.form.credit_limit > 0 and self.balance > self.form.credit_limit


def get_customer(ctx: Context, customer_id: int) -> CustomerCard:
    """Return the card of a customer, its figures summed now (at most six statements)."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        promised = session.execute(
            select(Call.id.label("record_id"), Call.callback_at.label("at"), Call.matter.label("words"))
            .where(Call.customer_id == customer_id, Call.callback_at.is_not(None), Call.callback_done_at.is_(None))
            .order_by(Call.callback_at)
            .limit(PROMISED)
        ).all()
        card = read_card(session, ctx, customer_id, promised=promised)
    return card if card.id == customer_id else get_customer(ctx, card.id)


def read_card(session: Session, ctx: Context, customer_id: int, *, promised: Sequence[Any]) -> CustomerCard:
    """Return the card with five statements; ``promised`` are the call-backs, as rows of record_id, at and words."""
    row = session.execute(
        select(Customer, StaffMember.name)
        .outerjoin(StaffMember, StaffMember.id == Customer.owner_id)
        .where(Customer.id == customer_id)
        .options(selectinload(Customer.phones), selectinload(Customer.contacts))
    ).first()
    if row is None:
        raise UserError(_("This customer does not exist any more."))
    customer: Customer = row[0]
    if customer.merged_into_id is not None:  # an old link opens the card that took this one in
        return read_card(session, ctx, customer.merged_into_id, promised=promised)
    figures = session.execute(_figures(ctx, customer_id)).one()
    happened = session.scalars(_recent(ctx, customer_id)).all()
    first = sorted(promised, key=lambda call: call.at)[:PROMISED]
    return CustomerCard(
        id=customer.id,
        code=customer.code,
        version=customer.version,
        created_at=customer.created_at,
        form=form_of(customer, customer.phones, customer.contacts),
        owner_name=row[1] or "",
        last_contact_at=customer.last_contact_at,
        balance=Decimal(figures.balance or 0),
        bought_this_year=Decimal(figures.bought or 0),
        sales=figures.sales,
        open_repairs=figures.repairs,
        open_complaints=figures.complaints,
        callbacks=tuple(PromisedCall(call.record_id, call.at, call.words) for call in first),
        recent=tuple(story_line(event) for event in happened),
        percent=customer.filled,
    )


def _figures(ctx: Context, customer_id: int) -> Select[*tuple[Any, ...]]:
    first_day = ctx.clock.local(ctx.clock.now()).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    bought = select(func.sum(Sale.total)).where(
        Sale.customer_id == customer_id, Sale.printed_at >= first_day, Sale.state.not_in(_NOT_BOUGHT)
    )
    return select(
        select(func.sum(LedgerEntry.amount))
        .where(LedgerEntry.customer_id == customer_id)
        .scalar_subquery()
        .label("balance"),
        bought.scalar_subquery().label("bought"),
        select(func.count()).select_from(Sale).where(Sale.customer_id == customer_id).scalar_subquery().label("sales"),
        select(func.count())
        .select_from(Repair)
        .where(Repair.customer_id == customer_id, Repair.closed_at.is_(None))
        .scalar_subquery()
        .label("repairs"),
        select(func.count())
        .select_from(Complaint)
        .where(Complaint.customer_id == customer_id, Complaint.closed_at.is_(None))
        .scalar_subquery()
        .label("complaints"),
    )


def _recent(ctx: Context, customer_id: int) -> Select[Event]:
    return (
        select(Event)
        .where(Event.customer_id == customer_id, Event.kind.not_in(closed_kinds(ctx)))
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(RECENT)
    )


class DealRow(NamedTuple):
    """A slip or a repair of a customer; ``at`` in UTC, ``state`` as its machine names it."""

    id: int
    number: str
    at: datetime
    what: str
    amount: Decimal
    state: str


def find_customer_sales(ctx: Context, customer_id: int, *, limit: int = 200) -> list[DealRow]:
    """Return a customer's slips, the newest first; those without a number are still being written."""
    ctx.require(Right.CUSTOMER_VIEW)
    query = (
        select(Sale.id, Sale.number, Sale.opened_at, Sale.remark, Sale.total, Sale.state)
        .where(Sale.customer_id == customer_id)
        .order_by(Sale.opened_at.desc())
        .limit(limit)
    )
    with ctx.reading() as session:
        return [DealRow(s.id, s.number or "", s.opened_at, s.remark, s.total, s.state) for s in session.execute(query)]


def find_customer_repairs(ctx: Context, customer_id: int, *, limit: int = 200) -> list[DealRow]:
    """Return a customer's repairs, the newest first; ``what`` is the piece, ``amount`` the fee."""
    ctx.require(Right.CUSTOMER_VIEW)
    query = (
        select(Repair.id, Repair.number, Repair.received_at, Repair.item_name, Repair.fee, Repair.state)
        .where(Repair.customer_id == customer_id)
        .order_by(Repair.received_at.desc())
        .limit(limit)
    )
    with ctx.reading() as session:
        return [DealRow(*row) for row in session.execute(query)]
