"""The customers' page by keys and clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.services import customers
from crmdesk.services.context import Context
from crmdesk.services.customers import ContactEntry, CustomerForm, PhoneEntry
from crmdesk.ui.customers.merge import merge
from crmdesk.ui.customers.page import CustomersPage
from crmdesk.ui.page import MAX_MINIMUM
from tests.helpers.office import Staff

CHEN = CustomerForm("陳李美鳳", "wholesale", "A", company="陳家銀樓", region="台中", phones=(PhoneEntry("0912345678"),))


@pytest.fixture
def chen(desk: Context) -> int:
    """A customer who is there already."""
    customers.create_customer(desk, CustomerForm("王小明", phones=(PhoneEntry("0933118402"),)))
    return customers.create_customer(desk, CHEN).id


@pytest.fixture
def page(desk: Context, chen: int, qtbot: QtBot) -> Iterator[CustomersPage]:
    """The page, shown."""
    shown = CustomersPage(desk)
    qtbot.addWidget(shown)
    shown.resize(1180, 640)
    shown.show()
    shown.load()
    yield shown
    shown.form_view.form.set_dirty(False)


def press(qtbot: QtBot, widget: Any, key: Qt.Key, *more: Qt.KeyboardModifier) -> None:
    qtbot.keyClick(widget, key, *more)


def test_typing_finds_and_the_card_follows(page: CustomersPage, qtbot: QtBot, chen: int) -> None:
    assert len(page.table.rows()) == 2
    qtbot.keyClicks(page.search_box, "meifeng")
    page.search_box.search_now()
    assert [line.id for line in page.table.rows()] == [chen]
    assert page.card_view.card is not None and page.card_view.card.name == "陳李美鳳"
    assert page.subtitle == "1 customer"


def test_a_new_customer_by_keys_alone(page: CustomersPage, qtbot: QtBot, desk: Context) -> None:
    said: list[str] = []
    page.said.connect(lambda text, tone: said.append(text))
    page.search_box.set_value("單大文")
    page.new_button.click()
    view = page.form_view
    assert page.stack.currentWidget() is view
    assert view.form.field("name").text() == "單大文"
    press(qtbot, view.form.field("name"), Qt.Key.Key_Return)
    view.form.field("company").setText("單家飾品")
    number = view.phones.findChildren(type(view.form.field("name")))[0]
    qtbot.keyClicks(number, "0225586105")
    view.save_button.click()
    assert page.stack.currentWidget() is page.browse
    card = page.card_view.card
    assert card is not None
    assert (card.name, card.company, card.phone, card.code) == ("單大文", "單家飾品", "02-2558-6105", "C00003")
    assert said == ["單大文 is customer C00003 now."]


def test_a_wrong_number_is_said_under_its_line_and_all_is_kept(page: CustomersPage, qtbot: QtBot) -> None:
    page.begin_new(phone="09123", name="")
    view = page.form_view
    view.save()
    assert "name" in view.form.errors()
    view.form.field("name").setText("李四")
    view.phones.set_value((PhoneEntry("0912-ABC"),))
    view.save()
    lines = view.phones._lines
    assert "digits only" in lines[0].error.text()
    assert view.form.field("name").text() == "李四"


def test_a_known_number_is_asked_about(page: CustomersPage, boxes: Any, desk: Context) -> None:
    page.begin_new(phone="0912345678", name="李四")
    boxes.expect_ask(False)
    page.form_view.save()
    assert page.stack.currentWidget() is page.form_view
    boxes.expect_ask(True)
    page.form_view.save()
    assert page.card_view.card is not None and page.card_view.card.name == "李四"


def test_escape_asks_only_when_something_would_be_lost(
    page: CustomersPage, qtbot: QtBot, boxes: Any, chen: int
) -> None:
    page.show_customer(chen, edit=True)
    press(qtbot, page.form_view.form.field("name"), Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.browse
    page.show_customer(chen, edit=True)
    qtbot.keyClicks(page.form_view.form.field("region"), "x")
    boxes.expect_ask(False)
    press(qtbot, page.form_view.form.field("region"), Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.form_view
    boxes.expect_ask(True)
    assert page.leave()


def test_two_changes_of_different_fields_are_joined(
    page: CustomersPage, desk: Context, staff: Staff, chen: int
) -> None:
    page.show_customer(chen, edit=True)
    theirs = customers.get_customer(desk, chen)
    customers.update_customer(desk.acting_as(staff.mei), chen, theirs.version, replace(theirs.form, likes="素面"))
    said: list[str] = []
    page.said.connect(lambda text, tone: said.append(text))
    page.form_view.form.field("region").setText("彰化")
    page.form_view.save()
    card = customers.get_customer(desk, chen)
    assert (card.region, card.form.likes) == ("彰化", "素面")
    assert "王小美" in said[0] and "Likes" in said[0]


@pytest.mark.parametrize(("choice", "region"), [("mine", "彰化"), ("theirs", "南投")])
def test_the_same_field_is_chosen(
    page: CustomersPage, desk: Context, staff: Staff, chen: int, choice: str, region: str
) -> None:
    page.show_customer(chen, edit=True)
    theirs = customers.get_customer(desk, chen)
    customers.update_customer(
        desk.acting_as(staff.mei), chen, theirs.version, replace(theirs.form, region="南投", avoid="菸")
    )
    view = page.form_view
    view.form.field("region").setText("彰化")
    view.save()
    assert view.conflict.isVisible() and "王小美" in view.conflict_label.text()
    assert [d.name for d in view._differences] == ["region"]
    view._differences[0].choice.set_value(choice)
    view.save()
    card = customers.get_customer(desk, chen)
    assert (card.region, card.form.avoid) == (region, "菸")


def test_a_change_elsewhere_only_shows_a_line(page: CustomersPage, desk: Context, chen: int) -> None:
    told: list[str] = []
    page.banner_requested.connect(lambda tone, text, word: told.append(text))
    page.show_customer(chen, edit=True)
    page.form_view.form.field("likes").setText("typing")
    card = customers.get_customer(desk, chen)
    customers.update_customer(desk, chen, card.version, replace(card.form, region="南投"))
    page.refresh()
    assert told[-1].startswith("A colleague has changed")
    assert page.form_view.form.field("likes").text() == "typing"


def test_rights_are_mirrored(desk: Context, chen: int, qtbot: QtBot, staff: Staff) -> None:
    page = CustomersPage(desk.acting_as(staff.wen))
    qtbot.addWidget(page)
    page.show()
    assert page.new_button.isHidden() and page.import_button.isHidden() and page.card_view.edit_button.isHidden()
    page._opened(page.table.current())
    assert page.stack.currentWidget() is page.browse


def test_other_desks_open_with_the_customer(page: CustomersPage, chen: int) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    page.open_requested.connect(lambda key, arguments: asked.append((key, arguments)))
    page.show_customer(chen)
    for button in page.card_view.start_buttons:
        button.click()
    assert asked == [
        ("calls", {"new": True, "customer_id": chen, "phone": "0912-345-678"}),
        ("sales", {"new": True, "customer_id": chen}),
        ("repairs", {"new": True, "customer_id": chen}),
    ]


def test_each_tab_shows_its_own(page: CustomersPage, desk: Context, chen: int) -> None:
    card = customers.get_customer(desk, chen)
    contacts = (ContactEntry("陳小姐", "會計", "0422225679"),)
    form = replace(card.form, region="彰化", contacts=contacts, credit_limit=Decimal(100))
    customers.update_customer(desk, chen, card.version, form)
    page.show_customer(chen)
    page.card_view.tabs.choose("history")
    assert "Region: 台中 → 彰化" in page.card_view.history.entries()[0].second
    page.card_view.tabs.choose("timeline")
    assert page.card_view.timeline.entries()[-1].title == "Customer registered"
    for tab in ("sales", "repairs", "overview"):
        page.card_view.tabs.choose(tab)
        assert page.card_view.tabs.value() == tab


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_it_fits_and_keeps_what_is_typed(
    page: CustomersPage, look: Callable[..., None], chen: int, language: str
) -> None:
    page.show_customer(chen, edit=True)
    page.form_view.form.field("likes").setText("素面")
    look(language=language)
    assert page.form_view.form.field("likes").text() == "素面"
    size = page.minimumSizeHint()
    assert size.width() <= MAX_MINIMUM.width() and size.height() <= MAX_MINIMUM.height(), size


def test_the_page_is_freed(desk: Context, chen: int, freed: Callable[..., None]) -> None:
    freed(lambda: CustomersPage(desk))


def test_merging_follows_who_alone_changed() -> None:
    base = CustomerForm("陳", region="台中", likes="素面", phones=(PhoneEntry("1", id=1),))
    mine = replace(base, region="彰化", phones=(PhoneEntry("1", id=1), PhoneEntry("2")))
    theirs = replace(base, region="南投", likes="細鍊", phones=(PhoneEntry("1", id=1), PhoneEntry("2", id=2)))
    joined = merge(base, mine, theirs)
    assert (joined.both, joined.theirs) == (("region",), ("likes",))
    assert (joined.form.region, joined.form.likes) == ("彰化", "細鍊")
