"""What happened in a visit, line by line, and the files kept with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services.context import Context
from crmdesk.services.records import find_story
from crmdesk.services.visits import VisitRow
from crmdesk.ui.files.button import FilesButton
from crmdesk.ui.widgets import Entry, Label, Timeline, column, row


class VisitStory(QWidget):
    """A title with the way to the files, and the lines of a visit's story."""

    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.label = Label("", "card")
        self.lines = Timeline(compact=True)
        self.files_button = FilesButton(ctx)
        self.setLayout(column(row(self.label, None, self.files_button), self.lines, spacing=10))

    def show_visit(self, visit: VisitRow) -> None:
        """Read the story of a visit."""
        self.label.setText(_("What happened"))
        self.files_button.show_record("visit", visit.id)
        try:
            lines = find_story(self._ctx, "visit", visit.id)
        except CrmError as error:
            self.failed.emit(error)
            return
        self.lines.set_entries([
            Entry(format_time(self._ctx.clock.local(line.at)), "circle-dot", line.title, line.note, line.by)
            for line in lines
        ])  # fmt: skip
