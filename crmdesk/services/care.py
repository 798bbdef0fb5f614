"""Care for a customer: what is noted and settled, and the greetings that are due (CRM-05 to 08, CRM-15 to 19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from crmdesk.core.birthdays import kept
from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.archive import Care, Relative
from crmdesk.model.customer import Contact, Customer
from crmdesk.model.history import Event
from crmdesk.model.item import Item
from crmdesk.model.staff import StaffMember
from crmdesk.rules import care as rules
from crmdesk.rules.rights import Right
from crmdesk.services.archive_access import is_open
from crmdesk.services.context import Context
from crmdesk.services.records import load_for_change, record_event

TEXT_LENGTH = 400
RESULT_LENGTH = 200
MOST_TOLD = 5000  # customers told of one event at a time
PEOPLE = {"customer": Customer, "contact": Contact, "relative": Relative}


@dataclass(frozen=True)
class CareForm:
    """Something to think of; ``on`` None: an illness is due today, the rest when somebody sees to it."""

    customer_id: int
    kind: str
    text: str
    item_code: str = ""
    on: date | None = None
    token: str = ""


class CareRow(NamedTuple):
    """A note as the list shows it; an illness is closed (``text`` empty) to who may not read about health."""

    id: int
    version: int
    kind: str
    text: str
    closed: bool
    item: str
    noted_at: datetime
    noted_by: str
    on: date | None
    arrived_at: datetime | None
    done_at: datetime | None
    done_by: str
    result: str


class Occasion(NamedTuple):
    """A birthday or festival that comes: who, on which day, how old, and how it is remembered once it was kept."""

    key: str
    who: str  # customer, contact, relative, or festival
    row_id: int
    name: str
    day: date
    age: int | None
    way: str  # how this person likes to be greeted, '' unknown


def days_ahead(ctx: Context) -> int:
    """Return how many days before a birthday or festival the office begins to think of it (CRM-15)."""
    return ctx.policy.number("CRM-15", "days_ahead") if "CRM-15" in ctx.policy else 0


def note_care(ctx: Context, form: CareForm) -> int:
    """Note something to think of and return its id."""
    ctx.require(Right.CUSTOMER_EDIT)
    if form.kind not in rules.NOTED:
        raise ValueError(form.kind)
    text, errors = clean(form.text), {}
    if not text:
        errors["text"] = _("Please write down what it is about.")
    if said := check_length(text, TEXT_LENGTH):
        errors["text"] = said
    with ctx.transaction(N_("Note for the customer"), token=form.token, of=Care.KIND) as session:
        customer = load_for_change(session, Customer, form.customer_id, None)
        item_id = None
        if code := clean(form.item_code):
            item_id = session.scalar(select(Item.id).where(Item.code == code))
            if item_id is None:
                errors["item_code"] = _("There is no item {code}.").format(code=code)
        if errors:
            raise ValidationError(errors)
        row = _new(ctx, customer.id, form.kind, text, item_id)
        row.on = form.on or (ctx.clock.today() if form.kind == rules.ILLNESS else None)
        session.add(row)
        session.flush()
        record_event(session, ctx, row, "noted", _NOTED[form.kind], note=_told_in_story(row, text))
        return row.id


def _told_in_story(row: Care, text: str) -> str:
    """Health is not told in the time line (CRM-32)."""
    return "" if row.kind == rules.ILLNESS else text


_NOTED = {
    rules.WANTED: N_("Wanted goods noted"),
    rules.ILLNESS: N_("Sympathy to be offered"),
    rules.EVENT: N_("Event noted"),
}


def _new(ctx: Context, customer_id: int, kind: str, text: str, item_id: int | None = None) -> Care:
    now = ctx.clock.now()
    return Care(
        created_at=now, customer_id=customer_id, kind=kind, text=text, item_id=item_id, noted_at=now,
        noted_by_id=ctx.user.id,
    )  # fmt: skip


def mark_arrived(ctx: Context, care_id: int, version: int) -> None:
    """Wanted goods are here: from now on the customer is to be told (ORD-08, CRM-08)."""
    ctx.require(Right.CUSTOMER_EDIT, Right.PACK)
    with ctx.transaction(N_("Wanted goods arrived")) as session:
        row = load_for_change(session, Care, care_id, version)
        if row.kind != rules.WANTED or row.done_at is not None:
            raise UserError(_("This is settled already."))
        _arrived(session, ctx, row)


def mark_item_arrived(ctx: Context, item_id: int) -> int:
    """An item is here: everybody who wanted it is to be told; return how many (ORD-08, CRM-08)."""
    ctx.require(Right.CUSTOMER_EDIT, Right.PACK)
    with ctx.transaction(N_("Wanted goods arrived")) as session:
        waiting = select(Care).where(
            Care.item_id == item_id, Care.kind == rules.WANTED, Care.done_at.is_(None), Care.arrived_at.is_(None)
        )
        rows = session.scalars(waiting).all()
        for row in rows:
            _arrived(session, ctx, row)
        return len(rows)


def _arrived(session: Session, ctx: Context, row: Care) -> None:
    row.arrived_at = ctx.clock.now()
    record_event(session, ctx, row, "arrived", N_("Wanted goods arrived"), note=row.text)


def settle(ctx: Context, care_id: int, version: int, result: str) -> None:
    """A note is seen to: sympathy offered, the customer told; ``result`` says how (CRM-07, ORD-08)."""
    ctx.require(Right.CUSTOMER_EDIT)
    result = _result(result)
    with ctx.transaction(N_("Seen to")) as session:
        row = load_for_change(session, Care, care_id, version)
        if row.done_at is not None:
            raise UserError(_("This is settled already."))
        row.done_at, row.done_by_id, row.result = ctx.clock.now(), ctx.user.id, result
        record_event(session, ctx, row, "done", _SETTLED[row.kind], note=_told_in_story(row, result))


_SETTLED = {
    rules.WANTED: N_("Told that the goods are here"),
    rules.ILLNESS: N_("Sympathy offered"),
    rules.EVENT: N_("Told"),
    rules.GREETING: N_("Greeted"),
}


def _result(text: str) -> str:
    result = clean(text)
    if not result:
        raise ValidationError({"result": _("Please write down how it was settled.")})
    if said := check_length(result, RESULT_LENGTH):
        raise ValidationError({"result": said})
    return result


def greet(ctx: Context, customer_id: int, occasion: str, way: str, result: str = "") -> None:
    """A birthday or festival was kept: how, and by whom; the board forgets it at once (CRM-15, CRM-16).

    ``occasion`` is the key of one of ``find_occasions``. UserError when a colleague was first, or it is none.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    if way not in rules.WAYS:
        raise ValidationError({"way": _("Please choose how.")})
    with ctx.transaction(N_("Greet a customer")) as session:
        customer = load_for_change(session, Customer, customer_id, None)
        if session.scalar(select(Care.id).where(Care.customer_id == customer_id, Care.occasion == occasion)):
            raise UserError(_("A colleague has done this already."))
        found = next((o for o in _occasions(session, ctx, customer) if o.key == occasion), None)
        if found is None:
            raise UserError(_("There is nothing to congratulate on just now."))
        row = _new(ctx, customer_id, rules.GREETING, found.name or customer.name)
        row.occasion, row.done_at, row.done_by_id = occasion, ctx.clock.now(), ctx.user.id
        row.result = ": ".join(filter(None, (way, clean(result, RESULT_LENGTH - 20))))
        session.add(row)
        session.flush()
        record_event(
            session, ctx, row, "greeted", N_("Greeted: {step}"), values={"step": rules.WAYS[way]},
            note=clean(result, RESULT_LENGTH),
        )  # fmt: skip


