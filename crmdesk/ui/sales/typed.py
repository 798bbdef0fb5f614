"""Reading what is typed about a whole slip."""

from __future__ import annotations

from decimal import Decimal

from crmdesk.core import money
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.services.sale_sums import discount_of


def read_discount(typed: str, subtotal: Decimal, currency: str) -> Decimal:
    """Return the discount as an amount: "440" is that much off, "95%" leaves 95 % to pay; UserError otherwise."""
    if not typed:
        return Decimal(0)
    if typed.endswith(("%", "％")):
        percent = money.parse_money(typed[:-1])
        if not 0 < percent <= 100:
            raise UserError(_("Please enter a percentage from 1 to 100: 95 means that the customer pays 95 %."))
        return discount_of(subtotal, percent, currency)
    amount = money.parse_money(typed)
    if amount < 0:
        raise UserError(_("Please enter the discount without a minus."))
    return amount
