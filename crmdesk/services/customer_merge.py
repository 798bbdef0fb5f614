"""Two customers who are one (重複客戶): put side by side, merged with all that hangs on them, and taken apart again.

What is linked to a customer is asked of the tables themselves, so a table added later can't be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Table, and_, delete, exists, insert, select, update
from sqlalchemy import inspect as look_into
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.types import TypeEngine

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.db.history import plain
from crmdesk.model.approval import Approval
from crmdesk.model.archive import CustomerValue, Relative
from crmdesk.model.base import Amount, Base, table_of
from crmdesk.model.customer import Contact, Customer, CustomerKey, CustomerPhone
from crmdesk.model.history import HistoryEntry
from crmdesk.model.merge import STAYS, CustomerMerge
from crmdesk.rules.rights import Right
from crmdesk.services.archive import recount
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import LINES, MOST_PHONES, keys_of
from crmdesk.services.records import load_for_change, record_event, touch

KEPT, GONE, BOTH = "kept", "gone", "both"
#: Fields of the card that are chosen; a survivor stays in use.
FIELDS = tuple(name for name in LINES if name != "active")
JOINED = frozenset({"likes", "avoid", "note", "referral_note"})  # texts of which both may be kept
_JOINTS = {"note": "\n"}
_OWN_ROWS = (CustomerPhone, Contact, Relative, CustomerValue)  # joined one by one: no number and no name twice
_NUMBERED = ("record_kind", "kind")  # the column that says of what kind a ``record_id`` is
_NOT_MOVED = frozenset({HistoryEntry.__tablename__, "noted_number"})  # each record's own past; keys of texts


class Link(NamedTuple):
    """A column that names a customer; ``kind`` is the column that must say "customer", '' for a plain reference."""

    table: Table
    column: str
    kind: str

    @property
    def name(self) -> str:
        """Return how the merge calls it when it writes down what was moved."""
        return f"{self.table.name}.{self.column}"

    def of(self, customer_id: int) -> ColumnElement[bool]:
        """Return the condition that a row belongs to this customer."""
        own = self.table.c[self.column] == customer_id
        return and_(own, self.table.c[self.kind] == Customer.KIND) if self.kind else own


@cache
def links() -> tuple[Link, ...]:
    """Return every column of every table that names a customer, as the model knows them now."""
    customer, own_rows = table_of(Customer), {model.__tablename__ for model in _OWN_ROWS}
    found: list[Link] = []
    for table in Base.metadata.sorted_tables:
        if table.name in own_rows | _NOT_MOVED or "id" not in table.c:
            continue
        for column in table.columns:
            if any(key.column.table is customer for key in column.foreign_keys) and not column.info.get(STAYS):
                found.append(Link(table, column.name, ""))
        kind = next((name for name in _NUMBERED if name in table.c), "")
        if "record_id" in table.c and kind:
            found.append(Link(table, "record_id", kind))
    return tuple(found)


class Merged(NamedTuple):
    """A merge that stands: its id, who was taken in, when (UTC), and how many records moved."""

    id: int
    gone_id: int
    code: str
    name: str
    at: datetime
    records: int


def merge_customers(
    ctx: Context,
    kept_id: int,
    gone_id: int,
    *,
    versions: tuple[int | None, int | None] = (None, None),
    choices: Mapping[str, str] | None = None,
) -> int:
    """Make one customer of two and return the merge's id; everything of ``gone_id`` belongs to ``kept_id`` then.

    ``choices`` says by field whose value stands (KEPT, GONE, BOTH for texts; ``archive.x`` for the archive's fields);
    what is not named stays as the survivor has it. ``versions`` are those that were looked at: ConflictError when a
    colleague saved one of them meanwhile. UserError when one was merged already.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    if kept_id == gone_id:
        raise UserError(_("These are the same customer already."))
    wanted = dict(choices or {})
    with ctx.transaction(N_("Merge customers")) as session:
        rows = [selectinload(Customer.phones), selectinload(Customer.contacts)]
        kept = load_for_change(session, Customer, kept_id, versions[0], options=rows)
        gone = load_for_change(session, Customer, gone_id, versions[1], options=rows)
        for one in (kept, gone):
            if one.merged_into_id is not None:
                raise UserError(_("{name} ({code}) was merged already.").format(name=one.name, code=one.code))
        merge = CustomerMerge(
            kept_id=kept.id, gone_id=gone.id, at=ctx.clock.now(), by_id=ctx.user.id or 0,
            gone={"active": gone.active, "contact": plain(kept.last_contact_at)}, before={}, after={}, moved={},
        )  # fmt: skip
        _take_fields(kept, gone, wanted, merge)
        moved = _join_rows(session, kept, gone, wanted, merge)
        moved |= _move_links(session, kept.id, gone.id)
        _close_circle(session, kept, merge)
        gone.merged_into_id, gone.active = kept.id, False
        if gone.last_contact_at and (kept.last_contact_at is None or kept.last_contact_at < gone.last_contact_at):
            kept.last_contact_at = gone.last_contact_at
        touch(kept)
        merge.moved = {name: ids for name, ids in moved.items() if ids}
        session.add(merge)
        session.flush()
        _write_keys(session, kept, keep=True)
        _write_keys(session, gone, keep=False)
        recount(session, [kept.id, gone.id])
        record_event(
            session, ctx, kept, "merged", N_("{name} ({code}) was merged into this card"),
            values={"name": gone.name, "code": gone.code},
        )  # fmt: skip
        _tell(session, merge.moved)
        return merge.id


def undo_merge(ctx: Context, merge_id: int) -> int:
    """Take two customers apart again and return the id of the one who comes back.

    All that was moved goes back, unless somebody moved it on since; what came after the merge stays with the
    survivor. Fields of the survivor are as before where nobody changed them since. UserError when it was undone
    already, or when the survivor was merged into a third: that one first.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    with ctx.transaction(N_("Take customers apart")) as session:
        merge = session.get(CustomerMerge, merge_id)
        if merge is None or merge.undone_at is not None:
            raise UserError(_("These two customers are apart already."))
        rows = [selectinload(Customer.phones), selectinload(Customer.contacts)]
        kept = load_for_change(session, Customer, merge.kept_id, None, options=rows)
        gone = load_for_change(session, Customer, merge.gone_id, None, options=rows)
        if kept.merged_into_id is not None:
            raise UserError(
                _("{name} was merged into another card since. Please take those apart first.").format(name=kept.name)
            )
        _restore_fields(kept, merge)
        _restore_values(session, kept, merge)
        session.flush()
        by_name = {f"{table.name}.{column}": (table, column) for table, column in _moving()}
        for name, ids in merge.moved.items():
            table, column = by_name[name]
            for part in _parts(ids):
                back = and_(table.c.id.in_(part), table.c[column] == kept.id)
                session.connection().execute(update(table).where(back).values({column: gone.id}))
        gone.merged_into_id, gone.active = None, bool(merge.gone["active"])
        if kept.last_contact_at == gone.last_contact_at and "contact" in merge.gone:
            before = merge.gone["contact"]  # nobody spoke with him since the merge, perhaps never
            kept.last_contact_at = datetime.fromisoformat(before) if before else None
        touch(kept)
        merge.undone_at = ctx.clock.now()
        session.flush()
        session.expire_all()
        _write_keys(session, kept, keep=True)
        _write_keys(session, gone, keep=True)
        recount(session, [kept.id, gone.id])
        for record, other in ((kept, gone), (gone, kept)):
            record_event(
                session, ctx, record, "taken_apart", N_("Taken apart again from {name} ({code})"),
                values={"name": other.name, "code": other.code},
            )  # fmt: skip
        _tell(session, merge.moved)
        return gone.id


def find_merges(ctx: Context, customer_id: int) -> list[Merged]:
    """Return whom a customer's card took in and still holds, the latest first."""
    ctx.require(Right.CUSTOMER_VIEW)
    query = (
        select(CustomerMerge, Customer.code, Customer.name)
        .join(Customer, Customer.id == CustomerMerge.gone_id)
        .where(CustomerMerge.kept_id == customer_id, CustomerMerge.undone_at.is_(None))
        .order_by(CustomerMerge.id.desc())
    )
    with ctx.reading() as session:
        return [
            Merged(merge.id, merge.gone_id, code, name, merge.at, sum(len(ids) for ids in merge.moved.values()))
            for merge, code, name in session.execute(query)
        ]


# the card -----------------------------------------------------------------------------------------------------------


def _take_fields(kept: Customer, gone: Customer, choices: Mapping[str, str], merge: CustomerMerge) -> None:
    before, after = dict(merge.before), dict(merge.after)
    for name in FIELDS:
        mine, theirs = getattr(kept, name), getattr(gone, name)
        value = mine
        if choices.get(name) == GONE:
            value = theirs
        elif choices.get(name) == BOTH and name in JOINED:
            value = both_words(name, mine, theirs)
        if name == "referrer_id" and value in (kept.id, gone.id):
            value = None  # nobody brought himself
        if value != mine:
            before[name], after[name] = plain(mine), plain(value)
            setattr(kept, name, value)
    merge.before, merge.after = before, after


def both_words(name: str, one: str, other: str) -> str:
    """Return two texts of a field as one, as long as the field holds; the same words once."""
    if not one or not other or other in one:
        return one or other
    if one in other:
        return other
    joined = _JOINTS.get(name, "、").join((one, other))
    length = getattr(table_of(Customer).c[name].type, "length", None)
    return joined[:length] if length else joined


def _close_circle(session: Session, kept: Customer, merge: CustomerMerge) -> None:
    """Nobody was brought by one of those he brought: where the merge makes such a ring, it is opened here."""
    session.flush()
    above, seen = kept.referrer_id, set[int]()
    while above is not None and above not in seen:
        if above == kept.id:
            merge.before = {"referrer_id": kept.referrer_id, **merge.before}
            merge.after = {**merge.after, "referrer_id": None}
            kept.referrer_id = None
            return
        seen.add(above)
        above = session.scalar(select(Customer.referrer_id).where(Customer.id == above))


def _restore_fields(kept: Customer, merge: CustomerMerge) -> None:
    columns = look_into(Customer).columns
    for name, before in merge.before.items():
        if "." not in name and plain(getattr(kept, name)) == merge.after[name]:
            setattr(kept, name, _typed(before, columns[name].type))


def _typed(value: Any, kind: TypeEngine[Any]) -> Any:
    if value is None:
        return None
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Amount) else value


