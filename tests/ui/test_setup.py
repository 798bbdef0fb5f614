"""The first start by keys: each question, errors under the fields, nothing written before the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crmdesk.core import address
from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConnectionLost
from crmdesk.core.settings import Settings
from crmdesk.rules.clauses import PackError
from crmdesk.services import setup
from crmdesk.ui import tasks
from crmdesk.ui.setup.window import SetupWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, clock: FixedClock) -> SetupWindow:
    made = SetupWindow(Settings(), clock)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def go_on(qtbot: QtBot, window: SetupWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Return, CTRL)
    if tasks.running():
        qtbot.waitUntil(lambda: not tasks.running())


def answer_all(qtbot: QtBot, window: SetupWindow) -> None:
    """Answer every question up to the last page."""
    qtbot.keyClick(window.language_step.options, Qt.Key.Key_Return)
    go_on(qtbot, window)
    assert window.step is window.company_step
    company = window.company_step.form.field("company")
    company.setText("天竺工坊")
    go_on(qtbot, window)
    qtbot.keyClick(window.station_step.options, "2")
    go_on(qtbot, window)
    assert window.step is window.manager_step
    for name, text in (("name", "Lin"), ("login", "boss"), ("password", "silver-925"), ("again", "silver-925")):
        field = window.manager_step.form.field(name)
        qtbot.keyClicks(field, text)
    go_on(qtbot, window)
    assert window.step is window.finish_step


def test_the_whole_set_up_by_keys(qtbot: QtBot, window: SetupWindow, clock: FixedClock) -> None:
    answer_all(qtbot, window)
    file = address.file_of(address.default_url())
    assert file is not None and not file.exists(), "nothing is written before the last step"
    with qtbot.waitSignal(window.finished) as finished:
        qtbot.keyClick(window, Qt.Key.Key_Return, CTRL)
    assert finished.args == [address.default_url()] and file.exists()
    db = setup.open_database(address.default_url(), clock)
    try:
        ctx = setup.open_context(db, Settings(), clock)
        assert setup.is_set_up(db) and ctx.office.company == "天竺工坊"
    finally:
        db.close()
    assert window._settings.station == "packing"


def test_the_kind_of_office_is_the_home_of_its_regulation(
    qtbot: QtBot, window: SetupWindow, clock: FixedClock, look: Callable[..., None]
) -> None:
    kind = window.company_step.form.field("kind")
    assert window.form().kind == "showroom", "one line, answered already"
    kind.set_value("factory")
    look(language="zh_TW")
    assert kind.value() == "factory" and kind.currentText().startswith("工廠")
    look(language="en")
    answer_all(qtbot, window)
    assert ("Kind of office", "Factory with complaint forms and repairs") in window.finish_step.rows
    with qtbot.waitSignal(window.finished):
        qtbot.keyClick(window, Qt.Key.Key_Return, CTRL)
    db = setup.open_database(address.default_url(), clock)
    try:
        ctx = setup.open_context(db, Settings(), clock)
        assert ctx.policy.name == "factory" and ctx.office.packs == setup.packs_of("factory")
    finally:
        db.close()


def test_a_broken_pack_is_told_instead_of_a_crash(
    qtbot: QtBot, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> object:
        raise PackError("factory.toml", 12, "CMP-41.held", "missing")

    monkeypatch.setattr(setup, "load_policy", broken)
    window = SetupWindow(Settings(), clock)
    qtbot.addWidget(window)
    window.show()
    window._show(window.company_step)
    assert "factory.toml" in window.company_step.problem.text() and "12" in window.company_step.problem.text()
    window.company_step.form.field("company").setText("Co")
    go_on(qtbot, window)
    assert window.step is window.company_step, "nothing can be set up before it is whole again"


def test_errors_stand_under_the_fields_and_hold_the_page(qtbot: QtBot, window: SetupWindow) -> None:
    window._show(window.company_step)
    go_on(qtbot, window)
    assert window.step is window.company_step
    assert window.company_step.form.errors() == {"company": "Please enter the company's name."}
    window._show(window.manager_step)
    form = window.manager_step.form
    form.load({"name": "Lin", "login": "boss", "password": "short", "again": "short"})
    go_on(qtbot, window)
    assert list(form.errors()) == ["password"]
    form.load({"password": "silver-925", "again": "silver-926"})
    go_on(qtbot, window)
    assert list(form.errors()) == ["again"] and form.field("again").hasFocus()


def test_back_keeps_what_was_typed(qtbot: QtBot, window: SetupWindow) -> None:
    answer_all(qtbot, window)
    for _step in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.step is window.company_step
    assert window.company_step.form.values()["company"] == "天竺工坊"


def test_a_server_is_tested_before_one_can_go_on(
    qtbot: QtBot, window: SetupWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(url: str) -> setup.Found:
        raise ConnectionLost("The office server office-db can't be reached.")

    monkeypatch.setattr(setup, "test_database", refuse)
    window.show_place()
    qtbot.keyClick(window.place_step.options, Qt.Key.Key_Down)
    go_on(qtbot, window)
    assert list(window.place_step.form.errors()) == ["host"]
    window.place_step.form.field("host").setText("office-db")
    go_on(qtbot, window)
    assert window.step is window.place_step
    assert window.place_step.result_label.text() == "The office server office-db can't be reached."
    monkeypatch.setattr(setup, "test_database", lambda url: setup.Found("Connected.", True, "天竺工坊"))
    qtbot.mouseClick(window.place_step.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.place_step.result_label.text() == "Connected.")
    assert window.company_step not in window.steps() and window.manager_step not in window.steps()
    go_on(qtbot, window)
    assert window.step is window.station_step
    go_on(qtbot, window)
    assert window.step is window.finish_step and window.next.text() == "Join the office"


def test_a_changed_address_has_to_be_tested_again(qtbot: QtBot, window: SetupWindow) -> None:
    step = window.place_step
    step.tested = step.url()
    step.options.set_value("server")
    step._changed()
    assert step.tested == "" and step.url().startswith("postgresql://crmdesk@")


def test_the_language_changes_at_once(qtbot: QtBot, window: SetupWindow) -> None:
    with qtbot.waitSignal(window.language_chosen) as chosen:
        qtbot.keyClick(window.language_step.options, "1")
    assert chosen.args == ["zh_TW"]


def test_every_page_fits_a_small_screen_in_every_language(
    qtbot: QtBot, window: SetupWindow, look: Callable[..., None]
) -> None:
    window.place_step.options.set_value("server")
    window.place_step._changed()
    for code in ("en", "zh_TW", "zh_CN"):
        look(language=code)
        hint = window.minimumSizeHint()
        assert hint.width() <= 1280 and hint.height() <= 680, code


def test_a_failure_while_writing_is_told_and_can_be_tried_again(
    qtbot: QtBot, window: SetupWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_all(qtbot, window)

    def refuse(*args: object, **more: object) -> object:
        raise ConnectionLost("The cable is out.")

    monkeypatch.setattr(setup, "open_database", refuse)
    go_on(qtbot, window)
    assert window.finish_step.problem.text() == "The cable is out." and window.next.ready


def test_the_window_is_freed_on_close(clock: FixedClock, freed: Callable[[Callable[[], QWidget]], None]) -> None:
    freed(lambda: SetupWindow(Settings(), clock))
