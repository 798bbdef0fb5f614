"""Which records prove how a clause was kept, as data: the case, when it applies, when it is kept, when still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, cast, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from crmdesk.core.i18n import N_
from crmdesk.db.functions import json_length, seconds_between
from crmdesk.model.base import UtcDateTime
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.packing import Packing, PackingReturn, PackingScan
from crmdesk.model.repair import Repair
from crmdesk.model.sale import Payment, Sale
from crmdesk.model.visit import Visit
from crmdesk.rules.complaints import SEVERITIES, finish_limit
from crmdesk.rules.packing import RETURN_SIGNATURES
from crmdesk.rules.policies import Policy
from crmdesk.services.compliance_scope import STEP_TIMES, Scope, count_true, ticked

DESKS = {
    "calls": N_("Phone"),
    "reception": N_("Reception"),
    "sales": N_("Sales"),
    "packing": N_("Packing"),
    "repairs": N_("Repairs"),
    "complaints": N_("Complaints"),
    "customers": N_("Customers"),
    "month": N_("Month"),
}

Condition = ColumnElement[bool] | Callable[[Scope], ColumnElement[bool]]


@dataclass(frozen=True)
class ClauseMeasure:
    """How one clause is measured: a case belongs to the month of its ``moment``, the moment it began.

    Of the cases that ``applies`` admits, ``kept`` tells the kept ones and ``open`` those of the rest that may still
    be kept; what is left is broken. Without ``kept`` the program itself keeps the clause: it refuses anything else,
    so every case counts as kept. ``steps`` says that the conditions look at the steps of complaints.
    """

    key: str
    clause: str
    desk: str
    rule: str
    moment: InstrumentedAttribute[Any]
    applies: Condition | None = None
    kept: Condition | None = None
    open: Condition | None = None
    steps: bool = False

    @property
    def model(self) -> Any:
        """The class of the records."""
        return self.moment.class_

    @property
    def by_program(self) -> bool:
        """Whether the program refuses what would break the clause."""
        return self.kept is None


def condition(scope: Scope, found: Condition | None, default: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition of a measure for a scope."""
    if found is None:
        return default
    return found if isinstance(found, ColumnElement) else found(scope)


# calls ------------------------------------------------------------------------------------------------------------

_DRAFT = Call.state == "draft"
_OWN = and_(Call.transferred_to == "", Call.escalated_to_id.is_(None))  # not passed on: all must be written down
_TOLD = and_(Call.caller_name != "", Call.matter != "", Call.region != "", Call.reason != "")
_GIVEN = count_true(Call.phone != "", Call.caller_name != "", Call.address != "", Call.matter != "")


def late(scope: Scope) -> ColumnElement[bool]:
    """Whether a call was answered so late that the caller is owed an apology (CALL-01)."""
    return (Call.direction == "in") & (Call.rings >= scope.policy.number("CALL-01", "apologise_rings"))


def _callback_ahead(scope: Scope) -> ColumnElement[bool]:
    return Call.callback_done_at.is_(None) & (Call.callback_at >= scope.moment)


_CALLS = (
    ClauseMeasure("apologised", "CALL-01", "calls", N_("Late answer: apologise"), Call.started_at, late,
                  Call.apologised.is_(True), _DRAFT),
    ClauseMeasure("call_written", "CALL-06", "calls", N_("Write down name, matter, place and reason"), Call.started_at,
                  _OWN, _TOLD, _DRAFT),
    ClauseMeasure("read_back", "CALL-07", "calls", N_("Read back all four points"), Call.started_at,
                  _OWN & ~_DRAFT, json_length(Call.read_back) >= _GIVEN),
    ClauseMeasure("escalated", "CALL-10", "calls", N_("Instruction given by the superior"), Call.started_at,
                  Call.escalated_to_id.is_not(None), Call.instruction != "", true()),
    ClauseMeasure("called_back", "CALL-11", "calls", N_("Call back when promised"), Call.started_at,
                  Call.callback_at.is_not(None), Call.callback_done_at <= Call.callback_at, _callback_ahead),
    ClauseMeasure("transferred", "CALL-12", "calls", N_("Colleague told who is calling"), Call.started_at,
                  Call.transferred_to != "", Call.passed_on != ""),
    ClauseMeasure("caller_filed", "CALL-14", "calls", N_("Every enquirer has an archive"), Call.started_at,
                  (Call.direction == "in") & (Call.phone != "") & ~_DRAFT, Call.customer_id.is_not(None)),
)  # fmt: skip

