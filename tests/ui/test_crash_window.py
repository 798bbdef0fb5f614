"""In the window: a planted bug, a full disk, a colleague's save and a name that looks like HTML."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import event, text

from crmdesk.services import calls, customers, visits
from crmdesk.services.calls import CallForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.visits import VisitForm
from crmdesk.ui import errors
from crmdesk.ui.desks import page_specs
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.shell import Shell
from tests.helpers.office import Staff

HTML = "<b>Bold</b><br>王"
SECRET = "陳李美鳳"


@pytest.fixture
def window(desk: Context, qtbot: QtBot) -> Iterator[MainWindow]:
    """The main window with every desk, as the manager sees it."""
    frame = MainWindow(Shell(ctx=desk, company="天竺工坊"), page_specs())
    frame.resize(1366, 768)
    with qtbot.waitActive(frame):
        frame.show()
    yield frame
    frame.close()
    frame.deleteLater()


@pytest.fixture
def hooked() -> Iterator[None]:
    """The program's hooks, given back afterwards."""
    before = sys.excepthook
    errors.install()
    yield
    errors.uninstall()
    sys.excepthook = before


def write_call(window: MainWindow, **more: Any) -> Any:
    window.show_page("calls", new=True)
    page = window.page("calls")
    form = CallForm(phone="0912345678", name=SECRET, region="臺中", topic="stock", matter="補貨", rings=2,
                    read_back=("phone", "name", "matter"))  # fmt: skip
    page.form_view.load(replace(form, **more))  # type: ignore[attr-defined]  # the phone page
    return page


@pytest.mark.usefixtures("hooked")
def test_a_bug_while_saving_shows_one_window_and_the_work_goes_on(
    window: MainWindow, qtbot: QtBot, desk: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = write_call(window)

    def broken(*_arguments: Any, **_more: Any) -> Any:
        raise ZeroDivisionError(f"{SECRET} 0912-345-678")

    monkeypatch.setattr(calls, "save_call", broken)
    with qtbot.captureExceptions() as raised:
        qtbot.keyClick(page.form_view.what.field("matter"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [kind for kind, _error, _trace in raised] == [ZeroDivisionError]
    errors.caught(*raised[0])  # what the program's own hook does; the test's stands before it
    crash = errors.crash_window()
    assert crash is not None and not crash.isModal()
    crash.copy_button.click()
    report = QGuiApplication.clipboard().text()
    assert "ZeroDivisionError" in report and "calls/page.py" in report
    assert SECRET not in report and "0912" not in report and "補貨" not in report
    assert page.form_view.form().name == SECRET
    crash.close_button.click()
    monkeypatch.undo()
    page.complete()
    assert [call.caller for call in calls.find_calls(desk)] == [SECRET]


def fill_disk(ctx: Context) -> Callable[[], None]:
    """Leave the data file no room to grow; returns what frees it again."""
    engine = ctx.db.engine

    def no_room(connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages}")
        cursor.close()

    def room(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute("PRAGMA max_page_count=1000000").close()

    event.listen(engine, "checkout", no_room)

    def free() -> None:
        event.remove(engine, "checkout", no_room)
        event.listen(engine, "checkout", room)

    return free


def test_a_full_disk_is_said_and_the_typing_is_kept(window: MainWindow, desk: Context) -> None:
    page = write_call(window, matter="補貨" * 1900)
    window.show_page("customers")
    people = window.page("customers")
    people.begin_new(name="單大文")  # type: ignore[attr-defined]  # the customers' page
    view = people.form_view  # type: ignore[attr-defined]  # the customers' page
    view.form.field("note").set_value("很長" * 1900)
    free = fill_disk(desk)
    for _try in range(40):  # the last free page of the file is soon used up
        page.complete()
        if not page.form_view.form().matter:
            write_call(window, matter="補貨" * 1900)
        else:
            break
    assert "disk is full" in window.toast.text()
    assert page.form_view.form().matter == "補貨" * 1900
    saved = len(calls.find_calls(desk))
    view.save()
    view.form.set_dirty(False)
    assert view.form.field("name").text() == "單大文"
    free()
    page.complete()
    view.save()
    assert len(calls.find_calls(desk)) == saved + 1
    with desk.reading() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert session.execute(text("SELECT count(*) FROM customer")).scalar() == 1


def test_a_call_changed_at_another_desk_keeps_the_typing(window: MainWindow, desk: Context, staff: Staff) -> None:
    saved = calls.save_call(desk, CallForm(phone="0912345678", name=SECRET, rings=2))
    window.show_page("calls", id=saved.id)
    page: Any = window.page("calls")
    form = replace(page.form_view.form(), region="臺中", topic="stock", matter="mine", read_back=("phone", "name"))
    page.form_view.load(form)
    theirs = replace(calls.get_call(desk, saved.id).form, matter="hers")
    calls.save_call(desk.acting_as(staff.mei), theirs, call_id=saved.id, version=saved.version)
    assert page.save() is None
    assert "王小美" in window.banner.text()
    assert page.form_view.form().matter == "mine"
    assert calls.get_call(desk, saved.id).form.matter == "hers"


def test_a_visit_changed_at_another_desk_keeps_the_typing(
    window: MainWindow, desk: Context, staff: Staff, qtbot: QtBot
) -> None:
    visit = visits.check_in(desk, VisitForm("王先生", purpose="看新款"))
    window.show_page("reception", id=visit)
    page: Any = window.page("reception")
    sheet = page.guest_sheet
    qtbot.keyClicks(sheet.form.field("note"), "mine")
    visits.serve_water(desk.acting_as(staff.mei), visit, 1)
    sheet.save()
    assert "王小美" in window.banner.text()
    assert sheet.form.field("note").value() == "mine"
    sheet.save()
    row = visits.get_visit(desk, visit)
    assert (row.note, row.water_at is not None) == ("mine", True)


def test_a_name_that_looks_like_html_is_only_a_name(window: MainWindow, desk: Context) -> None:
    form = CustomerForm(HTML, company=HTML, likes=HTML, avoid=HTML, note=HTML, phones=(PhoneEntry("0912345678"),))
    made = customers.create_customer(desk, form).id
    calls.save_call(desk, CallForm(phone="0912345678", name=HTML, matter=HTML, customer_id=made))
    visits.check_in(desk, VisitForm(HTML, customer_id=made, purpose=HTML, note=HTML))
    for key in ("calls", "reception", "customers"):
        window.show_page(key)
        QApplication.processEvents()
    window.show_page("customers", id=made)
    QApplication.processEvents()
    window.notify(HTML)
    window.tell(HTML)
    rich = [
        label.text() for label in window.findChildren(QLabel)
        if "<b>" in label.text() and label.textFormat() != Qt.TextFormat.PlainText
    ]  # fmt: skip
    assert rich == []
    tips = [child.toolTip() for child in window.findChildren(QWidget) if "<b>" in child.toolTip()]
    assert tips == [], "a tip with a customer's words must be escaped"
