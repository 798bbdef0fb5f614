"""Who rings and what to know before answering, at a glance (CRM-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, String, cast, literal, null, select, union_all

from crmdesk.core import birthdays, phone
from crmdesk.core.rings import Ring
from crmdesk.model.archive import Care, Relative
from crmdesk.model.call import Call, Matter, MissedCall
from crmdesk.model.complaint import Complaint
from crmdesk.model.packing import Carton, Packing
from crmdesk.model.repair import Repair
from crmdesk.model.sale import Sale
from crmdesk.rules.care import occasion_of
from crmdesk.rules.rights import Right
from crmdesk.services.call_lists import find_callers
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard, read_card
from crmdesk.services.customer_search import PersonRow

BIRTHDAY_DAYS = 7  # so many days ahead a birthday is near
PARCEL_DAYS = 10  # so long after sealing a parcel counts as on its way: nobody tells us when it is there
GREETED_DAYS = 90  # nobody greets longer ahead of a birthday
MOST_LINES = 60  # of one customer, all kinds together
_SHOWN = 3  # people who may be meant

#: What may be known, the most useful first: a promise, what we owe, what is ready, what is under way, what to think of.
ORDER = (
    "callback", "missed", "complaints", "repairs", "wanted", "matters", "parcels", "orders", "balance", "illness",
    "away", "birthday",
)  # fmt: skip


def written(ctx: Context, number: str) -> str:
    """Return a number that rings as the office writes numbers; as it came, where it is none."""
    try:
        return phone.display(phone.parse(number, ctx.office.home), ctx.office.home)
    except phone.PhoneError:
        return number


class Fact(NamedTuple):
    """Something to know at a glance: how many of a kind, the first of them with its number, moment, words, amount."""

    kind: str
    record_id: int | None
    how_many: int = 1
    number: str = ""
    at: datetime | None = None
    words: str = ""
    amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class CallerCard:
    """A customer as the telephone rings: the card of all desks, and what is open, the most useful first."""

    card: CustomerCard
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Caller:
    """Who probably rings: the people with this number, and the card when there is only one."""

    ring: Ring
    people: tuple[PersonRow, ...] = ()
    known: CallerCard | None = None


def find_caller(ctx: Context, ring: Ring) -> Caller:
    """Return who probably rings; a hidden number is nobody's. At most five statements, and six for the card."""
    ctx.require(Right.CUSTOMER_VIEW)
    people = [p for p in find_callers(ctx, ring.number, limit=_SHOWN) if p.exact] if len(ring.digits) > 2 else []
    known = get_caller(ctx, people[0].id) if len({p.id for p in people}) == 1 else None
    return Caller(ring, tuple(people), known)


