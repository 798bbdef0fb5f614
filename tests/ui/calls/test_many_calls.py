"""Many calls: tabs, half-typed calls, the list, colleagues; nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from crmdesk.core.clock import FixedClock
from crmdesk.services import attachments, calls, drafts
from crmdesk.services.context import Context
from crmdesk.ui.calls.page import CallsPage
from crmdesk.ui.main_window import MainWindow
from tests.helpers.office import Staff
from tests.ui.calls.conftest import DONE, Alt, Ctrl, Enter, f2, fill, key, read_back, type_in


@pytest.mark.clause("CALL-10")
def test_ask_the_superior_who_instructs_in_the_list(page: CallsPage, mei: Context, window: MainWindow) -> None:
    fill(page)
    key(page, Qt.Key.Key_5, Alt)
    assert page.form_view.escalate.isVisible()
    key(page, Enter, Ctrl)
    (row,) = calls.find_calls(mei, show="escalated")
    key(page, Qt.Key.Key_F6)
    listing = page.list_view
    listing.filter.set_value("escalated")
    listing.refresh()
    assert listing.table.current().id == row.id
    listing.instruct_button.click()
    assert listing.instruct_grid.errors()
    listing.instruct_grid.load({"instruction": "可以退換"})
    listing.instruct_button.click()
    assert listing.instruction_label.text() == "Instruction: 可以退換"
    listing.handled_button.click()
    assert calls.get_call(mei, row.id).state == "done"


def test_the_next_ring_never_loses_a_half_typed_call(window: MainWindow, page: CallsPage, mei: Context) -> None:
    fill(page, "王先生")
    f2(window)
    assert page.form_view.number_edit.text() == ""
    assert len(page.form_view.tabs.titles()) == 2
    (draft,) = drafts.find_drafts(mei, "call")
    assert draft.payload["form"]["name"] == "王先生"
    type_in(page, "0287654321")
    f2(window)
    assert len(page.form_view.tabs.titles()) == 3
    key(page, Qt.Key.Key_Tab, Ctrl)
    assert page.form_view.form().name == "王先生"
    assert page.form_view.form().matter == "ring size 12"
    key(page, Qt.Key.Key_Tab, Ctrl)
    assert page.form_view.form().phone == "0287654321"


def test_a_half_typed_call_survives_a_crash(mei: Context, clock: FixedClock, page: CallsPage) -> None:
    fill(page, "王先生")
    page.form_view.set_callback(clock.now() + timedelta(days=1))
    page.form_view._tell_changed()
    page.held.keep()
    other = CallsPage(mei)
    other.load()
    other.load(new=True)
    assert len(other.form_view.tabs.titles()) == 2
    other.held.next_tab()
    assert other.form_view.form() == replace(page.form_view.form())
    other.deleteLater()


def test_leaving_the_page_keeps_what_is_typed_and_asks_nothing(page: CallsPage, mei: Context) -> None:
    type_in(page, "0423456789")
    assert page.leave()
    assert len(drafts.find_drafts(mei, "call")) == 1


def test_a_call_put_away_can_be_brought_back(page: CallsPage, mei: Context) -> None:
    fill(page, "王先生")
    page.held.keep()
    key(page, Qt.Key.Key_W, Ctrl)
    assert page.sheet.blank
    assert drafts.find_drafts(mei, "call") == []
    key(page, Qt.Key.Key_T, Ctrl | Qt.KeyboardModifier.ShiftModifier)
    assert page.form_view.form().name == "王先生"
    page.held.keep()
    assert len(drafts.find_drafts(mei, "call")) == 1


def test_esc_shows_the_list_and_keeps_the_call(page: CallsPage, mei: Context) -> None:
    type_in(page, "0423456789")
    key(page, Qt.Key.Key_Escape)
    assert page.stack.currentIndex() == 1
    page.load()
    assert page.form_view.form().phone == "0423456789"


def test_the_list_filters_searches_and_opens(page: CallsPage, mei: Context, clock: FixedClock) -> None:
    old = calls.save_call(mei, DONE, complete=True)
    attachments.add_attachment(mei, "call", old.id, attachments.NewFile("fax.pdf", b"%PDF-1"))
    clock.advance(timedelta(days=1))
    new = calls.save_call(mei, replace(DONE, name="林", phone="04-2222-1111", callback_at=clock.now()), complete=True)
    page.load()
    listing = page.list_view
    assert page.stack.currentIndex() == 1
    assert [line.id for line in listing.table.rows()] == [new.id]
    listing.filter.setFocus()
    key(page, Qt.Key.Key_5)
    assert [line.id for line in listing.table.rows()] == [new.id, old.id]
    listing.search_box.setText("345678")
    listing.search_box.search_now()
    assert [line.id for line in listing.table.rows()] == [old.id]
    assert (listing.files_button.text(), listing.files_button.isVisible()) == ("1", True)
    listing.table.setFocus()
    key(page, Enter)
    assert page.form_view.form().name == "陳李美鳳"
    assert page.form_view.state_pill.text() == "Done"


@pytest.mark.clause("CALL-11")
def test_a_call_back_is_noted_in_the_list(page: CallsPage, mei: Context) -> None:
    saved = calls.save_call(mei, replace(DONE, callback_at=mei.clock.now()), complete=True)
    page.load(show="callbacks")
    listing = page.list_view
    assert listing.shown is not None
    listing.callback_grid.load({"result": "週五來拿"})
    listing.called_button.click()
    assert listing.table.rows() == []
    assert calls.get_call(mei, saved.id).callback_result == "週五來拿"


def test_a_saved_call_changed_by_a_colleague_is_not_overwritten(
    window: MainWindow, page: CallsPage, mei: Context, staff: Staff
) -> None:
    saved = calls.save_call(mei, replace(DONE, read_back=()))
    page.open_call(saved.id)
    calls.save_call(mei.acting_as(staff.fang), replace(DONE, matter="別的"), call_id=saved.id, version=saved.version)
    page.refresh(None)
    assert "changed" in window.banner.text()
    read_back(page)
    page.complete()
    assert calls.get_call(mei, saved.id).form.matter == "別的"
    page.banner_answered.emit()
    assert page.form_view.form().matter == "別的"
