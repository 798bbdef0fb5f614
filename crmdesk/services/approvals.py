"""Approvals (核決, 簽核): what waits for whom, deciding it, and what each desk does with the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal, or_, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import ConflictError, UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import clean
from crmdesk.model.approval import Approval, ApprovalStep, StandIn
from crmdesk.model.staff import StaffMember
from crmdesk.rules.approvals import MACHINE, ON_PAPER
from crmdesk.services import approval_steps, archive_looks, complaint_approval, controlled, return_approval
from crmdesk.services.approval_steps import LevelLine
from crmdesk.services.context import Context
from crmdesk.services.records import load_for_change
from crmdesk.services.stand_ins import Hands, read_hands

#: The filters of the list, in the order the window shows them.
FILTERS: dict[str, str] = {
    "waiting": N_("Waiting for me"),
    "asked": N_("Asked by me"),
    "decided": N_("Decided"),
}
MOST = 500


@dataclass(frozen=True)
class Matter:
    """What a desk brings along: how the matter is called, where its record opens, and what follows a decision.

    ``follow(session, ctx, approval, reason)`` is called inside the transaction after every decision, also when the
    asking went to the next level (``approval.state`` is still waiting then) and when it was withdrawn.
    """

    title: str
    place: Callable[[Approval], tuple[str, dict[str, Any]]]
    follow: Callable[[Session, Context, Approval, str], None]


MATTERS: Mapping[str, Matter] = {
    "complaint": Matter(N_("Complaint proposal"), complaint_approval.place, complaint_approval.follow),
    "return_slip": Matter(N_("Return slip"), return_approval.place, return_approval.follow),
    "consult": Matter(N_("Look into closed fields"), archive_looks.place, archive_looks.follow),
    "controlled_print": Matter(N_("Controlled print"), controlled.place, controlled.follow),
}


@dataclass(frozen=True)
class ApprovalCase:
    """One asking with everything its window shows; moments are UTC, texts in the language of the screen.

    ``where`` is the level it lies with, ``who`` the names of those who may decide it now.
    """

    id: int
    version: int
    matter: str
    matter_title: str
    record_kind: str
    record_id: int
    title: str
    reason: str
    amount: Decimal | None
    terms: Mapping[str, Any]
    clause: str
    state: str
    state_title: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    decided_at: datetime | None
    levels: tuple[LevelLine, ...]
    may_decide: bool
    may_withdraw: bool
    page: str
    arguments: Mapping[str, Any]
    may_return: bool = False  # what it let out is still out, and the user may say that it is back

    @property
    def where(self) -> str:
        """The titles of the levels it lies with."""
        return _(", ").join(line.title for line in self.levels if line.state == "waiting")

    @property
    def who(self) -> str:
        """The names of those who may decide it now."""
        names = dict.fromkeys(decider.words for line in self.levels for decider in line.who)
        return _(", ").join(names)


# deciding ---------------------------------------------------------------------------------------------------------


def decide(ctx: Context, approval_id: int, version: int | None, *, agree: bool, reason: str = "") -> str:
    """Approve or refuse what waits for the user and return the new state; the record follows at once.

    ValidationError without a reason for refusing; UserError for what one asked for oneself; PermissionDenied, with
    who may decide now, when the role is missing or was taken away; ConflictError when a colleague was quicker.
    """
    ctx.require_staff()
    sentence = N_("Approve what was asked for") if agree else N_("Reject what was asked for")
    with ctx.transaction(sentence) as session:
        approval = load_for_change(session, Approval, approval_id, None)
        if version is not None and approval.version != version:
            raise _overtaken(session, approval)
        approval_steps.decide(session, ctx, approval, agree=agree, reason=reason)
        MATTERS[approval.matter].follow(session, ctx, approval, reason)
        return approval.state


def _overtaken(session: Session, approval: Approval) -> ConflictError:
    query = (
        select(StaffMember.name, ApprovalStep.at)
        .join(StaffMember, StaffMember.id == ApprovalStep.by_id)
        .where(ApprovalStep.approval_id == approval.id)
        .order_by(ApprovalStep.at.desc(), ApprovalStep.level.desc())
    )
    last = session.execute(query.limit(1)).first()
    return ConflictError(last[0], last[1], ("state",)) if last is not None else ConflictError("", None)


def withdraw(ctx: Context, approval_id: int, version: int | None) -> None:
    """Take back what the user asked for; PermissionDenied for others, UserError when it is decided already."""
    ctx.require_staff()
    with ctx.transaction(N_("Withdraw what was asked for")) as session:
        approval = load_for_change(session, Approval, approval_id, version)
        approval_steps.withdraw(session, ctx, approval)
        MATTERS[approval.matter].follow(session, ctx, approval, "")


# reading ----------------------------------------------------------------------------------------------------------


def find_approvals(ctx: Context, query: str = "", *, show: str = "waiting", limit: int = MOST) -> list[ApprovalCase]:
    """Return what waits for the user (the oldest first), what the user asked for, or what both had part in.

    ``show`` is a key of FILTERS; three statements.
    """
    ctx.require_staff()
    with ctx.reading() as session:
        hands = read_hands(session, ctx)
        wanted = select(Approval).where(_shown(ctx, hands, show))
        if words := clean(query):
            like = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            wanted = wanted.where(Approval.title.ilike(f"%{like}%", escape="\\"))
        order = (
            (Approval.asked_at, Approval.id) if show == "waiting" else (Approval.asked_at.desc(), Approval.id.desc())
        )
        found = session.scalars(wanted.order_by(*order).limit(limit)).all()
        cases = _cases(session, ctx, hands, found)
    return [case for case in cases if case.may_decide] if show == "waiting" else cases


def _shown(ctx: Context, hands: Hands, show: str) -> ColumnElement[bool]:
    if show == "waiting":
        return mine_open(ctx, hands)
    if show == "asked":
        return Approval.asked_by_id == ctx.user.id
    part = select(ApprovalStep.id).where(ApprovalStep.approval_id == Approval.id, ApprovalStep.by_id == ctx.user.id)
    return or_(part.exists(), and_(Approval.asked_by_id == ctx.user.id, Approval.state != "waiting"))


def mine_open(ctx: Context, hands: Hands) -> ColumnElement[bool]:
    """Return the condition for askings that wait for the user's decision, by own role or in a colleague's place."""
    by_place: dict[int | None, list[str]] = {}
    for role, away in hands.roles_of(ctx.user.id).items():
        if role not in ON_PAPER:
            by_place.setdefault(away, []).append(role)
    if not by_place:
        return false()
    mine: list[ColumnElement[bool]] = []
    for away, roles in by_place.items():
        step = select(ApprovalStep.approval_id).where(
            ApprovalStep.decision == "waiting", ApprovalStep.role.in_(sorted(roles))
        )
        others = [staff_id for staff_id in (ctx.user.id, away) if staff_id is not None]
        mine.append(and_(Approval.id.in_(step), Approval.asked_by_id.not_in(others)))
    return and_(Approval.state == "waiting", or_(*mine))


def lies_with_user(ctx: Context) -> ColumnElement[bool]:
    """Return the same condition without reading the staff first, for the Today board: roles as one signed in."""
    me, today = ctx.user.id, ctx.clock.today()
    place = (
        select(StandIn.id)
        .join(StaffMember, StaffMember.id == StandIn.staff_id)
        .where(
            StandIn.stand_in_id == me, StandIn.from_on <= today, StandIn.until_on >= today, StaffMember.active,
            StaffMember.id != Approval.asked_by_id,
            cast(StaffMember.roles, Text).contains(literal('"') + ApprovalStep.role + '"'),
        )
    )  # fmt: skip
    step = select(ApprovalStep.id).where(
        ApprovalStep.approval_id == Approval.id, ApprovalStep.decision == "waiting",
        ApprovalStep.role.not_in(ON_PAPER), or_(ApprovalStep.role.in_(ctx.user.roles), place.exists()),
    )  # fmt: skip
    return and_(Approval.state == "waiting", Approval.asked_by_id != me, step.exists())


def count_waiting(ctx: Context) -> int:
    """Return how many wait for the user's decision, in two statements."""
    ctx.require_staff()
    with ctx.reading() as session:
        wanted = mine_open(ctx, read_hands(session, ctx))
        return session.scalar(select(func.count(Approval.id)).where(wanted)) or 0


