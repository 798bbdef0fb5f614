"""The catalogue (貨號): item codes, areas, and the price for each kind of customer (ORD)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, half_width
from crmdesk.model.base import length_of
from crmdesk.model.customer import CustomerKind
from crmdesk.model.item import Item
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.list_order import Sort, Sorts, in_order
from crmdesk.services.records import load_for_change
from crmdesk.services.wanted import is_wanted

MOST_MONEY = Decimal("99999999999")
HEAVIEST = 1_000_000  # grams
PRICES = ("price_wholesale_a", "price_wholesale_b", "price_wholesale_c", "price_franchise", "price_retail")
FIELD_TITLES: dict[str, str] = {
    "code": N_("Item code"),
    "barcode": N_("Barcode"),
    "name": N_("Item name"),
    "area": N_("Area"),
    "unit": N_("Unit"),
    "material": N_("Material"),
    "weight_g": N_("Weight (g)"),
    "price_wholesale_a": N_("Wholesale A"),
    "price_wholesale_b": N_("Wholesale B"),
    "price_wholesale_c": N_("Wholesale C"),
    "price_franchise": N_("Franchise price"),
    "price_retail": N_("Retail price"),
    "active": N_("Active"),
}


@dataclass(frozen=True)
class ItemForm:
    """Everything that is typed about an item; a price of 0 means that the next dearer list counts."""

    code: str
    name: str
    barcode: str = ""
    area: str = ""
    unit: str = ""
    material: str = ""
    weight_g: Decimal = Decimal(0)
    price_wholesale_a: Decimal = Decimal(0)
    price_wholesale_b: Decimal = Decimal(0)
    price_wholesale_c: Decimal = Decimal(0)
    price_franchise: Decimal = Decimal(0)
    price_retail: Decimal = Decimal(0)
    active: bool = True
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


NAMES = tuple(f.name for f in fields(ItemForm) if f.name != "token")


class ItemRow(NamedTuple):
    """An item in the list, and on the way into a slip."""

    id: int
    code: str
    barcode: str
    name: str
    area: str
    unit: str
    material: str
    weight_g: Decimal
    price_wholesale_a: Decimal
    price_wholesale_b: Decimal
    price_wholesale_c: Decimal
    price_franchise: Decimal
    price_retail: Decimal
    active: bool
    version: int


@dataclass(frozen=True)
class ItemCard:
    """An item to be changed."""

    id: int
    version: int
    form: ItemForm


_FIELDS: tuple[Any, ...] = tuple(getattr(Item, name) for name in ItemRow._fields)


def item_code(text: str) -> str:
    """Return a typed or scanned code as it is kept: half-width, upper case, without spaces at its ends."""
    return clean(half_width(text)).upper()


def check_item(form: ItemForm) -> ItemForm:
    """Return the form cleaned; ValidationError names each field that is wrong."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {name: clean(getattr(form, name)) for name in ("name", "area", "unit", "material")}
    values["code"], values["barcode"] = item_code(form.code), item_code(form.barcode)
    for name, text in values.items():
        if problem := check_length(text, length_of(Item, name)):
            errors[name] = problem
    if not values["code"]:
        errors["code"] = _("Please enter the item code.")
    if not values["name"]:
        errors["name"] = _("Please enter the item's name.")
    for name in PRICES:
        if not 0 <= getattr(form, name) <= MOST_MONEY:
            errors[name] = _("Please enter an amount from 0 to {most}.").format(most=f"{MOST_MONEY:,}")
    if not 0 <= form.weight_g <= HEAVIEST:
        errors["weight_g"] = _("Please enter a weight from 0 to {most} grams.").format(most=f"{HEAVIEST:,}")
    if errors:
        raise ValidationError(errors)
    return replace(form, **values)


def create_item(ctx: Context, form: ItemForm) -> int:
    """Add an item to the catalogue; ValidationError when its code or barcode is taken."""
    ctx.require(Right.ITEM_EDIT)
    values = check_item(form)
    with ctx.transaction(N_("Add item"), token=form.token, of=Item.KIND) as session:
        _check_codes(session, values, 0)
        item = Item(created_at=ctx.clock.now(), **{name: getattr(values, name) for name in NAMES})
        session.add(item)
        session.flush()
        return item.id


def update_item(ctx: Context, item_id: int, version: int, form: ItemForm) -> int:
    """Change an item and return its new version; slips already printed keep what they say."""
    ctx.require(Right.ITEM_EDIT)
    values = check_item(form)
    with ctx.transaction(N_("Change item"), token=form.token, of=Item.KIND) as session:
        item = load_for_change(session, Item, item_id, version)
        _check_codes(session, values, item_id)
        for name in NAMES:
            if getattr(item, name) != getattr(values, name):
                setattr(item, name, getattr(values, name))
        session.flush()
        return item.version


