"""Reading sales slips: the card of one, the list, the last prices of a customer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.packing import Packing, PackingReturn
from crmdesk.model.sale import LedgerEntry, Payment, Sale, SaleLine
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.rules.sales import MACHINE
from crmdesk.services.context import Context
from crmdesk.services.customer_search import find_people
from crmdesk.services.list_order import Sort, Sorts, in_order, ranked
from crmdesk.services.papers import PaperRow, papers_of
from crmdesk.services.sale_returns import OPEN, refundable, settled_balance, unsigned
from crmdesk.services.sale_sums import Sums, sum_up

ZERO = Decimal(0)
TONES = {"draft": "neutral", "printed": "info", "packing": "info", "paid": "ok", "done": "ok", "void": "danger"}


@dataclass(frozen=True)
class SaleLineForm:
    """One line as typed.

    A minus ``quantity`` takes back; ``price`` None is the customer's list price; ``percent`` 95 = pays 95 %.
    """

    code: str
    quantity: int = 1
    price: Decimal | None = None
    percent: int | None = None
    remark: str = ""
    name: str = ""
    item_id: int | None = None
    area: str = ""
    unit: str = ""


@dataclass(frozen=True)
class SaleForm:
    """A slip as typed; ``discount`` is what is taken off the whole slip, as a positive amount."""

    customer_id: int | None
    lines: tuple[SaleLineForm, ...] = ()
    discount: Decimal = ZERO
    freight: Decimal = ZERO
    visit_id: int | None = None
    delivery: str = ""
    ship_to: str = ""
    ship_phone: str = ""
    remark: str = ""
    internal_remark: str = ""
    customer_present: bool = True
    consent: bool = False
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


class LineCard(NamedTuple):
    """A line of a slip with its tick at packing ("" not yet, "ok", "x") and how many are packed."""

    id: int
    position: int
    item_id: int | None
    code: str
    name: str
    area: str
    unit: str
    quantity: int
    price: Decimal
    percent: int | None
    amount: Decimal
    remark: str
    tick: str
    packed: int

    def form(self) -> SaleLineForm:
        """Return the line as the form takes it."""
        return SaleLineForm(
            self.code,
            self.quantity,
            self.price,
            self.percent,
            self.remark,
            self.name,
            self.item_id,
            self.area,
            self.unit,
        )


class PaymentRow(NamedTuple):
    """Money taken on a slip."""

    at: datetime
    method: str
    amount: Decimal
    received: Decimal
    change: Decimal
    by: str


class LastPrice(NamedTuple):
    """What a customer paid for an item the last time."""

    price: Decimal
    at: datetime


class SaleRow(NamedTuple):
    """A slip in the list."""

    id: int
    number: str
    opened_at: datetime
    customer_id: int
    customer: str
    company: str
    pieces: int
    total: Decimal
    paid: Decimal
    state: str
    state_title: str
    tone: str
    clerk: str


@dataclass(frozen=True)
class SaleCard:
    """One slip with everything its window, packing and the till show; times are UTC.

    ``balance`` is what the customer owes now in all; ``previous`` what was owed without this slip; ``due`` what is to
    be paid at the till: what is left of this slip, with ``previous`` but without the customer's other unpaid slips.
    """

    id: int
    version: int
    number: str
    state: str
    form: SaleForm
    lines: tuple[LineCard, ...]
    sums: Sums
    currency: str
    customer_id: int
    customer: str
    company: str
    kind: str
    grade: str
    region: str
    phone: str
    credit_limit: Decimal
    clerk: str
    opened_at: datetime
    printed_at: datetime | None
    paid_at: datetime | None
    paid: Decimal
    balance: Decimal
    previous: Decimal
    void_reason: str
    packing_id: int | None
    packing_state: str
    sealed: bool
    payments: tuple[PaymentRow, ...]
    papers: tuple[PaperRow, ...]
    returned: Decimal = ZERO  # taken off by × at packing; ``sums.total`` is what is left
    return_number: str = ""
    returns_unsigned: bool = False
    signed_at: datetime | None = None
    signed_by: str = ""
    refund: Decimal = ZERO  # × after payment: what the till may give back

    @property
    def total(self) -> Decimal:
        """The total of this slip."""
        return self.sums.total

    @property
    def due(self) -> Decimal:
        """What is to be paid for this slip with what was owed before (SET-08); once it is paid, what goes back (−)."""
        if self.state not in ("draft", *OPEN):
            return -self.refund
        return self.total - self.paid + self.previous

    @property
    def left(self) -> Decimal:
        """What is not paid of this slip alone."""
        return self.total - self.paid

    @property
    def state_title(self) -> str:
        """The state in the user's language."""
        return state_title(self.state, self.packing_state)

    @property
    def has_returns(self) -> bool:
        """Whether something is taken back on it."""
        return any(line.quantity < 0 for line in self.lines)


