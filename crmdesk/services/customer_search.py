"""Finding customers: by any tail of a number, by name in either script, by pinyin and initials, by code (CRM-11).

Two ways lead through the search keys, and which is short depends on how many customers share a key. A rare key's
customers are all read and sorted by last contact; for a common one (陳, or one letter) customers are walked from the
latest contact on until enough of them have the key. Both stay within milliseconds at a million customers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Row, Select, TextClause, and_, case, exists, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from crmdesk.core.names import matches, query_plan, score
from crmdesk.core.phone import query_tail
from crmdesk.core.text import clean, half_width
from crmdesk.model.customer import Contact, Customer, CustomerKey, CustomerPhone
from crmdesk.model.sale import LedgerEntry
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import own_code

WHOLE_NUMBER = 7  # digits from which a tail can be somebody's whole number
_PROBE = 2500  # candidates of single keys that are still sorted rather than walked
_COUNTED = 6000  # rows of a key that are counted; more is simply many
_FIELDS: tuple[Any, ...] = (
    Customer.id,
    Customer.code,
    Customer.name,
    Customer.company,
    Customer.kind,
    Customer.grade,
    Customer.region,
    Customer.address,
    Customer.last_contact_at,
    Customer.credit_limit,
    Customer.active,
)
_ROWS: Select[*tuple[Any, ...]] = select(*_FIELDS)
_AFTER_DIGITS = ":"  # the character after 9: a prefix of digits is a range

T = TypeVar("T")
Conditions = Sequence[ColumnElement[bool]]


class CustomerRow(NamedTuple):
    """A customer in the list."""

    id: int
    code: str
    name: str
    company: str
    kind: str
    grade: str
    phone: str
    region: str
    last_contact_at: datetime | None
    balance: Decimal
    credit_limit: Decimal
    owner: str
    active: bool


class PersonRow(NamedTuple):
    """Somebody who may be meant by what was typed; ``via`` is the contact person whose number it is."""

    id: int
    code: str
    name: str
    company: str
    kind: str
    grade: str
    region: str
    address: str
    phone: str
    via: str
    last_contact_at: datetime | None
    exact: bool


def count_customers(ctx: Context, *, kind: str | None = None, owner_id: int | None = None) -> int:
    """Return how many active customers there are."""
    ctx.require(Right.CUSTOMER_VIEW)
    query = select(func.count()).select_from(Customer).where(*_filters(kind, owner_id, True))
    with ctx.reading() as session:
        return session.scalar(query) or 0


def find_customers(
    ctx: Context,
    query: str = "",
    *,
    kind: str | None = None,
    owner_id: int | None = None,
    active: bool | None = True,
    limit: int = 500,
) -> list[CustomerRow]:
    """Return customers, the latest contact first; with ``query`` those whose number, name or code it may be.

    ``active`` None shows those put away too. At most five statements.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    filters = _filters(kind, owner_id, active)
    typed = clean(query)[:60]
    with ctx.reading() as session:
        if not typed:
            rows: Sequence[Row[Any]] = _newest(session, filters, limit)
        elif tail := _tail(ctx, typed):
            rows = _unique([*_by_phone(session, tail, filters, limit), *_by_code(session, typed, filters)])
        else:
            rows = _unique([*_by_code(session, typed, filters), *_by_name(session, typed, filters, limit)])
        return _as_rows(session, rows[:limit])


