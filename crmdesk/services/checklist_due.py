"""Lists that come back each week, month, quarter or year: until when the next one is to be done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.model.checklist import Checklist
from crmdesk.rules.checklist_periods import last_day, period_of
from crmdesk.rules.checklists import right_of
from crmdesk.rules.worktime import WorkCalendar
from crmdesk.services.checklist_forms import Template
from crmdesk.services.checklist_templates import templates_of
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of

LOOK_BACK = timedelta(days=800)  # a list of each year is found though it was missed once


class DueList(NamedTuple):
    """A list that comes back, and when the working day ends by which it is due (UTC)."""

    template: Template
    at: datetime


def find_due_lists(session: Session, ctx: Context) -> list[DueList]:
    """Return the lists of the office's own kind that are still to be done, for who may tick them.

    No statement where the regulation has no such list, else two. A list is daily or comes back, never both.
    """
    home = ctx.policy.home.checklists.values()
    if not any(period_of(ctx.policy, checklist.clause) for checklist in home if not checklist.daily):
        return []
    found = {}
    for key, template in templates_of(session, ctx).items():
        period = period_of(ctx.policy, template.clause)
        mine = key in ctx.policy.home.checklists and template.active and ctx.may(right_of(template.desk))
        if mine and period is not None and not template.daily:
            found[key] = (template, period)
    today = ctx.clock.today()
    done: dict[str, list[date]] = {}
    rows = select(Checklist.key, Checklist.day, Checklist.state).where(
        Checklist.key.in_(found), Checklist.day >= today - LOOK_BACK
    )
    for key, day, state in session.execute(rows):
        if state == "done":
            done.setdefault(key, []).append(day)
        else:
            found.pop(key, None)  # begun: the board says that it is to be finished
    calendar = calendar_of(ctx)
    result = []
    for key, (template, period) in found.items():
        last = last_day(period, done.get(key, ()), today)
        if last is not None:
            result.append(DueList(template, _work_ends(calendar, last)))
    return result


def _work_ends(calendar: WorkCalendar, last: date) -> datetime:
    """Return the end of the last working day up to a day: on a closed one nobody ticks anything."""
    for back in range(31):
        closing = calendar.closing(last - timedelta(days=back))
        if closing is not None:
            return closing
    return calendar.end_of_day(last)
