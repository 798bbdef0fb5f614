"""Is this customer here already? Cards that look like what is being typed: by number, name, shop and address.

Candidates come from the indexes alone (numbers, and the keys of names and addresses), at most ``CANDIDATES`` of them;
only these are compared letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from crmdesk.core.addresses import address_key, place
from crmdesk.core.i18n import N_, _
from crmdesk.core.name_parts import Parsed, parse
from crmdesk.core.names import fold, search_keys
from crmdesk.core.phone import query_tail
from crmdesk.core.text import clean
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_keys import CONTACT, CUSTOMER, FIELDS, KEY, PHONE

CANDIDATES = 50
WHOLE = 7  # digits of a number that can be somebody's whole number
ENOUGH = 45  # points from which a card is shown
_SHARED = 120  # customers of one key that are looked at: a key of more tells little
_KEYS = 24
#: What makes two cards alike, with the points it counts and the word for it.
REASONS: dict[str, tuple[int, str]] = {
    "phone": (60, N_("same number")),
    "name": (46, N_("same name")),  # before all who only live in the same market hall
    "sound": (30, N_("sounds the same")),
    "like": (25, N_("similar name")),
    "company": (25, N_("same shop")),
    "address": (45, N_("same address")),
    "door": (30, N_("same address")),  # but for a letter, or the floor
    "near": (18, N_("similar address")),
}
_DIGITS = re.compile(r"\d+")
_WEIGHT = 100  # keys of a name that the key of an address counts: who lives there is always looked at
_LIKE, _NEAR, _SAME = 66.0, 80.0, 93.0  # per cent of letters in common


class Alike(NamedTuple):
    """A card that may be the same customer; ``reasons`` are keys of ``REASONS``, the weightiest first."""

    id: int
    code: str
    name: str
    company: str
    phone: str
    address: str
    active: bool
    last_contact_at: datetime | None
    points: int
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """Return what is alike, in the language of the screen."""
        return _(", ").join(_(REASONS[reason][1]) for reason in self.reasons)


def find_alike(
    ctx: Context,
    *,
    name: str = "",
    company: str = "",
    phones: Sequence[str] = (),
    address: str = "",
    own_id: int | None = None,
    limit: int = 4,
) -> list[Alike]:
    """Return cards that may be the customer being typed, the likeliest first, without ``own_id``.

    Cards that are not in use are among them, merged ones not. At most three statements; nothing typed, none.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    tails = sorted({tail for text in phones if len(tail := query_tail(text, ctx.office.home)[:24]) >= WHOLE})
    name, company = clean(name)[:80], clean(company)[:80]
    keys = dict.fromkeys(_telling_keys(name, company), 1)
    if key := address_key(clean(address)[:200]):
        keys[key] = _WEIGHT
    if not tails and not keys:
        return []
    with ctx.reading() as session:
        numbers = _by_number(session, tails) if tails else {}
        found = set(numbers) | set(_by_keys(session, keys)) - {own_id}
        rows = session.execute(
            select(*FIELDS).where(CUSTOMER.c.id.in_(sorted(found)), CUSTOMER.c.merged_into_id.is_(None))
        ).all() if found else []  # fmt: skip
    alike = [_compared(row, name, company, address, numbers.get(row.id, "")) for row in rows if row.id != own_id]
    alike = [one for one in alike if one.points >= ENOUGH]
    alike.sort(key=lambda one: (-one.points, -(one.last_contact_at.timestamp() if one.last_contact_at else 0.0)))
    return alike[:limit]


@cache
def _ratio() -> Callable[[str, str], float]:
    from rapidfuzz.fuzz import ratio  # thirty milliseconds that no start of the program needs

    return ratio


