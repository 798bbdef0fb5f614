"""Known errors stand where they belong; a bug shows one window, tells no customer's data, and the program goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.ui import dialogs, errors
from crmdesk.ui.widgets import FormGrid, TextEdit


@pytest.fixture
def hooked() -> Iterator[None]:
    """The program's hooks, given back afterwards."""
    before = sys.excepthook
    errors.install()
    yield
    errors.uninstall()
    sys.excepthook = before


def _bug(secret: str) -> BaseException:
    try:
        raise KeyError(secret)
    except KeyError as error:
        return error


@pytest.mark.usefixtures("hooked")
def test_a_bug_opens_one_window_and_the_program_goes_on(qtbot: QtBot) -> None:
    for _time in range(2):
        error = _bug("陳李美鳳 0912-345-678")
        errors.caught(type(error), error, error.__traceback__)
    window = errors.crash_window()
    assert window is not None
    assert not window.isModal()
    assert window.report.count("builtins.KeyError") == 2
    assert "test_errors.py" in window.report
    assert "陳" not in window.report
    assert "0912" not in window.report
    window.copy_button.click()
    assert QGuiApplication.clipboard().text() == window.report
    window.close_button.click()
    assert errors.crash_window() is None


def test_the_report_names_no_folder_of_the_user() -> None:
    report = errors.report(_bug("x"))
    assert "/" not in report.split("test_errors.py")[0].splitlines()[-1].strip()


def test_a_validation_error_stands_under_its_field(qtbot: QtBot) -> None:
    form = FormGrid(1)
    qtbot.addWidget(form)
    form.add("name", "Name", TextEdit())
    errors.show_error(form, ValidationError({"name": "Please enter a name."}), form)
    assert form.errors() == {"name": "Please enter a name."}


def test_without_a_frame_it_is_told_with_its_clause(qtbot: QtBot, boxes: Any) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    boxes.expect_inform()
    errors.show_error(widget, UserError("Read back first.", clause="CALL-07"))
    assert boxes.asked == [("inform", "Read back first. (CALL-07)")]


def test_an_unplanned_box_fails() -> None:
    with pytest.raises(AssertionError, match="unplanned box"):
        dialogs.ask(None, "Really?")
