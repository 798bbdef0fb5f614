"""Scanners type like very fast hands and end with Enter: this tells them from people by the time between keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.ui.widgets.edits import PasswordEdit

STEP_MS = 50  # no two keys of a scanner lie further apart
LEAST = 4  # shorter "codes" are a person hitting Enter


class ScanCatcher(QObject):
    """Watches the keys of a widget's window (or the whole application) and emits ``scanned(code)``.

    The characters of a scan also reach the field that has the focus; on the Enter of a scan the catcher takes them out
    of it again and swallows the Enter, so nothing is typed into a note by a scanner. A scanner behind an active input
    method arrives as one committed text followed by Enter: that counts as a scan as well. ``now`` returns
    milliseconds and is replaced in tests.
    """

    scanned = Signal(str)

    def __init__(self, target: QApplication | QWidget, now: Callable[[], int] | None = None) -> None:
        super().__init__(target)
        self._target = target
        self._timer = QElapsedTimer()
        self._timer.start()
        self._now = now or self._elapsed
        self._text = ""
        self._last = -STEP_MS * 10
        self.enabled = True
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def _elapsed(self) -> int:
        return self._timer.elapsed()

    def _concerns(self, watched: QObject) -> bool:
        if isinstance(watched, QWindow) or not isinstance(watched, QWidget):
            return False  # each key passes the window first: count it once, at the widget
        if isinstance(self._target, QApplication):
            return watched.isWindow() or watched is QApplication.focusWidget()
        if not self._target.isVisible() or watched.window() is not self._target.window():
            return False
        return watched is (QApplication.focusWidget() or self._target)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if not self.enabled or kind not in (QEvent.Type.KeyPress, QEvent.Type.InputMethod):
            return False
        if isinstance(watched, PasswordEdit):
            return False  # a password typed fast is no code: it would be kept and shown as one
        if not self._concerns(watched):
            return False
        if kind == QEvent.Type.InputMethod:
            committed = event.commitString()  # type: ignore[attr-defined]  # an event of this kind has it
            if committed:
                self._add(committed, self._now())
            return False
        return isinstance(event, QKeyEvent) and self._key(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        now = self._now()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            code, self._text = self._text, ""
            if len(code) >= LEAST and now - self._last <= STEP_MS:
                self._take_out(watched, code)
                self.scanned.emit(code)
                return True
            return False
        text = event.text()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if len(text) == 1 and text.isprintable() and plain:
            self._add(text, now)
        elif event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock):
            self._text = ""
        return False

    def _add(self, text: str, now: int) -> None:
        self._text = (self._text if now - self._last <= STEP_MS else "") + text
        self._last = now

    def _take_out(self, watched: QObject, code: str) -> None:
        """Remove the scanned characters from the field they fell into."""
        from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

        if isinstance(watched, QLineEdit) and not watched.isReadOnly():
            place = watched.cursorPosition()
            if watched.text()[:place].endswith(code):
                watched.setText(watched.text()[: place - len(code)] + watched.text()[place:])
                watched.setCursorPosition(place - len(code))
        elif isinstance(watched, QPlainTextEdit) and not watched.isReadOnly():
            cursor = watched.textCursor()
            cursor.movePosition(cursor.MoveOperation.Left, cursor.MoveMode.KeepAnchor, len(code))
            if cursor.selectedText() == code:
                cursor.removeSelectedText()
