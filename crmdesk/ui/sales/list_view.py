"""The list of slips: search, the open ones or all, Enter opens."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services import sales
from crmdesk.services.sale_lists import SaleRow
from crmdesk.ui.sales.side_panel import money
from crmdesk.ui.widgets import Button, Card, Column, Label, RecordTable, SearchBox, Segments, row

COLUMNS = (
    Column("number", N_("Number"), 120, bold=True),
    Column("opened", N_("Opened"), 140, kind="moment"),
    Column("customer", N_("Customer"), stretch=True, bold=True, second="company"),
    Column("pieces", N_("Pieces"), 80, kind="number"),
    Column("total", N_("Total"), 110, kind="money", bold=True, format=money),
    Column("paid", N_("Paid"), 110, kind="money", format=money),
    Column("state_title", N_("State"), 110, kind="pill", tone="tone"),
    Column("clerk", N_("Clerk"), 100),
)
FILTERS = (("open", N_("Not settled")), ("paid", N_("Paid")), ("", N_("All")))


class ShownSale(NamedTuple):
    """A slip as the list shows it, times local."""

    id: int
    number: str
    opened: Any
    customer: str
    company: str
    pieces: int
    total: Any
    paid: Any
    state_title: str
    tone: str
    clerk: str
    state: str


class SaleListView(QWidget):
    """The list; ``opened(sale id)`` on Enter, ``new_asked`` for the button."""

    opened = Signal(int)
    new_asked = Signal()

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.search = SearchBox(placeholder=N_("Number, name or phone"), key="Ctrl+F", popup=False)
        self.search.setMaximumWidth(360)
        self.filter = Segments(FILTERS, value="open")
        self.count_label = Label("", colour="muted")
        self.new_button = Button(key="F9", kind="primary", icon="plus")
        self.table = RecordTable(COLUMNS, name="sales")
        self.table.set_empty(N_("No sales slips here yet."), N_("New slip"))
        card = Card(margins=1)
        card.body.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(row(self.search, 12, self.filter, 12, self.count_label, None, self.new_button))
        layout.addWidget(card, 1)
        self.search.searched.connect(self._searched)
        self.search.stepped.connect(self.table.step)
        self.search.entered.connect(self._entered)
        self.filter.value_changed.connect(self.refresh)
        self.table.opened.connect(self._opened)
        self.table.first_step.connect(self.new_asked)
        self.new_button.clicked.connect(self.new_asked)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.new_button.setText(_("New slip"))
        self.search.setAccessibleName(_("Search slips"))
        self.filter.setAccessibleName(_("Which slips"))
        self.refresh()

    def refresh(self) -> None:
        """Read the list again."""
        found = sales.find_sales(
            self._ctx, str(self.search.value() or ""), state=str(self.filter.value() or "") or None
        )
        self.table.set_rows([self._shown(sale) for sale in found])
        self.count_label.setText(ngettext("{count} slip", "{count} slips", len(found)).format(count=len(found)))

    def _shown(self, sale: SaleRow) -> ShownSale:
        return ShownSale(
            sale.id, sale.number, self._ctx.clock.local(sale.opened_at), sale.customer, sale.company, sale.pieces,
            sale.total, sale.paid, sale.state_title, sale.tone, sale.clerk, sale.state,
        )  # fmt: skip

    def _searched(self, text: str) -> None:
        self.refresh()

    def _entered(self, text: str) -> None:
        self.refresh()
        self.table.select_first()
        self.table.open_current()

    def _opened(self, shown: ShownSale) -> None:
        self.opened.emit(shown.id)
