"""Signing in by keys: people, password, slowed tries, locked screen, troubles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crmdesk.core.clock import FixedClock
from crmdesk.ui import theme
from crmdesk.ui.login.brand import FOOT_FLAGS
from crmdesk.ui.login.tiles import Person
from crmdesk.ui.login.trouble import Trouble
from crmdesk.ui.login.window import LoginWindow

HOURS = time(9), time(18)
PEOPLE = [
    Person("mei", "王小美", "Reception"),
    Person("ming", "李阿明", "Packing"),
    Person("boss", "林經理", "Manager", can_help=True),
]


@pytest.fixture
def window(qtbot: QtBot, clock: FixedClock) -> LoginWindow:
    made = LoginWindow(clock)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.show_people(PEOPLE)
    return made


def test_the_password_has_the_focus_and_enter_signs_in(qtbot: QtBot, window: LoginWindow) -> None:
    pane = window.sign_in
    qtbot.waitUntil(pane.password.hasFocus)
    qtbot.keyClicks(pane.password, "secret1")
    with qtbot.waitSignal(pane.sign_in_requested) as asked:
        qtbot.keyClick(pane.password, Qt.Key.Key_Return)
    assert asked.args == ["mei", "secret1"]
    assert not pane.enter.ready and pane.enter.text() == "Checking…"


def test_while_checking_a_second_enter_does_nothing(qtbot: QtBot, window: LoginWindow) -> None:
    pane = window.sign_in
    asked: list[str] = []
    pane.sign_in_requested.connect(lambda login, _password: asked.append(login))
    qtbot.keyClicks(pane.password, "secret1")
    for _press in range(3):
        qtbot.keyClick(pane.password, Qt.Key.Key_Return)
    assert asked == ["mei"]


def test_up_down_and_alt_digit_choose_a_person_without_leaving_the_password(qtbot: QtBot, window: LoginWindow) -> None:
    pane = window.sign_in
    qtbot.keyClick(pane.password, Qt.Key.Key_Down)
    assert pane.tiles.login() == "ming"
    qtbot.keyClick(pane.password, "3", Qt.KeyboardModifier.AltModifier)
    assert pane.tiles.login() == "boss" and pane.password.text() == ""


def test_one_digit_on_the_people_chooses_and_goes_to_the_password(qtbot: QtBot, window: LoginWindow) -> None:
    pane = window.sign_in
    pane.focus_people()
    qtbot.waitUntil(pane.tiles.hasFocus)
    qtbot.keyClick(pane.tiles, "2")
    assert pane.tiles.login() == "ming" and pane.password.hasFocus()


def test_a_click_on_a_tile_chooses(qtbot: QtBot, window: LoginWindow) -> None:
    tile = window.sign_in.tiles._tiles[2]
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert window.sign_in.tiles.login() == "boss"


def test_an_error_stands_under_the_password_and_the_next_try_waits(qtbot: QtBot, window: LoginWindow) -> None:
    pane = window.sign_in
    pane.show_error("Too many wrong passwords.", 2)
    assert pane.error.isVisible() and pane.enter.text() == "Wait 2 s" and not pane.enter.ready
    asked: list[str] = []
    pane.sign_in_requested.connect(lambda login, _password: asked.append(login))
    qtbot.keyClicks(pane.password, "secret1")
    qtbot.keyClick(pane.password, Qt.Key.Key_Return)
    assert asked == []
    pane._count_down()
    pane._count_down()
    assert pane.enter.ready and not pane.error.isVisible()
    qtbot.keyClick(pane.password, Qt.Key.Key_Return)
    assert asked == ["mei"]


def test_an_empty_password_is_asked_for(qtbot: QtBot, window: LoginWindow) -> None:
    qtbot.keyClick(window.sign_in.password, Qt.Key.Key_Return)
    assert window.sign_in.error.text() == "Please type your password."


def test_caps_lock_is_told(qtbot: QtBot, window: LoginWindow) -> None:
    pane = window.sign_in
    pane.password.caps_lock.emit(True)
    assert pane.caps.isVisible()
    pane.clear()
    assert not pane.caps.isVisible()


def test_forgotten_names_who_can_help(qtbot: QtBot, window: LoginWindow) -> None:
    qtbot.mouseClick(window.sign_in.forgotten, Qt.MouseButton.LeftButton)
    assert "林經理" in window.sign_in.error.text()


def test_a_switch_of_language_keeps_what_was_typed(
    qtbot: QtBot, window: LoginWindow, look: Callable[..., None]
) -> None:
    pane = window.sign_in
    pane.tiles.choose(1)
    qtbot.keyClicks(pane.password, "secret1")
    look(language="zh_TW")
    assert pane.enter.text() == "登入" and pane.greeting.text() == "早安，請登入"
    assert pane.day.text().startswith("11 月 22 日")
    assert pane.password.text() == "secret1" and pane.tiles.login() == "ming"


def test_many_people_fit_the_smallest_window(qtbot: QtBot, window: LoginWindow) -> None:
    window.show_people([Person(f"p{i}", f"同事{i}", "Reception") for i in range(40)])
    window.resize(960, 600)
    hint = window.minimumSizeHint()
    assert hint.width() <= 1280 and hint.height() <= 680
    window.sign_in.tiles.choose(39)
    assert window.sign_in.tiles.login() == "p39"


def test_a_trouble_offers_retry_other_place_and_quit(qtbot: QtBot, window: LoginWindow) -> None:
    window.show_trouble(Trouble("The office's data can't be opened", "The file is gone."))
    pane = window.trouble
    assert window.pane == "trouble" and pane.sentence.text() == "The file is gone."
    assert not pane.password.isVisible()
    with qtbot.waitSignal(pane.retry_requested):
        qtbot.keyClick(pane, Qt.Key.Key_Return)
    with qtbot.waitSignal(pane.other_place_requested):
        qtbot.mouseClick(pane.other, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(pane.quit_requested):
        qtbot.mouseClick(pane.leave, Qt.MouseButton.LeftButton)


def test_a_database_password_is_asked_for_in_the_window(qtbot: QtBot, window: LoginWindow) -> None:
    window.show_trouble(Trouble("The office server asks for a password", "Please.", asks_password=True))
    pane = window.trouble
    qtbot.keyClicks(pane.password, "db secret")
    with qtbot.waitSignal(pane.password_given) as given:
        qtbot.keyClick(pane.password, Qt.Key.Key_Return)
    assert given.args == ["db secret", True]


def test_the_window_is_freed_on_close(clock: FixedClock, freed: Callable[[Callable[[], QWidget]], None]) -> None:
    freed(lambda: LoginWindow(clock))


def test_the_foot_shows_a_long_company_whole(window: LoginWindow, look: Callable[..., None]) -> None:
    for code in ("en", "zh_TW"):
        look(language=code)
        window.show_office("Tianzhu Silver Jewellery Wholesale and Retail", "Silver wholesale, showroom, 2026", HOURS)
        for width, left in ((500, 56.0), (380, 36.0)):
            window.brand.setFixedWidth(width)
            room = window.brand._foot_room(left)
            needed = QFontMetricsF(theme.font("label")).boundingRect(room, int(FOOT_FLAGS), window.brand._foot)
            assert room.contains(needed), f"the foot is cut at {width} pixels"


def test_the_hours_said_are_those_still_to_come(window: LoginWindow, clock: FixedClock) -> None:
    said = []
    for _look in range(3):  # 09:41 in the morning, 03:41 the next day, 22:41
        window.show_office("Tianzhu", "Showroom", HOURS)
        said.append(window.sign_in.day.text().split(", ")[-1])
        clock.advance(timedelta(hours=18 if len(said) == 1 else 19))
    assert said == ["open until 18:00", "open from 09:00", "closed since 18:00"]
