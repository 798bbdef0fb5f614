"""Two cards side by side, chosen by keys; and cards that are perhaps the same, shown while typing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.services import customers
from crmdesk.services.context import Context
from crmdesk.services.customer_merge import find_merges, merge_customers
from crmdesk.services.customer_search import find_people
from crmdesk.services.customers import CustomerForm, PhoneEntry
from crmdesk.services.follows import find_follows
from crmdesk.ui.customers.page import CustomersPage
from tests.helpers.office import Staff

CHEN = CustomerForm("陳美鳳", "wholesale", company="陳家銀樓", likes="素面", phones=(PhoneEntry("0912345678"),))
TWIN = CustomerForm("陳美凤", "retail", region="台中", likes="綠松石", phones=(PhoneEntry("0988760115"),))


@pytest.fixture
def two(desk: Context) -> tuple[int, int]:
    """A customer, and the same person a second time."""
    return customers.create_customer(desk, CHEN).id, customers.create_customer(desk, TWIN).id


@pytest.fixture
def page(desk: Context, two: tuple[int, int], qtbot: QtBot) -> Iterator[CustomersPage]:
    """The customers' page with the first of them shown."""
    shown = CustomersPage(desk)
    qtbot.addWidget(shown)
    shown.resize(1180, 640)
    shown.show()
    shown.load(id=two[0])
    yield shown
    shown.form_view.form.set_dirty(False)


