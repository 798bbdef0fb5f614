"""Says the reminders of this PC: as a short message in the window, and by the system's tray where there is one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon

from crmdesk.core.i18n import _, dotted, ngettext
from crmdesk.services import reminders
from crmdesk.services.context import Context
from crmdesk.services.reminders import Memory
from crmdesk.services.today import Board
from crmdesk.ui import icons

NAME = "reminders"  # where this PC remembers them, in its settings


class Reminders(QObject):
    """Belongs to one main window; ``look`` is called each minute and after every change."""

    def __init__(self, window: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self.tray: QSystemTrayIcon | None = None
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.tray = QSystemTrayIcon(icons.icon("list-checks", "accent"), self)
            self.tray.activated.connect(self._show_window)
            self.tray.messageClicked.connect(self._show_today)
            self.tray.show()

    def look(self, ctx: Context, board: Board) -> None:
        """Say what has come since this PC looked last, each step and each summary once."""
        self._show_count(board)
        if not self._window.isVisible():
            return  # locked: it is said when somebody is back
        kept = ctx.settings.windows.get(NAME, {})
        said = reminders.speak(ctx, board, _read(kept))
        ctx.settings.windows[NAME] = _plain(said.memory)
        if said.text:
            self._window.shell.remember()
            self._window.notify(said.text, said.tone)
            if self.tray is not None and not self._window.isActiveWindow():
                self.tray.showMessage("CRM Desk", said.text)

    def _show_count(self, board: Board) -> None:
        if self.tray is None:
            return
        late, due = board.count("overdue"), board.count("today")
        words = [
            ngettext("{count} overdue", "{count} overdue", late).format(count=late),
            ngettext("{count} due today", "{count} due today", due).format(count=due),
        ]
        self.tray.setToolTip(_("CRM Desk: {counts}").format(counts=dotted(*words)))

    def _show_window(self, reason: object) -> None:
        if self._window.isVisible():  # a locked one stays behind the password
            self._window.raise_()
            self._window.activateWindow()

    def _show_today(self) -> None:
        self._show_window(None)
        if self._window.isVisible():
            self._window.show_page("today")


def _read(kept: dict[str, str]) -> Memory:
    """Read what was remembered; what can't be read is as good as nothing."""
    try:
        return Memory(
            datetime.fromisoformat(kept["seen"]) if kept.get("seen") else None,
            date.fromisoformat(kept["opened"]) if kept.get("opened") else None,
            date.fromisoformat(kept["closed"]) if kept.get("closed") else None,
        )
    except (ValueError, TypeError):
        return Memory()


def _plain(memory: Memory) -> dict[str, str]:
    return {
        "seen": memory.seen.isoformat() if memory.seen else "",
        "opened": memory.opened.isoformat() if memory.opened else "",
        "closed": memory.closed.isoformat() if memory.closed else "",
    }
