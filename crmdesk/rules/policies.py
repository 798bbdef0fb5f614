"""The regulation an office works by: its home pack, the packs it added, and the manager's changed numbers over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _, language
from crmdesk.core.paths import resource
from crmdesk.rules.clauses import Clause, Number, PackError, Value, typed
from crmdesk.rules.pack_tables import Chain, Checklist, Copies, Requirement, Series, Texts
from crmdesk.rules.packs import DEFAULT_PACK, MATTERS_FILE, Matter, Pack, pack_names, pack_path, read_matters, read_pack

OverrideKey = tuple[str, str]  # clause id, key of its number
T = TypeVar("T")


@dataclass(frozen=True)
class Setting:
    """One pack's number for a matter; ``wins`` marks the one the office works by."""

    clause: Clause
    number: Number
    wins: bool


@dataclass(frozen=True)
class Policy:
    """All packs with the office's choice: ``active`` names its home pack first, then those it added."""

    packs: Mapping[str, Pack]
    active: tuple[str, ...]
    clauses: Mapping[str, Clause]  # of the active packs, the manager's numbers included
    overrides: Mapping[OverrideKey, Value] = field(default_factory=dict)
    matters: Mapping[str, Matter] = field(default_factory=dict)
    own_lists: Mapping[str, Checklist] = field(default_factory=dict)  # the manager's wording of a record's own lists
    _shipped: Mapping[str, Clause] = field(default_factory=dict, repr=False)  # of all packs, as shipped
    made: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)  # built from it, kept

    @classmethod
    def load(cls, path: Path) -> Policy:
        """Read one pack file alone; PackError (file, line, key, reason) when anything in it is wrong."""
        return cls.of([read_pack(path)])

    @classmethod
    def of(cls, packs: Iterable[Pack], active: Sequence[str] = (), matters: Iterable[Matter] = ()) -> Policy:
        """Combine packs; PackError when a clause stands in two of them or a matter names what isn't there."""
        by_name = {pack.name: pack for pack in packs}
        shipped: dict[str, Clause] = {}
        for pack in by_name.values():
            for clause in pack.clauses.values():
                if clause.id in shipped:
                    reason = _("{clause} stands in the pack “{pack}” too").format(
                        clause=clause.id, pack=shipped[clause.id].pack
                    )
                    raise PackError(pack.file, pack.lines.get(clause.id, 0), clause.id, reason, clause=clause.id)
                shipped[clause.id] = clause
        by_key = {matter.key: matter for matter in matters}
        for matter in by_key.values():
            for clause_id, key in matter.settings:
                if clause_id not in shipped or key not in shipped[clause_id].numbers:
                    place = f"{matter.key}: {clause_id}.{key}"
                    raise PackError(MATTERS_FILE, matter.line, place, _("unknown key"))
        policy = cls(
            MappingProxyType(by_name), (), MappingProxyType({}), MappingProxyType({}), MappingProxyType(by_key),
            _shipped=MappingProxyType(shipped),
        )  # fmt: skip
        return policy.with_packs(active or tuple(by_name))

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.clauses.values())

    def __contains__(self, clause_id: object) -> bool:
        return clause_id in self.clauses

    @property
    def home(self) -> Pack:
        """The office's own kind: where packs differ, it wins."""
        return self.packs[self.active[0]]

    @property
    def name(self) -> str:
        """The name of the home pack."""
        return self.home.name

    @property
    def title(self) -> Texts:
        """The title of the home pack."""
        return self.home.title

    @property
    def everything(self) -> Mapping[str, Clause]:
        """All clauses of all packs with the office's own numbers, also those kept for the day a pack is added."""
        preset: dict[str, Clause] = {}
        for (id_, key), value in self.overrides.items():
            if id_ not in self.clauses:
                clause = preset.get(id_) or self._shipped[id_]
                numbers = {**clause.numbers, key: replace(clause.numbers[key], value=value)}
                preset[id_] = replace(clause, numbers=MappingProxyType(numbers))
        return MappingProxyType({**self._shipped, **preset, **self.clauses})

    def with_packs(self, active: Sequence[str]) -> Policy:
        """Return the same packs with another choice; PackError when one is unknown, ValueError without a home."""
        if not active:
            raise ValueError("an office needs a home pack")
        for name in active:
            if name not in self.packs:
                raise PackError(name, 0, "pack", _("there is no such pack"))
        chosen = tuple(dict.fromkeys(active))
        clauses = {clause.id: clause for name in chosen for clause in self.packs[name].clauses.values()}
        bare = replace(self, active=chosen, clauses=MappingProxyType(clauses), overrides=MappingProxyType({}))
        return bare.with_overrides(self.overrides) if self.overrides else bare

    def clause(self, clause_id: str) -> Clause:
        """Return a clause the office works by (manager's numbers included); KeyError if it has none of this id."""
        return self.clauses[clause_id]

    def text(self, clause_id: str, code: str = "") -> str:
        """Return the text of a clause in a language (default: the one of the screens); English gives the gist."""
        clause = self.clauses.get(clause_id) or self._shipped[clause_id]
        return clause.text.get(code or language(), clause.text["en"])

    def value(self, clause_id: str, key: str) -> Value:
        """Return a number of any type; UserError when the source lost it and the manager has not set it yet.

        A clause the office doesn't work by gives the number of its pack: the desk keeps its measure (the minute to
        greet, the months of a repair), and only nothing is asked in the name of the clause.
        """
        number = (self.clauses.get(clause_id) or self._shipped[clause_id]).number(key)
        value = number.value
        if value is None:
            raise UserError(
                _("The regulation gives no number for {clause} ({key}). Please ask the manager to set it.").format(
                    clause=clause_id, key=number.name
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

    # where packs differ -------------------------------------------------------------------------------------------

    def settings(self, matter: str) -> list[Setting]:
        """Return what every pack says on a matter, in the office's order; packs it doesn't work by come last."""
        rank = {name: position for position, name in enumerate(self.active)}
        found = []
        for clause_id, key in self.matters[matter].settings:
            clause = self.clauses.get(clause_id) or self._shipped[clause_id]
            found.append((rank.get(clause.pack, len(rank)), clause, clause.number(key)))
        found.sort(key=lambda entry: entry[0])
        won = found[0][0] < len(rank)
        return [Setting(clause, number, won and place == 0) for place, (_r, clause, number) in enumerate(found)]

    def setting(self, matter: str) -> tuple[Clause, Number] | None:
        """Return the clause and number the office works by in a matter, None when none of its packs has one."""
        first = self.settings(matter)[0]
        return (first.clause, first.number) if first.wins else None

    def series(self, key: str) -> Series | None:
        """Return how the numbers of a kind of record look, None when no pack of the office says."""
        return self._first(pack.series.get(key) for pack in self._active_packs())

    def copies(self, paper: str) -> Copies | None:
        """Return who receives the copies of a paper, None when no pack of the office says."""
        return self._first(pack.copies.get(paper) for pack in self._active_packs())

    def chain(self, matter: str) -> Chain | None:
        """Return who decides a matter, None when no pack of the office says."""
        return self._first(pack.chains.get(matter) for pack in self._active_packs())

    def checklist(self, key: str) -> Checklist | None:
        """Return a checklist as the office uses it, None when no pack of the office has it."""
        return self.own_list(key) or self._first(pack.checklists.get(key) for pack in self._active_packs())

    def own_list(self, key: str) -> Checklist | None:
        """Return the manager's wording of a record's own list; None without one, or when no pack has such a list."""
        ordered = any(key in pack.checklists for pack in self._active_packs())
        return self.own_lists.get(key) if ordered else None

    def with_lists(self, lists: Iterable[Checklist]) -> Policy:
        """Return the same regulation with these lists of records as the manager words them."""
        return replace(self, own_lists=MappingProxyType({found.key: found for found in lists}))

    def checklists(self) -> list[Checklist]:
        """Return the checklists of the office as its packs have them; of two with one key the first pack's."""
        found: dict[str, Checklist] = {}
        for pack in self._active_packs():
            for key, checklist in pack.checklists.items():
                found.setdefault(key, checklist)
        return list(found.values())

    def requirements(self) -> list[Requirement]:
        """Return which steps wait for others; where two packs order the same step, the first pack's."""
        found: dict[str, Requirement] = {}
        for pack in self._active_packs():
            for key, requirement in pack.requirements.items():
                found.setdefault(key, requirement)
        return list(found.values())

    def _active_packs(self) -> Iterator[Pack]:
        return (self.packs[name] for name in self.active)

    @staticmethod
    def _first(values: Iterable[T | None]) -> T | None:
        return next((value for value in values if value is not None), None)

    # the manager's numbers ----------------------------------------------------------------------------------------

    def pack_number(self, clause_id: str, key: str) -> Number:
        """Return a number as the pack ships it, whatever the manager changed."""
        return self._shipped[clause_id].number(key)

    def is_changed(self, clause_id: str, key: str) -> bool:
        """Whether the manager has put another number in the place of the pack's."""
        return (clause_id, key) in self.overrides

    def with_overrides(self, overrides: Mapping[OverrideKey, Any]) -> Policy:
        """Return these packs with exactly these changed numbers; PackError refuses them all if one is wrong.

        Numbers of packs the office doesn't work by are kept for the day it adds them.
        """
        clauses = {id_: self._shipped[id_] for id_ in self.clauses}
        kept: dict[OverrideKey, Value] = {}
        for (clause_id, key), raw in overrides.items():
            place = f"{clause_id}.{key}"
            if clause_id not in self._shipped or key not in self._shipped[clause_id].numbers:
                raise PackError(self.name, 0, place, _("unknown key"), clause=clause_id)
            number = self._shipped[clause_id].numbers[key]
            try:
                value = typed(raw, number.type)
            except ValueError as error:
                raise PackError(self.name, 0, place, str(error), clause=clause_id) from None
            kept[clause_id, key] = value
            if clause_id in clauses:
                changed = {**clauses[clause_id].numbers, key: replace(number, value=value)}
                clauses[clause_id] = replace(clauses[clause_id], numbers=MappingProxyType(changed))
        return replace(self, clauses=MappingProxyType(clauses), overrides=MappingProxyType(kept))


@lru_cache(maxsize=1)
def shipped() -> Policy:
    """Return all packs shipped with the program, everything active, the default pack at home."""
    packs = [read_pack(pack_path(name)) for name in pack_names()]
    return Policy.of(packs, (), read_matters(resource("policies", MATTERS_FILE)))


# The default office: a showroom that also keeps these; the manager takes away or adds packs in the settings.
DEFAULT_ACTIVE = (
    DEFAULT_PACK, "reception", "archive", "aftersales", "factory", "property", "winery", "dealer", "bank",
)  # fmt: skip


def load_default() -> Policy:
    """Return the regulation of a fresh office."""
    return shipped().with_packs(DEFAULT_ACTIVE)


def load_pack(name: str = DEFAULT_PACK) -> Policy:
    """Return the regulation of an office that works by one pack alone."""
    return shipped().with_packs((name,))
