"""Forms: labels above fields, errors under them, Enter goes on to the next field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import theme
from crmdesk.ui.widgets.labels import Label
from crmdesk.ui.widgets.pill import ClauseTag


class _Cell(QWidget):
    """One field with its label above and its error below."""

    def __init__(self, label: str, field: Any, hint: str, clause: str, required: bool) -> None:
        super().__init__()
        self.source, self.hint_source, self.field, self.required = label, hint, field, required
        self.label = Label("", "label", "muted")
        self.hint = Label("", "label", "muted")
        self.error = Label("", "label", "danger", wrap=True)
        self.error.hide()
        self.tag = ClauseTag(clause)
        self.label.setBuddy(field)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        self.label.setMinimumHeight(20)  # as high as a clause tag, so that fields of one row stand level
        head.addWidget(self.label)
        head.addStretch(1)
        head.addWidget(self.hint)
        if clause:
            head.addWidget(self.tag)
        else:
            self.tag.setParent(self)
            self.tag.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(field, 1 if isinstance(field, QPlainTextEdit) else 0)
        column.addWidget(self.error)
        if not isinstance(field, QPlainTextEdit):
            column.addStretch(0)
        self.retranslate()

    def retranslate(self) -> None:
        """Write label, hint and accessible name in the language in force."""
        text = _(self.source)
        self.label.setText(text + (" *" if self.required and text else ""))
        self.label.setVisible(bool(text))
        self.hint.setText(_(self.hint_source))
        self.hint.setVisible(bool(self.hint_source))
        self.field.setAccessibleName(text)

    def set_error(self, message: str) -> None:
        """Show a sentence under the field, '' takes it away."""
        self.error.setText(message)
        self.error.setVisible(bool(message))
        if bool(self.field.property("wrong")) != bool(message):
            self.field.setProperty("wrong", bool(message))
            theme.restyle(self.field)
        self.field.setAccessibleDescription(message)


class FormGrid(QWidget):
    """A grid of named fields.

    ``add("name", N_("Name"), TextEdit(), span=2)`` fills the grid left to right. ``load(values)`` fills the fields and
    makes the form clean, ``values()`` reads them, ``set_errors({name: sentence})`` shows errors and goes to the first.
    """

    changed = Signal(str)  # the name of the field the user changed
    dirty_changed = Signal(bool)
    finished = Signal()  # Enter in the last field

    def __init__(self, columns: int = 2, *, spacing: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._cells: dict[str, _Cell] = {}
        self._row, self._column = 0, 0
        self._dirty = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(spacing)
        self._grid.setVerticalSpacing(10)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def add(
        self, name: str, label: str, field: Any, *, span: int = 1, hint: str = "", clause: str = "",
        required: bool = False, grow: bool = False,
    ) -> Any:  # fmt: skip
        """Append a field and return it; ``label`` and ``hint`` are source texts (N_), ``grow`` takes free height."""
        if self._column + span > self._columns:
            self._row, self._column = self._row + 1, 0
        cell = _Cell(label, field, hint, clause, required)
        self._cells[name] = cell
        self._grid.addWidget(cell, self._row, self._column, 1, span)
        if grow:
            self._grid.setRowStretch(self._row, 1)
        self._column += span
        field.setProperty("form_name", name)
        field.installEventFilter(self)
        field.value_changed.connect(self._field_changed)
        return field

    def new_row(self) -> None:
        """Start the next field on a new row."""
        if self._column:
            self._row, self._column = self._row + 1, 0

    def set_stretch(self, *parts: int) -> None:
        """Share the width among the columns in these parts."""
        for column, part in enumerate(parts):
            self._grid.setColumnStretch(column, part)

    def field(self, name: str) -> Any:
        """Return a field's widget."""
        return self._cells[name].field

    def names(self) -> list[str]:
        """Return the names of the fields in order."""
        return list(self._cells)

    def show_field(self, name: str, shown: bool = True) -> None:
        """Show or hide a field with its label."""
        self._cells[name].setVisible(shown)

    def set_hint(self, name: str, hint: str) -> None:
        """Write the muted word at the right above a field (a source text)."""
        cell = self._cells[name]
        cell.hint_source = hint
        cell.retranslate()

    def set_clause(self, name: str, clause: str) -> None:
        """Show which clause asks for a field that was added with a clause."""
        self._cells[name].tag.set_clause(clause)

    # values -----------------------------------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """Return what the fields hold by name."""
        return {name: cell.field.value() for name, cell in self._cells.items()}

    def load(self, values: Mapping[str, Any]) -> None:
        """Fill the fields named in ``values``, clear all errors and make the form clean."""
        for name, value in values.items():
            if name in self._cells:
                self._cells[name].field.set_value(value)
        self.clear_errors()
        self.set_dirty(False)

    @property
    def dirty(self) -> bool:
        """Whether the user changed something since ``load``."""
        return self._dirty

    def set_dirty(self, dirty: bool) -> None:
        """Say that the form is saved (False) or has something to save."""
        if dirty != self._dirty:
            self._dirty = dirty
            self.dirty_changed.emit(dirty)

    def set_read_only(self, read_only: bool, names: tuple[str, ...] = ()) -> None:
        """Lock all fields or the named ones."""
        for name in names or tuple(self._cells):
            field = self._cells[name].field
            if hasattr(field, "setReadOnly"):
                field.setReadOnly(read_only)  # stays readable and can be copied
            else:
                field.setEnabled(not read_only)

    # errors -----------------------------------------------------------------------------------------------------

    def set_errors(self, errors: Mapping[str, str], *, focus: bool = True) -> dict[str, str]:
        """Show each sentence under its field, go to the first, and return those whose field is not here."""
        first = True
        for name, cell in self._cells.items():
            message = errors.get(name, "")
            cell.set_error(message)
            if message and first and focus:
                first = False
                cell.field.setFocus(Qt.FocusReason.OtherFocusReason)
                if hasattr(cell.field, "selectAll"):
                    cell.field.selectAll()
        return {name: message for name, message in errors.items() if name not in self._cells}

    def clear_errors(self) -> None:
        """Take all error sentences away."""
        self.set_errors({}, focus=False)

    def errors(self) -> dict[str, str]:
        """Return the sentences shown now."""
        return {name: cell.error.text() for name, cell in self._cells.items() if cell.error.text()}

    def problems(self) -> dict[str, str]:
        """Return what the fields themselves can't read (a day, an amount, a text too long)."""
        found = {}
        for name, cell in self._cells.items():
            problem = cell.field.problem() if hasattr(cell.field, "problem") else ""
            if problem:
                found[name] = problem
        return found

    def check(self) -> bool:
        """Show the fields' own problems; True if there are none."""
        problems = self.problems()
        self.set_errors(problems)
        return not problems

    # manners ----------------------------------------------------------------------------------------------------

    def focus_first(self, name: str = "") -> None:
        """Put the focus into a field, the first one if none is named."""
        wanted = name or next(iter(self._cells), "")
        if wanted:
            self._cells[wanted].field.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Write all labels in the language in force; called by LanguageChange."""
        for cell in self._cells.values():
            cell.retranslate()

    def _field_changed(self) -> None:
        sender = self.sender()
        name = str(sender.property("form_name")) if sender is not None else ""
        if name in self._cells and self._cells[name].error.text():
            self._cells[name].set_error("")  # it was dealt with; the service will look again
        self.set_dirty(True)
        self.changed.emit(name)

    def _next_after(self, field: QObject) -> None:
        fields = [c.field for c in self._cells.values() if c.isVisibleTo(self) and c.field.isEnabled()]
        place = next((i for i, f in enumerate(fields) if f is field), -1)
        if 0 <= place < len(fields) - 1:
            following = fields[place + 1]
            following.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.finished.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            popup = isinstance(watched, QComboBox) and watched.view().isVisible()
            if enter and plain and not isinstance(watched, QPlainTextEdit) and not popup:
                self._next_after(watched)
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
