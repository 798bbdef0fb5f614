"""Deadlines are computed: no table stores hours left, hours used, or the due time of something that still waits."""

from __future__ import annotations

import re

from crmdesk.model import Base

#: ``left_at`` and ``left_on`` are when somebody left, typed or seen: nothing is counted there.
COUNTING = re.compile(
    r"(remaining|left_(?!at|on)|_left|elapsed|hours_used|overdue|due_in|time_used|paused_for|due_at|due_on)"
)
#: Kept when a record closes: what was late stays late when numbers change afterwards.
HISTORY = {"complaint.was_due_at"}


def test_no_column_counts_time() -> None:
    named = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    assert {name for name in named if COUNTING.search(name.split(".")[1])} == HISTORY
