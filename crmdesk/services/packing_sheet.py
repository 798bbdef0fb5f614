"""One slip as the packing station shows it: its lines, cartons, procedure and open alarm; found by its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from crmdesk.core.codes import parse_code
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.core.text import half_width
from crmdesk.model.customer import Customer
from crmdesk.model.item import Item
from crmdesk.model.packing import Carton, Packing, PackingReturn, PackingScan
from crmdesk.model.sale import Sale, SaleLine
from crmdesk.model.staff import StaffMember
from crmdesk.rules import packing as rules
from crmdesk.rules.checklists import procedure
from crmdesk.rules.numbers import digits_of, series_for
from crmdesk.rules.pack_tables import Texts
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Allowed, Facts
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.items import item_code
from crmdesk.services.papers import find_target
from crmdesk.services.steps import find_allowed

RETURN_TICK = "return."  # signatures of the return slip are kept among the ticks: return.handler, …


class LineRow(NamedTuple):
    """A line of the slip at the station; ``crossed`` pieces are not wanted or faulty."""

    id: int
    position: int
    code: str
    barcode: str
    name: str
    area: str
    unit: str
    quantity: int
    packed: int
    crossed: int
    reason: str

    @property
    def wanted(self) -> int:
        """How many pieces must go into the cartons."""
        return max(0, self.quantity - self.crossed)

    @property
    def left(self) -> int:
        """How many pieces are still to be packed."""
        return max(0, self.wanted - self.packed)

    @property
    def full(self) -> bool:
        """Whether nothing is left to pack."""
        return self.left == 0

    @property
    def tick(self) -> str:
        """What stands on the slip: ok, x (nothing wanted), or nothing yet (PACK-03, PACK-04)."""
        if not self.full:
            return ""
        return "x" if self.crossed and not self.packed else "ok"


class CartonRow(NamedTuple):
    """A carton with what it holds."""

    id: int
    position: int
    weight_g: int
    sealed: bool
    pieces: int


class WrongScan(NamedTuple):
    """A scan that stopped the station and waits to be acknowledged."""

    id: int
    at: datetime
    code: str
    verdict: str
    name: str
    area: str
    line_id: int | None
    count_today: int


@dataclass(frozen=True)
class Sheet:
    """Everything the station shows of one slip; ``packing_id`` is None until counting starts."""

    sale_id: int
    sale_state: str
    number: str
    paid: bool
    remark: str
    delivery: str
    customer_id: int
    customer: str
    gender: str
    company: str
    packing_id: int | None
    version: int
    state: str
    customer_present: bool
    counter_id: int | None
    counter: str
    second_id: int | None
    second: str
    second_at: datetime | None
    started_at: datetime | None
    packed_at: datetime | None
    sealed_at: datetime | None
    ticks: frozenset[str]
    procedure: tuple[tuple[str, Texts | str, str], ...]  # key, words, clause of each line to tick (PACK-01)
    return_number: str
    return_signatures: frozenset[str]
    lines: tuple[LineRow, ...]
    cartons: tuple[CartonRow, ...]
    last_line: int | None
    pending: WrongScan | None

    @property
    def open_lines(self) -> int:
        """How many lines are neither full nor crossed out."""
        return sum(not line.full for line in self.lines)

    @property
    def pieces(self) -> int:
        """How many pieces must be packed in all."""
        return sum(line.wanted for line in self.lines)

    @property
    def packed(self) -> int:
        """How many pieces are packed."""
        return sum(line.packed for line in self.lines)

    @property
    def crossed(self) -> int:
        """How many pieces are crossed out."""
        return sum(line.crossed for line in self.lines)

    @property
    def current(self) -> LineRow | None:
        """The line being packed: the one scanned last while it has room, else the first with room, else that last."""
        last = next((line for line in self.lines if line.id == self.last_line), None)
        if last is not None and not last.full:
            return last
        return next((line for line in self.lines if not line.full), last)

    @property
    def carton(self) -> CartonRow | None:
        """The carton that is being filled."""
        return self.cartons[-1] if self.cartons else None

    def line(self, line_id: int | None) -> LineRow | None:
        """Return a line by its id."""
        return next((line for line in self.lines if line.id == line_id), None)


def open_slip(ctx: Context, code: str) -> Sheet:
    """Return the slip a scanned paper code or a typed number means.

    UserError when there is none, when it is not printed yet (SET-03) or voided. A bare running number is read as one
    of this year.
    """
    ctx.require(Right.PACK)
    text = half_width(code).strip().upper()
    parsed = parse_code(text)
    sale_id: int | None = None
    if parsed is not None:
        target = find_target(ctx, parsed)
        if target is not None and target.kind == "packing":
            return get_packing(ctx, target.record_id)
        sale_id = target.record_id if target is not None and target.kind == "sale" else None
    else:
        if text.isdigit() and len(text) <= 6:
            series = series_for(ctx.policy, "sale")
            text = series.write(ctx.clock.today(), int(text), digits_of(ctx.policy, series))
        with ctx.reading() as session:
            sale_id = session.scalar(select(Sale.id).where(Sale.number == text)) if text else None
    if sale_id is None:
        raise UserError(_("No slip has this code. Please scan the code at the foot of the slip."), clause="PACK-02")
    return get_slip(ctx, sale_id)


def get_slip(ctx: Context, sale_id: int) -> Sheet:
    """Return a slip as the station shows it; UserError while it is not printed (SET-03), or when it is voided."""
    ctx.require(Right.PACK)
    with ctx.reading() as session:
        sheet = sheet_of(session, ctx, sale_id)
    if sheet is None:
        raise UserError(_("This record does not exist any more."))
    if sheet.packing_id is None and sheet.sale_state == "draft":
        raise UserError(_("This slip is not printed yet. It can be packed once it is."), clause="SET-03")
    if sheet.sale_state == "void":
        raise UserError(_("This slip is voided. Please put the goods back."), clause="SET-06")
    return sheet


def get_packing(ctx: Context, packing_id: int) -> Sheet:
    """Return the slip of a packing that was begun."""
    ctx.require_to_see("packing")
    with ctx.reading() as session:
        sale_id = session.scalar(select(Packing.sale_id).where(Packing.id == packing_id))
    if sale_id is None:
        raise UserError(_("This record does not exist any more."))
    return get_slip(ctx, sale_id)


def allowed_steps(ctx: Context, sheet: Sheet) -> list[Allowed]:
    """Return the steps that may follow now, with what each still needs (PACK-03 to PACK-14)."""
    return find_allowed(ctx, "packing", sheet.state, facts(sheet))


def facts(sheet: Sheet) -> Facts:
    """Return what the packing machine looks at."""
    return {
        "customer_present": sheet.customer_present,
        "counter": sheet.counter_id,
        "second": sheet.second_id,
        "second_signed": sheet.second_at,
        "open_lines": sheet.open_lines,
        "wrong_scans": int(sheet.pending is not None),
        "crossed_lines": sum(bool(line.crossed) for line in sheet.lines),
        "return_signatures": sheet.return_signatures,
        "cartons": sum(bool(carton.pieces) for carton in sheet.cartons),
        "ticks": sheet.ticks,
    }


def sheet_of(session: Session, ctx: Context, sale_id: int) -> Sheet | None:
    """Return the sheet inside a session that is open already; None when there is no such slip."""
    counter, second = aliased(StaffMember), aliased(StaffMember)
    scans = select(PackingScan.id).where(PackingScan.packing_id == Packing.id).order_by(PackingScan.id.desc()).limit(1)
    last = (
        select(PackingScan.line_id)
        .where(PackingScan.packing_id == Packing.id, PackingScan.wrong.is_(False), PackingScan.undone_at.is_(None))
        .order_by(PackingScan.id.desc())
        .limit(1)
    )
    pending = scans.where(PackingScan.wrong, PackingScan.acknowledged_at.is_(None))
    found = session.execute(
        select(
            Sale, Customer.name, Customer.gender, Customer.company, Packing, counter.name, second.name,
            last.scalar_subquery(), pending.scalar_subquery(),
        )
        .join(Customer, Customer.id == Sale.customer_id)
        .outerjoin(Packing, Packing.sale_id == Sale.id)
        .outerjoin(counter, counter.id == Packing.counter_id)
        .outerjoin(second, second.id == Packing.second_id)
        .where(Sale.id == sale_id)
    ).first()  # fmt: skip
    if found is None:
        return None
    sale, name, gender, company, packing, counter_name, second_name, last_line, pending_id = found
    ticks = packing.ticks if packing else []
    return Sheet(
        sale_id=sale.id,
        sale_state=sale.state,
        number=sale.number or "",
        paid=sale.paid_at is not None or sale.state in ("paid", "done"),
        remark=sale.remark,
        delivery=sale.delivery,
        customer_id=sale.customer_id,
        customer=name,
        gender=gender,
        company=company,
        packing_id=packing.id if packing else None,
        version=packing.version if packing else 0,
        state=packing.state if packing else rules.MACHINE.initial,
        customer_present=packing.customer_present if packing else sale.customer_present,
        counter_id=packing.counter_id if packing else None,
        counter=counter_name or "",
        second_id=packing.second_id if packing else None,
        second=second_name or "",
        second_at=packing.second_at if packing else None,
        started_at=packing.started_at if packing else None,
        packed_at=packing.packed_at if packing else None,
        sealed_at=packing.sealed_at if packing else None,
        ticks=frozenset(tick for tick in ticks if not tick.startswith(RETURN_TICK)),
        procedure=procedure_of(ctx, packing.customer_present if packing else sale.customer_present),
        return_number=packing.return_number if packing else "",
        return_signatures=frozenset(
            tick.removeprefix(RETURN_TICK) for tick in ticks if tick.startswith(RETURN_TICK)
        ),
        lines=tuple(lines_of(session, sale.id)),
        cartons=tuple(_cartons(session, packing.id)) if packing else (),
        last_line=last_line,
        pending=_wrong_scan(session, ctx, pending_id) if pending_id is not None else None,
    )  # fmt: skip


def procedure_of(ctx: Context, customer_present: bool) -> tuple[tuple[str, Texts | str, str], ...]:
    """Return the lines of a procedure (key, words, clause), as the office's regulation lists them (PACK-01)."""
    ctx.require_to_see("packing")
    key = "packing_present" if customer_present else "packing_absent"
    return procedure(ctx.policy, key, rules.checklist(customer_present))


