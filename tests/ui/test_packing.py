"""The packing page by scanner and number keys: the right piece, the alarm, two persons, cartons, labels."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.core.codes import PaperCode, bar_text
from crmdesk.core.settings import Settings
from crmdesk.services import approvals, packing, sales
from crmdesk.services.context import Context
from crmdesk.ui import language, sounds
from crmdesk.ui.main_window import MainWindow
from crmdesk.ui.opening import Opener
from crmdesk.ui.packing import PAGES
from crmdesk.ui.packing.calls import HelpCalls
from crmdesk.ui.packing.keys import KeyGuard
from crmdesk.ui.packing.page import PackingPage
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.papers import preview
from crmdesk.ui.shell import Shell
from crmdesk.ui.sounds import Tone
from tests.helpers.office import PASSWORD, Staff
from tests.helpers.slips import make_slip

CODES = ("R-1013", "R-1013", "B-2207", "B-2201", "B-2201", "B-2201")


class Hands:
    """Scans and presses keys at the station; time stands still while a scanner types and passes between hands."""

    def __init__(self, qtbot: QtBot, window: MainWindow, page: PackingPage) -> None:
        self.qtbot, self.window, self.page = qtbot, window, page
        self.milliseconds = 1000
        page.station.guard.now = self.now
        page.catcher._now = self.now

    def now(self) -> int:
        return self.milliseconds

    def _press(self, key: Qt.Key | str) -> None:
        target = QApplication.focusWidget() or self.page
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key)

    def scan(self, code: str) -> None:
        self.milliseconds += 1000
        for letter in code:
            self._press(letter)
        self._press(Qt.Key.Key_Return)

    def key(self, key: Qt.Key) -> None:
        self.milliseconds += 1000
        self._press(key)

    def digit(self, digit: int) -> None:
        self.milliseconds += 1000
        with self.qtbot.waitSignal(self.page.station.digit, timeout=2000):
            self._press(str(digit))

    def type(self, text: str) -> None:
        for letter in text:
            self.milliseconds += 1000
            self._press(letter)
        self.key(Qt.Key.Key_Return)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Tone]:
    """The tones that would have been played."""
    tones: list[Tone] = []

    def hear(tone: Tone) -> bool:
        tones.append(tone)
        return True

    monkeypatch.setattr(sounds, "_start", hear)
    return tones


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The papers that went to the printer."""
    papers: list[int] = []

    def print_now(page: object, ctx: object, ids: list[int]) -> list[object]:
        papers.extend(ids)
        return []

    monkeypatch.setattr(preview, "print_now", print_now)
    return papers


@pytest.fixture
def hands(qtbot: QtBot, desk: Context, staff: Staff, heard: list[Tone]) -> Iterator[Hands]:
    """The station's window with one printed slip, and hands to work it."""
    make_slip(desk)
    window = MainWindow(Shell(ctx=desk.acting_as(staff.ming)), PAGES)
    window.resize(1366, 768)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    window.show_page("packing")
    page = window.page("packing")
    assert isinstance(page, PackingPage)
    yield Hands(qtbot, window, page)
    window.close()


def open_slip(hands: Hands, *, present: bool = True) -> None:
    hands.scan(bar_text(PaperCode("S", "2026-000123", 2)).replace("CD1S202600012302", "2026-000123"))
    assert hands.page.sheet is not None
    hands.digit(1 if present else 2)


def shown(hands: Hands) -> packing.Sheet:
    assert hands.page.sheet is not None
    return hands.page.sheet


def test_scanning_a_slip_opens_it_in_full_screen(hands: Hands) -> None:
    assert hands.page.queue.table.rows()[0].number == "2026-000123"
    assert not hands.window.rail.isHidden()
    open_slip(hands)
    assert hands.window.rail.isHidden()
    assert (shown(hands).state, shown(hands).counter) == ("packing", "李阿明")
    hands.key(Qt.Key.Key_Escape)
    assert hands.page.sheet is None
    assert not hands.window.rail.isHidden()
    assert hands.page.queue.table.rows()[0].state == "Being packed"


