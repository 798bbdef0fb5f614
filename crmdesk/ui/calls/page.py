"""The phone page: open calls as sheets, the person beside them, and the list of calls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.calls import MACHINE
from crmdesk.rules.rights import Right
from crmdesk.services import calls
from crmdesk.services.calls import Saved
from crmdesk.services.staff import find_staff
from crmdesk.ui import errors
from crmdesk.ui.calls import words
from crmdesk.ui.calls.caller_side import CallerSide
from crmdesk.ui.calls.desk_lists import PLACES, DeskLists
from crmdesk.ui.calls.form_view import CallFormView
from crmdesk.ui.calls.open_sheets import OpenSheets
from crmdesk.ui.calls.saving import CallSaver
from crmdesk.ui.calls.sheet import Sheet
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.widgets.card import Stack

_LISTED = ("call", "matter", "missed_call", "letter", "enquiry_summary")


class CallsPage(Page):
    """Everything about the telephone."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.form_view = CallFormView(ctx)
        self.held = OpenSheets(ctx, self.form_view, self)
        self.caller = CallerSide(ctx, self, self.held, self)
        self.panel = self.caller.panel
        self._warned = False
        self.saver = CallSaver(self)
        self._put_away: Sheet | None = None
        self.lists = DeskLists(ctx)
        self.list_view = self.lists.calls
        writing = QWidget()
        line = QHBoxLayout(writing)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.form_view, 57)
        line.addWidget(self.panel, 43)
        self.side_panel = self.panel
        self.stack = Stack()
        self.stack.addWidget(writing)
        self.stack.addWidget(self.lists)
        self.body.addWidget(self.stack, 1)
        self._connect()
        self.held.restore()
        self._show_sheet(self.held.sheet)
        self.retranslate()

    def _connect(self) -> None:
        view = self.form_view
        view.changed.connect(self._typed)
        view.complete_asked.connect(self.complete)
        view.step_asked.connect(self._step_asked)
        view.step_taken.connect(self._step_taken)
        view.list_asked.connect(self.show_list)
        view.tabs.chosen.connect(self.held.choose)
        self.held.turned.connect(self._turned)
        self.held.tabs_changed.connect(self.hints_changed)
        self.lists.opened.connect(self.open_call)
        self.lists.new_asked.connect(self._new_from_list)
        self.lists.changed.connect(self._changed_in_list)
        self.lists.call_asked.connect(self._call_out)
        self.lists.turned.connect(self.hints_changed)
        self.banner_answered.connect(self._reload)
        QShortcut(QKeySequence("Ctrl+W"), self.form_view).activated.connect(self.put_away)
        QShortcut(QKeySequence("Ctrl+Shift+T"), self).activated.connect(self.bring_back)
        QShortcut(QKeySequence("Ctrl+Tab"), self).activated.connect(self.held.next_tab)
        QShortcut(QKeySequence("Ctrl+Shift+Tab"), self).activated.connect(self.held.last_tab)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.form_view.retranslate()
        self.panel.retranslate()
        self.lists.retranslate()
        if self.stack.currentIndex() == 1:
            self.lists.refresh()
        self.held.show_tabs()
        self.show_subtitle()
        self._show_talking()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.stack.currentIndex() == 1 and self.lists.place != "calls":
            own = [("F2", "")] if self.lists.place in ("waiting", "matters") else []  # else F2 is the frame's
            return [*own, ("Alt+1", ""), ("Alt+2", ""), ("Alt+3", ""), ("Esc", _("Back"))]
        if self.stack.currentIndex() == 1:
            return [("F2", ""), ("Enter", _("Open")), ("Alt+1", ""), ("Alt+2", ""), ("Alt+3", "")]
        hints = [("Ctrl+Enter", ""), ("F6", ""), ("Ctrl+N", _("New customer"))]
        if len(self.held.tabs()) > 1:
            hints.append(("Ctrl+Tab", _("Next open call")))
        return [*hints, ("Alt+6", _("Matters")), ("Alt+7", _("More")), ("Ctrl+W", _("Set aside"))]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        held = [f"CALL-{number:02d}" for number in (*range(1, 13), *range(14, 18), *range(19, 27))]
        return [*held, *(f"FIRST-{number:02d}" for number in range(1, 6)), "PHR-01", "PHR-02", "PHR-03", "PHR-05",
                "PEN-29", "CRM-33"]

    def load(self, **arguments: Any) -> None:
        """Show what is asked for: a new call, a saved one (``id``), the list, or the call being written."""
        if arguments.get("new"):
            self.new_call(
                phone=str(arguments.get("phone") or ""),
                customer_id=arguments.get("customer_id"),
                direction=str(arguments.get("direction") or "in"),
            )
        elif (place := _place_of(arguments)) is not None:
            self.show_place(*place)
            self.lists.show_filter(str(arguments.get("filter") or ""))
        elif call_id := arguments.get("id") or arguments.get("call_id"):
            self.open_call(int(call_id))
        elif show := arguments.get("show"):
            self.list_view.listing.show_filter(str(show))
            self.show_list()
        elif self.held.tabs() and not self.held.sheet.blank:
            self._show_form()
        else:
            self.show_list()

    def first_focus(self) -> None:
        """Put the focus where typing starts."""
        if self.stack.currentIndex() == 1:
            self.lists.first_focus()
        elif self.held.sheet.form.customer_id is not None:
            self.form_view.what.focus_first("matter")
        else:
            self.form_view.number_edit.setFocus()

    def leave(self) -> bool:
        """Keep what is half typed; nothing is ever lost, so nobody is asked."""
        self.held.keep()
        return True

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved; the form is never overwritten."""
        if self.held.writing:
            return
        everything = notice is None or notice.everything
        if everything or notice.touches("call"):
            self.show_subtitle()
        if self.stack.currentIndex() == 1 and (everything or notice.touches(*_LISTED)):
            self.lists.refresh()
        person = self.caller.person
        if person is not None and (everything or notice.names("customer", person) or notice.touches("call", "repair")):
            self.caller.show_person()
        if self.held.sheet.call_id is not None and (everything or notice.names("call", self.held.sheet.call_id)):
            self._look_for_newer()

    def _look_for_newer(self) -> None:
        assert self.held.sheet.call_id is not None
        try:
            card = calls.get_call(self.ctx, self.held.sheet.call_id)
        except CrmError:
            return
        if card.version != self.held.sheet.version:
            self.warn(_("A colleague has changed this call."))

    def warn(self, sentence: str) -> None:
        """Say in the banner that what is shown is not of now."""
        self._warned = True
        self.banner(sentence, "warning", _("Load again"))

    def _reload(self) -> None:
        if self.held.sheet.call_id is not None:
            call_id = self.held.sheet.call_id
            self.held.forget(self.held.sheet)
            self.open_call(call_id)

    @property
    def sheet(self) -> Sheet:
        """The call in front."""
        return self.held.sheet

    def _turned(self, sheet: Sheet) -> None:
        self._show_sheet(sheet)
        self.first_focus()

    # sheets -----------------------------------------------------------------------------------------------------

    def new_call(self, *, phone: str = "", customer_id: int | None = None, direction: str = "in") -> None:
        """Open a new call (F2); the one being written stays open beside it."""
        self.held.collect()
        now = self.ctx.clock.now()
        if not self.held.sheet.blank:
            self.held.keep()
            self.held.sheet = self.held.blank()
        self.held.sheet.form = replace(self.held.sheet.form, phone=phone, direction=direction, started_at=now)
        self._show_sheet(self.held.sheet)
        self._show_form()
        if customer_id is not None:
            self.caller.take_customer(customer_id, keep_number=bool(phone))
        elif phone and len(matches := self.form_view.match_list.matches) == 1 and matches[0].record.exact:
            self.form_view.match_list.take()

    def open_call(self, call_id: int) -> None:
        """Open a saved call; one that is open already comes to the front."""
        self.held.collect()
        self.held.keep()
        known = next((sheet for sheet in self.held.sheets if sheet.call_id == call_id), None)
        try:
            self._show_sheet(known or Sheet.of_call(calls.get_call(self.ctx, call_id)))
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._show_form()
        self.form_view.what.focus_first("matter")

    def _show_sheet(self, sheet: Sheet) -> None:
        if self._warned:
            self._warned = False
            self.banner("")
        self.held.sheet = sheet
        if sheet not in self.held.sheets:
            self.held.sheets.append(sheet)
        self.held.sheets = [s for s in self.held.sheets if s is sheet or not s.blank]
        self.form_view.load(sheet.form, region_suggested=sheet.region_suggested)
        self.caller.person = sheet.form.customer_id
        if self.caller.person is not None or not self.form_view.match_list.matches:
            self.caller.show_person()
        self.held.show_tabs()
        self._show_talking()

    def _typed(self) -> None:
        self.held.collect()
        if self.held.sheet.form.started_at is None and not self.held.sheet.blank:
            self.form_view.base = replace(self.form_view.base, started_at=self.ctx.clock.now())
            self.held.collect()
            self._show_talking()
        self.caller.show_advice()
        self.held.keep_soon()

    def put_away(self) -> None:
        """Close the open call without completing it (Ctrl+W); Ctrl+Shift+T brings it back."""
        self.held.collect()
        if self.held.sheet.blank:
            self.show_list()
            return
        self._put_away = self.held.sheet
        self.held.forget(self.held.sheet)
        self._put_away.kept = None
        following = next((sheet for sheet in reversed(self.held.sheets) if not sheet.blank), None)
        self._show_sheet(following or self.held.blank())
        self.first_focus()
        self.say(_("The call is put away; Ctrl+Shift+T brings it back."), "info")

    def bring_back(self) -> None:
        """Open the call again that was put away last."""
        if self._put_away is not None:
            self.held.collect()
            sheet, self._put_away = self._put_away, None
            self._show_sheet(sheet)
            self._show_form()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        writing = self.stack.currentIndex() == 0
        if event.key() == Qt.Key.Key_Escape and not writing and self.lists.place == "reference":
            self._show_form()  # looked up while talking
        elif event.key() == Qt.Key.Key_Escape and (writing or self.lists.place != "calls"):
            self.show_list()
        else:
            super().keyPressEvent(event)

    # the list ---------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the list of calls; what is being written stays open."""
        self.show_place("calls")

    def show_place(self, place: str, row_id: int | None = None) -> None:
        """Show one of the lists of the desk; what is being written stays open."""
        self.held.keep()
        self.lists.show_place(place, row_id)
        self.stack.setCurrentIndex(1)
        self.show_subtitle()
        self.hints_changed.emit()
        self.lists.first_focus()

    def _show_form(self) -> None:
        self.stack.setCurrentIndex(0)
        self.show_subtitle()
        self.hints_changed.emit()
        self.first_focus()

    def _call_out(self, number: str, customer_id: int | None) -> None:
        self.new_call(phone=number, customer_id=customer_id, direction="out")

    def _new_from_list(self, direction: str) -> None:
        self.new_call(direction=direction)

    def _changed_in_list(self) -> None:
        self.show_subtitle()
        self.saved.emit()

    def show_subtitle(self) -> None:
        """Say how many calls there were today and how many are to be called back."""
        try:
            counts = calls.count_today(self.ctx)
        except CrmError:
            return
        parts = [ngettext("{count} call today", "{count} calls today", counts.today).format(count=counts.today)]
        if counts.callbacks_due:
            due = counts.callbacks_due
            parts.append(ngettext("{count} call-back due", "{count} call-backs due", due).format(count=due))
        self.set_subtitle(words.joined(*parts))

    def _show_talking(self) -> None:
        self.form_view.show_talking(self.held.sheet.state, MACHINE.label(self.held.sheet.state))

    # saving -----------------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Complete the call, or go to what is missing (Ctrl+Enter)."""
        if (step := self.form_view.open_strip_name()) in ("transfer", "escalate"):
            self._step_taken(step)
            return
        if (saved := self.save("finish")) is not None:
            self._finished(saved, _("Call {number} is complete.").format(number=saved.number))

    def save(self, action: str = "") -> Saved | None:
        """Save the sheet; errors are shown by their fields and None is returned."""
        return self.saver.save(action)

    def _finished(self, saved: Saved, sentence: str) -> None:
        """Put the call away and be ready for the next."""
        self.held.forget(self.held.sheet)
        following = next((sheet for sheet in reversed(self.held.sheets) if not sheet.blank), None)
        self._show_sheet(following or self.held.blank())
        self.show_subtitle()
        self.say(f"{self.saver.told} {sentence}".strip())
        self.saver.told = ""
        self.first_focus()

    def _step_asked(self, name: str) -> None:
        if name in self.form_view.strips:
            try:
                people = find_staff(self.ctx)
            except CrmError as error:
                errors.show_error(self, error)
                return
            self.form_view.transfer.set_people([person for person in people if person.id != self.ctx.user.id])
            self.form_view.escalate.set_people(people)
            self.form_view.matters.set_people(people, self.ctx.user.id)
            self.form_view.more.set_departments(self.ctx.office.departments)
            self.form_view.open_strip(name)
            return
        if name == "reference":
            self.show_place(name)
            return
        self.held.collect()
        ready = self.held.sheet.state in ("draft", "read_back") and not calls.find_unmet(self.ctx, self.held.sheet.form)
        saved = self.save("finish" if ready else "")
        if saved is None:
            return
        arguments: dict[str, Any] = {"new": True, "call_id": saved.id}
        form = self.held.sheet.form
        if form.customer_id is not None:
            arguments["customer_id"] = form.customer_id
        else:
            arguments.update(name=form.name, phone=form.phone)
        if ready:
            self.held.forget(self.held.sheet)
            self._show_sheet(self.held.blank())
        self.open(name, **arguments)

    def _step_taken(self, name: str) -> None:
        saved = self.save(name)
        if saved is None:
            return
        if name == "transfer":
            sentence = _("Call {number} is transferred.").format(number=saved.number)
        else:
            sentence = _("Call {number} is with the superior.").format(number=saved.number)
        self._finished(saved, sentence)


def _place_of(arguments: dict[str, Any]) -> tuple[str, int | None] | None:
    """Return which list a page is opened with, and the row in it: from Today, the card, a link."""
    for name, place in (("matter_id", "matters"), ("missed_id", "missed"), ("letter_id", "letters")):
        if arguments.get(name):
            return place, int(arguments[name])
    show = str(arguments.get("show") or "")
    return (show, None) if show in PLACES and show != "calls" else None


PAGE = PageSpec("calls", N_("Phone"), "phone", Right.CALL, CallsPage)
