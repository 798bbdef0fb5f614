"""Long work off the GUI thread: one worker, answers on the GUI thread, nothing said to an owner that is gone.

``run(owner, work, done, failed, title=…)``; ``work(progress)`` runs on the worker and may call
``progress.report(done, total)``, which raises ``Cancelled`` once Cancel was pressed. After 300 ms a strip with a bar,
the number and Cancel appears in the owner's window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Card
from crmdesk.ui.widgets.figures import Progress as Bar
from crmdesk.ui.widgets.labels import Label
from crmdesk.ui.widgets.messages import free_place

SHOW_AFTER_MS = 300


class Cancelled(Exception):
    """The user pressed Cancel; raised inside the work, which leaves by it and rolls back."""


class Progress:
    """How far the work is; handed to the work."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._tell = tell
        self._stop = threading.Event()
        self._last = -1

    @property
    def cancelled(self) -> bool:
        """Whether Cancel was pressed."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()

    def report(self, done: int, total: int = 0) -> None:
        """Say how far the work is; raises Cancelled when it shall stop."""
        if self._stop.is_set():
            raise Cancelled
        part = done * 200 // total if total else done // 100
        if part != self._last:  # half a percent at a time: not every row wakes the window
            self._last = part
            self._tell(done, total)


class _Worker(QRunnable):
    def __init__(self, task: Task) -> None:
        super().__init__()
        self._task = task
        self.setAutoDelete(True)

    def run(self) -> None:
        task = self._task
        try:
            result = task.work(task.progress)
        except Cancelled:
            task.ended.emit("cancelled", None)
        except Exception as error:  # handed to the GUI thread, which tells known errors from bugs
            task.ended.emit("failed", error)
        else:
            task.ended.emit("done", result)


class Task(QObject):
    """One piece of work under way."""

    ended = Signal(str, object)
    moved = Signal(int, int)
    finished = Signal()

    def __init__(
        self, owner: QWidget, work: Callable[[Progress], Any], done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None, title: str, cancellable: bool,
    ) -> None:  # fmt: skip
        super().__init__()
        self.owner, self.work, self.done, self.failed = owner, work, done, failed
        self.title, self.cancellable = title, cancellable
        self.progress = Progress(self.moved.emit)
        self.strip: TaskStrip | None = None
        self.state = "running"
        self.ended.connect(self._ended, Qt.ConnectionType.QueuedConnection)
        self.moved.connect(self._moved, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show)
        self._timer.start(SHOW_AFTER_MS)

    def cancel(self) -> None:
        """Ask the work to stop."""
        self.progress.cancel()
        if self.strip is not None:
            self.strip.stopping()

    def _show(self) -> None:
        if self.state == "running" and shiboken6.isValid(self.owner):
            self.strip = TaskStrip(self)

    @Slot(int, int)
    def _moved(self, done: int, total: int) -> None:
        if self.strip is not None and shiboken6.isValid(self.strip):
            self.strip.set(done, total)

    @Slot(str, object)
    def _ended(self, state: str, result: Any) -> None:
        self._timer.stop()
        self.state = state
        _running.discard(self)
        if self.strip is not None and shiboken6.isValid(self.strip):
            self.strip.hide()
            self.strip.deleteLater()
        self.strip = None
        try:
            if shiboken6.isValid(self.owner):
                self._answer(state, result)
        finally:
            self.work = self.done = self.failed = None  # type: ignore[assignment]  # over: what they hold may go
            self.finished.emit()

    def _answer(self, state: str, result: Any) -> None:
        if state == "done" and self.done is not None:
            self.done(result)
        elif state == "failed":
            if self.failed is not None:
                self.failed(result)
            else:
                from crmdesk.ui import errors

                errors.show_error(self.owner, result)


class TaskStrip(QFrame):
    """What is going on, a bar with a number, and Cancel; over the foot of the owner's window."""

    def __init__(self, task: Task) -> None:
        super().__init__(task.owner.window())
        self._task = task
        card = Card(margins=(16, 10, 12, 10), spacing=6)
        frame = QHBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(card)
        self.bar = Bar()
        self.bar.setFixedWidth(280)
        self.number = Label("", "label", "muted")
        self.number.setMinimumWidth(96)
        self.button = Button(_("Cancel"), size="row")
        self.button.clicked.connect(task.cancel)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(Label(task.title, "strong"))
        line.addWidget(self.bar)
        line.addWidget(self.number)
        line.addWidget(self.button)
        card.body.addLayout(line)
        self.button.setVisible(task.cancellable)  # not before it has its place: alone it would be a window
        self.adjustSize()
        window = task.owner.window()
        self.move(free_place(window, self.size()))
        self.show()
        self.raise_()

    def set(self, done: int, total: int) -> None:
        """Show how far it is."""
        self.bar.set(done, total or max(1, done))
        self.number.setText(f"{done:,} / {total:,}" if total else f"{done:,}")

    def stopping(self) -> None:
        """Show that Cancel was heard."""
        self.button.setText(_("Stopping…"))
        self.button.setEnabled(False)


_running: set[Task] = set()
_pool: list[QThreadPool] = []


def run(
    owner: QWidget, work: Callable[[Progress], Any], done: Callable[[Any], None] | None = None,
    failed: Callable[[Exception], None] | None = None, *, title: str = "", cancellable: bool = True,
) -> Task:  # fmt: skip
    """Start work on the worker thread; ``failed=None`` shows the error where the owner shows its errors."""
    if not _pool:
        pool = QThreadPool()
        pool.setMaxThreadCount(1)  # one after the other: two imports at once would only wait for each other
        _pool.append(pool)
    task = Task(owner, work, done, failed, title or _("Please wait…"), cancellable)
    _running.add(task)
    _pool[0].start(_Worker(task))
    return task


def running() -> list[Task]:
    """Return the work under way (the tests' leak guard, closing the program)."""
    return list(_running)


def stop_all(wait_ms: int = 5000) -> bool:
    """Cancel everything and wait for the worker; False if it did not stop in time."""
    for task in running():
        task.cancel()
    return not _pool or _pool[0].waitForDone(wait_ms)
