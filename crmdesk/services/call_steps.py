"""What follows a call: the superior's word, the call-back made, and whose call it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, clean_lines
from crmdesk.model.call import Call
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.rules.rights import Right
from crmdesk.services.call_forms import Saved
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customers import create_in
from crmdesk.services.records import load_for_change, record_event
from crmdesk.services.steps import step_to

_MEMO = 4000


def instruct_call(ctx: Context, call_id: int, *, version: int | None, instruction: str) -> Saved:
    """Write down the superior's instruction on an escalated call (CALL-10)."""
    text = clean_lines(instruction)
    if said := check_length(text, _MEMO):
        raise ValidationError({"instruction": said})
    if not text:
        raise ValidationError({"instruction": _("Please write down the instruction.")}, clause="CALL-10")
    return _step(ctx, call_id, version, "instruct", N_("Give instruction on call"), N_("Instruction given"), text)


def mark_handled(ctx: Context, call_id: int, *, version: int | None, note: str = "") -> Saved:
    """Close a call that was transferred or instructed on (CALL-10)."""
    text = clean_lines(note)
    if said := check_length(text, _MEMO):
        raise ValidationError({"note": said})
    return _step(ctx, call_id, version, "handle", N_("Close call"), N_("Call handled"), text)


def _step(
    ctx: Context, call_id: int, version: int | None, action: str, sentence: str, title: str, note: str
) -> Saved:
    ctx.require(Right.CALL)
    with ctx.transaction(sentence) as session:
        call = load_for_change(session, Call, call_id, version)
        before, call.state = call.state, step_to(session, ctx, "call", call, action, {"instruction": note})
        if action == "instruct":
            call.instruction = note
        else:
            call.handled_at = ctx.clock.now()
        record_event(session, ctx, call, action, title, note=note, from_state=before, to_state=call.state)
        session.flush()
        return Saved(call.id, call.number, call.version, call.state)


def mark_called_back(
    ctx: Context, call_id: int, *, version: int | None = None, result: str = "", next_at: datetime | None = None
) -> Saved:
    """Write down that the promised call-back was made and what came of it; ``next_at`` plans another try (CALL-11)."""
    ctx.require(Right.CALL)
    text = clean(result)
    if said := check_length(text, 200):
        raise ValidationError({"result": said})
    with ctx.transaction(N_("Note call-back")) as session:
        call = load_for_change(session, Call, call_id, version)
        if call.callback_at is None or call.callback_done_at is not None:
            raise UserError(_("No call-back is open on this call."), clause="CALL-11")
        call.callback_result = text
        if next_at is None:
            call.callback_done_at = ctx.clock.now()
            record_event(session, ctx, call, "called_back", N_("Called back as promised"), note=text)
        else:
            call.callback_at, call.tries = next_at, call.tries + 1
            record_event(session, ctx, call, "not_reached", N_("Call-back tried, to be tried again"), note=text)
        session.flush()
        return Saved(call.id, call.number, call.version, call.state)


def pass_opinion(ctx: Context, call_id: int, *, version: int | None, department: str) -> Saved:
    """Hand a caller's valuable opinion to the department concerned and keep the moment (CALL-20)."""
    ctx.require(Right.CALL)
    to = clean(department)
    if not to:
        raise ValidationError({"opinion_department": _("Please say which department gets the opinion.")})
    if said := check_length(to, 60):
        raise ValidationError({"opinion_department": said})
    with ctx.transaction(N_("Pass on an opinion")) as session:
        call = load_for_change(session, Call, call_id, version)
        if not call.opinion:
            raise UserError(_("No opinion is written down on this call."), clause="CALL-20")
        if call.opinion_passed_at is not None:
            raise UserError(_("The opinion has been passed on already."), clause="CALL-20")
        call.opinion_department, call.opinion_passed_at = to, ctx.clock.now()
        record_event(
            session, ctx, call, "opinion", N_("Opinion passed on to {department}"), values={"department": to},
            note=call.opinion,
        )  # fmt: skip
        session.flush()
        return Saved(call.id, call.number, call.version, call.state)


def attach_customer(ctx: Context, call_id: int, customer_id: int, *, version: int | None = None) -> Saved:
    """Make a call that customer's: it and what happened with it appear in the customer's time line."""
    ctx.require(Right.CALL)
    with ctx.transaction(N_("Attach call to customer")) as session:
        call = load_for_change(session, Call, call_id, version)
        if session.get(Customer, customer_id) is None:
            raise UserError(_("This record does not exist any more."))
        _attach(session, call, customer_id)
        return Saved(call.id, call.number, call.version, call.state)


def make_customer(ctx: Context, call_id: int, *, version: int | None = None) -> tuple[Saved, int]:
    """Make a new customer of a call's fields and attach the call; return both (CALL-14: an enquirer gets an archive).

    Raises ValidationError when the name is missing.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    with ctx.transaction(N_("Create customer from call")) as session:
        call = load_for_change(session, Call, call_id, version)
        if call.customer_id is not None:
            raise UserError(_("This caller is a customer already."))
        numbers = (PhoneEntry(call.phone),) if call.phone else ()
        form = CustomerForm(call.caller_name, region=call.region, address=call.address, phones=numbers)
        customer = create_in(session, ctx, form)
        session.flush()
        _attach(session, call, customer.id)
        return Saved(call.id, call.number, call.version, call.state), customer.id


def _attach(session: Session, call: Call, customer_id: int) -> None:
    call.customer_id = customer_id
    session.flush()
    session.execute(
        update(Event)
        .where(Event.kind == Call.KIND, Event.record_id == call.id)
        .values(customer_id=customer_id)
        .execution_options(synchronize_session=False)
    )
