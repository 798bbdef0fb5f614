"""The slip, written without the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crmdesk.services import packing, sales
from crmdesk.services.context import Context
from crmdesk.services.papers import render_paper
from crmdesk.services.sales import SaleLineForm
from crmdesk.ui import language
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.papers.preview import PaperPreview
from crmdesk.ui.sales import acts
from crmdesk.ui.sales import page as sales_page
from crmdesk.ui.sales.page import SalesPage
from crmdesk.ui.shell import Shell
from tests.printing.reading import squeezed, texts
from tests.services.test_sales import make_customer, make_items, write


@pytest.fixture
def page(desk: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SalesPage]:
    """The page on a new slip of a wholesale customer; papers are not shown."""
    make_items(desk)
    customer = make_customer(desk, opening_balance=Decimal(3200))
    shown: list[int] = []

    def remember(page: Any, ctx: Any, ids: list[int]) -> None:
        shown.extend(ids)

    monkeypatch.setattr(acts, "show_papers", remember)
    made = SalesPage(desk)
    qtbot.addWidget(made)
    made.papers_shown = shown  # type: ignore[attr-defined]  # what the fixture put there
    made.resize(1180, 680)
    made.show()
    made.load(new=True, customer_id=customer)
    yield made
    made._timer.stop()


def key(page: SalesPage, *keys: Any) -> None:
    """Press keys or type texts in the grid's cell."""
    for one in keys:
        if isinstance(one, str):
            QTest.keyClicks(page.grid.editor, one)
        else:
            QTest.keyClick(page.grid.editor, one)


ENTER = Qt.Key.Key_Return


def test_a_hundred_lines_by_keyboard(page: SalesPage, desk: Context) -> None:
    for _line in range(100):
        key(page, "r-1013", ENTER, "2", ENTER, ENTER)
    assert len(page.grid.lines) == 100 and page.grid.place == 100
    assert page.save_now()
    rows = sales.find_sales(desk)
    assert (rows[0].pieces, rows[0].total) == (200, 36000)


def test_a_debt_over_the_limit_is_said_in_words(page: SalesPage, desk: Context) -> None:
    title = page.slip_head.figures[1][0]
    assert title.text() == "Credit limit"
    indebted = make_customer(desk, "賴欠多", opening_balance=Decimal(3200), credit_limit=Decimal(3000))
    page.load(new=True, customer_id=indebted)
    assert title.text() == "Over the limit of"


def test_a_wrong_code_is_refused_in_its_cell(page: SalesPage) -> None:
    key(page, "X-99", ENTER)
    assert "X-99" in page.grid.problem
    assert page.grid.editor.text() == "X-99" and not page.grid.lines
    key(page, Qt.Key.Key_Escape)
    assert page.grid.editor.text() == "" and page.grid.problem == ""


def test_bad_quantity_stays_until_it_is_right(page: SalesPage) -> None:
    key(page, "R-1013", ENTER, "abc", ENTER)
    assert page.grid.problem and page.grid.column == "quantity"
    key(page, "7", ENTER)
    assert page.grid.lines[0].form.quantity == 7 and page.grid.column == "price"


