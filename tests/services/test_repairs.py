"""Repairs: what is refused at the counter, what each step needs, and what the papers say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from crmdesk.core.clock import FixedClock
from crmdesk.core.codes import PaperCode, bar_text, parse_code
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError, ValidationError
from crmdesk.services import calls, repairs
from crmdesk.services.calls import CallForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customers import create_customer
from crmdesk.services.items import ItemForm, create_item
from crmdesk.services.papers import find_papers, find_target, render_paper
from crmdesk.services.records import find_timeline
from crmdesk.services.repairs import Photo, RepairForm, StepForm
from tests.helpers.office import Staff, count_queries


def jpeg() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def form(ctx: Context, **changes: Any) -> RepairForm:
    customer = create_customer(
        ctx, CustomerForm("許蕙蘭", kind="retail", phones=(PhoneEntry("0933-812-640"),)), confirmed={"same_phone"}
    )
    values = RepairForm(
        customer_id=customer.id,
        item_code="ST-0017",
        item_name="綠松石鑲嵌手鐲",
        material="925 銀",
        part="右下第 4 顆綠松石脫落，補石並重新包鑲",
        weight_g=Decimal("38.4"),
        declared_value=Decimal(1980),
        fee_limit=Decimal(600),
        not_thai_silver=True,
        told=frozenset({"duration", "may_differ"}),
        route="away",
        photos=(Photo(jpeg(), 700, 600),),
    )
    return replace(values, **changes)


def step(ctx: Context, repair_id: int, action: str, values: StepForm | None = None) -> str:
    return repairs.act(ctx, repair_id, repairs.get_repair(ctx, repair_id).row.version, action, values)


@pytest.mark.clause("REP-04")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"part": " "}, "part"),
        ({"item_code": ""}, "item_code"),
        ({"customer_id": None}, "customer"),
        ({"part": "x" * 201}, "part"),
        ({"declared_value": Decimal(-1)}, "declared_value"),
        ({"weight_g": Decimal(0)}, "weight_g"),
        ({"route": "moon"}, "route"),
        ({"photos": (Photo(b"MZ not a picture"),)}, "photos"),
        ({"photos": (Photo(b"\xff\xd8" + bytes(3_000_001)),)}, "photos"),
        ({"photos": (Photo(b"\xff\xd8"),) * 7}, "photos"),
    ],
)
def test_wrong_input_is_named_by_field(ctx: Context, changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        repairs.take_in(ctx, form(ctx, **changes))
    assert field in caught.value.fields


@pytest.mark.clause("REP-03")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"material": "泰銀"}, "material"),
        ({"material": "泰银 925"}, "material"),
        ({"item_name": "Thai-Silver ring"}, "material"),
        ({"not_thai_silver": False}, "not_thai_silver"),
    ],
)
def test_thai_silver_is_refused_whatever_is_ticked(ctx: Context, changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        repairs.take_in(ctx, form(ctx, **changes))
    assert caught.value.clause == "REP-03"
    assert field in caught.value.fields


@pytest.mark.clause("REP-03")
def test_the_catalogue_gives_away_thai_silver(ctx: Context) -> None:
    create_item(ctx, ItemForm("TS-1", "泰式戒指", material="泰銀"))
    with pytest.raises(ValidationError) as caught:
        repairs.take_in(ctx, form(ctx, item_code="ts-1", item_name="", material=""))
    assert caught.value.clause == "REP-03"


@pytest.mark.clause("REP-02")
def test_a_piece_sent_away_is_told_one_to_six_months(ctx: Context) -> None:
    taken = repairs.take_in(ctx, form(ctx))
    card = repairs.get_repair(ctx, taken.id)
    assert taken.number == "2026-000001"
    assert (card.earliest_on, card.latest_on) == (date(2026, 12, 22), date(2027, 5, 22))
    own = repairs.take_in(ctx, form(ctx, route="own", promised_on=date(2026, 11, 30)))
    assert repairs.get_repair(ctx, own.id).earliest_on is None


@pytest.mark.clause("REP-05")
def test_nothing_leaves_the_house_without_a_photo_and_the_telling(ctx: Context) -> None:
    taken = repairs.take_in(ctx, form(ctx, photos=(), told=frozenset()))
    (send,) = [s for s in repairs.get_repair(ctx, taken.id).steps if s.action == "send_away"]
    assert not send.ready
    assert set(send.clauses) == {"REP-02", "REP-05"}
    with pytest.raises(UserError):
        step(ctx, taken.id, "send_away")
    repairs.add_photo(ctx, taken.id, repairs.get_repair(ctx, taken.id).row.version, Photo(jpeg()))
    (send,) = [s for s in repairs.get_repair(ctx, taken.id).steps if s.action == "send_away"]
    assert set(send.clauses) == {"REP-02"}


@pytest.mark.clause("REP-07")
def test_a_repair_goes_out_comes_back_and_home(ctx: Context, staff: Staff) -> None:
    bench = ctx.acting_as(staff.ming)
    taken = repairs.take_in(ctx, form(ctx))
    with count_queries(ctx) as seen:
        repairs.act(bench, taken.id, 1, "send_away")
    assert len(seen) <= 10
    for action in ("come_back", "finish"):
        step(bench, taken.id, action)
    with pytest.raises(UserError, match="phone the customer"):
        step(bench, taken.id, "call_customer")
    step(bench, taken.id, "call_customer", StepForm(customer_told=True))
    assert repairs.count_repairs(ctx) == (1, 0)
    with pytest.raises(UserError, match="waybill"):
        step(bench, taken.id, "ship", StepForm(carrier="新竹物流"))
    step(bench, taken.id, "ship", StepForm(carrier="新竹物流", waybill="８２３１ 0457"))
    card = repairs.get_repair(ctx, taken.id)
    assert (card.row.state, card.waybill, card.steps) == ("shipped", "8231 0457", ())
    assert card.closed_at == ctx.clock.now()
    assert [line.by for line in card.story][:6] == ["李阿明"] * 5 + ["林經理"]
    assert find_timeline(ctx, card.row.customer_id)[0].title == "Shipped"


def test_late_pieces_are_found(ctx: Context, clock: FixedClock) -> None:
    away = repairs.take_in(ctx, form(ctx))
    own = repairs.take_in(ctx, form(ctx, route="own", promised_on=date(2026, 11, 30)))
    step(ctx, away.id, "send_away")
    clock.advance(timedelta(days=9))
    assert [row.id for row in repairs.find_repairs(ctx, show="late")] == [own.id]
    clock.advance(timedelta(days=200))
    with count_queries(ctx) as seen:
        late = repairs.find_repairs(ctx, show="late")
    assert len(seen) == 1
    assert {row.id for row in late} == {away.id, own.id}
    assert all(row.late for row in late)
    assert repairs.count_repairs(ctx) == (0, 2)


@pytest.mark.parametrize(
    ("query", "found"), [("000001", 1), ("許蕙蘭", 1), ("st-0017", 1), ("綠松石", 1), ("%", 1), ("沒有", 0)]
)
def test_a_repair_is_found_by_number_name_or_piece(ctx: Context, query: str, found: int) -> None:
    repairs.take_in(ctx, form(ctx))
    assert len(repairs.find_repairs(ctx, query)) == found


@pytest.mark.clause("REP-05")
def test_receipt_and_slip_open_the_repair_by_their_code(ctx: Context) -> None:
    taken = repairs.take_in(ctx, form(ctx))
    papers = find_papers(ctx, "repair", taken.id)
    assert [paper.kind for paper in papers] == ["repair_receipt", "repair_slip"]
    assert all(render_paper(ctx, paper.id).startswith(b"%PDF") for paper in papers)
    scanned = parse_code(bar_text(PaperCode("F", taken.number, 3)))
    assert scanned is not None
    target = find_target(ctx, scanned)
    assert target is not None
    assert (target.kind, target.record_id, target.part) == ("repair", taken.id, 3)


def test_two_at_one_repair_and_nobody_without_the_right(ctx: Context, staff: Staff) -> None:
    taken = repairs.take_in(ctx, form(ctx))
    repairs.act(ctx.acting_as(staff.ming), taken.id, 1, "to_workshop")
    with pytest.raises(ConflictError) as caught:
        repairs.act(ctx, taken.id, 1, "send_away")
    assert caught.value.by == "李阿明"
    with pytest.raises(PermissionDenied):
        repairs.take_in(ctx.acting_as(staff.wen), form(ctx))
    with pytest.raises(ValidationError):
        repairs.add_note(ctx, taken.id, "  ")
    repairs.add_note(ctx, taken.id, "客人來電催問 😀")
    assert repairs.get_repair(ctx, taken.id).story[0].note == "客人來電催問 😀"


@pytest.mark.clause("REP-05")
def test_a_stranger_is_registered_with_the_piece(ctx: Context) -> None:
    new = CustomerForm("單怡君", kind="retail", phones=(PhoneEntry("0921-004-377"),))
    taken = repairs.take_in(ctx, form(ctx, customer_id=None, new_customer=new))
    assert repairs.get_repair(ctx, taken.id).row.customer == "單怡君"
    with pytest.raises(ValidationError) as caught:
        repairs.take_in(ctx, form(ctx, customer_id=None, new_customer=CustomerForm("")))
    assert "name" in caught.value.fields


@pytest.mark.clause("REP-02")
def test_what_was_not_told_at_the_counter_is_told_before_it_leaves(ctx: Context) -> None:
    taken = repairs.take_in(ctx, form(ctx, told=frozenset({"duration"})))
    assert step(ctx, taken.id, "send_away", StepForm(told=frozenset({"may_differ", "other"}))) == "sent_away"
    assert repairs.get_repair(ctx, taken.id).form.told == {"duration", "may_differ"}


@pytest.mark.clause("CALL-18", "CALL-29")
def test_the_call_that_asked_and_the_day_it_was_bought_stand_with_the_repair(ctx: Context) -> None:
    asked = calls.save_call(ctx, CallForm(phone="0933812640", name="許蕙蘭", matter="手鐲修理")).id
    bought = date(2026, 3, 8)
    made = repairs.take_in(ctx, form(ctx, call_id=asked, bought_on=bought))
    kept = repairs.get_repair(ctx, made.id).form
    assert (kept.call_id, kept.bought_on) == (asked, bought)
    with pytest.raises(ValidationError) as refused:
        repairs.take_in(ctx, form(ctx, bought_on=ctx.clock.today() + timedelta(days=1)))
    assert list(refused.value.fields) == ["bought_on"]
    other = repairs.take_in(ctx, form(ctx, call_id=asked + 99))  # begun from a call nobody kept
    assert repairs.get_repair(ctx, other.id).form.call_id is None
