"""Steps that all desks share inside a transaction: load with version check, record an event, read the story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from crmdesk.core.errors import ConflictError, UserError
from crmdesk.core.i18n import _
from crmdesk.db.engine import PREPARED
from crmdesk.model.base import Base, table_of
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event, HistoryEntry
from crmdesk.rules.rights import RIGHTS_TO_SEE, Right
from crmdesk.services.archive_access import without_closed
from crmdesk.services.context import Context

R = TypeVar("R", bound=Base)
#: What the office does by itself: no contact with the customer, so it doesn't put off the weekly one (CRM-06).
OWN_WORK = frozenset({
    "merged", "taken_apart", "attached", "detached", "contact", "handed", "arrived", "hand_on", "pause", "resume",
    "file_letter", "bind_letter",
})  # fmt: skip
CLOSED_KINDS = ("deposit",)  # of money: a time line shows them only to who may see the records

# Plain statements: nobody reads the row again before the commit, and a mapped object would cost three times as much.
_NEW_EVENT = insert(table_of(Event)).inline()
_IN_TOUCH = (
    update(table_of(Customer))
    .where(table_of(Customer).c.id == bindparam("customer"))
    .values(last_contact_at=bindparam("moment"))
    .returning(table_of(Customer).c.merged_into_id)
)
_MERGED = select(table_of(Customer).c.merged_into_id).where(table_of(Customer).c.id == bindparam("customer"))


def load_for_change(
    session: Session, model: type[R], record_id: int, version: int | None, *, options: Sequence[Any] = ()
) -> R:
    """Load a record to change it and check that nobody saved it since it was shown.

    ``version`` None skips the check, for actions that only add. Raises ConflictError with who and when.
    """
    record = session.get(model, record_id, options=options, execution_options={PREPARED: True})
    if record is None:
        raise UserError(_("This record does not exist any more."))
    if version is not None and record.version != version:  # type: ignore[attr-defined]  # roots have a version
        raise _conflict(session, model.KIND, record_id)
    return record


def _conflict(session: Session, kind: str, record_id: int) -> ConflictError:
    last = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.kind == kind, HistoryEntry.record_id == record_id)
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return ConflictError("", None)
    return ConflictError(last.user_name, last.at, tuple(last.changes))


def touch(record: Base) -> None:
    """Raise the root's version after a change to its child rows, so that others notice."""
    record.version = record.version + 1  # type: ignore[attr-defined]  # roots have a version


def record_event(
    session: Session,
    ctx: Context,
    record: Base,
    action: str,
    title: str,
    *,
    values: dict[str, Any] | None = None,
    note: str = "",
    customer_id: int | None = None,
    from_state: str = "",
    to_state: str = "",
    at: datetime | None = None,
) -> None:
    """Add to the story of a record, and of its customer.

    ``title`` is a source text (``N_``) whose ``{named}`` fields come from ``values``; the customer's last
    contact moves along without counting as a change of the customer's card, unless the action is ``OWN_WORK``.
    """
    if record.id is None:
        session.flush()
    moment = at or ctx.clock.now()
    customer = customer_id if customer_id is not None else getattr(record, "customer_id", None)
    if isinstance(record, Customer):
        customer = record.id
    connection = session.connection()
    fresh = isinstance(record, Customer) and record.last_contact_at == moment
    if customer is not None and not fresh:
        touching = _MERGED if action in OWN_WORK else _IN_TOUCH
        merged_into = connection.scalar(touching, {"customer": customer, "moment": moment})
        if merged_into is not None and not isinstance(record, Customer):
            customer = _hand_over(record, customer, merged_into)
            connection.execute(touching, {"customer": customer, "moment": moment})
    connection.execute(
        _NEW_EVENT,
        {
            "at": moment,
            "user_id": ctx.user.id,
            "user_name": ctx.user.name,
            "station": ctx.station,
            "kind": record.KIND,
            "record_id": record.id,
            "customer_id": customer,
            "action": action,
            "from_state": from_state,
            "to_state": to_state,
            "title": title,
            "values": values or {},
            "note": note,
        },
    )


def _hand_over(record: Base, customer: int, merged_into: int) -> int:
    """Give a record that was begun for a customer who was merged meanwhile to the card that holds him now."""
    if getattr(record, "customer_id", None) == customer:
        record.customer_id = merged_into  # type: ignore[attr-defined]  # asked just now
    return merged_into