# reception --------------------------------------------------------------------------------------------------------

_LEFT = Visit.state == "left"
_ENTERED = and_(Visit.clerk_accepted_at.is_not(None), Visit.state.in_(("in_showroom", "settling", "leaving", "left")))
# Slips of the month's guests: asked once for all, so that no plan of the database can make it once for each guest.
_SLIPS = select(Sale.visit_id).where(
    Sale.printed_at >= bindparam("first", type_=UtcDateTime()),
    Sale.printed_at < bindparam("soon_after", type_=UtcDateTime()),
    Sale.visit_id.is_not(None), Sale.state != "void", Sale.customer_present.is_(True),
)  # fmt: skip
_UNPAID_SLIPS = _SLIPS.join(Visit, Visit.id == Sale.visit_id).where(
    or_(Sale.paid_at.is_(None), Sale.paid_at > Visit.left_at)
)


def _greeted(scope: Scope) -> ColumnElement[bool]:
    return seconds_between(Visit.arrived_at, Visit.greeted_at) <= scope.policy.number("RCPT-01", "greet_seconds")


def _may_greet(scope: Scope) -> ColumnElement[bool]:
    seconds = scope.policy.number("RCPT-01", "greet_seconds")
    return Visit.greeted_at.is_(None) & (seconds_between(Visit.arrived_at, scope.moment) <= seconds)


def _seen_off(clause: str, tick: str, rule: str) -> ClauseMeasure:
    return ClauseMeasure(tick, clause, "reception", rule, Visit.arrived_at, _LEFT, ticked(Visit.send_off, tick))


_VISITS = (
    ClauseMeasure("greeted", "RCPT-01", "reception", N_("Greet within one minute"), Visit.arrived_at, None, _greeted,
                  _may_greet),
    ClauseMeasure("water", "RCPT-02", "reception", N_("Water offered before entering"), Visit.arrived_at, _ENTERED,
                  Visit.water_at.is_not(None)),
    ClauseMeasure("purpose", "RCPT-03", "reception", N_("Purpose asked"), Visit.arrived_at, _ENTERED,
                  Visit.purpose != ""),
    ClauseMeasure("keys_back", "RCPT-04", "reception", N_("No locker key leaves the house"), Visit.arrived_at,
                  Visit.locker_key.is_not(None), Visit.key_returned_at.is_not(None), ~_LEFT),
    ClauseMeasure("clerk", "RCPT-05", "reception", N_("Receptionist assigned"), Visit.arrived_at, _ENTERED,
                  Visit.clerk_id.is_not(None)),
    ClauseMeasure("place", "RCPT-07", "reception", N_("Place of reception by class"), Visit.arrived_at),
    ClauseMeasure("guest_filed", "CRM-10", "reception", N_("New customers registered"), Visit.arrived_at, _ENTERED,
                  Visit.customer_id.is_not(None)),
    _seen_off("SEND-01", "offered", N_("Offered to see the guest downstairs")),
    _seen_off("SEND-03", "transport", N_("Asked how the guest travels on")),
    _seen_off("SEND-04", "belongings", N_("Reminded of all belongings")),
    ClauseMeasure("send_off", "SEND-06", "reception", N_("Seen off after paying"), Visit.arrived_at,
                  _LEFT & Visit.id.in_(_SLIPS), Visit.id.not_in(_UNPAID_SLIPS)),
)  # fmt: skip

# slips and money --------------------------------------------------------------------------------------------------

_VALID = Sale.state != "void"
_LEFT_AT: Any = select(Visit.left_at).where(Visit.id == Sale.visit_id).scalar_subquery()

