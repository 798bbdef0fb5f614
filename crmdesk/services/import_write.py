"""The database side of an import: what the office has already, and many rows written at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from crmdesk.core.birthdays import key_of
from crmdesk.core.i18n import _
from crmdesk.db.bulk import insert_pairs, insert_rows, refresh_statistics, reserve_ids
from crmdesk.db.history import plain
from crmdesk.db.numbering import take_block
from crmdesk.model.customer import Contact, Customer, CustomerKey, CustomerKind, CustomerPhone
from crmdesk.model.item import Item
from crmdesk.model.noted import NotedNumber, tails_in
from crmdesk.model.sale import LedgerEntry
from crmdesk.services.archive import counted_total, percent_of, recount
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import SERIES, is_own_code, keys_of, own_code
from crmdesk.services.import_archive import ARCHIVE, insert_values, value_rows, write_values
from crmdesk.services.import_archive import Change as ArchiveChange
from crmdesk.services.import_changes import Card, archive_changes, as_history, cards_now, column_changes, columns_now
from crmdesk.services.import_match import Merged, find_codes, find_meant, owners_of_tails, same_row
from crmdesk.services.import_rows import CustomerLine, ItemLine

_CHUNK = 5000  # values in one IN, rows in one insert
_KEY_CHUNK = 40_000  # customers whose keys are sorted together; in order they are written three times as fast
_MANY = 5000  # rows after which the engine is told how the tables look now

Found = list[tuple[int, str, str, str]]  # row, field, value, message
After = Callable[[Any], Any]
L = TypeVar("L")


@dataclass(frozen=True)
class ImportKind:
    """How one kind of file meets the database."""

    check_file: Callable[[Sequence[Any]], None]
    compare: Callable[[Session, Sequence[Any], bool, str], Found]
    write: Callable[[Session, Context, Sequence[Any], After], None]


def _chunks(values: Sequence[L], size: int = _CHUNK) -> Iterator[Sequence[L]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


# --- customers ------------------------------------------------------------------------------------------------------


def _check_customer_file(lines: Sequence[CustomerLine]) -> None:
    """The same code twice in one file is an error; the second one is named."""
    first: dict[str, int] = {}
    for line in lines:
        if line.code and line.code in first:
            line.errors["code"] = _("Row {row} has this code already.").format(row=first[line.code])
        elif line.code:
            first[line.code] = line.number


def _compare_customers(session: Session, lines: Sequence[CustomerLine], updating: bool, match: str) -> Found:
    """Find who is known already, as ``match`` says (see ``import_match.MATCHES``); report shared numbers.

    ``auto`` goes by the code, or by name and number when the file gives no code.
    """
    merged = Merged(session)
    owners = owners_of_tails(session, {tail for line in lines for _n, _e, tail in line.phones}, merged)
    find_meant(session, lines, owners, merged, updating=updating, match=match)
    find_codes(session, lines, merged, updating=updating and match in ("auto", "code"))
    found: Found = []
    seen: dict[str, CustomerLine] = {}
    claimed = {line.existing_id: line.number for line in lines if line.existing_id}
    for line in lines:
        for number, _extension, tail in line.phones:
            other = seen.setdefault(tail, line)
            if other is not line:
                found.append((line.number, "phone", number, _("Row {row} has the same number: {name}.").format(
                    row=other.number, name=other.name)))  # fmt: skip
            for customer_id, name, code in owners.get(tail, ()):
                if customer_id == line.existing_id:
                    continue
                same = match == "auto" and not line.code and line.existing_id is None
                if same and merged.is_called((customer_id, name, code), line.name):
                    if not updating:
                        line.errors["phone"] = _("{name} ({code}) with this number is a customer already.").format(
                            name=name, code=code
                        )
                    elif customer_id not in claimed:
                        merged.reach(line, (customer_id, name, code))
                        claimed[customer_id] = line.number
                    else:  # twice in the file, or a row of his and one of a card that was merged into his
                        line.errors["phone"] = same_row(claimed[customer_id], (customer_id, name, code))
                    continue
                found.append((line.number, "phone", number, _("{name} ({code}) has the same number.").format(
                    name=name, code=code)))  # fmt: skip
    return found


_COLUMNS = ("name", "company", "gender", "kind", "grade", "region", "address", "likes", "avoid", "birthday", "note",
            "owner_id", "credit_limit", "since", "birthday_key", "filled")  # fmt: skip
_MORE = ("origin", "occupation", "care_level", "custodian_id", "may_contact")  # columns few files have
EMPTY: dict[str, Any] = {
    **dict.fromkeys(_COLUMNS, ""),
    "kind": CustomerKind.ENQUIRER.value,
    "owner_id": None,
    "credit_limit": 0,
    "filled": 0,
    "since": None,
    **dict.fromkeys(_MORE, ""),
    "custodian_id": None,
    "consent_on": None,
}


def columns_of(lines: Sequence[CustomerLine]) -> tuple[str, ...]:
    """Return the columns of the customers' table that these rows fill."""
    more = [name for name in _MORE if any(name in line.values or name in line.emptied for line in lines)]
    return (*_COLUMNS, *more, *(["consent_on"] if "may_contact" in more else ()))


