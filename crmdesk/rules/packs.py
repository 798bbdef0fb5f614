"""Regulation packs: TOML files, one per kind of office, read strictly; a bad one is refused whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli

from crmdesk.core.i18n import _
from crmdesk.core.paths import resource
from crmdesk.rules.clauses import TEXT_LANGUAGES, Clause, DefectError, PackError, read_clause
from crmdesk.rules.pack_tables import KINDS, Chain, Checklist, Copies, Requirement, Series, Texts, read_table

DEFAULT_PACK = "showroom"
MATTERS_FILE = "matters.toml"

_CLAUSE_ID = re.compile(r"[A-Z]{2,6}-\d{2,3}")
_HEAD = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")


@dataclass(frozen=True)
class Pack:
    """One kind of office: its clauses by id, and the numbers, copies, chains and checklists it orders."""

    name: str
    title: Texts
    clauses: Mapping[str, Clause]
    series: Mapping[str, Series] = field(default_factory=dict)
    copies: Mapping[str, Copies] = field(default_factory=dict)
    chains: Mapping[str, Chain] = field(default_factory=dict)
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)  # where each clause begins in the file


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter that packs number, most in ways of their own (``settings``: clause and key of each)."""

    key: str
    title: Texts
    settings: tuple[tuple[str, str], ...]
    line: int = 0  # of its settings in the file


def pack_names() -> list[str]:
    """Return the names of all packs shipped with the program, the default first."""
    names = {path.stem for path in resource("policies").glob("*.toml") if path.name != MATTERS_FILE}
    return sorted(names, key=lambda name: (name != DEFAULT_PACK, name))


def pack_path(name: str) -> Path:
    """Return the file of a pack."""
    return resource("policies", f"{name}.toml")


def read_pack(path: Path) -> Pack:
    """Read a pack file; PackError (file, line, key, reason) when anything in it is wrong."""
    return _PackReader(path).pack()


def read_matters(path: Path) -> tuple[Matter, ...]:
    """Read the matters that packs number differently; PackError when anything is wrong."""
    return _PackReader(path).matters()


