"""Field-by-field history: written by the transaction itself, so no service can forget it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from crmdesk.model.base import Base

CHANGES = "crmdesk.changes"
_SKIP = frozenset({"id", "version", "created_at"})


def plain(value: Any) -> Any:
    """Return a value as JSON can keep it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} B"
    return value


class WatchedSession(Session):
    """A session that collects in ``info[CHANGES]`` what it inserts, changes and deletes until the transaction ends."""


@cache
def _fields(model: type[Base]) -> tuple[str, ...]:
    mapper = inspect(model)
    return tuple(a.key for a in mapper.column_attrs if a.key not in _SKIP and a.key not in model.QUIET)


@event.listens_for(WatchedSession, "before_flush")
def _collect_changed(session: Session, context: UOWTransaction, instances: object) -> None:
    collected = session.info.setdefault(CHANGES, [])
    for record in session.dirty:
        key = record.history_key() if isinstance(record, Base) else None
        if key is None:
            continue
        changes: dict[str, list[Any]] = {}
        state = inspect(record)
        for name in [name for name in _fields(record.__class__) if name in state.committed_state]:
            past = state.attrs[name].history
            if past.has_changes():
                before = past.deleted[0] if past.deleted else None
                after = past.added[0] if past.added else None
                if before != after:
                    changes[record.history_label(name)] = [plain(before), plain(after)]
        collected.append((*key, "change", changes))
    for record in session.deleted:
        if isinstance(record, Base) and (key := record.history_key()):
            gone = {record.history_label(n): [plain(getattr(record, n)), None] for n in _fields(type(record))}
            collected.append((*key, "delete" if not record.ROOT else "change", gone))


@event.listens_for(WatchedSession, "after_flush")
def _collect_new(session: Session, context: UOWTransaction) -> None:
    collected = session.info.setdefault(CHANGES, [])
    for record in session.new:
        if isinstance(record, Base) and (key := record.history_key()):
            fresh = {
                record.history_label(n): [None, plain(getattr(record, n))]
                for n in _fields(type(record))
                if getattr(record, n) not in (None, "", [], {})
            }
            collected.append((*key, "change" if record.ROOT else "create", fresh))


Collected = tuple[str, int, str, dict[str, list[Any]]]
Entries = dict[tuple[str, int], tuple[str, dict[str, Any]]]  # by kind and id: what was done, and the fields


def merged(collected: list[Collected]) -> Entries:
    """Join what was collected into one entry per record, oldest value before, newest after."""
    result: Entries = {}
    for kind, record_id, operation, changes in collected:
        known, fields = result.get((kind, record_id), (operation, {}))
        for name, (before, after) in changes.items():
            fields[name] = [fields[name][0], after] if name in fields else [before, after]
        result[(kind, record_id)] = ("create" if "create" in (known, operation) else known, fields)
    return {key: value for key, value in result.items() if value[1] or value[0] != "change"}


def main_record(entries: Entries, kind: str) -> tuple[str, int] | None:
    """Return the record of this kind that a transaction is about: the one it made, else the first it changed."""
    meant = [key for key in entries if key[0] == kind]
    made = [key for key in meant if entries[key][0] == "create"]
    return next(iter(made or meant), None)
