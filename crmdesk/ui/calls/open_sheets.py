"""Several calls open at once: sheets, their tabs, and the drafts that let none of them be lost."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services import drafts
from crmdesk.services.calls import CallForm
from crmdesk.ui.calls.form_view import CallFormView
from crmdesk.ui.calls.sheet import DRAFT_KIND, Sheet
from crmdesk.ui.page import Page

log = logging.getLogger(__name__)

KEEP_MS = 3000  # a half-typed call is written down at least this often


class OpenSheets(Page):
    """The part of the phone page that holds the open calls; the page itself shows and saves them."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.sheets: list[Sheet] = []
        self.sheet = self._blank()
        self._saving = False
        self.form_view = CallFormView(ctx)
        self._keep_timer = QTimer(self)
        self._keep_timer.setInterval(KEEP_MS)
        self._keep_timer.timeout.connect(self.keep_drafts)

    def _show_sheet(self, sheet: Sheet) -> None:
        raise NotImplementedError

    def _blank(self, **values: Any) -> Sheet:
        rings = int(self.ctx.policy.number("CALL-01", "answer_rings"))
        taken = {sheet.key for sheet in self.sheets}
        stamp = f"{self.ctx.clock.now():%Y%m%dT%H%M%S%f}"
        key = next(k for k in (f"{stamp}{n or ''}" for n in range(len(taken) + 1)) if k not in taken)
        return Sheet(key, CallForm(rings=rings, **values))

    def _restore(self) -> None:
        """Open what was half typed when the program ended (a crash, a power cut, the evening)."""
        for draft in reversed(drafts.find_drafts(self.ctx, DRAFT_KIND)):
            self.sheets.append(Sheet.from_payload(draft.key, draft.payload))

    def _collect(self) -> None:
        self.sheet.form = self.form_view.form()
        self.sheet.region_suggested = self.form_view.region_suggested

    def _tabs(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if not sheet.blank or sheet is self.sheet]

    def _show_tabs(self) -> None:
        tabs = []
        for sheet in self._tabs():
            begun = sheet.form.started_at
            time = format_time(self.ctx.clock.local(begun)) if begun else ""
            tabs.append((sheet.key, f"{time} {sheet.title() or _('New call')}".strip()))
        self.form_view.tabs.set_tabs(tabs, self.sheet.key)
        self.hints_changed.emit()

    def _tab_chosen(self, key: str) -> None:
        wanted = next((sheet for sheet in self.sheets if sheet.key == key), None)
        if wanted is not None and wanted is not self.sheet:
            self._collect()
            self.keep_drafts()
            self._show_sheet(wanted)
            self.first_focus()

    def _next_tab(self) -> None:
        self._turn_tabs(1)

    def _last_tab(self) -> None:
        self._turn_tabs(-1)

    def _turn_tabs(self, step: int) -> None:
        tabs = self._tabs()
        if len(tabs) > 1 and self.sheet in tabs:
            self._tab_chosen(tabs[(tabs.index(self.sheet) + step) % len(tabs)].key)

    def keep_drafts(self) -> None:
        """Write down what is half typed; when the data can't be reached it is tried again in a moment."""
        self._collect()
        try:
            for sheet in self.sheets:
                if sheet.unkept and sheet.state in ("draft", "read_back"):
                    self._saving = True
                    drafts.save_draft(self.ctx, DRAFT_KIND, sheet.key, sheet.payload())
                    sheet.kept = sheet.form
        except CrmError as error:
            log.warning("draft not kept: %s", type(error).__name__)
            return
        finally:
            self._saving = False
        self._keep_timer.stop()

    def _forget(self, sheet: Sheet) -> None:
        if sheet in self.sheets:
            self.sheets.remove(sheet)
        if sheet.kept is not None:
            try:
                drafts.drop_draft(self.ctx, DRAFT_KIND, sheet.key)
            except CrmError as error:
                log.warning("draft not dropped: %s", type(error).__name__)
