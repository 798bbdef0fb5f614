"""Who may see the protected fields of a customer's archive just now (CRM-32, CRM-40, SEC-17)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.model.approval import Approval
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.rules.rights import Right
from crmdesk.services.archive_fields import protected_keys
from crmdesk.services.context import Context

MATTER = "consult"
LOOKED = "looked"
VALUE, RELATIVE = "archive.", "relative#"  # how the history calls what is kept closed


def day_began(ctx: Context) -> datetime:
    """Return when the office's day began."""
    return ctx.clock.local(ctx.clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)


def last_consult(session: Session, ctx: Context, customer_id: int) -> Approval | None:
    """Return what the user asked last about a customer's closed file; None when nothing was."""
    query = select(Approval).where(
        Approval.matter == MATTER, Approval.record_kind == Customer.KIND, Approval.record_id == customer_id,
        Approval.asked_by_id == ctx.user.id,
    )  # fmt: skip
    return session.scalars(query.order_by(Approval.id.desc()).limit(1)).first()


def may_look(session: Session, ctx: Context, customer_id: int) -> bool:
    """Whether the user may open the protected fields: by right, or by an approval of today."""
    if ctx.may(Right.CUSTOMER_PRIVATE):
        return True
    asked = last_consult(session, ctx, customer_id)
    return asked is not None and allows(ctx, asked)


def allows(ctx: Context, asked: Approval) -> bool:
    """Whether an asking opens the file now: it was approved, and today."""
    return asked.state == "approved" and asked.decided_at is not None and asked.decided_at >= day_began(ctx)


def looked_today(session: Session, ctx: Context, customer_id: int) -> bool:
    """Whether the user's look of today is in the log already."""
    query = select(Event.id).where(
        Event.kind == Customer.KIND, Event.record_id == customer_id, Event.action == LOOKED,
        Event.user_id == ctx.user.id, Event.at >= day_began(ctx),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def is_open(session: Session, ctx: Context, customer_id: int) -> bool:
    """Whether the user has opened the protected fields today, and may."""
    return may_look(session, ctx, customer_id) and looked_today(session, ctx, customer_id)


def without_closed(
    session: Session, ctx: Context, customer_id: int, changes: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the changes of a customer's history without what is kept closed to the user just now."""
    if not any(name.startswith((VALUE, RELATIVE)) for fields in changes for name in fields):
        return changes
    if is_open(session, ctx, customer_id):
        return changes
    closed = protected_keys(session)
    return [
        {
            name: change for name, change in fields.items()
            if not name.startswith(RELATIVE) and name.removeprefix(VALUE) not in closed
        }
        for fields in changes
    ]  # fmt: skip
