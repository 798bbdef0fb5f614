"""The lists of today and of earlier days, as data for the house list."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from crmdesk.core.i18n import N_, ngettext
from crmdesk.services import checklists
from crmdesk.services.checklists import ListRow
from crmdesk.services.context import Context
from crmdesk.ui.checklists import words
from crmdesk.ui.widgets import Column, ListSpec

COLUMNS = (
    Column("name", N_("List"), stretch=True, bold=True, second="who"),
    Column("desk", N_("Whose"), 130),
    Column("progress", N_("Settled"), 150, kind="percent", tone="tone"),
    Column("settled", N_("Lines"), 80),
    Column("day", N_("Day"), 120, kind="day"),
    Column("clause", N_("Clause"), 110, kind="clause"),
    Column("state", N_("State"), 120, kind="pill", tone="tone", translate=True),
)


class Line(NamedTuple):
    """A list as the table shows it; a list nobody has begun has a negative id."""

    id: int
    name: str
    who: str
    desk: str
    progress: int
    settled: str
    day: date
    clause: str
    state: str
    tone: str
    row: ListRow


def find(ctx: Context, text: str, *, show: str, limit: int) -> list[tuple[int, ListRow]]:
    """Read the lists and number those that have no id yet."""
    found = checklists.find_checklists(ctx, text, show=show, limit=limit)
    return [(row.id if row.id is not None else -place, row) for place, row in enumerate(found, 1)]


def _line(ctx: Context, found: Any) -> Line:
    number, row = found
    state = words.state_of(row)
    return Line(
        number, row.name, words.who_word(ctx, row), words.desk_word(row.desk),
        round(100 * row.ticked / row.total) if row.total else 0, f"{row.ticked} / {row.total}", row.day, row.clause,
        words.STATES[state], words.STATE_TONES[state], row,
    )  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} list", "{count} lists", count).format(count=count)


LIST = ListSpec(
    name="checklists", title=N_("Checklists"), columns=COLUMNS, filters=checklists.FILTERS, which=N_("Which lists"),
    first="today", find=find, line=_line, count=_count, placeholder=N_("Name of the list"),
    empty=N_("No list is to be done today. Others can be begun at any time."), first_step=N_("Begin a list"),
    new=N_("Begin a list"), new_key="Ctrl+N", limit=300, row_height=48, reads_sorted=False,
)  # fmt: skip
