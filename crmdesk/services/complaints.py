"""Complaints (投訴): opened by anybody in under a minute, led step by step to the satisfied customer (CMP-01 … 72)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, clean_lines, shorten
from crmdesk.model.complaint import Complaint
from crmdesk.model.item import Item
from crmdesk.model.staff import StaffMember
from crmdesk.rules import complaints as rules
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import apply
from crmdesk.services import complaint_approval
from crmdesk.services.complaint_due import keep_due
from crmdesk.services.complaint_forms import (
    CASH_REMEDIES,
    KINDS,
    REMEDIES,
    ComplaintCase,
    ComplaintCounts,
    ComplaintForm,
    ComplaintRow,
    NeedLine,
    Registered,
    StageUse,
    StepChoice,
)
from crmdesk.services.complaint_lists import FILTERS, count_open, find_complaints, get_complaint, prefill
from crmdesk.services.complaint_sheet import freeze_sheet
from crmdesk.services.complaint_steps import facts_of, field_of, find_steps
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.numbers import take_number
from crmdesk.services.records import load_for_change, record_event
from crmdesk.services.steps import done_facts, machine_of

__all__ = [
    "FILTERS", "KINDS", "REMEDIES", "ComplaintCase", "ComplaintCounts", "ComplaintForm", "ComplaintRow", "NeedLine",
    "Registered", "StageUse", "StepChoice", "act", "add_note", "count_not_reached", "count_open", "find_complaints",
    "find_steps", "freeze_sheet", "get_complaint", "prefill", "register_complaint", "set_next_reply",
    "suggest_next_reply", "tick_clears",
]  # fmt: skip

_LENGTHS = {"complainant": 80, "title": 120, "phone": 40, "wish": 400, "item_code": 40, "sale_number": 20}
_MEMO = 4000
_MOST_PIECES = 999_999
_NO_LIMIT_DAYS = 1  # working days until a reply is suggested where the regulation gives no time: the office's habit
_SAME_MATTER_DAYS = 30  # complaints of the same matter further apart are not one collective complaint
_TEXTS = {"department": 60, "cause": _MEMO, "proposal": _MEMO, "reply": _MEMO, "improvement": _MEMO, "reason": _MEMO}


def suggest_next_reply(ctx: Context) -> datetime:
    """Return when the customer should get the next reply (UTC): within the time of the regulation (CMP-71, CMP-48)."""
    now, calendar = ctx.clock.now(), calendar_of(ctx)
    found = rules.first_reply_due(now, calendar, ctx.policy)
    return calendar.add_working_days(now, _NO_LIMIT_DAYS) if found is None else found.at


# opening ----------------------------------------------------------------------------------------------------------


def register_complaint(ctx: Context, form: ComplaintForm) -> Registered:
    """Open a complaint and give it the next number, the month's where CMP-24 counts.

    Anybody may (CMP-01). ValidationError without name, matter or time of the next reply (CMP-04, CMP-46). From the
    third customer with the same matter on, it and the others still open are major at once (CMP-16).
    """
    ctx.require(Right.COMPLAINT_OPEN)
    me = _me(ctx)
    form = _checked(ctx, form)
    now = ctx.clock.now()
    with ctx.transaction(N_("Register complaint"), token=form.token, of=Complaint.KIND) as session:
        name = session.scalar(select(Item.name).where(Item.code == form.item_code)) if form.item_code else None
        same = _same_matter(session, form, now)
        who = {(row.customer_id or row.complainant) for row in same} | {form.customer_id or form.complainant}
        affected = len(who)
        severity = rules.severity_of(affected, ctx.policy, emergency=form.emergency)
        complaint = Complaint(
            created_at=now, received_at=now, stage_at=now, received_by_id=me, state=rules.MACHINE.initial,
            severity=severity, affected=affected, item_name=name or "", clears=dict.fromkeys(form.clears, True),
            customer_id=form.customer_id, complainant=form.complainant, phone=form.phone, call_id=form.call_id,
            visit_id=form.visit_id, sale_number=form.sale_number, channel=form.channel, kind=form.kind,
            domestic=form.domestic, title=form.title, story=form.story, wish=form.wish, item_code=form.item_code,
            quantity=form.quantity, faulty=form.faulty, next_reply_at=form.next_reply_at,
        )  # fmt: skip
        complaint.number = take_number(session, ctx, "complaint", Complaint.number)
        session.add(complaint)
        record_event(
            session, ctx, complaint, "register", N_("Complaint {number}: {title}"),
            values={"number": complaint.number, "title": shorten(form.title, 80)}, note=form.story, to_state="received",
        )  # fmt: skip
        if severity == "major":
            _alert(session, ctx, complaint, emergency=form.emergency)
            for other in same:
                if other.severity != "major" and other.state != "closed" and not form.emergency:
                    other.severity, other.affected = "major", affected
                    _alert(session, ctx, other, emergency=False)
        session.flush()
        return Registered(complaint.id, complaint.number, complaint.version, severity, affected)


def _same_matter(session: Session, form: ComplaintForm, now: datetime) -> list[Complaint]:
    same = Complaint.item_code == form.item_code if form.item_code else Complaint.title == form.title
    since = now - timedelta(days=_SAME_MATTER_DAYS)
    query = select(Complaint).where(Complaint.received_at >= since, Complaint.kind == form.kind, same)
    return list(session.scalars(query.order_by(Complaint.id.desc()).limit(50)))


def _alert(session: Session, ctx: Context, complaint: Complaint, *, emergency: bool) -> None:
    if emergency:
        title = N_("Major at once: an emergency (CMP-16)")
    else:
        title = N_("Raised to major by itself: {count} customers, same matter (CMP-16)")
    note = _("Please report it to the manager at once (CMP-08).")
    record_event(session, ctx, complaint, "alert", title, values={"count": complaint.affected}, note=note)


def _me(ctx: Context) -> int:
    if ctx.user.id is None:
        raise PermissionDenied()
    return ctx.user.id


def _checked(ctx: Context, form: ComplaintForm) -> ComplaintForm:
    changes: dict[str, Any] = {name: clean(getattr(form, name)) for name in _LENGTHS}
    changes["story"] = clean_lines(form.story)
    changes["item_code"] = changes["item_code"].upper()
    changes["clears"] = tuple(tick.key for tick in rules.CLEARS if tick.key in form.clears)
    form = replace(form, **changes)
    errors = {name: said for name, most in _LENGTHS.items() if (said := check_length(getattr(form, name), most))}
    clause = ""
    if said := check_length(form.story, _MEMO):
        errors["story"] = said
    if not form.complainant:
        errors["complainant"], clause = _("Please enter who complains."), "CMP-46"
    if not form.title:
        errors["title"], clause = _("Please write down what the complaint is about."), "CMP-46"
    if form.kind not in KINDS:
        errors["kind"] = _("Please choose the kind of complaint.")
    if form.channel not in rules.CHANNELS:
        errors["channel"] = _("Please choose how the complaint came in.")
    for name in ("quantity", "faulty"):
        if not 0 <= getattr(form, name) <= _MOST_PIECES:
            errors[name] = _("A number between 0 and {most}, please.").format(most=_MOST_PIECES)
    if not errors.keys() & {"quantity", "faulty"} and form.quantity and form.faulty > form.quantity:
        errors["faulty"] = _("More faulty pieces than pieces: please check both numbers.")
    if said := _reply_problem(ctx, form.next_reply_at):
        errors["next_reply_at"], clause = said, clause or "CMP-04"
    if errors:
        raise ValidationError(errors, clause=clause)
    return form


def _reply_problem(ctx: Context, at: datetime | None) -> str:
    if at is None:
        return _("Please set when the customer gets the next reply.")
    if at <= ctx.clock.now():
        return _("This time has passed already. Please set when the customer gets the next reply.")
    return ""


# going on ---------------------------------------------------------------------------------------------------------

_SENTENCES = {row.action: row.label for row in rules.MACHINE.transitions}
_TITLES = {
    "assign": N_("Assigned to {department}"),
    "investigate": N_("Investigation begun"),
    "propose": N_("Proposal sent for approval"),
    "not_upheld": N_("Not upheld; the customer was told why"),
    "carry_out": N_("Carried out"),
    "tell": N_("Customer told"),
    "call_back": N_("Called back"),
    "close": N_("Complaint closed"),
    "reopen": N_("Complaint reopened"),
}
_NOTES = {
    "propose": "proposal", "not_upheld": "reply", "tell": "reply", "reopen": "reason",
    "close": "improvement",
}  # fmt: skip


def act(
    ctx: Context, complaint_id: int, version: int | None, action: str, values: Mapping[str, Any] | None = None
) -> int:
    """Take a step of the complaint with what it needs, and return the new version.

    ``values`` by field: department, handler (staff id), upheld, cause, proposal, remedy, loss, allowance, improvement,
    reply, satisfied, reason, next_reply (UTC), manager_told, the five clears (True), note. ValidationError by field
    names the clause of what is missing; PermissionDenied; UserError when the step doesn't start here; ConflictError.
    """
    ctx.require(Right.COMPLAINT_OPEN)
    given = dict(values or {})
    with ctx.transaction(_SENTENCES.get(action, N_("Change complaint"))) as session:
        complaint = load_for_change(session, Complaint, complaint_id, version)
        machine = machine_of(ctx, "complaint")
        row = machine.transition(complaint.state, action)
        if row is not None and action in complaint_approval.ACTIONS:
            given = _written(session, ctx, complaint, given)
            complaint_approval.take(session, ctx, complaint, action, given)
            session.flush()
            return complaint.version
        if row is None or row.right not in ctx.user.rights:
            apply(machine, complaint.state, action, ctx.user.rights, {})  # refuses with the reason
            raise AssertionError("a step without its row is always refused")
        given = _written(session, ctx, complaint, given)
        facts = facts_of(ctx, complaint, given) | done_facts(session, ctx, "complaint", complaint.id)
        _refuse_missing(ctx, complaint, action, facts)
        before = complaint.state
        complaint.state = apply(machine, before, action, ctx.user.rights, facts)
        complaint.stage_at = ctx.clock.now()
        _follow(session, ctx, complaint, action)
        note = clean_lines(str(given.get("note") or "")) or str(given.get(_NOTES.get(action, ""), "") or "")
        title, more = _TITLES[action], {"department": complaint.department}
        if action == "call_back":
            title = N_("Called back: satisfied") if complaint.satisfied else N_("Called back: not satisfied yet")
        record_event(
            session, ctx, complaint, action, title, values=more, note=note, from_state=before, to_state=complaint.state
        )
        if action == "propose":
            complaint_approval.ask(session, ctx, complaint)
        session.flush()
        return complaint.version


def _refuse_missing(ctx: Context, complaint: Complaint, action: str, facts: Mapping[str, Any]) -> None:
    row = machine_of(ctx, "complaint").transition(complaint.state, action)
    assert row is not None
    fields: dict[str, str] = {}
    clause = ""
    for need in row.needs:
        if not need.met(facts):
            fields.setdefault(field_of(need), need.said)
            clause = clause or need.clause
    if action == "propose" and "CMP-10" in ctx.policy and complaint.remedy in CASH_REMEDIES and not complaint.allowance:
        fields["allowance"] = _("Please enter the amount: money is only given with approval.")
        clause = clause or "CMP-10"
    if fields:
        raise ValidationError(fields, clause=clause)


def _written(session: Session, ctx: Context, complaint: Complaint, given: dict[str, Any]) -> dict[str, Any]:
    """Write what was given into the complaint; ValidationError names every value that can't be kept."""
    errors: dict[str, str] = {}
    for name, most in _TEXTS.items():
        if name in given:
            given[name] = clean_lines(str(given[name] or ""))
            if said := check_length(given[name], most):
                errors[name] = said
    for name in ("loss", "allowance"):
        if name in given:
            amount = given[name] if given[name] is not None else Decimal(0)
            if not isinstance(amount, Decimal) or not 0 <= amount < Decimal(10) ** 10:
                errors[name] = _("Please enter an amount of money.")
            given[name] = amount
    if given.get("remedy") and given["remedy"] not in REMEDIES:
        errors["remedy"] = _("Please choose how it is settled.")
    if given.get("next_reply") is not None and (said := _reply_problem(ctx, given["next_reply"])):
        errors["next_reply"] = said
    handler = given.get("handler")
    if handler is not None and handler != complaint.handler_id:
        known = session.scalar(select(StaffMember.id).where(StaffMember.id == handler, StaffMember.active))
        if known is None:
            errors["handler"] = _("Please choose who handles the complaint.")
    if errors:
        raise ValidationError(errors)
    names = {"handler": "handler_id", "upheld": "valid", "next_reply": "next_reply_at"}
    plain = ("department", "cause", "proposal", "reply", "improvement", "remedy", "loss", "allowance", "handler",
             "upheld", "next_reply", "manager_told", "satisfied")  # fmt: skip
    for name in plain:
        if name in given and (given[name] is not None or name in ("upheld", "satisfied")):
            setattr(complaint, names.get(name, name), given[name])
    ticks = {tick.key: True for tick in rules.CLEARS if given.get(tick.key)}
    if ticks.keys() - {key for key, done in complaint.clears.items() if done}:
        complaint.clears = {**complaint.clears, **ticks}
    return given


