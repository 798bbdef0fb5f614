"""Repairs: taken in with photo and told what to expect, sent on, back to the customer (REP-01 to REP-07)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, clean_lines, half_width
from crmdesk.model.call import Call
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.item import Item
from crmdesk.model.repair import Repair, RepairPhoto
from crmdesk.model.staff import StaffMember
from crmdesk.rules import repairs as rules
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import check_form
from crmdesk.services.customers import create_in
from crmdesk.services.deadlines import end_pause, pauses_of, stands
from crmdesk.services.list_order import Sort, Sorts, in_order, ranked
from crmdesk.services.numbers import take_number
from crmdesk.services.papers import papers_of
from crmdesk.services.records import load_for_change, record_event, story_of, touch
from crmdesk.services.repair_forms import Photo, RepairCard, RepairForm, RepairRow, StepForm, TakenIn
from crmdesk.services.repair_papers import freeze_papers
from crmdesk.services.steps import done_from, find_allowed, step_to
from crmdesk.services.undo import offer_undo

__all__ = [
    "FILTERS", "MOST_PHOTOS", "PHOTO_BYTES", "Photo", "RepairCard", "RepairForm", "RepairRow", "StepForm", "TakenIn",
    "act", "add_note", "add_photo", "count_repairs", "find_repairs", "get_repair", "take_in",
]  # fmt: skip

PHOTO_BYTES = 3_000_000  # after scaling; a phone's own picture is scaled by the window first
MOST_PHOTOS = 6
MOST_VALUE = Decimal("9999999.99")

IN_HOUSE = ("received", "in_own_workshop", "returned")
AWAY = ("sent_away",)
READY = ("ready", "customer_called")
OPEN = (*IN_HOUSE, *AWAY, *READY)
FILTERS = {
    "open": N_("Unfinished"),
    "house": N_("In the house"),
    "away": N_("Sent away"),
    "ready": N_("Ready"),
    "late": N_("Late"),
    "all": N_("All"),
}
_LENGTHS = {
    "item_code": 40, "item_name": 120, "material": 60, "stones": 40, "condition": 200, "part": 200,
    "instruction": 2000, "purchase_number": 20, "internal_note": 2000,
}  # fmt: skip
_EVENTS = {
    "refuse": N_("Repair refused"),
    "to_workshop": N_("To our workshop"),
    "send_away": N_("Sent away"),
    "come_back": N_("Has come back"),
    "rework": N_("Rework here"),
    "finish": N_("Repair is ready"),
    "call_customer": N_("Customer has been called"),
    "pick_up": N_("Picked up"),
    "ship": N_("Shipped"),
    "cancel": N_("Repair cancelled"),
}


def take_in(ctx: Context, form: RepairForm) -> TakenIn:
    """Take a piece in for repair; receipt and three-copy slip are ready to print (REP-04, REP-05).

    ValidationError by field; Thai silver is refused with REP-03, whatever the tick says.
    """
    ctx.require(Right.REPAIR)
    now, today = ctx.clock.now(), ctx.clock.today()
    with ctx.transaction(N_("Take in repair"), token=form.token, of=Repair.KIND) as session:
        values = _checked(session, ctx, form)
        if values.new_customer is not None:
            customer = create_in(session, ctx, values.new_customer)
        else:
            found = session.get(Customer, values.customer_id, options=[selectinload(Customer.phones)])
            if found is None:
                raise ValidationError({"customer": _("Please choose the customer.")}, clause="REP-05")
            customer = found
        window = rules.return_window(today, ctx.policy) if values.route == "away" else (None, None)
        repair = Repair(
            number="", customer_id=customer.id, received_at=now, received_by_id=ctx.user.id or 0,
            item_code=values.item_code, item_name=values.item_name, material=values.material,
            weight_g=values.weight_g, stones=values.stones, condition=values.condition, part=values.part,
            instruction=values.instruction, declared_value=values.declared_value, fee_limit=values.fee_limit,
            purchase_number=values.purchase_number, bought_on=values.bought_on, call_id=values.call_id,
            not_thai_silver=values.not_thai_silver, told=sorted(values.told), route=values.route,
            promised_on=values.promised_on, earliest_on=window[0], latest_on=window[1],
            internal_note=values.internal_note, created_at=now,
        )  # fmt: skip
        repair.photos = [
            RepairPhoto(taken_at=now, data=p.data, ring_x=p.ring_x, ring_y=p.ring_y) for p in values.photos
        ]
        repair.state = step_to(session, ctx, "repair", None, "take_in", _facts(repair))
        repair.number = take_number(session, ctx, "repair", Repair.number)
        session.add(repair)
        record_event(session, ctx, repair, "take_in", N_("Repair {number}: {part}"),
                     values={"number": repair.number, "part": repair.part}, to_state=repair.state)  # fmt: skip
        papers = freeze_papers(session, ctx, repair, customer)
        return TakenIn(repair.id, repair.number, papers)


def act(ctx: Context, repair_id: int, version: int, action: str, form: StepForm | None = None) -> str:
    """Take one step and return the new state; UserError names the clause of what is missing."""
    ctx.require(Right.REPAIR)
    given = form or StepForm()
    now = ctx.clock.now()
    with ctx.transaction(N_("Repair goes on")) as session:
        repair = load_for_change(session, Repair, repair_id, version, options=[selectinload(Repair.photos)])
        if given.carrier or given.waybill:
            repair.carrier, repair.waybill = clean(given.carrier, 40), half_width(clean(given.waybill, 40))
        if given.told:
            repair.told = sorted({*repair.told, *given.told} & {tick.key for tick in rules.TOLD})
        facts = _facts(repair) | {"customer_told": given.customer_told, "reason": given.reason}
        before = repair.state
        repair.state = step_to(session, ctx, "repair", repair, action, facts)
        if given.fee is not None:
            repair.fee = given.fee
        if given.outside_cost is not None:
            repair.outside_cost = given.outside_cost
        if action == "send_away":
            repair.route, repair.sent_at = "away", now
            repair.earliest_on, repair.latest_on = rules.return_window(ctx.clock.today(), ctx.policy)
        elif action == "come_back":
            repair.returned_at = now
        elif action == "finish":
            repair.ready_at = now
        elif action == "call_customer":
            repair.told_ready_at = now
        if repair.state in rules.MACHINE.final:
            repair.closed_at = now
            end_pause(session, ctx, Repair.KIND, repair.id)
        note = clean_lines(given.reason or given.note, 2000)
        record_event(session, ctx, repair, action, _EVENTS[action], note=note, from_state=before,
                     to_state=repair.state)  # fmt: skip
        return repair.state


def add_note(ctx: Context, repair_id: int, note: str) -> None:
    """Add a line to the story of a repair."""
    ctx.require(Right.REPAIR)
    text = clean_lines(note, 2000)
    if not text:
        raise ValidationError({"note": _("Please write what happened.")})
    with ctx.transaction(N_("Note on repair")) as session:
        repair = load_for_change(session, Repair, repair_id, None)
        record_event(session, ctx, repair, "note", N_("Note"), note=text)


def add_photo(ctx: Context, repair_id: int, version: int, photo: Photo) -> None:
    """Add a photo to a repair that was taken in without one."""
    ctx.require(Right.REPAIR)
    _check_photos((photo,))
    with ctx.transaction(N_("Add photo")) as session:
        repair = load_for_change(session, Repair, repair_id, version, options=[selectinload(Repair.photos)])
        if len(repair.photos) >= MOST_PHOTOS:
            raise UserError(_("A repair keeps at most {count} photos.").format(count=MOST_PHOTOS))
        repair.photos.append(
            RepairPhoto(taken_at=ctx.clock.now(), data=photo.data, ring_x=photo.ring_x, ring_y=photo.ring_y)
        )
        touch(repair)


_STANDS = stands(Repair.KIND, Repair.id)  # its review is due instead of the day told to the customer


_SORTS: Sorts = {
    "number": Repair.number, "customer": Customer.name, "part": Repair.part,
    "state_title": ranked(Repair.state, rules.MACHINE.states),
    "due": case((Repair.route == "away", Repair.latest_on), else_=Repair.promised_on),
}  # fmt: skip


def find_repairs(
    ctx: Context, query: str = "", *, show: str = "open", customer_id: int | None = None, limit: int = 500,
    sort: Sort | None = None,
) -> list[RepairRow]:
    """Return repairs, newest first or by the column ``sort``.

    ``show`` is a key of FILTERS, ``query`` a number's tail, a name or a piece.
    """
    ctx.require(Right.REPAIR)
    found = _rows(ctx).order_by(Repair.received_at.desc(), Repair.id.desc())
    found = in_order(found, sort, _SORTS, Repair.id).limit(limit)
    if customer_id is not None:
        found = found.where(Repair.customer_id == customer_id)
    states = {"open": OPEN, "house": IN_HOUSE, "away": AWAY, "ready": READY, "late": (*IN_HOUSE, *AWAY)}.get(show)
    if states:
        found = found.where(Repair.state.in_(states))
    if show == "late":
        today = ctx.clock.today()
        found = found.where(or_(Repair.latest_on < today, Repair.promised_on < today), ~_STANDS)
    text = clean(query)
    if text:
        like = f"%{text.replace('%', '').replace('_', '')}%"
        found = found.where(
            or_(Repair.number.like(like), Customer.name.like(like), Repair.item_name.like(like),
                Repair.item_code.ilike(like), Repair.part.like(like))
        )  # fmt: skip
    with ctx.reading() as session:
        return [_row(ctx, *values) for values in session.execute(found)]


def get_repair(ctx: Context, repair_id: int) -> RepairCard:
    """Return one repair with everything its window shows."""
    ctx.require(Right.REPAIR)
    with ctx.reading() as session:
        found = session.execute(_rows(ctx).where(Repair.id == repair_id).options(selectinload(Repair.photos))).first()
        if found is None:
            raise UserError(_("This record does not exist any more."))
        story = tuple(story_of(session, "repair", repair_id))
        papers = tuple(papers_of(session, "repair", repair_id))
        by = session.scalar(select(StaffMember.name).where(StaffMember.id == found[0].received_by_id)) or ""
        pauses = pauses_of(session, Repair.KIND, [repair_id]).get(repair_id, ())
    repair: Repair = found[0]
    photos = tuple(Photo(p.data, p.ring_x, p.ring_y) for p in repair.photos)
    taken = [line.action for line in reversed(story) if line.to_state]
    facts = {**_facts(repair), "done": done_from(taken)}
    return RepairCard(
        row=_row(ctx, *found), form=_form_of(repair, photos), received_by=by, earliest_on=repair.earliest_on,
        latest_on=repair.latest_on, sent_at=repair.sent_at, ready_at=repair.ready_at, closed_at=repair.closed_at,
        fee=repair.fee, outside_cost=repair.outside_cost, carrier=repair.carrier, waybill=repair.waybill,
        story=story, papers=papers, photos=photos,
        steps=tuple(find_allowed(ctx, "repair", repair.state, facts)), facts=facts,
        undo=offer_undo(ctx, Repair.KIND, story), pauses=pauses,
    )  # fmt: skip


def count_repairs(ctx: Context) -> tuple[int, int]:
    """Return how many pieces are ready to be fetched, and how many are late."""
    ctx.require(Right.REPAIR)
    today = ctx.clock.today()
    passed = or_(Repair.latest_on < today, Repair.promised_on < today)
    late = Repair.state.in_((*IN_HOUSE, *AWAY)) & passed & ~_STANDS
    query = select(func.count(Repair.id).filter(Repair.state.in_(READY)), func.count(Repair.id).filter(late)).where(
        Repair.state.in_(OPEN)
    )
    with ctx.reading() as session:
        ready, overdue = session.execute(query).one()
    return ready, overdue


def _facts(repair: Repair) -> dict[str, Any]:
    return {
        "thai_silver": rules.is_thai_silver(f"{repair.material} {repair.item_name}"),
        "code": repair.item_code,
        "part": repair.part,
        "customer": repair.customer_id,
        "photos": len(repair.photos),
        "told": tuple(repair.told),
        "carrier": repair.carrier,
        "waybill": repair.waybill,
    }


def _checked(session: Session, ctx: Context, form: RepairForm) -> RepairForm:
    errors: dict[str, str] = {}
    clause = "REP-04"
    texts = {name: clean(getattr(form, name)) for name in _LENGTHS if name not in ("instruction", "internal_note")}
    texts |= {name: clean_lines(getattr(form, name)) for name in ("instruction", "internal_note")}
    for name, longest in _LENGTHS.items():
        if problem := check_length(texts[name], longest):
            errors[name] = problem
    item = session.scalars(select(Item).where(Item.code == half_width(texts["item_code"]).upper())).first()
    if item is not None:
        texts["item_code"] = item.code
        texts["item_name"] = texts["item_name"] or item.name
        texts["material"] = texts["material"] or item.material
    customer_form = None
    if form.customer_id is None and form.new_customer is not None:
        try:
            customer_form = check_form(form.new_customer, ctx.office.home)
        except ValidationError as error:
            errors.update(error.fields)
    elif form.customer_id is None:
        errors["customer"] = _("Please choose the customer.")
    if not texts["item_code"]:
        errors["item_code"] = _("Please write down the item code.")
    if not texts["part"]:
        errors["part"] = _("Please write down which part is to be repaired.")
    for name in ("declared_value", "fee_limit"):
        if not 0 <= getattr(form, name) <= MOST_VALUE:
            errors[name] = _("Please enter an amount from 0 to {most}.").format(most=MOST_VALUE)
    if form.bought_on is not None and form.bought_on > ctx.clock.today():
        errors["bought_on"] = _("This day has not come yet.")
    if form.call_id is not None and session.get(Call, form.call_id) is None:
        form = replace(form, call_id=None)  # a half-typed intake may outlive what it came from
    if form.weight_g is not None and not 0 < form.weight_g <= Decimal(100_000):
        errors["weight_g"] = _("Please enter the weight in grams.")
    if form.route not in rules.ROUTES:
        errors["route"] = _("Please choose where the piece is repaired.")
    if rules.is_thai_silver(f"{texts['material']} {texts['item_name']}"):
        errors["material"] = _("Thai silver is not taken in for repair. Please tell the customer.")
        clause = "REP-03"
    elif not form.not_thai_silver:
        errors["not_thai_silver"] = _("Please check that the piece is not Thai silver, and tick it.")
        clause = "REP-03"
    if errors:
        raise ValidationError(errors, clause=clause)
    _check_photos(form.photos)
    return RepairForm(
        customer_id=form.customer_id, new_customer=customer_form, weight_g=form.weight_g,
        declared_value=form.declared_value, fee_limit=form.fee_limit, not_thai_silver=form.not_thai_silver,
        told=form.told & {tick.key for tick in rules.TOLD}, route=form.route, promised_on=form.promised_on,
        photos=form.photos, bought_on=form.bought_on, call_id=form.call_id, **texts,
    )  # fmt: skip


def _check_photos(photos: tuple[Photo, ...]) -> None:
    if len(photos) > MOST_PHOTOS:
        raise ValidationError({"photos": _("A repair keeps at most {count} photos.").format(count=MOST_PHOTOS)})
    for photo in photos:
        if not photo.data.startswith(b"\xff\xd8"):
            raise ValidationError({"photos": _("This file is not a picture. Please choose another one.")})
        if len(photo.data) > PHOTO_BYTES:
            raise ValidationError({"photos": _("This photo is too large. Please take a smaller one.")})


def _rows(ctx: Context) -> Select[*tuple[Any, ...]]:
    phone = (
        select(CustomerPhone.number)
        .where(CustomerPhone.customer_id == Repair.customer_id)
        .order_by(CustomerPhone.position)
        .limit(1)
        .correlate(Repair)
        .scalar_subquery()
    )
    return select(Repair, Customer.name, phone, _STANDS).join(Customer, Customer.id == Repair.customer_id)


def _row(ctx: Context, repair: Repair, customer: str, phone: str | None, stands_now: bool) -> RepairRow:
    due = repair.latest_on if repair.route == "away" else repair.promised_on
    late = due is not None and due < ctx.clock.today() and repair.state in (*IN_HOUSE, *AWAY) and not stands_now
    return RepairRow(
        id=repair.id, number=repair.number, state=repair.state, state_title=rules.MACHINE.label(repair.state),
        version=repair.version, customer_id=repair.customer_id, customer=customer, phone=phone or "",
        item=f"{repair.item_code} {repair.item_name}".strip(), part=repair.part, route=repair.route,
        received_at=repair.received_at, due_on=due, late=late,
    )  # fmt: skip


def _form_of(repair: Repair, photos: tuple[Photo, ...]) -> RepairForm:
    return RepairForm(
        customer_id=repair.customer_id, item_code=repair.item_code, item_name=repair.item_name, part=repair.part,
        material=repair.material, weight_g=repair.weight_g, stones=repair.stones, condition=repair.condition,
        instruction=repair.instruction, declared_value=repair.declared_value, fee_limit=repair.fee_limit,
        purchase_number=repair.purchase_number, bought_on=repair.bought_on, call_id=repair.call_id,
        not_thai_silver=repair.not_thai_silver, told=frozenset(repair.told), route=repair.route,
        promised_on=repair.promised_on, internal_note=repair.internal_note, photos=photos,
    )  # fmt: skip
