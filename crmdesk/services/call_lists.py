"""Calls as lists: the day, open call-backs, what waits for the superior; and what to say first to a customer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, aliased

from crmdesk.core import phone
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import clean, half_width
from crmdesk.model.call import Call, Matter
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.staff import StaffMember
from crmdesk.rules.calls import MACHINE, URGENCIES, urgency_order
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_search import PersonRow, find_people
from crmdesk.services.list_order import Sort, Sorts, in_order, ranked
from crmdesk.services.noted_callers import noted_in, perhaps

#: The filters of the list, in the order the window shows them.
FILTERS: dict[str, str] = {
    "today": N_("Today"),
    "callbacks": N_("Call-backs"),
    "escalated": N_("With manager"),
    "drafts": N_("Unfinished"),
    "all": N_("All"),
}
#: What is still owed to a caller, a list of its own (CALL-20).
WAITING: dict[str, str] = {
    "unanswered": N_("Unanswered"),
    "opinions_open": N_("Opinions to pass on"),
    "opinions": N_("All opinions"),
}
TOPICS: dict[str, str] = {
    "stock": N_("Goods and restocking"),
    "price": N_("Prices"),
    "wholesale": N_("Wholesale terms"),
    "franchise": N_("Franchise terms"),
    "delivery": N_("Delivery"),
    "repair": N_("Repair"),
    "visit": N_("Visit"),
    "complaint": N_("Complaint"),
    "account": N_("Account"),
    "callback": N_("Our call-back"),
}
READ_THROUGH = 20_000  # calls whose texts are searched word by word


class CallRow(NamedTuple):
    """A call in the list; moments are UTC."""

    id: int
    number: str
    started_at: datetime
    direction: str
    caller: str
    phone: str
    customer_id: int | None
    region: str
    matter: str
    reason: str
    urgency: str
    callback_at: datetime | None
    callback_open: bool
    state: str
    state_title: str
    answered_by: str
    version: int


class CallCounts(NamedTuple):
    """Today's calls, call-backs due until tonight and those already late, unfinished calls, calls with the superior."""

    today: int
    callbacks_due: int
    callbacks_late: int
    drafts: int
    escalated: int


def topic_title(topic: str, reason: str) -> str:
    """Return why somebody called, in the language of the screen: the chosen reason or the typed one."""
    return _(TOPICS[topic]) if topic in TOPICS else reason


def find_calls(
    ctx: Context, query: str = "", *, show: str = "all", customer_id: int | None = None, limit: int = 500,
    sort: Sort | None = None,
) -> list[CallRow]:
    """Return calls, the newest first; call-backs by urgency and day (CALL-14); or by the column ``sort`` names.

    ``show`` is a key of FILTERS or WAITING. ``query`` is a call's number, a phone tail of three digits or more, or
    words of the name or the matter.
    """
    ctx.require(Right.CALL)
    staff = aliased(StaffMember)
    wanted = (
        select(Call, staff.name, Customer.name)
        .join(staff, staff.id == Call.answered_by_id)
        .outerjoin(Customer, Customer.id == Call.customer_id)
    )
    wanted = _shown(ctx, wanted, show)
    if customer_id is not None:
        wanted = wanted.where(Call.customer_id == customer_id)
    condition = _matching(ctx, query)
    if condition is not None:
        wanted = wanted.where(condition)
    wanted = in_order(wanted, sort, _SORTS, Call.id)
    with ctx.reading() as session:
        rows = [_row(call, by, name) for call, by, name in session.execute(wanted.limit(limit))]
    if show == "callbacks" and sort is None:
        rows.sort(key=_callback_order)
    return rows


_SORTS: Sorts = {
    "time": Call.started_at, "caller": func.coalesce(func.nullif(Call.caller_name, ""), Customer.name),
    "matter": Call.matter, "callback": case((Call.callback_done_at.is_(None), Call.callback_at)),
    "urgency": ranked(Call.urgency, sorted(URGENCIES, key=urgency_order)), "state": ranked(Call.state, MACHINE.states),
}  # fmt: skip


def _shown(ctx: Context, query: Select[Call, str, str], show: str) -> Select[Call, str, str]:
    if show == "callbacks":
        return query.where(Call.callback_done_at.is_(None), Call.callback_at.is_not(None)).order_by(Call.callback_at)
    if show == "today":
        begin, end = day_bounds(ctx)
        query = query.where(Call.started_at >= begin, Call.started_at < end)
    elif show == "escalated":
        query = query.where(Call.state.in_(("escalated", "instructed")))
    elif show == "unanswered":  # whoever called and is still waiting for an answer (CALL-20)
        waiting = exists().where(Matter.call_id == Call.id, Matter.closed_at.is_(None))
        query = query.where(or_(Call.state.in_(("escalated", "instructed", "transferred")), waiting))
    elif show == "opinions":
        query = query.where(Call.opinion != "")
    elif show == "opinions_open":
        query = query.where(Call.opinion != "", Call.opinion_passed_at.is_(None))
    elif show == "drafts":
        query = query.where(Call.state.in_(("draft", "read_back")))
    return query.order_by(Call.started_at.desc(), Call.id.desc())


