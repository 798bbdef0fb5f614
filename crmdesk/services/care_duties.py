"""What the archive asks of people: write-ups, weekly contact, care notes, birthdays and festivals as duties.

Nothing is stored for them: birthdays are found by their keys (``core.birthdays``), and a greeting that was done is a
care note with its occasion, which takes the duty away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_, _, language
from crmdesk.db.functions import day_of_text
from crmdesk.model.archive import Care, Follow, Relative
from crmdesk.model.birthdays import KNOWN
from crmdesk.model.customer import Contact, Customer, CustomerKind
from crmdesk.model.history import Event
from crmdesk.model.visit import Visit
from crmdesk.rules.care import EVENT, ILLNESS, WANTED, birthday_days, next_festival
from crmdesk.rules.checklist_periods import Period, last_day
from crmdesk.rules.rights import Right
from crmdesk.services.care import TIDIED, TIDY_KIND, days_ahead
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.duties import Chore, Column, Duty
from crmdesk.services.follows import term_of, uncontacted, unwritten

_CUSTOMER = literal_column("'customer'", String)  # all are settled on the customer's card
_FORWARD = timedelta(days=800)

# write-ups ----------------------------------------------------------------------------------------------------------


def _not_handed(ctx: Context) -> ColumnElement[bool]:
    return Follow.handed_at.is_(None)


def _term_ends(ctx: Context) -> Column:
    return day_of_text(literal(term_of(ctx)[1].isoformat(), String))


# care notes ---------------------------------------------------------------------------------------------------------


def _noted(kind: str, *more: ColumnElement[bool]) -> Callable[[Context], ColumnElement[bool]]:
    def is_open(ctx: Context) -> ColumnElement[bool]:
        return and_(Care.done_at.is_(None), Care.kind == kind, *more)

    return is_open


# birthdays and festivals --------------------------------------------------------------------------------------------

_DEALS = [str(kind) for kind in CustomerKind if kind is not CustomerKind.ENQUIRER]


def _greeted(customer: Any) -> ColumnElement[bool]:
    """A customer the office greets: dealt with before or cared for, and willing to be contacted."""
    return and_(
        customer.active,
        customer.merged_into_id.is_(None),
        customer.may_contact != "no",
        or_(customer.kind.in_(_DEALS), customer.care_level != ""),
    )


def _coming(ctx: Context) -> dict[str, date]:
    return birthday_days(ctx.clock.today(), days_ahead(ctx))


def _day_text(ctx: Context, model: Any) -> ColumnElement[str]:
    days = {key: day.isoformat() for key, day in _coming(ctx).items()}
    return case(days, value=model.birthday_key)


def _birthday_on(model: Any) -> Callable[[Context], Column]:
    def day(ctx: Context) -> Column:
        return day_of_text(_day_text(ctx, model))

    return day


def _birthday(who: str, model: Any, customer_id: Any) -> Callable[[Context], ColumnElement[bool]]:
    def is_open(ctx: Context) -> ColumnElement[bool]:
        occasion = literal(f"{who}:") + cast(model.id, String) + literal(" ") + _day_text(ctx, model)
        parts = [
            model.birthday_key.in_(sorted(_coming(ctx))),
            text(KNOWN.format(f"{model.__tablename__}.")),
            ~exists().where(Care.customer_id == customer_id, Care.occasion == occasion),
        ]
        if model is Customer:
            parts.append(_greeted(Customer))
        else:
            parts.append(exists().where(Customer.id == customer_id, _greeted(Customer)))
        if model is Contact:
            parts.append(Contact.left_on.is_(None))
        return and_(*parts)

    return is_open


def _owner(customer_id: Any) -> Any:
    model = customer_id.class_
    return select(Customer.owner_id).where(Customer.id == customer_id).correlate(model).scalar_subquery()


def _festival(ctx: Context) -> ColumnElement[bool]:
    found = next_festival(ctx.clock.today(), days_ahead(ctx), ctx.office.holidays)
    if found is None:
        return false()
    festival, day = found
    occasion = literal(f"{festival.key}:") + cast(Customer.id, String) + literal(f" {day.isoformat()}")
    return and_(
        Customer.care_level.in_(("important", "ordinary")),
        _greeted(Customer),
        ~exists().where(Care.customer_id == Customer.id, Care.occasion == occasion),
    )


def _festival_on(ctx: Context) -> Column:
    found = next_festival(ctx.clock.today(), days_ahead(ctx), ctx.office.holidays)
    return day_of_text(literal((found[1] if found else ctx.clock.today()).isoformat(), String))


def _festival_name(ctx: Context) -> Column:
    found = next_festival(ctx.clock.today(), days_ahead(ctx), ctx.office.holidays)
    return literal(_(found[0].title) if found else "", String)


def _of_today(ctx: Context) -> object:
    return ctx.clock.today(), days_ahead(ctx), ctx.office.holidays, language()


_PERSON = Relative.relation + literal(" ") + Relative.name


def _on_card(tab: str, right: Right = Right.CUSTOMER_EDIT, **values: Any) -> Duty:
    """A duty that is settled on a tab of the customer's card."""
    return Duty(desk="customers", right=right, place=_CUSTOMER, arguments=(("tab", tab),), **values)


