"""Customers: registering, changing, finding, the card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, NeedsConfirmation, PermissionDenied, UserError, ValidationError
from crmdesk.model.call import Call
from crmdesk.model.customer import Customer
from crmdesk.model.sale import LedgerEntry, Sale
from crmdesk.services import customers
from crmdesk.services.calls import CallForm, save_call, transfer_call
from crmdesk.services.context import Context
from crmdesk.services.customer_search import count_customers, find_customers, find_people
from crmdesk.services.customers import ContactEntry, CustomerForm, PhoneEntry
from crmdesk.services.records import find_history, find_timeline
from tests.helpers.office import Staff, count_queries

CHEN = CustomerForm(
    name="陳李美鳳",
    kind="wholesale",
    grade="A",
    company="陳家銀樓",
    region="台中",
    address="台中市西屯區河南路二段 188 號",
    phones=(PhoneEntry("0912345678", label="手機"), PhoneEntry("04-22225678#6", label="店")),
    contacts=(ContactEntry("陳小姐", "會計", "04 2222 5679"),),
)


def make(ctx: Context, name: str, *phones: str, **values: Any) -> int:
    form = CustomerForm(name, phones=tuple(PhoneEntry(p) for p in phones), **values)
    return customers.create_customer(ctx, form, confirmed={"same_phone"}).id


@pytest.mark.clause("CRM-11")
def test_every_customer_gets_the_next_code(ctx: Context) -> None:
    first = customers.create_customer(ctx, CHEN)
    with pytest.raises(NeedsConfirmation):
        customers.create_customer(ctx, CHEN)
    second = customers.create_customer(ctx, CustomerForm("單大文"))
    assert (first.code, second.code) == ("C00001", "C00002")


def test_the_card_shows_what_was_typed(ctx: Context) -> None:
    card = customers.get_customer(ctx, customers.create_customer(ctx, CHEN).id)
    assert card.form.phones[0].number == "0912-345-678"
    assert (card.form.phones[1].number, card.form.phones[1].extension) == ("04-2222-5678", "6")
    assert card.form.contacts[0].phone == "04-2222-5679"
    assert (card.name, card.company, card.kind, card.grade) == ("陳李美鳳", "陳家銀樓", "wholesale", "A")
    assert card.recent[0].title == "Customer registered"
    assert card.missing == (
        "gender", "owner_id", "since", "likes", "avoid", "birthday", "origin", "occupation",
    )  # fmt: skip


@pytest.mark.clause("CRM-13")
def test_the_card_sums_money_and_names_promises(ctx: Context, clock: FixedClock) -> None:
    customer_id = customers.create_customer(ctx, replace(CHEN, opening_balance=Decimal(3200))).id
    me = ctx.user.id
    assert me is not None
    with ctx.transaction("test") as session:
        session.add(LedgerEntry(customer_id=customer_id, at=clock.now(), kind="payment", amount=Decimal(-200)))
        for number, state, total, day in (
            ("2026-1", "paid", 500, clock.now()),
            ("2026-2", "void", 900, clock.now()),
            ("2025-1", "paid", 700, clock.now() - timedelta(days=400)),
        ):
            session.add(
                Sale(number=number, customer_id=customer_id, clerk_id=me, opened_at=day, printed_at=day, currency="TWD",
                     total=Decimal(total), state=state, created_at=day)
            )  # fmt: skip
        session.add(
            Call(number="x", started_at=clock.now(), answered_by_id=me, customer_id=customer_id, matter="補貨",
                 callback_at=clock.now() + timedelta(hours=2), created_at=clock.now())
        )  # fmt: skip
    with count_queries(ctx) as seen:
        card = customers.get_customer(ctx, customer_id)
    assert len([s for s in seen if not s.startswith("BEGIN")]) <= 6
    assert (card.balance, card.bought_this_year) == (Decimal(3000), Decimal(500))
    assert card.callbacks[0].matter == "補貨"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (CustomerForm(""), "name"),
        (CustomerForm("  \u200b "), "name"),
        (CustomerForm("x" * 81), "name"),
        (CustomerForm("陳", company="銀" * 200), "company"),
        (CustomerForm("陳", note="銀" * 4001), "note"),
        (CustomerForm("陳", kind="friend"), "kind"),
        (CustomerForm("陳", grade="Z"), "grade"),
        (CustomerForm("陳", credit_limit=Decimal(-1)), "credit_limit"),
        (CustomerForm("陳", phones=(PhoneEntry("0912345678"), PhoneEntry("abc"))), "phones.1"),
        (CustomerForm("陳", phones=(PhoneEntry("8.86E+11"),)), "phones.0"),
        (CustomerForm("陳", contacts=(ContactEntry("", "會計"),)), "contacts.0"),
        (CustomerForm("陳", contacts=(ContactEntry("李", phone="12x"),)), "contacts.0"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_kept(ctx: Context, form: CustomerForm, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        customers.create_customer(ctx, form)
    assert list(caught.value.fields) == [field]
    assert count_customers(ctx) == 0


def test_odd_but_good_texts_are_kept(ctx: Context) -> None:
    made = make(ctx, "𠮷田 👩‍👧", "  ０９１２－３４５－６７８ ", company="A & B's «銀»")
    card = customers.get_customer(ctx, made)
    assert (card.name, card.company, card.phone) == ("𠮷田 👩‍👧", "A & B's «銀»", "0912-345-678")


def test_a_change_is_kept_with_what_it_was(ctx: Context) -> None:
    made = customers.create_customer(ctx, CHEN)
    card = customers.get_customer(ctx, made.id)
    phones = (replace(card.form.phones[1], extension="8"),)
    new = customers.update_customer(ctx, made.id, card.version, replace(card.form, name="陳李鳳", phones=phones))
    assert new == card.version + 1
    card = customers.get_customer(ctx, made.id)
    assert (card.name, card.phone) == ("陳李鳳", "04-2222-5678 #8")
    changes = find_history(ctx, "customer", made.id)[0].changes
    assert changes["name"] == ["陳李美鳳", "陳李鳳"]
    assert [row.id for row in find_people(ctx, "李鳳")] == [made.id]
    assert find_people(ctx, "李美") == []
    assert find_people(ctx, "345678") == []


def test_nothing_changed_is_no_new_version(ctx: Context) -> None:
    made = customers.create_customer(ctx, CHEN)
    card = customers.get_customer(ctx, made.id)
    assert customers.update_customer(ctx, made.id, card.version, card.form) == card.version


def test_a_changed_phone_alone_is_a_change_of_the_card(ctx: Context) -> None:
    made = customers.create_customer(ctx, CHEN)
    card = customers.get_customer(ctx, made.id)
    form = replace(card.form, phones=(*card.form.phones, PhoneEntry("0933 118 402")))
    assert customers.update_customer(ctx, made.id, card.version, form) == card.version + 1


def test_two_people_on_one_card_are_told(ctx: Context, staff: Staff) -> None:
    made = customers.create_customer(ctx, CHEN)
    card = customers.get_customer(ctx, made.id)
    customers.update_customer(ctx.acting_as(staff.mei), made.id, card.version, replace(card.form, region="彰化"))
    with pytest.raises(ConflictError) as caught:
        customers.update_customer(ctx, made.id, card.version, replace(card.form, likes="素面"))
    assert caught.value.by == "王小美"
    assert "region" in caught.value.fields


def test_a_number_that_is_someone_elses_is_asked_about(ctx: Context) -> None:
    customers.create_customer(ctx, CHEN)
    with pytest.raises(NeedsConfirmation) as caught:
        customers.create_customer(ctx, CustomerForm("李四", phones=(PhoneEntry("+886 912 345 678"),)))
    assert caught.value.key == "same_phone"
    assert "陳李美鳳 (C00001)" in caught.value.message


def test_an_unknown_number_is_attached(ctx: Context) -> None:
    made = make(ctx, "李四")
    customers.add_phone(ctx, made, "0988760115")
    customers.add_phone(ctx, made, "+886988760115")
    assert [p.number for p in customers.get_customer(ctx, made).form.phones] == ["0988-760-115"]
    with pytest.raises(UserError):
        customers.add_phone(ctx, made, "no number")


def test_rights(ctx: Context, staff: Staff) -> None:
    packer = ctx.acting_as(staff.wen)
    with pytest.raises(PermissionDenied):
        customers.create_customer(packer, CHEN)
    made = customers.create_customer(ctx, CHEN)
    assert customers.get_customer(packer, made.id).name == "陳李美鳳"
    with pytest.raises(PermissionDenied):
        customers.update_customer(packer, made.id, 1, CHEN)
    with pytest.raises(UserError):
        customers.get_customer(ctx, 9999)


def test_saving_takes_few_statements(ctx: Context) -> None:
    customers.create_customer(ctx, CHEN)
    with count_queries(ctx) as seen:
        customers.create_customer(ctx, CustomerForm("李四", phones=(PhoneEntry("0911222333"),)))
    assert len(seen) <= 10, seen


# --- finding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["345678", "678", "0912345678", "0912-345-678", "+886912345678", "886912345678", "22225678",
     "陳李美鳳", "陈李美凤", "美鳳",
     "銀樓", "chenlimeifeng", "clmf", "meifeng", "mf", "ㄔㄣㄌㄧ", "c", "C00001", "1", "c1"],
)  # fmt: skip
def test_people_are_found_as_they_are_typed(ctx: Context, typed: str) -> None:
    made = customers.create_customer(ctx, CHEN).id
    make(ctx, "王小明", "0933118402")
    assert [row.id for row in find_people(ctx, typed)] == [made]


def test_the_contact_person_is_named_when_the_number_is_theirs(ctx: Context) -> None:
    customers.create_customer(ctx, CHEN)
    row = find_people(ctx, "0422225679")[0]
    assert (row.via, row.phone, row.exact) == ("陳小姐", "04-2222-5679", True)


def test_all_who_share_a_number_come_up_the_latest_first(ctx: Context, clock: FixedClock) -> None:
    first = make(ctx, "林一", "04-2222-5678")
    clock.advance(timedelta(days=1))
    second = make(ctx, "林二", "04-2222-5678")
    third = make(ctx, "林三", "02-2222-5678")
    assert [row.id for row in find_people(ctx, "0422225678")] == [second, first]
    assert [row.id for row in find_people(ctx, "22225678")] == [third, second, first]


def test_whole_names_come_before_parts(ctx: Context, clock: FixedClock) -> None:
    whole = make(ctx, "陳文")
    clock.advance(timedelta(days=1))
    make(ctx, "陳文山")
    make(ctx, "王陳文")
    rows = find_people(ctx, "陳文")
    assert rows[0].id == whole and rows[0].exact
    assert [row.name for row in rows] == ["陳文", "陳文山", "王陳文"]


def test_too_little_finds_nothing(ctx: Context) -> None:
    make(ctx, "陳文", "0912345678")
    for typed in ("", "   ", "78", "!!", "%", "_", "'", "8.86E+11", "😀"):
        assert find_people(ctx, typed) == [], typed


def test_the_list_shows_the_latest_contact_first_with_balances(ctx: Context, clock: FixedClock, staff: Staff) -> None:
    old = make(ctx, "陳一", "0912345678", owner_id=staff.mei.id, opening_balance=Decimal(3200))
    clock.advance(timedelta(hours=1))
    new = make(ctx, "陳二", kind="franchise")
    with count_queries(ctx) as seen:
        rows = find_customers(ctx)
    assert len(seen) <= 7
    assert [row.id for row in rows] == [new, old]
    assert (rows[1].balance, rows[1].owner, rows[1].phone) == (Decimal(3200), "王小美", "0912-345-678")
    assert [row.id for row in find_customers(ctx, kind="franchise")] == [new]
    assert [row.id for row in find_customers(ctx, owner_id=staff.mei.id)] == [old]
    assert [row.id for row in find_customers(ctx, "chen", kind="franchise")] == [new]
    assert [row.id for row in find_customers(ctx, "5678")] == [old]
    assert count_customers(ctx) == 2


def test_a_customer_put_away_is_out_of_the_way(ctx: Context) -> None:
    made = make(ctx, "陳一")
    card = customers.get_customer(ctx, made)
    customers.update_customer(ctx, made, card.version, replace(card.form, active=False))
    assert find_customers(ctx) == [] and find_people(ctx, "陳一") == []
    assert [row.id for row in find_customers(ctx, active=None)] == [made]


def test_a_common_name_is_found_among_many(ctx: Context, monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> None:
    """The way for common keys finds the same people as the way for rare ones."""
    for i in range(30):
        clock.advance(timedelta(minutes=1))
        make(ctx, f"陳{'大中小'[i % 3]}文")
    with ctx.transaction("A list that was taken over: nobody was in touch with them yet") as session:
        session.execute(update(Customer).where(Customer.id % 2 == 0).values(last_contact_at=None))
    rare = find_people(ctx, "chen", limit=40), find_people(ctx, "czw", limit=40)
    monkeypatch.setattr("crmdesk.services.customer_keys._PROBE", 1)
    assert (find_people(ctx, "chen", limit=40), find_people(ctx, "czw", limit=40)) == rare
    assert (len(rare[0]), len(rare[1])) == (30, 10)


@pytest.mark.parametrize(
    ("typed", "most"), [("0912345678", 1), ("345678", 3), ("單大", 3), ("cgz", 3), ("mary", 4), ("C00001", 3)]
)
def test_finding_asks_the_server_few_questions(ctx: Context, typed: str, most: int) -> None:
    """Each question is a journey over the office's network, for every key that is typed."""
    make(ctx, "單大文", "0912345678")
    make(ctx, "陳根章", "04-22223456", company="Mary 飾品")
    with count_queries(ctx) as seen:
        find_people(ctx, typed, limit=1)
    assert 1 <= len(seen) <= most