_SALES = (
    ClauseMeasure("archive_first", "SET-01", "sales", N_("Archive before settlement"), Sale.printed_at, _VALID),
    ClauseMeasure("consent", "SET-03", "sales", N_("Print after the customer agrees"), Sale.printed_at, _VALID,
                  Sale.consent_to_print.is_(True)),
    ClauseMeasure("slip_copies", "SET-04", "sales", N_("Slip printed for the follower"), Sale.printed_at, _VALID),
    ClauseMeasure("signed_first", "SET-06", "sales", N_("Signed before payment"), Sale.printed_at,
                  _VALID & Sale.paid_at.is_not(None)),
    ClauseMeasure("change", "SET-07", "sales", N_("Received and change agree"), Payment.at,
                  (Payment.method == "cash") & (Payment.received > 0),
                  Payment.received - Payment.change == Payment.amount),
    ClauseMeasure("paid", "ORD-12", "sales", N_("Slips paid"), Sale.printed_at, _VALID, Sale.paid_at.is_not(None),
                  _LEFT_AT.is_(None)),
    ClauseMeasure("paid_leaving", "PACK-09", "sales", N_("Nobody leaves without paying"), Sale.printed_at,
                  _VALID & Sale.visit_id.is_not(None) & Sale.customer_present.is_(True),
                  Sale.paid_at <= func.coalesce(_LEFT_AT, Sale.paid_at),
                  _LEFT_AT.is_(None)),
)  # fmt: skip

# packing ----------------------------------------------------------------------------------------------------------

_COUNTING = Packing.state == "packing"
_UNSEALED = Packing.state != "sealed"
_ABSENT, _PRESENT = Packing.customer_present.is_(False), Packing.customer_present.is_(True)


def _packed(clause: str, tick: str, rule: str, who: ColumnElement[bool] | None, still: ColumnElement[bool]) -> Any:
    kept = ticked(Packing.ticks, tick)
    return ClauseMeasure(f"packing_{tick}", clause, "packing", rule, Packing.started_at, who, kept, still)


_PACKING = (
    ClauseMeasure("procedure", "PACK-01", "packing", N_("Procedure chosen"), Packing.started_at),
    _packed("PACK-02", "name_checked", N_("Customer's name checked"), None, _COUNTING),
    ClauseMeasure("scans_settled", "PACK-03", "packing", N_("Wrong pieces taken out"), Packing.started_at, None,
                  ~select(PackingScan.id).where(
                      PackingScan.packing_id == Packing.id, PackingScan.wrong.is_(True),
                      PackingScan.acknowledged_at.is_(None), PackingScan.undone_at.is_(None)).exists(), _COUNTING),
    ClauseMeasure("returns_signed", "PACK-04", "packing", N_("Return slip signed by three"), Packing.started_at,
                  select(PackingReturn.id).where(PackingReturn.packing_id == Packing.id).exists(),
                  ticked(Packing.ticks, *(f"return.{name}" for name in RETURN_SIGNATURES)), _COUNTING),
    _packed("PACK-05", "protected", N_("Goods protected"), None, _COUNTING),
    _packed("PACK-06", "customer_signed", N_("Customer signed the slip"), _PRESENT, _UNSEALED),
    _packed("PACK-07", "copies_given", N_("Copies of the slip handed out"), _PRESENT, _UNSEALED),
    _packed("PACK-08", "seal_signed", N_("Sealed and written on"), _PRESENT, _UNSEALED),
    ClauseMeasure("counted", "ORD-11", "packing", N_("Every line counted"), Packing.started_at, ~_COUNTING),
    ClauseMeasure("two_people", "PACK-11", "packing", N_("Customer absent: two people count"), Packing.started_at,
                  _ABSENT, Packing.second_id.is_not(None) & (Packing.second_id != Packing.counter_id), _COUNTING),
    ClauseMeasure("two_sign", "PACK-12", "packing", N_("Customer absent: both sign"), Packing.started_at,
                  _ABSENT, Packing.second_at.is_not(None), _COUNTING),
    _packed("PACK-13", "copy_inside", N_("Customer absent: copy 3 in the lid"), _ABSENT, _UNSEALED),
    _packed("PACK-14", "name_on_seal", N_("Customer absent: name over the seal"), _ABSENT, _UNSEALED),
)  # fmt: skip

# repairs and customers --------------------------------------------------------------------------------------------

_SENT = Repair.sent_at.is_not(None)


def _back_in_time(scope: Scope) -> ColumnElement[bool]:
    return seconds_between(Repair.latest_on, Repair.returned_at) < scope.end_of_day  # the last day counts to its end


def _may_come_back(scope: Scope) -> ColumnElement[bool]:
    today = scope.calendar.local_day(scope.now)
    return Repair.returned_at.is_(None) & (Repair.latest_on >= cast(today, Date))


