"""A step taken by mistake is taken back within minutes, where nothing was printed or sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Date, select
from sqlalchemy import inspect as look_into
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.model.base import Amount, Base, UtcDateTime
from crmdesk.model.complaint import Complaint
from crmdesk.model.history import Event, HistoryEntry
from crmdesk.model.paper import Paper, PrintJob
from crmdesk.model.repair import Repair
from crmdesk.model.visit import Visit
from crmdesk.model.working_time import DeadlinePause
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.records import StoryLine, load_for_change, record_event
from crmdesk.services.steps import UNDONE, machine_of

MINUTES = 5  # the regulation gives no time: long enough to see the mistake, too short to build on it
_MODELS: dict[str, tuple[type[Base], Right]] = {
    "complaint": (Complaint, Right.COMPLAINT_OPEN),
    "repair": (Repair, Right.REPAIR),
    "visit": (Visit, Right.VISIT),
}


class UndoChoice(NamedTuple):
    """The last step, which may still be taken back: its action, its label, and until when (UTC)."""

    action: str
    label: str
    until: datetime


def offer_undo(ctx: Context, kind: str, story: Sequence[StoryLine]) -> UndoChoice | None:
    """Return the step that the user may take back now, from the record's story with the newest line first."""
    line = next((line for line in story if line.to_state), None)
    if line is None or not line.from_state or line.action == UNDONE or line.by != ctx.user.name:
        return None
    row = machine_of(ctx, kind).transition(line.from_state, line.action)
    until = line.at + timedelta(minutes=MINUTES)
    if row is None or not row.undoable or ctx.clock.now() > until:
        return None
    return UndoChoice(row.action, _(row.label), until)


def undo_step(ctx: Context, kind: str, record_id: int, version: int | None) -> str:
    """Take the last step of a complaint, repair or visit back and return the state it stands in again.

    Its fields are as before the step, except what was changed again since. UserError when it is too late, somebody
    else's step, or when a paper was printed or somebody was told since; ConflictError.
    """
    model, right = _MODELS[kind]
    ctx.require(right)
    with ctx.transaction(N_("Undo step")) as session:
        record: Any = load_for_change(session, model, record_id, version)
        step = session.scalars(_steps(kind, record_id).limit(1)).first()
        _check(session, ctx, record, step)
        assert step is not None
        _restore(session, record, step)
        for pause in session.scalars(
            select(DeadlinePause).where(
                DeadlinePause.kind == kind, DeadlinePause.record_id == record_id,
                DeadlinePause.ended_at >= step.at - timedelta(seconds=5),
            )
        ):
            pause.ended_at = None  # the step had ended it
        label = _label(ctx, kind, step)
        record_event(
            session, ctx, record, UNDONE, N_("Undone: {step}"), values={"step": label},
            from_state=step.to_state, to_state=step.from_state,
        )  # fmt: skip
        return step.from_state


def _steps(kind: str, record_id: int) -> Any:
    where = (Event.kind == kind, Event.record_id == record_id, Event.to_state != "")
    return select(Event).where(*where).order_by(Event.id.desc())


def _label(ctx: Context, kind: str, step: Event) -> str:
    row = machine_of(ctx, kind).transition(step.from_state, step.action)
    return row.label if row is not None else step.action


def _check(session: Session, ctx: Context, record: Any, step: Event | None) -> None:
    kind = record.KIND
    if step is None or not step.from_state or step.action == UNDONE or record.state != step.to_state:
        raise UserError(_("There is no step to undo."))
    row = machine_of(ctx, kind).transition(step.from_state, step.action)
    if row is None or not row.undoable:
        raise UserError(_("This step can't be undone: somebody has been told or holds the paper."))
    if step.user_id != ctx.user.id:
        raise UserError(_("Only {name}, who took the step, may undo it.").format(name=step.user_name))
    if ctx.clock.now() > step.at + timedelta(minutes=MINUTES):
        raise UserError(_("A step can be undone for {count} minutes only.").format(count=MINUTES))
    printed = select(PrintJob.id).join(Paper, Paper.id == PrintJob.paper_id).where(
        Paper.record_kind == kind, Paper.record_id == record.id, PrintJob.asked_at >= step.at
    )  # fmt: skip
    if session.scalar(printed.limit(1)) is not None:
        raise UserError(_("A paper was printed since this step; it can't be undone."))


def _restore(session: Session, record: Any, step: Event) -> None:
    """Put back what the transaction of the step changed, as the history tells it."""
    entries = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.kind == record.KIND, HistoryEntry.record_id == record.id)
        .order_by(HistoryEntry.id.desc())
        .limit(50)
    )
    moved = [step.from_state, step.to_state]
    entry = next((entry for entry in entries if entry.changes.get("state") == moved), None)
    columns = look_into(type(record)).columns
    for name, (before, after) in (entry.changes if entry is not None else {"state": moved}).items():
        if name not in columns:
            continue
        kind = columns[name].type
        if getattr(record, name) == _typed(after, kind):
            setattr(record, name, _typed(before, kind))
    if "stage_at" in columns:
        earlier = session.scalars(_steps(record.KIND, record.id).where(Event.to_state == step.from_state)).first()
        record.stage_at = earlier.at if earlier is not None else record.received_at


def _typed(value: Any, kind: TypeEngine[Any]) -> Any:
    """Return a value of the history in the type of its column."""
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Amount) else value
