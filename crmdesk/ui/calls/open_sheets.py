"""Several calls open at once: sheets, their tabs, and the drafts that let none of them be lost."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services import drafts
from crmdesk.services.calls import CallForm
from crmdesk.services.context import Context
from crmdesk.ui.calls.form_view import CallFormView
from crmdesk.ui.calls.sheet import DRAFT_KIND, Sheet

log = logging.getLogger(__name__)

KEEP_MS = 3000  # a half-typed call is written down at least this often


class OpenSheets(QObject):
    """Holds the open calls and writes the half-typed ones down; the page shows the one that is ``turned`` to."""

    turned = Signal(object)  # the sheet somebody chose by its tab
    tabs_changed = Signal()

    def __init__(self, ctx: Context, form_view: CallFormView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.form_view = form_view
        self.sheets: list[Sheet] = []
        self.sheet = self.blank()
        self.writing = False  # our own change is under way: nothing is to be read again for it
        self._timer = QTimer(self)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self.keep)

    def blank(self, **values: Any) -> Sheet:
        """Return a new sheet for a call that begins."""
        rings = int(self.ctx.policy.number("CALL-01", "answer_rings"))
        taken = {sheet.key for sheet in self.sheets}
        stamp = f"{self.ctx.clock.now():%Y%m%dT%H%M%S%f}"
        key = next(k for k in (f"{stamp}{n or ''}" for n in range(len(taken) + 1)) if k not in taken)
        return Sheet(key, CallForm(rings=rings, **values))

    def restore(self) -> None:
        """Open what was half typed when the program ended (a crash, a power cut, the evening)."""
        for draft in reversed(drafts.find_drafts(self.ctx, DRAFT_KIND)):
            self.sheets.append(Sheet.from_payload(draft.key, draft.payload))
        if any(sheet.key == self.sheet.key for sheet in self.sheets):
            self.sheet = self.blank()  # a draft is never written over another one's

    def collect(self) -> None:
        """Take what is typed into the sheet in front."""
        self.sheet.form = self.form_view.form()
        self.sheet.region_suggested = self.form_view.region_suggested

    def tabs(self) -> list[Sheet]:
        """Return the sheets that have a tab."""
        return [sheet for sheet in self.sheets if not sheet.blank or sheet is self.sheet]

    def show_tabs(self) -> None:
        """Show the tabs over the form."""
        tabs = []
        for sheet in self.tabs():
            begun = sheet.form.started_at
            time = format_time(self.ctx.clock.local(begun)) if begun else ""
            tabs.append((sheet.key, f"{time} {sheet.title() or _('New call')}".strip()))
        self.form_view.tabs.set_tabs(tabs, self.sheet.key)
        self.tabs_changed.emit()

    def choose(self, key: str) -> None:
        """Turn to the sheet with this key."""
        wanted = next((sheet for sheet in self.sheets if sheet.key == key), None)
        if wanted is not None and wanted is not self.sheet:
            self.collect()
            self.keep()
            self.turned.emit(wanted)

    def next_tab(self) -> None:
        """Turn to the next open call (Ctrl+Tab)."""
        self._turn_tabs(1)

    def last_tab(self) -> None:
        """Turn to the open call before (Ctrl+Shift+Tab)."""
        self._turn_tabs(-1)

    def _turn_tabs(self, step: int) -> None:
        tabs = self.tabs()
        if len(tabs) > 1 and self.sheet in tabs:
            self.choose(tabs[(tabs.index(self.sheet) + step) % len(tabs)].key)

    def keep(self) -> None:
        """Write down what is half typed; when the data can't be reached it is tried again in a moment."""
        self.collect()
        try:
            for sheet in self.sheets:
                if sheet.unkept and sheet.state in ("draft", "read_back"):
                    self.writing = True
                    drafts.save_draft(self.ctx, DRAFT_KIND, sheet.key, sheet.payload())
                    sheet.kept = sheet.form
        except CrmError as error:
            log.warning("draft not kept: %s", type(error).__name__)
            return
        finally:
            self.writing = False
        self._timer.stop()

    def keep_soon(self) -> None:
        """Write down in a moment what is being typed."""
        if not self._timer.isActive():
            self._timer.start()

    def forget(self, sheet: Sheet) -> None:
        """Take a sheet from the desk: it is saved, or put away."""
        if sheet in self.sheets:
            self.sheets.remove(sheet)
        if sheet.kept is not None:
            try:
                drafts.drop_draft(self.ctx, DRAFT_KIND, sheet.key)
            except CrmError as error:
                log.warning("draft not dropped: %s", type(error).__name__)
