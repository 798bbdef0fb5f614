"""Is this customer here already? What is typed, compared with the cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import insert

from crmdesk.core.addresses import address_key
from crmdesk.core.errors import PermissionDenied
from crmdesk.model.customer import Customer, CustomerKey
from crmdesk.services import customers
from crmdesk.services.context import NOBODY, Context
from crmdesk.services.customer_merge import merge_customers
from crmdesk.services.customers import ContactEntry, CustomerForm, PhoneEntry
from crmdesk.services.duplicates import find_alike
from tests.helpers.office import count_queries

CARDS = (
    CustomerForm("陳美鳳", "wholesale", company="陳家銀樓", address="臺北市大安區忠孝東路四段100號5樓",
                 phones=(PhoneEntry("0912345678"),), contacts=(ContactEntry("陳小姐", phone="02-2558-6105"),)),
    CustomerForm("林志玲", company="金玉堂有限公司", address="台中市中山路1號", phones=(PhoneEntry("04-22225678"),)),
    CustomerForm("Mary Chen", phones=(PhoneEntry("0933118402"),)),
    CustomerForm("王大明"),
)  # fmt: skip


@pytest.fixture
def office(ctx: Context) -> Context:
    """The office with four customers."""
    with ctx.transaction("Four customers") as session:
        for form in CARDS:
            customers.create_in(session, ctx, form)
    return ctx


def named(ctx: Context, **typed: str | Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.name, one.reasons) for one in find_alike(ctx, **typed)]


def test_the_same_person_is_known_however_written(office: Context) -> None:
    assert named(office, name="陈美凤") == [("陳美鳳", ("name",))]
    assert named(office, name="陳美鳳", phones=["+886 912-345-678"]) == [("陳美鳳", ("phone", "name"))]
    assert named(office, name="某人", phones=["0912345678"]) == [("陳美鳳", ("phone",))]
    assert named(office, phones=["25586105"]) == [("陳美鳳", ("phone",))]  # a contact person's, without the area
    assert named(office, name="陳美風", company="陳家銀樓") == [("陳美鳳", ("sound", "company"))]
    assert named(office, name="陳美惠", company="陈家银楼") == [("陳美鳳", ("like", "company"))]
    assert named(office, name="mary chen") == [("Mary Chen", ("name",))]


def test_an_address_speaks_for_a_similar_name(office: Context) -> None:
    place = "106台北市大安區忠孝東路４段100號5樓"
    assert named(office, name="陳美風", address=place) == [("陳美鳳", ("address", "sound"))]
    assert named(office, name="陳美風", address="台北市大安區忠孝東路四段98號5樓") == [("陳美鳳", ("sound", "near"))]
    assert named(office, name="陳美風", address="高雄市前鎮區") == []
    assert named(office, name="陳美風") == []  # the sound alone is many people's
    assert named(office, name="陳美風", address=place.replace("5樓", "")) == [("陳美鳳", ("sound", "door"))]


def test_the_same_address_with_another_name_and_number_is_seen(office: Context) -> None:
    typed = {"name": "張三", "phones": ["0955000111"], "address": "40043台中市中山路１號"}
    (one,) = find_alike(office, **typed)
    assert (one.name, one.reasons, one.why) == ("林志玲", ("address",), "same address")
    both = named(office, name="林志玲", address=CARDS[0].address)  # one by the name, one by the address
    assert set(both) == {("林志玲", ("name",)), ("陳美鳳", ("address",))}
    card = customers.get_customer(office, one.id)
    customers.update_customer(office, one.id, card.version, replace(card.form, address="台中市中山路3號"))
    assert named(office, **typed) == []  # it moved away
    assert named(office, name="張三", address="台中市中山路3號") == [("林志玲", ("address",))]
    with office.transaction("") as session:  # a market hall: so many stalls leave room for the one of the same name
        session.execute(insert(Customer), [
            {"id": n, "code": f"M{n}", "name": "攤位", "address": "台中市中山路3號", "created_at": office.clock.now(),
             "last_contact_at": office.clock.now()} for n in range(1000, 1060)
        ])  # fmt: skip
        key = address_key("台中市中山路3號")
        session.execute(insert(CustomerKey), [{"key": key, "customer_id": n} for n in range(1000, 1060)])
    assert named(office, name="陳美鳳", address="台中市中山路3號")[0] == ("陳美鳳", ("name",))


def test_others_are_left_alone(office: Context) -> None:
    for typed in ({"name": "王小明"}, {"name": "林"}, {"name": "陳"}, {"company": "有限公司"}, {"phones": ["5678"]},
                  {}, {"name": "有限公司"}, {"name": "😀"}, {"phones": ["8.86E+11"]}, {"address": "台中市中山路"}):
        assert named(office, **typed) == [], typed


def test_the_own_card_and_merged_ones_are_no_duplicates(office: Context) -> None:
    own = find_alike(office, name="王大明")[0].id
    assert find_alike(office, name="王大明", own_id=own) == []
    twin = customers.create_customer(office, CustomerForm("王大明")).id
    assert [one.id for one in find_alike(office, name="王大明", own_id=own)] == [twin]
    merge_customers(office, own, twin)
    assert find_alike(office, name="王大明", own_id=own) == []


def test_looking_takes_three_questions(office: Context) -> None:
    with count_queries(office) as seen:
        found = find_alike(office, name="陳美鳳", company="金玉堂", phones=["0912345678", "0422225678"], address="台中")
    assert len([one for one in seen if not one.startswith("BEGIN")]) <= 3
    assert found[0].why == "same number, same name"
    with pytest.raises(PermissionDenied):
        find_alike(office.acting_as(NOBODY), name="陳美鳳")