# phones, contact persons, family, archive ---------------------------------------------------------------------------


def _join_rows(
    session: Session, kept: Customer, gone: Customer, choices: Mapping[str, str], merge: CustomerMerge
) -> dict[str, list[int]]:
    """Give the survivor the rows of the other that he does not have yet; the others stay where they are."""
    numbers = {(row.tail, row.extension) for row in kept.phones}
    phones = [row for row in gone.phones if (row.tail, row.extension) not in numbers]
    if len(kept.phones) + len(phones) > MOST_PHONES:
        raise UserError(_("At most {count} phone numbers fit on a card.").format(count=MOST_PHONES))
    names = {(row.name, row.tail) for row in kept.contacts}
    contacts = [row for row in gone.contacts if (row.name, row.tail) not in names]
    family = {_who(row) for row in _rows(session, Relative, kept.id)}
    relatives = [row for row in _rows(session, Relative, gone.id) if _who(row) not in family]
    values = _join_values(session, kept, gone, choices, merge)
    moved: dict[str, list[int]] = {}
    for model, rows in (
        (CustomerPhone, phones), (Contact, contacts), (Relative, relatives), (CustomerValue, values),
    ):  # fmt: skip
        ids = [row.id for row in rows]
        moved[f"{model.__tablename__}.customer_id"] = ids
        if ids:
            table = table_of(model)
            session.connection().execute(update(table).where(table.c.id.in_(ids)).values(customer_id=kept.id))
    place = len(kept.phones)
    for offset, row in enumerate(phones):
        table = table_of(CustomerPhone)
        session.connection().execute(update(table).where(table.c.id == row.id).values(position=place + offset))
    return moved


