"""The rows of the board: groups of overdue, today and this week, each row with its due time, sign and action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.pill import PILL_HEIGHT, paint_clause

ROW_HEIGHT, HEAD_HEIGHT = 39, 44
LINE = Qt.ItemDataRole.UserRole + 1
_SIDE, _DUE, _ICON, _NAME, _ACTION, _CLAUSE = 18, 120, 28, 122, 104, 92
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Heading:
    """The heading of a group: its name, how many it has, and a word at the right."""

    title: str
    count: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One task as its row shows it; ``task`` is handed back."""

    due: str
    icon: str
    customer: str
    title: str
    clause: str
    action: str
    tone: str
    task: Any

    @property
    def spoken(self) -> str:
        """The row in one sentence, for screen readers."""
        return ", ".join(filter(None, (self.due, self.customer, self.title, self.clause, self.action)))


class _Lines(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[Heading | Line] = []

    def set_lines(self, lines: Sequence[Heading | Line]) -> None:
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken if isinstance(line, Line) else f"{line.title} {line.count}"
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(line, Line):
            return line.title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.lines[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags  # arrows pass over it
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(400, HEAD_HEIGHT if isinstance(index.data(LINE), Heading) else ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE)
        box = QRectF(option.rect)  # type: ignore[attr-defined]  # PySide's stubs leave the fields of the option out
        state = option.state  # type: ignore[attr-defined]  # the same
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(line, Heading):
            self._heading(painter, box, line, first=index.row() == 0)
        else:
            self._line(
                painter, box, line, bool(state & QStyle.StateFlag.State_Selected),
                bool(state & QStyle.StateFlag.State_MouseOver),
            )  # fmt: skip
        painter.restore()

    def _heading(self, painter: QPainter, box: QRectF, line: Heading, *, first: bool) -> None:
        if not first:
            painter.fillRect(QRectF(box.left(), box.top() + 4, box.width(), 1), theme.colour("line"))
        inner = box.adjusted(_SIDE, 8, -_SIDE, 0)
        font = theme.font("head")
        painter.setFont(font)
        painter.setPen(theme.colour(line.tone or "text"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, line.title)
        left = inner.left() + QFontMetricsF(font).horizontalAdvance(line.title) + 9
        painter.setFont(theme.font("body"))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRectF(left, inner.top() + 1, 90, inner.height()), Qt.AlignmentFlag.AlignVCenter, line.count)
        painter.setFont(theme.font("label"))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, side, line.note)

    def _line(self, painter: QPainter, box: QRectF, line: Line, selected: bool, hover: bool) -> None:
        ground = box.adjusted(7, 1.5, -7, -1.5)
        if selected:
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(ground.adjusted(1, 0, -1, 0), 6, 6)
        elif hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(ground, 6, 6)
        inner = box.adjusted(_SIDE, 0, -_SIDE, 0)
        late, later = line.tone == "danger", line.tone == "later"
        self._word(painter, inner, 0, _DUE - 8, line.due, "danger" if late else "muted" if later else "text", late)
        at = QRectF(inner.left() + _DUE, inner.center().y() - 8, 16, 16)
        icons.paint(painter, line.icon, at, "accent" if selected else "muted")
        name = _NAME if inner.width() < 640 else _NAME + 24
        self._word(painter, inner, _DUE + _ICON, name - 8, line.customer, "text", True)
        button = action_box(box)
        left = _DUE + _ICON + (name if line.customer else 0)
        room = button.left() - _CLAUSE - inner.left() - left - 8
        self._word(painter, inner, left, room, line.title, "muted" if later and not selected else "text", False)
        if line.clause:
            width = QFontMetricsF(theme.font("label")).horizontalAdvance(line.clause) + 14
            middle = round(box.center().y() - PILL_HEIGHT / 2)
            paint_clause(painter, QRectF(button.left() - _CLAUSE + 8, middle, width, PILL_HEIGHT), line.clause)
        self._button(painter, button, line.action, selected)

    @staticmethod
    def _word(
        painter: QPainter, inner: QRectF, left: float, room: float, text: str, token: str, bold: bool
    ) -> None:
        font = theme.font("body", bold=bold)
        painter.setFont(font)
        painter.setPen(theme.colour(token))
        words = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(20.0, room))
        painter.drawText(
            QRectF(inner.left() + left, inner.top(), max(20.0, room) + 2, inner.height()),
            Qt.AlignmentFlag.AlignVCenter, words,
        )  # fmt: skip

    @staticmethod
    def _button(painter: QPainter, box: QRectF, word: str, selected: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen if selected else QPen(theme.colour("line_strong"), 1))
        painter.setBrush(theme.colour("accent" if selected else "surface"))
        painter.drawRoundedRect(box, 6, 6)
        token = "accent_text" if selected else "text"
        painter.setPen(theme.colour(token))
        font = theme.font("body", bold=selected)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        capped = selected and metrics.horizontalAdvance(word) <= box.width() - 34  # a long word needs the cap's room
        words = box.adjusted(8, 0, -28 if capped else -8, 0)
        shown = metrics.elidedText(word, Qt.TextElideMode.ElideRight, words.width() + 2)
        side = Qt.AlignmentFlag.AlignLeft if capped else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(words, side | Qt.AlignmentFlag.AlignVCenter, shown)
        if capped:
            cap = QRectF(box.right() - 25, box.center().y() - 9, 18, 18)
            painter.setPen(QPen(theme.colour(token), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cap, 4, 4)
            icons.paint(painter, "corner-down-left", cap.adjusted(3.5, 3.5, -3.5, -3.5), token)


def action_box(row: QRectF) -> QRectF:
    """Return where the action of a row stands."""
    return QRectF(row.right() - _SIDE - _ACTION + 1, row.center().y() - 14, _ACTION, 28)


class BoardList(QListView):
    """The board's rows: arrows choose, Enter or a click on the action goes there, S puts off, H hands on."""

    chosen = Signal(object)
    settled = Signal(object)
    snooze_asked = Signal(object)
    hand_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("board")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMinimumHeight(120)
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setItemDelegate(_Painter(self))
        self.selectionModel().currentChanged.connect(self._current_changed)

    def lines(self) -> list[Line]:
        """Return the rows that are tasks."""
        return [line for line in self._lines.lines if isinstance(line, Line)]

    def set_lines(self, lines: Sequence[Heading | Line]) -> None:
        """Show other rows; the chosen task stays chosen, or the one that took its place."""
        before, place = self.current(), self.currentIndex().row()
        scrolled = self.verticalScrollBar().value()
        self.selectionModel().blockSignals(True)
        self._lines.set_lines(lines)
        self.selectionModel().blockSignals(False)
        rows = [number for number, line in enumerate(self._lines.lines) if isinstance(line, Line)]
        keep = next((n for n in rows if before is not None and self._task(n).key == before.key), None)
        if keep is None and rows:
            keep = next((n for n in rows if n >= place), rows[-1]) if place >= 0 else rows[0]
        if keep is not None:
            self.setCurrentIndex(self._lines.index(keep))
            if before is not None and self._task(keep).key == before.key:
                self.verticalScrollBar().setValue(scrolled)  # what one looks at doesn't move under one's eyes
        self.chosen.emit(self.current())

    def _task(self, row: int) -> Any:
        line = self._lines.lines[row]
        assert isinstance(line, Line)
        return line.task

    def current(self) -> Any:
        """Return the chosen task, None when there is none."""
        row = self.currentIndex().row()
        line = self._lines.lines[row] if 0 <= row < len(self._lines.lines) else None
        return line.task if isinstance(line, Line) else None

    def choose(self, key: tuple[str, int]) -> bool:
        """Choose a task by its key; False when it isn't shown."""
        for number, line in enumerate(self._lines.lines):
            if isinstance(line, Line) and line.task.key == key:
                self.setCurrentIndex(self._lines.index(number))
                return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        seen = QRect(QPoint(0, 0), event.oldSize()).intersects(self.visualRect(self.currentIndex()))
        super().resizeEvent(event)
        if seen:  # a bar that comes above (somebody rings) must not push it out of sight
            self.scrollTo(self.currentIndex())

    def _current_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        self.chosen.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        task = self.current()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and task is not None:
            self.settled.emit(task)
        elif event.key() == Qt.Key.Key_S and not event.modifiers() and task is not None:
            self.snooze_asked.emit(task)
        elif event.key() == Qt.Key.Key_H and not event.modifiers() and task is not None:
            self.hand_asked.emit(task)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        line = index.data(LINE) if index.isValid() else None
        if isinstance(line, Line) and action_box(QRectF(self.visualRect(index))).contains(event.position()):
            self.settled.emit(line.task)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        line = index.data(LINE) if index.isValid() else None
        if isinstance(line, Line) and not action_box(QRectF(self.visualRect(index))).contains(event.position()):
            self.settled.emit(line.task)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.viewport().update()
        super().changeEvent(event)
