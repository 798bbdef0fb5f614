"""One call by keys and clicks, from the ring to "done": ten fingers, no mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crmdesk.services import calls, customers, drafts
from crmdesk.services.context import Context
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.ui.calls.desk_lists import PLACES
from crmdesk.ui.calls.page import CallsPage
from crmdesk.ui.page import MAX_MINIMUM
from tests.ui.calls.conftest import DONE, Alt, Ctrl, Enter, Space, fill, key, read_back, type_in


@pytest.mark.clause("CALL-05")
def test_f2_opens_a_call_with_the_focus_in_the_number(page: CallsPage) -> None:
    assert page.form_view.number_edit.hasFocus()
    assert page.sheet.form.started_at == page.ctx.clock.now()
    assert page.form_view.rings.value() == 2


def test_the_caller_is_found_while_typing_and_taken_over_with_enter(page: CallsPage, known: int) -> None:
    view = page.form_view
    for digit in "0912 345 6":
        type_in(page, digit)
    assert [match.title for match in view.match_list.matches] == ["陳李美鳳"]
    assert view.match_frame.isVisible()
    page.caller.show_person()
    assert page.panel.name_label.text() == "Ms 陳李美鳳"
    key(page, Enter)
    form = view.form()
    assert (form.customer_id, form.name, form.phone) == (known, "陳李美鳳", "0912-345-678")
    assert (form.region, form.address) == ("臺中", "文心路 1 號")
    assert view.what.field("matter").hasFocus()
    assert not view.match_frame.isVisible()


@pytest.mark.parametrize("pasted", ["+886 912-345-678", "０９１２３４５６７８", "345678", "陳李", "chenli"])
def test_a_pasted_number_or_a_name_finds_too(page: CallsPage, known: int, pasted: str) -> None:
    QApplication.clipboard().setText(pasted)
    key(page, Qt.Key.Key_V, Ctrl)
    assert [match.record.id for match in page.form_view.match_list.matches] == [known]


def test_arrows_choose_among_the_matches(page: CallsPage, mei: Context, known: int) -> None:
    other = customers.create_customer(mei, CustomerForm("林", phones=(PhoneEntry("0912345999"),))).id
    type_in(page, "0912345")
    first = page.form_view.match_list.current().record.id
    key(page, Qt.Key.Key_Down)
    key(page, Enter)
    assert {first, page.form_view.form().customer_id} == {known, other}


@pytest.mark.clause("CALL-06")
def test_a_whole_call_by_keyboard(page: CallsPage, mei: Context) -> None:
    fill(page)
    form = page.form_view.form()
    assert (form.region, form.reason, form.name) == ("臺中", "warranty", "王先生")
    assert page.form_view.who.errors() == {}
    read_back(page)
    assert page.form_view.complete_button.ready
    key(page, Enter, Ctrl)
    (row,) = calls.find_calls(mei)
    assert (row.state, row.number, row.phone, row.matter) == ("done", "C261122-001", "04-2345-6789", "ring size 12")
    assert page.sheet.blank  # ready for the next
    assert page.form_view.number_edit.hasFocus()
    assert drafts.find_drafts(mei, "call") == []


@pytest.mark.clause("CALL-06")
def test_the_key_of_complete_jumps_to_what_is_missing(page: CallsPage, mei: Context) -> None:
    view = page.form_view
    type_in(page, "0912345678")
    assert not view.complete_button.ready
    key(page, Enter, Ctrl)
    assert set(view.who.errors()) == {"name", "region", "reason"}
    assert set(view.what.errors()) == {"matter"}
    assert view.who.field("name").hasFocus()
    assert calls.find_calls(mei) == []


@pytest.mark.clause("CALL-07")
def test_what_is_not_read_back_blocks_and_is_counted(page: CallsPage, mei: Context) -> None:
    fill(page)
    read_back(page, "phone", "name")
    view = page.form_view
    assert "1" in view.read_back.missing_label.text()
    able = [name for name, chip in view.read_back.chips.chips() if chip.isEnabled() and not chip.isChecked()]
    assert able == ["matter"], "as many chips are open as the words count; the address is not written down"
    key(page, Enter, Ctrl)
    assert calls.find_calls(mei) == []
    assert view.read_back.chips.chip("matter").hasFocus(), "the address is not written down"
    read_back(page, "matter")
    assert view.read_back.missing_label.text() == "All read back"
    key(page, Enter, Ctrl)
    assert len(calls.find_calls(mei)) == 1


def test_several_that_are_not_read_back_are_one_sentence(page: CallsPage) -> None:
    said: list[str] = []
    page.said.connect(lambda text, tone: said.append(text))
    fill(page)
    key(page, Enter, Ctrl)
    assert said == ["Please read back and tick: the phone number, the name, the matter. (CALL-07)"]
    assert page.form_view.read_back.chips.chip("phone").hasFocus()
    read_back(page, "phone", "name")
    key(page, Enter, Ctrl)
    assert said[1:] == ["Please read the matter back and tick it. (CALL-07)"]


@pytest.mark.clause("CALL-01")
def test_five_rings_ask_for_the_apology(page: CallsPage, mei: Context) -> None:
    fill(page)
    read_back(page)
    view = page.form_view
    assert not view.apology.isVisible()
    view.rings.setFocus()
    key(page, Qt.Key.Key_5)
    assert view.apology.isVisible()
    assert "sorry" in page.panel.advice_label.text()
    key(page, Enter, Ctrl)
    assert calls.find_calls(mei) == []
    assert view.apology.hasFocus()
    key(page, Space)
    key(page, Enter, Ctrl)
    (row,) = calls.find_calls(mei)
    assert calls.get_call(mei, row.id).form.apologised


@pytest.mark.clause("CALL-02")
def test_the_greeting_names_the_company(page: CallsPage) -> None:
    assert "天竺工坊" in page.panel.greeting_label.text()
    assert page.panel.greeting_clause.clause == "CALL-02"


@pytest.mark.clause("CALL-11", "CALL-14")
def test_choosing_the_urgency_suggests_the_call_back(page: CallsPage) -> None:
    view = page.form_view
    view.when.focus_first("urgency")
    key(page, Qt.Key.Key_1)
    urgent = view.form().callback_at
    key(page, Qt.Key.Key_4)
    relaxed = view.form().callback_at
    assert urgent is not None
    assert relaxed is not None
    assert urgent < relaxed
    view.quick[1].click()
    local = page.ctx.clock.local(view.form().callback_at or relaxed)
    assert (local.date() - page.ctx.clock.today(), local.hour) == (timedelta(days=1), 10)


def test_an_unreadable_call_back_is_said_at_the_field(page: CallsPage, mei: Context) -> None:
    fill(page)
    read_back(page)
    page.form_view.when.focus_first("callback_at")
    type_in(page, "someday")
    key(page, Enter, Ctrl)
    assert page.form_view.when.errors()["callback_at"]
    assert calls.find_calls(mei) == []


@pytest.mark.clause("CALL-14")
def test_one_key_makes_a_customer_of_the_caller(page: CallsPage, mei: Context) -> None:
    type_in(page, "0423456789")
    key(page, Qt.Key.Key_N, Ctrl)
    assert page.form_view.who.errors()["name"]
    type_in(page, "王先生")
    key(page, Qt.Key.Key_N, Ctrl)
    customer_id = page.form_view.form().customer_id
    assert customer_id is not None
    assert get_customer(mei, customer_id).phone == "04-2345-6789"
    assert calls.find_calls(mei)[0].customer_id == customer_id


def test_one_key_gives_a_new_number_to_a_known_customer(page: CallsPage, mei: Context, known: int) -> None:
    type_in(page, "0423456789")
    key(page, Qt.Key.Key_F4)
    assert page.form_view.who.field("name").hasFocus()
    type_in(page, "陳李")
    key(page, Qt.Key.Key_F4)
    form = page.form_view.form()
    assert (form.customer_id, form.phone) == (known, "0423456789")
    assert [phone.number for phone in get_customer(mei, known).form.phones] == ["0912-345-678", "04-2345-6789"]


@pytest.mark.clause("CALL-12")
def test_a_transfer_asks_to_whom(page: CallsPage, mei: Context) -> None:
    type_in(page, "0423456789")
    key(page, Qt.Key.Key_4, Alt)
    view = page.form_view
    assert view.transfer.isVisible()
    assert not view.read_back.isVisible()
    view.transfer.button.click()
    assert set(view.transfer.grid.errors()) == {"transferred_to", "passed_on"}
    view.transfer.grid.field("transferred_to").set_value("李阿明")
    view.transfer.grid.focus_first("passed_on")
    type_in(page, "clasp broken")
    key(page, Enter)
    (row,) = calls.find_calls(mei)
    assert row.state == "transferred"
    assert page.sheet.blank


@pytest.mark.parametrize(("digit", "desk_key"), [(1, "complaints"), (2, "repairs"), (3, "reception")])
def test_from_a_call_to_another_desk(page: CallsPage, mei: Context, known: int, digit: int, desk_key: str) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    page.open_requested.connect(lambda name, arguments: asked.append((name, arguments)))
    type_in(page, "0912345678")
    key(page, Enter)
    key(page, Qt.Key(Qt.Key.Key_0 + digit), Alt)
    (row,) = calls.find_calls(mei)
    assert asked == [(desk_key, {"new": True, "call_id": row.id, "customer_id": known})]
    assert row.state == "draft"  # not read back yet: it waits in a tab
    assert page.sheet.call_id == row.id


def test_what_to_say_first_has_links(page: CallsPage, mei: Context, known: int, boxes: Any) -> None:
    form = replace(DONE, customer_id=known, callback_at=mei.clock.now())
    promised = calls.save_call(mei, form, complete=True)
    type_in(page, "0912345678")
    key(page, Enter)
    (row,) = [line for line in page.panel.say_rows if line.isVisible()]
    assert "Call-back promised" in row.text.text()
    assert "CALL-11" in row.detail.text()
    boxes.expect_text("picked up on Friday")
    row.link.click()
    assert calls.get_call(mei, promised.id).callback_result == "picked up on Friday"
    assert not any(line.isVisible() for line in page.panel.say_rows)


def test_a_stranger_shows_the_earlier_calls_from_the_number(page: CallsPage, mei: Context) -> None:
    calls.save_call(mei, replace(DONE, phone="04-2345-6789"), complete=True)
    type_in(page, "0423456789")
    page.caller.show_person()
    assert [entry.title for entry in page.panel.timeline.entries()] == ["補貨"]


def test_an_outgoing_call_has_no_rings(page: CallsPage, known: int) -> None:
    page.load(new=True, customer_id=known, direction="out")
    assert page.form_view.form().customer_id == known
    assert not page.form_view.rings.isVisible()
    QTest.mouseClick(page.form_view.direction, Qt.MouseButton.LeftButton)
    assert page.form_view.form().direction == "in"


def test_a_number_handed_over_finds_the_caller(page: CallsPage, known: int) -> None:
    page.load(new=True, phone="0912345678")
    assert page.form_view.form().customer_id == known


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_it_fits_and_keeps_typed_text_in_every_language(
    page: CallsPage, known: int, look: Callable[..., None], language: str
) -> None:
    fill(page)
    before = page.form_view.form()
    look(language=language, dark=language == "zh_CN")
    QApplication.processEvents()
    assert page.form_view.form() == before
    page.form_view.rings.set_value(7)
    page.form_view.show_state()
    for view in (0, 1):
        page.stack.setCurrentIndex(view)
        for _pass in range(4):  # a change goes up from layout to layout, one pass of the loop each
            QApplication.processEvents()
        least = page.minimumSizeHint()
        assert least.width() <= MAX_MINIMUM.width(), (language, view, least)
        assert least.height() <= MAX_MINIMUM.height(), (language, view, least)
    page.stack.setCurrentIndex(0)
    page.panel.hide()
    QApplication.processEvents()
    assert page.minimumSizeHint().width() <= 913, "200 % of full HD: the form alone, whatever the lists behind it need"
    if language == "en":
        wide = {place: page.lists.view(place).minimumSizeHint().width() for place in PLACES}
        assert max(wide.values()) <= MAX_MINIMUM.width() - 40, wide


def test_inputs_have_names(page: CallsPage) -> None:
    view = page.form_view
    fields = [view.number_edit, view.rings, view.direction, *(view.who.field(name) for name in view.who.names())]
    fields += [view.what.field("matter"), view.where.field("address"), view.when.field("callback_at")]
    assert all(field.accessibleName() for field in fields)


def test_the_page_is_freed(mei: Context, freed: Callable[..., None]) -> None:
    freed(lambda: CallsPage(mei))