def test_a_person_of_several_numbers_is_found_once_and_contacts_by_theirs(ctx: Context) -> None:
    chen, wang = customers.create_customer(ctx, CHEN).id, make(ctx, "王大文", "0988-225679")
    assert [(row.id, row.via) for row in find_people(ctx, "225679")] == [(wang, ""), (chen, "陳小姐")]
    assert [row.id for row in find_people(ctx, "5678")] == [chen]


def test_registering_asks_the_server_few_questions(ctx: Context, clock: FixedClock) -> None:
    make(ctx, "陳一")  # the very first customer begins the series of codes
    with count_queries(ctx) as seen:
        made = make(ctx, "單大文", "0912345678")
    assert 1 <= len(seen) <= 7
    assert not [one for one in seen if "UPDATE customer SET" in one]  # the moment of contact came with the row
    clock.advance(timedelta(minutes=5))
    save_call(ctx, CallForm(name="單大文", matter="補貨", customer_id=made), complete=False)
    transfer_call(ctx, CallForm(name="單大文", matter="補貨", transferred_to="李", passed_on="補貨", customer_id=made))
    assert find_people(ctx, "單大文")[0].last_contact_at == clock.now()


def test_the_time_line_begins_with_the_registration(ctx: Context) -> None:
    made = make(ctx, "陳一")
    line = find_timeline(ctx, made)[0]
    assert (line.action, line.by) == ("created", "林經理")
    assert line.at == datetime(2026, 11, 22, 1, 41, tzinfo=UTC)
