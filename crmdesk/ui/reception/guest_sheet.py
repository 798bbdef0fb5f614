"""Check-in: who comes, what for, who receives them; the same form changes a visit later."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import AlreadySaved, ConflictError, CrmError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.rules import visits as rules
from crmdesk.services import visits
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard, get_customer
from crmdesk.services.customer_forms import KINDS, CustomerForm, PhoneEntry
from crmdesk.services.staff import find_staff
from crmdesk.services.visits import BOOKED, MOST_GUESTS, Board, VisitForm, VisitRow
from crmdesk.ui.kept import Kept, back_again
from crmdesk.ui.once import Once
from crmdesk.ui.reception import guest_draft, words
from crmdesk.ui.reception.guest_finder import GuestFinder
from crmdesk.ui.reception.sheet import Sheet
from crmdesk.ui.reception.visit_story import VisitStory
from crmdesk.ui.widgets import (
    Button,
    Choice,
    FormGrid,
    Label,
    MomentEdit,
    NumberEdit,
    PhoneEdit,
    Segments,
    TextEdit,
    Tick,
    Well,
    row,
)

#: Where a visit leads: page, word, key of the program.
LINKS = (("sales", N_("Sales slip"), "F9"), ("repairs", N_("Repair"), "F7"), ("complaints", N_("Complaint"), "F8"))
_RENAMED = {"visitor_name": "name", "phones.0": "phone", "phones": "phone"}


class GuestSheet(Sheet):
    """The form of a visit. A known guest is found while the name or number is typed; a new one is registered."""

    link_asked = Signal(str)
    told = Signal(str)
    booking_meant = Signal(object)  # the guest who checks in has a booking: that visit is meant

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, "RCPT-02", parent)
        self.customer_id: int | None = None
        self.dirty = False
        self.once = Once()
        self.kept = Kept(ctx, "visit", self)
        self.kept.due.connect(self.keep_draft)
        self.board = Board()
        self._card: CustomerCard | None = None
        self._here: VisitRow | None = None
        self._build_guest()
        self._build_visit()
        self._build_foot()
        self._connect()
        self.retranslate()

    # building ---------------------------------------------------------------------------------------------------

    def _build_guest(self) -> None:
        self.finder = GuestFinder(self.ctx)
        self.guest = FormGrid(columns=2)
        self.guest.add("name", N_("Name"), TextEdit(max_length=80), required=True)
        self.guest.add("phone", N_("Phone"), PhoneEdit(home=self.ctx.office.home))
        self.guest.add("kind", N_("Kind"), Choice(list(KINDS.items())))
        register = self.guest.add("register", N_("New customer"), Tick(N_("Register as customer")))
        register.setMinimumHeight(32)  # level with the field beside it
        self.here_well = Well(tone="warning")
        self.here_words = Label("", "body", wrap=True)
        self.here_button = Button("", size="row")
        self.here_well.body.addWidget(self.here_words, 1)
        self.here_well.body.addWidget(self.here_button)
        self.here_well.hide()
        for widget in (self.finder, self.here_well, self.guest):
            self.content.addWidget(widget)

    def _build_visit(self) -> None:
        self.form = FormGrid(columns=4)
        self.form.add("purpose", N_("Purpose"), Choice(editable=True), span=4, clause="RCPT-03")
        self.form.add("visitor_class", N_("Class"), Segments(list(words.CLASS_WORDS.items()), value="b"), span=4,
                      clause="RCPT-07")  # fmt: skip
        self.form.add("party_size", N_("Guests"), NumberEdit(least=1, most=MOST_GUESTS), span=1)
        self.form.add("clerk_id", N_("Received by"), Choice(translate=False), span=3)
        moment = MomentEdit(self.ctx.clock.today, hour=10, placeholder=N_("empty: here now"))
        self.form.add("note", N_("Note"), TextEdit(max_length=400), span=2)
        self.form.add("appointment_at", N_("Booked for"), moment, span=2)
        self.content.addWidget(self.form)
        self.story = VisitStory(self.ctx)
        self.story.failed.connect(self.failed)
        self.content.addWidget(self.story)
        self.content.addStretch(1)

    def _build_foot(self) -> None:
        self.save_button = Button("", kind="primary", key="Ctrl+Return", size="side")
        self.cancel_button = Button("", key="Esc", size="side")
        self.customer_button = Button("", kind="link")
        self.customer_button.clicked.connect(self._link_pressed)
        self.foot.addLayout(row(self.save_button, self.cancel_button, None, self.customer_button))
        self.links = QWidget()
        line = row(spacing=6)
        self.link_buttons = {page: Button("", key=key, bind=False) for page, _word, key in LINKS}
        for button in self.link_buttons.values():
            button.clicked.connect(self._link_pressed)
            line.addWidget(button)
        line.addStretch(1)
        self.links.setLayout(line)
        self.foot.addWidget(self.links)

    def _connect(self) -> None:
        self.finder.typed.connect(self._typed)
        self.finder.taken.connect(self._taken)
        self.finder.passed.connect(self._to_guest)
        self.finder.cleared.connect(self._somebody_else)
        self.finder.failed.connect(self.failed)
        self.here_button.clicked.connect(self._here_pressed)
        self.guest.changed.connect(self._changed)
        self.form.changed.connect(self._changed)
        self.guest.finished.connect(self._to_purpose)
        self.form.finished.connect(self.save)
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.closed)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        super().retranslate()
        self.finder.retranslate()
        self.cancel_button.setText(_("Close"))
        for page, word, _key in LINKS:
            self.link_buttons[page].setText(_(word))
        self.customer_button.setText(_("Customer card"))
        self._show_title()
        self._show_place()
        self._show_here()

    # filling ----------------------------------------------------------------------------------------------------

    def begin(self, *, customer_id: int | None = None, name: str = "", phone: str = "", purpose: str = "") -> None:
        """Start a check-in; what was typed and not saved yet stays, unless somebody else is meant."""
        if self.visit is not None or not self.dirty or customer_id is not None or name or phone:
            self._clear()
            self.visit = None
            if customer_id is not None:
                self._take_customer(customer_id)
            elif name or phone:
                self.finder.edit.set_value(phone or name)
                self.guest.load({"name": name, "phone": phone})
                self.finder.search(phone or name)
            if purpose:
                self.form.field("purpose").set_value(purpose)
            if not (customer_id or name or phone or purpose):
                self._take_draft()
        self._offer()
        self._show_title()

    def show_visit(self, visit: VisitRow) -> None:
        """Show a visit to be changed; typing that is not saved is never overwritten."""
        if self.visit is not None and self.visit.id == visit.id and self.dirty:
            return
        self._clear()
        self.visit = visit
        self._offer()
        booked = visit.appointment_at
        local = self.ctx.clock.local(booked).replace(tzinfo=None) if booked is not None else None
        self.form.load({
            "purpose": visit.purpose, "visitor_class": visit.visitor_class, "party_size": visit.party_size,
            "clerk_id": visit.clerk_id, "appointment_at": local, "note": visit.note,
        })  # fmt: skip
        self.form.show_field("appointment_at", visit.state == BOOKED)
        self.guest.load({"name": visit.name})
        if visit.customer_id is not None:
            self._take_customer(visit.customer_id)
        self.dirty = False
        self._take_draft()
        self._show_title()
        self._show_place()

    def keep_draft(self) -> None:
        """Write down what is half typed, for the case that the program or the power fails."""
        if self.dirty:
            self.kept.keep(guest_draft.of(self))

    def _take_draft(self) -> None:
        draft = self.kept.find(self.visit.id if self.visit else None)
        if draft is not None:
            guest_draft.show(self, draft)
            if (known := draft["customer_id"]) is not None:
                self._take_customer(known)
            self.dirty = True
            self.told.emit(back_again())

    def _clear(self) -> None:
        self.once.renew()
        self.kept.drop()
        self.customer_id, self.dirty = None, False
        self.finder.edit.set_value("")
        self.guest.load({"name": "", "phone": "", "kind": "retail", "register": True})
        self.form.load({
            "purpose": "", "visitor_class": "b", "party_size": 1, "clerk_id": None, "appointment_at": None, "note": "",
        })  # fmt: skip
        self.form.show_field("appointment_at", True)
        self._show_guest()
        self._show_place()

    def _offer(self) -> None:
        try:
            purposes = visits.find_purposes(self.ctx)
            people = find_staff(self.ctx)
        except CrmError as error:
            self.failed.emit(error)
            return
        self.form.field("purpose").set_choices([(text, text) for text in purposes])
        self.form.field("clerk_id").set_choices([(None, "—"), *((person.id, person.name) for person in people)])

    def first_focus(self) -> None:
        """Put the focus into the search, or into the purpose when we know who it is."""
        if self.customer_id is None:
            self.finder.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.form.focus_first("purpose")

    def focus_field(self, name: str) -> None:
        """Put the focus on what a step still needs."""
        if name == "customer":
            self.finder.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.form.focus_first(name)

    # who it is --------------------------------------------------------------------------------------------------

    def _typed(self, typed: str) -> None:
        self.dirty = True
        self.kept.touch()
        digits = sum(ch.isdigit() for ch in typed)
        number = digits >= 3 and digits * 2 > len(typed)
        self.guest.field("phone" if number else "name").set_value(typed)
        self.guest.field("name" if number else "phone").set_value("")

    def _taken(self, customer_id: int) -> None:
        self._take_customer(customer_id)
        self.dirty = True
        self.kept.touch()
        self.form.focus_first("purpose")

    def _to_guest(self) -> None:
        self.guest.focus_first("phone" if self.guest.field("name").value() else "name")

    def _take_customer(self, customer_id: int) -> None:
        try:
            card = get_customer(self.ctx, customer_id)
        except CrmError as error:
            self.failed.emit(error)
            return
        self.customer_id = card.id
        self._card = card
        self.guest.load({"name": card.name, "phone": card.phone})
        self._show_guest()

    def _somebody_else(self) -> None:
        self.customer_id, self.dirty = None, True
        self.guest.load({"name": "", "phone": ""})
        self.finder.edit.set_value("")
        self._show_guest()
        self.first_focus()

    def _show_guest(self) -> None:
        known = self.customer_id is not None
        self.finder.show_customer(self._card if known else None)
        self.guest.setVisible(not known)
        self._show_here()

    def _show_here(self) -> None:
        """Say so when the guest is in the house already, or has a booking: nobody comes in twice."""
        self._here = None
        if self.visit is None and self.customer_id is not None:
            visits_now = (*self.board.in_house, *self.board.booked)
            self._here = next((visit for visit in visits_now if visit.customer_id == self.customer_id), None)
        self.here_well.setVisible(self._here is not None)
        if self._here is None:
            return
        booked = self._here.state == BOOKED
        moment = self._here.appointment_at if booked else self._here.arrived_at
        time = format_time(self.ctx.clock.local(moment)) if moment is not None else ""
        words_now = _("Booked for {time} today.") if booked else _("In the house since {time}.")
        self.here_words.setText(words_now.format(time=time))
        self.here_button.setText(_("Guest is here"))
        self.here_button.setVisible(booked)

    def _here_pressed(self) -> None:
        if self._here is not None:
            self.booking_meant.emit(self._here)

    # saving -----------------------------------------------------------------------------------------------------

    def _changed(self, name: str) -> None:
        self.dirty = True
        self.kept.touch()
        if name == "visitor_class":
            self._show_place()

    def _to_purpose(self) -> None:
        self.form.focus_first("purpose")

    def visit_form(self) -> VisitForm:
        """Return what is typed."""
        guest, values = self.guest.values(), self.form.values()
        new = None
        if self.customer_id is None and guest["register"]:
            phones = (PhoneEntry(str(guest["phone"])),) if guest["phone"] else ()
            new = CustomerForm(str(guest["name"]), kind=str(guest["kind"] or "retail"), phones=phones)
        local = values["appointment_at"]
        return VisitForm(
            str(guest["name"]),
            customer_id=self.customer_id,
            new_customer=new,
            party_size=values["party_size"] or 0,
            visitor_class=str(values["visitor_class"] or ""),
            purpose=str(values["purpose"] or ""),
            clerk_id=values["clerk_id"],
            appointment_at=local.replace(tzinfo=self.ctx.clock.zone) if local else None,
            note=str(values["note"]),
        )

    def save(self) -> None:
        """Check the guest in, or write the change; what is wrong stands under its field."""
        exact = self.finder.exact()
        if self.customer_id is None and exact is not None:
            self._take_customer(exact)  # the whole number or name was typed: nobody is registered twice
        problems = {**self.guest.problems(), **self.form.problems()}
        if self.customer_id is not None:
            problems = self.form.problems()
        if problems:
            self._show_errors(problems)
            return
        form = self.once.stamp(self.visit_form())
        try:
            if self.visit is None:
                visit_id = visits.check_in(self.ctx, form)
            else:
                visit_id = self.visit.id
                visits.change_visit(self.ctx, visit_id, self.visit.version, form)
        except ValidationError as error:
            self._show_errors({_RENAMED.get(name, name): text for name, text in error.fields.items()})
            return
        except ConflictError as error:
            self._take_newer()  # the typing stays; saving again writes over what the other one wrote
            self.failed.emit(error)
            return
        except AlreadySaved as error:
            self._saved_before(error)
            return
        except CrmError as error:
            self.failed.emit(error)
            return
        self.dirty = False
        self.kept.drop()
        self.saved.emit(visit_id)

    def _saved_before(self, error: AlreadySaved) -> None:
        """Show the visit whose answer got lost; what was typed since the first try is written now."""
        try:
            visit = visits.get_visit(self.ctx, error.record_id)
        except CrmError as other:
            self.failed.emit(other)
            return
        if self.once.changed(self.visit_form()):
            self.once.renew()
            self.visit, self.customer_id = visit, self.customer_id or visit.customer_id
            self.save()
            return
        self.dirty = False
        self.kept.drop()
        self.saved.emit(visit.id)
        self.failed.emit(error)

    def _take_newer(self) -> None:
        try:
            self.visit = visits.get_visit(self.ctx, self.visit.id) if self.visit is not None else None
        except CrmError as error:
            self.failed.emit(error)

    def _show_errors(self, problems: dict[str, str]) -> None:
        rest = self.guest.set_errors(problems)
        rest = self.form.set_errors(rest, focus=len(rest) == len(problems))
        if rest:
            self.failed.emit(ValidationError(rest))

    # what follows from the values -------------------------------------------------------------------------------

    def _show_place(self) -> None:
        place = rules.PLACES.get(str(self.form.field("visitor_class").value()), "")
        self.form.set_hint("visitor_class", place)

    def _show_title(self) -> None:
        for widget in (self.links, self.story):
            widget.setVisible(self.visit is not None)
        if self.visit is None:
            self.customer_button.hide()
            self.heading.setText(_("Check in"))
            self.save_button.setText(_("Check in"))
            return
        arrived = self.visit.arrived_at
        parts = [self.visit.number, format_time(self.ctx.clock.local(arrived)) if arrived else ""]
        self.heading.setText(words.joined(self.visit.name, *parts))
        self.save_button.setText(_("Save"))
        self.customer_button.setVisible(self.visit.customer_id is not None)
        self.story.show_visit(self.visit)

    def _link_pressed(self) -> None:
        sender = self.sender()
        page = next((key for key, button in self.link_buttons.items() if button is sender), "customers")
        self.link_asked.emit(page)
