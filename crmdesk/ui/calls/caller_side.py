"""Who it is: the card beside the call, taking a caller over, new customers, and the links of what to say first."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, SignalInstance

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.rights import Right
from crmdesk.services import calls, customers
from crmdesk.services.calls import CallRow, Saved
from crmdesk.services.context import Context
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_search import PERHAPS, PersonRow
from crmdesk.services.duplicates import Alike
from crmdesk.services.records import StoryLine
from crmdesk.services.ringing import Fact
from crmdesk.ui import dialogs, errors
from crmdesk.ui.calls.open_sheets import OpenSheets
from crmdesk.ui.calls.person_panel import PersonPanel
from crmdesk.ui.calls.ringing_words import page_of
from crmdesk.ui.calls.sheet import Sheet
from crmdesk.ui.customers.duplicates import AlikePanel, Typed

PERSON_MS = 120  # the card beside follows the matches after a short rest of the typing hand
PAGE_OF = {"repair": "repairs", "complaint": "complaints", "sale": "sales", "visit": "reception", "packing": "packing"}


class Desk(Protocol):
    """What the caller's side asks of the phone page."""

    @property
    def saved(self) -> SignalInstance: ...

    def open_call(self, call_id: int) -> None: ...

    def save(self) -> Saved | None: ...

    def show_subtitle(self) -> None: ...

    def say(self, text: str, tone: str = "ok") -> None: ...

    def open(self, key: str, **arguments: Any) -> None: ...


