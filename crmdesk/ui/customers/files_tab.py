"""Files and photos on the customer's card (CRM-30)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.ui.files.panel import FilesPanel
from crmdesk.ui.widgets import Scroll


class FilesTab(Scroll):
    """``show_card`` lists the files of the card's customer."""

    said = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        self.host = QWidget()
        super().__init__(self.host, parent=parent)
        view = QVBoxLayout(self.host)
        view.setContentsMargins(0, 8, 8, 4)
        self.panel = FilesPanel(ctx)
        self.panel.said.connect(self.said)
        view.addWidget(self.panel)
        view.addStretch(1)

    def show_card(self, card: CustomerCard) -> None:
        """Show the files of this customer."""
        self.panel.show_record("customer", card.id)
