"""What an update from a file would change: each field with what stands there now and what would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crmdesk.core.i18n import N_
from crmdesk.services.imports import Difference
from crmdesk.ui.widgets.record_table import RecordTable
from crmdesk.ui.widgets.rows_model import Column

COLUMNS = (
    Column("row", N_("Row"), 60, kind="number"),
    Column("who", N_("Customer"), 150, bold=True),
    Column("field", N_("Field"), 140),
    Column("old", N_("Now"), 200, tone="tone"),
    Column("new", N_("From the file"), stretch=True),
)


class _Line(NamedTuple):
    id: int
    row: int
    who: str
    field: str
    old: str
    new: str
    tone: str


class DifferencesTable(RecordTable):
    """The changes one below the other, in the order of the file."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, row_height=32)
        self.setMinimumHeight(90)

    def show_changes(self, changes: Sequence[Difference]) -> None:
        """Show these changes."""
        self.set_rows([
            _Line(place, c.row, c.who, c.field, _one_line(c.old), _one_line(c.new), "muted")
            for place, c in enumerate(changes, 1)
        ])  # fmt: skip


def _one_line(text: object) -> str:
    return str(text).replace("\n", " ⏎ ")
