"""The queue of the packing desk: scan a slip, or take one from the list."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_moment, format_time
from crmdesk.core.i18n import N_, _
from crmdesk.services.context import Context
from crmdesk.services.packing import PackingRow, Queue
from crmdesk.ui.widgets import Button, Card, Column, CountTile, Label, RecordTable, TextEdit, row
from crmdesk.ui.widgets.list_view_tools import ListSource, ListTools

STATES = {
    "waiting": (N_("Waiting"), "neutral"),
    "packing": (N_("Being packed"), "accent"),
    "packed": (N_("To seal"), "warning"),
    "sealed": (N_("Sealed"), "ok"),
}
COLUMNS = (
    Column("state", N_("State"), 130, kind="pill", tone="state_tone"),
    Column("number", N_("Slip"), 130, bold=True),
    Column("customer", N_("Customer"), stretch=True, second="company"),
    Column("procedure", N_("Customer is"), 110, tone="procedure_tone"),
    Column("counter", N_("Counted by"), 120),
    Column("paid", N_("Payment"), 96, kind="pill", tone="paid_tone"),
    Column("time", N_("Time"), 110, plain="at"),
    Column("lines", N_("Lines"), 70, kind="number"),
    Column("pieces", N_("Pieces"), 110, align="right", plain="all_pieces"),
)


class _Line(NamedTuple):
    id: int
    state: str
    state_tone: str
    number: str
    customer: str
    company: str
    procedure: str
    procedure_tone: str
    lines: int
    pieces: str
    counter: str
    paid: str
    paid_tone: str
    time: str
    at: datetime | None
    all_pieces: int


class QueueView(QWidget):
    """Scan field, three figures, and the list."""

    entered = Signal(str)
    opened = Signal(int)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self._queue = Queue()
        self.code_edit = TextEdit(
            size="station", icon="scan-barcode", placeholder=N_("Scan the code of a slip, or type its number")
        )
        self.open_button = Button(kind="primary", key="Enter", size="station")
        self.error = Label("", "body", "danger")
        self.error.hide()
        self.tiles = [CountTile() for _place in range(3)]
        self.table = RecordTable(COLUMNS, name="packing", memory=ctx.settings.windows, row_height=44)
        self.table.set_empty(N_("No slip waits. It appears here as soon as it is printed."))
        self.table.allow_several()
        self.tools = ListTools(ctx, self.table, ListSource("packing", N_("Slips to pack")))  # the queue is shown whole
        self.code_edit.returnPressed.connect(self._enter)
        self.code_edit.textEdited.connect(self._edited)
        self.open_button.clicked.connect(self._enter)
        self.table.opened.connect(self._opened)
        head = Card(spacing=6)
        head.body.addLayout(row(self.code_edit, self.open_button, spacing=12))
        head.body.addWidget(self.error)
        card = Card(margins=1)
        card.body.addWidget(self.table)
        body = QVBoxLayout(self)
        body.setContentsMargins(20, 0, 20, 8)
        body.setSpacing(12)
        body.addWidget(head)
        body.addLayout(row(*self.tiles, self.tools, spacing=12))
        body.addWidget(card, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.code_edit.setAccessibleName(_("Code or number of a slip"))
        self.table.setAccessibleName(_("Slips to pack"))
        self.open_button.setText(_("Open slip"))
        self.tools.write_texts()
        self.show_queue(self._queue)

    def show_queue(self, queue: Queue) -> None:
        """Show what waits, what is in work and what is done."""
        self._queue = queue
        self.table.set_rows([self._line(item) for item in queue.rows])
        if self.table.current() is None:
            self.table.select_first()
        figures = (
            (len(queue.waiting), _("To count"), _("printed slips")),
            (len(queue.working), _("In progress"), _("being packed or to seal")),
            (len(queue.done), _("Sealed today"), _("ready to go")),
        )
        for tile, (count, label, second) in zip(self.tiles, figures, strict=True):
            tile.set(str(count), "accent" if count else "text", label=label, second=second)

    def say(self, text: str) -> None:
        """Show what is wrong with the code under its field."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _line(self, item: PackingRow) -> _Line:
        word, tone = STATES[item.state]
        local = self.ctx.clock.local(item.at) if item.at else None
        time = ""
        if local is not None:
            time = format_time(local) if local.date() == self.ctx.clock.today() else format_moment(local)
        pieces = str(item.pieces) if item.state == "waiting" else f"{item.packed} / {item.pieces}"
        return _Line(
            item.id, _(word), tone, item.number, item.customer, item.company,
            _("present") if item.present else _("absent"), "text" if item.present else "warning",
            item.lines, pieces, item.counter, _("Paid") if item.paid else _("Not paid"),
            "ok" if item.paid else "neutral", time,
            local, item.pieces,
        )  # fmt: skip

    def _enter(self) -> None:
        text = str(self.code_edit.value())
        if text:
            self.entered.emit(text)
        else:
            self.table.open_current()

    def _edited(self, text: str) -> None:
        self.say("")

    def _opened(self, line: _Line) -> None:
        self.opened.emit(line.id)
