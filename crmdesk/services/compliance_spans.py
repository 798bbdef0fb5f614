"""Where the records of a period lie in their table, so that SQLite reads them in a row and not one by one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Integer, and_, func, literal_column, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

Key = TypeVar("Key", bound=Hashable)
CROWDED = 8  # an index takes so many times longer for a record than reading the table does


class Period(NamedTuple):
    """A local month as moments in UTC: from the first to before the second."""

    start: datetime
    end: datetime


def within(moment: InstrumentedAttribute[Any], period: Period) -> ColumnElement[bool]:
    """Return the condition that a moment lies in a period."""
    return and_(moment >= period.start, moment < period.end)


def id_spans(
    session: Session, wanted: Mapping[Key, tuple[InstrumentedAttribute[Any], Period]]
) -> dict[Key, ColumnElement[bool]]:
    """Return the first and last id of the records of periods as conditions, in one statement.

    Only where they lie close together, as records do that were written in the order of time; one that was entered
    long after makes it the index again. Nothing for PostgreSQL, which itself reads an index's records in order.
    """
    wanted = {key: found for key, found in wanted.items() if _is_indexed(found[0])}
    if session.get_bind().dialect.name != "sqlite" or not wanted:
        return {}
    parts = [
        select(literal_column(str(place), Integer), func.min(model.id), func.max(model.id), func.count()).where(
            within(moment, period)
        )
        for place, (moment, period) in enumerate(wanted.values())
        if (model := moment.class_)
    ]
    found: dict[Key, ColumnElement[bool]] = {}
    keys = list(wanted)
    for place, first, last, count in session.execute(union_all(*parts)):
        if count and last - first < CROWDED * count:
            found[keys[place]] = wanted[keys[place]][0].class_.id.between(first, last)
    return found


def _is_indexed(moment: InstrumentedAttribute[Any]) -> bool:
    """Whether an index begins with a moment: without one the table is read as it is anyhow."""
    table = moment.class_.__table__
    return any(next(iter(index.columns)).key == moment.key for index in table.indexes)
