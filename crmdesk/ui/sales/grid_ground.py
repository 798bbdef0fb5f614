"""The ground of the slip's grid: its columns, and how lines are painted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.core.money import format_number, quantize
from crmdesk.services.sale_lists import SaleLineForm
from crmdesk.services.sale_sums import line_amount
from crmdesk.ui import theme

ROW, HEAD = 44, 33
CODE, QUANTITY, PRICE, PERCENT = "code", "quantity", "price", "percent"
EDITED = (CODE, QUANTITY, PRICE, PERCENT)
TITLES = (
    ("place", "#"), ("area", N_("Area")), (CODE, N_("Item code")), ("name", N_("Item name")),
    (QUANTITY, N_("Quantity")), (PRICE, N_("Price")), (PERCENT, N_("% paid")), ("amount", N_("Amount")),
)  # fmt: skip
WIDTHS = {"place": 50, "area": 54, CODE: 110, QUANTITY: 92, PRICE: 118, PERCENT: 64, "amount": 112}
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Line:
    """A line on the screen: what is typed, and what it is compared with."""

    form: SaleLineForm
    own_price: bool = False  # typed by hand: a change of customer leaves it
    last: Decimal | None = None
    last_on: Any = None  # local day

    @property
    def dearer(self) -> Decimal:
        """How much dearer than the last time, 0 if it isn't."""
        if self.last is None or self.form.price is None or self.form.quantity < 0:
            return Decimal(0)
        return max(self.form.price - self.last, Decimal(0))


class GridGround(QAbstractScrollArea):
    """Paints the lines; which cell is edited and how is ``LinesGrid``'s."""

    def __init__(self, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currency = currency
        self.lines: list[Line] = []
        self.place, self.column = 0, CODE
        self.problem = ""
        self._returning = False
        self._read_only = False

    def _columns(self) -> dict[str, QRectF]:
        width = float(self.viewport().width())
        free = max(100.0, width - sum(WIDTHS.values()))
        result, x = {}, 0.0
        for key, _title in TITLES:
            own = WIDTHS.get(key, free)
            result[key] = QRectF(x, 0, own, ROW)
            x += own
        return result

    def _room(self) -> int:
        return max(ROW, self.viewport().height() - HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        columns = self._columns()
        offset = self.verticalScrollBar().value()
        first = max(0, offset // ROW)
        count = self._room() // ROW + 2
        painter.setClipRect(QRectF(0, HEAD, self.viewport().width(), self.viewport().height() - HEAD))
        for place in range(first, min(first + count, len(self.lines) + (0 if self._read_only else 1))):
            self._paint_row(painter, columns, place, HEAD + place * ROW - offset)
        painter.setClipping(False)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font("label"))
        for key, title in TITLES:
            box = columns[key].adjusted(10, 0, -10, HEAD - ROW)
            right = key in (QUANTITY, PRICE, PERCENT, "amount")
            painter.drawText(box, RIGHT if right else LEFT, title if title == "#" else _(title))
        painter.setPen(theme.colour("line"))
        painter.drawLine(0, HEAD - 1, self.viewport().width(), HEAD - 1)

    def _paint_row(self, painter: QPainter, columns: dict[str, QRectF], place: int, top: int) -> None:
        width = self.viewport().width()
        if place == self.place and not self._read_only:
            painter.fillRect(QRectF(0, top, width, ROW - 1), theme.colour("accent_soft"))
            painter.fillRect(QRectF(0, top, 3, ROW - 1), theme.colour("accent"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(0, top + ROW - 1, width, top + ROW - 1)
        boxes = {key: box.translated(0, top).adjusted(10, 0, -10, -1) for key, box in columns.items()}
        self._words(painter, boxes["place"], str(place + 1), "muted")
        if place == self.place and self.problem:
            self._words(painter, boxes["name"].united(boxes["amount"]).adjusted(26, 0, 0, 0) if self.column == CODE
                        else boxes["name"], self.problem, "danger")  # fmt: skip
            if self.column == CODE:
                return
        if place >= len(self.lines):
            if place != self.place:
                self._words(painter, boxes[CODE].adjusted(0, 0, 200, 0), _("Scan or type"), "faint")
            if self._returning and place == self.place:
                self._words(painter, boxes["name"].adjusted(26, 0, 0, 0), _("Return: what comes back?"), "danger")
            return
        line = self.lines[place]
        form, back = line.form, line.form.quantity < 0
        self._words(painter, boxes["area"], form.area, "muted")
        self._words(painter, boxes[CODE], form.code)
        name = form.name if not back else _("Return: {name}").format(name=form.name)
        if not (place == self.place and self.problem):
            extra = 26 if place == self.place and self.column == CODE else 0
            self._words(painter, boxes["name"].adjusted(extra, 0, 0, 0), name, "danger" if back else "text")
        tone = "danger" if back else "text"
        self._words(painter, boxes[QUANTITY], format_number(form.quantity), tone, right=True, bold=True)
        self._paint_price(painter, boxes[PRICE], line)
        percent = str(form.percent) if form.percent is not None else "—"
        self._words(painter, boxes[PERCENT], percent, "text" if form.percent else "faint", right=True)
        amount = format_number(line_amount(form, self.currency))
        self._words(painter, boxes["amount"], amount, tone, right=True, bold=True)

    def _paint_price(self, painter: QPainter, box: QRectF, line: Line) -> None:
        upper = box.adjusted(-20, 3, 0, -ROW / 2 + 3)
        lower = box.adjusted(-20, ROW / 2 - 3, 0, -3)
        self._words(painter, upper, format_number(quantize_price(line.form.price or Decimal(0))), right=True)
        if line.last is None:
            words = _("first time")
        else:
            words = _("last {price} {day}").format(price=format_number(quantize_price(line.last)), day=line.last_on)
        self._words(painter, lower, words, "warning" if line.dearer else "muted", right=True, role="label")

    def _words(
        self, painter: QPainter, box: QRectF, text: str, token: str = "text", *, right: bool = False,
        bold: bool = False, role: str = "body",
    ) -> None:  # fmt: skip
        font = theme.font(role, bold=bold)
        painter.setFont(font)
        painter.setPen(QPen(theme.colour(token)))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(box, RIGHT if right else LEFT, shown)


def quantize_price(price: Decimal) -> Decimal:
    """Return a price with the cents it has: none when it is a whole amount."""
    return price.quantize(Decimal(1)) if price == price.to_integral_value() else quantize(price, "CNY")
