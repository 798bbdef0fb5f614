"""Checklists: whose list it is, what a line asks of who ticks it, and what is missing before a list is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from crmdesk.core.i18n import N_, _
from crmdesk.rules.pack_tables import Line, Texts, in_language
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Tick

CLOSING = "closing"  # the list before the office closes (CALL-13)
FAX = "fax"  # its line that the reception's board shows too
OFFER_MINUTES = 30  # before closing time the program begins to speak of it

#: Who sees and ticks the lists of a desk: "" is everybody's.
DESK_RIGHTS: Mapping[str, Right] = MappingProxyType(
    {
        "": Right.CALL,
        "reception": Right.VISIT,
        "sales": Right.SALE,
        "packing": Right.PACK,
        "repairs": Right.REPAIR,
        "complaints": Right.COMPLAINT_HANDLE,
        "reports": Right.MONTH,
    }
)
DESKS: Mapping[str, str] = MappingProxyType(
    {
        "": N_("Everybody"),
        "reception": N_("Reception"),
        "sales": N_("Sales"),
        "packing": N_("Packing"),
        "repairs": N_("Repairs"),
        "complaints": N_("Complaints"),
        "reports": N_("Manager"),
    }
)
_FLAGS = ("second", "photo", "note", "optional")


class Said(Protocol):
    """What somebody said about a line."""

    @property
    def line(self) -> str: ...

    @property
    def fault(self) -> bool: ...

    @property
    def second_id(self) -> int | None: ...


class Missing(NamedTuple):
    """A line that keeps a list from being done, and whether only the second signature lacks."""

    line: Line
    half: bool


def right_of(desk: str) -> Right:
    """Return the right that a desk's lists ask for; a desk nobody knows is the manager's."""
    return DESK_RIGHTS.get(desk, Right.POLICY)


def complete(line: Line, said: Said | None) -> bool:
    """Whether a line is settled: ticked, and by two persons where it asks for two."""
    return said is not None and not said.fault and (not line.second or said.second_id is not None)


def missing(lines: Iterable[Line], said: Collection[Said]) -> list[Missing]:
    """Return the lines that must be ticked yet, in order."""
    by_line = {word.line: word for word in said}
    result = []
    for line in lines:
        word = by_line.get(line.key)
        if not line.optional and not complete(line, word):
            result.append(Missing(line, word is not None and not word.fault))
    return result


def count_done(lines: Iterable[Line], said: Collection[Said]) -> int:
    """Return how many lines are settled."""
    by_line = {word.line: word for word in said}
    return sum(complete(line, by_line.get(line.key)) for line in lines)


def turns(policy: Policy, times: str) -> int:
    """Return how many such lists a day has: once, or what the clause's number says (``CLAUSE.number``)."""
    clause, _dot, key = times.partition(".")
    if not times or clause not in policy or key not in policy.clause(clause).numbers:
        return 1
    value = policy.clause(clause).number(key).value
    return max(1, int(value)) if isinstance(value, int) else 1


def plain_line(line: Line) -> dict[str, Any]:
    """Return a line as JSON keeps it."""
    marks = {flag: True for flag in _FLAGS if getattr(line, flag)}
    return {"key": line.key, "clause": line.clause, "text": dict(line.text), **marks}


def line_of(plain: Mapping[str, Any]) -> Line:
    """Return what ``plain_line`` wrote."""
    marks = {flag: bool(plain.get(flag)) for flag in _FLAGS}
    return Line(plain["key"], plain.get("clause", ""), MappingProxyType(dict(plain["text"])), **marks)


def all_languages(text: str) -> Texts:
    """Return a text somebody typed: the same in every language."""
    return MappingProxyType({"en": text, "zh_TW": text, "zh_CN": text})


def spoken(words: Texts | str) -> str:
    """Return the words of a line in the language of the screen: a pack's, or a source text."""
    return _(words) if isinstance(words, str) else in_language(words)


def procedure(policy: Policy, key: str, ticks: Sequence[Tick]) -> tuple[tuple[str, Texts | str, str], ...]:
    """Return the lines of a record's own list as (key, words, clause): the pack's, and what its steps wait for.

    ``ticks`` are those the table of states knows (``words`` is then a source text); of clauses the office doesn't
    work by they are left out, as the needs are.
    """
    known = [tick for tick in ticks if tick.clause in policy]
    found = policy.checklist(key)
    if found is None:
        return tuple((tick.key, tick.label, tick.clause) for tick in known)
    lines = [(line.key, line.text, line.clause) for line in found.lines]
    listed = {line.key for line in found.lines}
    more = [(tick.key, tick.label, tick.clause) for tick in known if tick.required and tick.key not in listed]
    return (*lines, *more)
