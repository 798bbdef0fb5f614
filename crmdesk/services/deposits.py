"""Deposits customers left with the office (押金), and their payments: for who may see money (CRM-30, PAY-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.money import format_number
from crmdesk.core.text import check_length, clean
from crmdesk.model.archive import Deposit
from crmdesk.model.customer import Customer
from crmdesk.model.sale import LedgerEntry
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.records import load_for_change, record_event

PURPOSE_LENGTH = 200
MOST = Decimal(100_000_000)


@dataclass(frozen=True)
class DepositForm:
    """Money a customer leaves: how much, and for what."""

    customer_id: int
    amount: Decimal
    purpose: str = ""
    token: str = ""


class DepositRow(NamedTuple):
    """A deposit as the list shows it; moments in UTC, ``returned_at`` None while the office keeps it."""

    id: int
    version: int
    at: datetime
    by: str
    amount: Decimal
    purpose: str
    returned_at: datetime | None
    returned_by: str


class PaymentRow(NamedTuple):
    """One line of the customer's account: what was bought (+) or paid (−); ``at`` in UTC."""

    id: int
    at: datetime
    kind: str
    amount: Decimal


def take_deposit(ctx: Context, form: DepositForm) -> int:
    """Write a deposit down and return its id; ValidationError without an amount or a purpose."""
    ctx.require(Right.CUSTOMER_PRIVATE)
    purpose, errors = clean(form.purpose), {}
    if not 0 < form.amount <= MOST:
        errors["amount"] = _("Please enter the amount of the deposit.")
    if not purpose:
        errors["purpose"] = _("Please write down what the deposit is for.")
    if said := check_length(purpose, PURPOSE_LENGTH):
        errors["purpose"] = said
    if errors:
        raise ValidationError(errors)
    with ctx.transaction(N_("Take a deposit"), token=form.token, of=Deposit.KIND) as session:
        customer = load_for_change(session, Customer, form.customer_id, None)
        now = ctx.clock.now()
        row = Deposit(
            created_at=now, customer_id=customer.id, at=now, by_id=ctx.user.id, amount=form.amount, purpose=purpose
        )
        session.add(row)
        session.flush()
        record_event(
            session, ctx, row, "taken", N_("Deposit of {amount} taken"),
            values={"amount": _shown(form.amount)}, note=purpose,
        )  # fmt: skip
        return row.id


def return_deposit(ctx: Context, deposit_id: int, version: int) -> None:
    """Give a deposit back, with name and day; UserError when it was given back already."""
    ctx.require(Right.CUSTOMER_PRIVATE)
    with ctx.transaction(N_("Return a deposit")) as session:
        row = load_for_change(session, Deposit, deposit_id, version)
        if row.returned_at is not None:
            raise UserError(_("This deposit was returned already."))
        row.returned_at, row.returned_by_id = ctx.clock.now(), ctx.user.id
        record_event(
            session, ctx, row, "returned", N_("Deposit of {amount} returned"),
            values={"amount": _shown(row.amount)}, note=row.purpose,
        )  # fmt: skip


def find_deposits(ctx: Context, customer_id: int) -> list[DepositRow]:
    """Return a customer's deposits, those still kept first (one statement)."""
    ctx.require(Right.CUSTOMER_PRIVATE)
    taker, giver = aliased(StaffMember), aliased(StaffMember)
    query = (
        select(
            Deposit.id, Deposit.version, Deposit.at, taker.name, Deposit.amount, Deposit.purpose, Deposit.returned_at,
            giver.name,
        )
        .outerjoin(taker, taker.id == Deposit.by_id)
        .outerjoin(giver, giver.id == Deposit.returned_by_id)
        .where(Deposit.customer_id == customer_id)
        .order_by(Deposit.returned_at.is_not(None), Deposit.id.desc())
    )  # fmt: skip
    with ctx.reading() as session:
        return [DepositRow(*row[:-1], row[-1] or "") for row in session.execute(query)]


def find_payments(ctx: Context, customer_id: int, *, limit: int = 100) -> list[PaymentRow]:
    """Return the lines of a customer's account, the newest first."""
    ctx.require(Right.CUSTOMER_PRIVATE)
    query = (
        select(LedgerEntry.id, LedgerEntry.at, LedgerEntry.kind, LedgerEntry.amount)
        .where(LedgerEntry.customer_id == customer_id)
        .order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc())
        .limit(limit)
    )
    with ctx.reading() as session:
        return [PaymentRow(*row) for row in session.execute(query)]


def _shown(amount: Decimal) -> str:
    """Cents only where there are some."""
    return format_number(amount, 0 if amount == amount.to_integral_value() else 2)
