"""Tabs as underlined words, painted; arrow keys and numbers choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import theme

_GAP = 26.0


class TabLine(QWidget):
    """``TabLine([("overview", N_("Overview")), …])``; ``set_counts`` writes a number behind a word."""

    value_changed = Signal()

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = list(choices)
        self._counts: dict[str, int] = {}
        self._value = self._choices[0][0]
        self.setFixedHeight(34)
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
        self.update()

    def _text(self, name: str, source: str) -> str:
        count = self._counts.get(name, 0)
        return f"{_(source)} {count}" if count else _(source)

    def _describe(self) -> None:
        self.setAccessibleName(_("Tabs of the card"))
        self.setAccessibleDescription(next(self._text(n, t) for n, t in self._choices if n == self._value))

    def _places(self) -> list[tuple[str, str, float, float]]:
        metrics = QFontMetricsF(theme.font("strong"))
        texts = [(name, self._text(name, source)) for name, source in self._choices]
        widths = [metrics.horizontalAdvance(text) for _n, text in texts]
        spare = self.width() - sum(widths)
        gap = max(8.0, min(_GAP, spare / max(len(widths) - 1, 1)))
        x, places = 0.0, []
        for (name, text), width in zip(texts, widths, strict=True):
            places.append((name, text, x, width))
            x += width + gap
        return places

    def sizeHint(self) -> QSize:
        return QSize(360, 34)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        for name, text, x, width in self._places():
            chosen = name == self._value
            painter.setFont(theme.font("strong" if chosen else "body"))
            painter.setPen(theme.colour("text" if chosen else "muted"))
            painter.drawText(QRectF(x, 0, width + 8, self.height() - 4), Qt.AlignmentFlag.AlignVCenter, text)
            if chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent"))
                painter.drawRoundedRect(QRectF(x, self.height() - 3, width, 3), 1.5, 1.5)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if self.hasFocus():
                    painter.setPen(QPen(theme.colour("focus"), 2))
                    painter.drawRoundedRect(QRectF(x - 4, 4, width + 8, self.height() - 12), 4, 4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for name, _text, x, width in self._places():
            if x - 6 <= event.position().x() <= x + width + 6:
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

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
            self.update()
        super().changeEvent(event)
