"""A photo that is added to a repair later: shown large, the part ringed, then kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.services.repairs import Photo
from crmdesk.ui.repairs.photo_area import PhotoArea
from crmdesk.ui.widgets import Button, Label, row


class MarkPhoto(QDialog):
    """Shows one picture; ``kept`` brings it with its ring. Not modal: the telephone may ring."""

    kept = Signal(int, object)  # the repair it was chosen for, Photo

    def __init__(self, repair_id: int, data: bytes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._repair_id = repair_id
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Photo of the piece"))
        self.photos = PhotoArea(least=320)
        self.photos.set_value((Photo(data),))
        self.keep_button = Button(_("Keep photo"), key="Enter", kind="primary")
        self.leave_button = Button(_("Cancel"), key="Esc")
        self.keep_button.clicked.connect(self.keep)
        self.leave_button.clicked.connect(self.reject)
        hint = Label(_("Click the part to repair, or move the ring with the arrow keys."), "label", "muted", wrap=True)
        body = QVBoxLayout(self)
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(12)
        body.addWidget(self.photos, 1)
        body.addWidget(hint)
        body.addLayout(row(None, self.leave_button, self.keep_button))
        self.resize(560, 520)
        self.photos.setFocus()

    def keep(self) -> None:
        """Hand the photo over and close; without one (it was taken away) only close."""
        photo = self.photos.current
        self.accept()
        if photo is not None:
            self.kept.emit(self._repair_id, photo)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
            return
        super().keyPressEvent(event)