def _write_customers(session: Session, ctx: Context, lines: Sequence[CustomerLine], after: After) -> None:
    for line in lines:
        if birthday := line.values.get("birthday"):
            line.values["birthday_key"] = key_of(birthday)
    today = ctx.clock.today()
    fresh = [line for line in lines if line.existing_id is None]
    for line in fresh:
        if line.values.get("may_contact"):
            line.values["consent_on"] = today  # as when it is typed on the card
    known = [line for line in lines if line.existing_id is not None]
    _insert_customers(session, ctx, fresh, after)
    _update_customers(session, known, columns_of(known), today, after)
    if len(lines) >= _MANY:
        refresh_statistics(session, _table(Customer), _table(CustomerPhone), _table(CustomerKey))


def _insert_customers(session: Session, ctx: Context, lines: Sequence[CustomerLine], after: After) -> None:
    unnamed = sum(not line.code for line in lines)
    above = max((int(line.code[1:]) for line in lines if is_own_code(line.code) and len(line.code) < 12), default=0)
    numbers = iter(take_block(session, SERIES, unnamed, above=above)) if unnamed or above else iter(())
    ids = reserve_ids(session, _table(Customer), len(lines))
    total, columns = counted_total(session), columns_of(lines)
    for start in range(0, len(lines), _KEY_CHUNK):
        keys: defaultdict[str, list[int]] = defaultdict(list)
        part = list(zip(ids[start : start + _KEY_CHUNK], lines[start : start + _KEY_CHUNK], strict=True))
        for chunk in _chunks(part):
            _insert_chunk(session, ctx, chunk, numbers, keys, columns, total, after)
        insert_pairs(session, _table(CustomerKey), ("key", "customer_id"), keys)


def _insert_chunk(
    session: Session,
    ctx: Context,
    part: Sequence[tuple[int, CustomerLine]],
    numbers: Iterator[int],
    keys: defaultdict[str, list[int]],
    columns: Sequence[str],
    total: int,
    after: After,
) -> None:
    now = ctx.clock.now()
    customers, phones, contacts, ledger, archive = [], [], [], [], []
    noted: list[tuple[str, str, int]] = []
    for customer_id, line in part:
        code = line.code or own_code(next(numbers))
        values = EMPTY | line.values
        values["filled"] = percent_of(values, (line.phones, line.contact), len(line.archive), total)
        customers.append((customer_id, code, 1, now, True, *[values[name] for name in columns]))
        if line.archive:
            archive += value_rows(customer_id, line)
        for key in keys_of(values["name"], values["company"], code, values["address"]):
            keys[key].append(customer_id)
        phones.extend(_phone_rows(customer_id, line, 0))
        noted.extend((tail, Customer.KIND, customer_id) for tail in tails_in(values["note"]))
        if line.contact:
            contacts.append((customer_id, line.contact, "", "", "", "", ""))
        if line.opening:
            ledger.append((customer_id, now, "opening", line.opening))
        after(line)
    insert_rows(session, _table(Customer), ("id", "code", "version", "created_at", "active", *columns), customers)
    insert_rows(session, _table(CustomerPhone), _PHONE, phones)
    insert_values(session, archive)
    insert_rows(session, _table(Contact), _CONTACT, contacts)
    insert_rows(session, _table(LedgerEntry), ("customer_id", "at", "kind", "amount"), ledger)
    insert_rows(session, _table(NotedNumber), _NOTED, sorted(noted))


_CONTACT = ("customer_id", "name", "role", "phone", "tail", "birthday", "note")
_NOTED = ("tail", "kind", "record_id")
_PHONE = ("customer_id", "position", "number", "extension", "label", "tail", "head")


def _phone_rows(customer_id: int, line: CustomerLine, first: int, known: Collection[str] = ()) -> list[tuple[Any, ...]]:
    fresh = [phone for phone in line.phones if phone[2] not in known]
    return [(customer_id, first + i, number, ext, "", tail, tail[::-1]) for i, (number, ext, tail) in enumerate(fresh)]


