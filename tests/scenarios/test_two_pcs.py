"""Two PCs on one record: the later one is told who was first, and nothing of the first one's work is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConflictError, NeedsConfirmation, UserError
from crmdesk.db.session import Database
from crmdesk.services import calls, cash, complaints, customers, items, repairs, sales, visits
from crmdesk.services.calls import CallForm
from crmdesk.services.complaint_forms import ComplaintForm
from crmdesk.services.complaint_lists import get_complaint
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.items import ItemForm
from crmdesk.services.news import News
from crmdesk.services.repairs import RepairForm
from crmdesk.services.sale_lists import SaleForm, SaleLineForm
from crmdesk.services.visits import VisitForm
from tests.conftest import make_context
from tests.helpers.office import Staff


@pytest.fixture
def mei(database_url: str, clock: FixedClock) -> Iterator[Context]:
    """The receptionist at another PC: a program of her own on the same office."""
    db = Database(database_url)
    ctx = make_context(db, clock)
    yield ctx.acting_as(Staff.of(ctx).mei)
    db.close()


class Desk(NamedTuple):
    """One kind of record: how it is made, how a save looks with a version, and what can be read of it."""

    make: Callable[[Context], int]
    save: Callable[[Context, int, int, str], object]
    version: Callable[[Context, int], int]
    words: Callable[[Context, int], str]


def new_customer(ctx: Context) -> int:
    return customers.create_customer(ctx, CustomerForm("陳李美鳳", address="台中")).id


def new_sale(ctx: Context) -> int:
    items.create_item(ctx, ItemForm("R-1", "戒", price_retail=Decimal(100)))
    return sales.save_draft(ctx, SaleForm(new_customer(ctx), (SaleLineForm("R-1", 2),))).id


def new_repair(ctx: Context) -> int:
    form = RepairForm(new_customer(ctx), item_code="R-1", part="斷", not_thai_silver=True,
                      told=frozenset({"duration", "may_differ"}), photos=(repairs.Photo(b"\xff\xd8"),))  # fmt: skip
    return repairs.take_in(ctx, form).id


def new_complaint(ctx: Context) -> int:
    form = ComplaintForm("王", "斷鍊", next_reply_at=ctx.clock.now() + timedelta(hours=4))
    return complaints.register_complaint(ctx, form).id


def reply_at(ctx: Context, words: str) -> Any:
    return ctx.clock.now() + timedelta(hours=len(words) + 5)


DESKS: dict[str, Desk] = {
    "call": Desk(
        lambda ctx: calls.save_call(ctx, CallForm(name="王")).id,
        lambda ctx, i, v, words: calls.save_call(ctx, CallForm(name="王", matter=words), call_id=i, version=v),
        lambda ctx, i: calls.get_call(ctx, i).version,
        lambda ctx, i: calls.get_call(ctx, i).form.matter,
    ),
    "visit": Desk(
        lambda ctx: visits.check_in(ctx, VisitForm("王")),
        lambda ctx, i, v, words: visits.change_visit(ctx, i, v, VisitForm("王", note=words)),
        lambda ctx, i: visits.get_visit(ctx, i).version,
        lambda ctx, i: visits.get_visit(ctx, i).note,
    ),
    "customer": Desk(
        new_customer,
        lambda ctx, i, v, words: customers.update_customer(
            ctx, i, v, replace(customers.get_customer(ctx, i).form, likes=words)
        ),
        lambda ctx, i: customers.get_customer(ctx, i).version,
        lambda ctx, i: customers.get_customer(ctx, i).form.likes,
    ),
    "sale": Desk(
        new_sale,
        lambda ctx, i, v, words: sales.save_draft(
            ctx, replace(sales.get_sale(ctx, i).form, remark=words), sale_id=i, version=v
        ),
        lambda ctx, i: sales.get_sale(ctx, i).version,
        lambda ctx, i: sales.get_sale(ctx, i).form.remark,
    ),
    "repair": Desk(
        new_repair,
        lambda ctx, i, v, words: repairs.act(ctx, i, v, "to_workshop", repairs.StepForm(carrier=words)),
        lambda ctx, i: repairs.get_repair(ctx, i).row.version,
        lambda ctx, i: repairs.get_repair(ctx, i).carrier,
    ),
    "complaint": Desk(
        new_complaint,
        lambda ctx, i, v, words: complaints.set_next_reply(ctx, i, v, reply_at(ctx, words)),
        lambda ctx, i: get_complaint(ctx, i).version,
        lambda ctx, i: str(get_complaint(ctx, i).form.next_reply_at),
    ),
}


@pytest.mark.parametrize("kind", DESKS)
def test_the_later_save_is_refused_and_says_who_was_first(ctx: Context, mei: Context, kind: str) -> None:
    desk = DESKS[kind]
    record = desk.make(ctx)
    seen = desk.version(ctx, record)
    assert desk.version(mei, record) == seen
    desk.save(mei, record, seen, "mei")
    hers = desk.words(mei, record)
    with pytest.raises(ConflictError) as refused:
        desk.save(ctx, record, seen, "boss, later")
    assert refused.value.by == "王小美"
    assert refused.value.at == ctx.clock.now()
    assert refused.value.fields
    assert "王小美" in refused.value.message
    assert desk.words(ctx, record) == hers
    assert desk.version(ctx, record) > seen


@pytest.mark.parametrize("kind", [kind for kind in DESKS if kind != "repair"])
def test_after_reading_again_the_save_works(ctx: Context, mei: Context, kind: str) -> None:
    desk = DESKS[kind]
    record = desk.make(ctx)
    desk.save(mei, record, desk.version(mei, record), "mei")
    desk.save(ctx, record, desk.version(ctx, record), "boss, later")
    theirs = desk.words(mei, record)
    assert theirs == desk.words(ctx, record)
    assert theirs in ("boss, later", str(reply_at(ctx, "boss, later")))


@pytest.mark.parametrize("kind", DESKS)
def test_the_other_pc_hears_what_was_saved(
    desk: Context, sqlite_database_url: str, clock: FixedClock, kind: str
) -> None:
    """On one file; the server's NOTIFY has its own tests (``db/test_changes``, ``ui/test_lost_server``)."""
    record = DESKS[kind].make(desk)
    other = Database(sqlite_database_url)
    pc = make_context(other, clock)
    mei = pc.acting_as(Staff.of(pc).mei)
    news = News(desk.db)
    try:
        assert news.poll() is None
        DESKS[kind].save(mei, record, DESKS[kind].version(mei, record), "mei")
        heard = news.poll()
        assert heard is not None and heard.names(kind, record)
        assert news.poll() is None
    finally:
        news.close()
        other.close()


