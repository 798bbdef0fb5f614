"""The reception's page: board, toolbar, keys, and the sheets beside the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crmdesk.core.errors import ConflictError, CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.rights import Right
from crmdesk.services import visits
from crmdesk.services.visits import BOOKED, Board, VisitRow
from crmdesk.ui import errors
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.reception import words
from crmdesk.ui.reception.board import BoardView
from crmdesk.ui.reception.guest_sheet import LINKS, GuestSheet
from crmdesk.ui.reception.send_off import SendOffSheet
from crmdesk.ui.reception.sheet import Sheet
from crmdesk.ui.reception.step_sheets import AssignSheet, KeySheet
from crmdesk.ui.widgets import Button, Card, ClauseTag, ElideLabel, IconLabel, KeyGrid, KeyState, Label, row

TICK_MS = 1000
SHEET_WIDTH = 456
CONTEXT_ROOM = 200  # pixels the advice may need before the word in front of it gives way


class ReceptionPage(Page):
    """Visits from the door to the send-off (RCPT-01 to RCPT-07, SEND-01 to SEND-06)."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._other: VisitRow | None = None  # a visit that is not on the board: it left, or is booked for later
        self._writing = False
        self._build_toolbar()
        self.board = BoardView(ctx)
        self.guest_sheet = GuestSheet(ctx)
        self.assign_sheet = AssignSheet(ctx)
        self.key_sheet = KeySheet(ctx)
        self.send_off_sheet = SendOffSheet(ctx)
        self.sheets: tuple[Sheet, ...] = (self.guest_sheet, self.assign_sheet, self.key_sheet, self.send_off_sheet)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.board, 1)
        for sheet in self.sheets:
            sheet.setFixedWidth(SHEET_WIDTH)
            sheet.hide()
            middle.addWidget(sheet)
        self.body.setSpacing(10)
        self.body.addLayout(middle, 1)
        self._build_keys()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._connect()
        self.retranslate()

    # building ---------------------------------------------------------------------------------------------------

    def _build_toolbar(self) -> None:
        self.check_in_button = Button("", kind="primary", key="F3", icon="plus")
        self.step_button = Button("", key="Enter")
        self.assign_button = Button("", key="A")
        self.key_button = Button("", key="K")
        self.water_button = Button("", key="W")
        self.leave_button = Button("", key="S")
        self.context_head = Label("", "label", "muted")
        self.context_name = Label("", "strong")
        self.context_words = ElideLabel("", "label", "muted")
        self.context_words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.context_clause = ClauseTag("", self)
        line = row(self.check_in_button, self.step_button, self.assign_button, self.key_button, self.water_button,
                   self.leave_button, None, self.context_head, self.context_name)  # fmt: skip
        line.addWidget(self.context_words, 1)
        line.addWidget(self.context_clause)
        self.body.addLayout(line)

    def _build_keys(self) -> None:
        self.keys_card = Card(margins=(16, 8, 16, 12), spacing=8)
        self.keys_card.add_action(IconLabel("moon", "muted", 14))
        self.closing_label = Label("", "label", "muted")
        self.keys_card.add_action(self.closing_label)
        self.keys_card.add_action(ClauseTag("RCPT-04", self.keys_card))
        self.key_grid = KeyGrid(self.ctx.office.locker_keys)
        self.keys_card.add(self.key_grid)
        self.body.addWidget(self.keys_card)

    def _connect(self) -> None:
        self.check_in_button.clicked.connect(self.check_in)
        self.step_button.clicked.connect(self.next_step)
        self.assign_button.clicked.connect(self.assign)
        self.key_button.clicked.connect(self.use_key)
        self.water_button.clicked.connect(self.serve_water)
        self.leave_button.clicked.connect(self.see_off)
        self.board.chosen_changed.connect(self._chosen_changed)
        self.board.stepped.connect(self._stepped)
        self.board.opened.connect(self.open_visit)
        self.key_grid.pressed.connect(self._key_pressed)
        for sheet in self.sheets:
            sheet.closed.connect(self.close_sheet)
            sheet.saved.connect(self._sheet_saved)
            sheet.failed.connect(self._failed)
        self.guest_sheet.link_asked.connect(self.open_desk)
        self.guest_sheet.booking_meant.connect(self._booked_guest_is_here)
        self.send_off_sheet.step_asked.connect(self._step_from_sheet)
        self.send_off_sheet.key_asked.connect(self.use_key)
        self.send_off_sheet.slip_asked.connect(self._open_slip)
        self._escape = QShortcut(QKeySequence("Esc"), self)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.activated.connect(self.close_sheet)
        self._escape.setEnabled(False)
        for _page, _word, key in LINKS:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(self._link_key)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.check_in_button.setText(_("Check in"))
        self.assign_button.setText(_("Assign"))
        self.water_button.setText(_("Water"))
        self.leave_button.setText(_("See off"))
        self.key_grid.setAccessibleName(_("Locker keys"))
        for sheet in self.sheets:
            sheet.retranslate()
        self.board.show_board(self.board.board, visits.count_greeted(self.ctx, self.board.board))
        self._show_all()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.sheet() is not None:
            return [("F3", _("Check in")), ("Esc", _("Back to the board")), *self._link_hints()]
        return [("F3", _("Check in")), ("←→", _("Lane")), ("Enter", _("Next step")), ("Space", _("Details")),
                *self._link_hints()]  # fmt: skip

    def _link_hints(self) -> KeyHints:
        return [(key, _(word)) for _page, word, key in LINKS]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return [*(f"RCPT-0{n}" for n in range(1, 8)), *(f"SEND-0{n}" for n in range(1, 7)), "PACK-09", "CALL-13"]

    def load(self, **arguments: Any) -> None:
        """Show the board, a check-in (``new=True`` with whom it is for) or one visit (``id``)."""
        self.reload()
        if arguments.get("new"):
            self.check_in(
                customer_id=arguments.get("customer_id"),
                name=str(arguments.get("name") or ""),
                phone=str(arguments.get("phone") or ""),
                purpose=str(arguments.get("purpose") or ""),
            )
        elif visit_id := arguments.get("id") or arguments.get("visit_id"):
            self.show_visit(int(visit_id))

    def first_focus(self) -> None:
        """Put the focus on the open sheet, else on the chosen card."""
        sheet = self.sheet()
        if sheet is not None:
            sheet.first_focus()
        elif not self.board.focus_chosen():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved; a form being typed in is never overwritten."""
        if self._writing or not (notice is None or notice.everything or notice.touches("visit", "sale", "customer")):
            return
        self.reload()

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.sheet() is None:
            self.next_step()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) and self.sheet() is None:
            self.board.focus_chosen()
        else:
            super().keyPressEvent(event)

    # what is shown ----------------------------------------------------------------------------------------------

    def visit(self) -> VisitRow | None:
        """Return the visit the buttons are about."""
        return self._other or self.board.chosen()

    def sheet(self) -> Sheet | None:
        """Return the open sheet."""
        return next((sheet for sheet in self.sheets if not sheet.isHidden()), None)

    def _show_all(self) -> None:
        self._show_subtitle()
        self._show_keys()
        self._show_context()

    def _show_subtitle(self) -> None:
        board = self.board.board
        count, left = len(board.in_house), len(board.left)
        here = ngettext("{count} in the house", "{count} in the house", count).format(count=count)
        gone = ngettext("{count} left today", "{count} left today", left).format(count=left)
        text = _("{here} · {gone}").format(here=here, gone=gone)
        if text != self.subtitle:
            self.set_subtitle(text)

    def _show_keys(self) -> None:
        board, total = self.board.board, self.ctx.office.locker_keys
        states = {
            number: KeyState(words.short_name(visit.name), "warning" if visit.state in ("leaving", "left") else "")
            for number, visit in board.keys.items()
        }
        self.key_grid.set_keys(states, total)
        out = len(states)
        self.keys_card.set_title(_("Locker keys"), _("out {out} · in {rest}").format(out=out, rest=total - out))
        self.closing_label.setText(self._closing_words(board))

    def _closing_words(self, board: Board) -> str:
        guests, keys = len(board.in_house), len(board.keys)
        if not guests and not keys:
            return _("Closing check {time}: nobody in the house, all keys back").format(time=self.ctx.office.closes)
        return _("Closing check {time}: {guests} in the house, {keys} keys out").format(
            time=self.ctx.office.closes, guests=guests, keys=keys
        )

    def _show_context(self) -> None:
        visit = self.visit()
        step = None
        steps = visits.find_steps(self.ctx, visit) if visit is not None else []
        if visit is not None:
            step = words.main_step(visit, steps)
        here = visit is not None and visit.state not in (BOOKED, "left")
        key_out = visit is not None and visit.key_out
        arrive = visit is not None and visit.state == BOOKED
        self.step_button.setText(_("Guest is here") if arrive else step.label if step is not None else _("Next step"))
        self.step_button.set_ready(arrive or (step is not None and step.ready), step.missing[0]
                                   if step is not None and step.missing else "")  # fmt: skip
        self.key_button.setText(_("Key back") if key_out else _("Key"))
        guest_open = not self.guest_sheet.isHidden()
        self.step_button.setEnabled((arrive or step is not None) and not guest_open)
        self.assign_button.setEnabled(here and not guest_open)
        self.key_button.setEnabled((here or key_out) and not guest_open)
        self.water_button.setEnabled(here and visit is not None and visit.water_at is None and not guest_open)
        self.leave_button.setEnabled(here and not guest_open)
        for widget in (self.context_name, self.context_words):
            widget.setVisible(visit is not None)
        if visit is None:
            self.context_head.hide()
            self.context_clause.set_clause("")
            return
        advice = words.advise(self.ctx, visit, steps, self.ctx.clock.now())
        self.context_head.setText(_("Chosen:"))
        self.context_head.setVisible(self.width() > 1100 and self.context_words.sizeHint().width() < CONTEXT_ROOM)
        if self.context_name.text() != visit.name:
            self.context_name.setText(visit.name)
        if self.context_words.text() != advice.text:
            self.context_words.setText(advice.text)
        self.context_words.set_colour(advice.tone)
        if self.context_clause.clause != advice.clause:
            self.context_clause.set_clause(advice.clause)

    def _chosen_changed(self) -> None:
        self._other = None
        visit, sheet = self.visit(), self.sheet()
        if visit is not None and sheet is not None and sheet.visit is not None and sheet.visit.id != visit.id:
            self.close_sheet()
        self._show_context()

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

    def _failed(self, error: CrmError) -> None:
        errors.show_error(self, error)
        if isinstance(error, ConflictError):
            self.reload()

    def check_in(self, _checked: bool = False, **whom: Any) -> None:
        """Open the check-in (F3)."""
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

    # steps ------------------------------------------------------------------------------------------------------

    def _do(self, work: Callable[..., Any], *arguments: Any, **named: Any) -> bool:
        """Call a service, read the board again, and say what was refused."""
        self._writing = True
        try:
            work(self.ctx, *arguments, **named)
        except CrmError as error:
            self._writing = False
            self._failed(error)
            return False
        self._writing = False
        self.saved.emit()
        self.reload()
        return True

    def _stepped(self, visit: VisitRow) -> None:
        self.next_step()

    def next_step(self) -> None:
        """Take the next step of the chosen visit, or go to what it still needs."""
        visit = self.visit()
        if visit is None:
            self.check_in()
            return
        if visit.state == BOOKED:
            self._do(visits.arrive, visit.id, visit.version)
            return
        step = words.main_step(visit, visits.find_steps(self.ctx, visit))
        if step is None:
            self.open_visit(visit)
        elif not step.ready:
            self._go_to_missing(visit, step.missing[0], step.clauses[0])
        else:
            self._take(visit, step.action)

    def _take(self, visit: VisitRow, action: str, reason: str = "") -> None:
        if not self._do(visits.act, visit.id, visit.version, action, reason=reason):
            return
        if action == "leave":
            chosen = self.visit()
            if chosen is not None and chosen.id == visit.id:
                self._open_send_off(chosen)
        elif action == "check_out":
            self.close_sheet()
            self.say(_("{name} has left. Goodbye!").format(name=visit.name))

    def _go_to_missing(self, visit: VisitRow, sentence: str, clause: str) -> None:
        if visit.state == "leaving":
            self._open_send_off(visit)
        elif clause == "RCPT-04":
            self.use_key()
        elif clause == "RCPT-05":
            self.assign()
        elif clause == "RCPT-03" or visit.customer_id is None:
            self.open_visit(visit)
            self.guest_sheet.focus_field("customer" if visit.customer_id is None else "purpose")
        else:
            self.water_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.say(_("{sentence} ({clause})").format(sentence=sentence, clause=clause), "warning")

    def _step_from_sheet(self, action: str) -> None:
        visit = self.send_off_sheet.visit
        if visit is not None:
            reason = str(self.send_off_sheet.reason.value()) if action == "check_out" else ""
            self._take(visit, action, reason)

    def _booked_guest_is_here(self, visit: VisitRow) -> None:
        self.guest_sheet.dirty = False
        self.close_sheet()
        self.board.choose(visit.id)
        self._do(visits.arrive, visit.id, visit.version)
        self.board.focus_chosen()

    def assign(self) -> None:
        """Choose who receives the guest (A)."""
        visit = self.visit()
        if visit is not None:
            self.assign_sheet.offer(visit, self.board.board)
            self._open_sheet(self.assign_sheet)

    def use_key(self) -> None:
        """Give a locker key, or take the one back that is out (K)."""
        visit = self.visit()
        if visit is None:
            return
        if visit.key_out:
            if self._do(visits.return_key, visit.id, visit.version):
                self.say(_("Key {key} is back.").format(key=f"{visit.locker_key:02d}"))
            return
        self.key_sheet.offer(visit, self.board.board)
        self._open_sheet(self.key_sheet)

    def serve_water(self) -> None:
        """Note that the guest was given water (W)."""
        visit = self.visit()
        if visit is not None and self._do(visits.serve_water, visit.id, visit.version):
            self.board.focus_chosen()

    def see_off(self) -> None:
        """Begin the send-off of the chosen guest, whatever they did here (S)."""
        visit = self.visit()
        if visit is None:
            return
        if visit.state == "leaving":
            self._open_send_off(visit)
        else:
            self._take(visit, "leave")

    def _key_pressed(self, number: int) -> None:
        holder = self.board.board.keys.get(number)
        if holder is not None and self.board.card(holder.id) is not None:
            self.board.choose(holder.id)
            self.board.focus_chosen()
        elif holder is not None:  # the guest has left with it
            self._other = holder
            self._show_context()
            self.key_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            visit = self.visit()
            if visit is None or visit.state in (BOOKED, "left") or visit.key_out:
                self.say(_("Key {key} is free.").format(key=f"{number:02d}"), "info")
                return
            if self._do(visits.give_key, visit.id, visit.version, number):
                self.say(_("{name} has key {key}.").format(name=visit.name, key=f"{number:02d}"))

    # other desks ------------------------------------------------------------------------------------------------

    def _link_key(self) -> None:
        sender = self.sender()
        if isinstance(sender, QShortcut):
            pressed = sender.key().toString()
            self.open_desk(next(page for page, _word, key in LINKS if key == pressed))

    def _open_slip(self) -> None:
        self.open_desk("sales")

    def open_desk(self, page: str) -> None:
        """Open a slip, a repair, a complaint or the card of the chosen guest."""
        visit = self.visit()
        if page == "customers":
            if visit is not None and visit.customer_id is not None:
                self.open("customers", customer_id=visit.customer_id)
            return
        arguments: dict[str, Any] = {"new": True}
        if visit is not None:
            if visit.customer_id is None and visit.state != "left":
                self.open_visit(visit)
                self.guest_sheet.focus_field("customer")
                self.say(_("Please register the new customer first."), "warning")
                return
            arguments["customer_id"] = visit.customer_id
            if page == "sales":
                arguments["visit_id"] = visit.id
        self.open(page, **arguments)


PAGE = PageSpec("reception", N_("Reception"), "door-open", Right.VISIT, ReceptionPage)
