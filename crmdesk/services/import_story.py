"""Says on each card that came from a file where it came from: one statement for all of them, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Table, exists, func, insert, literal, select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_
from crmdesk.model.base import table_of
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event, HistoryEntry
from crmdesk.model.item import Item
from crmdesk.services.context import Context
from crmdesk.services.import_rows import CustomerLine, ItemLine

IMPORTED = N_("Imported from {file}")
UPDATED = N_("Updated from {file}")
_CHUNK = 500  # records in one statement


def last_id(session: Session, what: str) -> int:
    """Return the highest number so far: what the import creates lies above it."""
    return session.scalar(select(func.max(_table(what).c.id))) or 0


def tell_origin(
    session: Session, ctx: Context, what: str, name: str, last: int, lines: Iterable[CustomerLine | ItemLine]
) -> None:
    """Add a line to the story of each customer, and to the history of each item, made or changed by this import.

    Customers are told in their time line; what was changed also stands in the history, field by field as when a form
    is saved, so that a colleague who has the card open learns who changed what.
    """
    table = _table(what)
    # what a colleague creates at the same moment has a history of its own, in the same transaction
    own = exists().where(HistoryEntry.kind == _kind(what), HistoryEntry.record_id == table.c.id)
    created = (table.c.id > last) & ~own
    if what == "customers":
        _write(session, Event, _event(ctx, name, IMPORTED, "imported", table), table, created)
    else:
        _write(session, HistoryEntry, _entry(ctx, what, name, "create", table), table, created)
    for chunk in _chunks(line for line in lines if line.changes):
        if what == "customers":
            changed = table.c.id.in_([line.existing_id for line in chunk])
            _write(session, Event, _event(ctx, name, UPDATED, "updated", table), table, changed)
        same = _entry(ctx, what, name, "change", table)
        entries = [
            same | {"record_id": line.existing_id, "changes": same["changes"] | line.changes} for line in chunk
        ]
        session.connection().execute(insert(table_of(HistoryEntry)), entries)


def _write(session: Session, model: Any, values: dict[str, Any], table: Table, where: ColumnElement[bool]) -> None:
    target: Table = model.__table__
    columns = [
        value if isinstance(value, ColumnElement) else literal(value, type_=target.c[name].type)
        for name, value in values.items()
    ]
    found = select(*columns).select_from(table).where(where).order_by(table.c.id)
    session.connection().execute(insert(target).from_select(list(values), found))


def _who(ctx: Context) -> dict[str, Any]:
    return {"at": ctx.clock.now(), "user_id": ctx.user.id, "user_name": ctx.user.name, "station": ctx.station}


def _event(ctx: Context, name: str, title: str, action: str, table: Table) -> dict[str, Any]:
    return _who(ctx) | {
        "kind": Customer.KIND, "record_id": table.c.id, "customer_id": table.c.id, "action": action,
        "from_state": "", "to_state": "", "title": title, "values": {"file": name[:200]}, "note": "",
    }  # fmt: skip


def _entry(ctx: Context, what: str, name: str, operation: str, table: Table) -> dict[str, Any]:
    return _who(ctx) | {
        "sentence": N_("Import customers") if what == "customers" else N_("Import items"), "kind": _kind(what),
        "record_id": table.c.id, "operation": operation, "changes": {"file": [None, name[:200]]},
    }  # fmt: skip


def _table(what: str) -> Any:
    return (Customer if what == "customers" else Item).__table__


def _kind(what: str) -> str:
    return Customer.KIND if what == "customers" else Item.KIND


def _chunks(lines: Iterable[CustomerLine | ItemLine]) -> Iterable[Sequence[CustomerLine | ItemLine]]:
    rest = iter(lines)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