def test_return_same_as_above_delete_and_undo(page: SalesPage) -> None:
    key(page, "B-2201", ENTER, "3", "-")
    assert page.grid.lines[0].form.quantity == -3
    QTest.keyClick(page.grid.editor, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(page.grid.lines) == 2
    key(page, Qt.Key.Key_Delete)
    assert len(page.grid.lines) == 1
    QTest.keyClick(page.grid.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(page.grid.lines) == 2
    key(page, "+")
    assert page.grid.place == 2
    key(page, "-", "E-3105", ENTER)
    assert page.grid.lines[2].form.quantity == -1


@pytest.mark.clause("SET-03")
def test_print_waits_for_consent_and_shows_what_is_printed(page: SalesPage, desk: Context) -> None:
    key(page, "R-1013", ENTER, "12", ENTER, ENTER)
    key(page, Qt.Key.Key_F9)
    assert page.papers_shown == [] and not page.panel.primary.ready  # type: ignore[attr-defined]  # what the fixture put there
    page.panel.consent.click()
    assert page.panel.primary.ready
    page.grid.editor.setFocus()
    assert dict(page.shown_hints()) == {
        "F9": "Print three copies", "F8": "Last sale", "F6": "Discount", "F4": "Delivery", "Esc": "List",
    }  # fmt: skip
    key(page, Qt.Key.Key_F9)
    assert dict(page.shown_hints()) == {"F9": "Take payment", "Esc": "List"}
    assert len(page.papers_shown) == 1  # type: ignore[attr-defined]  # what the fixture put there
    assert page.card is not None and page.card.number == "2026-000001"
    assert page.panel.due_value.text() == "5,360" and page.panel.slip_value.text() == "2,160"
    assert page.panel.due_note.text() == "with what was owed before" and page.panel.third_value.isHidden()
    sums = page.slip.sums(page.form)
    page.panel.show_sums(sums, previous=Decimal(3200), due=Decimal(0), currency="TWD", paid=Decimal(2160), settled=True)
    shown = [label.text() for label in (page.panel.third_name, page.panel.third_value, page.panel.due_name)]
    assert shown == ["Amount due", "5,360", "Paid"], "a paid slip says what was due and what was paid, not 0"
    assert (page.panel.due_value.text(), page.panel.due_note.text()) == ("2,160", "3,200 still owed")
    assert (page.card.total, page.card.due) == (2160, 5360)
    assert page.grid.read_only
    assert page.panel.more.text() == "Count and pack"
    page.slip.show_slip(page.form, replace(page.card, sealed=True), page.customer)
    assert page.panel.more.text() == "Show papers", "there is nothing left to count"


def test_whole_discount_and_freight(page: SalesPage, boxes: Any) -> None:
    key(page, "B-2201", ENTER, "10", ENTER, ENTER)
    boxes.expect_text("95%")
    key(page, Qt.Key.Key_F6)
    boxes.expect_text("120")
    QTest.keyClick(page.grid.editor, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert page.panel.slip_value.text() == "3,160"
    boxes.expect_text("lots")
    key(page, Qt.Key.Key_F6)
    assert page.form.discount == 160


def test_the_preview_says_which_paper_it_shows(page: SalesPage, desk: Context, qtbot: Any) -> None:
    assert page.form.customer_id is not None
    saved = write(desk, page.form.customer_id, SaleLineForm("E-3105", 2))
    printed = sales.print_sale(desk, saved.id, saved.version, consent=True)
    preview = PaperPreview(desk, [printed.paper_id])
    qtbot.addWidget(preview)
    assert preview.title_label.text() == f"Sales slip {printed.number}"
    assert preview.windowTitle() == f"Preview: Sales slip {printed.number}"


def test_last_price_warns_and_last_sale_is_taken_over(page: SalesPage, desk: Context) -> None:
    customer = page.form.customer_id
    assert customer is not None
    saved = write(desk, customer, SaleLineForm("R-1013", 4, Decimal(170)), SaleLineForm("E-3105", 2))
    sales.print_sale(desk, saved.id, saved.version, consent=True)
    key(page, "R-1013", ENTER)
    assert page.grid.lines[0].dearer == 10
    assert "R-1013" in page.foot.warning_label.text()
    key(page, Qt.Key.Key_F8)
    assert [line.form.code for line in page.grid.lines] == ["R-1013", "R-1013", "E-3105"]


def test_draft_is_kept_and_found_again(page: SalesPage, desk: Context) -> None:
    key(page, "R-1013", ENTER)
    page.show_list()
    row = page.list_view.table.rows()[0]
    page.open_sale(row.id)
    assert [line.form.code for line in page.grid.lines] == ["R-1013"]
    saved = page._sale
    assert saved is not None
    sales.save_draft(desk, page.form, sale_id=saved[0], version=saved[1])
    spoken: list[str] = []

    def note(tone: str, text: str, action: str) -> None:
        spoken.append(text)

    page.banner_requested.connect(note)
    key(page, "E-3105", ENTER)
    assert not page.save_now() and spoken and len(page.grid.lines) == 2


def test_every_language_fits(page: SalesPage, qapp: Any, look: Callable[..., None]) -> None:
    key(page, "R-1013", ENTER, "3")
    for code in ("zh_TW", "zh_CN", "en"):
        language.switch(qapp, code)
        qapp.processEvents()
        hint = page.minimumSizeHint()
        assert hint.width() <= MAX_MINIMUM.width() and hint.height() <= MAX_MINIMUM.height(), (code, hint)
        assert page.grid.editor.text() == "3"


def test_f8_and_f9_mean_the_slip_while_it_is_open(page: SalesPage, desk: Context, qtbot: Any) -> None:
    """In the frame the same keys open other desks."""
    window = MainWindow(Shell(ctx=desk), [replace(sales_page.PAGE, factory=SalesPage)])
    qtbot.addWidget(window)
    page.hide()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.show_page("sales", new=True, customer_id=page.form.customer_id)
    shown = window.page("sales")
    assert isinstance(shown, SalesPage)
    key(shown, "R-1013", ENTER)
    key(shown, Qt.Key.Key_F9)
    key(shown, Qt.Key.Key_F8)
    assert len(shown.grid.lines) == 1 and shown.on_slip
    QTest.keyClick(shown.grid.editor, Qt.Key.Key_Escape)
    assert not shown.on_slip
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert shown.on_slip and not shown.grid.lines


@pytest.mark.clause("PACK-11")
def test_delivery_and_remarks_are_typed_over_the_slip(page: SalesPage, desk: Context) -> None:
    key(page, "R-1013", ENTER, "2", ENTER, ENTER)
    key(page, Qt.Key.Key_F4)
    sheet = page.delivery
    assert sheet.isVisible()
    sheet.form.field("customer_present").set_value(False)
    sheet.form.field("delivery").set_value("新竹物流")
    sheet.form.field("internal_remark").set_value("老客九五折")
    sheet.take_button.click()
    assert page.grid.isVisible() and page.grid.lines
    assert page.panel.delivery.text() == "Customer is not here · 新竹物流"
    assert page.save_now() and page._sale is not None
    form = sales.get_sale(desk, page._sale[0]).form
    assert (form.customer_present, form.delivery, form.internal_remark) == (False, "新竹物流", "老客九五折")
    assert form.ship_to and form.ship_phone, "an absent customer's carton needs an address"


def test_escape_leaves_the_delivery_as_it_was(page: SalesPage) -> None:
    page.ask_delivery()
    assert dict(page.shown_hints()) == {"Ctrl+Enter": "Apply", "Esc": "Back to the slip"}
    QTest.keyClick(page.delivery, Qt.Key.Key_F9)
    assert page.delivery.isVisible(), "what is typed here is not taken yet: no key prints past it"
    page.delivery.form.field("ship_to").set_value("別處")
    QTest.keyClick(page.delivery, Qt.Key.Key_Escape)
    assert page.grid.isVisible() and page.form.ship_to == ""


@pytest.mark.clause("SET-06")
def test_a_voided_slip_is_shown_with_its_mark(page: SalesPage, desk: Context, boxes: Any) -> None:
    saved = write(desk, make_customer(desk, "林大同"), SaleLineForm("R-1013", 2))
    printed = sales.print_sale(desk, saved.id, saved.version, consent=True)
    page.load(id=printed.id)
    boxes.expect_text("wrong customer")
    page.acts.void()
    assert page.card is not None and (page.card.state, page.card.number) == ("void", printed.number)
    assert page.papers_shown == [printed.paper_id]  # type: ignore[attr-defined]  # what the fixture put there
    pages = texts(render_paper(desk, printed.paper_id))
    assert len(pages) == 3 and all("作廢" in squeezed(one) for one in pages)


@pytest.mark.clause("PACK-04")
def test_the_slip_shows_what_was_taken_off_at_packing(page: SalesPage, desk: Context) -> None:
    saved = write(desk, make_customer(desk, "林大同"), SaleLineForm("R-1013", 2))
    printed = sales.print_sale(desk, saved.id, saved.version, consent=True)
    packing_id = packing.start(desk, printed.id, customer_present=True)
    line = packing.get_packing(desk, packing_id).lines[0]
    packing.cross_line(desk, packing_id, 1, line.id, 1, reason="unwanted")
    page.load(id=printed.id)
    panel = page.slip.panel
    assert (panel.values["returned"].text(), panel.slip_value.text(), panel.due_value.text()) == ("−180", "180", "180")
