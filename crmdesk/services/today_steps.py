"""What people do with a task on the Today board besides settling it: put it off, wake it, hand it on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.staff import StaffMember
from crmdesk.model.today import HandOn, Snooze
from crmdesk.rules.rights import rights_of
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.duties import Duty
from crmdesk.services.duty_rows import DUTIES
from crmdesk.services.records import load_for_change, record_event
from crmdesk.services.today import Task

UNTIL = {"hour": N_("In an hour"), "tomorrow": N_("Tomorrow"), "working_day": N_("Next working day")}
REASON_LENGTH = 200
KEPT = timedelta(days=90)  # how long handings on are remembered; what they were about is settled long since


def until_of(ctx: Context, choice: str) -> datetime:
    """Return when a task comes back that is put off now: in an hour, or when the office opens (UTC)."""
    now, calendar, day = ctx.clock.now(), calendar_of(ctx), ctx.clock.today() + timedelta(days=1)
    if choice == "hour":
        return now + timedelta(hours=1)
    if choice == "working_day":
        day = calendar.working_day_after(ctx.clock.today(), 1)
    elif choice != "tomorrow":
        raise ValueError(choice)
    opening = calendar.opening(day)
    return opening if opening is not None else ctx.clock.now() + timedelta(days=1)


def snooze(ctx: Context, task: Task, choice: str, reason: str) -> datetime:
    """Put a task off for oneself and return until when; ValidationError without a reason (key of UNTIL)."""
    ctx.require_staff()
    if ctx.user.id is None:
        raise PermissionDenied()
    reason = _reason(reason)
    until = until_of(ctx, choice)
    with ctx.transaction(N_("Put a reminder off")) as session:
        row = session.scalars(
            select(Snooze).where(Snooze.user_id == ctx.user.id, Snooze.duty == task.duty, Snooze.row_id == task.row_id)
        ).first()
        if row is None:
            row = Snooze(
                user_id=ctx.user.id, duty=task.duty, row_id=task.row_id, kind=task.kind, record_id=task.record_id
            )
            session.add(row)
        row.until, row.reason, row.at = until, reason, ctx.clock.now()
        session.execute(delete(Snooze).where(Snooze.user_id == ctx.user.id, Snooze.until < ctx.clock.now() - KEPT))
    return until


def wake(ctx: Context, task: Task) -> None:
    """Take a task back that was put off."""
    ctx.require_staff()
    with ctx.transaction(N_("Take a reminder back")) as session:
        query = select(Snooze).where(
            Snooze.user_id == (ctx.user.id or 0), Snooze.duty == task.duty, Snooze.row_id == task.row_id
        )
        for row in session.scalars(query):
            session.delete(row)


def hand_on(ctx: Context, task: Task, to_id: int, note: str = "") -> str:
    """Hand a task to a colleague and return the name; it stands in the record's story.

    Where the record has an owner he becomes it. UserError when the colleague may not settle it, or it is settled.
    """
    ctx.require_staff()
    duty = _duty(task)
    if duty.right is not None:
        ctx.require(duty.right)
    note = clean(note)
    if said := check_length(note, REASON_LENGTH):
        raise ValidationError({"note": said})
    with ctx.transaction(N_("Pass on to a colleague")) as session:
        person = session.get(StaffMember, to_id)
        if person is None or not person.active:
            raise UserError(_("Please choose a colleague."))
        if duty.right is not None and duty.right not in rights_of(person.roles):
            raise UserError(_("{name} may not settle this; please choose somebody else.").format(name=person.name))
        row: Any = load_for_change(session, duty.model, task.row_id, None)
        if session.scalar(select(duty.model.id).where(duty.model.id == task.row_id, duty.open(ctx))) is None:
            raise UserError(_("This is settled already."))
        if duty.hand_over:
            setattr(row, duty.hand_over, to_id)
        else:
            _keep(session, ctx, task, to_id, note)
        if row.KIND and duty.record is None:
            record_event(
                session, ctx, row, "hand_on", N_("Handed on to {name}"), values={"name": person.name}, note=note
            )
        session.execute(delete(HandOn).where(HandOn.at < ctx.clock.now() - KEPT))
        return person.name


def _keep(session: Any, ctx: Context, task: Task, to_id: int, note: str) -> None:
    kept = session.scalars(select(HandOn).where(HandOn.duty == task.duty, HandOn.row_id == task.row_id)).first()
    if kept is None:
        kept = HandOn(duty=task.duty, row_id=task.row_id, kind=task.kind, record_id=task.record_id)
        session.add(kept)
    kept.to_id, kept.by_id, kept.note, kept.at = to_id, ctx.user.id, note, ctx.clock.now()


def _reason(text: str) -> str:
    reason = clean(text)
    if not reason:
        raise ValidationError({"reason": _("Please write down why it waits.")})
    if said := check_length(reason, REASON_LENGTH):
        raise ValidationError({"reason": said})
    return reason


def _duty(task: Task) -> Duty:
    for duty in DUTIES:
        if duty.key == task.duty:
            return duty
    raise UserError(_("This can't be passed on."))
