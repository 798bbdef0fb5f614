"""The office server goes away in mid-form: one sentence, the typing is kept, and after its return it is saved once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import event, func, select

from crmdesk.app import Program
from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import AlreadySaved, ConnectionLost
from crmdesk.core.settings import Settings
from crmdesk.db.session import Database
from crmdesk.model.call import Call
from crmdesk.model.customer import Customer
from crmdesk.model.visit import Visit
from crmdesk.services import calls, customers, visits
from crmdesk.services.calls import CallForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.services.visits import VisitForm
from crmdesk.ui.errors import crash_window
from crmdesk.ui.live import LiveUpdates
from crmdesk.ui.widgets import SearchBox, Segments
from tests.conftest import make_context
from tests.helpers.lost import lose_the_answer
from tests.helpers.office import PASSWORD
from tests.helpers.server import OwnServer

MODELS: dict[str, Any] = {"call": Call, "visit": Visit, "customer": Customer}
SAVES: dict[str, Callable[[Context], object]] = {
    "call": lambda ctx: calls.save_call(ctx, CallForm(name="王", matter="補貨")),
    "visit": lambda ctx: visits.check_in(ctx, VisitForm("王", purpose="看新款")),
    "customer": lambda ctx: customers.create_customer(ctx, CustomerForm("王")),
}


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    """A server that only this file kills."""
    made = OwnServer()
    yield made
    made.remove()


@pytest.fixture
def url(server: OwnServer) -> str:
    """A fresh office on it."""
    server.start()
    return server.make_office()


@pytest.fixture
def office(url: str, clock: FixedClock) -> Iterator[Context]:
    """The manager's context on it."""
    db = Database(url)
    yield make_context(db, clock)
    db.close()


def count(ctx: Context, kind: str) -> int:
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(MODELS[kind])) or 0


def test_a_save_is_whole_or_not_at_all(server: OwnServer, office: Context) -> None:
    def cut(*_details: Any) -> None:
        server.kill()

    for save in SAVES.values():
        save(office)
    event.listen(office.db.engine, "commit", cut, once=True)
    for save in SAVES.values():  # the first is cut in its last step, the others find nobody there
        with pytest.raises(ConnectionLost) as told:
            save(office)
        assert told.value.message.endswith("Your text is kept; please try again.")
    with pytest.raises(ConnectionLost):
        count(office, "call")
    server.start()
    assert [count(office, kind) for kind in SAVES] == [1, 1, 1]
    for save in SAVES.values():
        save(office)
    assert [count(office, kind) for kind in SAVES] == [2, 2, 2]
    assert sorted(row.number for row in calls.find_calls(office)) == ["C261122-001", "C261122-002"]


def test_a_save_whose_answer_is_lost_with_the_server_is_not_made_twice(server: OwnServer, office: Context) -> None:
    forms: dict[str, Callable[[], object]] = {
        "call": lambda: calls.save_call(office, CallForm(name="王", matter="補貨", token="a")),
        "visit": lambda: visits.check_in(office, VisitForm("王", purpose="看新款", token="b")),
        "customer": lambda: customers.create_customer(office, CustomerForm("王", token="c")),
    }

    def power_cut(connection: Any) -> None:
        server.kill()
        connection.execute("SELECT 1")  # what the driver says to a client that waits for its answer

    for kind, save in forms.items():
        lose_the_answer(office, power_cut)
        with pytest.raises(ConnectionLost):
            save()
        server.start()
        with pytest.raises(AlreadySaved) as told:
            save()
        assert (told.value.kind, count(office, kind)) == (kind, 1)


# in the window ----------------------------------------------------------------------------------------------------


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, clock: FixedClock, url: str, monkeypatch: Any) -> Iterator[Program]:
    """The program on that server, the manager signed in."""
    monkeypatch.setattr(LiveUpdates.watch_by_listening, "__kwdefaults__", {"retry_seconds": 0.05})
    settings = Settings(language="en", database_url=url)
    settings.windows["configured"] = True
    made = Program(qapp, settings, clock)
    made._when_idle = lambda: None  # type: ignore[method-assign]  # the backup's timer is tested by itself
    with qtbot.waitSignal(made.ready):
        made.start()
    pane = made.login.sign_in
    pane.tiles.choose([p.login for p in pane.tiles.people()].index("boss"))
    qtbot.keyClicks(pane.password, PASSWORD)
    with qtbot.waitSignal(made.signed_in):
        qtbot.keyClick(pane.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: made.live.connected)
    yield made
    made.close()


def lose(qtbot: QtBot, program: Program, server: OwnServer) -> None:
    server.kill()
    qtbot.waitUntil(lambda: not program.live.connected)


