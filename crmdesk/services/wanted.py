"""Goods that customers want and the office doesn't have: who waits for an item of the catalogue (ORD-08, CRM-08)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from crmdesk.model.archive import Care
from crmdesk.model.customer import Customer
from crmdesk.model.item import Item
from crmdesk.rules.care import WANTED
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context


class Waiting(NamedTuple):
    """A customer who waits for an item; ``here`` once it has arrived and the customer is still to be told."""

    customer_id: int
    name: str
    text: str
    noted_at: datetime
    here: bool


class WaitingFor(NamedTuple):
    """Who waits for an item: the first ones, how many in ``total``, and how many of them are ``missing`` it yet."""

    first: tuple[Waiting, ...]
    total: int
    missing: int


NOBODY = WaitingFor((), 0, 0)
_OPEN = (Care.kind == WANTED, Care.done_at.is_(None))


def find_waiting(ctx: Context, item_id: int, *, limit: int = 3) -> WaitingFor:
    """Return who waits for an item, who has waited longest first; nobody for who may not see customers."""
    ctx.require(Right.ITEM_VIEW)
    if not ctx.may(Right.CUSTOMER_VIEW):
        return NOBODY
    these = (*_OPEN, Care.item_id == item_id)
    query = (
        select(Care.customer_id, Customer.name, Care.text, Care.noted_at, Care.arrived_at.is_not(None))
        .join(Customer, Customer.id == Care.customer_id)
        .where(*these)
        .order_by(Care.arrived_at.is_not(None), Care.noted_at, Care.id)
        .limit(limit)
    )
    counts = select(func.count(), func.count().filter(Care.arrived_at.is_(None))).select_from(Care).where(*these)
    with ctx.reading() as session:
        count, missing = session.execute(counts).one()
        return WaitingFor(tuple(Waiting(*row) for row in session.execute(query)), count, missing) if count else NOBODY


def is_wanted() -> ColumnElement[bool]:
    """Return the condition for items that somebody waits for and that have not arrived."""
    return select(Care.id).where(*_OPEN, Care.arrived_at.is_(None), Care.item_id == Item.id).exists()