def _matching(ctx: Context, query: str) -> ColumnElement[bool] | None:
    text = clean(half_width(query))[:60]
    if not text:
        return None
    by_number = Call.number == text.upper()
    if tail := phone.query_tail(text, ctx.office.home):
        noted = noted_in(ctx, text, Call.KIND)
        own = or_(by_number, _begins(Call.phone_tail, tail))
        return own if noted is None else or_(own, Call.id.in_(noted))
    # No index finds words in the middle of a text: the newest calls are read through, older ones are found by customer.
    newest = select(func.max(Call.id)).scalar_subquery()
    spoken = or_(_contains(Call.caller_name, text), _contains(Call.matter, text), _contains(Call.reason, text))
    people = [person.id for person in find_people(ctx, text, limit=50)]
    return Call.id.in_(
        union(
            select(Call.id).where(by_number),
            select(Call.id).where(Call.id > newest - READ_THROUGH, spoken),
            select(Call.id).where(Call.customer_id.in_(people)),
        )
    )


def _contains(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return func.lower(column).like(f"%{escaped}%", escape="\\")


def _begins(column: InstrumentedAttribute[str], prefix: str) -> ColumnElement[bool]:
    # A range, not LIKE: on both engines the index of byte-sorted keys is used.
    return (column >= prefix) & (column < prefix + ":")


def _row(call: Call, by: str, customer: str | None) -> CallRow:
    return CallRow(
        call.id,
        call.number,
        call.started_at,
        call.direction,
        call.caller_name or customer or "",
        call.phone,
        call.customer_id,
        call.region,
        call.matter,
        topic_title(call.topic, call.reason),
        call.urgency,
        call.callback_at,
        call.callback_at is not None and call.callback_done_at is None,
        call.state,
        MACHINE.label(call.state),
        by,
        call.version,
    )


def _callback_order(row: CallRow) -> tuple[int, datetime]:
    assert row.callback_at is not None
    return urgency_order(row.urgency), row.callback_at


def count_today(ctx: Context) -> CallCounts:
    """Return the figures of the rail and of the page's title, in one statement."""
    ctx.require(Right.CALL)
    begin, end = day_bounds(ctx)
    open_callback = (Call.callback_done_at.is_(None), Call.callback_at.is_not(None))
    parts: Sequence[tuple[ColumnElement[bool], ...]] = (
        (Call.started_at >= begin, Call.started_at < end),
        (*open_callback, Call.callback_at < end),
        (*open_callback, Call.callback_at < ctx.clock.now()),
        (Call.state.in_(("draft", "read_back")),),
        (Call.state.in_(("escalated", "instructed")),),
    )
    with ctx.reading() as session:
        counts = session.execute(
            select(*(select(func.count(Call.id)).where(*part).scalar_subquery() for part in parts))
        ).one()
    return CallCounts(*counts)


def find_callers(ctx: Context, typed: str, *, limit: int = 6) -> list[PersonRow]:
    """Return who may be calling while the number is typed: by its tail, then by its beginning (four digits or more).

    Then come those who are "perhaps" meant: the number is on no card, but was noted in an earlier call or text. A
    name, pinyin, initials or a customer's code find too (see ``find_people``). At most six statements.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    people = _by_head(ctx, typed, find_people(ctx, typed, limit=limit), limit)
    if len(people) < limit:
        people = [*people, *perhaps(ctx, typed, {person.id for person in people}, limit - len(people))]
    return people


def _by_head(ctx: Context, typed: str, people: list[PersonRow], limit: int) -> list[PersonRow]:
    heads = _heads(ctx, typed)
    if not heads or len(people) >= limit:
        return people
    known = {person.id for person in people}
    query = (
        select(Customer, CustomerPhone.number)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(or_(*(_begins(CustomerPhone.head, head) for head in heads)), Customer.active)
        .limit(8 * limit)  # unsorted: sorting all numbers of one exchange would take longer than a key press
    )
    with ctx.reading() as session:
        found = [_person(customer, number) for customer, number in session.execute(query) if customer.id not in known]
    newest = sorted(found, key=lambda person: person.last_contact_at or _LONG_AGO, reverse=True)
    return [*people, *{person.id: person for person in newest}.values()][:limit]


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_HEAD = re.compile(r"[+]?[\d\s\-()]+")


def _heads(ctx: Context, typed: str) -> list[str]:
    """Return the beginnings of numbers that what is typed so far may mean: as typed, and with the trunk 0 before it."""
    text = half_width(clean(typed))
    digits = "".join(ch for ch in text if ch.isdigit())
    if not _HEAD.fullmatch(text) or not 4 <= len(digits) <= 20:
        return []
    if text.startswith("+"):
        code = next((code for code in phone.COUNTRY_CODES.values() if digits.startswith(code)), "")
        digits = digits.removeprefix(code).lstrip("0")
        return [digits, f"0{digits}"] if code and len(digits) >= 3 else []
    return [digits] if digits.startswith("0") else [digits, f"0{digits}"]


def _person(customer: Customer, number: str) -> PersonRow:
    return PersonRow(
        customer.id,
        customer.code,
        customer.name,
        customer.company,
        customer.kind,
        customer.grade,
        customer.region,
        customer.address,
        number,
        "",
        customer.last_contact_at,
        exact=False,
    )


def day_bounds(ctx: Context) -> tuple[datetime, datetime]:
    """Return when the office's day began and ends."""
    begin = datetime.combine(ctx.clock.today(), time(), ctx.clock.zone)
    return begin, begin + timedelta(days=1)
