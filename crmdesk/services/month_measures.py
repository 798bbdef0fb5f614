"""What the manager's month counts, as data: each measure names its records, its clause, and when it is good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from crmdesk.core.i18n import N_
from crmdesk.db.functions import json_length, seconds_between
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.packing import Packing, PackingScan
from crmdesk.model.repair import Repair
from crmdesk.model.sale import Sale
from crmdesk.model.visit import Visit
from crmdesk.rules.policies import Policy

DESKS = {
    "calls": N_("Phone"),
    "reception": N_("Reception"),
    "sales": N_("Sales"),
    "packing": N_("Packing"),
    "repairs": N_("Repairs"),
    "complaints": N_("Complaints"),
}

Condition = Callable[[Policy], ColumnElement[bool]]


@dataclass(frozen=True)
class Measure:
    """One figure of the month.

    A record belongs to the month of its ``moment``. Without ``kept`` the figure is a count, or the sum of
    ``value``; with it the figure is the share of kept ones among those that ``where`` admits, in percent.
    ``good`` says whether more is better ("up"), worse ("down"), or neither.
    """

    key: str
    desk: str
    label: str
    unit: str
    moment: InstrumentedAttribute[Any]
    where: Condition | None = None
    kept: Condition | None = None
    value: InstrumentedAttribute[Any] | None = None
    good: str = ""
    clause: str = ""
    rule: str = ""

    @property
    def model(self) -> Any:
        """The class of the records."""
        return self.moment.class_


def _late_rings(policy: Policy) -> ColumnElement[bool]:
    return (Call.direction == "in") & (Call.rings >= policy.number("CALL-01", "apologise_rings"))


def _apologised(policy: Policy) -> ColumnElement[bool]:
    return Call.apologised.is_(True)


def _call_finished(policy: Policy) -> ColumnElement[bool]:
    return Call.state.not_in(("draft",))


def _read_back(policy: Policy) -> ColumnElement[bool]:
    return json_length(Call.read_back) >= 3  # without an address there is none to repeat


def _callback_over(policy: Policy) -> ColumnElement[bool]:
    return Call.callback_at.is_not(None)


def _called_back_in_time(policy: Policy) -> ColumnElement[bool]:
    return Call.callback_done_at.is_not(None) & (Call.callback_done_at <= Call.callback_at)


def _greeted_in_time(policy: Policy) -> ColumnElement[bool]:
    seconds = policy.number("RCPT-01", "greet_seconds")
    return seconds_between(Visit.arrived_at, Visit.greeted_at) <= seconds


def _visit_over(policy: Policy) -> ColumnElement[bool]:
    return Visit.state == "left"


def _key_back(policy: Policy) -> ColumnElement[bool]:
    return Visit.locker_key.is_(None) | Visit.key_returned_at.is_not(None)


def _not_void(policy: Policy) -> ColumnElement[bool]:
    return Sale.state != "void"


def _consent(policy: Policy) -> ColumnElement[bool]:
    return Sale.consent_to_print.is_(True)


def _wrong(policy: Policy) -> ColumnElement[bool]:
    return PackingScan.wrong.is_(True)


def _absent(policy: Policy) -> ColumnElement[bool]:
    return Packing.customer_present.is_(False)


def _two_people(policy: Policy) -> ColumnElement[bool]:
    return Packing.second_id.is_not(None) & (Packing.second_id != Packing.counter_id)


def _came_back(policy: Policy) -> ColumnElement[bool]:
    return Repair.latest_on.is_not(None)


def _back_in_time(policy: Policy) -> ColumnElement[bool]:
    # The last day counts to its end; days begin in UTC here, and nobody takes pieces back in the hours between.
    return seconds_between(Repair.latest_on, Repair.returned_at) <= 86_400


def _handed_back(policy: Policy) -> ColumnElement[bool]:
    return Repair.state.in_(("picked_up", "shipped"))


def _major(policy: Policy) -> ColumnElement[bool]:
    return Complaint.severity == "major"


def _in_time(policy: Policy) -> ColumnElement[bool]:
    return Complaint.was_due_at.is_(None) | (Complaint.closed_at <= Complaint.was_due_at)


def _asked(policy: Policy) -> ColumnElement[bool]:
    return Complaint.satisfied.is_not(None)


def _satisfied(policy: Policy) -> ColumnElement[bool]:
    return Complaint.satisfied.is_(True)


MEASURES: tuple[Measure, ...] = (
    Measure("calls", "calls", N_("Calls"), N_("calls"), Call.started_at),
    Measure("late_calls", "calls", N_("Answered late"), N_("calls"), Call.started_at, where=_late_rings, good="down",
            clause="CALL-01"),
    Measure("apologised", "calls", N_("Apologised when late"), "%", Call.started_at, where=_late_rings,
            kept=_apologised, good="up", clause="CALL-01", rule=N_("Late answer: apologise")),
    Measure("read_back", "calls", N_("Read back"), "%", Call.started_at, where=_call_finished, kept=_read_back,
            good="up", clause="CALL-07", rule=N_("Read back phone, name, address, matter")),
    Measure("called_back", "calls", N_("Called back as promised"), "%", Call.callback_at, where=_callback_over,
            kept=_called_back_in_time, good="up", clause="CALL-11", rule=N_("Call back when promised")),
    Measure("visits", "reception", N_("Visits"), N_("guests"), Visit.arrived_at),
    Measure("greeted", "reception", N_("Greeted within a minute"), "%", Visit.arrived_at, kept=_greeted_in_time,
            good="up", clause="RCPT-01", rule=N_("Greet within one minute")),
    Measure("keys_back", "reception", N_("Locker keys back"), "%", Visit.arrived_at, where=_visit_over,
            kept=_key_back, good="up", clause="RCPT-04", rule=N_("No locker key leaves the house")),
    Measure("sales", "sales", N_("Sales slips"), N_("slips"), Sale.printed_at, where=_not_void, good="up"),
    Measure("pieces", "sales", N_("Pieces sold"), N_("pieces"), Sale.printed_at, where=_not_void, value=Sale.pieces,
            good="up"),
    Measure("turnover", "sales", N_("Sales"), N_("amount"), Sale.printed_at, where=_not_void, value=Sale.total,
            good="up"),
    Measure("consent", "sales", N_("Printed with consent"), "%", Sale.printed_at, where=_not_void, kept=_consent,
            good="up", clause="SET-03", rule=N_("Print after the customer agrees")),
    Measure("packed", "packing", N_("Slips packed"), N_("slips"), Packing.sealed_at),
    Measure("two_people", "packing", N_("Two people when absent"), "%", Packing.sealed_at, where=_absent,
            kept=_two_people, good="up", clause="PACK-11", rule=N_("Customer absent: two people count")),
    Measure("wrong_scans", "packing", N_("Packing errors"), N_("scans"), PackingScan.at, where=_wrong, good="down",
            clause="PACK-03"),
    Measure("repairs_in", "repairs", N_("Taken in"), N_("repairs"), Repair.received_at),
    Measure("repairs_out", "repairs", N_("Handed back"), N_("repairs"), Repair.closed_at, where=_handed_back),
    Measure("repairs_in_time", "repairs", N_("Back in time"), "%", Repair.returned_at, where=_came_back,
            kept=_back_in_time, good="up", clause="REP-02", rule=N_("Back within the time told")),
    Measure("complaints", "complaints", N_("Complaints"), N_("cases"), Complaint.received_at, good="down"),
    Measure("major", "complaints", N_("Major complaints"), N_("cases"), Complaint.received_at, where=_major,
            good="down", clause="CMP-16"),
    Measure("loss", "complaints", N_("Loss"), N_("amount"), Complaint.closed_at, value=Complaint.loss, good="down"),
    Measure("complaints_in_time", "complaints", N_("Complaints in time"), "%", Complaint.closed_at, kept=_in_time,
            good="up", clause="CMP-72", rule=N_("Close complaints in time")),
    Measure("satisfied", "complaints", N_("Satisfied when called back"), "%", Complaint.closed_at, where=_asked,
            kept=_satisfied, good="up", clause="CB-01", rule=N_("Call back and ask if satisfied")),
)  # fmt: skip

TILES = ("calls", "greeted", "turnover", "wrong_scans", "complaints", "complaints_in_time")
BY_KEY = {measure.key: measure for measure in MEASURES}
