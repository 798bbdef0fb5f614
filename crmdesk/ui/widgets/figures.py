"""Numbers one can read from a step away: a row of figures, the tiles of the day and of the month, thin bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.card import Card
from crmdesk.ui.widgets.labels import ElideLabel, Label

TRENDS = {"up": "trending-up", "down": "trending-down", "flat": "minus", "": ""}


class Figure(NamedTuple):
    """One figure of a row: muted label above, figure bold, unit muted; ``tone`` colours the figure."""

    label: str
    figure: str
    unit: str = ""
    tone: str = ""


class Figures(QWidget):
    """A row of figures spread over the width; ``clicked(place)`` when one is pressed."""

    clicked = Signal(int)

    def __init__(self, figures: Sequence[Figure] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: list[Figure] = list(figures)
        self.setFixedHeight(46)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_figures(self, figures: Sequence[Figure]) -> None:
        """Show these figures."""
        self._figures = list(figures)
        self.setAccessibleDescription(", ".join(f"{f.label} {f.figure} {f.unit}".strip() for f in self._figures))
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        big, small = QFontMetricsF(theme.font("head")), QFontMetricsF(theme.font("label"))
        return [
            max(small.horizontalAdvance(f.label), big.horizontalAdvance(f.figure)
                + (small.horizontalAdvance(f.unit) + 4 if f.unit else 0)) + 2
            for f in self._figures
        ]  # fmt: skip

    def _places(self) -> list[float]:
        widths = self._widths()
        count = len(widths)
        gap = (self.width() - sum(widths)) / (count - 1) if count > 1 else 0.0
        x, places = 0.0, []
        for width in widths:
            places.append(x)
            x += width + max(8.0, gap)
        return places

    def minimumSizeHint(self) -> QSize:
        return QSize(round(sum(self._widths()) + 12 * max(0, len(self._figures) - 1)), 46)

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._widths()) + 32 * max(0, len(self._figures) - 1)), 46)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        big = QFontMetricsF(theme.font("head"))
        for x, width, figure in zip(self._places(), self._widths(), self._figures, strict=True):
            painter.setFont(theme.font("label"))
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(x, 0, width, 20), Qt.AlignmentFlag.AlignVCenter, figure.label)
            painter.setFont(theme.font("head"))
            painter.setPen(theme.colour(figure.tone or "text"))
            painter.drawText(QRectF(x, 20, width, 26), Qt.AlignmentFlag.AlignVCenter, figure.figure)
            if figure.unit:
                painter.setFont(theme.font("label"))
                painter.setPen(theme.colour("muted"))
                at = x + big.horizontalAdvance(figure.figure) + 4
                painter.drawText(QRectF(at, 22, width, 24), Qt.AlignmentFlag.AlignVCenter, figure.unit)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for place, (x, width) in enumerate(zip(self._places(), self._widths(), strict=True)):
            if x <= event.position().x() <= x + width:
                self.clicked.emit(place)


class _Tile(Card):
    """A card that can be opened by click or Enter; ``entered`` when the focus comes to it."""

    opened = Signal()
    entered = Signal()

    def __init__(self, margins: tuple[int, int, int, int], parent: QWidget | None = None) -> None:
        super().__init__(margins=margins, spacing=0, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.setProperty("tone", "focus")
        theme.restyle(self)
        self.entered.emit()

    def focusOutEvent(self, event: object) -> None:
        self.setProperty("tone", "")
        theme.restyle(self)


class CountTile(_Tile):
    """Label and second line left, the figure right, as on the page of today; 56 high."""

    def __init__(self, label: str = "", second: str = "", parent: QWidget | None = None) -> None:
        super().__init__((16, 6, 16, 6), parent)
        self.setFixedHeight(56)
        self._label = ElideLabel(label, "label", "muted")
        self._second = ElideLabel(second, "label", "muted")
        self._figure = Label("", "head")
        font = theme.font("figure")
        font.setPointSizeF(18)
        self._figure.setFont(font)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._label)
        words.addWidget(self._second)
        line = QHBoxLayout()
        line.addLayout(words, 1)
        line.addWidget(self._figure)
        self.body.addLayout(line)

    def set(self, figure: str, tone: str = "text", *, label: str | None = None, second: str | None = None) -> None:
        """Show a figure in a colour, and other words if given."""
        self._figure.setText(figure)
        self._figure.set_colour(tone or "text")
        if label is not None:
            self._label.setText(label)
        if second is not None:
            self._second.setText(second)
        self.setAccessibleName(f"{self._label.text()} {figure} {self._second.text()}")


class StatTile(_Tile):
    """One figure of the month: label, figure with unit, arrow with difference, and what to compare with; 104 high."""

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__((15, 10, 10, 8), parent)
        self.setFixedHeight(104)
        self._label = ElideLabel(label, "body", "muted")
        self._figure = Label("", "figure")
        self._unit = Label("", "label", "muted")
        self._trend = _Trend()
        self._note = ElideLabel("", "label", "muted")
        line = QHBoxLayout()
        line.setSpacing(5)
        line.addWidget(self._figure)
        line.addWidget(self._unit)
        line.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._trend)
        below.addWidget(self._note, 1)
        self.body.addWidget(self._label)
        self.body.addLayout(line)
        self.body.addLayout(below)

    def set_label(self, label: str) -> None:
        """Name the figure."""
        self._label.setText(label)

    def set(
        self, figure: str, unit: str = "", *, difference: str = "", trend: str = "", tone: str = "muted", note: str = ""
    ) -> None:
        """Show a figure; ``trend`` up, down or flat draws the arrow in the colour ``tone``."""
        self._figure.setText(figure)
        self._unit.setText(unit)
        self._trend.set(difference, trend, tone)
        self._note.setText(note)
        self.setAccessibleName(f"{self._label.text()} {figure} {unit} {difference} {note}".strip())


class _Trend(QWidget):
    """Arrow and difference."""

    def __init__(self) -> None:
        super().__init__()
        self._words, self._trend, self._tone = "", "", "muted"
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, words: str, trend: str, tone: str) -> None:
        """Show a difference."""
        self._words, self._trend, self._tone = words, trend, tone or "muted"
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        icon = 18 if TRENDS.get(self._trend) else 0
        return QSize(round(theme.text_width(self._words, "label", bold=True)) + icon + 2, 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x, name = 0, TRENDS.get(self._trend, "")
        if name:
            icons.paint(painter, name, QRectF(0, 3, 14, 14), self._tone)
            x = 18
        painter.setFont(theme.font("label", bold=True))
        painter.setPen(theme.colour(self._tone))
        painter.drawText(QRectF(x, 0, self.width() - x, 20), Qt.AlignmentFlag.AlignVCenter, self._words)


class Progress(QWidget):
    """A thin bar: how much of a whole is done."""

    def __init__(self, value: float = 0, total: float = 1, *, height: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._total, self._tone = value, total, "accent"
        self.setFixedHeight(height)
        self.setMinimumWidth(40)

    def set(self, value: float, total: float = 1, tone: str = "accent") -> None:
        """Show ``value`` of ``total`` in a colour."""
        self._value, self._total, self._tone = value, total, tone
        self.setAccessibleDescription(f"{value:g} / {total:g}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        radius = self.height() / 2
        painter.setBrush(theme.colour("neutral_soft"))
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        part = max(0.0, min(1.0, self._value / self._total if self._total else 0.0))
        if part > 0:
            painter.setBrush(theme.colour(self._tone))
            filled = max(float(self.height()), self.width() * part)
            painter.drawRoundedRect(QRectF(0, 0, filled, self.height()), radius, radius)
