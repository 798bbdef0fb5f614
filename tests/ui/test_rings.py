"""The telephone rings in the whole program: heard through its door, shown, answered with F2, missed, never lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.app import Program
from crmdesk.core.clock import FixedClock
from crmdesk.core.rings import Ring
from crmdesk.db.engine import sqlite_url
from crmdesk.services import customers, missed_calls
from crmdesk.services.backups import backup_now
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.start.handover import Lone, door_name, send
from crmdesk.start.rings import RING_SECONDS
from tests.ui.test_app import make_program, sign_in


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, clock: FixedClock, desk: Context) -> Iterator[Program]:
    backup_now(desk)
    made = make_program(qapp, clock, sqlite_url(Path(str(desk.db.engine.url.database))))
    made._when_idle = lambda: None  # type: ignore[method-assign]  # the backup's timer is tested by itself
    with qtbot.waitSignal(made.ready):
        made.start()
    yield made
    made.close()


@pytest.fixture
def chen(desk: Context) -> int:
    form = CustomerForm("陳李美鳳", kind="wholesale", gender="f", avoid="父喪", phones=(PhoneEntry("0912345678"),))
    return customers.create_customer(desk, form).id


def ring(program: Program, number: str, name: str = "", line: str = "") -> None:
    program.rings.take(Ring(number, name, line))
    program.rings._show_timer.stop()
    program.rings._show()
    QApplication.processEvents()


def bar(program: Program):  # type: ignore[no-untyped-def]  # the window's own
    return program.rings._bars[program.window]


def f2(program: Program) -> None:
    program.window.activateWindow()
    QApplication.processEvents()
    from PySide6.QtTest import QTest

    QTest.keyClick(program.window, Qt.Key.Key_F2)
    QApplication.processEvents()


def test_f2_answers_the_customer_who_rings_on_any_page(qtbot: QtBot, program: Program, chen: int) -> None:
    sign_in(qtbot, program, "mei")
    program.window.show_page("customers")
    ring(program, "+886912345678", line="Shop")
    shown = bar(program)
    assert shown.isVisible() and shown.name_label.text() == "Ms 陳李美鳳"
    assert "Avoid: 父喪" in shown.facts_label.text() and "Shop" in shown.number_label.text()
    f2(program)
    page = program.window.page("calls")
    assert program.window.current_key == "calls" and not shown.isVisible()
    assert page.sheet.form.customer_id == chen and page.sheet.form.line == "Shop"
    f2(program)  # nothing rings: F2 begins an empty call as ever
    assert page.sheet.blank


def test_the_same_number_is_one_call_and_one_sheet(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "mei")
    for _again in range(3):
        ring(program, "0287654321", "林")
    assert bar(program).front.times == 3 and "rang 3 times" in bar(program).number_label.text()
    f2(program)
    page = program.window.page("calls")
    assert page.sheet.form.name == "林" and page.sheet.form.phone == "0287654321"
    program.window.show_page("customers")
    ring(program, "02-8765-4321")
    f2(program)
    assert len(page.held.tabs()) == 1 and program.window.current_key == "calls"


def test_a_ring_never_loses_the_call_being_written(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "mei")
    f2(program)
    page = program.window.page("calls")
    qtbot.keyClicks(page.form_view.number_edit, "0423456789")
    ring(program, "0287654321")
    assert page.sheet.form.phone == "0423456789"  # nothing was taken out of the hand
    f2(program)
    assert {sheet.form.phone for sheet in page.held.tabs()} == {"0423456789", "0287654321"}


def test_nobody_signed_in_the_ring_waits(qtbot: QtBot, program: Program, clock: FixedClock) -> None:
    ring(program, "0287654321")
    ring(program, "")
    assert "2 calls are waiting" in program.login.sign_in.error.text()
    clock.advance(timedelta(hours=1))
    sign_in(qtbot, program, "mei")
    qtbot.waitUntil(lambda: bool(program.rings._bars) and bar(program).isVisible())
    program.rings.look()
    assert len(program.rings.waiting) == 2  # shown now, however long nobody was here
    program.lock()
    ring(program, "0277777777")
    sign_in(qtbot, program, "mei")
    qtbot.waitUntil(lambda: len(bar(program).waiting) == 3)


def test_what_a_colleague_took_rings_no_more(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "mei")
    ring(program, "0287654321")
    first = bar(program)
    program.switch_user()
    sign_in(qtbot, program, "boss")
    program.rings._show()
    f2(program)
    assert not program.rings.waiting
    program.switch_user()
    sign_in(qtbot, program, "mei")
    qtbot.waitUntil(lambda: not first.waiting)
    assert not first.isVisible() and not program.rings.answers("F2")


@pytest.mark.clause("CALL-15")
def test_what_nobody_takes_is_a_missed_call(qtbot: QtBot, program: Program, clock: FixedClock, desk: Context) -> None:
    sign_in(qtbot, program, "mei")
    rang = clock.now()
    ring(program, "0287654321", "林")
    ring(program, "", line="Shop")
    clock.advance(timedelta(seconds=RING_SECONDS + 1))
    program.rings.look()
    assert not bar(program).isVisible()
    missed = missed_calls.find_missed(desk)
    assert {(row.name, row.at) for row in missed} == {("林", rang), ("number withheld", rang)}


def test_not_now_is_a_missed_call_at_once(qtbot: QtBot, program: Program, desk: Context) -> None:
    sign_in(qtbot, program, "mei")
    ring(program, "0287654321")
    bar(program).later_button.click()
    assert missed_calls.count_missed(desk) == 1 and not bar(program).isVisible()


def test_what_waits_survives_the_end_of_the_program(qtbot: QtBot, program: Program, desk: Context) -> None:
    program.rings._file().parent.mkdir(parents=True, exist_ok=True)
    ring(program, "0287654321", "林")
    lines = program.rings._file().read_text("utf-8")
    program.rings.close()
    assert "0287654321" in lines and "0287654321" in program.rings._file().read_text("utf-8")
    program.rings._missed = []
    program.rings._closing = False
    program.rings._find_kept()  # the next start
    sign_in(qtbot, program, "mei")
    qtbot.waitUntil(lambda: bool(program.rings._bars))
    program.rings.look()
    assert [row.name for row in missed_calls.find_missed(desk)] == ["林"]
    assert not program.rings._file().exists()


def test_a_flood_of_two_hundred_rings_loses_nothing(qtbot: QtBot, program: Program, desk: Context) -> None:
    sign_in(qtbot, program, "mei")
    windows = len(QApplication.topLevelWidgets())
    name = door_name()
    assert program.rings.listen(name)
    answers: list[str] = []

    def flood(first: int) -> None:
        for n in range(first, first + 50):
            answers.append(send(name, Ring(f"09{n % 100:08d}").message()))  # each number twice

    threads = [threading.Thread(target=flood, args=(part * 50,)) for part in range(4)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: len(answers) == 200, timeout=20_000)
    for thread in threads:
        thread.join()
    assert set(answers) == {"ok"} and time.monotonic() - began < 15
    qtbot.waitUntil(lambda: len(bar(program).waiting) == 100)
    assert len(program.rings.waiting) == 100 and sum(waiting.times for waiting in program.rings.waiting) == 200
    assert len(QApplication.topLevelWidgets()) == windows
    assert "99 more" in bar(program).number_label.text()
    f2(program)
    assert len(program.window.page("calls").held.tabs()) == 1
    program.rings.close()
    assert missed_calls.count_missed(desk) == 99


def test_the_door_refuses_nonsense_and_stays_open(qtbot: QtBot, program: Program) -> None:
    name = door_name()
    assert program.rings.listen(name)
    said: dict[str, str] = {}

    def knock() -> None:
        for message in ("ring\t" + "9" * 60 + "\t\t", "hello", "x" * 9000, "ring\t0912345678\t\t"):
            said[message[:10]] = send(name, message)

    thread = threading.Thread(target=knock)
    thread.start()
    qtbot.waitUntil(lambda: len(said) == 4)
    thread.join()
    assert "too long (60 digits)" in said["ring\t99999"] and "not understood" in said["hello"]
    assert said["ring\t09123"] == "ok" and len(program.rings.waiting) == 1
    assert Path(name).stat().st_mode & 0o077 == 0 and Path(name).parent.stat().st_mode & 0o077 == 0


def test_only_one_program_is_the_one() -> None:
    first, second = Lone(door_name()), Lone(door_name())
    assert first.take() and not second.take()
    first.give_up()
    assert second.take()
    second.give_up()


def test_one_key_each_opens_what_there_is_to_know(qtbot: QtBot, program: Program, desk: Context, chen: int) -> None:
    missed_calls.log_missed(desk, "0912345678")
    sign_in(qtbot, program, "mei")
    program.window.resize(1366, 768)  # wide enough for the card beside the call
    ring(program, "0912345678")
    assert "1 call was missed" in bar(program).facts_label.text()
    f2(program)
    page = program.window.page("calls")
    assert [row.fact.kind for row in page.panel.say_rows if row.isVisible()] == ["missed"]
    qtbot.keyClick(program.window.focusWidget(), Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert page.stack.currentIndex() != 0  # the list of missed calls, the call stays a tab
    assert [sheet.form.customer_id for sheet in page.held.tabs()] == [chen]
