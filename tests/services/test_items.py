"""The catalogue: codes, prices, finding."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.services.context import Context
from crmdesk.services.items import (
    ItemForm,
    count_items,
    create_item,
    find_areas,
    find_item_by_code,
    find_items,
    get_item,
    price_for,
    update_item,
)
from tests.helpers.office import Staff, count_queries

RING = ItemForm("r-9013", "素面尾戒 6 號", "2901000100210", "A", "只", "925 銀", Decimal("1.4"),
                Decimal(180), Decimal(195), Decimal(210), Decimal(185), Decimal(395))  # fmt: skip


def test_an_item_is_kept_as_typed(ctx: Context) -> None:
    card = get_item(ctx, create_item(ctx, RING))
    assert card.form == replace(RING, code="R-9013")
    assert (count_items(ctx), find_areas(ctx)) == (1, ["A"])


@pytest.mark.clause("PACK-03")
@pytest.mark.parametrize("typed", ["R-9013", "r-9013", " ｒ－９０１３ ", "2901000100210"])
def test_a_code_means_one_item_however_it_is_typed(ctx: Context, typed: str) -> None:
    made = create_item(ctx, RING)
    found = find_item_by_code(ctx, typed)
    assert found is not None and found.id == made
    assert find_item_by_code(ctx, "") is None and find_item_by_code(ctx, "R-901") is None


@pytest.mark.clause("PACK-03")
@pytest.mark.parametrize(
    ("code", "barcode", "field"),
    [
        ("R-9013", "", "code"),
        ("X-1", "2901000100210", "barcode"),
        ("2901000100210", "", "code"),
        ("X-1", "R-9013", "barcode"),
    ],
)
def test_a_code_or_barcode_never_means_two_items(ctx: Context, code: str, barcode: str, field: str) -> None:
    create_item(ctx, RING)
    with pytest.raises(ValidationError) as caught:
        create_item(ctx, ItemForm(code, "別的", barcode))
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"code": " "}, "code"), ({"name": ""}, "name"), ({"code": "x" * 41}, "code"), ({"name": "銀" * 121}, "name"),
     ({"price_retail": Decimal(-1)}, "price_retail"), ({"weight_g": Decimal(-1)}, "weight_g"),
     ({"unit": "公" * 11}, "unit")],
)  # fmt: skip
def test_a_wrong_field_is_named(ctx: Context, changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        create_item(ctx, replace(RING, **changes))
    assert list(caught.value.fields) == [field]
    assert count_items(ctx) == 0


def test_a_change_and_a_conflict(ctx: Context, staff: Staff) -> None:
    made = create_item(ctx, RING)
    card = get_item(ctx, made)
    assert update_item(ctx, made, card.version, replace(card.form, name="尾戒")) == card.version + 1
    with pytest.raises(ConflictError):
        update_item(ctx, made, card.version, card.form)
    with pytest.raises(PermissionDenied):
        update_item(ctx.acting_as(staff.mei), made, card.version + 1, card.form)
    with pytest.raises(UserError):
        get_item(ctx, 99)


def test_items_are_found_by_code_barcode_and_name(ctx: Context) -> None:
    ring = create_item(ctx, RING)
    chain = create_item(ctx, ItemForm("RB-1", "925 細鍊手鍊 16 吋", area="B"))
    with count_queries(ctx) as seen:
        assert [i.id for i in find_items(ctx)] == [ring, chain]
    assert len(seen) <= 2
    for typed, wanted in (
        ("r-9", [ring]),
        ("r", [ring, chain]),
        ("29010001", [ring]),
        ("手鍊 16", [chain]),
        ("%", []),
        ("_", []),
    ):
        assert [i.id for i in find_items(ctx, typed)] == wanted, typed
    assert [i.id for i in find_items(ctx, area="B")] == [chain]


@pytest.mark.parametrize(
    ("kind", "grade", "price"),
    [("wholesale", "A", 180), ("wholesale", "B", 195), ("wholesale", "C", 210), ("wholesale", "", 210),
     ("franchise", "", 185), ("retail", "", 395), ("enquirer", "A", 395)],
)  # fmt: skip
def test_each_kind_has_its_price(kind: str, grade: str, price: int) -> None:
    assert price_for(RING, kind, grade) == price


def test_a_list_without_a_price_gives_way_to_the_next_dearer() -> None:
    item = ItemForm("x", "x", price_wholesale_b=Decimal(20), price_retail=Decimal(50))
    assert price_for(item, "wholesale", "A") == 20
    assert price_for(item, "wholesale", "C") == 50
    assert price_for(item, "franchise") == 50
    assert price_for(ItemForm("x", "x"), "retail") == 0
