"""Whom a row of a file means: by code, by phone, or by name and company, as the person at the screen chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_, _
from crmdesk.core.names import fold
from crmdesk.model.base import table_of
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, ORIGINS, ArchiveField
from crmdesk.services.archive_fields import value_words
from crmdesk.services.customer_forms import GENDERS, KINDS
from crmdesk.services.import_archive import ARCHIVE, values_now
from crmdesk.services.import_fields import ImportField
from crmdesk.services.import_rows import CustomerLine

MATCHES: Mapping[str, str] = {
    "auto": N_("By code, else by name and number"),
    "code": N_("By code"),
    "phone": N_("By phone"),
    "name": N_("By name and company"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS, "gender": GENDERS, "origin": ORIGINS, "care_level": CARE_LEVELS, "may_contact": CONSENTS,
}  # fmt: skip
MOST_DIFFERENCES = 1000  # kept to be shown; all are counted
_CHUNK = 5000
_CUSTOMER, _PHONE = table_of(Customer), table_of(CustomerPhone)

Owner = tuple[int, str, str]  # id, name, code
L = TypeVar("L")


class Difference(NamedTuple):
    """What an update would change: the row, whom it means, the field, what stands there and what would."""

    row: int
    who: str
    field: str
    old: Any
    new: Any


def chunks(values: Sequence[L], size: int = _CHUNK) -> Iterator[Sequence[L]]:
    """Yield a sequence in parts that one statement can hold."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def owners_of_tails(session: Session, tails: Iterable[str]) -> dict[str, list[Owner]]:
    """Return which customers have each number."""
    found: dict[str, list[Owner]] = defaultdict(list)
    if session.scalar(select(CustomerPhone.id).limit(1)) is None:
        return found  # a first import has nobody to compare with
    for chunk in chunks(sorted(tails)):
        query = (
            select(_PHONE.c.tail, _CUSTOMER.c.id, _CUSTOMER.c.name, _CUSTOMER.c.code)
            .select_from(_PHONE.join(_CUSTOMER, _CUSTOMER.c.id == _PHONE.c.customer_id))
            .where(_PHONE.c.tail.in_(chunk), _CUSTOMER.c.merged_into_id.is_(None))
        )
        for tail, customer_id, name, code in session.execute(query):
            found[tail].append((customer_id, name, code))
    return found


def find_meant(
    session: Session, lines: Sequence[CustomerLine], owners: Mapping[str, list[Owner]], *, updating: bool, match: str
) -> None:
    """Say of each row which customer it means (``existing_id``), or write down why it can't be said.

    Without ``updating`` a customer who is there already is an error. ``auto`` is done where numbers are compared.
    """
    if match == "phone":
        _by_lines(lines, "phone", _phone_owners(owners), updating)
    elif match == "name":
        known = _same_names(session, lines)
        _by_lines(lines, "name", lambda line: known.get(_whole_name(line.name, _company(line)), set()), updating)


def find_codes(session: Session, lines: Sequence[CustomerLine], *, updating: bool) -> None:
    """Say of each row with a code which customer it means; a code that was merged into another card means that one.

    Without ``updating`` a code the office has is an error.
    """
    rows = {line.existing_id: line.number for line in lines if line.existing_id is not None}
    known: dict[str, tuple[int, str]] = {}
    meant = func.coalesce(_CUSTOMER.c.merged_into_id, _CUSTOMER.c.id)
    for chunk in chunks([line.code for line in lines if line.code]):
        query = select(_CUSTOMER.c.code, meant, _CUSTOMER.c.name).where(_CUSTOMER.c.code.in_(chunk))
        known |= {code: (customer_id, name) for code, customer_id, name in session.execute(query)}
    for line in lines:
        if line.code not in known or line.existing_id is not None or "code" in line.errors:
            continue
        customer_id, name = known[line.code]
        if not updating:
            line.errors["code"] = _("A customer has this code already.")
        elif customer_id in rows:
            line.errors["code"] = _("Row {row} means the same customer: {name} ({code}).").format(
                row=rows[customer_id], name=name, code=line.code
            )
        else:
            line.existing_id = customer_id
            rows[customer_id] = line.number


