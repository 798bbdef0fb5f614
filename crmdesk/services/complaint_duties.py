"""The duties of the complaint desk as rows: next replies, stages, finish, calls after completion (see ``duties``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import ColumnElement, and_, false, or_

from crmdesk.core.i18n import N_
from crmdesk.model.complaint import Complaint
from crmdesk.rules import complaints as complaint_rules
from crmdesk.rules.clauses import Clause, Number
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.duties import Duty, Limit


def _open_case(*extra: ColumnElement[bool]) -> Callable[[Context], ColumnElement[bool]]:
    def is_open(ctx: Context) -> ColumnElement[bool]:
        # "Not closed" as the partial indexes say it; the machine keeps both in step.
        return and_(Complaint.closed_at.is_(None), *extra)

    return is_open


def _finish(severity: str, *, domestic: bool) -> Limit:
    def limit(ctx: Context) -> tuple[Clause, Number] | None:
        return complaint_rules.finish_limit(ctx.policy, domestic=domestic, severity=severity)

    return limit


def _case(key: str, title: str, **more: object) -> Duty:
    values: dict[str, object] = {
        "desk": "complaints", "model": Complaint, "right": Right.COMPLAINT_HANDLE, "owner": Complaint.handler_id,
        "hand_over": "handler_id", "customer": Complaint.customer_id, "who": Complaint.complainant,
        "name": Complaint.number, "icon": "message-square-warning", "action": N_("Open case"),
    }  # fmt: skip
    return Duty(key=key, title=title, **(values | more))  # type: ignore[arg-type]  # the fields of Duty by name


_FINISH = tuple(
    _case(
        f"complaint_finish_{severity}_{'domestic' if domestic else 'foreign'}", N_("Complaint {name}: to be finished"),
        open=_open_case(Complaint.severity == severity, Complaint.domestic.is_(domestic)), start=Complaint.received_at,
        limit=_finish(severity, domestic=domestic), pauses="complaint",
    )
    for severity in complaint_rules.SEVERITIES for domestic in (True, False)
)  # fmt: skip


def _stages() -> Iterator[Duty]:
    rows: tuple[tuple[str, str, str, bool | None], ...] = (
        ("received", N_("Complaint {name}: to be accepted"), "office_days", None),
        ("assigned", N_("Complaint {name}: quality check"), "quality_days", None),
        ("investigating", N_("Complaint {name}: proposal, domestic"), "business_domestic_days", True),
        ("investigating", N_("Complaint {name}: proposal, abroad"), "business_foreign_days", False),
        ("proposed", N_("Complaint {name}: approval"), "summary_days", None),
    )
    for state, title, number, domestic in rows:
        which = [Complaint.state == state]
        if domestic is not None:
            which.append(Complaint.domestic.is_(domestic))
        yield _case(
            f"complaint_stage_{number}", title, clause="CMP-29", open=_open_case(*which), start=Complaint.stage_at,
            number=number, pauses="complaint",
        )  # fmt: skip


def _called_by(clause: str, severity: str, policy: Policy) -> bool:
    found = complaint_rules.callback_limit(policy, severity=severity)
    return found is not None and found[0].id == clause


def _told(ctx: Context) -> ColumnElement[bool]:
    """Told, and phoned again on the day that was agreed: where CMP-72 says when, not another pack's clause."""
    kinds = [
        Complaint.severity == severity
        for severity in complaint_rules.SEVERITIES
        if _called_by("CMP-72", severity, ctx.policy)
    ]
    return and_(Complaint.closed_at.is_(None), Complaint.state == "told", or_(false(), *kinds))


def _called_back(severity: str) -> Limit:
    def limit(ctx: Context) -> tuple[Clause, Number] | None:
        own = _called_by("CMP-72", severity, ctx.policy)
        return None if own else complaint_rules.callback_limit(ctx.policy, severity=severity)

    return limit


_CALLS = (
    _case(
        "complaint_callback", N_("Complaint {name}: ask whether the customer is satisfied"), clause="CMP-72",
        open=_told, moment=Complaint.next_reply_at, icon="phone", action=N_("Call now"),
    ),
    *(
        _case(
            f"complaint_callback_{severity}", N_("Complaint {name}: ask whether the customer is satisfied"),
            open=_open_case(Complaint.state == "told", Complaint.severity == severity), start=Complaint.stage_at,
            limit=_called_back(severity), icon="phone", action=N_("Call now"),
        )
        for severity in complaint_rules.SEVERITIES
    ),
    # Carried out, and nobody has phoned yet: the day of completion counts, whatever day the next reply was set for.
    _case(
        "complaint_completed", N_("Complaint {name} is carried out: phone the customer"), clause="CB-01",
        open=_open_case(
            Complaint.state.in_(("carried_out", "told")),
            or_(Complaint.state == "carried_out", Complaint.next_reply_at.is_(None)),
        ),
        start=Complaint.stage_at, number="callback_days", icon="phone", action=N_("Call now"),
    ),
)  # fmt: skip


COMPLAINTS = (
    _case(
        "complaint_reply", N_("Complaint {name}: next reply"), clause="CMP-04",
        open=_open_case(Complaint.state.not_in(("told", "called_back"))), moment=Complaint.next_reply_at,
    ),
    *_CALLS,
    _case(
        "complaint_tell_manager", N_("Complaint {name} is major: tell the manager at once"), clause="CMP-08",
        open=_open_case(Complaint.severity == "major", Complaint.manager_told.is_(False)),
        moment=Complaint.received_at, icon="siren",
    ),
    *_FINISH,
    *_stages(),
    _case(
        "complaint_report", N_("Complaint {name}: report of the investigation"), clause="CMP-30",
        open=_open_case(Complaint.state == "investigating"), start=Complaint.stage_at, number="report_days",
        pauses="complaint", icon="flask-conical",
    ),
    _case(
        "complaint_opinion", N_("Complaint {name}: combined opinion, then the decision"), clause="CMP-32",
        open=_open_case(Complaint.state == "proposed"), start=Complaint.stage_at, number="opinion_days",
        pauses="complaint", right=Right.COMPLAINT_APPROVE, owner=None, hand_over="", icon="gavel",
    ),
)  # fmt: skip
