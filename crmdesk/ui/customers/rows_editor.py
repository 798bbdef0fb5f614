"""Several phones, contact persons or relatives in a form: one more with a key, errors under each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.clock import SystemClock
from crmdesk.core.i18n import N_, _
from crmdesk.rules.archive import GREETINGS, RELATION_GRADES
from crmdesk.services.customer_forms import GENDERS, ContactEntry, PhoneEntry, RelativeEntry
from crmdesk.ui.customers.birthday_edit import BirthdayEdit
from crmdesk.ui.widgets import Button, Choice, DayEdit, Label, PhoneEdit, TextEdit, Tick

_EMPTY: dict[str, Any] = {"phones": PhoneEntry(""), "contacts": ContactEntry(""), "relatives": RelativeEntry("")}
_MORE = {
    "phones": N_("Another phone number"), "contacts": N_("Another contact person"),
    "relatives": N_("Another family member"),
}  # fmt: skip
#: Who may be meant, offered while typing; anything else may be written.
RELATIONS = (
    N_("Husband"), N_("Wife"), N_("Son"), N_("Daughter"), N_("Father"), N_("Mother"), N_("Brother"), N_("Sister"),
    N_("Grandfather"), N_("Grandmother"),
)  # fmt: skip
_Field = tuple[str, str, Any, int, int]  # name, title, widget, stretch, line


class _Line(QWidget):
    """One entry: its fields, a button that takes it away, and its error."""

    changed = Signal()
    removed = Signal(object)
    finished = Signal(object)

    def __init__(self, fields: list[_Field], entry: Any) -> None:
        super().__init__()
        self.kept = entry
        self.fields = {name: field for name, _t, field, _s, _l in fields}
        self._titles = {name: title for name, title, _f, _s, _l in fields}
        lines = [QHBoxLayout() for _line in range(max(line for *_rest, line in fields) + 1)]
        for line in lines:
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
        for _name, _title, field, stretch, place in fields:
            lines[place].addWidget(field, stretch)
            field.value_changed.connect(self.changed)
            field.installEventFilter(self)
        self.remove_button = Button("", icon="x", kind="quiet", size="row")
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.remove_button.clicked.connect(self._remove)
        lines[0].addWidget(self.remove_button)
        for line in lines[1:]:
            line.setContentsMargins(18, 0, 38, 4)  # what belongs to the person above stands further in
        self.error = Label("", "label", "danger", wrap=True)
        self.error.hide()
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(3)
        for line in lines:
            body.addLayout(line)
        body.addWidget(self.error)

    def retranslate(self, number: int) -> None:
        """Write names for the screen reader and the tip of the button."""
        for name, field in self.fields.items():
            field.setAccessibleName(f"{_(self._titles[name])} {number}")
            field.setToolTip(_(self._titles[name]))
            if isinstance(field, TextEdit):
                field.setPlaceholderText(_(self._titles[name]))
        self.remove_button.setToolTip(_("Take this line away"))
        self.remove_button.setAccessibleName(_("Take this line away"))

    def set_error(self, message: str) -> None:
        """Show a sentence under the line."""
        self.error.setText(message)
        self.error.setVisible(bool(message))

    def _remove(self) -> None:
        self.removed.emit(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                fields = list(self.fields.values())
                place = next((i for i, field in enumerate(fields) if field is watched), -1)
                if 0 <= place < len(fields) - 1:
                    fields[place + 1].setFocus(Qt.FocusReason.TabFocusReason)
                else:
                    self.finished.emit(self)
                return True
        return super().eventFilter(watched, event)


class RowsEditor(QWidget):
    """A field of a form whose value is a tuple of entries; ``kind`` is phones, contacts or relatives."""

    value_changed = Signal()

    def __init__(
        self, kind: str, home: str = "TW", *, today: Callable[[], date] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kind, self._home, self._today = kind, home, today or SystemClock().today
        self.kind = kind
        self._lines: list[_Line] = []
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(6)
        self.add_button = Button("", icon="plus", kind="link", size="row")
        self.add_button.clicked.connect(self.add_line)
        self._body.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.add_button.setText(_(_MORE[self._kind]))
        for number, line in enumerate(self._lines, 1):
            line.retranslate(number)

    def _fields(self, entry: Any) -> list[_Field]:
        make = {"phones": self._phone_fields, "contacts": self._contact_fields, "relatives": self._relative_fields}
        fields = make[self._kind]()
        for name, _title, field, _stretch, _line in fields:
            field.set_value(getattr(entry, name))
        return fields

    def _phone_fields(self) -> list[_Field]:
        return [
            ("number", N_("Phone number"), PhoneEdit(home=self._home), 5, 0),
            ("extension", N_("Extension"), TextEdit(max_length=10), 2, 0),
            ("label", N_("Phone label"), TextEdit(max_length=20), 3, 0),
        ]

    def _contact_fields(self) -> list[_Field]:
        genders = [(key, title if key else N_("Salutation")) for key, title in GENDERS.items()]
        grades = [(key, key or N_("Relation grade")) for key in RELATION_GRADES]
        return [
            ("name", N_("Name"), TextEdit(max_length=80), 4, 0),
            ("gender", N_("Salutation"), Choice(genders), 2, 0),
            ("role", N_("Role"), TextEdit(max_length=60), 3, 0),
            ("phone", N_("Phone number"), PhoneEdit(home=self._home), 4, 0),
            ("birthday", N_("Birthday"), BirthdayEdit(self._today, self._home), 6, 1),
            ("relation_grade", N_("Relation grade"), Choice(grades), 3, 1),
            ("hobbies", N_("Hobbies"), TextEdit(max_length=200), 4, 1),
            ("note", N_("Note"), TextEdit(max_length=200), 4, 1),
            ("left_on", N_("Left on"), DayEdit(today=self._today), 3, 1),
            ("emergency", N_("In an emergency"), Tick(N_("In an emergency")), 0, 1),
        ]

    def _relative_fields(self) -> list[_Field]:
        greetings = [(key, title if key else N_("Greeting")) for key, title in GREETINGS.items()]
        relation = TextEdit(max_length=20)
        relation.setCompleter(QCompleter([_(word) for word in RELATIONS], relation))
        return [
            ("relation", N_("Relation"), relation, 3, 0),
            ("name", N_("Name"), TextEdit(max_length=80), 4, 0),
            ("birthday", N_("Birthday"), BirthdayEdit(self._today, self._home), 5, 0),
            ("greeting", N_("Greeting"), Choice(greetings), 3, 0),
            ("phone", N_("Phone number"), PhoneEdit(home=self._home), 4, 1),
            ("note", N_("Note"), TextEdit(max_length=200), 8, 1),
        ]

    def add_line(self, entry: Any = None) -> _Line:
        """Append a line; an empty one gets the focus."""
        filled = entry if isinstance(entry, type(_EMPTY[self._kind])) else None
        line = _Line(self._fields(filled or _EMPTY[self._kind]), filled)
        line.changed.connect(self.value_changed)
        line.removed.connect(self._remove)
        line.finished.connect(self._finished)
        self._lines.append(line)
        self._body.insertWidget(self._body.count() - 1, line)
        line.retranslate(len(self._lines))
        if filled is None and self.isVisible():
            next(iter(line.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        return line

    def _remove(self, line: _Line) -> None:
        self._lines.remove(line)
        self._body.removeWidget(line)
        line.hide()
        line.deleteLater()
        if not self._lines:
            self.add_line()
        self.value_changed.emit()

    def _finished(self, line: _Line) -> None:
        """Enter in the last field of a line: the next line, or the next field of the form."""
        place = self._lines.index(line)
        if place + 1 < len(self._lines):
            next(iter(self._lines[place + 1].fields.values())).setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.add_button.setFocus(Qt.FocusReason.TabFocusReason)
            self.focusNextChild()

    # the manners of a field ---------------------------------------------------------------------------------------

    def value(self) -> tuple[Any, ...]:
        """Return the entries that hold anything."""
        empty = _EMPTY[self._kind]
        found: list[Any] = []
        for line in self._lines:
            values = {name: field.value() for name, field in line.fields.items()}
            if any(values.values()):
                found.append(replace(line.kept or empty, **values))
        return tuple(found)

    def problem(self) -> str:
        """Return what a line can't read of a day; the sentence stands under the line too."""
        said = ""
        for line in self._lines:
            fields = [field for field in line.fields.values() if isinstance(field, BirthdayEdit | DayEdit)]
            wrong = next((words for field in fields if (words := field.problem())), "")
            line.set_error(wrong)
            said = said or wrong
        return said

    def set_value(self, value: Any) -> None:
        """Show these entries, or one empty line."""
        for line in self._lines:
            self._body.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines.clear()
        for entry in value or (None,):
            filled = entry
            if filled is None:
                self._add_empty()
            else:
                self.add_line(filled)

    def _add_empty(self) -> None:
        self.add_line(_EMPTY[self._kind])

    def set_errors(self, fields: dict[str, str]) -> bool:
        """Show ``phones.1`` under the second filled line; True when one was shown."""
        filled = [line for line in self._lines if any(field.value() for field in line.fields.values())]
        shown = False
        for place, line in enumerate(filled):
            message = fields.get(f"{self._kind}.{place}", "")
            line.set_error(message)
            if message and not shown:
                next(iter(line.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)
                shown = True
        return shown

    def focusInEvent(self, event: object) -> None:
        if self._lines:
            next(iter(self._lines[0].fields.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
