"""Working time: the week with several windows a day, whose holidays count, the office's own days, and the year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError, NeedsConfirmation, UserError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.rights import Right
from crmdesk.rules.worktime import parse_windows
from crmdesk.services import working_time
from crmdesk.services.office import load_office
from crmdesk.ui import dialogs
from crmdesk.ui.settings.section import Section
from crmdesk.ui.settings.year_grid import LOOKS, YearGrid, day_sentence
from crmdesk.ui.widgets import (
    Button,
    Choice,
    Column,
    DayEdit,
    Dot,
    FormGrid,
    Label,
    Pill,
    RecordTable,
    Scroll,
    TextEdit,
    row,
)

WEEK = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
LEGEND = (
    ("holiday", N_("holiday")), ("make_up", N_("make-up working day")), ("own_open", N_("own hours")),
    ("own_closed", N_("closed by the office")),
)  # fmt: skip
COLUMNS = (
    Column("day", N_("Day"), 96, kind="day", bold=True),
    Column("hours", N_("Opening hours"), 110, stretch=True, second="note"),
)
LEFT_WIDTH = 368
YEARS = (1991, 2099)


class HoursEdit(TextEdit):
    """Opening hours of one day, several windows allowed; empty is a closed day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(max_length=80, placeholder=N_("closed"), parent=parent)

    def problem(self) -> str:
        """Return what is wrong with the hours: unreadable, overlapping, or ending before they start."""
        try:
            parse_windows(str(self.value()))
        except UserError as error:
            return error.message
        return ""


class _Line(NamedTuple):
    id: int
    day: Any
    hours: str
    note: str