def _by_lines(
    lines: Sequence[CustomerLine], field: str, meant: Callable[[CustomerLine], set[Owner]], updating: bool
) -> None:
    claimed: dict[int, int] = {}
    for line in lines:
        found = sorted(meant(line))
        if not found:
            continue
        customer_id, name, code = found[0]
        if len(found) > 1:
            people = ", ".join(f"{n} ({c})" for _i, n, c in found[:3])
            line.errors[field] = _("This may be several customers: {people}.").format(people=people)
        elif not updating:
            line.errors[field] = _("{name} ({code}) is a customer already.").format(name=name, code=code)
        elif line.code and line.code != code:
            line.errors["code"] = _("{name} has the code {code} here.").format(name=name, code=code)
        elif customer_id in claimed:
            line.errors[field] = _("Row {row} means the same customer: {name} ({code}).").format(
                row=claimed[customer_id], name=name, code=code
            )
        else:
            line.existing_id = customer_id
            claimed[customer_id] = line.number


def _phone_owners(owners: Mapping[str, list[Owner]]) -> Callable[[CustomerLine], set[Owner]]:
    def meant(line: CustomerLine) -> set[Owner]:
        return {owner for _number, _extension, tail in line.phones for owner in owners.get(tail, ())}

    return meant


def _company(line: CustomerLine) -> str:
    return str(line.values.get("company") or "")


def _whole_name(name: str, company: str) -> tuple[str, str]:
    return fold(name) or name, fold(company) or company


def _same_names(session: Session, lines: Sequence[CustomerLine]) -> dict[tuple[str, str], set[Owner]]:
    found: dict[tuple[str, str], set[Owner]] = defaultdict(set)
    for chunk in chunks(sorted({line.name for line in lines if line.name})):
        query = select(_CUSTOMER.c.id, _CUSTOMER.c.name, _CUSTOMER.c.code, _CUSTOMER.c.company)
        query = query.where(_CUSTOMER.c.name.in_(chunk), _CUSTOMER.c.merged_into_id.is_(None))
        for customer_id, name, code, company in session.execute(query):
            found[_whole_name(name, company)].add((customer_id, name, code))
    return found


def differences(
    session: Session, lines: Sequence[CustomerLine], columns: Sequence[str]
) -> tuple[list[Difference], int]:
    """Return what an update would change, field by field, and how many changes there are in all."""
    found: list[Difference] = []
    count = 0
    known_lines = [line for line in lines if line.existing_id is not None]
    for chunk in chunks(known_lines):
        ids = [line.existing_id for line in chunk]
        query = select(_CUSTOMER.c.id, *(_CUSTOMER.c[name] for name in columns)).where(_CUSTOMER.c.id.in_(ids))
        now = {row[0]: dict(zip(columns, row[1:], strict=True)) for row in session.execute(query)}
        values = values_now(session, chunk)
        numbers = _numbers(session, ids)
        for line in chunk:
            assert line.existing_id is not None
            for field, old, new in _changes(
                line, now.get(line.existing_id, {}), values.get(line.existing_id, {}), numbers[line.existing_id]
            ):
                count += 1
                if len(found) < MOST_DIFFERENCES:
                    found.append(Difference(line.number, line.name, field, old, new))
    return found, count


def _numbers(session: Session, ids: Sequence[int | None]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    query = select(_PHONE.c.customer_id, _PHONE.c.tail).where(_PHONE.c.customer_id.in_(ids))
    for customer_id, tail in session.execute(query):
        found[customer_id].add(tail)
    return found


def _changes(
    line: CustomerLine, now: Mapping[str, Any], archive: Mapping[str, str], numbers: set[str]
) -> Iterator[tuple[str, Any, Any]]:
    for name, new in line.values.items():
        if name != "birthday_key" and name in now and new not in ("", None) and new != now[name]:
            yield name, now[name], new
    for key, value in line.archive.items():
        if value != archive.get(key, ""):
            yield ARCHIVE + key, archive.get(key, ""), value
    for number, extension, tail in line.phones:
        if tail not in numbers:
            yield "phone", "", f"{number} #{extension}" if extension else number


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

    return change._replace(field=title, old=read(change.old), new=read(change.new))