def test_money_is_taken_once_by_two_cash_desks(ctx: Context, mei: Context) -> None:
    sale = new_sale(ctx)
    printed = sales.print_sale(ctx, sale, sales.get_sale(ctx, sale).version, consent=True)
    cash.take_payment(mei, sale, printed.version, method="cash", received=Decimal(200), signed=True)
    with pytest.raises((ConflictError, UserError)):
        cash.take_payment(ctx, sale, printed.version, method="cash", received=Decimal(500), signed=True)
    assert sales.get_sale(ctx, sale).due == 0
    assert customers.get_customer(ctx, sales.get_sale(ctx, sale).customer_id).balance == 0


def test_one_slip_is_printed_once_by_two_desks(ctx: Context, mei: Context) -> None:
    sale = new_sale(ctx)
    version = sales.get_sale(ctx, sale).version
    sales.print_sale(mei, sale, version, consent=True)
    with pytest.raises(ConflictError):
        sales.print_sale(ctx, sale, version, consent=True)
    other = sales.save_draft(ctx, SaleForm(new_customer(ctx), (SaleLineForm("R-1"),)))
    assert sales.print_sale(ctx, other.id, other.version, consent=True).number == "2026-000002"


def test_one_locker_key_is_given_once(ctx: Context, mei: Context) -> None:
    first, second = (visits.check_in(ctx, VisitForm(name)) for name in ("王", "李"))
    visits.give_key(mei, first, 1, 7)
    with pytest.raises(UserError) as refused:
        visits.give_key(ctx, second, 1, 7)
    assert "王" in refused.value.message


def test_the_same_number_typed_at_two_desks_is_asked_about(ctx: Context, mei: Context) -> None:
    form = CustomerForm("陳李美鳳", phones=(PhoneEntry("0912345678"),))
    customers.create_customer(mei, form)
    with pytest.raises(NeedsConfirmation) as asked:
        customers.create_customer(ctx, form)
    assert "陳李美鳳" in asked.value.message
