"""The explanation of a complaint's deadline, and the switch that stops and starts its clock."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import _
from crmdesk.rules.explain import explain
from crmdesk.rules.rights import Right
from crmdesk.rules.worktime import is_provisional
from crmdesk.services import deadlines
from crmdesk.services.complaints import ComplaintCase
from crmdesk.ui import errors
from crmdesk.ui.complaints import words
from crmdesk.ui.page import Page
from crmdesk.ui.widgets.due_panel import DuePanel


class DueSheet(QObject):
    """Opens the panel for the case shown; ``page.reload_case`` is called after the clock was stopped or started."""

    def __init__(self, page: Page, reload_case: Any) -> None:
        super().__init__(page)
        self._page = page
        self._reload = reload_case
        self._case: ComplaintCase | None = None
        self._panel: DuePanel | None = None

    @property
    def panel(self) -> DuePanel:
        """The panel, made when first asked for."""
        if self._panel is None:
            self._panel = DuePanel(self._page, self._page.ctx.clock.today)
            self._panel.pause_asked.connect(self._pause)
            self._panel.resume_asked.connect(self._resume)
        return self._panel

    def open(self, case: ComplaintCase) -> None:
        """Explain when a case is due; nothing to explain without a number in the regulation."""
        if case.due is None:
            self._page.say(_("The office's regulation sets no deadline for this."))
            return
        if self._case is None or self._case.id != case.id:
            self.panel.clear_form()
        self._fill(case)
        self.panel.open()

    def follow(self, case: ComplaintCase | None) -> None:
        """Show the case as it is now, or hide when it is left."""
        if self._panel is None or self._panel.isHidden():
            return
        if case is None or self._case is None or case.id != self._case.id or case.due is None:
            self._panel.hide()
        else:
            self._fill(case)

    def _fill(self, case: ComplaintCase) -> None:
        due = case.due
        assert due is not None  # asked by both callers
        self._case = case
        calendar = due.calendar
        years = range(calendar.local_day(due.start).year, calendar.local_day(due.at).year + 1)
        self.panel.show_due(
            explain(due),
            [due.clause],
            standing=due.paused,
            may=case.state != "closed" and self._page.ctx.may(Right.COMPLAINT_HANDLE),
            provisional=[year for year in years if is_provisional(calendar.country, year)],
        )

    def _pause(self, reason: str, review: Any) -> None:
        case = self._case
        if case is None:
            return
        ctx = self._page.ctx
        at = words.to_utc(ctx, review)
        try:
            deadlines.pause(ctx, "complaint", case.id, case.version, reason=reason, review_at=at)
        except ValidationError as error:
            self.panel.form.set_errors(error.fields)
            return
        except CrmError as error:
            errors.show_error(self._page, error)
            return
        self.panel.clear_form()
        self._changed()

    def _resume(self) -> None:
        case = self._case
        if case is None:
            return
        try:
            deadlines.resume(self._page.ctx, "complaint", case.id, case.version)
        except CrmError as error:
            errors.show_error(self._page, error)
            return
        self._changed()

    def _changed(self) -> None:
        self._page.saved.emit()
        self._reload()
