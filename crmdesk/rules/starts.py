"""What begins by itself with a step, in words: ``deadline:CMP-72.callback_days``, ``paper:repair_slip``, ``task:…``."""

from __future__ import annotations

from collections.abc import Iterable

from crmdesk.core.i18n import N_, _

PAPERS = {
    "sales_slip": N_("Sales slip"),
    "return_slip": N_("Return slip"),
    "carton_label": N_("Carton label"),
    "receipt": N_("Receipt"),
    "repair_receipt": N_("Repair receipt"),
    "repair_slip": N_("Repair slip"),
    "complaint_sheet": N_("Complaint form"),
}
TASKS = {
    "call_back": N_("phone the customer the same day"),
    "instruction": N_("the superior's instruction"),
    "stage": N_("the clock of this stage"),
    "labels_void": N_("the labels become void"),
}
SENT = ("paper", "approval")  # somebody has it in hand: such a step is not taken back


def clause_of(start: str) -> str:
    """Return the clause that orders it, empty when the desk does so by itself."""
    kind, _colon, rest = start.partition(":")
    if kind == "deadline":
        return rest.split(".")[0]
    return rest.partition("@")[2]


def in_words(starts: Iterable[str]) -> list[str]:
    """Return each as people read it."""
    said = []
    for start in starts:
        kind, _colon, rest = start.partition(":")
        name, _at, clause = rest.partition("@")
        if kind == "deadline":
            words = _("deadline {clause}").format(clause=rest.split(".")[0])
        elif kind == "paper":
            words = _("paper: {name}").format(name=_(PAPERS[name]))
        elif kind == "approval":
            words = _("approval")
        else:
            words = _(TASKS[name])
        said.append(_("{sentence} ({clause})").format(sentence=words, clause=clause) if clause else words)
    return said
