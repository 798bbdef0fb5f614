"""The page of repairs: list, intake (F7) and case."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.core.errors import ConflictError, CrmError
from crmdesk.core.i18n import N_, _, dotted, ngettext
from crmdesk.rules.repairs import MACHINE
from crmdesk.rules.rights import Right
from crmdesk.services import repairs
from crmdesk.services.repairs import Photo, StepForm, TakenIn
from crmdesk.services.undo import undo_step
from crmdesk.ui import dialogs, errors
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.papers.preview import show_papers
from crmdesk.ui.repairs import picture
from crmdesk.ui.repairs.case_view import CaseView
from crmdesk.ui.repairs.due_sheet import DueSheet
from crmdesk.ui.repairs.intake import IntakeView
from crmdesk.ui.repairs.list_view import LIST
from crmdesk.ui.repairs.mark_photo import MarkPhoto
from crmdesk.ui.widgets import ListView


class RepairsPage(Page):
    """Everything about repairs (REP-01 to REP-07)."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._writing = False
        self.list_view = ListView(ctx, LIST)
        self.intake = IntakeView(ctx)
        self.case_view = CaseView(ctx)
        self.stack = QStackedWidget()
        for view in (self.list_view, self.intake, self.case_view):
            self.stack.addWidget(view)
        self.body.addWidget(self.stack, 1)
        self.list_view.opened.connect(self.open_repair)
        self.list_view.new_asked.connect(self.begin)
        self.intake.taken_in.connect(self._taken_in)
        self.intake.closed.connect(self.show_list)
        self.intake.failed.connect(self._failed)
        self.intake.told.connect(self._told)
        view = self.case_view
        view.step_asked.connect(self.take_step)
        view.note_asked.connect(self.add_note)
        view.photo_asked.connect(self.add_photo)
        view.panel.undo_asked.connect(self.take_back)
        view.paper_asked.connect(self.show_paper)
        view.customer_asked.connect(self._open_customer)
        view.closed.connect(self.show_list)
        view.explain_asked.connect(self._explain)
        self.due_sheet = DueSheet(self, self._reload_case)
        self.banner_answered.connect(self._reload_case)
        self.offer_taken.connect(self._take_offered_back)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._escape)
        self.retranslate()

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.intake.retranslate()
        self.case_view.retranslate()
        if self.shown is self.list_view:
            self.list_view.refresh()
        if self.shown is self.case_view:
            self.due_sheet.follow(self.case_view.card)
        self._show_subtitle()

    @property
    def shown(self) -> QWidget:
        """The view in front: list, intake or case."""
        return self.stack.currentWidget() or self.list_view

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.shown is self.intake:
            return [("Ctrl+Enter", ""), ("Ctrl+V", _("Paste photo")), ("Ctrl+O", ""), ("Esc", _("All repairs"))]
        if self.shown is self.case_view:
            return [("Ctrl+Enter", ""), ("F4", _("Add a line")), ("Alt+D", ""), ("Ctrl+P", ""), ("Alt+Z", ""),
                    ("Esc", _("All repairs"))]  # fmt: skip
        return [("F7", ""), ("Enter", _("Open the repair")), ("Ctrl+F", _("Search"))]

    def clauses(self) -> list[str]:
        """Return the clauses this page keeps."""
        return ["REP-01", "REP-02", "REP-03", "REP-04", "REP-05", "REP-06", "REP-07"]

    def load(
        self, *, new: bool = False, id: int | None = None, customer_id: int | None = None, name: str = "",
        phone: str = "", item_code: str = "", show: str = "", call_id: int | None = None, **others: Any,
    ) -> None:  # fmt: skip
        """Show one repair, begin an intake (with what is known of the customer), or show the list."""
        if id is not None:
            self.open_repair(id)
        elif new:
            self.begin(customer_id=customer_id, name=name, phone=phone, item_code=item_code, call_id=call_id)
        else:
            self.list_view.show_filter(show)
            self.show_list()

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved; a case somebody writes in is never overwritten."""
        if self._writing:
            return
        everything = notice is None or notice.everything
        if not (everything or notice.touches("repair")):
            return
        self._show_subtitle()
        if self.shown is self.list_view:
            self.list_view.refresh()
        card = self.case_view.card
        if self.shown is self.case_view and card is not None and (everything or notice.names("repair", card.row.id)):
            if self.case_view.dirty:
                self._look_for_newer(card.row.id, card.row.version)
            else:
                self.open_repair(card.row.id)

    def first_focus(self) -> None:
        """Put the focus where work goes on."""
        if self.shown is self.intake:
            self.intake.first_focus()
        elif self.shown is self.case_view:
            self.case_view.first_focus()
        else:
            self.list_view.first_focus()

    # views ------------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the list; an intake half written waits behind F7."""
        self.banner("")
        self._front(self.list_view)
        self.list_view.refresh()
        card = self.case_view.card
        if card is None or not self.list_view.table.select(card.row.id):
            self.list_view.table.select_first()
        self._show_subtitle()
        self.first_focus()

    def begin(
        self, *, customer_id: int | None = None, name: str = "", phone: str = "", item_code: str = "",
        call_id: int | None = None,
    ) -> None:  # fmt: skip
        """Begin an intake, or go on with the one half written; ``call_id`` is the call that asked for it."""
        known = customer_id is not None or bool(name or phone)
        same = customer_id is not None and customer_id == self.intake.customer.customer_id
        if not self.intake.dirty or (known and not same and self._may_drop_intake()):
            self.intake.begin(
                customer_id=customer_id, name=name, phone=phone, item_code=item_code, call_id=call_id
            )
        self.banner("")
        self._front(self.intake)
        self._show_subtitle()
        self.first_focus()

    def _may_drop_intake(self) -> bool:
        return dialogs.ask(
            self, _("A repair is half written. Begin a new one for this customer?"),
            yes=_("Begin a new one"), no=_("Go on writing"),
        )  # fmt: skip

    def open_repair(self, repair_id: int) -> None:
        """Show one repair."""
        try:
            card = repairs.get_repair(self.ctx, repair_id)
        except CrmError as error:
            self._failed(error)
            return
        self.banner("")
        self.case_view.show_card(card)
        self.due_sheet.follow(card)
        if self.shown is not self.case_view:
            self._front(self.case_view)
            self.case_view.first_focus()
        self._show_subtitle()

    def _explain(self) -> None:
        if self.case_view.card is not None:
            self.due_sheet.open(self.case_view.card)

    def _front(self, view: QWidget) -> None:
        self.stack.setCurrentWidget(view)
        if view is not self.case_view:
            self.due_sheet.follow(None)
        self.hints_changed.emit()

    def _escape(self) -> None:
        if self.shown is not self.list_view:
            self.show_list()

    def _show_subtitle(self) -> None:
        try:
            ready, late = repairs.count_repairs(self.ctx)
        except CrmError:
            return
        parts = [ngettext("{count} ready", "{count} ready", ready).format(count=ready)]
        if late:
            parts.append(ngettext("{count} late", "{count} late", late).format(count=late))
        self.set_subtitle(dotted(*parts))

    # deeds ------------------------------------------------------------------------------------------------------

    def _taken_in(self, taken: TakenIn) -> None:
        self.saved.emit()
        self.say(_("Repair {number} is taken in.").format(number=taken.number))
        self.open_repair(taken.id)
        show_papers(self, self.ctx, list(taken.papers))

    def _told(self, sentence: str) -> None:
        self.say(sentence, "info")

    def take_step(self, action: str, form: StepForm) -> None:
        """Take a step of the repair shown."""
        card = self.case_view.card
        if card is None:
            return
        self._writing = True
        try:
            state = repairs.act(self.ctx, card.row.id, card.row.version, action, form)
        except CrmError as error:
            self._failed(error)
            return
        finally:
            self._writing = False
        self.saved.emit()
        self.open_repair(card.row.id)
        self.case_view.first_focus()
        said, card = dotted(card.row.number, MACHINE.label(state)), self.case_view.card or card
        if card.undo is None:
            self.say(said)
        else:
            self._taken_step = card.row.id
            self.offer(said, _("Undo"))

    _taken_step = 0

    def _take_offered_back(self) -> None:
        card = self.case_view.card
        if card is None or card.row.id != self._taken_step or self.shown is not self.case_view:
            self.open_repair(self._taken_step)
        self.take_back()

    def take_back(self) -> None:
        """Take the last step of the repair shown back (Alt+Z)."""
        card = self.case_view.card
        if card is None:
            return
        self._writing = True
        try:
            state = undo_step(self.ctx, "repair", card.row.id, card.row.version)
        except CrmError as error:
            self._failed(error)
            return
        finally:
            self._writing = False
        self.saved.emit()
        self.say(dotted(card.row.number, MACHINE.label(state)))
        self.open_repair(card.row.id)
        self.case_view.first_focus()

    def add_note(self, text: str) -> None:
        """Add a line to the story of the repair shown."""
        card = self.case_view.card
        if card is None:
            return
        self._writing = True
        try:
            repairs.add_note(self.ctx, card.row.id, text)
        except CrmError as error:
            self._failed(error)
            return
        finally:
            self._writing = False
        self.case_view.note_edit.set_value("")
        self.saved.emit()
        self.open_repair(card.row.id)

    def add_photo(self) -> None:
        """Choose a picture file for the repair shown; the part is ringed before it is kept."""
        path = dialogs.open_file(self, _("Photo of the piece"), f"{_('Pictures')} ({picture.FILTER})")
        card = self.case_view.card
        if card is None or not path:
            return
        try:
            self.mark_photo = MarkPhoto(card.row.id, picture.read_file(path), self)
        except CrmError as error:
            self._failed(error)
            return
        self.mark_photo.kept.connect(self._keep_photo)
        self.mark_photo.show()

    def _keep_photo(self, repair_id: int, photo: Photo) -> None:
        self._writing = True
        try:
            card = repairs.get_repair(self.ctx, repair_id)  # another one may be shown by now
            repairs.add_photo(self.ctx, repair_id, card.row.version, photo)
        except CrmError as error:
            self._failed(error)
            return
        finally:
            self._writing = False
        self.saved.emit()
        self.open_repair(repair_id)
        self.say(_("The photo is kept with repair {number}.").format(number=card.row.number))

    def show_paper(self, paper_ids: list[int]) -> None:
        """Open the preview of papers."""
        if paper_ids:
            show_papers(self, self.ctx, paper_ids)

    def _open_customer(self, customer_id: int) -> None:
        self.open("customers", customer_id=customer_id)

    def _look_for_newer(self, repair_id: int, version: int) -> None:
        try:
            card = repairs.get_repair(self.ctx, repair_id)
        except CrmError:
            return  # the line is down or the record is gone: the next step says so
        if card.row.version != version:
            self.banner(_("A colleague has changed this repair."), "warning", _("Load again"))

    def _reload_case(self) -> None:
        card = self.case_view.card
        if card is not None and self.shown is self.case_view:
            self.open_repair(card.row.id)

    def _failed(self, error: CrmError) -> None:
        if isinstance(error, ConflictError):
            self.banner(error.message, "warning", _("Load again"))
        else:
            errors.show_error(self, error)


PAGE = PageSpec("repairs", N_("Repairs"), "wrench", Right.REPAIR, RepairsPage)