def lines_of(session: Session, sale_id: int) -> list[LineRow]:
    """Return the lines of a slip with what is packed and crossed out."""
    crossed = select(func.sum(PackingReturn.quantity)).where(PackingReturn.line_id == SaleLine.id).scalar_subquery()
    reason = select(func.max(PackingReturn.reason)).where(PackingReturn.line_id == SaleLine.id).scalar_subquery()
    query = (
        select(
            SaleLine.id, SaleLine.position, SaleLine.code, Item.barcode, SaleLine.name, SaleLine.area, SaleLine.unit,
            SaleLine.quantity, SaleLine.packed, crossed, reason,
        )
        .outerjoin(Item, Item.id == SaleLine.item_id)
        .where(SaleLine.sale_id == sale_id)
        .order_by(SaleLine.position, SaleLine.id)
    )  # fmt: skip
    return [
        LineRow(
            row[0], row[1], row[2], row[3] or "", row[4], row[5], row[6], row[7], row[8],
            int(row[9] or 0), row[10] or "",
        )
        for row in session.execute(query)
    ]  # fmt: skip


def item_of(session: Session, code: str) -> Item | None:
    """Return the catalogue's item of a scanned code or barcode."""
    wanted = item_code(code)
    query = select(Item).where(or_(Item.code == wanted, Item.barcode == wanted)).order_by(Item.code != wanted)
    return session.scalars(query.limit(1)).first() if wanted else None


