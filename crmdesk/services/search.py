"""Ctrl+K and the scanner: a name, any phone tail, a number or a paper's code opens its record."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from sqlalchemy import select

from crmdesk.core.codes import parse_code
from crmdesk.core.dates import format_day
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.core.text import clean, half_width
from crmdesk.model.base import Base
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.letter import Letter
from crmdesk.model.packing import Carton, Packing
from crmdesk.model.repair import Repair
from crmdesk.model.sale import Sale
from crmdesk.model.visit import Visit
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_search import find_people
from crmdesk.services.items import find_item_by_code
from crmdesk.services.papers import find_target


class Hit(NamedTuple):
    """Something Ctrl+K found: which record, and two lines to recognise it by."""

    kind: str
    record_id: int
    title: str
    detail: str


class _Numbered(NamedTuple):
    """A kind of record that bears a number: who may see it, its class, and the moment that dates it."""

    kind: str
    name: str
    right: Right
    model: type[Base]
    moment: str


_NUMBERED = (
    _Numbered("sale", N_("Sales slip"), Right.SALE, Sale, "opened_at"),
    _Numbered("repair", N_("Repair"), Right.REPAIR, Repair, "received_at"),
    _Numbered("complaint", N_("Complaint"), Right.COMPLAINT_OPEN, Complaint, "received_at"),
    _Numbered("visit", N_("Visit"), Right.VISIT, Visit, "arrived_at"),
    _Numbered("call", N_("Call"), Right.CALL, Call, "started_at"),
    _Numbered("letter", N_("Letters"), Right.CALL, Letter, "created_at"),
)
_NUMBER = re.compile(r"^[A-Z]?[\d-]*\d[\d-]*$")


def find_anything(ctx: Context, typed: str, *, limit: int = 8) -> list[Hit]:
    """Return records for what was typed into Ctrl+K: a scanned code first, then numbers, then people."""
    ctx.require_staff()
    text = clean(half_width(typed))
    if not text:
        return []
    scanned = open_code(ctx, text)
    hits = [scanned] if scanned else []
    if _NUMBER.match(text.upper()) and any(c.isdigit() for c in text):
        hits += [hit for hit in _by_number(ctx, text.upper(), limit) if hit not in hits]
    if ctx.may(Right.CUSTOMER_VIEW):
        for person in find_people(ctx, typed, limit=limit):
            detail = dotted(person.company, person.phone, person.region)
            hits.append(Hit("customer", person.id, person.name, detail))
    return hits[:limit]


def open_code(ctx: Context, text: str) -> Hit | None:
    """Return the record a scanned paper, waybill or item code opens, or None when nothing bears it."""
    ctx.require_staff()
    text = clean(text)
    code = parse_code(text)
    if code is not None:
        target = find_target(ctx, code)
        return Hit(target.kind, target.record_id, code.number, "") if target else None
    number = half_width(text).strip().upper()
    exact = _by_number(ctx, number, 1, exact=True)
    if exact:
        return exact[0]
    with ctx.reading() as session:
        packing = session.execute(
            select(Packing.sale_id)
            .join(Carton, Carton.packing_id == Packing.id)
            .where(Carton.waybill == number)
            .limit(1)
        ).first()
    if packing:
        return Hit("sale", packing[0], number, _("Waybill"))
    if ctx.may(Right.ITEM_VIEW):
        item = find_item_by_code(ctx, number)
        if item is not None:
            return Hit("item", item.id, item.code, item.name)
    return None


def _by_number(ctx: Context, number: str, limit: int, *, exact: bool = False) -> list[Hit]:
    hits: list[Hit] = []
    with ctx.reading() as session:
        for kind in _NUMBERED:
            if not ctx.may(kind.right):
                continue
            model: Any = kind.model
            condition = model.number == number if exact else model.number.like(f"%{_escaped(number)}", escape="\\")
            query = (
                select(model.id, model.number, getattr(model, kind.moment), Customer.name)
                .outerjoin(Customer, Customer.id == model.customer_id)
                .where(condition)
                .order_by(model.id.desc())
                .limit(limit)
            )
            for record_id, found, moment, customer in session.execute(query):
                day = format_day(ctx.clock.local(moment).date()) if moment else ""
                detail = dotted(_(kind.name), customer or "", day)
                hits.append(Hit(kind.kind, record_id, found, detail))
    return hits[:limit]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
