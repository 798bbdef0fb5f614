"""The register of letters and the quarter's enquiries at the phone desk, by keys; whose phone rang in vain."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crmdesk.core.clock import FixedClock
from crmdesk.rules.policies import shipped
from crmdesk.services import calls, enquiries, letters, missed_calls
from crmdesk.services.context import Context
from crmdesk.ui.calls import letters_view, quarter_view, words
from crmdesk.ui.calls.missed_view import MissedView
from crmdesk.ui.calls.page import CallsPage
from tests.helpers.office import Staff
from tests.ui.calls.conftest import DONE, Alt, Ctrl, Enter, key, type_in
from tests.ui.conftest import Boxes


@pytest.fixture
def papers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The papers a view showed instead of opening their window."""
    shown: list[int] = []

    def show_papers(page: object, ctx: object, ids: list[int]) -> list[object]:
        shown.extend(ids)
        return []

    for module in (letters_view, quarter_view):
        monkeypatch.setattr(module, "show_papers", show_papers)
    return shown


@pytest.mark.clause("CALL-21", "CALL-23", "CRM-33")
def test_a_letter_is_registered_handled_and_delivered_by_keys(page: CallsPage, mei: Context, known: int) -> None:
    page.show_place("letters")
    view = page.lists.view("letters")
    assert isinstance(view, letters_view.LettersView)
    key(page, Qt.Key.Key_1, Alt)
    key(page, Qt.Key.Key_4, Alt)  # one's mind changed
    assert not view.new_scroll.isVisible()
    key(page, Qt.Key.Key_1, Alt)
    assert view.pick.hasFocus() and view.new_scroll.isVisible()
    key(page, Enter, Ctrl)
    assert set(view.new_grid.errors()) >= {"subject"}
    view.pick.set_value(known)
    view.new_grid.field("subject").setFocus()
    type_in(page, "discoloured chain")
    key(page, Enter, Ctrl)
    (row,) = letters.find_letters(mei)
    assert (row.subject, row.customer_id, row.direction) == ("discoloured chain", known, "in")
    assert view.shown is not None and view.shown.id == row.id and not view.new_scroll.isVisible()
    key(page, Enter)  # goes to what it needs
    assert view.handle_grid.field("opinion").hasFocus()
    key(page, Qt.Key.Key_2, Alt)
    assert view.handle_grid.errors()
    type_in(page, "replace it")
    view.deliver_grid.load({"delivered_to": "workshop"})
    key(page, Qt.Key.Key_3, Alt)
    assert view.handle_grid.values()["opinion"] == "replace it"  # the other step leaves what is typed
    key(page, Qt.Key.Key_2, Alt)
    page.load(letter_id=row.id)  # from Today, Ctrl+K, the customer's time line
    assert view.shown is not None and view.shown.handled_at is not None and view.filter.value() == "all"
    (row,) = letters.find_letters(mei, show="unfiled")
    assert (row.opinion, row.delivered_to) == ("replace it", "workshop")
    view.filter.set_value("unfiled")
    view.filter.value_changed.emit()
    assert view.file_button.isHidden()  # a receptionist takes no lists out


@pytest.mark.clause("CALL-25", "CALL-26")
def test_the_quarter_is_summed_up_reported_and_the_board_set(
    desk: Context, qapp: QApplication, boxes: Boxes, papers: list[int]
) -> None:
    calls.save_call(desk, DONE, complete=True)
    page = CallsPage(desk)
    page.load(show="quarter")
    view = page.lists.view("quarter")
    assert isinstance(view, quarter_view.QuarterView)
    assert ("Why they asked", "Goods and restocking", 1, 0) in [row[1:] for row in view.table.rows()]
    view.report_button.click()
    assert view.text_grid.errors() and papers == []
    view.text_grid.field("text").setPlainText("多半問補貨")
    view.board_grid.field("topics").setPlainText("新貨到")
    view.report_button.click()
    assert len(papers) == 1 and view.board_grid.field("topics").value() == "新貨到"  # half written, and still there
    view.board_button.click()
    found = enquiries.get_quarter(desk, "2026Q4")
    assert (found.text, found.topics, found.reported_by) == ("多半問補貨", "新貨到", "林經理")
    page.load(show="letters", filter="unfiled")
    register = page.lists.view("letters")
    assert isinstance(register, letters_view.LettersView) and not register.file_button.isHidden()
    boxes.expect_choose("product")
    boxes.expect_inform()
    register.file_button.click()  # nothing to file yet is said, not printed
    assert len(papers) == 1
    page.deleteLater()


@pytest.mark.clause("CALL-16", "PEN-29")
def test_whose_phone_rang_and_what_the_month_proposes(
    desk: Context, staff: Staff, qapp: QApplication, boxes: Boxes
) -> None:
    boss = replace(desk, policy=shipped().with_packs(("projects",)))
    page = CallsPage(boss)
    page.load(show="missed")
    view = page.lists.view("missed")
    assert isinstance(view, MissedView) and view.month_label.isHidden()
    for number, whose in (("0423456789", staff.ming.id), ("0423456780", staff.ming.id), ("0423456781", 0)):
        boxes.expect_text(number)
        boxes.expect_choose(whose)
        view.listing.new_button.click()
    boxes.expect_text("0423456782")
    boxes.expect_choose(None)  # changed one's mind
    view.listing.new_button.click()
    rows = missed_calls.find_missed(boss)
    assert sorted((row.holder, row.proposed, row.clause, row.line) for row in rows) == [
        ("", Decimal(50), "CALL-15", ""), ("李阿明", Decimal(10), "CALL-16", "own phone"),
        ("李阿明", Decimal(10), "CALL-16", "own phone"),
    ]  # fmt: skip
    assert "李阿明: 2 calls, 20" in view.month_label.text()
    own = next(row for row in rows if row.holder)
    view.table.select(own.id)
    assert "08:00–22:00" in view.text_label.text() and "CALL-16" in view.note_label.text()
    missed_calls.settle_missed(boss, own.id, version=own.version, reason="出差在飛機上")
    view.refresh()
    assert "李阿明: 1 call, 10" in view.month_label.text()
    page.deleteLater()


@pytest.mark.clause("CALL-02")
def test_the_greeting_goes_with_the_hour(desk: Context, clock: FixedClock) -> None:
    said = []
    for hours in (0, 3, 6):  # 09:41, 12:41, 18:41
        clock.advance(timedelta(hours=hours))
        said.append(words.greeting(desk))
    assert said == [f"Good {part}, this is 天竺工坊." for part in ("morning", "afternoon", "evening")]
