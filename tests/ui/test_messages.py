"""What the frame says: a short message covers no button, and each banner goes with its own cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.core.errors import ConflictError, ConnectionLost
from crmdesk.services.context import Context
from crmdesk.start.desk_window import tell_connection
from crmdesk.ui import errors
from crmdesk.ui.desks import page_specs
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.shell import Shell
from crmdesk.ui.widgets import Button, KeyHint
from tests.ui.conftest import settle
from tests.ui.test_every_page import _finish

SPECS = page_specs()
NEW = {"calls", "reception", "sales", "repairs", "complaints", "customers", "items"}
LONG = "Please ask the customer once more whether the number of the goods and the region are right. (CALL-06)"
TWO_LINES = f"{LONG} {LONG}"


@pytest.fixture
def window(qtbot: QtBot, desk: Context, qapp: QApplication) -> Iterator[MainWindow]:
    """The manager's window with all desks."""
    made = MainWindow(Shell(ctx=desk, company="Tianzhu", user_name="Mei Wang", place="office-db"), SPECS)
    made.resize(1366, 768)
    made.show()
    made.show_page("calls")
    yield made
    made.hide()
    made.deleteLater()
    settle(qapp)


def covered(window: MainWindow) -> list[str]:
    """Return the buttons and fields under the message, and the keys of the status line where there is room."""
    toast = window.toast
    spot = QRect(toast.mapTo(window, QPoint(0, 0)), toast.size())
    assert window.rect().contains(spot), "the message is cut"
    kinds = (QAbstractButton, QLineEdit, *([KeyHint] if window.width() > 1000 else ()))
    widgets = (w for w in window.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible())
    return [
        w.accessibleName() or type(w).__name__
        for w in widgets
        if w.visibleRegion().boundingRect().translated(w.mapTo(window, QPoint(0, 0))).intersects(spot)
    ]


@pytest.mark.parametrize(
    ("size", "code"),
    [((1366, 768), "zh_TW"), ((960, 560), "en")],
    ids=["small screen", "200 % of full HD"],
)
def test_a_message_covers_no_button_of_any_desk(
    window: MainWindow, look: Callable[..., None], qapp: QApplication, code: str, size: tuple[int, int]
) -> None:
    look(language=code)
    window.resize(*size)
    texts = "Saved.", LONG, *([TWO_LINES] if size[0] > 1000 else ())
    for key in (spec.key for spec in SPECS):
        for arguments in ({}, {"new": True}) if key in NEW else ({},):
            window.show_page(key, **arguments)
            _finish(qapp)
            settle(qapp)
            for text in texts:
                window.notify(text)
                assert window.toast.isVisible(), key
                assert covered(window) == [], key
                shown = window.toast._text
                assert shown.height() >= shown.heightForWidth(shown.width()), key


def test_a_message_steps_aside_for_keys_that_come_after_it(window: MainWindow, qapp: QApplication) -> None:
    window.notify("Saved.")
    page = window.page("calls")
    more = [(f"F{number}", "Something longer to do") for number in range(4, 10)]
    page.shown_hints = lambda: list(more)  # type: ignore[method-assign]  # a page in another state
    page.hints_changed.emit()
    settle(qapp)
    assert window.toast.isVisible() and covered(window) == []


def test_when_the_cable_is_in_again_what_a_page_said_is_still_there(window: MainWindow) -> None:
    page = window.page("calls")
    answered: list[bool] = []
    page.banner_answered.connect(lambda: answered.append(True))
    page.banner("A colleague has changed this call.", "warning", "Load again")
    tell_connection(window, "office-db", connected=False)
    assert "No connection" in window.banner.text()
    tell_connection(window, "office-db", connected=True)
    assert window.banner.text() == "A colleague has changed this call."
    window.banner._action.click()
    assert answered == [True]
    assert window.banner.text() == ""


def test_what_the_lost_cable_said_goes_with_it_and_a_conflict_stays(window: MainWindow) -> None:
    errors.show_error(window, ConflictError("Mei Wang", None))
    conflict = window.banner.text()
    errors.show_error(window.page("calls"), ConnectionLost())
    assert "Your text is kept" in window.banner.text()
    tell_connection(window, "office-db", connected=True)
    assert window.banner.text() == conflict
    tell_connection(window, "office-db", connected=True)
    assert window.banner.text() == conflict


def test_a_banner_that_was_closed_does_not_come_back(window: MainWindow) -> None:
    window.page("calls").banner("A colleague has changed this call.", "warning")
    window.banner._close.click()
    assert window.banner.text() == ""
    errors.show_error(window, ConnectionLost())
    window.set_saved("10:42:07")
    assert window.banner.text() == "", "what was saved shows that the cable is in"


def test_a_warning_goes_once_its_cause_is_met_or_the_page_has_saved(window: MainWindow) -> None:
    page = window.page("calls")
    button = next(b for b in page.findChildren(Button) if b.isVisible())
    typing = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)
    button.set_ready(False, "Please read back the number.")
    for met in (lambda: button.set_ready(False, "Please read back the name."), page.saved.emit):
        window.notify(LONG, "warning")
        met()
        assert window.toast.isVisible(), "nobody has done anything yet: it was only said"
        button.set_ready(False, "Please read back the number.")
        QApplication.sendEvent(button, typing)
        assert window.toast.isVisible()
        met()
        assert not window.toast.isVisible()
    window.notify("Saved.")
    QApplication.sendEvent(button, typing)
    page.saved.emit()
    assert window.toast.isVisible(), "good news stay their time"
    window.notify(LONG, "warning")
    window.notify("Call 7 is complete.")
    assert window.toast.text() == "Call 7 is complete."
