"""The whole program in one process: opening, signing in, locking, switching users, news from elsewhere, faults."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.app import Program
from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import ConnectionLost
from crmdesk.core.settings import Settings, load_settings
from crmdesk.db.changes import Changes, Notice
from crmdesk.db.engine import sqlite_url
from crmdesk.db.session import Actor, Database
from crmdesk.services import staff, working_time
from crmdesk.services.backups import backup_now
from crmdesk.services.context import Context
from crmdesk.services.customers import CustomerForm, PhoneEntry, create_customer
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.news import News, joined
from crmdesk.services.staff import StaffForm, create_staff
from crmdesk.start import ahead
from crmdesk.ui import tasks
from crmdesk.ui.idle import IdleWatch
from crmdesk.ui.live import LiveUpdates
from tests.helpers.office import PASSWORD


def make_program(qapp: QApplication, clock: FixedClock, url: str) -> Program:
    settings = Settings(language="en", database_url=url)
    settings.windows["configured"] = True
    return Program(qapp, settings, clock)


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, clock: FixedClock, desk: Context) -> Iterator[Program]:
    """The program on the test office, its people shown (today's backup is made already)."""
    backup_now(desk)
    made = make_program(qapp, clock, sqlite_url(Path(str(desk.db.engine.url.database))))
    made._when_idle = lambda: None  # type: ignore[method-assign]  # the backup's timer is tested by itself
    with qtbot.waitSignal(made.ready):
        made.start()
    yield made
    made.close()


def sign_in(qtbot: QtBot, program: Program, login: str, password: str = PASSWORD) -> None:
    pane = program.login.sign_in
    pane.tiles.choose([p.login for p in pane.tiles.people()].index(login))
    qtbot.keyClicks(pane.password, password)
    with qtbot.waitSignal(program.signed_in):
        qtbot.keyClick(pane.password, Qt.Key.Key_Return)


def test_somebody_signs_in_and_sees_the_desks_of_the_role(qtbot: QtBot, program: Program) -> None:
    assert [p.name for p in program.login.sign_in.tiles.people()][:2] == ["林經理", "王小美"]
    sign_in(qtbot, program, "wen")
    assert program.window.isVisible() and not program.login.isVisible()
    desks = program.window.keys()
    assert "settings" in desks and "reception" not in desks
    assert load_settings(settings_file()).windows["last_login"] == "wen"


def test_the_first_board_is_made_ready_while_the_password_is_typed(
    qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "PAUSE_MS", 0)
    kept = program.ctx.policy.made.setdefault("today", {})
    qtbot.waitUntil(lambda: len(kept) == 1)
    assert staff.sign_in(program.ctx, "boss", PASSWORD) in next(iter(kept))  # asked for by the page of who signs in


def settings_file() -> Path:
    from crmdesk.core.paths import user_config_dir

    return user_config_dir() / "settings.json"


def test_a_wrong_password_is_told_and_slowed(qtbot: QtBot, program: Program) -> None:
    pane = program.login.sign_in
    for _try in range(3):
        qtbot.keyClicks(pane.password, "wrong")
        qtbot.keyClick(pane.password, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not tasks.running())
    assert pane.error.text().startswith("The password is wrong. Please wait 2 seconds")
    assert not pane.enter.ready and program.window is None
    pane._countdown.stop()


def test_a_locked_screen_gives_the_work_back_as_it_was(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "boss")
    window = program.window
    window.show_page("settings")
    program.lock()
    assert not window.isVisible() and program.login.isVisible()
    assert program.login.sign_in.greeting.text() == "Locked"
    assert program.login.sign_in.tiles.login() == "boss"
    sign_in(qtbot, program, "boss")
    assert program.window is window and window.current_key == "settings"


def test_another_user_is_two_keys_away_and_nothing_is_lost(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "boss")
    first = program.window
    program.switch_user()
    qtbot.waitUntil(lambda: program.login.focusWidget() is program.login.sign_in.tiles)
    qtbot.keyClick(program.login.sign_in.tiles, "2")
    pane = program.login.sign_in
    assert pane.tiles.login() == "mei" and program.login.focusWidget() is pane.password
    sign_in(qtbot, program, "mei")
    assert program.window is not first and program.window.shell.ctx.user.login == "mei"
    program.switch_user()
    sign_in(qtbot, program, "boss")
    assert program.window is first


def test_nobody_typing_locks_the_screen(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "boss")
    program._idle.time_is_up()
    assert program.login.isVisible() and not program.window.isVisible()


def test_typing_starts_the_minutes_again_and_zero_never_locks(qtbot: QtBot, qapp: QApplication) -> None:
    settings = Settings(lock_after_minutes=10)
    watch = IdleWatch(qapp, settings)
    watch.start()
    assert watch._timer.isActive() and watch._timer.interval() == 600_000
    settings.lock_after_minutes = 0
    watch.start()
    assert not watch._timer.isActive()
    watch.stop()


def test_what_another_program_saves_reaches_the_window(qtbot: QtBot, program: Program, desk: Context) -> None:
    sign_in(qtbot, program, "boss")
    seen: list[Any] = []
    program.live.changed.connect(seen.append)
    create_staff(desk, StaffForm("lin", "林小芬", ("sales",), "secret1"), quick_hash=True)
    qtbot.waitUntil(lambda: any(notice.touches("staff") and not notice.everything for notice in seen))


def test_changed_hours_are_reckoned_with_at_once(qtbot: QtBot, program: Program, desk: Context) -> None:
    sign_in(qtbot, program, "boss")
    monday = date(2026, 11, 23)
    assert calendar_of(program.window.shell.ctx).is_working_day(monday)
    working_time.set_own_day(desk, monday, "", "盤點")
    qtbot.waitUntil(lambda: not calendar_of(program.window.shell.ctx).is_working_day(monday))
    working_time.set_hours(desk, ["10:00-16:00"] * 7, "")
    qtbot.waitUntil(lambda: program.window.shell.ctx.office.hours[0] == "10:00-16:00")


def test_own_saves_are_told_once(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "boss")
    seen: list[Any] = []
    program.live.changed.connect(seen.append)
    create_staff(program.window.shell.ctx, StaffForm("lin", "林小芬", ("sales",), "secret1"), quick_hash=True)
    qtbot.waitUntil(lambda: bool(seen))
    assert program.news.poll() is None, "the file changed, but by ourselves"
    assert len(seen) == 1
    qtbot.waitUntil(lambda: program.window.status.saved.text().startswith("Saved 09:41"))


def test_a_language_switch_reaches_every_window(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "boss")
    program.set_language("zh_TW")
    assert program.window.rail.isVisible() and program.login.sign_in.enter.text() == "登入"
    assert load_settings(settings_file()).language == "zh_TW"
    status = program.window.status
    assert (status.place.text(), status.station.text()) == ("已連線 這台電腦", "接待")
    program.set_language("en")
    assert (status.place.text(), status.station.text()) == ("Connected: This PC", "Reception")


def test_a_time_line_on_screen_follows_the_language(qtbot: QtBot, program: Program) -> None:
    sign_in(qtbot, program, "boss")
    ctx = program.window.shell.ctx
    customer = create_customer(ctx, CustomerForm(name="單雅慧", phones=(PhoneEntry("0225586104"),)))
    program.window.show_page("calls", new=True)
    program.window.page("calls").caller.take_customer(customer.id)
    timeline = program.window.page("calls").caller.panel.timeline
    assert [entry.title for entry in timeline.entries()] == ["Customer registered"]
    program.set_language("zh_TW")
    assert [entry.title for entry in timeline.entries()] == ["客戶建檔"]


@pytest.mark.parametrize("fault", ["missing", "broken"])
def test_data_that_cannot_be_opened_stands_in_the_window(
    qtbot: QtBot, qapp: QApplication, clock: FixedClock, tmp_path: Path, fault: str, sqlite_template: Path
) -> None:
    path = tmp_path / "gone" / "office.db"
    path.parent.mkdir()
    if fault == "broken":
        path.write_bytes(b"no database at all" * 500)
    program = make_program(qapp, clock, sqlite_url(path))
    try:
        with qtbot.waitSignal(program.ready):
            program.start()
        pane = program.login.trouble
        assert program.login.pane == "trouble"
        assert ("not there any more" if fault == "missing" else "damaged") in pane.sentence.text()
        path.write_bytes(sqlite_template.read_bytes())
        with qtbot.waitSignal(program.ready):
            qtbot.mouseClick(pane.retry, Qt.MouseButton.LeftButton)
        assert program.login.pane == "sign_in" and program.login.sign_in.tiles.people()
    finally:
        program.close()


def test_the_first_start_asks_and_then_lets_the_manager_in(qtbot: QtBot, qapp: QApplication, clock: FixedClock) -> None:
    program = Program(qapp, Settings(language="en"), clock)
    program._when_idle = lambda: None  # type: ignore[method-assign]  # nothing is made ahead here
    try:
        program.start()
        setup = program.setup
        assert setup is not None and setup.isVisible()
        setup.company_step.form.load({"company": "天竺工坊"})
        setup.manager_step.form.load({"name": "林經理", "login": "boss", "password": PASSWORD, "again": PASSWORD})
        with qtbot.waitSignal(program.ready):
            for _step in range(6):
                setup.next.click()
                qtbot.waitUntil(lambda: not tasks.running())
        assert [p.login for p in program.login.sign_in.tiles.people()] == ["boss"]
        sign_in(qtbot, program, "boss")
        assert load_settings(settings_file()).configured
    finally:
        program.close()


def test_the_cable_goes_out_and_comes_back(qtbot: QtBot) -> None:
    rounds: list[int] = []
    go_on = threading.Event()

    def listen(stop: threading.Event) -> Iterator[Notice]:
        rounds.append(1)
        yield Notice(frozenset(), everything=True)
        if len(rounds) == 1:
            go_on.wait(5)
            raise ConnectionLost()
        stop.wait()

    live = LiveUpdates(joined, "me")
    seen: list[Any] = []
    states: list[bool] = []
    live.changed.connect(seen.append)
    live.connection_changed.connect(states.append)
    live.watch_by_listening(listen, retry_seconds=0.01)
    qtbot.waitUntil(lambda: len(seen) == 1)
    go_on.set()
    qtbot.waitUntil(lambda: len(seen) == 2)
    live.stop()
    live.deleteLater()
    assert states == [False, True] and seen[1].everything, "after a reconnect everything is stale"


def test_notices_that_come_together_are_told_once(qtbot: QtBot) -> None:
    live = LiveUpdates(joined, "me")
    seen: list[Any] = []
    live.changed.connect(seen.append)
    for number in range(10):
        live.hear(Notice(frozenset({("sale", number)}), "me"))
    qtbot.waitUntil(lambda: bool(seen))
    live.stop()
    live.deleteLater()
    assert len(seen) == 1 and len(seen[0].records) == 10


def test_news_of_both_engines(ctx: Context, database_url: str) -> None:
    """Another program's save is heard, our own comes back from nowhere."""
    here = Database(database_url, Changes())
    news = News(here)
    try:
        if not news.by_listening:
            assert news.poll() is None
            create_staff(ctx, StaffForm("lin", "林小芬", ("sales",), "secret1"), quick_hash=True)
            heard = news.poll()
        else:
            stop = threading.Event()
            notices = news.listen(stop)
            assert next(notices).everything
            with here.transaction("Nothing", Actor(None, "", ""), ctx.clock):
                pass
            create_staff(ctx, StaffForm("lin", "林小芬", ("sales",), "secret1"), quick_hash=True)
            heard = next(notices)
            stop.set()
            notices.close()
        assert heard is not None and heard.touches("staff") and not heard.everything
    finally:
        news.close()
        here.close()


def test_every_desk_folder_is_in_the_rail() -> None:
    """A desk whose folder is there must open: one that fails to import would silently be missing."""
    import crmdesk.ui
    from crmdesk.ui.desks import FOLDERS, page_specs

    root = Path(crmdesk.ui.__file__).parent
    built = {path.parent.name for path in root.glob("*/page.py")}
    assert built <= set(FOLDERS)
    keys = {spec.key for spec in page_specs()}
    assert {"calls", "customers", "regulation", "settings"} <= keys and len(keys) >= len(built)
