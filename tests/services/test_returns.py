"""× at packing: the customer owes less, the return slip needs three signatures, and the till waits for them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crmdesk.core.codes import PaperCode
from crmdesk.core.errors import ConflictError, UserError
from crmdesk.db.changes import Notice
from crmdesk.model.paper import Paper
from crmdesk.model.sale import Sale
from crmdesk.printing.documents import Receipt80, SalesSlip
from crmdesk.printing.frozen import from_json
from crmdesk.services import cash, packing, sales
from crmdesk.services.context import Context
from crmdesk.services.customers import get_customer
from crmdesk.services.month import get_month
from crmdesk.services.papers import find_papers, find_target, render_paper
from crmdesk.services.sales import SaleLineForm
from tests.helpers.office import Staff, count_queries
from tests.printing.reading import squeezed, texts
from tests.services.test_sales import make_customer, make_items, write

LINES = (SaleLineForm("B-2201", 10), SaleLineForm("E-3105", 4))  # 3,200 + 380


def begin(ctx: Context, *, discount: int = 0, freight: int = 0, owed: int = 0, present: bool = True) -> tuple[int, int]:
    """Print a slip of 3,580 and begin to count it; returns (sale, packing)."""
    make_items(ctx)
    customer = make_customer(ctx, opening_balance=Decimal(owed))
    saved = write(ctx, customer, *LINES, discount=Decimal(discount), freight=Decimal(freight))
    printed = sales.print_sale(ctx, saved.id, saved.version, consent=True)
    return printed.id, packing.start(ctx, printed.id, customer_present=present)


def version(ctx: Context, packing_id: int) -> int:
    return packing.get_packing(ctx, packing_id).version


def cross(ctx: Context, packing_id: int, place: int, count: int, reason: str = "unwanted") -> None:
    line = packing.get_packing(ctx, packing_id).lines[place]
    packing.cross_line(ctx, packing_id, version(ctx, packing_id), line.id, count, reason=reason)


def print_return(ctx: Context, packing_id: int) -> int:
    return packing.print_return(ctx.acting_as(Staff.of(ctx).ming), packing_id, version(ctx, packing_id))


def sign(ctx: Context, packing_id: int) -> None:
    """The packer signs and ticks the customer's signature, the manager signs for himself."""
    for who, user in (("handler", Staff.of(ctx).ming), ("customer", Staff.of(ctx).ming), ("manager", ctx.user)):
        packing.tick(ctx.acting_as(user), packing_id, version(ctx, packing_id), f"return.{who}")


def pay(ctx: Context, sale_id: int, received: int, *, signed: bool = True) -> cash.Taken:
    card = sales.get_sale(ctx, sale_id)
    return cash.take_payment(ctx, sale_id, card.version, method="cash", received=Decimal(received), signed=signed)


def slip_document(ctx: Context, paper_id: int) -> SalesSlip:
    with ctx.reading() as session:
        document = from_json("return_slip", session.get_one(Paper, paper_id).document)
    assert isinstance(document, SalesSlip)
    return document


@pytest.mark.clause("PACK-04")
def test_crossed_pieces_lower_what_is_owed_everywhere(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx, owed=500)
    cross(ctx, packing_id, 0, 2)
    card = sales.get_sale(ctx, sale_id)
    assert (card.total, card.returned, card.left, card.due) == (2940, 640, 2940, 3440)
    assert (card.balance, card.previous, card.sums.returned, card.sums.pieces) == (3440, 500, -640, 12)
    assert get_customer(ctx, card.customer_id).balance == 3440
    assert sales.find_sales(ctx, card.number)[0].total == 2940
    today = ctx.clock.today()
    figures = get_month(ctx, today.year, today.month).figures
    assert (figures["turnover"].value, figures["pieces"].value) == (2940, 12)
    with ctx.reading() as session:
        assert session.get_one(Sale, sale_id).total == 2940


@pytest.mark.clause("PACK-04")
def test_a_cross_taken_back_is_owed_again(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx)
    cross(ctx, packing_id, 1, 4, "faulty")
    assert sales.get_sale(ctx, sale_id).balance == 3200
    line = packing.get_packing(ctx, packing_id).lines[1]
    packing.uncross_line(ctx, packing_id, version(ctx, packing_id), line.id)
    card = sales.get_sale(ctx, sale_id)
    assert (card.total, card.returned, card.balance, card.sums.pieces) == (3580, 0, 3580, 14)


