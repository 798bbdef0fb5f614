"""Segments: one of two to five words side by side, painted as one field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import theme


class Segments(QWidget):
    """``Segments([("high", N_("High")), …])``: click, arrow keys or the word's number choose; nothing may be chosen."""

    value_changed = Signal()

    def __init__(
        self, choices: Iterable[tuple[Any, str]] = (), *, value: object = None, size: str = "normal",
        translate: bool = True, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._choices: list[tuple[Any, str]] = list(choices)
        self._translate = translate
        self._value = value
        self._hover = -1
        self.setFixedHeight({"small": 28, "normal": 32, "station": 36}[size])
        self._role = "label" if size == "small" else "body"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._describe()

    def value(self) -> object:
        """Return the chosen value, None for none."""
        return self._value

    def set_value(self, value: object) -> None:
        """Choose without reporting a change; a value that is not offered chooses nothing."""
        self._value = value if any(v == value for v, _t in self._choices) else None
        self._describe()
        self.update()

    def set_choices(self, choices: Iterable[tuple[Any, str]]) -> None:
        """Offer other choices: pairs of (value, text)."""
        self._choices = list(choices)
        self.set_value(self._value)
        self.updateGeometry()

    def _texts(self) -> list[str]:
        return [_(text) if self._translate else text for _value, text in self._choices]

    def _index(self) -> int:
        return next((i for i, (v, _t) in enumerate(self._choices) if v == self._value), -1)

    def _describe(self) -> None:
        index = self._index()
        words = [
            _("{word} (chosen)").format(word=text) if place == index else text
            for place, text in enumerate(self._texts())
        ]
        self.setAccessibleDescription(", ".join(words))

    def _widths(self) -> list[float]:
        metrics = QFontMetricsF(theme.font(self._role, bold=True))  # from the bold text, so that nothing moves
        return [max(40.0, metrics.horizontalAdvance(text) + 27) for text in self._texts()]

    def _boxes(self) -> list[QRectF]:
        x, boxes = 0.0, []
        for width in self._widths():
            boxes.append(QRectF(x, 0, width, self.height()))
            x += width
        return boxes

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._choices) and self._choices[index][0] != self._value and self.isEnabled():
            self._value = self._choices[index][0]
            self._describe()
            self.update()
            self.value_changed.emit()

    def _at(self, event: QMouseEvent) -> int:
        return next((i for i, box in enumerate(self._boxes()) if box.contains(event.position())), -1)

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._widths())) + 1, self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self._choices) - 1
        index = self._index()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._choose(min(last, index + 1))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._choose(max(0, index - 1))
        elif key == Qt.Key.Key_Home:
            self._choose(0)
        elif key == Qt.Key.Key_End:
            self._choose(last)
        elif key == Qt.Key.Key_Space and index < 0:
            self._choose(0)
        elif event.text().isdigit() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._choose(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            self._describe()
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes, texts, chosen = self._boxes(), self._texts(), self._index()
        if not boxes:
            return
        whole = QRectF(0, 0, boxes[-1].right(), self.height())
        painter.setPen(QPen(theme.colour("line" if not self.isEnabled() else "line_strong"), 1))
        painter.setBrush(theme.colour("surface" if self.isEnabled() else "sunken"))
        painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        wrong = bool(self.property("wrong"))
        for place, box in enumerate(boxes):
            if place == chosen:
                continue
            if place == self._hover and self.isEnabled():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("hover"))
                painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 4, 4)
            if place and place - 1 != chosen:
                painter.setPen(QPen(theme.colour("line"), 1))
                painter.drawLine(round(box.left()), 8, round(box.left()), self.height() - 9)
            painter.setPen(theme.colour("text" if self.isEnabled() else "faint"))
            painter.setFont(theme.font(self._role, bold=False))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, texts[place])
        if chosen >= 0:
            box = boxes[chosen]
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
            painter.setPen(theme.colour("accent"))
            painter.setFont(theme.font(self._role, bold=True))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, texts[chosen])
        if self.hasFocus() or wrong:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus" if self.hasFocus() else "danger"), 2 if self.hasFocus() else 1))
            painter.drawRoundedRect(whole.adjusted(1, 1, -1, -1), 6, 6)