def get_approval(ctx: Context, approval_id: int) -> ApprovalCase:
    """Return one asking, for those who had part in it, may decide it, or may see its record."""
    ctx.require_staff()
    with ctx.reading() as session:
        approval = session.get(Approval, approval_id)
        if approval is None:
            raise UserError(_("This record does not exist any more."))
        case = _cases(session, ctx, read_hands(session, ctx), [approval])[0]
        took_part = session.scalar(
            select(ApprovalStep.id)
            .where(ApprovalStep.approval_id == approval_id, ApprovalStep.by_id == ctx.user.id)
            .limit(1)
        )
    if not (case.may_decide or took_part or case.asked_by_id == ctx.user.id):
        ctx.require_to_see(case.record_kind)
    return case


def find_for(ctx: Context, kind: str, record_id: int) -> list[ApprovalCase]:
    """Return what was asked for a record, the newest first; three statements."""
    ctx.require_to_see(kind)
    query = select(Approval).where(Approval.record_kind == kind, Approval.record_id == record_id)
    with ctx.reading() as session:
        found = session.scalars(query.order_by(Approval.id.desc()).limit(20)).all()
        return _cases(session, ctx, read_hands(session, ctx), found) if found else []


def _cases(session: Session, ctx: Context, hands: Hands, found: Sequence[Approval]) -> list[ApprovalCase]:
    steps: dict[int, list[ApprovalStep]] = {approval.id: [] for approval in found}
    if found:
        query = select(ApprovalStep).where(ApprovalStep.approval_id.in_(steps))
        for step in session.scalars(query.order_by(ApprovalStep.level, ApprovalStep.id)):
            steps[step.approval_id].append(step)
    names = _names(session, hands, found, steps.values())
    return [_case(ctx, hands, names, approval, steps[approval.id]) for approval in found]


