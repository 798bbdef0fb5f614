"""A list of the phone desk with the chosen row at the right: what missed calls, matters and the waiting share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.services.context import Context
from crmdesk.ui import errors
from crmdesk.ui.widgets import Card, ElideLabel, FormGrid, Label, ListSpec, ListView, Pill, Rule, Scroll, Timeline, row

WIDTH = 312


class SideView(QWidget):
    """The table at the left, the chosen row with its next step at the right."""

    opened = Signal(int)
    changed = Signal()

    def __init__(self, ctx: Context, spec: ListSpec, *actions: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.shown: Any = None
        self.listing = ListView(ctx, spec, *actions)
        self.table, self.filter = self.listing.table, self.listing.filter
        self.side = Card(spacing=10)
        self.side.setFixedWidth(WIDTH)
        self.name_label = ElideLabel("", "page")
        self.pill = Pill("")
        self.facts_label = Label("", "body", "muted", wrap=True)
        self.text_label = Label("", wrap=True)
        self.note_label = Label("", "body", "accent", wrap=True)
        self.timeline = Timeline()
        self.side.add(row(self.name_label, self.pill), self.facts_label)
        self.text_scroll = Scroll(self.text_label, least=40)
        self.side.add(self.text_scroll, self.note_label, Rule())
        self.build_side()
        self.story_scroll = Scroll(self.timeline, least=40)
        self.side.body.addWidget(self.story_scroll, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.listing, 1)
        line.addWidget(self.side)
        self.listing.chosen.connect(self._chosen)
        self.listing.opened.connect(self.open_row)
        self.retranslate()
        self.show_record(None)

    # what a view makes of it ------------------------------------------------------------------------------------

    def build_side(self) -> None:
        """Add the fields and buttons of the next steps to ``side``."""

    def read(self, line: Any) -> Any:
        """Return the record of a row with everything the side shows."""
        return line

    def show_record(self, record: Any) -> None:
        """Show a record at the right, None for no choice."""
        self.shown = record

    def open_row(self, row_id: int) -> None:
        """Open what a row is about (Enter)."""
        self.opened.emit(row_id)

    def retranslate(self) -> None:
        """Write every text in the language in force."""

    # what all do ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list again; the chosen row stays chosen."""
        before = self.shown
        self.listing.refresh()
        if self.shown is before:
            self._chosen(self.table.current())

    def show_row(self, row_id: int, *, show: str = "") -> None:
        """Choose a row by its id, in the filter that has it."""
        if show:
            self.listing.show_filter(show)
        self.refresh()
        self.table.select(row_id)

    def take(self, step: Callable[[], object], *grids: FormGrid) -> bool:
        """Take a step; errors are shown by their fields, and the list is read again after it."""
        try:
            step()
        except CrmError as error:
            errors.show_error(self, error, *grids[:1])
            return False
        for grid in grids:
            grid.load(dict.fromkeys(grid.names()))
        self.refresh()
        self.changed.emit()
        return True

    def _chosen(self, line: Any) -> None:
        try:
            self.show_record(self.read(line) if line is not None else None)
        except CrmError as error:
            errors.show_error(self, error)
