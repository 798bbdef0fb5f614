"""Repairs: taken in, repaired here or sent away, and back to the customer (REP).

Facts: ``thai_silver`` (see ``is_thai_silver``), ``code``, ``part``, ``customer``, ``photos``, ``told`` (ticks of
``TOLD``), ``customer_told`` (phoned, when it is ready), ``carrier``, ``waybill``, ``reason``.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from crmdesk.core.i18n import N_
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Machine, Tick, Transition, at_least, filled, none_left, ticked
from crmdesk.rules.worktime import add_months

TOLD = (
    Tick("duration", N_("Told how long the repair takes."), "REP-02"),
    Tick("may_differ", N_("Told that it may not come back quite the same."), "REP-02"),
)
ROUTES = {"own": N_("Own workshop"), "away": N_("Sent away")}

_PHOTO = at_least("photos", 1, N_("Please take a photo before the piece is handed over."), "REP-05")
_TOLD = (
    ticked("told", "duration", N_("Please tell the customer how long the repair takes."), "REP-02"),
    ticked("told", "may_differ", N_("Please tell the customer that it may not come back quite the same."), "REP-02"),
)

MACHINE = Machine(
    "repair",
    {
        "intake": N_("At the counter"),
        "received": N_("Taken in"),
        "in_own_workshop": N_("In our workshop"),
        "sent_away": N_("Sent away"),
        "returned": N_("Come back"),
        "ready": N_("Repaired"),
        "customer_called": N_("Customer called"),
        "picked_up": N_("Picked up"),
        "shipped": N_("Shipped"),
        "cancelled": N_("Cancelled"),
        "refused": N_("Refused"),
    },
    (
        Transition(
            "take_in", ("intake",), "received", Right.REPAIR, N_("Take in"),
            (
                none_left("thai_silver", N_("Thai silver is not taken in for repair. Please tell the customer."),
                          "REP-03"),
                filled("code", N_("Please write down the item code."), "REP-04"),
                filled("part", N_("Please write down which part is to be repaired."), "REP-04"),
                filled("customer", N_("Please choose the customer."), "REP-05"),
            ),
            clause="REP-04", starts=("paper:repair_receipt", "paper:repair_slip"),
        ),
        Transition("refuse", ("intake", "received"), "refused", Right.REPAIR, N_("Refuse the repair"),
                   (filled("reason", N_("Please write down the reason."), "REP-03"),), clause="REP-03"),
        Transition("to_workshop", ("received",), "in_own_workshop", Right.REPAIR, N_("To our workshop"),
                   clause="REP-01"),
        Transition("send_away", ("received", "in_own_workshop"), "sent_away", Right.REPAIR, N_("Send away"),
                   (*_TOLD, _PHOTO), clause="REP-02", starts=("deadline:REP-02.max_months",)),
        Transition("come_back", ("sent_away",), "returned", Right.REPAIR, N_("Has come back"), clause="REP-07"),
        Transition("rework", ("returned",), "in_own_workshop", Right.REPAIR, N_("Rework here"), clause="REP-01"),
        Transition("finish", ("in_own_workshop", "returned"), "ready", Right.REPAIR, N_("Repair is ready"),
                   clause="REP-07"),
        Transition(
            "call_customer", ("ready",), "customer_called", Right.REPAIR, N_("Customer has been called"),
            (filled("customer_told", N_("Please phone the customer first."), "REP-07"),), clause="REP-07",
        ),
        Transition("pick_up", ("ready", "customer_called"), "picked_up", Right.REPAIR, N_("Picked up"),
                   clause="REP-07"),
        Transition(
            "ship", ("customer_called",), "shipped", Right.REPAIR, N_("Ship the piece"),
            (
                filled("carrier", N_("Please choose the carrier."), "SHIP-02"),
                filled("waybill", N_("Please write down the waybill number."), "SHIP-04"),
            ),
            clause="REP-07",
        ),
        Transition("cancel", ("received", "in_own_workshop", "returned"), "cancelled", Right.REPAIR,
                   N_("Cancel the repair"),
                   (filled("reason", N_("Please write down the reason."), "REP-07"),)),
    ),
)  # fmt: skip

_THAI_SILVER = ("泰銀", "泰银", "泰國銀", "泰国银", "thai silver", "thaisilver")


def is_thai_silver(material: str) -> bool:
    """Whether a material is Thai silver, in whichever script it was typed (REP-03)."""
    plain = " ".join(unicodedata.normalize("NFKC", material).casefold().replace("-", " ").split())
    return any(name in plain or name in plain.replace(" ", "") for name in _THAI_SILVER)


def return_window(day: date, policy: Policy) -> tuple[date, date]:
    """Return the earliest and latest day a piece sent away may come back, from intake or sending on (REP-02)."""
    return (
        add_months(day, policy.number("REP-02", "min_months")),
        add_months(day, policy.number("REP-02", "max_months")),
    )


def is_late(day: date, today: date, policy: Policy) -> bool:
    """Whether a piece sent away on ``day`` should long have been back (REP-02)."""
    return today > return_window(day, policy)[1]
