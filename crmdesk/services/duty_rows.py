"""The duties of every desk as rows (see ``services.duties``). A new one goes to the end of its desk's part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, exists, false, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from crmdesk.core.i18n import N_
from crmdesk.model.approval import Approval
from crmdesk.model.call import WAITS, Call
from crmdesk.model.checklist import Checklist
from crmdesk.model.packing import Packing, PackingReturn
from crmdesk.model.paper import Paper, PrintJob
from crmdesk.model.repair import IN_HAND, Repair
from crmdesk.model.sale import Sale, SaleLine
from crmdesk.model.staff import StaffMember
from crmdesk.model.visit import IN_THE_HOUSE, Visit
from crmdesk.model.working_time import DeadlinePause
from crmdesk.rules.checklists import CLOSING, DESK_RIGHTS, right_of
from crmdesk.rules.deadlines import due_number
from crmdesk.rules.packing import RETURN_SIGNATURES
from crmdesk.rules.rights import Right
from crmdesk.services import backups
from crmdesk.services.approvals import lies_with_user
from crmdesk.services.call_duties import MATTERS
from crmdesk.services.care_duties import CARE, CARE_CHORES
from crmdesk.services.checklist_templates import templates_of
from crmdesk.services.complaint_duties import COMPLAINTS
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.deadlines import calendar_of, stands
from crmdesk.services.duties import Chore, Duty
from crmdesk.services.letter_duties import LETTER_CHORES, LETTERS
from crmdesk.services.packing_queue import PAID_DAYS
from crmdesk.services.repairs import AWAY, IN_HOUSE
from crmdesk.services.sale_returns import RETURN_TICK
from crmdesk.services.visit_board import BOOKED
from crmdesk.services.visit_board import IN_HOUSE as GUESTS

LAST_HOUR = timedelta(hours=1)  # before closing: guests and keys are nobody's concern at noon


# calls ------------------------------------------------------------------------------------------------------------


def _callback(ctx: Context) -> ColumnElement[bool]:
    return and_(Call.callback_done_at.is_(None), Call.callback_at.is_not(None))


def _state(column: InstrumentedAttribute[str], *states: str) -> Callable[[Context], ColumnElement[bool]]:
    def is_open(ctx: Context) -> ColumnElement[bool]:
        return column.in_(states)

    return is_open


def _call(*states: str) -> Callable[[Context], ColumnElement[bool]]:
    def is_open(ctx: Context) -> ColumnElement[bool]:
        return and_(Call.state.in_(states), text(f"call.{WAITS}"))

    return is_open


_CALLS = (
    Duty(
        key="call_back", desk="calls", clause="CALL-11", title=N_("Call back as promised"), model=Call, open=_callback,
        right=Right.CALL, moment=Call.callback_at, customer=Call.customer_id, who=Call.caller_name, name=Call.number,
        icon="phone", action=N_("Call now"),
    ),
    Duty(
        key="call_escalated", desk="calls", clause="CALL-10", title=N_("Give the instruction on call {name}"),
        model=Call, open=_call("escalated"), right=Right.CALL, start=Call.started_at,
        owner=Call.escalated_to_id, hand_over="escalated_to_id", customer=Call.customer_id, who=Call.caller_name,
        name=Call.number, icon="gavel", action=N_("Instruct"),
    ),
    Duty(
        key="call_instructed", desk="calls", clause="CALL-10",
        title=N_("Instruction on call {name} is given: act on it"), model=Call,
        open=_call("instructed"), right=Right.CALL, start=Call.started_at,
        owner=Call.answered_by_id, customer=Call.customer_id, who=Call.caller_name, name=Call.number, icon="phone",
        action=N_("Open"),
    ),
    Duty(
        key="call_draft", desk="calls", clause="CALL-07", title=N_("Call {name} is not finished: read it back"),
        model=Call, open=_call("draft", "read_back"), right=Right.CALL, start=Call.started_at,
        owner=Call.answered_by_id, customer=Call.customer_id, who=Call.caller_name, name=Call.number, icon="phone",
        action=N_("Finish"),
    ),
)  # fmt: skip


# reception --------------------------------------------------------------------------------------------------------


def _closing_soon(ctx: Context) -> bool:
    now = ctx.clock.now()
    closing = calendar_of(ctx).closing(ctx.clock.today())
    return closing is None or now >= closing - LAST_HOUR


def _visit(*states: str) -> ColumnElement[bool]:
    return and_(Visit.state.in_(states), text(IN_THE_HOUSE.format("visit.")))


def _waiting(ctx: Context) -> ColumnElement[bool]:
    return _visit("waiting")


def _booked(ctx: Context) -> ColumnElement[bool]:
    return _visit(BOOKED)


def _still_here(ctx: Context) -> ColumnElement[bool]:
    if not _closing_soon(ctx):
        return false()
    return and_(_visit(*GUESTS), Visit.arrived_at.is_not(None), Visit.locker_key.is_(None))


def _key_out(ctx: Context) -> ColumnElement[bool]:
    if not _closing_soon(ctx):
        return false()
    return and_(Visit.locker_key.is_not(None), Visit.key_returned_at.is_(None))


_RECEPTION = (
    Duty(
        key="visit_greet", desk="reception", clause="RCPT-01", title=N_("Waiting to be greeted"), model=Visit,
        open=_waiting, right=Right.VISIT, start=Visit.arrived_at, number="greet_seconds",
        customer=Visit.customer_id, who=Visit.visitor_name, name=Visit.number, icon="hand", action=N_("Greet"),
    ),
    Duty(
        key="visit_booked", desk="reception", title=N_("Visit expected"), model=Visit, open=_booked,
        right=Right.VISIT, moment=Visit.appointment_at, owner=Visit.clerk_id, customer=Visit.customer_id,
        who=Visit.visitor_name, name=Visit.number, icon="calendar-clock", action=N_("Open"),
    ),
    Duty(
        key="visit_key", desk="reception", clause="RCPT-04", title=N_("Take the locker key back before closing"),
        model=Visit, open=_key_out, right=Right.VISIT, start=Visit.key_given_at, customer=Visit.customer_id,
        who=Visit.visitor_name, name=Visit.number, icon="key-round", action=N_("Open"), depends=_closing_soon,
    ),
    Duty(
        key="visit_leave", desk="reception", clause="SEND-06", title=N_("Is still in the house: see the guest off"),
        model=Visit, open=_still_here, right=Right.VISIT, start=Visit.arrived_at, owner=Visit.clerk_id,
        customer=Visit.customer_id, who=Visit.visitor_name, name=Visit.number, icon="log-out", action=N_("See off"),
        depends=_closing_soon,
    ),
)  # fmt: skip


# packing ----------------------------------------------------------------------------------------------------------


def _to_pack(ctx: Context) -> ColumnElement[bool]:
    since = day_bounds(ctx.clock)[0] - timedelta(days=PAID_DAYS)
    return and_(
        Sale.state.in_(("printed", "paid")),
        or_(Sale.state == "printed", Sale.printed_at >= since),
        ~exists().where(Packing.sale_id == Sale.id),
        exists().where(SaleLine.sale_id == Sale.id, SaleLine.quantity > 0),  # a return slip has nothing to pack
    )


def _unsigned(ctx: Context) -> ColumnElement[bool]:
    ticks = cast(Packing.ticks, Text)
    return and_(
        Packing.state.in_(("packing", "packed")),
        exists().where(PackingReturn.packing_id == Packing.id),
        or_(Packing.return_number == "", *(ticks.not_like(f"%{RETURN_TICK}{who}%") for who in RETURN_SIGNATURES)),
    )


_SLIP_NUMBER = select(Sale.number).where(Sale.id == Packing.sale_id).correlate(Packing).scalar_subquery()

_PACKING = (
    Duty(
        key="pack_waiting", desk="packing", clause="PACK-01", title=N_("Count and pack slip {name}"),
        model=Sale, open=_to_pack, right=Right.PACK, start=Sale.printed_at, customer=Sale.customer_id,
        name=Sale.number, argument="sale_id", icon="package-open", action=N_("Pack now"),
    ),
    Duty(
        key="pack_begun", desk="packing", clause="PACK-03", title=N_("Slip {name} is counted but not sealed"),
        model=Packing, open=_state(Packing.state, "packing", "packed"), right=Right.PACK, start=Packing.started_at,
        owner=Packing.counter_id, customer=Packing.customer_id, name=_SLIP_NUMBER, icon="package-check",
        action=N_("Pack now"),
    ),
    Duty(
        key="return_unsigned", desk="packing", clause="PACK-04",
        title=N_("Return slip of {name}: three signatures are missing"), model=Packing, open=_unsigned,
        right=Right.PACK, start=Packing.started_at, customer=Packing.customer_id, name=_SLIP_NUMBER, icon="undo-2",
        action=N_("Sign"),
    ),
)  # fmt: skip


# repairs ----------------------------------------------------------------------------------------------------------


def _repair(*states: str) -> ColumnElement[bool]:
    return and_(Repair.state.in_(states), text(IN_HAND.format("repair.")))


def _repaired(ctx: Context) -> ColumnElement[bool]:
    return _repair("ready")


def _runs(*states: str) -> Callable[[Context], ColumnElement[bool]]:
    """Return the condition of a repair in these states whose clock runs: while it stands, its review is due instead."""

    def is_open(ctx: Context) -> ColumnElement[bool]:
        return and_(_repair(*states), ~stands(Repair.KIND, Repair.id))

    return is_open


_REPAIRS = (
    Duty(
        key="repair_tell", desk="repairs", clause="REP-07", title=N_("Repair {name} is ready: tell the customer"),
        model=Repair, open=_repaired, right=Right.REPAIR, start=Repair.ready_at,
        customer=Repair.customer_id, name=Repair.number, icon="wrench", action=N_("Call now"), pauses="repair",
    ),
    Duty(
        key="repair_away", desk="repairs", clause="REP-02", title=N_("Repair {name} should be back from outside"),
        model=Repair, open=_runs(*AWAY), right=Right.REPAIR, moment=Repair.latest_on, day=True,
        customer=Repair.customer_id, name=Repair.number, icon="truck", action=N_("Open"),
    ),
    Duty(
        key="repair_promised", desk="repairs", title=N_("Repair {name} is promised"), model=Repair,
        open=_runs(*IN_HOUSE, *AWAY), right=Right.REPAIR, moment=Repair.promised_on, day=True,
        customer=Repair.customer_id, name=Repair.number, icon="wrench", action=N_("Open"),
    ),
)  # fmt: skip


# clocks that stand, papers ----------------------------------------------------------------------------------------


def _standing(kind: str) -> Callable[[Context], ColumnElement[bool]]:
    def is_open(ctx: Context) -> ColumnElement[bool]:
        return and_(DeadlinePause.ended_at.is_(None), DeadlinePause.kind == kind)

    return is_open


def _review(kind: str, desk: str, right: Right) -> Duty:
    return Duty(
        key=f"pause_{kind}", desk=desk, title=N_("The clock of {name} stands: look at it again"), model=DeadlinePause,
        open=_standing(kind), right=right, moment=DeadlinePause.review_at, owner=DeadlinePause.by_id,
        customer=DeadlinePause.customer_id, name=DeadlinePause.name, record=DeadlinePause.record_id, icon="pause",
        action=N_("Open"), pauses=kind,
    )  # fmt: skip


def _unprinted(ctx: Context) -> ColumnElement[bool]:
    return and_(PrintJob.state == "waiting", PrintJob.station == ctx.station)


def _paper(column: InstrumentedAttribute[Any]) -> ColumnElement[object]:
    return select(column).where(Paper.id == PrintJob.paper_id).correlate(PrintJob).scalar_subquery()


_OTHERS = (
    _review("complaint", "complaints", Right.COMPLAINT_HANDLE),
    _review("repair", "repairs", Right.REPAIR),
    Duty(
        key="paper_waiting", desk="", title=N_("Paper {name} has not been printed"), model=PrintJob, open=_unprinted,
        right=None, moment=PrintJob.asked_at, name=_paper(Paper.number), record=_paper(Paper.record_id),
        place=_paper(Paper.record_kind), icon="printer", action=N_("Print"),
    ),
)  # fmt: skip


# approvals --------------------------------------------------------------------------------------------------------

_ASKER = select(StaffMember.name).where(StaffMember.id == Approval.asked_by_id).correlate(Approval).scalar_subquery()


def _paper_out(ctx: Context) -> ColumnElement[bool]:
    return Approval.term_on.is_not(None)


_APPROVALS = (
    Duty(
        key="approval", desk="approvals", title=N_("Decide: {name}"), model=Approval, open=lies_with_user, right=None,
        start=Approval.asked_at, name=Approval.title, who=_ASKER, icon="gavel", action=N_("Decide"),
        row_clause=Approval.route["clause"].as_string(),
    ),
    Duty(
        key="paper_out", desk="approvals", clause="SEC-03",
        title=N_("The term ends: {name} comes back or is destroyed"),
        model=Approval, open=_paper_out, right=None, moment=Approval.term_on, day=True, owner=Approval.asked_by_id,
        name=Approval.title, who=_ASKER, icon="lock", action=N_("Open"),
    ),
)  # fmt: skip


# checklists -------------------------------------------------------------------------------------------------------


def _begun_list(ctx: Context) -> ColumnElement[bool]:
    desks = [desk for desk, right in DESK_RIGHTS.items() if ctx.may(right)]
    return and_(
        Checklist.state == "open", Checklist.desk.in_(desks), Checklist.station.in_(("", ctx.station)),
        or_(Checklist.key != CLOSING, Checklist.day < ctx.clock.today()),  # today's is a chore until it is done
    )


_CHECKLISTS = (
    Duty(
        key="checklist_begun", desk="checklists", title=N_("Finish the list: {name}"), model=Checklist,
        open=_begun_list, right=Right.CALL, start=Checklist.begun_at, name=Checklist.name, who=Checklist.begun_by,
        icon="clipboard-check", action=N_("Open"),
    ),
)  # fmt: skip


def _closing_list(ctx: Context, session: Session) -> datetime | None:
    """The list before the office closes is done (CALL-13)."""
    today = ctx.clock.today()
    template = templates_of(session, ctx).get(CLOSING)
    if template is None or not template.active or not ctx.may(right_of(template.desk)):
        return None
    done = select(Checklist.id).where(Checklist.day == today, Checklist.key == CLOSING, Checklist.state == "done")
    if session.scalar(done.limit(1)) is not None:
        return None
    return calendar_of(ctx).closing(today)


# without a record -------------------------------------------------------------------------------------------------


def _statistics(ctx: Context, session: Session) -> datetime | None:
    """The month's figures are on paper by the 10th of the next (STAT-01)."""
    number = ctx.policy.clause("STAT-01").number("report_day")
    if number.value is None:
        return None
    today = ctx.clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    calendar = calendar_of(ctx)
    done = select(Paper.id).where(
        Paper.kind == "monthly_report", Paper.number == f"{last:%Y-%m}", Paper.part == 0
    )
    if session.scalar(done.limit(1)) is not None:
        return None
    return due_number(number, calendar.end_of_day(last), calendar).at