def _follow(session: Session, ctx: Context, complaint: Complaint, action: str) -> None:
    """Set what follows from a step by itself: the call back of the same day, the end, a fresh start."""
    now = ctx.clock.now()
    if complaint.state == "told":
        call_back = rules.callback_due(now, calendar_of(ctx), ctx.policy, severity=complaint.severity)
        complaint.next_reply_at = suggest_next_reply(ctx) if call_back is None else call_back.at
    elif action == "close":
        complaint.closed_at, complaint.next_reply_at = now, None
        keep_due(session, ctx, complaint)
    elif action == "reopen":
        complaint.closed_at, complaint.satisfied, complaint.valid, complaint.reply = None, None, None, ""
        complaint.was_due_at = None
        complaint.cause, complaint.proposal = "", ""


def add_note(ctx: Context, complaint_id: int, note: str) -> None:
    """Add to the story of a complaint what was said or done; needs no version, for it only adds (CMP-06)."""
    ctx.require(Right.COMPLAINT_OPEN)
    note = clean_lines(note)
    if not note:
        raise ValidationError({"note": _("Please write down what was said or done.")}, clause="CMP-06")
    if said := check_length(note, _MEMO):
        raise ValidationError({"note": said})
    first, _break, rest = note.partition("\n")
    title = shorten(first, 100)
    with ctx.transaction(N_("Add note to complaint")) as session:
        complaint = load_for_change(session, Complaint, complaint_id, None)
        more = rest.strip() if title == first else note
        record_event(session, ctx, complaint, "note", "{text}", values={"text": title}, note=more)
        session.info.setdefault("touched", []).append((Complaint.KIND, complaint_id))


