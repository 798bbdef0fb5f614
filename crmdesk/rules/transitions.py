"""The table-driven engine: which step may follow now, what it still needs, and the refusal when it is taken anyway.

A machine is data. ``allowed`` tells a window what to show, ``apply`` lets a service take the step; both read the same
table. Facts are a plain mapping the service fills from the record; a fact that is missing counts as not known, and
what is not known never fulfils a need.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from crmdesk.core.errors import PermissionDenied, UserError
from crmdesk.core.i18n import N_, _
from crmdesk.rules import starts
from crmdesk.rules.pack_tables import Texts, in_language

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """Something a step needs: the sentence that says what is missing, its clause, and the facts it looks at."""

    key: str
    sentence: str
    clause: str
    facts: tuple[str, ...]
    test: Callable[[Facts], bool] = field(repr=False, compare=False)
    texts: Texts | None = None  # a need of a regulation pack brings its sentence in every language

    @property
    def said(self) -> str:
        """Return the sentence in the language of the screen."""
        return in_language(self.texts) if self.texts else _(self.sentence)

    def met(self, facts: Facts) -> bool:
        """Whether the facts fulfil the need."""
        return self.test(facts)


def _has(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value is not False and value != []


def filled(name: str, sentence: str, clause: str) -> Need:
    """Need a value: a text that is not blank, a person, a date; for ticks, true."""
    return Need(name, sentence, clause, (name,), lambda facts: _has(facts.get(name)))


def answered(name: str, sentence: str, clause: str) -> Need:
    """Need a yes or a no: anything but not known."""
    return Need(name, sentence, clause, (name,), lambda facts: facts.get(name) is not None)


def equals(name: str, value: object, sentence: str, clause: str) -> Need:
    """Need one certain value."""
    return Need(f"{name}={value}", sentence, clause, (name,), lambda facts: name in facts and facts[name] == value)


def none_left(name: str, sentence: str, clause: str) -> Need:
    """Need a count, an amount or a flag that is known to be nought."""
    return Need(name, sentence, clause, (name,), lambda facts: facts.get(name) is not None and not facts[name])


def at_least(name: str, count: int, sentence: str, clause: str) -> Need:
    """Need a count that reaches a number."""
    return Need(name, sentence, clause, (name,), lambda facts: (facts.get(name) or 0) >= count)


def ticked(name: str, tick: str, sentence: str, clause: str) -> Need:
    """Need a tick in the collection of ticks called ``name``."""
    return Need(f"{name}.{tick}", sentence, clause, (name,), lambda facts: tick in (facts.get(name) or ()))


def different(first: str, second: str, sentence: str, clause: str) -> Need:
    """Need two persons who are both known and not the same."""

    def test(facts: Facts) -> bool:
        one, other = facts.get(first), facts.get(second)
        return _has(one) and _has(other) and one != other

    return Need(f"{first}≠{second}", sentence, clause, (first, second), test)


def unless(condition: str, value: object, need: Need) -> Need:
    """Waive a need when a fact has a certain value (a need of customers who are absent, say)."""

    def test(facts: Facts) -> bool:
        return (condition in facts and facts[condition] == value) or need.met(facts)

    return Need(need.key, need.sentence, need.clause, (condition, *need.facts), test, need.texts)


def after(actions: tuple[str, ...], texts: Texts, clause: str) -> Need:
    """Need that steps of the record have been taken before (fact ``done``: the actions so far)."""
    return Need(
        f"after {'+'.join(actions)}", texts["en"], clause, ("done",),
        lambda facts: set(actions) <= set(facts.get("done") or ()), texts,
    )  # fmt: skip


def required(name: str, when: tuple[tuple[str, str], ...], texts: Texts, clause: str) -> Need:
    """Need a fact, or a tick as ``fact.tick``, as a regulation pack asks for it; ``when`` are the cases it is for."""
    fact, _dot, tick = name.partition(".")

    def test(facts: Facts) -> bool:
        if any(facts.get(key) != value for key, value in when):
            return True
        return tick in (facts.get(fact) or ()) if tick else _has(facts.get(fact))

    return Need(name, texts["en"], clause, (fact, *(key for key, _value in when)), test, texts)


def or_reason(need: Need, reason: str) -> Need:
    """Waive a need when a reason is written down in the fact called ``reason``."""
    return Need(
        need.key, need.sentence, need.clause, (*need.facts, reason),
        lambda facts: _has(facts.get(reason)) or need.met(facts), need.texts,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of a checklist: key, the sentence beside the box, its clause, and whether the step waits for it."""

    key: str
    label: str
    clause: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a machine's table: the action, from which states to which, who may, and what it needs."""

    action: str
    from_: tuple[str, ...]
    to: str
    right: str
    label: str
    needs: tuple[Need, ...] = ()
    clause: str = ""
    starts: tuple[str, ...] = ()  # what begins with the step: "deadline:CLAUSE.key", "paper:name", "approval:matter"
    sent: bool = False  # somebody else has been told: the step can't be taken back

    @property
    def undoable(self) -> bool:
        """Whether a mistake may be taken back: nothing is printed or sent with the step."""
        return not self.sent and not any(start.partition(":")[0] in starts.SENT for start in self.starts)


