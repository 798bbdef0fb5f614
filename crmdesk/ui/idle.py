"""Locks the screen when nobody has touched keyboard or mouse for the minutes of this PC's settings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from crmdesk.core.settings import Settings

ASK_AGAIN_MS = 15_000
_ACTIVITY = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    )
)


class IdleWatch(QObject):
    """``idle`` after the minutes of ``settings.lock_after_minutes``; 0 never locks; changes hold at the next key."""

    idle = Signal()

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__()
        self._app, self._settings = app, settings
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.time_is_up)

    def start(self) -> None:
        """Begin to watch."""
        self.stop()
        self._app.installEventFilter(self)
        self._begin()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        self._app.removeEventFilter(self)

    def _begin(self) -> None:
        minutes = self._settings.lock_after_minutes
        if minutes > 0:
            self._timer.start(minutes * 60_000)
        else:
            self._timer.stop()

    def time_is_up(self) -> None:
        """Lock, unless a question is open: hiding it would answer it."""
        if QApplication.activeModalWidget() is not None:
            self._timer.start(ASK_AGAIN_MS)
            return
        self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY:
            self._begin()
        return False
