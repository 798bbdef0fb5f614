"""Calls that nobody answered (未接來電): whose duty it was, what is proposed, and the call that settles them.

The amount of CALL-15 or CALL-16 is only proposed: nothing is ever taken from anybody by the program.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from crmdesk.core import phone as phones
from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, half_width, shorten
from crmdesk.model.call import Call, MissedCall
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.staff import StaffMember
from crmdesk.rules.phone_hours import phone_hours, proposed, staff_hours
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.days import month_bounds
from crmdesk.services.list_order import Sort, Sorts, in_order
from crmdesk.services.phone_duty import holder_at
from crmdesk.services.records import load_for_change, record_event

#: The filters of the list, in the order the window shows them.
FILTERS: dict[str, str] = {"open": N_("To call back"), "in_hours": N_("In service hours"), "all": N_("All")}


class MissedRow(NamedTuple):
    """A missed call in the list; moments are UTC, ``proposed`` is the amount of the clause, nought without one."""

    id: int
    version: int
    at: datetime
    phone: str
    name: str
    line: str
    customer_id: int | None
    holder: str
    in_hours: bool
    proposed: Decimal
    clause: str
    reason: str
    settled_at: datetime | None
    returned_by: str


def log_missed(
    ctx: Context, phone: str, *, name: str = "", line: str = "", at: datetime | None = None,
    staff_id: int | None = None,
) -> int:  # fmt: skip
    """Write down a call nobody took and return its id; the caller's name is taken from the customers when known.

    ``staff_id`` is the colleague whose own phone it was (CALL-16); without one whoever had the phone duty.
    """
    ctx.require(Right.CALL)
    number, moment = shorten(clean(half_width(phone)), 40), at or ctx.clock.now()
    if not number and not clean(name):
        raise ValidationError({"phone": _("Please write down the phone number.")})
    with suppress(phones.PhoneError):  # a number nobody can read is kept as it came
        number = phones.display(phones.parse(number, ctx.office.home), ctx.office.home)[:40]
    tail = phones.tail_key(number, ctx.office.home)[:24]
    local = ctx.clock.local(moment)
    hours = staff_hours(ctx.policy) if staff_id is not None else phone_hours(ctx.policy)
    with ctx.transaction(N_("Log a missed call")) as session:
        known = _customer(session, tail)
        missed = MissedCall(
            created_at=ctx.clock.now(), at=moment, phone=number, phone_tail=tail, line=shorten(clean(line), 40),
            name=shorten(clean(name), 80) or (known[1] if known else ""), customer_id=known[0] if known else None,
            holder_id=staff_id or holder_at(session, local), in_hours=hours.holds(local.time()),
            clause=hours.clause, proposed=proposed(hours, local.time()),
        )  # fmt: skip
        session.add(missed)
        record_event(session, ctx, missed, "missed", N_("Missed call"), note=missed.phone, at=moment)
        session.flush()
        return missed.id


def _customer(session: Session, tail: str) -> tuple[int, str] | None:
    if len(tail) < 7:
        return None
    query = (
        select(Customer.id, Customer.name)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(CustomerPhone.tail == tail, Customer.merged_into_id.is_(None))
        .limit(2)
    )
    found = session.execute(query).all()
    return (found[0][0], found[0][1]) if len(found) == 1 else None


_SORTS: Sorts = {
    "at": MissedCall.at, "name": MissedCall.name, "holder": StaffMember.name, "note": MissedCall.reason,
    "state": MissedCall.settled_at.is_not(None),
}  # fmt: skip


def find_missed(
    ctx: Context, query: str = "", *, show: str = "open", limit: int = 500, sort: Sort | None = None
) -> list[MissedRow]:
    """Return missed calls, the newest first or by the column ``sort`` names; ``show`` is a key of FILTERS."""
    ctx.require(Right.CALL)
    wanted = _rows().order_by(MissedCall.at.desc(), MissedCall.id.desc())
    if show == "open":
        wanted = wanted.where(MissedCall.settled_at.is_(None))
    elif show == "in_hours":
        wanted = wanted.where(MissedCall.in_hours)
    if text := clean(half_width(query))[:60]:
        tail = phones.query_tail(text, ctx.office.home)
        escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        by_name = func.lower(MissedCall.name).like(f"%{escaped}%", escape="\\")
        wanted = wanted.where(or_(by_name, MissedCall.phone_tail.startswith(tail)) if tail else by_name)
    wanted = in_order(wanted, sort, _SORTS, MissedCall.id)
    with ctx.reading() as session:
        return [_row(missed, holder, number) for missed, holder, number in session.execute(wanted.limit(limit))]


def _rows() -> Select[MissedCall, str, str]:
    return (
        select(MissedCall, StaffMember.name, Call.number)
        .outerjoin(StaffMember, StaffMember.id == MissedCall.holder_id)
        .outerjoin(Call, Call.id == MissedCall.returned_by_id)
    )


def _row(missed: MissedCall, holder: str | None, number: str | None) -> MissedRow:
    return MissedRow(
        missed.id, missed.version, missed.at, missed.phone, missed.name, missed.line, missed.customer_id, holder or "",
        missed.in_hours, missed.proposed, missed.clause if missed.in_hours else "", missed.reason, missed.settled_at,
        number or "",
    )  # fmt: skip


class Proposal(NamedTuple):
    """What the regulation asks of one duty holder for the calls missed in a month."""

    holder: str
    calls: int
    amount: Decimal


def find_proposals(ctx: Context, day: date) -> list[Proposal]:
    """Return the proposals of the month a day lies in, the largest first (CALL-15, CALL-16, PEN-29).

    A call settled with a reason is nobody's fault and left out. Nothing is stored and nothing is ever taken: the
    manager decides.
    """
    ctx.require(Right.POLICY)
    begin, end = month_bounds(ctx.clock, day)
    amount = func.sum(MissedCall.proposed)
    query = (
        select(StaffMember.name, func.count(MissedCall.id), amount)
        .join(StaffMember, StaffMember.id == MissedCall.holder_id)
        .where(MissedCall.at >= begin, MissedCall.at < end, MissedCall.proposed > 0, MissedCall.reason == "")
        .group_by(StaffMember.id, StaffMember.name)
        .order_by(amount.desc(), StaffMember.name)
    )
    with ctx.reading() as session:
        return [Proposal(name, count, Decimal(total)) for name, count, total in session.execute(query)]


def count_missed(ctx: Context) -> int:
    """Return how many missed calls nobody has called back yet."""
    ctx.require(Right.CALL)
    with ctx.reading() as session:
        return session.scalar(select(func.count(MissedCall.id)).where(MissedCall.settled_at.is_(None))) or 0


def settle_missed(ctx: Context, missed_id: int, *, version: int | None, reason: str) -> int:
    """Settle a missed call without calling back, with the reason, and return the new version.

    A reason also speaks for the holder: the proposed amount of CALL-15 is no longer asked.
    """
    ctx.require(Right.CALL)
    text = clean(reason)
    if not text:
        raise ValidationError({"reason": _("Please write down why nobody has to call back.")})
    if said := check_length(text, 200):
        raise ValidationError({"reason": said})
    with ctx.transaction(N_("Settle a missed call")) as session:
        missed = load_for_change(session, MissedCall, missed_id, version)
        if missed.settled_at is not None:
            raise UserError(_("This missed call is settled already."))
        missed.settled_at, missed.reason = ctx.clock.now(), text
        record_event(session, ctx, missed, "settle", N_("Missed call settled"), note=text)
        session.flush()
        return missed.version


def settle_by_call(session: Session, ctx: Context, call: Call) -> None:
    """Settle what was missed from a number once somebody has talked with it; called inside the call's transaction."""
    if len(call.phone_tail) < 5:
        return
    query = select(MissedCall).where(
        MissedCall.phone_tail == call.phone_tail, MissedCall.settled_at.is_(None), MissedCall.at <= ctx.clock.now()
    )
    for missed in session.scalars(query):
        missed.settled_at, missed.returned_by_id = ctx.clock.now(), call.id
        if missed.customer_id is None:
            missed.customer_id = call.customer_id
        record_event(
            session, ctx, missed, "returned", N_("Missed call returned by {number}"), values={"number": call.number}
        )