def _who(row: Relative) -> tuple[str, str]:
    return row.relation, row.name


def _rows(session: Session, model: Any, customer_id: int) -> list[Any]:
    return list(session.scalars(select(model).where(model.customer_id == customer_id).order_by(model.id)))


def _join_values(
    session: Session, kept: Customer, gone: Customer, choices: Mapping[str, str], merge: CustomerMerge
) -> list[Any]:
    """Return the values that go over as rows; where both have one, the chosen text is written."""
    mine = {row.key: row for row in _rows(session, CustomerValue, kept.id)}
    goes: list[Any] = []
    before, after = dict(merge.before), dict(merge.after)
    for row in _rows(session, CustomerValue, gone.id):
        own, name = mine.get(row.key), f"archive.{row.key}"
        if own is None:
            goes.append(row)
        elif choices.get(name) == GONE and own.value != row.value:
            before[name], after[name] = own.value, row.value
            own.value = row.value
    merge.before, merge.after = before, after
    return goes


def _restore_values(session: Session, kept: Customer, merge: CustomerMerge) -> None:
    mine = {f"archive.{row.key}": row for row in _rows(session, CustomerValue, kept.id)}
    for name, row in mine.items():
        if name in merge.before and row.value == merge.after[name]:
            row.value = merge.before[name]


