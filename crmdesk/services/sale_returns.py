"""What × at packing takes off a slip: its total, the ledger, and the return slip 退貨單 (PACK-04, SET-06, RET-05)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _, using
from crmdesk.core.money import format_money, quantize
from crmdesk.model.customer import Customer
from crmdesk.model.packing import Packing, PackingReturn
from crmdesk.model.paper import Paper
from crmdesk.model.sale import LedgerEntry, Payment, Sale, SaleLine
from crmdesk.printing.documents import SalesSlip, SlipLine
from crmdesk.printing.frozen import from_json
from crmdesk.rules.packing import RETURN_SIGNATURES
from crmdesk.services import return_approval
from crmdesk.services.context import Context
from crmdesk.services.customers import get_balance
from crmdesk.services.numbers import take_number
from crmdesk.services.packing_sheet import RETURN_TICK
from crmdesk.services.packing_work import working
from crmdesk.services.papers import freeze, void_papers
from crmdesk.services.records import record_event, touch
from crmdesk.services.sale_papers import slip_document
from crmdesk.services.sale_sums import line_amount

ZERO = Decimal(0)
REASONS = {"unwanted": N_("not wanted"), "faulty": N_("faulty")}
OPEN = ("printed", "packing")  # printed, the money not taken yet
KIND = "return_slip"
SERIES = "sale"  # sales slips and return slips share one register, so that a number means one paper


class Crossed(NamedTuple):
    """Pieces of one line that the customer doesn't take, and what they cost (+)."""

    line: SaleLine
    quantity: int
    amount: Decimal
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class TakenOff:
    """What × takes off a slip; all amounts positive.

    ``discount`` is the share of the slip's discount that falls away with the goods, ``freight`` that of a slip of
    which nothing is left to send; ``total`` is what the customer owes less.
    """

    lines: tuple[Crossed, ...] = ()
    discount: Decimal = ZERO
    freight: Decimal = ZERO
    total: Decimal = ZERO

    @property
    def pieces(self) -> int:
        """How many pieces are crossed out."""
        return sum(crossed.quantity for crossed in self.lines)

    @property
    def goods(self) -> Decimal:
        """What the crossed pieces cost."""
        return sum((crossed.amount for crossed in self.lines), ZERO)


def taken_off(session: Session, sale: Sale) -> TakenOff:
    """Return what the × on a slip come to now, line by line."""
    counts: Counter[int] = Counter()
    reasons: dict[int, list[str]] = {}
    rows = session.execute(
        select(PackingReturn.line_id, PackingReturn.reason, func.sum(PackingReturn.quantity))
        .join(SaleLine, SaleLine.id == PackingReturn.line_id)
        .where(SaleLine.sale_id == sale.id)
        .group_by(PackingReturn.line_id, PackingReturn.reason)
        .order_by(PackingReturn.reason)
    )
    for line_id, reason, count in rows:
        counts[line_id] += int(count)
        reasons.setdefault(line_id, []).append(reason)
    if not counts:
        return TakenOff()
    lines = session.scalars(select(SaleLine).where(SaleLine.sale_id == sale.id).order_by(SaleLine.position)).all()
    crossed = tuple(
        Crossed(
            line,
            counts[line.id],
            line.amount - _amount(line, line.quantity - counts[line.id], sale.currency),
            tuple(reasons[line.id]),
        )
        for line in lines
        if line.id in counts
    )
    goods = sum((line.amount for line in lines if line.quantity > 0), ZERO)
    kept = goods - sum((row.amount for row in crossed), ZERO)
    left = sum(line.quantity for line in lines if line.quantity > 0) - sum(counts.values())
    discount = quantize(sale.discount * kept / goods, sale.currency) if goods and left else ZERO
    freight = sale.freight if left else ZERO
    printed = sale.total + sale.returned
    now = quantize(sale.subtotal - (goods - kept) - discount + freight, sale.currency)
    return TakenOff(crossed, sale.discount - discount, sale.freight - freight, printed - now)


