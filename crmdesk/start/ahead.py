"""Imports the code of the desks while somebody is still typing the password, so that the window comes at once."""

from __future__ import annotations

import importlib.util

from PySide6.QtCore import QObject, QTimer

#: What the main window needs and the sign-in window doesn't; imported between two key presses, the heaviest last.
NAMES = (
    "crmdesk.ui.shell", "crmdesk.ui.main_window", "crmdesk.ui.tasks", "crmdesk.services.papers", "crmdesk.ui.opening",
    "crmdesk.ui.calls.page", "crmdesk.ui.reception.page", "crmdesk.ui.sales.page",
    "crmdesk.ui.packing.page", "crmdesk.ui.repairs.page", "crmdesk.ui.complaints.page", "crmdesk.ui.customers.page",
    "crmdesk.ui.month.page", "crmdesk.ui.settings.page", "crmdesk.ui.desks",
)  # fmt: skip
PAUSE_MS = 25  # between two of them, for the keys


class ImportsAhead(QObject):
    """One import at a time, a pause for the keys between two; ends when somebody has signed in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[str] = list(NAMES)

    def begin(self) -> None:
        """Import one after the other from now on."""
        QTimer.singleShot(PAUSE_MS, self._import_next)

    def end(self) -> None:
        """Import nothing more: whoever needs it imports it now."""
        self._waiting = []

    def _import_next(self) -> None:
        if self._waiting:
            name = self._waiting.pop(0)
            if importlib.util.find_spec(name) is not None:  # a desk may be left out of a build
                importlib.import_module(name)
            QTimer.singleShot(PAUSE_MS, self._import_next)
