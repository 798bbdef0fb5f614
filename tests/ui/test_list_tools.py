"""What stands beside every list: columns, views, export; and one change for many customers."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crmdesk.services import care, customers, views
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customer_search import find_customers
from crmdesk.services.staff import find_staff
from crmdesk.ui import tasks
from crmdesk.ui.calls.list_view import LIST as CALLS
from crmdesk.ui.customers.page import CustomersPage
from crmdesk.ui.widgets import ListView
from crmdesk.ui.widgets.columns import pick
from crmdesk.ui.widgets.columns_dialog import ColumnsDialog
from tests.helpers.office import Staff


@pytest.fixture
def page(desk: Context, qtbot: QtBot) -> CustomersPage:
    """The customers' page with three customers."""
    for name, place in (("Ada", "鹿港"), ("Bea", ""), ("Cleo", "台南")):
        customers.create_customer(desk, CustomerForm(
            name, company=f"{name} & Co", phones=(PhoneEntry(f"091234567{len(name)}"),) if name != "Bea" else (),
            archive={"native_place": place, "health": "secret"},
        ))  # fmt: skip
    shown = CustomersPage(desk)
    qtbot.addWidget(shown)
    shown.resize(1180, 640)
    shown.show()
    return shown


def names(page: CustomersPage) -> list[str]:
    return [line.name for line in page.table.rows()]


def test_a_field_of_the_archive_becomes_a_column_and_sorts(page: CustomersPage) -> None:
    offered = [column.key for column in page.table.rows_model.columns]
    assert "archive.native_place" in offered and "archive.health" not in offered
    page.table.show_columns(["archive.native_place", "name", "filled"])
    page.show_list()
    assert page.table.shown() == ["archive.native_place", "name", "filled"]
    page.table.sort_by("archive.native_place")
    assert names(page) == ["Cleo", "Ada", "Bea"]
    page.table.sort_by("archive.native_place", descending=True)
    assert names(page) == ["Ada", "Cleo", "Bea"]
    index = page.table.rows_model.index(0, offered.index("archive.native_place"))
    assert index.data() == "鹿港"


def test_the_columns_are_there_again_tomorrow_for_this_person_alone(
    page: CustomersPage, qtbot: QtBot, desk: Context, staff: Staff
) -> None:
    page.table.show_columns(["name", "code"])
    page.table.sort_by("name", descending=True)
    page.hide()
    again = CustomersPage(desk)
    qtbot.addWidget(again)
    assert again.table.shown() == ["name", "code"] and names(again) == ["Cleo", "Bea", "Ada"]
    other = next(m for m in find_staff(desk) if m.id != desk.user.id)
    assert views.last_view(desk.acting_as(desk.user.__class__(other.id, "x", "x", other.roles)), "customers") == {}
    again.tools.reset()
    assert again.table.shown()[:3] == ["name", "kind", "phone"] and again.table.sort_key() is None


def test_columns_are_ticked_and_moved_by_keys(page: CustomersPage, qtbot: QtBot) -> None:
    dialog = ColumnsDialog(page.table.rows_model.columns, ["name", "phone", "kind"])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.table.selectRow(1)
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.keys == ["name", "kind"]
    dialog.table.selectRow(2)
    dialog.up_button.click()
    dialog.up_button.click()
    assert dialog.keys == ["kind", "name"]
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert len(dialog.keys) == 1  # a list never is without a column


def test_a_view_is_saved_shared_and_chosen(page: CustomersPage, boxes: Any, desk: Context) -> None:
    page.kind_choice.set_value("retail")
    page.table.show_columns(["code", "name"])
    boxes.expect_text("Retail by code")
    boxes.expect_ask(True)
    page.tools.save_view()
    saved = views.find_views(desk, "customers")
    assert [(view.name, view.shared) for view in saved] == [("Retail by code", True)]
    page.tools.reset()
    page.kind_choice.set_value(None)
    action = page.tools.menu_of().actions()[0]
    assert action.text() == "Retail by code (shared)"
    action.trigger()
    assert page.table.shown() == ["code", "name"] and page.kind_choice.value() == "retail"


def test_the_export_has_all_that_is_found_with_the_columns_shown(
    page: CustomersPage, qtbot: QtBot, boxes: Any, tmp_path: Path
) -> None:
    page.table.show_columns(["name", "phone", "archive.native_place"])
    boxes.expect_choose(1)
    boxes.expect_file(str(tmp_path / "out.csv"))
    page.tools.export()
    qtbot.waitUntil(lambda: not tasks.running())
    rows = list(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["Code", "Name / shop", "Company", "Phone", "Native place"] and len(rows) == 4
    assert ["C00001", "Ada", "Ada & Co", "0912-345-673", "鹿港"] in rows and "secret" not in str(rows)


@pytest.mark.clause("CRM-19")
def test_a_card_opened_with_ctrl_held_is_chosen_alone(page: CustomersPage, qtbot: QtBot) -> None:
    first, second = (row.id for row in page.table.rows()[:2])
    page.table.select(first)
    QTest.keyPress(page.table, Qt.Key.Key_F13, Qt.KeyboardModifier.ControlModifier)
    page.table.select(second)
    QTest.keyRelease(page.table, Qt.Key.Key_F13)
    assert page.table.picked_ids() == [second]


def test_many_are_set_at_once_taken_back_and_told(page: CustomersPage, desk: Context, boxes: Any) -> None:
    assert page.bulk.isHidden()
    page.table.selectAll()
    assert page.bulk.isVisible() and page.bulk.count_label.text() == "3 chosen"
    page.bulk.field_choice.set_value("kind")
    page.bulk._fill_values()
    page.bulk.value_choice.set_value("franchise")
    page.bulk.set_button.click()
    assert {row.kind for row in find_customers(desk)} == {"franchise"} and len(page.table.picked_ids()) == 3
    page.bulk.back_button.click()
    assert {row.kind for row in find_customers(desk)} == {"enquirer"}
    boxes.expect_text("新款到店 🎉")
    boxes.expect_choose("message")
    page.bulk.tell_button.click()
    assert {care.find_care(desk, row.id)[0].text for row in find_customers(desk)} == {"新款到店 🎉"}
    pick(page.table, page.table.picked_ids()[:1])
    assert page.bulk.isHidden()


def test_who_may_not_export_sees_no_export(desk: Context, qtbot: QtBot) -> None:
    wen = next(m for m in find_staff(desk) if m.login == "wen")
    for ctx, told in ((desk, True), (desk.acting_as(desk.user.__class__(wen.id, "wen", "wen", wen.roles)), False)):
        view = ListView(ctx, CALLS)
        qtbot.addWidget(view)
        words = [action.text() for action in view.tools.menu_of().actions()]
        assert ("Export…" in words) is told and "Columns…" in words
