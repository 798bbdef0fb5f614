"""The lists ticked inside a record's own window: the send-off of a guest, the packing of a slip.

The manager may add lines to them and word them anew. What the table of states waits for stays: such a line can't be
taken out, and a line the manager adds is waited for as well unless it is marked "only if it applies".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from crmdesk.core.i18n import LANGUAGES, N_, translator
from crmdesk.rules import packing, visits
from crmdesk.rules.pack_tables import Line
from crmdesk.rules.policies import Policy
from crmdesk.rules.transitions import Need, Tick, or_reason, ticked, unless

_PLEASE = N_("Please tick first: {line}")


class RecordList(NamedTuple):
    """Of which record a list is, the step that waits for its lines, and the lines the table of states knows."""

    machine: str
    action: str
    ticks: Sequence[Tick]
    fit: Callable[[Need], Need]  # when a need of this list may be waived


def _send_off(need: Need) -> Need:
    return or_reason(need, "leave_reason")


def _present(need: Need) -> Need:
    return unless("customer_present", False, need)


def _absent(need: Need) -> Need:
    return unless("customer_present", True, need)


RECORD_LISTS: Mapping[str, RecordList] = MappingProxyType(
    {
        "send_off": RecordList("visit", "check_out", visits.SEND_OFF, _send_off),
        "packing_present": RecordList("packing", "seal", packing.PRESENT, _present),
        "packing_absent": RecordList("packing", "seal", packing.ABSENT, _absent),
    }
)


def waited_for(key: str) -> frozenset[str]:
    """Return the lines of a record's list that its table of states waits for by itself."""
    found = RECORD_LISTS.get(key)
    return frozenset(tick.key for tick in found.ticks if tick.required) if found else frozenset()


def own_needs(policy: Policy, machine: str) -> dict[str, tuple[Need, ...]]:
    """Return by action what the lines of the manager's own wording of a list add to the steps of a record."""
    needs: dict[str, tuple[Need, ...]] = {}
    for key, record in RECORD_LISTS.items():
        own = policy.own_list(key)
        if own is None or record.machine != machine:
            continue
        known = waited_for(key)
        added = [line for line in own.lines if not line.optional and line.key not in known]
        more = tuple(record.fit(_need(line, policy)) for line in added)
        needs[record.action] = (*needs.get(record.action, ()), *more)
    return needs


def _need(line: Line, policy: Policy) -> Need:
    texts = {code: translator(code).gettext(_PLEASE).format(line=line.text[code]) for code in LANGUAGES}
    need = ticked("ticks", line.key, texts["en"], line.clause if line.clause in policy else "")
    return Need(need.key, need.sentence, need.clause, need.facts, need.test, MappingProxyType(texts))


def missing_lines(key: str, lines: Iterable[Line], before: Iterable[Line]) -> list[Line]:
    """Return the lines a changed list lacks, or lets stay open, although a step of the record waits for them."""
    firm = {line.key for line in lines if not line.optional}
    known = waited_for(key)
    return [line for line in before if line.key in known and line.key not in firm]
