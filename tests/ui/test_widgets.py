"""The house widgets: by keys and clicks, in the words a user sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.ui import widgets as w
from crmdesk.ui.widgets.chart import nice_top
from crmdesk.ui.widgets.row_delegate import RowDelegate
from crmdesk.ui.widgets.search_box import typed_part

SUNDAY = date(2026, 11, 22)


def today() -> date:
    return SUNDAY


class Row(NamedTuple):
    id: int
    name: str
    shop: str
    balance: Decimal | None
    tone: str = ""


COLUMNS = (
    w.Column("name", "Name", stretch=True, second="shop"),
    w.Column("balance", "Balance", 90, kind="money", tone="tone"),
)
ROWS = [Row(1, "Chen", "", None), Row(2, "Lin", "Silver", Decimal(3200), "danger"), Row(3, "Abe", "", Decimal(80))]


def make_form(qtbot: QtBot) -> w.FormGrid:
    form = w.FormGrid(2)
    form.add("name", "Name", w.TextEdit(max_length=5), required=True)
    form.add("on", "Day", w.DayEdit(today))
    form.add("amount", "Amount", w.MoneyEdit())
    form.add("note", "Note", w.NoteEdit())
    qtbot.addWidget(form)
    with qtbot.waitActive(form):
        form.show()
    return form


def test_enter_goes_to_the_next_field_and_values_are_read(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    form.focus_first()
    qtbot.keyClicks(form.field("name"), "Chen")
    qtbot.keyClick(form.field("name"), Qt.Key.Key_Return)
    assert form.field("on").hasFocus()
    qtbot.keyClicks(form.field("on"), "+3")
    qtbot.keyClick(form.field("on"), Qt.Key.Key_Return)
    qtbot.keyClicks(form.field("amount"), "1,200")
    assert form.values() == {"name": "Chen", "on": date(2026, 11, 25), "amount": Decimal(1200), "note": ""}
    assert form.dirty


def test_errors_stand_under_the_field_and_the_first_gets_the_focus(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    rest = form.set_errors({"on": "Which day?", "amount": "How much?", "elsewhere": "?"})
    assert form.field("on").hasFocus()
    assert rest == {"elsewhere": "?"}
    assert form.errors() == {"on": "Which day?", "amount": "How much?"}
    qtbot.keyClicks(form.field("on"), "d")
    assert form.errors() == {"amount": "How much?"}


def test_fields_say_themselves_what_they_cannot_read(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    form.field("name").setText("too long")
    form.field("on").setText("32/13")
    form.field("amount").setText("many")
    assert not form.check()
    assert set(form.errors()) == {"name", "on", "amount"}
    assert form.field("name").hasFocus()
    assert form.field("on").text() == "32/13"  # nothing typed is lost


def test_labels_name_the_fields_for_screen_readers(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    assert form.field("name").accessibleName() == "Name"
    assert all(form.field(name).accessibleName() for name in form.names())


def test_loading_makes_a_form_clean(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    form.set_dirty(True)
    form.load({"name": "Lin", "amount": Decimal("12.5"), "on": SUNDAY, "note": None})
    assert not form.dirty
    assert form.values() == {"name": "Lin", "on": SUNDAY, "amount": Decimal("12.5"), "note": ""}


def test_a_day_is_shown_while_typed_but_written_only_when_left(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    edit = form.field("on")
    edit.setFocus()
    qtbot.keyClicks(edit, "1123")
    assert edit.text() == "1123"
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "2026-11-23"


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("+1 10:00", datetime(2026, 11, 23, 10)),
        ("14:30", datetime(2026, 11, 22, 14, 30)),
        ("1125", datetime(2026, 11, 25, 9)),
        ("明天 9點", datetime(2026, 11, 23, 9)),
        ("1125 25:00", None),
    ],
)
def test_a_moment_is_a_day_and_a_time(qtbot: QtBot, typed: str, moment: datetime | None) -> None:
    edit = w.MomentEdit(today)
    qtbot.addWidget(edit)
    edit.setText(typed)
    assert edit.value() == moment
    assert bool(edit.problem()) is (moment is None)


def test_a_phone_number_is_grouped_when_left_and_wrong_ones_are_told(qtbot: QtBot) -> None:
    edit = w.PhoneEdit()
    qtbot.addWidget(edit)
    edit.setText("0912345678")
    edit.editingFinished.emit()
    assert edit.value() == "0912-345-678"
    edit.setText("call me")
    assert edit.problem()


def test_segments_by_arrows_and_numbers(qtbot: QtBot) -> None:
    segments = w.Segments([("high", "High"), ("mid", "Middle"), ("low", "Low")], value="mid")
    qtbot.addWidget(segments)
    heard: list[object] = []
    segments.value_changed.connect(lambda: heard.append(segments.value()))
    qtbot.keyClick(segments, Qt.Key.Key_Right)
    qtbot.keyClick(segments, Qt.Key.Key_Right)
    qtbot.keyClick(segments, Qt.Key.Key_1)
    assert heard == ["low", "high"]
    assert "High (chosen)" in segments.accessibleDescription()
    segments.set_value("mid")
    assert heard == ["low", "high"]


def test_chips_tell_what_is_missing(qtbot: QtBot) -> None:
    chips = w.ChipRow([("phone", "Phone"), ("name", "Name"), ("place", "Address")])
    qtbot.addWidget(chips)
    chips.set_value({"phone"})
    assert chips.missing() == ["name", "place"]
    chips.chip("name").click()
    assert chips.value() == frozenset({"phone", "name"})


def test_a_button_that_is_off_still_answers_its_key(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = w.column(button := w.Button("Done", key="Ctrl+Enter", kind="primary"))
    window.setLayout(column)
    with qtbot.waitActive(window):
        window.show()
    button.set_ready(False, "Two things are missing.")
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert button.reason == button.accessibleDescription() == "Two things are missing."
    button.setText("Save & go")
    assert button.text() == "Save & go"
    with qtbot.waitSignal(button.clicked):  # a new word keeps the key
        qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_list_keeps_the_chosen_record_and_opens_by_enter(qtbot: QtBot) -> None:
    memory: dict[str, object] = {}
    table = w.RecordTable(COLUMNS, name="people", memory=memory)
    qtbot.addWidget(table)
    table.show()
    table.set_rows(ROWS)
    assert table.select(3)
    table.set_rows([Row(9, "New", "", None), *ROWS])
    assert table.current().id == 3
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args[0].id == 3
    table.sort_by("balance", descending=True)
    assert [row.id for row in table.rows()][:2] == [2, 3]  # empty values last
    assert memory["list.people"]["sort"] == ["balance", True]  # type: ignore[index]  # it was kept just now
    again = w.RecordTable(COLUMNS, name="people", memory=memory)
    qtbot.addWidget(again)
    again.set_rows(ROWS)
    assert [row.id for row in again.rows()][:2] == [2, 3]


def test_a_click_on_a_head_sorts_and_again_turns_round(qtbot: QtBot) -> None:
    table = w.RecordTable(COLUMNS, memory={})
    qtbot.addWidget(table)
    table.resize(500, 300)
    table.show()
    table.set_rows(ROWS)
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(0) + 20, 10)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    first = [row.name for row in table.rows()]
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    second = [row.name for row in table.rows()]
    assert sorted(first) in (first, first[::-1])
    assert second == first[::-1]


def test_cells_are_written_as_people_read_them(qtbot: QtBot, qtmodeltester: Any) -> None:
    model = w.RowsModel(COLUMNS)
    model.set_rows(ROWS, total=Row(0, "Sum", "", Decimal(3280)))
    qtmodeltester.check(model)
    assert [model.index(row, 1).data() for row in range(4)] == ["—", "3,200", "80", "3,280"]
    assert model.row_at(3) is None  # the total is no record
    words = str(model.index(0, 0).data())
    assert RowDelegate.cut_words(model.index(0, 0), 24) == words  # a pointer over a cut cell reads it in full
    assert RowDelegate.cut_words(model.index(0, 0), 2000) == ""


def test_an_empty_list_offers_the_first_step(qtbot: QtBot) -> None:
    table = w.RecordTable(COLUMNS, memory={})
    qtbot.addWidget(table)
    table.set_empty("No customers yet.", "New customer")
    table.show()
    step = next(b for b in table.findChildren(w.Button) if b.text() == "New customer")
    with qtbot.waitSignal(table.first_step):
        step.click()
    table.set_rows(ROWS)
    assert not step.isVisible()


@pytest.mark.parametrize(
    ("text", "typed", "bold"),
    [("0912 345 678", "3456", "345 6"), ("0912-345-678", "678", "678"), ("陳李美鳳", "李美", "李美"), ("Lin", "x", "")],
)
def test_the_typed_part_is_found(text: str, typed: str, bold: str) -> None:
    start, length = typed_part(text, typed)
    assert text[start : start + length] == bold


def test_search_is_asked_once_after_typing_and_arrows_take_a_match(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    box = w.SearchBox()
    window.setLayout(w.column(box, None))
    window.resize(700, 400)
    with qtbot.waitActive(window):
        window.show()
    box.setFocus()
    asked: list[str] = []
    box.searched.connect(asked.append)
    with qtbot.waitSignal(box.searched):
        qtbot.keyClicks(box, "chen")
    assert asked == ["chen"]
    box.show_matches([w.Match("Chen"), w.Match("Cheng", record=7)])
    qtbot.keyClick(box, Qt.Key.Key_Down)
    with qtbot.waitSignal(box.picked) as picked:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert picked.args[0].record == 7
    assert box.matches() == []


def test_a_clause_tag_tells_everybody(qtbot: QtBot) -> None:
    from crmdesk.ui.widgets.pill import clauses

    tag = w.ClauseTag("CALL-07")
    qtbot.addWidget(tag)
    with qtbot.waitSignals([tag.asked, clauses.asked]):
        tag.click()


def test_bars_open_their_records(qtbot: QtBot) -> None:
    chart = w.BarChart()
    qtbot.addWidget(chart)
    chart.resize(400, 200)
    chart.set_chart(w.ChartData(("1", "2", "3"), (w.Series("last", (1, None, 3)), w.Series("this", (2, 2, 4)))))
    chart.show()
    assert chart.chosen() == 2
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    with qtbot.waitSignal(chart.opened) as opened:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert opened.args == [1]
    assert not chart.grab().isNull()


@pytest.mark.parametrize(("value", "top"), [(0, 2), (1, 2), (7, 8), (9, 10), (95, 100), (41_000, 50_000)])
def test_the_grid_ends_at_a_round_number(value: float, top: float) -> None:
    assert nice_top(value) == top


class Scans:
    """A field with a catcher and a clock of its own."""

    def __init__(self, qtbot: QtBot, edit: w.TextEdit | None = None) -> None:
        self.qtbot = qtbot
        self.ms = 1000
        self.found: list[str] = []
        self.window = QWidget()
        self.edit = edit or w.TextEdit()
        self.window.setLayout(w.column(self.edit))
        qtbot.addWidget(self.window)
        self.catcher = w.ScanCatcher(self.window, now=self.now)
        self.catcher.scanned.connect(self.found.append)
        with qtbot.waitActive(self.window):
            self.window.show()
        self.edit.setFocus()

    def now(self) -> int:
        return self.ms

    def type(self, text: str, step: int) -> None:
        for letter in text:
            self.ms += step
            self.qtbot.keyClicks(self.edit, letter)
        self.ms += step
        self.qtbot.keyClick(self.edit, Qt.Key.Key_Return)


def test_fast_keys_with_enter_are_a_scan_and_leave_the_field_alone(qtbot: QtBot) -> None:
    scans = Scans(qtbot)
    scans.edit.setText("note ")
    scans.edit.end(False)
    scans.type("S261122-014", 8)
    assert scans.found == ["S261122-014"]
    assert scans.edit.text() == "note "


def test_slow_or_short_typing_is_a_person(qtbot: QtBot) -> None:
    scans = Scans(qtbot)
    scans.type("B-2201", 120)
    scans.type("12", 5)
    assert scans.found == []
    assert scans.edit.text() == "B-220112"


def test_a_password_typed_fast_is_no_scan(qtbot: QtBot) -> None:
    scans = Scans(qtbot, w.PasswordEdit())
    scans.type("silver-925", 8)
    assert scans.found == []
    assert scans.edit.text() == "silver-925"


def test_a_scan_through_an_input_method_is_a_scan(qtbot: QtBot) -> None:
    scans = Scans(qtbot)
    event = QInputMethodEvent()
    event.setCommitString("B-2201")
    scans.ms += 10
    QApplication.sendEvent(scans.edit, event)
    scans.ms += 10
    qtbot.keyClick(scans.edit, Qt.Key.Key_Return)
    assert scans.found == ["B-2201"]


def test_a_long_story_ends_between_two_entries(qtbot: QtBot) -> None:
    card = w.StoryCard("Note")
    qtbot.addWidget(card)
    card.resize(600, 300)
    card.show()
    card.show_story([w.Entry(f"11/{day}", "phone", "Asked", "Answer", "Mei") for day in range(10, 22)])
    area = card.timeline.parentWidget()
    assert area is not None
    for height in (300, 317, 341):
        card.resize(600, height)
        QApplication.processEvents()
        assert area.height() > 48 and area.height() % card.timeline.step == 0


def test_pieces_draw_in_light_and_dark(qtbot: QtBot, look: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    timeline = w.Timeline()
    timeline.set_entries([w.Entry("11/18", "phone", "Asked", "Answer", "Mei", "accent", 1), w.Entry("11/12")])
    stages = w.StageBar()
    stages.set_stages([w.Stage("Intake", "0.3 / 0.5", 1, "done"), w.Stage("Proposal", "", 0.2, "now"), w.Stage("End")])
    steps = w.StepList()
    steps.set_steps([w.Step("Slip", "", "done"), w.Step("Print", "", "now"), w.Step("Pack")])
    tile = w.StatTile("Calls")
    tile.set("412", "calls", difference="+38", trend="up", tone="ok", note="365")
    count = w.CountTile("Overdue", "oldest 1 day")
    count.set("2", "danger")
    keys = w.KeyGrid(12)
    keys.set_keys({3: w.KeyState("Hsu"), 7: w.KeyState("Tsai", "warning")})
    lane = w.Lane("Waiting")
    lane.set_cards([card := w.VisitCard(1)])
    card.set_chosen(True)
    figures = w.Figures([w.Figure("Last", "11/18"), w.Figure("Owes", "3,200", "", "warning")])
    small = [w.RingDots(3), w.Avatar("Mei"), w.Progress(1, 2)]
    pieces = [timeline, stages, steps, tile, count, keys, lane, figures, *small]
    window.setLayout(w.column(*pieces))
    window.show()
    light = window.grab().toImage()
    look(dark=True)
    assert window.grab().toImage() != light


@pytest.mark.parametrize("kind", [w.TextEdit, w.NoteEdit])
def test_a_placeholder_names_the_field_until_somebody_else_does(
    qtbot: QtBot, look: Callable[..., None], kind: type[w.TextEdit] | type[w.NoteEdit]
) -> None:
    edit, named = kind(placeholder="Language"), kind(placeholder="Language")
    qtbot.addWidget(edit)
    qtbot.addWidget(named)
    named.setAccessibleName("Speech")
    assert edit.accessibleName() == "Language"
    look(language="zh_TW")
    assert edit.accessibleName() == edit.placeholderText() == "語言"
    assert named.accessibleName() == "Speech"