def test_the_slips_discount_falls_away_with_its_goods_and_freight_with_the_last_piece(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx, discount=358, freight=100)  # 10 % of 3,580
    cross(ctx, packing_id, 0, 5)
    assert sales.get_sale(ctx, sale_id).total == 1980 - 198 + 100
    cross(ctx, packing_id, 0, 5)
    cross(ctx, packing_id, 1, 4)
    card = sales.get_sale(ctx, sale_id)
    assert (card.total, card.balance, card.due) == (0, 0, 0)
    document = slip_document(ctx, print_return(ctx, packing_id))
    assert (document.subtotal, document.discount, document.due) == (-3680, 358, -3322)
    assert document.subtotal + document.discount + document.rounding == document.due


@pytest.mark.clause("PACK-04")
@pytest.mark.clause("RET-05")
def test_the_return_slip_has_its_own_number_and_three_places_to_sign(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx, owed=500)
    cross(ctx, packing_id, 0, 2)
    paper_id = print_return(ctx, packing_id)
    document = slip_document(ctx, paper_id)
    assert (document.number, document.of_number) == ("2026-000002", "2026-000001")
    assert [(line.code, line.quantity, line.amount) for line in document.lines] == [("B-2201", -2, -640)]
    assert (document.due, document.previous_balance, document.balance) == (-640, 4080, 3440)
    assert sales.get_sale(ctx, sale_id).return_number == "2026-000002"
    assert print_return(ctx, packing_id) == paper_id  # the same key twice
    pages = texts(render_paper(ctx, paper_id))
    assert len(pages) == 3
    for page in pages:
        for said in ("退貨單", "2026-000002", "2026-000001", "經手人", "客戶", "部門經理"):
            assert said in squeezed(page), said
    target = find_target(ctx, PaperCode("T", "2026000002", 1))
    assert target is not None and (target.kind, target.record_id) == ("sale", sale_id)
    assert packing.open_slip(ctx, "CD1:T:2026-000002:1").sale_id == sale_id


def test_without_a_cross_there_is_no_return_slip(ctx: Context) -> None:
    _sale_id, packing_id = begin(ctx)
    with pytest.raises(UserError) as refused:
        print_return(ctx, packing_id)
    assert refused.value.clause == "PACK-04"


@pytest.mark.clause("PACK-04")
def test_one_more_cross_voids_the_return_slip_and_its_signatures(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx)
    cross(ctx, packing_id, 0, 2)
    first = print_return(ctx, packing_id)
    sign(ctx, packing_id)
    cross(ctx, packing_id, 0, 1)
    assert sales.get_sale(ctx, sale_id).returns_unsigned
    assert "作廢" in squeezed(texts(render_paper(ctx, first))[0])
    second = print_return(ctx, packing_id)
    assert second != first
    assert "作廢" not in squeezed(texts(render_paper(ctx, second))[0])
    assert slip_document(ctx, second).lines[0].quantity == -3


@pytest.mark.clause("SET-06")
def test_the_till_waits_for_the_signed_return_slip(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx)
    shown = sales.get_sale(ctx, sale_id)
    cross(ctx, packing_id, 0, 2)
    with pytest.raises(ConflictError):  # the till showed the old sum
        cash.take_payment(ctx, sale_id, shown.version, method="cash", received=Decimal(3580), signed=True)
    for step in (lambda: None, lambda: print_return(ctx, packing_id)):
        step()
        with pytest.raises(UserError) as refused:
            pay(ctx, sale_id, 3000)
        assert refused.value.clause == "SET-06"
    sign(ctx, packing_id)
    taken = pay(ctx, sale_id, 3000)
    assert (taken.amount, taken.change, taken.balance, taken.state) == (2940, 60, 0, "paid")
    with ctx.reading() as session:
        receipt = from_json("receipt", session.get_one(Paper, taken.paper_id).document)
    assert isinstance(receipt, Receipt80)
    assert (receipt.slip.due, receipt.slip.lines[-1].quantity, receipt.slip.previous_balance) == (2940, -2, 0)
    assert receipt.slip.subtotal + receipt.slip.discount + receipt.slip.rounding == receipt.slip.due


