"""How a list is shown: which columns in which order, kept in the database for each person."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, QTimer

from crmdesk.core.errors import CrmError
from crmdesk.services import views

if TYPE_CHECKING:
    from crmdesk.ui.widgets.record_table import RecordTable

KEEP_AFTER = 1500  # milliseconds: who pulls at a column sets a dozen widths
log = logging.getLogger(__name__)


class ViewMemory(QObject):
    """Where a list keeps its columns, widths and sort for the user; written a moment after the last change.

    Without the office's data the list is shown as it was made, and what is changed holds until it is closed.
    """

    def __init__(self, ctx: Any, list_key: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ctx, self._list_key = ctx, list_key
        self._kept: dict[str, Any] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER)
        self._timer.timeout.connect(self.flush)

    def get(self, key: str, default: Any = None, /) -> Any:
        """Return how the user left the list."""
        if self._kept is None:
            try:
                self._kept = views.last_view(self._ctx, self._list_key)
            except CrmError as error:
                log.info("how %s was left can't be read: %s", self._list_key, error.message)
                self._kept = {}
        return self._kept or default

    def __setitem__(self, key: str, value: Any, /) -> None:
        if value != self.get(key, {}):
            self._kept = value
            self._timer.start()

    def flush(self) -> None:
        """Write what is not written yet."""
        self._timer.stop()
        try:
            views.keep_view(self._ctx, self._list_key, self._kept or {})
        except CrmError as error:
            log.info("how %s is shown can't be kept: %s", self._list_key, error.message)

    def flush_if_due(self) -> None:
        """Write a change that still waits (the list is left)."""
        if self._timer.isActive():
            self.flush()


def arrange(table: RecordTable, keys: Sequence[str]) -> None:
    """Show these columns in this order; without any, those the list was made with. A column without title stays."""
    header, columns = table.horizontalHeader(), table.rows_model.columns
    known = [column.key for column in columns]
    wanted = [key for key in keys if key in known] or [column.key for column in columns if not column.extra]
    fixed = [column.key for column in columns if not column.title and column.key not in wanted]
    order = [*fixed, *wanted]
    for place, column in enumerate(columns):
        table.setColumnHidden(place, column.key not in order)
    for visual, key in enumerate([*order, *(key for key in known if key not in order)]):
        header.moveSection(header.visualIndex(known.index(key)), visual)


def shown_columns(table: RecordTable) -> list[str]:
    """Return the keys of the columns that are shown, in their order."""
    header, columns = table.horizontalHeader(), table.rows_model.columns
    order = sorted(range(len(columns)), key=header.visualIndex)
    return [columns[place].key for place in order if not table.isColumnHidden(place)]


def pick(table: RecordTable, keys: Sequence[Any]) -> None:
    """Choose several rows by their ids."""
    model = table.rows_model
    selection = QItemSelection()
    for place in (model.place_of(key) for key in keys):
        if place >= 0:
            index = model.index(place, 0)
            selection.select(index, index)
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)
