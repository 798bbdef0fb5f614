"""Bars: pairs of this year and the year before, painted by ourselves; each bar opens its records."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any, NamedTuple, Protocol

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.ui import theme


class Series(NamedTuple):
    """A row of values with its name; None leaves a gap."""

    name: str
    values: tuple[float | None, ...]


class ChartData(NamedTuple):
    """What a chart shows: a label a place, one or two series, the unit."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""


class ChartLike(Protocol):
    """Anything shaped like ChartData, such as the frozen chart of a report."""

    @property
    def labels(self) -> Sequence[str]: ...

    @property
    def series(self) -> Sequence[Any]: ...


def nice_top(value: float) -> float:
    """Return a round number at or above ``value`` for the top line of the grid, halved into a round middle."""
    if value <= 0:
        return 2
    step = 10 ** floor(log10(value))
    for factor in (1, 2, 4, 5, 6, 8, 10):
        if value <= factor * step:
            top = factor * step
            return top if top >= 2 else 2
    return 10 * step


class BarChart(QWidget):
    """Bars 15 px in pairs: the last series is this year (the chosen bar accent, else accent-mid), before it grey."""

    opened = Signal(int)

    def __init__(self, *, target: float | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: ChartLike = ChartData((), ())
        self._chosen, self._hover = -1, -1
        self._target = target
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(240, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_chart(self, chart: ChartLike, chosen: int | None = None) -> None:
        """Show a chart; the last place is chosen unless another is named."""
        self._chart = chart
        self._chosen = len(chart.labels) - 1 if chosen is None else chosen
        self._describe()
        self.update()

    def choose(self, place: int) -> None:
        """Choose a place: its bar is accent and bears its number."""
        if 0 <= place < len(self._chart.labels):
            self._chosen = place
            self._describe()
            self.update()

    def chosen(self) -> int:
        """Return the chosen place, −1 for none."""
        return self._chosen

    def _describe(self) -> None:
        if 0 <= self._chosen < len(self._chart.labels):
            words = [f"{s.name} {self._write(s.values[self._chosen])}" for s in self._chart.series]
            self.setAccessibleDescription(f"{self._chart.labels[self._chosen]}: " + ", ".join(words))

    @staticmethod
    def _write(value: Any) -> str:
        if value is None:
            return "—"
        return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"

    def _top(self) -> float:
        values = [float(v) for s in self._chart.series for v in s.values if v is not None]
        return nice_top(max([*values, self._target or 0.0, 0.0]))

    def _plot(self) -> QRectF:
        width = QFontMetricsF(theme.font("label")).horizontalAdvance(self._write(self._top())) + 10
        return QRectF(width, 22, self.width() - width - 2, self.height() - 22 - 26)

    def sizeHint(self) -> QSize:
        return QSize(480, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot, top = self._plot(), self._top()
        self._paint_grid(painter, plot, top)
        count = len(self._chart.labels)
        if not count:
            return
        number: tuple[QRectF, Any] | None = None
        slot = plot.width() / count
        series = self._chart.series
        bar = min(15.0, max(3.0, slot / max(1, len(series)) - 4))
        if len(series) == 1:
            bar = min(26.0, max(4.0, slot * 0.6))
        for place in range(count):
            middle = plot.left() + slot * (place + 0.5)
            wide = len(series) * bar + (len(series) - 1) * 3
            for which, one in enumerate(series):
                value = one.values[place]
                if value is None:
                    continue
                height = plot.height() * max(0.0, float(value)) / top
                box = QRectF(middle - wide / 2 + which * (bar + 3), plot.bottom() - height, bar, height)
                last = which == len(series) - 1
                self._paint_bar(painter, box, self._bar_colour(place, last=last))
                if last and place == self._chosen:
                    number = (box, value)
            self._paint_label(painter, QRectF(middle - slot / 2, plot.bottom() + 4, slot, 20), place)
        self._paint_target(painter, plot, top)
        if number is not None:
            self._paint_number(painter, *number)  # last: the line of the goal must not cross it out

    def _bar_colour(self, place: int, *, last: bool) -> QColor:
        if not last:
            return theme.colour("last_year")
        if place == self._chosen:
            return theme.colour("accent")
        return theme.colour("accent_line" if place == self._hover and not theme.current().dark else "accent_mid")

    def _paint_grid(self, painter: QPainter, plot: QRectF, top: float) -> None:
        painter.setFont(theme.font("label"))
        for part in (0.0, 0.5, 1.0):
            y = round(plot.bottom() - plot.height() * part) + 0.5
            painter.setPen(QPen(theme.colour("line_strong" if part == 0 else "line"), 1))
            painter.drawLine(round(plot.left()), int(y), round(plot.right()), int(y))
            painter.setPen(theme.colour("muted"))
            box = QRectF(0, y - 10, plot.left() - 8, 20)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._write(top * part))

    def _paint_bar(self, painter: QPainter, box: QRectF, colour: QColor) -> None:
        if box.height() <= 0:
            return
        radius = min(3.0, box.height())
        path = QPainterPath()  # only the top corners are round
        path.moveTo(box.bottomLeft())
        path.lineTo(box.left(), box.top() + radius)
        path.quadTo(box.left(), box.top(), box.left() + radius, box.top())
        path.lineTo(box.right() - radius, box.top())
        path.quadTo(box.right(), box.top(), box.right(), box.top() + radius)
        path.lineTo(box.right(), box.bottom())
        path.closeSubpath()
        painter.fillPath(path, colour)

    def _paint_number(self, painter: QPainter, box: QRectF, value: Any) -> None:
        painter.setFont(theme.font("label", bold=True))
        painter.setPen(theme.colour("accent"))
        placed, words = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self._write(value)
        wide = theme.text_width(words, "label", bold=True) + 6
        x = max(0.0, min(box.center().x() - wide / 2, self.width() - wide))  # the last bar stands at the very edge
        above = QRectF(x, box.top() - 21, wide, 20)
        if self._target is not None:
            painter.fillRect(painter.boundingRect(above, placed, words).adjusted(-3, 2, 6, 0), theme.colour("surface"))
        painter.drawText(above, placed, words)

    def _paint_label(self, painter: QPainter, box: QRectF, place: int) -> None:
        chosen = place == self._chosen
        painter.setFont(theme.font("label", bold=chosen))
        painter.setPen(theme.colour("text" if chosen else "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._chart.labels[place])
        if chosen and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(box.adjusted(4, -1, -4, 1), 4, 4)

    def _paint_target(self, painter: QPainter, plot: QRectF, top: float) -> None:
        if self._target is not None:
            y = plot.bottom() - plot.height() * self._target / top
            painter.setPen(QPen(theme.colour("warning"), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(round(plot.left()), round(y), round(plot.right()), round(y))

    def _place(self, event: QMouseEvent) -> int:
        plot, count = self._plot(), len(self._chart.labels)
        if not count or not plot.left() <= event.position().x() <= plot.right():
            return -1
        return min(count - 1, int((event.position().x() - plot.left()) / (plot.width() / count)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._place(event)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._hover >= 0 else Qt.CursorShape.ArrowCursor)
        if self._hover >= 0:
            values = ", ".join(f"{s.name} {self._write(s.values[self._hover])}" for s in self._chart.series)
            self.setToolTip(f"{self._chart.labels[self._hover]}: {values}")
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place(event)
        if place >= 0:
            self.choose(place)
            self.opened.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left:
            self.choose(max(0, self._chosen - 1))
        elif event.key() == Qt.Key.Key_Right:
            self.choose(min(len(self._chart.labels) - 1, self._chosen + 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen >= 0:
            self.opened.emit(self._chosen)
        else:
            super().keyPressEvent(event)


class Legend(QWidget):
    """What the colours of a chart mean: a square and a word for each series."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_words(self, *words: str) -> None:
        """Name the series, this year first."""
        self._words = list(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(ceil(sum(theme.text_width(w, "label") + 30 for w in self._words)), 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("label"))
        x = 0.0
        for place, word in enumerate(self._words):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent" if place == 0 else "last_year"))
            painter.drawRoundedRect(QRectF(x, 5, 10, 10), 3, 3)
            painter.setPen(theme.colour("muted"))
            painter.drawText(QRectF(x + 16, 0, 200, 20), Qt.AlignmentFlag.AlignVCenter, word)
            x += theme.text_width(word, "label") + 30
