"""The archive in the customer's form, on the card and in the settings, by keys and clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from crmdesk.rules.archive import SECTIONS
from crmdesk.services import approvals, archive, archive_fields, archive_looks, archive_settings, customers
from crmdesk.services.archive_settings import FieldForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry, RelativeEntry
from crmdesk.ui import tasks
from crmdesk.ui.customers.merge import merge
from crmdesk.ui.customers.page import CustomersPage
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.settings.archive import ArchiveSection
from tests.helpers.office import Staff

CHEN = CustomerForm(
    "陳李美鳳", "wholesale", "A", company="陳家銀樓", phones=(PhoneEntry("0912345678"),), occupation="銀樓",
    archive={"health": "高血壓", "dishes": "川菜"}, relatives=(RelativeEntry("女兒", "陳小雲", "農曆八月十五"),),
)  # fmt: skip


@pytest.fixture
def chen(desk: Context) -> int:
    return customers.create_customer(desk, CHEN).id


@pytest.fixture
def page(desk: Context, chen: int, qtbot: QtBot) -> Iterator[CustomersPage]:
    yield from _shown(desk, qtbot)


def _shown(ctx: Context, qtbot: QtBot) -> Iterator[CustomersPage]:
    shown = CustomersPage(ctx)
    qtbot.addWidget(shown)
    shown.resize(1180, 640)
    shown.show()
    shown.load()
    yield shown
    shown.form_view.form.set_dirty(False)


def values(ctx: Context, customer_id: int) -> dict[str, str]:
    return dict(archive.get_archive(ctx, customer_id).values)


def texts(widget: Any) -> str:
    QApplication.processEvents()  # what was just laid out is shown now
    return "\n".join(part.text() for kind in (QLabel, QAbstractButton) for part in widget.findChildren(kind)
                     if part.isVisibleTo(widget))  # fmt: skip


@pytest.mark.clause("CRM-20")
def test_sections_are_walked_by_keys_and_what_is_known_is_filled(
    page: CustomersPage, qtbot: QtBot, desk: Context, chen: int
) -> None:
    page.show_customer(chen, edit=True)
    form = page.form_view.form
    walked = [form.page]
    for _step in range(8):
        qtbot.keyClick(form, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
        walked.append(form.page)
    assert walked == ["card", "contacts", "care", *SECTIONS]
    form.next_page()
    assert form.page == "card"
    form.field("birthday").setText("農曆1975年八月十五")
    form.show_page("social")
    form.field("archive.car").setText("Volvo")
    page.form_view.save()
    assert page.stack.currentWidget() is page.browse
    card = customers.get_customer(desk, chen)
    assert card.form.birthday == "lunar 1975-08-15"
    assert values(desk, chen) == {"dishes": "川菜", "car": "Volvo"}
    page.card_view.tabs.choose("archive")
    assert "Volvo" in texts(page.card_view.more_tabs["archive"])


@pytest.mark.clause("CRM-32", "CRM-40")
def test_closed_fields_are_opened_in_the_form_and_what_was_typed_stays(
    page: CustomersPage, desk: Context, chen: int
) -> None:
    page.show_customer(chen, edit=True)
    view = page.form_view
    health = view.form.field("archive.health")
    assert not health.isVisibleTo(view.form)
    assert health.value() == ""
    view.form.field("region").setText("彰化")
    view.form.field("region").value_changed.emit()
    view.form.show_page("life")
    assert archive_looks.find_looks(desk, chen) == []
    view.part.panels["life"].open_button.click()
    assert len(archive_looks.find_looks(desk, chen)) == 1
    assert (health.value(), view.form.page, view.form.field("region").text()) == ("高血壓", "life", "彰化")
    health.setPlainText("糖尿病")
    view.save()
    kept = archive.get_archive(desk, chen)
    assert (kept.values["health"], len(kept.relatives or ())) == ("糖尿病", 1)
    assert customers.get_customer(desk, chen).region == "彰化"


@pytest.mark.clause("CRM-40")
def test_the_history_names_the_fields_and_keeps_the_closed_ones(page: CustomersPage, desk: Context, chen: int) -> None:
    card = customers.get_customer(desk, chen)
    values = {"health": "糖尿病", "marital": "married", "sociability": "much"}
    changed = replace(card.form, origin="call", archive=values)
    customers.update_customer(desk, chen, card.version, changed)
    page.show_customer(chen)
    page.card_view.tabs.choose("history")
    told = page.card_view.history.entries()[0].second
    assert "Origin: — → Telephone call" in told
    assert "Social life: — → Very fond of company" in told
    assert "糖尿病" not in told
    assert "Married" not in told
    archive_looks.look(desk, chen)
    page.show_customer(chen)
    assert "Health: 高血壓 → 糖尿病" in page.card_view.history.entries()[0].second


@pytest.mark.clause("CRM-32")
def test_who_lacks_the_right_asks_on_the_card_and_sees_them_after_the_approval(
    desk: Context, chen: int, staff: Staff, qtbot: QtBot
) -> None:
    mei = desk.acting_as(staff.mei)
    for page in _shown(mei, qtbot):
        page.show_customer(chen)
        page.card_view.tabs.choose("archive")
        tab = page.card_view.more_tabs["archive"]
        assert "高血壓" not in texts(tab)
        tab.panel.ask_button.click()
        assert "reason" in tab.panel.said.text()
        tab.panel.reason_edit.setText("探病")
        tab.panel.ask_button.click()
        assert "waits for a decision" in texts(tab.panel)
        asked = approvals.find_approvals(desk)[0]
        assert (asked.page, asked.arguments) == ("customers", {"id": chen, "tab": "archive"})
        approvals.decide(desk, asked.id, None, agree=True)
        tab.load()
        page.activateWindow()
        tab.panel.open_button.setFocus()
        tab.panel.open_button.click()
        assert page.focusWidget() is tab.fill_button  # the keys stay on the card
        assert "高血壓" in texts(tab)
        assert "陳小雲" in texts(tab)
        page.show_customer(chen, edit=True)
        assert not page.form_view.form.field("archive.health").isVisibleTo(page.form_view.form)


@pytest.mark.parametrize(("choice", "car"), [("mine", "Audi"), ("theirs", "BMW")])
def test_two_changes_of_one_archive_field_are_chosen(
    page: CustomersPage, desk: Context, staff: Staff, chen: int, choice: str, car: str
) -> None:
    page.show_customer(chen, edit=True)
    card = customers.get_customer(desk, chen)
    theirs = replace(card.form, archive={"car": "BMW", "dishes": "粵菜"}, likes="茶")
    customers.update_customer(desk.acting_as(staff.mei), chen, card.version, theirs)
    view = page.form_view
    view.form.field("archive.car").setText("Audi")
    view.save()
    assert [difference.name for difference in view._differences] == ["archive.car"]
    view._differences[0].choice.set_value(choice)
    view.save()
    assert values(desk, chen) == {"car": car, "dishes": "粵菜"}
    archive_looks.look(desk, chen)
    assert values(desk, chen)["health"] == "高血壓"


def test_merging_joins_archive_family_and_contacts() -> None:
    base = CustomerForm("陳", archive={"car": "", "dress": "x"}, relatives=(RelativeEntry("女兒", id=1),))
    family = (*(base.relatives or ()), RelativeEntry("子"))
    mine = replace(base, archive={"car": "Audi", "dress": "x"}, relatives=family)
    theirs = replace(base, archive={"car": "", "dress": "y"}, region="台中")
    joined = merge(base, mine, theirs)
    assert (joined.both, set(joined.theirs)) == ((), {"region", "archive.dress"})
    assert joined.form.archive == {"car": "Audi", "dress": "y"}
    assert [entry.relation for entry in joined.form.relatives or ()] == ["女兒", "子"]
    closed = merge(replace(base, relatives=None), replace(base, relatives=None, region="x"), theirs)
    assert closed.form.relatives is None


def test_a_field_taken_away_meanwhile_is_said_under_what_was_typed(
    page: CustomersPage, desk: Context, chen: int
) -> None:
    key = archive_settings.add_field(desk, FieldForm("招牌顏色", "social"))
    page.show_customer(chen, edit=True)
    form = page.form_view.form
    form.field(f"archive.{key}").setText("金")
    archive_settings.show_field(desk, key, False)
    page.form_view.save()
    assert "招牌顏色" in form.errors()[f"archive.{key}"]
    assert form.page == "social"
    form.field(f"archive.{key}").clear()
    page.form_view.save()
    assert page.stack.currentWidget() is page.browse


def test_half_typed_archive_is_there_again_after_a_crash(page: CustomersPage, desk: Context, chen: int) -> None:
    page.show_customer(chen, edit=True)
    page.form_view.part.panels["family"].open()
    page.form_view.form.field("archive.health").setPlainText("糖尿病")
    page.form_view.form.field("archive.car").setText("Audi")
    wang = customers.create_customer(desk, CustomerForm("王小明")).id
    page.form_view.referrer.set_value(wang)
    page.form_view.form.set_dirty(True)
    page.form_view.keep_draft()
    page.form_view.kept._key = ""  # the program is gone: nothing drops the draft
    page.form_view.load(customers.get_customer(desk, chen))
    assert page.form_view.form.field("archive.car").text() == "Audi"
    assert page.form_view.form.field("archive.health").value() == "糖尿病"
    page.form_view.save()
    assert values(desk, chen)["health"] == "糖尿病"
    assert customers.get_customer(desk, chen).form.referrer_id == wang


@pytest.mark.clause("REFER-01", "REFER-04")
def test_the_card_shows_who_brought_whom_and_opens_them(page: CustomersPage, desk: Context, chen: int) -> None:
    wang = customers.create_customer(desk, CustomerForm("王小明", referrer_id=chen, occupation="銀樓")).id
    page.show_customer(chen)
    page.card_view.tabs.choose("archive")
    tab = page.card_view.more_tabs["archive"]
    assert "Who brought whom" in texts(tab)
    assert "Of the same occupation" in texts(tab)
    button = next(b for b in tab.findChildren(QAbstractButton) if b.objectName() == str(wang) and "王" in b.text())
    button.click()
    assert page.card_view.card is not None
    assert page.card_view.card.id == wang


def test_the_introducer_is_chosen_by_keys(page: CustomersPage, qtbot: QtBot, desk: Context, chen: int) -> None:
    wang = customers.create_customer(desk, CustomerForm("王小明")).id
    page.show_customer(wang, edit=True)
    view = page.form_view
    view.form.show_page("care")
    view.referrer.setFocus()
    qtbot.keyClicks(view.referrer, "meifeng")
    view.referrer.search_now()
    assert view.referrer.problem()
    qtbot.keyClick(view.referrer, Qt.Key.Key_Return)
    assert view.referrer.text() == "陳李美鳳 (C00001)"
    view.save()
    assert customers.get_customer(desk, wang).form.referrer_id == chen
    page.show_customer(wang, edit=True)
    assert view.referrer.text() == "陳李美鳳 (C00001)"


@pytest.mark.clause("CRM-20")
def test_the_manager_makes_the_fields_by_keys(desk: Context, chen: int, qtbot: QtBot, boxes: Any) -> None:
    def settled() -> None:
        qtbot.waitUntil(lambda: not tasks.running())

    section = ArchiveSection(desk)
    qtbot.addWidget(section)
    section.show()
    section.load()
    assert len(section.table.rows()) == 42
    section.new_button.click()
    section.form.field("title").setText("招牌顏色")
    section.form.field("section").set_value("social")
    section.save()
    settled()
    key = section.field.key if section.field else ""
    assert section.field is not None
    assert section.field.own
    section.up_button.click()
    card = customers.get_customer(desk, chen)
    customers.update_customer(desk, chen, card.version, replace(card.form, archive={key: "金"}))
    boxes.expect_ask(False)
    section.remove_button.click()
    settled()
    boxes.expect_ask(True)
    section.remove_button.click()
    settled()
    settled()
    assert key not in [field.key for field in archive_fields.find_fields(desk)]
    section.hide_button.click()
    settled()
    assert values(desk, chen)[key] == "金"
    section.table.select(1)
    section._chosen(section.table.current())
    assert not section.save_button.ready  # the salutation stands on the card itself


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_it_fits_in_every_language(page: CustomersPage, look: Callable[..., None], chen: int, language: str) -> None:
    page.show_customer(chen, edit=True)
    page.form_view.part.panels["family"].open()
    page.form_view.form.field("archive.car").setText("Volvo")
    look(language=language)
    assert page.form_view.form.field("archive.car").text() == "Volvo"
    size = page.minimumSizeHint()
    assert size.width() <= MAX_MINIMUM.width()
    assert size.height() <= MAX_MINIMUM.height()


def test_the_section_is_freed(desk: Context, freed: Callable[..., None]) -> None:
    freed(lambda: ArchiveSection(desk))