@pytest.mark.clause("SET-06")
def test_the_tick_signed_is_kept_with_who_and_when(ctx: Context, staff: Staff) -> None:
    sale_id, _packing_id = begin(ctx)
    till = ctx.acting_as(staff.mei)
    cash.sign_slip(till, sale_id, sales.get_sale(ctx, sale_id).version)
    card = sales.get_sale(ctx, sale_id)
    assert (card.signed_by, card.signed_at) == ("王小美", ctx.clock.now())
    cash.sign_slip(till, sale_id, card.version, on=False)
    assert sales.get_sale(ctx, sale_id).signed_at is None
    with pytest.raises(UserError):
        pay(ctx, sale_id, 3580, signed=False)
    cash.sign_slip(till, sale_id, sales.get_sale(ctx, sale_id).version)
    taken = pay(ctx, sale_id, 3580, signed=False)
    assert taken.state == "paid"
    with pytest.raises(UserError):
        cash.sign_slip(till, sale_id, taken.version, on=False)


@pytest.mark.clause("SET-06")
def test_pieces_crossed_after_payment_are_paid_back_once(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx)
    pay(ctx, sale_id, 3580)
    assert sales.get_sale(ctx, sale_id).refund == 0
    cross(ctx, packing_id, 1, 4)
    card = sales.get_sale(ctx, sale_id)
    assert (card.refund, card.due, card.balance) == (380, -380, -380)
    with pytest.raises(UserError):
        pay(ctx, sale_id, 0)
    print_return(ctx, packing_id)
    sign(ctx, packing_id)
    back = pay(ctx, sale_id, 0)
    assert (back.amount, back.change, back.balance, back.state) == (-380, 380, 0, "paid")
    assert sales.get_sale(ctx, sale_id).refund == 0
    with pytest.raises(UserError, match="paid already"):
        pay(ctx, sale_id, 0)


def test_on_account_the_returned_pieces_are_only_owed_less(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx)
    card = sales.get_sale(ctx, sale_id)
    cash.take_payment(
        ctx, sale_id, card.version, method="on_account", signed=True, confirmed={cash.OVER_LIMIT}
    )  # fmt: skip
    cross(ctx, packing_id, 1, 4)
    card = sales.get_sale(ctx, sale_id)
    assert (card.balance, card.refund, card.left) == (3200, 0, 3200)


def test_a_voided_slip_keeps_number_and_papers_and_owes_nothing(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx)
    cross(ctx, packing_id, 0, 2)
    print_return(ctx, packing_id)
    sales.void_sale(ctx, sale_id, sales.get_sale(ctx, sale_id).version, reason="wrong customer")
    card = sales.get_sale(ctx, sale_id)
    assert (card.state, card.number, card.balance) == ("void", "2026-000001", 0)
    papers = find_papers(ctx, "sale", sale_id)
    assert [paper.kind for paper in papers] == ["sales_slip", "return_slip"]
    for paper in papers:
        pages = texts(render_paper(ctx, paper.id))
        assert len(pages) == 3
        assert all("作廢" in squeezed(page) and paper.number in squeezed(page) for page in pages)
    with pytest.raises(UserError, match="voided"):
        cross(ctx, packing_id, 1, 1)


def test_a_card_with_returns_takes_few_statements(ctx: Context) -> None:
    sale_id, packing_id = begin(ctx)
    cross(ctx, packing_id, 0, 2)
    with count_queries(ctx) as seen:
        sales.get_sale(ctx, sale_id)
    assert len(seen) <= 9


def test_the_manager_hears_the_call_until_somebody_comes(ctx: Context, staff: Staff) -> None:
    _sale_id, packing_id = begin(ctx)
    station = ctx.acting_as(staff.ming)
    for _press in range(2):
        packing.call_help(station, packing_id)
    calls = packing.find_calls(ctx)
    assert [(call.number, call.by, call.packing_id) for call in calls] == [("2026-000001", "李阿明", packing_id)]
    packing.answer_call(ctx.acting_as(staff.boss), packing_id)
    assert packing.find_calls(ctx) == []
    assert packing.find_answer(ctx, packing_id) == "林經理"
    packing.call_help(station, packing_id)
    assert len(packing.find_calls(ctx)) == 1
    assert packing.find_answer(ctx, packing_id) == ""


class Ear:
    """A window that hears what is saved."""

    def __init__(self) -> None:
        self.heard: list[Notice] = []

    def hear(self, notice: Notice) -> None:
        self.heard.append(notice)


def test_other_windows_are_told_of_the_call_and_of_the_answer(ctx: Context, staff: Staff) -> None:
    _sale_id, packing_id = begin(ctx)
    ear = Ear()
    ctx.db.changes.subscribe(ear.hear)
    packing.call_help(ctx.acting_as(staff.ming), packing_id)
    packing.answer_call(ctx, packing_id)
    assert [notice.names("packing", packing_id) for notice in ear.heard] == [True, True]
