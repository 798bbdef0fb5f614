"""The stage of the tour: the running program, a person's hands on its keys and mouse, and a camera."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QInputMethodEvent, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import LANGUAGE_NAMES, language
from crmdesk.core.paths import user_data_dir
from crmdesk.ui import dialogs, errors, tasks, theme

PATIENCE = 30.0  # seconds until something awaited counts as broken
BEAT_MS = 2
HAND_MS = 60  # a scanner is faster than this, so the station can tell them apart
SHADE = QColor(0, 0, 0, 70)

Key, Mod = Qt.Key, Qt.KeyboardModifier


QUICK_PNG = 80  # Qt's measure: nearly as small as the smallest, in a third of the time


class TourFault(CrmError):
    """A step did not come out as it should."""


class _Eye(QObject):
    """Waits for modal boxes inside their own event loops, hands each to a step, and keeps what went wrong there."""

    def __init__(self, *acts: Callable[[QDialog], None]) -> None:
        super().__init__()
        self._acts = list(acts)
        self._last: QDialog | None = None
        self.error: BaseException | None = None
        self.seen = False
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QDialog) or not box.isVisible() or box is self._last:
            return
        self._last = box
        try:
            if self.error is None and not self._acts:
                raise TourFault(f"one box more than expected: {box.windowTitle()}")
            if self.error is None:
                self._acts.pop(0)(box)
        except BaseException as error:
            self.error = error  # the boxes after it are only closed
        if box.isVisible():
            box.reject()
        self.seen = not self._acts

    def stop(self) -> None:
        """Look no longer."""
        self._timer.stop()


class _Boxes(dialogs.QtProvider):
    """The program's own boxes; only the system's file box, which no test can drive, is answered from here."""

    def __init__(self) -> None:
        self.files: list[str] = []

    def open_file(self, owner: QWidget | None, title: str, filters: str) -> str | None:
        return self.files.pop(0) if self.files else None

    def save_file(self, owner: QWidget | None, title: str, name: str, filters: str) -> str | None:
        return self.files.pop(0) if self.files else None


class Stage:
    """What the steps work with. Nothing here calls a service: only keys, clicks, waiting and looking."""

    def __init__(self, app: QApplication, program: Any, clock: FixedClock, out: Path) -> None:
        self.app, self.program, self.clock, self.out = app, program, clock, out
        self.boxes = _Boxes()
        self.facts: dict[str, Any] = {}  # what later steps need: numbers of slips, codes on papers
        self.shots: list[str] = []
        self._name = ""
        self._count = 0
        self._kept: set[Path] = set()
        self._known_crash: QWidget | None = None

    # looking ----------------------------------------------------------------------------------------------------

    @property
    def window(self) -> Any:
        """The window in front: the main window of who is signed in, else the sign-in window."""
        window = self.program.window
        return window if window is not None and window.isVisible() else self.program.login

    def page(self, key: str) -> Any:
        """Return an open page; a fault when another one is shown."""
        shown = self.window.current_key
        if shown != key:
            raise TourFault(f"page {key!r} expected, {shown!r} is shown")
        return self.window.page(key)

    def begin(self, name: str) -> None:
        """Start a step: its name stands in the names of its pictures."""
        self._name, self.shots = name, []
        toast = getattr(self.window, "toast", None)
        if toast is not None:
            toast.hide()  # the tour is faster than a message that goes by itself

    def shoot(self, suffix: str = "") -> str:
        """Take a picture of what is on the screen and return its file name."""
        self.settle()
        picture = self._picture()
        self._count += 1
        name = f"{self._count:03d}-{self._name}{'-' + suffix if suffix else ''}.png"
        picture.save(str(self.out / name), "PNG", QUICK_PNG)
        self.shots.append(name)
        return name

    def _picture(self) -> QPixmap:
        window: QWidget = self.window
        picture = window.grab()
        box = QApplication.activeModalWidget()
        boxes = [w for w in (box, errors.crash_window()) if w is not None and w.isVisible()]
        if boxes:
            painter = QPainter(picture)
            for shown in boxes:
                area = QRect(QPoint(0, 0), shown.size())
                area.moveCenter(window.rect().center())
                painter.fillRect(window.rect(), SHADE)
                painter.drawPixmap(area, shown.grab())
                painter.setPen(theme.colour("line_strong"))
                painter.drawRect(area.adjusted(-1, -1, 0, 0))
            painter.end()
        return picture

    def new_papers(self) -> list[str]:
        """Copy the PDFs that were printed since the last call into the folder ``papers``; returns their names."""
        folder, names = self.out / "papers", []
        for path in sorted((user_data_dir() / "papers").rglob("*.pdf")):
            if path not in self._kept:
                self._kept.add(path)
                folder.mkdir(exist_ok=True)
                (folder / path.name).write_bytes(path.read_bytes())
                names.append(f"papers/{path.name}")
        return names

    # waiting ----------------------------------------------------------------------------------------------------

    def until(self, ready: Callable[[], object], what: str) -> None:
        """Let the program run until something has come; a fault after PATIENCE."""
        end = time.monotonic() + PATIENCE
        while not ready():
            if (crash := errors.crash_window()) is not None:
                raise TourFault(crash.report)
            if time.monotonic() > end:
                raise TourFault(f"waited in vain for: {what}")
            QTest.qWait(BEAT_MS)

    def settle(self) -> None:
        """Let everything that is under way come to rest: tasks, layouts, painting."""
        for _pass in range(4):  # a change goes up from layout to layout, one pass of the loop each
            self.app.processEvents()
        self.until(_idle, "work in the background")
        for _pass in range(2):
            self.app.processEvents()
        if QApplication.activeModalWidget() is None:  # outside an event loop nothing is thrown away by itself
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            self.app.processEvents()
        if (crash := errors.crash_window()) is not None and crash is not self._known_crash:
            self._known_crash = crash
            raise TourFault(crash.report)

    def rest(self) -> None:
        """Wait as long as a hand does between two keys; a scanner is faster."""
        QTest.qWait(HAND_MS)

    def later(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(minutes=minutes, seconds=seconds))

    # hands ------------------------------------------------------------------------------------------------------

    def target(self) -> QWidget:
        """Return what the keys go to."""
        found = QApplication.activeModalWidget()
        window = found if found is not None else self.window
        if not window.isActiveWindow():
            window.activateWindow()
            self.until(window.isActiveWindow, "the window to be active")
        return window.focusWidget() or window

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Mod.NoModifier, times: int = 1) -> None:
        """Press a key where the focus is."""
        for _press in range(times):
            QTest.keyClick(self.target(), key, modifier)
            self.app.processEvents()

    def write(self, text: str) -> None:
        """Type a text where the focus is; Chinese arrives whole, as an input method hands it over."""
        if text.isascii():
            QTest.keyClicks(self.target(), text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(self.target(), event)
        self.app.processEvents()

    def enter(self, text: str) -> None:
        """Type a text and press Enter: on to the next field."""
        self.write(text)
        self.press(Key.Key_Return)

    def fill(self, widget: QWidget, text: str) -> None:
        """Go to a field and write into it, in the place of what stood there."""
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.app.processEvents()
        if getattr(widget, "selectAll", None) is not None:
            widget.selectAll()  # type: ignore[attr-defined]  # every field has it
        if text:
            self.write(text)
        else:
            self.press(Key.Key_Delete)

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click a button, a row, a card."""
        if not widget.isVisible():
            raise TourFault(f"not to be seen: {type(widget).__name__} {widget.accessibleName()!r}")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Mod.NoModifier, place or widget.rect().center())
        self.app.processEvents()

    def scan(self, code: str) -> None:
        """Scan a code: a scanner types much faster than a hand, and ends with Enter."""
        QTest.keyClicks(self.target(), code)
        QTest.keyClick(self.target(), Key.Key_Return)
        self.app.processEvents()

    def with_box(self, do: Callable[[], None], *acts: Callable[[QDialog], None]) -> None:
        """Do something that opens a modal box, or several after each other, and work in each."""
        eye = _Eye(*acts)
        try:
            do()
            self.until(lambda: eye.seen or eye.error is not None, "a box")
        finally:
            eye.stop()
            eye.deleteLater()
        if eye.error is not None:
            raise eye.error

    def maybe_box(self, do: Callable[[], None], act: Callable[[QDialog], object], leave: Qt.Key) -> None:
        """Do something that may open a modal box; look at it and leave it with a key."""

        def look(box: QDialog) -> None:
            act(box)
            self.press(leave)

        eye = _Eye(look)
        try:
            do()
            self.settle()
        finally:
            eye.stop()
            eye.deleteLater()
        if eye.error is not None:
            raise eye.error

    def from_menu(self, do: Callable[[], None], word: str) -> None:
        """Do something that opens a menu, and take an entry of it with the keyboard."""
        timer = QTimer()
        timer.setInterval(BEAT_MS)
        missing: list[str] = []
        end = time.monotonic() + PATIENCE

        def look() -> None:
            menu = QApplication.activePopupWidget()
            if menu is not None and time.monotonic() > end:
                menu.close()  # what is no menu would be waited for without end
            if not isinstance(menu, QMenu):
                return
            timer.stop()
            entry = next((entry for entry in menu.actions() if word in entry.text()), None)
            if entry is None:
                missing.append(", ".join(entry.text() for entry in menu.actions()))
                menu.close()
                return
            menu.setActiveAction(entry)
            QTest.keyClick(menu, Key.Key_Return)

        timer.timeout.connect(look)
        timer.start()
        do()
        self.until(lambda: not timer.isActive(), f"a menu with {word!r}")
        self.check(not missing, f"{word!r} in the menu: {missing}")

    def check(self, fine: object, what: str) -> None:
        """Make sure of something a person would see."""
        if not fine:
            raise TourFault(f"expected: {what}")

    # the house --------------------------------------------------------------------------------------------------

    def sign_in(self, login: str, password: str) -> None:
        """Choose a person on the sign-in window and type the password."""
        pane = self.program.login.sign_in
        names = [person.login for person in pane.tiles.people()]
        self.program.login.activateWindow()
        pane.focus_people()
        self.app.processEvents()
        QTest.keyClick(pane.tiles, Qt.Key(Key.Key_1 + names.index(login)))
        QTest.keyClicks(pane.password, password)

    def switch_to(self, login: str, password: str) -> None:
        """Let another person work: Ctrl+U, their digit, their password."""
        if self.program.user is not None and self.program.user.login == login and self.window is self.program.window:
            return
        if self.window is not self.program.login:
            self.press(Key.Key_U, Mod.ControlModifier)
            self.until(self.program.login.isVisible, "the sign-in window")
        self.sign_in(login, password)
        self.press(Key.Key_Return)
        self.until(lambda: self._works(login), f"{login} at work")
        self.settle()

    def _works(self, login: str) -> bool:
        user, window = self.program.user, self.program.window
        return user is not None and user.login == login and window is not None and window.isVisible()

    def choose_language(self, code: str) -> None:
        """Take another language from the user menu."""
        self.click(self.window.top.user)
        menu = self.window.menu
        self.until(menu.isVisible, "the user menu")
        languages = next(entry for entry in menu.actions() if entry.menu() is not None).menu()
        names = list(LANGUAGE_NAMES)
        menu.close()
        languages.actions()[names.index(code)].trigger()
        self.until(lambda: language() == code, f"the language {code}")
        self.settle()

    def go(self, key: str) -> Any:
        """Open a desk with a click on the rail and return its page."""
        for item in self.window.rail.findChildren(QWidget):
            if getattr(item, "key", "") == key and item.isVisible():
                self.click(item)
                break
        else:
            raise TourFault(f"no desk {key!r} in the rail")
        self.settle()
        return self.page(key)


def _idle() -> bool:
    return not tasks.running()
