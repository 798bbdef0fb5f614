"""Reading visits: the reception's board, lists, what may follow, and what closing time asks for (RCPT, CALL-13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.names import matches, query_plan
from crmdesk.core.phone import query_tail
from crmdesk.core.text import clean
from crmdesk.model.customer import Contact, Customer, CustomerKey, CustomerPhone
from crmdesk.model.sale import Sale
from crmdesk.model.staff import StaffMember
from crmdesk.model.visit import Visit
from crmdesk.rules import visits as rules
from crmdesk.rules.checklists import procedure
from crmdesk.rules.pack_tables import Texts
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Allowed
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.list_order import Sort, Sorts, days_between, in_order, ranked
from crmdesk.services.steps import find_allowed

BOOKED = "booked"  # an appointment: not in the house yet, so not a state of the machine
IN_HOUSE = ("waiting", "greeted", "in_showroom", "settling", "leaving")
UNPAID_STATES = ("draft", "printed", "packing")
FILTERS = {"today": N_("Today"), "month": N_("This month"), "all": N_("All")}


class VisitRow(NamedTuple):
    """A visit on the board or in a list; times are UTC."""

    id: int
    number: str
    state: str
    version: int
    customer_id: int | None
    name: str
    company: str
    visitor_class: str
    purpose: str
    place: str
    party_size: int
    appointment_at: datetime | None
    arrived_at: datetime | None
    greeted_at: datetime | None
    water_at: datetime | None
    locker_key: int | None
    nothing_to_deposit: bool
    clerk_id: int | None
    clerk: str
    clerk_accepted: bool
    send_off: tuple[str, ...]
    leave_reason: str
    left_at: datetime | None
    unpaid: int
    slip: str
    slip_id: int | None  # the slip that is not settled yet: draft, printed or being packed
    slip_state: str
    amount: Decimal
    transport: str
    note: str

    @property
    def key_out(self) -> bool:
        """Whether the guest still has a locker key."""
        return self.locker_key is not None


@dataclass(frozen=True)
class Board:
    """Everything the reception's board shows: the lanes, who left today, and the keys that are out."""

    booked: tuple[VisitRow, ...] = ()
    waiting: tuple[VisitRow, ...] = ()
    received: tuple[VisitRow, ...] = ()
    settling: tuple[VisitRow, ...] = ()
    leaving: tuple[VisitRow, ...] = ()
    left: tuple[VisitRow, ...] = ()
    keys: dict[int, VisitRow] = field(default_factory=dict)

    @property
    def in_house(self) -> tuple[VisitRow, ...]:
        """Return the guests who are in the house now."""
        return (*self.waiting, *self.received, *self.settling, *self.leaving)


class GreetingFigure(NamedTuple):
    """How many of today's guests were greeted within the minute (RCPT-01)."""

    in_time: int
    total: int


class ClosingCheck(NamedTuple):
    """What must be nought before the office closes (RCPT-04, CALL-13)."""

    guests: tuple[str, ...]
    keys: tuple[int, ...]


def find_board(ctx: Context) -> Board:
    """Return the reception's board: bookings of today, guests in the house, who left today, keys that are out."""
    ctx.require(Right.VISIT)
    start, end = day_bounds(ctx.clock)
    wanted = union_all(  # each part walks an index of its own; one WHERE with OR would read all visits ever made
        select(Visit.id).where(Visit.state.in_(IN_HOUSE)),
        select(Visit.id).where(Visit.state == BOOKED, Visit.appointment_at < end),
        select(Visit.id).where(Visit.left_at >= start),
        select(Visit.id).where(Visit.locker_key.is_not(None), Visit.key_returned_at.is_(None)),
    )
    query = _rows().where(Visit.id.in_(wanted))
    with ctx.reading() as session:
        rows = [_row(found) for found in session.execute(query.order_by(Visit.arrived_at, Visit.id))]
    lanes: dict[str, list[VisitRow]] = {}
    for visit in rows:
        lanes.setdefault(visit.state, []).append(visit)
    return Board(
        booked=tuple(sorted(lanes.get(BOOKED, ()), key=_appointment)),
        waiting=tuple(lanes.get("waiting", ())),
        received=(*lanes.get("in_showroom", ()), *lanes.get("greeted", ())),
        settling=tuple(lanes.get("settling", ())),
        leaving=tuple(lanes.get("leaving", ())),
        left=tuple(sorted((v for v in lanes.get("left", ()) if v.left_at and v.left_at >= start), key=_left,
                          reverse=True)),
        keys={visit.locker_key: visit for visit in rows if visit.locker_key is not None},
    )  # fmt: skip


