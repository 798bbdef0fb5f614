"""What a regulation pack brings besides clauses: number series, copies, approval chains, checklists, requirements."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from crmdesk.core.i18n import _, language
from crmdesk.rules.clauses import TEXT_LANGUAGES, WINDOWS, DefectError

Texts = Mapping[str, str]  # by language: en, zh_TW, zh_CN

_LANGUAGES = ("en", *TEXT_LANGUAGES)
_PLACES = re.compile(r"\{(yyyy|yy|mm|dd|serial(?::0[1-9])?)\}")
_LITERAL = re.compile(r"[0-9-]{0,8}")  # what stands between: a paper's code holds digits and dashes
_WITHIN = {"none": (), "year": ("{yy",), "month": ("{yy", "{mm}"), "day": ("{yy", "{mm}", "{dd}")}
MOST_COPIES = 6
PERIODS: Mapping[str, str] = MappingProxyType({"none": "", "year": "%Y", "month": "%y%m", "day": "%y%m%d"})


def in_language(texts: Texts, code: str = "") -> str:
    """Return a text in a language (default: the one of the screen)."""
    return texts.get(code or language()) or texts["en"]


@dataclass(frozen=True, slots=True)
class Series:
    """How the numbers of one kind of record look, and when they begin again at one."""

    key: str
    clause: str
    period: str
    pattern: str
    digits: str = ""  # the number of the clause that says how many digits the serial has at least

    def period_of(self, day: date) -> str:
        """Return the period a day belongs to, as the counters keep it."""
        return day.strftime(PERIODS[self.period]) if self.period != "none" else ""

    def write(self, day: date, serial: int, digits: int = 0) -> str:
        """Return the number as people see it, its serial with at least so many digits."""
        pattern = self.pattern.replace("{serial}", f"{{serial:0{digits}}}") if digits else self.pattern
        values = {"yyyy": f"{day:%Y}", "yy": f"{day:%y}", "mm": f"{day:%m}", "dd": f"{day:%d}", "serial": serial}
        return pattern.format(**values)


@dataclass(frozen=True, slots=True)
class Copies:
    """Who receives the copies of a paper, in the order of the copies."""

    paper: str
    clause: str
    receivers: tuple[Texts, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """One decider of a chain: the role, the title it signs with, and the limit (``CLAUSE.number``) it decides up to."""

    role: str
    title: Texts
    up_to: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Who decides a matter: the levels go up until one's limit covers the amount.

    ``together`` means that every level signs, in any order; ``in_turn`` that all decide, one after the other.
    """

    matter: str
    clause: str
    levels: tuple[Level, ...]
    together: bool = False
    in_turn: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a checklist, and whether a second person, a photo or a note belongs to its tick."""

    key: str
    clause: str
    text: Texts
    second: bool = False
    photo: bool = False
    note: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list that named persons tick: at the close of the day, at a hand-over, at the packing table."""

    key: str
    clause: str
    title: Texts
    lines: tuple[Line, ...]
    daily: bool = False  # one for each day the office is open
    desk: str = ""  # whose list it is: the window of those who tick it; "" = everybody's
    times: str = ""  # ``CLAUSE.number`` that says how many times a day, "" = once


