"""A button with a paper clip that says how many files a record has, and shows them in a small window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services.attachments import count_attachments
from crmdesk.services.context import Context
from crmdesk.ui import errors
from crmdesk.ui.files.panel import FilesPanel
from crmdesk.ui.widgets import Button, Scroll

WIDTH, HEIGHT = 520, 420
KEY = "Alt+A"


class FilesButton(Button):
    """``show_record(kind, id)`` counts; pressed, or with its key, it opens the files of that record beside the work."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__("", icon="paperclip", key=KEY, size="row", parent=parent)
        self.ctx = ctx
        self._of, self._id, self._count = "", 0, 0
        self.window_shown: QDialog | None = None
        self.clicked.connect(self.open)
        self._write()

    def show_record(self, kind: str, record_id: int | None) -> None:
        """Count the files of a record; one that is not saved yet (None) has no button."""
        if (kind, record_id or 0) != (self._of, self._id) and self.window_shown is not None:
            self.window_shown.close()
        self._of, self._id = kind, record_id or 0
        self.setVisible(record_id is not None)
        if record_id is not None:
            self._recount()

    def _recount(self) -> None:
        try:
            self._count = count_attachments(self.ctx, self._of, self._id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._write()

    def _write(self) -> None:
        self.key_word = _("Files")
        self.setText(str(self._count) if self._count else "")  # cards are narrow: the word is in the tip
        words = _("Files {count}").format(count=self._count) if self._count else _("Files")
        self.setAccessibleName(words)
        self.setToolTip(words)

    def open(self) -> None:
        """Show the files."""
        if not self._id:
            return
        if self.window_shown is None:
            window = QDialog(self)
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            window.setWindowTitle(_("Files"))
            window.resize(WIDTH, HEIGHT)
            panel = FilesPanel(self.ctx)
            panel.changed.connect(self._recount)
            panel.show_record(self._of, self._id)
            view = QVBoxLayout(window)
            view.addWidget(Scroll(panel))
            window.finished.connect(self._closed)
            self.window_shown = window
            window.show()
        self.window_shown.activateWindow()

    def _closed(self) -> None:
        self.window_shown = None

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "window_shown"):
            self._write()
        super().changeEvent(event)