@dataclass(frozen=True)
class StoryLine:
    """One line of a time line: when (UTC), what, who; ``source`` is the title before it is put into a language."""

    at: datetime
    kind: str
    record_id: int
    action: str
    source: str
    values: Mapping[str, Any]
    note: str
    by: str
    from_state: str = ""
    to_state: str = ""

    @property
    def title(self) -> str:
        """What happened, in the language of the screen as it is now."""
        if not self.values:
            return _(self.source)
        return _(self.source).format(**{k: _(v) if k == "step" else v for k, v in self.values.items()})


def story_line(event: Event) -> StoryLine:
    """Return an event as a line of a time line."""
    return StoryLine(
        event.at, event.kind, event.record_id, event.action, event.title, event.values, event.note, event.user_name,
        event.from_state, event.to_state,
    )  # fmt: skip


def find_story(ctx: Context, kind: str, record_id: int, *, limit: int = 200) -> list[StoryLine]:
    """Return what happened with one record, newest first."""
    ctx.require_to_see(kind)
    with ctx.reading() as session:
        return story_of(session, kind, record_id, limit=limit)


def story_of(session: Session, kind: str, record_id: int, *, limit: int = 200) -> list[StoryLine]:
    """Return what happened with one record, newest first, inside a session that is open already."""
    query = select(Event).where(Event.kind == kind, Event.record_id == record_id).order_by(Event.id.desc()).limit(limit)
    return [story_line(event) for event in session.scalars(query)]


@dataclass(frozen=True)
class TimelineFilter:
    """Which part of a time line is wanted: kinds of records, moments (UTC, ``until`` excluded), words in any case."""

    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def closed_kinds(ctx: Context) -> list[str]:
    """Return the kinds of records whose lines a customer's time line keeps from the user."""
    return [kind for kind in CLOSED_KINDS if ctx.user.rights.isdisjoint(RIGHTS_TO_SEE[kind])]


_LINE = (
    Event.at, Event.kind, Event.record_id, Event.action, Event.title, Event.values, Event.note, Event.user_name,
    Event.from_state, Event.to_state,
)  # fmt: skip
MOST_SEARCHED = 10_000  # lines of one customer that are looked through for words


def find_timeline(
    ctx: Context, customer_id: int, wanted: TimelineFilter | None = None, *, limit: int = 200
) -> list[StoryLine]:
    """Return what happened with a customer on all desks, newest first; words are looked for as the screen shows them.

    One statement without mapped objects: a customer of ten years has thousands of lines. What a person may not see
    (RIGHTS_TO_SEE) is left out.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    wanted = wanted or TimelineFilter()
    query = select(*_LINE).where(Event.customer_id == customer_id)
    if wanted.kinds:
        query = query.where(Event.kind.in_(wanted.kinds))
    if wanted.since is not None:
        query = query.where(Event.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Event.at < wanted.until)
    if closed := closed_kinds(ctx):
        query = query.where(Event.kind.not_in(closed))
    words = wanted.text.casefold().split()
    query = query.order_by(Event.at.desc(), Event.id.desc()).limit(MOST_SEARCHED if words else limit)
    with ctx.reading() as session:
        lines = (StoryLine(*row) for row in session.execute(query))
        if not words:
            return list(lines)
        found = (line for line in lines if _has_words(line, words))
        return list(islice(found, limit))


def _has_words(line: StoryLine, words: Sequence[str]) -> bool:
    text = f"{line.title} {line.note} {line.by}".casefold()
    return all(word in text for word in words)


@dataclass(frozen=True)
class HistoryLine:
    """One change as the history shows it."""

    at: datetime
    by: str
    station: str
    sentence: str
    changes: dict[str, Any]


def find_history(ctx: Context, kind: str, record_id: int, *, limit: int = 100) -> list[HistoryLine]:
    """Return every change of a record, field by field, newest first."""
    ctx.require_to_see(kind)
    query = (
        select(HistoryEntry)
        .where(HistoryEntry.kind == kind, HistoryEntry.record_id == record_id)
        .order_by(HistoryEntry.id.desc())
        .limit(limit)
    )
    with ctx.reading() as session:
        entries = session.scalars(query).all()
        changes = [entry.changes for entry in entries]
        if kind == Customer.KIND:
            changes = without_closed(session, ctx, record_id, changes)
        return [
            HistoryLine(e.at, e.user_name, e.station, _(e.sentence), fields)
            for e, fields in zip(entries, changes, strict=True)
        ]
