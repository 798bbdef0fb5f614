"""What the program sees by itself of a checklist's lines: guests in the house, keys that are out, today's cash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from sqlalchemy import func, select

from crmdesk.core.i18n import _, language, ngettext
from crmdesk.core.money import format_money
from crmdesk.model.sale import Payment
from crmdesk.model.visit import Visit
from crmdesk.rules.rights import Right
from crmdesk.services.checklist_forms import Seen
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.visit_board import IN_HOUSE

SHOWN = 8  # keys named one by one


def see_guests(ctx: Context) -> Seen:
    """Return how many guests are still in the house (SEND-06)."""
    ctx.require(Right.VISIT)
    with ctx.reading() as session:
        count = session.scalar(select(func.count()).where(Visit.state.in_(IN_HOUSE))) or 0
    if not count:
        return Seen(_("Nobody is in the house."), True)
    return Seen(ngettext("{count} guest is in the house.", "{count} guests are in the house.", count).format(
        count=count), False)  # fmt: skip


def see_keys(ctx: Context) -> Seen:
    """Return which locker keys are out (RCPT-04)."""
    ctx.require(Right.VISIT)
    query = select(Visit.locker_key).where(Visit.locker_key.is_not(None), Visit.key_returned_at.is_(None))
    with ctx.reading() as session:
        keys = sorted(key for key in session.scalars(query) if key is not None)
    if not keys:
        return Seen(_("All keys are here."), True)
    named = _(", ").join(f"{key:02d}" for key in keys[:SHOWN]) + (" …" if len(keys) > SHOWN else "")
    return Seen(_("Keys out: {keys}").format(keys=named), False)


def see_till(ctx: Context) -> Seen:
    """Return how much cash was taken today (SET-07): what the till is counted against."""
    ctx.require(Right.CASH, Right.VISIT)
    start, end = day_bounds(ctx.clock)
    query = select(func.sum(Payment.amount)).where(
        Payment.at >= start, Payment.at < end, Payment.method == "cash"
    )  # fmt: skip
    with ctx.reading() as session:
        taken = session.scalar(query) or Decimal(0)
    return Seen(_("Cash taken today: {amount}").format(
        amount=format_money(taken, ctx.office.currency, language())), True)  # fmt: skip


#: By the key of the line, whichever list it stands in.
CHECKS: Mapping[str, Callable[[Context], Seen]] = {"guests": see_guests, "keys": see_keys, "till": see_till}
