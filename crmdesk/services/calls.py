"""Phone calls (電話記錄本): written down while talking, read back, passed on, called back (CALL-01 to CALL-14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core import phone
from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, clean_lines, shorten
from crmdesk.model.call import Call
from crmdesk.model.customer import Customer
from crmdesk.model.staff import StaffMember
from crmdesk.rules import calls as rules
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Facts, Need
from crmdesk.services.call_forms import ANSWERED, CallCard, CallForm, MatterEntry, Saved, Unmet
from crmdesk.services.call_lists import (
    FILTERS,
    TOPICS,
    WAITING,
    CallCounts,
    CallRow,
    count_today,
    find_callers,
    find_calls,
    topic_title,
)
from crmdesk.services.call_matters import clean_entries, entries_of, entries_problem, write_matters
from crmdesk.services.call_steps import (
    attach_customer,
    instruct_call,
    make_customer,
    mark_called_back,
    mark_handled,
    pass_opinion,
)
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.missed_calls import settle_by_call
from crmdesk.services.numbers import take_number
from crmdesk.services.records import load_for_change, record_event, story_of
from crmdesk.services.steps import machine_of, step_to

__all__ = [
    "ANSWERED", "FILTERS", "TOPICS", "WAITING", "CallCard", "CallCounts", "CallForm", "CallRow",
    "MatterEntry", "Saved", "Unmet",
    "attach_customer", "count_today", "escalate_call", "find_callers", "find_calls", "find_unmet",
    "get_call", "instruct_call", "is_late", "make_customer", "mark_called_back", "mark_handled", "pass_opinion",
    "save_call", "suggest_callback", "topic_title", "transfer_call",
]  # fmt: skip

_LENGTHS = {
    "phone": 40,
    "name": 80,
    "region": 40,
    "address": 200,
    "topic": 20,
    "reason": 200,
    "transferred_to": 60,
    "passed_on": 200,
    "line": 40,
    "opinion_department": 60,
}
_MEMO = 4000
_MOST_RINGS = 99
_DIRECTIONS = ("in", "out")
_BEING_WRITTEN = ("draft", "read_back")


# what the rules say -----------------------------------------------------------------------------------------------


def is_late(ctx: Context, rings: int) -> bool:
    """Whether so many rings ask for an apology (CALL-01)."""
    return rules.is_late(rings, ctx.policy)


def suggest_callback(ctx: Context, urgency: str) -> datetime:
    """Return when to call back (UTC): the nearer the more urgent, at the office's closing (CALL-11, CALL-14)."""
    return rules.suggest_callback(urgency, ctx.clock.now(), calendar_of(ctx))


def find_unmet(ctx: Context, form: CallForm, action: str = "finish") -> list[Unmet]:
    """Return what a call still needs before ``action`` (finish, transfer, escalate), in the order it is asked for.

    A pure look at the form, without the database: the window shows it while typing.
    """
    row = machine_of(ctx, "call").transition("draft", action)
    if row is None:
        raise ValueError(f"a call is not begun by {action!r}")
    facts = _facts(ctx, form)
    return [Unmet(_field_of(need), need.said, need.clause) for need in row.needs if not need.met(facts)]


def _facts(ctx: Context, form: CallForm) -> Facts:
    incoming = form.direction == "in"
    return {
        "name": form.name,
        "matter": form.matter,
        "region": form.region,
        "reason": form.topic or form.reason,
        "phone": form.phone,
        "address": form.address,
        "late": incoming and is_late(ctx, form.rings),
        "apologised": form.apologised,
        "read_back": form.read_back,
        "transferred_to": form.transferred_to,
        "told": form.passed_on or form.name or form.matter,
        "escalated_to": form.escalated_to_id,
        "topic": form.topic,
        "cut_short": form.outcome in rules.CUT_SHORT,
        "unreached": form.outcome in rules.UNREACHED,
        "callback_at": form.callback_at,
    }


def _field_of(need: Need) -> str:
    names = {"told": "passed_on", "escalated_to": "escalated_to_id"}
    return names.get(need.key, need.key)


# saving -----------------------------------------------------------------------------------------------------------


def save_call(
    ctx: Context, form: CallForm, *, call_id: int | None = None, version: int | None = None, complete: bool = False
) -> Saved:
    """Keep a call, or complete it.

    An unfinished call may lack anything but some text. ``complete`` asks for the fields of CALL-06, the read-back of
    CALL-07 and the apology of CALL-01: ValidationError by field with the clause that asks first.
    """
    return _save(ctx, form, call_id, version, "finish" if complete else "")


def transfer_call(ctx: Context, form: CallForm, *, call_id: int | None = None, version: int | None = None) -> Saved:
    """Pass a call on to a colleague who was told the caller's name or matter (CALL-12)."""
    return _save(ctx, form, call_id, version, "transfer")