def come_back(qtbot: QtBot, program: Program, server: OwnServer) -> None:
    server.start()
    qtbot.waitUntil(lambda: program.live.connected)


def test_what_is_typed_is_kept_while_the_server_is_away_and_saved_once_after(
    qtbot: QtBot, program: Program, server: OwnServer, office: Context, look: Callable[..., None]
) -> None:
    window = program.window
    desks = window.keys()
    for key in desks:
        if key != "items":  # one desk that is opened for the first time while the server is away
            window.show_page(key)
    phone, reception, people = (window.page(key) for key in ("calls", "reception", "customers"))
    form = CallForm(phone="0912345678", name="陳李美鳳", region="臺中", topic="stock", matter="補貨", rings=2,
                    read_back=("phone", "name", "matter"))  # fmt: skip
    window.show_page("calls", new=True)
    phone.form_view.load(form)
    lose(qtbot, program, server)
    assert "Your text is kept" in window.banner.text()

    phone.complete()
    phone.held.keep()
    assert phone.form_view.form().matter == "補貨" and window.banner.text()
    window.show_page("customers")
    people.begin_new(name="單大文")
    people.form_view.save()
    assert people.form_view.form.field("name").text() == "單大文" and window.banner.text()
    people.form_view.form.set_dirty(False)  # only so that the other desks may be looked at without a question
    desks = window.keys()
    for key in desks:
        if key != "customers":
            window.show_page(key)
    window.show_page("reception", new=True)
    sheet = reception.guest_sheet
    sheet.guest.field("name").setText("王先生")
    sheet.guest.field("register").set_value(False)
    sheet.form.field("purpose").setEditText("看新款")
    sheet.save()
    assert sheet.guest.field("name").text() == "王先生" and window.banner.text()
    window.refresh(None)
    look(language="zh_TW")
    look(language="en")
    assert sheet.form.field("purpose").value() == "看新款"

    come_back(qtbot, program, server)
    assert window.banner.text() == ""
    assert [count(office, kind) for kind in MODELS] == [0, 0, 0]
    sheet.save()
    phone.complete()
    people.begin_new(name="單大文")
    people.form_view.save()
    assert [count(office, kind) for kind in MODELS] == [1, 1, 1]
    assert phone.form_view.form().matter == ""
    assert window.show_page("items")


def test_saving_again_in_the_window_shows_what_the_lost_answer_saved(
    qtbot: QtBot, program: Program, server: OwnServer, office: Context
) -> None:
    window = program.window
    window.show_page("calls", new=True)
    phone = window.page("calls")
    form = CallForm(phone="0912345678", name="陳李美鳳", region="臺中", topic="stock", matter="補貨", rings=2,
                    read_back=("phone", "name", "matter"))  # fmt: skip
    phone.form_view.load(form)

    def power_cut(connection: Any) -> None:
        server.kill()
        connection.execute("SELECT 1")

    lose_the_answer(phone.ctx, power_cut)
    phone.complete()
    assert "Your text is kept" in window.banner.text()
    assert phone.form_view.form().matter == "補貨"
    come_back(qtbot, program, server)
    phone.complete()
    office.db.close()  # its connections are of before
    assert count(office, "call") == 1
    assert phone.form_view.form().matter == ""  # taken for saved: the next call may come
    assert [row.number for row in calls.find_calls(office)] == ["C261122-001"]


def test_every_search_and_filter_says_that_the_server_is_away(
    qtbot: QtBot, program: Program, server: OwnServer
) -> None:
    window = program.window
    desks = window.keys()
    for key in desks:
        window.show_page(key)
    window.show_page("calls", new=True)
    lose(qtbot, program, server)
    for key in desks:
        page = window.page(key)
        if not window.show_page(key):
            continue
        for box in page.findChildren(SearchBox):
            box.searched.emit("王小美")
            box.searched.emit("0912")
        for choice in page.findChildren(Segments):
            choice.value_changed.emit()
        page.banner_answered.emit()
        page.refresh(None)
        page.retranslate()
    window.page("calls").form_view.search("0912345678")
    assert "Your text is kept" in window.banner.text()
    assert crash_window() is None
    come_back(qtbot, program, server)


def test_the_windows_of_another_pc_are_read_again(qtbot: QtBot, program: Program, office: Context) -> None:
    window = program.window
    window.show_page("reception")
    board = window.page("reception").board
    with qtbot.waitSignal(program.live.changed):
        visit = visits.check_in(office, VisitForm("王先生", purpose="看新款"))
    assert board.card(visit) is not None
    window.show_page("customers")
    with qtbot.waitSignal(program.live.changed):
        made = customers.create_customer(office, CustomerForm("單大文"))
    assert made.id in [line.id for line in window.page("customers").table.rows()]