def test_a_wrong_code_says_so_under_the_field(hands: Hands, heard: list[Tone]) -> None:
    hands.scan("NOTHING")
    assert "No slip" in hands.page.queue.error.text()
    assert heard == [Tone.WRONG]


@pytest.mark.clause("PACK-03")
def test_each_scan_fills_a_box(hands: Hands, heard: list[Tone]) -> None:
    open_slip(hands)
    hands.scan("B-2201")
    station = hands.page.station
    assert (station.packed_label.text(), station.wanted_label.text()) == ("1", "/ 3")
    assert station.left_label.text() == "2 pieces to go"
    assert heard == [Tone.RIGHT]
    hands.scan("R-1013")
    assert station.code_label.text() == "R-1013"


@pytest.mark.clause("PACK-03")
def test_wrong_piece_turns_the_screen_red_until_enter(hands: Hands, heard: list[Tone]) -> None:
    open_slip(hands)
    hands.scan("B-2207")
    hands.scan("P-9999")
    alarm = hands.page.station.alarm
    assert alarm.isVisible()
    assert alarm.size() == hands.page.station.size()
    assert alarm.text.sentences == ("This is not 素面尾戒 6 號.", "Please put 平安扣墜 back in area D.")
    assert alarm.text.scanned.code == "P-9999"
    hands.scan("B-2201")
    assert shown(hands).packed == 1
    assert heard == [Tone.RIGHT, Tone.WRONG, Tone.WRONG]
    hands.key(Qt.Key.Key_Escape)
    assert alarm.isVisible()
    hands.key(Qt.Key.Key_Return)
    assert not alarm.isVisible()
    hands.scan("B-2201")
    assert shown(hands).packed == 2


def test_an_open_alarm_comes_back_with_the_slip(hands: Hands) -> None:
    open_slip(hands)
    hands.scan("P-9999")
    sale_id = shown(hands).sale_id
    hands.window.show_page("packing")
    hands.window.show_page("packing", sale_id=sale_id)
    assert hands.page.station.alarm.isVisible()
    hands.digit(5)
    assert not hands.page.station.alarm.isVisible()


def test_a_scanner_full_of_digits_presses_no_key(hands: Hands, qtbot: QtBot) -> None:
    open_slip(hands)
    hands.scan("471234567")
    assert hands.page.station.alarm.isVisible()
    assert hands.page.station.is_counting()
    guard = hands.page.station.guard
    assert not guard._timer.isActive()


def test_enter_of_a_scanner_acknowledges_nothing(qtbot: QtBot, hands: Hands) -> None:
    guard = KeyGuard(hands.page)
    guard.now = hands.now
    pressed: list[int] = []
    guard.enter.connect(lambda: pressed.append(1))
    letter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
    enter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")
    guard.take(letter)
    guard.take(enter)
    assert pressed == []
    hands.milliseconds += 1000
    guard.take(enter)
    assert pressed == [1]


def test_quantity_by_number(hands: Hands) -> None:
    open_slip(hands)
    for _line in range(2):
        hands.key(Qt.Key.Key_Down)
    hands.digit(1)
    hands.type("4")
    assert "3 pieces" in hands.page.station.number.error.text()
    hands.page.station.number.edit.selectAll()
    hands.type("x")
    assert hands.page.station.number.error.text() == "Please enter a number."
    hands.page.station.number.edit.selectAll()
    hands.type("3")
    assert [line.packed for line in shown(hands).lines] == [0, 0, 3]
    assert hands.page.station.is_counting()
    hands.digit(4)
    assert shown(hands).packed == 0


