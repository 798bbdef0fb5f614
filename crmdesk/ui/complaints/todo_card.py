"""What is to do now: the needs of the next step, met ones ticked, missing ones as fields right there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.complaints import CLEARS
from crmdesk.services import complaints
from crmdesk.services.complaint_steps import LABELS
from crmdesk.services.complaints import REMEDIES, ComplaintCase, StepChoice
from crmdesk.ui.complaints import words
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets import (
    Button,
    Card,
    Choice,
    Label,
    MomentEdit,
    MoneyEdit,
    PoliteNote,
    Rule,
    Scroll,
    Segments,
    Tick,
    row,
)
from crmdesk.ui.widgets.card import clear

NOTE_LABEL = 92
MOST_NOTE = 112  # pixels a note grows to where there is room
_CLEARS = {tick.key: tick for tick in CLEARS}
_NOTES = ("cause", "proposal", "reply", "reason", "improvement")
_EXTRAS = {"propose": ("remedy", "loss", "allowance"), "close": ("improvement",)}
_EXTRA_LABELS = {
    "remedy": N_("Settled by"), "loss": N_("Loss"), "allowance": N_("Amount given"), "improvement": N_("Improvement"),
}  # fmt: skip


def _line(*items: QWidget | None) -> QWidget:
    """Lay a row into a widget of its own, so that clearing the column takes it away whole."""
    line = QWidget()
    line.setLayout(row(*items))
    return line


class TodoCard(Card):
    """The side panel of a case; ``asked(action, values)`` when the primary button may act."""

    asked = Signal(str, dict)
    other_asked = Signal(str)  # time, not_reached, print, undo

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(spacing=6, margins=(20, 12, 20, 10), parent=parent)
        self.ctx = ctx
        self.case: ComplaintCase | None = None
        self.action = ""
        self.inputs: dict[str, Any] = {}
        self._signs: dict[str, IconLabel] = {}  # of the fields the step needs: open or filled
        self._people: list[tuple[object, str]] = []
        content = QWidget()
        self._rows = QVBoxLayout(content)
        self._rows.setContentsMargins(2, 0, 4, 0)
        self._rows.setSpacing(4)
        self._scroll = Scroll(content, least=64)
        self.body.addWidget(self._scroll, 1)
        self.error_label = Label("", "label", "danger", wrap=True)
        self.error_label.hide()
        self.go_button = Button("", kind="primary", key="Ctrl+Enter", size="side", icon="send")
        self.why_label = Label("", "label", "warning", wrap=True)
        self.undo_button = Button("", kind="link", key="Alt+Z", icon="undo-2", size="row")
        self.time_button = Button("", kind="link", size="row")
        self.missed_button = Button("", kind="link", size="row")
        self.others = row(spacing=12)
        self._rule = Rule()
        self.add(self.error_label, self.go_button, self.why_label, self._rule)
        self.add(self.others)
        self.go_button.clicked.connect(self._go)
        self.time_button.clicked.connect(self._time)
        self.missed_button.clicked.connect(self._missed)
        self.undo_button.setParent(self)  # it waits here until there is something to take back
        self.undo_button.hide()
        self.undo_button.clicked.connect(self._undo)

    def set_people(self, people: list[tuple[object, str]]) -> None:
        """Offer who may handle the complaint."""
        self._people = people

    # showing ----------------------------------------------------------------------------------------------------

    def show_case(self, case: ComplaintCase, *, keep: bool = False) -> None:
        """Show what the case needs next; ``keep`` leaves the chosen step, what is typed and the focus."""
        focused = self._focused() if keep else ""
        typed = self._raw() if keep else {}
        self.case = case
        names = [step.action for step in case.steps]
        if not keep or self.action not in names:
            self.action = self._default(case)
        self._build(typed)
        if focused in self.inputs:
            self._focus(focused)

    @staticmethod
    def _default(case: ComplaintCase) -> str:
        if case.state == "investigating":
            return "not_upheld" if case.valid is False else "propose"
        if case.state == "called_back":
            return "close" if case.satisfied else "reopen"
        if case.state == "closed" or not case.steps:
            return ""
        return case.steps[0].action

    @property
    def step(self) -> StepChoice | None:
        """The step shown now."""
        steps = self.case.steps if self.case is not None else ()
        return next((step for step in steps if step.action == self.action), None)

    def _build(self, typed: Mapping[str, Any]) -> None:
        clear(self._rows)
        self.others.removeWidget(self.undo_button)  # it stays while the links to other steps come and go
        clear(self.others)
        self.inputs, self._signs = {}, {}
        step, case = self.step, self.case
        if case is None:
            return
        if step is not None:
            for need in step.needs:
                if not need.met and not need.field:  # a step that comes before: nothing to type here
                    self._rows.addWidget(_line(IconLabel("circle", "warning", 16), Label(need.sentence, wrap=True)))
                elif need.met and need.field not in ("upheld", "satisfied"):
                    self._rows.addWidget(_line(IconLabel("check", "ok", 16), Label(need.label), None))
                elif need.field not in self.inputs:
                    self._add_input(need.field, need.label)
            if step.permitted:
                for name in _EXTRAS.get(step.action, ()):
                    self._add_input(name, _(_EXTRA_LABELS[name]))
            for name, value in self._start_values(case, typed).items():
                if name in self.inputs:
                    self.inputs[name].set_value(value)
            for field in self.inputs.values():
                field.setEnabled(step.permitted)
        elif case.state == "closed":
            self._rows.addWidget(Label(_("Nothing: this complaint is closed."), colour="muted", wrap=True))
        self._rows.addStretch(1)
        for other in case.steps:
            if other.action != self.action and other.permitted:
                button = Button(other.label, kind="link", size="row")
                button.setProperty("action", other.action)
                button.clicked.connect(self._other)
                self.others.addWidget(button)
        self._rule.setVisible(bool(self.others.count()) or case.undo is not None)
        self.others.addStretch(1)
        self.others.addWidget(self.undo_button)
        self._write_texts()
        self._look()

    def _start_values(self, case: ComplaintCase, typed: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {"upheld": case.valid, "satisfied": case.satisfied, "handler": self.ctx.user.id}
        if case.remedy:
            values["remedy"] = case.remedy
        values |= {name: amount for name in ("loss", "allowance") if (amount := getattr(case, name))}
        if "next_reply" in self.inputs:
            values["next_reply"] = words.to_local(self.ctx, complaints.suggest_next_reply(self.ctx))
        return values | {name: value for name, value in typed.items() if value not in (None, "")}

    def _add_input(self, name: str, label: str) -> None:
        field: Any
        if name in _CLEARS or name == "manager_told":
            field = Tick(_CLEARS[name].label if name in _CLEARS else LABELS[name])
            self._rows.addWidget(field)
        elif name in _NOTES:
            field = PoliteNote(lines=2, max_length=4000)
            field.setMaximumHeight(MOST_NOTE)
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # two lines, more with room
            sign, beside = self._sign(name), Label(label, wrap=True)
            beside.setFixedWidth(NOTE_LABEL)
            line, cells = QWidget(), row(sign, beside, field)
            for widget in (sign, beside):
                cells.setAlignment(widget, Qt.AlignmentFlag.AlignTop)
            line.setLayout(cells)
            line.setMinimumHeight(field.minimumHeight())  # the wrapped word beside it would let the row shrink
            self._rows.addWidget(line, 1)
        else:
            field = self._short_field(name)
            beside = Label(label, wrap=True)
            beside.setFixedWidth(NOTE_LABEL)
            line = _line(self._sign(name), beside, *((None, field) if isinstance(field, Segments) else (field,)))
            self._rows.addWidget(line)
        field.setAccessibleName(label)
        field.setProperty("need", name)
        field.value_changed.connect(self._changed)
        self.inputs[name] = field

    def _sign(self, name: str) -> QWidget:
        if self.step is None or all(need.field != name for need in self.step.needs):
            space = QWidget()  # nobody has to fill it: no sign
            space.setFixedSize(16, 16)
            return space
        self._signs[name] = IconLabel("circle", "muted", 16)
        return self._signs[name]

    def _short_field(self, name: str) -> Any:
        field: Any
        if name == "next_reply":
            field = MomentEdit(self.ctx.clock.today, hour=15)
        elif name == "department":
            field = Choice([(word, word) for word in self.ctx.office.departments], editable=True, translate=False)
        elif name == "handler":
            field = Choice(self._people, translate=False)
        elif name == "upheld":
            return Segments([(True, N_("Yes")), (False, N_("No"))])
        elif name == "satisfied":
            return Segments([(True, N_("Yes")), (False, N_("Not yet"))])
        elif name == "remedy":
            field = Choice(list(REMEDIES.items()))
        else:
            field = MoneyEdit()
        field.setSizePolicy(QSizePolicy.Policy.Expanding, field.sizePolicy().verticalPolicy())
        return field

    def _write_texts(self) -> None:
        case, step = self.case, self.step
        if case is None:
            return
        self.set_title(_("What to do now"), words.joined(case.state_title, case.handler))
        self.go_button.setText(step.label if step is not None else "")
        self.go_button.setVisible(step is not None)
        self.undo_button.setText(_("Undo"))
        if case.undo is not None:
            whole = _("Undo: {step}").format(step=case.undo.label)
            self.undo_button.setToolTip(whole)
            self.undo_button.setAccessibleName(whole)
        self.undo_button.setVisible(case.undo is not None)
        self.time_button.setText(_("Change time"))
        self.missed_button.setText(_("Not reached ({count} so far)").format(count=case.not_reached))
        for button in (self.time_button, self.missed_button):
            button.setVisible(case.state != "closed")

    # typing -----------------------------------------------------------------------------------------------------

    def _raw(self) -> dict[str, Any]:
        return {name: field.value() for name, field in self.inputs.items()}

    def values(self) -> dict[str, Any]:
        """Return what is typed, ready for the service."""
        values = self._raw()
        if "next_reply" in values:
            values["next_reply"] = words.to_utc(self.ctx, values["next_reply"])
        return {name: value for name, value in values.items() if value not in (None, "", False) or name in (
            "upheld", "satisfied")}  # fmt: skip

    @property
    def dirty(self) -> bool:
        """Whether something is typed that loading again would lose."""
        return any(isinstance(field, PoliteNote) and field.value() for field in self.inputs.values())

    def missing(self) -> list[str]:
        """Return the fields that are still missing for the step shown, in order."""
        case = self.case
        if case is None or self.step is None:
            return []
        facts, values = dict(case.facts), self.values()
        facts["clears"] = [*facts["clears"], *(key for key in _CLEARS if values.get(key))]
        facts.update({name: value for name, value in values.items() if name in facts})
        steps = complaints.find_steps(self.ctx, case.state, facts)
        step = next(step for step in steps if step.action == self.action)
        return [need.field for need in step.missing]

    def _changed(self) -> None:
        self.show_errors({})
        upheld = self.inputs.get("upheld")
        if upheld is not None and self.case is not None and self.case.state == "investigating":
            wanted = {True: "propose", False: "not_upheld"}.get(upheld.value(), self.action)
            if wanted != self.action:
                self.choose(wanted)
                self.inputs["upheld"].setFocus()
                return
        self._look()

    def choose(self, action: str) -> None:
        """Show another step, keeping what is typed."""
        typed = self._raw()
        self.action = action
        self._build(typed)

    def _look(self) -> None:
        step = self.step
        if step is None:
            self.why_label.hide()
            return
        missing = self.missing()
        count = len(missing)
        for name, sign in self._signs.items():
            filled = name not in missing
            sign.set_icon("check" if filled else "circle", "ok" if filled else "muted")
        if not step.permitted:
            reason = _("Only a colleague with the right can take this step.")
        elif count:
            reason = ngettext("{count} thing is missing", "{count} things are missing", count).format(count=count)
        else:
            reason = ""
        self.go_button.set_ready(not reason, reason)
        begins = _("Starts: {what}").format(what=_(", ").join(step.starts)) if step.starts else ""
        self.why_label.setText(words.joined(reason, begins))
        self.why_label.set_colour("warning" if reason else "muted")
        self.why_label.setVisible(bool(reason or begins))

    def focus_missing(self) -> None:
        """Go to the first field that is missing."""
        for name in (*self.missing(), *self.inputs):
            if name in self.inputs:
                self._focus(name)
                return

    def _focus(self, name: str) -> None:
        """Put the focus on a field, also on one that was made just now: hidden ones can't take it."""
        field = self.inputs[name]
        for widget in (field.parentWidget(), field):
            if widget is not None:
                widget.show()
        field.setFocus()
        self._scroll.ensureWidgetVisible(field, 0, 12)

    def _focused(self) -> str:
        """Return the field somebody is in, '' for none."""
        here = QApplication.focusWidget()
        if here is None:
            return ""
        return next((name for name, field in self.inputs.items() if field is here or field.isAncestorOf(here)), "")

    def show_errors(self, found: Mapping[str, str], clause: str = "") -> None:
        """Say what the service refused and go to the first field."""
        text = " ".join(found.values())
        self.error_label.setText(f"{text} ({clause})" if text and clause else text)
        self.error_label.setVisible(bool(text))
        first = next((name for name in found if name in self.inputs), None)
        if first is not None:
            self.inputs[first].setFocus()

    def _go(self) -> None:
        step = self.step
        if step is None or not step.permitted:
            return
        problems = {name: said for name, field in self.inputs.items()
                    if hasattr(field, "problem") and (said := field.problem())}  # fmt: skip
        if problems:
            self.show_errors(problems)
        elif self.missing():
            self.focus_missing()
        else:
            self.asked.emit(self.action, self.values())

    def _other(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.choose(str(sender.property("action")))
            self.focus_missing()

    def _time(self) -> None:
        self.other_asked.emit("time")

    def _undo(self) -> None:
        self.other_asked.emit("undo")

    def _missed(self) -> None:
        self.other_asked.emit("not_reached")
