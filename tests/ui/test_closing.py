"""Closing time at the reception: the fax (CALL-13)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.services import closing
from crmdesk.services.context import Context
from crmdesk.ui.reception.page import ReceptionPage


@pytest.mark.clause("CALL-13")
def test_the_fax_is_ticked_by_key_and_says_who_did_it(desk: Context, qtbot: QtBot) -> None:
    page = ReceptionPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.load()
    tick = page.keys_card.fax_tick
    assert not tick.value() and "closing time" in tick.toolTip()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert closing.find_fax(desk) is not None
    assert desk.user.name in tick.toolTip()
    again = ReceptionPage(desk)
    qtbot.addWidget(again)
    again.load()
    assert again.keys_card.fax_tick.value()
    qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert closing.find_fax(desk) is None
