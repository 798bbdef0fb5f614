"""The line above the board, and the board where room is short: nothing that matters is lost."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from crmdesk.services import visits
from crmdesk.services.context import Context
from crmdesk.services.visits import Board, GreetingFigure, VisitForm
from crmdesk.ui import theme
from crmdesk.ui.reception.board import BoardView
from crmdesk.ui.reception.cards import FactLine
from crmdesk.ui.reception.keys_card import KeysCard
from crmdesk.ui.reception.toolbar import AdviceLabel, Toolbar
from crmdesk.ui.reception.words import Advice, Fact


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


def test_advice_too_long_for_one_line_takes_two_and_says_the_rest_in_a_tip(qtbot: QtBot) -> None:
    label = AdviceLabel()
    qtbot.addWidget(label)
    label.setText("please say that 王小美 will show them round 𠮷")
    for width, rows, whole in ((400, 1, True), (200, 2, True), (90, 2, False)):
        label.resize(width, 32)
        label.show()
        assert len(label.lines()) == rows
        assert ("".join(label.lines()).replace(" ", "") == label.text().replace(" ", "")) is whole
        assert bool(label.toolTip()) is not whole


def test_facts_without_room_stand_in_the_next_line(qtbot: QtBot) -> None:
    line = FactLine()
    qtbot.addWidget(line)
    line.set_facts([Fact("key-round", "07"), Fact("map-pin", "Business room"), Fact("user", "王小美")])
    metrics = QFontMetricsF(theme.font("label"))
    for width, rows in ((400, 1), (190, 2), (120, 3)):
        line.resize(width, line.height())
        line.show()
        places = line.places()
        assert [fact.word for fact, _box in places] == ["07", "Business room", "王小美"]
        assert all(box.width() >= FactLine.SIGN + metrics.horizontalAdvance(fact.word) for fact, box in places)
        assert all(box.right() <= width for _fact, box in places)
        assert line.height() == rows * FactLine.LINE, f"{width} pixels"


def test_who_waits_stays_in_sight_beside_an_open_sheet(qtbot: QtBot, desk: Context) -> None:
    leaving = visits.get_visit(desk, visits.check_in(desk, VisitForm("單雅慧")))
    visits.act(desk, leaving.id, leaving.version, "leave")
    view = BoardView(desk)
    qtbot.addWidget(view)
    none = GreetingFigure(0, 0)
    view.show_board(visits.find_board(desk), none)
    view.choose(leaving.id)
    view.set_narrow(True)
    seen = [key for key, lane in view.lanes.items() if not lane.isHidden()]
    assert seen == ["received", "settling", "leaving"]
    visits.check_in(desk, VisitForm("馮曉雯"))
    view.show_board(visits.find_board(desk), none)  # she comes in while the sheet is open
    seen = [key for key, lane in view.lanes.items() if not lane.isHidden()]
    assert seen == ["waiting", "settling", "leaving"]


def test_one_key_that_is_out_is_one_key(qtbot: QtBot, desk: Context) -> None:
    card = KeysCard(desk)
    qtbot.addWidget(card)
    visit = visits.get_visit(desk, visits.check_in(desk, VisitForm("單雅慧")))._replace(locker_key=1)
    card.show_board(desk, Board(received=(visit,), keys={1: visit}))
    assert "1 in the house, 1 key out" in card.closing_label.text()
