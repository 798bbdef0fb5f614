"""What the regulation speaks of: the letters before the number of a clause, in the order of the regulation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crmdesk.core.i18n import N_

CAPABILITIES: Mapping[str, str] = MappingProxyType(
    {
        "CALL": N_("Phone calls"),
        "RCPT": N_("Reception and check-in"),
        "ORD": N_("Order follow-up"),
        "SET": N_("Settlement"),
        "PACK": N_("Packing and counting"),
        "SHIP": N_("Shipping"),
        "SEND": N_("Send-off"),
        "VID": N_("Video appointments"),
        "WEB": N_("Online orders"),
        "REP": N_("Repair"),
        "RET": N_("Returns and exchange"),
        "CON": N_("Consignment"),
        "CRM": N_("Customer archive and care"),
        "CMP": N_("Complaint handling"),
        "CB": N_("Callbacks and surveys"),
        "PHR": N_("Service phrases and manners"),
        "VIS": N_("Visit plans and reports"),
        "DEV": N_("New-customer development"),
        "SMP": N_("Samples"),
        "TOUR": N_("Visitors and tours"),
        "SUP": N_("Choice of suppliers"),
        "GATE": N_("Goods exit permits"),
        "DUTY": N_("Duty and shift handover"),
        "FIRST": N_("First-asked responsibility"),
        "DISP": N_("Service dispatch"),
        "TECH": N_("Technicians' reports"),
        "MAINT": N_("Maintenance contracts and handover"),
        "CARD": N_("Service opinion cards"),
        "SEC": N_("Confidentiality and access"),
        "PEN": N_("Fines and rewards"),
        "STAT": N_("Statistics and reports"),
        "NOTE": N_("Notices and announcements"),
        "PAY": N_("Payments and contracts"),
        "MEET": N_("Meetings"),
        "REFER": N_("Referral"),
        "PART": N_("Spare parts"),
        "EXP": N_("Travel claims and advances"),
        "FAC": N_("Premises and checklists"),
        "MAIL": N_("Mail and newspapers"),
        "TRAIN": N_("Training"),
        "POL": N_("The rules themselves"),
    }
)

_PLACES = {capability: place for place, capability in enumerate(CAPABILITIES)}


def capability_of(clause_id: str) -> str:
    """Return the letters of a clause, as ``CALL`` of ``CALL-07``."""
    return clause_id.partition("-")[0]


def clause_order(clause_id: str) -> tuple[int, str, int]:
    """Return what sorts clauses as the regulation does; capabilities it doesn't know come last."""
    capability, _dash, serial = clause_id.partition("-")
    return _PLACES.get(capability, len(_PLACES)), capability, int(serial) if serial.isdigit() else 0
