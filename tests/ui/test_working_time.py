"""Working time in the settings, and the explanation of a complaint's deadline with the switch that stops its clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.core.clock import FixedClock
from crmdesk.services import complaints, deadlines, repairs, working_time
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customers import create_customer
from crmdesk.services.office import load_office
from crmdesk.ui import language
from crmdesk.ui.complaints.page import ComplaintsPage
from crmdesk.ui.repairs.page import RepairsPage
from crmdesk.ui.settings.page import SettingsPage
from tests.helpers.office import Staff
from tests.services.test_complaints import FORM
from tests.ui.conftest import Boxes, settle
from tests.ui.test_repairs import bring

WEEKDAYS = ["09:00-12:00 13:00-18:00"] * 5 + ["", ""]


@pytest.fixture
def section(qtbot: QtBot, desk: Context) -> Any:
    """The section of the settings, as the administrator sees it."""
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    page.resize(1112, 600)
    with qtbot.waitActive(page):
        page.show()
    page.load(section="hours")
    made: Any = page.section("hours")
    made.shell_page = page
    return made


def type_week(section: Any, hours: list[str]) -> None:
    for number, words in enumerate(hours):
        section.form.field(f"hours.{number}").setText(words)
    section.form.set_dirty(True)


def test_the_week_is_saved_for_everybody(section: Any, desk: Context) -> None:
    type_week(section, WEEKDAYS)
    section.form.field("holidays").set_value("CN")
    QTest.keyClick(section.form.field("hours.0"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    office = load_office(desk.db)
    assert office.hours == tuple(WEEKDAYS) and office.holidays == "CN"
    assert not section.dirty
    assert section.grid.current.day == date(2026, 11, 22) and section.grid.current.kind == "weekend"


@pytest.mark.parametrize("wrong", ["18:00-09:00", "9-18"])
def test_an_hour_that_ends_before_it_starts_is_refused_by_the_field(section: Any, desk: Context, wrong: str) -> None:
    type_week(section, [wrong, *WEEKDAYS[1:]])
    section.save_button.click()
    assert list(section.form.errors()) == ["hours.0"]
    assert load_office(desk.db).hours[0] == "09:00-18:00"


def test_an_emptied_week_is_asked_about(section: Any, desk: Context, boxes: Boxes) -> None:
    type_week(section, [""] * 7)
    boxes.expect_ask(False)
    section.save_button.click()
    assert any(load_office(desk.db).hours) and section.dirty
    boxes.expect_ask(True)
    section.save_button.click()
    assert not any(load_office(desk.db).hours)


def test_own_days_are_set_and_removed_by_keys(section: Any, desk: Context, qtbot: QtBot) -> None:
    day, hours = section.day_form.field("day"), section.day_form.field("windows")
    day.setFocus()
    qtbot.keyClicks(day, "12/24")
    QTest.keyClick(day, Qt.Key.Key_Return)
    assert hours.hasFocus()
    section.day_form.field("note").setText("盤點")
    QTest.keyClick(section.day_form.field("note"), Qt.Key.Key_Return)
    assert [(row.day, row.windows, row.note) for row in working_time.find_own_days(desk)] == [
        (date(2026, 12, 24), "", "盤點")
    ]
    assert day.value() is None and section.table.current().hours == "closed"
    section.table.setFocus()
    QTest.keyClick(section.table, Qt.Key.Key_Delete)
    assert working_time.find_own_days(desk) == []


def test_what_is_typed_for_the_week_stays_while_a_day_is_set(section: Any, desk: Context) -> None:
    type_week(section, WEEKDAYS)
    section.day_form.load({"day": date(2026, 12, 24), "windows": "10:00-12:00", "note": ""})
    section.add_button.click()
    assert section.dirty and section.form.values()["hours.5"] == ""
    section.day_form.load({"day": None, "windows": "12:00-10:00", "note": ""})
    section.add_button.click()
    assert "windows" in section.day_form.errors()


def test_the_year_is_walked_by_keys(section: Any) -> None:
    grid = section.grid
    grid.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)
    assert grid.current.day == date(2026, 11, 29)
    assert "2026-11-29 (Sun)" in section.day_label.text() == grid.accessibleDescription()
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert section.day_form.values()["day"] == date(2026, 11, 29)
    assert section.day_form.field("windows").hasFocus()
    for _press in range(4):
        QTest.keyClick(grid, Qt.Key.Key_PageDown)
    assert section.year_label.text() == "2030" and section.provisional.text() == "provisional"
    section.earlier.click()
    section.later.click()
    assert section.year_label.text() == "2030"
    section.show_year(5000)
    assert section.year_label.text() == "2099"


def test_a_click_chooses_and_a_double_click_takes(section: Any, qtbot: QtBot) -> None:
    grid = section.grid
    spot = grid.box(date(2026, 10, 9)).center().toPoint()
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=spot)
    assert grid.current.day == date(2026, 10, 9) and grid.current.kind == "holiday"
    qtbot.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=spot)
    assert section.day_form.values()["day"] == date(2026, 10, 9)


def test_another_pcs_change_is_followed_but_typing_stays(section: Any, desk: Context) -> None:
    page = section.shell_page
    working_time.set_hours(desk, WEEKDAYS, "TW")
    page.refresh()
    assert section.form.values()["hours.0"] == WEEKDAYS[0]
    section.form.field("hours.6").setText("10:00-11:00")
    section.form.set_dirty(True)
    working_time.set_hours(desk, ["08:00-09:00"] * 7, "TW")
    page.refresh()
    assert section.form.values()["hours.0"] == WEEKDAYS[0]


def test_who_lacks_the_right_only_reads(qtbot: QtBot, desk: Context, staff: Staff) -> None:
    page = SettingsPage(desk.acting_as(staff.mei))
    qtbot.addWidget(page)
    page.load(section="hours")
    made: Any = page.section("hours")
    assert not made.save_button.ready and not made.add_button.ready and made.reason.text()
    made.grid.taken.emit(made.grid.current)
    assert made.day_form.values()["day"] is None


def test_every_field_has_a_name(section: Any) -> None:
    for name in section.form.names():
        assert section.form.field(name).accessibleName()
    assert section.grid.accessibleName() == "Year 2026"


# the explanation --------------------------------------------------------------------------------------------------


@pytest.fixture
def case(qtbot: QtBot, qapp: QApplication, desk: Context, clock: FixedClock) -> Any:
    """A complaint open in its page."""
    made = complaints.register_complaint(desk, FORM)
    page: Any = ComplaintsPage(desk)
    qtbot.addWidget(page)
    page.resize(1112, 600)
    with qtbot.waitActive(page):
        page.show()
    page.load(id=made.id)
    settle(qapp)
    return page


@pytest.mark.clause("CMP-72")
def test_a_deadline_explains_itself_by_key(case: Any) -> None:
    note = case.case_view.note_edit
    note.setFocus()
    QTest.keyClick(note, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    panel = case.due_sheet.panel
    assert panel.isVisible() and panel.close_button.hasFocus()
    panel.copy()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("From Sun 11/22 09:41: 1 week\n") and text.endswith("Due: Sun 11/29 18:00")
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.isHidden() and note.hasFocus()


def test_the_clock_is_stopped_and_started_in_the_panel(case: Any, desk: Context, clock: FixedClock) -> None:
    case.case_view.explain_button.click()
    panel = case.due_sheet.panel
    panel.pause_button.click()
    assert set(panel.form.errors()) == {"reason", "review_at"}
    local = clock.local(clock.now()).replace(tzinfo=None)
    panel.form.load({"reason": "樣品在路上", "review_at": local - timedelta(days=1)})
    panel.pause_button.click()
    assert list(panel.form.errors()) == ["review_at"]
    panel.form.load({"reason": "樣品在路上", "review_at": local + timedelta(days=2)})
    panel.pause_button.click()
    view = case.case_view
    assert view.case.due.paused and "the clock stands" in view.course_note.text()
    assert panel.resume_button.isVisible() and not panel.form.isVisible()
    assert view.case.story[0].action == "pause"
    clock.advance(timedelta(days=1))
    panel.resume_button.click()
    assert not view.case.due.paused and panel.pause_button.isVisible()
    assert panel.form.values() == {"reason": "", "review_at": None}
    assert len(deadlines.find_pauses(desk, "complaint", view.case.id)) == 1


def test_the_panel_goes_with_its_case(case: Any, desk: Context) -> None:
    case.case_view.explain_button.click()
    panel = case.due_sheet.panel
    assert panel.isVisible()
    case.show_list()
    assert panel.isHidden()


def test_only_who_handles_complaints_may_stop_the_clock(
    qtbot: QtBot, desk: Context, staff: Staff, clock: FixedClock
) -> None:
    made = complaints.register_complaint(desk, FORM)
    page: Any = ComplaintsPage(desk.acting_as(staff.ming))
    qtbot.addWidget(page)
    page.resize(1112, 600)
    page.show()
    page.load(id=made.id)
    page.case_view.explain_button.click()
    assert page.due_sheet.panel.isVisible()
    assert not page.due_sheet.panel.pause_button.isVisible() and not page.due_sheet.panel.form.isVisible()


def test_an_office_without_the_clause_has_no_deadline(case: Any, desk: Context) -> None:
    case.ctx = replace(desk, policy=desk.policy.with_packs(["samples"]))
    case.case_view.show_case(replace(case.case_view.case, due=None))
    case.case_view.explain_button.click()
    assert case.due_sheet._panel is None


@pytest.mark.parametrize("code", ["zh_TW", "zh_CN"])
def test_the_explanation_follows_the_language(case: Any, qapp: QApplication, code: str) -> None:
    case.case_view.explain_button.click()
    language.switch(qapp, code)
    settle(qapp)
    case.due_sheet.panel.copy()
    assert "起，1 " in QGuiApplication.clipboard().text()
    language.switch(qapp, "en")


def test_the_clock_of_a_repair_is_stopped_in_its_panel(desk: Context, clock: FixedClock, qtbot: QtBot) -> None:
    who = create_customer(desk, CustomerForm("許蕙蘭", kind="retail", phones=(PhoneEntry("0933-812-640"),))).id
    repair_id = bring(desk, who)
    page = RepairsPage(desk)
    qtbot.addWidget(page)
    page.resize(1112, 600)
    with qtbot.waitActive(page):
        page.show()
    page.load(id=repair_id)
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.case_view.card is not None and page.case_view.card.row.state == "sent_away"
    QTest.keyClick(page, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
    panel = page.due_sheet.panel
    assert panel.isVisible() and panel.pause_button.isVisible()
    assert dict(page.shown_hints())["Esc"] == "Close"
    panel.pause_button.click()
    assert set(panel.form.errors()) == {"reason", "review_at"}
    clock.advance(timedelta(days=300))
    assert repairs.count_repairs(desk)[1] == 1 and repairs.find_repairs(desk, show="late")[0].late
    local = clock.local(clock.now()).replace(tzinfo=None)
    panel.form.load({"reason": "等老闆回國", "review_at": local + timedelta(days=9)})
    panel.pause_button.click()
    view = page.case_view
    assert view.card is not None and view.card.standing is not None and not view.card.row.late
    assert "the clock stands" in view.course_note.text() and "等老闆回國" in view.course_note.text()
    assert repairs.count_repairs(desk)[1] == 0 and repairs.find_repairs(desk, show="late") == []
    panel.resume_button.click()
    assert view.card.standing is None and view.card.row.late and view.course_note.text() == ""
    page.show_list()
    assert panel.isHidden()
