"""The catalogue's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.services import care, customers, items, today
from crmdesk.services.care import CareForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.services.items import ItemForm
from crmdesk.ui.items.page import ItemsPage
from crmdesk.ui.page import MAX_MINIMUM
from tests.helpers.office import Staff

RING = ItemForm("R-1", "戒", area="A", weight_g=Decimal("1.4"), price_retail=Decimal(395))


@pytest.fixture
def page(desk: Context, qtbot: QtBot) -> ItemsPage:
    """The page with one item."""
    items.create_item(desk, RING)
    shown = ItemsPage(desk)
    qtbot.addWidget(shown)
    shown.resize(1100, 600)
    shown.show()
    return shown


def test_an_item_is_changed_by_keys(page: ItemsPage, qtbot: QtBot, desk: Context) -> None:
    assert page.form.field("code").text() == "R-1" and page.form.field("weight_g").text() == "1.4"
    assert page.save_button.isHidden()
    name = page.form.field("name")
    name.setFocus()
    qtbot.keyClicks(name, "x")
    assert not page.save_button.isHidden()
    page.save_button.click()
    row = items.find_item_by_code(desk, "R-1")
    assert row is not None and row.name in ("x", "x戒", "戒x")
    assert page.save_button.isHidden()


def test_a_new_item_and_a_code_that_is_taken(page: ItemsPage, qtbot: QtBot, desk: Context) -> None:
    page.new_button.click()
    qtbot.keyClicks(page.form.field("code"), "r-1")
    qtbot.keyClicks(page.form.field("name"), "chain")
    page.save()
    assert "has this code already" in page.form.errors()["code"]
    page.form.field("code").setText("N-1")
    page.save()
    assert [row.code for row in page.table.rows()] == ["N-1", "R-1"]
    assert page.card is not None and page.card.form.code == "N-1"


def test_escape_takes_back(page: ItemsPage, qtbot: QtBot, boxes: Any) -> None:
    qtbot.keyClicks(page.form.field("name"), "x")
    boxes.expect_ask(True)
    qtbot.keyClick(page.form.field("name"), Qt.Key.Key_Escape)
    assert page.form.field("name").text() == "戒" and not page.form.dirty


def test_searching_and_rights(page: ItemsPage, qtbot: QtBot, desk: Context, staff: Staff) -> None:
    qtbot.keyClicks(page.search_box, "zzz")
    page.search_box.search_now()
    assert page.table.rows() == []
    reader = ItemsPage(desk.acting_as(staff.mei))
    qtbot.addWidget(reader)
    reader.show()
    assert reader.new_button.isHidden() and reader.form.field("name").isReadOnly()


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_it_fits(page: ItemsPage, look: Callable[..., None], language: str) -> None:
    look(language=language)
    size = page.minimumSizeHint()
    assert size.width() <= MAX_MINIMUM.width() and size.height() <= MAX_MINIMUM.height(), size


def test_the_page_is_freed(desk: Context, freed: Callable[..., None]) -> None:
    freed(lambda: ItemsPage(desk))


@pytest.mark.clause("ORD-08", "CRM-08")
def test_who_waits_for_an_item_is_a_task_of_today_once_it_is_here(page: ItemsPage, qtbot: QtBot, desk: Context) -> None:
    assert page.wanted_strip.isHidden()
    items.create_item(desk, replace(RING, code="R-2"))
    made = [customers.create_customer(desk, CustomerForm(name)).id for name in ("陳", "王")]
    for customer in made:
        care.note_care(desk, CareForm(customer, "wanted", "兩只", "R-1"))
    page.load(wanted=True)
    assert [line.code for line in page.table.rows()] == ["R-1"] and not page.wanted_strip.isHidden()
    assert page.wanted_strip.count_label.text() == "2 customers wait for it"
    qtbot.keyClick(page, Qt.Key.Key_F4)
    due = [task.record_id for task in today.get_board(desk, "me").tasks if task.duty == "wanted_here"]
    assert sorted(due) == made and page.table.rows() == []
    page.load(id=1)
    assert page.wanted_strip.arrived_button.isHidden() and "to be told" in page.wanted_strip.lines[0].text()
