"""The line above the board: what to do for the chosen guest is read whole where there is room."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crmdesk.ui.reception.toolbar import Toolbar
from crmdesk.ui.reception.words import Advice


def test_advice_uses_the_free_room_and_the_word_in_front_gives_way(qtbot: QtBot) -> None:
    bar = Toolbar()
    qtbot.addWidget(bar)
    bar.show_visit(None, None, writing=False)
    bar.show()
    bar.show_advice("單雅慧", Advice("Please choose a clerk", "warning", "RCPT-05"))
    bar.context_head.hide()
    bar.resize(bar.sizeHint().width() + 4, 40)
    bar.show_advice("單雅慧", Advice("Please choose a clerk", "warning", "RCPT-05"))
    assert bar.context_head.isHidden()
    qtbot.waitUntil(lambda: bar.context_words.width() >= bar.context_words.sizeHint().width())
