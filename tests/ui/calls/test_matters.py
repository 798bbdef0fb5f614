"""Several matters in a call, missed calls, who has the phone, terms and phrases: by keyboard and as one sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crmdesk.services import calls, knowledge, matters, missed_calls, phone_duty
from crmdesk.services.calls import MatterEntry
from crmdesk.services.context import Context
from crmdesk.services.knowledge import Terms
from crmdesk.ui.calls.matters_view import MattersView
from crmdesk.ui.calls.missed_view import MissedView
from crmdesk.ui.calls.page import CallsPage
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.widgets import PoliteLine, PoliteNote
from tests.helpers.office import Staff
from tests.ui.calls.conftest import DONE, Alt, Ctrl, Enter, f2, fill, key, read_back, type_in
from tests.ui.conftest import Boxes

Esc = Qt.Key.Key_Escape


@pytest.mark.clause("FIRST-01")
def test_two_matters_in_one_call_by_keyboard_alone(page: CallsPage, mei: Context, staff: Staff) -> None:
    fill(page)
    key(page, Qt.Key.Key_6, Alt)
    strip = page.form_view.matters
    assert strip.isVisible() and strip.lines[0].own_label.text() == "ring size 12"
    key(page, Qt.Key.Key_Down)  # from answered at once to me
    key(page, Enter)
    type_in(page, "修理好了嗎")
    assert len(strip.lines) == 2
    strip.lines[1].owner.set_value(staff.ming.id)
    key(page, Esc)
    assert not strip.isVisible()
    read_back(page)
    key(page, Enter, Ctrl)
    rows = matters.find_matters(mei, show="open")
    assert {(row.text, row.owner) for row in rows} == {("ring size 12", "王小美"), ("修理好了嗎", "李阿明")}
    key(page, Qt.Key.Key_F6)
    page.show_place("matters")
    assert page.lists.view("matters").table.rows()


def test_a_call_without_more_matters_has_none(page: CallsPage, mei: Context) -> None:
    fill(page)
    key(page, Qt.Key.Key_6, Alt)
    key(page, Enter)  # a line begun and left empty
    key(page, Esc)
    read_back(page)
    key(page, Enter, Ctrl)
    assert matters.find_matters(mei, show="all") == []
    assert len(calls.find_calls(mei)) == 1


def test_half_shared_matters_survive_a_crash(page: CallsPage, mei: Context, staff: Staff) -> None:
    fill(page)
    page.form_view.matters.load((MatterEntry("", staff.mei.id or 0), MatterEntry("修理好了嗎", staff.ming.id or 0)))
    more = {"opinion": "包裝太緊", "channel": "letter", "outcome": "", "opinion_department": None}
    page.form_view.more.grid.load(more)
    page.held.keep()
    other = CallsPage(mei)
    other.load(new=True)
    other.held.next_tab()
    form = other.form_view.form()
    assert form.matters == (MatterEntry("", staff.mei.id or 0), MatterEntry("修理好了嗎", staff.ming.id or 0))
    assert (form.opinion, form.channel) == ("包裝太緊", "letter")
    other.deleteLater()


@pytest.mark.parametrize("state", ["list", "matters", "missed", "strip", "transfer", "reference"])
def test_the_next_ring_never_loses_one_whatever_is_open(
    window: MainWindow, page: CallsPage, mei: Context, state: str
) -> None:
    fill(page, "王先生")
    if state in ("strip", "transfer"):
        key(page, Qt.Key.Key_6 if state == "strip" else Qt.Key.Key_4, Alt)
    else:
        page.show_place("calls" if state == "list" else state)
    f2(window)
    assert page.stack.currentIndex() == 0 and page.form_view.number_edit.text() == ""
    assert page.form_view.open_strip_name() == ""
    assert len(page.form_view.tabs.titles()) == 2
    key(page, Qt.Key.Key_Tab, Ctrl)
    assert page.form_view.form().name == "王先生"


def test_a_wrong_number_is_done_with_three_keys(page: CallsPage, mei: Context) -> None:
    type_in(page, "0423456789")
    key(page, Qt.Key.Key_7, Alt)
    page.form_view.more.grid.field("outcome").set_value("wrong_number")
    page.form_view.more.grid.changed.emit("outcome")
    key(page, Enter, Ctrl)
    (row,) = calls.find_calls(mei)
    assert row.state == "done"


@pytest.mark.clause("FIRST-03")
def test_a_matter_is_answered_and_asked_back_in_the_list(page: CallsPage, mei: Context, staff: Staff) -> None:
    calls.save_call(mei, replace(DONE, matters=(MatterEntry("", staff.mei.id or 0),)), complete=True)
    (row,) = matters.find_matters(mei)
    page.load(matter_id=row.id)
    view = page.lists.view("matters")
    assert isinstance(view, MattersView) and view.shown is not None and view.shown.row.id == row.id
    view.answer_grid.field("answer").setPlainText("我不知道")
    assert view.answer_grid.field("answer").hit is not None
    QTest.keyClick(view.answer_grid.field("answer"), Qt.Key.Key_R, Alt)
    view.answer_button.click()
    assert view.shown.answer == "請稍等，我問清楚後馬上答覆您"
    assert not view.answer_button.isVisible() and view.satisfied_button.isVisible()
    view.missing_button.click()
    assert view.ask_grid.errors()
    view.satisfied_button.click()
    assert matters.get_matter(mei, row.id).row.state == "satisfied"


@pytest.mark.clause("FIRST-04")
def test_a_department_is_complained_of_in_the_list(page: CallsPage, mei: Context, staff: Staff, boxes: Boxes) -> None:
    calls.save_call(mei, replace(DONE, matters=(MatterEntry("", staff.mei.id or 0),)), complete=True)
    (row,) = matters.find_matters(mei)
    matters.pass_matter(mei, row.id, version=row.version, department="製造")
    page.load(matter_id=row.id)
    view = page.lists.view("matters")
    assert isinstance(view, MattersView)
    boxes.expect_text("三天沒回話")
    view.complain_button.click()
    assert matters.get_matter(mei, row.id).story[0].action == "complain"


def test_a_missed_call_is_called_back_with_one_key(page: CallsPage, mei: Context, known: int) -> None:
    missed_calls.log_missed(mei, "0912345678")
    page.load(show="missed")
    view = page.lists.view("missed")
    assert isinstance(view, MissedView) and view.call_button.isVisible()
    key(page, Qt.Key.Key_1, Alt)
    form = page.form_view.form()
    assert (form.direction, form.phone, form.customer_id) == ("out", "0912-345-678", known)
    assert page.stack.currentIndex() == 0


def test_a_missed_call_is_settled_with_a_reason(page: CallsPage, mei: Context, boxes: Boxes) -> None:
    page.load(show="missed")
    view = page.lists.view("missed")
    assert isinstance(view, MissedView)
    boxes.expect_text("0423456789")
    view.listing.new_button.click()
    view.settle_button.click()
    assert view.reason_grid.errors()
    missed_calls.log_missed(mei, "0423456000")
    view.reason_grid.load({"reason": "推銷"})
    view.refresh()
    assert view.reason_grid.values() == {"reason": "推銷"}
    view.table.step(-1)
    assert view.reason_grid.values() == {"reason": ""}  # that was about another caller
    for _caller in range(2):
        view.reason_grid.load({"reason": "推銷"})
        view.settle_button.click()
    assert view.table.rows() == [] and missed_calls.count_missed(mei) == 0


@pytest.mark.clause("CALL-20")
def test_an_opinion_is_passed_on_in_the_list(page: CallsPage, mei: Context) -> None:
    saved = calls.save_call(mei, replace(DONE, opinion="包裝太緊", opinion_department="點貨"), complete=True)
    page.show_place("waiting")
    view = page.lists.view("waiting")
    view.filter.set_value("opinions_open")
    view.refresh()
    view.pass_button.click()
    card = calls.get_call(mei, saved.id)
    assert (card.form.opinion_department, card.opinion_passed_at) == ("點貨", mei.clock.now())


@pytest.mark.clause("CALL-09")
def test_the_terms_are_looked_up_while_talking(page: CallsPage, desk: Context) -> None:
    knowledge.save_terms(desk, Terms("首批 3 萬", ""))
    fill(page, "王先生")
    key(page, Qt.Key.Key_8, Alt)
    view = page.lists.view("reference")
    assert view.isVisible() and view.grid.values()["wholesale"] == "首批 3 萬"
    assert not view.save_button.isVisible()  # the receptionist reads
    key(page, Esc)
    assert page.stack.currentIndex() == 0 and page.form_view.form().name == "王先生"


@pytest.mark.clause("CALL-15")
def test_the_manager_sets_who_has_the_phone(desk: Context, staff: Staff, qapp: QApplication) -> None:
    page = CallsPage(desk)
    page.show_place("duty")
    view = page.lists.view("duty")
    view.add_button.click()
    view.lines[0].person.set_value(staff.mei.id)
    view.lines[0].ends.set_value("08:00")
    view.save_button.click()
    assert "later" in view.error_label.text() and phone_duty.find_slots(desk) == []
    view.lines[0].ends.set_value("12:00")
    view.save_button.click()
    view.add_button.click()
    view.lines[1].remove_button.click()
    view.save_button.click()
    assert [(s.weekday, s.begins, s.ends, s.name) for s in phone_duty.find_slots(desk)] == [
        (0, "09:00", "12:00", "王小美")
    ]
    page.deleteLater()


@pytest.mark.clause("PHR-02", "PHR-03")
def test_a_forbidden_phrase_is_underlined_and_one_key_makes_it_polite(qapp: QApplication) -> None:
    note = PoliteNote()
    note.resize(400, 120)
    note.setPlainText("客人：老頭，我不知道")
    formats = note.document().firstBlock().layout().formats()
    assert [(mark.start, mark.length) for mark in formats] == [(3, 2), (6, 4)]
    QTest.keyClick(note, Qt.Key.Key_R, Alt)
    QTest.keyClick(note, Qt.Key.Key_R, Alt)
    assert note.toPlainText() == "客人：老伯，請稍等，我問清楚後馬上答覆您" and note.hit is None
    note.undo()
    assert "我不知道" in note.toPlainText()
    line = PoliteLine(max_length=200)
    line.setText("這事不歸我管")
    assert line.accessibleDescription()
    QTest.keyClick(line, Qt.Key.Key_R, Alt)
    assert line.text() == "我們幫您辦" and not line.accessibleDescription()
    note.deleteLater()
    line.deleteLater()


def test_who_was_not_reached_is_tried_again(page: CallsPage, mei: Context) -> None:
    page.load(new=True, direction="out", phone="0423456789")
    page.form_view.more.grid.load({"outcome": "not_reached"})
    page.complete()
    assert page.form_view.when.errors()
    page.form_view.set_callback(mei.clock.now() + timedelta(hours=2))
    page.complete()
    (row,) = calls.find_calls(mei, show="callbacks")
    assert (row.direction, row.state) == ("out", "done")
