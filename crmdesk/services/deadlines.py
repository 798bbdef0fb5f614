"""Due times of records: the office's calendar, clocks that stand still, and "what is due" as a condition of a query.

Nothing here stores a due time. It grows with its start, so one look back (``latest_start``) turns "is it due?" into a
range of the start column, whatever the number of records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.base import Base
from crmdesk.model.complaint import Complaint
from crmdesk.model.repair import Repair
from crmdesk.model.working_time import DeadlinePause
from crmdesk.rules.clauses import Number
from crmdesk.rules.deadlines import Pause, due_number, latest_start
from crmdesk.rules.rights import Right
from crmdesk.rules.worktime import OpeningHours, WorkCalendar, parse_windows
from crmdesk.services.context import Context, Office
from crmdesk.services.records import load_for_change, record_event, touch

_REASON = 400


# the calendar -----------------------------------------------------------------------------------------------------


def calendar_of(ctx: Context) -> WorkCalendar:
    """Return the office's working calendar: its week, its holidays, its own days; one object while they stay.

    An office without opening hours is reckoned around the clock: every desk goes on working, nothing is put off.
    """
    office = ctx.office
    return _calendar(office.hours, office.holidays, office.own_days, ctx.clock.zone)


@lru_cache(maxsize=16)
def _calendar(
    hours: tuple[str, ...], holidays: str, own_days: tuple[tuple[date, str, str], ...], zone: tzinfo
) -> WorkCalendar:
    if not any(hours):
        hours, holidays = ("00:00-24:00",) * 7, ""
    return WorkCalendar(
        OpeningHours.parse(hours), zone, holidays,
        {day: parse_windows(words) for day, words, _note in own_days},
        {day: note for day, _words, note in own_days if note},
    )  # fmt: skip


def hours_of(office: Office, zone: tzinfo, day: date) -> tuple[time, time] | None:
    """Return when the office opens and closes on a day (local), None on a closed one; midnight closes as 23:59."""
    calendar = _calendar(office.hours, office.holidays, office.own_days, zone)
    windows = calendar.windows(day)
    if not windows or (not any(office.hours) and day not in calendar.own):
        return None
    first, last = windows[0].start, min(windows[-1].end, 24 * 60 - 1)
    return time(first // 60, first % 60), time(last // 60, last % 60)


# clocks that stand still ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """Records whose deadlines may stand still: their table, who may stop them, what names and ends them."""

    model: type[Base]
    right: Right
    name: str
    more: str
    ended: tuple[str, ...]


DESKS: Mapping[str, Desk] = {
    "complaint": Desk(Complaint, Right.COMPLAINT_HANDLE, "number", "complainant", ("closed",)),
    "repair": Desk(Repair, Right.REPAIR, "number", "item_name", ("picked_up", "shipped")),
}


@dataclass(frozen=True)
class PauseRow:
    """A time in which a record's clock stood or stands, as its window shows it."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    reason: str
    review_at: datetime
    by: str
    ended_by: str


def pause(
    ctx: Context, kind: str, record_id: int, version: int | None, *, reason: str, review_at: datetime | None
) -> int:
    """Stop the clock of a record and return its new version; the review is itself due.

    ValidationError without a reason or a review in the future; UserError when it stands already or has ended;
    PermissionDenied, ConflictError.
    """
    desk = DESKS[kind]
    ctx.require(desk.right)
    reason, now = clean(reason), ctx.clock.now()
    errors: dict[str, str] = {}
    if not reason:
        errors["reason"] = _("A pause needs a reason.")
    elif said := check_length(reason, _REASON):
        errors["reason"] = said
    if review_at is None or review_at <= now:
        errors["review_at"] = _("Please say when somebody looks at it again.")
    if errors or review_at is None:
        raise ValidationError(errors)
    with ctx.transaction(N_("Stop the clock")) as session:
        record: Any = load_for_change(session, desk.model, record_id, version)
        if record.state in desk.ended:
            raise UserError(_("This record has ended; there is no clock to stop."))
        if _standing(session, kind, record_id) is not None:
            raise UserError(_("The clock of this record stands already."))
        name = f"{getattr(record, desk.name)} {getattr(record, desk.more) or ''}".strip()[:120]
        session.add(
            DeadlinePause(
                kind=kind, record_id=record_id, name=name, customer_id=record.customer_id, started_at=now,
                reason=reason, review_at=review_at, by_id=ctx.user.id, by=ctx.user.name,
            )
        )  # fmt: skip
        local = ctx.clock.local(review_at)
        record_event(
            session, ctx, record, "pause", N_("The clock stands; to be looked at again {time}"),
            values={"time": f"{local:%m-%d %H:%M}"}, note=reason,
        )  # fmt: skip
        touch(record)
        session.flush()
        return int(record.version)


