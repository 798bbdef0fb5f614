"""The steps of a complaint as data: what may follow, what it needs and which field answers, and the time per stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from crmdesk.core.i18n import N_, _
from crmdesk.model.complaint import Complaint
from crmdesk.rules import complaints as rules
from crmdesk.rules.deadlines import Pause, worked
from crmdesk.rules.policies import Policy
from crmdesk.rules.starts import in_words
from crmdesk.rules.transitions import Need, Transition
from crmdesk.services.complaint_forms import NeedLine, StageUse, StepChoice
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.records import StoryLine
from crmdesk.services.steps import machine_of

LABELS = {
    "heard": N_("Heard out"),
    "asked": N_("Asked until clear"),
    "followed": N_("Followed to the end"),
    "replied": N_("Reported to the customer"),
    "recorded": N_("Written down"),
    "next_reply": N_("Next reply"),
    "manager_told": N_("Manager told"),
    "department": N_("Department"),
    "handler": N_("Handled by"),
    "upheld": N_("Upheld"),
    "cause": N_("Cause"),
    "proposal": N_("Proposal"),
    "reply": N_("What the customer was told"),
    "satisfied": N_("Satisfied"),
    "reason": N_("Reason"),
}

# Stage, the state in which its time runs, and the number of the regulation that limits it (CMP-29).
_STAGES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (N_("Acceptance"), ("received", "reopened"), "office_days"),
    (N_("Quality check"), ("assigned",), "quality_days"),
    (N_("Proposal"), ("investigating",), "business"),
    (N_("Approval"), ("proposed",), "summary_days"),
    (N_("Carrying out"), ("approved",), ""),
    (N_("Telling the customer"), ("carried_out",), ""),
    (N_("Follow-up call"), ("told", "called_back"), "callback"),
)
_DAY_SECONDS = Decimal(3600)
_DECIDED_BY = {"approve": "may_decide", "send_back": "may_decide", "withdraw": "asked_by_me"}


def facts_of(ctx: Context, complaint: Complaint, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what the machine looks at; a next reply that has passed is none (CMP-04)."""
    values = values or {}
    reply_at = complaint.next_reply_at
    return {
        "next_reply": reply_at if reply_at is not None and reply_at > ctx.clock.now() else None,
        "clears": [key for key, done in complaint.clears.items() if done],
        "severity": complaint.severity,
        "manager_told": complaint.manager_told,
        "department": complaint.department,
        "handler": complaint.handler_id,
        "cause": complaint.cause,
        "proposal": complaint.proposal,
        "upheld": complaint.valid,
        "reply": complaint.reply,
        "satisfied": complaint.satisfied,
        "reason": values.get("reason", ""),
    }


def field_of(need: Need) -> str:
    """Return the field that answers a need: ``clears.heard`` is the tick ``heard``, ``upheld=True`` is ``upheld``.

    None ("") answers a need for steps taken before.
    """
    if need.facts == ("done",):
        return ""
    return need.key.split(".")[-1].split("=")[0]


def find_steps(ctx: Context, state: str, facts: Mapping[str, Any]) -> tuple[StepChoice, ...]:
    """Return the steps out of a state with everything each needs, met or not; pure, so a window may ask while typing.

    What a major complaint needs isn't asked of a general one.
    """
    steps = []
    for row in machine_of(ctx, "complaint").transitions:
        if state not in row.from_:
            continue
        needs = tuple(
            NeedLine(
                need.key, field_of(need), _(LABELS.get(field_of(need), "")) or need.said, need.met(facts), need.said,
                need.clause,
            )
            for need in row.needs
            if not (need.key == "manager_told" and "severity" in need.facts and facts.get("severity") == "general")
        )
        permitted, begins = _permitted(ctx, row, facts), tuple(in_words(row.starts))
        steps.append(StepChoice(row.action, _(row.label), row.to, row.clause, permitted, needs, begins))
    return tuple(steps)


def _permitted(ctx: Context, row: Transition, facts: Mapping[str, Any]) -> bool:
    """Whether the user may take a step; the chain of the approval, not a right, says who decides on a proposal."""
    fact = _DECIDED_BY.get(row.action, "")
    return bool(facts[fact]) if fact in facts else row.right in ctx.user.rights


def find_stages(
    ctx: Context, complaint: Complaint, story: Sequence[StoryLine], pauses: Sequence[Pause] = ()
) -> tuple[StageUse, ...]:
    """Return the seven stages with used and limited days from the event log (CMP-29), without the pauses.

    The newest line of the story comes first.
    """
    moves = [line for line in reversed(story) if line.to_state and line.to_state != line.from_state]
    spans: list[tuple[str, datetime, datetime | None, str]] = []
    state, since = "received", complaint.received_at
    for line in moves:
        if line.from_state:
            spans.append((line.from_state, since, line.at, line.by))
            since = line.at
        state = line.to_state
    if state != complaint.state:  # taken over from elsewhere, without its steps
        spans.append((state, since, None if complaint.closed_at is None else complaint.closed_at, ""))
        state = complaint.state
    if state != "closed":
        spans.append((state, since, None, ""))
    calendar, now = calendar_of(ctx), ctx.clock.now()
    day = calendar.hours.nominal_day * _DAY_SECONDS
    result = []
    for name, states, key in _STAGES:
        mine = [span for span in spans if span[0] in states]
        here = complaint.state in states
        limit = _limit(ctx.policy, complaint, key)
        if not mine:
            result.append(StageUse(_(name), None, limit, "now" if here else "open"))
            continue
        seconds = sum(worked(calendar, begin, end or now, pauses).total_seconds() for _s, begin, end, _by in mine)
        used = (Decimal(round(seconds)) / day).quantize(Decimal("0.1")) if day else Decimal(0)
        if key == "callback" and limit is not None:
            late = calendar.local_day(mine[-1][2] or now) > calendar.local_day(mine[0][1])
        else:
            late = limit is not None and used > limit
        mark = "late" if late else ("now" if here else "done")
        result.append(StageUse(_(name), used, limit, mark, mine[0][1], None if here else mine[-1][2], mine[-1][3]))
    return tuple(result)


def _limit(policy: Policy, complaint: Complaint, key: str) -> Decimal | None:
    if key == "callback":
        return policy.decimal("CMP-72", "callback_days") if "CMP-72" in policy else None
    if not key or "CMP-29" not in policy:
        return None
    if key == "business":
        return policy.decimal("CMP-29", "business_domestic_days" if complaint.domestic else "business_foreign_days")
    return policy.decimal("CMP-29", key)


def due_limit_days(ctx: Context, complaint: Complaint) -> int:
    """Return how many days the regulation gives from receipt to finish (CMP-72, CMP-41, CMP-42 …), 0 for no limit."""
    found = rules.finish_limit(ctx.policy, domestic=complaint.domestic, severity=complaint.severity)
    if found is None or found[1].value is None:
        return 0
    number = found[1]
    return int(Decimal(str(number.value)) * (7 if number.unit == "weeks" else 1))
