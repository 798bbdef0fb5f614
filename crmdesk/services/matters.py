"""Matters that are followed until the customer is satisfied (首問責任制, FIRST-01 to FIRST-05; CALL-22, CALL-24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean, clean_lines, shorten
from crmdesk.model.call import Call, Matter
from crmdesk.model.customer import Customer
from crmdesk.model.staff import StaffMember
from crmdesk.rules import matters as rules
from crmdesk.rules.deadlines import due_number
from crmdesk.rules.rights import Right
from crmdesk.services.complaint_forms import ComplaintForm
from crmdesk.services.complaints import register_complaint, suggest_next_reply
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.list_order import Sort, Sorts, in_order, ranked
from crmdesk.services.records import StoryLine, load_for_change, record_event, story_of
from crmdesk.services.steps import step_to

#: The filters of the list, in the order the window shows them.
FILTERS: dict[str, str] = {
    "mine": N_("Mine"),
    "open": N_("All open"),
    "to_ask": N_("To ask back"),
    "all": N_("All"),
}
_MEMO = 4000
_TITLE = 60


class MatterRow(NamedTuple):
    """A matter in the list; moments are UTC, ``due_at`` None where no limit counts or the answer is given."""

    id: int
    version: int
    call_id: int | None
    customer_id: int | None
    customer: str
    phone: str
    text: str
    urgency: str
    first: str
    owner: str
    department: str
    accepted_at: datetime
    due_at: datetime | None
    state: str
    state_title: str


@dataclass(frozen=True)
class MatterCard:
    """One matter with everything its window shows; moments are UTC."""

    row: MatterRow
    passed_at: datetime | None
    answer: str
    answered_at: datetime | None
    asked_back_at: datetime | None
    satisfied: bool | None
    call_number: str
    due_clause: str
    story: tuple[StoryLine, ...]


# reading ----------------------------------------------------------------------------------------------------------


_SORTS: Sorts = {
    "accepted": Matter.accepted_at, "customer": func.coalesce(Customer.name, Call.caller_name), "matter": Matter.text,
    "due": case((and_(Matter.answered_at.is_(None), Matter.closed_at.is_(None)), Matter.accepted_at)),
    "state": ranked(Matter.state, rules.MACHINE.states),
}  # fmt: skip


def find_matters(
    ctx: Context, query: str = "", *, show: str = "mine", limit: int = 500, sort: Sort | None = None
) -> list[MatterRow]:
    """Return matters, the oldest first while they are open, or by the column ``sort``; ``show`` is a key of FILTERS.

    Mine are those one works on and those one was asked first (FIRST-01: they stay on the list until closed).
    """
    ctx.require(Right.CALL)
    wanted = _rows()
    if show != "all":
        wanted = wanted.where(Matter.closed_at.is_(None)).order_by(Matter.accepted_at, Matter.id)
    else:
        wanted = wanted.order_by(Matter.accepted_at.desc(), Matter.id.desc())
    if show == "mine":
        wanted = wanted.where(or_(Matter.owner_id == ctx.user.id, Matter.first_id == ctx.user.id))
    elif show == "to_ask":
        wanted = wanted.where(Matter.state == "answered")
    if text := clean(query)[:60]:
        like = "%" + text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Matter.text, Matter.department, Customer.name, Call.caller_name, Call.number)
        wanted = wanted.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
    wanted = in_order(wanted, sort, _SORTS, Matter.id)
    with ctx.reading() as session:
        return [_row(ctx, *found) for found in session.execute(wanted.limit(limit))]


def _rows() -> Select[Matter, str, str, str, str, str]:
    first, owner = aliased(StaffMember), aliased(StaffMember)
    return (
        select(Matter, first.name, owner.name, Customer.name, Call.caller_name, Call.phone)
        .join(first, first.id == Matter.first_id)
        .join(owner, owner.id == Matter.owner_id)
        .outerjoin(Call, Call.id == Matter.call_id)
        .outerjoin(Customer, Customer.id == Matter.customer_id)
    )


def _row(
    ctx: Context, matter: Matter, first: str, owner: str, customer: str | None, caller: str | None, phone: str | None
) -> MatterRow:
    return MatterRow(
        matter.id, matter.version, matter.call_id, matter.customer_id, customer or caller or "", phone or "",
        matter.text, matter.urgency, first, owner, matter.department, matter.accepted_at, _due(ctx, matter),
        matter.state, rules.MACHINE.label(matter.state),
    )  # fmt: skip


def _due(ctx: Context, matter: Matter) -> datetime | None:
    limit = rules.answer_limit(ctx.policy)
    if limit is None or matter.answered_at is not None or matter.closed_at is not None:
        return None
    return due_number(limit[1], matter.accepted_at, calendar_of(ctx)).at


def get_matter(ctx: Context, matter_id: int) -> MatterCard:
    """Return one matter with its story; UserError when there is none."""
    ctx.require(Right.CALL)
    with ctx.reading() as session:
        found = session.execute(_rows().where(Matter.id == matter_id)).first()
        if found is None:
            raise UserError(_("This record does not exist any more."))
        matter: Matter = found[0]
        number = session.scalar(select(Call.number).where(Call.id == matter.call_id)) if matter.call_id else ""
        limit = rules.answer_limit(ctx.policy)
        row = _row(ctx, *found)
        return MatterCard(
            row, matter.passed_at, matter.answer, matter.answered_at, matter.asked_back_at, matter.satisfied,
            number or "", limit[0].id if limit is not None and row.due_at is not None else "",
            tuple(story_of(session, Matter.KIND, matter.id, limit=20)),
        )  # fmt: skip


# steps ------------------------------------------------------------------------------------------------------------


def pass_matter(
    ctx: Context, matter_id: int, *, version: int | None, department: str = "", owner_id: int | None = None,
    note: str = "",
) -> int:  # fmt: skip
    """Ask a department or a colleague for a matter and return the new version (FIRST-02).

    Whoever was asked first stays responsible: the matter stays on that person's list until it is closed.
    """
    ctx.require(Right.CALL)
    to, said = clean(department), clean_lines(note)
    _refuse({"department": check_length(to, 60), "note": check_length(said, _MEMO)})
    if not to and owner_id is None:
        raise _missing("department", _("Please say which department or colleague is asked."), "FIRST-02", ctx)
    with ctx.transaction(N_("Pass on a matter")) as session:
        matter = load_for_change(session, Matter, matter_id, version)
        name = ""
        if owner_id is not None:
            colleague = session.get(StaffMember, owner_id)
            if colleague is None:
                raise UserError(_("This record does not exist any more."))
            matter.owner_id, name = owner_id, colleague.name
        matter.department, matter.passed_at = to or matter.department, ctx.clock.now()
        values = {"to": name or to}
        _step(session, ctx, matter, "pass_on", {"passed_to": values["to"]}, N_("Passed on to {to}"), values, said)
        session.flush()
        return matter.version


def answer_matter(ctx: Context, matter_id: int, *, version: int | None, answer: str) -> int:
    """Write down what the customer is to be told and return the new version (CALL-24)."""
    ctx.require(Right.CALL)
    text = clean_lines(answer)
    _refuse({"answer": check_length(text, _MEMO)})
    if not text:
        raise _missing("answer", _("Please write down the answer."), "CALL-24", ctx)
    with ctx.transaction(N_("Answer a matter")) as session:
        matter = load_for_change(session, Matter, matter_id, version)
        matter.answer, matter.answered_at = text, ctx.clock.now()
        _step(session, ctx, matter, "answer", {"answer": text}, N_("Answered"), {}, text)
        session.flush()
        return matter.version


def ask_back(ctx: Context, matter_id: int, *, version: int | None, satisfied: bool, opinion: str = "") -> int:
    """Write down what the customer said when called back (FIRST-03) and return the new version.

    Who is satisfied closes the matter; else it goes back to whoever was asked first, with what is missing.
    """
    ctx.require(Right.CALL)
    text = clean_lines(opinion)
    _refuse({"opinion": check_length(text, _MEMO)})
    if not satisfied and not text:
        raise _missing("opinion", _("Please write down what the customer is missing."), "FIRST-01", ctx)
    with ctx.transaction(N_("Ask the customer back")) as session:
        matter = load_for_change(session, Matter, matter_id, version)
        now = ctx.clock.now()
        facts = {"asked_back": True, "reason": text}
        if satisfied:
            title, action = N_("Called back: the customer is satisfied"), "satisfied"
        else:
            title, action = N_("Called back: the customer is not satisfied"), "not_satisfied"
        _step(session, ctx, matter, action, facts, title, {}, text)
        matter.asked_back_at, matter.satisfied = now, satisfied
        if satisfied:
            matter.closed_at = now
        else:
            matter.owner_id, matter.answered_at = matter.first_id, None
        session.flush()
        return matter.version


def complain_of_department(ctx: Context, matter_id: int, *, version: int | None, department: str, story: str) -> str:
    """Open a complaint on a department that does not cooperate and return its number (FIRST-04)."""
    ctx.require(Right.CALL)
    to = clean(department)
    if not to:
        raise _missing("department", _("Please say which department does not cooperate."), "FIRST-04", ctx)
    card = get_matter(ctx, matter_id)
    title = _("{department} does not cooperate: {matter}").format(
        department=to, matter=shorten(card.row.text, _TITLE)
    )
    registered = register_complaint(
        ctx,
        ComplaintForm(
            ctx.user.name, shorten(title, 120), next_reply_at=suggest_next_reply(ctx), story=story, kind="non_quality",
            customer_id=card.row.customer_id, call_id=card.row.call_id,
        ),
    )  # fmt: skip
    with ctx.transaction(N_("Complain of a department")) as session:
        matter = load_for_change(session, Matter, matter_id, version)
        record_event(
            session, ctx, matter, "complain", N_("Complaint {number} about {department}"),
            values={"number": registered.number, "department": to}, note=clean_lines(story),
        )  # fmt: skip
    return registered.number


def _step(
    session: Session, ctx: Context, matter: Matter, action: str, facts: dict[str, Any], title: str,
    values: dict[str, Any], note: str,
) -> None:  # fmt: skip
    before, matter.state = matter.state, step_to(session, ctx, "matter", matter, action, facts)
    record_event(
        session, ctx, matter, action, title, values=values, note=note, from_state=before, to_state=matter.state
    )


def _refuse(problems: dict[str, str | None]) -> None:
    if errors := {name: said for name, said in problems.items() if said}:
        raise ValidationError(errors)


def _missing(field: str, sentence: str, clause: str, ctx: Context) -> ValidationError:
    return ValidationError({field: sentence}, clause=clause if clause in ctx.policy else "")
