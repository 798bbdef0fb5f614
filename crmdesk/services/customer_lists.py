"""The customers' list with any field as a column and sorted by any column, in the database (CRM-22).

Protected fields of the archive are never columns: a list on the screen shows them of hundreds of customers at a
glance, and each look is to be written down (CRM-32). An export may hold them (``services.exports``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import _
from crmdesk.model.archive import CustomerValue
from crmdesk.model.base import table_of
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, ORIGINS, ArchiveField
from crmdesk.rules.rights import Right
from crmdesk.services.archive_fields import fields_in, value_words
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import GENDERS
from crmdesk.services.customer_keys import CUSTOMER, LEDGER, PHONE, ROWS, STAFF, Conditions, filters_of
from crmdesk.services.customer_search import CustomerRow, find_customers, rows_of

VALUE = table_of(CustomerValue)
LATEST = ("last_contact_at", True)
ARCHIVE = "archive."  # before the key of a column that is a field of the archive
EVERYBODY = 1_000_000  # more than any office has: a list without a limit
_PART = 20_000  # customers read at once

#: Fields of the card beyond what the list always shows.
CARD: tuple[str, ...] = (
    "filled", "code", "grade", "gender", "address", "origin", "occupation", "care_level", "custodian", "may_contact",
    "core", "since", "birthday", "likes", "avoid", "created_at",
)  # fmt: skip
_WORDS: Mapping[str, Mapping[str, str]] = {
    "gender": GENDERS, "origin": ORIGINS, "care_level": CARE_LEVELS, "may_contact": CONSENTS,
}  # fmt: skip
_TEXTS = ("name", "company", "region", "address", "code", "kind", "grade", "gender", "origin", "occupation",
          "care_level", "may_contact", "birthday", "likes", "avoid")  # fmt: skip
_PLAIN = ("filled", "since", "created_at", "last_contact_at", "core", "credit_limit")


class ListedCustomer(NamedTuple):
    """A customer with the values of further columns by their key, as people read them."""

    row: CustomerRow
    more: Mapping[str, Any]


def list_fields(ctx: Context) -> tuple[ArchiveField, ...]:
    """Return the fields of the archive that may be columns of a list on the screen."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        return _columns(session)


def _columns(session: Session) -> tuple[ArchiveField, ...]:
    return tuple(f for f in fields_in(session) if not (f.hidden or f.protected or f.source))


def find_list(
    ctx: Context,
    query: str = "",
    *,
    kind: str | None = None,
    owner_id: int | None = None,
    active: bool | None = True,
    sort: tuple[str, bool] | None = None,
    more: Collection[str] = (),
    limit: int = 500,
) -> list[ListedCustomer]:
    """Return customers as `find_customers` does, with the columns ``more`` and sorted by a column.

    ``sort`` names a column and whether the largest comes first; who has nothing there comes last. What was searched
    for stays in the order of the search. Columns the user may not see, or that are no more, are left out.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    if query.strip() or (sort is None and limit <= _PART):
        rows = find_customers(ctx, query, kind=kind, owner_id=owner_id, active=active, limit=min(limit, _PART))
        with ctx.reading() as session:
            return with_columns(session, ctx, rows, more, _columns(session)) if more else _bare(rows)
    with ctx.reading() as session:
        fields = _columns(session)
        keys = {field.key for field in fields}
        ids = _sorted(session, sort or LATEST, filters_of(kind, owner_id, active), limit, keys)
        rows = _rows(session, ids)
        return with_columns(session, ctx, rows, more, fields) if more else _bare(rows)


def find_chosen(ctx: Context, ids: Sequence[int], *, more: Collection[str] = ()) -> list[ListedCustomer]:
    """Return these customers in the order of the ids."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        return with_columns(session, ctx, _rows(session, ids), more, _columns(session))


def _bare(rows: Iterable[CustomerRow]) -> list[ListedCustomer]:
    return [ListedCustomer(row, {}) for row in rows]


def _rows(session: Session, ids: Sequence[int]) -> list[CustomerRow]:
    found: list[CustomerRow] = []
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        known = {row.id: row for row in session.execute(ROWS.where(CUSTOMER.c.id.in_(part)))}
        found += rows_of(session, [known[number] for number in part if number in known])
    return found


# sorting ------------------------------------------------------------------------------------------------------------


