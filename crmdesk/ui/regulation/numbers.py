"""The numbers of a clause: each with the pack's value beside it, a field for the manager, one key back to it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.rules.clauses import Clause, Number, Value
from crmdesk.rules.policies import Policy
from crmdesk.services.policies import Change
from crmdesk.ui.regulation.words import plain_value, unit_word, write_value
from crmdesk.ui.widgets import Button, Label, TextEdit, row
from crmdesk.ui.widgets.emptying import empty

FIELD = 84
UNIT = 104


class NumberRow(NamedTuple):
    """One number of a clause as shown."""

    key: str
    name: str
    words: str
    pack: str
    changed: bool
    missing: bool
    number: Number
    seen: Value | None = None  # the office's own value, None while the pack's counts
    reason: str = ""


def number_rows(policy: Policy, clause: Clause, changes: dict[tuple[str, str], Change]) -> list[NumberRow]:
    """Return the numbers of a clause; the pack's value stands beside a changed one."""
    rows = []
    for key, number in clause.numbers.items():
        place = clause.id, key
        changed = policy.is_changed(*place)
        pack = write_value(policy.pack_number(*place)) if changed else ""
        reason = changes[place].words if place in changes and changed else ""
        seen = policy.overrides.get(place)
        rows.append(NumberRow(key, number.name, write_value(number), pack, changed, number.value is None, number,
                              seen, reason))  # fmt: skip
    return rows


