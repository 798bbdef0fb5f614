"""The reception's page: what is done to a visit, step by step, by keys and clicks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.rules.rights import Right
from crmdesk.services import visits
from crmdesk.services.sales import find_sales
from crmdesk.services.steps import machine_of
from crmdesk.services.undo import undo_step
from crmdesk.services.visits import BOOKED, VisitRow
from crmdesk.ui.page import KeyHints, PageSpec
from crmdesk.ui.reception import words
from crmdesk.ui.reception.board_page import BoardPage
from crmdesk.ui.reception.guest_sheet import LINKS


class ReceptionPage(BoardPage):
    """Visits from the door to the send-off (RCPT-01 to RCPT-07, SEND-01 to SEND-06)."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._connect()

    def _connect(self) -> None:
        bar = self.toolbar
        bar.check_in_asked.connect(self.check_in)
        bar.step_asked.connect(self.next_step)
        bar.assign_asked.connect(self.assign)
        bar.key_asked.connect(self.use_key)
        bar.water_asked.connect(self.serve_water)
        bar.leave_asked.connect(self.see_off)
        bar.past_asked.connect(self.show_past)
        self.past.closed.connect(self.close_past)
        self.offer_taken.connect(self._take_offered_back)
        self.past.check_in_asked.connect(self.check_in)
        self.past.here_asked.connect(self.open_visit)
        self.past.failed.connect(self._failed)
        self.past.sheet.customer_asked.connect(self._open_customer)
        self.past.sheet.slip_asked.connect(self._open_old_slip)
        self.board.stepped.connect(self._stepped)
        self.keys_card.pressed.connect(self._key_pressed)
        self.guest_sheet.link_asked.connect(self.open_desk)
        self.guest_sheet.booking_meant.connect(self._booked_guest_is_here)
        self.send_off_sheet.step_asked.connect(self._step_from_sheet)
        self.send_off_sheet.key_asked.connect(self.use_key)
        self.send_off_sheet.slip_asked.connect(self._open_slip)
        for _page, _word, key in LINKS:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(self._link_key)

    # what the frame asks ----------------------------------------------------------------------------------------

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if not self.past.isHidden():
            return [("F3", ""), ("Enter", _("Open")), ("Ctrl+F", _("Search")), ("F6", "")]
        if self.sheet() is not None:
            return [("F3", _("Check in")), ("Ctrl+Enter", ""), ("Esc", _("Back to the board")), *self._link_hints()]
        return [("F3", _("Check in")), ("←→", _("Lane")), ("Enter", ""), ("Space", _("Details")),
                ("Alt+Z", _("Undo")), ("F6", ""), *self._link_hints()]  # fmt: skip

    def _link_hints(self) -> KeyHints:
        return [(key, _(word)) for _page, word, key in LINKS]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return [*(f"RCPT-0{n}" for n in range(1, 8)), *(f"SEND-0{n}" for n in range(1, 7)), "PACK-09", "CALL-13"]

    def load(self, **arguments: Any) -> None:
        """Show the board, a check-in (``new=True`` with whom it is for) or one visit (``id``)."""
        self.reload()
        if arguments.get("show") == "visits":
            self.show_past()
        elif arguments.get("new"):
            self.check_in(
                customer_id=arguments.get("customer_id"),
                name=str(arguments.get("name") or ""),
                phone=str(arguments.get("phone") or ""),
                purpose=str(arguments.get("purpose") or ""),
            )
        elif visit_id := arguments.get("id") or arguments.get("visit_id"):
            self.show_visit(int(visit_id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self.past.isHidden():
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.sheet() is None:
            self.next_step()
        elif key == Qt.Key.Key_Space and self.sheet() is None and (visit := self.visit()) is not None:
            self.open_visit(visit)
        elif key == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.AltModifier and self.sheet() is None:
            self.take_back()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) and self.sheet() is None:
            self.board.focus_chosen()
        else:
            super().keyPressEvent(event)

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
        machine = machine_of(self.ctx, "visit")
        step = machine.transition(visit.state, action)
        if action != "check_out" and step is not None and step.undoable:
            self._stepped_visit = visit.id
            self.offer(dotted(visit.name, machine.label(step.to)), _("Undo"))
        if action == "leave":
            chosen = self.visit()
            if chosen is not None and chosen.id == visit.id:
                self._open_send_off(chosen)
        elif action == "check_out":
            self.close_sheet()
            self.say(_("{name} has left. Goodbye!").format(name=visit.name))

    _stepped_visit = 0

    def _take_offered_back(self) -> None:
        self.close_sheet()
        self.board.choose(self._stepped_visit)
        self.take_back()

    def take_back(self) -> None:
        """Take the last step of the chosen guest back, within minutes (Alt+Z)."""
        visit = self.visit()
        if visit is not None and self._do(undo_step, "visit", visit.id, visit.version):
            self.say(_("{name}: the last step is undone.").format(name=visit.name))
            self.board.focus_chosen()

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
            self.toolbar.water_button.setFocus(Qt.FocusReason.OtherFocusReason)
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
            self.toolbar.key_button.setFocus(Qt.FocusReason.OtherFocusReason)
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
            page = next(page for page, _word, key in LINKS if key == pressed)
            if self.past.isHidden():
                self.open_desk(page)
            else:
                visit = self.past.visit
                self.open(page, new=True, customer_id=visit.customer_id if visit is not None else None)

    def _open_slip(self) -> None:
        self.open_desk("sales")

    def _open_customer(self, customer_id: int) -> None:
        self.open("customers", customer_id=customer_id)

    def _open_old_slip(self, number: str) -> None:
        try:
            found = find_sales(self.ctx, number, limit=1)
        except CrmError as error:
            self._failed(error)
            return
        if found:
            self.open("sales", id=found[0].id)

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
            if page == "sales" and visit.slip_id is not None:
                arguments = {"id": visit.slip_id}  # the bill that is open, not a second one
            elif page == "sales":
                arguments["visit_id"] = visit.id
        self.open(page, **arguments)


PAGE = PageSpec("reception", N_("Reception"), "door-open", Right.VISIT, ReceptionPage)
