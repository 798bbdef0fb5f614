"""The strip over the customers' list when several are chosen: set one field for all of them, and take it back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.money import format_number
from crmdesk.rules.archive import CARE_LEVELS
from crmdesk.rules.care import WAYS
from crmdesk.rules.rights import Right
from crmdesk.services import customer_bulk
from crmdesk.services.care import tell_customers
from crmdesk.services.customer_bulk import BulkChange
from crmdesk.services.customer_forms import KINDS
from crmdesk.services.staff import find_staff
from crmdesk.services.undo import MINUTES
from crmdesk.ui import dialogs, errors
from crmdesk.ui.widgets import Button, Choice, Label, Well

ACTIVE = {True: N_("In the lists"), False: N_("Put away")}
_MANY = 20  # more than these are asked for first


class BulkStrip(Well):
    """Hidden as long as one customer at most is chosen and nothing can be taken back."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(margins=(12, 6, 8, 6), parent=parent)
        self.ctx = ctx
        self._ids: list[int] = []
        self._last: BulkChange | None = None
        self.count_label = Label("", "strong")
        self.field_choice = Choice([])
        self.value_choice = Choice([], translate=False)
        self.set_button = Button("", kind="primary", size="row", key="Alt+S")
        self.tell_button = Button("", icon="volume-2", size="row", key="Alt+M")
        self.back_button = Button("", icon="undo-2", size="row", key="Alt+Z")
        self.field_choice.setFixedWidth(128)
        self.value_choice.setFixedWidth(132)
        self._set_parts = (self.count_label, self.field_choice, self.value_choice, self.set_button, self.tell_button)
        for part in (*self._set_parts, self.back_button):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(MINUTES * 60_000)
        self._late.timeout.connect(self._forget)
        self.field_choice.value_changed.connect(self._fill_values)
        self.set_button.clicked.connect(self.set_all)
        self.tell_button.clicked.connect(self.tell)
        self.back_button.clicked.connect(self.take_back)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        kept = self.field_choice.value()
        self.field_choice.set_choices(list(customer_bulk.FIELDS.items()))
        self.field_choice.set_value(kept if kept in customer_bulk.FIELDS else "owner_id")
        self.field_choice.setAccessibleName(_("Field"))
        self.value_choice.setAccessibleName(_("Value"))
        self.set_button.setText(_("Set for all"))
        self.tell_button.setText(_("Told…"))
        self.tell_button.setToolTip(_("Write down what these customers were told or invited to"))
        self.back_button.setText(_("Take back"))
        self._show()

    def show_chosen(self, ids: list[int]) -> None:
        """Follow which customers are chosen."""
        self._ids = ids
        self._show()

    def _show(self) -> None:
        several = len(self._ids) > 1 and self.ctx.may(Right.CUSTOMER_EDIT)
        if several and self.isHidden():
            self._fill_values()
        self.count_label.setText(
            ngettext("{count} chosen", "{count} chosen", len(self._ids)).format(count=format_number(len(self._ids)))
        )
        for part in self._set_parts:
            part.setVisible(several)
        self.back_button.setVisible(self._last is not None)
        self.setVisible(several or self._last is not None)

    def _fill_values(self, *_changed: object) -> None:
        field = str(self.field_choice.value())
        values: list[tuple[Any, str]]
        if field in ("owner_id", "custodian_id"):
            try:
                values = [(None, _("Nobody")), *((m.id, m.name) for m in find_staff(self.ctx))]
            except CrmError as error:
                errors.show_error(self, error)
                return
        elif field == "active":
            values = [(value, _(word)) for value, word in ACTIVE.items()]
        else:
            words = KINDS if field == "kind" else CARE_LEVELS
            values = [(value, _(word)) for value, word in words.items()]
        self.value_choice.set_choices(values)
        self.value_choice.set_value(values[0][0])

    def set_all(self) -> None:
        """Set the field for all chosen customers."""
        if len(self._ids) > _MANY:
            question = _("Change {count} customers at once?").format(count=format_number(len(self._ids)))
            if not dialogs.ask(self.window(), question, yes=_("Change"), no=_("Cancel")):
                return
        try:
            change = customer_bulk.change_customers(
                self.ctx, self._ids, str(self.field_choice.value()), self.value_choice.value()
            )
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._last = change if change.count else None
        self._late.start()
        text = ngettext("{count} customer changed.", "{count} customers changed.", change.count)
        self.said.emit(text.format(count=format_number(change.count)))
        self._show()
        self.changed.emit()

    def tell(self) -> None:
        """Write down that all chosen customers got some news or an invitation (CRM-05, CRM-17 to CRM-19)."""
        text = dialogs.get_text(self.window(), _("What were they told or invited to?"))
        if not text:
            return
        way = dialogs.choose(self.window(), _("How was it done?"), [(way, _(word)) for way, word in WAYS.items()])
        if way is None:
            return
        try:
            told = tell_customers(self.ctx, text, self._ids, way)
        except CrmError as error:
            errors.show_error(self, error)
            return
        said = [ngettext("Noted for {count} customer.", "Noted for {count} customers.", told)]
        if left_out := len(self._ids) - told:
            said.append(ngettext("{left} wants no contact.", "{left} want no contact.", left_out))
        self.said.emit(" ".join(said).format(count=format_number(told), left=format_number(left_out)))
        self.changed.emit()

    def take_back(self) -> None:
        """Give the customers what they had before."""
        if self._last is None:
            return
        change, self._last = self._last, None
        try:
            count = customer_bulk.take_back(self.ctx, change)
        except CrmError as error:
            errors.show_error(self, error)
        else:
            text = ngettext("{count} customer as before.", "{count} customers as before.", count)
            self.said.emit(text.format(count=format_number(count)))
        self._show()
        self.changed.emit()

    def _forget(self) -> None:
        self._last = None
        self._show()
