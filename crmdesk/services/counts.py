"""How many wait at each desk, for the rail and the two pills of the top line: the Today board, counted by desk."""

from __future__ import annotations

from typing import NamedTuple

from crmdesk.services.context import Context
from crmdesk.services.duties import Chore, Duty
from crmdesk.services.duty_rows import CHORES, DUTIES
from crmdesk.services.today import Board, get_board

TODAY = "today"  # the board itself: what all desks have together


class DeskCount(NamedTuple):
    """How many are to be settled at a desk by tonight, how many of them are late, and how many fall due until then."""

    waiting: int = 0
    late: int = 0
    today: int = 0


def count_desks(ctx: Context) -> dict[str, DeskCount]:
    """Return the counts of the desks the user may use, by the key of their page, the board's own under TODAY."""
    return desks_of(ctx, get_board(ctx))


def desks_of(ctx: Context, board: Board) -> dict[str, DeskCount]:
    """Return the counts of a board that was read already; a desk without anything to do counts nought."""
    rows: list[Duty | Chore] = [*DUTIES, *CHORES]
    counts = {row.desk: DeskCount() for row in rows if row.desk and row.counts(ctx)}
    counts[TODAY] = DeskCount()
    for task in board.tasks:
        late, today = task.group == "overdue", task.group == "today"
        for desk in {TODAY, task.desk} - {""}:
            was = counts.get(desk, DeskCount())
            counts[desk] = DeskCount(was.waiting + (late or today), was.late + late, was.today + today)
    return counts