class CallerSide(QObject):
    """Knows the person at the other end of the call in front; the page calls it and is asked as a ``Desk``."""

    def __init__(self, ctx: Context, desk: Desk, held: OpenSheets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.person: int | None = None
        self.form_view = held.form_view
        self.panel = PersonPanel(ctx)
        self.alike = AlikePanel(ctx, self._typed_so_far, keys=("Alt+9", "Alt+0"), word=N_("This one"))
        self.alike.chosen.connect(self._take_alike)
        self.panel.body.insertWidget(1, self.alike)
        self._desk, self._held = desk, held
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PERSON_MS)
        self._timer.timeout.connect(self.show_person)
        view, panel = self.form_view, self.panel
        view.person_shown.connect(self._person_shown)
        view.person_taken.connect(self._take_person)
        view.new_customer_asked.connect(self._new_customer)
        view.attach_asked.connect(self._attach)
        panel.fact_opened.connect(self._fact_opened)
        panel.entry_opened.connect(self._entry_opened)
        panel.all_asked.connect(self._all_asked)

    @property
    def sheet(self) -> Sheet:
        """The call in front."""
        return self._held.sheet

    def is_late(self) -> bool:
        """Whether it rang too often before it was answered (CALL-01)."""
        form = self.sheet.form
        return form.direction == "in" and calls.is_late(self.ctx, form.rings)

    def show_advice(self) -> None:
        """Say in the panel what the call in front asks for."""
        self.panel.show_advice(self.sheet.form, late=self.is_late())

    def _person_shown(self, person: PersonRow | None) -> None:
        if self.form_view.base.customer_id is None:
            self.person = person.id if person is not None else None
            self._timer.start()

    def show_person(self) -> None:
        """Show who it is, or may be, in the panel."""
        self._timer.stop()
        try:
            if self.person is not None:
                self.alike.clear()
                self.panel.show_customer(self.person)
            else:
                self.alike.look()
                phone = str(self.form_view.number_edit.value())
                self.panel.show_stranger(self._earlier(phone))
        except CrmError as error:
            errors.show_error(self.panel, error)
        self.panel.show_advice(self.form_view.form(), late=self.is_late())

    def _earlier(self, phone: str) -> list[CallRow]:
        if sum(ch.isdigit() for ch in phone) < 7:
            return []
        found = calls.find_calls(self.ctx, phone, limit=6)
        return [call for call in found if call.id != self.sheet.call_id]

    def _typed_so_far(self) -> Typed:
        """What the call says of a caller nobody knows yet: who sounds or lives alike is perhaps here already."""
        form = self.form_view.form()
        return Typed(form.name, "", (form.phone,) if form.phone else (), form.address)

    def _take_alike(self, alike: Alike) -> None:
        self.take_customer(alike.id, keep_number=True)

    def _take_person(self, person: PersonRow) -> None:
        self.take_customer(person.id, number=person.phone, via=person.via, keep_number=person.level == PERHAPS)

    def take_customer(self, customer_id: int, *, number: str = "", via: str = "", keep_number: bool = False) -> None:
        """Write the call for this customer; ``keep_number`` leaves the number that is typed."""
        try:
            card = get_customer(self.ctx, customer_id)
        except CrmError as error:
            errors.show_error(self.panel, error)
            return
        self.sheet.customer_name = card.name
        self.form_view.set_caller(
            phone=None if keep_number else number or card.phone,
            name=via or str(self.form_view.who.field("name").value()) or card.name,
            region=card.region,
            address=card.address,
            customer_id=card.id,
        )
        self.person = customer_id
        self.show_person()
        self._held.show_tabs()
        self.form_view.what.focus_first("matter")

    def _new_customer(self) -> None:
        """Make a customer of the call's fields (Ctrl+N)."""
        self._held.collect()
        if self.sheet.form.customer_id is not None:
            self._desk.say(_("This caller is a customer already."), "info")
            return
        if not self.sheet.form.name:
            self.form_view.show_errors({"name": _("Please write down the caller's name.")})
            return
        saved = self._desk.save()
        if saved is None:
            return
        try:
            saved, customer_id = calls.make_customer(self.ctx, saved.id, version=saved.version)
        except CrmError as error:
            errors.show_error(self.panel, error)
            return
        self.sheet.version = saved.version
        self.take_customer(customer_id, keep_number=True)
        self._desk.say(_("{name} is a customer now.").format(name=self.sheet.form.name))
        self._desk.saved.emit()

    def _attach(self, person: PersonRow | None) -> None:
        """Give the call, and its number, to a customer found by name (F4)."""
        if self.form_view.base.customer_id is not None:
            self._desk.say(_("This caller is a customer already."), "info")
            return
        if person is None:
            self.form_view.who.focus_first("name")
            self._desk.say(_("Type the customer's name, choose with the arrows, then press F4."), "info")
            return
        number = str(self.form_view.number_edit.value())
        digits = "".join(ch for ch in number if ch.isdigit())
        # a short piece of his own number is no new number of his
        adds = bool(digits) and digits not in "".join(ch for ch in person.phone if ch.isdigit())
        if adds and self.ctx.may(Right.CUSTOMER_EDIT):
            try:
                customers.add_phone(self.ctx, person.id, number)
            except ValidationError as error:
                self.form_view.show_errors({"phone": error.message})
                return
            except CrmError as error:
                errors.show_error(self.panel, error)
                return
            self._desk.say(_("{number} is kept with {name}.").format(number=number, name=person.name))
        self.take_customer(person.id, number=person.phone, keep_number=adds)

    def _fact_opened(self, fact: Fact) -> None:
        if fact.kind == "callback" and fact.record_id is not None:
            self._this_is_the_callback(fact.record_id)
            return
        page, how = page_of(fact, self.person)
        self._desk.open(page, **how)

    def _this_is_the_callback(self, call_id: int) -> None:
        result = dialogs.get_text(self.panel, _("What came of the call-back?"), required=False)
        if result is None:
            return
        try:
            calls.mark_called_back(self.ctx, call_id, result=result)
        except CrmError as error:
            errors.show_error(self.panel, error)
            return
        self.show_person()
        self._desk.show_subtitle()
        self._desk.saved.emit()
        self._desk.say(_("The call-back is noted."))

    def _entry_opened(self, record: Any) -> None:
        if isinstance(record, CallRow):
            self._desk.open_call(record.id)
        elif isinstance(record, StoryLine):
            if record.kind == "call":
                self._desk.open_call(record.record_id)
            elif record.kind in PAGE_OF:
                self._desk.open(PAGE_OF[record.kind], id=record.record_id)
            else:
                self._all_asked()

    def _all_asked(self) -> None:
        if self.person is not None:
            self._desk.open("customers", customer_id=self.person)