@pytest.mark.clause("PACK-04")
def test_crossing_out_asks_how_many_and_adds_three_signatures(hands: Hands) -> None:
    open_slip(hands)
    hands.digit(2)
    hands.type("2")
    line = shown(hands).lines[0]
    assert (line.crossed, line.tick) == (2, "x")
    hands.digit(7)
    texts = [row.text for row in hands.page.station.check.list.rows]
    assert sum(text.startswith("Return slip signed") for text in texts) == 3


@pytest.mark.clause("PACK-11")
@pytest.mark.clause("PACK-13")
@pytest.mark.clause("PACK-14")
def test_absent_customer_from_first_scan_to_seal(hands: Hands, printed: list[int], desk: Context) -> None:
    open_slip(hands, present=False)
    for code in CODES[:2]:
        hands.scan(code)
    hands.digit(5)
    for code in CODES[2:]:
        hands.scan(code)
    hands.digit(6)
    hands.type("1.5")
    assert [(c.pieces, c.weight_g) for c in shown(hands).cartons] == [(2, 0), (4, 1500)]
    hands.digit(9)
    assert not hands.page.station.is_counting()
    for place in (1, 2):
        hands.digit(place)
    hands.digit(3)
    second = hands.page.station.second
    assert hands.page.station.leave_button.text() == second.leave_button.text() == "Back", "Esc goes one step back"
    assert "ming" not in [second.person.itemText(i) for i in range(second.person.count())]
    second.person.set_value("wen")
    hands.key(Qt.Key.Key_Return)
    hands.type("wrong-one")
    assert "wrong" in second.error.text()
    hands.type(PASSWORD)
    assert shown(hands).second == "張文華"
    hands.digit(9)
    assert shown(hands).state == "packed"
    assert len(printed) == 2
    hands.digit(9)
    assert shown(hands).state == "packed"
    for place in (1, 2):
        hands.digit(place)
    hands.digit(9)
    assert shown(hands).state == "sealed"
    slip = sales.get_sale(desk, shown(hands).sale_id)
    assert (slip.state, slip.state_title) == ("packing", "Sealed, not paid"), "its title tells what its steps tell"
    assert sales.find_sales(desk)[0].state_title == "Sealed, not paid"
    hands.digit(9)
    assert hands.page.sheet is None


def test_another_station_packs_in_the_meantime(hands: Hands, desk: Context, staff: Staff) -> None:
    open_slip(hands)
    sheet = shown(hands)
    assert sheet.packing_id is not None
    packing.scan(desk.acting_as(staff.wen), sheet.packing_id, sheet.version, "R-1013")
    hands.scan("R-1013")
    assert shown(hands).packed == 1
    assert "another station" in hands.window.toast.text()
    hands.scan("R-1013")
    assert shown(hands).packed == 2


@pytest.mark.parametrize("code", ["en", "zh_TW", "zh_CN"])
def test_it_fits_and_follows_the_language(hands: Hands, qapp: QApplication, code: str) -> None:
    open_slip(hands)
    hands.digit(1)
    hands.page.station.number.edit.setText("2")
    language.switch(qapp, code)
    assert hands.page.station.number.edit.text() == "2"
    asked = {"en": "How many", "zh_TW": "裝幾件", "zh_CN": "装几件"}[code]
    assert asked in hands.page.station.number.title.text()
    assert hands.page.station.keys[0].word == ""
    hands.key(Qt.Key.Key_Escape)
    assert hands.page.station.keys[0].word == {"en": "Quantity", "zh_TW": "數量", "zh_CN": "数量"}[code]
    hands.window.resize(1280, 680)
    least = hands.page.minimumSizeHint()
    assert QSize(max(least.width(), 0), least.height()).boundedTo(QSize(1280, 680)) == least
    hands.window.show_page("packing")
    least = hands.page.queue.minimumSizeHint()
    assert least.width() <= MAX_MINIMUM.width()
    assert least.height() <= MAX_MINIMUM.height()