def _names(
    session: Session, hands: Hands, found: Sequence[Approval], steps: Iterable[Sequence[ApprovalStep]]
) -> dict[int, str]:
    """Names of all who had part; those who left since cost one more statement."""
    names = dict(hands.names)
    part = {approval.asked_by_id for approval in found}
    part |= {staff_id for rows in steps for step in rows for staff_id in (step.by_id, step.for_id) if staff_id}
    if left := part - names.keys():
        rows = session.execute(select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(left)))
        names.update((staff_id, name) for staff_id, name in rows)
    return names


def _case(
    ctx: Context, hands: Hands, names: dict[int, str], a: Approval, steps: Sequence[ApprovalStep]
) -> ApprovalCase:
    matter = MATTERS[a.matter]
    page, arguments = matter.place(a)
    roles = hands.roles_of(ctx.user.id, a.asked_by_id)
    waiting = [step for step in steps if step.decision == "waiting" and step.role not in ON_PAPER]
    may = a.state == "waiting" and any(step.role in roles for step in waiting)
    return ApprovalCase(
        a.id, a.version, a.matter, _(matter.title), a.record_kind, a.record_id, a.title, a.reason, a.amount, a.terms,
        str(a.route["clause"]), a.state, MACHINE.label(a.state), a.asked_by_id, names.get(a.asked_by_id, ""),
        a.asked_at, a.decided_at, approval_steps.lines_of(a, steps, hands, names), may,
        a.state == "waiting" and a.asked_by_id == ctx.user.id, page, arguments,
        a.term_on is not None and ctx.user.id in {a.asked_by_id, *(step.by_id for step in steps)},
    )  # fmt: skip
