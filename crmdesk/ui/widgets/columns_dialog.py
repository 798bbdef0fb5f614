"""Which columns a list shows, and in which order: ticked with Space, moved with Alt and the arrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Card, row
from crmdesk.ui.widgets.labels import Label
from crmdesk.ui.widgets.record_table import RecordTable
from crmdesk.ui.widgets.rows_model import Column

SIZE = (420, 560)
_COLUMNS = (
    Column("icon", "", 36, kind="icon", tone="tone", sortable=False),
    Column("title", N_("Column"), stretch=True, tone="words", sortable=False),
)


class _Line(NamedTuple):
    id: int
    icon: str
    tone: str
    title: str
    words: str


class ColumnsDialog(QDialog):
    """Lets the columns of a list be chosen; ``keys`` are those chosen, in their order."""

    def __init__(self, columns: Sequence[Column], shown: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("edged")
        self.setModal(True)
        self.resize(*SIZE)
        titled = [column for column in columns if column.title]
        by_key = {column.key: column for column in titled}
        first = [by_key[key] for key in shown if key in by_key]
        self._columns = [*first, *(column for column in titled if column not in first)]
        self._on = {column.key for column in first}
        self.heading = Label("", "head")
        self.hint = Label("", "label", "muted", wrap=True)
        self.table = RecordTable(_COLUMNS, row_height=32)
        self.table.installEventFilter(self)
        holder = Card(margins=1, spacing=0)
        holder.body.addWidget(self.table)
        self.up_button = Button("", icon="arrow-up", key="Alt+Up")
        self.down_button = Button("", icon="arrow-down", key="Alt+Down")
        self.ok_button = Button("", key="Ctrl+Enter", kind="primary")
        self.cancel_button = Button("", key="Esc")
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 16, 16, 16)
        body.setSpacing(12)
        body.addWidget(self.heading)
        body.addWidget(self.hint)
        body.addWidget(holder, 1)
        body.addLayout(row(self.up_button, self.down_button, None, self.cancel_button, self.ok_button, spacing=8))
        self.table.opened.connect(self.toggle)
        self.up_button.clicked.connect(self.move_up)
        self.down_button.clicked.connect(self.move_down)
        self.ok_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self.retranslate()
        self.table.select_first()
        self.table.setFocus()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.setWindowTitle(_("Columns"))
        self.heading.setText(_("Columns"))
        self.hint.setText(_("Space shows or hides a column. The order here is the order of the list."))
        self.table.setAccessibleName(_("Columns"))
        self.up_button.setText(_("Up"))
        self.down_button.setText(_("Down"))
        self.ok_button.setText(_("OK"))
        self.cancel_button.setText(_("Cancel"))
        self._fill()

    @property
    def keys(self) -> list[str]:
        """The columns chosen, in their order; at least one."""
        return [c.key for c in self._columns if c.key in self._on] or [self._columns[0].key]

    def toggle(self, *_row: object) -> None:
        """Show or hide the column the choice stands on."""
        place = self._place()
        if place is not None:
            self._on ^= {self._columns[place].key}
            self._fill()

    def move_up(self) -> None:
        """Put the column before the one above."""
        self._move(-1)

    def move_down(self) -> None:
        """Put the column after the one below."""
        self._move(1)

    def _move(self, step: int) -> None:
        place = self._place()
        if place is not None and 0 <= place + step < len(self._columns):
            columns = self._columns
            columns[place], columns[place + step] = columns[place + step], columns[place]
            self._fill()
            self.table.selectRow(place + step)

    def _place(self) -> int | None:
        index = self.table.currentIndex()
        return index.row() if index.isValid() else None

    def _fill(self) -> None:
        place = self._place()
        lines = []
        for number, column in enumerate(self._columns):
            on = column.key in self._on
            icon, tone, words = ("square-check", "accent", "text") if on else ("minus", "faint", "muted")
            lines.append(_Line(number, icon, tone, _(column.title), words))
        self.table.set_rows(lines)
        if place is not None:
            self.table.selectRow(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            self.toggle()
            return True
        return super().eventFilter(watched, event)
