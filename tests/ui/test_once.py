"""The answer to Save gets lost on each desk: the second press shows what was saved, and nothing is there twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.item import Item
from crmdesk.model.repair import Repair
from crmdesk.model.sale import Sale
from crmdesk.model.visit import Visit
from crmdesk.services import calls, customers, items, sales
from crmdesk.services.calls import CallForm
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.services.items import ItemForm
from crmdesk.services.sale_lists import SaleLineForm
from crmdesk.ui.calls.page import CallsPage
from crmdesk.ui.complaints.page import ComplaintsPage
from crmdesk.ui.customers.page import CustomersPage
from crmdesk.ui.items.page import ItemsPage
from crmdesk.ui.page import Page
from crmdesk.ui.reception.page import ReceptionPage
from crmdesk.ui.repairs import page as repairs_page
from crmdesk.ui.repairs.page import RepairsPage
from crmdesk.ui.sales.grid import Line
from crmdesk.ui.sales.page import SalesPage
from tests.helpers.lost import lose_the_answer


class Desk:
    """A page and what it says; the page stands alone, so it is its own window that speaks."""

    def __init__(self, qtbot: QtBot, page: Page) -> None:
        self.page: Any = page
        self.heard: list[str] = []
        self.page.notify = self.page.tell = self._hear
        self.page.tell_lost = self._hear
        page.said.connect(self._hear)
        qtbot.addWidget(page)
        page.resize(1180, 680)
        page.show()

    def _hear(self, text: str, tone: str = "") -> None:
        self.heard.append(text)

    @property
    def told_so(self) -> bool:
        """Whether one reads that it was saved already."""
        return any("saved already at 09:41" in text for text in self.heard)


@pytest.fixture
def open_desk(desk: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Callable[[type[Page]], Desk]:
    """Open a page on an office with one customer and one item."""
    customers.create_customer(desk, CustomerForm("陳李美鳳"))
    items.create_item(desk, ItemForm("R-1", "戒", price_retail=Decimal(100)))
    monkeypatch.setattr(repairs_page, "show_papers", lambda *_arguments: None)
    return lambda kind: Desk(qtbot, kind(desk))


def press_twice(desk: Context, save: Callable[[], object], between: Callable[[], object] = bool) -> None:
    lose_the_answer(desk)
    save()
    between()
    save()


def count(desk: Context, model: Any) -> int:
    with desk.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


CALL = CallForm(phone="0912-345-678", name="陳李美鳳", region="臺中", topic="stock", matter="補貨", rings=2,
                read_back=("phone", "name", "matter"))  # fmt: skip


@pytest.mark.parametrize("corrected", [False, True])
def test_a_call(desk: Context, open_desk: Any, corrected: bool) -> None:
    shown = open_desk(CallsPage)
    page = shown.page
    page.load(new=True)
    page.form_view.load(CALL)
    press_twice(desk, page.complete, lambda: corrected and page.form_view.load(replace(CALL, matter="寄件")))
    assert [(row.matter, row.state) for row in calls.find_calls(desk)] == [("寄件" if corrected else "補貨", "done")]
    assert shown.told_so and page.sheet.blank
    page.held.keep()


def test_a_call_restored_after_a_power_cut(desk: Context, open_desk: Any) -> None:
    page = open_desk(CallsPage).page
    page.load(new=True)
    page.form_view.load(CALL)
    lose_the_answer(desk)
    page.complete()
    page.held.keep()  # the program ends here: nobody ever heard that the call was saved
    again = open_desk(CallsPage).page
    again.held.choose(again.held.sheets[0].key)
    assert again.form_view.form().matter == "補貨"
    again.complete()
    assert count(desk, Call) == 1 and again.sheet.blank
    again.held.keep()


@pytest.mark.parametrize("corrected", [False, True])
def test_a_guest(desk: Context, open_desk: Any, corrected: bool) -> None:
    shown = open_desk(ReceptionPage)
    page = shown.page
    page.load(new=True)
    sheet = page.guest_sheet
    sheet.guest.field("name").setText("王先生")
    sheet.form.field("purpose").setEditText("看新款")
    press_twice(desk, sheet.save, lambda: corrected and sheet.form.field("purpose").setEditText("取貨"))
    assert (count(desk, Visit), count(desk, Customer)) == (1, 2)
    assert [visit.purpose for visit in page.board.board.in_house] == ["取貨" if corrected else "看新款"]
    assert sheet.isHidden() and not sheet.dirty
    assert corrected or shown.told_so
    page.load(new=True)
    sheet.guest.field("name").setText("李小姐")
    sheet.save()
    assert count(desk, Visit) == 2


@pytest.mark.parametrize("corrected", [False, True])
def test_a_customer(desk: Context, open_desk: Any, corrected: bool) -> None:
    shown = open_desk(CustomersPage)
    page = shown.page
    page.begin_new(name="單大文", phone="0912345678")
    form = page.form_view
    press_twice(desk, form.save, lambda: corrected and form.form.field("region").setText("臺中"))
    assert count(desk, Customer) == 2
    card = page.card_view.card
    assert card is not None and (card.name, card.form.region) == ("單大文", "臺中" if corrected else "")
    assert len(card.form.phones) == 1
    assert corrected or shown.told_so
    page.show_customer(card.id, edit=True)
    form.form.field("likes").setText("細鍊")
    press_twice(desk, form.save)  # a change whose answer is lost is no conflict with oneself
    assert customers.get_customer(desk, card.id).form.likes == "細鍊"
    assert page.stack.currentWidget() is page.browse


@pytest.mark.parametrize("corrected", [False, True])
def test_an_item(desk: Context, open_desk: Any, corrected: bool) -> None:
    shown = open_desk(ItemsPage)
    page = shown.page
    page.begin_new()
    page.form.field("code").setText("R-2")
    page.form.field("name").setText("戒")
    press_twice(desk, page.save, lambda: corrected and page.form.field("name").setText("手鍊"))
    assert count(desk, Item) == 2
    assert page.card.form.name == ("手鍊" if corrected else "戒")
    assert shown.told_so


@pytest.mark.parametrize("corrected", [False, True])
def test_a_repair(desk: Context, open_desk: Any, corrected: bool) -> None:
    shown = open_desk(RepairsPage)
    page = shown.page
    page.begin(customer_id=1)
    form = page.intake.form
    for name, text in (("item_code", "R-1"), ("part", "鍊頭")):
        form.field(name).set_value(text)
    form.field("told").set_value(frozenset({"not_thai_silver", "duration", "may_differ"}))
    press_twice(desk, page.intake.save, lambda: corrected and form.field("part").set_value("扣環"))
    assert count(desk, Repair) == 1
    assert page.shown is page.case_view and page.case_view.card.form.part == "鍊頭"
    assert shown.told_so
    assert any("what you changed afterwards is not in it" in text for text in shown.heard) == corrected
    assert page.intake.form.field("part").value() == ""


def test_a_complaint(desk: Context, open_desk: Any) -> None:
    shown = open_desk(ComplaintsPage)
    page = shown.page
    page.new_complaint()
    reply = desk.clock.now() + timedelta(hours=4)
    page.new_view.load(ComplaintForm("王", "斷鍊", next_reply_at=reply))

    def away_and_back() -> None:
        page.show_list()
        page.new_complaint()
        assert page.new_view.value().title == "斷鍊"

    press_twice(desk, page.save_new, away_and_back)
    assert count(desk, Complaint) == 1
    assert page.case_view.case.form.title == "斷鍊" and page.new_view.blank
    assert shown.told_so


def test_a_slip(desk: Context, open_desk: Any) -> None:
    shown = open_desk(SalesPage)
    page = shown.page
    page.new_sale(1)
    page.grid.set_lines([Line(SaleLineForm("R-1", 2))])
    page._touched()

    def one_line_more() -> None:
        page.grid.set_lines([Line(SaleLineForm("R-1", 2)), Line(SaleLineForm("R-1", 3))])
        page._touched()

    press_twice(desk, page.save_now, one_line_more)
    assert count(desk, Sale) == 1
    assert [line.quantity for line in sales.get_sale(desk, 1).lines] == [2, 3]
    assert shown.told_so
    page._timer.stop()


@pytest.mark.parametrize("go", [SalesPage.new_sale, SalesPage.leave, lambda page: page.open_sale(1)])
def test_a_slip_that_is_not_kept_stays_in_sight(desk: Context, open_desk: Any, go: Callable[[Any], object]) -> None:
    page = open_desk(SalesPage).page
    page.new_sale(1)
    page.grid.set_lines([Line(SaleLineForm("R-1", 2))])
    page._touched()
    lose_the_answer(desk)
    go(page)
    assert [line.form.quantity for line in page.grid.lines] == [2]
    page.new_sale()
    assert page.grid.lines == [] and count(desk, Sale) == 1
    page._timer.stop()
