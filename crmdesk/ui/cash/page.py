"""The till (唱收唱付): due, received and change in large type, the sentence to say, Enter finishes (SET-07)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError, NeedsConfirmation
from crmdesk.core.i18n import N_, _, pgettext
from crmdesk.core.money import format_number, parse_money, quantize
from crmdesk.core.text import half_width
from crmdesk.rules.rights import Right
from crmdesk.rules.sales import cash_sentence
from crmdesk.services import cash
from crmdesk.services.sale_lists import OPEN, SaleCard
from crmdesk.services.sales import get_sale
from crmdesk.ui import dialogs, errors
from crmdesk.ui.cash.parts import TillParts
from crmdesk.ui.cash.pieces import joined
from crmdesk.ui.once import Once
from crmdesk.ui.page import KeyHints, PageSpec
from crmdesk.ui.papers.preview import print_now


class CashPage(TillParts):
    """Takes the money for one slip."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.card: SaleCard | None = None
        self.taken: cash.Taken | None = None
        self.once = Once()
        self._notes: list[Decimal] = []
        self._with_balance = True
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.amount_edit.textEdited.connect(self._typed)
        self.amount_edit.installEventFilter(self)
        self.method.value_changed.connect(self._method_changed)
        self.leave_button.clicked.connect(self.back)
        self.exact_button.clicked.connect(self.take_exact)
        self.clear_button.clicked.connect(self.clear)
        self.back_button.clicked.connect(self.step_back)
        self.finish_button.clicked.connect(self.finish)
        self.scope_button.clicked.connect(self._scope_changed)
        self.signed.value_changed.connect(self._signed_changed)
        self.return_button.clicked.connect(self._open_packing)
        for key in self.keys:
            key.pressed_note.connect(self.add_note)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.title_label.setText(_("Taking payment"))
        self.method.setAccessibleName(_("How it is paid"))
        self.leave_button.setText(pgettext("till", "Leave"))
        self.notes_label.setText(_("Notes and coins"))
        self.notes_hint.setText(_("one press, one piece"))
        self.exact_button.setText(_("Exact"))
        self.clear_button.setText(_("Clear"))
        self.back_button.setText(_("Undo last"))
        self.say_label.setText(_("Please say"))
        self.amount_edit.setAccessibleName(pgettext("till", "Received"))
        self._show()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.taken is not None:
            return [("Enter", "")]
        notes = [("1", _("Notes and coins")), ("=", "")] if self.method.value() == "cash" else []
        return [("Enter", ""), *notes, ("S", _("Signed")), ("F6", ""), ("Esc", "")]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return ["SET-06", "SET-07", "SET-08", "ORD-12"]

    def load(self, **arguments: Any) -> None:
        """Take the money for ``sale_id`` (or ``id``)."""
        found = arguments.get("sale_id") or arguments.get("id")
        self.taken, self._with_balance = None, True
        self.once.renew()
        self._notes.clear()
        self.amount_edit.clear()
        self.method.set_value("cash")
        self.card = None
        if found:
            self._read(int(found))
        self._notes_of_currency()
        self._show()

    def refresh(self, notice: Any = None) -> None:
        """Read the slip again; what is typed stays."""
        if self.card is not None and self.taken is None:
            self._read(self.card.id)
            self._show()

    def _read(self, sale_id: int) -> None:
        try:
            self.card = get_sale(self.ctx, sale_id)
        except CrmError as error:
            errors.show_error(self, error)
        self.signed.set_value(self.card is not None and self.card.signed_at is not None)

    def _signed_changed(self) -> None:
        """Keep at once that the slip is signed, with who saw it and when: the next one at the till needs not ask."""
        card = self.card
        if card is not None and self.taken is None and card.state in OPEN:
            try:
                cash.sign_slip(self.ctx, card.id, card.version, on=bool(self.signed.value()))
            except CrmError as error:
                errors.show_error(self, error)
            self._read(card.id)
        self._show()

    def _open_packing(self) -> None:
        if self.card is not None:
            self.open("packing", sale_id=self.card.id)

    def first_focus(self) -> None:
        """Start in the amount received."""
        self.amount_edit.setFocus()

    # amounts ----------------------------------------------------------------------------------------------------

    @property
    def currency(self) -> str:
        """The slip's currency."""
        return self.card.currency if self.card else self.ctx.office.currency

    def amount_due(self) -> Decimal:
        """Return what is to be paid, with what was owed before unless only this slip is paid."""
        if self.card is None:
            return Decimal(0)
        if self.card.refund:
            return self.card.due
        return self.card.due if self._with_balance else self.card.left

    def amount_received(self) -> Decimal:
        """Return what was handed over so far; 0 while nothing readable is typed."""
        if self._notes:
            return sum(self._notes, Decimal(0))
        text = half_width(self.amount_edit.text()).strip()
        try:
            return quantize(parse_money(text), self.currency) if text else Decimal(0)
        except CrmError:
            return Decimal(0)

    def add_note(self, note: Decimal) -> None:
        """Add one note or coin to what was received."""
        if self.taken is None:
            self._notes.append(note)
            self._write_received()

    def step_back(self) -> None:
        """Take the last note back, or the last digit."""
        if self._notes:
            self._notes.pop()
            self._write_received()
        else:
            self.amount_edit.setText(self.amount_edit.text()[:-1])
            self._show()

    def clear(self) -> None:
        """Start counting again."""
        self._notes.clear()
        self._write_received()
        self.amount_edit.setFocus()

    def take_exact(self) -> None:
        """The customer gives exactly what is due."""
        self._notes.clear()
        self.amount_edit.setText(_number(max(self.amount_due(), Decimal(0))))
        self._show()
        self.amount_edit.setFocus()

    def _write_received(self) -> None:
        total = sum(self._notes, Decimal(0))
        self.amount_edit.setText(_number(total) if total else "")
        self._show()

    def _typed(self, text: str) -> None:
        self._notes.clear()
        self._show()

    def _method_changed(self) -> None:
        self._notes.clear()
        self.amount_edit.clear()
        if self.method.value() == "transfer":
            self.amount_edit.setText(_number(max(self.amount_due(), Decimal(0))))
        self._show()
        self.amount_edit.setFocus()

    def _scope_changed(self) -> None:
        self._with_balance = not self._with_balance
        self._show()

    # keys -------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        typing = watched is self.amount_edit and event.type() == QEvent.Type.KeyPress
        if typing and isinstance(event, QKeyEvent) and self._pressed(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._pressed(event):
            super().keyPressEvent(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        """Digits of the pad count notes with Alt; typed digits are an amount. Letters have no place in an amount."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif key == Qt.Key.Key_Escape:
            self.back()
        elif self.taken is not None:
            return False
        elif event.text() == "=":
            self.take_exact()
        elif key == Qt.Key.Key_S and not event.modifiers():
            self.signed.set_value(not self.signed.value())
            self._signed_changed()
        elif key == Qt.Key.Key_Backspace and self._notes:
            self.step_back()
        elif event.text() in "123456789" and event.text() and self._counts_notes(event):
            place = int(event.text()) - 1
            if place < len(self.keys) and self.keys[place].isVisible():
                self.add_note(self.keys[place].note)
        else:
            return False
        return True

    def _counts_notes(self, event: QKeyEvent) -> bool:
        """A digit means a note while nothing was typed as an amount; after 0 or with a field full it is a digit."""
        return self.method.value() == "cash" and (bool(self._notes) or not self.amount_edit.text())

    # taking -----------------------------------------------------------------------------------------------------

    def problem(self) -> str:
        """Return why the money can't be taken yet, '' if it can."""
        method, received, due = self.method.value(), self.amount_received(), self.amount_due()
        if self.card is None:
            return _("There is no slip to be paid.")
        if not self._payable():
            return _("This slip is “{state}”.").format(state=self.card.state_title)
        if self.card.refund and method != "cash":
            return _("What was paid too much is given back in cash.")
        if self.card.returns_unsigned and method != "deposit":
            return _("The return slip must be checked and signed before payment.")
        if method in ("cash", "transfer") and received < due:
            return _("{amount} is still missing.").format(amount=_number(due - received))
        if method == "deposit" and not 0 < received < due:
            return _("A deposit is more than nothing and less than {due}.").format(due=_number(due))
        if method != "deposit" and not self.signed.value() and not self.card.refund:
            return _("The slip must be signed before payment.")
        return ""

    def _payable(self) -> bool:
        return self.card is not None and (self.card.state in OPEN or bool(self.card.refund))

    def finish(self) -> None:
        """Take the money once and print the receipt; a second Enter leaves."""
        if self.taken is not None:
            self.back()
            return
        if self.problem() or self.card is None:
            self._show()
            if self.card and self.amount_received() >= self.amount_due() and not self.signed.value():
                self.signed.setFocus()
            else:
                self.amount_edit.setFocus()
            return
        self._take(frozenset())

    def _take(self, confirmed: frozenset[str]) -> None:
        assert self.card is not None
        try:
            self.taken = cash.take_payment(
                self.ctx, self.card.id, self.card.version, method=str(self.method.value()),
                received=self.amount_received(), signed=bool(self.signed.value()), with_balance=self._with_balance,
                confirmed=confirmed, token=self.once.token,
            )  # fmt: skip
        except NeedsConfirmation as question:
            if dialogs.ask(self, question.message, yes=_("On account"), no=_("Back")):
                self._take(confirmed | {question.key})
            return
        except CrmError as error:
            self.sentence_label.setText(error.message)
            self.sentence_label.set_colour("danger")
            return
        self.saved.emit()
        self._show()
        self.finish_button.setFocus()
        if self.taken.paper_id is not None:
            print_now(self, self.ctx, [self.taken.paper_id])

    # showing ----------------------------------------------------------------------------------------------------

    def _notes_of_currency(self) -> None:
        notes = cash.denominations(self.currency)
        for place, key in enumerate(self.keys):
            key.setVisible(place < len(notes))
            if place < len(notes):
                key.set_note(notes[place])

    def _show(self) -> None:
        card, due, received = self.card, self.amount_due(), self.amount_received()
        method = str(self.method.value())
        self.slip_label.setText(joined((card.number, card.customer)) if card else "")
        before = ""
        if card is not None:
            before = _("This slip {slip} + owed before {before}").format(
                slip=_number(card.left), before=_number(card.previous)
            ) if self._with_balance else _("This slip only")  # fmt: skip
            if card.state not in OPEN:
                before = ""
            if card.refund:
                before = _("× after payment: this goes back to the customer.")
            elif card.returned:
                before = joined((before, _("×: {amount} taken off").format(amount=_number(card.returned))))
        if due < 0:
            self.due.show_sum(pgettext("till", "To give back"), before, _number(-due))
        else:
            self.due.show_sum(pgettext("screen", "Amount due"), before, _number(due))
        self.received.show_sum(pgettext("till", "Received"), self._note_words(), "")
        change = self.taken.change if self.taken else received - due
        shown = method == "cash" and (received or due < 0) and change >= 0
        change_words = (
            joined(f"{_number(note)} × {n}" for note, n in cash.count_out(change, self.currency)) if shown else ""
        )
        self.change.show_sum(pgettext("till", "Change"), change_words, _number(change) if shown else "—")
        self._show_live(method)
        self.scope_button.setVisible(
            card is not None and card.state in OPEN and bool(card.previous) and method != "deposit"
        )
        self.scope_button.setText(_("Only this slip") if self._with_balance else _("With what was owed before"))
        self._show_signed(card)
        self._show_sentence(method, received, change)

    def _show_live(self, method: str) -> None:
        """Only what does something now looks as if it did; once the money is taken that is the way out alone."""
        open_ = self.taken is None and self._payable()
        typing = open_ and method != "on_account"
        self.amount_edit.setReadOnly(not typing)
        self.received.set_edge(typing)
        counted = Counter(self._notes)
        for key in self.keys:
            key.set_count(counted.get(key.note, 0))
            key.setEnabled(open_ and method == "cash")
        for widget in (self.exact_button, self.clear_button, self.back_button):
            widget.setEnabled(typing)
        for part in (self.method, self.signed, self.scope_button):
            part.setEnabled(open_)
        self.leave_button.setVisible(self.taken is None)  # the primary is the way out then, and says so

    def _show_signed(self, card: SaleCard | None) -> None:
        note = ""
        if card is not None and card.signed_at is not None:
            at = format_time(self.ctx.clock.local(card.signed_at))
            note = _("Seen by {name}, {time}").format(name=card.signed_by, time=at)
        self.signed_note.setText(note)
        self.signed_note.setVisible(bool(note))
        self.return_button.setVisible(card is not None and bool(card.returned or card.returns_unsigned))
        if card is not None and card.returns_unsigned:
            self.return_button.setText(_("Return slip: not signed yet"))
        elif card is not None:
            self.return_button.setText(_("Return slip {number}: signed").format(number=card.return_number))

    def _note_words(self) -> str:
        counted = Counter(self._notes)
        return joined(f"{_number(note)} × {counted[note]}" for note in sorted(counted, reverse=True))

    def _show_sentence(self, method: str, received: Decimal, change: Decimal) -> None:
        problem = "" if self.taken else self.problem()
        self.sentence_label.set_colour("warning" if problem else "accent")
        if self.taken is not None:
            sentence = self.taken.sentence or _("Written down. The customer owes {amount} now.").format(
                amount=_number(self.taken.balance))  # fmt: skip
        elif problem and not (received >= self.amount_due() and method == "cash" and self._payable()):
            sentence = problem
        elif method == "cash":
            sentence = cash_sentence(received, max(change, Decimal(0)), self.currency)
            self.sentence_label.set_colour("accent")
        else:
            sentence = _(cash.METHODS[method])
        self.sentence_label.setText(sentence)
        self.say_label.setText(problem if problem and sentence != problem else _("Please say"))
        self.say_label.setVisible(not problem or sentence != problem)  # what is missing is said to nobody
        self.say_label.set_colour("warning" if problem and sentence != problem else "muted")
        self.finish_button.set_ready(not problem, problem)
        word = _("Given back, print receipt") if self.card and self.card.refund else _("Received, print receipt")
        self.finish_button.setText(pgettext("till", "Leave") if self.taken else word)


def _number(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return format_number(amount.quantize(Decimal(1)) if whole else amount)


PAGE = PageSpec("cash", N_("Cash"), "hand-coins", Right.CASH, CashPage, rail=False, parent="sales")
