"""The complaint page by keys and clicks: opened in a minute, led step by step, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crmdesk.services import complaints, customers
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.ui import language
from crmdesk.ui.complaints.page import CASE, LIST, NEW, PAGE, ComplaintsPage
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.shell import Shell
from crmdesk.ui.widgets import Label
from tests.conftest import SUNDAY_MORNING
from tests.helpers.office import Staff

Enter, Ctrl = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
FORM = ComplaintForm("陳李美鳳", "925 手鍊扣頭斷裂", SUNDAY_MORNING + timedelta(hours=5), item_code="B-2201")


@pytest.fixture
def fang(desk: Context, staff: Staff) -> Context:
    """Who handles complaints."""
    return desk.acting_as(staff.fang)


def make_window(ctx: Context) -> MainWindow:
    frame = MainWindow(Shell(ctx=ctx, company="天竺工坊"), [PAGE])
    frame.resize(1366, 768)
    frame.show()
    QTest.qWaitForWindowActive(frame)
    return frame


@pytest.fixture
def window(fang: Context) -> Iterator[MainWindow]:
    """The main window with the complaint page only."""
    frame = make_window(fang)
    yield frame
    frame.close()
    frame.deleteLater()


def show(window: MainWindow, **arguments: Any) -> ComplaintsPage:
    window.show_page("complaints", **arguments)
    QApplication.processEvents()
    page = window.page("complaints")
    assert isinstance(page, ComplaintsPage)
    return page


def key(page: ComplaintsPage, code: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.window().focusWidget() or page.window(), code, modifier)
    QApplication.processEvents()


def type_in(page: ComplaintsPage, text: str) -> None:
    target = page.window().focusWidget()
    getattr(target, "insertPlainText", getattr(target, "insert", None))(text)
    if hasattr(target, "textEdited"):
        target.textEdited.emit(target.text())
    QApplication.processEvents()


@pytest.mark.clause("CMP-01")
def test_anybody_opens_one_by_keyboard_alone(desk: Context, staff: Staff) -> None:
    window = make_window(desk.acting_as(staff.wen))
    QTest.keyClick(window, Qt.Key.Key_F8)
    QApplication.processEvents()
    page = window.page("complaints")
    assert isinstance(page, ComplaintsPage)
    type_in(page, "王先生")
    for _step in range(3):
        key(page, Enter)
    type_in(page, "少一對耳針")
    key(page, Enter, Ctrl)
    rows = complaints.find_complaints(desk)
    assert [(row.number, row.complainant, row.title) for row in rows] == [("2611-01", "王先生", "少一對耳針")]
    assert page.stack.currentIndex() == CASE
    window.close()
    window.deleteLater()


def test_what_is_missing_stands_under_its_field_and_the_rest_stays(window: MainWindow) -> None:
    page = show(window, new=True)
    type_in(page, "王先生")
    page.new_view.save_button.click()
    assert set(page.new_view.form.errors()) == {"title"}
    assert page.new_view.value().complainant == "王先生"
    page.new_view.form.field("next_reply_at").clear()
    page.new_view.form.field("title").set_value("x")
    page.new_view.save_button.click()
    assert set(page.new_view.form.errors()) == {"next_reply_at"}


def test_a_known_customer_is_taken_while_typing(window: MainWindow, fang: Context) -> None:
    known = customers.create_customer(fang, CustomerForm("陳李美鳳", phones=(PhoneEntry("0912345678"),))).id
    page = show(window, new=True)
    type_in(page, "陳李")
    key(page, Enter)
    type_in(page, "扣頭斷")
    key(page, Enter, Ctrl)
    row = complaints.find_complaints(fang, customer_id=known)[0]
    assert row.title == "扣頭斷"


def test_from_the_customer_everything_known_is_filled_in(window: MainWindow, fang: Context) -> None:
    known = customers.create_customer(fang, CustomerForm("陳李美鳳", phones=(PhoneEntry("0912345678"),))).id
    page = show(window, new=True, customer_id=known)
    form = page.new_view.value()
    assert (form.complainant, form.phone, form.customer_id) == ("陳李美鳳", "0912-345-678", known)
    assert window.focusWidget() is page.new_view.form.field("title")


def test_a_half_typed_one_survives(window: MainWindow, fang: Context) -> None:
    page = show(window, new=True)
    type_in(page, "王先生")
    key(page, Qt.Key.Key_Escape)
    assert page.stack.currentIndex() == LIST
    window.close()
    other = make_window(fang)
    again = show(other, new=True)
    assert (again.stack.currentIndex(), again.new_view.value().complainant) == (NEW, "王先生")
    other.close()
    other.deleteLater()


def test_the_case_asks_for_what_is_missing_right_there(window: MainWindow, fang: Context) -> None:
    made = complaints.register_complaint(fang, FORM)
    page = show(window, id=made.id)
    todo = page.case_view.todo
    assert not todo.go_button.ready
    assert {"heard", "asked", "department"} <= set(todo.missing())
    todo.go_button.click()  # drawn off: its key goes to what is missing
    assert window.focusWidget() is todo.inputs[todo.missing()[0]]
    for name in ("heard", "asked"):
        todo.inputs[name].click()
    todo.inputs["department"].set_value("品管")
    todo.inputs["department"].value_changed.emit()
    assert todo.go_button.ready, todo.go_button.reason
    todo.go_button.click()
    QApplication.processEvents()
    shown = [label.text() for label in todo.findChildren(Label) if label.isVisible()]
    assert "Department" not in shown  # the rows of the last step are gone
    case = complaints.get_complaint(fang, made.id)
    assert (case.state, case.department, case.handler) == ("assigned", "品管", "周小芳")
    key(page, Enter, Ctrl)
    assert complaints.get_complaint(fang, made.id).state == "investigating"


def test_a_filled_need_gets_its_tick_and_what_nobody_has_to_fill_has_no_sign(
    window: MainWindow, fang: Context
) -> None:
    todo = show(window, id=investigated(fang)).case_view.todo
    assert set(todo._signs) == {"upheld", "cause", "proposal"}
    assert [sign.name for sign in todo._signs.values()] == ["circle"] * 3 and "3 things" in todo.why_label.text()
    todo.inputs["cause"].setPlainText("扣頭彈簧偏軟")
    assert (todo._signs["cause"].name, todo._signs["proposal"].name) == ("check", "circle")
    todo.inputs["cause"].setPlainText("")
    assert todo._signs["cause"].name == "circle"


def test_not_upheld_asks_for_the_answer_instead(window: MainWindow, fang: Context) -> None:
    made = investigated(fang)
    page = show(window, id=made)
    todo = page.case_view.todo
    assert todo.action == "propose"
    todo.inputs["upheld"].set_value(False)
    todo.inputs["upheld"].value_changed.emit()
    assert (todo.action, todo.missing()) == ("not_upheld", ["reply"])
    todo.inputs["reply"].setPlainText("已說明保養方法")
    todo.go_button.click()
    case = complaints.get_complaint(fang, made)
    assert (case.state, case.valid, case.reply) == ("told", False, "已說明保養方法")


def investigated(ctx: Context) -> int:
    """A complaint that is being investigated."""
    made = complaints.register_complaint(ctx, FORM)
    values = {"heard": True, "asked": True, "department": "品管", "handler": ctx.user.id}
    version = complaints.act(ctx, made.id, made.version, "assign", values)
    complaints.act(ctx, made.id, version, "investigate", {})
    return made.id


def test_who_may_not_approve_sees_it_and_cannot_press_it(window: MainWindow, fang: Context) -> None:
    record = investigated(fang)
    values = {"upheld": True, "cause": "薄", "proposal": "換新", "remedy": "exchange"}
    complaints.act(fang, record, None, "propose", values)
    page = show(window, id=record)
    assert not page.case_view.todo.go_button.ready
    page.case_view.todo.go_button.click()
    assert complaints.get_complaint(fang, record).state == "proposed"


def test_a_step_nobody_can_take_back_replaces_the_older_offer(window: MainWindow, fang: Context) -> None:
    record = investigated(fang)
    page = show(window, id=record)
    window.toast.offer("older", "Undo", "Alt+Z", page)
    todo = page.case_view.todo
    todo.inputs["upheld"].set_value(True)
    todo.inputs["cause"].setPlainText("扣頭太薄")
    todo.inputs["proposal"].setPlainText("換新")
    todo.go_button.click()
    case = complaints.get_complaint(fang, record)
    assert case.state == "proposed" and case.undo is None
    assert window.toast.text() == f"{case.number} · {case.state_title}" and window.toast.action.isHidden()


def test_a_conflict_says_who_and_keeps_the_typing(window: MainWindow, fang: Context, desk: Context) -> None:
    record = investigated(fang)
    page = show(window, id=record)
    todo = page.case_view.todo
    said: list[str] = []
    page.banner_requested.connect(lambda tone, text, action: said.append(text))
    todo.inputs["upheld"].set_value(True)
    todo.inputs["cause"].setPlainText("扣頭太薄")
    todo.inputs["proposal"].setPlainText("換新")
    page._saving = True  # the notice of the colleague's change has not come yet
    complaints.count_not_reached(desk, record, None, SUNDAY_MORNING + timedelta(hours=3))
    page._saving = False
    todo.go_button.click()
    assert "林經理" in said[-1]
    assert todo.inputs["cause"].value() == "扣頭太薄"
    page.banner_answered.emit()
    assert page.case_view.todo.inputs["cause"].value() == "扣頭太薄"
    page.case_view.todo.go_button.click()
    assert complaints.get_complaint(fang, record).state == "proposed"


def test_notes_tries_and_times(window: MainWindow, fang: Context, boxes: Any) -> None:
    made = complaints.register_complaint(fang, FORM)
    page = show(window, id=made.id)
    key(page, Qt.Key.Key_F4)
    type_in(page, "客戶口氣平和")
    key(page, Enter)
    boxes.expect_text("+1 10:00")
    page.case_view.todo.missed_button.click()
    boxes.expect_text("nonsense")
    page.case_view.todo.time_button.click()
    case = complaints.get_complaint(fang, made.id)
    assert ([line.action for line in case.story[:2]], case.not_reached) == (["not_reached", "note"], 1)
    assert not page.case_view.todo.error_label.isHidden()
    page.case_view.explain_button.click()
    assert page.due_sheet.panel.isVisible()


def test_the_list_opens_with_enter_and_filters(window: MainWindow, fang: Context) -> None:
    first = complaints.register_complaint(fang, FORM)
    complaints.register_complaint(fang, replace(FORM, complainant="黃先生", item_code="R-1"))
    page = show(window)
    assert len(page.list_view.table.rows()) == 2
    page.list_view.search_box.setText("陳李")
    page.list_view.search_box.search_now()
    assert [line.id for line in page.list_view.table.rows()] == [first.id]
    page.list_view.table.setFocus()
    key(page, Enter)
    assert page.case_view.case is not None
    assert page.case_view.case.id == first.id


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_it_fits_in_every_language_and_keeps_the_typing(
    window: MainWindow, fang: Context, look: Callable[..., None], language: str
) -> None:
    page = show(window, id=investigated(fang))
    page.case_view.todo.inputs["cause"].setPlainText("扣頭太薄")
    look(language=language)
    QApplication.processEvents()
    assert page.case_view.todo.inputs["cause"].value() == "扣頭太薄"
    smallest = page.minimumSizeHint()
    assert smallest.width() <= MAX_MINIMUM.width()
    assert smallest.height() <= MAX_MINIMUM.height()


def test_freed_on_close(fang: Context, freed: Callable[..., None]) -> None:
    record = investigated(fang)

    def make() -> ComplaintsPage:
        page = ComplaintsPage(fang)
        page.load(id=record)
        return page

    freed(make)


@pytest.mark.parametrize("code", ["en", "zh_TW", "zh_CN"])
def test_the_next_step_is_seen_whole_on_a_small_screen(
    fang: Context, window: MainWindow, qapp: Any, code: str
) -> None:
    made = complaints.register_complaint(fang, FORM)
    language.switch(qapp, code)
    page = show(window, id=made.id)
    todo = page.case_view.todo
    for name in ("heard", "asked"):
        todo.inputs[name].click()
    todo.inputs["department"].set_value("品管")
    todo.go_button.click()
    todo.go_button.click()  # now it is being investigated: the step with the most fields
    QApplication.processEvents()
    assert {"cause", "proposal", "loss", "allowance", "remedy"} <= set(todo.inputs)
    for name, field in todo.inputs.items():
        visible = field.visibleRegion().boundingRect().size()
        assert visible == field.size(), f"{name} is cut in {code}"
    window.resize(960, 540)  # 200 % on a screen of 1920 × 1080
    QApplication.processEvents()
    assert page.case_view.head.stages.isHidden() and todo.go_button.isVisible()
    assert todo.go_button.visibleRegion().boundingRect().size() == todo.go_button.size()