def find_people(ctx: Context, typed: str, *, limit: int = 8) -> list[PersonRow]:
    """Return whom somebody at the phone or the door may be: whole numbers and names first, then the latest contact.

    ``typed`` is any tail of a number from three digits on (contact persons' numbers too), a name in either script,
    pinyin, initials or a customer code. At most four statements.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    typed = clean(typed)[:60]
    filters = _filters(None, None, True)
    with ctx.reading() as session:
        if tail := _tail(ctx, typed):
            people = [
                _person(row, _is_whole(row.tail, tail), row.number, "")
                for row in _by_phone(session, tail, filters, limit)
            ]
            people += [
                _person(row, _is_whole(row.tail, tail), row.phone, row.contact)
                for row in _by_contact_phone(session, tail, filters, limit)
            ]
            people.sort(key=_rank)
            people = _unique(people)
            if len(people) < limit:
                codes = _by_code(session, typed, filters)
                people = _unique([*people, *_with_phones(session, codes, exact=True)])
            return people[:limit]
        rows = [
            *_by_code(session, typed, filters),
            *_by_name(session, typed, filters, limit),
        ]
        return _ordered(typed, _with_phones(session, _unique(rows)))[:limit]


def _filters(kind: str | None, owner_id: int | None, active: bool | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if active is not None:
        found.append(Customer.active.is_(active))
    if kind:
        found.append(Customer.kind == kind)
    if owner_id is not None:
        found.append(Customer.owner_id == owner_id)
    return found


def _newest(session: Session, filters: Conditions, limit: int) -> list[Row[Any]]:
    """The latest contact first, then who was never in touch; two plain index walks, alike on both engines."""
    query = _ROWS.where(Customer.last_contact_at.is_not(None), *filters)
    rows = list(session.execute(query.order_by(Customer.last_contact_at.desc()).limit(limit)))
    if len(rows) < limit:
        rest = _ROWS.where(Customer.last_contact_at.is_(None), *filters).order_by(Customer.id.desc())
        rows += session.execute(rest.limit(limit - len(rows)))
    return rows


# --- by number ------------------------------------------------------------------------------------------------------


def _tail(ctx: Context, typed: str) -> str:
    """Return the reversed digits when what was typed can be a number."""
    return query_tail(typed, ctx.office.home)[:24]


def _is_whole(stored: str, tail: str) -> bool:
    return len(tail) >= WHOLE_NUMBER and stored in (tail, tail + "0")


def _by_phone(session: Session, tail: str, filters: Conditions, limit: int) -> list[Row[Any]]:
    query = (
        select(*_FIELDS, CustomerPhone.number, CustomerPhone.tail)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(CustomerPhone.tail >= tail, CustomerPhone.tail < tail + _AFTER_DIGITS, *filters)
        .order_by(*_latest())
        .limit(limit * 2)
    )
    return list(session.execute(query))


def _by_contact_phone(session: Session, tail: str, filters: Conditions, limit: int) -> list[Row[Any]]:
    query = (
        select(*_FIELDS, Contact.phone, Contact.tail, Contact.name.label("contact"))
        .join(Contact, Contact.customer_id == Customer.id)
        .where(Contact.tail >= tail, Contact.tail < tail + _AFTER_DIGITS, *filters)
        .order_by(*_latest())
        .limit(limit)
    )
    return list(session.execute(query))


def _latest() -> tuple[ColumnElement[Any], ...]:
    """Order of rows that are few already; two terms, so that no engine takes it for an index worth walking."""
    return Customer.last_contact_at.is_(None), Customer.last_contact_at.desc(), Customer.id.desc()


# --- by code and name -----------------------------------------------------------------------------------------------


def _by_code(session: Session, typed: str, filters: Conditions) -> list[Row[Any]]:
    """Customers whose code is meant: typed whole, or its number alone (417 is C00417), or its beginning."""
    code = half_width(typed).replace(" ", "").upper()
    if not code.isascii() or not any(ch.isdigit() for ch in code):
        return []
    wanted = {code, typed}
    if code.removeprefix("C").isdigit() and len(code) <= 9:
        wanted.add(own_code(int(code.removeprefix("C"))))
    condition: ColumnElement[bool] = Customer.code.in_(sorted(wanted))
    if not code.isdigit():
        condition = or_(condition, and_(Customer.code >= code, Customer.code < code + "\x7f"))
    return list(session.execute(_ROWS.where(condition, *filters).order_by(Customer.code).limit(8)))


def _by_name(session: Session, typed: str, filters: Conditions, limit: int) -> list[Row[Any]]:
    plan = query_plan(typed)
    if not plan:
        return []
    counts = _counts(session, sorted({key for keys in plan for key in keys}))
    plan = [sorted(keys, key=lambda key: counts[key]) for keys in plan if all(counts[key] for key in keys)]
    if not plan:
        return []
    few = sum(counts[keys[0]] for keys in plan if len(keys) == 1) < _PROBE and all(
        counts[k[0]] < _COUNTED for k in plan
    )
    ids = _candidates(session, plan) if few else []
    if few and not ids:
        return []
    fitting: list[Row[Any]] = []
    first = max(24, limit + limit // 4)
    for wanted in (first, 4 * first):  # keys promise candidates only; one more look where many were none
        rows = _rare(session, ids, typed, filters, wanted) if few else _walked(session, plan, filters, wanted)
        fitting = [row for row in rows if matches(typed, row.name, row.company, row.code)]
        if len(fitting) >= limit or len(rows) < wanted:
            break
    return fitting


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


def _rare(session: Session, ids: Sequence[int], typed: str, filters: Conditions, wanted: int) -> list[Row[Any]]:
    very = case((Customer.name == typed, 0), (Customer.company == typed, 0), else_=1)
    query = _ROWS.where(_among(session, ids), *filters).order_by(very, *_latest()).limit(wanted)
    return list(session.execute(query))


def _among(session: Session, ids: Sequence[int]) -> TextClause:
    """A condition that the customer is one of these: the ids travel as one value, a thousand cost no more than ten."""
    if session.get_bind().dialect.name == "sqlite":
        return text("customer.id IN (SELECT value FROM json_each(:ids))").bindparams(ids=json.dumps(ids))
    return text("customer.id = ANY(CAST(:ids AS bigint[]))").bindparams(ids=list(ids))


def _walked(session: Session, plan: list[list[str]], filters: Conditions, wanted: int) -> list[Row[Any]]:
    has: list[ColumnElement[bool]] = []
    singles = [keys[0] for keys in plan if len(keys) == 1]
    if singles:
        has.append(exists().where(CustomerKey.customer_id == Customer.id, CustomerKey.key.in_(singles)))
    for keys in plan:
        if len(keys) > 1:
            has.append(and_(*[_has_key(key) for key in keys]))
    return _newest(session, [or_(*has), *filters], wanted)


def _has_key(key: str) -> ColumnElement[bool]:
    other = aliased(CustomerKey)
    return exists().where(other.customer_id == Customer.id, other.key == key)


# --- rows -----------------------------------------------------------------------------------------------------------


def _unique(rows: Iterable[T]) -> list[T]:
    """The same rows, each customer once, the first one kept."""
    seen: dict[int, T] = {}
    for row in rows:
        seen.setdefault(row.id, row)  # type: ignore[attr-defined]  # every row has the customer's id
    return list(seen.values())


def _as_rows(session: Session, rows: Sequence[Row[Any]]) -> list[CustomerRow]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    phones = _first_phones(session, ids)
    balances = _pairs(
        session.execute(
            select(LedgerEntry.customer_id, func.sum(LedgerEntry.amount))
            .where(LedgerEntry.customer_id.in_(ids))
            .group_by(LedgerEntry.customer_id)
        )
    )
    owners = _pairs(
        session.execute(
            select(Customer.id, StaffMember.name)
            .join(StaffMember, StaffMember.id == Customer.owner_id)
            .where(Customer.id.in_(ids))
        )
    )
    return [
        CustomerRow(
            row.id, row.code, row.name, row.company, row.kind, row.grade, phones.get(row.id, ""), row.region,
            row.last_contact_at, Decimal(balances.get(row.id) or 0), row.credit_limit, owners.get(row.id, ""),
            row.active,
        )
        for row in rows
    ]  # fmt: skip


def _pairs(rows: Iterable[Any]) -> dict[int, Any]:
    return {row[0]: row[1] for row in rows}


def _first_phones(session: Session, ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(CustomerPhone.customer_id, CustomerPhone.number, CustomerPhone.extension)
        .where(CustomerPhone.customer_id.in_(ids), CustomerPhone.position == 0)
    )  # fmt: skip
    return {row[0]: f"{row[1]} #{row[2]}" if row[2] else row[1] for row in session.execute(query)}


def _person(row: Row[Any], exact: bool, phone: str, via: str) -> PersonRow:
    return PersonRow(
        row.id, row.code, row.name, row.company, row.kind, row.grade, row.region, row.address, phone, via,
        row.last_contact_at, exact,
    )  # fmt: skip


def _with_phones(session: Session, rows: Sequence[Row[Any]], *, exact: bool = False) -> list[PersonRow]:
    phones = _first_phones(session, [row.id for row in rows]) if rows else {}
    return [_person(row, exact, phones.get(row.id, ""), "") for row in rows]


def _moment(row: PersonRow) -> float:
    return row.last_contact_at.timestamp() if row.last_contact_at else 0.0


def _rank(row: PersonRow) -> tuple[bool, float]:
    return not row.exact, -_moment(row)


def _ordered(typed: str, rows: Sequence[PersonRow]) -> list[PersonRow]:
    """Whole names first, then names that begin with what was typed, then the others; in each the latest first."""
    upper = typed.upper()

    def order(row: PersonRow) -> tuple[int, float]:
        points = 100 if row.code == upper else score(typed, row.name, row.company, row.code)
        return -_class_of(points), -_moment(row)

    return [row._replace(exact=score(typed, row.name) == 100) for row in sorted(rows, key=order)]


def _class_of(points: int) -> int:
    bounds: tuple[int, ...] = (50, 75, 97)
    return sum(points >= bound for bound in bounds)
