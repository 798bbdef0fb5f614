"""What waits after the phone: matters with their owner, missed calls, opinions (see ``services.duties``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, text

from crmdesk.core.i18n import N_
from crmdesk.model.call import OPINION_WAITS, Call, Matter, MissedCall
from crmdesk.rules.clauses import Clause, Number
from crmdesk.rules.matters import answer_limit
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.duties import SAME_DAY, Duty, Limit

_OPEN = ("accepted", "passed")


def _unsettled(*more: ColumnElement[bool]) -> Callable[[Context], ColumnElement[bool]]:
    def is_open(ctx: Context) -> ColumnElement[bool]:
        # "Not closed" as the partial index says it; the machine keeps both in step.
        return and_(Matter.closed_at.is_(None), *more)

    return is_open


def _clause(*ids: str, limit: Limit | None = None) -> Limit:
    """Count by ``limit`` if the office has it, else to the end of the day in the name of the clause it works by."""

    def found(ctx: Context) -> tuple[Clause, Number] | None:
        if limit is not None and (counted := limit(ctx)) is not None:
            return counted
        by = next((id_ for id_ in ids if id_ in ctx.policy), ids[-1])
        return ctx.policy.everything[by], SAME_DAY

    return found


def _answer(ctx: Context) -> tuple[Clause, Number] | None:
    return answer_limit(ctx.policy)


_NAME = func.substr(Matter.text, 1, 60)
_CALLER = select(Call.caller_name).where(Call.id == Matter.call_id).correlate(Matter).scalar_subquery()


def _matter(key: str, title: str, **more: Any) -> Duty:
    values: dict[str, Any] = {
        "desk": "calls", "model": Matter, "right": Right.CALL, "customer": Matter.customer_id, "who": _CALLER,
        "name": _NAME, "argument": "matter_id", "icon": "list-checks", "action": N_("Open"),
    }  # fmt: skip
    return Duty(key=key, title=title, **(values | more))


def _missed(ctx: Context) -> ColumnElement[bool]:
    return MissedCall.settled_at.is_(None)


def _opinion(ctx: Context) -> ColumnElement[bool]:
    return and_(Call.opinion_passed_at.is_(None), text(OPINION_WAITS.format("call.")))


MATTERS: tuple[Duty, ...] = (
    _matter(
        "matter_answer", N_("Answer the matter: {name}"), open=_unsettled(Matter.state.in_(_OPEN)),
        start=Matter.accepted_at, limit=_clause("FIRST-05", "CALL-24", limit=_answer), owner=Matter.owner_id,
        hand_over="owner_id",
    ),
    _matter(
        "matter_first", N_("You were asked first, see to it: {name}"), start=Matter.accepted_at, owner=Matter.first_id,
        open=_unsettled(Matter.state.in_(_OPEN), Matter.owner_id != Matter.first_id),
        limit=_clause("FIRST-01", limit=_answer),
    ),
    _matter(
        "matter_ask_back", N_("Ask whether the customer is satisfied: {name}"), start=Matter.answered_at,
        open=_unsettled(Matter.state == "answered"), owner=Matter.first_id, limit=_clause("FIRST-03"), icon="phone",
        action=N_("Call now"),
    ),
    Duty(
        key="missed_call", desk="calls", title=N_("Missed call of {name}: call back"), model=MissedCall, open=_missed,
        right=Right.CALL, moment=MissedCall.at, customer=MissedCall.customer_id, who=MissedCall.name,
        name=MissedCall.phone, argument="missed_id", icon="phone-missed", action=N_("Call now"),
    ),
    Duty(
        key="call_opinion", desk="calls", clause="CALL-20", title=N_("Pass the opinion of call {name} on"), model=Call,
        open=_opinion, right=Right.CALL, start=Call.started_at, owner=Call.answered_by_id, customer=Call.customer_id,
        who=Call.caller_name, name=Call.number, icon="message-circle", action=N_("Open"),
    ),
)  # fmt: skip