def _sorted(
    session: Session, sort: tuple[str, bool], filters: Conditions, limit: int, fields: Collection[str]
) -> list[int]:
    """Return the ids by a column: first who has something there, then the others, the newest first."""
    key, down = sort
    source, value, filled = _sort_of(session, key, fields)
    order = value.desc() if down else value.asc()
    last = CUSTOMER.c.id.desc() if down else CUSTOMER.c.id.asc()
    first = select(CUSTOMER.c.id).select_from(source).where(filled, *filters).order_by(order, last).limit(limit)
    ids = list(session.scalars(first))
    if len(ids) < limit:
        among = select(CUSTOMER.c.id).select_from(source).where(filled, *filters)
        rest = select(CUSTOMER.c.id).where(*filters, CUSTOMER.c.id.not_in(among)).order_by(CUSTOMER.c.id.desc())
        ids += session.scalars(rest.limit(limit - len(ids)))
    return ids


def _sort_of(session: Session, key: str, fields: Collection[str]) -> tuple[Any, ColumnElement[Any], Any]:
    """Return the tables a column comes from, its value, and the condition that there is one."""
    if key.startswith(ARCHIVE) and key.removeprefix(ARCHIVE) in fields:
        on = and_(VALUE.c.customer_id == CUSTOMER.c.id, VALUE.c.key == key.removeprefix(ARCHIVE))
        return CUSTOMER.join(VALUE, on), _bytes(session, VALUE.c.value), VALUE.c.value != ""
    if key == "phone":
        on = and_(PHONE.c.customer_id == CUSTOMER.c.id, PHONE.c.position == 0)
        return CUSTOMER.join(PHONE, on), _bytes(session, PHONE.c.number), PHONE.c.number != ""
    if key == "balance":
        sums = select(LEDGER.c.customer_id, func.sum(LEDGER.c.amount).label("owed")).group_by(LEDGER.c.customer_id)
        owed = sums.subquery()
        return CUSTOMER.join(owed, owed.c.customer_id == CUSTOMER.c.id), owed.c.owed, owed.c.owed != 0
    if key in ("owner", "custodian"):
        reference = CUSTOMER.c.owner_id if key == "owner" else CUSTOMER.c.custodian_id
        return CUSTOMER.join(STAFF, STAFF.c.id == reference), _bytes(session, STAFF.c.name), STAFF.c.name != ""
    if key in _PLAIN:
        column = CUSTOMER.c[key]
        return CUSTOMER, column, column.is_not(None)
    column = CUSTOMER.c[key if key in _TEXTS else "name"]
    return CUSTOMER, _bytes(session, column), column != ""


def _bytes(session: Session, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Sort texts by their characters on both engines: the same list everywhere, and ten times as fast."""
    return column if session.get_bind().dialect.name == "sqlite" else column.collate("C")


# columns ------------------------------------------------------------------------------------------------------------


def with_columns(
    session: Session, ctx: Context, rows: Sequence[CustomerRow], more: Collection[str], fields: Sequence[ArchiveField]
) -> list[ListedCustomer]:
    """Return rows with the values of further columns; of the archive only ``fields``. Two statements for 20,000."""
    card = [name for name in CARD if name in more]
    archive = {field.key: field for field in fields if ARCHIVE + field.key in more}
    found: list[ListedCustomer] = []
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        values: dict[int, dict[str, Any]] = {row.id: {} for row in part}
        if card:
            _add_card(session, ctx, card, values)
        if archive:
            _add_archive(session, archive, values)
        found += [ListedCustomer(row, values[row.id]) for row in part]
    return found


def _add_card(session: Session, ctx: Context, names: Sequence[str], values: dict[int, dict[str, Any]]) -> None:
    columns = [CUSTOMER.c.custodian_id.label(n) if n == "custodian" else CUSTOMER.c[n] for n in names]
    people: dict[Any, str] = {}
    if "custodian" in names:
        people = {row[0]: row[1] for row in session.execute(select(STAFF.c.id, STAFF.c.name))}
    for row in session.execute(select(CUSTOMER.c.id, *columns).where(CUSTOMER.c.id.in_(list(values)))):
        entry = values[row[0]]
        for name, value in zip(names, row[1:], strict=True):
            if name == "custodian":
                value = people.get(value, "")
            elif name in _WORDS:
                value = _(_WORDS[name].get(value, value)) if value else ""
            elif name == "core":
                value = _("Yes") if value else ""
            elif name == "created_at" and value is not None:
                value = ctx.clock.local(value)
            entry[name] = value


def _add_archive(session: Session, fields: Mapping[str, ArchiveField], values: dict[int, dict[str, Any]]) -> None:
    query = select(VALUE.c.customer_id, VALUE.c.key, VALUE.c.value).where(
        VALUE.c.customer_id.in_(list(values)), VALUE.c.key.in_(list(fields))
    )
    for customer_id, key, value in session.execute(query):
        values[customer_id][ARCHIVE + key] = value_words(fields[key], value)
