"""The clauses of the month with how well each was kept: name, percent, a thin bar; each opens its cases."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.core.i18n import _
from crmdesk.services.compliance import MeasureMonth
from crmdesk.ui import theme

ROW = 38
GOOD, FAIR = Decimal(95), Decimal(85)


def tone_of(value: Decimal | None) -> str:
    """Return the colour of a share: kept well, so so, badly; nothing to measure is faint."""
    if value is None:
        return "faint"
    return "accent" if value >= GOOD else "warning" if value >= FAIR else "danger"


class ClauseBars(QWidget):
    """As many clauses as there is room for, the worst first; arrows move, Enter opens."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: list[MeasureMonth] = []
        self._chosen = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumHeight(2 * ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the widget for who can't see it."""
        self.setAccessibleName(_("Clauses kept"))
        self._describe()
        self.update()

    def set_figures(self, figures: Sequence[MeasureMonth]) -> None:
        """Show these shares."""
        self._figures = list(figures)
        self._chosen = 0
        self._describe()
        self.update()

    def _describe(self) -> None:
        words = [f"{_(f.rule)} {self._percent(f)}" for f in self._figures]
        self.setAccessibleDescription(", ".join(words))

    @staticmethod
    def _percent(figure: MeasureMonth) -> str:
        return "—" if figure.share is None else f"{figure.share}%"

    def _visible(self) -> int:
        return max(1, self.height() // ROW)

    def _first(self) -> int:
        return max(0, self._chosen - self._visible() + 1)

    def sizeHint(self) -> QSize:
        return QSize(280, 5 * ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first = self._first()
        for place, figure in enumerate(self._figures[first : first + self._visible()]):
            box = QRectF(1, place * ROW, self.width() - 2, ROW)
            if self.hasFocus() and first + place == self._chosen:
                painter.setPen(QPen(theme.colour("focus"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(0, 1, 0, -3), 6, 6)
            self._paint(painter, box.adjusted(6, 2, -6, -4), figure)

    def _paint(self, painter: QPainter, box: QRectF, figure: MeasureMonth) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        percent, words = self._percent(figure), QRectF(box.left(), box.top(), box.width(), 20)
        painter.setFont(theme.font("strong"))
        width = painter.fontMetrics().horizontalAdvance(percent) + 8
        tone = tone_of(figure.share)
        painter.setPen(theme.colour("text" if tone == "accent" else tone))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, percent)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("text" if figure.cases else "faint"))
        label = _(figure.rule)
        label = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, round(words.width() - width))
        painter.drawText(words, middle, label)
        track = QRectF(box.left(), box.bottom() - 6, box.width(), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("neutral_soft"))
        painter.drawRoundedRect(track, 2.5, 2.5)
        if figure.share:
            painter.setBrush(theme.colour(tone))
            track.setWidth(max(5.0, track.width() * float(figure.share) / 100))
            painter.drawRoundedRect(track, 2.5, 2.5)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._first() + int(event.position().y()) // ROW
        if 0 <= place < len(self._figures):
            self._chosen = place
            self.update()
            self.opened.emit(self._figures[place].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step and self._figures:
            self._chosen = min(len(self._figures) - 1, max(0, self._chosen + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._figures:
            self.opened.emit(self._figures[self._chosen].key)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
