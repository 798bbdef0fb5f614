"""The phone page: open calls as sheets, the person beside them, and the list of calls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from crmdesk.core.errors import AlreadySaved, ConflictError, CrmError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.calls import MACHINE
from crmdesk.rules.rights import Right
from crmdesk.services import calls
from crmdesk.services.calls import Saved
from crmdesk.services.staff import find_staff
from crmdesk.ui import errors
from crmdesk.ui.calls import words
from crmdesk.ui.calls.caller_side import CallerSide
from crmdesk.ui.calls.form_view import CallFormView
from crmdesk.ui.calls.list_view import CallListView
from crmdesk.ui.calls.open_sheets import OpenSheets
from crmdesk.ui.calls.sheet import Sheet
from crmdesk.ui.page import KeyHints, Page, PageSpec


class CallsPage(Page):
    """Everything about the telephone."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.form_view = CallFormView(ctx)
        self.held = OpenSheets(ctx, self.form_view, self)
        self.caller = CallerSide(ctx, self, self.held, self)
        self.panel = self.caller.panel
        self._warned = False
        self._told = ""  # what is said before the next sentence: this call was saved already
        self._put_away: Sheet | None = None
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
        self.list_view.opened.connect(self.open_call)
        self.list_view.new_asked.connect(self._new_from_list)
        self.list_view.changed.connect(self._changed_in_list)
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
        self.list_view.retranslate()
        if self.stack.currentIndex() == 1:
            self.list_view.refresh()
        self.held.show_tabs()
        self.show_subtitle()
        self._show_talking()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.stack.currentIndex() == 1:
            return [("F2", ""), ("Enter", _("Open")), ("Alt+1", ""), ("Alt+2", ""), ("Alt+3", "")]
        hints = [("Ctrl+Enter", ""), ("F6", ""), ("Ctrl+N", _("New customer"))]
        if len(self.held.tabs()) > 1:
            hints.append(("Ctrl+Tab", _("Next open call")))
        return [*hints, ("Ctrl+W", _("Set aside"))]

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
            self.list_view.listing.show_filter(str(show))
            self.show_list()
        elif self.held.tabs() and not self.held.sheet.blank:
            self._show_form()
        else:
            self.show_list()

    def first_focus(self) -> None:
        """Put the focus where typing starts."""
        if self.stack.currentIndex() == 1:
            self.list_view.table.setFocus()
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
            if self.stack.currentIndex() == 1:
                self.list_view.refresh()
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
            self._warn(_("A colleague has changed this call."))

    def _warn(self, sentence: str) -> None:
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
        if event.key() == Qt.Key.Key_Escape and self.stack.currentIndex() == 0:
            self.show_list()
        else:
            super().keyPressEvent(event)

    # the list ---------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the list of calls; what is being written stays open."""
        self.held.keep()
        self.list_view.refresh()
        self.stack.setCurrentIndex(1)
        self.show_subtitle()
        self.hints_changed.emit()
        self.list_view.table.setFocus()

    def _show_form(self) -> None:
        self.stack.setCurrentIndex(0)
        self.show_subtitle()
        self.hints_changed.emit()
        self.first_focus()

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
        if not self.form_view.transfer.isHidden():
            self._step_taken("transfer")
            return
        if not self.form_view.escalate.isHidden():
            self._step_taken("escalate")
            return
        if (saved := self.save("finish")) is not None:
            self._finished(saved, _("Call {number} is complete.").format(number=saved.number))

    def save(self, action: str = "") -> Saved | None:
        """Save the sheet; errors are shown by their fields and None is returned."""
        self.held.collect()
        if problems := self.form_view.problems():
            self.form_view.show_errors(problems)
            return None
        sheet = self.held.sheet
        form = sheet.once.stamp(sheet.form)
        how = {"call_id": sheet.call_id, "version": sheet.version}
        self.held.writing = True
        try:
            if action == "transfer":
                saved = calls.transfer_call(self.ctx, form, **how)
            elif action == "escalate":
                saved = calls.escalate_call(self.ctx, form, **how)
            else:
                saved = calls.save_call(self.ctx, form, complete=action == "finish", **how)
        except ValidationError as error:
            rest = self.form_view.show_errors(error.fields)
            if rest:
                said = next(iter(rest.values()))
                if error.clause and len(rest) == len(error.fields):
                    said = _("{sentence} ({clause})").format(sentence=said, clause=error.clause)
                self.say(said, "warning")
            return None
        except ConflictError as error:
            self._warn(error.message)
            return None
        except AlreadySaved as error:
            return self._saved_before(error, action)
        except CrmError as error:
            errors.show_error(self, error)
            return None
        finally:
            self.held.writing = False
        sheet.once.renew()
        sheet.call_id, sheet.version, sheet.number, sheet.state = saved.id, saved.version, saved.number, saved.state
        self.form_view.show_errors({})
        self.saved.emit()
        return saved

    def _saved_before(self, error: AlreadySaved, action: str) -> Saved | None:
        """Go on with the call whose answer got lost; what was typed or meant since then is saved now."""
        sheet = self.held.sheet
        try:
            card = calls.get_call(self.ctx, error.record_id)
        except CrmError as other:
            errors.show_error(self, other)
            return None
        sheet.call_id, sheet.version, sheet.number, sheet.state = card.id, card.version, card.number, card.state
        self._told = error.message
        unfinished = bool(action) and card.state in ("draft", "read_back")
        changed = sheet.once.changed(sheet.form)
        sheet.once.renew()
        if unfinished or changed:
            return self.save(action if unfinished else "")
        self.form_view.show_errors({})
        self.saved.emit()
        return Saved(card.id, card.number, card.version, card.state)

    def _finished(self, saved: Saved, sentence: str) -> None:
        """Put the call away and be ready for the next."""
        self.held.forget(self.held.sheet)
        following = next((sheet for sheet in reversed(self.held.sheets) if not sheet.blank), None)
        self._show_sheet(following or self.held.blank())
        self.show_subtitle()
        self.say(f"{self._told} {sentence}".strip())
        self._told = ""
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


PAGE = PageSpec("calls", N_("Phone"), "phone", Right.CALL, CallsPage)
