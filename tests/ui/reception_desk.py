"""What the tests of the reception share: its page, a known customer, a guest who comes in, keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.services import visits
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customers import create_customer
from crmdesk.services.visits import VisitForm, VisitRow
from crmdesk.ui.reception.page import ReceptionPage


@pytest.fixture
def huang(desk: Context) -> int:
    """A known customer."""
    form = CustomerForm("黃淑惠", kind="wholesale", grade="B", phones=(PhoneEntry("0922-333-444"),))
    return create_customer(desk, form).id


@pytest.fixture
def page(desk: Context, qtbot: Any) -> ReceptionPage:
    """The board, shown and active, as the manager sees it."""
    shown = ReceptionPage(desk)
    shown.resize(1198, 680)
    qtbot.addWidget(shown)
    with qtbot.waitActive(shown):
        shown.show()
    shown.load()
    shown.first_focus()
    return shown


def come_in(desk: Context, page: ReceptionPage, customer_id: int | None = None, **changes: Any) -> VisitRow:
    form = replace(VisitForm("黃淑惠", customer_id=customer_id, purpose="看新款"), **changes)
    visit_id = visits.check_in(desk, form)
    page.reload()
    page.board.choose(visit_id)
    page.first_focus()
    return visits.get_visit(desk, visit_id)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    QTest.keyClick(widget, key, modifier)


def type_text(widget: QWidget, text: str) -> None:
    """Type a text as an input method would hand it over."""
    widget.insert(text)  # type: ignore[attr-defined]  # a field of text
    widget.textEdited.emit(widget.text())  # type: ignore[attr-defined]  # a field of text


def now(desk: Context, visit: VisitRow) -> VisitRow:
    return visits.get_visit(desk, visit.id)


def chosen(page: ReceptionPage) -> VisitRow:
    """Return the visit whose card is chosen."""
    visit = page.board.chosen()
    assert visit is not None
    return visit