def get_caller(ctx: Context, customer_id: int) -> CallerCard:
    """Return all there is to know of a customer on the telephone (at most six statements); UserError if gone."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        rows = session.execute(_open_lines(ctx, customer_id)).all()
        card = read_card(session, ctx, customer_id, promised=[r for r in rows if r.kind == "callback"])
    return CallerCard(card, _facts(ctx, card, rows))


# what is open -----------------------------------------------------------------------------------------------------


def _line(kind: str, what: Any, number: Any, at: Any, words: Any = None, amount: Any = None) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        what.label("record_id"),
        cast(number if number is not None else literal(""), String).label("number"),
        (at if at is not None else cast(null(), Call.callback_at.type)).label("at"),
        cast(words if words is not None else literal(""), String).label("words"),
        (amount if amount is not None else cast(null(), Sale.total.type)).label("amount"),
    )


def _open_lines(ctx: Context, customer_id: int) -> Any:
    since = ctx.clock.now() - timedelta(days=PARCEL_DAYS)
    greeted_since = ctx.clock.now() - timedelta(days=GREETED_DAYS)
    lines = [
        _line("callback", Call.id, Call.number, Call.callback_at, Call.matter).where(
            Call.customer_id == customer_id, Call.callback_done_at.is_(None), Call.callback_at.is_not(None)
        ),
        _line("missed", MissedCall.id, MissedCall.phone, MissedCall.at, MissedCall.line).where(
            MissedCall.customer_id == customer_id, MissedCall.settled_at.is_(None)
        ),
        _line("complaints", Complaint.id, Complaint.number, Complaint.next_reply_at, Complaint.title).where(
            Complaint.customer_id == customer_id, Complaint.closed_at.is_(None)
        ),
        _line("repair", Repair.id, Repair.number, Repair.ready_at, Repair.state).where(
            Repair.customer_id == customer_id, Repair.closed_at.is_(None)
        ),
        _line("matters", Matter.id, None, Matter.accepted_at, Matter.text).where(
            Matter.customer_id == customer_id, Matter.closed_at.is_(None)
        ),
        _line("parcels", Packing.sale_id, Carton.waybill, Packing.sealed_at, Carton.carrier)
        .join(Carton, Carton.packing_id == Packing.id)
        .where(Packing.customer_id == customer_id, Carton.waybill != "", Packing.sealed_at >= since),
        _line("parcels_repair", Repair.id, Repair.waybill, Repair.closed_at, Repair.carrier).where(
            Repair.customer_id == customer_id, Repair.state == "shipped", Repair.closed_at >= since
        ),
        _line("orders", Sale.id, Sale.number, Sale.opened_at, Sale.state, Sale.total).where(
            Sale.customer_id == customer_id, Sale.state.in_(("printed", "packing", "paid"))
        ),
        _line("care", Care.id, Care.kind, Care.arrived_at, Care.text).where(
            Care.customer_id == customer_id, Care.done_at.is_(None), Care.kind.in_(("illness", "wanted"))
        ),
        _line("greeted", Care.id, Care.occasion, Care.done_at).where(
            Care.customer_id == customer_id, Care.occasion != "", Care.done_at >= greeted_since
        ),
    ]
    if ctx.may(Right.CUSTOMER_PRIVATE):  # the family is shown only to who may see it (CRM-32)
        lines.append(
            _line("relative", Relative.id, Relative.birthday, None, Relative.name).where(
                Relative.customer_id == customer_id, Relative.birthday != ""
            )
        )
    return union_all(*lines).limit(MOST_LINES)


_AWAY = ("sent_away", "in_own_workshop", "returned", "received")


def _facts(ctx: Context, card: CustomerCard, rows: Sequence[Any]) -> tuple[Fact, ...]:
    """Gather the lines of each kind into one fact: the earliest speaks for the others."""
    kinds: dict[str, list[Any]] = {}
    for row in rows:
        if kind := _kind_of(row):
            kinds.setdefault(kind, []).append(row)
    found = {kind: _fact(kind, lines) for kind, lines in kinds.items()}
    if card.balance > 0:
        found["balance"] = Fact("balance", card.id, amount=card.balance)
    family = [("relative", row.record_id, row.words, row.number) for row in rows if row.kind == "relative"]
    if near := _birthday(ctx, card, family, {row.number for row in rows if row.kind == "greeted"}):
        found["birthday"] = near
    return tuple(found[kind] for kind in ORDER if kind in found)


def _kind_of(row: Any) -> str:
    if row.kind == "repair":
        return "repairs" if row.words in ("ready", "customer_called") else "away" if row.words in _AWAY else ""
    if row.kind == "care":
        return "illness" if row.number == "illness" else "wanted" if row.at is not None else ""
    return {"parcels_repair": "parcels", "relative": "", "greeted": ""}.get(row.kind, row.kind)


def _fact(kind: str, lines: Sequence[Any]) -> Fact:
    first = min(lines, key=lambda row: (row.at is None, row.at, row.record_id) if row.at else (True, 0, row.record_id))
    amount = sum((row.amount for row in lines if row.amount), start=Decimal(0))
    return Fact(kind, first.record_id, len(lines), first.number or "", first.at, first.words or "", amount)


def _birthday(
    ctx: Context, card: CustomerCard, family: Sequence[tuple[str, int, str, str]], greeted: set[str]
) -> Fact | None:
    """Return the nearest birthday within a week that nobody greeted yet: the customer's, a contact's, the family's."""
    today = ctx.clock.today()
    persons = [("customer", card.id, card.name, card.form.birthday), *family]
    persons += [("contact", c.id or 0, c.name, c.birthday) for c in card.form.contacts if c.left_on is None]
    days = []
    for who, row_id, name, text in persons:
        if (born := birthdays.kept(text)) is None or (day := born.next(today)) > today + timedelta(BIRTHDAY_DAYS):
            continue
        if occasion_of(who, row_id, day) not in greeted:
            days.append((day, name))
    if not days:
        return None
    day, name = min(days)
    at = datetime.combine(day, datetime.min.time(), ctx.clock.zone)
    return Fact("birthday", card.id, len(days), "", at, name)


