"""Customers by the search keys of their names, the latest contact first.

Two ways lead through the search keys, and which is short depends on how many customers share a key. A rare key's
customers are all read and sorted by last contact; for a common one (陳, or one letter) customers are walked from the
latest contact on until enough of them have the key. Both stay within milliseconds at a million customers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, TextClause, and_, case, exists, func, or_, select, text, union_all
from sqlalchemy.orm import Session

from crmdesk.core.names import matches, query_plan
from crmdesk.model.base import table_of
from crmdesk.model.customer import Contact, Customer, CustomerKey, CustomerPhone
from crmdesk.model.sale import LedgerEntry, Sale
from crmdesk.model.staff import StaffMember

_PROBE = 2500  # candidates of single keys that are still sorted rather than walked
_COUNTED = 6000  # rows of a key that are counted; more is simply many
# Tables, not mapped classes: a list of plain rows costs half as much.
CUSTOMER, PHONE, CONTACT, KEY, LEDGER, STAFF, SALE = map(
    table_of, (Customer, CustomerPhone, Contact, CustomerKey, LedgerEntry, StaffMember, Sale)
)
BOUGHT = "bought"  # asked for like a kind: the archive of who has bought (CRM-12)
_NO_DEAL = ("draft", "void")
FIELDS: tuple[Any, ...] = (
    CUSTOMER.c.id,
    CUSTOMER.c.code,
    CUSTOMER.c.name,
    CUSTOMER.c.company,
    CUSTOMER.c.kind,
    CUSTOMER.c.grade,
    CUSTOMER.c.region,
    CUSTOMER.c.address,
    CUSTOMER.c.last_contact_at,
    CUSTOMER.c.credit_limit,
    CUSTOMER.c.active,
)
ROWS: Select[*tuple[Any, ...]] = select(*FIELDS)
Conditions = Sequence[ColumnElement[bool]]


def filters_of(kind: str | None, owner_id: int | None, active: bool | None) -> list[ColumnElement[bool]]:
    """Return the conditions of a list: the kind, who is in charge, whether in use; None or '' asks nothing."""
    found: list[ColumnElement[bool]] = []
    if active is not None:
        found.append(CUSTOMER.c.active.is_(active))
    if not active:
        found.append(CUSTOMER.c.merged_into_id.is_(None))  # who was taken into another card is not in use either
    if kind == BOUGHT:
        found.append(exists().where(SALE.c.customer_id == CUSTOMER.c.id, SALE.c.state.not_in(_NO_DEAL)))
    elif kind:
        found.append(CUSTOMER.c.kind == kind)
    if owner_id is not None:
        found.append(CUSTOMER.c.owner_id == owner_id)
    return found


def newest(session: Session, filters: Conditions, limit: int) -> list[Row[Any]]:
    """The latest contact first, then who was never in touch; two plain index walks, alike on both engines."""
    rows = latest_contacts(session, filters, limit)
    if len(rows) < limit:
        rest = ROWS.where(CUSTOMER.c.last_contact_at.is_(None), *filters).order_by(CUSTOMER.c.id.desc())
        rows += session.execute(rest.limit(limit - len(rows)))
    return rows


def latest_contacts(session: Session, filters: Conditions, limit: int) -> list[Row[Any]]:
    """Return who was in touch, the latest first: one walk along the index."""
    query = ROWS.where(CUSTOMER.c.last_contact_at.is_not(None), *filters)
    return list(session.execute(query.order_by(CUSTOMER.c.last_contact_at.desc()).limit(limit)))


def latest() -> tuple[ColumnElement[Any], ...]:
    """Order of rows that are few already; two terms, so that no engine takes it for an index worth walking."""
    return CUSTOMER.c.last_contact_at.is_(None), CUSTOMER.c.last_contact_at.desc(), CUSTOMER.c.id.desc()


def find_by_name(session: Session, typed: str, filters: Conditions, limit: int) -> list[Row[Any]]:
    """Return customers whose name, company or code fits what was typed, in no order that means anything."""
    plan = query_plan(typed)
    if not plan:
        return []
    singles_only = [keys[0] for keys in plan] if all(len(keys) == 1 for keys in plan) else []
    ids: Sequence[int] = ()
    if singles_only:
        number = _number_of(session, singles_only)
        few = number < _PROBE
    else:
        counts = _counts(session, sorted({key for keys in plan for key in keys}))
        plan = [sorted(keys, key=lambda key: counts[key]) for keys in plan if all(counts[key] for key in keys)]
        singles = sum(counts[keys[0]] for keys in plan if len(keys) == 1)
        few = singles < _PROBE and all(counts[keys[0]] < _COUNTED for keys in plan)
        ids = _candidates(session, plan) if few and plan else []
        number = len(ids)
    if not plan or (few and not number):
        return []
    among = _having(session, singles_only) if singles_only else _among(session, ids)
    fitting: list[Row[Any]] = []
    first = max(24, limit + limit // 4)
    for wanted in (first, 4 * first):  # keys promise candidates only; one more look where many were none
        rows = _rare(session, among, typed, filters, wanted) if few else _walked(session, plan, filters, wanted)
        fitting = [row for row in rows if matches(typed, row.name, row.company, row.code)]
        if len(fitting) >= limit or len(rows) < wanted:
            break
    return fitting


def _number_of(session: Session, keys: Sequence[str]) -> int:
    """Return how many entries these keys have, counted in the index up to ``_PROBE``."""
    some = select(KEY.c.customer_id).where(KEY.c.key.in_(keys)).limit(_PROBE)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _counts(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """Return how many customers have each key, counted in the index up to ``_COUNTED``: the statistics of the plan."""
    one = (
        "SELECT {place} AS place, count(*) AS n FROM "
        "(SELECT 1 FROM customer_key WHERE key = :k{place} LIMIT {most}) t{place}"
    )
    sql = " UNION ALL ".join(one.format(place=place, most=_COUNTED) for place in range(len(keys)))
    found = session.execute(text(sql), {f"k{place}": key for place, key in enumerate(keys)})
    return {keys[row.place]: row.n for row in found}


def _candidates(session: Session, plan: list[list[str]]) -> list[int]:
    """Return the customers that have all keys of one of the alternatives; the rarest key of each leads."""
    parts: list[str] = []
    binds: dict[str, str] = {}
    for keys in plan:
        names = [f"k{len(binds) + i}" for i in range(len(keys))]
        binds.update(zip(names, keys, strict=True))
        others = "".join(
            f" AND EXISTS (SELECT 1 FROM customer_key o WHERE o.key = :{name} AND o.customer_id = f.customer_id)"
            for name in names[1:]
        )
        parts.append(f"SELECT f.customer_id FROM customer_key f WHERE f.key = :{names[0]}{others}")
    found: list[int] = list(session.scalars(text(" UNION ".join(parts)), binds))
    return sorted(found, reverse=True)[:_COUNTED]


def _rare(
    session: Session, among: ColumnElement[bool] | TextClause, typed: str, filters: Conditions, wanted: int
) -> list[Row[Any]]:
    very = case((CUSTOMER.c.name == typed, 0), (CUSTOMER.c.company == typed, 0), else_=1)
    query = ROWS.where(among, *filters).order_by(very, *latest()).limit(wanted)
    return list(session.execute(query))


def _having(session: Session, keys: Sequence[str]) -> ColumnElement[bool]:
    """A condition that the customer has one of these keys, of which few have any: the keys lead, by their index.

    PostgreSQL takes them as one array, and never thinks of reading all customers instead.
    """
    ids = select(KEY.c.customer_id).where(KEY.c.key.in_(keys))
    if session.get_bind().dialect.name == "sqlite":
        return CUSTOMER.c.id.in_(ids)
    return CUSTOMER.c.id == func.any(func.array(ids.scalar_subquery()))


def _among(session: Session, ids: Sequence[int]) -> TextClause:
    """A condition that the customer is one of these: the ids travel as one value, a thousand cost no more than ten."""
    if session.get_bind().dialect.name == "sqlite":
        return text("customer.id IN (SELECT value FROM json_each(:ids))").bindparams(ids=json.dumps(ids))
    return text("customer.id = ANY(CAST(:ids AS bigint[]))").bindparams(ids=list(ids))


def _walked(session: Session, plan: list[list[str]], filters: Conditions, wanted: int) -> list[Row[Any]]:
    has: list[ColumnElement[bool]] = []
    singles = [keys[0] for keys in plan if len(keys) == 1]
    if singles:
        has.append(exists().where(KEY.c.customer_id == CUSTOMER.c.id, KEY.c.key.in_(singles)))
    for keys in plan:
        if len(keys) > 1:
            has.append(and_(*[_has_key(key) for key in keys]))
    if len(singles) < len(plan):
        return newest(session, [or_(*has), *filters], wanted)
    rows = latest_contacts(session, [or_(*has), *filters], wanted)
    return rows if len(rows) == wanted else [*rows, *_never_met(session, singles, filters, wanted - len(rows))]


def _never_met(session: Session, keys: Sequence[str], filters: Conditions, wanted: int) -> list[Row[Any]]:
    """Customers with one of the keys who were never in touch, the newest first, from the end of each key's index.

    Nearly all of a common key's customers, once too few of them were found among those who were in touch.
    """
    parts = [
        select(
            select(*FIELDS)
            .select_from(KEY.join(CUSTOMER, CUSTOMER.c.id == KEY.c.customer_id))
            .where(KEY.c.key == key, CUSTOMER.c.last_contact_at.is_(None), *filters)
            .order_by(KEY.c.customer_id.desc())
            .limit(wanted)
            .subquery()
        )
        for key in keys
    ]
    found = {row.id: row for row in session.execute(union_all(*parts))}
    return [found[number] for number in sorted(found, reverse=True)[:wanted]]


def _has_key(key: str) -> ColumnElement[bool]:
    other = KEY.alias().c
    return exists().where(other.customer_id == CUSTOMER.c.id, other.key == key)
