"""What happened with somebody: date, sign on a line, what, and who."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.labels import plain_tip


class Entry(NamedTuple):
    """One thing that happened; ``tone`` colours its disc, ``record`` is handed back when it is opened."""

    date: str
    icon: str = "circle-dot"
    title: str = ""
    second: str = ""
    who: str = ""
    tone: str = "neutral"
    record: Any = None


BAR_AIR = 8


class Timeline(QWidget):
    """Entries under each other, newest first as given; click or Enter opens one. Put it into a Scroll."""

    opened = Signal(object)

    def __init__(self, *, compact: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = compact
        self._entries: list[Entry] = []
        self._at, self._hover = -1, -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def entries(self) -> list[Entry]:
        """Return what is shown."""
        return self._entries

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these entries."""
        self._entries = list(entries)
        self._at = min(self._at, len(self._entries) - 1)
        has_records = any(entry.record is not None for entry in self._entries)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if has_records else Qt.FocusPolicy.NoFocus)
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        shown = self._entries[self._at : self._at + 1] if self._at >= 0 else self._entries[:1]
        self.setAccessibleDescription("; ".join(" ".join((e.date, e.title, e.second, e.who)) for e in shown))

    @property
    def step(self) -> int:
        """Height of one entry in pixels."""
        if self._compact:
            return 32
        return 48 if any(e.second for e in self._entries) else 34

    def sizeHint(self) -> QSize:
        return QSize(260, max(1, len(self._entries) * self.step))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _date_width(self) -> float:
        metrics = QFontMetricsF(theme.font("label"))
        return max([36.0, *(metrics.horizontalAdvance(e.date) for e in self._entries)]) + 16

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dates, step = self._date_width(), self.step
        axis = dates + 12
        ground = self.parentWidget()
        scrolls = ground is not None and self.height() > ground.height()
        width = self.width() - (BAR_AIR if scrolls else 0)  # names keep clear of the scroll bar
        if len(self._entries) > 1:
            painter.setPen(QPen(theme.colour("line"), 2))
            painter.drawLine(round(axis), 14, round(axis), (len(self._entries) - 1) * step + 12)
        for place, entry in enumerate(self._entries):
            self._paint_entry(painter, entry, QRectF(0, place * step, width, step), dates, place)

    def _paint_entry(self, painter: QPainter, entry: Entry, box: QRectF, dates: float, place: int) -> None:
        label, left = theme.font("label"), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if entry.record is not None and (place == self._hover or (self.hasFocus() and place == self._at)):
            ringed = self.hasFocus() and place == self._at
            painter.setPen(QPen(theme.colour("focus"), 2) if ringed else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(box.adjusted(dates + 28, 0, -1, -3), 6, 6)
        top = box.top() + 2
        painter.setFont(label)
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRectF(0, top, dates, 22), left, entry.date)
        front, soft = theme.tone_colours(entry.tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawEllipse(QRectF(dates, top, 24, 24))
        icons.paint(painter, entry.icon, QRectF(dates + 5, top + 5, 14, 14), front)
        x = dates + 36
        who_width = QFontMetricsF(label).horizontalAdvance(entry.who) + 4 if entry.who else 0
        if entry.who:
            painter.setFont(label)
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(box.right() - who_width - 5, top, who_width, 22), _RIGHT, entry.who)
        bold = not self._compact and bool(entry.second)
        font = theme.font("body", bold=bold)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        room = box.width() - x - who_width - 13
        painter.drawText(QRectF(x, top, room, 22), left, _short(font, entry.title, room))
        if entry.second and not self._compact:
            font = theme.font("body")
            painter.setFont(font)
            painter.setPen(theme.colour("muted"))
            room = box.width() - x - 8
            painter.drawText(QRectF(x, top + 19, room, 20), left, _short(font, entry.second, room))

    def _place(self, event: QMouseEvent) -> int:
        place = int(event.position().y() // self.step)
        return place if 0 <= place < len(self._entries) else -1

    def _open(self, place: int) -> None:
        if 0 <= place < len(self._entries) and self._entries[place].record is not None:
            self.opened.emit(self._entries[place])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._place(event)
        can = self._hover >= 0 and self._entries[self._hover].record is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if can else Qt.CursorShape.ArrowCursor)
        self.setToolTip(plain_tip(self._entries[self._hover].second) if self._hover >= 0 else "")
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._open(self._place(event))

    def focusInEvent(self, event: Any) -> None:
        self._at = max(0, self._at)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._at = max(0, min(len(self._entries) - 1, self._at + step))
            self._describe()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self._at)
        else:
            super().keyPressEvent(event)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _short(font: Any, text: str, room: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room) + 1)
