"""The queue of the packing station: which slips wait to be counted, which are in work, which were sealed today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from crmdesk.model.customer import Customer
from crmdesk.model.packing import Packing, PackingReturn
from crmdesk.model.sale import Sale, SaleLine
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds

PAID_DAYS = 7  # slips paid in advance are offered for packing this long
MOST_ROWS = 300


class PackingRow(NamedTuple):
    """A slip in the queue of the packing station; times are UTC."""

    id: int  # of the sale
    number: str
    customer: str
    company: str
    state: str  # waiting, packing, packed, sealed
    lines: int
    pieces: int
    packed: int
    present: bool
    paid: bool
    counter: str
    at: datetime | None  # when the slip was printed, whatever became of it since


class ReturnRow(NamedTuple):
    """Pieces of a slip that were crossed out at packing; ``reason`` is unwanted or faulty."""

    id: int
    line_id: int
    code: str
    name: str
    quantity: int
    reason: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Queue:
    """Slips waiting to be counted, those in work, and those sealed today."""

    waiting: tuple[PackingRow, ...] = ()
    working: tuple[PackingRow, ...] = ()
    done: tuple[PackingRow, ...] = ()

    @property
    def rows(self) -> tuple[PackingRow, ...]:
        """All of them, those in work first."""
        return (*self.working, *self.waiting, *self.done)


def find_packings(ctx: Context) -> Queue:
    """Return the queue: slips printed and not counted yet (oldest first), in work, and sealed today."""
    ctx.require(Right.PACK)
    start, _end = day_bounds(ctx.clock)
    with ctx.reading() as session:
        waiting = session.execute(
            _waiting(ctx, Sale, Customer.name, Customer.company).order_by(Sale.printed_at, Sale.id).limit(MOST_ROWS)
        ).all()
        query = _rows().where(
            Sale.state != "void", or_(Packing.state.in_(("packing", "packed")), Packing.sealed_at >= start)
        )
        begun = session.execute(query.order_by(Packing.started_at.desc()).limit(MOST_ROWS)).all()
        counts = _counts(session, [row[0].id for row in (*waiting, *begun)])
    made = [_queue_row(row, counts) for row in begun]
    return Queue(
        tuple(_queue_row(row, counts) for row in waiting),
        tuple(row for row in made if row.state != "sealed"),
        tuple(row for row in made if row.state == "sealed"),
    )


def count_waiting(ctx: Context) -> int:
    """Return how many slips wait to be counted or are in work."""
    ctx.require(Right.PACK)
    with ctx.reading() as session:
        waiting = session.scalar(_waiting(ctx, func.count(Sale.id))) or 0
        working = session.scalar(select(func.count(Packing.id)).where(Packing.state.in_(("packing", "packed")))) or 0
    return waiting + working


def find_returns(ctx: Context, sale_id: int) -> list[ReturnRow]:
    """Return what was crossed out on a slip while it was counted, for its return slip and the till (PACK-04)."""
    ctx.require_to_see("packing")
    query = (
        select(
            PackingReturn.id, PackingReturn.line_id, SaleLine.code, SaleLine.name, PackingReturn.quantity,
            PackingReturn.reason, PackingReturn.note, PackingReturn.at,
        )
        .join(SaleLine, SaleLine.id == PackingReturn.line_id)
        .where(SaleLine.sale_id == sale_id)
        .order_by(PackingReturn.id)
    )  # fmt: skip
    with ctx.reading() as session:
        return [ReturnRow(*row) for row in session.execute(query)]


def _rows() -> Any:
    return (
        select(Sale, Customer.name, Customer.company, Packing, StaffMember.name)
        .join(Customer, Customer.id == Sale.customer_id)
        .outerjoin(Packing, Packing.sale_id == Sale.id)
        .outerjoin(StaffMember, StaffMember.id == Packing.counter_id)
    )


def _waiting(ctx: Context, *columns: Any) -> Select[Any]:
    since = ctx.clock.now() - timedelta(days=PAID_DAYS)
    return (
        select(*columns)
        .select_from(Sale)
        .join(Customer, Customer.id == Sale.customer_id)
        .outerjoin(Packing, Packing.sale_id == Sale.id)
        .where(
            Packing.id.is_(None),
            exists().where(SaleLine.sale_id == Sale.id, SaleLine.quantity > 0),  # a return slip has nothing to pack
            or_(Sale.state == "printed", and_(Sale.state == "paid", Sale.printed_at >= since)),
        )
    )


def _counts(session: Session, sale_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    wanted = case((SaleLine.quantity > 0, SaleLine.quantity), else_=0)
    query = (
        select(SaleLine.sale_id, func.count(), func.sum(wanted), func.sum(SaleLine.packed))
        .where(SaleLine.sale_id.in_(sale_ids))
        .group_by(SaleLine.sale_id)
    )
    return {row[0]: (row[1], int(row[2] or 0), int(row[3] or 0)) for row in session.execute(query)}


def _queue_row(found: Any, counts: dict[int, tuple[int, int, int]]) -> PackingRow:
    sale, name, company, *rest = found
    packing, counter = rest or (None, "")
    lines, pieces, packed = counts.get(sale.id, (0, 0, 0))
    return PackingRow(
        sale.id, sale.number or "", name, company, packing.state if packing else "waiting", lines, pieces, packed,
        packing.customer_present if packing else sale.customer_present,
        sale.paid_at is not None or sale.state in ("paid", "done"), counter or "",
        sale.printed_at,
    )  # fmt: skip
