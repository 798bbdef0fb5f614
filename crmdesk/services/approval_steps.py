"""Approvals inside a transaction: ask, decide, sign on paper, take back; no desk is known here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import _
from crmdesk.core.text import clean_lines, shorten
from crmdesk.model.approval import Approval, ApprovalStep
from crmdesk.rules.approvals import ASK, DECIDE, MACHINE, ON_PAPER, Route, Rung, route_of
from crmdesk.rules.transitions import apply
from crmdesk.services.context import Context
from crmdesk.services.records import touch
from crmdesk.services.stand_ins import Decider, Hands, read_hands

REASON_LENGTH = 2000


@dataclass(frozen=True)
class LevelLine:
    """One level of an asking: its title, how it stands (open, waiting, approved, refused, dropped), who and when.

    ``who`` are those who may decide now, ``for_name`` is whose place was taken.
    """

    title: str
    state: str
    by: str = ""
    for_name: str = ""
    at: datetime | None = None
    reason: str = ""
    who: tuple[Decider, ...] = ()
    on_paper: bool = False  # signed on the paper, not here


def route_kept(approval: Approval) -> Route:
    """Return the way an asking takes, as it was when it was asked."""
    return Route.of_json(approval.matter, approval.route)


def route_today(ctx: Context, matter: str) -> Route | None:
    """Return the way an asking would take today; None when nobody has to decide."""
    return route_of(ctx.policy, matter)


def ask(
    session: Session,
    ctx: Context,
    matter: str,
    record: tuple[str, int],
    *,
    title: str,
    amount: Decimal | None = None,
    reason: str = "",
    terms: dict[str, Any] | None = None,
    asked_by: int | None = None,
) -> Approval | None:
    """Ask for a decision on a record (kind, id) and return the asking; None when nobody has to decide.

    Its way is frozen with the limits of today. ``asked_by`` is somebody else than the user, for what was asked before
    the program knew of it. UserError when the same is asked already.
    """
    asker = asked_by if asked_by is not None else ctx.user.id
    if asker is None:
        raise PermissionDenied()
    route = route_of(ctx.policy, matter)
    if route is None:
        return None
    if waiting_for(session, matter, *record) is not None:
        raise UserError(_("This was asked for already and waits for a decision."), clause=route.clause)
    approval = Approval(
        matter=matter, record_kind=record[0], record_id=record[1], title=shorten(title, 200), reason=reason,
        amount=amount, terms=terms or {}, route=route.to_json(), level=0, state=MACHINE.initial,
        asked_by_id=asker, asked_at=ctx.clock.now(), created_at=ctx.clock.now(),
    )  # fmt: skip
    session.add(approval)
    session.flush()
    for level in route.first():
        session.add(ApprovalStep(approval_id=approval.id, level=level, role=route.rungs[level].role))
    session.flush()
    return approval


def waiting_for(session: Session, matter: str, kind: str, record_id: int) -> Approval | None:
    """Return what waits for a decision on a record."""
    query = select(Approval).where(
        Approval.record_kind == kind, Approval.record_id == record_id, Approval.matter == matter,
        Approval.state == "waiting",
    )  # fmt: skip
    return session.scalars(query).first()


def steps_of(session: Session, approval_id: int) -> list[ApprovalStep]:
    """Return the levels of an asking that have begun, the lowest first."""
    query = select(ApprovalStep).where(ApprovalStep.approval_id == approval_id)
    return list(session.scalars(query.order_by(ApprovalStep.level, ApprovalStep.id)))


def decide(session: Session, ctx: Context, approval: Approval, *, agree: bool, reason: str = "") -> None:
    """Decide the level that waits for the user; afterwards ``approval.state`` says what became of it.

    The roles that are saved count, not those the user signed in with. UserError (with who may decide) for what one
    asked for oneself or what is decided already; PermissionDenied without the role; ValidationError without a reason.
    """
    route, clause = route_kept(approval), str(approval.route["clause"])
    reason = clean_lines(reason)
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": _("At most {count} characters, please.").format(count=REASON_LENGTH)})
    if not agree and not reason:
        raise ValidationError({"reason": _("Please write down the reason.")}, clause=clause)
    if approval.state != "waiting":
        state = MACHINE.label(approval.state)
        raise UserError(_("This is decided already: {state}.").format(state=state), clause=clause)
    hands, steps = read_hands(session, ctx), steps_of(session, approval.id)
    step, for_id = _mine(ctx, approval, route, hands, steps)
    agreed = [s.level for s in steps if s.decision == "approved"] + [step.level]
    following = route.after(step.level, approval.amount, agreed)
    action = "refuse" if not agree else "approve" if following is None else "hand_on"
    facts = {"asker": approval.asked_by_id, "decider": ctx.user.id, "reason": reason}
    approval.state = apply(MACHINE, approval.state, action, {DECIDE}, facts)
    step.decision = "approved" if agree else "refused"
    step.by_id, step.for_id, step.at, step.reason = ctx.user.id, for_id, ctx.clock.now(), reason
    touch(approval)
    if action == "hand_on" and following is not None:
        _reach(session, approval, route, steps, following)
    elif action != "hand_on":
        _finish(ctx, approval, steps)
    session.flush()


def _reach(session: Session, approval: Approval, route: Route, steps: Sequence[ApprovalStep], level: int) -> None:
    approval.level = level
    if level not in {step.level for step in steps}:
        session.add(ApprovalStep(approval_id=approval.id, level=level, role=route.rungs[level].role))


def _finish(ctx: Context, approval: Approval, steps: Sequence[ApprovalStep]) -> None:
    approval.decided_at = ctx.clock.now()
    for step in steps:
        if step.decision == "waiting":
            step.decision = "dropped"


def _mine(
    ctx: Context, approval: Approval, route: Route, hands: Hands, steps: Sequence[ApprovalStep]
) -> tuple[ApprovalStep, int | None]:
    """Return the step the user may decide, and in whose place; refuse with who may."""
    clause = route.clause
    waiting = [step for step in steps if step.decision == "waiting" and step.role not in ON_PAPER]
    roles = hands.roles_of(ctx.user.id, approval.asked_by_id)
    for own in (True, False):  # the own role comes before somebody else's place
        for step in waiting:
            if step.role in roles and (roles[step.role] is None) is own:
                _refuse_twice(ctx, route, steps, clause)
                return step, roles[step.role]
    where = [(route.rungs[step.level], hands.deciders(step.role, approval.asked_by_id)) for step in waiting]
    words = " ".join(waits_words(rung, who) for rung, who in where)
    if ctx.user.id == approval.asked_by_id:
        sentence = _("Nobody decides what they asked for themselves.")
        raise UserError(f"{sentence} {words}".strip(), clause=clause)
    denied = PermissionDenied(f"{_('Your role does not decide this.')} {words}".strip())
    denied.clause = clause
    raise denied


def _refuse_twice(ctx: Context, route: Route, steps: Sequence[ApprovalStep], clause: str) -> None:
    """Where all sign together, each signature is another person's."""
    if not route.together:
        return
    for step in steps:
        if step.by_id == ctx.user.id and step.decision == "approved" and step.role not in ON_PAPER[1:]:
            title = route.rungs[step.level].name
            raise UserError(
                _("You have signed as “{title}” already; each signature is another person's.").format(title=title),
                clause=clause,
            )


