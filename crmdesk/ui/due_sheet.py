"""What a case's deadline panel shows, and the switch that stops and starts its clock, for every desk with cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any, NamedTuple

from PySide6.QtCore import QObject

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import _
from crmdesk.rules.explain import Explanation
from crmdesk.services import deadlines
from crmdesk.ui import errors
from crmdesk.ui.page import Page
from crmdesk.ui.widgets.due_panel import DuePanel


class Shown(NamedTuple):
    """A case in the panel: which record it is, why it is due when it is, and whether its clock may be stopped."""

    id: int
    version: int
    explanation: Explanation
    clauses: Sequence[str]
    standing: bool
    may: bool
    provisional: Sequence[int] = ()


class DueSheet(QObject):
    """Opens the panel for the case shown; ``reload_case`` is called after the clock was stopped or started.

    A desk gives ``kind``, the kind of its records, and ``shown``.
    """

    kind = ""

    def __init__(self, page: Page, reload_case: Any) -> None:
        super().__init__(page)
        self._page = page
        self._reload = reload_case
        self._shown: Shown | None = None
        self._panel: DuePanel | None = None

    def shown(self, case: Any) -> Shown | None:
        """Return what the panel shows of a case; None when there is nothing to explain."""
        raise NotImplementedError

    @property
    def panel(self) -> DuePanel:
        """The panel, made when first asked for."""
        if self._panel is None:
            self._panel = DuePanel(self._page, self._page.ctx.clock.today)
            self._panel.pause_asked.connect(self._pause)
            self._panel.resume_asked.connect(self._resume)
        return self._panel

    def open(self, case: Any) -> None:
        """Explain when a case is due; nothing to explain without a number in the regulation."""
        shown = self.shown(case)
        if shown is None:
            self._page.say(_("The office's regulation sets no deadline for this."))
            return
        if self._shown is None or self._shown.id != shown.id:
            self.panel.clear_form()
        self._fill(shown)
        self.panel.open()

    def follow(self, case: Any) -> None:
        """Show the case as it is now, or hide when it is left."""
        if self._panel is None or self._panel.isHidden():
            return
        shown = self.shown(case) if case is not None else None
        if shown is None or self._shown is None or shown.id != self._shown.id:
            self._panel.hide()
        else:
            self._fill(shown)

    def _fill(self, shown: Shown) -> None:
        self._shown = shown
        self.panel.show_due(
            shown.explanation, shown.clauses, standing=shown.standing, may=shown.may, provisional=shown.provisional
        )

    def _pause(self, reason: str, review: Any) -> None:
        shown = self._shown
        if shown is None:
            return
        ctx = self._page.ctx
        at = None if review is None else review.replace(tzinfo=ctx.clock.zone).astimezone(UTC)
        try:
            deadlines.pause(ctx, self.kind, shown.id, shown.version, reason=reason, review_at=at)
        except ValidationError as error:
            self.panel.form.set_errors(error.fields)
            return
        except CrmError as error:
            errors.show_error(self._page, error)
            return
        self.panel.clear_form()
        self._changed()

    def _resume(self) -> None:
        shown = self._shown
        if shown is None:
            return
        try:
            deadlines.resume(self._page.ctx, self.kind, shown.id, shown.version)
        except CrmError as error:
            errors.show_error(self._page, error)
            return
        self._changed()

    def _changed(self) -> None:
        self._page.saved.emit()
        self._reload()
