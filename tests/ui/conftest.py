"""What all window tests share: a dressed application, strict fake boxes, and guards against what is left behind."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.core import i18n
from crmdesk.ui import dialogs, language, tasks, theme

_dressed: list[bool] = []


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[Callable[..., None]]:
    """The application in the light look and English; call it to change: ``look(dark=True, language="zh_TW")``."""

    def dress(*, dark: bool | None = None, language_code: str = "", **more: Any) -> None:
        code = language_code or more.get("language", "")
        if code:
            language.switch(qapp, code)
        if dark is not None:
            theme.apply(qapp, dark=dark)

    if not _dressed:
        theme.apply(qapp, dark=False, scale=100)
        _dressed.append(True)
    yield dress
    if theme.current().dark:
        theme.apply(qapp, dark=False)
    if i18n.language() != "en":
        language.switch(qapp, "en")


@pytest.fixture(autouse=True)
def _nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window, a running task or a timer of the application behind."""
    before = {id(w) for w in qapp.topLevelWidgets()}
    yield
    tasks.stop_all()
    settle(qapp)
    left = _windows(qapp, before)
    if left:
        gc.collect()  # a window may only wait in a reference cycle of the test's own names
        settle(qapp)
        left = _windows(qapp, before)
    names = [f"{type(w).__name__} {w.windowTitle()!r}" for w in left]
    for window in left:
        window.close()
        window.deleteLater()
    settle(qapp)
    assert not names, f"windows left behind: {names}"
    assert not tasks.running(), "tasks left running"
    timers = [t for t in qapp.findChildren(QTimer) if t.isActive()]
    for timer in timers:
        timer.stop()  # only the guilty test fails
    assert not timers, "timers left running"


def _windows(app: QApplication, before: set[int]) -> list[QWidget]:
    return [w for w in app.topLevelWidgets() if shiboken6.isValid(w) and w.parent() is None and id(w) not in before]


def settle(app: QApplication) -> None:
    """Let deferred deletions and queued calls happen."""
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.processEvents()


@pytest.fixture(autouse=True)
def _no_unplanned_box(qapp: QApplication) -> Iterator[None]:
    """Reject any real modal box at once and fail the test: it would hang for ever."""
    seen: list[str] = []
    timer = QTimer()
    timer.setInterval(40)

    def look_for_box() -> None:
        box = QApplication.activeModalWidget()
        if box is not None and not box.property("planned"):
            seen.append(f"{type(box).__name__} {box.windowTitle()!r}")
            box.close()

    timer.timeout.connect(look_for_box)
    timer.start()
    yield
    timer.stop()
    assert not seen, f"unplanned boxes: {seen}"


class Boxes:
    """A strict fake for crmdesk.ui.dialogs: an unplanned box fails, an unused answer fails."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []  # (kind, text), for looking at the sentences
        self._answers: list[tuple[str, Any]] = []

    def expect_inform(self) -> None:
        """Plan a box that tells something."""
        self._answers.append(("inform", None))

    def expect_ask(self, answer: bool) -> None:
        """Plan a yes-or-no question and its answer."""
        self._answers.append(("ask", answer))

    def expect_choose(self, value: Any) -> None:
        """Plan a choice and the value taken."""
        self._answers.append(("choose", value))

    def expect_text(self, text: str | None) -> None:
        """Plan a question for a text; None is Cancel."""
        self._answers.append(("get_text", text))

    def expect_file(self, path: str | None) -> None:
        """Plan a file box, for reading or writing."""
        self._answers.append(("file", path))

    def _answer(self, kind: str, text: str) -> Any:
        self.asked.append((kind, text))
        if not self._answers or self._answers[0][0] != kind:
            raise AssertionError(f"unplanned box: {kind} {text!r}")
        return self._answers.pop(0)[1]

    def inform(self, owner: QWidget | None, text: str) -> None:
        self._answer("inform", text)

    def ask(self, owner: QWidget | None, question: str, yes: str, no: str, danger: bool) -> bool:
        return bool(self._answer("ask", question))

    def choose(self, owner: QWidget | None, question: str, choices: dialogs.Choices) -> Any:
        value = self._answer("choose", question)
        assert value is None or value in [v for v, _w in choices], f"{value!r} is not offered"
        return value

    def get_text(self, owner: QWidget | None, prompt: str, text: str, required: bool, kind: str) -> str | None:
        answer = self._answer("get_text", prompt)
        assert answer is None or answer.strip() or not required, "this box does not close while empty"
        return answer

    def open_file(self, owner: QWidget | None, title: str, filters: str) -> str | None:
        return self._answer("file", title)

    def save_file(self, owner: QWidget | None, title: str, name: str, filters: str) -> str | None:
        return self._answer("file", title)

    def unused(self) -> list[tuple[str, Any]]:
        """Return answers nobody asked for."""
        return self._answers


@pytest.fixture(autouse=True)
def boxes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Boxes]:
    """Strict fake boxes; plan each one with ``expect_…`` before it comes."""
    fake = Boxes()
    monkeypatch.setattr(dialogs, "provider", fake)
    yield fake
    assert not fake.unused(), f"boxes planned but not shown: {fake.unused()}"


@pytest.fixture
def freed(qapp: QApplication) -> Callable[[Callable[[], QWidget]], None]:
    """Check that a window is really gone once it was closed and let go: ``freed(lambda: CallPage(ctx))``."""

    def check(make: Callable[[], QWidget]) -> None:
        window = make()
        window.show()
        settle(qapp)
        seen = weakref.ref(window)
        window.close()
        window.deleteLater()
        settle(qapp)
        assert not shiboken6.isValid(window), "still there after close"
        del window
        settle(qapp)
        gc.collect()
        assert seen() is None, f"held by {[type(r).__name__ for r in gc.get_referrers(seen())]}"

    return check