def tell_customers(ctx: Context, text: str, customer_ids: Sequence[int], way: str) -> int:
    """News or an invitation went to these customers: what, to whom, when; return how many (CRM-05, CRM-17 to CRM-19).

    Those who don't want to be contacted are left out.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    text = clean(text)
    if not text:
        raise ValidationError({"text": _("Please write down what it is about.")})
    if said := check_length(text, TEXT_LENGTH):
        raise ValidationError({"text": said})
    if way not in rules.WAYS:
        raise ValidationError({"way": _("Please choose how.")})
    if len(customer_ids) > MOST_TOLD:
        raise UserError(_("At most {count} customers at a time, please.").format(count=MOST_TOLD))
    with ctx.transaction(N_("Tell customers")) as session:
        wanted = select(Customer.id).where(
            Customer.id.in_(sorted(set(customer_ids))), Customer.may_contact != "no", Customer.merged_into_id.is_(None)
        )
        rows = []
        for customer_id in session.scalars(wanted):
            row = _new(ctx, customer_id, rules.EVENT, text)
            row.done_at, row.done_by_id, row.result = ctx.clock.now(), ctx.user.id, way
            rows.append(row)
        session.add_all(rows)
        session.flush()
        for row in rows:
            record_event(session, ctx, row, "told", N_("Told: {step}"), values={"step": rules.WAYS[way]}, note=text)
        return len(rows)


def find_care(ctx: Context, customer_id: int, *, limit: int = 100) -> list[CareRow]:
    """Return the notes about a customer, the open ones first; an illness without its words unless one may read them."""
    ctx.require(Right.CUSTOMER_VIEW)
    noter, doer = aliased(StaffMember), aliased(StaffMember)
    query = (
        select(Care, noter.name, doer.name, Item.code)
        .outerjoin(noter, noter.id == Care.noted_by_id)
        .outerjoin(doer, doer.id == Care.done_by_id)
        .outerjoin(Item, Item.id == Care.item_id)
        .where(Care.customer_id == customer_id)
        .order_by(Care.done_at.is_not(None), Care.done_at.desc(), Care.on, Care.id.desc())
        .limit(limit)
    )
    with ctx.reading() as session:
        may_read = is_open(session, ctx, customer_id)
        rows = []
        for row, noted_by, done_by, code in session.execute(query):
            closed = row.kind == rules.ILLNESS and not may_read and row.noted_by_id != ctx.user.id
            rows.append(
                CareRow(
                    row.id, row.version, row.kind, "" if closed else row.text, closed, code or "", row.noted_at,
                    noted_by or "", row.on, row.arrived_at, row.done_at, done_by or "",
                    "" if closed else row.result,
                )
            )  # fmt: skip
        return rows


def find_occasions(ctx: Context, customer_id: int) -> list[Occasion]:
    """Return the birthdays and festivals of a customer that come within the days of the regulation, not yet kept."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        customer = session.get(Customer, customer_id)
        if customer is None:
            raise UserError(_("This customer does not exist any more."))
        known = set(
            session.scalars(select(Care.occasion).where(Care.customer_id == customer_id, Care.occasion != ""))
        )
        return [o for o in _occasions(session, ctx, customer) if o.key not in known]