class WorkingTimeSection(Section):
    """What all deadlines are reckoned by; only who has the right changes it."""

    name = N_("Working time")
    sentence = N_("Every deadline is reckoned by these hours. Several in one day: 09:00-12:00 13:00-18:00.")

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self._year = ctx.clock.today().year
        self.form = FormGrid(columns=2)
        for number, name in enumerate(WEEK):
            self.form.add(f"hours.{number}", name, HoursEdit())
        self.form.add("holidays", N_("Public holidays of"), Choice(tuple(working_time.HOLIDAYS.items())))
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        self.reason = Label("", "label", "muted", wrap=True)
        self.own_title = Label("", "card")
        self.day_form = FormGrid(columns=3, spacing=8)
        self.day_form.add("day", N_("Day"), DayEdit(today=ctx.clock.today))
        self.day_form.add("windows", N_("Opening hours"), HoursEdit())
        self.day_form.add("note", N_("What for"), TextEdit(max_length=80))
        self.day_form.set_stretch(4, 5, 5)
        self.add_button = Button("", key="Ctrl+N", icon="plus", size="row")
        self.remove_button = Button("", key="Delete", icon="trash-2", kind="plain", size="row")
        self.table = RecordTable(COLUMNS, row_height=40)
        self.table.setMinimumHeight(96)
        self.table.set_empty(N_("No special days yet."))
        self._build_left()
        self._build_right()
        self.save_button.clicked.connect(self.save)
        self.form.finished.connect(self.save)
        self.add_button.clicked.connect(self.add_day)
        self.day_form.finished.connect(self.add_day)
        self.remove_button.clicked.connect(self.remove_day)
        self.table.chosen.connect(self._own_day_chosen)
        self.table.opened.connect(self._own_day_taken)
        self.grid.walked.connect(self._walked)
        self.grid.taken.connect(self._taken)
        self.grid.year_asked.connect(self.show_year)
        self.earlier.clicked.connect(self._earlier)
        self.later.clicked.connect(self._later)
        self.retranslate()

    def _build_left(self) -> None:
        host = QWidget()
        left = QVBoxLayout(host)
        left.setContentsMargins(0, 0, 10, 0)
        left.setSpacing(6)
        left.addWidget(self.form)
        left.addLayout(row(self.save_button, self.reason, None))
        left.addSpacing(8)
        left.addWidget(self.own_title)
        left.addWidget(self.day_form)
        left.addLayout(row(self.add_button, self.remove_button, None))
        left.addWidget(self.table, 1)
        self.left = Scroll(host, least=200)
        self.left.setFixedWidth(LEFT_WIDTH)

    def _build_right(self) -> None:
        self.year_label = Label("", "head")
        self.earlier = Button("", icon="chevron-left", kind="quiet", size="row")
        self.later = Button("", icon="chevron-right", kind="quiet", size="row")
        self.days_label = Label("", "label", "muted")
        self.provisional = Pill("")
        self.grid = YearGrid()
        self.day_label = Label("", "label", "text", wrap=True)
        self.legend = [Label("", "label", "muted") for _entry in LEGEND]
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(row(self.earlier, self.year_label, self.later, 8, self.days_label, None, self.provisional))
        right.addWidget(self.grid, 1)
        right.addWidget(self.day_label)
        marks: list[Any] = []
        for (kind, _word), label in zip(LEGEND, self.legend, strict=True):
            marks += [Dot(LOOKS[kind][1]), label, 2]
        right.addLayout(row(*marks, None, spacing=6))
        line = row(spacing=20)
        line.addWidget(self.left)
        line.addLayout(right, 1)
        self.body.addLayout(line, 1)

    # showing --------------------------------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        return self.form.dirty

    def load(self) -> None:
        office = load_office(self.ctx.db)
        self.ctx = replace(self.ctx, office=office)
        values: dict[str, Any] = {f"hours.{number}": words for number, words in enumerate(office.hours)}
        self.form.load(values | {"holidays": office.holidays})
        may = self.ctx.may(Right.OFFICE)
        self.form.set_read_only(not may)
        self.day_form.set_read_only(not may)
        self.save_button.set_ready(may)
        self.add_button.set_ready(may)
        self.reason.setText("" if may else _("The administrator can change these."))
        self._show_days()

    def _show_days(self) -> None:
        lines = [
            _Line(own.id, own.day, own.windows.replace("-", "–") or _("closed"), own.note)
            for own in working_time.find_own_days(self.ctx)
        ]
        chosen = self.table.current()
        self.table.set_rows(lines)
        if chosen is None or not self.table.select(chosen.id):
            self.table.select_first()
        self.remove_button.set_ready(bool(lines) and self.ctx.may(Right.OFFICE))
        self.show_year(self._year)

    def show_year(self, year: int) -> None:
        """Show a year as the deadlines reckon it."""
        self._year = min(max(year, YEARS[0]), YEARS[1])
        view = working_time.year_view(self.ctx, self._year)
        self.year_label.setText(str(view.year))
        count = view.working_days
        self.days_label.setText(ngettext("{count} working day", "{count} working days", count).format(count=count))
        self.provisional.set(_("provisional") if view.provisional else "", "warning")
        self.provisional.setToolTip(
            _("The state has not announced this year's days yet. They are reckoned from the law and may still move.")
        )
        self.grid.show_year(view, self.ctx.clock.today())

    def _earlier(self) -> None:
        self.show_year(self._year - 1)

    def _later(self) -> None:
        self.show_year(self._year + 1)

    def _walked(self, mark: Any) -> None:
        self.day_label.setText(day_sentence(mark))

    def _taken(self, mark: Any) -> None:
        """Put the day of the year view into the form of the own days."""
        if self.ctx.may(Right.OFFICE):
            note = mark.name if "own" in mark.kind else ""
            self.day_form.load({"day": mark.day, "windows": mark.hours, "note": note})
            self.day_form.field("windows").setFocus()

    def _own_day_chosen(self, line: Any) -> None:
        if line is not None:
            if line.day.year != self._year:
                self.show_year(line.day.year)
            self.grid.choose(line.day)

    def _own_day_taken(self, line: Any) -> None:
        self._own_day_chosen(line)
        if (mark := self.grid.current) is not None:
            self._taken(mark)

    # saving ---------------------------------------------------------------------------------------------------

    def save(self) -> None:
        if self.form.check():
            self._save(set())

    def _save(self, confirmed: set[str]) -> None:
        values = self.form.values()
        hours = [str(values[f"hours.{number}"]) for number in range(len(WEEK))]
        try:
            working_time.set_hours(self.ctx, hours, str(values["holidays"]), confirmed=confirmed)
        except NeedsConfirmation as question:
            if dialogs.ask(self, question.message, yes=_("Save it like this"), no=_("Back to the hours")):
                self._save(confirmed | {question.key})
            return
        except ValidationError as error:
            self.form.set_errors(error.fields)
            return
        except CrmError as error:
            self.failed.emit(error)
            return
        self.form.set_dirty(False)
        self._saved(_("Saved. Every PC reckons by it from now on."))

    def add_day(self) -> None:
        """Give the typed day its own hours."""
        if not self.add_button.ready or not self.day_form.check():
            return
        values = self.day_form.values()
        try:
            working_time.set_own_day(self.ctx, values["day"], str(values["windows"]), str(values["note"]))
        except ValidationError as error:
            self.day_form.set_errors(error.fields)
            return
        except CrmError as error:
            self.failed.emit(error)
            return
        self.day_form.load({"day": None, "windows": "", "note": ""})
        self._saved(_("Saved: {day}").format(day=values["day"]))
        self.table.select(next((line.id for line in self.table.rows() if line.day == values["day"]), 0))
        self.day_form.focus_first()

    def remove_day(self) -> None:
        """Give the chosen own day back to the week and the holidays."""
        line = self.table.current()
        if line is None or not self.remove_button.ready:
            return
        try:
            working_time.remove_own_day(self.ctx, line.id)
        except CrmError as error:
            self.failed.emit(error)
            return
        self._saved(_("Removed: {day}").format(day=line.day))

    def _saved(self, words: str) -> None:
        typed = self.form.values() if self.form.dirty else None  # an own day was saved while the week was being typed
        self.load()
        if typed is not None:
            self.form.load(typed)
            self.form.set_dirty(True)
        self.saved.emit()
        self.said.emit(words, "ok")

    def first_focus(self) -> None:
        self.form.focus_first()

    def retranslate(self) -> None:
        super().retranslate()
        self.save_button.setText(_("Save"))
        self.own_title.setText(_("Special days of the office"))
        self.add_button.setText(_("Set the day"))
        self.remove_button.setText(_("Remove"))
        self.table.setAccessibleName(_("Special days of the office"))
        self.earlier.setAccessibleName(_("Earlier year"))
        self.later.setAccessibleName(_("Later year"))
        for (_kind, word), label in zip(LEGEND, self.legend, strict=True):
            label.setText(_(word))
        self.grid.retranslate()
        if self.grid.current is not None:
            self._show_days()

    def hasHeightForWidth(self) -> bool:
        return False  # days and hours scroll by themselves; the page must not ask for their height
