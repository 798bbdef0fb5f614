"""Counting and packing a slip: count one, pack one, tick one (PACK-01 to PACK-15).

What the station reads is in ``packing_sheet`` and ``packing_queue``; both are offered here too.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crmdesk.core.codes import parse_code
from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.packing import Carton, Packing, PackingReturn, PackingScan
from crmdesk.model.sale import Sale
from crmdesk.model.staff import StaffMember
from crmdesk.rules import packing as rules
from crmdesk.rules.rights import Right
from crmdesk.services import return_approval
from crmdesk.services.context import Context
from crmdesk.services.items import item_code
from crmdesk.services.packing_calls import HelpCall, answer_call, call_help, find_answer, find_calls
from crmdesk.services.packing_papers import drop_labels, freeze_labels
from crmdesk.services.packing_queue import (
    PackingRow,
    Queue,
    ReturnRow,
    count_waiting,
    find_packings,
    find_returns,
)
from crmdesk.services.packing_sheet import (
    RETURN_TICK,
    LineRow,
    Sheet,
    WrongScan,
    allowed_steps,
    facts,
    get_packing,
    get_slip,
    item_of,
    lines_of,
    open_slip,
    procedure_of,
    sheet_of,
)
from crmdesk.services.packing_work import (
    check_quantity,
    find_open_carton,
    judge,
    last_scan,
    pick_line,
    put,
    take_out,
    working,
)
from crmdesk.services.records import load_for_change, record_event
from crmdesk.services.sale_returns import REASONS, find_return_slip, print_return, settle
from crmdesk.services.staff import check_password
from crmdesk.services.steps import step_to

__all__ = [
    "REASONS", "HelpCall", "LineRow", "PackingRow", "Queue", "ReturnRow", "ScanOutcome", "Sheet", "WrongScan",
    "acknowledge", "allowed_steps", "answer_call", "call_help", "count_line", "count_waiting", "cross_line",
    "find_answer", "find_calls", "find_packings", "find_return_slip", "find_returns", "finish", "get_packing",
    "get_slip", "new_carton", "open_slip", "print_return", "procedure_of", "reopen", "scan", "seal",
    "sign_second", "start", "tick", "uncross_line", "undo_scan", "weigh_carton",
]  # fmt: skip

UNKNOWN = "unknown"  # the code is not in the catalogue at all
HEAVIEST_G = 99_000


@dataclass(frozen=True)
class ScanOutcome:
    """What became of a scan: ``ok`` with its line as it is now, else a wrong scan that must be acknowledged."""

    verdict: str
    version: int
    line: LineRow | None = None
    scan_id: int = 0

    @property
    def stops(self) -> bool:
        """Whether the station waits until the scan is acknowledged."""
        return self.verdict != "ok"


def start(ctx: Context, sale_id: int, *, customer_present: bool) -> int:
    """Begin to count a printed slip and return the packing's id; the user signs as counter (PACK-01, PACK-02).

    UserError when a colleague has begun it already, naming who.
    """
    ctx.require(Right.PACK)
    now = ctx.clock.now()
    try:
        with ctx.transaction(N_("Start counting")) as session:
            sale = load_for_change(session, Sale, sale_id, None)
            other = session.execute(
                select(Packing.id, StaffMember.name)
                .join(StaffMember, StaffMember.id == Packing.counter_id)
                .where(Packing.sale_id == sale_id)
            ).first()
            if other is not None:
                raise _begun(other.name)
            if sale.state != "paid":  # a slip paid in advance keeps its state
                sale.state = step_to(session, ctx, "sale", sale, "pack", {})
            sale.customer_present = customer_present
            packing = Packing(
                sale_id=sale.id,
                customer_id=sale.customer_id,
                customer_present=customer_present,
                counter_id=ctx.user.id,
                started_at=now,
                state=step_to(
                    session, ctx, "packing", None, "start",
                    {"customer_present": customer_present, "counter": ctx.user.id},
                ),
                created_at=now,
                cartons=[Carton(position=1)],
            )  # fmt: skip
            session.add(packing)
            title = (
                N_("Counting begun, customer present") if customer_present else N_("Counting begun, customer absent")
            )
            record_event(session, ctx, packing, "start", title, from_state="open", to_state=packing.state)
            return packing.id
    except IntegrityError as error:  # another station began it in this very moment
        raise _begun("") from error


def scan(ctx: Context, packing_id: int, version: int, code: str, *, quantity: int = 1) -> ScanOutcome:
    """Count a scanned piece, or ``quantity`` of them, into the open carton (PACK-03).

    A piece that is not on the slip, too many, crossed out or unknown is kept as a wrong scan; nothing more is taken
    until it is acknowledged (UserError). ConflictError when another station has packed in the meantime.
    """
    wanted = item_code(code)
    if not wanted:
        raise ValidationError({"code": _("Please scan the code of a piece.")})
    if parse_code(code) is not None:
        raise UserError(_("This is the code of a paper, not of a piece."), clause="PACK-03")
    if not 1 <= quantity <= 9999:
        raise ValidationError({"quantity": _("Please enter a number of pieces from 1 to 9999.")})
    with working(ctx, packing_id, version, N_("Pack piece")) as (session, packing):
        carton_id = find_open_carton(session, packing_id)
        lines = lines_of(session, packing.sale_id)
        by_barcode = next((line.code for line in lines if line.barcode and line.barcode.upper() == wanted), wanted)
        verdict, place = judge(lines, by_barcode, quantity)
        line = lines[place] if place is not None else None
        if verdict == "wrong" and item_of(session, wanted) is None:
            verdict = UNKNOWN
        entry = PackingScan(
            packing_id=packing.id,
            carton_id=carton_id,
            line_id=line.id if line else None,
            at=ctx.clock.now(),
            by_id=ctx.user.id,
            code=clean(code, 80),
            quantity=quantity,
            wrong=verdict != "ok",
            verdict=verdict,
        )
        session.add(entry)
        if verdict == "ok" and line is not None:
            line = put(session, line, quantity)
        session.flush()
        return ScanOutcome(verdict, version + 1, line, entry.id)


def count_line(ctx: Context, packing_id: int, version: int, line_id: int, quantity: int) -> ScanOutcome:
    """Count many pieces of one line at once, by number; ValidationError when more than are left (PACK-03)."""
    with working(ctx, packing_id, version, N_("Pack pieces by number")) as (session, packing):
        carton_id = find_open_carton(session, packing_id)
        line = pick_line(lines_of(session, packing.sale_id), line_id)
        check_quantity(quantity, line.left)
        entry = PackingScan(
            packing_id=packing.id, carton_id=carton_id, line_id=line.id, at=ctx.clock.now(), by_id=ctx.user.id,
            code=line.code, quantity=quantity,
        )  # fmt: skip
        session.add(entry)
        line = put(session, line, quantity)
        session.flush()
        return ScanOutcome("ok", version + 1, line, entry.id)


def undo_scan(ctx: Context, packing_id: int, version: int) -> LineRow:
    """Take the last piece (or the last number of pieces) out again and return its line."""
    with working(ctx, packing_id, version, N_("Take last piece out")) as (session, packing):
        last = last_scan(session, packing_id)
        if last is None:
            raise UserError(_("Nothing is packed yet."))
        line = pick_line(lines_of(session, packing.sale_id), last.line_id)
        last.undone_at = ctx.clock.now()
        packing.second_at = None
        return put(session, line, -last.quantity)


def acknowledge(ctx: Context, packing_id: int, version: int, scan_id: int, *, wanted: bool = False) -> None:
    """Confirm that the wrong piece was put back; ``wanted``: the customer wants it too, the sales desk is told."""
    with working(ctx, packing_id, version, N_("Acknowledge wrong piece")) as (session, packing):
        entry = session.get(PackingScan, scan_id)
        if entry is None or entry.packing_id != packing_id:
            raise UserError(_("This record does not exist any more."))
        entry.acknowledged_at = entry.acknowledged_at or ctx.clock.now()
        if wanted:
            item = item_of(session, entry.code)
            values = {"item": f"{item.code} {item.name}" if item else entry.code}
            record_event(session, ctx, packing, "wanted", N_("The customer also wants {item}: not on the slip"),
                         values=values)  # fmt: skip


def cross_line(
    ctx: Context, packing_id: int, version: int, line_id: int, quantity: int, *, reason: str, note: str = ""
) -> LineRow:
    """Cross pieces of a line out: ``reason`` unwanted or faulty; they are noted for the return slip (PACK-04).

    Pieces packed already come out of the cartons again. Returns the line.
    """
    if reason not in REASONS:
        raise ValidationError({"reason": _("Please choose from the list.")}, clause="PACK-04")
    if problem := check_length(note, 200):
        raise ValidationError({"note": problem})
    with working(ctx, packing_id, version, N_("Cross out pieces")) as (session, packing):
        line = pick_line(lines_of(session, packing.sale_id), line_id)
        check_quantity(quantity, line.wanted)
        out = max(0, quantity - line.left)
        if out:
            take_out(session, ctx, packing_id, line_id, out)
        session.add(
            PackingReturn(
                packing_id=packing_id, line_id=line_id, quantity=quantity, reason=reason, note=clean(note),
                at=ctx.clock.now(), by_id=ctx.user.id,
            )
        )  # fmt: skip
        packing.second_at = None
        title = N_("Faulty: {count} × {item}") if reason == "faulty" else N_("Not wanted: {count} × {item}")
        record_event(session, ctx, packing, "cross", title, note=clean(note),
                     values={"count": quantity, "item": f"{line.code} {line.name}"})  # fmt: skip
        settle(session, ctx, packing)
        crossed = line._replace(crossed=line.crossed + quantity, reason=reason)
        return put(session, crossed, -out)


def uncross_line(ctx: Context, packing_id: int, version: int, line_id: int) -> LineRow:
    """Take the × of a line back: all its pieces are wanted again."""
    with working(ctx, packing_id, version, N_("Take × back")) as (session, packing):
        line = pick_line(lines_of(session, packing.sale_id), line_id)
        if not line.crossed:
            raise UserError(_("Nothing of this line is crossed out."))
        gone = session.scalars(select(PackingReturn).where(PackingReturn.line_id == line_id)).all()
        for entry in gone:
            session.delete(entry)
        packing.second_at = None
        settle(session, ctx, packing)
        return put(session, line._replace(crossed=0, reason=""), 0)


def new_carton(ctx: Context, packing_id: int, version: int) -> int:
    """Close the open carton and begin the next; returns its number. UserError while the open one is empty."""
    with working(ctx, packing_id, version, N_("New carton")) as (session, packing):
        sheet = _sheet(session, ctx, packing)
        last = sheet.carton
        if last is not None and not last.pieces:
            raise UserError(_("Carton {number} is still empty.").format(number=last.position))
        if last is not None:
            session.get_one(Carton, last.id).sealed_at = ctx.clock.now()
        position = last.position + 1 if last else 1
        session.add(Carton(packing_id=packing_id, position=position))
        return position


def weigh_carton(ctx: Context, packing_id: int, version: int, carton_id: int, weight_g: int) -> None:
    """Write down what a carton weighs, in grams."""
    if not 0 <= weight_g <= HEAVIEST_G:
        raise ValidationError(
            {"weight": _("Please enter a weight from 0 to {most} kg.").format(most=HEAVIEST_G // 1000)}
        )
    with working(ctx, packing_id, version, N_("Weigh carton"), states=("packing", "packed")) as (session, packing):
        carton = session.get(Carton, carton_id)
        if carton is None or carton.packing_id != packing.id:
            raise UserError(_("This record does not exist any more."))
        carton.weight_g = weight_g
        if packing.state == "packed":
            session.flush()
            _freeze(session, ctx, packing)


def tick(ctx: Context, packing_id: int, version: int, key: str, on: bool = True) -> None:
    """Tick a line of the procedure, or a signature of the return slip as ``return.handler`` (PACK-02 to PACK-14)."""
    ctx.require(Right.PACK)
    known = {line for present in (True, False) for line, _words, _clause in procedure_of(ctx, present)}
    if key not in known and key.removeprefix(RETURN_TICK) not in rules.RETURN_SIGNATURES:
        raise ValidationError({"tick": _("Please choose from the list.")})
    with working(ctx, packing_id, version, N_("Tick packing step"), states=("packing", "packed")) as (session, packing):
        if key.startswith(RETURN_TICK):
            if on and not packing.return_number:
                raise UserError(_("Please print the return slip first: it is signed on paper."), clause="PACK-04")
            if (key in packing.ticks) != on:
                return_approval.sign(session, ctx, packing, key.removeprefix(RETURN_TICK), on=on)
        packing.ticks = [*(old for old in packing.ticks if old != key), *([key] if on else [])]


def sign_second(ctx: Context, packing_id: int, version: int, *, login: str, password: str) -> str:
    """Let a second person sign with own name and password after counting, and return the name (PACK-11, PACK-12).

    UserError when it is the counter again, before everything is counted, or when the password is wrong.
    """
    ctx.require(Right.PACK)
    sheet = get_packing(ctx, packing_id)
    same = UserError(
        _("The second person must be somebody else than {name}.").format(name=sheet.counter), clause="PACK-11"
    )
    if login.strip() == _login_of(ctx, sheet.counter_id):
        raise same
    if sheet.open_lines:
        raise UserError(_("Both sign after counting: not every line is counted yet."), clause="PACK-12")
    second = check_password(ctx, login.strip(), password)
    if second.id == sheet.counter_id:
        raise same
    with working(ctx, packing_id, version, N_("Second person signs")) as (session, packing):
        packing.second_id, packing.second_at = second.id, ctx.clock.now()
        record_event(session, ctx, packing, "second", N_("Counted again by {name}"), values={"name": second.name})
    return second.name


def finish(ctx: Context, packing_id: int, version: int) -> tuple[int, ...]:
    """Close the counting and freeze a label per carton; returns the papers' ids (PACK-03, PACK-11, PACK-12).

    UserError names the clause of what is still missing. An empty last carton is taken away.
    """
    with working(ctx, packing_id, version, N_("Everything is packed")) as (session, packing):
        sheet = _sheet(session, ctx, packing)
        before, packing.state = packing.state, step_to(session, ctx, "packing", packing, "finish", facts(sheet))
        packing.packed_at = ctx.clock.now()
        if len(sheet.cartons) > 1 and not sheet.cartons[-1].pieces:
            session.delete(session.get_one(Carton, sheet.cartons[-1].id))
        session.flush()
        papers = _freeze(session, ctx, packing)
        cartons = max(1, len(papers))
        title = N_("Packed: {pieces} pieces in {cartons} cartons")
        if cartons == 1:  # the story keeps the source text as it is
            title = N_("Packed: {pieces} pieces in 1 carton")
            title = N_("Packed: 1 piece in 1 carton") if sheet.packed == 1 else title
        record_event(session, ctx, packing, "finish", title, values={"pieces": sheet.packed, "cartons": cartons},
                     from_state=before, to_state=packing.state)  # fmt: skip
        return papers


def reopen(ctx: Context, packing_id: int, version: int) -> None:
    """Count again: labels made so far are void and the second person has to sign anew."""
    with working(ctx, packing_id, version, N_("Count again"), states=("packed",)) as (session, packing):
        packing.state = step_to(session, ctx, "packing", packing, "reopen", {})
        packing.packed_at = packing.second_at = None
        drop_labels(session, packing)
        record_event(session, ctx, packing, "reopen", N_("Counting again, labels void"), to_state=packing.state)


def seal(ctx: Context, packing_id: int, version: int) -> None:
    """Seal the cartons: the ticks of the procedure must be there (PACK-06 to PACK-08, PACK-13, PACK-14)."""
    with working(ctx, packing_id, version, N_("Seal the cartons"), states=("packed",)) as (session, packing):
        sheet = _sheet(session, ctx, packing)
        packing.state = step_to(session, ctx, "packing", packing, "seal", facts(sheet))
        packing.sealed_at = ctx.clock.now()
        for carton in session.scalars(select(Carton).where(Carton.packing_id == packing_id)):
            carton.sealed_at = carton.sealed_at or packing.sealed_at
        record_event(session, ctx, packing, "seal", N_("Cartons sealed"), from_state="packed", to_state=packing.state)


def _sheet(session: Session, ctx: Context, packing: Packing) -> Sheet:
    sheet = sheet_of(session, ctx, packing.sale_id)
    if sheet is None:
        raise UserError(_("This record does not exist any more."))
    return sheet


def _freeze(session: Session, ctx: Context, packing: Packing) -> tuple[int, ...]:
    return freeze_labels(session, ctx, packing, _sheet(session, ctx, packing))


def _login_of(ctx: Context, staff_id: int | None) -> str:
    with ctx.reading() as session:
        return session.scalar(select(StaffMember.login).where(StaffMember.id == staff_id)) or ""


def _begun(name: str) -> UserError:
    if not name:
        return UserError(_("A colleague has just begun to count this slip."), clause="PACK-02")
    return UserError(_("{name} has begun to count this slip already.").format(name=name), clause="PACK-02")
