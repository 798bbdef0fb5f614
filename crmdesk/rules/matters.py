"""Matters out of calls: who was asked first stays responsible until the customer is satisfied (FIRST-01 to FIRST-05).

Facts: ``passed_to`` (a department or a colleague), ``answer``, ``asked_back`` (the customer was asked for an opinion),
``reason`` (why the customer is not satisfied).
"""

from __future__ import annotations

from crmdesk.core.i18n import N_
from crmdesk.rules.clauses import Clause, Number
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Machine, Transition, filled

MACHINE = Machine(
    "matter",
    {
        "accepted": N_("Accepted"),
        "passed": N_("Passed on"),
        "answered": N_("Answered"),
        "satisfied": N_("Customer satisfied"),
    },
    (
        Transition("settle", ("accepted",), "satisfied", Right.CALL, N_("Answered at once"), clause="CALL-24"),
        Transition(
            "pass_on", ("accepted", "passed"), "passed", Right.CALL, N_("Pass on"),
            (filled("passed_to", N_("Please say which department or colleague is asked."), "FIRST-02"),),
            clause="FIRST-02", sent=True,
        ),
        Transition(
            "answer", ("accepted", "passed"), "answered", Right.CALL, N_("Write the answer down"),
            (filled("answer", N_("Please write down the answer."), "CALL-24"),), clause="CALL-24",
        ),
        Transition(
            "satisfied", ("answered",), "satisfied", Right.CALL, N_("Customer is satisfied"),
            (filled("asked_back", N_("Please call back and ask whether the customer is satisfied."), "FIRST-03"),),
            clause="FIRST-03",
        ),
        Transition(
            "not_satisfied", ("answered",), "accepted", Right.CALL, N_("Customer is not satisfied"),
            (filled("reason", N_("Please write down what the customer is missing."), "FIRST-01"),), clause="FIRST-01",
        ),
    ),
)  # fmt: skip


def answer_limit(policy: Policy) -> tuple[Clause, Number] | None:
    """Return the clause and number until a matter is answered (CALL-22), None when the office has no such limit."""
    if "CALL-22" not in policy:
        return None
    clause = policy.clause("CALL-22")
    number = clause.number("answer_hours")
    return (clause, number) if number.value is not None else None