def _cartons(session: Session, packing_id: int) -> list[CartonRow]:
    good = and_(
        PackingScan.carton_id == Carton.id, PackingScan.wrong.is_(False), PackingScan.undone_at.is_(None)
    )  # fmt: skip
    query = (
        select(Carton.id, Carton.position, Carton.weight_g, Carton.sealed_at, func.sum(PackingScan.quantity))
        .outerjoin(PackingScan, good)
        .where(Carton.packing_id == packing_id)
        .group_by(Carton.id, Carton.position, Carton.weight_g, Carton.sealed_at)
        .order_by(Carton.position)
    )
    return [CartonRow(r[0], r[1], r[2], r[3] is not None, int(r[4] or 0)) for r in session.execute(query)]


def _wrong_scan(session: Session, ctx: Context, scan_id: int) -> WrongScan:
    scan = session.get_one(PackingScan, scan_id)
    item = item_of(session, scan.code)
    start, _end = day_bounds(ctx.clock)
    today = select(func.count()).where(
        PackingScan.wrong, PackingScan.at >= start, PackingScan.by_id == scan.by_id
    )  # fmt: skip
    return WrongScan(
        scan.id, scan.at, item.code if item else scan.code, scan.verdict, item.name if item else "",
        item.area if item else "", scan.line_id, session.scalar(today) or 0,
    )  # fmt: skip
