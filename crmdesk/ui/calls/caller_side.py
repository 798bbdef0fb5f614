"""Who it is: the card beside the call, taking a caller over, new customers, and the links of what to say first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import _
from crmdesk.rules.rights import Right
from crmdesk.services import calls, customers
from crmdesk.services.calls import CallRow, FirstWord, Saved
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_search import PersonRow
from crmdesk.services.records import StoryLine
from crmdesk.ui import dialogs, errors
from crmdesk.ui.calls.open_sheets import OpenSheets
from crmdesk.ui.calls.person_panel import PersonPanel

PERSON_MS = 120  # the card beside follows the matches after a short rest of the typing hand
PAGE_OF = {"repair": "repairs", "complaint": "complaints", "sale": "sales", "visit": "reception", "packing": "packing"}


class CallerSide(OpenSheets):
    """The part of the phone page that knows the person at the other end."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._person: int | None = None
        self.panel = PersonPanel(ctx)
        self._person_timer = QTimer(self)
        self._person_timer.setSingleShot(True)
        self._person_timer.setInterval(PERSON_MS)
        self._person_timer.timeout.connect(self.show_person)

    def open_call(self, call_id: int) -> None:
        """Open a saved call."""
        raise NotImplementedError

    def _save(self, action: str = "") -> Saved | None:
        raise NotImplementedError

    def _late(self) -> bool:
        raise NotImplementedError

    def _show_subtitle(self) -> None:
        raise NotImplementedError

    def _person_shown(self, person: PersonRow | None) -> None:
        if self.form_view.base.customer_id is None:
            self._person = person.id if person is not None else None
            self._person_timer.start()

    def show_person(self) -> None:
        """Show who it is, or may be, in the panel."""
        self._person_timer.stop()
        try:
            if self._person is not None:
                self.panel.show_customer(self._person)
            else:
                phone = str(self.form_view.number_edit.value())
                self.panel.show_stranger(self._earlier(phone))
        except CrmError as error:
            errors.show_error(self, error)
        self.panel.show_advice(self.form_view.form(), late=self._late())

    def _earlier(self, phone: str) -> list[CallRow]:
        if sum(ch.isdigit() for ch in phone) < 7:
            return []
        found = calls.find_calls(self.ctx, phone, limit=6)
        return [call for call in found if call.id != self.sheet.call_id]

    def _take_person(self, person: PersonRow) -> None:
        self._take_customer(person.id, number=person.phone, via=person.via)

    def _take_customer(self, customer_id: int, *, number: str = "", via: str = "", keep_number: bool = False) -> None:
        try:
            card = get_customer(self.ctx, customer_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.sheet.customer_name = card.name
        self.form_view.set_caller(
            phone=None if keep_number else number or card.phone,
            name=via or str(self.form_view.who.field("name").value()) or card.name,
            region=card.region,
            address=card.address,
            customer_id=card.id,
        )
        self._person = customer_id
        self.show_person()
        self._show_tabs()
        self.form_view.what.focus_first("matter")

    def _new_customer(self) -> None:
        """Make a customer of the call's fields (Ctrl+N)."""
        self._collect()
        if self.sheet.form.customer_id is not None:
            self.say(_("This caller is a customer already."), "info")
            return
        if not self.sheet.form.name:
            self.form_view.show_errors({"name": _("Please write down the caller's name.")})
            return
        saved = self._save()
        if saved is None:
            return
        try:
            saved, customer_id = calls.make_customer(self.ctx, saved.id, version=saved.version)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.sheet.version = saved.version
        self._take_customer(customer_id, keep_number=True)
        self.say(_("{name} is a customer now.").format(name=self.sheet.form.name))
        self.saved.emit()

    def _attach(self, person: PersonRow | None) -> None:
        """Give the call, and its number, to a customer found by name (F4)."""
        if self.form_view.base.customer_id is not None:
            self.say(_("This caller is a customer already."), "info")
            return
        if person is None:
            self.form_view.who.focus_first("name")
            self.say(_("Type the customer's name, choose with the arrows, then press F4."), "info")
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
                errors.show_error(self, error)
                return
            self.say(_("{number} is kept with {name}.").format(number=number, name=person.name))
        self._take_customer(person.id, number=person.phone, keep_number=adds)

    def _word_opened(self, word: FirstWord) -> None:
        if word.kind == "callback" and word.record_id is not None:
            self._this_is_the_callback(word.record_id)
        elif word.kind == "balance":
            self.open("customers", customer_id=self._person)
        elif word.record_id is not None:
            self.open("repairs" if word.kind == "repairs" else "complaints", id=word.record_id)

    def _this_is_the_callback(self, call_id: int) -> None:
        result = dialogs.get_text(self, _("What came of the call-back?"), required=False)
        if result is None:
            return
        try:
            calls.mark_called_back(self.ctx, call_id, result=result)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.show_person()
        self._show_subtitle()
        self.saved.emit()
        self.say(_("The call-back is noted."))

    def _entry_opened(self, record: Any) -> None:
        if isinstance(record, CallRow):
            self.open_call(record.id)
        elif isinstance(record, StoryLine):
            if record.kind == "call":
                self.open_call(record.record_id)
            elif record.kind in PAGE_OF:
                self.open(PAGE_OF[record.kind], id=record.record_id)
            else:
                self._all_asked()

    def _all_asked(self) -> None:
        if self._person is not None:
            self.open("customers", customer_id=self._person)