def _occasions(session: Session, ctx: Context, customer: Customer) -> list[Occasion]:
    today, days = ctx.clock.today(), days_ahead(ctx)
    coming = rules.birthday_days(today, days)
    found = [_birthday("customer", customer.id, customer.name, customer, coming)]
    contacts = select(Contact).where(Contact.customer_id == customer.id, Contact.left_on.is_(None))
    found += [_birthday("contact", c.id, c.name, c, coming) for c in session.scalars(contacts)]
    if ctx.may(Right.CUSTOMER_PRIVATE):
        family = select(Relative).where(Relative.customer_id == customer.id)
        for person in session.scalars(family):
            name = " ".join(filter(None, (person.relation, person.name)))
            found.append(_birthday("relative", person.id, name, person, coming, person.greeting))
    festival = rules.next_festival(today, days, ctx.office.holidays)
    if festival is not None and customer.care_level:
        which, day = festival
        found.append(
            Occasion(
                rules.occasion_of(which.key, customer.id, day), "festival", customer.id, _(which.title), day, None, ""
            )
        )
    return sorted((o for o in found if o is not None), key=_by_day)


def _by_day(occasion: Occasion) -> tuple[date, str]:
    return occasion.day, occasion.key


def _birthday(
    who: str, row_id: int, name: str, row: Customer | Contact | Relative, coming: dict[str, date], way: str = ""
) -> Occasion | None:
    day = coming.get(row.birthday_key)
    birthday = kept(row.birthday)
    if day is None or birthday is None:
        return None
    return Occasion(rules.occasion_of(who, row_id, day), who, row_id, name, day, birthday.age_on(day), way)


def mark_tidied(ctx: Context) -> None:
    """The archive was gone through: the task of this month is settled (CRM-34)."""
    ctx.require(Right.CUSTOMER_EDIT)
    with ctx.transaction(N_("Archive tidied")) as session:
        session.add(
            Event(
                at=ctx.clock.now(),
                user_id=ctx.user.id,
                user_name=ctx.user.name,
                station=ctx.station,
                kind=TIDY_KIND,
                record_id=0,
                action=TIDIED,
                title=N_("Archive tidied"),
            )
        )


TIDY_KIND, TIDIED = "archive", "tidied"