def _telling_keys(name: str, company: str) -> list[str]:
    """Return the keys of names that few customers share: pairs of characters, three first letters, long words."""
    found: list[str] = []
    for text in (name, company):
        keys = search_keys(text) if text else frozenset()
        found += sorted(key for key in keys if key[0] == "h" and len(key) == 4)
        found += sorted(key for key in keys if key[0] == "i" and len(key) == 5)
        found += sorted((key for key in keys if key[0] == "w" and len(key) >= 6), key=len, reverse=True)
    return list(dict.fromkeys(found))[:_KEYS]


def _by_number(session: Session, tails: Sequence[str]) -> dict[int, str]:
    """Return who has one of these numbers, his own or a contact person's, with the number as it is shown."""
    own = select(PHONE.c.customer_id, PHONE.c.number).where(_one_of(PHONE.c.tail, tails)).limit(CANDIDATES)
    others = select(CONTACT.c.customer_id, CONTACT.c.phone).where(_one_of(CONTACT.c.tail, tails)).limit(CANDIDATES)
    both = union_all(select(own.subquery()), select(others.subquery()))
    return {row[0]: row[1] for row in session.execute(both)}


def _one_of(column: ColumnElement[Any], tails: Iterable[str]) -> ColumnElement[bool]:
    # with and without the trunk 0, and a local number the area of which was left out
    return or_(*((column >= tail) & (column < tail + ":") for tail in tails))


def _by_keys(session: Session, keys: Mapping[str, int]) -> list[int]:
    """Return who shares the most of these keys, by their weights."""
    if not keys:
        return []
    having = (
        select(KEY.c.customer_id, literal(weight).label("w")).where(KEY.c.key == key)
        .limit(_SHARED if weight == 1 else CANDIDATES // 2)  # a hall full of stalls leaves room for the names
        for key, weight in keys.items()
    )
    each = union_all(*(select(some.subquery()) for some in having)).subquery()
    shared = func.sum(each.c.w)
    query = select(each.c.customer_id).group_by(each.c.customer_id).order_by(shared.desc(), each.c.customer_id.desc())
    return list(session.scalars(query.limit(CANDIDATES)))


def _compared(row: Row[Any], name: str, company: str, address: str, number: str) -> Alike:
    reasons = ["phone"] if number else []
    if name and (said := _names_alike(name, row.name)):
        reasons.append(said)
    if company and row.company and _ratio()(fold(company), fold(row.company)) >= _SAME:
        reasons.append("company")
    if address and row.address:
        mine, theirs = place(address), place(row.address)
        same = _ratio()(mine, theirs)
        if mine == theirs and address_key(address):
            reasons.append("address")
        elif same >= _NEAR:
            numbers = [_DIGITS.findall(text) for text in (mine, theirs)]
            door = all(one == other for one, other in zip(*numbers, strict=False))  # one may leave out the floor
            reasons.append("door" if same >= _SAME and door else "near")
    reasons.sort(key=lambda reason: -REASONS[reason][0])
    return Alike(
        row.id, row.code, row.name, row.company, number, row.address, row.active, row.last_contact_at,
        sum(REASONS[reason][0] for reason in reasons), tuple(reasons),
    )  # fmt: skip


def _names_alike(one: str, other: str) -> str:
    """Return how alike two names are: the very same, the same sound in other characters, or nearly; '' if not."""
    mine, theirs = fold(one), fold(other)
    if not mine or not theirs:
        return ""
    if mine == theirs:
        return "name"
    if len(mine) == len(theirs) > 1 and _sounds_same(parse(one), parse(other)):
        return "sound"
    return "like" if len(mine) > 1 and _ratio()(mine, theirs) >= _LIKE else ""


def _sounds_same(one: Parsed, other: Parsed) -> bool:
    """Whether every character of two Chinese names may be read alike: 美鳳 and 美風."""
    if len(one.sounds) != 1 or len(other.sounds) != 1 or one.words or other.words:
        return False
    pairs = list(zip(one.sounds[0], other.sounds[0], strict=False))
    return len(pairs) > 1 and all(set(mine) & set(theirs) for mine, theirs in pairs)
