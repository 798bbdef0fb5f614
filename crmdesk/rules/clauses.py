"""One clause of the regulation and its typed numbers, and the strict reading of them from a pack file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, language
from crmdesk.rules.warnings import STEP

Value = int | Decimal | time

HELD = ("enforced", "reminded", "computed", "printed", "recorded", "shown", "planned")
#: Why a clause is shown and nothing more is done about it.
BECAUSE: Mapping[str, str] = {
    "manner": N_("It asks for a manner, and no program can hear or see that."),
    "words": N_("It gives the words to say. Ticking them off would only prove that somebody ticked."),
    "person": N_("What is right depends on the person; the program shows what is known of them."),
    "away": N_("It is done away from the desks, where the program can't see it."),
    "office": N_("It is for the management to see to; no desk has a part in it."),
    "scope": N_("It says what the rules are for and whom they bind; there is nothing to do."),
    "number": N_("It is there to be looked up; nothing is counted by it."),
}
WINDOWS = frozenset(
    {
        "calls", "reception", "sales", "packing", "repairs", "complaints",
        "customers", "catalogue", "reports", "papers", "regulation", "today", "approvals", "checklists", "settings",
    }
)  # fmt: skip
TEXT_LANGUAGES = ("zh_TW", "zh_CN")

# A unit fixes the type of its value; the time units are those that ``deadlines`` can add to a moment.
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "seconds": "int",
        "minutes": "int",
        "hours": "decimal",
        "days": "decimal",
        "weeks": "int",
        "months": "int",
        "years": "int",
        "working_hours": "decimal",
        "working_days": "decimal",
        "day_of_month": "int",  # of the month after the one the clause reports on
        "month_end": "int",  # 0 = of this month
        "weekday": "int",  # 1 = Monday
        "clock": "time",
        "percent": "decimal",
        "amount": "decimal",
        "rings": "int",
        "persons": "int",
        "customers": "int",
        "copies": "int",
        "copy": "int",
        "signatures": "int",
        "digits": "int",
        "steps": "int",
        "levels": "int",
        "times": "int",
        "pieces": "int",
        "items": "int",
        "boxes": "int",
        "metres": "int",
        "grams": "int",
        "points": "int",
        "per_day": "int",
        "per_week": "int",
        "per_month": "int",
        "per_quarter": "int",
        "per_year": "int",
    }
)
TIME_UNITS = frozenset(
    {
        "seconds", "minutes", "hours", "days", "weeks", "months", "years",
        "working_hours", "working_days", "day_of_month", "month_end", "weekday",
    }
)  # fmt: skip


class PackError(CrmError):
    """A regulation pack or an override is refused whole; says file, line (0 = not from a line), key and reason."""

    def __init__(self, file: str, line: int, key: str, reason: str, *, clause: str = "") -> None:
        super().__init__(
            _("The regulation pack {file} can't be used: line {line}, {key}: {reason}").format(
                file=file, line=line, key=key or "-", reason=reason
            ),
            clause=clause,
        )
        self.file = file
        self.line = line
        self.key = key
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a clause; ``value`` is None where the source lost it and the manager must set it."""

    key: str
    value: Value | None
    unit: str
    type: str
    label: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return what the number is called in the language of the screen."""
        return self.label.get(language()) or self.key.replace("_", " ")

    @property
    def is_time(self) -> bool:
        """Whether the number is a span or a day that a due time can be made from."""
        return self.unit in TIME_UNITS


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: where it stands in the source, its text, and how and where the program holds it."""

    id: str
    source: str
    text: Mapping[str, str]
    gist: str
    held: str
    window: str  # empty while the clause is planned
    numbers: Mapping[str, Number] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()  # when a reminder speaks up: "50%", "75%", "due", "+1d"
    pack: str = ""
    because: str = ""  # why it is only shown; empty for a clause that is held otherwise

    def number(self, key: str) -> Number:
        """Return one number of the clause; KeyError names clause and key."""
        try:
            return self.numbers[key]
        except KeyError:
            raise KeyError(f"{self.id} has no number {key!r}") from None

    def span(self, key: str = "") -> Number:
        """Return the number a due time is made from: the named one, or the only one with a unit of time."""
        if key:
            return self.number(key)
        spans = [number for number in self.numbers.values() if number.is_time]
        if len(spans) != 1:
            raise KeyError(f"{self.id} has {len(spans)} numbers with a unit of time; name one")
        return spans[0]


