"""Who waits for the item that is shown, and the key that tells them it has come (ORD-08, CRM-08)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, dotted, ngettext
from crmdesk.rules.rights import Right
from crmdesk.services.care import mark_item_arrived
from crmdesk.services.wanted import NOBODY, find_waiting
from crmdesk.ui import errors
from crmdesk.ui.widgets import Button, ClauseTag, ElideLabel, Label, Well, row


class WantedStrip(Well):
    """Hidden while nobody waits; the customers become tasks of Today with one key (``said`` tells how many)."""

    said = Signal(str)
    MOST = 3  # customers named

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(tone="accent", vertical=True, parent=parent)
        self.ctx, self._item_id, self._waiting = ctx, 0, NOBODY
        self.count_label = Label("", "strong")
        self.lines = [ElideLabel("", "label") for _place in range(self.MOST)]
        self.more_label = Label("", "label", "muted")
        self.arrived_button = Button("", icon="package-check", key="F4", kind="primary")
        self.body.setSpacing(4)
        self.body.addLayout(row(self.count_label, None, ClauseTag("ORD-08")))
        for part in (*self.lines, self.more_label):
            self.body.addWidget(part)
        self.body.addSpacing(6)
        self.body.addWidget(self.arrived_button)
        self.arrived_button.clicked.connect(self._arrived)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.arrived_button.setText(_("Arrived: tell them"))
        self._show()

    def show_item(self, item_id: int) -> None:
        """Show who waits for an item; 0 is none."""
        try:
            self._waiting = find_waiting(self.ctx, item_id, limit=self.MOST) if item_id else NOBODY
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._item_id = item_id
        self._show()

    def _show(self) -> None:
        found = self._waiting
        count = ngettext("{count} customer waits for it", "{count} customers wait for it", found.total)
        self.count_label.setText(count.format(count=found.total))
        for label, who in zip(self.lines, (*found.first, *[None] * self.MOST), strict=False):
            label.setVisible(who is not None)
            if who is not None:
                day = format_day_short(self.ctx.clock.local(who.noted_at).date())
                label.setText(dotted(day, who.name, _("to be told") if who.here else "", who.text))
        rest = found.total - len(found.first)
        self.more_label.setText(_("and {count} more").format(count=rest))
        self.more_label.setVisible(rest > 0)
        may = self.ctx.may(Right.CUSTOMER_EDIT) or self.ctx.may(Right.PACK)
        self.arrived_button.setVisible(may and found.missing > 0)
        self.setVisible(found.total > 0)

    def _arrived(self) -> None:
        try:
            count = mark_item_arrived(self.ctx, self._item_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.show_item(self._item_id)
        text = ngettext(
            "{count} customer is to be told: it stands on Today.",
            "{count} customers are to be told: they stand on Today.", count,
        )  # fmt: skip
        self.said.emit(text.format(count=count))
