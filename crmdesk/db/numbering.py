"""Gapless numbers: a counter row locked by the transaction that takes the number, as its last step."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crmdesk.model.base import table_of
from crmdesk.model.office import Counter

_COUNTER = table_of(Counter)
_STEP = (
    update(_COUNTER)
    .where(_COUNTER.c.series == bindparam("its_series"), _COUNTER.c.period == bindparam("its_period"))
    .values(value=_COUNTER.c.value + 1)
    .returning(_COUNTER.c.value)
)


def take(session: Session, series: str, period: str = "") -> int:
    """Return the next number of a series in a period (a month, a year, or none), starting with 1.

    A transaction that fails gives its number back, so there are no gaps and no doubles; take it last,
    because everybody else waits for the row until the commit.
    """
    connection, which = session.connection(), {"its_series": series, "its_period": period}
    number = connection.scalar(_STEP, which)
    if number is None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        first = dialect.insert(_COUNTER).values(series=series, period=period, value=1)
        number = connection.scalar(first.on_conflict_do_nothing().returning(_COUNTER.c.value))
    if number is None:  # somebody else began the series meanwhile
        number = connection.execute(_STEP, which).scalar_one()
    return int(number)


def take_block(session: Session, series: str, count: int, *, above: int = 0, period: str = "") -> range:
    """Return ``count`` numbers in a row for an import, all greater than ``above`` (numbers the file brought along)."""
    first = take(session, series, period)
    start = max(first, above + 1) if count else max(first - 1, above) + 1
    session.execute(
        update(Counter)
        .where(Counter.series == series, Counter.period == period)
        .values(value=start + count - 1)
        .execution_options(synchronize_session=False)
    )
    return range(start, start + count)
