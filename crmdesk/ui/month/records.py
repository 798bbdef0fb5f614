"""The records behind a figure of the month: broken ones first; Enter opens one at its desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services.compliance import Case
from crmdesk.ui.widgets import Button, Card, Column, Label, RecordTable, row

RECORD_PAGES = {
    "call": "calls",
    "visit": "reception",
    "sale": "sales",
    "repair": "repairs",
    "complaint": "complaints",
    "customer": "customers",
}


class RecordRow(NamedTuple):
    """A record behind a figure, as its list shows it."""

    id: int
    day: Any
    number: str
    who: str
    what: str
    verdict: str
    verdict_tone: str


RECORD_COLUMNS = (
    Column("day", N_("Day"), 110, kind="day"),
    Column("number", N_("Number"), 140, bold=True),
    Column("who", N_("Who"), 160),
    Column("what", N_("What"), stretch=True),
    Column("verdict", N_("Kept"), 100, kind="pill", tone="verdict_tone"),
)


class RecordsView(Card):
    """A list of records with its heading."""

    record_opened = Signal(str, int)  # page, id
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=1, spacing=0, parent=parent)
        self._records: list[Case] = []
        self.title = Label("", "card")
        self.note = Label("", "label", "muted")
        self.close_button = Button(key="Esc", kind="quiet")
        self.close_button.clicked.connect(self.closed)
        head = row(self.title, 8, self.note, None, self.close_button)
        head.setContentsMargins(20, 12, 12, 8)
        self.table = RecordTable(RECORD_COLUMNS, name="month-records")
        self.table.opened.connect(self._opened)
        self.body.addLayout(head)
        self.body.addWidget(self.table, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.close_button.setText(_("Go back"))
        self.table.setAccessibleName(_("Records behind the figure"))
        self.table.set_empty(N_("There is nothing behind this figure."))

    def show_records(self, title: str, records: Sequence[Case], clock: Any, *, judged: bool) -> None:
        """Show records; ``judged`` with what became of each."""
        self._records = list(records)
        self.title.setText(title)
        count = len(self._records)
        self.note.setText(ngettext("{count} record", "{count} records", count).format(count=count))
        self.table.set_columns_hidden(*([] if judged else ["verdict"]))
        self.table.set_rows([_row(place, record, clock, judged) for place, record in enumerate(self._records)])
        self.table.select_first()

    def _opened(self, chosen: RecordRow) -> None:
        record = self._records[chosen.id]
        self.record_opened.emit(RECORD_PAGES[record.kind], record.record_id)


def _row(place: int, record: Case, clock: Any, judged: bool) -> RecordRow:
    verdict, tone = "", ""
    if judged:
        verdict, tone = {True: (_("Kept"), "ok"), False: (_("Not kept"), "warning"), None: (_("Still open"), "info")}[
            record.kept
        ]
    return RecordRow(place, clock.local(record.at).date(), record.number, record.who, record.what, verdict, tone)
