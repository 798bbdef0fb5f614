"""One file in the list of a record's files: a small picture, its name, size, who and when, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.dates import format_day
from crmdesk.core.i18n import _, dotted
from crmdesk.core.money import format_number
from crmdesk.services.attachments import MEGABYTE, FileRow
from crmdesk.services.context import Context
from crmdesk.ui import icons, theme
from crmdesk.ui.widgets import Button, ElideLabel, column, row

_SIDE = 44


class _Picture(QWidget):
    """The small picture, or the sign of the kind of file."""

    pressed = Signal()

    def __init__(self, found: FileRow) -> None:
        super().__init__()
        self._image = QImage.fromData(found.thumbnail) if found.thumbnail else QImage()
        self._sign = "image" if found.media_type.startswith("image/") else "file-text"
        self.setFixedSize(QSize(_SIDE, _SIDE))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(0, 0, _SIDE, _SIDE)
        if self._image.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("sunken"))
            painter.drawRoundedRect(box, 6, 6)
            icons.paint(painter, self._sign, box.adjusted(12, 12, -12, -12), "muted")
            return
        side = min(self._image.width(), self._image.height())
        part = QRectF((self._image.width() - side) / 2, (self._image.height() - side) / 2, side, side)
        painter.drawImage(box, self._image, part)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class FileLine(QWidget):
    """Asks by signals with the file's id; the name is a button, so that Enter opens it."""

    open_asked = Signal(int)
    save_asked = Signal(int)
    remove_asked = Signal(int)

    def __init__(self, ctx: Context, found: FileRow, may_change: bool) -> None:
        super().__init__()
        self.found = found
        self.picture = _Picture(found)
        self.picture.pressed.connect(self._open)
        self.name_label = ElideLabel(found.name, "strong")
        day = format_day(ctx.clock.local(found.at).date())
        self.second = ElideLabel(dotted(size_words(found.size), found.by, day, found.note), "label", "muted")
        self.open_button = self._button("external-link", _("Open {name}"))
        self.open_button.clicked.connect(self._open)
        self.save_button = self._button("download", _("Save {name} as"))
        self.save_button.clicked.connect(self._save)
        self.remove_button = self._button("trash-2", _("Take {name} away"))
        self.remove_button.clicked.connect(self._remove)
        self.remove_button.setVisible(may_change)
        line = row(spacing=8)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.picture)
        words = column(self.name_label, self.second, spacing=0)
        line.addLayout(words, 1)
        for button in (self.open_button, self.save_button, self.remove_button):
            line.addWidget(button)
        self.setLayout(line)

    def _button(self, icon: str, words: str) -> Button:
        button = Button("", icon=icon, kind="quiet", size="row")
        said = words.format(name=self.found.name)
        button.setAccessibleName(said)
        button.setToolTip(said)
        return button

    def _open(self) -> None:
        self.open_asked.emit(self.found.id)

    def _save(self) -> None:
        self.save_asked.emit(self.found.id)

    def _remove(self) -> None:
        self.remove_asked.emit(self.found.id)


def size_words(size: int) -> str:
    """Return how large a file is as people read it: 812 KB, 2.4 MB."""
    if size >= MEGABYTE:
        return _("{size} MB").format(size=f"{size / MEGABYTE:.1f}")
    return _("{size} KB").format(size=format_number(max(1, round(size / 1024))))
