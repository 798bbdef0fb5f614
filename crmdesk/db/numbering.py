"""Gapless numbers: a counter row locked by the transaction that takes the number, as its last step."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crmdesk.model.office import Counter


def take(session: Session, series: str, period: str = "") -> int:
    """Return the next number of a series in a period (a month, a year, or none), starting with 1.

    A transaction that fails gives its number back, so there are no gaps and no doubles; take it last,
    because everybody else waits for the row until the commit.
    """
    step = (
        update(Counter)
        .where(Counter.series == series, Counter.period == period)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    )
    number = session.execute(step).scalar_one_or_none()
    if number is None:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(Counter).values(series=series, period=period, value=0).on_conflict_do_nothing())
        number = session.execute(step).scalar_one()
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
