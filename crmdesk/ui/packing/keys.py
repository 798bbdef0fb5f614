"""Number keys beside a scanner: a scan is full of digits too, so a digit counts when nothing follows at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

QUIET_MS = 70  # longer than a scanner's step, shorter than anybody notices
STEP_MS = 50


class KeyGuard(QObject):
    """Tells digits and Enter pressed by a hand from those of a scanner."""

    digit = Signal(int)
    enter = Signal()

    def __init__(self, parent: QObject, now: Callable[[], int] | None = None) -> None:
        super().__init__(parent)
        self._clock = QElapsedTimer()
        self._clock.start()
        self.now = now or self._elapsed  # milliseconds; replaced in tests
        self._last = -10 * STEP_MS
        self._digit = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._quiet)

    def _elapsed(self) -> int:
        return self._clock.elapsed()

    def take(self, event: QKeyEvent) -> bool:
        """Take a key press; returns whether it was a digit, an Enter or a part of a scan."""
        text = event.text()
        now = self.now()
        fast = now - self._last <= STEP_MS
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._timer.stop()
            if not fast:
                self.enter.emit()
            return True
        modified = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if len(text) != 1 or not text.isprintable() or modified:
            return False
        self._last = now
        self._timer.stop()
        if text in "123456789" and not fast:
            self._digit = int(text)
            self._timer.start()
        return True

    def stop(self) -> None:
        """Forget a digit that has not counted yet."""
        self._timer.stop()

    def _quiet(self) -> None:
        self.digit.emit(self._digit)
