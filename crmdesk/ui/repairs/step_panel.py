"""What to do now with a repair: the steps that may follow, and what each needs as fields (REP-02, REP-05, REP-07)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.rules.transitions import Allowed
from crmdesk.services.context import Context
from crmdesk.services.repairs import RepairCard, StepForm
from crmdesk.services.steps import machine_of
from crmdesk.ui import dialogs
from crmdesk.ui.repairs.words import STEP_ICONS
from crmdesk.ui.widgets import (
    Button,
    Card,
    ChipRow,
    Choice,
    FormGrid,
    IconLabel,
    Label,
    MoneyEdit,
    Rule,
    Segments,
    TextEdit,
    Tick,
    row,
)  # fmt: skip

ASIDE = ("cancel", "refuse")  # never the main step; they ask for the reason
_SHORT = {
    "to_workshop": N_("Our workshop"), "send_away": N_("Send away"), "finish": N_("Ready"), "rework": N_("Rework"),
    "call_customer": N_("Phone"), "pick_up": N_("Pick up"), "ship": N_("Ship"), "come_back": N_("Back"),
}  # fmt: skip
_FIELDS = {
    "send_away": ("told",),
    "finish": ("fee", "outside_cost"),
    "call_customer": ("customer_told",),
    "ship": ("carrier", "waybill"),
}
_MET = {
    "told.duration": N_("Told how long the repair takes."),
    "told.may_differ": N_("Told that it may not come back quite the same."),
    "photos": N_("The photo is there."),
}


class StepPanel(Card):
    """The card at the right of a case."""

    step_asked = Signal(str, object)  # action, StepForm
    photo_asked = Signal()
    undo_asked = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 14, 20, 12), spacing=10, parent=parent)
        self.ctx = ctx
        self.card: RepairCard | None = None
        self.steps: dict[str, Allowed] = {}
        self.action = ""
        self.choice = Segments([], size="small")
        self.choice.setAccessibleName(_("Next step"))
        self.needs = QWidget()
        self._need_rows = QVBoxLayout(self.needs)
        self._need_rows.setContentsMargins(0, 0, 0, 0)
        self._need_rows.setSpacing(6)
        self._build_fields()
        self.step_button = Button("", kind="primary", key="Ctrl+Return", size="side")
        self.photo_button = Button("", icon="camera", size="row")
        self.reason_label = Label("", "label", "warning", wrap=True)
        self.done_label = Label("", "body", "muted", wrap=True)
        self.starts_label = Label("", "label", "muted", wrap=True)
        self.undo_button = Button("", kind="link", key="Alt+Z", icon="undo-2", size="row")
        self.cancel_button = Button("", kind="quiet", size="row")
        self.refuse_button = Button("", kind="quiet", size="row")
        self.rule = Rule()
        self.add(self.choice, self.needs, self.form, self.photo_button, self.step_button, self.reason_label,
                 self.starts_label, self.done_label, self.rule, row(self.refuse_button, None, self.cancel_button),
                 row(self.undo_button, None))  # fmt: skip
        self.choice.value_changed.connect(self._chosen)
        self.form.changed.connect(self._show_ready)
        self.form.finished.connect(self.take_step)
        self.step_button.clicked.connect(self.take_step)
        self.photo_button.clicked.connect(self.photo_asked)
        self.cancel_button.clicked.connect(self._cancel)
        self.refuse_button.clicked.connect(self._refuse)
        self.undo_button.clicked.connect(self.undo_asked)

    def _build_fields(self) -> None:
        self.form = FormGrid(columns=2)
        told = [("duration", N_("Told how long")), ("may_differ", N_("Told it may differ"))]
        self.form.add("told", N_("The customer was"), ChipRow(told), span=2, clause="REP-02")
        self.form.add("fee", N_("Fee"), MoneyEdit())
        self.form.add("outside_cost", N_("Outside cost"), MoneyEdit())
        self.form.add("customer_told", "", Tick(N_("The customer was phoned: it is ready.")), span=2)
        carriers = [(name, name) for name in self.ctx.office.carriers]
        self.form.add("carrier", N_("Carrier"), Choice(carriers, editable=True, translate=False))
        self.form.add("waybill", N_("Waybill"), TextEdit(max_length=40))

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.set_title(_("What to do now"))
        self.choice.setAccessibleName(_("Next step"))
        self.photo_button.setText(_("Take the missing photo"))
        self.cancel_button.setText(_("Cancel the repair"))
        self.refuse_button.setText(_("Refuse"))
        if self.card is not None:
            self._show()

    @property
    def dirty(self) -> bool:
        """Whether something is typed for the next step."""
        return self.form.dirty

    def show_card(self, card: RepairCard) -> None:
        """Show the steps of a repair; the one its route suggests is chosen."""
        self.card = card
        self.steps = {step.action: step for step in card.steps}
        ahead = [action for action in self.steps if action not in ASIDE]
        wanted = "send_away" if card.form.route == "away" else "to_workshop"
        self.action = wanted if wanted in ahead else ahead[0] if ahead else ""
        if "finish" in ahead:
            self.action = "finish"
        self.choice.set_choices([(action, _SHORT[action]) for action in ahead])
        self.choice.set_value(self.action)
        self.form.load({
            "told": card.form.told, "fee": card.fee or None, "outside_cost": card.outside_cost or None,
            "customer_told": False, "carrier": card.carrier or next(iter(self.ctx.office.carriers), None),
            "waybill": card.waybill,
        })  # fmt: skip
        self._show()

    def step_form(self) -> StepForm:
        """Return what is typed for the chosen step."""
        values = self.form.values()
        shown: dict[str, Any] = {name: values[name] for name in self._shown_fields()}
        for name in ("carrier", "waybill"):
            if name in shown:
                shown[name] = str(shown[name] or "")
        return StepForm(**shown)

    def find_missing(self) -> list[str]:
        """Return the sentences of what the chosen step still needs."""
        step, card = self.steps.get(self.action), self.card
        if step is None or card is None:
            return []
        values = self.form.values()
        facts = dict(card.facts) | {
            "told": values["told"], "photos": len(card.photos), "customer_told": values["customer_told"],
            "carrier": str(values["carrier"] or ""), "waybill": values["waybill"],
        }  # fmt: skip
        transition = machine_of(self.ctx, "repair").transition(card.row.state, self.action)
        return [need.said for need in transition.needs if not need.met(facts)] if transition else []

    def take_step(self) -> None:
        """Take the chosen step, or go to what is missing."""
        if not self.action:
            return
        if problems := {name: text for name, text in self.form.problems().items() if name in self._shown_fields()}:
            self.form.set_errors(problems)
            return
        if self.find_missing():
            self._go_to_missing()
            return
        self.step_asked.emit(self.action, self.step_form())

    def _go_to_missing(self) -> None:
        values = self.form.values()
        if self.action == "send_away" and self.form.field("told").missing():
            self.form.field("told").focus_missing()
        elif self.action == "send_away":
            self.photo_button.setFocus()
        elif self._shown_fields():
            empty = [name for name in self._shown_fields() if not values[name]]
            self.form.focus_first(empty[0] if empty else self._shown_fields()[0])

    def _shown_fields(self) -> tuple[str, ...]:
        fields = _FIELDS.get(self.action, ())
        away = self.card is not None and self.card.form.route == "away"
        return tuple(name for name in fields if name != "outside_cost" or away)

    def _chosen(self) -> None:
        self.action = str(self.choice.value())
        self._show()

    def _show(self) -> None:
        step, shown = self.steps.get(self.action), self._shown_fields()
        for name in self.form.names():
            self.form.show_field(name, name in shown)
        self.form.setVisible(bool(shown))
        ahead = [action for action in self.steps if action not in ASIDE]
        self.choice.setVisible(len(ahead) > 1)
        self.step_button.setVisible(step is not None)
        self.done_label.setVisible(step is None)
        self.done_label.setText(_("Nothing is left to do with this repair."))
        starts, undo = step.starts if step is not None else (), self.card.undo if self.card is not None else None
        self.starts_label.setText(_("Starts: {what}").format(what=_(", ").join(starts)))
        self.starts_label.setVisible(bool(starts))
        self.undo_button.key_word = _("Undo")
        self.undo_button.setText(_("Undo: {step}").format(step=undo.label) if undo is not None else "")
        self.undo_button.setVisible(undo is not None)
        if step is not None:
            self.step_button.setText(step.label)
            self.step_button.set_icon(STEP_ICONS.get(self.action, ""))
        self.cancel_button.setVisible("cancel" in self.steps)
        self.refuse_button.setVisible("refuse" in self.steps)
        self.rule.setVisible("cancel" in self.steps or "refuse" in self.steps)
        self._show_ready()

    def _show_ready(self) -> None:
        while (item := self._need_rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        missing = self.find_missing()
        transition = machine_of(self.ctx, "repair").transition(self.card.row.state, self.action) if self.card else None
        if self.action == "send_away" and transition is not None:  # the others have a field for each need
            for need in transition.needs:
                met = need.said not in missing
                words = _(_MET[need.key]) if met and need.key in _MET else need.said
                self._need_rows.addWidget(_need_row(words, met=met))
        self.needs.setVisible(self.action == "send_away")
        no_photo = self.action == "send_away" and self.card is not None and not self.card.photos
        self.photo_button.setVisible(no_photo)
        reason = missing[0] if missing else ""
        self.step_button.set_ready(not missing, reason)
        self.reason_label.setText(reason)
        self.reason_label.setVisible(bool(reason) and self.action != "send_away")

    def _cancel(self) -> None:
        self._with_reason("cancel", _("Why is the repair cancelled?"))

    def _refuse(self) -> None:
        self._with_reason("refuse", _("Why is the repair refused?"))

    def _with_reason(self, action: str, question: str) -> None:
        reason = dialogs.get_text(self, question)
        if reason:
            self.step_asked.emit(action, StepForm(reason=reason))


def _need_row(sentence: str, *, met: bool) -> QWidget:
    """Return a line of the checklist: a tick when it is met, a ring while it is still to do."""
    line = QWidget()
    box = row(IconLabel("check" if met else "circle", "ok" if met else "warning", 16), spacing=8)
    box.addWidget(Label(sentence, "body", wrap=True), 1)
    line.setLayout(box)
    return line
