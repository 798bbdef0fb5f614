"""The answer to a COMMIT gets lost and Save is pressed again: nothing is ever written twice, on no desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from crmdesk.core.errors import (
    AlreadySaved,
    ConflictError,
    ConnectionLost,
    NeedsConfirmation,
    UserError,
    ValidationError,
)
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.item import Item
from crmdesk.model.repair import Repair
from crmdesk.model.sale import Sale
from crmdesk.model.visit import Visit
from crmdesk.services import calls, complaints, customers, items, repairs, sales, visits
from crmdesk.services.calls import CallForm
from crmdesk.services.complaints import ComplaintForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.items import ItemForm
from crmdesk.services.repairs import RepairForm
from crmdesk.services.sale_lists import SaleForm, SaleLineForm
from crmdesk.services.visits import VisitForm
from tests.helpers.lost import lose_the_answer

WANG = CustomerForm("王大文", phones=(PhoneEntry("0912345678"),))
TOLD = frozenset({"duration", "may_differ"})

#: What is saved on each desk, from the token of its form: the model, and the press of Save.
SAVES: dict[str, tuple[Any, Callable[[Context, str], object]]] = {
    "call": (Call, lambda ctx, t: calls.save_call(ctx, CallForm(name="王", matter="補貨", token=t))),
    "transfer": (Call, lambda ctx, t: calls.transfer_call(
        ctx, CallForm(name="王", matter="補貨", transferred_to="李阿明", passed_on="補貨", token=t))),
    "visit": (Visit, lambda ctx, t: visits.check_in(ctx, VisitForm("王", purpose="看新款", token=t))),
    "visit of somebody new": (Visit, lambda ctx, t: visits.check_in(ctx, VisitForm("王", new_customer=WANG, token=t))),
    "customer": (Customer, lambda ctx, t: customers.create_customer(ctx, replace(WANG, token=t))),
    "item": (Item, lambda ctx, t: items.create_item(ctx, ItemForm("R-2", "戒", token=t))),
    "repair": (Repair, lambda ctx, t: repairs.take_in(ctx, RepairForm(
        None, "R-1", part="鍊頭", not_thai_silver=True, told=TOLD, new_customer=WANG, token=t))),
    "complaint": (Complaint, lambda ctx, t: complaints.register_complaint(ctx, ComplaintForm(
        "王", "斷鍊", ctx.clock.now() + timedelta(hours=4), token=t))),
    "sale": (Sale, lambda ctx, t: sales.save_draft(ctx, SaleForm(1, (SaleLineForm("R-1"),), token=t))),
}  # fmt: skip


@pytest.fixture
def office(ctx: Context) -> Context:
    """One customer and one item, for the slip."""
    customers.create_customer(ctx, CustomerForm("陳李美鳳"))
    items.create_item(ctx, ItemForm("R-1", "戒", price_retail=Decimal(100)))
    return ctx


def count(ctx: Context, model: Any) -> int:
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("desk", SAVES)
def test_saving_again_after_a_lost_answer_finds_the_record(office: Context, desk: str) -> None:
    model, save = SAVES[desk]
    before = count(office, model), count(office, Customer)
    lose_the_answer(office)
    with pytest.raises(ConnectionLost):
        save(office, "one")
    made = count(office, model), count(office, Customer)
    assert made[0] == before[0] + 1
    for _press in range(2):
        with pytest.raises(AlreadySaved) as told:
            save(office, "one")
    assert (count(office, model), count(office, Customer)) == made
    assert told.value.message == "This was saved already at 09:41."
    with office.reading() as session:
        record = session.get(model, told.value.record_id)
    assert record is not None and told.value.kind == model.KIND


def test_the_numbers_have_no_gap_afterwards(office: Context) -> None:
    def numbers(model: Any) -> list[str]:
        with office.reading() as session:
            return list(session.scalars(select(model.number).order_by(model.id)))

    for desk in ("call", "visit", "repair", "complaint"):
        model, save = SAVES[desk]
        lose_the_answer(office)
        for error in (ConnectionLost, AlreadySaved):
            with pytest.raises(error):
                save(office, f"{desk} 1")
        save(office, f"{desk} 2")
        first, second = (int(number[-2:]) for number in numbers(model))
        assert second == first + 1, desk


def test_a_caller_is_made_a_customer_once(office: Context) -> None:
    call = calls.save_call(office, CallForm(name="王", matter="補貨"))
    before = count(office, Customer)
    lose_the_answer(office)
    with pytest.raises(ConnectionLost):
        calls.make_customer(office, call.id)
    with pytest.raises(UserError):
        calls.make_customer(office, call.id)
    assert count(office, Customer) == before + 1


def test_two_forms_with_the_same_words_are_two_records(office: Context) -> None:
    for model, save in (SAVES["call"], SAVES["visit"], SAVES["sale"]):
        save(office, f"{model.KIND} one")
        save(office, f"{model.KIND} two")
        save(office, "")
        save(office, "")  # who sends no token is not asked for one
        assert count(office, model) == 4


def test_a_change_whose_answer_was_lost_is_no_conflict_with_oneself(office: Context) -> None:
    made = customers.create_customer(office, WANG)
    version = customers.get_customer(office, made.id).version
    lose_the_answer(office)
    change = replace(WANG, region="臺中", token="one")
    with pytest.raises(ConnectionLost):
        customers.update_customer(office, made.id, version, change)
    with pytest.raises(AlreadySaved) as told:
        customers.update_customer(office, made.id, version, change)
    assert told.value.record_id == made.id
    with pytest.raises(ConflictError):
        customers.update_customer(office, made.id, version, replace(change, token="two"))


def test_a_refusal_stays_a_refusal_with_a_token(office: Context) -> None:
    customers.create_customer(office, WANG)
    with pytest.raises(NeedsConfirmation):
        customers.create_customer(office, replace(WANG, token="one"))
    made = customers.create_customer(office, replace(WANG, token="one"), confirmed={"same_phone"})
    with pytest.raises(AlreadySaved) as told:
        customers.create_customer(office, replace(WANG, token="one"))
    assert told.value.record_id == made.id
    with pytest.raises(ValidationError):
        items.create_item(office, ItemForm("R-1", "x", token="two"))