def _update_customers(
    session: Session, lines: Sequence[CustomerLine], columns: Sequence[str], today: date, after: After
) -> None:
    """Write what the filled cells change, add numbers that are new; cells left empty change nothing."""
    for chunk in _chunks(lines):
        cards = cards_now(session, chunk, columns, lock=True)
        _update_noted(session, chunk)
        updates, archive = _Updates(_table(Customer)), list[ArchiveChange]()
        for line in chunk:
            customer_id = line.existing_id or 0
            card = cards[customer_id]
            values = list(archive_changes(line, card.archive))
            archive += [(customer_id, *value) for value in values]
            line.changes = as_history(column_changes(line, card.columns, EMPTY)) | as_history(_or_none(values), ARCHIVE)
            changed = {name: new for name, _old, new in column_changes(line, card.columns, EMPTY)}
            if "may_contact" in changed:
                changed["consent_on"] = today if changed["may_contact"] else None
                line.changes["consent_on"] = [plain(card.columns["consent_on"]), plain(changed["consent_on"])]
            if "birthday" in changed:
                changed["birthday_key"] = key_of(changed["birthday"]) if changed["birthday"] else ""
            told = bool(card.fresh_contact(line)) or any(tail not in card.tails for _n, _e, tail in line.phones)
            updates.add(customer_id, changed, line, touched=told)
            after(line)
        before = _keys_now(session, updates.renamed)
        _add_phones(session, chunk, cards)
        _add_contacts(session, chunk, cards)
        updates.write(session)
        write_values(session, archive)
        recount(session, updates.ids)
        now, keys = _keys_now(session, updates.renamed), _table(CustomerKey)
        if gone := sorted(before - now):
            removal = delete(keys).where(keys.c.key == bindparam("k"), keys.c.customer_id == bindparam("i"))
            session.connection().execute(removal, [{"k": key, "i": number} for key, number in gone])
        insert_rows(session, keys, ("key", "customer_id"), sorted(now - before))


def _or_none(values: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str | None, str | None]]:
    """A value that is not there is no row of the archive: the history says so as after a save of the form."""
    return ((key, old or None, new or None) for key, old, new in values)


_KEYED = frozenset({"name", "company", "address"})  # what a customer is found by besides the numbers


class _Updates:
    """The rows of one table to be changed, those of the same columns in one statement; each is a new version."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        self.ids: list[int] = []
        self.renamed: list[int] = []

    def add(
        self, record_id: int, changed: Mapping[str, Any], line: CustomerLine | ItemLine, *, touched: bool = False
    ) -> None:
        """Note what is written; a row that changes nothing is left alone."""
        if not (line.changes or touched):
            return
        self.ids.append(record_id)
        if not _KEYED.isdisjoint(changed):
            self.renamed.append(record_id)
        self._groups[tuple(sorted(changed))].append({f"new_{n}": v for n, v in changed.items()} | {"its_id": record_id})

    def write(self, session: Session) -> None:
        """Write them all."""
        table = self._table
        for names, rows in self._groups.items():
            values = {"version": table.c.version + 1, **{name: bindparam(f"new_{name}") for name in names}}
            statement = update(table).where(table.c.id == bindparam("its_id")).values(values)
            session.connection().execute(statement, rows)


def _update_noted(session: Session, lines: Sequence[CustomerLine]) -> None:
    """Keep the numbers in the notes that are written anew: who calls from one of them is found by it."""
    notes = {
        line.existing_id: line.values.get("note", "")
        for line in lines if line.values.get("note") or "note" in line.emptied
    }  # fmt: skip
    if not notes:
        return
    table = _table(NotedNumber)
    query = select(Customer.id, Customer.note).where(Customer.id.in_(notes))
    old = {(tail, number) for number, note in session.execute(query) for tail in tails_in(note)}
    new = {(tail, number) for number, note in notes.items() for tail in tails_in(note)}
    if gone := sorted(old - new):
        own = (table.c.tail == bindparam("t"), table.c.kind == Customer.KIND, table.c.record_id == bindparam("i"))
        session.connection().execute(delete(table).where(*own), [{"t": tail, "i": number} for tail, number in gone])
    insert_rows(session, table, _NOTED, [(tail, Customer.KIND, number) for tail, number in sorted(new - old)])


def _keys_now(session: Session, ids: Sequence[int | None]) -> set[tuple[str, int]]:
    columns = (Customer.id, Customer.name, Customer.company, Customer.code, Customer.address)
    query = select(*columns).where(Customer.id.in_(ids))
    return {
        (key, customer_id)
        for customer_id, name, company, code, address in session.execute(query)
        for key in keys_of(name, company, code, address)
    }


def _add_phones(session: Session, lines: Sequence[CustomerLine], cards: Mapping[int, Card]) -> None:
    """Add the numbers that are new behind those a customer has, and note them for the history."""
    rows, owners = list[tuple[Any, ...]](), list[CustomerLine]()
    for line in lines:
        customer_id = line.existing_id or 0
        tails = cards[customer_id].tails
        fresh = _phone_rows(customer_id, line, len(tails), tails)
        rows += fresh
        owners += [line] * len(fresh)
    table = _table(CustomerPhone)
    ids = reserve_ids(session, table, len(rows)) if rows else ()
    for number, row, line in zip(ids, rows, owners, strict=True):
        for name, value in zip(_PHONE[2:4], row[2:4], strict=True):
            if value:
                line.changes[f"{table.name}#{number}.{name}"] = [None, value]
    insert_rows(session, table, ("id", *_PHONE), [(number, *row) for number, row in zip(ids, rows, strict=True)])


def _add_contacts(session: Session, lines: Sequence[CustomerLine], cards: Mapping[int, Card]) -> None:
    """Add the persons who speak for a customer and are not on the card yet."""
    fresh = [(line, name) for line in lines if (name := cards[line.existing_id or 0].fresh_contact(line))]
    table = _table(Contact)
    ids = reserve_ids(session, table, len(fresh)) if fresh else ()
    for number, (line, name) in zip(ids, fresh, strict=True):
        line.changes[f"{table.name}#{number}.name"] = [None, name]
    rows = [
        (number, line.existing_id, name, "", "", "", "", "") for number, (line, name) in zip(ids, fresh, strict=True)
    ]
    insert_rows(session, table, ("id", *_CONTACT), rows)


# --- items ----------------------------------------------------------------------------------------------------------


def _check_item_file(lines: Sequence[ItemLine]) -> None:
    """A code or barcode stands for one item only, so that a scan at packing can't mean two (PACK-03)."""
    first: dict[str, ItemLine] = {}
    for line in lines:
        for name in ("code", "barcode"):
            value = str(line.values.get(name, ""))
            other = first.setdefault(value, line) if value else line
            if other is not line and name not in line.errors:
                line.errors[name] = _("Row {row} has this code already.").format(row=other.number)


