"""The rail tells what the page's head tells: after every save, here or elsewhere, and after coming back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.core.clock import FixedClock
from crmdesk.services import approvals, repairs, visits
from crmdesk.services.context import Context
from crmdesk.services.counts import count_desks
from crmdesk.services.news import joined
from crmdesk.services.visits import VisitForm
from crmdesk.ui.desks import page_specs
from crmdesk.ui.live import LiveUpdates
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.opening import Opener
from crmdesk.ui.shell import Shell
from tests.helpers.office import Staff
from tests.services.test_repairs import form, step
from tests.ui.conftest import settle
from tests.ui.test_approvals import proposed

DESKS = ("reception", "repairs", "approvals")


@pytest.fixture
def window(qtbot: QtBot, desk: Context, qapp: QApplication) -> Iterator[MainWindow]:
    """The manager's window as the program keeps it: it hears of every save."""
    opener = Opener(desk)
    made = MainWindow(Shell(ctx=desk, company="天竺工坊"), [spec for spec in page_specs() if spec.key in DESKS])
    opener.begin(made)
    live = LiveUpdates(joined, desk.db.changes.origin, made)
    desk.db.changes.subscribe(live.hear)
    live.changed.connect(made.refresh)
    made.resize(1366, 768)
    made.show()
    yield made
    live.stop()
    made.hide()
    made.deleteLater()
    settle(qapp)


def told(window: MainWindow, key: str) -> tuple[int, str]:
    """Return what the rail and the head say of a desk once what was saved has been told."""
    if window.current_key != key:
        window.show_page(key)
    for _pass in range(4):
        QApplication.processEvents()
    assert window.rail.count_of(key) == count_desks(window.shell.ctx)[key].waiting
    return window.rail.count_of(key), window.top.subtitle.text()


def test_after_each_save_rail_and_head_say_the_same(window: MainWindow, desk: Context, staff: Staff) -> None:
    visit = visits.get_visit(desk, visits.check_in(desk, VisitForm("黃淑惠", purpose="看新款")))
    assert told(window, "reception") == (1, "1 to do today · 1 in the house · 0 left today")
    visits.act(desk, visit.id, visit.version, "leave")
    visit = visits.get_visit(desk, visit.id)
    visits.act(desk, visit.id, visit.version, "check_out", reason="stays away")
    assert told(window, "reception") == (0, "0 in the house · 1 left today")

    made = repairs.take_in(desk, form(desk, route="own"))
    for action in ("to_workshop", "finish"):
        step(desk, made.id, action)
    assert told(window, "repairs") == (1, "1 to do today · 1 ready")
    step(desk, made.id, "pick_up")
    assert told(window, "repairs") == (0, "0 ready")

    proposed(desk.acting_as(staff.wu))
    assert told(window, "approvals") == (1, "1 waits for you")
    case = approvals.find_approvals(desk)[0]
    approvals.decide(desk, case.id, case.version, agree=True)
    assert told(window, "approvals") == (0, "0 wait for you")


def test_a_hidden_window_that_comes_back_counts_again_and_time_alone_counts_too(
    window: MainWindow, desk: Context, clock: FixedClock
) -> None:
    told(window, "reception")
    window.findChild(LiveUpdates).changed.disconnect(window.refresh)  # a locked window hears nothing
    visits.check_in(desk, VisitForm("黃淑惠"))
    window.refresh(None)  # what signing in again does
    assert told(window, "reception")[0] == 1
    clock.advance(timedelta(seconds=45))
    opener = window.findChild(Opener)
    opener.count()
    assert opener._minute.interval() < 20_000, "the next look is when the guest's minute is over"
