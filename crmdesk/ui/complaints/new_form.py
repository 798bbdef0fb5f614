"""A new complaint: three fields are enough, the rest may follow (CMP-01)."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.complaints import CHANNELS, CLEARS
from crmdesk.services import complaints
from crmdesk.services.complaints import KINDS, ComplaintForm
from crmdesk.services.customer_search import find_people
from crmdesk.ui import errors
from crmdesk.ui.complaints import words
from crmdesk.ui.once import Once
from crmdesk.ui.widgets import (
    Button,
    Card,
    Choice,
    ClauseTag,
    FormGrid,
    Label,
    Match,
    MatchList,
    MomentEdit,
    NoteEdit,
    NumberEdit,
    PhoneEdit,
    Rule,
    Segments,
    TextEdit,
    Tick,
    Well,
    row,
)


class NewComplaintView(QWidget):
    """The quick form at the left, the five clears and the button at the right."""

    save_asked = Signal()
    changed = Signal()

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self._base = ComplaintForm("", "")
        self.once = Once()
        self._build_form()
        self._build_side()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.card, 1)
        line.addWidget(self.side)
        self.form.changed.connect(self._changed)
        self.form.finished.connect(self.save_asked)
        self.save_button.clicked.connect(self.save_asked)
        self.retranslate()

    def _build_form(self) -> None:
        self.card = Card(spacing=12)
        self.form = form = FormGrid(columns=4)
        form.add("complainant", N_("Who complains"), TextEdit(max_length=80), span=2, clause="CMP-46", required=True)
        form.add("phone", N_("Phone"), PhoneEdit(home=self.ctx.office.home))
        form.add("channel", N_("How"), Choice(list(CHANNELS.items())))
        form.add("title", N_("What about"), TextEdit(max_length=120), span=3, required=True)
        form.add("next_reply_at", N_("Next reply"), MomentEdit(self.ctx.clock.today, hour=15), clause="CMP-04",
                 required=True)  # fmt: skip
        form.add("story", N_("What happened"), NoteEdit(lines=3, max_length=4000), span=4, grow=True)
        form.add("item_code", N_("Item code"), TextEdit(max_length=40))
        form.add("quantity", N_("Pieces"), NumberEdit())
        form.add("faulty", N_("Faulty"), NumberEdit())
        form.add("sale_number", N_("Sales slip"), TextEdit(max_length=20))
        form.add("wish", N_("What the customer wants"), TextEdit(max_length=400), span=3)
        form.add("kind", N_("Kind"), Segments(list(KINDS.items())))
        self.card.body.addWidget(form, 1)
        self.matches = MatchList(visible_rows=5, parent=self)
        self.matches.hide()
        self.matches.taken.connect(self._taken)
        form.field("complainant").installEventFilter(self)

    def _build_side(self) -> None:
        self.side = Card(spacing=10)
        self.side.setFixedWidth(340)
        self.emergency = Tick(N_("Emergency: fire, theft, somebody hurt"))
        self.ticks = {tick.key: Tick(tick.label) for tick in CLEARS}
        self.side.add(*self.ticks.values(), 4, Rule(), 4, self.emergency, row(ClauseTag("CMP-16"), None), None)
        self.saying = Label("", wrap=True, colour="text")
        well = Well(tone="accent", vertical=True)
        well.body.addWidget(self.saying)
        self.save_button = Button("", kind="primary", key="Ctrl+Enter", size="side", icon="check")
        self.side.add(well, self.save_button)
        for tick in (*self.ticks.values(), self.emergency):
            tick.value_changed.connect(self.changed)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.card.set_title(_("New complaint"), _("Name, matter and next reply are enough"))
        self.side.set_title(_("Five things to make clear"), "CMP-02…06")
        self.saying.setText(_("“Thank you for telling us. I am sorry. What would you like us to do?”"))
        self.save_button.setText(_("Open complaint"))

    # values -----------------------------------------------------------------------------------------------------

    def load(self, form: ComplaintForm) -> None:
        """Show a form; a missing next reply is suggested."""
        self._base = form
        self.once = Once(form.token)
        reply = form.next_reply_at or complaints.suggest_next_reply(self.ctx)
        values = {field.name: getattr(form, field.name) for field in fields(form) if field.name in self.form.names()}
        values["next_reply_at"] = words.to_local(self.ctx, reply)
        for name in ("quantity", "faulty"):
            values[name] = values[name] or None
        self.form.load(values)
        for key, tick in self.ticks.items():
            tick.set_value(key in form.clears)
        self.emergency.set_value(form.emergency)
        self.matches.hide()

    def value(self) -> ComplaintForm:
        """Return what is typed."""
        values = self.form.values()
        values["next_reply_at"] = words.to_utc(self.ctx, values["next_reply_at"])
        for name in ("quantity", "faulty"):
            values[name] = values[name] or 0
        known = self._base.customer_id if values["complainant"] == self._base.complainant else None
        return ComplaintForm(
            **values, domestic=self._base.domestic, emergency=bool(self.emergency.value()),
            clears=tuple(key for key, tick in self.ticks.items() if tick.value()), customer_id=known,
            call_id=self._base.call_id, visit_id=self._base.visit_id,
        )  # fmt: skip

    @property
    def blank(self) -> bool:
        """Whether nothing worth keeping is typed."""
        form = self.value()
        return not any((form.complainant, form.title, form.story, form.phone, form.wish))

    # who --------------------------------------------------------------------------------------------------------

    def _changed(self, name: str) -> None:
        if name == "complainant":
            self._look_for_people()
        self.changed.emit()

    def _look_for_people(self) -> None:
        typed = str(self.form.field("complainant").value())
        try:
            people = find_people(self.ctx, typed, limit=5) if typed else []
        except CrmError:
            people = []
        self.matches.set_matches(
            [Match(p.name, p.phone, rest=words.joined(p.company, p.region), record=p) for p in people], typed
        )
        self.matches.setVisible(bool(people))
        if people:
            field = self.form.field("complainant")
            corner = field.mapTo(self, QPoint(0, field.height() + 2))
            self.matches.setGeometry(corner.x(), corner.y(), max(field.width(), 420), self.matches.sizeHint().height())
            self.matches.raise_()

    def _taken(self, match: Match) -> None:
        self.matches.hide()
        person = match.record
        now = self.value()
        try:
            form = complaints.prefill(self.ctx, customer_id=person.id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._base = replace(
            self._base, complainant=form.complainant, customer_id=person.id, phone=now.phone or person.phone
        )
        self.form.field("complainant").set_value(form.complainant)
        self.form.field("phone").set_value(now.phone or person.phone)
        self.form.focus_first("title")
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.matches.hide()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not self.matches.isHidden():
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.matches.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    return self.matches.take()
            elif key == Qt.Key.Key_Escape:
                self.matches.hide()
                return True
        return super().eventFilter(watched, event)
