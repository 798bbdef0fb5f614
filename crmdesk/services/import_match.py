"""Whom a row of a file means: by code, by phone, or by name and company, as the person at the screen chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_, _
from crmdesk.core.names import fold
from crmdesk.model.base import table_of
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.services.import_rows import CustomerLine

MATCHES: Mapping[str, str] = {
    "auto": N_("By code, else by name and number"),
    "code": N_("By code"),
    "phone": N_("By phone"),
    "name": N_("By name and company"),
}
_CHUNK = 5000
_CUSTOMER, _PHONE = table_of(Customer), table_of(CustomerPhone)

Owner = tuple[int, str, str]  # id, name, code
L = TypeVar("L")


def chunks(values: Sequence[L], size: int = _CHUNK) -> Iterator[Sequence[L]]:
    """Yield a sequence in parts that one statement can hold."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


class Merged:
    """The cards that were merged into another: a row that means one of them means the card that holds it now."""

    def __init__(self, session: Session) -> None:
        gone, kept = _CUSTOMER.alias("gone"), _CUSTOMER.alias("kept")
        rows = session.execute(
            select(gone.c.id, gone.c.code, gone.c.name, gone.c.company, kept.c.id, kept.c.name, kept.c.code)
            .select_from(gone.join(kept, kept.c.id == gone.c.merged_into_id))
            .where(gone.c.merged_into_id.is_not(None))
        )
        self.by_id: dict[int, Owner] = {}
        self.by_code: dict[str, Owner] = {}
        self.by_name: dict[tuple[str, str], set[Owner]] = defaultdict(set)
        self._said: set[tuple[int, str]] = set()  # what the cards that are gone were called, by who holds them
        for gone_id, code, name, company, *holder in rows:
            owner: Owner = (holder[0], holder[1], holder[2])
            self.by_id[gone_id] = self.by_code[code] = owner
            self.by_name[_whole_name(name, company)].add(owner)
            self._said |= {(owner[0], fold(name)), (owner[0], fold(company))}

    def is_called(self, owner: Owner, name: str) -> bool:
        """Whether a customer, or a card merged into his, has this name."""
        return fold(owner[1]) == fold(name) or (owner[0], fold(name)) in self._said

    def reach(self, line: CustomerLine, owner: Owner) -> None:
        """Let a row mean this customer; an old file does not bring back the name of a card that is gone."""
        line.existing_id = owner[0]
        for field, now in (("name", owner[1]), ("company", "")):  # an empty cell changes nothing
            said = fold(str(line.values.get(field) or ""))
            old = said != fold(now) or line.code in self.by_code  # of the card that is gone, for certain
            if said and old and (owner[0], said) in self._said:
                line.values[field] = now


def owners_of_tails(session: Session, tails: Iterable[str], merged: Merged) -> dict[str, list[Owner]]:
    """Return which customers have each number; one that only a merged card has is that of the card that holds it."""
    found: dict[str, list[Owner]] = defaultdict(list)
    if session.scalar(select(CustomerPhone.id).limit(1)) is None:
        return found  # a first import has nobody to compare with
    gone: dict[str, list[Owner]] = defaultdict(list)
    for chunk in chunks(sorted(tails)):
        query = (
            select(_PHONE.c.tail, _CUSTOMER.c.id, _CUSTOMER.c.name, _CUSTOMER.c.code)
            .select_from(_PHONE.join(_CUSTOMER, _CUSTOMER.c.id == _PHONE.c.customer_id))
            .where(_PHONE.c.tail.in_(chunk))
        )
        for tail, customer_id, name, code in session.execute(query):
            if customer_id not in merged.by_id:
                found[tail].append((customer_id, name, code))
            elif merged.by_id[customer_id] not in gone[tail]:
                gone[tail].append(merged.by_id[customer_id])
    return found | {tail: owners for tail, owners in gone.items() if owners and tail not in found}


def find_meant(
    session: Session, lines: Sequence[CustomerLine], owners: Mapping[str, list[Owner]], merged: Merged,
    *, updating: bool, match: str,
) -> None:  # fmt: skip
    """Say of each row which customer it means (``existing_id``), or write down why it can't be said.

    Without ``updating`` a customer who is there already is an error. ``auto`` is done where numbers are compared.
    """
    if match == "phone":
        _by_lines(lines, "phone", _phone_owners(owners), merged, updating)
    elif match == "name":
        _by_lines(lines, "name", _name_owners(_same_names(session, lines), merged), merged, updating)


def find_codes(session: Session, lines: Sequence[CustomerLine], merged: Merged, *, updating: bool) -> None:
    """Say of each row with a code which customer it means; a code that was merged into another card means that one.

    Without ``updating`` a code the office has is an error.
    """
    rows = {line.existing_id: line.number for line in lines if line.existing_id is not None}
    known: dict[str, Owner] = {}
    for chunk in chunks([line.code for line in lines if line.code]):
        query = select(_CUSTOMER.c.id, _CUSTOMER.c.name, _CUSTOMER.c.code).where(_CUSTOMER.c.code.in_(chunk))
        known |= {code: (number, name, code) for number, name, code in session.execute(query)}
    known |= {code: owner for code, owner in merged.by_code.items() if code in known}
    for line in lines:
        if line.code not in known or line.existing_id is not None or "code" in line.errors:
            continue
        owner = known[line.code]
        if not updating:
            line.errors["code"] = _("A customer has this code already.")
        elif owner[0] in rows:
            line.errors["code"] = same_row(rows[owner[0]], owner)
        else:
            merged.reach(line, owner)
            rows[owner[0]] = line.number


def same_row(row: int, owner: Owner) -> str:
    """Return the sentence that an earlier row of the file means this customer already."""
    return _("Row {row} means the same customer: {name} ({code}).").format(row=row, name=owner[1], code=owner[2])


def _by_lines(
    lines: Sequence[CustomerLine], field: str, meant: Callable[[CustomerLine], set[Owner]], merged: Merged,
    updating: bool,
) -> None:  # fmt: skip
    claimed: dict[int, int] = {}
    for line in lines:
        found = sorted(meant(line))
        if not found:
            continue
        owner = found[0]
        customer_id, name, code = owner
        if len(found) > 1:
            people = ", ".join(f"{n} ({c})" for _i, n, c in found[:3])
            line.errors[field] = _("This may be several customers: {people}.").format(people=people)
        elif not updating:
            line.errors[field] = _("{name} ({code}) is a customer already.").format(name=name, code=code)
        elif line.code and line.code != code and merged.by_code.get(line.code) != owner:
            line.errors["code"] = _("{name} has the code {code} here.").format(name=name, code=code)
        elif customer_id in claimed:
            line.errors[field] = same_row(claimed[customer_id], owner)
        else:
            merged.reach(line, owner)
            claimed[customer_id] = line.number


def _phone_owners(owners: Mapping[str, list[Owner]]) -> Callable[[CustomerLine], set[Owner]]:
    def meant(line: CustomerLine) -> set[Owner]:
        return {owner for _number, _extension, tail in line.phones for owner in owners.get(tail, ())}

    return meant


def _name_owners(
    known: Mapping[tuple[str, str], set[Owner]], merged: Merged
) -> Callable[[CustomerLine], set[Owner]]:
    def meant(line: CustomerLine) -> set[Owner]:
        called = _whole_name(line.name, _company(line))
        return known.get(called) or merged.by_name.get(called, set())

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
