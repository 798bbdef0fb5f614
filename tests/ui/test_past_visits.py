"""Visits that were: their list by key, read only, with the way to the customer; and guests who come again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from crmdesk.core.clock import FixedClock
from crmdesk.services import attachments, visits
from crmdesk.services.context import Context
from crmdesk.services.visits import VisitRow
from crmdesk.ui.reception.page import ReceptionPage
from crmdesk.ui.widgets import Label
from tests.ui import reception_desk
from tests.ui.reception_desk import come_in, now, press, type_text

huang, page = reception_desk.huang, reception_desk.page  # fixtures


def gone(desk: Context, page: ReceptionPage, customer_id: int, clock: FixedClock) -> VisitRow:
    """A visit of half an hour that is over, three days ago."""
    visit = come_in(desk, page, customer_id)
    clock.advance(timedelta(minutes=30))
    visits.act(desk, visit.id, visit.version, "leave")
    visits.act(desk, visit.id, now(desk, visit).version, "check_out", reason="趕飛機")
    clock.advance(timedelta(days=3))
    page.reload()
    return now(desk, visit)


def test_past_visits_by_key_with_their_sheet_and_customer(
    desk: Context, page: ReceptionPage, huang: int, clock: FixedClock
) -> None:
    visit = gone(desk, page, huang, clock)
    attachments.add_attachment(desk, "visit", visit.id, attachments.NewFile("名片.pdf", b"%PDF-1"))
    opened: list[tuple[str, dict[str, Any]]] = []
    page.open_requested.connect(lambda key, arguments: opened.append((key, arguments)))
    press(Qt.Key.Key_F6)
    listing = page.past.listing
    assert listing.isVisible() and not page.board.isVisible()
    assert listing.table.rows() == []
    listing.search_box.setFocus()
    type_text(listing.search_box, "333444")
    press(Qt.Key.Key_Return)
    (line,) = listing.table.rows()
    assert (line.id, line.name, line.purpose, line.stayed) == (visit.id, "黃淑惠", "看新款", "30 min")
    assert listing.filter.value() == "all"  # who searches doesn't mean today only
    assert page.past.sheet.isVisible()
    assert not page.past.sheet.findChildren(QLineEdit)  # only to be read
    shown = [label.text() for label in page.past.sheet.findChildren(Label)]
    files = page.past.sheet.story.files_button
    assert files.isVisible() and (files.text(), files.accessibleName()) == ("1", "Files 1")
    assert "趕飛機" in shown and "2026-11-22 09:41 – 10:11" in shown
    page.past.sheet.customer_button.click()
    assert opened == [("customers", {"customer_id": huang})]
    listing.table.setFocus()
    press(Qt.Key.Key_Escape)
    assert page.past.sheet.isHidden() and listing.isVisible()
    press(Qt.Key.Key_F6)
    assert page.board.isVisible() and not listing.isVisible()


def test_a_guest_in_the_house_opens_on_the_board(desk: Context, page: ReceptionPage, huang: int) -> None:
    visit = come_in(desk, page, huang)
    page.load(show="visits")
    press(Qt.Key.Key_Return)
    assert page.past.isHidden() and page.guest_sheet.isVisible()
    assert page.guest_sheet.visit is not None and page.guest_sheet.visit.id == visit.id


def test_a_known_number_typed_in_full_is_not_registered_twice(desk: Context, page: ReceptionPage, huang: int) -> None:
    page.check_in()
    type_text(page.guest_sheet.finder.edit, "0922333444")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.board.chosen().customer_id == huang  # type: ignore[union-attr]  # somebody is chosen