CARE: tuple[Duty, ...] = (
    _on_card(
        "follow", key="follow_missing", clause="ORD-13", title=N_("Visit {name} has ended: write it up"), model=Visit,
        open=unwritten, start=Visit.left_at, owner=Visit.clerk_id, customer=Visit.customer_id, who=Visit.visitor_name,
        name=Visit.number, record=Visit.customer_id, icon="pencil", action=N_("Write up"),
    ),
    _on_card(
        "follow", key="follow_hand", clause="ORD-13", title=N_("Hand the write-up to the business manager"),
        model=Follow, open=_not_handed, start=Follow.at, owner=Follow.by_id, customer=Follow.customer_id,
        record=Follow.customer_id, icon="send", action=N_("Hand over"),
    ),
    _on_card(
        "follow", key="weekly_contact", clause="CRM-06", title=N_("Not contacted this week: ask how the goods sell"),
        model=Customer, open=uncontacted, moment_of=_term_ends, day=True, owner=Customer.owner_id,
        always_owned=True, customer=Customer.id, record=Customer.id, icon="phone", action=N_("Call now"),
        depends=_of_today,
    ),
    _on_card(
        "care", key="care_illness", clause="CRM-07", title=N_("Visit or call with a kind word"), model=Care,
        open=_noted(ILLNESS), moment=Care.on, day=True, customer=Care.customer_id, record=Care.customer_id,
        icon="hand", action=N_("Open"),
    ),
    _on_card(
        "care", key="care_event", clause="CRM-19", title=N_("Tell the customer: {name}"), model=Care,
        open=_noted(EVENT), moment=Care.on, day=True, customer=Care.customer_id, name=Care.text,
        record=Care.customer_id, icon="volume-2", action=N_("Tell"),
    ),
    _on_card(
        "care", key="wanted_here", clause="ORD-08", title=N_("Wanted goods are here, tell the customer: {name}"),
        model=Care, open=_noted(WANTED, Care.arrived_at.is_not(None)), start=Care.arrived_at,
        customer=Care.customer_id, name=Care.text, record=Care.customer_id, icon="package-check",
        action=N_("Call now"),
    ),
    _on_card(
        "care", key="birthday_customer", clause="CRM-15", title=N_("Birthday: congratulate"), model=Customer,
        open=_birthday("customer", Customer, Customer.id), moment_of=_birthday_on(Customer), day=True,
        owner=Customer.owner_id, customer=Customer.id, record=Customer.id, icon="star", action=N_("Congratulate"),
        depends=_of_today,
    ),
    _on_card(
        "care", key="birthday_contact", clause="CRM-15", title=N_("Birthday of {name}: congratulate"), model=Contact,
        open=_birthday("contact", Contact, Contact.customer_id), moment_of=_birthday_on(Contact), day=True,
        owner=_owner(Contact.customer_id), customer=Contact.customer_id, name=Contact.name,
        record=Contact.customer_id, icon="star", action=N_("Congratulate"), depends=_of_today,
    ),
    _on_card(
        "care", Right.CUSTOMER_PRIVATE, key="birthday_family", clause="CRM-15",
        title=N_("Birthday in the family, {name}: congratulate"), model=Relative,
        open=_birthday("relative", Relative, Relative.customer_id), moment_of=_birthday_on(Relative), day=True,
        owner=_owner(Relative.customer_id), customer=Relative.customer_id, name=_PERSON, record=Relative.customer_id,
        icon="star", action=N_("Congratulate"), depends=_of_today,
    ),
    _on_card(
        "care", key="festival", clause="CRM-16", title=N_("{name}: greet the customer"), model=Customer,
        open=_festival, moment_of=_festival_on, day=True, owner=Customer.owner_id, customer=Customer.id,
        name_of=_festival_name, record=Customer.id, icon="star", action=N_("Greet"),
        row_clause=case((Customer.care_level == "important", "CRM-15"), else_="CRM-16"), depends=_of_today,
    ),
)  # fmt: skip


def _tidy(ctx: Context, session: Session) -> datetime | None:
    """The archive is gone through so many times a month, ready for search and follow-up (CRM-34)."""
    period = Period(1, max(1, ctx.policy.number("CRM-34", "times")))
    since = day_bounds(ctx.clock, ctx.clock.today() - _FORWARD)[0]
    query = select(Event.at).where(
        Event.kind == TIDY_KIND, Event.record_id == 0, Event.action == TIDIED, Event.at >= since
    )
    done = [ctx.clock.local(at).date() for at in session.scalars(query)]
    last = last_day(period, done, ctx.clock.today())
    return calendar_of(ctx).end_of_day(last) if last is not None else None


def _tidy_page(ctx: Context) -> dict[str, Any]:
    return {"tidy": True}


CARE_CHORES: tuple[Chore, ...] = (
    Chore(
        key="archive_tidy", desk="customers", clause="CRM-34", title=N_("Go through the customer archive"),
        right=Right.CUSTOMER_PRIVATE, due=_tidy, icon="archive", action=N_("Open"), arguments=_tidy_page,
    ),
)  # fmt: skip
