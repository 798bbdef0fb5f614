"""The matters of one call: written with the call, each with who was asked first and who follows it (FIRST-01)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.errors import PermissionDenied
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, clean_lines, shorten
from crmdesk.model.call import Call, Matter
from crmdesk.services.call_forms import ANSWERED, MatterEntry
from crmdesk.services.context import Context
from crmdesk.services.records import record_event
from crmdesk.services.steps import step_to

MOST = 12  # matters in one call
_TEXT = 1000
_TITLE = 60


def clean_entries(entries: Iterable[MatterEntry]) -> tuple[MatterEntry, ...]:
    """Return the entries with clean texts; empty ones behind the first are left out."""
    cleaned = [entry._replace(text=clean_lines(entry.text), department=clean(entry.department)) for entry in entries]
    kept = cleaned[:1] + [entry for entry in cleaned[1:] if entry.text]
    return tuple(kept) if any(entry.text or entry.owner_id for entry in kept) else ()


def entries_problem(entries: tuple[MatterEntry, ...]) -> str:
    """Return what keeps the matters from being saved as a sentence, '' if nothing."""
    if len(entries) > MOST:
        return _("Please write down at most {most} matters in one call.").format(most=MOST)
    return next(filter(None, (check_length(entry.text, _TEXT) for entry in entries)), "")


def entries_of(session: Session, call_id: int) -> tuple[MatterEntry, ...]:
    """Return the matters of a call as the form shows them, the call's own first."""
    rows = list(session.scalars(select(Matter).where(Matter.call_id == call_id).order_by(Matter.position)))
    if not rows:
        return ()
    entries = [_entry(row) for row in rows]
    return tuple(entries if rows[0].position == 0 else [MatterEntry(), *entries])


def _entry(matter: Matter) -> MatterEntry:
    text = matter.text if matter.position else ""
    at_once = matter.state == "satisfied" and matter.answered_at is None
    return MatterEntry(text, ANSWERED if at_once else matter.owner_id, matter.department)


def write_matters(session: Session, ctx: Context, call: Call, entries: tuple[MatterEntry, ...]) -> None:
    """Write a call's matters beside it; one that somebody has taken up already is left to that person."""
    session.flush()
    known = {row.position: row for row in session.scalars(select(Matter).where(Matter.call_id == call.id))}
    for position, entry in enumerate(entries):
        matter, text = known.pop(position, None), entry.text or call.matter
        if matter is None:
            if text and (position or entry.owner_id != ANSWERED):
                _begin(session, ctx, call, position, entry._replace(text=text))
        elif matter.state == "accepted":
            matter.text, matter.department, matter.urgency = text, entry.department, call.urgency
            matter.owner_id = entry.owner_id or matter.first_id
            if entry.owner_id == ANSWERED:
                _settle(session, ctx, matter)


def _begin(session: Session, ctx: Context, call: Call, position: int, entry: MatterEntry) -> None:
    if ctx.user.id is None:
        raise PermissionDenied()
    now = ctx.clock.now()
    matter = Matter(
        call_id=call.id, customer_id=call.customer_id, position=position, topic="" if position else call.topic,
        text=entry.text, urgency=call.urgency, first_id=ctx.user.id, owner_id=entry.owner_id or ctx.user.id,
        department=entry.department, accepted_at=now, created_at=now, state="accepted",
    )  # fmt: skip
    session.add(matter)
    record_event(
        session, ctx, matter, "accept", N_("Matter accepted: {matter}"), values={"matter": shorten(entry.text, _TITLE)},
        to_state="accepted",
    )  # fmt: skip
    if entry.owner_id == ANSWERED:
        _settle(session, ctx, matter)


def _settle(session: Session, ctx: Context, matter: Matter) -> None:
    before, matter.state = matter.state, step_to(session, ctx, "matter", matter, "settle", {})
    matter.closed_at = ctx.clock.now()
    matter.satisfied = True
    record_event(
        session, ctx, matter, "settle", N_("Answered at once"), from_state=before, to_state=matter.state
    )
