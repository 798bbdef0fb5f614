"""Work off the GUI thread: answers come on the GUI thread, Cancel is heard, an owner that is gone hears nothing."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.ui import tasks


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    """A shown window that starts work."""
    widget = QWidget()
    widget.resize(600, 300)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_the_answer_comes_on_the_gui_thread(qtbot: QtBot, owner: QWidget) -> None:
    heard: list[Any] = []
    worked: list[bool] = []

    def work(progress: tasks.Progress) -> int:
        worked.append(QThread.currentThread() is owner.thread())
        return 7

    def done(result: int) -> None:
        heard.append((result, QThread.currentThread() is owner.thread()))

    task = tasks.run(owner, work, done)
    qtbot.waitSignal(task.finished).wait()
    assert worked == [False]
    assert heard == [(7, True)]


def test_an_error_comes_to_failed(qtbot: QtBot, owner: QWidget) -> None:
    heard: list[Exception] = []

    def work(progress: tasks.Progress) -> None:
        raise ValueError("no")

    task = tasks.run(owner, work, None, heard.append)
    qtbot.waitSignal(task.finished).wait()
    assert isinstance(heard[0], ValueError)


def test_long_work_shows_a_number_and_cancel_stops_it(qtbot: QtBot, owner: QWidget) -> None:
    heard: list[Any] = []
    go_on = threading.Event()

    def work(progress: tasks.Progress) -> None:
        progress.report(50, 100)
        while True:
            go_on.wait(0.01)
            progress.report(51, 100)

    task = tasks.run(owner, work, heard.append, heard.append, title="Importing")
    assert task.strip is None  # short work shows nothing
    with qtbot.waitActive(owner):
        owner.activateWindow()
    moved: list[object] = []
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.focusWindowChanged.connect(moved.append)
    qtbot.waitUntil(lambda: task.strip is not None)
    app.focusWindowChanged.disconnect(moved.append)
    assert task.strip is not None and moved == [], "whoever types goes on typing"
    task.strip.button.click()
    qtbot.waitSignal(task.finished).wait()
    assert heard == []
    assert task.state == "cancelled"
    assert task.strip is None


def test_an_owner_that_is_gone_hears_nothing(qtbot: QtBot) -> None:
    heard: list[Any] = []
    gate = threading.Event()
    widget = QWidget()

    def work(progress: tasks.Progress) -> int:
        gate.wait(5)
        return 1

    task = tasks.run(widget, work, heard.append, heard.append)
    widget.deleteLater()
    qtbot.waitUntil(lambda: not tasks.shiboken6.isValid(widget))
    with qtbot.waitSignal(task.finished):
        gate.set()
    assert heard == []
