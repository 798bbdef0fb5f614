"""Visits: from the door to the send-off (RCPT, SEND).

Facts: ``customer`` (known in the archive), ``purpose``, ``water`` (served or declined), ``locker`` (key given, or the
guest has nothing to deposit), ``clerk``, ``key_out``, ``unpaid`` (amount or flag), ``ticks`` (of the send-off),
``leave_reason``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crmdesk.core.i18n import N_
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Machine, Tick, Transition, filled, none_left, or_reason, ticked

PLACES = {"a": N_("Culture hall"), "b": N_("Business room"), "c": N_("Lounge")}
CLASSES = {"a": N_("VIP guest"), "b": N_("Business guest"), "c": N_("Ordinary guest")}
TRANSPORT = {
    "train": N_("Train"),
    "plane": N_("Plane"),
    "own_car": N_("Own car"),
    "called_car": N_("Taxi ordered"),
}

SEND_OFF = (
    Tick("offered", N_("Offered to see the guest downstairs."), "SEND-01"),
    Tick("carried", N_("Helped to carry the goods."), "SEND-02", required=False),
    Tick("transport", N_("Asked about the way home and called a car if wanted."), "SEND-03"),
    Tick("belongings", N_("Reminded the guest to take all belongings."), "SEND-04"),
    Tick("first_told", N_("Wished good business; first to be told of new goods."), "SEND-05", required=False),
)

_SENTENCES = {
    "offered": N_("Please offer to see the guest downstairs."),
    "transport": N_("Please ask how the guest travels on."),
    "belongings": N_("Please remind the guest to take all belongings."),
}

MACHINE = Machine(
    "visit",
    {
        "waiting": N_("Waiting"),
        "greeted": N_("Greeted"),
        "in_showroom": N_("In the showroom"),
        "settling": N_("Settling"),
        "leaving": N_("Leaving"),
        "left": N_("Has left"),
    },
    (
        Transition("greet", ("waiting",), "greeted", Right.VISIT, N_("Greet"), clause="RCPT-01"),
        Transition(
            "enter", ("greeted",), "in_showroom", Right.VISIT, N_("Take into the showroom"),
            (
                filled("customer", N_("Please register the new customer first."), "RCPT-02"),
                filled("water", N_("Please offer the guest a glass of water first."), "RCPT-02"),
                filled("purpose", N_("Please ask the purpose of the visit."), "RCPT-03"),
                filled("locker", N_("Please give the guest a locker key, or choose Nothing to deposit."),
                       "RCPT-04"),
                filled("clerk", N_("Please choose who receives the guest."), "RCPT-05"),
            ),
            clause="RCPT-05",
        ),
        Transition(
            "settle", ("in_showroom",), "settling", Right.VISIT, N_("Settle"),
            (filled("customer", N_("Please register the new customer first."), "SET-01"),),
            clause="SET-01",
        ),
        Transition("resume", ("settling", "leaving"), "in_showroom", Right.VISIT, N_("Back to the showroom")),
        Transition(
            "leave", ("waiting", "greeted", "in_showroom", "settling"), "leaving", Right.VISIT, N_("See off"),
            clause="SEND-06",
        ),
        Transition(
            "check_out", ("leaving",), "left", Right.VISIT, N_("Check out"),
            (
                or_reason(none_left("key_out", N_("The locker key is still out. Take it back or write a reason."),
                                    "RCPT-04"), "leave_reason"),
                or_reason(none_left("unpaid", N_("A bill is not paid yet. Settle it or write a reason."), "PACK-09"),
                          "leave_reason"),
                *(or_reason(ticked("ticks", tick.key, _SENTENCES[tick.key], tick.clause), "leave_reason")
                  for tick in SEND_OFF if tick.required),
            ),
            clause="SEND-06",
        ),
    ),
)  # fmt: skip


def greet_by(arrived_at: datetime, policy: Policy) -> datetime:
    """Return until when a guest must have been greeted (RCPT-01)."""
    return arrived_at + timedelta(seconds=policy.number("RCPT-01", "greet_seconds"))


def greeted_in_time(arrived_at: datetime, greeted_at: datetime, policy: Policy) -> bool:
    """Whether the greeting kept RCPT-01."""
    return greeted_at <= greet_by(arrived_at, policy)
