"""The list of every desk: rows of 40 px, columns as data, widths and sort remembered, a first step when empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import theme
from crmdesk.ui.widgets.columns import arrange, pick, shown_columns
from crmdesk.ui.widgets.messages import EmptyState
from crmdesk.ui.widgets.row_delegate import PAD, RowDelegate
from crmdesk.ui.widgets.rows_model import AnyIndex, Column, RowsModel, row_key

_LEAST = 96  # pixels of the stretched column, however many others are chosen


class Memory(Protocol):
    """Where a list keeps its columns per user; a dict does."""

    def get(self, key: str, default: Any = None, /) -> Any: ...

    def __setitem__(self, key: str, value: Any, /) -> None: ...


class RecordTable(QTableView):
    """A list of records.

    ``RecordTable(COLUMNS, name="customers", memory=shell.memory)``; ``set_rows(rows)`` keeps the chosen record.
    Signals: ``chosen(row or None)`` when the selection moves, ``opened(row)`` on Enter or double click.
    """

    chosen = Signal(object)
    opened = Signal(object)
    first_step = Signal()  # the empty state's button
    sort_changed = Signal(str, bool)  # the column and whether the largest is first; no column: as the rows come
    picked = Signal(list)  # the ids of all chosen rows, where several may be

    def __init__(
        self, columns: Sequence[Column], *, name: str = "", memory: Memory | None = None, row_height: int = 40,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._name, self._memory = name, memory
        self._empty_source = ("", "")
        self._rows_model = RowsModel(columns, self)
        self.setModel(self._rows_model)
        self.setItemDelegate(RowDelegate(self, row_height))
        self._dress(row_height)
        self._empty = EmptyState(parent=self.viewport())
        self._empty.stepped.connect(self.first_step)
        self._empty.hide()
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.doubleClicked.connect(self._open_index)
        self.horizontalHeader().sectionResized.connect(self._remember)
        self.horizontalHeader().sectionMoved.connect(self._remember_order)
        self.horizontalHeader().sortIndicatorChanged.connect(self._sorted)
        self._set_widths()

    def _dress(self, row_height: int) -> None:
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setAutoScroll(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height)
        self.verticalHeader().setMinimumSectionSize(row_height)
        header = self.horizontalHeader()
        header.setFont(theme.font("label"))  # not in the style sheet: that would reset the size
        header.setFixedHeight(33)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSectionsMovable(True)
        header.setSortIndicatorShown(False)
        header.setSortIndicatorClearable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(28)
        header.sectionClicked.connect(self._head_clicked)

    def _set_widths(self) -> None:
        header = self.horizontalHeader()
        kept = self._kept()
        arrange(self, kept.get("columns") or [])
        stretched = False
        for place, column in enumerate(self._rows_model.columns):
            if column.stretch:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
                stretched = True
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(place, int(kept.get("widths", {}).get(column.key, column.width)))
        header.setStretchLastSection(not stretched)
        sort = kept.get("sort")
        if sort:
            place = next((i for i, c in enumerate(self._rows_model.columns) if c.key == sort[0]), -1)
            if place >= 0:
                self.sort_by(sort[0], descending=bool(sort[1]))

    def _make_room(self) -> None:
        """Widen the columns whose values are never cut; the stretched one gives way, and gets it back."""
        kept = self._kept().get("widths", {})
        self._fitting = True  # not a width somebody chose: it is not remembered
        for place, column in enumerate(self._rows_model.columns):
            if column.grows_to and not column.stretch:
                widths = [theme.text_width(text, "body", bold=column.bold) for text in self._rows_model.longest(column)]
                wanted = min(round(max(widths, default=0.0)) + 2 * PAD + 2, column.grows_to)
                least = int(kept.get(column.key, column.width))
                self.horizontalHeader().resizeSection(place, max(least, wanted))
        self._fitting = False
        self._keep_least()

    def _keep_least(self) -> None:
        """Keep the stretched column wide enough to read when many others are chosen: then the list scrolls sideways."""
        header = self.horizontalHeader()
        shown = [i for i in range(len(self._rows_model.columns)) if not self.isColumnHidden(i)]
        place = next((i for i in shown if self._rows_model.columns[i].stretch), None)
        if place is None:
            return
        tight = sum(header.sectionSize(i) for i in shown if i != place) + _LEAST > self.viewport().width()
        modes, before = QHeaderView.ResizeMode, self._fitting
        self._fitting = True
        header.setSectionResizeMode(place, modes.Interactive if tight else modes.Stretch)
        if tight:
            header.resizeSection(place, _LEAST)
        self._fitting = before

    _fitting = False

    # memory -----------------------------------------------------------------------------------------------------

    def _kept(self) -> dict[str, Any]:
        kept = self._memory.get(f"list.{self._name}", {}) if self._memory is not None and self._name else {}
        return kept if isinstance(kept, dict) else {}

    def _keep(self, key: str, value: Any) -> None:
        if self._memory is not None and self._name:
            self._memory[f"list.{self._name}"] = {**self._kept(), key: value}

    def _remember(self, section: int, old: int, new: int) -> None:
        column = self._rows_model.columns[section]
        if self._fitting:
            return
        if self.isVisible() and not column.stretch and section != len(self._rows_model.columns) - 1:
            self._keep("widths", {**self._kept().get("widths", {}), column.key: new})

    def _remember_order(self, *_places: int) -> None:
        if self.isVisible() and not self._fitting:
            self._keep("columns", self.shown())

    def shown(self) -> list[str]:
        """Return the keys of the columns that are shown, in their order."""
        return shown_columns(self)

    def show_columns(self, keys: Sequence[str]) -> None:
        """Show these columns in this order and remember it; none is: as the list was made."""
        self._fitting = True
        arrange(self, keys)
        self._fitting = False
        self._keep("columns", list(keys))
        self._make_room()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Offer other columns for the same rows (fields the office added)."""
        if tuple(columns) == self._rows_model.columns:
            return
        self._fitting = True
        self._rows_model.set_columns(columns)
        self._set_widths()
        self._fitting = False

    def view(self) -> dict[str, Any]:
        """Return how the list is shown, to be saved."""
        return {**self._kept(), "columns": self.shown()}

    def show_view(self, view: dict[str, Any]) -> None:
        """Show the list as it was saved; an empty view is the list as it was made."""
        if self._memory is not None and self._name:
            self._memory[f"list.{self._name}"] = {n: view[n] for n in ("columns", "widths", "sort") if view.get(n)}
        self._fitting = True
        self._rows_model.clear_sort()
        self.horizontalHeader().setSortIndicatorShown(False)
        self._set_widths()
        self._fitting = False
        self._make_room()

    # rows -------------------------------------------------------------------------------------------------------

    @property
    def rows_model(self) -> RowsModel:
        """The model behind the list."""
        return self._rows_model

    def rows(self) -> list[Any]:
        """Return the rows in the order shown."""
        return self._rows_model.rows

    def set_rows(self, rows: Sequence[Any], *, total: Any = None) -> None:
        """Show these rows and keep the chosen record and the place scrolled to."""
        current = self.current()
        key = row_key(current) if current is not None else None
        place_scrolled = self.verticalScrollBar().value()
        picked = self.picked_ids()
        self._rows_model.set_rows(rows, total)
        self._make_room()
        place = self._rows_model.place_of(key) if key is not None else -1
        if place >= 0:
            self.selectRow(place)
            self.verticalScrollBar().setValue(place_scrolled)
        elif current is not None:
            self.chosen.emit(None)
        if len(picked) > 1:
            pick(self, picked)
        self._show_empty()

    def allow_several(self) -> None:
        """Let several rows be chosen (Shift and Ctrl with arrows and clicks, Ctrl+A)."""
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(self._picked)

    def _picked(self, *_changed: Any) -> None:
        self.picked.emit(self.picked_ids())

    def picked_ids(self) -> list[Any]:
        """Return the ids of all chosen rows in the order shown."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = [self._rows_model.row_at(place) for place in places]
        return [row_key(row) for row in rows if row is not None]

    def current(self) -> Any:
        """Return the chosen row, None if there is none."""
        return self._rows_model.row_at(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def select(self, key: Any) -> bool:
        """Choose the record with this id; False if it isn't in the list."""
        place = self._rows_model.place_of(key)
        if place >= 0:
            self.selectRow(place)
        return place >= 0

    def selectRow(self, row: int) -> None:
        """Choose one row alone; Qt adds it to the others while Ctrl is held, as in the keys that open a card."""
        column = next((c for c in range(self._rows_model.columnCount()) if not self.isColumnHidden(c)), 0)
        flags = QItemSelectionModel.SelectionFlag
        alone = flags.ClearAndSelect | flags.Rows
        self.selectionModel().setCurrentIndex(self._rows_model.index(row, column), alone)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        """Keep the choice in sight; a row that is clicked stays under the mouse."""
        super().currentChanged(current, previous)
        if current.isValid() and not QGuiApplication.mouseButtons():
            across = self.horizontalScrollBar().value()
            self.scrollTo(current)
            self.horizontalScrollBar().setValue(across)

    def select_first(self) -> None:
        """Choose the first row, if there is one."""
        if self._rows_model.rows:
            self.selectRow(0)

    def step(self, rows: int) -> None:
        """Move the choice by that many rows, as the arrow keys of a search box above do."""
        last = len(self._rows_model.rows) - 1
        if last >= 0:
            here = self.currentIndex().row() if self.currentIndex().isValid() else -1
            self.selectRow(max(0, min(last, here + rows)))

    def open_current(self) -> None:
        """Open the chosen record as Enter does."""
        row = self.current()
        if row is not None:
            self.opened.emit(row)

    def set_empty(self, text: str, step: str = "") -> None:
        """Say what an empty list shows; both are source texts (N_), ``step`` is the word of the first step's button."""
        self._empty_source = (text, step)
        self._show_empty()

    def _show_empty(self) -> None:
        text, step = self._empty_source
        empty = not self._rows_model.rows and bool(text)
        if empty:
            self._empty.tell(_(text), _(step))
            self._empty.setGeometry(self.viewport().rect())
        self._empty.setVisible(empty)

    def set_columns_hidden(self, *keys: str) -> None:
        """Hide these columns (a narrow window, a role that doesn't see prices) besides those not chosen."""
        kept = set(self._kept().get("columns") or [c.key for c in self._rows_model.columns if not c.extra])
        for place, column in enumerate(self._rows_model.columns):
            self.setColumnHidden(place, column.key in keys or (column.key not in kept and bool(column.title)))

    # sort -------------------------------------------------------------------------------------------------------

    def sort_by(self, key: str, *, descending: bool = False) -> None:
        """Sort by a column and remember it."""
        place = next(i for i, c in enumerate(self._rows_model.columns) if c.key == key)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        if (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (place, order):
            self._sorted(place, order)  # the head stood so already while it was hidden, and says nothing
        else:
            header.setSortIndicator(place, order)

    def _head_clicked(self, section: int) -> None:
        if not self._rows_model.columns[section].sortable:
            return
        header = self.horizontalHeader()
        if not header.isSortIndicatorShown():
            self.sort_by(self._rows_model.columns[section].key)

    def _sorted(self, section: int, order: Qt.SortOrder) -> None:
        if 0 <= section < len(self._rows_model.columns):
            current = self.current()
            self._rows_model.sort(section, order)
            key = self._rows_model.columns[section].key
            down = order == Qt.SortOrder.DescendingOrder
            self._keep("sort", [key, down])
            self.sort_changed.emit(key, down)
            if current is not None:
                self.select(row_key(current))
        elif self._rows_model.is_sorted:  # the third click: as the rows come
            self._rows_model.clear_sort()
            self._keep("sort", None)
            self.sort_changed.emit("", False)

    def sort_key(self) -> tuple[str, bool] | None:
        """Return the column the list is sorted by and whether the largest comes first; None as the rows come."""
        header = self.horizontalHeader()
        place = header.sortIndicatorSection()
        if not header.isSortIndicatorShown() or not 0 <= place < len(self._rows_model.columns):
            return None
        return self._rows_model.columns[place].key, header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder

    # Qt ---------------------------------------------------------------------------------------------------------

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.chosen.emit(self._rows_model.row_at(current.row()) if current.isValid() else None)

    def _open_index(self, index: QModelIndex) -> None:
        row = self._rows_model.row_at(index.row())
        if row is not None:
            self.opened.emit(row)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.open_current()
            return
        plain = not event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._rows_model.rows and plain:
            self.selectRow(0 if event.key() == Qt.Key.Key_Home else len(self._rows_model.rows) - 1)
            return
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape):
            event.ignore()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())
        self._keep_least()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.select_first()
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_rows_model"):
            self._rows_model.retranslate()
            self._show_empty()
        super().changeEvent(event)
