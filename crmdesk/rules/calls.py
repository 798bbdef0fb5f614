"""Phone calls: what must be written down, read back and passed on (CALL).

Facts: ``name``, ``matter``, ``region``, ``reason``, ``phone``, ``address``, ``late`` (see ``is_late``),
``apologised``, ``read_back`` (ticks out of phone, name, address, matter), ``transferred_to``, ``told`` (name or matter
passed on), ``escalated_to``, ``instruction``, ``cut_short`` (nobody to talk with: nothing need be written down),
``unreached`` and ``callback_at`` (when to try again).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from crmdesk.core.i18n import N_
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Facts, Machine, Need, Tick, Transition, filled, unless
from crmdesk.rules.worktime import WorkCalendar

READ_BACK = (
    Tick("phone", N_("Phone number read back"), "CALL-07"),
    Tick("name", N_("Name read back"), "CALL-07"),
    Tick("address", N_("Address read back"), "CALL-07"),
    Tick("matter", N_("Matter read back"), "CALL-07"),
)
MANDATORY = ("name", "matter", "region", "reason", "phone")
URGENCIES = {"urgent": N_("Urgent"), "high": N_("Soon"), "normal": N_("Normal"), "low": N_("No hurry")}

# What came of the conversation. '' counts as answered: most calls are.
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "answered": N_("Reached"),
        "not_reached": N_("Not reached"),
        "busy": N_("Engaged"),
        "wrong_number": N_("Wrong number"),
        "hung_up": N_("Hung up"),
    }
)
CUT_SHORT = frozenset({"wrong_number", "hung_up", "not_reached", "busy"})
UNREACHED = frozenset({"not_reached", "busy"})
#: How a contact came in (CALL-19).
CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "phone": N_("Phone"),
        "hotline": N_("Hotline"),
        "message": N_("Message app"),
        "mail": N_("E-mail"),
        "letter": N_("Letter"),
        "other": N_("Another way"),
    }
)

# Working days until a call-back is suggested: the office's habit; CALL-11 and CALL-14 give only the order.
CALLBACK_DAYS: Mapping[str, int] = MappingProxyType({"urgent": 0, "high": 1, "normal": 3, "low": 10})

_SENTENCES = {
    "phone": N_("Please read the phone number back and tick it."),
    "name": N_("Please read the name back and tick it."),
    "address": N_("Please read the address back and tick it."),
    "matter": N_("Please read the matter back and tick it."),
}
READ_BACK_WORDS = {  # inside the sentence that lists several
    "phone": N_("the phone number"), "name": N_("the name"), "address": N_("the address"), "matter": N_("the matter"),
}  # fmt: skip


def _read_back(name: str) -> Need:
    """What was written down must be read back; what was left empty need not."""

    def test(facts: Facts) -> bool:
        return name in (facts.get("read_back") or ()) or not str(facts.get(name) or "").strip()

    return _talked(Need(f"read_back.{name}", _SENTENCES[name], "CALL-07", ("read_back", name), test))


def _talked(need: Need) -> Need:
    """Waive a need when nobody was there to talk with."""
    return unless("cut_short", True, need)


_PHONE = filled("phone", N_("Please write down the phone number."), "CALL-07")
_WRITTEN = (
    _talked(filled("name", N_("Please write down the caller's name."), "CALL-06")),
    _talked(filled("matter", N_("Please write down what the caller asks."), "CALL-06")),
    _talked(filled("region", N_("Please write down where the caller is from."), "CALL-06")),
    _talked(filled("reason", N_("Please write down why the caller asks."), "CALL-06")),
    _talked(_PHONE),
)
_NEXT_TRY = (  # whom nobody reached is called again: when, and at which number
    unless("unreached", False, _PHONE),
    unless(
        "unreached", False, filled("callback_at", N_("Nobody was reached. Please set when to try again."), "CALL-11")
    ),
)
_APOLOGY = unless(
    "late", False,
    filled("apologised", N_("The call was answered late. Please apologise and tick it."), "CALL-01"),
)  # fmt: skip
_CONFIRMED = tuple(_read_back(tick.key) for tick in READ_BACK)

MACHINE = Machine(
    "call",
    {
        "draft": N_("Being written"),
        "read_back": N_("Read back"),
        "done": N_("Done"),
        "transferred": N_("Transferred"),
        "escalated": N_("Manager asked"),
        "instructed": N_("Instruction given"),
    },
    (
        Transition("read_back", ("draft",), "read_back", Right.CALL, N_("Confirm the read-back"),
                   (*_WRITTEN, *_CONFIRMED), clause="CALL-07"),
        Transition("finish", ("draft", "read_back"), "done", Right.CALL, N_("Finish the call"),
                   (_APOLOGY, *_WRITTEN, *_NEXT_TRY, *_CONFIRMED), clause="CALL-07"),
        Transition(
            "transfer", ("draft", "read_back"), "transferred", Right.CALL, N_("Transfer the call"),
            (
                _APOLOGY,
                filled("transferred_to", N_("Please say to whom the call is transferred."), "CALL-12"),
                filled("told", N_("Tell the colleague the caller's name or matter before you transfer."), "CALL-12"),
            ),
            clause="CALL-12", sent=True,
        ),
        Transition(
            "escalate", ("draft", "read_back"), "escalated", Right.CALL, N_("Ask the superior"),
            (
                _APOLOGY,
                filled("name", N_("Please write down the caller's name."), "CALL-06"),
                filled("matter", N_("Please write down what the caller asks."), "CALL-06"),
                filled("escalated_to", N_("Please choose the superior who decides."), "CALL-10"),
            ),
            clause="CALL-10", starts=("task:instruction@CALL-10",), sent=True,
        ),
        Transition("instruct", ("escalated",), "instructed", Right.CALL, N_("Give the instruction"),
                   (filled("instruction", N_("Please write down the instruction."), "CALL-10"),), clause="CALL-10"),
        Transition("handle", ("instructed", "transferred"), "done", Right.CALL, N_("Handled"), clause="CALL-10"),
    ),
)  # fmt: skip


def is_late(rings: int, policy: Policy) -> bool:
    """Whether a call was answered so late that the caller is owed an apology (CALL-01)."""
    return "CALL-01" in policy and rings >= policy.number("CALL-01", "apologise_rings")


def suggest_callback(
    urgency: str, now: datetime, calendar: WorkCalendar, days: Mapping[str, int] = CALLBACK_DAYS
) -> datetime:
    """Return when to call back: the closing of a working day, the nearer the more urgent (CALL-11, CALL-14)."""
    return calendar.add_working_days(now, days.get(urgency, days["normal"]))


def urgency_order(urgency: str) -> int:
    """Return the place of an urgency in the call-back list, the most urgent first (CALL-14)."""
    order = list(URGENCIES)
    return order.index(urgency) if urgency in order else order.index("normal")
