"""Ten fingers at the receptionist's PC: the whole program, driven by keys alone; for a test, or a process to kill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QDeadlineTimer, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from crmdesk.app import Program
from crmdesk.core.clock import FixedClock
from crmdesk.core.rings import Ring
from crmdesk.core.settings import Settings
from crmdesk.ui.widgets import Chip
from tests.helpers.office import PASSWORD

Enter, Key = Qt.Key.Key_Return, Qt.Key
Ctrl, Alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Plain = Qt.KeyboardModifier.NoModifier
LONG, STEP = 20_000, 2  # milliseconds: what a busy machine may take, and how often one looks


def wait_until(condition: Callable[[], bool]) -> None:
    """Let the program go on until something is so."""
    end = QDeadlineTimer(LONG)
    while not condition():
        assert not end.hasExpired(), condition
        QTest.qWait(STEP)


class Reception:
    """Ten fingers at the receptionist's PC, and the telephone program that rings through the door."""

    def __init__(self, app: QApplication, clock: FixedClock, url: str) -> None:
        self.clock = clock
        self._heard: set[str] = set()
        settings = Settings(language="en", database_url=url, sounds=False)
        settings.windows["configured"] = True
        self.program = Program(app, settings, clock)
        self.program._when_idle = lambda: None  # type: ignore[method-assign]  # the daily backup is made already
        self.program.ready.connect(self._is_ready)
        self.program.signed_in.connect(self._heard.add)
        self.program.start()
        self._wait("ready")

    def _is_ready(self) -> None:
        self._heard.add("ready")

    def _wait(self, word: str) -> None:
        def heard() -> bool:
            return word in self._heard

        wait_until(heard)

    def close(self) -> None:
        if self.program.app is not None:
            self.program.close()
            self.program.app = None
            QApplication.processEvents()

    def sign_in(self, login: str) -> None:
        pane = self.program.login.sign_in
        pane.tiles.choose([p.login for p in pane.tiles.people()].index(login))
        QTest.keyClicks(pane.password, PASSWORD)
        QTest.keyClick(pane.password, Enter)
        self._wait(login)
        self._to_front()

    def _to_front(self) -> None:
        self.program.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.program.window)

    @property
    def page(self) -> Any:
        return self.program.window.page("calls")

    @property
    def sheet(self) -> Any:
        return self.page.held.sheet

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Plain) -> None:
        window = self.program.window
        QTest.keyClick(window.focusWidget() or window, key, modifier)
        QApplication.processEvents()

    def press_and_leave(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Plain) -> None:
        """Press a key that opens a window of its own, and close that with Escape."""
        QTimer.singleShot(STEP, self._leave_box)
        self.press(key, modifier)
        self._to_front()

    def _leave_box(self) -> None:
        box = QApplication.activeModalWidget()
        if box is not None and box.isActiveWindow():
            QTest.keyClick(box.focusWidget() or box, Key.Key_Escape)
        if box is None or box.isVisible():
            QTimer.singleShot(STEP, self._leave_box)

    def type(self, text: str) -> None:
        """Type where the focus is; Chinese arrives whole, as from an input method."""
        target: Any = self.program.window.focusWidget()
        target = target.lineEdit() if hasattr(target, "lineEdit") else target
        if text.isascii():
            QTest.keyClicks(target, text)
        else:
            getattr(target, "insertPlainText", getattr(target, "insert", None))(text)
            if isinstance(target, QLineEdit):
                target.textEdited.emit(target.text())
        QApplication.processEvents()

    def walk_to(self, field: QWidget) -> None:
        """Tab until the focus is in a field."""
        for _step in range(20):
            focus = self.program.window.focusWidget()
            if focus is not None and (focus is field or field.isAncestorOf(focus)):
                return
            self.press(Key.Key_Tab)
        raise AssertionError("no way there by keys")

    def ring(self, number: str, name: str = "") -> None:
        self.program.rings.take(Ring(number, name))
        self.program.rings._show_timer.stop()
        self.program.rings._show()

    def answer(self, number: str, name: str = "") -> None:
        self.ring(number, name)
        self.press(Key.Key_F2)
        assert not self.program.rings.waiting and self.program.window.current_key == "calls"

    def reason(self, words: str) -> None:
        """From the matter back to the reason, and on."""
        self.press(Key.Key_Backtab)
        self.type(words)
        self.press(Enter)

    def stranger(self, name: str, matter: str) -> None:
        """Write down whom nobody knows yet: name, place, why, what."""
        self.press(Enter)  # the number stands there
        if name:
            self.type(name)
        self.press(Enter)
        if not self.sheet_value("region"):
            self.type("臺中")
        self.press(Enter)
        self.type("問貨")
        self.press(Enter)
        self.type(matter)

    def sheet_value(self, name: str) -> Any:
        return getattr(self.page.form_view.form(), name)

    def turn_to(self, name: str, value: str) -> None:
        """Ctrl+Tab to the open call that says so."""
        for _tab in self.page.held.tabs():
            if self.sheet_value(name) == value:
                return
            self.press(Key.Key_Tab, Ctrl)
        assert self.sheet_value(name) == value

    def complete(self) -> None:
        """Ctrl+Enter jumps to what is not read back yet, Space ticks it; the last one completes the call."""
        sheet = self.sheet
        for _tick in range(6):
            self.press(Enter, Ctrl)
            if sheet.state == "done":
                return
            assert isinstance(self.program.window.focusWidget(), Chip), self.page.form_view.who.errors()
            self.press(Key.Key_Space)
        raise AssertionError("not complete")