def _compare_items(session: Session, lines: Sequence[ItemLine], updating: bool, match: str) -> Found:
    codes: dict[str, int] = {}
    for chunk in _chunks([line.code for line in lines if line.code]):
        codes.update((code, number) for code, number in session.execute(
            select(Item.code, Item.id).where(Item.code.in_(chunk))))  # fmt: skip
    owners: dict[str, tuple[int, str]] = {}
    wanted = sorted({str(line.values[n]) for line in lines for n in ("code", "barcode") if line.values.get(n)})
    for chunk in _chunks(wanted):
        for barcode, item_id, code in session.execute(
            select(Item.barcode, Item.id, Item.code).where(Item.barcode.in_(chunk))
        ):
            owners[barcode] = (item_id, code)
        for code, item_id in session.execute(select(Item.code, Item.id).where(Item.code.in_(chunk))):
            owners.setdefault(code, (item_id, code))
    for line in lines:
        known = codes.get(line.code)
        if known and updating:
            line.existing_id = known
        elif known:
            line.errors["code"] = _("An item has this code already.")
        for name in ("code", "barcode"):
            value = str(line.values.get(name, ""))
            owner = owners.get(value)
            if value and owner is not None and owner[0] != known and name not in line.errors:
                line.errors[name] = _("The item {code} has this code already.").format(code=owner[1])
    return []


_ITEM_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("name", "barcode", "area", "unit", "material"), ""),
    **dict.fromkeys(("weight_g", "price_wholesale_a", "price_wholesale_b", "price_wholesale_c", "price_franchise",
                     "price_retail"), 0),
}  # fmt: skip


def _write_items(session: Session, ctx: Context, lines: Sequence[ItemLine], after: After) -> None:
    now, table = ctx.clock.now(), _table(Item)
    for chunk in _chunks([line for line in lines if line.existing_id is None]):
        rows = []
        for line in chunk:
            values = _ITEM_EMPTY | line.values
            rows.append((line.code, 1, now, True, *[values[name] for name in _ITEM_EMPTY]))
            after(line)
        insert_rows(session, table, ("code", "version", "created_at", "active", *_ITEM_EMPTY), rows)
    for chunk in _chunks([line for line in lines if line.existing_id is not None]):
        updates, items = _Updates(table), columns_now(session, Item, chunk, tuple(_ITEM_EMPTY), lock=True)
        for line in chunk:
            changes = list(column_changes(line, items[line.existing_id or 0], _ITEM_EMPTY))
            line.changes = as_history(changes)
            updates.add(line.existing_id or 0, {name: new for name, _old, new in changes}, line)
            after(line)
        updates.write(session)


CUSTOMERS = ImportKind(_check_customer_file, _compare_customers, _write_customers)
ITEMS = ImportKind(_check_item_file, _compare_items, _write_items)
