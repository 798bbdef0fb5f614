"""The list of complaints: open ones first, the overdue on top."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services import complaints
from crmdesk.ui import errors
from crmdesk.ui.complaints import words
from crmdesk.ui.widgets import Button, Card, Column, Label, RecordTable, SearchBox, Segments, row

_STATE_TONES = {"received": "warning", "reopened": "warning", "closed": "ok", "proposed": "info", "told": "info"}
COLUMNS = (
    Column("number", N_("Number"), 92),
    Column("severity", N_("Severity"), 84, kind="pill", tone="severity_tone"),
    Column("complainant", N_("Customer"), 160, bold=True),
    Column("title", N_("Matter"), stretch=True, second="department"),
    Column("handler", N_("Handled by"), 110),
    Column("next_reply", N_("Next reply"), 170, tone="reply_tone"),
    Column("state", N_("State"), 150, kind="pill", tone="state_tone"),
)


class _Line(NamedTuple):
    id: int
    number: str
    severity: str
    severity_tone: str
    complainant: str
    title: str
    department: str
    handler: str
    next_reply: str
    reply_tone: str
    state: str
    state_tone: str


class ComplaintListView(QWidget):
    """Filters, search and the table."""

    opened = Signal(int)
    new_asked = Signal()

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.filter = Segments(list(complaints.FILTERS.items()), value="open")
        self.filter.setAccessibleName(_("Which complaints"))
        self.search_box = SearchBox(placeholder=N_("Number, name, matter, item"), popup=False)
        self.search_box.setFixedWidth(320)
        self.new_button = Button("", icon="plus", kind="primary", key="F8")
        self.count_label = Label("", "label", "muted")
        self.table = RecordTable(COLUMNS, name="complaints", memory=ctx.settings.windows)
        self.table.set_empty(N_("No complaints here. The next one opens with F8."), N_("New complaint"))
        head = row(self.filter, None, self.new_button)
        head.setContentsMargins(15, 13, 15, 8)
        second = row(self.search_box, None, self.count_label)
        second.setContentsMargins(15, 0, 15, 8)
        card = Card(margins=1, spacing=0)
        card.add(head, second)
        card.body.addWidget(self.table, 1)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(card)
        self.filter.value_changed.connect(self.refresh)
        self.search_box.searched.connect(self._searched)
        self.search_box.stepped.connect(self.table.step)
        self.search_box.entered.connect(self._entered)
        self.table.opened.connect(self._opened)
        self.table.first_step.connect(self.new_asked)
        self.new_button.clicked.connect(self.new_asked)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.new_button.setText(_("New complaint"))
        self.filter.setAccessibleName(_("Which complaints"))
        self.table.setAccessibleName(_("Complaints"))

    def refresh(self) -> None:
        """Read the list again."""
        try:
            rows = complaints.find_complaints(
                self.ctx, self.search_box.text().strip(), show=str(self.filter.value() or "open")
            )
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.table.set_rows([self._line(found) for found in rows])
        count = len(rows)
        self.count_label.setText(ngettext("{count} complaint", "{count} complaints", count).format(count=count))

    def _line(self, found: complaints.ComplaintRow) -> _Line:
        major = found.severity == "major"
        reply = "" if found.state == "closed" else words.day_time(self.ctx, found.next_reply_at)
        if found.overdue and found.state != "closed":
            reply = words.joined(reply, _("late"))
        return _Line(
            found.id, found.number, _("Major") if major else _("General"), "danger" if major else "neutral",
            found.complainant, found.title, found.department, found.handler, reply,
            "danger" if found.overdue else "", found.state_title, _STATE_TONES.get(found.state, "neutral"),
        )  # fmt: skip

    def _searched(self, text: str) -> None:
        self.refresh()

    def _entered(self, text: str) -> None:
        self.refresh()
        self.table.select_first()
        self.table.open_current()

    def _opened(self, line: _Line) -> None:
        self.opened.emit(line.id)