def _check_codes(session: Session, form: ItemForm, own_id: int) -> None:
    """One code, one item: a scan at packing must never mean two things (PACK-03)."""
    wanted = sorted({form.code, form.barcode} - {""})
    taken = session.execute(
        select(Item.code, Item.barcode, Item.name)
        .where(or_(Item.code.in_(wanted), Item.barcode.in_(wanted)), Item.id != own_id)
        .limit(1)
    ).first()
    if taken is None:
        return
    field = "code" if form.code in (taken.code, taken.barcode) else "barcode"
    raise ValidationError(
        {field: _("“{name}” ({code}) has this code already.").format(name=taken.name, code=taken.code)}
    )


def get_item(ctx: Context, item_id: int) -> ItemCard:
    """Return an item to be shown and changed."""
    ctx.require(Right.ITEM_VIEW)
    with ctx.reading() as session:
        item = session.get(Item, item_id)
        if item is None:
            raise UserError(_("This item does not exist any more."))
        return ItemCard(item.id, item.version, ItemForm(**{name: getattr(item, name) for name in NAMES}))


def find_items(
    ctx: Context, query: str = "", *, area: str | None = None, active: bool | None = True, wanted: bool = False,
    limit: int = 500, sort: Sort | None = None,
) -> list[ItemRow]:
    """Return items by code or by the column ``sort``.

    ``wanted`` are those customers wait for; with ``query`` those whose code or barcode begins with it or whose name
    contains it.
    """
    ctx.require(Right.ITEM_VIEW)
    found: Select[*tuple[Any, ...]] = select(*_FIELDS)
    if active is not None:
        found = found.where(Item.active.is_(active))
    if area:
        found = found.where(Item.area == area)
    if wanted:
        found = found.where(is_wanted())
    typed = clean(half_width(query))[:60]
    if typed:
        code = typed.upper()
        begins = Item.code.between(code, code + "\U0010ffff")
        bars = Item.barcode.between(code, code + "\U0010ffff")
        parts = [func.lower(Item.name).contains(word.lower(), autoescape=True) for word in typed.split()]
        found = found.where(or_(begins, bars, *([_all(parts)] if parts else [])))
        found = found.order_by(case((Item.code == code, 0), (begins, 1), (bars, 2), else_=3), Item.code)
    else:
        found = found.order_by(Item.code)
    found = in_order(found, sort, _SORTS, Item.code)
    with ctx.reading() as session:
        return [ItemRow(*row) for row in session.execute(found.limit(limit))]


_SORTS: Sorts = {
    "code": Item.code, "name": Item.name, "area": Item.area, "unit": Item.unit,
    **{name: func.nullif(getattr(Item, name), 0) for name in PRICES},
}  # fmt: skip


def _all(parts: list[Any]) -> Any:
    condition = parts[0]
    for part in parts[1:]:
        condition = condition & part
    return condition


def find_item_by_code(ctx: Context, code_or_barcode: str) -> ItemRow | None:
    """Return the item a typed or scanned code means, None when there is none; put-away items are found too."""
    ctx.require(Right.ITEM_VIEW)
    code = item_code(code_or_barcode)
    if not code:
        return None
    query = select(*_FIELDS).where(or_(Item.code == code, Item.barcode == code)).order_by(Item.code != code).limit(1)
    with ctx.reading() as session:
        row = session.execute(query).first()
    return ItemRow(*row) if row else None


def find_areas(ctx: Context) -> list[str]:
    """Return the areas of the showroom that the catalogue names."""
    ctx.require(Right.ITEM_VIEW)
    with ctx.reading() as session:
        return list(session.scalars(select(Item.area).where(Item.area != "").distinct().order_by(Item.area)))


def count_items(ctx: Context) -> int:
    """Return how many active items there are."""
    ctx.require(Right.ITEM_VIEW)
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(Item).where(Item.active)) or 0


def price_for(item: ItemRow | ItemForm, kind: str, grade: str = "") -> Decimal:
    """Return what an item costs a kind of customer; a list without a price gives way to the next dearer one."""
    if kind == CustomerKind.WHOLESALE:
        start = {"A": 0, "B": 1}.get(grade, 2)
        chain = [*PRICES[start:3], "price_retail"]
    elif kind == CustomerKind.FRANCHISE:
        chain = ["price_franchise", "price_retail"]
    else:
        chain = ["price_retail"]
    prices = (Decimal(getattr(item, name)) for name in chain)
    return next((price for price in prices if price), Decimal(0))
