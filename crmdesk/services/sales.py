"""Sales slips (銷售單): written line by line, printed with consent, voided with a reason (SET-01 to SET-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.item import Item
from crmdesk.model.packing import Packing
from crmdesk.model.sale import LedgerEntry, Sale, SaleLine
from crmdesk.model.visit import Visit
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customers import get_balance
from crmdesk.services.items import MOST_MONEY, ItemRow, item_code, price_for
from crmdesk.services.numbers import take_number
from crmdesk.services.papers import freeze, void_papers
from crmdesk.services.records import load_for_change, record_event, touch
from crmdesk.services.sale_lists import (
    LastPrice,
    LineCard,
    PaymentRow,
    SaleCard,
    SaleForm,
    SaleLineForm,
    SaleRow,
    find_last_prices,
    find_last_sale,
    find_sales,
    get_sale,
)
from crmdesk.services.sale_papers import slip_document
from crmdesk.services.sale_sums import Sums, line_amount, sum_up
from crmdesk.services.steps import step_to

__all__ = [
    "LastPrice", "LineCard", "PaymentRow", "Printed", "SaleCard", "SaleForm", "SaleLineForm", "SaleRow", "Saved",
    "drop_sale", "find_last_prices", "find_last_sale", "find_sales", "finish_sale", "get_sale", "print_sale",
    "save_draft", "sums_of", "void_sale",
]  # fmt: skip

MOST_LINES = 500
MOST_PIECES = 100_000
SERIES = "sale"
_TEXTS = {"delivery": 40, "ship_to": 200, "ship_phone": 40, "remark": 400, "internal_remark": 400}


class Saved(NamedTuple):
    """A draft after saving."""

    id: int
    version: int


class Printed(NamedTuple):
    """A slip after printing: its number and the paper to show."""

    id: int
    version: int
    number: str
    paper_id: int


def sums_of(ctx: Context, form: SaleForm) -> Sums:
    """Return the sums of a slip being written, exactly as they will be printed; lines need their prices."""
    return sum_up(form.lines, discount=form.discount, freight=form.freight, currency=ctx.office.currency)


def save_draft(ctx: Context, form: SaleForm, *, sale_id: int | None = None, version: int | None = None) -> Saved:
    """Keep a slip being written and return its version; a line without a price gets the customer's list price.

    ValidationError names a line's field as ``lines.3.quantity`` (from 0). A printed slip can't be changed any more.
    """
    ctx.require(Right.SALE)
    form = _checked(form)
    with ctx.transaction(N_("Save sales slip"), token=form.token, of=Sale.KIND) as session:
        sale = _open_draft(session, ctx, form, sale_id, version)
        _write(session, ctx, sale, form)
        if sale_id is not None and not session.is_modified(sale):
            touch(sale)
        session.flush()
        return Saved(sale.id, sale.version)


def print_sale(ctx: Context, sale_id: int, version: int, *, consent: bool = False) -> Printed:
    """Give a slip its number and freeze its three copies, after the customer agreed to it (SET-01, SET-03).

    The total goes into the customer's ledger; UserError names the clause of what is missing.
    """
    ctx.require(Right.SALE)
    with ctx.transaction(N_("Print sales slip")) as session:
        sale = load_for_change(session, Sale, sale_id, version, options=[selectinload(Sale.lines)])
        customer = session.get_one(Customer, sale.customer_id)
        phone = _first_phone(session, customer.id)
        archived = customer.name if phone or customer.address else ""
        facts = {
            "customer": archived,
            "lines": len(sale.lines),
            "consent": consent,
        }
        before, sale.state = sale.state, step_to(session, ctx, "sale", sale, "print", facts)
        now = ctx.clock.now()
        sale.consent_to_print, sale.printed_at = True, now
        sale.previous_balance = get_balance(session, customer.id)
        session.add(LedgerEntry(customer_id=customer.id, sale_id=sale.id, at=now, kind="sale", amount=sale.total))
        session.flush()
        sale.number = take_number(session, ctx, SERIES, Sale.number)
        record_event(
            session, ctx, sale, "print", N_("Sales slip {number}: {total}, pieces: {pieces}"),
            values={"number": sale.number, "pieces": sale.pieces, "total": _amount(sale.total)},
            from_state=before, to_state=sale.state, at=now,
        )  # fmt: skip
        document = slip_document(ctx, sale, sale.lines, customer, phone=phone, follower=ctx.user.name)
        paper = freeze(session, ctx, "sales_slip", sale.number, document, sale)
        session.flush()
        return Printed(sale.id, sale.version, sale.number, paper.id)


def void_sale(ctx: Context, sale_id: int, version: int, *, reason: str) -> int:
    """Void a slip with a reason and take its total out of the ledger; the number stays used. Returns the version."""
    ctx.require(Right.SALE_VOID)
    text = clean(reason)
    if said := check_length(text, 400):
        raise ValidationError({"reason": said})
    with ctx.transaction(N_("Void sales slip")) as session:
        sale = load_for_change(session, Sale, sale_id, version)
        if sale.paid:
            raise UserError(
                _("Money was taken on this slip already. Please write a return slip instead."), clause="SET-06"
            )
        before, sale.state = sale.state, step_to(session, ctx, "sale", sale, "void", {"reason": text})
        sale.void_reason = text
        if sale.number:
            void_papers(session, ctx, sale)  # each print from now on says so; the number stays used
            for packing in session.scalars(select(Packing).where(Packing.sale_id == sale.id)):
                void_papers(session, ctx, packing)
            session.add(
                LedgerEntry(
                    customer_id=sale.customer_id, sale_id=sale.id, at=ctx.clock.now(), kind="void", amount=-sale.total
                )
            )
        record_event(
            session, ctx, sale, "void", N_("Sales slip {number} voided"), values={"number": sale.number or "–"},
            note=text, from_state=before, to_state=sale.state,
        )  # fmt: skip
        session.flush()
        return sale.version


def finish_sale(ctx: Context, sale_id: int, version: int) -> int:
    """Close a paid slip whose cartons are sealed (PACK-08, SEND-06) and return its version."""
    ctx.require(Right.SALE)
    with ctx.transaction(N_("Finish sales slip")) as session:
        sale = load_for_change(session, Sale, sale_id, version)
        sealed = session.scalar(select(Packing.sealed_at).where(Packing.sale_id == sale.id)) is not None
        before, sale.state = sale.state, step_to(session, ctx, "sale", sale, "finish", {"sealed": sealed})
        record_event(session, ctx, sale, "finish", N_("Slip done"), from_state=before, to_state=sale.state)
        session.flush()
        return sale.version


def drop_sale(ctx: Context, sale_id: int, version: int) -> None:
    """Throw away a draft that never got a number."""
    ctx.require(Right.SALE)
    with ctx.transaction(N_("Drop sales slip")) as session:
        sale = load_for_change(session, Sale, sale_id, version, options=[selectinload(Sale.lines)])
        if sale.number is not None or sale.state != "draft":
            raise UserError(_("A printed slip is voided, never deleted."), clause="SET-06")
        session.delete(sale)


# writing ----------------------------------------------------------------------------------------------------------


def _open_draft(session: Session, ctx: Context, form: SaleForm, sale_id: int | None, version: int | None) -> Sale:
    if sale_id is not None:
        sale = load_for_change(session, Sale, sale_id, version, options=[selectinload(Sale.lines)])
        if sale.state != "draft":
            raise UserError(_("This slip is printed and can't be changed any more."), clause="SET-03")
        return sale
    if ctx.user.id is None:
        raise PermissionDenied()
    now = ctx.clock.now()
    return Sale(
        created_at=now, opened_at=now, clerk_id=ctx.user.id, state="draft", currency=ctx.office.currency, lines=[]
    )


def _write(session: Session, ctx: Context, sale: Sale, form: SaleForm) -> None:
    customer = session.get(Customer, form.customer_id) if form.customer_id else None
    if customer is None:
        raise ValidationError({"customer_id": _("Please choose the customer first.")}, clause="SET-01")
    if form.visit_id is not None and session.get(Visit, form.visit_id) is None:
        form = replace(form, visit_id=None)
    lines = _resolved(session, form, customer)
    sums = sum_up(lines, discount=form.discount, freight=form.freight, currency=sale.currency)
    if abs(sums.total) > MOST_MONEY:
        raise ValidationError({"lines": _("The total is too large.")})
    sale.customer_id, sale.visit_id = customer.id, form.visit_id
    sale.delivery, sale.ship_to, sale.ship_phone = form.delivery, form.ship_to, form.ship_phone
    sale.remark, sale.internal_remark = form.remark, form.internal_remark
    sale.customer_present, sale.consent_to_print = form.customer_present, form.consent
    sale.discount, sale.freight, sale.rounding = form.discount, form.freight, sums.rounding
    sale.subtotal, sale.total, sale.pieces = sums.subtotal, sums.total, sums.pieces
    for position, line in enumerate(lines):
        if position < len(sale.lines):
            row = sale.lines[position]
        else:
            row = SaleLine(position=position)
            sale.lines.append(row)
        row.item_id, row.code, row.name, row.area, row.unit = line.item_id, line.code, line.name, line.area, line.unit
        row.quantity, row.price, row.percent = line.quantity, line.price or Decimal(0), line.percent
        row.amount, row.remark = line_amount(line, sale.currency), line.remark
    del sale.lines[len(lines) :]
    session.add(sale)


def _resolved(session: Session, form: SaleForm, customer: Customer) -> list[SaleLineForm]:
    """Return the lines with item, name and price filled in from the catalogue, in one query."""
    codes = {item_code(line.code) for line in form.lines}
    found: dict[str, Item] = {}
    if codes:
        for item in session.scalars(select(Item).where(or_(Item.code.in_(codes), Item.barcode.in_(codes)))):
            found.setdefault(item.barcode, item)
            found[item.code] = item
    errors: dict[str, str] = {}
    lines: list[SaleLineForm] = []
    for place, line in enumerate(form.lines):
        named = found.get(item_code(line.code)) if line.code else None
        if named is None:
            errors[f"lines.{place}.code"] = _("No item has the code “{code}”.").format(code=line.code[:40])
            continue
        price = line.price if line.price is not None else price_for(_item_row(named), customer.kind, customer.grade)
        lines.append(
            replace(
                line, item_id=named.id, code=named.code, name=line.name or named.name, area=named.area, unit=named.unit,
                price=price,
            )
        )  # fmt: skip
    if errors:
        raise ValidationError(errors)
    return lines


def _item_row(item: Item) -> ItemRow:
    return ItemRow(*(getattr(item, name) for name in ItemRow._fields))


def _checked(form: SaleForm) -> SaleForm:
    """Return the form cleaned; ValidationError names each field that is wrong."""
    errors: dict[str, str] = {}
    texts: dict[str, Any] = {name: clean(getattr(form, name)) for name in _TEXTS}
    errors |= {name: said for name, most in _TEXTS.items() if (said := check_length(texts[name], most))}
    for name in ("discount", "freight"):
        if not 0 <= getattr(form, name) <= MOST_MONEY:
            errors[name] = _("Please enter an amount from 0 to {most}.").format(most=f"{MOST_MONEY:,}")
    if len(form.lines) > MOST_LINES:
        errors["lines"] = _("A slip has at most {most} lines. Please begin another one.").format(most=MOST_LINES)
    for place, line in enumerate(form.lines):
        errors |= {f"lines.{place}.{name}": said for name, said in check_line(line).items()}
    if errors:
        raise ValidationError(errors)
    lines = tuple(replace(line, remark=clean(line.remark), name=clean(line.name)) for line in form.lines)
    return replace(form, lines=lines, **texts)


def check_line(line: SaleLineForm) -> dict[str, str]:
    """Return what is wrong with a line, field by field; the window asks it cell by cell."""
    errors: dict[str, str] = {}
    if not line.quantity or abs(line.quantity) > MOST_PIECES:
        errors["quantity"] = _("Please enter a quantity from 1 to {most}; with a minus for a return.").format(
            most=f"{MOST_PIECES:,}"
        )
    if line.price is not None and not 0 <= line.price <= MOST_MONEY:
        errors["price"] = _("Please enter an amount from 0 to {most}.").format(most=f"{MOST_MONEY:,}")
    if line.percent is not None and not 1 <= line.percent <= 100:
        errors["percent"] = _("Please enter a percentage from 1 to 100: 95 means that the customer pays 95 %.")
    if said := check_length(line.remark, 200):
        errors["remark"] = said
    if said := check_length(line.name, 120):
        errors["name"] = said
    return errors


def _first_phone(session: Session, customer_id: int) -> str:
    return (
        session.scalar(
            select(CustomerPhone.number)
            .where(CustomerPhone.customer_id == customer_id)
            .order_by(CustomerPhone.position)
            .limit(1)
        )
        or ""
    )


def _amount(value: Decimal) -> str:
    return f"{value:,.2f}".removesuffix(".00")


def line_forms(lines: Sequence[LineCard]) -> tuple[SaleLineForm, ...]:
    """Return the lines of a card as the form takes them, to go on writing."""
    return tuple(line.form() for line in lines)
