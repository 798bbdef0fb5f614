"""The till by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crmdesk.services import packing, sales
from crmdesk.services.context import Context
from crmdesk.ui import language
from crmdesk.ui.cash import page as cash_page
from crmdesk.ui.cash.page import CashPage
from crmdesk.ui.page import MAX_MINIMUM
from tests.helpers.office import Staff
from tests.services.test_cash import printed


@pytest.fixture
def page(desk: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> CashPage:
    """The till on a slip of 3,200 and 910 owed before; receipts are not printed."""

    def nothing(page: Any, ctx: Any, ids: list[int]) -> None:
        return None

    monkeypatch.setattr(cash_page, "print_now", nothing)
    slip = printed(desk, opening_balance=Decimal(910), credit_limit=Decimal(100))
    made = CashPage(desk)
    qtbot.addWidget(made)
    made.resize(1280, 680)
    made.show()
    made.load(sale_id=slip.id)
    made.first_focus()
    return made


def press(page: CashPage, *keys: Any) -> None:
    """Press keys or type texts in the amount."""
    for one in keys:
        if isinstance(one, str):
            QTest.keyClicks(page.amount_edit, one)
        else:
            QTest.keyClick(page.amount_edit, one)


@pytest.mark.clause("SET-07")
def test_notes_by_digit_then_enter(page: CashPage, desk: Context) -> None:
    press(page, "2222", "3")  # four thousands and a five hundred
    assert page.amount_received() == 4500
    assert page.change.sum_label.text() == "390"
    press(page, "s", Qt.Key.Key_Return)
    assert page.taken is not None and page.taken.change == 390
    assert "390" in page.sentence_label.text()
    assert page.card is not None
    assert sales.get_sale(desk, page.card.id).state == "paid"
    left: list[int] = []

    def note() -> None:
        left.append(1)

    page.back_requested.connect(note)
    press(page, Qt.Key.Key_Return)
    assert left == [1] and len(sales.get_sale(desk, page.card.id).payments) == 1


def test_the_keys_keep_their_size_and_nothing_looks_live_afterwards(page: CashPage, qapp: Any) -> None:
    def sizes() -> set[tuple[int, int]]:
        qapp.processEvents()
        return {(key.width(), key.height()) for key in (*page.keys, page.exact_button)}

    before = sizes()
    assert max(h for _w, h in before) - min(h for _w, h in before) <= 1, "the exact key is as high as its neighbours"
    press(page, "2222", "3", "s")
    assert sizes() == before, "the tick moves nothing under the finger"
    press(page, Qt.Key.Key_Return)
    assert page.taken is not None and sizes() == before
    live = [*page.keys, page.exact_button, page.clear_button, page.back_button, page.method, page.signed]
    assert not any(widget.isEnabled() for widget in live)
    assert page.amount_edit.isReadOnly() and page.finish_button.hasFocus()
    assert dict(page.shown_hints()) == {"Enter": "Leave"}


@pytest.mark.clause("SET-06")
def test_enter_waits_for_signature_and_money(page: CashPage) -> None:
    press(page, "222", Qt.Key.Key_Return)
    assert page.taken is None and "1,110" in page.problem()
    press(page, "=", Qt.Key.Key_Return)
    assert page.taken is None and not page.finish_button.ready
    assert page.signed.hasFocus()


def test_step_back_clear_and_only_this_slip(page: CashPage) -> None:
    press(page, "22", Qt.Key.Key_Backspace)
    assert page.amount_received() == 1000
    page.clear_button.click()
    assert page.amount_received() == 0
    page.scope_button.click()
    assert page.amount_due() == 3200


def test_on_account_asks_above_the_limit(page: CashPage, boxes: Any, desk: Context) -> None:
    page.method.set_value("on_account")
    page._method_changed()
    press(page, "s")
    boxes.expect_ask(True)
    page.finish()
    assert page.taken is not None and page.taken.balance == 4110


def test_every_language_fits(page: CashPage, qapp: Any, look: Callable[..., None]) -> None:
    for code in ("zh_TW", "zh_CN", "en"):
        language.switch(qapp, code)
        qapp.processEvents()
        hint = page.minimumSizeHint()
        assert hint.width() <= 1280 and hint.height() <= MAX_MINIMUM.height() + 80, (code, hint)


@pytest.mark.clause("SET-06")
def test_the_signature_is_kept_when_the_till_is_left(page: CashPage, desk: Context) -> None:
    assert page.card is not None
    press(page, "s")
    assert "09:41" in page.signed_note.text() and desk.user.name in page.signed_note.text()
    page.load(sale_id=page.card.id)
    assert page.signed.value() and not page.signed_note.isHidden()
    press(page, "s")
    page.load(sale_id=page.card.id)
    assert not page.signed.value()


def crossed(page: CashPage, desk: Context) -> int:
    """Cross two of the ten pieces out at the packing station; returns the packing."""
    assert page.card is not None
    packing_id = packing.start(desk, page.card.id, customer_present=True)
    line = packing.get_packing(desk, packing_id).lines[0]
    packing.cross_line(desk, packing_id, 1, line.id, 2, reason="faulty")
    page.refresh()
    return packing_id


def sign_return(desk: Context, packing_id: int) -> None:
    ming = desk.acting_as(Staff.of(desk).ming)
    packing.print_return(ming, packing_id, packing.get_packing(desk, packing_id).version)
    for who, ctx in (("handler", ming), ("customer", ming), ("manager", desk)):
        packing.tick(ctx, packing_id, packing.get_packing(desk, packing_id).version, f"return.{who}")


@pytest.mark.clause("SET-06")
def test_the_till_asks_less_and_waits_for_the_return_slip(page: CashPage, desk: Context) -> None:
    packing_id = crossed(page, desk)
    assert page.amount_due() == 3470
    press(page, "s=", Qt.Key.Key_Return)
    assert page.taken is None and "return slip" in page.problem()
    assert "not signed" in page.return_button.text()
    sign_return(desk, packing_id)
    page.refresh()
    assert page.problem() == "" and "signed" in page.return_button.text()
    press(page, Qt.Key.Key_Return)
    assert page.taken is not None and (page.taken.amount, page.taken.balance) == (3470, 0)


@pytest.mark.clause("SET-07")
def test_what_is_crossed_after_payment_is_given_back(page: CashPage, desk: Context) -> None:
    press(page, "s=", Qt.Key.Key_Return)
    assert page.card is not None and page.taken is not None
    sale_id = page.card.id
    page.taken = None
    sign_return(desk, crossed(page, desk))
    page.load(sale_id=sale_id)
    assert page.due.name_label.text() == "To give back" and page.due.sum_label.text() == "640"
    assert page.sentence_label.text() == "Here is 640 back for you."
    press(page, Qt.Key.Key_Return)
    assert page.taken is not None and page.taken.change == 640
    page.load(sale_id=sale_id)
    assert not page.finish_button.ready and "Paid" in page.sentence_label.text()
