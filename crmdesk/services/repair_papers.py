"""The papers of a repair: the customer's receipt and the slip in three copies (REP-04 to REP-06, REP-14)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from crmdesk.model.customer import Customer
from crmdesk.model.repair import Repair
from crmdesk.printing.documents import HandOver, Photo, RepairReceipt, RepairSlip, Ring
from crmdesk.rules.pack_tables import in_language
from crmdesk.services.context import Context
from crmdesk.services.papers import freeze, letterhead

_OWN_COPIES = "REP-06"  # desk, customer, and the one that goes with the piece


def freeze_papers(session: Session, ctx: Context, repair: Repair, customer: Customer) -> tuple[int, ...]:
    """Freeze receipt and slip as the piece is taken in, and return their ids in the order they are printed."""
    receipt = freeze(session, ctx, "repair_receipt", repair.number, _receipt(ctx, repair, customer), repair)
    slip = freeze(session, ctx, "repair_slip", repair.number, _slip(ctx, repair, customer), repair)
    return receipt.id, slip.id


def _months(ctx: Context) -> tuple[int, int]:
    return ctx.policy.number("REP-02", "min_months"), ctx.policy.number("REP-02", "max_months")


def _photo(ctx: Context, repair: Repair) -> Photo | None:
    if not repair.photos:
        return None
    first = repair.photos[0]
    rings: tuple[Ring, ...] = ()
    if first.ring_x is not None and first.ring_y is not None:
        rings = (Ring(1, first.ring_x / 1000, first.ring_y / 1000),)
    taken = ctx.clock.local(first.taken_at).date()
    return Photo(image=first.data, rings=rings, number=1, count=len(repair.photos), taken_on=taken)


def _phone(customer: Customer) -> str:
    return customer.phones[0].number if customer.phones else ""


def _or_none(amount: Decimal) -> Decimal | None:
    return amount or None


def _piece(ctx: Context, repair: Repair, customer: Customer) -> dict[str, Any]:
    """Return what both papers say."""
    return {
        "office": letterhead(ctx), "number": repair.number, "at": ctx.clock.local(repair.received_at),
        "customer": customer.name, "phone": _phone(customer), "item_code": repair.item_code, "part": repair.part,
        "item_name": repair.item_name, "material": repair.material, "weight_g": repair.weight_g,
        "stones": repair.stones, "condition": repair.condition, "declared_value": _or_none(repair.declared_value),
        "outside": repair.route == "away", "months": _months(ctx), "earliest": repair.earliest_on,
        "latest": repair.latest_on, "promised": repair.promised_on, "told_time": "duration" in repair.told,
        "told_may_differ": "may_differ" in repair.told, "fee_limit": _or_none(repair.fee_limit),
        "photo": _photo(ctx, repair), "issuer": ctx.user.name,
    }  # fmt: skip


def _receipt(ctx: Context, repair: Repair, customer: Customer) -> RepairReceipt:
    return RepairReceipt(
        **_piece(ctx, repair, customer),
        bought_on_slip=repair.purchase_number,
        told_no_thai_silver=repair.not_thai_silver,
        told_fee_limit=bool(repair.fee_limit),
    )


def _receivers(ctx: Context) -> tuple[str, ...]:
    """Return who gets the copies of the slip where the regulation orders others than the shop's own three."""
    copies = ctx.policy.copies("repair_slip")
    if copies is None or copies.clause == _OWN_COPIES:
        return ()
    return tuple(in_language(receiver, ctx.office.language) for receiver in copies.receivers)


def _slip(ctx: Context, repair: Repair, customer: Customer) -> RepairSlip:
    return RepairSlip(
        **_piece(ctx, repair, customer),
        address=customer.address,
        checked_not_thai_silver=repair.not_thai_silver,
        internal_remark=repair.internal_note,
        instruction=repair.instruction,
        hands=(HandOver(ctx.user.name, ctx.clock.local(repair.received_at).date()),),
        receivers=_receivers(ctx),
    )