def settle(session: Session, ctx: Context, packing: Packing) -> None:
    """Bring total, pieces and ledger of a slip in line with its ×; a return slip made before is void (PACK-04)."""
    sale = session.get_one(Sale, packing.sale_id)
    if sale.state == "void":
        raise UserError(_("This slip is voided. Please put the goods back."), clause="SET-06")
    session.flush()
    off = taken_off(session, sale)
    less = off.total - sale.returned
    printed = session.scalar(select(func.sum(SaleLine.quantity)).where(SaleLine.sale_id == sale.id)) or 0
    sale.total -= less
    sale.returned, sale.pieces = off.total, int(printed) - off.pieces
    touch(sale)
    if less:
        session.add(
            LedgerEntry(
                customer_id=sale.customer_id, sale_id=sale.id, at=ctx.clock.now(), kind="return", amount=-less
            )
        )  # fmt: skip
    if packing.return_number:
        void_papers(session, ctx, sale, kind=KIND, number=packing.return_number)
        return_approval.drop(session, ctx, packing)
        packing.return_number = ""
    packing.ticks = [key for key in packing.ticks if not key.startswith(RETURN_TICK)]


def print_return(ctx: Context, packing_id: int, version: int) -> int:
    """Give the × of a slip a return slip with its own number and return the paper's id (PACK-04, SET-06).

    UserError when nothing is crossed out. The one in force is returned again as long as nothing more is crossed.
    """
    with working(ctx, packing_id, version, N_("Print return slip")) as (session, packing):
        sale = session.get_one(Sale, packing.sale_id)
        paper = in_force(session, packing.return_number)
        if paper is not None:
            return paper.id
        off = taken_off(session, sale)
        if not off.lines:
            raise UserError(_("Nothing is crossed out on this slip."), clause="PACK-04")
        slip = slip_as_printed(session, ctx, sale)
        owed = get_balance(session, sale.customer_id)
        number = take_number(session, ctx, SERIES, Sale.number)
        document = return_document(ctx, slip, off, number=number, owed=owed)
        packing.return_number = number
        record_event(
            session, ctx, sale, "return", N_("Return slip {number}: {total}, pieces: {pieces}"),
            values={"number": number, "pieces": off.pieces,
                    "total": format_money(off.total, sale.currency, "en", symbol=False)},
        )  # fmt: skip
        return_approval.ask(session, ctx, packing, sale, off.total)
        return freeze(session, ctx, KIND, number, document, sale).id


def slip_as_printed(session: Session, ctx: Context, sale: Sale) -> SalesSlip:
    """Return the slip as its paper says it; a slip taken over without paper is written from its lines."""
    stored = session.scalars(select(Paper).where(Paper.kind == "sales_slip", Paper.number == sale.number)).first()
    if stored is not None:
        slip = from_json("sales_slip", stored.document)
        assert isinstance(slip, SalesSlip)
        return slip
    lines = session.scalars(select(SaleLine).where(SaleLine.sale_id == sale.id).order_by(SaleLine.position)).all()
    return slip_document(ctx, sale, lines, session.get_one(Customer, sale.customer_id), phone="", follower="")


def in_force(session: Session, number: str) -> Paper | None:
    """Return the return slip that bears a number and is not void."""
    if not number:
        return None
    query = select(Paper).where(Paper.kind == KIND, Paper.number == number, Paper.void_at.is_(None))
    return session.scalars(query).first()


def find_return_slip(ctx: Context, packing_id: int) -> int | None:
    """Return the paper of a packing's return slip in force, to be printed again; None while there is none."""
    ctx.require_to_see("packing")
    with ctx.reading() as session:
        packing = session.get(Packing, packing_id)
        paper = in_force(session, packing.return_number) if packing is not None else None
        return paper.id if paper is not None else None


def unsigned(crossed: bool, number: str, ticks: Sequence[str]) -> bool:
    """Whether a return slip is due and not printed, or not signed by all three (PACK-04, SET-06)."""
    return crossed and (not number or not {f"{RETURN_TICK}{who}" for who in RETURN_SIGNATURES} <= set(ticks))


