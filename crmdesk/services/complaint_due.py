"""By when a complaint must be finished: for one, for the shown rows, and as a condition for all open ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import Session

from crmdesk.model.complaint import Complaint
from crmdesk.rules import complaints as rules
from crmdesk.rules.deadlines import Due, Pause
from crmdesk.services.context import Context
from crmdesk.services.deadlines import Stood, calendar_of, come_due, end_pause, open_pauses

OPEN_STATES = tuple(state for state in rules.MACHINE.states if state != "closed")


def due_of(ctx: Context, complaint: Complaint, pauses: Sequence[Pause] = ()) -> Due | None:
    """Return when a complaint is due and why; None while the office has no number for its kind."""
    return rules.finish_due(
        complaint.received_at, calendar_of(ctx), ctx.policy, domestic=complaint.domestic, severity=complaint.severity,
        pauses=pauses,
    )  # fmt: skip


def keep_due(session: Session, ctx: Context, complaint: Complaint) -> None:
    """Keep when a complaint that closes now was due: numbers and calendars change, what was late stays late."""
    result = due_of(ctx, complaint, end_pause(session, ctx, Complaint.KIND, complaint.id))
    complaint.was_due_at = result.at if result is not None else None


def stood_of_open(session: Session) -> dict[int, Stood]:
    """Return the open complaints whose clock stood or stands, in one statement."""
    return open_pauses(session, Complaint, Complaint.received_at, Complaint.state.in_(OPEN_STATES))


def finish_come(ctx: Context, moment: datetime, stood: Mapping[int, Stood]) -> ColumnElement[bool]:
    """Return the condition that a complaint's finish is due at ``moment``, each kind by its own number."""
    parts = []
    for severity in rules.SEVERITIES:
        for domestic in (True, False):
            found = rules.finish_limit(ctx.policy, domestic=domestic, severity=severity)
            if found is not None:
                which = and_(Complaint.severity == severity, Complaint.domestic.is_(domestic))
                parts.append(and_(which, come_due(ctx, Complaint, Complaint.received_at, found[1], moment, stood)))
    return or_(false(), *parts)


def row_due(ctx: Context, complaint: Complaint, stood: Mapping[int, Stood]) -> Due | None:
    """Return the due time of a shown row from what ``stood_of_open`` found."""
    entry = stood.get(complaint.id)
    return due_of(ctx, complaint, entry.pauses if entry is not None else ())
