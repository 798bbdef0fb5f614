"""The explanation of a complaint's deadline."""

from __future__ import annotations

from typing import Any

from crmdesk.rules.explain import explain
from crmdesk.rules.rights import Right
from crmdesk.rules.worktime import is_provisional
from crmdesk.ui import due_sheet
from crmdesk.ui.due_sheet import Shown


class DueSheet(due_sheet.DueSheet):
    """Explains by when a complaint must be finished."""

    kind = "complaint"

    def shown(self, case: Any) -> Shown | None:
        """Return the deadline of a ``ComplaintCase``."""
        due = case.due
        if due is None:
            return None
        calendar = due.calendar
        years = range(calendar.local_day(due.start).year, calendar.local_day(due.at).year + 1)
        return Shown(
            case.id, case.version, explain(due), [due.clause], due.paused,
            case.state != "closed" and self._page.ctx.may(Right.COMPLAINT_HANDLE),
            [year for year in years if is_provisional(calendar.country, year)],
        )  # fmt: skip
