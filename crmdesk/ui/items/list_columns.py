"""The catalogue's list as data: its columns, and a row of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crmdesk.core.i18n import N_
from crmdesk.services.items import FIELD_TITLES, PRICES, ItemRow
from crmdesk.ui.widgets.rows_model import Column

LIST_LIMIT = 1000
_T = FIELD_TITLES
COLUMNS = (
    Column("code", _T["code"], 116, bold=True),
    Column("name", _T["name"], stretch=True, second="material", second_title=_T["material"]),
    Column("area", _T["area"], 52),
    Column("unit", _T["unit"], 48),
    Column("price_wholesale_a", N_("A"), 78, kind="money"),
    Column("price_wholesale_b", N_("B"), 78, kind="money"),
    Column("price_wholesale_c", N_("C"), 78, kind="money"),
    Column("price_franchise", N_("Franchise"), 84, kind="money"),
    Column("price_retail", N_("Retail"), 84, kind="money"),
)


def short(amount: Decimal) -> Decimal:
    """Return the amount without decimals that say nothing: 180.00 is 180, 2.60 is 2.6."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


def shown_item(item: ItemRow) -> ItemRow:
    """Return an item as the list shows it: no price is none, not nought."""
    values: dict[str, Any] = {name: short(getattr(item, name)) or None for name in PRICES}
    return item._replace(**values)
