"""The phone page: open calls as sheets, the person beside them, and the list of calls."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import ConflictError, CrmError, NeedsConfirmation, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.rights import Right
from crmdesk.services import calls, customers, drafts
from crmdesk.services.calls import CallForm, CallRow, FirstWord, Saved
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_search import PersonRow
from crmdesk.services.records import StoryLine
from crmdesk.services.staff import find_staff
from crmdesk.ui import dialogs, errors
from crmdesk.ui.calls import words
from crmdesk.ui.calls.form_view import CallFormView
from crmdesk.ui.calls.list_view import CallListView
from crmdesk.ui.calls.person_panel import PersonPanel
from crmdesk.ui.calls.sheet import DRAFT_KIND, Sheet
from crmdesk.ui.page import KeyHints, Page, PageSpec

log = logging.getLogger(__name__)

KEEP_MS = 3000  # a half-typed call is written down at least this often
PERSON_MS = 120  # the card beside follows the matches after a short rest of the typing hand
PAGE_OF = {"repair": "repairs", "complaint": "complaints", "sale": "sales", "visit": "reception", "packing": "packing"}


class CallsPage(Page):
    """Everything about the telephone."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.sheets: list[Sheet] = []
        self.sheet = self._blank()
        self._person: int | None = None
        self._saving = False
        self.form_view = CallFormView(ctx)
        self.panel = PersonPanel(ctx)
        self.list_view = CallListView(ctx)
        writing = QWidget()
        line = QHBoxLayout(writing)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.form_view, 57)
        line.addWidget(self.panel, 43)
        self.side_panel = self.panel
        self.stack = QStackedWidget()
        self.stack.addWidget(writing)
        self.stack.addWidget(self.list_view)
        self.body.addWidget(self.stack, 1)
        self._keep_timer = QTimer(self)
        self._keep_timer.setInterval(KEEP_MS)
        self._keep_timer.timeout.connect(self.keep_drafts)
        self._person_timer = QTimer(self)
        self._person_timer.setSingleShot(True)
        self._person_timer.setInterval(PERSON_MS)
        self._person_timer.timeout.connect(self.show_person)
        self._connect()
        self._restore()
        self._show_sheet(self.sheet)
        self.retranslate()

    def _connect(self) -> None:
        view = self.form_view
        view.changed.connect(self._typed)
        view.person_shown.connect(self._person_shown)
        view.person_taken.connect(self._take_person)
        view.new_customer_asked.connect(self._new_customer)
        view.attach_asked.connect(self._attach)
        view.complete_asked.connect(self.complete)
        view.step_asked.connect(self._step_asked)
        view.step_taken.connect(self._step_taken)
        view.list_asked.connect(self.show_list)
        view.tabs.chosen.connect(self._tab_chosen)
        self.panel.word_opened.connect(self._word_opened)
        self.panel.entry_opened.connect(self._entry_opened)
        self.panel.all_asked.connect(self._all_asked)
        self.list_view.opened.connect(self.open_call)
        self.list_view.new_asked.connect(self._new_from_list)
        self.list_view.changed.connect(self._changed_in_list)
        self.banner_answered.connect(self._reload)
        QShortcut(QKeySequence("Ctrl+Tab"), self).activated.connect(self._next_tab)
        QShortcut(QKeySequence("Ctrl+Shift+Tab"), self).activated.connect(self._last_tab)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.form_view.retranslate()
        self.panel.retranslate()
        self.list_view.retranslate()
        if self.stack.currentIndex() == 1:
            self.list_view.refresh()
        self._show_tabs()
        self._show_subtitle()
        self._show_talking()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.stack.currentIndex() == 1:
            return [("F2", _("New call")), ("Enter", _("Open"))]
        hints = [("Ctrl+Return", _("Done")), ("F6", _("Call list")), ("Ctrl+N", _("New customer"))]
        return [*hints, ("Ctrl+Tab", _("Next open call"))] if len(self._tabs()) > 1 else hints

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return [f"CALL-{number:02d}" for number in (*range(1, 13), 14)]

    def load(self, **arguments: Any) -> None:
        """Show what is asked for: a new call, a saved one (``id``), the list, or the call being written."""
        if arguments.get("new"):
            self.new_call(
                phone=str(arguments.get("phone") or ""),
                customer_id=arguments.get("customer_id"),
                direction=str(arguments.get("direction") or "in"),
            )
        elif call_id := arguments.get("id") or arguments.get("call_id"):
            self.open_call(int(call_id))
        elif show := arguments.get("show"):
            self.list_view.filter.set_value(show)
            self.show_list()
        elif self._tabs() and not self.sheet.blank:
            self._show_form()
        else:
            self.show_list()

    def first_focus(self) -> None:
        """Put the focus where typing starts."""
        if self.stack.currentIndex() == 1:
            self.list_view.table.setFocus()
        elif self.sheet.form.customer_id is not None:
            self.form_view.what.focus_first("matter")
        else:
            self.form_view.number_edit.setFocus()

    def leave(self) -> bool:
        """Keep what is half typed; nothing is ever lost, so nobody is asked."""
        self.keep_drafts()
        return True

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved; the form is never overwritten."""
        if self._saving:
            return
        everything = notice is None or notice.everything
        if everything or notice.touches("call"):
            self._show_subtitle()
            if self.stack.currentIndex() == 1:
                self.list_view.refresh()
        person = self._person
        if person is not None and (everything or notice.names("customer", person) or notice.touches("call", "repair")):
            self.show_person()
        if self.sheet.call_id is not None and (everything or notice.names("call", self.sheet.call_id)):
            self._look_for_newer()

    def _look_for_newer(self) -> None:
        assert self.sheet.call_id is not None
        try:
            card = calls.get_call(self.ctx, self.sheet.call_id)
        except CrmError:
            return
        if card.version != self.sheet.version:
            self.banner(_("A colleague has changed this call."), "warning", _("Load again"))

    def _reload(self) -> None:
        if self.sheet.call_id is not None:
            call_id = self.sheet.call_id
            self._forget(self.sheet)
            self.open_call(call_id)

    # sheets -----------------------------------------------------------------------------------------------------

    def _blank(self, **values: Any) -> Sheet:
        rings = int(self.ctx.policy.number("CALL-01", "answer_rings"))
        taken = {sheet.key for sheet in self.sheets}
        stamp = f"{self.ctx.clock.now():%Y%m%dT%H%M%S%f}"
        key = next(k for k in (f"{stamp}{n or ''}" for n in range(len(taken) + 1)) if k not in taken)
        return Sheet(key, CallForm(rings=rings, **values))

    def _restore(self) -> None:
        """Open what was half typed when the program ended (a crash, a power cut, the evening)."""
        for draft in reversed(drafts.find_drafts(self.ctx, DRAFT_KIND)):
            self.sheets.append(Sheet.from_payload(draft.key, draft.payload))

    def new_call(self, *, phone: str = "", customer_id: int | None = None, direction: str = "in") -> None:
        """Open a new call (F2); the one being written stays open beside it."""
        self._collect()
        now = self.ctx.clock.now()
        if not self.sheet.blank:
            self.keep_drafts()
            self.sheet = self._blank()
        self.sheet.form = replace(self.sheet.form, phone=phone, direction=direction, started_at=now)
        self._show_sheet(self.sheet)
        self._show_form()
        if customer_id is not None:
            self._take_customer(customer_id, keep_number=bool(phone))
        elif phone and len(matches := self.form_view.match_list.matches) == 1 and matches[0].record.exact:
            self.form_view.match_list.take()

    def open_call(self, call_id: int) -> None:
        """Open a saved call; one that is open already comes to the front."""
        self._collect()
        self.keep_drafts()
        known = next((sheet for sheet in self.sheets if sheet.call_id == call_id), None)
        try:
            self._show_sheet(known or Sheet.of_call(calls.get_call(self.ctx, call_id)))
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._show_form()
        self.form_view.what.focus_first("matter")

    def _show_sheet(self, sheet: Sheet) -> None:
        self.banner("")
        self.sheet = sheet
        if sheet not in self.sheets:
            self.sheets.append(sheet)
        self.sheets = [s for s in self.sheets if s is sheet or not s.blank]
        self.form_view.load(sheet.form, region_suggested=sheet.region_suggested)
        self._person = sheet.form.customer_id
        if self._person is not None or not self.form_view.match_list.matches:
            self.show_person()
        self._show_tabs()
        self._show_talking()

    def _collect(self) -> None:
        self.sheet.form = self.form_view.form()
        self.sheet.region_suggested = self.form_view.region_suggested

    def _tabs(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if not sheet.blank or sheet is self.sheet]

    def _show_tabs(self) -> None:
        tabs = []
        for sheet in self._tabs():
            begun = sheet.form.started_at
            time = format_time(self.ctx.clock.local(begun)) if begun else ""
            tabs.append((sheet.key, f"{time} {sheet.title() or _('New call')}".strip()))
        self.form_view.tabs.set_tabs(tabs, self.sheet.key)
        self.hints_changed.emit()

    def _tab_chosen(self, key: str) -> None:
        wanted = next((sheet for sheet in self.sheets if sheet.key == key), None)
        if wanted is not None and wanted is not self.sheet:
            self._collect()
            self.keep_drafts()
            self._show_sheet(wanted)
            self.first_focus()

    def _next_tab(self) -> None:
        self._turn_tabs(1)

    def _last_tab(self) -> None:
        self._turn_tabs(-1)

    def _turn_tabs(self, step: int) -> None:
        tabs = self._tabs()
        if len(tabs) > 1 and self.sheet in tabs:
            self._tab_chosen(tabs[(tabs.index(self.sheet) + step) % len(tabs)].key)

    def _typed(self) -> None:
        self._collect()
        if self.sheet.form.started_at is None and not self.sheet.blank:
            self.form_view.base = replace(self.form_view.base, started_at=self.ctx.clock.now())
            self._collect()
            self._show_talking()
        self.panel.show_advice(self.sheet.form, late=self._late())
        if not self._keep_timer.isActive():
            self._keep_timer.start()

    def _late(self) -> bool:
        return self.sheet.form.direction == "in" and calls.is_late(self.ctx, self.sheet.form.rings)

    def keep_drafts(self) -> None:
        """Write down what is half typed; when the data can't be reached it is tried again in a moment."""
        self._collect()
        try:
            for sheet in self.sheets:
                if sheet.unkept and sheet.state in ("draft", "read_back"):
                    self._saving = True
                    drafts.save_draft(self.ctx, DRAFT_KIND, sheet.key, sheet.payload())
                    sheet.kept = sheet.form
        except CrmError as error:
            log.warning("draft not kept: %s", type(error).__name__)
            return
        finally:
            self._saving = False
        self._keep_timer.stop()

    def _forget(self, sheet: Sheet) -> None:
        if sheet in self.sheets:
            self.sheets.remove(sheet)
        if sheet.kept is not None:
            try:
                drafts.drop_draft(self.ctx, DRAFT_KIND, sheet.key)
            except CrmError as error:
                log.warning("draft not dropped: %s", type(error).__name__)

    # the list ---------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the list of calls; what is being written stays open."""
        self.keep_drafts()
        self.list_view.refresh()
        self.stack.setCurrentIndex(1)
        self._show_subtitle()
        self.hints_changed.emit()
        self.list_view.table.setFocus()

    def _show_form(self) -> None:
        self.stack.setCurrentIndex(0)
        self._show_subtitle()
        self.hints_changed.emit()
        self.first_focus()

    def _new_from_list(self, direction: str) -> None:
        self.new_call(direction=direction)

    def _changed_in_list(self) -> None:
        self._show_subtitle()
        self.saved.emit()

    def _show_subtitle(self) -> None:
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
        from crmdesk.rules.calls import MACHINE

        self.form_view.show_talking(self.sheet.state, MACHINE.label(self.sheet.state))

    # who it is --------------------------------------------------------------------------------------------------

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

    # saving -----------------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Complete the call, or go to what is missing (Ctrl+Enter)."""
        if not self.form_view.transfer.isHidden():
            self._step_taken("transfer")
            return
        if not self.form_view.escalate.isHidden():
            self._step_taken("escalate")
            return
        if (saved := self._save("finish")) is not None:
            self._finished(saved, _("Call {number} is complete.").format(number=saved.number))

    def _save(self, action: str = "") -> Saved | None:
        """Save the sheet; errors are shown by their fields and None is returned."""
        self._collect()
        if problems := self.form_view.problems():
            self.form_view.show_errors(problems)
            return None
        sheet = self.sheet
        how = {"call_id": sheet.call_id, "version": sheet.version}
        self._saving = True
        try:
            if action == "transfer":
                saved = calls.transfer_call(self.ctx, sheet.form, **how)
            elif action == "escalate":
                saved = calls.escalate_call(self.ctx, sheet.form, **how)
            else:
                saved = calls.save_call(self.ctx, sheet.form, complete=action == "finish", **how)
        except ValidationError as error:
            rest = self.form_view.show_errors(error.fields)
            if rest:
                clause = f" ({error.clause})" if error.clause else ""
                self.say(next(iter(rest.values())) + clause, "warning")
            return None
        except ConflictError as error:
            self.banner(error.message, "warning", _("Load again"))
            return None
        except (NeedsConfirmation, CrmError) as error:
            errors.show_error(self, error)
            return None
        finally:
            self._saving = False
        sheet.call_id, sheet.version, sheet.number, sheet.state = saved.id, saved.version, saved.number, saved.state
        self.form_view.show_errors({})
        self.saved.emit()
        return saved

    def _finished(self, saved: Saved, sentence: str) -> None:
        """Put the call away and be ready for the next."""
        self._forget(self.sheet)
        following = next((sheet for sheet in reversed(self.sheets) if not sheet.blank), None)
        self._show_sheet(following or self._blank())
        self._show_subtitle()
        self.say(sentence)
        self.first_focus()

    def _step_asked(self, name: str) -> None:
        if name in ("transfer", "escalate"):
            try:
                people = find_staff(self.ctx)
            except CrmError as error:
                errors.show_error(self, error)
                return
            self.form_view.transfer.set_people([person for person in people if person.id != self.ctx.user.id])
            self.form_view.escalate.set_people(people)
            self.form_view.open_strip(name)
            return
        self._collect()
        ready = self.sheet.state in ("draft", "read_back") and not calls.find_unmet(self.ctx, self.sheet.form)
        saved = self._save("finish" if ready else "")
        if saved is None:
            return
        arguments: dict[str, Any] = {"new": True, "call_id": saved.id}
        form = self.sheet.form
        if form.customer_id is not None:
            arguments["customer_id"] = form.customer_id
        else:
            arguments.update(name=form.name, phone=form.phone)
        if ready:
            self._forget(self.sheet)
            self._show_sheet(self._blank())
        self.open(name, **arguments)

    def _step_taken(self, name: str) -> None:
        saved = self._save(name)
        if saved is None:
            return
        if name == "transfer":
            sentence = _("Call {number} is transferred.").format(number=saved.number)
        else:
            sentence = _("Call {number} is with the superior.").format(number=saved.number)
        self._finished(saved, sentence)

    # links of the panel -----------------------------------------------------------------------------------------

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


PAGE = PageSpec("calls", N_("Phone"), "phone", Right.CALL, CallsPage)
