"""What an update from a file changes: told on a dry run, written, and kept in the history field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import _
from crmdesk.core.names import fold
from crmdesk.db.history import plain
from crmdesk.model.base import Base, table_of
from crmdesk.model.customer import Contact, Customer, CustomerPhone
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, ORIGINS, ArchiveField
from crmdesk.services.archive_fields import value_words
from crmdesk.services.customer_forms import GENDERS, KINDS
from crmdesk.services.import_archive import ARCHIVE, values_now
from crmdesk.services.import_fields import ImportField
from crmdesk.services.import_match import chunks
from crmdesk.services.import_rows import CustomerLine, ItemLine

MOST_DIFFERENCES = 1000  # kept to be shown; all are counted
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS, "gender": GENDERS, "origin": ORIGINS, "care_level": CARE_LEVELS, "may_contact": CONSENTS,
}  # fmt: skip
_DERIVED = frozenset({"birthday_key", "filled"})
_PHONE, _CONTACT = table_of(CustomerPhone), table_of(Contact)


class Difference(NamedTuple):
    """What an update would change: the row, whom it means, the field, what stands there and what would."""

    row: int
    who: str
    field: str
    old: Any
    new: Any


@dataclass(slots=True)
class Card:
    """What the office has of a customer in the columns that a file fills."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    archive: Mapping[str, str] = field(default_factory=dict)
    tails: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)  # who speaks for the customer, folded

    def fresh_contact(self, line: CustomerLine) -> str:
        """Return the contact person a row names whom the card does not have, '' for none."""
        return line.contact if line.contact and fold(line.contact) not in self.people else ""


def columns_now(
    session: Session, model: type[Base], lines: Sequence[CustomerLine | ItemLine], columns: Sequence[str],
    *, lock: bool = False,
) -> dict[int, dict[str, Any]]:  # fmt: skip
    """Return the columns of the records that these rows mean; with ``lock`` nobody changes them until the commit."""
    table = table_of(model)
    ids = sorted(line.existing_id for line in lines if line.existing_id is not None)
    query = select(table.c.id, *(table.c[name] for name in columns)).where(table.c.id.in_(ids)).order_by(table.c.id)
    rows = session.execute(query.with_for_update() if lock else query)
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def cards_now(
    session: Session, lines: Sequence[CustomerLine], columns: Sequence[str], *, lock: bool = False
) -> dict[int, Card]:
    """Return the customers that these rows mean as they stand now; four statements at the most."""
    rows = columns_now(session, Customer, lines, columns, lock=lock)
    values, tails = values_now(session, lines), defaultdict[int, set[str]](set)
    for customer_id, tail in session.execute(
        select(_PHONE.c.customer_id, _PHONE.c.tail).where(_PHONE.c.customer_id.in_(list(rows)))
    ):
        tails[customer_id].add(tail)
    people = defaultdict[int, set[str]](set)
    if any(line.contact for line in lines):
        for customer_id, name in session.execute(
            select(_CONTACT.c.customer_id, _CONTACT.c.name).where(_CONTACT.c.customer_id.in_(list(rows)))
        ):
            people[customer_id].add(fold(name))
    return {key: Card(now, values.get(key, {}), tails[key], people[key]) for key, now in rows.items()}


def column_changes(
    line: CustomerLine | ItemLine, now: Mapping[str, Any], empty: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Return which columns a row changes: name, before, after. An empty cell changes nothing.

    ``empty`` has the value of a column that the row empties.
    """
    for name, new in line.values.items():
        if name in now and name not in _DERIVED and new not in ("", None) and new != now[name]:
            yield name, now[name], new
    for name in line.emptied:
        if name in now and now[name] != empty[name]:
            yield name, now[name], empty[name]


def archive_changes(line: CustomerLine, now: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Return which values of the archive a row changes: key, before, after; '' for none."""
    for key, value in line.archive.items():
        if value != now.get(key, ""):
            yield key, now.get(key, ""), value
    for name in line.emptied:
        key = name.removeprefix(ARCHIVE)
        if key != name and now.get(key):
            yield key, now[key], ""


def differences(
    session: Session, lines: Sequence[CustomerLine], columns: Sequence[str], empty: Mapping[str, Any]
) -> tuple[list[Difference], int]:
    """Return what an update would change, field by field, and how many changes there are in all."""
    found: list[Difference] = []
    count = 0
    for chunk in chunks([line for line in lines if line.existing_id is not None]):
        cards = cards_now(session, chunk, columns)
        for line in chunk:
            for name, old, new in _told(line, cards[line.existing_id or 0], empty):
                count += 1
                if len(found) < MOST_DIFFERENCES:
                    found.append(Difference(line.number, line.name, name, old, new))
    return found, count


def _told(line: CustomerLine, card: Card, empty: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name, old, new in column_changes(line, card.columns, empty):
        yield name, old, None if name in line.emptied else new
    for key, old, new in archive_changes(line, card.archive):
        yield ARCHIVE + key, old, new or None
    for number, extension, tail in line.phones:
        if tail not in card.tails:
            yield "phone", "", f"{number} #{extension}" if extension else number
    if contact := card.fresh_contact(line):
        yield "contact", "", contact


def as_history(changes: Iterable[tuple[str, Any, Any]], prefix: str = "") -> dict[str, list[Any]]:
    """Return changes as the history keeps them, named as a save of the form names them."""
    return {prefix + name: [plain(old), plain(new)] for name, old, new in changes}


def say_difference(
    change: Difference, columns: Sequence[ImportField], archive: Mapping[str, ArchiveField], people: Mapping[int, str]
) -> Difference:
    """Return a difference as people read it: the field by its title, choices and colleagues by their words."""
    named = {"owner_id": "owner", "custodian_id": "custodian"}.get(change.field, change.field)
    title = next((_(column.title) for column in columns if column.name == named), change.field)

    def read(value: Any) -> str:
        if value in (None, ""):
            return ""
        if change.field in ("owner_id", "custodian_id"):
            return people.get(value, str(value))
        if change.field in archive:
            return value_words(archive[change.field], str(value))
        words = _WORDS.get(change.field, {}).get(str(value))
        return _(words) if words else str(value)

    new = _("(emptied)") if change.new is None else read(change.new)
    return change._replace(field=title, old=read(change.old), new=new)