def test_page_is_freed(desk: Context, staff: Staff, freed: Callable[..., None]) -> None:
    freed(lambda: PackingPage(desk.acting_as(staff.ming)))


def test_tones_are_real_and_can_be_turned_off(heard: list[Tone]) -> None:
    for tone in Tone:
        with wave.open(io.BytesIO(sounds.wav(tone))) as file:
            assert 0.1 < file.getnframes() / file.getframerate() < 2
    assert sounds.play(Settings(sounds=True), Tone.RIGHT)
    assert not sounds.play(Settings(sounds=False), Tone.RIGHT)
    assert heard == [Tone.RIGHT]


def test_without_a_player_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds.shutil, "which", lambda name: None)
    assert not sounds.play(Settings(sounds=True), Tone.WRONG)


@pytest.mark.clause("PACK-04")
def test_the_return_slip_is_printed_from_the_check_list_and_then_signed(
    hands: Hands, printed: list[int], desk: Context
) -> None:
    open_slip(hands)
    hands.digit(2)
    hands.type("2")
    for code in CODES[2:]:
        hands.scan(code)
    station = hands.page.station
    assert "Press 9" in station.next_label.text() and station.keys[8].ready, "what it says can be done"
    hands.digit(9)
    assert not station.is_counting()
    assert station.keys[2].word == "Print"
    hands.digit(4)
    assert shown(hands).return_signatures == frozenset(), "nobody signs a paper that isn't there"
    hands.digit(3)
    assert len(printed) == 1
    assert shown(hands).return_number in station.check.list.rows[2].text
    for place in (1, 2, 4, 5, 6):
        hands.digit(place)
    assert shown(hands).return_signatures == {"handler", "customer"}, "the manager signs for himself"
    sheet = shown(hands)
    approvals.decide(desk, approvals.find_approvals(desk)[0].id, None, agree=True)
    assert packing.get_packing(desk, sheet.packing_id).return_signatures == {"handler", "customer", "manager"}
    hands.page.refresh()
    hands.digit(9)
    assert shown(hands).state == "packed"


def test_what_is_missing_is_said_once(hands: Hands) -> None:
    open_slip(hands)
    for code in CODES:
        hands.scan(code)
    hands.digit(9)
    said = hands.page.station.check.next.text()
    assert "name is printed right" in said
    assert hands.window.toast.isHidden() or hands.window.toast.text() != said


def test_a_call_shows_on_the_managers_window_until_somebody_comes(
    hands: Hands, desk: Context, staff: Staff, qtbot: QtBot, heard: list[Tone]
) -> None:
    open_slip(hands)
    hands.digit(8)
    assert "manager" in hands.window.toast.text()
    opener = Opener(desk.acting_as(staff.boss))
    window = MainWindow(Shell(ctx=desk.acting_as(staff.boss)), PAGES)
    qtbot.addWidget(window)
    opener.begin(window)
    window.resize(1366, 768)
    window.show()
    calls = window.findChild(HelpCalls)
    heard.clear()
    opener.count()
    opener.count()
    assert heard == [Tone.RING], "it rings once"
    assert calls.banner.isVisible()
    assert "李阿明" in calls.banner.text() and "2026-000123" in calls.banner.text()
    calls.banner.answered.emit()
    assert not calls.isVisible()
    page = window.page("packing")
    assert isinstance(page, PackingPage) and page.sheet is not None and page.sheet.number == "2026-000123"
    hands.page.refresh(None)
    assert hands.window.toast.text() == "林經理 is coming."
    opener.count()
    assert not calls.isVisible()
    window.close()


def test_the_caller_and_packers_see_no_banner(hands: Hands, desk: Context, staff: Staff) -> None:
    opener = Opener(desk.acting_as(staff.ming))
    opener.begin(hands.window)
    open_slip(hands)
    hands.digit(8)
    opener.count()
    assert not hands.window.findChild(HelpCalls).isVisible()
