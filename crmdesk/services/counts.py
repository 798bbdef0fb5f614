"""How many wait at each desk, for the rail and the two pills of the top line."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from crmdesk.model.complaint import Complaint
from crmdesk.rules.rights import Right
from crmdesk.services.call_lists import count_today
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.packing_queue import count_waiting
from crmdesk.services.repairs import count_repairs
from crmdesk.services.visit_board import count_in_house


class DeskCount(NamedTuple):
    """How many wait at a desk, how many of them are late, and how many fall due before tonight."""

    waiting: int = 0
    late: int = 0
    today: int = 0


def count_desks(ctx: Context) -> dict[str, DeskCount]:
    """Return the counts of the desks the user may use, by the key of their page; at most two statements a desk."""
    counts: dict[str, DeskCount] = {}
    if ctx.may(Right.CALL):
        calls = count_today(ctx)
        today = calls.callbacks_due - calls.callbacks_late  # what is due counts the late ones too
        counts["calls"] = DeskCount(calls.callbacks_due, calls.callbacks_late, today)
    if ctx.may(Right.VISIT):
        counts["reception"] = DeskCount(count_in_house(ctx))
    if ctx.may(Right.PACK):
        counts["packing"] = DeskCount(count_waiting(ctx))
    if ctx.may(Right.REPAIR):
        ready, late = count_repairs(ctx)
        counts["repairs"] = DeskCount(ready, late)
    if ctx.may(Right.COMPLAINT_HANDLE):
        counts["complaints"] = _complaints(ctx)
    return counts


def _complaints(ctx: Context) -> DeskCount:
    now, tonight = ctx.clock.now(), day_bounds(ctx.clock)[1]
    reply = Complaint.next_reply_at
    query = select(
        func.count(), func.count().filter(reply < now), func.count().filter(reply >= now, reply < tonight)
    ).where(Complaint.state != "closed")
    with ctx.reading() as session:
        waiting, late, today = session.execute(query).one()
    return DeskCount(waiting, late, today)
