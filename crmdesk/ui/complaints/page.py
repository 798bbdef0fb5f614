"""The complaint page: list, quick form and case in one place (F8)."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from crmdesk.core.errors import AlreadySaved, ConflictError, CrmError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.text import clean
from crmdesk.rules.rights import Right
from crmdesk.services import complaints, drafts
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.staff import find_staff
from crmdesk.services.undo import undo_step
from crmdesk.ui import dialogs, errors
from crmdesk.ui.complaints import words
from crmdesk.ui.complaints.case_view import CaseView
from crmdesk.ui.complaints.due_sheet import DueSheet
from crmdesk.ui.complaints.list_view import LIST as COMPLAINTS
from crmdesk.ui.complaints.new_form import NewComplaintView
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.papers.preview import show_papers
from crmdesk.ui.widgets import ListView, MomentEdit

log = logging.getLogger(__name__)

DRAFT = "complaint"
KEEP_MS = 3000
LIST, NEW, CASE = range(3)


class ComplaintsPage(Page):
    """Everything about complaints."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._saving = False
        self._warned = False
        self.list_view = ListView(ctx, COMPLAINTS)
        self.new_view = NewComplaintView(ctx)
        self.case_view = CaseView(ctx)
        self.stack = QStackedWidget()
        for view in (self.list_view, self.new_view, self.case_view):
            self.stack.addWidget(view)
        self.body.addWidget(self.stack, 1)
        self._keep_timer = QTimer(self)
        self._keep_timer.setSingleShot(True)
        self._keep_timer.setInterval(KEEP_MS)
        self._keep_timer.timeout.connect(self.keep_draft)
        self.list_view.opened.connect(self.open_case)
        self.list_view.new_asked.connect(self._new)
        self.new_view.save_asked.connect(self.save_new)
        self.new_view.changed.connect(self._typed)
        view = self.case_view
        view.todo.asked.connect(self._act)
        view.todo.other_asked.connect(self._other)
        view.note_asked.connect(self._add_note)
        view.explain_asked.connect(self._explain)
        view.print_asked.connect(self.print_form)
        view.customer_asked.connect(self._open_customer)
        self.banner_answered.connect(self._reload)
        self.offer_taken.connect(self._take_back)
        view.closed.connect(self.show_list)
        self.due_sheet = DueSheet(self, self._clock_changed)
        self.stack.currentChanged.connect(self._view_changed)
        self.retranslate()

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.new_view.retranslate()
        if self.stack.currentIndex() == LIST:
            self.list_view.refresh()
        elif self.stack.currentIndex() == CASE:
            self._read_case(keep=True)
        self._show_subtitle()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.stack.currentIndex() == LIST:
            return [("F8", ""), ("Enter", _("Open"))]
        if self.stack.currentIndex() == NEW:
            return [("Ctrl+Enter", ""), ("Esc", _("List"))]
        return [("Ctrl+Enter", ""), ("F4", _("Add note")), ("Alt+D", ""), ("Ctrl+P", ""), ("Alt+Z", ""),
                ("Esc", _("List"))]  # fmt: skip

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return ["CMP-01", "CMP-02", "CMP-03", "CMP-04", "CMP-05", "CMP-06", "CMP-08", "CMP-10", "CMP-16", "CMP-24",
                "CMP-29", "CMP-34", "CMP-36", "CMP-47", "CMP-71", "CMP-72"]  # fmt: skip

    def load(self, **arguments: Any) -> None:
        """Show what is asked for: a new complaint with what is known, a case (``id``), or the list."""
        if arguments.get("new"):
            self.new_complaint(**{k: v for k, v in arguments.items() if k != "new"})
        elif record := arguments.get("id") or arguments.get("complaint_id"):
            self.open_case(int(record))
        else:
            self.list_view.show_filter(str(arguments.get("show") or ""))
            self.show_list()

    def first_focus(self) -> None:
        """Put the focus where typing starts."""
        if self.stack.currentIndex() == LIST:
            self.list_view.first_focus()
        elif self.stack.currentIndex() == NEW:
            known = self.new_view.form.field("complainant").value()
            self.new_view.form.focus_first("title" if known else "complainant")
        else:
            self._focus_case()

    def _focus_case(self) -> None:
        """Go to what is missing, else to the note; the focus must not fall out of the page."""
        self.case_view.todo.focus_missing()
        if not self.case_view.todo.isAncestorOf(QApplication.focusWidget() or self):
            self.case_view.note_edit.setFocus()

    def leave(self) -> bool:
        """Keep what is half typed; nothing is lost, so nobody is asked."""
        self.keep_draft()
        return True

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved; what is typed is never overwritten."""
        if self._saving:
            return
        everything = notice is None or notice.everything
        if everything or notice.touches("complaint"):
            self._show_subtitle()
            if self.stack.currentIndex() == LIST:
                self.list_view.refresh()
        case = self.case_view.case
        if self.stack.currentIndex() == CASE and case and (everything or notice.names("complaint", case.id)):
            try:
                newer = complaints.get_complaint(self.ctx, case.id)
            except CrmError:
                return
            if newer.version == case.version or not self.case_view.todo.dirty:
                self.case_view.show_case(newer, keep=True)
            else:
                self._warn(_("A colleague has changed this complaint."))

    def _warn(self, sentence: str) -> None:
        self._warned = True
        self.banner(sentence, "warning", _("Load again"))

    def _calm(self) -> None:
        if self._warned:
            self._warned = False
            self.banner("")

    def _reload(self) -> None:
        self._calm()
        self._read_case(keep=True)

    def _show(self, place: int) -> None:
        self._calm()
        self.stack.setCurrentIndex(place)
        self._show_subtitle()
        self.hints_changed.emit()
        self.first_focus()

    def _show_subtitle(self) -> None:
        try:
            counts = complaints.count_open(self.ctx)
        except CrmError:
            return
        parts = [
            ngettext("{count} this month", "{count} this month", counts.month).format(count=counts.month),
            _("{count} open").format(count=counts.open),
        ]
        if counts.overdue:
            parts.append(_("{count} overdue").format(count=counts.overdue))
        self.set_subtitle(words.joined(*parts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.stack.currentIndex() != LIST:
            self.keep_draft()
            self.show_list()
        else:
            super().keyPressEvent(event)

    # the list ---------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the list of complaints."""
        self.list_view.refresh()
        self._show(LIST)

    def _new(self) -> None:
        self.new_complaint()

    # a new one --------------------------------------------------------------------------------------------------

    def new_complaint(self, **known: Any) -> None:
        """Open the quick form with what the customer, the call or the visit say; else with what was half typed."""
        names = {name: known.get(name) for name in ("customer_id", "call_id", "visit_id") if known.get(name)}
        try:
            form = complaints.prefill(self.ctx, **names)
        except CrmError as error:
            errors.show_error(self, error)
            return
        texts = {"complainant": known.get("name"), "phone": known.get("phone"), "title": known.get("title")}
        given: dict[str, Any] = {name: clean(str(text)) for name, text in texts.items() if text}
        form = replace(form, **given)
        if not names and not any(texts.values()):
            form = self._draft() or form
        self.new_view.load(form)
        self._show(NEW)

    def _draft(self) -> ComplaintForm | None:
        if not self.new_view.blank:
            return self.new_view.once.stamp(self.new_view.value())
        try:
            found = drafts.find_drafts(self.ctx, DRAFT)
        except CrmError:
            return None
        if not found:
            return None
        names = {field.name for field in dataclasses.fields(ComplaintForm)}
        values = {name: value for name, value in found[0].payload.items() if name in names}
        values["clears"] = tuple(values.get("clears") or ())
        at = values.get("next_reply_at")
        values["next_reply_at"] = datetime.fromisoformat(at) if at else None
        return ComplaintForm(**{"complainant": "", "title": "", **values})

    def _typed(self) -> None:
        if not self._keep_timer.isActive():
            self._keep_timer.start()

    def keep_draft(self) -> None:
        """Write down what is half typed."""
        self._keep_timer.stop()
        if self.stack.currentIndex() != NEW or self.new_view.blank:
            return
        payload = dataclasses.asdict(self.new_view.value())
        at = payload["next_reply_at"]
        payload["next_reply_at"] = at.isoformat() if at else None
        payload["clears"] = list(payload["clears"])
        payload["token"] = self.new_view.once.token
        self._saving = True
        try:
            drafts.save_draft(self.ctx, DRAFT, "new", payload)
        except CrmError as error:
            log.warning("draft not kept: %s", type(error).__name__)
        finally:
            self._saving = False

    def save_new(self) -> None:
        """Open the complaint and show its case (Ctrl+Enter)."""
        view = self.new_view
        if not view.form.check():
            return
        self._saving = True
        try:
            made = complaints.register_complaint(self.ctx, view.once.stamp(view.value()))
        except AlreadySaved as error:
            told = view.once.told(error, view.value())
            self._new_is_kept()
            self.open_case(error.record_id)
            errors.show_error(self, told)
            return
        except CrmError as error:
            errors.show_error(self, error, view.form)
            return
        finally:
            self._saving = False
        self._new_is_kept()
        if made.severity == "major":
            sentence, tone = _("Complaint {number} is major: please tell the manager now. (CMP-08)"), "danger"
        else:
            sentence, tone = _("Complaint {number} is open."), "ok"
        self.say(sentence.format(number=made.number), tone)
        self.open_case(made.id)

    def _new_is_kept(self) -> None:
        """Empty the form and its draft."""
        self._keep_timer.stop()
        self.new_view.load(ComplaintForm("", ""))
        try:
            drafts.drop_draft(self.ctx, DRAFT, "new")
        except CrmError as error:
            log.warning("draft not dropped: %s", type(error).__name__)
        self.saved.emit()

    # the case ---------------------------------------------------------------------------------------------------

    def open_case(self, complaint_id: int) -> None:
        """Show one complaint."""
        try:
            people = [(person.id, person.name) for person in find_staff(self.ctx)]
            case = complaints.get_complaint(self.ctx, complaint_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.case_view.todo.set_people(list(people))
        self.case_view.note_edit.set_value("")
        self.case_view.show_case(case)
        self._show(CASE)

    def _read_case(self, *, keep: bool = False) -> None:
        if (case := self.case_view.case) is None:
            return
        try:
            self.case_view.show_case(complaints.get_complaint(self.ctx, case.id), keep=keep)
        except CrmError as error:
            errors.show_error(self, error)
        else:
            self.due_sheet.follow(self.case_view.case)

    def _run(self, work: Any, *arguments: Any, **named: Any) -> bool:
        """Call the service; say what it refuses; True when it was done."""
        self._saving = True
        try:
            work(self.ctx, *arguments, **named)
        except ConflictError as error:
            self._warn(error.message)
            return False
        except ValidationError as error:
            self.case_view.todo.show_errors(error.fields, error.clause)
            return False
        except CrmError as error:
            errors.show_error(self, error)
            return False
        finally:
            self._saving = False
        self.saved.emit()
        self._show_subtitle()
        return True

    def _act(self, action: str, values: dict[str, Any]) -> None:
        if (case := self.case_view.case) is None:
            return
        self._step(complaints.act, case.id, case.version, action, values)
        now = self.case_view.case
        if now is None or now.version == case.version:
            return
        if now.undo is None:  # said all the same: an older offer to undo must not stay
            self.say(words.joined(now.number, now.state_title))
        else:
            self._acted = case.id
            self.offer(words.joined(now.number, now.state_title), _("Undo"))

    _acted = 0

    def _take_back(self) -> None:
        if (case := self.case_view.case) is None or case.id != self._acted or self.stack.currentIndex() != CASE:
            self.open_case(self._acted)
        self._other("undo")

    def _step(self, work: Any, *arguments: Any) -> None:
        if self._run(work, *arguments):
            self._calm()
            self._read_case()
            self._focus_case()

    def _add_note(self, text: str) -> None:
        if (case := self.case_view.case) is not None and self._run(complaints.add_note, case.id, text):
            self.case_view.note_edit.set_value("")
            self._read_case(keep=True)

    def _other(self, what: str) -> None:
        if (case := self.case_view.case) is None:
            return
        if what == "undo":
            self._step(undo_step, "complaint", case.id, case.version)
            return
        typed = dialogs.get_text(self, _("When does the customer get the next reply? (today 15:00, +1 10:00)"))
        if typed is None:
            return
        reader = MomentEdit(self.ctx.clock.today, hour=15)
        reader.setText(typed)
        at, problem = reader.value(), reader.problem()
        reader.deleteLater()
        if problem:
            self.case_view.todo.show_errors({"next_reply": problem}, "CMP-04")
            return
        work = complaints.count_not_reached if what == "not_reached" else complaints.set_next_reply
        if self._run(work, case.id, case.version, words.to_utc(self.ctx, at)):
            self.case_view.todo.show_errors({})
            self._read_case(keep=True)

    def _explain(self) -> None:
        if self.case_view.case is not None:
            self.due_sheet.open(self.case_view.case)

    def _clock_changed(self) -> None:
        self._read_case(keep=True)

    def _view_changed(self, place: int) -> None:
        self.due_sheet.follow(self.case_view.case if place == CASE else None)

    def print_form(self) -> None:
        """Fill in the form as the case stands and show it for printing (Ctrl+P)."""
        if (case := self.case_view.case) is None:
            return
        try:
            paper = complaints.freeze_sheet(self.ctx, case.id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        show_papers(self, self.ctx, [paper])
        self._read_case(keep=True)

    def _open_customer(self, customer_id: int) -> None:
        self.open("customers", id=customer_id)


PAGE = PageSpec("complaints", N_("Complaints"), "message-square-warning", Right.COMPLAINT_OPEN, ComplaintsPage)
