"""Where the day of a repair comes from, and the switch that stops its clock while nothing can be done."""

from __future__ import annotations

from crmdesk.core.i18n import _
from crmdesk.rules.explain import explain_day
from crmdesk.rules.rights import Right
from crmdesk.services.repairs import RepairCard
from crmdesk.ui import due_sheet
from crmdesk.ui.due_sheet import Shown


class DueSheet(due_sheet.DueSheet):
    """Explains the day that was told to the customer."""

    kind = "repair"

    def shown(self, case: RepairCard) -> Shown | None:
        """Return the day of a repair, and where it comes from (REP-02)."""
        ctx, row = self._page.ctx, case.row
        clauses: list[str] = []
        if row.route == "away" and case.latest_on is not None and case.earliest_on is not None:
            clauses = [clause for clause in ("REP-02",) if clause in ctx.policy]
            rule = _("Sent away: the customer was told it comes back between {first} and {last}.").format(
                first=case.earliest_on.isoformat(), last=case.latest_on.isoformat()
            )
        elif row.due_on is not None:
            rule = _("This day was promised to the customer.")
        else:
            rule = _("No day was promised to the customer.")
        return Shown(
            row.id, row.version, explain_day(rule, row.due_on, case.pauses, ctx.clock.zone), clauses,
            case.standing is not None, case.may_pause and ctx.may(Right.REPAIR),
        )  # fmt: skip
