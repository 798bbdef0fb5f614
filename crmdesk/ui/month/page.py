"""The manager's month (月報): six figures, a chart, the clauses, each desk; every figure opens its records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crmdesk.core.dates import format_day, month_name
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, dotted, language
from crmdesk.core.money import format_number
from crmdesk.rules.rights import Right
from crmdesk.services import month as service
from crmdesk.services.compliance import Case, MeasureMonth, find_cases, get_compliance, natural
from crmdesk.services.month import DESKS, Course, MonthFigure, MonthView, shift
from crmdesk.services.month_measures import BY_KEY, TILES
from crmdesk.services.month_report import compare, comparison_note, freeze_month, show
from crmdesk.ui import errors, tasks
from crmdesk.ui.month.clause_table import ClauseTable
from crmdesk.ui.month.clauses import ClauseBars
from crmdesk.ui.month.course_card import CourseCard
from crmdesk.ui.month.figures import FIGURE_COLUMNS, FigureRow, figure_row
from crmdesk.ui.month.records import RecordsView
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.papers.preview import show_papers
from crmdesk.ui.widgets import (
    Button,
    Card,
    ElideLabel,
    Label,
    Pill,
    RecordTable,
    Segments,
    StatTile,
    row,
)

OVERVIEW, RECORDS, CLAUSES = range(3)


class MonthPage(Page):
    """Figures of one month; ←→ change the month, Enter opens the records, Ctrl+P prints the same as a paper."""

    arrived = Signal()

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        today = ctx.clock.today()
        self.year, self.month = today.year, today.month
        self.view: MonthView | None = None
        self.kept: list[MeasureMonth] = []
        self.figure_key = self.clause_key = self._wanted = ""
        self._back_to = OVERVIEW
        self._build_bar()
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self.stack.addWidget(self._build_overview())
        self.records = RecordsView()
        self.records.record_opened.connect(self._record_opened)
        self.records.closed.connect(self.close_records)
        self.stack.addWidget(self.records)
        self.clause_table = ClauseTable()
        self.clause_table.opened.connect(self.open_clause)
        self.clause_table.closed.connect(self.close_records)
        self.stack.addWidget(self.clause_table)
        self.stack.currentChanged.connect(self._tell_place)
        self.retranslate()

    # building ----------------------------------------------------------------------------------------------------

    def _build_bar(self) -> None:
        self.back_month = Button(icon="chevron-left", kind="quiet")
        self.next_month = Button(icon="chevron-right", kind="quiet")
        self.back_month.clicked.connect(self.step_back)
        self.next_month.clicked.connect(self.step_on)
        self.month_label = Label("", "card")
        self.month_label.setMinimumWidth(130)
        self.month_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.state_pill = Pill("")
        self.compared = ElideLabel("", "label", "muted")
        self.print_button = Button(key="Ctrl+P", icon="printer")
        self.print_button.clicked.connect(self.print_month)
        bar = row(self.back_month, self.month_label, self.next_month, 8, self.state_pill, 4, self.compared, 8,
                  self.print_button)  # fmt: skip
        bar.setStretchFactor(self.compared, 1)
        self.body.addLayout(bar)

    def _build_overview(self) -> QWidget:
        overview = QWidget()
        layout = QVBoxLayout(overview)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        self.tiles: dict[str, StatTile] = {}
        for key in TILES:
            tile = StatTile()
            tile.setProperty("figure", key)
            tile.opened.connect(self._tile_opened)
            tile.entered.connect(self._tile_entered)
            self.tiles[key] = tile
            tiles.addWidget(tile)
        layout.addLayout(tiles)
        self.course, self.clause_card = CourseCard(self.ctx), Card()
        self.course.bar_opened.connect(self._bar_opened)
        self.clause_bars = ClauseBars()
        self.clause_bars.opened.connect(self.open_clause)
        self.all_button = Button(key="Alt+A", kind="link")
        self.all_button.clicked.connect(self.show_clauses)
        self.clause_card.add_action(self.all_button)
        self.clause_card.body.addWidget(self.clause_bars, 1)
        self.clause_card.setFixedWidth(330)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.course, 1)
        middle.addWidget(self.clause_card)
        layout.addLayout(middle, 4)
        self.desk_segments = Segments([(key, title) for key, title in DESKS.items()], value="calls", size="small")
        self.desk_segments.value_changed.connect(self._show_desk)
        self.table = RecordTable(FIGURE_COLUMNS, name="month-figures", row_height=32)
        self.table.opened.connect(self._row_opened)
        self.table.chosen.connect(self._row_chosen)
        self.table.setMinimumHeight(96)
        table_card = Card(margins=1, spacing=0)
        table_card.body.addWidget(self.table)
        layout.addLayout(row(self.desk_segments, None))
        layout.addWidget(table_card, 3)
        return overview

    # texts -------------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.back_month.setAccessibleName(_("Previous month"))
        self.back_month.setToolTip(_("Previous month"))
        self.next_month.setAccessibleName(_("Next month"))
        self.next_month.setToolTip(_("Next month"))
        self.print_button.setText(_("Print"))
        self.all_button.setText(_("All"))
        self.all_button.setToolTip(_("All measured clauses"))
        self.records.retranslate()
        self.clause_table.retranslate()
        self.course.retranslate()
        self.clause_card.set_title(_("Clauses kept"), _("worst first"))
        self.clause_bars.retranslate()
        self.table.setAccessibleName(_("Figures of the desk"))
        self.desk_segments.setAccessibleName(_("Desk"))
        self.table.set_empty(N_("No figures yet."))
        self._tell_place(self.stack.currentIndex())
        for tile_key, tile in self.tiles.items():
            tile.set_label(_(BY_KEY[tile_key].label))
        self._show()

    def key_hints(self) -> KeyHints:
        """Name the keys of the page."""
        shown = self.stack.currentIndex()
        if shown == RECORDS:
            return [("Enter", _("Open record")), ("Esc", _("Go back"))]
        if shown == CLAUSES:
            return [("Enter", _("Cases")), ("Esc", _("Back to the figures"))]
        return [
            ("← →", _("Change month")), ("Enter", _("Records")), ("Alt+A", ""), ("Ctrl+P", ""),
        ]  # fmt: skip

    def clauses(self) -> list[str]:
        """Return the clauses whose keeping is measured here."""
        return sorted({measure.clause for measure in self.kept}, key=natural)

    # showing -----------------------------------------------------------------------------------------------------

    def load(self, **arguments: Any) -> None:
        """Show a month: ``year``, ``month``, or ``id`` as on the month's paper (202610); ``clause`` opens its cases."""
        if "id" in arguments:
            self.year, self.month = divmod(int(arguments["id"]), 100)
        self.year = arguments.get("year", self.year)
        self.month = arguments.get("month", self.month)
        self._leave_records(OVERVIEW)
        self._wanted = str(arguments.get("clause", ""))
        self.refresh()

    def refresh(self, notice: Any = None) -> None:
        """Compute the month again, off the GUI thread."""
        year, month, ctx = self.year, self.month, self.ctx

        key = self.course.key

        def work(progress: tasks.Progress) -> tuple[MonthView, list[MeasureMonth], Course]:
            course = service.find_course(ctx, key, year, month)
            return service.get_month(ctx, year, month), get_compliance(ctx, year, month), course

        tasks.run(self, work, self._arrive, title=_("Computing the month"))

    def _arrive(self, found: tuple[MonthView, list[MeasureMonth], Course]) -> None:
        view, kept, course = found
        if (view.year, view.month) != (self.year, self.month):
            return  # the user went on to another month meanwhile
        self.view, self.kept = view, kept
        self._show()
        self.course.show_course(course)
        if self._wanted:
            self._open_wanted()
        elif self.stack.currentIndex() == RECORDS and self.figure_key:
            self.open_figure(self.figure_key)
        elif self.stack.currentIndex() == RECORDS and self.clause_key:
            self.open_clause(self.clause_key)
        self.arrived.emit()

    def _open_wanted(self) -> None:
        clause, self._wanted = self._wanted, ""
        self.show_clauses()
        found = self.clause_table.choose(clause)
        if found is not None and sum(measure.clause == clause for measure in self.kept) == 1:
            self.open_clause(found.key)

    def first_focus(self) -> None:
        """Let the arrows change the month at once; in a table of clauses or records walk through that."""
        tables = {CLAUSES: self.clause_table.table, RECORDS: self.records.table}
        tables.get(self.stack.currentIndex(), self.tiles[TILES[0]]).setFocus()

    def _show(self) -> None:
        self.month_label.setText(month_name(self.year, self.month))
        now = self.ctx.clock.today()
        self.next_month.setEnabled((self.year, self.month) < (now.year, now.month))
        view = self.view
        if view is None:
            return
        if view.is_over:
            self.state_pill.set(_("Month is over"), "ok")
        else:
            self.state_pill.set(_("Up to {day}").format(day=format_day(now, language())), "info")
        self.compared.setText(comparison_note(view))
        for key, tile in self.tiles.items():
            self._fill_tile(tile, view.figures[key])
        decided = [measure for measure in self.kept if measure.share is not None and not measure.by_program]
        self.clause_bars.set_figures(decided or self.kept)
        self.clause_table.set_rows(self.kept)
        self._show_desk()

    def _fill_tile(self, tile: StatTile, figure: MonthFigure) -> None:
        difference = figure.difference
        trend = "" if difference is None else ("flat" if not difference else "up" if difference > 0 else "down")
        tone = {"better": "ok", "worse": "warning"}.get(figure.verdict, "muted")
        value, unit = self._value_and_unit(figure)
        note = _("last year {value}").format(value=show(self.ctx, figure, figure.last_year))
        tile.set(
            value, unit, difference=compare(self.ctx, figure, figure.previous) if figure.previous else "",
            trend=trend if figure.previous else "", tone=tone, note=note,
        )  # fmt: skip

    def _value_and_unit(self, figure: MonthFigure) -> tuple[str, str]:
        if figure.value is None:
            return "—", ""
        if figure.is_share:
            return f"{figure.value}", "%"
        if figure.is_amount:
            return show(self.ctx, figure, figure.value), ""
        return format_number(figure.value), _(figure.measure.unit)

    def _show_desk(self, value: Any = None) -> None:
        if self.view is None:
            return
        rows = [figure_row(self.ctx, figure) for figure in self.view.of_desk(str(self.desk_segments.value()))]
        self.table.set_rows(rows)

    # doing -------------------------------------------------------------------------------------------------------

    def step_back(self) -> None:
        """Show the month before."""
        self._go(-1)

    def step_on(self) -> None:
        """Show the month after, up to the running one."""
        if self.next_month.isEnabled():
            self._go(1)

    def _go(self, months: int) -> None:
        self.year, self.month = shift(self.year, self.month, months)
        self.view = None
        self._show()
        self.refresh()

    def _tile_opened(self) -> None:
        self.open_figure(str(self.sender().property("figure")))

    def _row_opened(self, chosen: FigureRow) -> None:
        self.open_figure(chosen.id)

    def _tile_entered(self) -> None:
        self.course.follow(str(self.sender().property("figure")))

    def _row_chosen(self, chosen: FigureRow | None) -> None:
        if chosen is not None and self.table.hasFocus():
            self.course.follow(chosen.id)

    def _bar_opened(self, year: int, month: int) -> None:
        self.year, self.month = year, month
        self.open_figure(self.course.key)

    def open_figure(self, key: str) -> None:
        """Show the records behind a figure, broken ones first."""
        try:
            records = service.find_records(self.ctx, key, self.year, self.month)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.figure_key, self.clause_key = key, ""
        measure = BY_KEY[key]
        self._show_records(_(measure.label), records, judged=measure.share is not None)

    def open_clause(self, key: str) -> None:
        """Show the cases of a measured clause, broken ones first."""
        try:
            cases = find_cases(self.ctx, key, self.year, self.month)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.figure_key, self.clause_key = "", key
        measure = next(measure for measure in self.kept if measure.key == key)
        self._show_records(f"{measure.clause} · {_(measure.rule)}", cases, judged=True)

    def _show_records(self, title: str, records: Sequence[Case], *, judged: bool) -> None:
        title = dotted(month_name(self.year, self.month), title)
        self.records.show_records(title, records, self.ctx.clock, judged=judged)
        if self.stack.currentIndex() != RECORDS:
            self._back_to = self.stack.currentIndex()
        self.stack.setCurrentIndex(RECORDS)
        self.records.table.setFocus()
        self.hints_changed.emit()

    def show_clauses(self) -> None:
        """Show every measured clause."""
        self.stack.setCurrentIndex(CLAUSES)
        self.clause_table.table.setFocus()
        self.hints_changed.emit()

    def _tell_place(self, place: int) -> None:
        self.set_subtitle(_("Enter on a figure shows its records") if place == OVERVIEW else "")

    def _record_opened(self, page: str, record_id: int) -> None:
        self.open(page, id=record_id)

    def close_records(self) -> None:
        """Go back: from the records to where they were opened, from the clauses to the figures."""
        shown = self.stack.currentIndex()
        if shown == OVERVIEW:
            return
        self._leave_records(self._back_to if shown == RECORDS else OVERVIEW)
        if self.view is not None and (self.view.year, self.view.month) != (self.year, self.month):
            self.refresh()
        if self.stack.currentIndex() == CLAUSES:
            self.clause_table.table.setFocus()
        else:
            self.first_focus()
        self.hints_changed.emit()

    def _leave_records(self, where: int) -> None:
        self.stack.setCurrentIndex(where)
        self.figure_key = self.clause_key = ""
        self._back_to = OVERVIEW

    def print_month(self) -> None:
        """Freeze the month as a paper and show it for printing."""
        try:
            paper_id = freeze_month(self.ctx, self.year, self.month)
        except CrmError as error:
            errors.show_error(self, error)
            return
        if show_papers(self, self.ctx, [paper_id]):
            self.saved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.stack.currentIndex():
            self.close_records()
        elif key == Qt.Key.Key_Left and not self.stack.currentIndex():
            self.step_back()
        elif key == Qt.Key.Key_Right and not self.stack.currentIndex():
            self.step_on()
        else:
            super().keyPressEvent(event)


PAGE = PageSpec("month", N_("Month"), "chart-column", Right.MONTH, MonthPage)
