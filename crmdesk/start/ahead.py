"""Makes ready while somebody is still typing the password, so that the window comes at once.

First the code of the landing page, then, in a thread, the board that page will read, and meanwhile the other desks.
Writing down what a board reads costs far more than reading it, and is kept: whoever signs in finds it done.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer

from crmdesk.core.errors import CrmError
from crmdesk.start.desk_window import person_ctx

log = logging.getLogger(__name__)

#: What the landing page needs and the sign-in window doesn't; imported between two key presses.
FIRST = (
    "crmdesk.ui.shell", "crmdesk.ui.main_window", "crmdesk.ui.tasks", "crmdesk.ui.opening", "crmdesk.ui.today.page",
)  # fmt: skip
#: The other desks, the heaviest last.
NAMES = (
    *FIRST, "crmdesk.services.papers",
    "crmdesk.ui.calls.page", "crmdesk.ui.reception.page", "crmdesk.ui.sales.page",
    "crmdesk.ui.packing.page", "crmdesk.ui.repairs.page", "crmdesk.ui.complaints.page", "crmdesk.ui.customers.page",
    "crmdesk.ui.month.page", "crmdesk.ui.settings.page", "crmdesk.ui.desks",
)  # fmt: skip
PAUSE_MS = 25  # between two of them, for the keys


class _FirstBoard(QThread):
    """Reads the board of who will probably sign in; what it reads is thrown away, how it is read stays known."""

    def __init__(self, ctx: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx

    def run(self) -> None:
        from crmdesk.services.today import get_board

        try:
            get_board(self._ctx)
        except CrmError as error:  # the page that reads it says so, to somebody who is there
            log.info("first board: %s", type(error).__name__)


class MadeAhead(QObject):
    """One import at a time, a pause for the keys between two; ends when somebody has signed in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[str] = list(NAMES)
        self._first = set(FIRST)
        self._ctx: Any = None
        self._thread: _FirstBoard | None = None

    def begin(self, ctx: Any, people: Iterable[Any], login: str) -> None:
        """Import one after the other from now on; ``login`` is of whom the sign-in window has chosen."""
        self._ctx = person_ctx(ctx, people, login)
        QTimer.singleShot(PAUSE_MS, self._import_next)

    def end(self) -> None:
        """Make nothing more ready: whoever needs it imports it now. A reading that runs is waited for."""
        self._waiting = []
        if self._thread is not None:
            self._thread.wait()
            self._thread.deleteLater()
            self._thread = None

    def _import_next(self) -> None:
        if not self._waiting:
            return
        name = self._waiting.pop(0)
        if importlib.util.find_spec(name) is not None:  # a desk may be left out of a build
            importlib.import_module(name)
        self._first.discard(name)
        if not self._first and self._thread is None and self._ctx is not None:
            self._thread, self._ctx = _FirstBoard(self._ctx, self), None
            self._thread.start()
        QTimer.singleShot(PAUSE_MS, self._import_next)
