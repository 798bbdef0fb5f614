"""Calls for the supervisor from the packing station: heard on the manager's windows until somebody comes."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.model.packing import Packing
from crmdesk.model.sale import Sale
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.packing_work import tell
from crmdesk.services.records import load_for_change, record_event

CALLED, ANSWERED = "help", "helped"
OPEN = ("packing", "packed")


class HelpCall(NamedTuple):
    """A call nobody has answered yet; ``id`` tells one call from the next, ``at`` is UTC."""

    id: int
    packing_id: int
    number: str
    customer: str
    by_id: int | None
    by: str
    station: str
    at: datetime


def call_help(ctx: Context, packing_id: int) -> None:
    """Call the supervisor to the packing station; a call that is open already is not doubled."""
    ctx.require(Right.PACK)
    with ctx.transaction(N_("Call the supervisor")) as session:
        packing = load_for_change(session, Packing, packing_id, None)
        last = _last(session, packing_id)
        if last is None or last.action != CALLED:
            record_event(session, ctx, packing, CALLED, N_("The packing station called for the supervisor"))
        tell(session, packing)


def answer_call(ctx: Context, packing_id: int) -> None:
    """Say that the user comes: the call goes out on every window, and the station shows who."""
    ctx.require(Right.SALE_VOID)
    with ctx.transaction(N_("Answer the packing station")) as session:
        packing = load_for_change(session, Packing, packing_id, None)
        last = _last(session, packing_id)
        if last is not None and last.action == CALLED:
            title, values = N_("{name} comes to the packing station"), {"name": ctx.user.name}
            record_event(session, ctx, packing, ANSWERED, title, values=values)
        tell(session, packing)


def find_calls(ctx: Context) -> list[HelpCall]:
    """Return the calls nobody has answered, oldest first; a call ends by itself once its slip is sealed."""
    ctx.require(Right.PACK, Right.SALE_VOID)
    newest = (
        select(Event.id)
        .where(Event.kind == Packing.KIND, Event.record_id == Packing.id, Event.action.in_((CALLED, ANSWERED)))
        .order_by(Event.id.desc())
        .limit(1)
        .correlate(Packing)
        .scalar_subquery()
    )
    query = (
        select(
            Event.id, Packing.id, Sale.number, Customer.name, Event.user_id, Event.user_name, Event.station, Event.at
        )
        .select_from(Packing)
        .join(Event, Event.id == newest)
        .join(Sale, Sale.id == Packing.sale_id)
        .join(Customer, Customer.id == Packing.customer_id)
        .where(Packing.state.in_(OPEN), Event.action == CALLED)
        .order_by(Event.id)
    )
    with ctx.reading() as session:
        found = session.execute(query).all()
    return [HelpCall(row[0], row[1], row[2] or "", *row[3:]) for row in found]


def find_answer(ctx: Context, packing_id: int) -> str:
    """Return who comes to the station, '' while nobody has answered or nobody was called."""
    ctx.require_to_see("packing")
    with ctx.reading() as session:
        last = _last(session, packing_id)
    return last.user_name if last is not None and last.action == ANSWERED else ""


def _last(session: Session, packing_id: int) -> Event | None:
    return session.scalars(
        select(Event)
        .where(Event.kind == Packing.KIND, Event.record_id == packing_id, Event.action.in_((CALLED, ANSWERED)))
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
