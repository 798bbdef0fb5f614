"""The lines of a slip, written by keyboard alone: code, Enter, quantity, Enter, price, Enter, next line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.core.money import MINUS, parse_money
from crmdesk.core.text import half_width
from crmdesk.services.sale_lists import SaleLineForm
from crmdesk.services.sales import check_line
from crmdesk.ui import theme
from crmdesk.ui.sales.grid_ground import (
    CODE,
    EDITED,
    HEAD,
    LEFT,
    PERCENT,
    PRICE,
    QUANTITY,
    RIGHT,
    ROW,
    TITLES,
    GridGround,
    Line,
    quantize_price,
)  # fmt: skip


class LinesGrid(GridGround):
    """The grid; ``find(code)`` returns the line of a code or raises a CrmError with the sentence for the cell."""

    changed = Signal()
    removed = Signal()

    def __init__(self, find: Callable[[str], Line], currency: str = "TWD", parent: QWidget | None = None) -> None:
        super().__init__(currency, parent)
        self._find = find
        self._gone: list[tuple[int, Line]] = []
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
        self.editor.setAlignment(LEFT if self.column == CODE else RIGHT)
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
        elif event.text() == "+" and (self.column != CODE or not self.editor.text() or self._untouched()):
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
        self.editor.setPlaceholderText(_("Scan or type") if self.place >= len(self.lines) else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._range()
        self._put_editor()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int((event.position().y() - HEAD + self.verticalScrollBar().value()) // ROW)
        if event.position().y() < HEAD or self._read_only or not self.commit():
            return
        column = next(
            (k for k, box in self._columns().items() if box.left() <= event.position().x() < box.right()), CODE
        )
        self.go(place, column if column in EDITED else CODE)
        self.editor.setFocus()

    def minimumSizeHint(self) -> QSize:
        return QSize(640, HEAD + 3 * ROW)


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
