"""The papers of a slip: three copies when it is printed, a receipt for each payment; frozen as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from crmdesk.core.i18n import _, using
from crmdesk.model.customer import Customer
from crmdesk.model.sale import Payment, Sale, SaleLine
from crmdesk.printing.documents import Receipt80, SalesSlip, SlipLine
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import kind_title
from crmdesk.services.papers import letterhead

ZERO = Decimal(0)


def slip_document(
    ctx: Context,
    sale: Sale,
    lines: Sequence[SaleLine],
    customer: Customer,
    *,
    phone: str,
    follower: str,
    label: str = "",
) -> SalesSlip:
    """Return the slip as it is printed, in the language of the office's papers; freight is a line of no pieces."""
    with using(ctx.office.language):
        rows = [
            SlipLine(
                code=line.code,
                name=line.name + (f" {line.percent}%" if line.percent not in (None, 100) else ""),
                quantity=Decimal(line.quantity), unit=line.unit, price=line.price, amount=line.amount,
                remark=line.remark,
            )
            for line in lines
        ]  # fmt: skip
        if sale.freight:
            rows.append(SlipLine("", _("Freight"), ZERO, "", sale.freight, sale.freight))
        level = kind_title(customer.kind, customer.grade)
        discount_label = label or (_("Discount") if sale.discount else "")
    return SalesSlip(
        office=letterhead(ctx),
        number=sale.number or "",
        at=ctx.clock.local(sale.printed_at or ctx.clock.now()),
        customer=customer.name,
        company=customer.company,
        phone=sale.ship_phone or phone,
        address=sale.ship_to or customer.address,
        shipping=sale.delivery,
        lines=tuple(rows),
        follower=follower,
        customer_number=customer.code,
        price_level=level,
        subtotal=sale.subtotal + sale.freight,
        discount_label=discount_label,
        discount=-sale.discount if sale.discount else ZERO,
        rounding=sale.rounding,
        due=sale.total + sale.returned,
        previous_balance=sale.previous_balance,
        balance=sale.previous_balance + sale.total + sale.returned,
        internal_remark=sale.internal_remark,
        policy=sale.remark,
        present=sale.customer_present,
        returned=bool(lines) and all(line.quantity < 0 for line in lines),
    )


def receipt_document(
    ctx: Context, slip: SalesSlip, payment: Payment, *, before: Decimal, after: Decimal, method: str
) -> Receipt80:
    """Return the receipt of one payment; ``before`` and ``after`` are what the customer owed without and with it."""
    cash = payment.method == "cash"
    return Receipt80(
        replace(
            slip,
            at=ctx.clock.local(payment.at),
            previous_balance=before,
            received=payment.amount,
            balance=after,
            cashier=ctx.user.name,
            tendered=payment.received if cash else None,
            change=payment.change if cash else None,
            payment_note="" if cash else method,
            internal_remark="",
        )
    )
