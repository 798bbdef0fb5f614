"""How a row looks: hairline under it, accent bar when chosen, second line muted, empty values as a faint dash."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.pill import PILL_HEIGHT, paint_clause, paint_pill, pill_width
from crmdesk.ui.widgets.rows_model import COLUMN, EMPTY, SECOND, TONE, TOTAL, VALUE, Column

PAD = 10
PERCENT = 52  # room for 100.0 %


class RowDelegate(QStyledItemDelegate):
    """Paints the cells of a RecordTable."""

    def __init__(self, table: QTableView, row_height: int = 40) -> None:
        super().__init__(table)
        self._table = table
        self.row_height = row_height

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, self.row_height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box = QRectF(option.rect)  # type: ignore[attr-defined]  # PySide's stubs leave the fields of the option out
        state = option.state  # type: ignore[attr-defined]  # the same
        selected = bool(state & QStyle.StateFlag.State_Selected)
        total = bool(index.data(TOTAL))
        painter.save()
        self._ground(painter, box, index, selected, total, bool(state & QStyle.StateFlag.State_MouseOver))
        self._content(painter, box, index, selected, total)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:  # fmt: skip
        """Say in full what a cell had to cut."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), self.cut_words(index, self._table.visualRect(index).width()), view)
        return True

    @staticmethod
    def cut_words(index: QModelIndex | QPersistentModelIndex, width: int) -> str:
        """Return the words of a cell of some width that don't fit, '' when all do."""
        column: Column = index.data(COLUMN)
        if column.kind not in ("text", "customer") or column.wrap:
            return ""
        pairs = (
            (str(index.data() or ""), theme.font("body", bold=column.bold)),
            (str(index.data(SECOND) or ""), theme.font("label")),
        )
        cut = any(QFontMetricsF(font).horizontalAdvance(words) > width - 2 * PAD + 1 for words, font in pairs)
        return "\n".join(words for words, _font in pairs if words) if cut else ""

    def _ground(
        self, painter: QPainter, box: QRectF, index: QModelIndex | QPersistentModelIndex, selected: bool, total: bool,
        hover: bool,
    ) -> None:  # fmt: skip
        if selected:
            painter.fillRect(box, theme.colour("accent_soft"))
        elif total:
            painter.fillRect(box, theme.colour("sunken"))
        elif hover:
            painter.fillRect(box, theme.colour("hover"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        header = self._table.horizontalHeader()
        visual = header.visualIndex(index.column())
        shown = [header.visualIndex(c) for c in range(header.count()) if not header.isSectionHidden(c)]
        first, last = visual == min(shown), visual == max(shown)
        if selected and first:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), theme.colour("accent"))
        if selected and self._table.hasFocus() and index.row() == self._table.currentIndex().row():
            ring = theme.colour("focus")
            painter.fillRect(QRectF(box.left(), box.top(), box.width(), 2), ring)
            painter.fillRect(QRectF(box.left(), box.bottom() - 2, box.width(), 2), ring)
            if last:
                painter.fillRect(QRectF(box.right() - 2, box.top(), 2, box.height()), ring)

    def _content(
        self, painter: QPainter, box: QRectF, index: QModelIndex | QPersistentModelIndex, selected: bool, total: bool
    ) -> None:
        column: Column = index.data(COLUMN)
        text: str = index.data(Qt.ItemDataRole.DisplayRole) or ""
        tone: str = index.data(TONE) or ""
        inner = box.adjusted(PAD, 0, -PAD, -1)
        if column.kind == "icon":
            if text:
                icons.paint(painter, text, QRectF(inner.left(), inner.center().y() - 8, 16, 16), tone or "muted")
            return
        if column.kind == "pill" and text and text != EMPTY:
            rect = self._word_box(inner, min(pill_width(text), inner.width()), PILL_HEIGHT, column)
            paint_pill(painter, rect, text, tone or "neutral", selected=selected)
            return
        if column.kind == "clause" and text and text != EMPTY:
            width = QFontMetricsF(theme.font("label")).horizontalAdvance(text) + 19
            paint_clause(painter, self._word_box(inner, width, PILL_HEIGHT, column), text)
            return
        if column.kind == "percent" and text != EMPTY:
            self._percent(painter, inner, float(index.data(VALUE)), tone or "accent", selected)
            inner = inner.adjusted(inner.width() - PERCENT, 0, 0, 0)
            tone = "" if tone == "accent" else tone
        colour = self._letters(text, tone, column, selected)
        self._words(painter, inner, index, column, text, colour, bold=column.bold or total, selected=selected)

    def _percent(self, painter: QPainter, inner: QRectF, value: float, tone: str, selected: bool) -> None:
        track = QRectF(inner.left(), inner.center().y() - 2.5, inner.width() - PERCENT - 4, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line_strong" if selected else "neutral_soft"))
        painter.drawRoundedRect(track, 2.5, 2.5)
        if value > 0:
            painter.setBrush(theme.colour(tone))
            track.setWidth(max(5.0, track.width() * min(value, 100) / 100))
            painter.drawRoundedRect(track, 2.5, 2.5)

    def _word_box(self, inner: QRectF, width: float, height: float, column: Column) -> QRectF:
        x = inner.right() - width if column.right else inner.left()
        return QRectF(x, round(inner.center().y() - height / 2), width, height)

    def _letters(self, text: str, tone: str, column: Column, selected: bool) -> QColor:
        if text == EMPTY:
            return theme.colour("muted" if selected else "faint")  # faint is too faint on accent-soft
        if tone:
            return theme.colour("text" if tone == "neutral" else tone)
        return theme.colour("text")

    def _words(
        self, painter: QPainter, inner: QRectF, index: QModelIndex | QPersistentModelIndex, column: Column, text: str,
        colour: QColor, *, bold: bool, selected: bool,
    ) -> None:  # fmt: skip
        second: Any = index.data(SECOND)
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        if column.align == "center":
            side = Qt.AlignmentFlag.AlignHCenter
        font = theme.font("body", bold=bold and text != EMPTY)
        metrics = QFontMetricsF(font)
        words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width() + 1)
        painter.setFont(font)
        painter.setPen(QPen(colour))
        if second in (None, ""):
            if column.wrap and words != text:
                painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, text)
                return
            painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, words)
            return
        small = theme.font("label")
        below = QFontMetricsF(small)
        top = inner.center().y() - (metrics.height() + below.height()) / 2 + 1
        painter.drawText(QRectF(inner.left(), top, inner.width(), metrics.height()), side, words)
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        line = below.elidedText(str(second), Qt.TextElideMode.ElideRight, inner.width())
        box = QRectF(inner.left(), top + metrics.height() - 2, inner.width(), below.height())
        painter.drawText(box, side, line)
