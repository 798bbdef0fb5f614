"""The Today page by its keys: rows, settling, snoozing, handing on; other PCs; the reminders of this PC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from crmdesk.core.clock import FixedClock
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.services.context import Context
from crmdesk.services.today import get_board
from crmdesk.ui import tasks
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.shell import Shell
from crmdesk.ui.today import words
from crmdesk.ui.today.page import TodayPage
from crmdesk.ui.today.reminders import NAME, Reminders
from tests.helpers.office import Staff
from tests.ui.conftest import Boxes

HOUR = timedelta(hours=1)


def promise(ctx: Context, **offsets: float) -> dict[str, int]:
    """Make a call-back for each caller, so many hours from now."""
    now, made = ctx.clock.now(), {}
    for name, hours in offsets.items():
        with ctx.transaction("Fill") as session:
            call = Call(created_at=now, number=f"N{name}", started_at=now, answered_by_id=ctx.user.id, state="done",
                        caller_name=name, callback_at=now + timedelta(hours=hours))  # fmt: skip
            session.add(call)
        made[name] = call.id
    return made


def settle_call(ctx: Context, call_id: int) -> None:
    with ctx.transaction("Settle") as session:
        call = session.get(Call, call_id)
        assert call is not None
        call.callback_done_at = ctx.clock.now()


@pytest.fixture
def page(qtbot: Any, desk: Context) -> Iterator[TodayPage]:
    promise(desk, Anna=-2, Bert=1, Cora=48)
    page = TodayPage(desk)
    qtbot.addWidget(page)
    page.resize(1180, 690)
    with qtbot.waitExposed(page):
        page.show()
    page.load()
    wait(qtbot)
    page.first_focus()
    yield page
    wait(qtbot)


def wait(qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not tasks.running(), timeout=8000)


def shown(page: TodayPage) -> list[str]:
    return [line.customer for line in page.list.lines() if line.customer]


def test_rows_stand_in_their_groups_with_the_due_time_in_words(page: TodayPage) -> None:
    assert shown(page) == ["Anna", "Bert", "Cora"]
    due = {line.customer: (line.due, line.tone) for line in page.list.lines()}
    assert due["Anna"] == ("2 hours late", "danger")
    assert due["Bert"] == ("10:41", "")
    assert due["Cora"] == ("Tue 09:41", "later")
    assert page.tiles["overdue"].accessibleName().startswith("Overdue")


def test_enter_goes_to_the_place_where_it_is_settled(page: TodayPage, qtbot: Any) -> None:
    page.list.choose(next(line.task.key for line in page.list.lines() if line.customer == "Bert"))
    assert page.panel.task is not None and page.panel.who.text() == "Bert"
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert asked.args[0] == "calls" and asked.args[1] == {"id": page.panel.task.record_id}


def test_arrows_pass_over_the_headings(page: TodayPage, qtbot: Any) -> None:
    page.list.choose(page.list.lines()[0].task.key)
    keys = []
    for _step in page.list.lines():
        keys.append(page.list.current().key)
        qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert keys == [line.task.key for line in page.list.lines()]


def test_a_bar_above_does_not_push_the_chosen_row_out_of_sight(page: TodayPage, desk: Context, qtbot: Any) -> None:
    promise(desk, **{f"Dora{number}": number / 10 for number in range(1, 15)})
    page.load()
    wait(qtbot)
    rows = page.list
    rows.choose(rows.lines()[-2].task.key)
    rows.resize(rows.width(), rows.height() - 160)
    QApplication.processEvents()
    assert rows.viewport().rect().contains(rows.visualRect(rows.currentIndex()))


def test_s_puts_off_with_a_reason(page: TodayPage, qtbot: Any, boxes: Boxes, desk: Context) -> None:
    page.list.choose(next(line.task.key for line in page.list.lines() if line.customer == "Anna"))
    boxes.expect_choose("tomorrow")
    boxes.expect_text("she is travelling")
    qtbot.keyClick(page.list, Qt.Key.Key_S)
    assert "Anna" not in shown(page) and page.board.snoozed == 1
    page.filter.set_value("snoozed")
    page.reload()
    assert shown(page) == ["Anna"]
    qtbot.keyClick(page.list, Qt.Key.Key_S)  # wakes it up
    assert shown(page) == []
    assert [task.customer for task in get_board(desk).group("overdue")] .count("Anna") == 1


def test_a_snooze_that_is_cancelled_changes_nothing(page: TodayPage, qtbot: Any, boxes: Boxes) -> None:
    page.list.choose(next(line.task.key for line in page.list.lines() if line.customer == "Anna"))
    boxes.expect_choose(None)
    qtbot.keyClick(page.list, Qt.Key.Key_S)
    boxes.expect_choose("hour")
    boxes.expect_text(None)
    qtbot.keyClick(page.list, Qt.Key.Key_S)
    assert "Anna" in shown(page)


def test_h_hands_on(page: TodayPage, qtbot: Any, boxes: Boxes, desk: Context, staff: Staff) -> None:
    page.list.choose(next(line.task.key for line in page.list.lines() if line.customer == "Anna"))
    boxes.expect_choose(staff.mei.id)
    boxes.expect_text("")
    qtbot.keyClick(page.list, Qt.Key.Key_H)
    assert "Anna" not in shown(page)
    assert "Anna" in [task.customer for task in get_board(desk.acting_as(staff.mei)).tasks]
    assert "H" in [key for key, _word in page.key_hints()]
    lists = [line.task for line in page.list.lines() if line.task is not None and not line.task.row_id]
    page.list.choose(lists[0].key)
    assert "H" not in [key for key, _word in page.key_hints()], "what no record stands for is everybody's"
    qtbot.keyClick(page.list, Qt.Key.Key_H)  # asks nothing


def test_what_another_pc_settles_is_gone(page: TodayPage, desk: Context) -> None:
    anna = next(line.task for line in page.list.lines() if line.customer == "Anna")
    settle_call(desk, anna.record_id)
    page.refresh(None)
    assert "Anna" not in shown(page)
    assert page.list.current() is not None  # the next one is chosen


def test_why_it_is_due_is_told(page: TodayPage, desk: Context, qtbot: Any) -> None:
    now = desk.clock.now()
    with desk.transaction("Fill") as session:
        case = Complaint(created_at=now, number="2611-09", complainant="Dora", title="x",
                         received_at=now - 3 * 24 * HOUR, received_by_id=desk.user.id, handler_id=desk.user.id,
                         state="assigned", stage_at=now, next_reply_at=now + 40 * 24 * HOUR)  # fmt: skip
        session.add(case)
    page.refresh(None)
    key = ("complaint_finish_general_domestic", case.id)
    assert page.list.choose(key)
    assert page.panel.clause.clause == page.list.current().clause
    assert page.panel.why_title.text().startswith("Why it is due")
    assert page.panel.text.text()


@pytest.mark.parametrize("code", ["en", "zh_TW", "zh_CN"])
def test_it_speaks_every_language_and_both_looks(page: TodayPage, look: Callable[..., None], code: str) -> None:
    look(language=code, dark=True)
    assert shown(page) == ["Anna", "Bert", "Cora"]
    page.grab()
    hint = page.minimumSizeHint()
    assert hint.width() <= 1112 and hint.height() <= 600


def test_nothing_to_do_says_so(qtbot: Any, desk: Context, staff: Staff) -> None:
    page = TodayPage(desk.acting_as(staff.wen))
    qtbot.addWidget(page)
    page.filter.set_value("snoozed")
    page.reload()
    assert not page.list.lines() and page.panel.task is None
    assert not page.empty.isHidden() and page.list.isHidden()


def test_due_words(desk: Context, clock: FixedClock) -> None:
    promise(desk, a=0.4, b=-0.5, c=-26, d=-24 * 6)
    found = {task.customer: words.due_short(desk, task) for task in get_board(desk).tasks}
    assert found["a"] == "24 minutes left"
    assert found["b"] == "30 minutes late"
    assert found["c"] == "since yesterday"
    assert found["d"] == "since 11/16"


class _Window(MainWindow):
    def __init__(self, ctx: Context, saved: list[int]) -> None:
        super().__init__(Shell(ctx=ctx, remember=lambda: saved.append(1)), [])


def test_reminders_speak_once_per_pc_and_are_remembered(
    qtbot: Any, desk: Context, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(desk, Anna=1)
    said: list[str] = []
    saved: list[int] = []
    window = _Window(desk, saved)
    qtbot.addWidget(window)
    monkeypatch.setattr(window, "notify", lambda text, tone="ok": said.append(text))
    speaker = Reminders(window, window)
    speaker.look(desk, get_board(desk))
    assert said == []  # nobody sees the window yet
    with qtbot.waitExposed(window):
        window.show()
    speaker.look(desk, get_board(desk))
    assert len(said) == 1 and said[0].startswith("Today:") and saved == [1]
    clock.advance(timedelta(minutes=61))
    Reminders(window, window).look(desk, get_board(desk))  # as after a restart
    assert len(said) == 2 and "Anna" in said[1]
    Reminders(window, window).look(desk, get_board(desk))
    assert len(said) == 2
    desk.settings.windows[NAME] = {"seen": "nonsense"}
    speaker.look(desk, get_board(desk))  # damaged memory: like a first start
    assert len(said) == 3


def test_no_tray_is_no_error(qtbot: Any, desk: Context, qapp: QApplication) -> None:
    window = _Window(desk, [])
    qtbot.addWidget(window)
    assert (Reminders(window, window).tray is None) == (not QSystemTrayIcon.isSystemTrayAvailable())


def test_freed_on_close(freed: Callable[..., None], desk: Context) -> None:
    freed(lambda: TodayPage(desk))
