"""Taking money for a slip, counted aloud, never twice (SET-06, SET-07, SET-08, ORD-12)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import NeedsConfirmation, PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.money import format_money, quantize
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.model.paper import Paper
from crmdesk.model.sale import LedgerEntry, Payment, Sale
from crmdesk.rules.rights import Right
from crmdesk.rules.sales import MACHINE, cash_sentence, change_due
from crmdesk.services.context import Context
from crmdesk.services.customers import get_balance
from crmdesk.services.items import MOST_MONEY
from crmdesk.services.papers import freeze
from crmdesk.services.records import load_for_change, record_event
from crmdesk.services.sale_lists import OPEN, balances
from crmdesk.services.sale_papers import receipt_document
from crmdesk.services.sale_returns import (
    refundable,
    return_document,
    slip_as_printed,
    taken_off,
    unsigned_returns,
    without_returns,
)
from crmdesk.services.steps import step_to

METHODS: dict[str, str] = {
    "cash": N_("Cash"),
    "transfer": N_("Bank transfer"),
    "deposit": N_("Deposit"),
    "on_account": N_("On account"),
}
NOTES = {  # coins and notes in circulation, the largest first
    "TWD": (2000, 1000, 500, 200, 100, 50, 10, 5, 1),
    "CNY": (100, 50, 20, 10, 5, 1, Decimal("0.5"), Decimal("0.1")),
    "HKD": (1000, 500, 100, 50, 20, 10, 5, 2, 1),
    "MOP": (1000, 500, 100, 50, 20, 10, 5, 1),
    "USD": (100, 50, 20, 10, 5, 1, Decimal("0.25"), Decimal("0.1"), Decimal("0.01")),
    "JPY": (10000, 5000, 1000, 500, 100, 50, 10, 5, 1),
}
OVER_LIMIT = "over_limit"
_TITLES = {"on_account": N_("On account: {amount}"), "refund": N_("Given back: {amount}")}


class Taken(NamedTuple):
    """A payment after it was taken: change, what is owed now, the sentence to say, the receipt."""

    sale_id: int
    version: int
    state: str
    method: str
    amount: Decimal
    received: Decimal
    change: Decimal
    balance: Decimal
    sentence: str
    paper_id: int | None


def denominations(currency: str) -> tuple[Decimal, ...]:
    """Return the notes and coins of a currency, the largest first, at most nine (keys 1 to 9)."""
    return tuple(Decimal(note) for note in NOTES[currency])


def count_out(amount: Decimal, currency: str) -> list[tuple[Decimal, int]]:
    """Return which notes and coins make up an amount, the largest first; TWD gives no 2000 and 200 as change."""
    rest, result = amount, []
    for note in denominations(currency):
        if currency == "TWD" and note in (2000, 200):
            continue
        pieces = int(rest // note)
        if pieces > 0:
            result.append((note, pieces))
            rest -= note * pieces
    return result


def take_payment(
    ctx: Context,
    sale_id: int,
    version: int,
    *,
    method: str,
    received: Decimal = Decimal(0),
    signed: bool = False,
    with_balance: bool = True,
    confirmed: Collection[str] = (),
    token: str = "",
) -> Taken:
    """Take the money for a slip and return the change and the sentence of SET-07.

    ``cash``: ``received`` is what was handed over, the change is given back. ``transfer``: ``received`` is what
    arrived. ``deposit``: a part in advance, the slip stays open. ``on_account``: nothing now; NeedsConfirmation
    ``over_limit`` above the credit limit. ``with_balance`` asks for what was owed before too (SET-08). ``signed``: by
    customer and follower, kept with who saw it and when; pieces crossed out at packing need their return slip with
    its three signatures first (SET-06, PACK-04). On a slip paid already, ``cash`` gives back what × took off since.
    Calling again with the version of before, or with the ``token`` of the same screen, returns the first result,
    taking nothing.
    """
    ctx.require(Right.CASH)
    if ctx.user.id is None:
        raise PermissionDenied()
    if method not in METHODS:
        raise ValueError(f"nobody pays by {method!r}")
    received = quantize(Decimal(received), ctx.office.currency)
    if not 0 <= received <= MOST_MONEY:
        raise ValidationError(
            {"received": _("Please enter an amount from 0 to {most}.").format(most=f"{MOST_MONEY:,}")}
        )
    with ctx.transaction(N_("Take payment")) as session:
        sale = load_for_change(session, Sale, sale_id, None)
        if sale.version != version or sale.paid:
            again = _taken_before(session, sale, version, method, received, token)
            if again is not None:
                return again
            sale = load_for_change(session, Sale, sale_id, version)
        refund = refundable(session, sale)
        if sale.state in ("paid", "done") and not (refund and method == "cash"):
            raise UserError(_("This slip is paid already."), clause="SET-07")
        balance, previous = balances(session, sale)
        due = -refund if refund else sale.total - sale.paid + (previous if with_balance else 0)
        amount, change = _amounts(method, received, due, sale.currency)
        after = balance - amount
        if method == "on_account" and OVER_LIMIT not in confirmed:
            _ask_about_limit(session, sale, after)
        now = ctx.clock.now()
        before = sale.state
        if signed:
            _sign(sale, ctx, now)
        if refund:
            _check_returns(session, sale)
        elif method != "deposit":
            facts = {"signed": sale.signed_at, "settled": True, "returns_unsigned": unsigned_returns(session, sale.id)}
            sale.state = step_to(session, ctx, "sale", sale, "pay", facts)
            sale.paid_at = now
        elif before not in ("printed", "packing"):
            raise UserError(_("Please print the slip first."), clause="SET-03")
        earlier = session.scalar(select(func.count()).where(Payment.sale_id == sale.id)) or 0
        payment = Payment(
            sale_id=sale.id, customer_id=sale.customer_id, at=now, method=method, amount=amount, received=received,
            change=change, by_id=ctx.user.id,
        )  # fmt: skip
        session.add(payment)
        sale.paid += amount
        if amount:
            session.add(
                LedgerEntry(customer_id=sale.customer_id, sale_id=sale.id, at=now, kind="payment", amount=-amount)
            )
        title = _TITLES.get("refund" if refund else method, N_("Payment received: {amount}"))
        shown = sale.total - (sale.paid - amount) if method == "on_account" else abs(amount)
        record_event(
            session, ctx, sale, "pay", title,
            values={
                "amount": format_money(shown, sale.currency, "en", symbol=False),
                "method": method, "version": version, "token": token,
            },
            from_state=before, to_state=sale.state, at=now,
        )  # fmt: skip
        paper_id = _receipt(session, ctx, sale, payment, earlier, balance, after, refund=bool(refund))
        session.flush()
        return Taken(
            sale.id, sale.version, sale.state, method, amount, received, change, after,
            _sentence(method, received, change, sale.currency), paper_id,
        )  # fmt: skip


def sign_slip(ctx: Context, sale_id: int, version: int, on: bool = True) -> int:
    """Note that customer and follower have signed the slip, by whom it was seen and when (SET-06).

    Returns the version. UserError before the slip is printed, or once it is paid.
    """
    ctx.require(Right.CASH)
    with ctx.transaction(N_("Slip signed")) as session:
        sale = load_for_change(session, Sale, sale_id, version)
        if sale.state not in OPEN:
            state = MACHINE.label(sale.state)
            raise UserError(_("This step is not possible now: the record is “{state}”.").format(state=state))
        if on:
            _sign(sale, ctx, ctx.clock.now())
        else:
            sale.signed_at = sale.signed_by_id = None
        session.flush()
        return sale.version


def _sign(sale: Sale, ctx: Context, now: datetime) -> None:
    if sale.signed_at is None:
        sale.signed_at, sale.signed_by_id = now, ctx.user.id


def _check_returns(session: Session, sale: Sale) -> None:
    if unsigned_returns(session, sale.id):
        raise UserError(_("The return slip must be checked and signed before payment."), clause="SET-06")


def _amounts(method: str, received: Decimal, due: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """Return (what counts as paid, change)."""
    if method == "cash":
        return due, change_due(received, due)
    if method == "transfer":
        if received < due:
            change_due(received, due)
        return received, Decimal(0)
    if method == "deposit":
        if not 0 < received < due:
            raise ValidationError(
                {"received": _("A deposit is more than nothing and less than {due}.").format(
                    due=format_money(due, currency, "en", symbol=False))}, clause="SET-08"
            )  # fmt: skip
        return received, Decimal(0)
    return Decimal(0), Decimal(0)


def _ask_about_limit(session: Session, sale: Sale, after: Decimal) -> None:
    limit = session.get_one(Customer, sale.customer_id).credit_limit
    if after > limit:
        raise NeedsConfirmation(
            OVER_LIMIT,
            _("The customer would owe {owed}; the credit limit is {limit}. Write it on account all the same?").format(
                owed=format_money(after, sale.currency, "en", symbol=False),
                limit=format_money(limit, sale.currency, "en", symbol=False),
            ),
            clause="ORD-12",
        )


def _sentence(method: str, received: Decimal, change: Decimal, currency: str) -> str:
    return cash_sentence(received, change, currency) if method == "cash" else ""


def _receipt(
    session: Session, ctx: Context, sale: Sale, payment: Payment, part: int, before: Decimal, after: Decimal,
    *, refund: bool,
) -> int | None:  # fmt: skip
    stored = session.scalar(select(Paper.id).where(Paper.kind == "sales_slip", Paper.number == sale.number))
    if stored is None:
        return None
    printed, off = slip_as_printed(session, ctx, sale), taken_off(session, sale)
    if refund:
        back = return_document(ctx, printed, off, number=printed.number, owed=before)
        document = receipt_document(
            ctx, back, payment, before=before, after=after, method=_(METHODS[payment.method])
        )  # fmt: skip
        return freeze(session, ctx, "receipt", sale.number or "", document, sale, part=part).id
    slip = without_returns(ctx, printed, off)
    document = receipt_document(
        ctx, slip, payment, before=before - sale.total + (sale.paid - payment.amount), after=after,
        method=_(METHODS[payment.method]),
    )  # fmt: skip
    paper = freeze(session, ctx, "receipt", sale.number or "", document, sale, part=part)
    return paper.id


def _taken_before(
    session: Session, sale: Sale, version: int, method: str, received: Decimal, token: str
) -> Taken | None:
    """Return the result of the payment that made exactly this change, when the same key is pressed twice."""
    event = session.scalars(
        select(Event)
        .where(Event.kind == Sale.KIND, Event.record_id == sale.id, Event.action == "pay")
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    if event is None:
        return None
    known = bool(token) and event.values.get("token") == token  # its answer got lost; the slip was read again since
    if not known and event.values.get("version") != version:
        return None
    last = session.scalars(
        select(Payment).where(Payment.sale_id == sale.id).order_by(Payment.id.desc()).limit(1)
    ).first()
    if last is None or not (known or (last.method == method and last.received == received)):
        return None
    balance = get_balance(session, sale.customer_id)
    paper = session.scalar(
        select(Paper.id)
        .where(Paper.kind == "receipt", Paper.number == sale.number)
        .order_by(Paper.part.desc())
        .limit(1)
    )
    return Taken(
        sale.id, sale.version, sale.state, last.method, last.amount, last.received, last.change, balance,
        _sentence(last.method, last.received, last.change, sale.currency), paper,
    )  # fmt: skip
