"""Deposits and payments on the customer's card, for who may see money (CRM-30)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crmdesk.core.dates import format_day
from crmdesk.core.errors import AlreadySaved, CrmError, ValidationError
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.core.money import format_number
from crmdesk.rules.rights import Right
from crmdesk.services import deposits
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.services.deposits import DepositForm, DepositRow
from crmdesk.ui import dialogs, errors
from crmdesk.ui.once import Once
from crmdesk.ui.widgets import Button, FormGrid, Label, MoneyEdit, Rule, Scroll, TextEdit, row

KINDS = {
    "opening": N_("Opening balance"), "sale": N_("Sales slip"), "payment": N_("Payment"), "refund": N_("Refund"),
    "return": N_("Return"), "void": N_("Voided"),
}  # fmt: skip


class DepositsTab(Scroll):
    """The deposits with the button that gives one back, a line to take another, the account below."""

    said = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        self.host = QWidget()
        super().__init__(self.host, parent=parent)
        self.ctx = ctx
        self._id = 0
        self._once = Once()
        view = QVBoxLayout(self.host)
        view.setContentsMargins(0, 8, 8, 4)
        view.setSpacing(8)
        self.closed = Label("", "body", "muted", wrap=True)
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        self.form = FormGrid(columns=3)
        self.form.add("amount", N_("Amount"), MoneyEdit())
        self.form.add("purpose", N_("For"), TextEdit(max_length=deposits.PURPOSE_LENGTH), span=2)
        self.form.finished.connect(self.save)
        self.save_button = Button("", icon="plus", size="row")
        self.save_button.clicked.connect(self.save)
        self.rule = Rule()
        self.title = Label("", "label_strong", "muted")
        self.account = QGridLayout()
        self.account.setVerticalSpacing(6)
        self.account.setColumnStretch(1, 1)
        view.addWidget(self.closed)
        view.addLayout(self.list)
        view.addWidget(self.form)
        view.addLayout(row(self.save_button, None))
        view.addWidget(self.rule)
        view.addWidget(self.title)
        view.addLayout(self.account)
        view.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.save_button.setText(_("Take the deposit"))
        self.title.setText(_("Account"))
        self.closed.setText(_("Money is kept closed: your role may not see it."))
        if self._id:
            self.load()

    def show_card(self, card: CustomerCard) -> None:
        """Show the deposits of this customer."""
        if card.id != self._id:
            self._id = card.id
            self._once.renew()
            self.form.load({"amount": None, "purpose": ""})
        self.load()

    def load(self) -> None:
        """Read deposits and account again."""
        may = self.ctx.may(Right.CUSTOMER_PRIVATE)
        self.closed.setVisible(not may)
        for part in (self.form, self.save_button, self.rule, self.title):
            part.setVisible(may)
        _empty(self.list)
        _empty(self.account)
        if not may:
            return
        try:
            kept = deposits.find_deposits(self.ctx, self._id)
            paid = deposits.find_payments(self.ctx, self._id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        if not kept:
            self.list.addWidget(Label(_("No deposits."), "body", "muted"))
        for deposit in kept:
            self.list.addWidget(_Kept(self, deposit))
        for place, line in enumerate(paid):
            day = format_day(self.ctx.clock.local(line.at).date())
            self.account.addWidget(Label(day, "body", "muted"), place, 0)
            self.account.addWidget(Label(_(KINDS.get(line.kind, line.kind)), "body"), place, 1)
            amount = Label(format_number(line.amount, 2), "body", align=Qt.AlignmentFlag.AlignRight)
            self.account.addWidget(amount, place, 2)

    def save(self) -> None:
        """Write the deposit down."""
        if not self.form.check():
            return
        v = self.form.values()
        form = self._once.stamp(DepositForm(self._id, v["amount"] or Decimal(0), str(v["purpose"])))
        try:
            deposits.take_deposit(self.ctx, form)
        except ValidationError as error:
            self.form.set_errors(error.fields)
            return
        except AlreadySaved:
            pass  # the answer to the first try got lost; it is kept
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._once.renew()
        self.form.load({"amount": None, "purpose": ""})
        self.load()
        self.said.emit(_("The deposit is written down."))

    def give_back(self, deposit: DepositRow) -> None:
        """Give a deposit back after asking."""
        amount = format_number(deposit.amount, 2)
        if not dialogs.ask(self, _("Is the deposit of {amount} given back?").format(amount=amount), yes=_("Returned")):
            return
        try:
            deposits.return_deposit(self.ctx, deposit.id, deposit.version)
        except CrmError as error:
            errors.show_error(self, error)
        self.load()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "account"):
            self.retranslate()
        super().changeEvent(event)


class _Kept(QWidget):
    def __init__(self, tab: DepositsTab, deposit: DepositRow) -> None:
        super().__init__()
        self._tab, self._deposit = tab, deposit
        local = tab.ctx.clock.local
        view = QVBoxLayout(self)
        view.setContentsMargins(0, 0, 0, 0)
        view.setSpacing(2)
        line = row(spacing=8)
        open_ = deposit.returned_at is None
        line.addWidget(Label(format_number(deposit.amount, 2), "strong", "text" if open_ else "muted"))
        line.addWidget(Label(deposit.purpose, "body", wrap=True), 1)
        if open_:
            button = Button(_("Give back"), icon="undo-2", size="row")
            button.clicked.connect(self._pressed)
            line.addWidget(button)
        view.addLayout(line)
        words = [_("taken {day} by {name}").format(day=format_day(local(deposit.at).date()), name=deposit.by)]
        if deposit.returned_at is not None:
            day = format_day(local(deposit.returned_at).date())
            words.append(_("returned {day} by {name}").format(day=day, name=deposit.returned_by))
        view.addWidget(Label(dotted(*words), "label", "muted", wrap=True))

    def _pressed(self) -> None:
        self._tab.give_back(self._deposit)


def _empty(layout: Any) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