class NumberLine(QWidget):
    """Name, the pack's value, a field with its unit, and the way back; without the right only words."""

    edited = Signal()
    finished = Signal()
    reset_requested = Signal(str)

    def __init__(self, shown: NumberRow, *, may_change: bool) -> None:
        super().__init__()
        self.shown = shown
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        name = Label(shown.name, "body", wrap=True)
        self.field: TextEdit | None = None
        self.back: Button | None = None
        if may_change:
            line = row(spacing=8)
            line.addWidget(name, 1)
            self._add_field(line)
        else:
            value = Label(_("to be set by the manager") if shown.missing else shown.words, "strong")
            value.set_colour("warning" if shown.missing else "accent" if shown.changed else "text")
            line = row(name, None, value, spacing=8)
        self._column.addLayout(line)
        if shown.changed:
            words = _("in the regulation {value}").format(value=shown.pack)
            words = f"{words} · {shown.reason}" if shown.reason else words
            self._column.addWidget(Label(words, "label", "warning", wrap=True))
        elif shown.missing and may_change:
            words = _("The source lost this number. Until it is set, the clause does not act.")
            self._column.addWidget(Label(words, "label", "warning", wrap=True))
        self.error = Label("", "label", "danger", wrap=True)
        self.error.hide()
        self._column.addWidget(self.error)

    def _add_field(self, line: object) -> None:
        shown = self.shown
        self.field = TextEdit(max_length=20)
        self.field.setFixedWidth(FIELD)
        self.field.set_value(plain_value(shown.number))
        self.unit_label = unit = Label(unit_word(shown.number), "body", "muted")
        unit.setFixedWidth(UNIT)
        self.field.setAccessibleName(f"{shown.name} ({unit_word(shown.number)})")
        self.field.value_changed.connect(self._edited)
        self.field.returnPressed.connect(self.finished)
        self.back = Button("", icon="undo-2", kind="quiet", size="row")
        self.back.setAccessibleName(_("Use the regulation's own number again"))
        self.back.setToolTip(_("Use the regulation's own number again"))
        self.back.clicked.connect(self._reset)
        policy = self.back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(policy)
        self.back.setVisible(shown.changed)
        for widget in (self.field, unit, self.back):
            line.addWidget(widget)  # type: ignore[attr-defined]  # a row of the house

    @property
    def typed(self) -> str | None:
        """What was typed over the number; None when it still stands as it was shown."""
        if self.field is None:
            return None
        text = str(self.field.value())
        return text if text != plain_value(self.shown.number) else None

    def type_again(self, text: str) -> None:
        """Put back what was typed before the line was made anew."""
        if self.field is not None:
            self.field.setText(text)
            self._edited()

    def show_error(self, sentence: str) -> None:
        """Say under the field why its number can't be used; '' takes it away."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        if sentence and self.field is not None:
            self.field.setFocus()
            self.field.selectAll()

    def _edited(self) -> None:
        if self.field is not None:  # the unit goes with what is typed: 1 week, 2 weeks
            one = str(self.field.value()).strip() == "1"
            self.unit_label.setText(unit_word(replace(self.shown.number, value=1 if one else 2)))
        self.edited.emit()

    def _reset(self) -> None:
        self.reset_requested.emit(self.shown.key)


class NumberFields(QWidget):
    """All numbers of one clause; what is typed survives a change that a colleague saves meanwhile."""

    edited = Signal()
    finished = Signal()
    reset_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clause = ""
        self._lines: list[NumberLine] = []
        self._seen: dict[str, Value | None] = {}  # as it stood when typing began
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.why = TextEdit(max_length=500, placeholder=N_("Why is it changed?"))
        self.why.setAccessibleName(_("Why is it changed?"))
        self.why.value_changed.connect(self.edited)
        self.why.returnPressed.connect(self.finished)

    def show_rows(self, clause: str, rows: list[NumberRow], *, may_change: bool, keep: bool) -> None:
        """Show the numbers of a clause; ``keep`` puts what was typed back in."""
        typed = self.typed() if keep and clause == self._clause else {}
        why = self.why.text() if typed else ""
        focus = next((line.shown.key for line in self._lines if line.field is not None and line.field.hasFocus()), "")
        seen = self._seen
        self._clause = clause
        self._column.removeWidget(self.why)
        self.why.setParent(self)
        empty(self._column)
        self._lines = [NumberLine(shown, may_change=may_change) for shown in rows]
        self._seen = {shown.key: seen[shown.key] if shown.key in typed else shown.seen for shown in rows}
        for line in self._lines:
            line.edited.connect(self._edited)
            line.finished.connect(self.finished)
            line.reset_requested.connect(self.reset_requested)
            self._column.addWidget(line)
            if line.shown.key in typed:
                line.type_again(typed[line.shown.key])
            if keep and line.shown.key == focus and line.field is not None:
                line.field.setFocus()
        self._column.addWidget(self.why)
        self.why.setText(why)
        self.why.setVisible(bool(typed))
        self.setVisible(bool(rows))

    def line(self, key: str) -> NumberLine:
        """Return the line of a number."""
        return next(line for line in self._lines if line.shown.key == key)

    def typed(self) -> dict[str, str]:
        """Return what was typed over the numbers, by their keys."""
        return {line.shown.key: line.typed for line in self._lines if line.typed is not None}

    def seen(self, key: str) -> Value | None:
        """Return the office's own value that stood there when typing began."""
        return self._seen.get(key)

    def look_again(self, key: str, value: Value | None) -> None:
        """Take a colleague's number as seen: the next saving puts the typed one over it."""
        self._seen[key] = value

    def overtaken(self) -> list[str]:
        """Return the names of the typed numbers that a colleague has changed meanwhile."""
        typed = self.typed()
        return [line.shown.name for line in self._lines
                if line.shown.key in typed and self._seen[line.shown.key] != line.shown.seen]  # fmt: skip

    def changed_key(self) -> str:
        """Return the number that one key puts back: the one with the focus, else the first changed one."""
        changed = [line for line in self._lines if line.shown.changed]
        focused = [line for line in changed if line.field is not None and line.field.hasFocus()]
        return (focused or changed)[0].shown.key if changed else ""

    def focus_first(self) -> bool:
        """Go to the first field; False when there is none."""
        fields = [line.field for line in self._lines if line.field is not None]
        if fields:
            fields[0].setFocus()
            fields[0].selectAll()
        return bool(fields)

    def _edited(self) -> None:
        self.why.setVisible(bool(self.typed()))
        self.edited.emit()
