"""Phone numbers that people wrote into a text: who calls from one of them is perhaps who was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, event, insert, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from crmdesk.core.phone import tail_key
from crmdesk.core.text import half_width
from crmdesk.model.base import Base, Id, key_type
from crmdesk.model.call import Call, Matter
from crmdesk.model.customer import Customer

LEAST_DIGITS = 7  # shorter ones are prices, days and sizes
_MOST = 8  # of one text
_NUMBER = re.compile(r"[+(]?\d[\d \-()~.·‐‑‒–—－]{5,22}\d", re.ASCII)
_DAY = re.compile(r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}")
#: The texts that are looked through, by the class they stand in.
TEXTS: dict[type[Base], tuple[str, ...]] = {
    Call: ("matter", "reason", "passed_on", "address", "callback_result"),
    Matter: ("text", "answer"),
    Customer: ("note",),
}


class NotedNumber(Base):
    """One number in one text, by the key of ``core.phone.tail_key``; derived, so no foreign key and no history.

    Flushing a record writes its rows, so no service can forget it; an import, which flushes nothing, writes its own.
    """

    __tablename__ = "noted_number"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id = None  # type: ignore[assignment]  # the three columns name the row; a number of its own would double the table
    tail: Mapped[str] = mapped_column(key_type(24), primary_key=True)
    kind: Mapped[str] = mapped_column(key_type(12), primary_key=True)
    record_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)


_TABLE: Table = NotedNumber.__table__  # type: ignore[assignment]  # one table


def tails_in(*texts: str | None) -> frozenset[str]:
    """Return the search keys of the phone numbers in some texts."""
    found: list[str] = []
    for text in texts:
        if not text or sum(map(str.isdigit, text)) < LEAST_DIGITS:
            continue
        for match in _NUMBER.finditer(half_width(text)):
            tail = tail_key(match[0])[:24]
            if len(tail) >= LEAST_DIGITS and not _DAY.fullmatch(match[0]):
                found.append(tail)
    return frozenset(found[:_MOST])


def _write(connection: Connection, record: Any, old: Iterable[str], new: Iterable[str]) -> None:
    gone, fresh = set(old) - set(new), set(new) - set(old)
    if gone:
        own = (_TABLE.c.kind == record.KIND, _TABLE.c.record_id == record.id)
        connection.execute(delete(_TABLE).where(_TABLE.c.tail.in_(sorted(gone)), *own))
    if fresh:
        rows = [{"tail": tail, "kind": record.KIND, "record_id": record.id} for tail in sorted(fresh)]
        connection.execute(insert(_TABLE).inline(), rows)


def _inserted(mapper: Mapper[Any], connection: Connection, record: Any) -> None:
    _write(connection, record, (), tails_in(*(getattr(record, name) for name in TEXTS[type(record)])))


def _updated(mapper: Mapper[Any], connection: Connection, record: Any) -> None:
    attributes = inspect(record).attrs
    names = TEXTS[type(record)]
    if not any(attributes[name].history.has_changes() for name in names):
        return
    before = [next(iter(attributes[n].history.deleted or ()), getattr(record, n)) for n in names]
    _write(connection, record, tails_in(*before), tails_in(*(getattr(record, name) for name in names)))


for _model in TEXTS:
    event.listen(_model, "after_insert", _inserted)
    event.listen(_model, "after_update", _updated)
