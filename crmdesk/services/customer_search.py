"""Finding customers: by any tail of a number, by name in either script, by pinyin and initials, by code (CRM-11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from crmdesk.core.names import score
from crmdesk.core.phone import query_tail
from crmdesk.core.text import clean, half_width
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import own_code
from crmdesk.services.customer_keys import (
    CONTACT,
    CUSTOMER,
    FIELDS,
    LEDGER,
    PHONE,
    ROWS,
    STAFF,
    Conditions,
    filters_of,
    find_by_name,
    latest,
    newest,
)

WHOLE_NUMBER = 7  # digits from which a tail can be somebody's whole number
_AFTER_DIGITS = ":"  # the character after 9: a prefix of digits is a range

KNOWN, PERHAPS = "known", "perhaps"

T = TypeVar("T")


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
    """Somebody who may be meant by what was typed; ``via`` is the contact person whose number it is.

    ``level`` is "known", or "perhaps" when the number was only noted in an earlier call or text: ``said`` is where,
    ``noted_by`` the colleague who wrote it.
    """

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
    level: str = KNOWN
    said: str = ""
    noted_by: str = ""


def count_customers(ctx: Context, *, kind: str | None = None, owner_id: int | None = None) -> int:
    """Return how many active customers there are."""
    ctx.require(Right.CUSTOMER_VIEW)
    query = select(func.count()).select_from(CUSTOMER).where(*filters_of(kind, owner_id, True))
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
    filters = filters_of(kind, owner_id, active)
    typed = clean(query)[:60]
    with ctx.reading() as session:
        if not typed:
            rows: Sequence[Row[Any]] = newest(session, filters, limit)
        elif tail := _tail(ctx, typed):
            rows = _unique([*_by_phone(session, tail, filters, limit), *_by_code(session, typed, filters)])
        else:
            rows = _unique([*_by_code(session, typed, filters), *find_by_name(session, typed, filters, limit)])
        return rows_of(session, rows[:limit])


def find_people(ctx: Context, typed: str, *, limit: int = 8) -> list[PersonRow]:
    """Return whom somebody at the phone or the door may be: whole numbers and names first, then the latest contact.

    ``typed`` is any tail of a number from three digits on (contact persons' numbers too), a name in either script,
    pinyin, initials or a customer code. At most five statements, three for a number.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    typed = clean(typed)[:60]
    filters = filters_of(None, None, True)
    with ctx.reading() as session:
        if tail := _tail(ctx, typed):
            people = sorted((_caller(row, tail) for row in _callers(session, tail, limit)), key=_rank)
            people = _unique(people)
            if len(people) < limit:
                codes = _by_code(session, typed, filters)
                people = _unique([*people, *_with_phones(session, codes, exact=True)])
            return people[:limit]
        rows = [
            *_by_code(session, typed, filters),
            *find_by_name(session, typed, filters, limit),
        ]
        return _with_phones(session, _ordered(typed, _unique(rows))[:limit], typed)


# --- by number ------------------------------------------------------------------------------------------------------


def _tail(ctx: Context, typed: str) -> str:
    """Return the reversed digits when what was typed can be a number."""
    return query_tail(typed, ctx.office.home)[:24]


def _is_whole(stored: str, tail: str) -> bool:
    return len(tail) >= WHOLE_NUMBER and stored in (tail, tail + "0")


def _by_phone(session: Session, tail: str, filters: Conditions, limit: int) -> list[Row[Any]]:
    query = (
        select(*FIELDS, PHONE.c.number, PHONE.c.tail)
        .select_from(CUSTOMER.join(PHONE, PHONE.c.customer_id == CUSTOMER.c.id))
        .where(PHONE.c.tail >= tail, PHONE.c.tail < tail + _AFTER_DIGITS, *filters)
        .order_by(*latest())
        .limit(limit * 2)
    )
    return list(session.execute(query))


def _callers(session: Session, tail: str, limit: int) -> Sequence[Row[Any]]:
    """Customers with a number that ends so, and customers whose contact person has one: one question for both."""
    return session.execute(_CALLERS, {"low": tail, "high": tail + _AFTER_DIGITS, "most": 2 * limit}).all()


def _with_tail(numbers: FromClause, number: ColumnElement[Any], via: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """The latest customers with a number of one table."""
    tail = numbers.c.tail
    found = (
        select(*FIELDS, number.label("number"), tail.label("tail"), via.label("via"))
        .select_from(CUSTOMER.join(numbers, numbers.c.customer_id == CUSTOMER.c.id))
        .where(tail >= bindparam("low"), tail < bindparam("high"), *filters_of(None, None, True))
        .order_by(*latest())
        .limit(bindparam("most"))
    )
    return select(found.subquery())


_CALLERS = union_all(
    _with_tail(PHONE, PHONE.c.number, literal("")), _with_tail(CONTACT, CONTACT.c.phone, CONTACT.c.name)
)


# --- by code and name -----------------------------------------------------------------------------------------------


def _by_code(session: Session, typed: str, filters: Conditions) -> list[Row[Any]]:
    """Customers whose code is meant: typed whole, or its number alone (417 is C00417), or its beginning."""
    code = half_width(typed).replace(" ", "").upper()
    if not code.isascii() or not any(ch.isdigit() for ch in code):
        return []
    wanted = {code, typed}
    if code.removeprefix("C").isdigit() and len(code) <= 9:
        wanted.add(own_code(int(code.removeprefix("C"))))
    condition: ColumnElement[bool] = CUSTOMER.c.code.in_(sorted(wanted))
    if not code.isdigit():
        condition = or_(condition, and_(CUSTOMER.c.code >= code, CUSTOMER.c.code < code + "\x7f"))
    # The code of a card that was merged into another opens that one.
    meant = select(func.coalesce(CUSTOMER.c.merged_into_id, CUSTOMER.c.id)).where(condition)
    return list(session.execute(ROWS.where(CUSTOMER.c.id.in_(meant), *filters).order_by(CUSTOMER.c.code).limit(8)))


# --- rows -----------------------------------------------------------------------------------------------------------


def _unique(rows: Iterable[T]) -> list[T]:
    """The same rows, each customer once, the first one kept."""
    seen: dict[int, T] = {}
    for row in rows:
        seen.setdefault(row.id, row)  # type: ignore[attr-defined]  # every row has the customer's id
    return list(seen.values())


def rows_of(session: Session, rows: Sequence[Row[Any]]) -> list[CustomerRow]:
    """Return customers as the list shows them, with number, balance and who is in charge; three statements."""
    ids = [row.id for row in rows]
    if not ids:
        return []
    phones = _first_phones(session, ids)
    balances = _pairs(
        session.execute(
            select(LEDGER.c.customer_id, func.sum(LEDGER.c.amount))
            .where(LEDGER.c.customer_id.in_(ids))
            .group_by(LEDGER.c.customer_id)
        )
    )
    owners = _pairs(
        session.execute(
            select(CUSTOMER.c.id, STAFF.c.name)
            .select_from(CUSTOMER.join(STAFF, STAFF.c.id == CUSTOMER.c.owner_id))
            .where(CUSTOMER.c.id.in_(ids))
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
        select(PHONE.c.customer_id, PHONE.c.number, PHONE.c.extension)
        .where(PHONE.c.customer_id.in_(ids), PHONE.c.position == 0)
    )  # fmt: skip
    return {row[0]: f"{row[1]} #{row[2]}" if row[2] else row[1] for row in session.execute(query)}


def _caller(row: Row[Any], tail: str) -> PersonRow:
    return _person(row, _is_whole(row.tail, tail), row.number, row.via)


def _person(row: Row[Any], exact: bool, phone: str, via: str) -> PersonRow:
    return PersonRow(
        row.id, row.code, row.name, row.company, row.kind, row.grade, row.region, row.address, phone, via,
        row.last_contact_at, exact,
    )  # fmt: skip


def _with_phones(
    session: Session, rows: Sequence[Row[Any]], typed: str = "", *, exact: bool = False
) -> list[PersonRow]:
    """Rows as people with their first numbers; exact are those whose very name was typed."""
    phones = _first_phones(session, [row.id for row in rows]) if rows else {}
    return [
        _person(row, exact or (bool(typed) and score(typed, row.name) == 100), phones.get(row.id, ""), "")
        for row in rows
    ]


def _moment(row: PersonRow | Row[Any]) -> float:
    return row.last_contact_at.timestamp() if row.last_contact_at else 0.0


def _rank(row: PersonRow) -> tuple[bool, float]:
    return not row.exact, -_moment(row)


def _ordered(typed: str, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Whole names first, then names that begin with what was typed, then the others; in each the latest first."""
    upper = typed.upper()

    def order(row: Row[Any]) -> tuple[int, float]:
        points = 100 if row.code == upper else score(typed, row.name, row.company, row.code)
        return -_class_of(points), -_moment(row)

    return sorted(rows, key=order)


def _class_of(points: int) -> int:
    bounds: tuple[int, ...] = (50, 75, 97)
    return sum(points >= bound for bound in bounds)
