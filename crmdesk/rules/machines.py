"""All tables of states, each as the office's regulation wants it.

Needs of packs the office doesn't work by fall away; what its packs require in addition is laid over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from crmdesk.core.i18n import _
from crmdesk.rules import calls, complaints, packing, repairs, sales, visits
from crmdesk.rules.clauses import PackError
from crmdesk.rules.pack_tables import Requirement
from crmdesk.rules.policies import Policy
from crmdesk.rules.starts import clause_of
from crmdesk.rules.transitions import Machine, Need, after

MACHINES: Mapping[str, Machine] = MappingProxyType(
    {
        machine.name: machine
        for machine in (
            calls.MACHINE, visits.MACHINE, sales.MACHINE, packing.MACHINE, repairs.MACHINE, complaints.MACHINE,
        )
    }
)  # fmt: skip


def machine_for(policy: Policy, name: str) -> Machine:
    """Return a table of states as the office's regulation wants it."""
    key = f"machine:{name}"
    if key not in policy.made:
        policy.made[key] = _fitted(MACHINES[name], policy)
    machine: Machine = policy.made[key]
    return machine


def _fitted(machine: Machine, policy: Policy) -> Machine:
    more = {wanted.action: wanted for wanted in policy.requirements() if wanted.machine == machine.name}
    rows = []
    for row in machine.transitions:
        needs = tuple(need for need in row.needs if need.clause in policy or not need.clause)
        if row.action in more:
            needs = (*needs, _need(more[row.action]))
        begins = tuple(start for start in row.starts if not (clause := clause_of(start)) or clause in policy)
        rows.append(replace(row, needs=needs, starts=begins))
    return replace(machine, transitions=tuple(rows))


def _need(requirement: Requirement) -> Need:
    return after(requirement.after, requirement.text, requirement.clause)


def check_requirements(policy: Policy) -> None:
    """PackError when a pack requires steps that don't exist, or steps that wait for each other in a circle."""
    for pack in policy.packs.values():
        check_pack_requirements(pack.requirements.values(), pack.file)


def check_pack_requirements(requirements: Iterable[Requirement], file: str) -> None:
    """PackError as ``check_requirements``, for the requirements of one file."""
    waiting: dict[str, dict[str, tuple[str, ...]]] = {}
    for wanted in requirements:
        machine = MACHINES.get(wanted.machine)
        if machine is None:
            raise PackError(file, 0, wanted.key, _("there is no such record"), clause=wanted.clause)
        known = {row.action for row in machine.transitions}
        for action in (wanted.action, *wanted.after):
            if action not in known:
                raise PackError(file, 0, wanted.key, _("there is no step “{step}”").format(step=action),
                                clause=wanted.clause)  # fmt: skip
        waiting.setdefault(wanted.machine, {})[wanted.action] = wanted.after
    for name, graph in waiting.items():
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = " → ".join(error.args[1])
            raise PackError(file, 0, name, _("these steps wait for each other: {steps}").format(steps=circle)) from None
