"""Complaints: from receipt to the satisfied customer (CMP).

Facts: ``next_reply`` (time of the next reply), ``clears`` (keys of ``CLEARS`` that are done), ``severity``,
``manager_told``, ``department``, ``handler``, ``cause``, ``proposal``, ``upheld`` (yes or no), ``reply``,
``satisfied`` (yes or no), ``reason``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.clauses import Clause, Number
from crmdesk.rules.deadlines import Due, Pause, due_number
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Machine, Tick, Transition, answered, equals, filled, ticked, unless
from crmdesk.rules.worktime import WorkCalendar

CLEARS = (
    Tick("heard", N_("Heard out without interrupting"), "CMP-02"),
    Tick("asked", N_("Asked until the facts are clear"), "CMP-03"),
    Tick("followed", N_("Followed to the end"), "CMP-04"),
    Tick("replied", N_("Course and result reported to the customer"), "CMP-05"),
    Tick("recorded", N_("Matter, course and result written down"), "CMP-06"),
)
SEVERITIES = {"general": N_("General"), "major": N_("Major")}
CHANNELS = {
    "phone": N_("By phone"),
    "visit": N_("In person"),
    "written": N_("In writing"),
    "online": N_("Online"),
}

_CLEAR_SENTENCES = {
    "heard": N_("Please hear the customer out and tick it."),
    "asked": N_("Please ask until the facts are clear and tick it."),
    "followed": N_("Please follow the matter to the end and tick it."),
    "replied": N_("Please report course and result to the customer and tick it."),
    "recorded": N_("Please write down matter, course and result and tick it."),
}
_CLEAR = {tick.key: ticked("clears", tick.key, _CLEAR_SENTENCES[tick.key], tick.clause) for tick in CLEARS}
_NEXT_REPLY = filled("next_reply", N_("Please set when the customer gets the next reply."), "CMP-04")
_MANAGER_TOLD = unless(
    "severity", "general",
    filled(
        "manager_told", N_("A major complaint goes to the manager at once. Please report it and tick it."), "CMP-08"
    ),
)  # fmt: skip

MACHINE = Machine(
    "complaint",
    {
        "received": N_("Registered"),
        "assigned": N_("Assigned"),
        "investigating": N_("Being investigated"),
        "proposed": N_("Proposal made"),
        "approved": N_("Approved"),
        "carried_out": N_("Carried out"),
        "told": N_("Customer told"),
        "called_back": N_("Called back"),
        "closed": N_("Closed"),
        "reopened": N_("Reopened"),
    },
    (
        Transition(
            "assign", ("received", "reopened"), "assigned", Right.COMPLAINT_OPEN, N_("Assign the complaint"),
            (
                _CLEAR["heard"], _CLEAR["asked"], _NEXT_REPLY, _MANAGER_TOLD,
                filled("department", N_("Please choose the department responsible."), "CMP-47"),
                filled("handler", N_("Please choose who handles the complaint."), "CMP-47"),
            ),
            clause="CMP-47", starts=("task:stage@CMP-29",),
        ),
        Transition("investigate", ("assigned",), "investigating", Right.COMPLAINT_HANDLE, N_("Investigate"),
                   (_NEXT_REPLY, _MANAGER_TOLD), clause="CMP-47", starts=("deadline:CMP-30.report_days",)),
        Transition(
            "propose", ("investigating",), "proposed", Right.COMPLAINT_HANDLE, N_("Propose"),
            (
                _NEXT_REPLY,
                equals("upheld", True, N_("Please decide first that the complaint is upheld."), "CMP-47"),
                filled("cause", N_("Please write down the cause."), "CMP-47"),
                filled("proposal", N_("Please write down the proposal."), "CMP-47"),
            ),
            clause="CMP-47", starts=("approval:complaint",),
        ),
        Transition(
            "not_upheld", ("investigating",), "told", Right.COMPLAINT_HANDLE, N_("Not upheld: explain tactfully"),
            (
                _NEXT_REPLY,
                equals("upheld", False, N_("Please decide first that the complaint is not upheld."), "CMP-47"),
                filled("reply", N_("Please write down what the customer was told."), "CMP-05"),
            ),
            clause="CMP-47", starts=("task:call_back@CMP-72",),
        ),
        # Outcomes of the approval the proposal asks for: the chain of the regulation says who decides. They don't wait
        # for a next reply: who decides isn't the one who talks to the customer.
        Transition("approve", ("proposed",), "approved", Right.COMPLAINT_APPROVE, N_("Approve the proposal"),
                   clause="CMP-47", sent=True),
        Transition("send_back", ("proposed",), "investigating", Right.COMPLAINT_APPROVE, N_("Send back"),
                   (filled("reason", N_("Please write down the reason."), "CMP-47"),), clause="CMP-47", sent=True),
        Transition("withdraw", ("proposed",), "investigating", Right.COMPLAINT_HANDLE, N_("Withdraw the proposal"),
                   clause="CMP-47", sent=True),
        Transition("carry_out", ("approved",), "carried_out", Right.COMPLAINT_HANDLE, N_("Carried out"),
                   (_NEXT_REPLY,), clause="CMP-47"),
        Transition(
            "tell", ("carried_out",), "told", Right.COMPLAINT_HANDLE, N_("Customer told"),
            (_NEXT_REPLY, filled("reply", N_("Please write down what the customer was told."), "CMP-05")),
            clause="CMP-05", starts=("task:call_back@CMP-72",),
        ),
        Transition(
            "call_back", ("told",), "called_back", Right.COMPLAINT_HANDLE, N_("Called back"),
            (answered("satisfied", N_("Please say whether the customer is satisfied."), "CMP-72"),), clause="CMP-72",
        ),
        Transition(
            "close", ("called_back",), "closed", Right.COMPLAINT_HANDLE, N_("Close the complaint"),
            (
                equals("satisfied", True, N_("The customer is not satisfied yet; please reopen the complaint."),
                       "CMP-72"),
                *_CLEAR.values(),
            ),
            clause="CMP-72",
        ),
        Transition(
            "reopen", ("called_back", "closed"), "reopened", Right.COMPLAINT_HANDLE, N_("Reopen the complaint"),
            (filled("reason", N_("Please write down the reason."), "CMP-72"), _NEXT_REPLY), clause="CMP-72",
        ),
    ),
)  # fmt: skip


def severity_of(affected: int, policy: Policy, *, emergency: bool = False) -> str:
    """Return ``major`` for an emergency, or when so many customers complain of the same matter (CMP-16)."""
    collective = "CMP-16" in policy and affected >= policy.number("CMP-16", "collective_customers")
    return "major" if emergency or collective else "general"


def finish_limit(
    policy: Policy, *, domestic: bool = True, severity: str = "general"
) -> tuple[Clause, Number] | None:
    """Return clause and number that limit a complaint from receipt to finish (CMP-41, CMP-72, CB-02 …), None: none.

    A major one has the office's own limit for major ones where it works by such a clause.
    """
    matter = "complaint_finish_domestic" if domestic else "complaint_finish_foreign"
    if severity == "major" and "complaint_finish_major" in policy.matters:
        found = policy.setting("complaint_finish_major")
        if found is not None and found[1].value is not None:
            return found
    if matter in policy.matters:
        return policy.setting(matter)
    return (policy.clause("CMP-72"), policy.clause("CMP-72").span("finish_weeks")) if "CMP-72" in policy else None


def finish_due(
    received_at: datetime,
    calendar: WorkCalendar,
    policy: Policy,
    *,
    domestic: bool = True,
    severity: str = "general",
    pauses: Sequence[Pause] = (),
) -> Due | None:
    """Return by when a complaint must be finished; None while the office has no number for it."""
    found = finish_limit(policy, domestic=domestic, severity=severity)
    if found is None or found[1].value is None:
        return None
    clause, number = found
    return due_number(number, received_at, calendar, pauses, clause=clause.id)


def callback_limit(policy: Policy, *, severity: str = "general") -> tuple[Clause, Number] | None:
    """Return clause and number that say when the customer is phoned after completion (CMP-72, CB-29 …), None: none.

    Major ones have a time of their own where the office works by such a clause (CB-02).
    """
    for matter in ("callback_after_major", "callback_after_completion")[severity != "major" :]:
        if matter in policy.matters:
            found = policy.setting(matter)
            if found is not None and found[1].value is not None:
                return found
    if "callback_after_completion" in policy.matters or "CMP-72" not in policy:
        return None
    return policy.clause("CMP-72"), policy.clause("CMP-72").number("callback_days")


def callback_due(
    finished_at: datetime, calendar: WorkCalendar, policy: Policy, *, severity: str = "general"
) -> Due | None:
    """Return by when the customer is phoned after completion, the same day (CMP-72); None without such a clause."""
    found = callback_limit(policy, severity=severity)
    return None if found is None else due_number(found[1], finished_at, calendar, clause=found[0].id)


def first_reply_limit(policy: Policy) -> tuple[Clause, Number] | None:
    """Return clause and number that limit the first answer to the customer (CMP-71, CMP-48, CMP-79 …), None: none."""
    if "complaint_answer" in policy.matters:
        found = policy.setting("complaint_answer")
        return found if found is not None and found[1].value is not None else None
    return (policy.clause("CMP-71"), policy.clause("CMP-71").span("agree_days")) if "CMP-71" in policy else None


def first_reply_due(received_at: datetime, calendar: WorkCalendar, policy: Policy) -> Due | None:
    """Return by when the customer gets the first answer; None while the office has no number for it."""
    found = first_reply_limit(policy)
    return None if found is None else due_number(found[1], received_at, calendar, clause=found[0].id)


def may_promise(state: str) -> bool:
    """Whether the investigation is far enough to promise the customer something (CMP-11)."""
    return state in ("proposed", "approved", "carried_out", "told", "called_back", "closed")


def check_promise(state: str, promise: str) -> None:
    """UserError (CMP-11) when something is promised before the facts are clear."""
    if promise.strip() and not may_promise(state):
        raise UserError(_("Please promise nothing before the facts are clear."), clause="CMP-11")