def set_next_reply(ctx: Context, complaint_id: int, version: int | None, at: datetime | None, note: str = "") -> int:
    """Fix when the customer gets the next reply (CMP-04) and return the new version; ValidationError without a time."""
    ctx.require(Right.COMPLAINT_OPEN)
    if said := _reply_problem(ctx, at):
        raise ValidationError({"next_reply": said}, clause="CMP-04")
    assert at is not None
    with ctx.transaction(N_("Set next reply")) as session:
        complaint = load_for_change(session, Complaint, complaint_id, version)
        _refuse_closed(complaint)
        complaint.next_reply_at = at
        local = ctx.clock.local(at)
        words = f"{format_day_short(local.date())} {local:%H:%M}"
        record_event(
            session, ctx, complaint, "next_reply", N_("Next reply: {time}"), values={"time": words},
            note=clean_lines(note),
        )  # fmt: skip
        session.flush()
        return complaint.version


def count_not_reached(ctx: Context, complaint_id: int, version: int | None, next_reply: datetime | None) -> int:
    """Count one more try that didn't reach the customer and set the next one; return the new version (CMP-04)."""
    ctx.require(Right.COMPLAINT_OPEN)
    if said := _reply_problem(ctx, next_reply):
        raise ValidationError({"next_reply": said}, clause="CMP-04")
    with ctx.transaction(N_("Customer not reached")) as session:
        complaint = load_for_change(session, Complaint, complaint_id, version)
        _refuse_closed(complaint)
        complaint.not_reached += 1
        complaint.next_reply_at = next_reply
        record_event(
            session, ctx, complaint, "not_reached", N_("Not reached (try {count})"),
            values={"count": complaint.not_reached},
        )  # fmt: skip
        session.flush()
        return complaint.version


def tick_clears(ctx: Context, complaint_id: int, version: int | None, ticks: tuple[str, ...]) -> int:
    """Write down which of the five clears are done (CMP-02 … CMP-06) and return the new version."""
    ctx.require(Right.COMPLAINT_OPEN)
    with ctx.transaction(N_("Tick the five clears")) as session:
        complaint = load_for_change(session, Complaint, complaint_id, version)
        complaint.clears = {tick.key: True for tick in rules.CLEARS if tick.key in ticks}
        session.flush()
        return complaint.version


def _refuse_closed(complaint: Complaint) -> None:
    if complaint.state == "closed":
        raise UserError(_("This complaint is closed. Please reopen it first."), clause="CMP-72")
