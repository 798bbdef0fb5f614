"""Rows and columns as data: a list of NamedTuples from a service, shown by one model for every list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from heapq import nlargest
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from crmdesk.core import dates, money
from crmdesk.core.i18n import _
from crmdesk.ui import theme

ROW = Qt.ItemDataRole.UserRole
VALUE = Qt.ItemDataRole.UserRole + 1
COLUMN = Qt.ItemDataRole.UserRole + 2
SECOND = Qt.ItemDataRole.UserRole + 3
TONE = Qt.ItemDataRole.UserRole + 4
TOTAL = Qt.ItemDataRole.UserRole + 5

AnyIndex = QModelIndex | QPersistentModelIndex
EMPTY = "—"
PHONE_MOST = 220  # pixels: a foreign number with its extension
LONGEST = 8  # so many of the longest values are measured: the most letters are not always the widest
ARROWS = {Qt.SortOrder.AscendingOrder: "↑", Qt.SortOrder.DescendingOrder: "↓"}

Format = Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """One column of a list.

    ``key`` names the field of the row; ``title`` is a source text (N_). ``kind``: text, number, money, day, moment,
    phone, pill, clause, icon, percent (a thin bar with the figure beside it). ``second`` names the field of a muted
    second line; ``tone`` names a field holding a tone (danger, warning, ok, accent, muted …) for the words; a pill's
    value is its word, its tone comes from there.
    ``format`` overrides how the value is written. ``stretch``: this column takes the free width. ``most``: up to so
    many pixels the column grows with its longest value, so that nothing of it is cut; a phone number always does.
    ``wrap``: words too long for the cell go on in a second line, where nothing else stands there.
    """

    key: str
    title: str = ""
    width: int = 120
    align: str = ""  # left, right, center; '' by kind
    kind: str = "text"
    second: str = ""
    tone: str = ""
    bold: bool = False
    stretch: bool = False
    translate: bool = False  # the value itself is a source text (N_)
    format: Format | None = None
    sortable: bool = True
    plain: str = ""  # the field with the plain value, where ``key`` holds words: for sorting and for export
    second_title: str = ""  # the heading of the second line where it becomes a column of its own (export, paper)
    extra: bool = False  # offered when columns are chosen, not shown at first
    most: int = 0
    wrap: bool = False

    @property
    def grows_to(self) -> int:
        """How wide the column may become for its longest value; 0 for one that keeps its width."""
        return self.most or (PHONE_MOST if self.kind == "phone" else 0)

    @property
    def right(self) -> bool:
        """Whether the column stands at the right (numbers, money)."""
        return self.align == "right" or (not self.align and self.kind in ("number", "money"))


def _write_number(value: Any) -> str:
    return money.format_number(Decimal(value)) if isinstance(value, int | Decimal) else str(value)


def _write_percent(value: Any) -> str:
    return f"{value}%"


def _write_day(value: Any) -> str:
    return dates.format_day(value) if isinstance(value, date) else str(value)


def _write_moment(value: Any) -> str:
    return dates.format_moment(value) if isinstance(value, datetime) else str(value)


#: How each kind is written; services hand over days, and moments already in local time.
FORMATS: dict[str, Format] = {
    "number": _write_number,
    "money": _write_number,
    "percent": _write_percent,
    "day": _write_day,
    "moment": _write_moment,
}


def value_of(row: Any, key: str) -> Any:
    """Return a value of a row: one of its fields, or of the further columns it has in ``more``."""
    more = getattr(row, "more", None)
    return more[key] if more is not None and key in more else getattr(row, key, None)


def write(column: Column, value: Any) -> str:
    """Return how a value is shown; empty values (None, '') are a dash."""
    if value is None or value == "":
        return "" if column.kind == "icon" else EMPTY
    if column.format is not None:
        return column.format(value) or EMPTY
    if column.translate:
        return _(str(value))
    writer = FORMATS.get(column.kind)
    return writer(value) if writer else str(value)


class RowsModel(QAbstractTableModel):
    """A list of rows (NamedTuples) shown by columns; sorting is by value, empty values last."""

    def __init__(self, columns: Sequence[Column], parent: Any = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[Any] = []
        self._given: Sequence[Any] = ()  # the rows as they came
        self._total: Any = None
        self._sorted: tuple[int, Qt.SortOrder] | None = None
        self.sorted_outside = False  # the rows come in their order; the head only says which

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Offer other columns for the same rows."""
        self.beginResetModel()
        self.columns, self._sorted = tuple(columns), None
        self.endResetModel()

    @property
    def rows(self) -> list[Any]:
        """The rows in the order shown, without the total."""
        return self._rows

    def set_rows(self, rows: Sequence[Any], total: Any = None) -> None:
        """Show these rows; ``total`` is one more row of the same kind, kept at the end on sunken ground."""
        self.beginResetModel()
        self._given, self._total = rows, total
        self._rows = self.arranged(rows)
        self.endResetModel()

    def row_at(self, index: int) -> Any:
        """Return a row by its place; None if there is none (or it is the total)."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def place_of(self, key: Any) -> int:
        """Return the place of the row whose ``id`` (else first field) equals ``key``; −1 if there is none."""
        return next((i for i, row in enumerate(self._rows) if row_key(row) == key), -1)

    def key_of(self, row: Any) -> Any:
        """Return what a row is known by."""
        return row_key(row)

    def longest(self, column: Column) -> list[str]:
        """Return the longest values of a column as they are shown."""
        return nlargest(LONGEST, {write(column, value_of(row, column.key)) for row in self._rows}, key=len)

    @property
    def is_sorted(self) -> bool:
        """Whether the rows stand in the order of a column."""
        return self._sorted is not None

    def clear_sort(self) -> None:
        """Show the rows as they came."""
        if self._sorted is not None:
            self._sorted = None
            self.layoutAboutToBeChanged.emit()
            self._rows = list(self._given)
            self.layoutChanged.emit()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def retranslate(self) -> None:
        """Write titles and values again after a switch of language."""
        last = len(self.columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, last))

    def arranged(self, rows: Sequence[Any]) -> list[Any]:
        """Return rows in the order of the column they are sorted by, what has nothing there at the end."""
        return self.arrangement()(rows)

    def arrangement(self) -> Callable[[Sequence[Any]], list[Any]]:
        """Return what puts rows into the order of now: another thread may call it, whatever is clicked meanwhile."""
        if self.sorted_outside or self._sorted is None:
            return list
        column, order = self._sorted
        key = self.columns[column].plain or self.columns[column].key
        return partial(_arranged, key=key, down=order == Qt.SortOrder.DescendingOrder)

    # Qt ---------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows) + (self._total is not None)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        total = index.row() == len(self._rows)
        row = self._total if total else self._rows[index.row()]
        column = self.columns[index.column()]
        value = value_of(row, column.key)
        if role == Qt.ItemDataRole.DisplayRole or role == Qt.ItemDataRole.AccessibleTextRole:
            return "" if total and value in (None, "") else write(column, value)
        if role == VALUE:
            return value
        if role == ROW:
            return None if total else row
        if role == COLUMN:
            return column
        if role == SECOND:
            return getattr(row, column.second, None) if column.second else None
        if role == TONE:
            return getattr(row, column.tone, None) if column.tone else None
        if role == TOTAL:
            return total
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            if column.align == "center":
                side = Qt.AlignmentFlag.AlignHCenter
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            if self._sorted is not None and self._sorted[0] == section and column.title:
                return f"{_(column.title)} {ARROWS[self._sorted[1]]}"  # right after the word, not at the far edge
            return _(column.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            return theme.font("label")  # the header's own font is reset by the style sheet
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if index.row() == len(self._rows):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns) or not self.columns[column].sortable:
            return
        self._sorted = (column, order)
        self.layoutAboutToBeChanged.emit()
        self._rows = self.arranged(self._given)
        self.layoutChanged.emit()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)


def _arranged(rows: Sequence[Any], *, key: str, down: bool) -> list[Any]:
    def weight(row: Any) -> tuple[Any, ...]:
        value = value_of(row, key)
        return (value.casefold(),) if isinstance(value, str) else (value,)

    filled = [row for row in rows if value_of(row, key) not in (None, "")]
    empty = [row for row in rows if value_of(row, key) in (None, "")]
    filled.sort(key=weight, reverse=down)
    return filled + empty


def row_key(row: Any) -> Any:
    """Return what a row is known by: its ``id``, else its first field."""
    return row.id if hasattr(row, "id") else row[0]
