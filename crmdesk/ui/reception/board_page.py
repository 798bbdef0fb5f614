"""What the reception's page shows: the board, the keys, and one sheet beside the board."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.errors import ConflictError, CrmError
from crmdesk.core.i18n import _, ngettext
from crmdesk.services import visits
from crmdesk.services.visits import VisitRow
from crmdesk.ui import errors
from crmdesk.ui.page import Page
from crmdesk.ui.reception import words
from crmdesk.ui.reception.board import BoardView
from crmdesk.ui.reception.guest_sheet import GuestSheet
from crmdesk.ui.reception.keys_card import KeysCard
from crmdesk.ui.reception.past_visits import PastVisits
from crmdesk.ui.reception.send_off import SendOffSheet
from crmdesk.ui.reception.sheet import Sheet
from crmdesk.ui.reception.step_sheets import AssignSheet, KeySheet
from crmdesk.ui.reception.toolbar import Toolbar

TICK_MS = 1000
SHEET_WIDTH = 456


class BoardPage(Page):
    """Shows the visits and their minutes and keeps them fresh; what is done to them stands in ``ReceptionPage``."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._other: VisitRow | None = None  # a visit that is not on the board: it left, or is booked for later
        self._writing = False
        self.toolbar = Toolbar()
        self.body.addWidget(self.toolbar)
        self.board = BoardView(ctx)
        self.guest_sheet = GuestSheet(ctx)
        self.assign_sheet = AssignSheet(ctx)
        self.key_sheet = KeySheet(ctx)
        self.send_off_sheet = SendOffSheet(ctx)
        self.sheets: tuple[Sheet, ...] = (self.guest_sheet, self.assign_sheet, self.key_sheet, self.send_off_sheet)
        self.middle = QWidget()
        middle = QHBoxLayout(self.middle)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(12)
        middle.addWidget(self.board, 1)
        for sheet in self.sheets:
            sheet.setFixedWidth(SHEET_WIDTH)
            sheet.hide()
            middle.addWidget(sheet)
        self.body.setSpacing(10)
        self.body.addWidget(self.middle, 1)
        self.keys_card = KeysCard(ctx)
        self.keys_card.failed.connect(self._failed)
        self.body.addWidget(self.keys_card)
        self.past = PastVisits(ctx)
        self.past.hide()
        self.body.addWidget(self.past, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._escape = QShortcut(QKeySequence("Esc"), self)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.activated.connect(self.close_sheet)
        self._escape.setEnabled(False)
        self.board.chosen_changed.connect(self._chosen_changed)
        self.board.opened.connect(self.open_visit)
        for sheet in self.sheets:
            sheet.closed.connect(self.close_sheet)
            sheet.saved.connect(self._sheet_saved)
            sheet.failed.connect(self._failed)
        self.guest_sheet.told.connect(self._told)
        self.retranslate()

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.toolbar.retranslate()
        for sheet in self.sheets:
            sheet.retranslate()
        self.past.retranslate()
        if not self.past.isHidden():
            self.past.refresh()
        self.board.show_board(self.board.board, visits.count_greeted(self.ctx, self.board.board))
        self._show_all()

    def first_focus(self) -> None:
        """Put the focus on the open sheet, else on the chosen card."""
        sheet = self.sheet()
        if not self.past.isHidden():
            self.past.listing.first_focus()
        elif sheet is not None:
            sheet.first_focus()
        elif not self.board.focus_chosen():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved; a form being typed in is never overwritten."""
        if self._writing or not (notice is None or notice.everything or notice.touches("visit", "sale", "customer")):
            return
        self.reload()
        if not self.past.isHidden():
            self.past.refresh()

    def reload(self) -> None:
        """Read the board again."""
        try:
            board = visits.find_board(self.ctx)
            figure = visits.count_greeted(self.ctx, board)
            if self._other is not None:
                self._other = visits.get_visit(self.ctx, self._other.id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.board.show_board(board, figure)
        visit = self.visit()
        sheet = self.sheet()
        if visit is not None and sheet is not None and sheet.visit is not None and sheet.visit.id == visit.id:
            if sheet is self.send_off_sheet and visit.state != "leaving":
                self.close_sheet()
            else:
                sheet.show_visit(visit)
        self._show_all()

    def tick(self) -> None:
        """Let the minutes go on; called every second while the page is seen."""
        self.board.show_time()
        self._show_context()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tick()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # what is shown ----------------------------------------------------------------------------------------------

    def visit(self) -> VisitRow | None:
        """Return the visit the buttons are about."""
        return self._other or self.board.chosen()

    def sheet(self) -> Sheet | None:
        """Return the open sheet."""
        return next((sheet for sheet in self.sheets if not sheet.isHidden()), None)

    def _show_all(self) -> None:
        self._show_subtitle()
        self.keys_card.show_board(self.ctx, self.board.board)
        self._show_context()

    def _show_subtitle(self) -> None:
        board = self.board.board
        count, left = len(board.in_house), len(board.left)
        here = ngettext("{count} in the house", "{count} in the house", count).format(count=count)
        gone = ngettext("{count} left today", "{count} left today", left).format(count=left)
        text = _("{here} · {gone}").format(here=here, gone=gone)
        if text != self.subtitle:
            self.set_subtitle(text)

    def _show_context(self) -> None:
        visit = self.visit()
        writing = not self.guest_sheet.isHidden()
        self.toolbar.show_check_in(is_open=writing and self.guest_sheet.visit is None)
        if visit is None:
            self.toolbar.show_visit(None, None, writing=writing)
            self.toolbar.show_advice("", None)
            return
        steps = visits.find_steps(self.ctx, visit)
        self.toolbar.show_visit(visit, words.main_step(visit, steps), writing=writing)
        if self.send_off_sheet.isHidden():
            self.toolbar.show_advice(visit.name, words.advise(self.ctx, visit, steps, self.ctx.clock.now()))
        else:
            self.toolbar.show_advice("", None)  # the sheet says it in full

    def _chosen_changed(self) -> None:
        self._other = None
        visit, sheet = self.visit(), self.sheet()
        if visit is not None and sheet is not None and sheet.visit is not None and sheet.visit.id != visit.id:
            self.close_sheet()
        self._show_context()

    # the list of visits -----------------------------------------------------------------------------------------

    def show_past(self) -> None:
        """Show the list of visits in place of the board (F6)."""
        if self.sheet() is not None:
            self.close_sheet()
        for widget in (self.toolbar, self.middle, self.keys_card):
            widget.hide()
        self.past.show()
        self.past.begin()
        self.hints_changed.emit()

    def close_past(self) -> None:
        """Go back from the list to the board."""
        if self.past.isHidden():
            return
        self.past.hide()
        for widget in (self.toolbar, self.middle, self.keys_card):
            widget.show()
        self.first_focus()
        self.hints_changed.emit()

    # sheets -----------------------------------------------------------------------------------------------------

    def _open_sheet(self, wanted: Sheet) -> None:
        wanted.show()
        wanted.first_focus()  # before anything is hidden: a hidden card would hand the focus, and the choice, on
        for sheet in self.sheets:
            sheet.setVisible(sheet is wanted)
        self.board.set_narrow(True)
        self.keys_card.setVisible(wanted is self.key_sheet or wanted is self.assign_sheet)
        self._escape.setEnabled(True)
        self._show_context()
        self.hints_changed.emit()

    def close_sheet(self) -> None:
        """Close the sheet; what was typed in the check-in stays for the next F3."""
        self._other = None
        self.board.set_narrow(False)
        if self.isVisible() and not self.board.focus_chosen():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        for sheet in self.sheets:
            sheet.hide()
        self.keys_card.show()
        self._escape.setEnabled(False)
        self._show_context()
        self.hints_changed.emit()

    def _sheet_saved(self, visit_id: int) -> None:
        sheet = self.sheet()
        self.saved.emit()
        if sheet is self.guest_sheet and sheet.visit is None:
            self.close_sheet()
            self.reload()
            self.board.choose(visit_id)
            self.board.focus_chosen()
            self._say_checked_in(visit_id)
        elif sheet is not self.send_off_sheet:
            self.close_sheet()
            self.reload()
            self.first_focus()
        else:
            self.reload()

    def _say_checked_in(self, visit_id: int) -> None:
        visit = self.visit()
        if visit is not None and visit.id == visit_id:
            self.say(_("{name} is checked in: {number}").format(name=visit.name, number=visit.number))
        else:
            self.say(_("The booking is written down."))

    def _told(self, sentence: str) -> None:
        self.say(sentence, "info")

    def _failed(self, error: CrmError) -> None:
        errors.show_error(self, error)
        if isinstance(error, ConflictError):
            self.reload()

    def check_in(self, _checked: bool = False, **whom: Any) -> None:
        """Open the check-in (F3)."""
        self.close_past()
        self._other = None
        self.guest_sheet.board = self.board.board
        self.guest_sheet.begin(**whom)
        self._open_sheet(self.guest_sheet)

    def show_visit(self, visit_id: int) -> None:
        """Choose a visit and open its sheet, on the board or not."""
        try:
            visit = visits.get_visit(self.ctx, visit_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.open_visit(visit)

    def open_visit(self, visit: VisitRow) -> None:
        """Open the sheet of a visit: the send-off when the guest leaves, else the form."""
        self.close_past()
        if self.board.card(visit.id) is not None:
            self.board.choose(visit.id)
            self._other = None
        else:
            self._other = visit
        if visit.state == "leaving":
            self._open_send_off(visit)
            return
        self.guest_sheet.show_visit(visit)
        self._open_sheet(self.guest_sheet)

    def _open_send_off(self, visit: VisitRow) -> None:
        self.send_off_sheet.show_visit(visit)
        self._open_sheet(self.send_off_sheet)