def test_two_cards_are_merged_by_keys_alone(
    page: CustomersPage, qtbot: QtBot, desk: Context, two: tuple[int, int]
) -> None:
    said: list[str] = []
    page.said.connect(lambda text, tone: said.append(text))
    qtbot.keyClick(page.table, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    view = page.merging.view
    assert page.merging.is_shown and view.pair is not None  # the twin was proposed
    chosen = {line.id: line.choice for line in view.table.rows()}
    assert chosen == {"name": "left", "kind": "left", "region": "right", "likes": "both"}
    assert view.table.current().id == "name"
    qtbot.keyClick(view.table, Qt.Key.Key_Right)
    assert view.choices["name"] == "gone"
    qtbot.keyClick(view.table, Qt.Key.Key_Left)
    qtbot.keyClick(view.table, Qt.Key.Key_Down)
    qtbot.keyClick(view.table, Qt.Key.Key_Space)
    assert view.choices == {"name": "kept", "kind": "gone", "region": "gone", "likes": "both"}
    view.merge_button.click()
    assert not page.merging.is_shown
    assert said == ["陳美凤 (C00002) was merged into this card."]
    card = page.card_view.card
    assert card is not None
    assert (card.id, card.name, card.kind, card.region) == (two[0], "陳美鳳", "retail", "台中")
    assert card.form.likes == "素面、綠松石" and len(card.form.phones) == 2
    assert [line.id for line in page.table.rows()] == [two[0]]
    page.card_view.start_asked.emit(f"apart:{find_merges(desk, two[0])[0].id}")
    assert said[-1] == "Both cards are as before the merge."
    assert page.card_view.card is not None and page.card_view.card.id == two[1]


def test_the_sides_are_swapped_with_their_choices(page: CustomersPage, two: tuple[int, int]) -> None:
    page.merging.begin(*two)
    view = page.merging.view
    view.choices["name"] = "gone"
    view.swap()
    assert view.pair is not None and view.pair[0].card.id == two[1]
    assert (view.choices["name"], view.choices["company"]) == ("kept", "gone")
    view.merge()
    assert page.card_view.card is not None
    assert (page.card_view.card.name, page.card_view.card.company) == ("陳美凤", "陳家銀樓")


def test_who_saved_meanwhile_is_named_and_nothing_merged(
    page: CustomersPage, desk: Context, two: tuple[int, int], staff: Staff
) -> None:
    page.merging.begin(*two)
    card = customers.get_customer(desk, two[1])
    customers.update_customer(desk.acting_as(staff.mei), two[1], card.version, replace(card.form, region="彰化"))
    said: list[str] = []
    page.said.connect(lambda text, tone: said.append(text))
    page.merging.view.merge()
    assert said[0].startswith("王小美 has just changed one of these cards.")
    assert page.merging.is_shown and page.merging.view.pair is not None
    assert page.merging.view.pair[1].card.region == "彰化"  # read again
    assert customers.get_customer(desk, two[1]).id == two[1]


def test_what_is_typed_about_a_card_that_another_pc_merges_is_kept_with_the_survivor(
    page: CustomersPage, desk: Context, two: tuple[int, int], staff: Staff
) -> None:
    kept, gone = two
    third = customers.create_customer(desk, CustomerForm("陳三")).id
    page.show_customer(third)
    page.card_view.tabs.choose("follow")
    tab = page.card_view.more_tabs["follow"]
    tab.form.field("text").insertPlainText("喜歡翡翠")
    merge_customers(desk.acting_as(staff.mei), kept, third)
    page.refresh()
    tab.save()
    assert [row.text for row in find_follows(desk, kept)] == ["喜歡翡翠"]
    page.show_customer(gone, edit=True)
    page.form_view.form.field("note").insertPlainText("週二休息")
    merge_customers(desk.acting_as(staff.mei), kept, gone)
    told: list[str] = []
    page.banner_requested.connect(lambda tone, text, action: told.append(text))
    page.refresh()
    assert "merged this card into 陳美鳳 (C00001)" in told[0]
    said: list[str] = []
    page.said.connect(lambda text, tone: said.append(text))
    page.form_view.save()
    assert said[0].startswith("王小美 merged this card") and customers.get_customer(desk, kept).form.note == "週二休息"


def test_nobody_alike_is_looked_for(page: CustomersPage, desk: Context, two: tuple[int, int]) -> None:
    other = customers.create_customer(desk, CustomerForm("林小姐")).id
    page.merging.begin(other)
    view = page.merging.view
    assert view.pair is None and not view.merge_button.isEnabled() and view.pick.hasFocus()
    view.pick._look("陳美鳳")
    view.pick.picked.emit(view.pick.matches()[0])
    assert view.pair is not None and view.pair[1].card.id == two[0]
    view.cancel_button.click()
    assert not page.merging.is_shown


def test_a_card_that_looks_the_same_shows_while_typing(
    page: CustomersPage, two: tuple[int, int]
) -> None:
    page.begin_new(name="陈美凤")
    panel = page.form_view.alike
    page.form_view.form.field("company").setText("陳家銀樓")
    panel.look()
    assert panel.isVisible() and [one.id for one in panel.found] == list(two)
    assert "same name, same shop" in panel.lines[0][1].text()
    assert not panel.lines[0][3].isVisible()  # nothing to merge yet
    page.form_view.form.field("name").setText("林一")
    page.form_view.form.field("company").setText("")
    panel.look()
    assert not panel.isVisible()
    page.form_view.form.field("name").setText("陳美鳳")
    panel.look()
    panel.lines[0][2].click()
    assert page.stack.currentWidget() is page.browse


def test_a_card_being_changed_is_put_beside_its_twin(page: CustomersPage, two: tuple[int, int]) -> None:
    page.show_customer(two[0], edit=True)
    panel = page.form_view.alike
    panel.look()
    assert [one.id for one in panel.found] == [two[1]]
    panel.lines[0][3].click()
    view = page.merging.view
    assert page.merging.is_shown and view.pair is not None
    assert [side.card.id for side in view.pair] == list(two)


def test_the_merged_number_still_finds(page: CustomersPage, desk: Context, two: tuple[int, int]) -> None:
    page.merging.begin(*two)
    page.merging.view.merge()
    assert [person.id for person in find_people(desk, "0988760115")] == [two[0]]
