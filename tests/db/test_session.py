"""Transactions, history, numbers and versions, on both engines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text, update

from crmdesk.core.errors import ConflictError, PermissionDenied
from crmdesk.db.changes import Notice
from crmdesk.db.numbering import take
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.history import HistoryEntry
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_search import find_people
from crmdesk.services.records import find_history, find_timeline, load_for_change, record_event
from tests.helpers.office import count_queries


def new_customer(ctx: Context, code: str = "C1") -> int:
    with ctx.transaction("Create customer") as session:
        customer = Customer(code=code, name="陳李美鳳", created_at=ctx.clock.now(), credit_limit=Decimal("50000"))
        customer.phones = [CustomerPhone(number="0912-345-678", tail="876543219")]
        session.add(customer)
        session.flush()
        return customer.id


def test_a_transaction_writes_who_what_and_each_field(ctx: Context) -> None:
    customer_id = new_customer(ctx)
    with ctx.transaction("Change customer") as session:
        customer = load_for_change(session, Customer, customer_id, 1)
        customer.credit_limit = Decimal("60000")
    newest, first = find_history(ctx, "customer", customer_id)
    assert (newest.by, newest.station, newest.sentence) == ("林經理", "Reception 1", "Change customer")
    assert newest.changes == {"credit_limit": ["50000.00", "60000"]}
    assert first.changes["name"] == [None, "陳李美鳳"]
    assert any(name.endswith(".number") for name in first.changes)


def test_nothing_stays_of_a_failed_transaction(ctx: Context) -> None:
    with pytest.raises(ZeroDivisionError), ctx.transaction("Create customer") as session:
        session.add(Customer(code="C9", name="x", created_at=ctx.clock.now()))
        session.flush()
        take(session, "slip")
        1 / 0  # noqa: B018 - the planted fault
    with ctx.reading() as session:
        assert session.scalars(select(Customer)).all() == []
        assert session.scalars(select(HistoryEntry).where(HistoryEntry.kind == "customer")).all() == []
    with ctx.transaction("Take") as session:
        assert take(session, "slip") == 1


def test_numbers_have_no_gap_and_restart_with_the_period(ctx: Context) -> None:
    with ctx.transaction("Take") as session:
        taken = [take(session, "complaint", period) for period in ("2611", "2611", "2612", "2611")]
    assert taken == [1, 2, 1, 3]


def test_the_later_of_two_savers_is_told_who_was_first(ctx: Context, staff: Any) -> None:
    customer_id = new_customer(ctx)
    first = ctx.acting_as(staff.mei)
    with first.transaction("Change customer") as session:
        load_for_change(session, Customer, customer_id, 1).region = "台中"
    with pytest.raises(ConflictError) as caught, ctx.transaction("Change customer") as session:
        load_for_change(session, Customer, customer_id, 1).region = "彰化"
    assert caught.value.by == "王小美"
    assert caught.value.fields == ("region",)


def test_the_database_itself_refuses_a_stale_save(ctx: Context) -> None:
    customer_id = new_customer(ctx)
    with pytest.raises(ConflictError), ctx.transaction("Change customer") as session:
        customer = session.get_one(Customer, customer_id)
        session.execute(
            update(Customer)
            .where(Customer.id == customer_id)
            .values(version=7)
            .execution_options(synchronize_session=False)
        )
        customer.name = "late"


def test_an_event_moves_the_last_contact_without_a_new_version(ctx: Context) -> None:
    customer_id = new_customer(ctx)
    with ctx.transaction("Note") as session:
        customer = session.get_one(Customer, customer_id)
        record_event(session, ctx, customer, "note", "Asked for {what}", values={"what": "B-2201"}, note="by phone")
    (line,) = find_timeline(ctx, customer_id)
    assert (line.title, line.note, line.by) == ("Asked for B-2201", "by phone", "林經理")
    with ctx.reading() as session:
        stored = session.get_one(Customer, customer_id)
        assert (stored.version, stored.last_contact_at) == (1, ctx.clock.now())


def test_own_windows_hear_of_a_save_once_it_is_committed(ctx: Context) -> None:
    class Window:
        heard: list[Notice]

        def on_notice(self, notice: Notice) -> None:
            self.heard.append(notice)

    window = Window()
    window.heard = []
    ctx.changes.subscribe(window.on_notice)
    customer_id = new_customer(ctx)
    assert [n.names("customer", customer_id) for n in window.heard] == [True]
    assert not window.heard[0].touches("call")


def test_money_keeps_every_hundredth(ctx: Context) -> None:
    customer_id = new_customer(ctx)
    with ctx.transaction("Change") as session:
        session.get_one(Customer, customer_id).credit_limit = Decimal("12345678901.23")
    with ctx.reading() as session:
        assert session.get_one(Customer, customer_id).credit_limit == Decimal("12345678901.23")


def test_rights_are_checked_by_role(ctx: Context, staff: Any) -> None:
    packer = ctx.acting_as(staff.wen)
    packer.require(Right.PACK)
    with pytest.raises(PermissionDenied):
        packer.require(Right.MONTH)
    with pytest.raises(PermissionDenied):
        replace(ctx, user=replace(ctx.user, roles=("unknown",))).require(Right.CALL)


def test_one_save_is_few_statements(ctx: Context) -> None:
    with count_queries(ctx) as seen:
        new_customer(ctx)
    assert [words.split()[2] for words in seen] == ["customer", "customer_phone", "history"]
    with count_queries(ctx) as seen, ctx.transaction("Two at once") as session:
        for code in ("C2", "C3"):
            session.add(Customer(code=code, name="x", created_at=ctx.clock.now()))
    told = [words for words in seen if "pg_notify" in words]
    assert len(told) == (0 if ctx.db.is_sqlite else 1)  # one notice, however many entries


def test_the_server_keeps_what_is_written_and_no_search(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    if ctx.db.is_sqlite:
        return  # it keeps every statement, and chooses no plan by what was looked for first
    for code in ("C1", "C2"):
        new_customer(ctx, code)
        monkeypatch.setattr("crmdesk.db.engine.TRUSTED_SECONDS", 0.0)  # asking an idle line makes nobody forget them
        find_people(ctx, "陳")
    with ctx.reading() as session:
        kept = list(session.scalars(text("SELECT statement FROM pg_prepared_statements")))
    assert any(words.startswith("INSERT INTO history") for words in kept)
    assert not [words for words in kept if "customer_key" in words and words.startswith("SELECT")]
