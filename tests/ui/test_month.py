"""The month's window: figures arrive, open their records, print the same."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.services.context import Context
from crmdesk.ui.month.page import MonthPage
from crmdesk.ui.page import MAX_MINIMUM
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
    with qtbot.waitSignal(page.arrived):
        qtbot.keyClick(page, Qt.Key.Key_Left)
    assert (page.year, page.month) == (2026, 10)
    assert page.view is not None
    assert page.view.figures["turnover"].value == 1000
    assert page.next_month.isEnabled()


def test_the_table_shows_the_chosen_desk(page: MonthPage) -> None:
    page.desk_segments.set_value("sales")
    page._show_desk()
    row = next(row for row in page.table.rows() if row.id == "turnover")
    assert (row.value, row.change) == ("NT$1,235", "+23.5%")
    assert row.change_tone == "ok"


@pytest.mark.parametrize("code", ["en", "zh_TW", "zh_CN"])
def test_the_page_fits_a_small_screen(page: MonthPage, look: object, code: str) -> None:
    look(language=code)  # type: ignore[operator]
    least = page.minimumSizeHint()
    assert least.width() <= MAX_MINIMUM.width()
    assert least.height() <= MAX_MINIMUM.height()


def test_another_pcs_paper_opens_its_month(page: MonthPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.arrived):
        page.load(id=202610)
    assert page.month_label.text() == "October 2026"
