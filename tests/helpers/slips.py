"""A printed slip to pack, made straight from the model, so that the packing tests stand on their own."""

from __future__ import annotations

from decimal import Decimal

from crmdesk.model.sale import Sale, SaleLine
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customers import create_customer
from crmdesk.services.items import ItemForm, create_item, find_item_by_code

GOODS = (
    ("R-1013", "素面尾戒 6 號", "C", 2),
    ("B-2207", "925 蛇骨手鍊", "B", 1),
    ("B-2201", "925 細鍊手鍊 16 吋", "B", 3),
)
STRANGER = ("P-9999", "平安扣墜", "D")  # in the catalogue, on no slip


def make_slip(
    ctx: Context,
    *,
    number: str = "2026-000123",
    goods: tuple[tuple[str, str, str, int], ...] = GOODS,
    present: bool = True,
    state: str = "printed",
    name: str = "陳李美鳳",
) -> int:
    """Write a slip with its customer and items, and return its id."""
    customer = create_customer(
        ctx,
        CustomerForm(name, gender="f", company="鳳儀銀飾", kind="wholesale", address="台中市北屯區崇德路二段 417 號",
                     phones=(PhoneEntry("0912-345-678"),)),
        confirmed={"same_phone", "same_name"},
    )  # fmt: skip
    items = {}
    for code, title, area in (*((code, title, area) for code, title, area, _quantity in goods), STRANGER):
        known = find_item_by_code(ctx, code)
        items[code] = known.id if known else create_item(ctx, ItemForm(code=code, name=title, area=area))
    now, total = ctx.clock.now(), Decimal(100 * sum(quantity for *_rest, quantity in goods))
    with ctx.db.transaction("Write slip", ctx.actor, ctx.clock) as session:
        sale = Sale(
            number=number, customer_id=customer.id, clerk_id=ctx.user.id, opened_at=now, printed_at=now,
            currency="TWD", customer_present=present, state=state, created_at=now, delivery="新竹物流",
            pieces=sum(quantity for *_rest, quantity in goods), subtotal=total, total=total,
            lines=[
                SaleLine(
                    position=place, item_id=items[code], code=code, name=title, area=area, unit="件",
                    quantity=quantity, price=Decimal(100), amount=100 * Decimal(quantity),
                )
                for place, (code, title, area, quantity) in enumerate(goods, 1)
            ],
        )  # fmt: skip
        session.add(sale)
        session.flush()
        return sale.id