def waits_words(rung: Rung, who: Sequence[Decider]) -> str:
    """Return where something lies and who may decide it now, as a sentence."""
    if not who:
        return _("It waits for “{title}”: nobody has this role today.").format(title=rung.name)
    names = _(", ").join(decider.words for decider in who)
    return _("It waits for “{title}”: {names}.").format(title=rung.name, names=names)


def sign(session: Session, ctx: Context, approval: Approval, role: str, *, on: bool) -> None:
    """Note a signature that stands on the paper (who asks, the customer), or take a note or one's own decision back.

    UserError when the one who signs as handler has decided another level already.
    """
    steps, route = steps_of(session, approval.id), route_kept(approval)
    step = next((s for s in steps if s.role == role), None)
    own = step is not None and not on and step.by_id == ctx.user.id
    if step is None or not (role in ON_PAPER or own):
        raise UserError(_("Only who has signed takes this signature back."), clause=route.clause)
    if on:
        if role == ON_PAPER[0]:
            _refuse_twice(ctx, route, [s for s in steps if s is not step], route.clause)
        step.decision, step.by_id, step.at = "approved", ctx.user.id, ctx.clock.now()
    else:
        step.decision, step.by_id, step.at = "waiting", None, None
    touch(approval)
    agreed = [s.level for s in steps if s.decision == "approved"]
    following = route.after(step.level, approval.amount, agreed)
    if following is None:
        approval.state, approval.decided_at = "approved", ctx.clock.now()
    else:
        approval.state, approval.decided_at, approval.level = "waiting", None, following
    session.flush()


def withdraw(session: Session, ctx: Context, approval: Approval) -> None:
    """Take an asking back; only who asked may, as long as it waits."""
    rights = {ASK} if ctx.user.id == approval.asked_by_id else set()
    approval.state = apply(MACHINE, approval.state, "withdraw", rights, {})
    drop(session, ctx, approval)


def drop(session: Session, ctx: Context, approval: Approval) -> None:
    """End an asking whose record went another way."""
    approval.state = "withdrawn"
    _finish(ctx, approval, steps_of(session, approval.id))
    session.flush()


def lines_of(
    approval: Approval, steps: Sequence[ApprovalStep], hands: Hands, names: dict[int, str]
) -> tuple[LevelLine, ...]:
    """Return the levels that have begun and those that will be asked next, each with how it stands."""
    by_level = {step.level: step for step in steps}
    route = route_kept(approval)
    ahead: set[int] = set()
    level = None if route.together or approval.state != "waiting" else approval.level
    while level is not None and (level := route.after(level, approval.amount, ())) is not None:
        ahead.add(level)
    lines = []
    for place, rung in enumerate(route.rungs):
        step = by_level.get(place)
        if step is None:
            if place in ahead:
                lines.append(LevelLine(rung.name, "open"))
            continue
        who: tuple[Decider, ...] = ()
        if step.decision == "waiting" and step.role not in ON_PAPER:
            who = tuple(hands.deciders(step.role, approval.asked_by_id))
        lines.append(LevelLine(
            rung.name, step.decision, names.get(step.by_id or 0, ""), names.get(step.for_id or 0, ""), step.at,
            step.reason, who, step.role in ON_PAPER,
        ))  # fmt: skip
    return tuple(lines)