def get_visit(ctx: Context, visit_id: int) -> VisitRow:
    """Return one visit; UserError when it is not there."""
    ctx.require(Right.VISIT)
    with ctx.reading() as session:
        found = session.execute(_rows().where(Visit.id == visit_id)).first()
    if found is None:
        raise UserError(_("This record does not exist any more."))
    return _row(found)


def find_visits(
    ctx: Context, query: str = "", *, show: str = "all", customer_id: int | None = None, limit: int = 500,
    sort: Sort | None = None,
) -> list[VisitRow]:
    """Return visits that came, the newest first or by the column ``sort``, in one statement.

    ``show`` is a key of FILTERS; ``query`` the end of a visit's number, any tail of a phone number, or a guest's name
    in the ways customers are found.
    """
    ctx.require(Right.VISIT)
    wanted = _rows().where(Visit.arrived_at.is_not(None))
    if show in ("today", "month"):
        today = ctx.clock.today()
        first = today if show == "today" else today.replace(day=1)
        wanted = wanted.where(Visit.arrived_at >= day_bounds(ctx.clock, first)[0])
    if customer_id is not None:
        wanted = wanted.where(Visit.customer_id == customer_id)
    typed = clean(query)[:60]
    if typed:
        wanted = wanted.where(_came(ctx, typed))
    wanted = wanted.order_by(Visit.arrived_at.desc(), Visit.id.desc())
    wanted = in_order(wanted, sort, _sorts(ctx), Visit.id).limit(limit)
    with ctx.reading() as session:
        rows = [_row(found) for found in session.execute(wanted)]
    if not typed or query_tail(typed, ctx.office.home):
        return rows
    return [row for row in rows if row.number.endswith(typed) or matches(typed, row.name, row.company)]


def _sorts(ctx: Context) -> Sorts:
    gone = func.coalesce(Visit.left_at, ctx.clock.now())
    return {
        "came": Visit.arrived_at, "name": func.coalesce(Customer.name, Visit.visitor_name), "purpose": Visit.purpose,
        "clerk": _CLERK.name, "stayed": days_between(Visit.arrived_at, gone),
        "state": ranked(Visit.state, rules.MACHINE.states), "number": Visit.number,
    }  # fmt: skip


def _came(ctx: Context, typed: str) -> ColumnElement[bool]:
    """Whose visits are meant; search keys promise candidates only, so names are looked at once more afterwards."""
    came: list[ColumnElement[bool]] = [
        Visit.number.endswith(typed, autoescape=True),
        and_(Visit.customer_id.is_(None), Visit.visitor_name.icontains(typed, autoescape=True)),
    ]
    if tail := query_tail(typed, ctx.office.home)[:24]:
        for line in (CustomerPhone, Contact):
            came.append(Visit.customer_id.in_(
                select(line.customer_id).where(line.tail >= tail, line.tail < tail + ":")  # the character after 9
            ))  # fmt: skip
    else:
        for keys in query_plan(typed):
            having = [Visit.customer_id.in_(select(CustomerKey.customer_id).where(CustomerKey.key == k)) for k in keys]
            came.append(and_(*having))
    return or_(*came)


def find_steps(ctx: Context, visit: VisitRow) -> list[Allowed]:
    """Return what may be done with a visit now, and what each step still needs."""
    if visit.state == BOOKED:
        return []
    return find_allowed(ctx, "visit", visit.state, _row_facts(visit))


def send_off_lines(ctx: Context) -> tuple[tuple[str, Texts | str, str], ...]:
    """Return the lines of the send-off (key, words, clause), as the office's regulation lists them (SEND)."""
    ctx.require(Right.VISIT)
    return procedure(ctx.policy, "send_off", rules.SEND_OFF)


def find_purposes(ctx: Context, *, limit: int = 12) -> list[str]:
    """Return what guests came for most often lately, to be chosen with one key."""
    ctx.require(Right.VISIT)
    newest = select(Visit.purpose).where(Visit.purpose != "").order_by(Visit.id.desc()).limit(500).subquery()
    query = select(newest.c.purpose).group_by(newest.c.purpose).order_by(func.count().desc()).limit(limit)
    with ctx.reading() as session:
        return list(session.scalars(query))