def state_title(state: str, packing_state: str | None) -> str:
    """Return how a slip stands, in the user's language; one that waits for its money says how far its packing is."""
    word = _PACKED.get(packing_state or "") if state == "packing" else None
    return _(word) if word else MACHINE.label(state)


_PACKED = {"packed": N_("Packed, not paid"), "sealed": N_("Sealed, not paid")}


def get_sale(ctx: Context, sale_id: int) -> SaleCard:
    """Return one slip with lines, ticks, sums, balance, packing, payments and papers (at most 9 statements)."""
    ctx.require(Right.SALE, Right.CASH)
    with ctx.reading() as session:
        witness = aliased(StaffMember)
        crossed = select(PackingReturn.id).where(PackingReturn.packing_id == Packing.id).exists()
        query = (
            select(Sale, Customer, StaffMember.name, Packing, witness.name, crossed)
            .join(Customer, Customer.id == Sale.customer_id)
            .join(StaffMember, StaffMember.id == Sale.clerk_id)
            .outerjoin(witness, witness.id == Sale.signed_by_id)
            .outerjoin(Packing, Packing.sale_id == Sale.id)
            .where(Sale.id == sale_id)
        )
        found = session.execute(query).first()
        if found is None:
            raise UserError(_("This record does not exist any more."))
        sale, customer, clerk, packing, signed_by, has_crossed = found
        lines = lines_of(session, sale_id)
        payments = session.execute(
            select(Payment.at, Payment.method, Payment.amount, Payment.received, Payment.change, StaffMember.name)
            .join(StaffMember, StaffMember.id == Payment.by_id)
            .where(Payment.sale_id == sale_id)
            .order_by(Payment.id)
        ).all()
        balance, previous = balances(session, sale)
        phone = session.scalar(
            select(CustomerPhone.number)
            .where(CustomerPhone.customer_id == customer.id)
            .order_by(CustomerPhone.position)
            .limit(1)
        )
        form = SaleForm(
            sale.customer_id, tuple(line.form() for line in lines), sale.discount, sale.freight, sale.visit_id,
            sale.delivery, sale.ship_to, sale.ship_phone, sale.remark, sale.internal_remark, sale.customer_present,
            sale.consent_to_print,
        )  # fmt: skip
        return SaleCard(
            id=sale.id, version=sale.version, number=sale.number or "", state=sale.state, form=form, lines=lines,
            sums=_sums(sale, lines),
            currency=sale.currency, customer_id=customer.id, customer=customer.name, company=customer.company,
            kind=customer.kind, grade=customer.grade, region=customer.region, phone=phone or "",
            credit_limit=customer.credit_limit, clerk=clerk, opened_at=sale.opened_at, printed_at=sale.printed_at,
            paid_at=sale.paid_at, paid=sale.paid, balance=balance, previous=previous, void_reason=sale.void_reason,
            packing_id=packing.id if packing else None, packing_state=packing.state if packing else "",
            sealed=packing is not None and packing.sealed_at is not None, returned=sale.returned,
            return_number=packing.return_number if packing else "",
            returns_unsigned=packing is not None and unsigned(has_crossed, packing.return_number, packing.ticks),
            signed_at=sale.signed_at, signed_by=signed_by or "",
            refund=refundable(session, sale),
            payments=tuple(PaymentRow(*row) for row in payments),
            papers=tuple(papers_of(session, "sale", sale_id)),
        )  # fmt: skip


def _sums(sale: Sale, lines: tuple[LineCard, ...]) -> Sums:
    sums = sum_up(lines, discount=sale.discount, freight=sale.freight, currency=sale.currency)
    if not sale.returned:
        return sums
    return replace(
        sums, returned=sums.returned - sale.returned, total=sums.total - sale.returned, pieces=sale.pieces
    )  # fmt: skip


def lines_of(session: Session, sale_id: int) -> tuple[LineCard, ...]:
    """Return the lines of a slip inside a session that is open already."""
    columns: list[Any] = [getattr(SaleLine, name) for name in LineCard._fields]
    query = select(*columns).where(SaleLine.sale_id == sale_id).order_by(SaleLine.position)
    return tuple(LineCard(*row) for row in session.execute(query))