# what is linked -----------------------------------------------------------------------------------------------------


def _moving() -> list[tuple[Table, str]]:
    return [(link.table, link.column) for link in links()] + [(table_of(model), "customer_id") for model in _OWN_ROWS]


def _move_links(session: Session, kept_id: int, gone_id: int) -> dict[str, list[int]]:
    session.flush()
    connection = session.connection()
    moved: dict[str, list[int]] = {}
    for link in links():
        ids = list(connection.scalars(select(link.table.c.id).where(link.of(gone_id), *_free(link, kept_id))))
        moved[link.name] = ids
        for part in _parts(ids):
            connection.execute(
                update(link.table).where(link.table.c.id.in_(part)).values({link.column: kept_id})
            )  # fmt: skip
    for own in (kept_id, gone_id):  # the cards that are in the session have seen other values
        session.expire(session.get(Customer, own), ["referrer_id", "merged_into_id"])
    return moved


def _free(link: Link, kept_id: int) -> list[ColumnElement[bool]]:
    """A record has one open asking of a matter at a time: where both have one, each stays with its own card."""
    table = link.table
    if table.name != Approval.__tablename__ or not link.kind:
        return []
    other = table.alias()
    waiting = and_(other.c.record_kind == Customer.KIND, other.c.record_id == kept_id,
                   other.c.matter == table.c.matter, other.c.state == "waiting")  # fmt: skip
    return [~and_(table.c.state == "waiting", exists(select(other.c.id).where(waiting)))]


def _parts(ids: list[int], size: int = 500) -> list[list[int]]:
    return [ids[i : i + size] for i in range(0, len(ids), size)]


def _write_keys(session: Session, customer: Customer, *, keep: bool) -> None:
    """Write the search keys of a card anew; one that was taken in has none."""
    connection, table = session.connection(), table_of(CustomerKey)
    connection.execute(delete(table).where(table.c.customer_id == customer.id))
    keys = sorted(keys_of(customer.name, customer.company, customer.code, customer.address)) if keep else []
    if keys:
        connection.execute(insert(table).inline(), [{"key": key, "customer_id": customer.id} for key in keys])


def _tell(session: Session, moved: Mapping[str, list[int]]) -> None:
    """Name every record that changed hands, so that windows which show one look again."""
    kinds = {mapper.class_.__tablename__: mapper.class_.KIND for mapper in Base.registry.mappers}
    touched = session.info.setdefault("touched", [])
    for name, ids in moved.items():
        kind = kinds.get(name.split(".")[0], "")
        touched.extend((kind, record_id) for record_id in ids if kind and kind != Customer.KIND)
