"""Every measured clause of the month: how well it was kept, worst first; Enter opens its cases."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _, dotted, ngettext
from crmdesk.services.compliance import DESKS, MeasureMonth
from crmdesk.ui.month.clauses import tone_of
from crmdesk.ui.widgets import Button, Card, Column, Label, RecordTable, Segments, row

ALL = "all"


class ClauseRow(NamedTuple):
    """A measured clause in the table."""

    id: str
    clause: str
    rule: str
    share: Decimal | None
    share_tone: str
    kept: int | None
    broken: int | None
    broken_tone: str
    open: int | None
    how: str
    how_tone: str


COLUMNS = (
    Column("clause", N_("Clause"), 96, kind="clause"),
    Column("rule", N_("Rule"), stretch=True, bold=True),
    Column("share", N_("Share kept"), 210, align="right", kind="percent", tone="share_tone", bold=True),
    Column("kept", N_("Kept"), 84, kind="number"),
    Column("broken", N_("Not kept"), 90, kind="number", tone="broken_tone", bold=True),
    Column("open", N_("Still open"), 96, kind="number"),
    Column("how", N_("Held by"), 170, kind="pill", tone="how_tone"),
)


class ClauseTable(Card):
    """All measured clauses, or those of one desk."""

    opened = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=1, spacing=0, parent=parent)
        self._rows: list[MeasureMonth] = []
        self.title = Label("", "card")
        self.note = Label("", "label", "muted")
        self.close_button = Button(key="Esc", kind="quiet")
        self.close_button.clicked.connect(self.closed)
        self.desks = Segments([(ALL, N_("All desks")), *DESKS.items()], value=ALL, size="small")
        self.desks.value_changed.connect(self._show)
        self.table = RecordTable(COLUMNS, name="month-clauses", row_height=34)
        self.table.opened.connect(self._row_opened)
        head = QVBoxLayout()
        head.setContentsMargins(20, 12, 12, 8)
        head.setSpacing(8)
        head.addLayout(row(self.title, 8, self.note, None, self.close_button))
        head.addLayout(row(self.desks, None))
        self.body.addLayout(head)
        self.body.addWidget(self.table, 1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.title.setText(_("Clauses kept"))
        self.close_button.setText(_("Back to the figures"))
        self.desks.setAccessibleName(_("Desk"))
        self.table.setAccessibleName(_("Clauses kept"))
        self.table.set_empty(N_("No clause of this desk is measured."))
        self._show()

    def set_rows(self, rows: Sequence[MeasureMonth]) -> None:
        """Show a month; the chosen clause stays chosen."""
        self._rows = list(rows)
        self._show()

    def choose(self, clause: str) -> MeasureMonth | None:
        """Show all desks with a clause chosen and return its first measure, None when it is not measured."""
        found = next((measure for measure in self._rows if measure.clause == clause), None)
        if found is not None:
            self.desks.set_value(ALL)
            self._show()
            self.table.select(found.key)
        return found

    def _show(self) -> None:
        desk = str(self.desks.value())
        shown = [measure for measure in self._rows if desk in (ALL, measure.desk)]
        chosen = self.table.current()
        self.table.set_rows([_row(measure) for measure in shown])
        if chosen is None or not self.table.select(chosen.id):
            self.table.select_first()
        broken = sum(1 for measure in shown if measure.broken)
        words = [ngettext("{count} clause measured", "{count} clauses measured", len(shown)).format(count=len(shown))]
        words.append(ngettext("{count} not always kept", "{count} not always kept", broken).format(count=broken))
        self.note.setText(dotted(*words))

    def _row_opened(self, chosen: ClauseRow) -> None:
        self.opened.emit(chosen.id)


def _row(measure: MeasureMonth) -> ClauseRow:
    how, how_tone = "", ""
    if measure.unset:
        how, how_tone = _("Number not set"), "warning"
    elif measure.by_program:
        how, how_tone = _("Kept by the program"), "accent"
    some = measure.cases > 0
    return ClauseRow(
        id=measure.key,
        clause=measure.clause,
        rule=_(measure.rule),
        share=measure.share,
        share_tone=tone_of(measure.share),
        kept=measure.kept if some else None,
        broken=measure.broken if some else None,
        broken_tone="danger" if measure.broken else "muted",
        open=measure.open or None,
        how=how,
        how_tone=how_tone,
    )
