"""The quarter's enquiries: counted at the left, summed up for the head and the next notice board at the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.rights import Right
from crmdesk.services import enquiries
from crmdesk.services.context import Context
from crmdesk.services.enquiries import Quarter
from crmdesk.ui import errors
from crmdesk.ui.calls import words
from crmdesk.ui.calls.pieces import bind_keys
from crmdesk.ui.papers.preview import show_papers
from crmdesk.ui.widgets import Button, Card, Choice, Column, FormGrid, Label, NoteEdit, RecordTable, row

COLUMNS = (
    Column("group", N_("What"), 130),
    Column("what", N_("Of it"), stretch=True, bold=True),
    Column("many", N_("This quarter"), 100, kind="number"),
    Column("before", N_("Quarter before"), 110, kind="number"),
)


_CHOICE = 176


class _Line(NamedTuple):
    id: int
    group: str
    what: str
    many: int
    before: int


class QuarterView(QWidget):
    """One quarter at a time; reported once it is summed up, the board is the head's."""

    saved = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.shown: Quarter | None = None
        self.counts = Card(margins=1, spacing=0)
        self.choice = Choice(translate=False)
        self.choice.setMinimumWidth(_CHOICE)
        self.total_label = Label("", "label", "muted")
        head = row(self.choice, None, self.total_label, spacing=10)
        head.setContentsMargins(15, 13, 15, 8)
        self.table = RecordTable(COLUMNS, name="enquiries")
        self.counts.add(head)
        self.counts.body.addWidget(self.table, 1)
        self.report = Card(spacing=10)
        self.text_grid = FormGrid(columns=1)
        self.text_grid.add("text", N_("What came up"), NoteEdit(lines=4, max_length=8000), clause="CALL-25", grow=True)
        self.board_grid = FormGrid(columns=1)
        self.board_grid.add("topics", N_("The next notice board shows"), NoteEdit(lines=2, max_length=8000),
                            clause="CALL-26", grow=True)  # fmt: skip
        self.state_label = Label("", "label", "muted", wrap=True)
        self.board_label = Label("", "label", "muted", wrap=True)
        self.keep_button = Button("", key="Ctrl+S", icon="save", bind=False)
        self.report_button = Button("", key="Alt+1", kind="primary", icon="send", bind=False)
        self.board_button = Button("", key="Alt+2", icon="check", bind=False)
        self.report.body.addWidget(self.text_grid, 3)
        self.report.add(self.state_label, row(self.keep_button, None, self.report_button))
        self.report.body.addWidget(self.board_grid, 2)
        self.report.add(self.board_label, row(None, self.board_button))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.counts, 1)
        line.addWidget(self.report, 1)
        self.choice.value_changed.connect(self._turned)
        steps = {self.keep_button: self._keep, self.report_button: self._report, self.board_button: self._set_board}
        for button, step in steps.items():
            button.clicked.connect(step)
        bind_keys(self, steps)
        self.report_button.setVisible(ctx.may(Right.CUSTOMER_EXPORT))
        self.board_button.setVisible(ctx.may(Right.MONTH))
        self.board_grid.set_read_only(not ctx.may(Right.MONTH))
        self.retranslate()

    def refresh(self) -> None:
        """Count again; what somebody is writing stays."""
        keys = enquiries.find_quarters(self.ctx)
        chosen = self.choice.value() or keys[0]
        self.choice.set_choices([(key, enquiries.quarter_words(key)) for key in keys])
        self.choice.set_value(chosen)
        self._read(keep_typed=True)

    def _turned(self) -> None:
        self._read(keep_typed=False)

    def _read(self, *, keep_typed: bool) -> None:
        try:
            found = enquiries.get_quarter(self.ctx, str(self.choice.value()))
        except CrmError as error:
            errors.show_error(self, error)
            return
        typed = keep_typed and (self.text_grid.dirty or self.board_grid.dirty)
        if not typed:
            self.text_grid.load({"text": found.text})
            self.board_grid.load({"topics": found.topics})
        elif self.shown is not None and self.shown.version != found.version:
            return  # a save says that a colleague was quicker
        self.shown = found
        self._show(found)

    def _show(self, found: Quarter) -> None:
        self.table.set_rows([_Line(n, _(c.group), c.what, c.many, c.before) for n, c in enumerate(found.counted)])
        total = ngettext("{count} enquiry", "{count} enquiries", found.total).format(count=found.total)
        self.total_label.setText(words.joined(total, _("quarter before: {count}").format(count=found.before)))
        reported = words.moment(self.ctx, found.reported_at)
        self.state_label.setText(
            _("Reported {time} by {name}.").format(time=reported, name=found.reported_by)
            if found.reported_at
            else _("Not reported yet.")
        )
        board = words.moment(self.ctx, found.topics_at)
        self.board_label.setText(_("Set {time} by {name}.").format(time=board, name=found.topics_by))
        self.board_label.setVisible(found.topics_at is not None)

    def _keep(self) -> None:
        self._take(partial(enquiries.save_summary, text=self._text()), self.text_grid)

    def _report(self) -> None:
        if self.report_button.isHidden():
            return
        paper = self._take(partial(enquiries.report_summary, text=self._text()), self.text_grid)
        if paper is not None:
            show_papers(self, self.ctx, [paper])

    def _set_board(self) -> None:
        if not self.board_button.isHidden():
            topics = str(self.board_grid.field("topics").value())
            self._take(partial(enquiries.set_topics, topics=topics), self.board_grid)

    def _text(self) -> str:
        return str(self.text_grid.field("text").value())

    def _take(self, step: Callable[..., int], grid: FormGrid) -> int | None:
        if self.shown is None:
            return None
        try:
            result = step(self.ctx, self.shown.key, version=self.shown.version)
        except CrmError as error:
            errors.show_error(self, error, grid)
            return None
        grid.set_dirty(False)
        other = self.board_grid if grid is self.text_grid else self.text_grid
        typed = other.values() if other.dirty else None
        self._read(keep_typed=False)
        if typed is not None:
            other.load(typed)
            other.set_dirty(True)
        self.saved.emit()
        return result

    def first_focus(self) -> None:
        """Put the focus where writing starts."""
        self.text_grid.focus_first("text")

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.report.set_title(_("Summary for the head"))
        self.choice.setAccessibleName(_("Which quarter"))
        self.table.setAccessibleName(_("Enquiries of the quarter"))
        self.table.set_empty(N_("Nobody asked anything in this quarter."))
        self.keep_button.setText(_("Save"))
        self.report_button.setText(_("Report and print"))
        self.board_button.setText(_("Set the board"))
        if self.shown is not None:
            self.refresh()
