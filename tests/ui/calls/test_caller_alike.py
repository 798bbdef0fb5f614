"""The call's window with somebody who is perhaps known: by an earlier note, or by a card that looks the same."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.services import customers
from crmdesk.services.calls import CallForm, save_call
from crmdesk.services.context import Context
from crmdesk.services.customers import CustomerForm, PhoneEntry
from crmdesk.ui.calls.page import CallsPage


def test_a_noted_number_is_perhaps_somebody_and_stays_as_it_is(desk: Context, qtbot: QtBot) -> None:
    chen = customers.create_customer(desk, CustomerForm("陳大文", phones=(PhoneEntry("0912345678"),))).id
    save_call(desk, CallForm(name="陳太太", matter="先生改用 0988-760-115", customer_id=chen))
    page = CallsPage(desk)
    qtbot.addWidget(page)
    page.load(new=True)
    view = page.form_view
    qtbot.keyClicks(view.number_edit, "0988760115")
    match = view.match_list.current()
    assert (match.record.id, match.pill) == (chen, "Perhaps")
    assert "先生改用" in match.rest
    qtbot.keyClick(view.number_edit, Qt.Key.Key_Return)  # a guess is asked for first, with whose note it is
    assert view.base.customer_id is None and desk.user.name in view.match_list.accessibleName()
    qtbot.keyClick(view.number_edit, Qt.Key.Key_Return)
    assert view.base.customer_id == chen
    assert str(view.number_edit.value()).replace("-", "") == "0988760115"


def test_who_is_here_already_is_shown_before_a_second_card_is_made(desk: Context, qtbot: QtBot) -> None:
    chen = customers.create_customer(desk, CustomerForm("陳美鳳", address="台中市中區中山路1號")).id
    page = CallsPage(desk)
    qtbot.addWidget(page)
    page.resize(1180, 640)
    page.show()
    page.load(new=True)
    view, side = page.form_view, page.caller
    qtbot.keyClicks(view.number_edit, "0988760115")
    view.who.field("name").set_value("陳美風")
    view.where.field("address").set_value("台中市中區中山路1號")
    side.show_person()
    assert [one.id for one in side.alike.found] == [chen]
    assert side.alike.lines[0][1].text().startswith("陳美鳳")
    side.alike.lines[0][2].click()
    assert view.base.customer_id == chen
    assert str(view.number_edit.value()).replace("-", "") == "0988760115"
    assert not side.alike.isVisible()
