"""Two customers who are one: merged with all that hangs on them, and taken apart again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Boolean, Date, LargeBinary, String, Table, Text, insert, select, update
from sqlalchemy.orm import Session

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, PermissionDenied, UserError
from crmdesk.model.base import Amount, Base, Json, UtcDateTime, table_of
from crmdesk.model.customer import Customer
from crmdesk.services import customers
from crmdesk.services.archive import get_archive
from crmdesk.services.archive_looks import look
from crmdesk.services.attachments import NewFile, add_attachment, find_attachments
from crmdesk.services.calls import CallForm, save_call, transfer_call
from crmdesk.services.context import Context
from crmdesk.services.customer_merge import BOTH, GONE, find_merges, links, merge_customers, undo_merge
from crmdesk.services.customer_search import find_customers, find_people
from crmdesk.services.customers import ContactEntry, CustomerForm, PhoneEntry, RelativeEntry
from crmdesk.services.follows import FollowForm, find_follows, write_up
from crmdesk.services.records import find_timeline
from tests.helpers.office import Staff

CHEN = CustomerForm(
    "陳李美鳳", "wholesale", "A", company="陳家銀樓", region="台中", likes="素面", note="老客戶",
    phones=(PhoneEntry("0912345678"), PhoneEntry("04-22225678")), contacts=(ContactEntry("陳小姐", "會計"),),
    archive={"education": "高中"}, relatives=(RelativeEntry("兒子", "陳小明"),),
)  # fmt: skip
TWIN = CustomerForm(
    "陳李美凤", "retail", company="陳家銀樓", address="台中市中區中山路1號", likes="綠松石", note="週二休息",
    phones=(PhoneEntry("0912-345-678"), PhoneEntry("0988760115")),
    contacts=(ContactEntry("陳小姐", "會計"), ContactEntry("王先生", "司機")),
    relatives=(RelativeEntry("兒子", "陳小明"), RelativeEntry("女兒", "陳小美")), opening_balance=Decimal(500),
)  # fmt: skip


@pytest.fixture
def two(ctx: Context) -> tuple[int, int]:
    """A customer, and the same person registered a second time."""
    kept = customers.create_customer(ctx, CHEN).id
    return kept, customers.create_customer(ctx, TWIN, confirmed={"same_phone"}).id


def test_all_of_both_stands_on_one_card(ctx: Context, two: tuple[int, int]) -> None:
    kept, gone = two
    merge_customers(ctx, kept, gone, choices={"address": GONE, "likes": BOTH, "note": BOTH})
    card = customers.get_customer(ctx, kept)
    assert [p.number for p in card.form.phones] == ["0912-345-678", "04-2222-5678", "0988-760-115"]
    assert [c.name for c in card.form.contacts] == ["陳小姐", "王先生"]
    assert (card.form.address, card.form.likes, card.kind) == ("台中市中區中山路1號", "素面、綠松石", "wholesale")
    assert card.form.note == "老客戶\n週二休息"
    assert card.balance == Decimal(500)
    look(ctx, kept)
    archive = get_archive(ctx, kept)
    assert [r.name for r in archive.relatives or ()] == ["陳小明", "陳小美"]


def test_the_other_is_hidden_and_its_code_opens_the_survivor(ctx: Context, two: tuple[int, int]) -> None:
    kept, gone = two
    merge_customers(ctx, kept, gone)
    for typed in ("陳李美鳳", "0912345678", "0988760115", "C00001", "C00002", "2", "銀樓"):
        assert [row.id for row in find_people(ctx, typed)] == [kept], typed
    assert [row.id for row in find_customers(ctx, active=None)] == [kept]
    assert find_customers(ctx, active=False) == []
    assert customers.get_customer(ctx, gone).id == kept  # an old link
    assert [(m.gone_id, m.code) for m in find_merges(ctx, kept)] == [(gone, "C00002")]


def test_taken_apart_both_are_as_before(ctx: Context, two: tuple[int, int], clock: FixedClock) -> None:
    kept, gone = two
    before = [customers.get_customer(ctx, one).form for one in two]
    merge = merge_customers(ctx, kept, gone, choices={"name": GONE, "address": GONE, "kind": GONE, "note": BOTH})
    clock.advance(timedelta(days=3))
    card = customers.get_customer(ctx, kept)
    customers.update_customer(ctx, kept, card.version, replace(card.form, region="彰化"))
    assert undo_merge(ctx, merge) == gone
    assert customers.get_customer(ctx, gone).form == before[1]
    assert customers.get_customer(ctx, kept).form == replace(before[0], region="彰化")  # what came after stays
    assert customers.get_customer(ctx, gone).balance == Decimal(500)
    assert {row.id for row in find_people(ctx, "0912345678")} == {kept, gone}
    assert find_merges(ctx, kept) == []
    with pytest.raises(UserError, match="apart already"):
        undo_merge(ctx, merge)


@pytest.mark.clause("CRM-06")
def test_tidying_the_archive_is_no_contact(ctx: Context, clock: FixedClock) -> None:
    def contacts() -> list[datetime | None]:
        return [customers.get_customer(ctx, one).last_contact_at for one in (kept, gone)]

    kept = customers.create_customer(ctx, CHEN).id
    clock.advance(timedelta(days=5))
    gone = customers.create_customer(ctx, TWIN, confirmed={"same_phone"}).id
    before = contacts()
    clock.advance(timedelta(days=9))
    merge = merge_customers(ctx, kept, gone)
    add_attachment(ctx, "customer", kept, NewFile("a.pdf", b"%PDF-1"))
    assert contacts() == [before[1], before[1]]  # the later one of the two, not the day of the merge
    undo_merge(ctx, merge)
    assert contacts() == before
    with ctx.transaction("") as session:  # as one who came with a file
        session.execute(update(Customer).where(Customer.id == kept).values(last_contact_at=None))
    undo_merge(ctx, merge_customers(ctx, kept, gone))
    assert contacts() == [None, before[1]]  # nobody ever spoke with him: it still has to be done


def test_a_chain_comes_apart_from_its_end(ctx: Context, two: tuple[int, int]) -> None:
    kept, gone = two
    third = customers.create_customer(ctx, CustomerForm("陳美鳳")).id
    first = merge_customers(ctx, kept, gone)
    second = merge_customers(ctx, third, kept)
    assert customers.get_customer(ctx, gone).id == third
    with pytest.raises(UserError, match="those apart first"):
        undo_merge(ctx, first)
    undo_merge(ctx, second)
    undo_merge(ctx, first)
    assert [customers.get_customer(ctx, one).id for one in (kept, gone, third)] == [kept, gone, third]


def test_who_saved_meanwhile_is_named(ctx: Context, two: tuple[int, int], staff: Staff) -> None:
    kept, gone = two
    versions = tuple(customers.get_customer(ctx, one).version for one in two)
    card = customers.get_customer(ctx, gone)
    customers.update_customer(ctx.acting_as(staff.mei), gone, card.version, replace(card.form, region="彰化"))
    with pytest.raises(ConflictError) as caught:
        merge_customers(ctx, kept, gone, versions=(versions[0], versions[1]))
    assert caught.value.by == "王小美"
    assert customers.get_customer(ctx, gone).id == gone  # nothing was done
    with pytest.raises(ConflictError):  # and an open card is told that it was taken in
        stale = customers.get_customer(ctx, kept)
        merge_customers(ctx, kept, gone)
        customers.update_customer(ctx.acting_as(staff.mei), kept, stale.version, replace(stale.form, region="新竹"))


def test_what_cant_be_merged(ctx: Context, two: tuple[int, int], staff: Staff) -> None:
    kept, gone = two
    with pytest.raises(UserError, match="same customer"):
        merge_customers(ctx, kept, kept)
    with pytest.raises(UserError, match="does not exist"):
        merge_customers(ctx, kept, 999)
    with pytest.raises(PermissionDenied):
        merge_customers(ctx.acting_as(staff.wen), kept, gone)
    merge_customers(ctx, kept, gone)
    with pytest.raises(UserError, match="merged already"):
        merge_customers(ctx, kept, gone)


def test_a_call_that_was_being_written_goes_to_the_survivor(ctx: Context, two: tuple[int, int]) -> None:
    kept, gone = two
    merge_customers(ctx, kept, gone)
    form = CallForm(name="陳", matter="補貨", customer_id=gone, transferred_to="李", passed_on="補貨")
    made = transfer_call(ctx, form)
    with ctx.reading() as session:
        assert session.scalar(select(table_of(Customer).metadata.tables["call"].c.customer_id)) == kept
    assert any(line.record_id == made.id and line.kind == "call" for line in find_timeline(ctx, kept))
    customers.add_phone(ctx, gone, "0955-000-111")  # from a window that was open
    assert [person.id for person in find_people(ctx, "0955000111")] == [kept]


def test_what_another_pc_was_adding_goes_to_the_survivor(ctx: Context, two: tuple[int, int]) -> None:
    kept, gone = two
    call = save_call(ctx, CallForm(name="陳", matter="改地址", customer_id=gone)).id
    merge_customers(ctx, kept, gone)
    add_attachment(ctx, "customer", gone, NewFile("a.pdf", b"%PDF-1"))  # from a window that was still open
    assert [file.name for file in find_attachments(ctx, "customer", kept)] == ["a.pdf"]
    write_up(ctx, FollowForm(gone, "喜歡翡翠", call_id=call))  # the call went over with the card
    assert [(row.text, row.call_id) for row in find_follows(ctx, kept)] == [("喜歡翡翠", call)]


def test_calls_move_and_show_on_the_time_line(ctx: Context, two: tuple[int, int]) -> None:
    kept, gone = two
    save_call(ctx, CallForm(name="陳", matter="改地址", customer_id=gone))
    merge = merge_customers(ctx, kept, gone)
    titles = [line.title for line in find_timeline(ctx, kept)]
    assert "陳李美凤 (C00002) was merged into this card" in titles
    assert titles.count("Customer registered") == 2
    undo_merge(ctx, merge)
    assert [line.title for line in find_timeline(ctx, gone)].count("Customer registered") == 1


def test_who_brought_whom_makes_no_ring(ctx: Context, two: tuple[int, int]) -> None:
    kept, gone = two
    between = customers.create_customer(ctx, CustomerForm("林中", referrer_id=gone)).id
    card = customers.get_customer(ctx, kept)
    customers.update_customer(ctx, kept, card.version, replace(card.form, referrer_id=between))
    merge = merge_customers(ctx, kept, gone)
    assert customers.get_customer(ctx, kept).form.referrer_id is None
    assert customers.get_customer(ctx, between).form.referrer_id == kept
    undo_merge(ctx, merge)
    assert customers.get_customer(ctx, kept).form.referrer_id == between
    assert customers.get_customer(ctx, between).form.referrer_id == gone


# --- whatever table comes to be -------------------------------------------------------------------------------------


class Maker:
    """Writes one row into any table, and into those it needs, all of one customer."""

    def __init__(self, session: Session, customer_id: int) -> None:
        self.session, self.customer_id, self.numbers = session, customer_id, count(900_000)
        self.made: dict[str, int] = {"customer": customer_id}

    def make(self, table: Table) -> int:
        """Return the id of a row of this table."""
        if table.name not in self.made:
            self.made[table.name] = 0  # a circle ends at a row that need not be there
            values = {column.name: self.value(column) for column in table.columns if column.name != "id"}
            result = self.session.connection().execute(insert(table).values(values))
            self.made[table.name] = int(result.inserted_primary_key[0])
        return self.made[table.name]

    def value(self, column: Any) -> Any:
        """Return something the column takes."""
        reference = next(iter(column.foreign_keys), None)
        if reference is not None:
            parent = reference.column.table
            if parent.name == "customer" or not column.nullable:
                return self.make(parent)
            return None
        if column.name in ("record_kind", "kind") and "record_id" in column.table.c:
            return "customer"
        if column.name == "record_id":
            return self.customer_id
        number, kind = next(self.numbers), column.type
        if column.nullable and not column.unique:
            return None
        samples: tuple[tuple[type, Any], ...] = (
            (UtcDateTime, datetime(2026, 11, 22, tzinfo=UTC)), (Amount, Decimal(1)), (Date, date(2026, 1, 1)),
            (Boolean, False), (LargeBinary, b"x"), (String, f"{number}"[-(getattr(kind, "length", None) or 9) :]),
            (Text, "x"), (type(Json), {}),
        )  # fmt: skip
        return next((value for sort, value in samples if isinstance(kind, sort)), number % 100)


def columns_of_a_customer() -> Iterator[tuple[Table, str]]:
    """Every column with a foreign key to the customers, asked here without the service."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.target_fullname == "customer.id" for key in column.foreign_keys):
                yield table, column.name