@dataclass(frozen=True, slots=True)
class Machine:
    """The states of one kind of record with their labels (first: where it begins) and its table of transitions."""

    name: str
    states: Mapping[str, str]
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for row in self.transitions:
            for state in (*row.from_, row.to):
                if state not in self.states:
                    raise ValueError(f"{self.name}: {row.action} names the unknown state {state!r}")
            for state in row.from_:
                if (state, row.action) in seen:
                    raise ValueError(f"{self.name}: {row.action} leaves {state} twice")
                seen.add((state, row.action))
        reached = {self.initial}
        while more := {row.to for row in self.transitions if reached.intersection(row.from_)} - reached:
            reached |= more
        if lost := set(self.states) - reached:
            raise ValueError(f"{self.name}: nothing leads to {sorted(lost)}")

    @property
    def initial(self) -> str:
        """The state a new record begins in."""
        return next(iter(self.states))

    @property
    def final(self) -> frozenset[str]:
        """The states nothing leads out of."""
        return frozenset(self.states) - {state for row in self.transitions for state in row.from_}

    @property
    def facts(self) -> frozenset[str]:
        """The names of all facts the table looks at: what a service has to supply."""
        return frozenset(name for row in self.transitions for need in row.needs for name in need.facts)

    def label(self, state: str) -> str:
        """Return a state in the user's language."""
        return _(self.states[state])

    def transition(self, state: str, action: str) -> Transition | None:
        """Return the row of an action from a state, None when there is none."""
        return next((row for row in self.transitions if row.action == action and state in row.from_), None)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A step that may follow now; ``missing`` are the sentences of what it still needs, ``clauses`` who asks."""

    action: str
    to: str
    label: str
    missing: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()  # in words

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def allowed(machine: Machine, state: str, rights: Collection[str], facts: Facts) -> list[Allowed]:
    """Return the steps the rights allow from a state, in the table's order, with what each still needs."""
    result: list[Allowed] = []
    for row in machine.transitions:
        if state in row.from_ and row.right in rights:
            unmet = _unmet(row, facts)
            missing = tuple(need.said for need in unmet)
            clauses = tuple(need.clause for need in unmet)
            begins = tuple(starts.in_words(row.starts))
            result.append(Allowed(row.action, row.to, _(row.label), missing, clauses, begins))
    return result


def apply(machine: Machine, state: str, action: str, rights: Collection[str], facts: Facts) -> str:
    """Return the state an action leads to.

    PermissionDenied without the right; UserError, naming the first clause that asks, when the action doesn't start
    from this state or something is missing.
    """
    row = machine.transition(state, action)
    if row is None:
        clause = next((row.clause for row in machine.transitions if row.action == action), "")
        raise UserError(_(_NOT_NOW).format(state=machine.label(state)), clause=clause)
    if row.right not in rights:
        denied = PermissionDenied()
        denied.clause = row.clause
        raise denied
    unmet = _unmet(row, facts)
    if unmet:
        raise UserError(" ".join(need.said for need in unmet), clause=unmet[0].clause)
    return row.to


def _unmet(row: Transition, facts: Facts) -> list[Need]:
    result: list[Need] = []
    for need in row.needs:
        if need.sentence not in (other.sentence for other in result) and not need.met(facts):
            result.append(need)
    return result


_NOT_NOW = N_("This step is not possible now: the record is “{state}”.")
