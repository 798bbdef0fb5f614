"""The first rows of a file as they would be read, in a table; wrong cells are red."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from crmdesk.core.i18n import _
from crmdesk.services.imports import ImportField, PreviewRow
from crmdesk.ui import theme

Index = QModelIndex | QPersistentModelIndex
FAULTS_MOST, CELL_MOST = 560, 240  # pixels; the table scrolls sideways


class PreviewModel(QAbstractTableModel):
    """The first rows as they would be read; wrong cells are red and say why."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._heads: list[str] = []
        self._names: list[str] = []
        self._rows: list[PreviewRow] = []

    def show(self, fields: Sequence[ImportField], names: list[str], rows: list[PreviewRow]) -> None:
        """Show rows with the columns of these fields only."""
        self.beginResetModel()
        places = [i for i, field in enumerate(fields) if field.name in names]
        self._names = [fields[i].name for i in places]
        self._heads = [_(fields[i].title) for i in places]
        self._rows = [PreviewRow(r.number, tuple(r.cells[i] for i in places), r.errors) for r in rows]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self._heads) + 2 if self._heads else 0

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return [_("Row"), _("What is wrong"), *self._heads][section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self._rows[index.row()], index.column()
        name = self._names[column - 2] if column >= 2 else ""
        if role == Qt.ItemDataRole.DisplayRole:
            if column == 0:
                return str(line.number)
            if column == 1:
                return " ".join(line.errors.values())
            return line.cells[column - 2].replace("\n", " ⏎ ")
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.errors.get(name, "") or " ".join(line.errors.values()) or None
        wrong = name in line.errors if name else column == 1 and bool(line.errors)
        if role == Qt.ItemDataRole.ForegroundRole and (wrong or column == 0):
            return theme.colour("danger" if wrong else "muted")
        if role == Qt.ItemDataRole.BackgroundRole and wrong and name:
            return theme.colour("danger_soft")
        return None


class _CellDelegate(QStyledItemDelegate):
    """Gives the cells the air of the house's lists, and a hairline under each row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if ground is not None:
            painter.fillRect(option.rect, ground)
        painter.setPen(theme.colour("line"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        option.rect.adjust(8, 0, -4, -1)
        super().paint(painter, option, index)


class PreviewTable(QTableView):
    """The table of the first rows; nothing in it can be edited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = PreviewModel(self)
        self.setModel(self.rows_model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setItemDelegate(_CellDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(32)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setFont(theme.font("label"))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setHighlightSections(False)
        self.setMinimumHeight(90)

    def fit_columns(self, *, with_faults: bool) -> None:
        """Give the columns their widths; the column of faults is wide only when there are some."""
        self.setColumnWidth(0, 52)
        self.setColumnWidth(1, self._width_for(1, 280, FAULTS_MOST) if with_faults else 110)
        for column in range(2, self.rows_model.columnCount()):
            self.setColumnWidth(column, self._width_for(column, 112, CELL_MOST))

    def _width_for(self, column: int, least: int, most: int) -> int:
        """Return a width at which the column's longest value is read whole, if it is not wider than ``most``."""
        model = self.rows_model
        texts = (str(model.index(row, column).data() or "") for row in range(model.rowCount()))
        return max(least, min(most, round(max(map(theme.text_width, texts), default=0)) + 28))