_REPAIRS = (
    ClauseMeasure("repairs_in_time", "REP-02", "repairs", N_("Back within the time told"), Repair.received_at,
                  Repair.latest_on.is_not(None), _back_in_time, _may_come_back),
    ClauseMeasure("repair_told", "REP-02", "repairs", N_("Told how long, and that it may differ"), Repair.received_at,
                  _SENT, ticked(Repair.told, "duration", "may_differ")),
    ClauseMeasure("no_thai_silver", "REP-03", "repairs", N_("No Thai silver taken in"), Repair.received_at),
    ClauseMeasure("repair_written", "REP-04", "repairs", N_("Receipt with item code and part"), Repair.received_at,
                  None, (Repair.item_code != "") & (Repair.part != "")),
    ClauseMeasure("photo", "REP-05", "repairs", N_("Photo before handing over"), Repair.received_at, _SENT),
    ClauseMeasure("piece_copy", "REP-06", "repairs", N_("Copy 3 goes with the piece"), Repair.received_at, _SENT),
    ClauseMeasure("customer_phoned", "REP-07", "repairs", N_("Customer phoned when it is ready"), Repair.received_at,
                  Repair.ready_at.is_not(None), Repair.told_ready_at.is_not(None), Repair.closed_at.is_(None)),
)  # fmt: skip
_CUSTOMERS = (ClauseMeasure("numbered", "CRM-11", "customers", N_("Every customer has a number"), Customer.created_at),)

# complaints -------------------------------------------------------------------------------------------------------

_WAITING = Complaint.state == "received"
_RUNNING = Complaint.closed_at.is_(None)
_ANSWERED = STEP_TIMES.c.answered


def _clear(tick: str) -> ColumnElement[bool]:
    return Complaint.clears[tick].as_boolean().is_(True)


def _reply_ahead(scope: Scope) -> ColumnElement[bool]:
    return _RUNNING & or_(
        Complaint.next_reply_at.is_(None), Complaint.next_reply_at >= scope.moment,
        Complaint.state.in_(("told", "called_back")),
    )  # fmt: skip


def _collective(scope: Scope) -> ColumnElement[bool]:
    return Complaint.affected >= scope.policy.number("CMP-16", "collective_customers")


def _finished(scope: Scope) -> ColumnElement[bool]:
    return or_(Complaint.was_due_at.is_(None) & ~_RUNNING, Complaint.closed_at <= Complaint.was_due_at)


def _may_finish(scope: Scope) -> ColumnElement[bool]:
    return _RUNNING & ~scope.overdue


_COMPLAINTS = (
    ClauseMeasure("received", "CMP-01", "complaints", N_("Nobody is turned away"), Complaint.received_at),
    ClauseMeasure("heard", "CMP-02", "complaints", N_("Heard out"), Complaint.received_at, None, _clear("heard"),
                  _WAITING),
    ClauseMeasure("asked", "CMP-03", "complaints", N_("Asked until clear"), Complaint.received_at, None,
                  _clear("asked"), _WAITING),
    ClauseMeasure("followed", "CMP-04", "complaints", N_("Followed to the end, next reply kept"),
                  Complaint.received_at, None, _clear("followed") & ~_RUNNING, _reply_ahead),
    ClauseMeasure("replied", "CMP-05", "complaints", N_("Course and result reported"), Complaint.received_at, None,
                  _clear("replied"), _RUNNING),
    ClauseMeasure("recorded", "CMP-06", "complaints", N_("Course and result written down"), Complaint.received_at,
                  None, _clear("recorded"), _RUNNING),
    ClauseMeasure("manager_told", "CMP-08", "complaints", N_("Major: manager told at once"), Complaint.received_at,
                  Complaint.severity == "major", Complaint.manager_told.is_(True), _WAITING),
    ClauseMeasure("no_promise", "CMP-11", "complaints", N_("No promise before the facts"), Complaint.received_at),
    ClauseMeasure("collective", "CMP-16", "complaints", N_("Several customers: major"), Complaint.received_at,
                  _collective, Complaint.severity == "major"),
    ClauseMeasure("complaint_number", "CMP-24", "complaints", N_("Numbered by year and month"), Complaint.received_at),
    ClauseMeasure("seven_steps", "CMP-47", "complaints", N_("Taken through the seven steps"), Complaint.received_at,
                  None,
                  ~_RUNNING & (Complaint.department != "") & Complaint.handler_id.is_not(None) & or_(
                      Complaint.valid.is_(False), (Complaint.cause != "") & (Complaint.proposal != "")), _RUNNING),
)  # fmt: skip


