"""Deposits and payments on the customer's card, for who may see money (CRM-30)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crmdesk.core.dates import format_day
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.core.money import format_money
from crmdesk.rules.rights import Right
from crmdesk.services import deposits
from crmdesk.services.context import Context
from crmdesk.services.deposits import DepositForm, DepositRow
from crmdesk.ui import dialogs
from crmdesk.ui.customers.entry_tab import EntryTab
from crmdesk.ui.widgets import Button, Label, MoneyEdit, Rule, TextEdit, row
from crmdesk.ui.widgets.card import clear

KINDS = {
    "opening": N_("Opening balance"), "sale": N_("Sales slip"), "payment": N_("Payment"), "refund": N_("Refund"),
    "return": N_("Return"), "void": N_("Voided"),
}  # fmt: skip


class DepositsTab(EntryTab):
    """The deposits with the button that gives one back, a line to take another, the account below."""

    KIND = "deposit"

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, Button("", icon="plus", size="row"), columns=3, parent=parent)
        self.closed = Label("", "body", "muted", wrap=True)
        self.form.add("amount", N_("Amount"), MoneyEdit())
        self.form.add("purpose", N_("For"), TextEdit(max_length=deposits.PURPOSE_LENGTH), span=2)
        self.form.finished.connect(self.save)
        self.rule = Rule()
        self.title = Label("", "label_strong", "muted")
        self.account = QGridLayout()
        self.account.setVerticalSpacing(6)
        self.account.setColumnStretch(1, 1)
        self.view.addWidget(self.closed)
        self.view.addLayout(self.list)
        self.view.addWidget(self.form)
        self.view.addLayout(row(self.save_button, None))
        self.view.addWidget(self.rule)
        self.view.addWidget(self.title)
        self.view.addLayout(self.account)
        self.view.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.save_button.setText(_("Take the deposit"))
        self.title.setText(_("Account"))
        self.closed.setText(_("Money is kept closed: your role may not see it."))
        super().retranslate()

    def read(self) -> None:
        """Show deposits and account to who may see them."""
        may = self.ctx.may(Right.CUSTOMER_PRIVATE)
        self.closed.setVisible(not may)
        for part in (self.form, self.save_button, self.rule, self.title):
            part.setVisible(may)
        clear(self.list)
        clear(self.account)
        if not may:
            return
        kept = deposits.find_deposits(self.ctx, self._id)
        paid = deposits.find_payments(self.ctx, self._id)
        if not kept:
            self.list.addWidget(Label(_("No deposits."), "body", "muted"))
        for deposit in kept:
            self.list.addWidget(_Kept(self, deposit))
        for place, line in enumerate(paid):
            day = format_day(self.ctx.clock.local(line.at).date())
            self.account.addWidget(Label(day, "body", "muted"), place, 0)
            self.account.addWidget(Label(_(KINDS.get(line.kind, line.kind)), "body"), place, 1)
            amount = format_money(line.amount, self.ctx.office.currency, symbol=False)
            self.account.addWidget(Label(amount, "body", align=Qt.AlignmentFlag.AlignRight), place, 2)

    def blank(self) -> dict[str, Any]:
        """Return an empty line."""
        return {"amount": None, "purpose": ""}

    def entry(self, values: dict[str, Any]) -> DepositForm:
        """Return what is typed as a deposit."""
        return DepositForm(self._id, values["amount"] or Decimal(0), str(values["purpose"]))

    def store(self, entry: DepositForm) -> str:
        """Write the deposit down."""
        deposits.take_deposit(self.ctx, entry)
        return _("The deposit is written down.")

    def give_back(self, deposit: DepositRow) -> None:
        """Give a deposit back after asking."""
        amount = format_money(deposit.amount, self.ctx.office.currency, symbol=False)
        if dialogs.ask(self, _("Is the deposit of {amount} given back?").format(amount=amount), yes=_("Returned")):
            self.act(deposits.return_deposit, deposit.id, deposit.version)


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
        amount = format_money(deposit.amount, tab.ctx.office.currency, symbol=False)
        line.addWidget(Label(amount, "strong", "text" if open_ else "muted"))
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
