"""Taking money: change, sentence, ledger, receipt, never twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crmdesk.core.errors import (
    ConflictError,
    ConnectionLost,
    NeedsConfirmation,
    PermissionDenied,
    UserError,
    ValidationError,
)
from crmdesk.core.i18n import using
from crmdesk.model.paper import Paper
from crmdesk.printing.documents import Receipt80
from crmdesk.printing.frozen import from_json
from crmdesk.services import cash, sales
from crmdesk.services.context import Context
from crmdesk.services.sales import Printed, SaleLineForm
from tests.helpers.lost import lose_the_answer
from tests.helpers.office import Staff
from tests.services.test_sales import make_customer, make_items, write


def printed(ctx: Context, *lines: SaleLineForm, **customer: object) -> Printed:
    """Print a slip for a customer of its own."""
    make_items(ctx)
    saved = write(ctx, make_customer(ctx, **customer), *(lines or (SaleLineForm("B-2201", 10),)))
    return sales.print_sale(ctx, saved.id, saved.version, consent=True)


@pytest.mark.clause("SET-07")
def test_cash_with_change_and_sentence(ctx: Context, staff: Staff) -> None:
    slip = printed(ctx, opening_balance=Decimal(890))
    with using("zh_TW"):
        taken = cash.take_payment(
            ctx.acting_as(staff.mei), slip.id, slip.version, method="cash", received=Decimal(5000), signed=True
        )
    assert (taken.amount, taken.change, taken.balance, taken.state) == (4090, 910, 0, "paid")
    assert "五千" in taken.sentence and "九百一十" in taken.sentence
    with ctx.reading() as session:
        paper = from_json("receipt", session.get_one(Paper, taken.paper_id).document)
    assert isinstance(paper, Receipt80)
    assert (paper.slip.tendered, paper.slip.change, paper.slip.balance) == (5000, 910, 0)
    assert (paper.slip.previous_balance, paper.slip.due, paper.slip.cashier) == (890, 3200, "王小美")


@pytest.mark.clause("SET-06")
def test_no_payment_before_the_signatures(ctx: Context) -> None:
    slip = printed(ctx)
    with pytest.raises(UserError) as refused:
        cash.take_payment(ctx, slip.id, slip.version, method="cash", received=Decimal(9999))
    assert refused.value.clause == "SET-06"
    assert sales.get_sale(ctx, slip.id).payments == ()


def test_the_same_key_twice_takes_once(ctx: Context) -> None:
    slip = printed(ctx)
    first = cash.take_payment(ctx, slip.id, slip.version, method="cash", received=Decimal(4000), signed=True)
    second = cash.take_payment(ctx, slip.id, slip.version, method="cash", received=Decimal(4000), signed=True)
    assert second == first
    card = sales.get_sale(ctx, slip.id)
    assert len(card.payments) == 1 and card.balance == 0
    with pytest.raises(ConflictError):
        cash.take_payment(ctx, slip.id, slip.version, method="transfer", received=Decimal(3200), signed=True)
    with pytest.raises(UserError):
        cash.take_payment(ctx, slip.id, card.version, method="cash", received=Decimal(4000), signed=True)


def test_a_deposit_whose_answer_got_lost_is_not_taken_twice(ctx: Context) -> None:
    slip = printed(ctx)

    def deposit(version: int, token: str) -> cash.Taken:
        return cash.take_payment(ctx, slip.id, version, method="deposit", received=Decimal(1000), token=token)

    lose_the_answer(ctx)
    with pytest.raises(ConnectionLost):
        deposit(slip.version, "one")
    now = sales.get_sale(ctx, slip.id).version  # the till reads the slip again when the cable is back
    again = deposit(now, "one")
    assert (again.received, again.balance) == (1000, 2200) and again.paper_id is not None
    assert len(sales.get_sale(ctx, slip.id).payments) == 1
    second = deposit(now, "two")  # a second deposit is another form
    assert second.balance == 1200
    assert len(sales.get_sale(ctx, slip.id).payments) == 2


def test_too_little_is_refused_and_nothing_written(ctx: Context) -> None:
    slip = printed(ctx)
    with pytest.raises(UserError):
        cash.take_payment(ctx, slip.id, slip.version, method="cash", received=Decimal(3199), signed=True)
    assert sales.get_sale(ctx, slip.id).balance == 3200


def test_only_this_slip_leaves_the_old_debt(ctx: Context) -> None:
    slip = printed(ctx, opening_balance=Decimal(500))
    taken = cash.take_payment(
        ctx, slip.id, slip.version, method="cash", received=Decimal(3200), signed=True, with_balance=False
    )
    assert (taken.change, taken.balance) == (0, 500)


def test_deposit_then_the_rest(ctx: Context) -> None:
    slip = printed(ctx)
    part = cash.take_payment(ctx, slip.id, slip.version, method="deposit", received=Decimal(1000))
    assert (part.state, part.balance) == ("printed", 2200)
    with pytest.raises(ValidationError):
        cash.take_payment(ctx, slip.id, part.version, method="deposit", received=Decimal(2200))
    with pytest.raises(UserError):
        sales.void_sale(ctx, slip.id, part.version, reason="too late")
    rest = cash.take_payment(ctx, slip.id, part.version, method="transfer", received=Decimal(2200), signed=True)
    assert (rest.state, rest.balance, rest.sentence) == ("paid", 0, "")
    assert len([paper for paper in sales.get_sale(ctx, slip.id).papers if paper.kind == "receipt"]) == 2


def test_on_account_asks_above_the_limit(ctx: Context) -> None:
    slip = printed(ctx, credit_limit=Decimal(3000))
    with pytest.raises(NeedsConfirmation) as asked:
        cash.take_payment(ctx, slip.id, slip.version, method="on_account", signed=True)
    assert asked.value.key == cash.OVER_LIMIT
    taken = cash.take_payment(ctx, slip.id, slip.version, method="on_account", signed=True, confirmed={cash.OVER_LIMIT})
    assert (taken.amount, taken.balance, taken.state) == (0, 3200, "paid")


@pytest.mark.clause("SET-08")
def test_two_open_slips_are_not_asked_for_twice(ctx: Context) -> None:
    make_items(ctx)
    customer = make_customer(ctx, opening_balance=Decimal(30))
    slips = []
    for _n in range(2):
        saved = write(ctx, customer, SaleLineForm("E-3105"))
        slips.append(sales.print_sale(ctx, saved.id, saved.version, consent=True))
    assert sales.get_sale(ctx, slips[0].id).due == 125
    cash.take_payment(ctx, slips[0].id, slips[0].version, method="cash", received=Decimal(125), signed=True)
    assert sales.get_sale(ctx, slips[1].id).due == 95


def test_a_return_slip_pays_out(ctx: Context) -> None:
    slip = printed(ctx, SaleLineForm("B-2201", -2))
    taken = cash.take_payment(ctx, slip.id, slip.version, method="cash", signed=True)
    assert (taken.change, taken.balance) == (640, 0)


def test_rights_and_bad_amounts(desk: Context, staff: Staff) -> None:
    slip = printed(desk)
    with pytest.raises(PermissionDenied):
        cash.take_payment(desk.acting_as(staff.wen), slip.id, slip.version, method="cash", received=Decimal(1))
    with pytest.raises(ValidationError):
        cash.take_payment(desk, slip.id, slip.version, method="cash", received=Decimal(-1))


def test_notes_that_make_up_the_change() -> None:
    assert cash.count_out(Decimal(890), "TWD") == [(500, 1), (100, 3), (50, 1), (10, 4)]
    assert len(cash.denominations("TWD")) == 9
