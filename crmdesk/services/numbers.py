"""Numbers of records as the office's regulation writes them: taken last, gapless, and never one twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from crmdesk.db import numbering
from crmdesk.db.engine import PREPARED
from crmdesk.rules.numbers import digits_of, series_for
from crmdesk.services.context import Context


def take_number(session: Session, ctx: Context, key: str, held_in: InstrumentedAttribute[Any]) -> str:
    """Return the next number of a kind of record; ``held_in`` is the column that keeps them.

    Series and period have one counter, whatever the pattern: a pattern changed in the middle of a month goes on
    counting. What an older pattern wrote already is passed over.
    """
    series, day = series_for(ctx.policy, key), ctx.clock.today()
    digits = digits_of(ctx.policy, series)
    while True:
        number = series.write(day, numbering.take(session, key, series.period_of(day)), digits)
        if session.scalar(select(held_in).where(held_in == number), execution_options={PREPARED: True}) is None:
            return number
