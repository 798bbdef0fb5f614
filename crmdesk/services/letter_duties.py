"""What waits with letters, and what comes back with months, quarters and years (see ``services.duties``)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_
from crmdesk.model.letter import Letter
from crmdesk.rules.checklist_periods import last_day
from crmdesk.rules.clauses import Clause, Number
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds, next_month
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.duties import SAME_DAY, Chore, Duty
from crmdesk.services.enquiries import QUARTERS, reported_quarters
from crmdesk.services.letters import is_open, to_bind, to_file

_JANUARY = 31  # December is filed at the beginning of January; the volume is bound in that month


def _unhandled(ctx: Context) -> ColumnElement[bool]:
    return is_open()


def _answer(ctx: Context) -> tuple[Clause, Number]:
    """Letters to the service are answered as calls are (CALL-22); elsewhere the same day."""
    if "CALL-22" in ctx.policy:
        clause = ctx.policy.clause("CALL-22")
        return clause, clause.number("answer_hours")
    by = next((id_ for id_ in ("CALL-23", "CRM-33") if id_ in ctx.policy), "CRM-33")
    return ctx.policy.everything[by], SAME_DAY


LETTERS: tuple[Duty, ...] = (
    Duty(
        key="letter_handle", desk="calls", title=N_("Handle the letter: {name}"), model=Letter, open=_unhandled,
        right=Right.CALL, start=Letter.created_at, limit=_answer, customer=Letter.customer_id, who=Letter.name,
        name=func.substr(Letter.subject, 1, 60), argument="letter_id", icon="mail", action=N_("Open"),
    ),
)  # fmt: skip


def _first_working_day(ctx: Context, month: date) -> datetime:
    """Return when the first day of a month ends on which the office works."""
    calendar = calendar_of(ctx)
    for days in range(31):
        closing = calendar.closing(month + timedelta(days=days))
        if closing is not None:
            return closing
    return calendar.end_of_day(month)


def _waiting(ctx: Context, session: Session) -> tuple[date | None, date | None]:
    """Return the day of the oldest letter that is to be filed, and of the oldest to be bound; read once a board."""
    known: tuple[date | None, date | None] | None = session.info.get(_waiting)
    if known is None:
        filed, bound = (
            select(func.min(Letter.dated)).where(which(ctx)).scalar_subquery() for which in (to_file, to_bind)
        )
        row = session.execute(select(filed, bound)).one()
        known = session.info[_waiting] = (row[0], row[1])
    return known


def _quarters(session: Session) -> dict[date, bool]:
    if _quarters not in session.info:
        session.info[_quarters] = reported_quarters(session)
    found: dict[date, bool] = session.info[_quarters]
    return found


def _file(ctx: Context, session: Session) -> datetime | None:
    """At the beginning of a month the letters of the last one are filed (CALL-23)."""
    oldest = _waiting(ctx, session)[0]
    return _first_working_day(ctx, next_month(oldest)) if oldest is not None else None


def _bind(ctx: Context, session: Session) -> datetime | None:
    """The twelve months are bound into a volume when the year is over (CALL-23)."""
    oldest = _waiting(ctx, session)[1]
    return day_bounds(ctx.clock, date(oldest.year + 1, 1, _JANUARY))[1] if oldest is not None else None


def _summary(ctx: Context, session: Session) -> datetime | None:
    """At the end of each quarter the enquiries are summed up and reported (CALL-25)."""
    last = last_day(QUARTERS, sorted(_quarters(session)), ctx.clock.today())
    return calendar_of(ctx).end_of_day(last) if last is not None else None


def _board(ctx: Context, session: Session) -> datetime | None:
    """Once a quarter is reported, the head sets the next notice board before that quarter is far (CALL-26)."""
    waiting = min((last for last, is_set in _quarters(session).items() if not is_set), default=None)
    return _first_working_day(ctx, waiting + timedelta(days=1)) if waiting is not None else None


def _to_file_page(ctx: Context) -> dict[str, Any]:
    return {"show": "letters", "filter": "unfiled"}


def _to_bind_page(ctx: Context) -> dict[str, Any]:
    return {"show": "letters", "filter": "filed"}


def _quarter_page(ctx: Context) -> dict[str, Any]:
    return {"show": "quarter"}


LETTER_CHORES: tuple[Chore, ...] = (
    Chore(
        key="letters_file", desk="calls", clause="CALL-23", title=N_("File the letters of the last month"),
        right=Right.CUSTOMER_EXPORT, due=_file, icon="archive", action=N_("Open"), arguments=_to_file_page,
    ),
    Chore(
        key="letters_bind", desk="calls", clause="CALL-23", title=N_("Bind the letters of the year into a volume"),
        right=Right.CUSTOMER_EXPORT, due=_bind, icon="archive", action=N_("Open"), arguments=_to_bind_page,
    ),
    Chore(
        key="enquiry_summary", desk="calls", clause="CALL-25", title=N_("Sum up the quarter's enquiries for the head"),
        right=Right.CUSTOMER_EXPORT, due=_summary, icon="clipboard-list", action=N_("Open"), arguments=_quarter_page,
    ),
    Chore(
        key="notice_board", desk="calls", clause="CALL-26", title=N_("Set what the next notice board shows"),
        right=Right.MONTH, due=_board, icon="clipboard-list", action=N_("Open"), arguments=_quarter_page,
    ),
)  # fmt: skip
