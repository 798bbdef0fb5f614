"""A table of states as a picture: states as pills, steps as arrows, and in words for whoever can't see it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.rules.starts import in_words
from crmdesk.rules.transitions import Machine
from crmdesk.ui import theme
from crmdesk.ui.widgets.card import Scroll
from crmdesk.ui.widgets.labels import Label
from crmdesk.ui.widgets.state_layout import LINE, Arrow, Box, Plan, Point, lay_out

LEAST_WIDTH = 520
BEND = 6.0
HEAD = 7.0


def in_text(machine: Machine) -> str:
    """Return the whole table in words, one step a line."""
    lines = []
    for row in machine.transitions:
        states = ", ".join(_(machine.states[state]) for state in row.from_)
        lines.append(f"{states} → {_(machine.states[row.to])}: {_(row.label)}")
    return "\n".join(lines)


def steps_text(machine: Machine, state: str) -> str:
    """Return the steps out of a state in words, with what each waits for and starts."""
    lines = []
    for row in machine.transitions:
        if state not in row.from_:
            continue
        line = f"{_(row.label)} → {_(machine.states[row.to])}"
        clauses = list(dict.fromkeys(need.clause for need in row.needs if need.clause))
        if clauses:
            line += _("; asks for {clauses}").format(clauses=_(", ").join(clauses))
        if row.starts:
            line += _("; starts {what}").format(what=_(", ").join(in_words(row.starts)))
        lines.append(line)
    return "\n".join(lines) or _("Nothing follows: here it ends.")


class StateDiagram(QWidget):
    """Draws a machine from its table; ``current`` is marked, and the arrow keys walk through the states."""

    def __init__(self, machine: Machine, current: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = _Canvas(machine, current)
        self.words = Label("", "label", "muted", wrap=True)
        self._scroll = Scroll(self.canvas, least=120)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._scroll)
        column.addWidget(self.words)
        column.addStretch(1)
        self.setFocusProxy(self.canvas)
        self.canvas.chosen_changed.connect(self._tell)
        self.canvas.arranged.connect(self._scroll.updateGeometry)
        self._tell()

    def show_machine(self, machine: Machine, current: str = "") -> None:
        """Draw another table."""
        self.canvas.show_machine(machine, current)
        self._tell()

    def _tell(self) -> None:
        machine, chosen = self.canvas.machine, self.canvas.chosen
        said = _("{state}: {steps}").format(state=_(machine.states[chosen]), steps=steps_text(machine, chosen))
        self.words.setText(said)
        self.canvas.setAccessibleName(said)
        self.canvas.setAccessibleDescription(in_text(machine))
        box = self.canvas.plan.boxes[chosen].rect
        if self.canvas.hasFocus():
            self._scroll.ensureVisible(round(box[0] + box[2] / 2), round(box[1] + box[3] / 2), 120, 60)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.canvas.arrange()
            self._tell()
        super().changeEvent(event)


class _Canvas(QWidget):
    """The picture itself."""

    chosen_changed = Signal()
    arranged = Signal()

    def __init__(self, machine: Machine, current: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_machine(machine, current)

    def show_machine(self, machine: Machine, current: str = "") -> None:
        self.machine, self.current = machine, current
        self.chosen = current or machine.initial
        self.arrange()

    def arrange(self) -> None:
        """Work out the places for the width there is and the language in force."""
        states, labels = QFontMetricsF(theme.font("strong")), QFontMetricsF(theme.font("label"))
        words = {state: _(word) for state, word in self.machine.states.items()}
        says = {row.action: _(row.label) for row in self.machine.transitions}
        width = max(LEAST_WIDTH, self.width())
        self.plan: Plan = lay_out(
            self.machine, words, says, width, states.horizontalAdvance, labels.horizontalAdvance
        )  # fmt: skip
        self.setMinimumHeight(round(self.plan.height))
        self.updateGeometry()
        self.update()
        self.arranged.emit()

    def sizeHint(self) -> QSize:
        return QSize(1000, round(self.plan.height))

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, round(self.plan.height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.arrange()

    # walking ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        across = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        step = across.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        here = self.plan.boxes[self.chosen]
        order = sorted(self.plan.boxes.values(), key=lambda box: (box.row, box.column))
        if step[0]:
            place = order.index(here) + step[0]
            found = order[place] if 0 <= place < len(order) else here
        else:
            rows = [box for box in order if box.row == here.row + step[1]]
            found = min(rows, key=lambda box: abs(box.column - here.column), default=here)
        self._choose(found)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for box in self.plan.boxes.values():
            if QRectF(*box.rect).contains(event.position()):
                self._choose(box)

    def _choose(self, box: Box) -> None:
        self.chosen = box.state
        self.chosen_changed.emit()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    # painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = [arrow for arrow in self.plan.arrows if self.chosen in arrow.sources]
        for arrow in (*(arrow for arrow in self.plan.arrows if arrow not in lit), *lit):
            self._paint_lines(painter, arrow, "accent" if arrow in lit else "line_strong")
        for arrow in self.plan.arrows:
            self._paint_label(painter, arrow, lit=arrow in lit)
        for box in self.plan.boxes.values():
            self._paint_box(painter, box)

    def _paint_lines(self, painter: QPainter, arrow: Arrow, token: str) -> None:
        colour = theme.colour(token)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for points in arrow.paths:
            painter.setPen(QPen(colour, 1.6 if token == "accent" else 1.2))
            painter.drawPath(_bent(points))
        (x1, y1), (x2, y2) = arrow.paths[0][-2], arrow.paths[0][-1]
        dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        back = QPointF(x2 - HEAD * dx, y2 - HEAD * dy)
        aside = QPointF(HEAD * 0.55 * dy, HEAD * 0.55 * dx)
        painter.drawPolygon(QPolygonF([QPointF(x2, y2), back + aside, back - aside]))

    def _paint_label(self, painter: QPainter, arrow: Arrow, *, lit: bool) -> None:
        x, y, wide, high = arrow.label_rect
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface"))
        painter.drawRect(QRectF(x, y, wide, high))
        painter.setFont(theme.font("label"))
        painter.setPen(theme.colour("accent" if lit else "muted"))
        line = high if len(arrow.label) == 1 else LINE
        how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
        for place, words in enumerate(arrow.label):
            painter.drawText(QRectF(x, y + place * line, wide, line), how, words)

    def _paint_box(self, painter: QPainter, box: Box) -> None:
        rect = QRectF(*box.rect).adjusted(0.5, 0.5, -0.5, -0.5)
        state = box.state
        if state == self.current:
            ground, letters, rim = "accent", "accent_text", "accent"
        elif state == self.machine.initial:
            ground, letters, rim = "accent_soft", "accent", "accent_line"
        elif state in self.machine.final:
            ground, letters, rim = "neutral_soft", "muted", "line_strong"
        else:
            ground, letters, rim = "surface", "text", "line_strong"
        painter.setPen(QPen(theme.colour(rim), 1))
        painter.setBrush(theme.colour(ground))
        radius = min(17.0, rect.height() / 2)
        painter.drawRoundedRect(rect, radius, radius)
        if state == self.chosen and self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), radius + 3, radius + 3)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.colour(letters))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "\n".join(box.lines))


def _bent(points: list[Point]) -> QPainterPath:
    """Return a line through the points with rounded corners."""
    path = QPainterPath(QPointF(*points[0]))
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        first, second = _toward(here, before), _toward(here, after)
        path.lineTo(QPointF(*first))
        path.quadTo(QPointF(*here), QPointF(*second))
    path.lineTo(QPointF(*points[-1]))
    return path


def _toward(here: Point, there: Point) -> Point:
    away = abs(there[0] - here[0]) + abs(there[1] - here[1])
    part = min(BEND, away / 2) / away if away else 0.0
    return here[0] + (there[0] - here[0]) * part, here[1] + (there[1] - here[1]) * part
