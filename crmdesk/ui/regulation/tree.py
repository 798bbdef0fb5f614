"""All clauses as a tree: what they speak of, and under it the clauses; painted by hand, so that 700 are one glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from crmdesk.ui import icons, theme

HEIGHT = 30
ID_WIDTH = 78
ENTRY = Qt.ItemDataRole.UserRole

AnyIndex = QModelIndex | QPersistentModelIndex


class ClauseLine(NamedTuple):
    """A clause in the tree; ``spoken`` is what somebody hears who can't see it."""

    id: str
    text: str
    tone: str
    spoken: str
    active: bool = True  # the office works by it
    changed: bool = False  # the manager set one of its numbers
    share: str = ""  # kept this month
    share_tone: str = "muted"


class ClauseGroup(NamedTuple):
    """What some clauses speak of, with them."""

    key: str
    title: str
    lines: tuple[ClauseLine, ...]


class TreeModel(QAbstractItemModel):
    """Groups, and their lines under them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.groups: list[ClauseGroup] = []

    def set_groups(self, groups: Sequence[ClauseGroup]) -> None:
        """Show these groups."""
        self.beginResetModel()
        self.groups = list(groups)
        self.endResetModel()

    def index(self, row: int, column: int, parent: AnyIndex | None = None) -> QModelIndex:
        if parent is None or not parent.isValid():
            return self.createIndex(row, column, 0) if 0 <= row < len(self.groups) else QModelIndex()
        return self.createIndex(row, column, parent.row() + 1)

    def parent(self, index: AnyIndex) -> QModelIndex:  # type: ignore[override]  # Qt has two of this name
        group = index.internalId()
        return self.createIndex(group - 1, 0, 0) if index.isValid() and group else QModelIndex()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        if parent is None or not parent.isValid():
            return len(self.groups)
        return 0 if parent.internalId() else len(self.groups[parent.row()].lines)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        return 1

    def entry(self, index: AnyIndex) -> ClauseGroup | ClauseLine | None:
        """Return the group or line at a place."""
        if not index.isValid():
            return None
        group = index.internalId()
        return self.groups[group - 1].lines[index.row()] if group else self.groups[index.row()]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index)
        if entry is None:
            return None
        if role == ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.title if isinstance(entry, ClauseGroup) else entry.spoken
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(entry, ClauseLine):
            return entry.text
        return None

    def find(self, clause: str) -> QModelIndex:
        """Return the place of a clause; an invalid index if it isn't shown."""
        for place, group in enumerate(self.groups):
            for row, line in enumerate(group.lines):
                if line.id == clause:
                    return self.createIndex(row, 0, place + 1)
        return QModelIndex()


class _Delegate(QStyledItemDelegate):
    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        entry = index.data(ENTRY)
        state = option.state  # type: ignore[attr-defined]  # PySide's stubs leave the fields of the option out
        box = QRectF(option.rect).adjusted(4, 1, -4, -1)  # type: ignore[attr-defined]  # the same
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            ring = selected and self._tree.hasFocus()
            painter.setPen(theme.colour("focus") if ring else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if isinstance(entry, ClauseGroup):
            self._group(painter, box, entry, expanded=self._tree.isExpanded(index))  # type: ignore[arg-type]  # Qt never gives a persistent one
        else:
            self._line(painter, box, entry, selected=selected)
        painter.restore()

    def _group(self, painter: QPainter, box: QRectF, group: ClauseGroup, *, expanded: bool) -> None:
        sign = "chevron-down" if expanded else "chevron-right"
        icons.paint(painter, sign, QRectF(box.left() + 5, box.center().y() - 7, 14, 14), "muted")
        count = str(len(group.lines))
        left = box.left() + 26
        room = QRectF(left, box.top(), box.right() - left - 8, box.height())
        self._words(painter, room, count, "label", "muted", right=True)
        room.setWidth(room.width() - 36)
        self._words(painter, room, group.title, "strong", "text")

    def _line(self, painter: QPainter, box: QRectF, line: ClauseLine, *, selected: bool) -> None:
        dot = QRectF(box.left() + 26, box.center().y() - 3, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(line.tone if line.active else "line_strong"))
        painter.drawEllipse(dot)
        left = dot.right() + 8
        colour = ("accent" if selected else "muted") if line.active else "faint"
        role = "strong" if selected else "body"
        self._words(painter, QRectF(left, box.top(), ID_WIDTH, box.height()), line.id, role, colour)
        left += ID_WIDTH
        room = QRectF(left, box.top(), box.right() - left - 8, box.height())
        if line.share:
            self._words(painter, room, line.share, "label", line.share_tone, right=True)
            room.setWidth(room.width() - 42)
        elif line.changed:
            icons.paint(painter, "pencil", QRectF(room.right() - 13, box.center().y() - 6.5, 13, 13), "accent")
            room.setWidth(room.width() - 20)
        self._words(painter, room, line.text, role, "text" if line.active else "faint")

    @staticmethod
    def _words(painter: QPainter, box: QRectF, text: str, role: str, colour: str, *, right: bool = False) -> None:
        font = theme.font(role)
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)


