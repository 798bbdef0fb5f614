"""All tables of states, each as the office's regulation wants it.

Needs of packs the office doesn't work by fall away; what its packs require in addition, and what the manager added to
the lists of a record, is laid over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from crmdesk.core.i18n import _
from crmdesk.rules import calls, complaints, matters, packing, repairs, sales, visits
from crmdesk.rules.clauses import PackError
from crmdesk.rules.pack_tables import Requirement
from crmdesk.rules.policies import Policy
from crmdesk.rules.record_lists import own_needs
from crmdesk.rules.starts import clause_of
from crmdesk.rules.transitions import Machine, Need, after, required

MACHINES: Mapping[str, Machine] = MappingProxyType(
    {
        machine.name: machine
        for machine in (
            calls.MACHINE, visits.MACHINE, sales.MACHINE, packing.MACHINE, repairs.MACHINE, complaints.MACHINE,
            matters.MACHINE,
        )
    }
)  # fmt: skip
#: What a desk supplies besides the facts its own table looks at, for packs to ask for.
_MORE_FACTS: Mapping[str, frozenset[str]] = MappingProxyType({"call": frozenset({"topic"})})


def machine_for(policy: Policy, name: str) -> Machine:
    """Return a table of states as the office's regulation wants it."""
    key = f"machine:{name}"
    if key not in policy.made:
        policy.made[key] = _fitted(MACHINES[name], policy)
    machine: Machine = policy.made[key]
    return machine


def _fitted(machine: Machine, policy: Policy) -> Machine:
    more = {wanted.action: wanted for wanted in policy.requirements() if wanted.machine == machine.name}
    own = own_needs(policy, machine.name)
    rows = []
    for row in machine.transitions:
        needs = tuple(need for need in row.needs if need.clause in policy or not need.clause)
        if row.action in more:
            needs = (*needs, *_needs(more[row.action]))
        needs = (*needs, *own.get(row.action, ()))
        begins = tuple(start for start in row.starts if not (clause := clause_of(start)) or clause in policy)
        rows.append(replace(row, needs=needs, starts=begins))
    return replace(machine, transitions=tuple(rows))


def _needs(wanted: Requirement) -> Iterable[Need]:
    if wanted.after:
        yield after(wanted.after, wanted.text, wanted.clause)
    for name in wanted.needs:
        yield required(name, wanted.when, wanted.text, wanted.clause)


def check_requirements(policy: Policy) -> None:
    """PackError for steps or facts a pack requires that don't exist, or steps that wait for each other in a circle."""
    for pack in policy.packs.values():
        check_pack_requirements(pack.requirements.values(), pack.file)


def check_pack_requirements(requirements: Iterable[Requirement], file: str) -> None:
    """PackError as ``check_requirements``, for the requirements of one file."""
    waiting: dict[str, dict[str, tuple[str, ...]]] = {}
    lines: dict[str, int] = {}
    for wanted in requirements:
        machine = MACHINES.get(wanted.machine)
        if machine is None:
            raise _defect(file, wanted, "machine", _("there is no such record"))
        known = {row.action for row in machine.transitions}
        for key, action in (("action", wanted.action), *(("after", action) for action in wanted.after)):
            if action not in known:
                raise _defect(file, wanted, key, _("there is no step “{step}”").format(step=action))
        facts = machine.facts | _MORE_FACTS.get(wanted.machine, frozenset())
        asked = {"needs": wanted.needs, "when": tuple(name for name, _value in wanted.when)}
        for key, names in asked.items():
            for name in names:
                if name.partition(".")[0] not in facts:
                    raise _defect(file, wanted, key, _("nobody writes down “{fact}” there").format(fact=name))
        waiting.setdefault(wanted.machine, {})[wanted.action] = wanted.after
        lines.setdefault(wanted.machine, wanted.lines.get("after", 0))
    for name, graph in waiting.items():
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = " → ".join(error.args[1])
            reason = _("these steps wait for each other: {steps}").format(steps=circle)
            raise PackError(file, lines[name], name, reason) from None


def _defect(file: str, wanted: Requirement, key: str, reason: str) -> PackError:
    return PackError(file, wanted.lines.get(key, 0), wanted.key, reason, clause=wanted.clause)
