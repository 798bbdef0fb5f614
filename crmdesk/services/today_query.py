"""Reading the duties: one statement over all of them, each a short range of its start or moment, however many wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CursorResult,
    Date,
    Executable,
    Integer,
    String,
    and_,
    cast,
    exists,
    literal_column,
    null,
    select,
    union_all,
)  # fmt: skip
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, Select

from crmdesk.model.base import Id, UtcDateTime
from crmdesk.model.today import HandOn
from crmdesk.rules.clauses import Number, Value
from crmdesk.rules.deadlines import latest_start
from crmdesk.rules.worktime import WorkCalendar
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of, stands
from crmdesk.services.duties import Column, Duty

ROWS = 40  # of one duty: beyond that the board says "and more"; nobody settles more in a day
MOST_KEPT = 16  # statements: a few people, a few filters
MOST_PREPARED = 6  # of them on one connection
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Whose:
    """Whose duties are read: one person's own, those of several people, or everybody's (``people`` None).

    ``mine`` is the person at the screen where only his own are meant: what was handed to another isn't his any more.
    """

    people: frozenset[int] | None = None
    mine: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One row as the database gave it: the duty's number in the list, and when it began or was promised."""

    place: int
    row_id: int
    record_id: int
    owner_id: int | None
    customer_id: int | None
    name: str
    who: str
    at: datetime | None
    day: date | None
    kind: str
    clause: str


def latest(number: Number, calendar: WorkCalendar, moment: datetime) -> datetime:
    """Return the last start that is due before ``moment``; found once for each end of the board, then remembered."""
    assert number.value is not None  # a duty without a number is no duty
    return _latest(number.value, number.unit, _Same(calendar), moment - _TICK)


class _Same:
    """A calendar by identity: ``calendar_of`` returns one object while office and holidays stay."""

    __slots__ = ("calendar",)

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar

    def __hash__(self) -> int:
        return id(self.calendar)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.calendar is self.calendar


@lru_cache(maxsize=256)
def _latest(value: Value, unit: str, same: _Same, moment: datetime) -> datetime:
    return latest_start(Number("", value, unit, ""), same.calendar, moment)


