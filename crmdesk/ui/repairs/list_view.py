"""The list of repairs: in the house, sent away, ready, late."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services.context import Context
from crmdesk.services.repairs import FILTERS, RepairRow, find_repairs
from crmdesk.ui import errors
from crmdesk.ui.repairs import words
from crmdesk.ui.widgets import Button, Card, Column, Label, RecordTable, SearchBox, Segments, row

COLUMNS = (
    Column("number", N_("Number"), 126, bold=True, second="received"),
    Column("customer", N_("Customer"), 150, bold=True, second="phone"),
    Column("part", N_("Part to repair"), stretch=True, second="item"),
    Column("state_title", N_("State"), 130, kind="pill", tone="state_tone"),
    Column("due", N_("Promised"), 112, tone="due_tone", second="due_note"),
)


class Line(NamedTuple):
    """A repair as the list shows it."""

    id: int
    number: str
    received: str
    customer: str
    phone: str
    part: str
    item: str
    state_title: str
    state_tone: str
    due: str
    due_tone: str
    due_note: str
    due_on: date | None


class RepairListView(QWidget):
    """Filter, search and the table; Enter opens the case."""

    opened = Signal(int)
    new_asked = Signal()
    counted = Signal(int)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.filter = Segments(list(FILTERS.items()), value="open")
        self.search_box = SearchBox(placeholder=N_("Number, name, piece"), key="Ctrl+F", popup=False)
        self.search_box.setMaximumWidth(320)
        self.new_button = Button("", icon="plus", kind="primary", key="F7")
        self.count_label = Label("", "label", "muted")
        head = row(spacing=12)
        head.setContentsMargins(15, 13, 15, 8)
        head.addWidget(self.filter)
        head.addWidget(self.search_box, 1)
        head.addStretch(1)
        head.addWidget(self.count_label)
        head.addWidget(self.new_button)
        self.table = RecordTable(COLUMNS, name="repairs", memory=ctx.settings.windows, row_height=44)
        self.table.set_empty(N_("No repairs here. The next one opens with F7."), N_("Take in a repair"))
        card = Card(margins=1, spacing=0)
        card.add(head)
        card.body.addWidget(self.table, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self.filter.value_changed.connect(self.reload)
        self.search_box.searched.connect(self._searched)
        self.search_box.stepped.connect(self.table.step)
        self.search_box.entered.connect(self._entered)
        self.table.opened.connect(self._opened)
        self.table.first_step.connect(self.new_asked)
        self.new_button.clicked.connect(self.new_asked)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.new_button.setText(_("Take in"))
        self.table.setAccessibleName(_("Repairs"))
        self.filter.setAccessibleName(_("Which repairs"))
        self.search_box.setAccessibleName(_("Search repairs"))

    def show_filter(self, name: str) -> None:
        """Show one group of repairs: a key of FILTERS."""
        self.filter.set_value(name)
        self.reload()

    def reload(self) -> None:
        """Read the list again; the chosen repair stays chosen."""
        try:
            found = find_repairs(self.ctx, self.search_box.text(), show=str(self.filter.value()))
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.table.set_rows([self._line(repair) for repair in found])
        count = len(found)
        self.count_label.setText(ngettext("{count} repair", "{count} repairs", count).format(count=count))
        self.counted.emit(count)

    def _line(self, repair: RepairRow) -> Line:
        today = self.ctx.clock.today()
        received = self.ctx.clock.local(repair.received_at).date()
        return Line(
            repair.id, repair.number, _("taken in {day}").format(day=format_day_short(received)), repair.customer,
            repair.phone, repair.part, repair.item, repair.state_title, words.STATE_TONES.get(repair.state, "neutral"),
            words.day_words(repair.due_on, today), words.due_tone(repair, today), words.due_words(repair, today),
            repair.due_on,
        )  # fmt: skip

    def _searched(self, text: str) -> None:
        self.reload()
        self.table.select_first()

    def _entered(self, text: str) -> None:
        if self.table.current() is None:
            self.table.select_first()
        self.table.open_current()

    def _opened(self, line: Line) -> None:
        self.opened.emit(line.id)