def escalate_call(ctx: Context, form: CallForm, *, call_id: int | None = None, version: int | None = None) -> Saved:
    """Put a call to the superior, who gives an instruction (CALL-10)."""
    return _save(ctx, form, call_id, version, "escalate")


_SENTENCES = {
    "": N_("Save call"),
    "finish": N_("Complete call"),
    "transfer": N_("Transfer call"),
    "escalate": N_("Put call to the superior"),
}


def _save(ctx: Context, form: CallForm, call_id: int | None, version: int | None, action: str) -> Saved:
    ctx.require(Right.CALL)
    form = _checked(ctx, form, action)
    now = ctx.clock.now()
    with ctx.transaction(_SENTENCES[action], token=form.token, of=Call.KIND) as session:
        if call_id is None:
            call = Call(
                number=_take_number(session, ctx), created_at=now, started_at=form.started_at or now, state="draft",
                answered_by_id=_me(ctx),
            )  # fmt: skip
            session.add(call)
        else:
            call = load_for_change(session, Call, call_id, version)
        before = call.state
        if action and before not in _BEING_WRITTEN:
            if action != "finish" or before != "done":
                raise UserError(
                    _("This call is “{state}” already.").format(state=rules.MACHINE.label(before)), clause="CALL-10"
                )
        elif not action and before == "done" and (unmet := find_unmet(ctx, form)):
            raise _refusal(unmet)  # a completed call stays complete when it is corrected
        _write(ctx, call, form)
        if form.matters:
            write_matters(session, ctx, call, form.matters)
        if action and before in _BEING_WRITTEN:
            _advance(session, ctx, call, form, action, now)
        session.flush()
        return Saved(call.id, call.number, call.version, call.state)


def _advance(session: Session, ctx: Context, call: Call, form: CallForm, action: str, now: datetime) -> None:
    before, call.state = call.state, step_to(session, ctx, "call", call, action, _facts(ctx, form))
    if action == "finish":
        call.finished_at = now
        if form.outcome in rules.UNREACHED:
            call.tries = (call.tries or 0) + 1
        elif form.outcome not in rules.CUT_SHORT:
            settle_by_call(session, ctx, call)
    title, values = _title(form, action)
    note = form.matter if len(form.matter) > _TITLE_LENGTH else ("" if form.topic else form.reason)
    record_event(
        session, ctx, call, action, title, values=values, note=note, from_state=before, to_state=call.state, at=now
    )


_TITLE_LENGTH = 60


def _title(form: CallForm, action: str) -> tuple[str, dict[str, Any]]:
    values = {"matter": shorten(form.matter, _TITLE_LENGTH), "name": form.name or form.phone}
    if action == "transfer":
        return N_("Call transferred to {to}: {matter}"), {
            "to": form.transferred_to,
            "matter": values["matter"] or form.passed_on or values["name"],
        }
    if action == "escalate":
        return N_("Call put to the superior: {matter}"), values
    if form.outcome == "wrong_number":
        return N_("Wrong number: {name}"), values
    if form.outcome in rules.UNREACHED:
        return N_("We called and reached nobody: {name}"), values
    if form.direction == "out":
        return N_("We called: {matter}"), values
    return N_("Call: {matter}"), values


def _take_number(session: Session, ctx: Context) -> str:
    return take_number(session, ctx, "call", Call.number)


def _me(ctx: Context) -> int:
    if ctx.user.id is None:
        raise PermissionDenied()
    return ctx.user.id


def _write(ctx: Context, call: Call, form: CallForm) -> None:
    call.direction, call.rings, call.apologised = form.direction, form.rings, form.apologised
    call.customer_id = form.customer_id
    call.phone = form.phone
    call.phone_tail = phone.tail_key(form.phone, ctx.office.home)[:24] if form.phone else ""
    call.caller_name, call.region, call.address = form.name, form.region, form.address
    call.topic, call.matter, call.reason, call.urgency = form.topic, form.matter, form.reason, form.urgency
    if list(form.read_back) != call.read_back:
        call.read_back = list(form.read_back)
    if form.callback_at != call.callback_at:
        call.callback_at, call.callback_done_at, call.callback_result = form.callback_at, None, ""
    call.transferred_to, call.passed_on = form.transferred_to, form.passed_on
    call.escalated_to_id = form.escalated_to_id
    call.caller_hung_up_first = form.caller_hung_up_first
    call.channel, call.line, call.outcome = form.channel, form.line, form.outcome
    call.opinion, call.opinion_department = form.opinion, form.opinion_department


