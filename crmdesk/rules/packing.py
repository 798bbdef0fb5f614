"""Counting and packing: count one, pack one, tick one; two persons when the customer is absent (PACK).

Facts: ``customer_present`` (yes or no), ``counter``, ``second``, ``second_signed``, ``open_lines`` (neither full
nor ×), ``wrong_scans`` (not acknowledged), ``crossed_lines``, ``return_signatures``, ``cartons``, ``ticks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmdesk.core.i18n import N_
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import (
    Facts,
    Machine,
    Need,
    Tick,
    Transition,
    answered,
    at_least,
    different,
    filled,
    none_left,
    ticked,
    unless,
)

BOTH = (
    Tick("name_checked", N_("The customer's name is printed right."), "PACK-02"),
    Tick("protected", N_("Packed so that nothing is damaged on the way."), "PACK-05"),
)
PRESENT = (
    *BOTH,
    Tick("customer_signed", N_("The customer has signed the slip at the top left."), "PACK-06"),
    Tick("copies_given", N_("Copy 3 given to the customer, copies 1 and 2 to the custodian."), "PACK-07"),
    Tick("seal_signed", N_("Sealed; the customer wrote name, address and phone on the carton."), "PACK-08"),
)
ABSENT = (
    *BOTH,
    Tick("copy_inside", N_("Copy 3 in the transparent bag inside the lid."), "PACK-13"),
    Tick("name_on_seal", N_("Sealed; the customer's name is written over the seal."), "PACK-14"),
)
RETURN_SIGNATURES = {
    "handler": N_("Handler"),
    "customer": N_("Customer"),
    "manager": N_("Department manager"),
}

_SENTENCES = {
    "name_checked": N_("Please check that the customer's name is printed right."),
    "protected": N_("Please tick that the goods are protected against damage."),
    "customer_signed": N_("The customer has not signed the slip yet."),
    "copies_given": N_("Please hand out the copies of the slip and tick it."),
    "seal_signed": N_("Please seal the carton and let the customer write on it."),
    "copy_inside": N_("Please put copy 3 in the bag inside the lid and tick it."),
    "name_on_seal": N_("Please write the customer's name over the seal and tick it."),
}


def _tick(tick: Tick) -> Need:
    return ticked("ticks", tick.key, _SENTENCES[tick.key], tick.clause)


def _signed_returns(facts: Facts) -> bool:
    crossed = facts.get("crossed_lines")
    return crossed == 0 or (crossed is not None and set(RETURN_SIGNATURES) <= set(facts.get("return_signatures") or ()))


MACHINE = Machine(
    "packing",
    {
        "open": N_("To count"),
        "packing": N_("Being packed"),
        "packed": N_("Packed"),
        "sealed": N_("Sealed"),
    },
    (
        Transition(
            "start", ("open",), "packing", Right.PACK, N_("Start counting"),
            (
                answered("customer_present", N_("Please say whether the customer is present."), "PACK-01"),
                filled("counter", N_("Please sign as counter."), "PACK-02"),
            ),
            clause="PACK-01",
        ),
        Transition(
            "finish", ("packing",), "packed", Right.PACK, N_("Everything is packed"),
            (
                _tick(BOTH[0]),
                none_left("wrong_scans", N_("A wrong piece was scanned. Take it out and acknowledge it."), "PACK-03"),
                none_left("open_lines", N_("Not every line is ticked or crossed out yet."), "PACK-03"),
                Need("return_signatures", N_("The return slip needs handler, customer and department manager."),
                     "PACK-04", ("crossed_lines", "return_signatures"), _signed_returns),
                unless("customer_present", True, different(
                    "counter", "second", N_("When the customer is absent, two different people must count."),
                    "PACK-11")),
                unless("customer_present", True, filled(
                    "second_signed", N_("The second counter has not signed yet."), "PACK-12")),
                _tick(BOTH[1]),
            ),
            clause="PACK-03", starts=("paper:carton_label",),
        ),
        Transition("reopen", ("packed",), "packing", Right.PACK, N_("Count again"),
                   starts=("task:labels_void",)),
        Transition(
            "seal", ("packed",), "sealed", Right.PACK, N_("Seal the cartons"),
            (
                at_least("cartons", 1, N_("There is no carton yet."), "PACK-08"),
                *(unless("customer_present", False, _tick(tick)) for tick in PRESENT[len(BOTH):]),
                *(unless("customer_present", True, _tick(tick)) for tick in ABSENT[len(BOTH):]),
            ),
            clause="PACK-08",
        ),
    ),
)  # fmt: skip


def checklist(customer_present: bool) -> tuple[Tick, ...]:
    """Return the ticks of the procedure, customer present or absent (PACK-01)."""
    return PRESENT if customer_present else ABSENT


@dataclass(frozen=True, slots=True)
class PackLine:
    """A line of the slip as the packing station sees it."""

    code: str
    quantity: int
    packed: int = 0
    crossed: bool = False

    @property
    def full(self) -> bool:
        """Whether nothing of this line is left to pack."""
        return self.crossed or self.packed >= self.quantity


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan means: ``ok`` with the index of its line; ``wrong``, ``too_many`` or ``crossed`` stop the station."""

    verdict: str
    line: int | None = None

    @property
    def stops(self) -> bool:
        """Whether the station must wait until the scan is acknowledged."""
        return self.verdict != "ok"


SCAN_SENTENCES = {
    "wrong": N_("This piece is not on the slip. Put it aside."),
    "too_many": N_("All pieces of this line are packed already."),
    "crossed": N_("This line is crossed out. Put the piece back."),
}


def judge_scan(code: str, lines: Sequence[PackLine], quantity: int = 1) -> ScanResult:
    """Return the line a scanned code belongs to, the first with room; count one, pack one, tick one (PACK-03)."""
    wanted = code.strip().casefold()
    found = [(index, line) for index, line in enumerate(lines) if line.code.strip().casefold() == wanted]
    for index, line in found:
        if not line.crossed and line.packed + quantity <= line.quantity:
            return ScanResult("ok", index)
    if not found or quantity < 1:
        return ScanResult("wrong")
    alive = [index for index, line in found if not line.crossed]
    return ScanResult("too_many", alive[0]) if alive else ScanResult("crossed", found[0][0])
