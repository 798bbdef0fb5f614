"""What the manager's month counts, as data: each measure names its records, its clause, and when it is good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from crmdesk.core.i18n import N_
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.packing import Packing, PackingScan
from crmdesk.model.repair import Repair
from crmdesk.model.sale import Sale
from crmdesk.model.visit import Visit
from crmdesk.services.compliance_measures import DESKS as ALL_DESKS
from crmdesk.services.compliance_measures import FINISHED, FIXED, ClauseMeasure, Condition, late

DESKS = {key: name for key, name in ALL_DESKS.items() if key not in ("customers", "month")}
_SHARES = {measure.key: measure for measure in (*FIXED, FINISHED)}


@dataclass(frozen=True)
class Measure:
    """One figure of the month.

    A record belongs to the month of its ``moment``. The figure is a count, the sum of ``value``, or, with ``share``,
    how well a clause was kept in percent, counted as compliance counts it. ``good`` says whether more is better
    ("up"), worse ("down"), or neither.
    """

    key: str
    desk: str
    label: str
    unit: str
    moment: InstrumentedAttribute[Any]
    where: Condition | None = None
    share: ClauseMeasure | None = None
    value: InstrumentedAttribute[Any] | None = None
    good: str = ""
    clause: str = ""

    @property
    def model(self) -> Any:
        """The class of the records."""
        return self.moment.class_


def _share(key: str, label: str) -> Measure:
    found = _SHARES[key]
    return Measure(key, found.desk, label, "%", found.moment, share=found, good="up", clause=found.clause)


_NOT_VOID = Sale.state != "void"
# Not whether a clause was kept: who is not satisfied is called again (CMP-72).
_SATISFIED = ClauseMeasure("satisfied", "", "complaints", "", Complaint.received_at, Complaint.satisfied.is_not(None),
                           Complaint.satisfied.is_(True))  # fmt: skip

MEASURES: tuple[Measure, ...] = (
    Measure("calls", "calls", N_("Calls"), N_("calls"), Call.started_at),
    Measure("late_calls", "calls", N_("Answered late"), N_("calls"), Call.started_at, where=late, good="down",
            clause="CALL-01"),
    _share("apologised", N_("Apologised when late")),
    _share("read_back", N_("Read back")),
    _share("called_back", N_("Called back as promised")),
    Measure("visits", "reception", N_("Visits"), N_("guests"), Visit.arrived_at),
    _share("greeted", N_("Greeted in a minute")),
    _share("keys_back", N_("Locker keys back")),
    Measure("sales", "sales", N_("Sales slips"), N_("slips"), Sale.printed_at, where=_NOT_VOID, good="up"),
    Measure("pieces", "sales", N_("Pieces sold"), N_("pieces"), Sale.printed_at, where=_NOT_VOID, value=Sale.pieces,
            good="up"),
    Measure("turnover", "sales", N_("Sales"), N_("amount"), Sale.printed_at, where=_NOT_VOID, value=Sale.total,
            good="up"),
    _share("consent", N_("Printed with consent")),
    Measure("packed", "packing", N_("Slips packed"), N_("slips"), Packing.sealed_at),
    _share("two_people", N_("Two people when absent")),
    Measure("wrong_scans", "packing", N_("Packing errors"), N_("scans"), PackingScan.at,
            where=PackingScan.wrong.is_(True), good="down", clause="PACK-03"),
    Measure("repairs_in", "repairs", N_("Taken in"), N_("repairs"), Repair.received_at),
    Measure("repairs_out", "repairs", N_("Handed back"), N_("repairs"), Repair.closed_at,
            where=Repair.state.in_(("picked_up", "shipped"))),
    _share("repairs_in_time", N_("Back in time")),
    Measure("complaints", "complaints", N_("Complaints"), N_("cases"), Complaint.received_at, good="down"),
    Measure("major", "complaints", N_("Major complaints"), N_("cases"), Complaint.received_at,
            where=Complaint.severity == "major", good="down", clause="CMP-16"),
    Measure("loss", "complaints", N_("Loss"), N_("amount"), Complaint.closed_at, value=Complaint.loss, good="down"),
    _share("complaints_in_time", N_("Complaints in time")),
    Measure("satisfied", "complaints", N_("Satisfied when called back"), "%", Complaint.received_at, share=_SATISFIED,
            good="up"),
)  # fmt: skip

TILES = ("calls", "greeted", "turnover", "wrong_scans", "complaints", "complaints_in_time")
BY_KEY = {measure.key: measure for measure in MEASURES}
