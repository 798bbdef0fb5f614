"""Field-by-field history: written by the transaction itself, so no service can forget it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
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


def watch(session: Session) -> None:
    """Collect what the session inserts, changes and deletes until the transaction ends."""
    session.info[CHANGES] = []
    event.listen(session, "before_flush", _collect_changed)
    event.listen(session, "after_flush", _collect_new)


def _fields(record: Base) -> list[str]:
    mapper = inspect(type(record))
    return [a.key for a in mapper.column_attrs if a.key not in _SKIP and a.key not in record.QUIET]


def _collect_changed(session: Session, context: UOWTransaction, instances: object) -> None:
    collected = session.info[CHANGES]
    for record in session.dirty:
        if not isinstance(record, Base) or not session.is_modified(record):
            continue
        key = record.history_key()
        if key is None:
            continue
        changes: dict[str, list[Any]] = {}
        state = inspect(record)
        for name in _fields(record):
            past = state.attrs[name].history
            if past.has_changes():
                before = past.deleted[0] if past.deleted else None
                after = past.added[0] if past.added else None
                if before != after:
                    changes[_label(record, name)] = [plain(before), plain(after)]
        collected.append((*key, "change", changes))
    for record in session.deleted:
        if isinstance(record, Base) and (key := record.history_key()):
            gone = {_label(record, n): [plain(getattr(record, n)), None] for n in _fields(record)}
            collected.append((*key, "delete" if not record.ROOT else "change", gone))


def _collect_new(session: Session, context: UOWTransaction) -> None:
    collected = session.info[CHANGES]
    for record in session.new:
        if isinstance(record, Base) and (key := record.history_key()):
            fresh = {
                _label(record, n): [None, plain(getattr(record, n))]
                for n in _fields(record)
                if getattr(record, n) not in (None, "", [], {})
            }
            collected.append((*key, "change" if record.ROOT else "create", fresh))


def _label(record: Base, name: str) -> str:
    """Fields of child rows carry their table and id, so two lines of one slip stay apart."""
    return f"{record.__tablename__}#{record.id}.{name}" if record.ROOT else name


Collected = tuple[str, int, str, dict[str, list[Any]]]


def merged(collected: list[Collected]) -> dict[tuple[str, int], tuple[str, dict[str, Any]]]:
    """Join what was collected into one entry per record, oldest value before, newest after."""
    result: dict[tuple[str, int], tuple[str, dict[str, Any]]] = {}
    for kind, record_id, operation, changes in collected:
        known, fields = result.get((kind, record_id), (operation, {}))
        for name, (before, after) in changes.items():
            fields[name] = [fields[name][0], after] if name in fields else [before, after]
        result[(kind, record_id)] = ("create" if "create" in (known, operation) else known, fields)
    return {key: value for key, value in result.items() if value[1] or value[0] != "change"}
