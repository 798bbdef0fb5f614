"""The frame: rail, pages made when opened, keys from anywhere, banner, help, language and theme while one types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.ui import language
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.page import MAX_MINIMUM, Page, PageSpec
from crmdesk.ui.shell import Shell
from crmdesk.ui.widgets import Button, Card, Match, MomentEdit, TextEdit

made: list[str] = []


class Desk(Page):
    """A page that remembers what it was told."""

    def __init__(self, ctx: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        made.append(type(self).__name__)
        self.loaded: list[dict[str, Any]] = []
        self.notices: list[Any] = []
        self.may_leave = True
        self.edit = TextEdit()
        panel = Card()
        panel.setObjectName("panel")
        self.split(self.edit, panel, 300)
        self.texts = 0
        self.retranslate()

    def retranslate(self) -> None:
        self.texts += 1

    def load(self, **arguments: Any) -> None:
        self.loaded.append(arguments)

    def refresh(self, notice: Any = None) -> None:
        self.notices.append(notice)

    def leave(self) -> bool:
        return self.may_leave

    def key_hints(self) -> list[tuple[str, str]]:
        return [("Ctrl+Enter", "Done")]

    def clauses(self) -> list[str]:
        return ["CALL-07"]

    def first_focus(self) -> None:
        self.edit.setFocus()


class Packing(Desk):
    """A page that fills the window."""

    full_screen = True


def specs() -> tuple[PageSpec, ...]:
    return (
        PageSpec("today", "Today", "list-checks", "", Desk),
        PageSpec("calls", "Calls", "phone", "call", Desk),
        PageSpec("packing", "Packing", "package-check", "pack", Packing),
        PageSpec("case", "Case", "message-square-warning", "", Desk, rail=False, parent="calls"),
        PageSpec("month", "Report", "chart-column", "manage", Desk),
        PageSpec("settings", "Settings", "settings", "", Desk, foot=True),
    )


@pytest.fixture
def shell() -> Shell:
    made.clear()
    return Shell(company="Tianzhu", user_name="Mei Wang", station="Reception 1", place="office-db",
                 allowed=lambda right: right != "manage")  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot, shell: Shell) -> MainWindow:
    frame = MainWindow(shell, specs())
    qtbot.addWidget(frame)
    frame.resize(1366, 768)
    with qtbot.waitActive(frame):
        frame.show()
    frame.show_page("today")
    return frame


def test_only_allowed_desks_are_shown_and_pages_are_made_when_opened(window: MainWindow) -> None:
    assert window.rail.keys() == ["today", "calls", "packing", "settings"]
    assert made == ["Desk"]
    assert not window.show_page("month")
    assert window.current_key == "today"


def test_f2_opens_a_new_call_from_anywhere(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F2)
    assert window.current_key == "calls"
    assert window.page("calls").loaded == [{"new": True}]  # type: ignore[attr-defined]  # the test's own page
    assert window.page("calls").edit.hasFocus()  # type: ignore[attr-defined]  # the test's own page
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.current_key == "today"


def test_a_key_the_page_uses_itself_is_the_pages(qtbot: QtBot, window: MainWindow) -> None:
    page = window.page("today")
    page.key_hints = lambda: [("F2", "Mine")]  # type: ignore[method-assign]  # the keys of one moment
    window.show_page("today")
    qtbot.keyClick(window, Qt.Key.Key_F2)
    assert window.current_key == "today"


def test_the_status_line_says_what_the_key_does_now(window: MainWindow, qapp: QApplication) -> None:
    page = window.page("today")
    page.key_hints = lambda: [("F9", ""), ("Esc", "List")]  # type: ignore[method-assign]  # the keys of one moment
    button = Button("Print", key="F9", parent=page)
    button.show()

    def shown() -> dict[str, str]:
        qapp.processEvents()
        return dict(window.status.hints())

    assert (shown()["F9"], shown()["Esc"]) == ("Print", "List")
    button.setText("Take payment")
    assert shown()["F9"] == "Take payment"
    button.setEnabled(False)
    assert "F9" not in shown()
    button.setEnabled(True)
    assert "F9" in shown()
    button.hide()
    assert "F9" not in shown()
    Button("Back to the slip", key="Esc", parent=page).show()
    assert shown()["Esc"] == "Back to the slip"


def test_what_was_done_is_taken_back_from_its_message(qtbot: QtBot, window: MainWindow) -> None:
    page = window.page("today")
    page.offer("R-0001 · Ready", "Undo")
    button = window.toast.action
    assert button.isVisible() and (button.text(), button.key) == ("Undo", "Alt+Z")
    with qtbot.waitSignal(page.offer_taken):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.toast.isHidden()
    page.say("Saved")
    assert button.isHidden(), "the next message has nothing to take back"


def test_a_page_that_wants_to_stay_stays(window: MainWindow) -> None:
    window.page("today").may_leave = False  # type: ignore[attr-defined]  # the test's own page
    assert not window.show_page("calls")
    assert window.current_key == "today"


def test_a_record_page_marks_its_desk(window: MainWindow) -> None:
    window.page("today").open("case", id=5)
    assert window.page("case").loaded == [{"id": 5}]  # type: ignore[attr-defined]  # the test's own page
    assert window.rail._items["calls"].isChecked()


def test_a_station_page_fills_the_window(window: MainWindow) -> None:
    window.show_page("packing")
    assert not window.rail.isVisible()
    assert not window.status.isVisible()
    window.show_page("today")
    assert window.rail.isVisible()


def test_ctrl_k_searches_and_opens(qtbot: QtBot, window: MainWindow, shell: Shell) -> None:
    opened: list[Match] = []
    shell.search = lambda text: [Match("Chen", text, record=3)]
    shell.open_match = opened.append
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.top.search.hasFocus()
    qtbot.keyClicks(window.top.search, "chen")
    qtbot.keyClick(window.top.search, Qt.Key.Key_Return)
    assert [m.record for m in opened] == [3]


def test_f1_shows_keys_and_clauses_of_the_page(qtbot: QtBot, window: MainWindow, shell: Shell) -> None:
    shell.clause_text = lambda clause: f"text of {clause}"
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window.help.isVisible()
    words = {label.text() for label in window.help.findChildren(QWidget) if hasattr(label, "text")}
    assert {"Done", "text of CALL-07"} <= words
    assert window.help.shade.isVisible() and window.help.shade.size() == window.centralWidget().size()
    first = QApplication.focusWidget()
    for _times in range(20):  # Tab stays in the panel: what it covers is dimmed
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert window.help.isAncestorOf(QApplication.focusWidget())
    assert first is window.help.close_button
    qtbot.keyClick(window.help, Qt.Key.Key_Escape)
    assert not window.help.isVisible() and not window.help.shade.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    qtbot.mouseClick(window.help.shade, Qt.MouseButton.LeftButton, pos=QPoint(20, 300))
    assert not window.help.isVisible()


def test_a_banner_speaks_without_taking_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    page = window.page("today")
    page.first_focus()
    page.banner("Mei changed this record.", "warning", "Reload")
    assert window.banner.text() == "Mei changed this record."
    assert page.edit.hasFocus()  # type: ignore[attr-defined]  # the test's own page
    with qtbot.waitSignal(page.banner_answered):
        window.banner._action.click()
    assert window.banner.text() == ""


def test_language_switches_everywhere_and_keeps_what_is_typed(window: MainWindow, qapp: QApplication) -> None:
    page = window.page("today")
    page.edit.setText("half a sent")  # type: ignore[attr-defined]  # the test's own page
    before = page.texts  # type: ignore[attr-defined]  # the test's own page
    language.switch(qapp, "zh_TW")
    assert page.texts == before + 1  # type: ignore[attr-defined]  # the test's own page
    assert page.edit.text() == "half a sent"  # type: ignore[attr-defined]  # the test's own page
    language.switch(qapp, "en")
    assert page.texts == before + 2  # type: ignore[attr-defined]  # the test's own page


def test_the_weekday_beside_a_typed_day_follows_the_language(qtbot: QtBot, qapp: QApplication) -> None:
    edit = MomentEdit(lambda: date(2026, 11, 24))
    qtbot.addWidget(edit)
    edit.set_value(datetime(2026, 11, 25, 15))
    assert "Wed" in edit._aside
    language.switch(qapp, "zh_TW")
    assert "Wed" not in edit._aside and "三" in edit._aside
    assert edit.value() == datetime(2026, 11, 25, 15), "and what was typed stays"


def test_change_notices_reach_made_pages_only(window: MainWindow) -> None:
    window.refresh("customers")
    assert window.page("today").notices == ["customers"]  # type: ignore[attr-defined]  # the test's own page
    assert list(window.made_pages()) == ["today"]


def test_the_frame_folds_when_width_lacks(window: MainWindow) -> None:
    window.resize(1093, 614)
    assert window.rail.narrow
    window.resize(970, 600)
    panel = window.page("today").side_panel
    assert panel is not None
    assert not panel.isVisible()
    window.resize(1366, 768)
    assert not window.rail.narrow
    assert panel.isVisible()


@pytest.mark.parametrize("code", ["en", "zh_TW", "zh_CN"])
def test_the_frame_fits_a_small_screen(window: MainWindow, qapp: QApplication, code: str) -> None:
    language.switch(qapp, code)
    window.set_due(12, 34)
    window.set_saved("10:42:07")
    least = window.centralWidget().minimumSizeHint()
    assert least.width() <= 1280
    assert least.height() <= 680
    assert window.page("today").minimumSizeHint().expandedTo(MAX_MINIMUM) == MAX_MINIMUM


def test_the_window_opens_where_it_was_but_never_off_screen(qtbot: QtBot, shell: Shell) -> None:
    shell.memory["window"] = [99_000, 99_000, 640, 560, False]
    frame = MainWindow(shell, specs())
    qtbot.addWidget(frame)
    assert frame.pos().x() < 10_000
    small = QSize(960, 560).boundedTo(frame.screen().availableSize())  # at 200 % a small screen shows less
    assert frame.minimumSize() == small and frame.size().expandedTo(small) == frame.size()


def test_the_user_menu_offers_language_look_and_size(window: MainWindow, shell: Shell) -> None:
    chosen: list[object] = []
    shell.set_language = shell.set_theme = shell.set_scale = chosen.append
    window.menu.fill()
    for sub in [a.menu() for a in window.menu.actions() if a.menu() is not None]:
        sub.actions()[-1].trigger()  # type: ignore[union-attr]  # a menu below the menu
    assert chosen == ["zh_CN", "dark", 150]


def test_the_frame_is_freed_on_close(freed: Callable[[Callable[[], QWidget]], None], shell: Shell) -> None:
    def make() -> MainWindow:
        frame = MainWindow(shell, specs())
        frame.show_page("today")
        frame.show_page("packing")
        return frame

    freed(make)