def count_in_house(ctx: Context) -> int:
    """Return how many visits are in the house now."""
    ctx.require(Right.VISIT)
    with ctx.reading() as session:
        return session.scalar(select(func.count()).where(Visit.state.in_(IN_HOUSE))) or 0


def count_greeted(ctx: Context, board: Board) -> GreetingFigure:
    """Return how many of the guests on the board were greeted in time, of those greeted or late (RCPT-01)."""
    now, in_time, total = ctx.clock.now(), 0, 0
    for visit in (*board.in_house, *board.left):
        if visit.arrived_at is None:
            continue
        due = rules.greet_by(visit.arrived_at, ctx.policy)
        if visit.greeted_at is not None:
            total += 1
            in_time += visit.greeted_at <= due
        elif visit.state == "waiting" and now > due:
            total += 1
    return GreetingFigure(in_time, total)


def check_closing(ctx: Context) -> ClosingCheck:
    """Return who is still in the house and which keys are out, for the walk before closing."""
    ctx.require(Right.VISIT)
    board = find_board(ctx)
    return ClosingCheck(tuple(visit.name for visit in board.in_house), tuple(sorted(board.keys)))


def _row_facts(row: VisitRow) -> dict[str, Any]:
    return {
        "customer": row.customer_id,
        "purpose": row.purpose,
        "water": row.water_at,
        "locker": row.locker_key is not None or row.nothing_to_deposit,
        "clerk": row.clerk_id,
        "key_out": row.key_out,
        "unpaid": row.unpaid,
        "ticks": row.send_off,
        "leave_reason": row.leave_reason,
    }


_CLERK = aliased(StaffMember)


def _rows() -> Select[*tuple[Any, ...]]:
    unpaid = (
        select(func.count(Sale.id))
        .where(Sale.visit_id == Visit.id, Sale.state.in_(UNPAID_STATES))
        .correlate(Visit)
        .scalar_subquery()
    )
    slip = (
        select(func.max(Sale.number)).where(Sale.visit_id == Visit.id, Sale.state != "void").correlate(Visit)
    ).scalar_subquery()
    slip_id = (
        select(func.max(Sale.id))
        .where(Sale.visit_id == Visit.id, Sale.state.in_(UNPAID_STATES))
        .correlate(Visit)
        .scalar_subquery()
    )
    slip_state = (
        select(Sale.state)
        .where(Sale.visit_id == Visit.id, Sale.state != "void")
        .order_by(Sale.id.desc())
        .limit(1)
        .correlate(Visit)
    ).scalar_subquery()
    amount = (
        select(func.sum(Sale.total)).where(Sale.visit_id == Visit.id, Sale.state != "void").correlate(Visit)
    ).scalar_subquery()
    return (
        select(Visit, Customer.name, Customer.company, _CLERK.name, unpaid, slip, slip_id, slip_state, amount)
        .outerjoin(Customer, Customer.id == Visit.customer_id)
        .outerjoin(_CLERK, _CLERK.id == Visit.clerk_id)
    )


def _row(found: Row[*tuple[Any, ...]]) -> VisitRow:
    visit, name, company, clerk, unpaid, slip, slip_id, slip_state, amount = found
    return VisitRow(
        id=visit.id, number=visit.number, state=visit.state, version=visit.version, customer_id=visit.customer_id,
        name=name or visit.visitor_name, company=company or "", visitor_class=visit.visitor_class,
        purpose=visit.purpose, place=visit.place, party_size=visit.party_size, appointment_at=visit.appointment_at,
        arrived_at=visit.arrived_at, greeted_at=visit.greeted_at, water_at=visit.water_at,
        locker_key=visit.locker_key if visit.key_returned_at is None else None,
        nothing_to_deposit=visit.nothing_to_deposit or visit.key_returned_at is not None,
        clerk_id=visit.clerk_id, clerk=clerk or "", clerk_accepted=visit.clerk_accepted_at is not None,
        send_off=tuple(visit.send_off), leave_reason=visit.leave_reason, left_at=visit.left_at, unpaid=unpaid,
        slip=slip or "", slip_id=slip_id, slip_state=slip_state or "", amount=Decimal(amount or 0),
        transport=visit.transport, note=visit.note,
    )  # fmt: skip


def _appointment(visit: VisitRow) -> datetime:
    assert visit.appointment_at is not None
    return visit.appointment_at


def _left(visit: VisitRow) -> datetime:
    assert visit.left_at is not None
    return visit.left_at
