"""The tick of closing time: the fax receives by itself overnight (CALL-13). It is a line of the closing list."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from crmdesk.model.checklist import Checklist, ChecklistTick
from crmdesk.rules.checklists import CLOSING, FAX
from crmdesk.rules.rights import Right
from crmdesk.services import checklists
from crmdesk.services.context import Context


class Ticked(NamedTuple):
    """Who set the fax to automatic, and when (UTC)."""

    by: str
    at: datetime


def asks_fax(ctx: Context) -> bool:
    """Whether the office's closing list has the line of the fax."""
    ctx.require(Right.VISIT)
    closing = next((found for found in checklists.find_templates(ctx) if found.key == CLOSING), None)
    return closing is not None and any(line.key == FAX for line in closing.lines)


def find_fax(ctx: Context) -> Ticked | None:
    """Return who set the fax to automatic this evening; None while nobody did (CALL-13)."""
    ctx.require(Right.VISIT)
    query = (
        select(ChecklistTick.by, ChecklistTick.at)
        .join(Checklist, Checklist.id == ChecklistTick.checklist_id)
        .where(
            Checklist.day == ctx.clock.today(), Checklist.key == CLOSING, ChecklistTick.line == FAX,
            ChecklistTick.undone_at.is_(None), ChecklistTick.fault.is_(False),
        )
    )  # fmt: skip
    with ctx.reading() as session:
        found = session.execute(query).first()
    return Ticked(found.by, found.at) if found is not None else None


def tick_fax(ctx: Context, on: bool) -> None:
    """Tick the line of the fax in today's closing list, or take the tick back (CALL-13)."""
    ctx.require(Right.VISIT)
    checklist = checklists.begin(ctx, CLOSING, turn=1)
    if on:
        checklists.tick(ctx, checklist, FAX)
    else:
        checklists.untick(ctx, checklist, FAX)