def _checked(ctx: Context, form: CallForm, action: str) -> CallForm:
    """Return the form with clean texts; ValidationError names every field that can't be saved so."""
    changes: dict[str, Any] = {name: clean(getattr(form, name)) for name in _LENGTHS}
    changes["matter"], changes["opinion"] = clean_lines(form.matter), clean_lines(form.opinion)
    changes["matters"] = clean_entries(form.matters)
    changes["read_back"] = tuple(tick.key for tick in rules.READ_BACK if tick.key in form.read_back)
    form = replace(form, **changes)
    errors = {name: said for name, length in _LENGTHS.items() if (said := check_length(getattr(form, name), length))}
    for name in ("matter", "opinion"):
        if said := check_length(getattr(form, name), _MEMO):
            errors[name] = said
    if said := entries_problem(form.matters):
        errors["matters"] = said
    if not 0 <= form.rings <= _MOST_RINGS:
        errors["rings"] = _("Please count the rings: 0 to {most}.").format(most=_MOST_RINGS)
    if form.urgency not in rules.URGENCIES:
        errors["urgency"] = _("Please choose how urgent it is.")
    if form.direction not in _DIRECTIONS or (form.topic and form.topic not in TOPICS):
        raise ValueError(f"a call can't be {form.direction!r} about {form.topic!r}")
    if form.channel not in rules.CHANNELS or (form.outcome and form.outcome not in rules.OUTCOMES):
        raise ValueError(f"a call can't come by {form.channel!r} and end {form.outcome!r}")
    if form.phone and "phone" not in errors:
        form, said = _with_phone(ctx, form)
        if said and action:
            errors["phone"] = said
    written = (form.phone, form.name, form.matter, form.reason, form.customer_id, form.outcome)
    if not action and not errors and not any(written):
        errors["phone"] = _("There is nothing to save yet: please type the number, the name or the matter.")
    if errors:
        raise ValidationError(errors)
    if action and (unmet := find_unmet(ctx, form, action)):
        raise _refusal(unmet)
    return form


def _with_phone(ctx: Context, form: CallForm) -> tuple[CallForm, str]:
    """Return the form with the number as the office writes it; while it is no number it stays as typed, with why."""
    try:
        number = phone.parse(form.phone, ctx.office.home)
    except phone.PhoneError as error:
        return form, error.message
    return replace(form, phone=phone.display(number, ctx.office.home)[:40]), ""


def _refusal(unmet: list[Unmet]) -> ValidationError:
    """One sentence for each field; what was not read back is one sentence with a list."""
    fields = {need.field.split(".")[0]: need.sentence for need in unmet}
    unread = [need.field.split(".")[1] for need in unmet if need.field.startswith("read_back.")]
    if len(unread) > 1:
        words = _(", ").join(_(rules.READ_BACK_WORDS[name]) for name in unread)
        fields["read_back"] = _("Please read back and tick: {list}.").format(list=words)
    return ValidationError(fields, clause=unmet[0].clause)


# reading ----------------------------------------------------------------------------------------------------------


def get_call(ctx: Context, call_id: int) -> CallCard:
    """Return one call with its story; UserError when there is none."""
    ctx.require(Right.CALL)
    with ctx.reading() as session:
        call = session.get(Call, call_id)
        if call is None:
            raise UserError(_("This record does not exist any more."))
        people = {call.answered_by_id, call.escalated_to_id} - {None}
        named = select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(people))
        names = {row.id: row.name for row in session.execute(named)}
        customer = (
            session.scalar(select(Customer.name).where(Customer.id == call.customer_id)) if call.customer_id else None
        )
        return CallCard(
            call.id,
            call.version,
            call.number,
            replace(_form_of(call), matters=entries_of(session, call.id)),
            call.state,
            rules.MACHINE.label(call.state),
            names.get(call.answered_by_id, ""),
            customer or "",
            call.finished_at,
            call.callback_done_at,
            call.callback_result,
            names.get(call.escalated_to_id, "") if call.escalated_to_id else "",
            call.instruction,
            call.handled_at,
            call.tries,
            call.opinion_passed_at,
            tuple(story_of(session, Call.KIND, call.id, limit=20)),
        )


def _form_of(call: Call) -> CallForm:
    return CallForm(
        phone=call.phone,
        name=call.caller_name,
        region=call.region,
        address=call.address,
        topic=call.topic,
        matter=call.matter,
        reason=call.reason,
        urgency=call.urgency,
        direction=call.direction,
        rings=call.rings,
        apologised=call.apologised,
        read_back=tuple(call.read_back),
        callback_at=call.callback_at,
        customer_id=call.customer_id,
        started_at=call.started_at,
        transferred_to=call.transferred_to,
        passed_on=call.passed_on,
        escalated_to_id=call.escalated_to_id,
        caller_hung_up_first=call.caller_hung_up_first,
        channel=call.channel,
        line=call.line,
        outcome=call.outcome,
        opinion=call.opinion,
        opinion_department=call.opinion_department,
    )