def _backup(ctx: Context, session: Session) -> datetime | None:
    return calendar_of(ctx).end_of_day(ctx.clock.today()) if backups.is_due(ctx) else None


def _data_section(ctx: Context) -> dict[str, Any]:
    return {"section": "backup"}


def _last_month(ctx: Context) -> dict[str, Any]:
    last = ctx.clock.today().replace(day=1) - timedelta(days=1)
    return {"year": last.year, "month": last.month}


def _closing_key(ctx: Context) -> dict[str, Any]:
    return {"key": CLOSING}


CHORES: tuple[Chore, ...] = (
    Chore(
        key="closing_list", desk="checklists", clause="CALL-13", title=N_("Closing list of the office"),
        right=Right.CALL, due=_closing_list, icon="clipboard-check", action=N_("Open"),
        arguments=_closing_key,
    ),
    Chore(
        key="statistics", desk="month", clause="STAT-01", title=N_("Print last month's figures"), right=Right.MONTH,
        due=_statistics, icon="chart-column", action=N_("Open"), arguments=_last_month,
    ),
    Chore(
        key="backup", desk="settings", title=N_("Today's backup has not been made"), right=Right.OFFICE, due=_backup,
        icon="database", action=N_("Back up"), arguments=_data_section,
    ),
    *CARE_CHORES,
    *LETTER_CHORES,
)  # fmt: skip

DUTIES: tuple[Duty, ...] = (
    *_CALLS, *MATTERS, *LETTERS, *_RECEPTION, *_PACKING, *_REPAIRS, *COMPLAINTS, *_OTHERS, *_APPROVALS, *_CHECKLISTS,
    *CARE,
)  # fmt: skip
