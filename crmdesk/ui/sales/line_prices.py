"""A line of a slip: found by its code, priced for the customer, with what they paid last time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.services import items, sales
from crmdesk.services.context import Context
from crmdesk.services.customers import CustomerCard
from crmdesk.services.sale_lists import SaleLineForm
from crmdesk.ui.sales.grid import Line, day_words


def line_of(ctx: Context, code: str, customer: CustomerCard | None) -> Line:
    """Return the line of a typed or scanned code; UserError with the sentence for the cell."""
    item = items.find_item_by_code(ctx, code)
    if item is None:
        found = items.find_items(ctx, code, limit=2)
        if len(found) != 1:
            raise UserError(
                _("No item has the code “{code}”. Please check it.").format(code=code[:40]), clause="SET-04"
            )
        item = found[0]
    price = price_of(item, customer)
    form = SaleLineForm(item.code, 1, price, None, "", item.name, item.id, item.area, item.unit)
    return Line(form)


def price_of(item: items.ItemRow, customer: CustomerCard | None) -> Decimal:
    """Return the list price for this customer; retail while nobody is chosen."""
    if customer is None:
        return items.price_for(item, "retail")
    return items.price_for(item, customer.kind, customer.grade)


def with_last(
    ctx: Context, lines: list[Line], customer: CustomerCard | None, *, without: int | None = None
) -> list[Line]:
    """Return the lines with what the customer paid last for each; ``without`` leaves out the slip being written."""
    if customer is None or not lines:
        return lines
    ids = {line.form.item_id for line in lines if line.form.item_id is not None}
    last = sales.find_last_prices(ctx, customer.id, ids, without=without)
    result = []
    for line in lines:
        known = last.get(line.form.item_id) if line.form.item_id is not None else None
        day = day_words(ctx.clock.local(known.at).date()) if known else None
        result.append(replace(line, last=known.price if known else None, last_on=day))
    return result
