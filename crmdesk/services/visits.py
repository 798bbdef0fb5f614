"""Visits: from the door to the send-off, with locker keys (RCPT-01 to RCPT-05, SEND)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.text import check_length, clean
from crmdesk.model.customer import Customer
from crmdesk.model.sale import Sale
from crmdesk.model.staff import StaffMember
from crmdesk.model.visit import Visit
from crmdesk.rules import visits as rules
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, check_form
from crmdesk.services.customers import create_in
from crmdesk.services.numbers import take_number
from crmdesk.services.records import load_for_change, record_event
from crmdesk.services.steps import step_to
from crmdesk.services.visit_board import (
    BOOKED,
    FILTERS,
    UNPAID_STATES,
    Board,
    ClosingCheck,
    GreetingFigure,
    VisitRow,
    check_closing,
    count_greeted,
    count_in_house,
    find_board,
    find_purposes,
    find_steps,
    find_visits,
    get_visit,
    send_off_lines,
)

__all__ = [
    "BOOKED", "FILTERS", "Board", "ClosingCheck", "GreetingFigure", "VisitForm", "VisitRow", "act", "arrive",
    "assign_clerk", "change_visit", "check_closing", "check_in", "count_greeted", "count_in_house", "find_board",
    "find_purposes", "find_steps", "find_visits", "get_visit", "give_key", "return_key", "send_off_lines",
    "serve_water", "update_visit",
]  # fmt: skip

MOST_GUESTS = 200
_EVENTS = {
    "greet": N_("Greeted"),
    "enter": N_("Taken into the showroom"),
    "settle": N_("Settling"),
    "resume": N_("Back to the showroom"),
    "leave": N_("Seen off"),
    "check_out": N_("Left"),
}


@dataclass(frozen=True)
class VisitForm:
    """What the reception writes when somebody comes in, or books a time (RCPT-02, RCPT-03).

    ``new_customer`` registers an unknown guest first; ``appointment_at`` (aware) makes it a booking.
    """

    visitor_name: str
    customer_id: int | None = None
    new_customer: CustomerForm | None = None
    party_size: int = 1
    visitor_class: str = "b"
    purpose: str = ""
    clerk_id: int | None = None
    appointment_at: datetime | None = None
    note: str = ""
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


def check_in(ctx: Context, form: VisitForm) -> int:
    """Register a guest who comes in, or a booking, and return the visit's id.

    Raises ValidationError by field; an unknown guest is registered in the same transaction (RCPT-02).
    """
    ctx.require(Right.VISIT)
    values, customer_form = _checked(ctx, form)
    now = ctx.clock.now()
    with ctx.transaction(N_("Check in guest"), token=form.token, of=Visit.KIND) as session:
        customer_id = values.customer_id
        if customer_form is not None:
            customer_id = create_in(session, ctx, customer_form).id
        booked = values.appointment_at is not None
        visit = Visit(
            number="",
            customer_id=customer_id,
            visitor_name=values.visitor_name,
            party_size=values.party_size,
            visitor_class=values.visitor_class,
            place="" if booked else _place(values.visitor_class),
            purpose=values.purpose,
            clerk_id=values.clerk_id,
            appointment_at=values.appointment_at,
            arrived_at=None if booked else now,
            note=values.note,
            state=BOOKED if booked else rules.MACHINE.initial,
            created_at=now,
        )
        visit.number = _number(session, ctx)
        session.add(visit)
        title = N_("Visit booked: {purpose}") if booked else N_("Visit: {purpose}")
        record_event(session, ctx, visit, "check_in", title, values={"purpose": values.purpose or "—"},
                     to_state=visit.state)  # fmt: skip
        return visit.id


def arrive(ctx: Context, visit_id: int, version: int) -> None:
    """Let a booked guest come in: from now the greeting minute runs."""
    ctx.require(Right.VISIT)
    with ctx.transaction(N_("Guest arrived")) as session:
        visit = load_for_change(session, Visit, visit_id, version)
        if visit.state != BOOKED:
            raise UserError(_("This guest is in the house already."))
        visit.state, visit.arrived_at = rules.MACHINE.initial, ctx.clock.now()
        visit.place = _place(visit.visitor_class)
        record_event(session, ctx, visit, "arrive", N_("Arrived"), from_state=BOOKED, to_state=visit.state)


def act(ctx: Context, visit_id: int, version: int, action: str, *, reason: str = "") -> str:
    """Take one step of the visit and return the new state; UserError names the clause of what is missing.

    Actions: greet, enter, settle, resume, leave, check_out; ``reason`` lets a guest leave with a key out or a
    bill open (RCPT-04, PACK-09).
    """
    ctx.require(Right.VISIT)
    now = ctx.clock.now()
    with ctx.transaction(N_("Visit goes on")) as session:
        visit = load_for_change(session, Visit, visit_id, version)
        if reason.strip():
            visit.leave_reason = clean(reason, 200)
        unpaid = _count_unpaid(session, visit_id)
        before = visit.state
        visit.state = step_to(session, ctx, "visit", visit, action, facts(visit, unpaid))
        if action == "greet":
            visit.greeted_at = now
        elif action == "enter":
            visit.clerk_accepted_at = visit.clerk_accepted_at or now
        elif action == "settle":
            visit.settled_at = now
        elif action == "check_out":
            visit.left_at = now
        record_event(session, ctx, visit, action, _EVENTS[action], note=visit.leave_reason if reason else "",
                     from_state=before, to_state=visit.state)  # fmt: skip
        return visit.state


def serve_water(ctx: Context, visit_id: int, version: int) -> None:
    """Note that the guest was offered water (RCPT-02)."""
    ctx.require(Right.VISIT)
    with ctx.transaction(N_("Serve water")) as session:
        visit = load_for_change(session, Visit, visit_id, version)
        visit.water_at = visit.water_at or ctx.clock.now()


def give_key(ctx: Context, visit_id: int, version: int, key: int | None) -> None:
    """Bind a locker key to the visit; None says that there is nothing to deposit (RCPT-04).

    UserError when the guest has a key already or the key is out, with the name of who has it.
    """
    ctx.require(Right.VISIT)
    if key is not None and not 1 <= key <= ctx.office.locker_keys:
        raise ValidationError(
            {"key": _("There are keys 1 to {count}.").format(count=ctx.office.locker_keys)}, clause="RCPT-04"
        )
    try:
        with ctx.transaction(N_("Give locker key")) as session:
            visit = load_for_change(session, Visit, visit_id, version)
            if visit.locker_key is not None and visit.key_returned_at is None:
                raise UserError(_("This guest has key {key} already.").format(key=visit.locker_key), clause="RCPT-04")
            if key is None:
                visit.nothing_to_deposit = True
                return
            holder = session.scalars(_key_is_out(key)).first()
            if holder is not None:
                raise _key_taken(key, holder.visitor_name)
            visit.locker_key, visit.nothing_to_deposit = key, False
            visit.key_given_at, visit.key_returned_at = ctx.clock.now(), None
            record_event(session, ctx, visit, "key_given", N_("Locker key {key} given"), values={"key": key})
    except IntegrityError as error:  # another reception gave the same key in this very moment
        raise _key_taken(key or 0, "") from error


def return_key(ctx: Context, visit_id: int, version: int) -> None:
    """Take the locker key back."""
    ctx.require(Right.VISIT)
    with ctx.transaction(N_("Take locker key back")) as session:
        visit = load_for_change(session, Visit, visit_id, version)
        if visit.locker_key is None or visit.key_returned_at is not None:
            raise UserError(_("This guest has no key."), clause="RCPT-04")
        visit.key_returned_at = ctx.clock.now()
        record_event(
            session, ctx, visit, "key_returned", N_("Locker key {key} returned"), values={"key": visit.locker_key}
        )


def assign_clerk(ctx: Context, visit_id: int, version: int, clerk_id: int, *, accepted: bool = False) -> None:
    """Say who receives the guest; ``accepted`` when the clerk took over at once (RCPT-05)."""
    ctx.require(Right.VISIT)
    with ctx.transaction(N_("Assign clerk")) as session:
        visit = load_for_change(session, Visit, visit_id, version)
        clerk = session.get(StaffMember, clerk_id)
        if clerk is None or not clerk.active:
            raise ValidationError({"clerk": _("Please choose who receives the guest.")}, clause="RCPT-05")
        visit.clerk_id = clerk_id
        visit.clerk_accepted_at = ctx.clock.now() if accepted else None
        record_event(session, ctx, visit, "assigned", N_("{name} receives the guest"), values={"name": clerk.name})


def update_visit(
    ctx: Context,
    visit_id: int,
    version: int,
    *,
    purpose: str | None = None,
    customer_id: int | None = None,
    send_off: tuple[str, ...] | None = None,
    transport: str | None = None,
) -> None:
    """Change the purpose, bind a registered customer, or tick lines of the send-off (SEND-01 to SEND-05).

    ``transport`` is how the guest travels on (a key of rules.visits.TRANSPORT); it ticks SEND-03 by itself.
    """
    ctx.require(Right.VISIT)
    known = {key for key, _words, _clause in send_off_lines(ctx)}
    with ctx.transaction(N_("Change visit")) as session:
        visit = load_for_change(session, Visit, visit_id, version)
        if purpose is not None:
            visit.purpose = clean(purpose, 200)
        if customer_id is not None:
            customer = session.get(Customer, customer_id)
            if customer is None:
                raise ValidationError({"customer": _("Please choose a customer from the list.")})
            visit.customer_id, visit.visitor_name = customer.id, customer.name
        if send_off is not None:
            visit.send_off = [key for key in send_off if key in known]
        if transport is not None:
            if transport and transport not in rules.TRANSPORT:
                raise ValidationError({"transport": _("Please choose from the list.")}, clause="SEND-03")
            visit.transport = transport
            if transport and "transport" not in visit.send_off:
                visit.send_off = [*visit.send_off, "transport"]


def change_visit(ctx: Context, visit_id: int, version: int, form: VisitForm) -> None:
    """Write the reception's form again: guest, class with its place, party, purpose, clerk, booking, note.

    ``new_customer`` registers the guest in the same transaction (RCPT-02). Raises ValidationError by field.
    """
    ctx.require(Right.VISIT)
    values, customer_form = _checked(ctx, form)
    with ctx.transaction(N_("Change visit"), token=form.token, of=Visit.KIND) as session:
        visit = load_for_change(session, Visit, visit_id, version)
        customer_id = values.customer_id
        if customer_form is not None:
            customer_id = create_in(session, ctx, customer_form).id
        if values.clerk_id != visit.clerk_id:
            visit.clerk_accepted_at = None  # the guest has not been told this name yet (RCPT-05)
        visit.customer_id, visit.visitor_name = customer_id, values.visitor_name
        visit.party_size, visit.visitor_class = values.party_size, values.visitor_class
        visit.purpose, visit.clerk_id, visit.note = values.purpose, values.clerk_id, values.note
        if visit.state == BOOKED:
            visit.appointment_at = values.appointment_at or visit.appointment_at
        else:
            visit.place = _place(values.visitor_class)
        if customer_form is not None:
            record_event(session, ctx, visit, "registered", N_("New customer registered at the reception"))


def facts(visit: Visit, unpaid: int) -> dict[str, Any]:
    """Return what the machine looks at, from a loaded visit and the number of its open slips."""
    return {
        "customer": visit.customer_id,
        "purpose": visit.purpose,
        "water": visit.water_at,
        "locker": visit.locker_key is not None or visit.nothing_to_deposit,
        "clerk": visit.clerk_id,
        "key_out": visit.locker_key is not None and visit.key_returned_at is None,
        "unpaid": unpaid,
        "ticks": tuple(visit.send_off),
        "leave_reason": visit.leave_reason,
    }


def _checked(ctx: Context, form: VisitForm) -> tuple[VisitForm, CustomerForm | None]:
    errors: dict[str, str] = {}
    name, purpose, note = clean(form.visitor_name), clean(form.purpose), clean(form.note)
    if not name:
        errors["visitor_name"] = _("Please enter the guest's name.")
    for key, value, longest in (("visitor_name", name, 80), ("purpose", purpose, 200), ("note", note, 400)):
        if problem := check_length(value, longest):
            errors[key] = problem
    if not 1 <= form.party_size <= MOST_GUESTS:
        errors["party_size"] = ngettext(
            "Please enter a number from 1 to {count}.", "Please enter a number from 1 to {count}.", MOST_GUESTS
        ).format(count=MOST_GUESTS)
    if form.visitor_class not in rules.CLASSES:
        errors["visitor_class"] = _("Please choose a class.")
    customer_form = None
    if form.new_customer is not None and form.customer_id is None:
        try:
            customer_form = check_form(form.new_customer, ctx.office.home)
        except ValidationError as error:
            errors.update(error.fields)
    if errors:
        raise ValidationError(errors, clause="RCPT-02")
    checked = VisitForm(
        name, form.customer_id, None, form.party_size, form.visitor_class, purpose, form.clerk_id,
        form.appointment_at, note,
    )  # fmt: skip
    return checked, customer_form


def _place(visitor_class: str) -> str:
    return visitor_class  # the place is that of the class (RCPT, 001/15); its name is shown from rules.PLACES


def _number(session: Session, ctx: Context) -> str:
    return take_number(session, ctx, "visit", Visit.number)


def _count_unpaid(session: Session, visit_id: int) -> int:
    query = select(func.count()).where(Sale.visit_id == visit_id, Sale.state.in_(UNPAID_STATES))
    return session.scalar(query) or 0


def _key_is_out(key: int) -> Select[Visit]:
    return select(Visit).where(Visit.locker_key == key, Visit.key_returned_at.is_(None))


def _key_taken(key: int, name: str) -> UserError:
    return UserError(
        _("Key {key} is out with {name}. Please take another one.").format(key=key, name=name or _("another guest")),
        clause="RCPT-04",
    )