class _PackReader:
    """Reads one file; only here lines are known, so that a refusal can name one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[str] = []
        self.heads: dict[str, list[int]] = {}  # line numbers of each [[kind]]

    def refuse(self, line: int, key: str, reason: str, clause: str = "") -> PackError:
        return PackError(self.path.name, line, key, reason, clause=clause)

    def pack(self) -> Pack:
        document = self.document()
        for key in document:
            if key not in ("pack", "clause", *KINDS):
                raise self.refuse(self.line_of(key), key, _("unknown key"))
        name, title = self.head(document.get("pack"))
        clauses: dict[str, Clause] = {}
        for position, table in enumerate(self.tables(document, "clause")):
            try:
                clause = read_clause(table, name)
                if not _CLAUSE_ID.fullmatch(clause.id):
                    raise DefectError("id", _("“{value}” is not a clause number").format(value=clause.id))
                if clause.id in clauses:
                    raise DefectError("id", _("{clause} stands here twice").format(clause=clause.id))
            except DefectError as defect:
                raise self.defect("clause", position, defect, str(table.get("id", ""))) from None
            clauses[clause.id] = clause
        lines = {id_: self.line_in("clause", place, "id") for place, id_ in enumerate(clauses)}
        extras = {kind: self.extras(document, kind, clauses) for kind in KINDS}
        return Pack(
            name, title, MappingProxyType(clauses), extras["series"], extras["copies"], extras["chain"],
            extras["checklist"], extras["requirement"], self.path.name, MappingProxyType(lines),
        )  # fmt: skip

    def extras(self, document: Mapping[str, Any], kind: str, clauses: Mapping[str, Clause]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for position, table in enumerate(self.tables(document, kind)):
            try:
                value = read_table(kind, table, clauses)
                key = next(getattr(value, name) for name in ("key", "paper", "matter") if hasattr(value, name))
                if key in found:
                    raise DefectError("clause", _("“{value}” stands here twice").format(value=key))
            except DefectError as defect:
                raise self.defect(kind, position, defect, kind) from None
            if isinstance(value, Requirement):  # whether its steps exist is known only above: it says where it stands
                value = replace(value, lines={name: self.line_in(kind, position, name) for name in table})
            found[key] = value
        return MappingProxyType(found)

    def matters(self) -> tuple[Matter, ...]:
        document = self.document()
        for key in document:
            if key != "matter":
                raise self.refuse(self.line_of(key), key, _("unknown key"))
        return tuple(self.matter(n, table) for n, table in enumerate(self.tables(document, "matter")))

    def matter(self, position: int, table: Mapping[str, Any]) -> Matter:
        place = str(table.get("key", ""))
        try:
            for key in (*table, "key", "en", *TEXT_LANGUAGES):
                if key not in ("key", "en", "settings", *TEXT_LANGUAGES):
                    raise DefectError(key, _("unknown key"))
                if key != "settings" and not (isinstance(table.get(key), str) and table[key].strip()):
                    raise DefectError(key, _("must be a text"))
            raw = table.get("settings")
            if not isinstance(raw, list) or not raw or not all(str(entry).count(".") == 1 for entry in raw):
                raise DefectError("settings", _("must be a list of CLAUSE.number"))
        except DefectError as defect:
            raise self.defect("matter", position, defect, place) from None
        settings = [tuple(entry.split(".")) for entry in raw]
        line = self.line_in("matter", position, "settings")
        return Matter(table["key"], _title(table, "en"), tuple(settings), line)  # type: ignore[arg-type]  # pairs: one dot

    def defect(self, kind: str, position: int, defect: DefectError, where: str) -> PackError:
        line = self.line_in(kind, position, defect.key)
        clause = where if kind == "clause" else ""
        return self.refuse(line, f"{where}.{defect.key}".strip("."), defect.reason, clause)

    def tables(self, document: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
        tables = document.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.refuse(self.line_of(kind), kind, _("must be a table"))
        return tables

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
        for number, line_text in enumerate(self.lines, 1):
            if found := _HEAD.match(line_text):
                self.heads.setdefault(found[1], []).append(number)
        try:
            return tomli.loads(text, parse_float=Decimal)
        except tomli.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else len(self.lines)
            raise self.refuse(line, "", str(error)) from error

    def head(self, table: Any) -> tuple[str, Texts]:
        line = self.line_of("[pack]")
        if not isinstance(table, dict):
            raise self.refuse(line, "pack", _("missing"))
        known = ("name", "gist", *TEXT_LANGUAGES)
        for key in (*table, *known):
            if key not in known:
                raise self.refuse(self.line_of(key), f"pack.{key}", _("unknown key"))
            if not isinstance(table.get(key), str) or not table[key]:
                raise self.refuse(self.line_of(key) or line, f"pack.{key}", _("must be a text"))
        return table["name"], _title(table, "gist")

    def line_of(self, key: str) -> int:
        """Return the first line that begins with a key, 0 if there is none."""
        pattern = re.compile(r"[\s\[]*" + re.escape(key.strip("[]")) + r"\b")
        return next((n for n, line in enumerate(self.lines, 1) if pattern.match(line)), 0)

    def line_in(self, kind: str, position: int, key: str) -> int:
        """Return the line of a key inside the n-th table of a kind, or of the table's head when the key is missing."""
        heads = self.heads.get(kind, [])
        if position >= len(heads):
            return 0
        start = heads[position]
        after = [head for heads in self.heads.values() for head in heads if head > start]
        stop = min(after, default=len(self.lines) + 1) - 1
        for name in (key, ".".join(key.split(".")[:2]), key.split(".")[0]):
            pattern = re.compile(r"\s*" + re.escape(name) + r"\s*[=.]")
            for n in range(start, stop):
                if pattern.match(self.lines[n]):
                    return n + 1
        return start


def _title(table: Mapping[str, str], english: str) -> Texts:
    return MappingProxyType({"en": table[english]} | {code: table[code] for code in TEXT_LANGUAGES})
