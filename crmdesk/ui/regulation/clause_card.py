"""One clause in full: text, source, numbers with the office's own beside them, and the desk that holds it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _, dotted
from crmdesk.rules.clauses import Clause, Number
from crmdesk.rules.number_names import number_name
from crmdesk.rules.policies import Policy
from crmdesk.ui.widgets import Button, Card, Label, Pill, Rule, Scroll, TextEdit, row
from crmdesk.ui.widgets.emptying import empty

HELD = {
    "enforced": (N_("Enforced"), "accent"),
    "reminded": (N_("Reminded"), "warning"),
    "computed": (N_("Computed"), "info"),
    "printed": (N_("On paper"), "info"),
    "recorded": (N_("On record"), "ok"),
    "shown": (N_("Shown"), "neutral"),
    "planned": (N_("Planned"), "neutral"),
}
HELD_MEANS = {
    "enforced": N_("The program does not go on without it."),
    "reminded": N_("The program reminds in time."),
    "computed": N_("The program works it out."),
    "printed": N_("It is printed on the paper."),
    "recorded": N_("The program keeps a record of it."),
    "shown": N_("The program shows it where it is needed."),
    "planned": N_("The program does not check this yet; please follow the text."),
}
DESKS = {
    "calls": N_("Phone"),
    "reception": N_("Reception"),
    "sales": N_("Sales"),
    "packing": N_("Packing"),
    "repairs": N_("Repairs"),
    "complaints": N_("Complaints"),
    "customers": N_("Customers"),
    "catalogue": N_("Items"),
    "reports": N_("Month"),
    "papers": N_("Papers"),
    "regulation": N_("Regulation"),
}
PAGE_OF_DESK = {desk: desk for desk in DESKS} | {"catalogue": "items", "reports": "month", "papers": "sales"}
UNITS = {
    "seconds": N_("seconds"), "minutes": N_("minutes"), "hours": N_("hours"), "days": N_("days"), "weeks": N_("weeks"),
    "months": N_("months"), "years": N_("years"), "working_hours": N_("working hours"),
    "working_days": N_("working days"), "day_of_month": N_("day of the month"), "clock": N_("o'clock"),
    "percent": "%", "amount": N_("amount"), "rings": N_("rings"), "persons": N_("persons"),
    "customers": N_("customers"), "copies": N_("copies"), "copy": N_("copy"), "signatures": N_("signatures"),
    "digits": N_("digits"), "steps": N_("steps"), "per_week": N_("a week"),
}  # fmt: skip


class NumberRow(NamedTuple):
    """One number of a clause as shown."""

    key: str
    words: str
    pack: str
    changed: bool
    missing: bool


def write_value(number: Number) -> str:
    """Return a number with its unit in the language in force; '—' where the source lost it."""
    value = number.value
    if value is None:
        return "—"
    if number.type == "time":
        return f"{value:%H:%M}"
    unit = _(UNITS.get(number.unit, number.unit))
    return f"{value:,} {unit}" if unit != "%" else f"{value:,} %"


def number_rows(policy: Policy, clause: Clause) -> list[NumberRow]:
    """Return the numbers of a clause; the pack's value stands beside a changed one."""
    rows = []
    for key, number in clause.numbers.items():
        changed = policy.is_changed(clause.id, key)
        pack = write_value(policy.pack_number(clause.id, key)) if changed else ""
        rows.append(NumberRow(key, write_value(number), pack, changed, number.value is None))
    return rows


