"""The call being written: number, caller, matter, urgency, call-back, reading back, and the steps that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, language, ngettext
from crmdesk.core.phone import PhoneError, parse
from crmdesk.core.regions import suggest_region
from crmdesk.services import calls
from crmdesk.services.calls import TOPICS, CallForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import kind_title
from crmdesk.services.customer_search import PERHAPS, PersonRow
from crmdesk.ui import errors
from crmdesk.ui.calls import words
from crmdesk.ui.calls.form_layout import CallFormLayout
from crmdesk.ui.calls.pieces import bind_keys
from crmdesk.ui.widgets import FormGrid, Match

TICK_MS = 1000
SHORT = 640  # a card of this height has no room for matches and read-back at once
MATCH_FOOT = 37  # links under the matches with their hairline


class CallFormView(CallFormLayout):
    """The left card. It asks the service only for matches; saving is the page's."""

    changed = Signal()
    person_shown = Signal(object)  # PersonRow under the hand, None for nobody
    person_taken = Signal(object)  # PersonRow
    new_customer_asked = Signal()
    attach_asked = Signal(object)  # PersonRow or None
    complete_asked = Signal()
    step_asked = Signal(str)  # complaints, repairs, reception, transfer, escalate
    step_taken = Signal(str)  # transfer, escalate: the strip was filled in
    list_asked = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.base = CallForm()  # what the fields don't show: customer, beginning
        self.region_suggested = False
        self._connect()
        self._clock_timer = QTimer(self)
        self._clock_timer.setInterval(TICK_MS)
        self._clock_timer.timeout.connect(self._tick)
        self.retranslate()

    def _connect(self) -> None:
        self.number_edit.value_changed.connect(self._number_typed)
        self.number_edit.stepped.connect(self._step_matches)
        self.number_edit.entered.connect(self._number_entered)
        self.number_edit.left.connect(self._suggest_region)
        self.match_list.taken.connect(self._match_taken)
        for grid in (self.who, self.what, self.where, self.when):
            grid.changed.connect(self._field_changed)
        self.who.finished.connect(self._to_matter)
        self.where.finished.connect(self._to_urgency)
        self.when.finished.connect(self._to_read_back)
        self.who.field("name").installEventFilter(self)
        self.read_back.chips.value_changed.connect(self._tell_changed)
        for widget in (self.rings, self.direction, self.hung_up):
            widget.value_changed.connect(self._tell_changed)
        self.apology.clicked.connect(self._tell_changed)
        self.new_button.clicked.connect(self.new_customer_asked)
        self.attach_button.clicked.connect(self._attach_pressed)
        self.complete_button.clicked.connect(self.complete_asked)
        self.list_button.clicked.connect(self.list_asked)
        steps = {**self.step_buttons, **self.beside_buttons}
        for button in steps.values():
            button.clicked.connect(self._step_pressed)
        keys = (self.list_button, self.new_button, self.attach_button, self.complete_button)
        bind_keys(self, (*keys, *steps.values()))
        for button in self.quick:
            button.clicked.connect(self._quick_pressed)
        for name, strip in (("transfer", self.transfer), ("escalate", self.escalate), ("more", self.more)):
            strip.setProperty("step", name)
            strip.taken.connect(self._strip_taken)
            strip.closed.connect(self.close_strips)
            strip.grid.changed.connect(self._tell_changed)
        self.matters.closed.connect(self.close_strips)
        self.matters.changed.connect(self._tell_changed)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        super().retranslate()
        self.show_state()

    # values -----------------------------------------------------------------------------------------------------

    def load(self, form: CallForm, *, region_suggested: bool = False) -> None:
        """Show a call; nothing is reported as changed."""
        self.base, self.region_suggested = form, region_suggested
        self.direction.set_value(form.direction)
        self.rings.set_value(form.rings)
        self.apology.setChecked(form.apologised)
        self.number_edit.set_value(form.phone)
        self.number_edit.setCursorPosition(len(form.phone))
        self.show_error("phone", "")
        self.who.load({"name": form.name, "region": form.region, "reason": form.topic or form.reason})
        self.what.load({"matter": form.matter})
        self.where.load({"address": form.address})
        self.hung_up.set_value(form.caller_hung_up_first)
        local = self.ctx.clock.local(form.callback_at).replace(tzinfo=None) if form.callback_at else None
        self.when.load({"urgency": form.urgency, "callback_at": local})
        self.read_back.chips.set_value(form.read_back)
        self.transfer.grid.load({"transferred_to": form.transferred_to or None, "passed_on": form.passed_on})
        self.escalate.grid.load({"escalated_to_id": form.escalated_to_id})
        names = ("outcome", "channel", "opinion", "opinion_department")
        self.more.grid.load({name: getattr(form, name) for name in names})
        self.matters.load(form.matters)
        self.close_strips()
        self.search("" if form.customer_id else form.phone or form.name)
        self.show_state()

    def form(self) -> CallForm:
        """Return what is typed."""
        who, reason = self.who.values(), self.who.field("reason").value() or ""
        topic = str(reason) if reason in TOPICS else ""
        local = self.when.field("callback_at").value()
        strip = {**self.transfer.grid.values(), **self.escalate.grid.values(), **self.more.grid.values()}
        return replace(
            self.base,
            phone=str(self.number_edit.value()),
            name=who["name"],
            region=who["region"],
            address=str(self.where.field("address").value()),
            topic=topic,
            matter=str(self.what.field("matter").value()),
            reason="" if topic else str(reason),
            urgency=str(self.when.field("urgency").value() or "normal"),
            direction=self.direction.value(),
            rings=self.rings.value(),
            apologised=self.apology.isChecked(),
            read_back=tuple(sorted(self.read_back.chips.value())),
            callback_at=local.replace(tzinfo=self.ctx.clock.zone) if local else None,
            transferred_to=str(strip["transferred_to"] or ""),
            passed_on=str(strip["passed_on"] or ""),
            escalated_to_id=strip["escalated_to_id"] if not self.escalate.isHidden() else self.base.escalated_to_id,
            caller_hung_up_first=bool(self.hung_up.value()),
            outcome=str(strip["outcome"] or ""),
            channel=str(strip["channel"] or "phone"),
            opinion=str(strip["opinion"] or ""),
            opinion_department=str(strip["opinion_department"] or ""),
            matters=self.matters.values(),
        )

    def set_caller(self, *, phone: str | None, name: str, region: str, address: str, customer_id: int) -> None:
        """Take a customer over: empty fields are filled, what was typed stays; ``phone`` None keeps the number."""
        self.base = replace(self.base, customer_id=customer_id)
        if phone:
            self.number_edit.set_value(phone)
        self.who.field("name").set_value(name)
        if region:
            self.who.field("region").set_value(region)
            self.region_suggested = False
        if address and not self.where.field("address").value():
            self.where.field("address").set_value(address)
        self._show_matches([], "")
        self._tell_changed()

    # errors -----------------------------------------------------------------------------------------------------

    def show_error(self, name: str, sentence: str) -> None:
        """Show a sentence under the number."""
        self.number_error.setText(sentence)
        self.number_error.setVisible(bool(sentence))
        self.number_edit.setAccessibleDescription(sentence)

    def show_errors(self, fields: dict[str, str]) -> dict[str, str]:
        """Show each sentence under its field, go to the first, and return those that have no field."""
        fields = {{"topic": "reason"}.get(name, name): text for name, text in fields.items()}
        self.show_error("phone", fields.get("phone", ""))
        if not fields:
            for grid in self._grids():
                grid.clear_errors()
            return {}
        first = not fields.get("phone")
        if not first:
            self.number_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        rest = {name: text for name, text in fields.items() if name != "phone"}
        for grid in self._grids():
            before = rest
            rest = grid.set_errors(rest, focus=first)
            first = first and len(rest) == len(before)
        if first and "apologised" in rest:
            self.apology.setFocus(Qt.FocusReason.OtherFocusReason)
        elif first and "read_back" in rest:
            self._focus_unread()
        return rest

    def _focus_unread(self) -> None:
        """Go to the first tick that is really missing; what was not written down need not be read back."""
        unread = [need.field for need in calls.find_unmet(self.ctx, self.form()) if "read_back." in need.field]
        if unread:
            self.read_back.chips.chip(unread[0].split(".")[1]).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.read_back.chips.focus_missing()

    def _grids(self) -> tuple[FormGrid, ...]:
        return self.who, self.what, self.where, self.when, self.transfer.grid, self.escalate.grid, self.more.grid

    def problems(self) -> dict[str, str]:
        """Return what the fields themselves can't read."""
        return {name: text for grid in self._grids() for name, text in grid.problems().items()}

    # what follows from the values -------------------------------------------------------------------------------

    def show_state(self) -> None:
        """Show rings, apology, what is missing, and whether the call can be completed."""
        form = self.form()
        late = form.direction == "in" and calls.is_late(self.ctx, form.rings)
        self.rings.setVisible(form.direction == "in")
        self.rings_label.setVisible(form.direction == "in")
        self.rings_label.setText(ngettext("{count} ring", "{count} rings", form.rings).format(count=form.rings))
        self.rings_label.set_colour("warning" if late else "muted")
        self.apology.setVisible(late)
        self.apology_clause.setVisible(late and not form.apologised)
        self.list_button.setText("" if late else _("List"))  # the apology needs the room of the word
        self.state_pill.setVisible(bool(self.state_pill.text()) and not (late and not form.apologised))
        unmet = calls.find_unmet(self.ctx, form)
        unread = [need for need in unmet if need.field.startswith("read_back.")]
        fields = {"phone": form.phone, "name": form.name, "address": form.address, "matter": form.matter}
        self.read_back.show_missing(len(unread), written=[key for key, text in fields.items() if text.strip()])
        self.complete_button.set_ready(not unmet, unmet[0].sentence if unmet else "")
        self.match_frame.setVisible(form.customer_id is None and bool(form.phone or form.name))
        self.who.set_hint("region", N_("by area code") if self.region_suggested and form.region else "")
        self._show_time()

    def _show_time(self) -> None:
        begun = self.base.started_at
        self.time_label.setText(format_time(self.ctx.clock.local(begun)) if begun else "")

    def show_talking(self, saved_state: str, title: str) -> None:
        """Show how long one has been talking, or where a saved call stands."""
        if saved_state not in ("draft", "read_back"):
            self.state_pill.set(title, "neutral")
            self._clock_timer.stop()
            return
        begun = self.base.started_at
        if begun is None:
            self.state_pill.set("")
            self._clock_timer.stop()
            return
        self._clock_timer.start()
        self._tick()

    def _tick(self) -> None:
        begun = self.base.started_at
        if begun is None:
            return
        seconds = max(0, int((self.ctx.clock.now() - begun).total_seconds()))
        if seconds < 3600:
            text = _("Talking {time}").format(time=f"{seconds // 60:02d}:{seconds % 60:02d}")
            self.state_pill.set(text, "ok")
        else:
            self.state_pill.set(_("Not finished"), "warning")

    # finding the caller -----------------------------------------------------------------------------------------

    def _number_typed(self) -> None:
        self.show_error("phone", "")
        if self.base.customer_id is not None and not self.number_edit.text().strip():
            self.base = replace(self.base, customer_id=None)  # an emptied number means: it is somebody else
            self.person_shown.emit(None)
        if self.base.customer_id is None:
            self.search(self.number_edit.text())
        self._tell_changed()

    def search(self, typed: str) -> None:
        """Show who may be calling; at once, a key press must not wait."""
        typed = typed.strip()
        try:
            people = calls.find_callers(self.ctx, typed, limit=3) if len(typed) > 1 else []
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._show_matches(people, typed)

    def _show_matches(self, people: list[PersonRow], typed: str) -> None:
        short = self.height() < SHORT
        self.match_list.set_matches([_match(person) for person in people[: 2 if short else 3]], typed)
        if not self.open_strip_name():
            self.read_back.setVisible(not (short and people))  # no room for both; one reads back after finding
        self.match_frame.setFixedHeight(self.match_list.sizeHint().height() + MATCH_FOOT)
        if typed and len(typed) > 2:
            found = ngettext("{count} match", "{count} matches", len(people)).format(count=len(people))
            self.number_edit.set_aside(found if people else _("nobody known"))
        else:
            self.number_edit.set_aside("")
        self._tell_person()

    def _tell_person(self) -> None:
        match = self.match_list.current()
        self.person_shown.emit(match.record if match else None)

    def _step_matches(self, rows: int) -> None:
        self.match_list.step(rows)
        self._tell_person()

    def _number_entered(self) -> None:
        if self.base.customer_id is None and self.match_list.take():
            return
        self._suggest_region()
        self.who.focus_first("name")

    def _match_taken(self, match: Match) -> None:
        self.person_taken.emit(match.record)

    def _attach_pressed(self) -> None:
        match = self.match_list.current()
        self.attach_asked.emit(match.record if match else None)

    def _suggest_region(self) -> None:
        region = self.who.field("region")
        if self.base.customer_id is not None or (region.value() and not self.region_suggested):
            return
        try:
            place = suggest_region(parse(str(self.number_edit.value()), self.ctx.office.home), language())
        except PhoneError:
            place = ""
        if place != region.value():
            region.set_value(place)
            self.region_suggested = bool(place)
            self._tell_changed()

    # keys and buttons -------------------------------------------------------------------------------------------

    def _field_changed(self, name: str) -> None:
        if name == "region":
            self.region_suggested = False
        elif name == "name" and self.base.customer_id is None and not self.match_list.matches:
            self.search(str(self.who.field("name").value()))
        elif name == "urgency":
            self.set_callback(calls.suggest_callback(self.ctx, str(self.when.field("urgency").value() or "normal")))
        self._tell_changed()

    def set_callback(self, at: datetime) -> None:
        """Suggest when to call back (UTC)."""
        self.when.field("callback_at").set_value(self.ctx.clock.local(at).replace(tzinfo=None))

    def _quick_pressed(self) -> None:
        place = self.quick.index(self.sender())  # type: ignore[arg-type]  # only these buttons are connected
        now, zone = self.ctx.clock.local(self.ctx.clock.now()), self.ctx.clock.zone
        if place == 0:
            at = (now + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
        else:
            day = now.date() + timedelta(days=1) if place == 1 else self._friday()
            at = datetime.combine(day, time(10), zone)
        self.set_callback(at)
        self._tell_changed()

    def _step_pressed(self) -> None:
        steps = {**self.step_buttons, **self.beside_buttons}
        name = next(key for key, button in steps.items() if button is self.sender())
        self.step_asked.emit(name)

    def open_strip(self, name: str) -> None:
        """Show the fields a step asks for in place of the read-back."""
        self.show_errors({})  # this step asks for less
        super().open_strip(name)

    def _strip_taken(self) -> None:
        if self.sender() is self.more:
            self.close_strips()
            return
        self.step_taken.emit(str(self.sender().property("step")))

    def _to_matter(self) -> None:
        self.what.focus_first("matter")

    def _to_urgency(self) -> None:
        self.when.focus_first("urgency")

    def _to_read_back(self) -> None:
        self._focus_unread()
        if not self.read_back.isAncestorOf(QApplication.focusWidget() or self):  # nothing is left to tick
            self.complete_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_changed(self) -> None:
        self.show_state()
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.match_list.matches:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in steps:
                self._step_matches(steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)


def _match(person: PersonRow) -> Match:
    kind = kind_title(person.kind, person.grade)
    shop = person.company if person.company != person.name else ""
    rest = words.joined(person.region, kind, shop)
    pill, tone = (person.via, "info") if person.via else ((_("Known"), "ok") if person.exact else ("", "neutral"))
    if person.level == PERHAPS:  # the number stands in an earlier call or note only
        whose = _("Is it this one? {name} noted: {words}").format(name=person.noted_by, words=person.said)
        card = _("Is it this one? Noted on the card: {words}").format(words=person.said)
        ask = whose if person.noted_by else card
        return Match(person.name, person.phone, _("Perhaps"), "warning", person.said, person, ask=ask)
    return Match(person.name, person.phone, pill, tone, rest, person)