def typed(value: Any, kind: str) -> Value:
    """Return ``value`` as the type of a unit (int, decimal, time); ValueError with a sentence if it is not one."""
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool):
        result: int | Decimal = value
    elif kind == "decimal" and isinstance(value, (int, float, Decimal, str)) and not isinstance(value, bool):
        try:
            result = Decimal(str(value))
        except InvalidOperation:
            raise ValueError(_("“{value}” is not a number").format(value=value)) from None
        if not result.is_finite():
            raise ValueError(_("“{value}” is not a number").format(value=value))
    elif kind == "time" and isinstance(value, time):
        return value
    elif kind == "time" and isinstance(value, str):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise ValueError(_("“{value}” is not a time of day").format(value=value)) from None
    else:
        raise ValueError(_("“{value}” is not of the type {type}").format(value=value, type=kind))
    if result < 0:
        raise ValueError(_("{value} is below zero").format(value=value))
    return result


class DefectError(Exception):
    """What is wrong inside one clause table: key and reason; the pack reader adds file and line."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


_TEXTS = ("id", "source", "gist", "held", *TEXT_LANGUAGES)
_LABELS = ("en", *TEXT_LANGUAGES)


def read_clause(table: Mapping[str, Any], pack: str = "") -> Clause:
    """Build a clause from its table in a pack; DefectError names the key that is unknown, missing or wrong."""
    for key in table:
        if key not in _TEXTS and key not in ("window", "numbers", "warnings", "because"):
            raise DefectError(key, _("unknown key"))
    for key in _TEXTS:
        if key not in table:
            raise DefectError(key, _("missing"))
        if not isinstance(table[key], str) or not table[key].strip():
            raise DefectError(key, _("must be a text"))
    if table["held"] not in HELD:
        raise DefectError(
            "held", _("“{value}” is not one of {known}").format(value=table["held"], known=", ".join(HELD))
        )
    window = table.get("window", "")
    if table["held"] == "planned" and "window" in table:
        raise DefectError("window", _("a planned clause has no window yet"))
    if table["held"] != "planned" and "window" not in table:
        raise DefectError("window", _("missing"))
    if (window and window not in WINDOWS) or not isinstance(window, str):
        raise DefectError("window", _("unknown window “{value}”").format(value=window))
    because = table.get("because", "")
    if table["held"] == "shown" and because not in BECAUSE:
        known = ", ".join(sorted(BECAUSE))
        raise DefectError("because", _("“{value}” is not one of {known}").format(value=because, known=known))
    if table["held"] != "shown" and because:
        raise DefectError("because", _("only a clause that is shown says why it is not more"))
    warnings = table.get("warnings", [])
    if not isinstance(warnings, list) or not all(isinstance(step, str) and STEP.fullmatch(step) for step in warnings):
        raise DefectError("warnings", _("must be steps like 50%, due or +1d"))
    raw = table.get("numbers", {})
    if not isinstance(raw, Mapping):
        raise DefectError("numbers", _("must be a table"))
    numbers = {key: _read_number(key, entry) for key, entry in raw.items()}
    text = {language: table[language] for language in TEXT_LANGUAGES} | {"en": table["gist"]}
    return Clause(
        id=table["id"],
        source=table["source"],
        text=MappingProxyType(text),
        gist=table["gist"],
        held=table["held"],
        window=window,
        numbers=MappingProxyType(numbers),
        warnings=tuple(warnings),
        pack=pack,
        because=because,
    )


def _read_number(key: str, entry: Any) -> Number:
    place = f"numbers.{key}"
    if not isinstance(entry, Mapping):
        raise DefectError(place, _("must be a table"))
    for name in entry:
        if name not in ("value", "unit", *_LABELS):
            raise DefectError(f"{place}.{name}", _("unknown key"))
    for name in _LABELS:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise DefectError(f"{place}.{name}", _("must be a text"))
    label = MappingProxyType({name: entry[name] for name in _LABELS})
    unit = entry.get("unit")
    if not isinstance(unit, str) or unit not in UNITS:
        raise DefectError(f"{place}.unit", _("unknown unit “{value}”").format(value=unit))
    kind = UNITS[unit]
    if "value" not in entry:
        return Number(key, None, unit, kind, label)
    value = entry["value"]
    if kind == "decimal" and isinstance(value, str):
        raise DefectError(f"{place}.value", _("“{value}” is not a number").format(value=value))
    try:
        return Number(key, typed(value, kind), unit, kind, label)
    except ValueError as error:
        raise DefectError(f"{place}.value", str(error)) from None