@dataclass(frozen=True, slots=True)
class Requirement:
    """A step that may follow only after other steps, or with more facts known, and the sentence that says so.

    ``needs`` names facts of the machine (``told.duration``: a tick among them); ``when`` are those it is asked for
    alone. ``lines`` says where each key stands in the pack's file.
    """

    machine: str
    action: str
    after: tuple[str, ...]
    clause: str
    text: Texts
    needs: tuple[str, ...] = ()
    when: tuple[tuple[str, str], ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> str:
        """One requirement for each step of a machine."""
        return f"{self.machine}.{self.action}"


def read_table(kind: str, table: Mapping[str, Any], clauses: Collection[str]) -> Any:
    """Build what a table of this kind (see KINDS) says; DefectError names the key that is wrong.

    ``clauses`` are the ids the pack itself holds: what a pack orders, one of its clauses must ask for.
    """
    value: Any = _READERS[kind](table)
    if value.clause not in clauses:
        raise DefectError("clause", _("{clause} does not stand in this pack").format(clause=value.clause))
    return value


def _series(table: Mapping[str, Any]) -> Series:
    _only(table, ("key", "clause", "period", "pattern", "digits"))
    period, pattern = _text(table, "period"), _text(table, "pattern")
    digits = _text(table, "digits") if "digits" in table else ""
    if period not in PERIODS:
        raise DefectError("period", _("“{value}” is not one of {known}").format(value=period, known=", ".join(PERIODS)))
    rest = _PLACES.sub("", pattern)
    if pattern.count("{serial") != 1 or not _LITERAL.fullmatch(rest) or (digits and "{serial}" not in pattern):
        raise DefectError("pattern", _("“{value}” is not a pattern for numbers").format(value=pattern))
    missing = [place for place in _WITHIN[period] if place not in pattern]
    if missing:  # the serial begins again, so the number must say of which period it is
        raise DefectError("pattern", _("“{value}” is not a pattern for numbers").format(value=pattern))
    return Series(_text(table, "key"), _text(table, "clause"), period, pattern, digits)


def _copies(table: Mapping[str, Any]) -> Copies:
    _only(table, ("paper", "clause", "to"))
    receivers = tuple(_texts(entry, "to") for entry in _tables(table, "to"))
    if len(receivers) > MOST_COPIES:
        raise DefectError("to", _("at most {count} copies").format(count=MOST_COPIES))
    return Copies(_text(table, "paper"), _text(table, "clause"), receivers)


def _chain(table: Mapping[str, Any]) -> Chain:
    _only(table, ("matter", "clause", "together", "in_turn", "levels"))
    levels = []
    for entry in _tables(table, "levels"):
        _only(entry, ("role", "up_to", *_LANGUAGES), "levels.")
        levels.append(Level(_text(entry, "role", "levels."), _texts(entry, "levels", extra=("role", "up_to")),
                            str(entry.get("up_to", ""))))  # fmt: skip
    together, in_turn = _flag(table, "together"), _flag(table, "in_turn")
    if any(not level.up_to for level in levels[:-1]) and not together and not in_turn:
        raise DefectError("levels", _("every level but the last needs the limit it decides up to"))
    return Chain(_text(table, "matter"), _text(table, "clause"), tuple(levels), together, in_turn)


def _checklist(table: Mapping[str, Any]) -> Checklist:
    _only(table, ("key", "clause", "daily", "desk", "times", "lines", "gist", *TEXT_LANGUAGES))
    clause, desk, times = _text(table, "clause"), str(table.get("desk", "")), str(table.get("times", ""))
    if desk and desk not in WINDOWS:
        raise DefectError("desk", _("unknown window “{value}”").format(value=desk))
    if times and times.count(".") != 1:
        raise DefectError("times", _("must be CLAUSE.number"))
    lines = []
    flags = ("second", "photo", "note", "optional")
    for entry in _tables(table, "lines"):
        _only(entry, ("key", "clause", *flags, *_LANGUAGES), "lines.")
        texts = _texts(entry, "lines", extra=("key", "clause", *flags))
        marks = {flag: _flag(entry, flag, "lines.") for flag in flags}
        lines.append(Line(_text(entry, "key", "lines."), str(entry.get("clause", clause)), texts, **marks))
    keys = [line.key for line in lines]
    if len(set(keys)) != len(keys):
        raise DefectError("lines.key", _("two lines have the same key"))
    title = MappingProxyType({"en": _text(table, "gist")} | {code: _text(table, code) for code in TEXT_LANGUAGES})
    return Checklist(_text(table, "key"), clause, title, tuple(lines), _flag(table, "daily"), desk, times)


def _requirement(table: Mapping[str, Any]) -> Requirement:
    known = ("machine", "action", "after", "needs", "when", "clause")
    _only(table, (*known, *_LANGUAGES))
    for key in ("after", "needs"):
        names = table.get(key, [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise DefectError(key, _("must be a list of texts"))
    after, needs, when = table.get("after", []), table.get("needs", []), table.get("when", {})
    if not after and not needs:
        raise DefectError("needs" if "needs" in table else "after", _("must be a list of texts"))
    if not isinstance(when, Mapping) or not all(isinstance(value, str) for value in when.values()):
        raise DefectError("when", _("must be a table"))
    texts = _texts(table, "requirement", extra=known)
    return Requirement(
        _text(table, "machine"), _text(table, "action"), tuple(after), _text(table, "clause"), texts, tuple(needs),
        tuple(when.items()),
    )  # fmt: skip


_READERS = {
    "series": _series, "copies": _copies, "chain": _chain, "checklist": _checklist, "requirement": _requirement,
}  # fmt: skip
KINDS = tuple(_READERS)


def _only(table: Mapping[str, Any], known: Collection[str], place: str = "") -> None:
    for key in table:
        if key not in known:
            raise DefectError(f"{place}{key}", _("unknown key"))


def _text(table: Mapping[str, Any], key: str, place: str = "") -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DefectError(f"{place}{key}", _("must be a text"))
    return value


def _flag(table: Mapping[str, Any], key: str, place: str = "") -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise DefectError(f"{place}{key}", _("must be true or false"))
    return value


def _tables(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = table.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(entry, dict) for entry in value):
        raise DefectError(key, _("must be a list of tables"))
    return value


def _texts(entry: Mapping[str, Any], place: str, extra: Collection[str] = ()) -> Texts:
    _only(entry, (*_LANGUAGES, *extra), f"{place}.")
    return MappingProxyType({code: _text(entry, code, f"{place}.") for code in _LANGUAGES})
