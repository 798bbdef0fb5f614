"""The chart of the month: the figure that is chosen, through twelve months and the year before."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.core.i18n import _
from crmdesk.services.month import Course, find_course
from crmdesk.services.month_measures import BY_KEY, TILES
from crmdesk.ui import tasks
from crmdesk.ui.widgets import BarChart, Card, ChartData, Legend, Series

REST_MS = 120  # the chart follows the focus after a short rest: who walks along the tiles waits for nothing


class CourseCard(Card):
    """Follows the figure the focus stands on; ``bar_opened(year, month)`` on Enter or a click."""

    bar_opened = Signal(int, int)

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.ctx, self.key = ctx, TILES[0]
        self.course: Course | None = None
        self._month = (0, 0)
        self.legend, self.chart = Legend(), BarChart()
        self.chart.opened.connect(self._opened)
        self.add_action(self.legend)
        self.body.addWidget(self.chart, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.read)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.legend.set_words(_("This year"), _("Year before"))
        if self.course is not None:
            self.show_course(self.course)

    def follow(self, key: str) -> None:
        """Show another figure, in a moment."""
        if key != self.key:
            self.key = key
            self._rest.start()

    def read(self) -> None:
        """Read the figure's months off the GUI thread."""
        self._rest.stop()
        if self._month == (0, 0):
            return
        ctx, key, (year, month) = self.ctx, self.key, self._month

        def work(progress: tasks.Progress) -> Course:
            return find_course(ctx, key, year, month)

        tasks.run(self, work, self._arrived, title=_("Computing the month"))

    def _arrived(self, course: Course) -> None:
        if course.months[-1] == self._month:  # else the user went on to another month meanwhile
            self.show_course(course)

    def show_course(self, course: Course) -> None:
        """Show a figure's months; where another figure is chosen by now, that one is read."""
        self._month = course.months[-1]
        if course.key != self.key:
            self.read()
            return
        self.course = course
        measure = BY_KEY[course.key]
        self.set_title(_(measure.label), _("last 12 months"))
        self.chart.setAccessibleName(_(measure.label))
        numbers = [tuple(None if v is None else float(v) for v in values) for values in (course.last, course.this)]
        series = (Series(_("Year before"), numbers[0]), Series(_("This year"), numbers[1]))
        labels = tuple(str(month) for _year, month in course.months)
        self.chart.set_chart(ChartData(labels, series, "" if measure.unit in ("amount", "%") else _(measure.unit)))

    def _opened(self, place: int) -> None:
        if self.course is not None:
            self.key = self.course.key  # whose bar it is, even where another figure was about to be shown
            self.bar_opened.emit(*self.course.months[place])