class ClauseTree(QTreeView):
    """``chosen(id)`` when the selection comes to a clause ('' on a group), ``opened(id)`` on Enter or double click."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = TreeModel(self)
        self._quiet = False
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setObjectName("scrolled")
        self.selectionModel().currentChanged.connect(self._moved)
        self.doubleClicked.connect(self._double)

    # what is shown ----------------------------------------------------------------------------------------------

    def set_groups(self, groups: Sequence[ClauseGroup], *, expanded: bool) -> None:
        """Show these groups; all open, or those that were open before; the chosen clause stays chosen."""
        current = self.current()
        before = {group.key for place, group in enumerate(self._model.groups) if self.isExpanded(self._at(place))}
        blocked = self.selectionModel().blockSignals(True)
        self._model.set_groups(groups)
        if expanded:
            self.expandAll()  # at once: opening forty groups one by one takes half a second
        else:
            for place, group in enumerate(groups):
                if group.key in before:
                    self.expand(self._at(place))
        self.selectionModel().blockSignals(blocked)
        found = self._model.find(current) if current else QModelIndex()
        if found.isValid():
            self._quiet = True  # it is the one shown already
            self.setCurrentIndex(found)
            self._quiet = False
        elif current:
            self.chosen.emit("")

    def _at(self, place: int) -> QModelIndex:
        return self._model.index(place, 0)

    def groups(self) -> list[ClauseGroup]:
        """Return the groups shown."""
        return self._model.groups

    def shown(self) -> list[str]:
        """Return the ids of all clauses shown."""
        return [line.id for group in self._model.groups for line in group.lines]

    def line(self, clause: str) -> ClauseLine | None:
        """Return a clause as it is shown, None if it isn't."""
        entry = self._model.entry(self._model.find(clause))
        return entry if isinstance(entry, ClauseLine) else None

    # choosing ---------------------------------------------------------------------------------------------------

    def current(self) -> str:
        """Return the id of the chosen clause, '' if none is."""
        entry = self._model.entry(self.currentIndex())
        return entry.id if isinstance(entry, ClauseLine) else ""

    def select(self, clause: str) -> bool:
        """Choose a clause and open its group; False if it isn't shown."""
        index = self._model.find(clause)
        if not index.isValid():
            return False
        self.expand(index.parent())
        self.executeDelayedItemsLayout()
        seen = self.viewport().rect().contains(self.visualRect(index))
        self.setCurrentIndex(index)
        if not seen:
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def select_first(self) -> None:
        """Choose the first clause, if there is one."""
        shown = self.shown()
        if shown:
            self.select(shown[0])

    def step(self, rows: int) -> None:
        """Move the choice among the clauses, as the arrow keys of a search box above do."""
        shown = self.shown()
        if shown:
            here = shown.index(self.current()) if self.current() in shown else -1
            self.select(shown[max(0, min(len(shown) - 1, here + rows))])

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        entry = self._model.entry(current)
        if isinstance(entry, ClauseLine) and not self._quiet:
            self.chosen.emit(entry.id)

    def _double(self, index: QModelIndex) -> None:
        entry = self._model.entry(index)
        if isinstance(entry, ClauseLine):
            self.opened.emit(entry.id)

    # Qt ---------------------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def drawBranches(self, painter: QPainter, rect: Any, index: AnyIndex) -> None:
        """Draw nothing: the group's own arrow says whether it is open."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if isinstance(self._model.entry(index), ClauseGroup):
            self.setExpanded(index, not self.isExpanded(index))
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            clause = self.current()
            index = self.currentIndex()
            if clause:
                self.opened.emit(clause)
            elif index.isValid():
                self.setExpanded(index, not self.isExpanded(index))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.select_first()
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