def resume(ctx: Context, kind: str, record_id: int, version: int | None, *, note: str = "") -> int:
    """Let the clock of a record run again and return its new version; UserError when it doesn't stand."""
    desk = DESKS[kind]
    ctx.require(desk.right)
    with ctx.transaction(N_("Let the clock run again")) as session:
        record: Any = load_for_change(session, desk.model, record_id, version)
        standing = _standing(session, kind, record_id)
        if standing is None:
            raise UserError(_("The clock of this record runs already."))
        _end(ctx, standing)
        record_event(session, ctx, record, "resume", N_("The clock runs again"), note=clean(note))
        touch(record)
        session.flush()
        return int(record.version)


def end_pause(session: Session, ctx: Context, kind: str, record_id: int) -> tuple[Pause, ...]:
    """Let the clock run out along with its record and return all its pauses; a step that ends a record calls this."""
    query = select(DeadlinePause).where(DeadlinePause.kind == kind, DeadlinePause.record_id == record_id)
    rows = session.scalars(query.order_by(DeadlinePause.started_at)).all()
    for row in rows:
        if row.ended_at is None:
            _end(ctx, row)
    return tuple(_pause(row) for row in rows)


def _end(ctx: Context, row: DeadlinePause) -> None:
    row.ended_at, row.ended_by = max(ctx.clock.now(), row.started_at), ctx.user.name  # a clock set back


def _standing(session: Session, kind: str, record_id: int) -> DeadlinePause | None:
    query = select(DeadlinePause).where(
        DeadlinePause.kind == kind, DeadlinePause.record_id == record_id, DeadlinePause.ended_at.is_(None)
    )
    return session.scalars(query).first()


def find_pauses(ctx: Context, kind: str, record_id: int) -> list[PauseRow]:
    """Return when the clock of a record stood, the newest first."""
    ctx.require_to_see(kind)
    query = select(DeadlinePause).where(DeadlinePause.kind == kind, DeadlinePause.record_id == record_id)
    with ctx.reading() as session:
        return [
            PauseRow(row.id, row.started_at, row.ended_at, row.reason, row.review_at, row.by, row.ended_by)
            for row in session.scalars(query.order_by(DeadlinePause.id.desc()))
        ]


def pauses_of(session: Session, kind: str, ids: Iterable[int]) -> dict[int, tuple[Pause, ...]]:
    """Return the pauses of several records in one statement; a record that never stood is missing."""
    wanted = tuple(ids)
    if not wanted:
        return {}
    query = select(DeadlinePause).where(DeadlinePause.kind == kind, DeadlinePause.record_id.in_(wanted))
    found: dict[int, tuple[Pause, ...]] = {}
    for row in session.scalars(query.order_by(DeadlinePause.started_at)):
        found[row.record_id] = (*found.get(row.record_id, ()), _pause(row))
    return found


def _pause(row: DeadlinePause) -> Pause:
    return Pause(row.started_at, row.ended_at, row.reason, row.review_at)


# what is due, as a condition of a query ---------------------------------------------------------------------------


def stands(kind: str, record_id: Any) -> ColumnElement[bool]:
    """Return the condition that the clock of a record stands now (its review is due instead)."""
    return (
        select(DeadlinePause.id)
        .where(DeadlinePause.kind == kind, DeadlinePause.record_id == record_id, DeadlinePause.ended_at.is_(None))
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Stood:
    """A record whose clock stood or stands: when its time began, and its pauses."""

    start: datetime
    pauses: tuple[Pause, ...]


def open_pauses(session: Session, model: Any, start: Any, *where: ColumnElement[bool]) -> dict[int, Stood]:
    """Return the records of a table that still wait (``where``) and were paused, in one statement; they are few."""
    query = (
        select(DeadlinePause, start)
        .join(model, model.id == DeadlinePause.record_id)
        .where(DeadlinePause.kind == model.KIND, *where)
        .order_by(DeadlinePause.started_at)
    )
    found: dict[int, Stood] = {}
    for row, began in session.execute(query):
        before = found[row.record_id].pauses if row.record_id in found else ()
        found[row.record_id] = Stood(began, (*before, _pause(row)))
    return found


def come_due(
    ctx: Context, model: Any, start: Any, number: Number | None, moment: datetime, stood: Mapping[int, Stood]
) -> ColumnElement[bool]:
    """Return the condition "its deadline has come at ``moment``": a range of the column its time runs from.

    ``stood`` is what ``open_pauses`` found: a clock that stands isn't due, one that stood is due later. Without a
    number nothing is due.
    """
    if number is None or number.value is None:
        return false()
    calendar = calendar_of(ctx)
    limit = latest_start(number, calendar, moment)
    passed: ColumnElement[bool] = start <= limit
    waiting = [
        record_id
        for record_id, entry in stood.items()
        if entry.start <= limit  # a pause only delays: what isn't due without it isn't due with it
        and ((result := due_number(number, entry.start, calendar, entry.pauses)).paused or result.at > moment)
    ]
    return and_(passed, model.id.not_in(waiting)) if waiting else passed