def condition(ctx: Context, duty: Duty, until: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of the duty is open and due before ``until``."""
    is_open = duty.open(ctx)
    if (promised := duty.due_column(ctx)) is not None:
        bound = _first_day_after(ctx, until) if duty.day else until
        return and_(is_open, promised < bound)
    found = duty.limit_of(ctx)
    assert found is not None and duty.start is not None  # Duty.counts asked before
    parts = [is_open, duty.start <= latest(found[1], calendar_of(ctx), until)]
    if duty.pauses:
        parts.append(~stands(duty.pauses, duty.model.id))
    return and_(*parts)


def _first_day_after(ctx: Context, until: datetime) -> date:
    """Return the first day whose end doesn't come before ``until``."""
    calendar, local = calendar_of(ctx), ctx.clock.local(until)
    day = local.date()
    return day if calendar.end_of_day(day) >= until.astimezone(UTC) else day + timedelta(days=1)


def _at(ctx: Context, duty: Duty) -> Column:
    promised = duty.due_column(ctx)
    at = promised if promised is not None else duty.start
    assert at is not None
    return at


def branches(
    ctx: Context, place: int, duty: Duty, until: datetime, whose: Whose, handed: Collection[int], rows: int
) -> list[Select[Any]]:
    """Return the selects of one duty: with an index each where one OR would read the table."""
    base = _columns(ctx, place, duty).where(condition(ctx, duty, until))
    return [wanted.order_by(_at(ctx, duty)).limit(rows) for wanted in _narrowed(base, duty, whose, handed)]


def _narrowed(base: Select[Any], duty: Duty, whose: Whose, handed: Collection[int]) -> list[Select[Any]]:
    if whose.people is None:
        return [base]
    parts: list[Select[Any]] = []
    if duty.owner is not None:
        owned = duty.owner == next(iter(whose.people)) if len(whose.people) == 1 else duty.owner.in_(whose.people)
        parts.append(base.where(owned))
        nobodys = base.where(duty.owner.is_(None))
    else:
        nobodys = base
    if whose.mine is None:
        return parts if duty.always_owned else [*parts, nobodys]
    if not duty.always_owned:
        gone = exists().where(HandOn.duty == duty.key, HandOn.row_id == duty.model.id)
        parts.append(nobodys.where(~gone))
    if handed:
        parts.append(base.where(duty.model.id.in_(sorted(handed))))
    return parts


def _columns(ctx: Context, place: int, duty: Duty) -> Select[Any]:
    at, name = _at(ctx, duty), duty.name_column(ctx)
    return select(
        literal_column(str(place), Integer).label("place"),
        duty.model.id.label("row_id"),
        duty.record_id.label("record_id"),
        (duty.owner if duty.owner is not None else cast(null(), Id)).label("owner_id"),
        (duty.customer if duty.customer is not None else cast(null(), Id)).label("customer_id"),
        (name if name is not None else literal_column("''", String)).label("name"),
        (duty.who if duty.who is not None else literal_column("''", String)).label("who"),
        (cast(null(), UtcDateTime()) if duty.day else at).label("at"),
        (at if duty.day else cast(null(), Date())).label("day"),
        (duty.place if duty.place is not None else literal_column("''", String)).label("kind"),
        (duty.row_clause if duty.row_clause is not None else literal_column("''", String)).label("clause"),
    ).select_from(duty.model)


def statement(
    ctx: Context, duties: Sequence[Duty], until: datetime, whose: Whose, handed: Mapping[str, Collection[int]],
    rows: int,
) -> Executable | None:  # fmt: skip
    """Return the one statement that reads all duties, None when there is none to read.

    To write it down costs ten times what it costs to run, and all day long it is the same: the ends of the board, the
    starts that are due by then, the person. It is kept with the regulation it was made from.
    """
    shape = tuple((duty.key, duty.varies(ctx)) for duty in duties)
    gifts = tuple(sorted((key, tuple(sorted(ids))) for key, ids in handed.items()))
    key = ("today", shape, until, whose, gifts, rows, ctx.user, ctx.station, _Same(calendar_of(ctx)))
    kept: dict[Any, Executable | None] = ctx.policy.made.setdefault("today", {})
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        selects = [
            part
            for place, duty in enumerate(duties)
            for part in branches(ctx, place, duty, until, whose, handed.get(duty.key, ()), rows)
        ]
        parts = [select(part.subquery(f"d{number}")) for number, part in enumerate(selects)]
        kept[key] = union_all(*parts) if len(parts) > 1 else parts[0] if parts else None
    return kept[key]


def read(session: Session, wanted: Executable | None) -> list[Found]:
    """Run the statement; a record that several branches name comes once."""
    if wanted is None:
        return []
    rows = session.execute(wanted) if session.get_bind().dialect.name == "sqlite" else _prepared(session, wanted)
    found = (Found(*row) for row in rows)
    return list({(row.place, row.row_id): row for row in found}.values())


def _prepared(session: Session, wanted: Executable) -> CursorResult[Any]:
    """Run the statement on PostgreSQL, which plans it once for each connection: that takes longer than to run it.

    Its values are written into it, so that its one plan is as good as a new one and may use the partial indexes.
    """
    connection = session.connection()
    names: dict[int, tuple[Executable, str]] = connection.info.setdefault("today", {})
    known = names.get(id(wanted))
    if known is None:
        while len(names) >= MOST_PREPARED:
            connection.exec_driver_sql(f"DEALLOCATE {names.pop(next(iter(names)))[1]}")
        number = connection.info["today_number"] = connection.info.get("today_number", 0) + 1
        text = wanted.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]  # a select
        connection.exec_driver_sql(f"PREPARE crmdesk_today_{number} AS {text}")
        known = names[id(wanted)] = (wanted, f"crmdesk_today_{number}")  # held, so that its id stays its own
    return connection.exec_driver_sql(f"EXECUTE {known[1]}")
