"""How the goods leave and what is to be remembered: customer here or not, carrier, where to, two remarks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.i18n import N_, _, dotted
from crmdesk.services.customers import CustomerCard
from crmdesk.services.sale_lists import SaleForm
from crmdesk.ui.widgets import Button, Card, Choice, FormGrid, NoteEdit, PhoneEdit, Segments, TextEdit, row

WIDTH = 640


class DeliverySheet(Card):
    """A sheet over the slip; ``finished(True)`` when its values are to be taken."""

    finished = Signal(bool)

    def __init__(self, carriers: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(margins=(24, 20, 24, 20), spacing=12, parent=parent)
        self._customer: CustomerCard | None = None
        self.form = FormGrid(columns=2)
        present = Segments([(True, N_("Customer is here")), (False, N_("Customer is not here"))], value=True)
        self.form.add("customer_present", N_("At packing"), present, span=2, clause="PACK-11")
        choices = [("", ""), *((name, name) for name in carriers)]
        self.form.add("delivery", N_("Delivery"), Choice(choices, editable=True, translate=False))
        self.form.add("ship_phone", N_("Phone for the delivery"), PhoneEdit())
        self.form.add("ship_to", N_("Ship to"), TextEdit(max_length=200), span=2,
                      hint=N_("Empty: the customer's address"))  # fmt: skip
        self.form.add("remark", N_("Remark on the slip"), NoteEdit(lines=2, max_length=400), span=2)
        self.form.add("internal_remark", N_("Internal remark, first copy only"), NoteEdit(lines=2, max_length=400),
                      span=2)  # fmt: skip
        self.take_button = Button("", key="Ctrl+Enter", kind="primary")
        self.back_button = Button("", key="Esc")
        self.take_button.clicked.connect(self._take)
        self.back_button.clicked.connect(self._leave)
        self.form.finished.connect(self._take)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.body.addLayout(row(self.take_button, self.back_button, None))
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.set_title(_("Delivery and remarks"))
        self.take_button.setText(_("Apply"))
        self.back_button.setText(_("Back to the slip"))

    def ask(self, form: SaleForm, customer: CustomerCard | None) -> None:
        """Show what the slip says so far; an absent customer's address and phone are offered."""
        self._customer = customer
        names = ("customer_present", "delivery", "ship_phone", "ship_to", "remark", "internal_remark")
        self.form.load({name: getattr(form, name) for name in names})
        field: Any = self.form.field("customer_present")
        field.setFocus()

    def values(self, form: SaleForm) -> SaleForm:
        """Return the slip's form with what was typed here; an absent customer gets the card's address and phone."""
        typed = self.form.values()
        if not typed["customer_present"] and self._customer is not None:
            typed["ship_to"] = typed["ship_to"] or self._customer.address
            typed["ship_phone"] = typed["ship_phone"] or self._customer.phone
        return replace(
            form,
            customer_present=bool(typed["customer_present"]),
            delivery=str(typed["delivery"] or ""),
            ship_to=str(typed["ship_to"] or ""),
            ship_phone=str(typed["ship_phone"] or ""),
            remark=str(typed["remark"] or ""),
            internal_remark=str(typed["internal_remark"] or ""),
        )

    def _take(self) -> None:
        if self.form.check():
            self.finished.emit(True)

    def _leave(self) -> None:
        self.finished.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)


def delivery_words(form: SaleForm) -> str:
    """Return in a few words how the goods leave, for the button on the slip."""
    here = _("Customer is here") if form.customer_present else _("Customer is not here")
    return dotted(here, form.delivery)