def test_nothing_linked_is_lost_whatever_the_table(ctx: Context, two: tuple[int, int]) -> None:
    kept, gone = two
    with ctx.transaction("A row of every table") as session:
        maker = Maker(session, gone)
        for table, _column in columns_of_a_customer():
            if table.name not in ("customer", "customer_merge"):
                maker.make(table)
        for name in ("attachment", "approval", "paper"):
            maker.make(Base.metadata.tables[name])
    merge = merge_customers(ctx, kept, gone)
    with ctx.reading() as session:
        for table, column in columns_of_a_customer():
            if table.name in maker.made and table.name != "customer":
                owner = session.scalar(select(table.c[column]).where(table.c.id == maker.made[table.name]))
                assert owner == kept, f"{table.name}.{column}"
        for name in ("attachment", "approval", "paper"):
            table = Base.metadata.tables[name]
            assert session.scalar(select(table.c.record_id).where(table.c.id == maker.made[name])) == kept
    undo_merge(ctx, merge)
    with ctx.reading() as session:
        for table, column in columns_of_a_customer():
            if table.name in maker.made and table.name != "customer":
                owner = session.scalar(select(table.c[column]).where(table.c.id == maker.made[table.name]))
                assert owner == gone, f"{table.name}.{column}"


def test_every_column_that_names_a_customer_is_known() -> None:
    handled = {link.name for link in links()}
    joined = {"customer_phone", "contact", "relative", "customer_value", "customer_merge"}
    named = {f"{table.name}.{column}" for table, column in columns_of_a_customer() if table.name not in joined}
    assert named <= handled
    assert {"call.customer_id", "ledger_entry.customer_id", "attachment.record_id", "customer.referrer_id"} <= handled
