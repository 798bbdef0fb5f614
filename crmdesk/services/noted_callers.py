"""Who perhaps calls: the number is on no card, but somebody called from it before or it stands in an earlier text."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from crmdesk.core.phone import query_tail
from crmdesk.core.text import clean, half_width, shorten
from crmdesk.db.engine import PREPARED
from crmdesk.model.base import table_of
from crmdesk.model.call import Call, Matter
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.noted import NotedNumber
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_search import PERHAPS, PersonRow

LEAST = 6  # digits from which a number says something about who it is
_LOCAL = (7, 8)  # digits of a number noted without its area
_NEVER = "-"  # no number is kept so
_EXCERPT = 60
_CALL, _CUSTOMER, _NOTED, _MATTER, _PHONE, _STAFF = map(
    table_of, (Call, Customer, NotedNumber, Matter, CustomerPhone, StaffMember)
)


class NotedCaller(NamedTuple):
    """An earlier trace of a number: the call or card it stands in (``kind``, ``record_id``), and who was meant.

    ``in_text`` tells a number that somebody wrote down from one that a call came from; ``customer_id`` None is
    somebody who has no card yet.
    """

    kind: str
    record_id: int
    number: str
    at: datetime | None
    words: str
    name: str
    region: str
    address: str
    customer_id: int | None
    in_text: bool


def find_noted(ctx: Context, typed: str, *, limit: int = 6) -> list[NotedCaller]:
    """Return where a number was noted before, the latest first; nothing under six digits. At most two statements."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        return [_noted(ctx, row) for row in rows_of(session, ctx, typed, limit)]


def perhaps(ctx: Context, typed: str, known: set[int], limit: int) -> list[PersonRow]:
    """Return customers who are perhaps meant by a number, without those known by it. At most two statements.

    Their rows name no phone: the number is not theirs yet.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    found: dict[int, PersonRow] = {}
    with ctx.reading() as session:
        for row in rows_of(session, ctx, typed, 2 * limit):
            if row.customer_id is None or row.customer_id in known or row.customer_id in found or not row.active:
                continue
            found[row.customer_id] = PersonRow(
                row.customer_id, row.code, row.customer, row.company, row.customer_kind, row.grade,
                row.customer_region, row.customer_address, "", "", row.last_contact_at, exact=False,
                level=PERHAPS, said=_words(ctx, row), noted_by=row.noted_by or "",
            )  # fmt: skip
    return list(found.values())[:limit]


def noted_in(ctx: Context, typed: str, kind: str) -> Select[int] | None:
    """Return a query for the records of a kind whose texts hold a number; None when nothing like one was typed."""
    ctx.require(Right.CALL, Right.CUSTOMER_VIEW)
    tail = _tail(ctx, typed)
    if not tail:
        return None
    local = [tail[:n] for n in _LOCAL if len(tail) > n]
    ends_so = and_(_NOTED.c.tail >= tail, _NOTED.c.tail < tail + ":")
    return select(_NOTED.c.record_id).where(_NOTED.c.kind == kind, or_(ends_so, _NOTED.c.tail.in_(local)))


def _tail(ctx: Context, typed: str) -> str:
    tail = query_tail(clean(half_width(typed))[:60], ctx.office.home)[:24]
    return tail if len(tail) >= LEAST else ""


def _values(tail: str, limit: int) -> dict[str, Any]:
    """Return what the statements below are asked with; a short tail is no longer number without its area."""
    local = {f"local{n}": tail[:n] if len(tail) > n else _NEVER for n in _LOCAL}
    return {"low": tail, "high": tail + ":", "most": 2 * limit, **local}


def _ends_so(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(column >= bindparam("low"), column < bindparam("high"))


def _is_local(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a number was kept without its area: 2222-5678, and 04-2222-5678 calls."""
    return column.in_([bindparam(f"local{n}") for n in _LOCAL])


def _part(kind: Any, record_id: Any, in_text: int, condition: ColumnElement[bool]) -> Any:
    found = select(kind.label("kind"), record_id.label("record_id"), literal(in_text).label("in_text"))
    return select(found.where(condition).limit(bindparam("most")).subquery())


