"""Sales slips: prices, sums, numbers, ledger, consent, void."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.model.paper import Paper
from crmdesk.printing.documents import SalesSlip
from crmdesk.printing.frozen import from_json
from crmdesk.services import sales
from crmdesk.services.context import Context
from crmdesk.services.customers import CustomerForm, PhoneEntry, create_customer, get_balance
from crmdesk.services.items import ItemForm, create_item
from crmdesk.services.sales import SaleForm, SaleLineForm
from tests.helpers.office import Staff, count_queries


def make_customer(ctx: Context, name: str = "陳李美鳳", **more: Any) -> int:
    """Register a wholesale customer with a phone."""
    values = {"kind": "wholesale", "grade": "A", "phones": (PhoneEntry("0912-345-678"),), "address": "台中市", **more}
    return create_customer(ctx, CustomerForm(name, **values), confirmed={"same_phone"}).id


def make_items(ctx: Context) -> dict[str, int]:
    """Add three items."""
    result = {}
    for code, name, price in (
        ("R-1013", "素面尾戒 6 號", 180),
        ("B-2201", "925 細鍊手鍊", 320),
        ("E-3105", "鋯石耳針", 95),
    ):
        result[code] = create_item(
            ctx, ItemForm(code, name, barcode=f"47{price:05d}", area=code[0], unit="件",
                          price_wholesale_a=Decimal(price), price_retail=Decimal(price * 2)),
        )  # fmt: skip
    return result


def write(ctx: Context, customer_id: int, *lines: SaleLineForm, **more: Any) -> sales.Saved:
    """Save a draft."""
    return sales.save_draft(ctx, SaleForm(customer_id, tuple(lines), **more))


def document(ctx: Context, paper_id: int) -> SalesSlip:
    """Return the frozen slip."""
    with ctx.reading() as session:
        found = from_json("sales_slip", session.get_one(Paper, paper_id).document)
    assert isinstance(found, SalesSlip)
    return found


def test_list_price_follows_the_customers_kind(ctx: Context) -> None:
    make_items(ctx)
    dealer, walk_in = make_customer(ctx), make_customer(ctx, "散客", kind="retail", grade="")
    one = write(ctx, dealer, SaleLineForm("r-1013", 2))
    other = write(ctx, walk_in, SaleLineForm("4700180", 2))
    assert sales.get_sale(ctx, one.id).lines[0].price == 180
    card = sales.get_sale(ctx, other.id)
    assert (card.lines[0].code, card.lines[0].price, card.total) == ("R-1013", 360, 720)


def test_sums_with_percent_return_discount_and_freight(ctx: Context) -> None:
    make_items(ctx)
    saved = write(
        ctx, make_customer(ctx), SaleLineForm("R-1013", 3, percent=95), SaleLineForm("B-2201", -2, remark="斷扣"),
        SaleLineForm("E-3105", 10), discount=Decimal(50), freight=Decimal(120),
    )  # fmt: skip
    sums = sales.get_sale(ctx, saved.id).sums
    assert (sums.goods, sums.reduced, sums.returned, sums.discount) == (1490, -27, -640, -50)
    assert (sums.subtotal, sums.total, sums.pieces) == (823, 893, 11)


@pytest.mark.clause("SET-03")
def test_not_printed_without_consent(ctx: Context) -> None:
    make_items(ctx)
    saved = write(ctx, make_customer(ctx), SaleLineForm("R-1013"))
    with pytest.raises(UserError) as refused:
        sales.print_sale(ctx, saved.id, saved.version, consent=False)
    assert refused.value.clause == "SET-03"
    assert sales.get_sale(ctx, saved.id).number == ""


@pytest.mark.clause("SET-01")
def test_not_printed_for_a_customer_without_archive(ctx: Context) -> None:
    make_items(ctx)
    nobody = make_customer(ctx, "無名", phones=(), address="")
    saved = write(ctx, nobody, SaleLineForm("R-1013"))
    with pytest.raises(UserError) as refused:
        sales.print_sale(ctx, saved.id, saved.version, consent=True)
    assert refused.value.clause == "SET-01"


def test_print_takes_number_freezes_paper_and_books(ctx: Context, staff: Staff) -> None:
    make_items(ctx)
    mei = ctx.acting_as(staff.mei)
    customer = make_customer(ctx, opening_balance=Decimal(3200))
    saved = write(mei, customer, SaleLineForm("R-1013", 12), SaleLineForm("B-2201", -1), freight=Decimal(100))
    with count_queries(ctx) as seen:
        printed = sales.print_sale(mei, saved.id, saved.version, consent=True)
    assert len(seen) <= 24, seen
    assert printed.number == "2026-000001"
    card = sales.get_sale(mei, saved.id)
    paper = document(mei, printed.paper_id)
    assert (card.total, card.previous, card.due, card.balance) == (1940, 3200, 5140, 5140)
    assert (paper.due, paper.previous_balance, paper.balance) == (card.total, 3200, card.due)
    assert sum(line.amount for line in paper.lines) == paper.subtotal == card.total
    assert sum(line.quantity for line in paper.lines) == card.sums.pieces
    with ctx.reading() as session:
        assert get_balance(session, customer) == 5140
    with pytest.raises(UserError):
        sales.save_draft(mei, card.form, sale_id=card.id, version=card.version)
    again = write(mei, customer, SaleLineForm("R-1013"))
    assert sales.print_sale(mei, again.id, again.version, consent=True).number == "2026-000002"


def test_second_save_with_the_old_version_is_a_conflict(ctx: Context) -> None:
    make_items(ctx)
    customer = make_customer(ctx)
    saved = write(ctx, customer, SaleLineForm("R-1013"))
    form = SaleForm(customer, (SaleLineForm("R-1013", 5),))
    newer = sales.save_draft(ctx, form, sale_id=saved.id, version=saved.version)
    assert newer.version > saved.version
    with pytest.raises(ConflictError):
        sales.save_draft(ctx, form, sale_id=saved.id, version=saved.version)


def test_lines_may_be_changed_added_and_removed(ctx: Context) -> None:
    make_items(ctx)
    customer = make_customer(ctx)
    saved = write(ctx, customer, SaleLineForm("R-1013"), SaleLineForm("B-2201"), SaleLineForm("E-3105"))
    form = SaleForm(customer, (SaleLineForm("E-3105", 4),))
    newer = sales.save_draft(ctx, form, sale_id=saved.id, version=saved.version)
    assert newer.version > saved.version
    assert [(line.code, line.quantity) for line in sales.get_sale(ctx, saved.id).lines] == [("E-3105", 4)]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (SaleLineForm("NONE"), "lines.0.code"),
        (SaleLineForm("R-1013", 0), "lines.0.quantity"),
        (SaleLineForm("R-1013", 100_001), "lines.0.quantity"),
        (SaleLineForm("R-1013", 1, Decimal(-1)), "lines.0.price"),
        (SaleLineForm("R-1013", 1, percent=101), "lines.0.percent"),
        (SaleLineForm("R-1013", 1, remark="😀" * 300), "lines.0.remark"),
    ],
)
def test_bad_lines_are_named(desk: Context, line: SaleLineForm, field: str) -> None:
    make_items(desk)
    with pytest.raises(ValidationError) as refused:
        write(desk, make_customer(desk), line)
    assert set(refused.value.fields) == {field}


def test_customer_is_asked_for(desk: Context) -> None:
    with pytest.raises(ValidationError) as refused:
        sales.save_draft(desk, SaleForm(None))
    assert "customer_id" in refused.value.fields


def test_void_needs_manager_and_reason_and_restores_balance(ctx: Context, staff: Staff) -> None:
    make_items(ctx)
    customer = make_customer(ctx)
    saved = write(ctx, customer, SaleLineForm("R-1013"))
    printed = sales.print_sale(ctx, saved.id, saved.version, consent=True)
    with pytest.raises(PermissionDenied):
        sales.void_sale(ctx.acting_as(staff.mei), printed.id, printed.version, reason="x")
    with pytest.raises(UserError):
        sales.void_sale(ctx, printed.id, printed.version, reason="  ")
    sales.void_sale(ctx, printed.id, printed.version, reason="客人改買別款")
    card = sales.get_sale(ctx, saved.id)
    assert (card.state, card.balance, card.number) == ("void", 0, printed.number)


def test_last_prices_in_one_query_and_last_sale(ctx: Context) -> None:
    items = make_items(ctx)
    customer = make_customer(ctx)
    for price in (185, 178):
        saved = write(ctx, customer, SaleLineForm("R-1013", 1, Decimal(price)), SaleLineForm("B-2201", -1))
        sales.print_sale(ctx, saved.id, saved.version, consent=True)
    with count_queries(ctx) as seen:
        found = sales.find_last_prices(ctx, customer, set(items.values()))
    assert len(seen) == 1
    assert {item: last.price for item, last in found.items()} == {items["R-1013"]: 178}
    assert [line.code for line in sales.find_last_sale(ctx, customer)] == ["R-1013"]


def test_list_by_number_name_and_state(ctx: Context, staff: Staff) -> None:
    make_items(ctx)
    one, other = make_customer(ctx), make_customer(ctx, "單小姐")
    first = write(ctx, one, SaleLineForm("R-1013"))
    write(ctx, other, SaleLineForm("E-3105"))
    sales.print_sale(ctx, first.id, first.version, consent=True)
    with count_queries(ctx) as seen:
        rows = sales.find_sales(ctx)
    assert len(seen) == 1 and len(rows) == 2
    assert [row.customer for row in sales.find_sales(ctx, "000001")] == ["陳李美鳳"]
    assert [row.customer for row in sales.find_sales(ctx, "單小姐")] == ["單小姐"]
    assert [row.customer for row in sales.find_sales(ctx, state="draft")] == ["單小姐"]
    assert sales.find_sales(ctx, "沒有這人") == []
    with pytest.raises(PermissionDenied):
        sales.find_sales(ctx.acting_as(staff.wu))


def test_a_card_takes_few_statements(ctx: Context) -> None:
    make_items(ctx)
    saved = write(ctx, make_customer(ctx), *(SaleLineForm("R-1013", n) for n in range(1, 101)))
    with count_queries(ctx) as seen:
        card = sales.get_sale(ctx, saved.id)
    assert len(seen) <= 9 and len(card.lines) == 100


def test_the_remark_is_printed_and_the_internal_one_kept_apart(ctx: Context) -> None:
    items = make_items(ctx)
    assert items
    saved = write(ctx, make_customer(ctx), SaleLineForm("R-1013", 1), remark="週五前寄出", internal_remark="九五折")
    printed = sales.print_sale(ctx, saved.id, saved.version, consent=True)
    slip = document(ctx, printed.paper_id)
    assert (slip.policy, slip.internal_remark) == ("週五前寄出", "九五折")
