"""The records behind a figure of the month: any table's rows as cases, with what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from crmdesk.model.customer import Customer
from crmdesk.model.packing import Packing
from crmdesk.model.sale import Payment, Sale


class Case(NamedTuple):
    """A record behind a figure; ``kept`` None: still open."""

    id: int
    kind: str
    record_id: int
    number: str
    at: datetime
    who: str
    what: str
    kept: bool | None


_WHAT: Mapping[str, str] = {
    "call": "matter", "visit": "purpose", "repair": "part", "complaint": "title", "sale": "total",
}  # fmt: skip


_OF_SALES = ("packing", "packing_scan", "payment")  # a slip's window shows them


def select_cases(model: Any, moment: Any, *verdict: Any) -> Select[*tuple[Any, ...]]:
    """Return the query of a table's records as cases: id, record, number, moment, who, what, and the verdict."""
    if model is Customer:
        return select(Customer.id, Customer.id, Customer.code, moment, Customer.name, Customer.company, *verdict)
    if model in (Packing, Payment):
        what: Any = Sale.delivery if model is Packing else Payment.amount
        return (
            select(model.id, model.sale_id, Sale.number, moment, Customer.name, what, *verdict)
            .join(Sale, Sale.id == model.sale_id)
            .outerjoin(Customer, Customer.id == model.customer_id)
        )
    what = getattr(model, _WHAT[model.__tablename__])
    query = select(model.id, model.id, model.number, moment, Customer.name, what, *verdict)
    return query.outerjoin(Customer, Customer.id == model.customer_id)


def read_case(model: Any, row: Any) -> Case:
    """Build a case from a row of ``select_cases``; without a verdict it is neither kept nor broken."""
    identity, record_id, number, at, who, what, *verdict = row
    kind = "sale" if model.__tablename__ in _OF_SALES else model.KIND
    text = f"{what:,.2f}" if isinstance(what, Decimal) else str(what or "")
    kept: bool | None = None
    if verdict:
        kept = True if verdict[0] else (None if verdict[1] else False)
    return Case(identity, kind, record_id, number or "", at, who or "", text, kept)
