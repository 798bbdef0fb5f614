"""Where a record opens, what Ctrl+K finds, and how many wait at each desk: the frame's door to the services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer

from crmdesk.core.errors import CrmError
from crmdesk.rules.checklists import CLOSING
from crmdesk.services import counts, search
from crmdesk.services.context import Context
from crmdesk.services.today import Board, get_board
from crmdesk.ui.checklists.closing_offer import wants_list
from crmdesk.ui.packing.calls import HelpCalls
from crmdesk.ui.today.reminders import Reminders
from crmdesk.ui.widgets.search_box import Match

#: kind of record -> (page, name of its argument)
PAGE_OF = {
    "customer": ("customers", "id"),
    "call": ("calls", "id"),
    "letter": ("calls", "letter_id"),
    "visit": ("reception", "id"),
    "sale": ("sales", "id"),
    "packing": ("packing", "id"),
    "repair": ("repairs", "id"),
    "complaint": ("complaints", "id"),
    "item": ("items", "id"),
    "month": ("month", "id"),
    "checklist": ("checklists", "id"),
}
ICON_OF = {
    "customer": "user", "call": "phone", "letter": "mail", "visit": "door-open", "sale": "shopping-bag",
    "packing": "package-check", "repair": "wrench", "complaint": "message-square-warning", "item": "gem",
}  # fmt: skip

AFTER_PAINT_MS = 60  # the window is there first, its counts a moment later
A_SECOND_MS = 1000
MINUTE_MS = 60_000  # what is due becomes late without anybody saving


class Opener(QObject):
    """Belongs to one main window; ``window`` is set once it is made."""

    def __init__(self, ctx: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("opener")
        self._ctx = ctx
        self.window: Any = None
        self._minute = QTimer(self)
        self._minute.timeout.connect(self._tick)

    def begin(self, window: Any) -> None:
        """Belong to a main window from now on and keep its counts."""
        self.setParent(window)
        self.window = window
        self._calls = HelpCalls(self, window)
        self._reminders = Reminders(window, self)
        self._minute.start(MINUTE_MS)
        window.refreshed.connect(self.count)
        QTimer.singleShot(AFTER_PAINT_MS, self.count)

    def _tick(self) -> None:
        """Count again as time goes by; the board on the screen says how many minutes are left."""
        self.count()
        if self.window.current_key != counts.TODAY:
            return
        try:
            self.window.page(counts.TODAY).refresh()
        except CrmError:
            return  # as above

    def count(self) -> None:
        """Show at each desk how many wait, and what is late or due today in the top line."""
        try:
            board = get_board(self.ctx)
            desks = counts.desks_of(self.ctx, board)
            self._reminders.look(self.ctx, board)
        except CrmError:
            return  # the banner speaks of the cable already; the next minute counts again
        self._minute.start(self._until_next(board))
        self.window.set_counts({key: (desk.waiting, desk.late > 0) for key, desk in desks.items()})
        self.window.set_due(desks[counts.TODAY].late, desks[counts.TODAY].today)
        self._calls.look()

    def _until_next(self, board: Board) -> int:
        """Return after how many milliseconds the next task is late, a minute at most: a guest waits by the second."""
        now = self.ctx.clock.now()
        ahead = (task.due_at - now for task in board.tasks if task.due_at >= now)
        soonest = min(ahead, default=timedelta(milliseconds=MINUTE_MS))
        return min(MINUTE_MS, max(A_SECOND_MS, int(soonest.total_seconds() * 1000) + 1))

    @property
    def ctx(self) -> Context:
        """The context of the window's person, with the office as it is now."""
        return self.window.shell.ctx if self.window is not None else self._ctx

    def search(self, text: str) -> list[Match]:
        """Return what Ctrl+K finds for a typed text."""
        try:
            hits = search.find_anything(self.ctx, text)
        except CrmError as error:
            self._tell(error)
            return []
        return [Match(hit.title, hit.detail, icon=ICON_OF.get(hit.kind, "search"), record=hit) for hit in hits]

    def open_match(self, match: Match) -> None:
        """Open what was taken from the list."""
        self.open_record(match.record.kind, match.record.record_id)

    def open_code(self, text: str) -> bool:
        """Open the record of a scanned or typed code; False when nothing bears it."""
        try:
            hit = search.open_code(self.ctx, text)
        except CrmError as error:
            self._tell(error)
            return True
        return hit is not None and self.open_record(hit.kind, hit.record_id)

    def open_record(self, kind: str, record_id: int) -> bool:
        """Open a record on its desk."""
        page, name = PAGE_OF.get(kind, ("", ""))
        return bool(page) and bool(self.window.show_page(page, **{name: record_id}))

    def show_clause(self, clause: str) -> None:
        """Open the regulation on a clause."""
        self.window.show_page("regulation", clause=clause)

    def clause_text(self, clause: str) -> str:
        """Return the text of a clause for F1, of packs the office doesn't work by too; the id when no pack has it."""
        policy = self.ctx.policy
        return policy.text(clause) if clause in policy.everything else clause

    def may_close(self) -> bool:
        """Whether the window closes now; near closing time the closing list is offered first (CALL-13)."""
        if self.window is None or not wants_list(self.window, self.ctx):
            return True
        self.window.show_page("checklists", key=CLOSING)
        return False

    def _tell(self, error: CrmError) -> None:
        self.window.notify(error.message, "danger")
