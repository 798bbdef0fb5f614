"""Several phones or contact persons in a form: a line each, one more with a key, errors under the line."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.services.customer_forms import ContactEntry, PhoneEntry
from crmdesk.ui.widgets import Button, Label, PhoneEdit, TextEdit


class _Line(QWidget):
    """One entry: its fields, a button that takes it away, and its error."""

    changed = Signal()
    removed = Signal(object)
    finished = Signal(object)

    def __init__(self, fields: list[tuple[str, str, Any, int]], entry_id: int | None) -> None:
        super().__init__()
        self.entry_id = entry_id
        self.fields = {name: field for name, _t, field, _s in fields}
        self._titles = {name: title for name, title, _f, _s in fields}
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for _name, _title, field, stretch in fields:
            line.addWidget(field, stretch)
            field.value_changed.connect(self.changed)
            field.installEventFilter(self)
        self.remove_button = Button("", icon="x", kind="quiet", size="row")
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.remove_button.clicked.connect(self._remove)
        line.addWidget(self.remove_button)
        self.error = Label("", "label", "danger", wrap=True)
        self.error.hide()
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(3)
        body.addLayout(line)
        body.addWidget(self.error)

    def retranslate(self, number: int) -> None:
        """Write names for the screen reader and the tip of the button."""
        for name, field in self.fields.items():
            field.setAccessibleName(f"{_(self._titles[name])} {number}")
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
    """A field of a form whose value is a tuple of entries; ``kind`` is phones or contacts."""

    value_changed = Signal()

    def __init__(self, kind: str, home: str = "TW", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._home = kind, home
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
        phones = self._kind == "phones"
        self.add_button.setText(_("Another phone number") if phones else _("Another contact person"))
        for number, line in enumerate(self._lines, 1):
            line.retranslate(number)

    def _fields(self, entry: Any) -> list[tuple[str, str, Any, int]]:
        if self._kind == "phones":
            number, extension, label = PhoneEdit(home=self._home), TextEdit(max_length=10), TextEdit(max_length=20)
            values = (entry.number, entry.extension, entry.label) if entry else ("", "", "")
            fields = [("number", N_("Phone number"), number, 5), ("extension", N_("Extension"), extension, 2),
                      ("label", N_("Phone label"), label, 3)]  # fmt: skip
        else:
            values = (entry.name, entry.role, entry.phone) if entry else ("", "", "")
            person, role = TextEdit(max_length=80), TextEdit(max_length=60)
            fields = [("name", N_("Name"), person, 4), ("role", N_("Role"), role, 3),
                      ("phone", N_("Phone number"), PhoneEdit(home=self._home), 5)]  # fmt: skip
        for (_name, _title, field, _stretch), value in zip(fields, values, strict=True):
            field.set_value(value)
        return fields

    def add_line(self, entry: Any = None) -> _Line:
        """Append a line; an empty one gets the focus."""
        filled = entry if isinstance(entry, PhoneEntry | ContactEntry) else None
        line = _Line(self._fields(filled), filled.id if filled else None)
        line.kept = filled  # type: ignore[attr-defined]  # what the line doesn't show is kept
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
        found: list[Any] = []
        for line in self._lines:
            texts = {name: str(field.value()) for name, field in line.fields.items()}
            if not any(texts.values()):
                continue
            if self._kind == "phones":
                found.append(PhoneEntry(**texts, id=line.entry_id))
            else:
                kept = line.kept  # type: ignore[attr-defined]  # set by add_line
                more = {"birthday": kept.birthday, "note": kept.note} if kept else {}
                found.append(ContactEntry(**texts, **more, id=line.entry_id))
        return tuple(found)

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
        line = self.add_line(PhoneEntry("") if self._kind == "phones" else ContactEntry(""))
        line.entry_id = None

    def set_errors(self, fields: dict[str, str]) -> bool:
        """Show ``phones.1`` under the second filled line; True when one was shown."""
        filled = [line for line in self._lines if any(str(f.value()) for f in line.fields.values())]
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