def unsigned_returns(session: Session, sale_id: int) -> bool:
    """Whether the × of a slip still wait for their signed return slip."""
    found = session.execute(
        select(Packing.return_number, Packing.ticks).where(
            Packing.sale_id == sale_id, select(PackingReturn.id).where(PackingReturn.packing_id == Packing.id).exists()
        )
    ).first()
    return found is not None and unsigned(True, found.return_number, found.ticks)


def refundable(session: Session, sale: Sale) -> Decimal:
    """Return what the till may give back on a slip paid already: × after payment, while the customer has credit.

    Slips that still wait for their money don't count against the credit: each is paid by itself.
    """
    if sale.state not in ("paid", "done") or not sale.returned:
        return ZERO
    given = session.scalar(select(func.sum(Payment.amount)).where(Payment.sale_id == sale.id, Payment.amount < 0))
    credit = -settled_balance(session, sale.customer_id, get_balance(session, sale.customer_id))
    return max(ZERO, min(sale.returned + Decimal(given or 0), credit))


def settled_balance(session: Session, customer_id: int, owed: Decimal) -> Decimal:
    """Return what of ``owed``, the customer's whole balance, is not the rest of a slip waiting for its money."""
    totals, paid = session.execute(
        select(func.coalesce(func.sum(Sale.total), 0), func.coalesce(func.sum(Sale.paid), 0)).where(
            Sale.customer_id == customer_id, Sale.state.in_(OPEN)
        )
    ).one()
    return owed - (Decimal(totals) - Decimal(paid))


# papers -----------------------------------------------------------------------------------------------------------


def return_document(ctx: Context, slip: SalesSlip, off: TakenOff, *, number: str, owed: Decimal) -> SalesSlip:
    """Return the 退貨單 of a slip; ``owed`` is what the customer owes with the returns taken off already."""
    rows = _rows(ctx, off)
    subtotal = sum((row.amount for row in rows), ZERO)
    return replace(
        slip, number=number, of_number=slip.number, at=ctx.clock.local(ctx.clock.now()), lines=rows,
        follower=ctx.user.name, subtotal=subtotal, discount=off.discount,
        discount_label=slip.discount_label if off.discount else "", rounding=-off.total - subtotal - off.discount,
        due=-off.total, previous_balance=owed + off.total, balance=owed, received=ZERO, internal_remark="", policy="",
        returned=True, present=True,
    )  # fmt: skip


def without_returns(ctx: Context, slip: SalesSlip, off: TakenOff) -> SalesSlip:
    """Return a slip with the returns as further lines, as the receipt shows what was really paid for."""
    if not off.lines:
        return slip
    rows = _rows(ctx, off)
    subtotal = slip.subtotal + sum((row.amount for row in rows), ZERO)
    discount = slip.discount + off.discount
    due = slip.due - off.total
    return replace(
        slip, lines=(*slip.lines, *rows), subtotal=subtotal, discount=discount, rounding=due - subtotal - discount,
        due=due,
    )  # fmt: skip


def _rows(ctx: Context, off: TakenOff) -> tuple[SlipLine, ...]:
    rows = []
    with using(ctx.office.language):
        for line, count, amount, reasons in off.lines:
            percent = f" {line.percent}%" if line.percent not in (None, 100) else ""
            rows.append(
                SlipLine(
                    code=line.code, name=line.name + percent, quantity=Decimal(-count), unit=line.unit,
                    price=line.price, amount=-amount, mark="bad",
                    remark=" ".join(_(REASONS[reason]) for reason in reasons),
                )
            )  # fmt: skip
        if off.freight:
            rows.append(SlipLine("", _("Freight"), ZERO, "", off.freight, -off.freight))
    return tuple(rows)


def _amount(line: SaleLine, quantity: int, currency: str) -> Decimal:
    return line_amount(_Part(quantity, line.price, line.percent), currency)


class _Part(NamedTuple):
    quantity: int
    price: Decimal | None
    percent: int | None
