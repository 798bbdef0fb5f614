"""The tick of closing time: the fax receives by itself overnight (CALL-13)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from crmdesk.core.i18n import N_
from crmdesk.model.history import Event
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context

KIND = "closing"  # one story a day: the record's number is the day, 20261122


class Ticked(NamedTuple):
    """Who set the fax to automatic, and when (UTC)."""

    by: str
    at: datetime


def _day(ctx: Context) -> int:
    return int(f"{ctx.clock.today():%Y%m%d}")


def find_fax(ctx: Context) -> Ticked | None:
    """Return who set the fax to automatic this evening; None while nobody did (CALL-13)."""
    ctx.require(Right.VISIT)
    query = select(Event).where(Event.kind == KIND, Event.record_id == _day(ctx)).order_by(Event.id.desc()).limit(1)
    with ctx.reading() as session:
        last = session.scalars(query).first()
    return Ticked(last.user_name, last.at) if last is not None and last.action == "fax" else None


def tick_fax(ctx: Context, on: bool) -> None:
    """Write down that the fax is set to automatic, or that it is not after all (CALL-13)."""
    ctx.require(Right.VISIT)
    with ctx.transaction(N_("Set the fax to automatic") if on else N_("Take the fax tick back")) as session:
        session.add(
            Event(
                at=ctx.clock.now(), user_id=ctx.user.id, user_name=ctx.user.name, station=ctx.station, kind=KIND,
                record_id=_day(ctx), action="fax" if on else "fax_back",
                title=N_("Fax set to automatic") if on else N_("Fax not on automatic"),
            )
        )  # fmt: skip
