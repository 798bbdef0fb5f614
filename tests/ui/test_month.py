"""The month's window: figures arrive, open their records, print the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.services.context import Context
from crmdesk.ui import tasks
from crmdesk.ui.month.page import MonthPage
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.widgets import Label
from tests.helpers.office import Staff
from tests.services.test_month import fill


@pytest.fixture
def page(desk: Context, staff: Staff, qtbot: QtBot) -> MonthPage:
    fill(desk, staff)
    shown = MonthPage(desk)
    qtbot.addWidget(shown)
    shown.resize(1198, 690)
    with qtbot.waitSignal(shown.arrived):
        shown.load()
    shown.show()
    return shown


def test_a_figure_opens_its_records_and_a_record_its_desk(page: MonthPage, qtbot: QtBot) -> None:
    page.tiles["greeted"].setFocus()
    qtbot.keyClick(page.tiles["greeted"], Qt.Key.Key_Return)
    assert page.stack.currentIndex() == 1
    verdicts = [row.verdict for row in page.records.table.rows()]
    assert verdicts == ["Not kept", "Not kept", "Kept", "Kept"]
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.keyClick(page.records.table, Qt.Key.Key_Return)
    assert asked.args[0] == "reception"
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.stack.currentIndex() == 0


def test_arrows_change_the_month_but_not_beyond_today(page: MonthPage, qtbot: QtBot) -> None:
    page.step_on()
    assert (page.year, page.month) == (2026, 11)
    assert page.compared.text().startswith("This month so far, compared with the first"), "and with how many days"
    page._fill_tile(page.tiles["calls"], replace(page.view.figures["calls"], last_year=None))  # type: ignore[union-attr]  # it has arrived
    assert "last year —" in [label.text() for label in page.tiles["calls"].findChildren(Label)]
    with qtbot.waitSignal(page.arrived):
        qtbot.keyClick(page, Qt.Key.Key_Left)
    assert (page.year, page.month) == (2026, 10)
    assert page.view is not None
    assert page.view.figures["turnover"].value == 1000
    assert page.next_month.isEnabled() and page.compared.text() == "", "a whole month against whole months"


def test_the_table_shows_the_chosen_desk(page: MonthPage) -> None:
    page.desk_segments.set_value("sales")
    page._show_desk()
    row = next(row for row in page.table.rows() if row.id == "turnover")
    assert (row.value, row.change) == ("NT$1,235", "+23.5%")
    assert row.change_tone == "ok"


@pytest.mark.parametrize("code", ["en", "zh_TW", "zh_CN"])
def test_the_page_fits_a_small_screen(page: MonthPage, look: Callable[..., None], code: str) -> None:
    look(language=code)
    least = page.minimumSizeHint()
    assert least.width() <= MAX_MINIMUM.width()
    assert least.height() <= MAX_MINIMUM.height()


def test_another_pcs_paper_opens_its_month(page: MonthPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.arrived):
        page.load(id=202610)
    assert page.month_label.text() == "October 2026"


def test_the_chart_follows_the_chosen_figure_and_its_bars_open_it(page: MonthPage, qtbot: QtBot) -> None:
    assert page.course.key == "calls" and page.course.course is not None
    page.tiles["turnover"].setFocus()
    page.course.read()
    qtbot.waitUntil(lambda: not tasks.running())
    course = page.course.course
    assert (course.key, course.months[-2:]) == ("turnover", ((2026, 10), (2026, 11)))
    assert course.this[-2:] == (1000, Decimal("1235.05")) and course.last == (0,) * 12
    page.course.chart.opened.emit(10)
    assert (page.stack.currentIndex(), page.month, page.figure_key) == (1, 10, "turnover")


def test_all_clauses_are_worst_first_and_open_their_cases(page: MonthPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert page.stack.currentWidget() is page.clause_table
    rows = page.clause_table.table.rows()
    shares = [row.share for row in rows if row.share is not None and not row.how]
    assert shares == sorted(shares) and rows[-1].share is None
    page.clause_table.table.select("greeted")
    qtbot.keyClick(page.clause_table.table, Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.records
    assert [row.verdict for row in page.records.table.rows()] == ["Not kept", "Not kept", "Kept", "Kept"]
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.clause_table
    assert page.clause_table.table.current().id == "greeted"
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.stack.currentIndex() == 0


def test_the_clauses_of_one_desk(page: MonthPage) -> None:
    page.show_clauses()
    page.clause_table.desks.set_value("packing")
    page.clause_table._show()
    rows = page.clause_table.table.rows()
    assert {row.clause.partition("-")[0] for row in rows} == {"PACK", "ORD"}
    programmed = next(row for row in rows if row.clause == "PACK-01")
    assert (programmed.how, programmed.kept, programmed.broken) == ("Kept by the program", 3, 0)


def test_a_clause_named_from_elsewhere_opens_its_cases(page: MonthPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.arrived):
        page.load(clause="RCPT-01")
    assert page.stack.currentWidget() is page.records
    assert page.records.title.text().endswith("RCPT-01 · Greet within one minute")
    with qtbot.waitSignal(page.arrived):
        page.load(clause="REP-02")  # measured in two ways: the table with the clause chosen
    assert page.stack.currentWidget() is page.clause_table
    assert page.clause_table.table.current().clause == "REP-02"