class ClauseCard(Card):
    """The right panel; ``set_requested(key, text, why)`` and ``cleared(key)`` come from the manager's fields."""

    desk_requested = Signal(str)
    set_requested = Signal(str, str, str)
    cleared = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 16, 12, 16), parent=parent)
        self.clause: Clause | None = None
        self._policy: Policy | None = None
        self._reasons: dict[tuple[str, str], str] = {}
        self._may_change = False
        self._editing = ""
        self.number = Label("", "page")
        self.held = Pill("")
        self.area = Pill("", "neutral")
        self.text = Label("", "row", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.means = Label("", "label", "muted", wrap=True)
        self.source = Label("", "label", "muted", wrap=True)
        self.desk = Button("", icon="arrow-right")
        self.desk.clicked.connect(self._open_desk)
        self.numbers_head = Label("", "label_strong", "muted")
        self._numbers = QWidget()
        self._numbers_column = QVBoxLayout(self._numbers)
        self._numbers_column.setContentsMargins(0, 0, 0, 0)
        self._numbers_column.setSpacing(6)
        self._content = QWidget()
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(10)
        inner.addWidget(self.text)
        inner.addWidget(Rule())
        inner.addWidget(self.numbers_head)
        inner.addWidget(self._numbers)
        inner.addWidget(self.means)
        inner.addWidget(self.source)
        inner.addStretch(1)
        self.body.addLayout(row(self.number, 8, self.held, self.area, None))
        self.body.addSpacing(4)
        self.body.addWidget(Scroll(self._content), 1)
        self.body.addLayout(row(self.desk, None))

    def show_clause(
        self, policy: Policy, clause: Clause | None, *, may_change: bool, reasons: dict[tuple[str, str], str]
    ) -> None:
        """Show a clause, or nothing; ``may_change`` lets the manager write numbers."""
        self._policy, self.clause, self._may_change, self._reasons = policy, clause, may_change, reasons
        self._editing = ""
        self.retranslate()

    def retranslate(self) -> None:
        """Write everything in the language in force."""
        clause, policy = self.clause, self._policy
        self._content.setVisible(clause is not None)
        self.desk.setVisible(clause is not None)
        if clause is None or policy is None:
            self.number.setText(_("No clause chosen"))
            self.held.set("")
            self.area.set("")
            return
        word, tone = HELD[clause.held]
        self.number.setText(clause.id)
        self.held.set(_(word), tone)
        self.area.set(_(DESKS[clause.window]))
        self.text.setText(policy.text(clause.id))
        self.means.setText(_(HELD_MEANS[clause.held]))
        self.source.setText(_("Source: {source}").format(source=clause.source))
        self.desk.setText(_("Open {desk}").format(desk=_(DESKS[clause.window])))
        self.numbers_head.setText(_("Numbers"))
        self._fill_numbers(policy, clause)

    def _fill_numbers(self, policy: Policy, clause: Clause) -> None:
        empty(self._numbers_column)
        rows = number_rows(policy, clause)
        self.numbers_head.setVisible(bool(rows))
        for number in rows:
            line = _NumberLine(number, self._reasons.get((clause.id, number.key), ""), self._may_change)
            line.change_requested.connect(self._edit)
            line.reset_requested.connect(self.cleared)
            self._numbers_column.addWidget(line)
            if number.key == self._editing:
                editor = _NumberEditor(number)
                editor.accepted.connect(self._accept)
                editor.cancelled.connect(self._stop_editing)
                self._numbers_column.addWidget(editor)
                editor.value_edit.setFocus()

    def _edit(self, key: str) -> None:
        self._editing = key
        self.retranslate()

    def _stop_editing(self) -> None:
        self._editing = ""
        self.retranslate()

    def _accept(self, value: str, why: str) -> None:
        self.set_requested.emit(self._editing, value, why)

    def show_error(self, sentence: str) -> None:
        """Say under the field why a number can't be used."""
        editor = self._numbers.findChild(_NumberEditor)
        if editor is not None:
            editor.show_error(sentence)

    def _open_desk(self) -> None:
        if self.clause is not None:
            self.desk_requested.emit(PAGE_OF_DESK[self.clause.window])


class _NumberLine(QWidget):
    """Name, value, and the pack's value struck beside a changed one."""

    change_requested = Signal(str)
    reset_requested = Signal(str)

    def __init__(self, number: NumberRow, reason: str, may_change: bool) -> None:
        super().__init__()
        self._key = number.key
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        name = Label(number_name(number.key), "body", "muted")
        value = Label(_("to be set by the manager") if number.missing else number.words, "strong")
        value.set_colour("warning" if number.missing else "accent" if number.changed else "text")
        line = row(name, None, value, spacing=6)
        if may_change:
            change = Button("", icon="pencil", kind="quiet", size="row")
            change.setAccessibleName(_("Change {name}").format(name=number_name(number.key)))
            change.setToolTip(_("Change this number"))
            change.clicked.connect(self._change)
            line.addWidget(change)
            if number.changed:
                back = Button("", icon="undo-2", kind="quiet", size="row")
                back.setAccessibleName(_("Use the regulation's own number again"))
                back.setToolTip(_("Use the regulation's own number again"))
                back.clicked.connect(self._reset)
                line.addWidget(back)
        column.addLayout(line)
        if number.changed:
            words = _("in the regulation {value}").format(value=number.pack)
            column.addWidget(Label(dotted(words, reason), "label", "muted", wrap=True))

    def _change(self) -> None:
        self.change_requested.emit(self._key)

    def _reset(self) -> None:
        self.reset_requested.emit(self._key)


class _NumberEditor(QWidget):
    """The manager's new number and why."""

    accepted = Signal(str, str)
    cancelled = Signal()

    def __init__(self, number: NumberRow) -> None:
        super().__init__()
        self.value_edit = TextEdit(placeholder=N_("New number"), max_length=20)
        self.value_edit.setAccessibleName(_("New number"))
        self.value_edit.setFixedWidth(110)
        self.why_edit = TextEdit(placeholder=N_("Why"), max_length=500)
        self.why_edit.setAccessibleName(_("Why"))
        self.save = Button(_("Save"), kind="primary", key="Enter")
        self.leave = Button(_("Cancel"))
        self.error = Label("", "label", "danger", wrap=True)
        self.error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(6)
        column.addLayout(row(self.value_edit, self.why_edit))
        column.addWidget(self.error)
        column.addLayout(row(None, self.leave, self.save))
        self.value_edit.returnPressed.connect(self.why_edit.setFocus)
        self.why_edit.returnPressed.connect(self._accept)
        self.save.clicked.connect(self._accept)
        self.leave.clicked.connect(self.cancelled)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with the number."""
        self.error.setText(sentence)
        self.error.show()
        self.value_edit.setFocus()
        self.value_edit.selectAll()

    def _accept(self) -> None:
        self.accepted.emit(self.value_edit.text(), self.why_edit.text())