# Short plain questions of one index each: nearly always the answer is "nowhere", for every digit that is typed.
_TRACES = union_all(
    _part(literal("call"), _CALL.c.id, 0, _ends_so(_CALL.c.phone_tail)),
    _part(_NOTED.c.kind, _NOTED.c.record_id, 1, _ends_so(_NOTED.c.tail)),
    _part(_NOTED.c.kind, _NOTED.c.record_id, 1, _is_local(_NOTED.c.tail)),
    _part(literal("customer"), _PHONE.c.customer_id, 1, _is_local(_PHONE.c.tail)),
)


def rows_of(session: Session, ctx: Context, typed: str, limit: int) -> list[Row[Any]]:
    """Return calls from a number, calls and matters with it in their texts, and cards with it in their notes."""
    tail = _tail(ctx, typed)
    if not tail:
        return []
    traces = session.execute(_TRACES, _values(tail, limit), execution_options={PREPARED: True}).all()
    if not traces:
        return []
    ids: dict[str, list[int]] = {"call": [], "matter": [], "customer": []}
    for trace in traces:
        ids[trace.kind].append(trace.record_id)
    told = {(trace.kind, trace.record_id) for trace in traces if trace.in_text}
    return list(session.execute(_details(ids, told, limit)))


def _details(ids: dict[str, list[int]], told: set[tuple[str, int]], limit: int) -> Select[*tuple[Any, ...]]:
    """Return the query for what these records say and whom they mean."""
    call, customer, matter = _CALL.c, _CUSTOMER.c, _MATTER.c
    calls_told = sorted(record_id for kind, record_id in told if kind == "call")
    of_call = (
        literal("call").label("kind"), call.id.label("record_id"), call.number, call.started_at.label("at"),
        call.matter.label("words"), call.caller_name.label("name"), call.region, call.address,
        call.customer_id.label("own_id"), call.answered_by_id.label("by_id"),
    )  # fmt: skip
    parts = []
    if ids["call"]:
        in_text = case((call.id.in_(calls_told), 1), else_=0).label("in_text")
        parts.append(select(*of_call, in_text).where(call.id.in_(sorted(set(ids["call"])))))
    if ids["matter"]:
        of_matter = select(*of_call, literal(1).label("in_text")).select_from(
            _CALL.join(_MATTER, matter.call_id == call.id)
        )
        parts.append(of_matter.where(matter.id.in_(sorted(set(ids["matter"])))))
    if ids["customer"]:
        of_card = select(
            literal("customer").label("kind"), customer.id.label("record_id"), customer.code.label("number"),
            customer.last_contact_at.label("at"), customer.note.label("words"), customer.name.label("name"),
            customer.region, customer.address, customer.id.label("own_id"), literal(None, Integer).label("by_id"),
            literal(1).label("in_text"),
        )  # fmt: skip
        parts.append(of_card.where(customer.id.in_(sorted(set(ids["customer"])))))
    found = union_all(*parts).subquery()
    own, now = _CUSTOMER.alias(), _CUSTOMER.alias()
    return (
        select(
            found, now.c.id.label("customer_id"), now.c.name.label("customer"), now.c.code, now.c.company,
            now.c.kind.label("customer_kind"), now.c.grade, now.c.region.label("customer_region"),
            now.c.address.label("customer_address"), now.c.last_contact_at, now.c.active,
            _STAFF.c.name.label("noted_by"),
        )
        .select_from(
            found.outerjoin(own, own.c.id == found.c.own_id)
            .outerjoin(_STAFF, _STAFF.c.id == found.c.by_id)
            .outerjoin(now, now.c.id == func.coalesce(own.c.merged_into_id, own.c.id))
        )
        .order_by(found.c.at.desc(), found.c.record_id.desc())
        .limit(limit)
    )  # fmt: skip


def _noted(ctx: Context, row: Row[Any]) -> NotedCaller:
    return NotedCaller(
        row.kind, row.record_id, row.number, row.at, shorten(row.words or "", _EXCERPT), row.name or row.customer or "",
        row.region, row.address, row.customer_id, bool(row.in_text),
    )  # fmt: skip


def _words(ctx: Context, row: Row[Any]) -> str:
    """Return where the number stands, as a hand reads it: the day and what it was about."""
    day = f"{ctx.clock.local(row.at):%m/%d} " if row.at else ""
    return shorten(f"{day}{row.words or row.number}", _EXCERPT)
