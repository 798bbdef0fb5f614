"""The phone page in its window, and the ten fingers at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crmdesk.services import customers
from crmdesk.services.calls import CallForm
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.ui.calls.page import PAGE, CallsPage
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.shell import Shell
from tests.helpers.office import Staff

Enter, Tab, Space = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Space
Ctrl, Alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
DONE = CallForm(
    phone="0912345678", name="陳李美鳳", region="臺中", topic="stock", matter="補貨", rings=2,
    read_back=("phone", "name", "matter"),
)  # fmt: skip


@pytest.fixture
def mei(desk: Context, staff: Staff) -> Context:
    """The receptionist at the phone."""
    return desk.acting_as(staff.mei)


@pytest.fixture
def known(mei: Context) -> int:
    """A customer with a name, an address and a number."""
    form = CustomerForm(
        "陳李美鳳", kind="wholesale", grade="A", gender="f", company="陳家銀樓", region="臺中", address="文心路 1 號",
        likes="素面、16 吋", avoid="父喪", phones=(PhoneEntry("0912345678"),),
    )  # fmt: skip
    return customers.create_customer(mei, form).id


@pytest.fixture
def window(mei: Context, qapp: QApplication) -> Iterator[MainWindow]:
    """The main window with the phone page only."""
    frame = MainWindow(Shell(ctx=mei, company="天竺工坊"), [PAGE])
    frame.resize(1366, 768)
    frame.show()
    QTest.qWaitForWindowActive(frame)
    yield frame
    frame.close()
    frame.deleteLater()


@pytest.fixture
def page(window: MainWindow) -> CallsPage:
    """The page after F2."""
    return f2(window)


def f2(window: MainWindow) -> CallsPage:
    QTest.keyClick(window, Qt.Key.Key_F2)
    QApplication.processEvents()
    page = window.page("calls")
    assert isinstance(page, CallsPage)
    return page


def key(page: CallsPage, code: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.window().focusWidget() or page.window(), code, modifier)
    QApplication.processEvents()


def type_in(page: CallsPage, text: str) -> None:
    """Type into the field that has the focus; Chinese arrives whole, as from an input method."""
    target = page.window().focusWidget()
    if text.isascii():
        QTest.keyClicks(target, text)
    else:
        getattr(target, "insertPlainText", getattr(target, "insert", None))(text)
        if hasattr(target, "textEdited"):
            target.textEdited.emit(target.text())
    QApplication.processEvents()


def fill(page: CallsPage, name: str = "王先生") -> None:
    """Write a whole call of a stranger by keyboard alone."""
    type_in(page, "0423456789")
    key(page, Enter)
    type_in(page, name)
    key(page, Enter)
    key(page, Enter)  # the place is suggested from the area code
    type_in(page, "warranty")
    key(page, Enter)
    type_in(page, "ring size 12")


def read_back(page: CallsPage, *ticks: str) -> None:
    for tick in ticks or ("phone", "name", "matter"):
        QTest.keyClick(page.form_view.read_back.chips.chip(tick), Space)