def balances(session: Session, sale: Sale) -> tuple[Decimal, Decimal]:
    """Return what the customer owes now, and what was owed before this slip.

    An unpaid slip is paid by itself: while this one waits for its money, other waiting ones don't count as owed before,
    or they would be asked for twice. A draft shows the whole ledger, a paid slip what its paper says.
    """
    balance = session.scalar(
        select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.customer_id == sale.customer_id)
    )
    owed = Decimal(balance or 0)
    if sale.state == "draft":
        return owed, owed
    if sale.state not in OPEN:
        return owed, sale.previous_balance
    return owed, settled_balance(session, sale.customer_id, owed)


_SORTS: Sorts = {
    "number": Sale.number, "opened": Sale.opened_at, "customer": Customer.name, "pieces": Sale.pieces,
    "total": Sale.total, "paid": Sale.paid, "state_title": ranked(Sale.state, MACHINE.states),
    "clerk": StaffMember.name,
}  # fmt: skip


def find_sales(
    ctx: Context, query: str = "", *, state: str | None = None, customer_id: int | None = None, limit: int = 500,
    sort: Sort | None = None,
) -> list[SaleRow]:
    """Return slips, newest first or by the column ``sort``.

    ``query`` is a part of the number, or a name or phone as people are found.
    """
    ctx.require(Right.SALE)
    conditions: list[Any] = []
    if state == "open":
        conditions.append(Sale.state.in_(("draft", "printed", "packing")))
    elif state:
        conditions.append(Sale.state == state)
    if customer_id is not None:
        conditions.append(Sale.customer_id == customer_id)
    typed = query.strip()
    if typed:
        people = [person.id for person in find_people(ctx, typed, limit=50)]
        matches: list[Any] = [Sale.customer_id.in_(people)] if people else []
        if any(character.isdigit() for character in typed) and len(typed) <= 20:
            matches.append(Sale.number.endswith(typed, autoescape=True))
            matches.append(Sale.number.startswith(typed, autoescape=True))
        if not matches:
            return []
        conditions.append(or_(*matches))
    rows = (
        select(Sale, Customer.name, Customer.company, StaffMember.name, Packing.state)
        .join(Customer, Customer.id == Sale.customer_id)
        .join(StaffMember, StaffMember.id == Sale.clerk_id)
        .outerjoin(Packing, Packing.sale_id == Sale.id)
        .where(*conditions)
        .order_by(Sale.opened_at.desc(), Sale.id.desc())
    )
    rows = in_order(rows, sort, _SORTS, Sale.id).limit(limit)
    with ctx.reading() as session:
        return [
            SaleRow(
                sale.id, sale.number or "", sale.opened_at, sale.customer_id, name, company, sale.pieces, sale.total,
                sale.paid, sale.state, state_title(sale.state, packed), TONES[sale.state], clerk,
            )
            for sale, name, company, clerk, packed in session.execute(rows)
        ]  # fmt: skip


def find_last_prices(
    ctx: Context, customer_id: int, item_ids: Collection[int], *, without: int | None = None
) -> dict[int, LastPrice]:
    """Return what the customer paid last for each item (after the line's percent), in one query for all lines."""
    ctx.require(Right.SALE)
    if not item_ids:
        return {}
    newest = func.row_number().over(
        partition_by=SaleLine.item_id, order_by=(Sale.printed_at.desc(), SaleLine.id.desc())
    )
    ranked = (
        select(SaleLine.item_id, SaleLine.price, Sale.printed_at, newest.label("place"))
        .join(Sale, Sale.id == SaleLine.sale_id)
        .where(
            Sale.customer_id == customer_id,
            Sale.printed_at.is_not(None),
            Sale.state != "void",
            Sale.id != (without or 0),
            SaleLine.quantity > 0,
            SaleLine.item_id.in_(sorted(item_ids)),
        )
        .subquery()
    )
    with ctx.reading() as session:
        query = select(ranked.c.item_id, ranked.c.price, ranked.c.printed_at).where(ranked.c.place == 1)
        return {row[0]: LastPrice(row[1], row[2]) for row in session.execute(query)}


def find_last_sale(ctx: Context, customer_id: int, *, without: int | None = None) -> tuple[LineCard, ...]:
    """Return the lines of the customer's last printed slip, without what was taken back; empty when there is none."""
    ctx.require(Right.SALE)
    with ctx.reading() as session:
        last = session.scalar(
            select(Sale.id)
            .where(
                Sale.customer_id == customer_id, Sale.printed_at.is_not(None), Sale.state != "void",
                Sale.id != (without or 0),
            )
            .order_by(Sale.printed_at.desc(), Sale.id.desc())
            .limit(1)
        )  # fmt: skip
        return tuple(line for line in lines_of(session, last) if line.quantity > 0) if last else ()