FINISHED = ClauseMeasure("complaints_in_time", "CMP-72", "complaints", N_("Close complaints in time"),
                         Complaint.received_at, None, _finished, _may_finish)  # fmt: skip


def _limits(policy: Policy) -> Iterator[ClauseMeasure]:
    """Yield what limits a complaint in time; where packs differ, the clause of the number the office works by."""
    finish: dict[str, list[ColumnElement[bool]]] = {}
    general: set[str] = set()
    for severity in SEVERITIES:
        for domestic in (True, False):
            found = finish_limit(policy, domestic=domestic, severity=severity)
            if found is not None:
                which = and_(Complaint.severity == severity, Complaint.domestic.is_(domestic))
                finish.setdefault(found[0].id, []).append(which)
                general |= {found[0].id} if severity != "major" else set()
    for place, (clause, kinds) in enumerate(finish.items()):
        key = FINISHED.key + (f"_{clause}" if place else "")
        rule = FINISHED.rule if clause in general else N_("Major complaints put right in time")
        if clause in general and general != set(finish):
            rule = N_("Close general complaints in time")
        yield replace(FINISHED, key=key, clause=clause, rule=rule, applies=or_(*kinds))
    if (answer := _winner(policy, "complaint_answer", "CMP-71", "agree_days")) is not None:
        yield _step_limit("answered", *answer, N_("Plan agreed in time"), "received", "answered")
    if "CMP-30" in policy:
        yield _step_limit("reported", "CMP-30", "report_days", N_("Report after the investigation"), "investigated",
                          "answered")  # fmt: skip
    if (call := _winner(policy, "callback_after_completion", "CMP-72", "callback_days")) is not None:
        yield _step_limit("called_after", *call, N_("Phoned on the day of completion"), "completed", "called_back")
        if call[0] != "CB-01" and "CB-01" in policy:
            yield _step_limit("called_after_cb", "CB-01", "callback_days", N_("Phoned on the day of completion"),
                              "completed", "called_back")  # fmt: skip


def _winner(policy: Policy, matter: str, clause: str, key: str) -> tuple[str, str] | None:
    """Return clause and key of the number the office works by in a matter."""
    if matter in policy.matters:
        found = policy.setting(matter)
        return None if found is None else (found[0].id, found[1].key)
    return (clause, key) if clause in policy else None


def _step_limit(key: str, clause: str, number: str, rule: str, start: str, end: str) -> ClauseMeasure:
    """Measure the time from one step of a complaint to another; one taken over without its steps proves nothing."""
    begun: Any = Complaint.received_at if start == "received" else STEP_TIMES.c[start]
    done = STEP_TIMES.c[end]
    reached = and_(done.is_not(None), done >= begun)

    def kept(scope: Scope) -> ColumnElement[bool]:
        return reached & scope.in_time(clause, number, start, done)

    def still(scope: Scope) -> ColumnElement[bool]:
        waiting = or_(done.is_(None), done < begun)
        return _RUNNING & waiting & scope.not_over(clause, number, start)

    applies = and_(begun.is_not(None), or_(reached, _RUNNING))
    return ClauseMeasure(key, clause, "complaints", rule, Complaint.received_at, applies, kept, still, steps=True)


FIXED: tuple[ClauseMeasure, ...] = (
    *_CALLS, *_VISITS, *_SALES, *_PACKING, *_REPAIRS, *_CUSTOMERS, *_COMPLAINTS,
)  # fmt: skip


def measures_of(policy: Policy) -> dict[str, ClauseMeasure]:
    """Return the measures of the clauses the office works by, by key."""
    kept = policy.made.get("measures")
    if kept is None:
        found = [*(measure for measure in FIXED if measure.clause in policy), *_limits(policy)]
        kept = policy.made["measures"] = {measure.key: measure for measure in found}
    result: dict[str, ClauseMeasure] = kept
    return result
