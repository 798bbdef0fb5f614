"""Tabs as underlined words, painted, in as many rows as they need; arrow keys and numbers choose."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import theme

_GAP = 26.0
_LEAST_GAP = 14.0
_ROW = 34


class TabLine(QWidget):
    """``TabLine([("overview", N_("Overview")), …])``; ``set_counts`` writes a number behind a word."""

    value_changed = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = list(choices)
        self._counts: dict[str, int] = {}
        self._value = self._choices[0][0]
        self.setFixedHeight(_ROW)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._describe()

    def value(self) -> str:
        """Return the chosen tab."""
        return self._value

    def choose(self, value: str) -> None:
        """Choose a tab and report it."""
        if value != self._value and any(value == name for name, _t in self._choices):
            self._value = value
            self._describe()
            self.update()
            self.value_changed.emit()

    def set_counts(self, counts: dict[str, int]) -> None:
        """Write how many lie behind a tab; 0 writes nothing."""
        self._counts = dict(counts)
        self._fit_height()
        self.update()

    def _text(self, name: str, source: str) -> str:
        count = self._counts.get(name, 0)
        return f"{_(source)} {count}" if count else _(source)

    def _describe(self) -> None:
        self.setAccessibleName(_("Tabs of the card"))
        self.setAccessibleDescription(next(self._text(n, t) for n, t in self._choices if n == self._value))

    def _places(self) -> list[tuple[str, str, QRectF]]:
        """Return each tab with its place; rows are filled evenly, so that none stands alone in the last."""
        metrics = QFontMetricsF(theme.font("strong"))
        texts = [(name, self._text(name, source)) for name, source in self._choices]
        widths = [metrics.horizontalAdvance(text) for _n, text in texts]
        whole = sum(widths) + _LEAST_GAP * (len(widths) - 1)
        rows = max(1, math.ceil(whole / max(self.width(), 1)))
        while rows < len(widths) and not self._fits(widths, rows):
            rows += 1
        each = math.ceil(len(widths) / rows)
        places = []
        for row in range(rows):
            part = slice(row * each, (row + 1) * each)
            spare = self.width() - sum(widths[part])
            gap = max(_LEAST_GAP / 2, min(_GAP, spare / max(len(widths[part]) - 1, 1)))
            x = 0.0
            for (name, text), width in zip(texts[part], widths[part], strict=True):
                places.append((name, text, QRectF(x, row * _ROW, width, _ROW)))
                x += width + gap
        return places

    def _fits(self, widths: Sequence[float], rows: int) -> bool:
        each = math.ceil(len(widths) / rows)
        lines = [widths[at : at + each] for at in range(0, len(widths), each)]
        return all(sum(line) + _LEAST_GAP * (len(line) - 1) <= self.width() for line in lines)

    def _fit_height(self) -> None:
        height = max((round(place.bottom()) for _n, _t, place in self._places()), default=_ROW)
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(360, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        for name, text, place in self._places():
            chosen, x, y, width = name == self._value, place.x(), place.y(), place.width()
            painter.setFont(theme.font("strong" if chosen else "body"))
            painter.setPen(theme.colour("text" if chosen else "muted"))
            painter.drawText(QRectF(x, y, width + 8, _ROW - 4), Qt.AlignmentFlag.AlignVCenter, text)
            if chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent"))
                painter.drawRoundedRect(QRectF(x, y + _ROW - 3, width, 3), 1.5, 1.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if self.hasFocus():
                    painter.setPen(QPen(theme.colour("focus"), 2))
                    painter.drawRoundedRect(QRectF(x - 4, y + 4, width + 8, _ROW - 12), 4, 4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for name, _text, place in self._places():
            if place.adjusted(-6, 0, 6, 0).contains(event.position()):
                self.choose(name)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = [name for name, _t in self._choices]
        place = names.index(self._value)
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self.choose(names[(place + step) % len(names)])
        elif event.text().isdigit() and 0 < int(event.text()) <= len(names):
            self.choose(names[int(event.text()) - 1])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_height()
        super().resizeEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
            self._fit_height()
            self.update()
        super().changeEvent(event)
