"""The checklist page by keys: tick, note, second person, done; the manager's lists; the offer at closing time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.core.clock import FixedClock
from crmdesk.rules.policies import shipped
from crmdesk.services import checklists, visits
from crmdesk.services.context import Context
from crmdesk.services.visits import VisitForm
from crmdesk.start.desk_window import make_window
from crmdesk.ui import tasks
from crmdesk.ui.checklists.closing_offer import closing_words
from crmdesk.ui.checklists.page import LIST, SHEET, TEMPLATES, ChecklistsPage
from tests.helpers.office import PASSWORD, Staff
from tests.ui.conftest import Boxes

Key = Qt.Key


@pytest.fixture
def page(desk: Context, qtbot: QtBot) -> ChecklistsPage:
    return shown(desk, qtbot)


def shown(ctx: Context, qtbot: QtBot) -> ChecklistsPage:
    page = ChecklistsPage(ctx)
    qtbot.addWidget(page)
    page.resize(1198, 690)
    with qtbot.waitActive(page):
        page.show()
    page.load()
    page.first_focus()
    return page


def press(qtbot: QtBot, key: Qt.Key, **more: Any) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    qtbot.keyClick(widget, key, **more)


def states(page: ChecklistsPage) -> list[str]:
    assert page.sheet is not None
    return [line.state for line in page.sheet.lines]


def test_the_closing_list_is_done_by_keys(page: ChecklistsPage, qtbot: QtBot, desk: Context) -> None:
    press(qtbot, Key.Key_Return)
    assert page.stack.currentIndex() == SHEET and page.sheet.row.id is None  # looking begins nothing
    press(qtbot, Key.Key_Space)
    assert states(page) == ["ticked", "open", "open", "open", "open"] and page.sheet.row.begun_by == desk.user.name
    press(qtbot, Key.Key_Space)  # the next open line has the focus
    press(qtbot, Key.Key_5)
    press(qtbot, Key.Key_Space)
    assert states(page) == ["ticked", "ticked", "open", "open", "ticked"]
    press(qtbot, Key.Key_Down)  # from the first that is open
    assert page.sheet_view.current == "till"
    press(qtbot, Key.Key_Space)  # asks for its note, and goes there
    note = page.sheet_view.panel.form.field("note")
    assert note.hasFocus() and page.sheet_view.panel.form.errors()
    note.setPlainText("NT$ 12,300")
    page.sheet_view.panel.tick_button.click()
    assert not page.sheet_view.done_button.ready
    page.finish()
    assert page.sheet_view.current == "web" and page.stack.currentIndex() == SHEET  # F9 leads to what is missing
    press(qtbot, Key.Key_Space)
    page.sheet_view.done_button.click()
    assert page.stack.currentIndex() == LIST
    assert checklists.find_checklists(desk)[0].state == "done"


def test_a_tick_is_taken_back_with_the_same_key(page: ChecklistsPage, qtbot: QtBot) -> None:
    page.load(key="closing")
    page.sheet_view.focus_line("web")
    press(qtbot, Key.Key_Space)
    page.sheet_view.focus_line("web")
    press(qtbot, Key.Key_Space)
    assert states(page)[2] == "open" and page.sheet_view.buttons["web"].hasFocus()


def test_what_the_program_sees_stands_beside_the_line(page: ChecklistsPage, qtbot: QtBot, desk: Context) -> None:
    guest = visits.check_in(desk, VisitForm("王"))
    visits.give_key(desk, guest, visits.get_visit(desk, guest).version, 7)
    page.load(key="closing")
    page.sheet_view.focus_line("keys")
    assert "Keys out: 07" in page.sheet_view.panel.seen_label.text()
    press(qtbot, Key.Key_Space)
    assert "Keys out: 07" in page.sheet_view.panel.form.errors()["note"]
    page.sheet_view.panel.form.field("note").setPlainText("明天來還")
    page.tick()
    assert states(page)[1] == "ticked"
    note = page.sheet_view.panel.form.field("note")
    page.sheet_view.focus_line("till")
    note.setPlainText("half a sent")
    page.sheet_view.focus_line("web")
    assert note.value() == ""
    page.sheet_view.focus_line("till")
    assert note.value() == "half a sent"  # going to another line loses nothing


@pytest.mark.clause("DUTY-09", "DUTY-11")
def test_two_persons_sign_at_one_pc(desk: Context, qtbot: QtBot) -> None:
    office = replace(desk, policy=shipped().with_packs(("property",)))
    page = shown(office, qtbot)
    page.load(id=checklists.begin(office, "shift_handover"))
    page.sheet_view.focus_line("record_clear")
    press(qtbot, Key.Key_Space)
    panel = page.sheet_view.panel
    assert states(page)[5] == "half" and panel.form.field("person").hasFocus()
    logins = [value for value, _word in panel.form.field("person")._choices]
    assert "boss" not in logins and "mei" in logins
    panel.sign_button.click()
    assert "password" in panel.form.errors()
    panel.form.load({"person": "mei", "password": "wrong"})
    panel.sign_button.click()
    assert states(page)[5] == "half"
    panel.form.load({"person": "mei", "password": PASSWORD})
    panel.form.finished.emit()
    assert states(page)[5] == "ticked" and "王小美" in page.sheet_view.buttons["record_clear"]._detail
    page.sheet_view.focus_line("repairs_done")
    panel.fault_button.click()
    assert "note" in panel.form.errors()  # what is not in order is written down
    panel.form.field("note").setPlainText("冷氣")
    panel.fault_button.click()
    assert states(page)[8] == "fault"


def test_a_photo_is_taken_from_a_file(desk: Context, qtbot: QtBot, boxes: Boxes, tmp_path: Path) -> None:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    picture.save(str(tmp_path / "x.png"))
    office = replace(desk, policy=shipped().with_packs(("security",)))
    page = shown(office, qtbot)
    page.load(id=checklists.begin(office, "inspection"))
    page.sheet_view.focus_line("register")
    press(qtbot, Key.Key_Space)
    assert page.sheet_view.panel.photo_error.isVisible()
    boxes.expect_file(str(tmp_path / "x.png"))
    page.sheet_view.panel.photo_button.click()
    page.tick()
    assert states(page)[5] == "ticked"
    page.sheet_view.focus_line("register")
    assert not page.sheet_view.panel.picture.isHidden()


def test_another_list_is_begun(page: ChecklistsPage, boxes: Boxes) -> None:
    boxes.expect_choose("shift_handover")
    page.list_view.new_button.click()
    assert page.stack.currentIndex() == SHEET and page.sheet.row.key == "shift_handover"
    boxes.expect_choose(None)
    page.begin_another()


def test_the_lists_of_others_are_not_ticked_here(desk: Context, qtbot: QtBot, staff: Staff) -> None:
    page = shown(desk.acting_as(staff.wen), qtbot)
    assert page.list_view.table.rows() == [] and page.edit_button.isHidden()


def test_the_manager_writes_a_list(page: ChecklistsPage, desk: Context, qtbot: QtBot) -> None:
    page.edit_button.click()
    assert page.stack.currentIndex() == TEMPLATES
    view = page.templates_view
    view.new_button.click()
    view.form.field("title").setText("週末")
    text = view.line_form.field("text")
    view.add_line()
    for words in ("鎖門", "關燈"):
        qtbot.keyClick(text, Key.Key_End)
        text.insert(words)
        text.textEdited.emit(words)
        view.line_form.finished.emit()
    view.lines_table.select(1)
    view.up_button.click()
    view.line_form.field("optional").click()
    assert view.save()
    found = next(found for found in checklists.find_templates(desk) if found.title["en"] == "週末")
    assert [(line.text["en"], line.optional) for line in found.lines] == [("關燈", True), ("鎖門", False)]
    assert view.table.current().id == found.key
    view.retire_button.click()
    assert not view.template.active
    view.table.select("send_off")  # of the reception's own window: it is worded anew, never retired
    assert view.retire_button.isHidden() and not view.note.isHidden()
    view.remove_button.click()
    assert not view.save() and "has to stay" in view.lines_error.text()
    view.load("send_off")
    view.table.select("closing")
    assert view.note.isHidden()
    view.remove_button.click()
    view.save_button.click()
    assert view.template.changed and len(view.template.lines) == 4 and not view.restore_button.isHidden()
    view.restore_button.click()
    assert len(view.template.lines) == 5
    view.form.field("title").setText("")
    view.form.field("title").textEdited.emit("")
    view.close_view()
    assert page.stack.currentIndex() == TEMPLATES and "title" in view.form.errors()  # nothing typed is lost
    view.form.field("title").setText("Closing")
    view.close_view()
    assert page.stack.currentIndex() == LIST


def finish(qtbot: QtBot) -> None:
    """Let the board of Today arrive, which the window began to read."""
    qtbot.waitUntil(lambda: not tasks.running(), timeout=10_000)


@pytest.mark.clause("CALL-13")
def test_at_closing_time_the_list_is_offered_once_and_nobody_is_kept(
    desk: Context, qtbot: QtBot, boxes: Boxes, clock: FixedClock, staff: Staff
) -> None:
    window = make_window(desk, desk.settings, "office-db")
    qtbot.addWidget(window)
    window.show()
    clock.advance(timedelta(hours=8))
    boxes.expect_ask(True)
    assert not window.close() and window.current_key == "checklists"
    assert window.page("checklists").sheet.row.key == "closing"
    boxes.expect_ask(False)
    assert window.close()
    assert "0 of 5" in boxes.asked[0][1] and "0 of 5" in closing_words(desk)
    assert not closing_words(desk.acting_as(staff.wen))  # it is the reception's list
    finish(qtbot)


def test_in_the_morning_nobody_asks(desk: Context, qtbot: QtBot) -> None:
    window = make_window(desk, desk.settings, "office-db")
    qtbot.addWidget(window)
    window.show()
    assert window.close() and not closing_words(desk)
    finish(qtbot)
