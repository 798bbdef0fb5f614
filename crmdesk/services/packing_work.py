"""Steps of packing inside a transaction: the version check, the open carton, pieces in and out, the line's tick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import ConflictError, UserError, ValidationError
from crmdesk.core.i18n import _, ngettext
from crmdesk.model.packing import Carton, Packing, PackingScan
from crmdesk.model.sale import SaleLine
from crmdesk.model.staff import StaffMember
from crmdesk.rules import packing as rules
from crmdesk.rules.packing import PackLine, judge_scan
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.packing_sheet import LineRow
from crmdesk.services.records import touch


@contextmanager
def working(
    ctx: Context, packing_id: int, version: int, sentence: str, *, states: tuple[str, ...] = ("packing",)
) -> Iterator[tuple[Session, Packing]]:
    """Open a transaction on a packing that is in one of the states; its version is checked and raised."""
    ctx.require(Right.PACK)
    with ctx.transaction(sentence) as session:
        packing = session.get(Packing, packing_id)
        if packing is None:
            raise UserError(_("This record does not exist any more."))
        if packing.version != version:
            raise _conflict(session, packing_id)
        if packing.state not in states:
            state = rules.MACHINE.label(packing.state)
            raise UserError(_("This step is not possible now: the record is “{state}”.").format(state=state))
        yield session, packing
        if packing.version == version:
            touch(packing)
        tell(session, packing)


def tell(session: Session, packing: Packing) -> None:
    """Let other windows know although a scan itself keeps no history."""
    session.info.setdefault("touched", []).append((Packing.KIND, packing.id))


def _conflict(session: Session, packing_id: int) -> ConflictError:
    last = session.execute(
        select(StaffMember.name, PackingScan.at)
        .join(StaffMember, StaffMember.id == PackingScan.by_id)
        .where(PackingScan.packing_id == packing_id)
        .order_by(PackingScan.id.desc())
        .limit(1)
    ).first()
    return ConflictError(last.name, last.at) if last else ConflictError("", None)


def find_open_carton(session: Session, packing_id: int) -> int:
    """Return the open carton; UserError while a wrong scan is not acknowledged (PACK-03)."""
    waiting = select(func.max(PackingScan.id)).where(
        PackingScan.packing_id == packing_id, PackingScan.wrong, PackingScan.acknowledged_at.is_(None)
    )
    carton, wrong = session.execute(
        select(func.max(Carton.id), waiting.scalar_subquery()).where(Carton.packing_id == packing_id)
    ).one()
    if wrong is not None:
        raise UserError(_("A wrong piece was scanned. Take it out and acknowledge it."), clause="PACK-03")
    return int(carton)


def judge(lines: list[LineRow], code: str, quantity: int) -> tuple[str, int | None]:
    """Return what a scanned code means and the place of its line."""
    shown = [PackLine(line.code, line.wanted, line.packed, bool(line.crossed) and not line.wanted) for line in lines]
    result = judge_scan(code, shown, quantity)
    return result.verdict, result.line


def put(session: Session, line: LineRow, quantity: int) -> LineRow:
    """Put pieces of a line into the carton (or take them out) and tick the line when it is full."""
    line = line._replace(packed=max(0, line.packed + quantity))
    stored = session.get_one(SaleLine, line.id)
    stored.packed, stored.tick = line.packed, line.tick
    return line


def take_out(session: Session, ctx: Context, packing_id: int, line_id: int, count: int) -> None:
    """Take pieces out of the cartons again, those packed last first."""
    while count and (entry := last_scan(session, packing_id, line_id)) is not None:
        if entry.quantity <= count:
            entry.undone_at = ctx.clock.now()
            count -= entry.quantity
        else:
            entry.quantity -= count
            count = 0
        session.flush()


def last_scan(session: Session, packing_id: int, line_id: int | None = None) -> PackingScan | None:
    """Return the scan that was packed last, of one line or of the whole slip."""
    query = select(PackingScan).where(
        PackingScan.packing_id == packing_id, PackingScan.wrong.is_(False), PackingScan.undone_at.is_(None)
    )
    if line_id is not None:
        query = query.where(PackingScan.line_id == line_id)
    return session.scalars(query.order_by(PackingScan.id.desc()).limit(1)).first()


def pick_line(lines: list[LineRow], line_id: int | None) -> LineRow:
    """Return the line with this id; UserError when it is gone."""
    for line in lines:
        if line.id == line_id:
            return line
    raise UserError(_("This line is not on the slip any more."))


def check_quantity(quantity: int, most: int) -> None:
    """Raise ValidationError unless the number of pieces is from 1 to ``most`` (PACK-03)."""
    if not isinstance(quantity, int) or quantity < 1:
        raise ValidationError({"quantity": _("Please enter how many pieces.")})
    if quantity > most:
        raise ValidationError(
            {
                "quantity": ngettext(
                    "Only {count} piece of this line is left.", "Only {count} pieces of this line are left.", most
                ).format(count=most)
            },
            clause="PACK-03",
        )
