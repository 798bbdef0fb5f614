"""The lines of a slip, written by keyboard alone: code, Enter, quantity, Enter, price, Enter, next line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QLineEdit, QWidget

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.core.money import MINUS, format_number, parse_money, quantize
from crmdesk.core.text import half_width
from crmdesk.services.sale_lists import SaleLineForm
from crmdesk.services.sale_sums import line_amount
from crmdesk.services.sales import check_line
from crmdesk.ui import theme

ROW, HEAD = 44, 33
CODE, QUANTITY, PRICE, PERCENT = "code", "quantity", "price", "percent"
EDITED = (CODE, QUANTITY, PRICE, PERCENT)
TITLES = (
    ("place", "#"), ("area", N_("Area")), (CODE, N_("Item code")), ("name", N_("Item name")), (QUANTITY, N_("Quantity")),
    (PRICE, N_("Price")), (PERCENT, N_("% paid")), ("amount", N_("Amount")),
)  # fmt: skip
WIDTHS = {"place": 50, "area": 42, CODE: 110, QUANTITY: 92, PRICE: 118, PERCENT: 64, "amount": 112}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


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


class LinesGrid(QAbstractScrollArea):
    """The grid; ``find(code)`` returns the line of a code or raises a CrmError with the sentence for the cell."""

    changed = Signal()
    removed = Signal()

    def __init__(self, find: Callable[[str], Line], currency: str = "TWD", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find, self.currency = find, currency
        self.lines: list[Line] = []
        self._gone: list[tuple[int, Line]] = []
        self.place, self.column = 0, CODE
        self.problem = ""
        self._returning = False
        self._read_only = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.editor = QLineEdit(self.viewport())
        self.editor.setMaxLength(60)
        self.editor.installEventFilter(self)
        self.editor.textEdited.connect(self._typed)
        self.verticalScrollBar().valueChanged.connect(self._put_editor)
        self.setFocusProxy(self.editor)

    # what is shown ----------------------------------------------------------------------------------------------

    def set_lines(self, lines: list[Line], *, read_only: bool = False) -> None:
        """Show these lines and stand on the empty one below them."""
        self.lines, self._read_only, self._gone = list(lines), read_only, []
        self._returning, self.problem = False, ""
        self._range()
        self.go(len(self.lines), CODE)

    def replace_lines(self, lines: list[Line]) -> None:
        """Show the same lines with other prices; the cell and what is typed in it stay."""
        self.lines = list(lines)
        self.viewport().update()

    def forms(self) -> tuple[SaleLineForm, ...]:
        """Return the lines as the service takes them."""
        return tuple(line.form for line in self.lines)

    def retranslate(self) -> None:
        """Draw again in the language in force."""
        self._name_editor()
        self.viewport().update()

    @property
    def read_only(self) -> bool:
        """Whether the slip is printed."""
        return self._read_only

    # moving -----------------------------------------------------------------------------------------------------

    def go(self, place: int, column: str) -> None:
        """Stand in a cell with its content selected."""
        self.place = max(0, min(place, len(self.lines)))
        self.column = column if self.place < len(self.lines) else CODE
        self.problem = ""
        self.editor.setText(self._cell_text())
        self.editor.setAlignment(_LEFT if self.column == CODE else _RIGHT)
        self.editor.selectAll()
        self._show_wrong()
        self._range()
        bar = self.verticalScrollBar()
        top, bottom = self.place * ROW, (self.place + 1) * ROW
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + self._room():
            bar.setValue(bottom - self._room())
        self._name_editor()
        self._put_editor()
        self.viewport().update()

    def _cell_text(self) -> str:
        if self.place >= len(self.lines):
            return ""
        form = self.lines[self.place].form
        if self.column == CODE:
            return form.code
        if self.column == QUANTITY:
            return str(form.quantity)
        if self.column == PRICE:
            return "" if form.price is None else _plain(form.price)
        return "" if form.percent is None else str(form.percent)

    def commit(self) -> bool:
        """Take over what is typed in the cell; False, with the sentence in the row, when it can't be."""
        if self._read_only:
            return True
        text = half_width(self.editor.text()).strip()
        if text == self._cell_text() and not (self.place >= len(self.lines) and text):
            return True
        try:
            line = self._changed_line(text)
        except CrmError as error:
            return self._refuse(error.message)
        if line is None:
            return True
        if errors := check_line(line.form):
            return self._refuse(next(iter(errors.values())))
        if self.place >= len(self.lines):
            self.lines.append(line)
        else:
            self.lines[self.place] = line
        self.problem = ""
        self._show_wrong()
        self._range()
        self.changed.emit()
        return True

    def _changed_line(self, text: str) -> Line | None:
        if self.column == CODE:
            if not text:
                return None
            found = self._find(text)
            if self.place < len(self.lines):
                return replace(found, form=replace(found.form, quantity=self.lines[self.place].form.quantity))
            if self._returning:
                self._returning = False
                return replace(found, form=replace(found.form, quantity=-1))
            return found
        line = self.lines[self.place]
        if self.column == QUANTITY:
            return replace(line, form=replace(line.form, quantity=_whole(text)))
        if self.column == PRICE:
            return replace(line, form=replace(line.form, price=quantize_price(parse_money(text))), own_price=True)
        return replace(line, form=replace(line.form, percent=_whole(text.rstrip("%")) if text else None))

    def _refuse(self, sentence: str) -> bool:
        self.problem = sentence
        self._show_wrong()
        self.editor.setFocus()
        self.editor.selectAll()
        self.viewport().update()
        return False

    def _show_wrong(self) -> None:
        if bool(self.editor.property("wrong")) != bool(self.problem):
            self.editor.setProperty("wrong", bool(self.problem))
            theme.restyle(self.editor)
        self.editor.setAccessibleDescription(self.problem)

    def _typed(self, text: str) -> None:
        if self.problem:
            self.problem = ""
            self._show_wrong()
            self.viewport().update()

    # keys -------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.editor and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._is_own(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._pressed(event):
                return True
        return super().eventFilter(watched, event)

    def _is_own(self, event: QKeyEvent) -> bool:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return ctrl and event.key() in (Qt.Key.Key_D, Qt.Key.Key_Z)

    def _pressed(self, event: QKeyEvent) -> bool:
        key, ctrl = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        plain = not ctrl and not event.modifiers() & Qt.KeyboardModifier.AltModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self._enter()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and plain:
            if self.commit():
                self.go(self.place + (1 if key == Qt.Key.Key_Down else -1), self.column)
        elif key == Qt.Key.Key_Tab and plain and self.place < len(self.lines):
            if self.commit():
                self._step(1)
        elif key == Qt.Key.Key_Backtab and (self.place or self.column != CODE):
            if self.commit():
                self._step(-1)
        elif key == Qt.Key.Key_Escape and (self.editor.text() != self._cell_text() or self.problem):
            self.go(self.place, self.column)
        elif ctrl and key == Qt.Key.Key_D:
            self.same_as_above()
        elif ctrl and key == Qt.Key.Key_Z:
            if self.editor.isUndoAvailable():
                return False
            self.undo_remove()
        elif key == Qt.Key.Key_Delete and plain and self._untouched():
            self.remove_line()
        elif event.text() == "+" and (self.column != CODE or not self.editor.text()):
            if self.commit():
                self.go(len(self.lines), CODE)
        elif event.text() in ("-", MINUS) and self._minus():
            pass
        else:
            return False
        return True

    def _untouched(self) -> bool:
        return self.place < len(self.lines) and self.editor.selectedText() == self.editor.text()

    def _enter(self) -> None:
        if not self.commit():
            return
        if self.place >= len(self.lines):
            return
        if self.column == CODE:
            self.go(self.place, QUANTITY)
        elif self.column == QUANTITY:
            self.go(self.place, PRICE)
        else:
            self.go(self.place + 1, CODE)

    def _step(self, by: int) -> None:
        at = EDITED.index(self.column) + by
        if 0 <= at < len(EDITED):
            self.go(self.place, EDITED[at])
        elif by > 0:
            self.go(self.place + 1, CODE)
        else:
            self.go(self.place - 1, PERCENT)

    def _minus(self) -> bool:
        """A minus turns the line into a return and back; in a code it is a letter like others."""
        if self._read_only or self.column in (PRICE, PERCENT):
            return True
        if self.column == CODE:
            if self.editor.text() and not self._untouched():
                return False
            if self.place >= len(self.lines):
                self._returning = not self._returning
                self.viewport().update()
                return True
        line = self.lines[self.place]
        quantity = line.form.quantity
        if self.column == QUANTITY:
            try:
                quantity = _whole(half_width(self.editor.text()).strip())
            except CrmError:
                quantity = line.form.quantity
        self.lines[self.place] = replace(line, form=replace(line.form, quantity=-quantity))
        self.go(self.place, self.column)
        self.changed.emit()
        return True

    def same_as_above(self) -> None:
        """Add a line like the one above (on the empty line) or like this one."""
        if self._read_only or not self.lines or not self.commit():
            return
        source = self.lines[min(self.place, len(self.lines)) - 1 if self.place >= len(self.lines) else self.place]
        at = self.place if self.place >= len(self.lines) else self.place + 1
        self.lines.insert(at, source)
        self.go(at, QUANTITY)
        self.changed.emit()

    def remove_line(self) -> None:
        """Take the line out; ``undo_remove`` brings it back."""
        if self._read_only or self.place >= len(self.lines):
            return
        self._gone.append((self.place, self.lines.pop(self.place)))
        self.go(self.place, CODE)
        self.removed.emit()
        self.changed.emit()

    def undo_remove(self) -> None:
        """Bring the line removed last back to its place."""
        if self._gone and not self._read_only:
            place, line = self._gone.pop()
            self.lines.insert(min(place, len(self.lines)), line)
            self.go(place, CODE)
            self.changed.emit()

    # drawing ----------------------------------------------------------------------------------------------------

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

    def _range(self) -> None:
        rows = len(self.lines) + (0 if self._read_only else 1)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, rows * ROW - self._room()))
        bar.setPageStep(self._room())
        bar.setSingleStep(ROW)

    def _put_editor(self, *args: object) -> None:
        cell = self._columns()[self.column]
        top = HEAD + self.place * ROW - self.verticalScrollBar().value()
        seen = not self._read_only and top >= HEAD - 4 and top < self.viewport().height()
        if seen:
            left = int(cell.left()) + (2 if self.column == CODE else 12)
            self.editor.setGeometry(left, top + 3, int(cell.width()) - (4 if self.column == CODE else 14), ROW - 6)
            if self.column == CODE:
                self.editor.setFixedWidth(int(cell.width()) + 30)
            else:
                self.editor.setFixedWidth(int(cell.width()) - 14)
        self.editor.setVisible(seen)

    def _name_editor(self) -> None:
        title = next(_(name) for key, name in TITLES if key == self.column)
        self.editor.setAccessibleName(_("{field}, line {number}").format(field=title, number=self.place + 1))
        self.editor.setPlaceholderText(_("Scan or type the code") if self.place >= len(self.lines) else "")

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
            painter.drawText(box, _RIGHT if right else _LEFT, title if title == "#" else _(title))
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
                self._words(painter, boxes[CODE].adjusted(0, 0, 200, 0), _("Scan or type the code"), "faint")
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
        self, painter: QPainter, box: QRectF, text: str, token: str = "text", *, right: bool = False, bold: bool = False,
        role: str = "body",
    ) -> None:  # fmt: skip
        font = theme.font(role, bold=bold)
        painter.setFont(font)
        painter.setPen(QPen(theme.colour(token)))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(box, _RIGHT if right else _LEFT, shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._range()
        self._put_editor()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int((event.position().y() - HEAD + self.verticalScrollBar().value()) // ROW)
        if event.position().y() < HEAD or self._read_only or not self.commit():
            return
        column = next((k for k, box in self._columns().items() if box.left() <= event.position().x() < box.right()), CODE)
        self.go(place, column if column in EDITED else CODE)
        self.editor.setFocus()

    def minimumSizeHint(self) -> QSize:
        return QSize(640, HEAD + 3 * ROW)


def quantize_price(price: Decimal) -> Decimal:
    """Return a price with the cents it has: none when it is a whole amount."""
    return price.quantize(Decimal(1)) if price == price.to_integral_value() else quantize(price, "CNY")


def day_words(day: Any) -> str:
    """Return a day as the grid writes it beside the last price."""
    return format_day_short(day)


def _plain(price: Decimal) -> str:
    return f"{quantize_price(price)}"


def _whole(text: str) -> int:
    text = text.replace(MINUS, "-").replace(",", "")
    if not text.lstrip("-").isdecimal() or len(text) > 9:
        raise CrmError(_("Please enter a whole number."))
    return int(text)
