"""Regulation packs: TOML files read strictly as a whole, with the manager's changed numbers laid over them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _, language
from crmdesk.core.paths import resource
from crmdesk.rules.clauses import TEXT_LANGUAGES, Clause, DefectError, Number, PackError, Value, read_clause, typed

DEFAULT_PACK = "showroom"
OverrideKey = tuple[str, str]  # clause id, key of its number

_CLAUSE_ID = re.compile(r"[A-Z]{2,6}-\d{2,3}")
_CLAUSE_HEAD = re.compile(r"\s*\[\[\s*clause\s*\]\]")


@dataclass(frozen=True)
class Policy:
    """The regulation an office works by: its clauses by id, and which numbers the manager has changed."""

    name: str
    title: Mapping[str, str]
    clauses: Mapping[str, Clause]
    overrides: Mapping[OverrideKey, Value] = field(default_factory=dict)
    file: str = ""
    _pack: Mapping[str, Clause] = field(default_factory=dict, repr=False)  # as shipped, to show beside a change

    @classmethod
    def load(cls, path: Path) -> Policy:
        """Read a pack file; PackError (file, line, key, reason) when anything in it is wrong."""
        return _Reader(path).policy()

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.clauses.values())

    def __contains__(self, clause_id: object) -> bool:
        return clause_id in self.clauses

    def clause(self, clause_id: str) -> Clause:
        """Return a clause (manager's numbers included); KeyError if the pack doesn't hold it."""
        return self.clauses[clause_id]

    def text(self, clause_id: str, code: str = "") -> str:
        """Return the text of a clause in a language (default: the one of the screens); English gives the gist."""
        texts = self.clauses[clause_id].text
        return texts.get(code or language(), texts["en"])

    def value(self, clause_id: str, key: str) -> Value:
        """Return a number of any type; UserError when the source lost it and the manager has not set it yet."""
        value = self.clauses[clause_id].number(key).value
        if value is None:
            raise UserError(
                _("The regulation gives no number for {clause} ({key}). Please ask the manager to set it.").format(
                    clause=clause_id, key=key
                ),
                clause=clause_id,
            )
        return value

    def number(self, clause_id: str, key: str) -> int:
        """Return a whole number in its unit (seconds, copies, persons …); TypeError if the unit allows fractions."""
        value = self.value(clause_id, key)
        if isinstance(value, int):
            return value
        if isinstance(value, Decimal) and value == int(value):
            return int(value)
        raise TypeError(f"{clause_id} {key} is {value!r}, not a whole number")

    def decimal(self, clause_id: str, key: str) -> Decimal:
        """Return a number that may have a fraction (days, percent, amounts)."""
        value = self.value(clause_id, key)
        if isinstance(value, (int, Decimal)):
            return Decimal(value)
        raise TypeError(f"{clause_id} {key} is {value!r}, not a number")

    def pack_number(self, clause_id: str, key: str) -> Number:
        """Return a number as the pack ships it, whatever the manager changed."""
        return (self._pack or self.clauses)[clause_id].number(key)

    def is_changed(self, clause_id: str, key: str) -> bool:
        """Whether the manager has put another number in the place of the pack's."""
        return (clause_id, key) in self.overrides

    def with_overrides(self, overrides: Mapping[OverrideKey, Any]) -> Policy:
        """Return this pack with exactly these changed numbers over it; PackError refuses them all if one is wrong."""
        base = self._pack or self.clauses
        clauses = dict(base)
        kept: dict[OverrideKey, Value] = {}
        for (clause_id, key), raw in overrides.items():
            place = f"{clause_id}.{key}"
            if clause_id not in base or key not in base[clause_id].numbers:
                raise PackError(self.name, 0, place, _("unknown key"), clause=clause_id)
            number = base[clause_id].numbers[key]
            try:
                value = typed(raw, number.type)
            except ValueError as error:
                raise PackError(self.name, 0, place, str(error), clause=clause_id) from None
            kept[clause_id, key] = value
            changed = {**clauses[clause_id].numbers, key: replace(number, value=value)}
            clauses[clause_id] = replace(clauses[clause_id], numbers=MappingProxyType(changed))
        return replace(self, clauses=MappingProxyType(clauses), overrides=MappingProxyType(kept), _pack=base)


def load_pack(name: str = DEFAULT_PACK) -> Policy:
    """Load a pack shipped with the program by its name."""
    return Policy.load(resource("policies", f"{name}.toml"))


class _Reader:
    """Reads one file; only here lines are known, so that a refusal can name one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[str] = []
        self.heads: list[int] = []  # line number of each [[clause]]

    def refuse(self, line: int, key: str, reason: str, clause: str = "") -> PackError:
        return PackError(self.path.name, line, key, reason, clause=clause)

    def policy(self) -> Policy:
        document = self.document()
        for key in document:
            if key not in ("pack", "clause"):
                raise self.refuse(self.line_of(key), key, _("unknown key"))
        name, title = self.head(document.get("pack"))
        tables = document.get("clause", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.refuse(self.line_of("clause"), "clause", _("must be a table"))
        clauses: dict[str, Clause] = {}
        for position, table in enumerate(tables):
            try:
                clause = read_clause(table)
                if not _CLAUSE_ID.fullmatch(clause.id):
                    raise DefectError("id", _("“{value}” is not a clause number").format(value=clause.id))
                if clause.id in clauses:
                    raise DefectError("id", _("{clause} stands here twice").format(clause=clause.id))
            except DefectError as defect:
                where = str(table.get("id", ""))
                line = self.line_in(position, defect.key)
                raise self.refuse(line, f"{where}.{defect.key}".strip("."), defect.reason, where) from None
            clauses[clause.id] = clause
        frozen = MappingProxyType(clauses)
        return Policy(name, title, frozen, MappingProxyType({}), self.path.name, frozen)

    def document(self) -> dict[str, Any]:
        try:
            raw = self.path.read_bytes()
        except OSError as error:
            raise self.refuse(0, "", _("the file can't be read")) from error
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise self.refuse(line, "", _("the file is not UTF-8")) from error
        self.lines = text.splitlines()
        self.heads = [n for n, line in enumerate(self.lines, 1) if _CLAUSE_HEAD.match(line)]
        try:
            return tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else len(self.lines)
            raise self.refuse(line, "", str(error)) from error

    def head(self, table: Any) -> tuple[str, Mapping[str, str]]:
        line = self.line_of("[pack]")
        if not isinstance(table, dict):
            raise self.refuse(line, "pack", _("missing"))
        known = ("name", "gist", *TEXT_LANGUAGES)
        for key in (*table, *known):
            if key not in known:
                raise self.refuse(self.line_of(key), f"pack.{key}", _("unknown key"))
            if not isinstance(table.get(key), str) or not table[key]:
                raise self.refuse(self.line_of(key) or line, f"pack.{key}", _("must be a text"))
        title = {code: table[code] for code in TEXT_LANGUAGES} | {"en": table["gist"]}
        return table["name"], MappingProxyType(title)

    def line_of(self, key: str) -> int:
        """Return the first line that begins with a key, 0 if there is none."""
        pattern = re.compile(r"[\s\[]*" + re.escape(key.strip("[]")) + r"\b")
        return next((n for n, line in enumerate(self.lines, 1) if pattern.match(line)), 0)

    def line_in(self, position: int, key: str) -> int:
        """Return the line of a key inside the n-th clause, or of the clause's head when the key is missing."""
        if position >= len(self.heads):
            return 0
        start = self.heads[position]
        stop = self.heads[position + 1] - 1 if position + 1 < len(self.heads) else len(self.lines)
        names = [key, ".".join(key.split(".")[:2])]
        for name in names:
            pattern = re.compile(r"\s*" + re.escape(name) + r"\s*[=.]")
            for n in range(start, stop):
                if pattern.match(self.lines[n]):
                    return n + 1
        return start
