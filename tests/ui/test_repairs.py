"""Repairs by keys and clicks: from F7 to the customer's hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import LANGUAGES
from crmdesk.db.changes import Notice
from crmdesk.services import repairs
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.customers import create_customer
from crmdesk.services.items import ItemForm, create_item
from crmdesk.services.repairs import Photo, RepairForm, StepForm
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.repairs import page as page_module
from crmdesk.ui.repairs import picture
from crmdesk.ui.repairs.page import RepairsPage
from tests.ui.conftest import Boxes, settle

Enter, Ctrl, NoKey = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def image(width: int = 400, height: int = 300) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.lightGray)
    return made


@pytest.fixture
def hui(desk: Context) -> int:
    """A known customer."""
    return create_customer(desk, CustomerForm("許蕙蘭", kind="retail", phones=(PhoneEntry("0933-812-640"),))).id


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The papers whose preview was asked for."""
    seen: list[list[int]] = []

    def note(page: QWidget, ctx: Any, paper_ids: list[int]) -> list[Path]:
        seen.append(list(paper_ids))
        return []

    monkeypatch.setattr(page_module, "show_papers", note)
    return seen


@pytest.fixture
def page(desk: Context, qtbot: Any, shown: list[list[int]]) -> RepairsPage:
    """The page, shown and active."""
    made = RepairsPage(desk)
    made.resize(1198, 680)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NoKey) -> None:
    """Press a key where the focus is."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    QTest.keyClick(widget, key, modifier)


def type_in(text: str) -> None:
    """Type where the focus is, as an input method hands a text over."""
    widget: Any = QApplication.focusWidget()
    if hasattr(widget, "insertPlainText"):
        widget.insertPlainText(text)
        return
    widget.insert(text)
    widget.textEdited.emit(widget.text())


def bring(desk: Context, customer_id: int, **changes: Any) -> int:
    form = RepairForm(
        customer_id=customer_id, item_code="ST-0017", item_name="手鐲", material="925 銀", part="第 4 顆石頭脫落",
        not_thai_silver=True, told=frozenset({"duration", "may_differ"}), route="away",
        photos=(Photo(picture.to_jpeg(image())),),
    )  # fmt: skip
    return repairs.take_in(desk, replace(form, **changes)).id


def state(desk: Context, repair_id: int) -> str:
    return repairs.get_repair(desk, repair_id).row.state


@pytest.mark.clause("REP-04")
@pytest.mark.clause("REP-05")
def test_a_piece_is_taken_in_by_keyboard_alone(
    desk: Context, page: RepairsPage, hui: int, shown: list[list[int]]
) -> None:
    create_item(desk, ItemForm("ST-0017", "綠松石鑲嵌手鐲", material="925 銀"))
    page.load(new=True)
    page.first_focus()
    type_in("許蕙")
    press(Enter)  # the customer found
    assert page.intake.customer.customer_id == hui
    type_in("st-0017")
    press(Enter)
    form = page.intake.form
    assert (form.field("item_name").value(), form.field("material").value()) == ("綠松石鑲嵌手鐲", "925 銀")
    press(Enter)
    press(Enter)
    type_in("右下第 4 顆綠松石脫落")
    for key in ("not_thai_silver", "duration", "may_differ"):
        QTest.keyClick(form.field("told").chip(key), Qt.Key.Key_Space)
    QApplication.clipboard().setImage(image())
    QTest.keyClick(page.intake.photos, Qt.Key.Key_V, Ctrl)
    QTest.keyClick(page.intake.photos, Qt.Key.Key_Right)
    assert page.intake.save_button.ready
    QTest.keyClick(page, Enter, Ctrl)
    card = page.case_view.card
    assert card is not None and page.shown is page.case_view
    assert (card.row.number, card.row.customer, card.form.part) == ("2026-000001", "許蕙蘭", "右下第 4 顆綠松石脫落")
    assert (card.photos[0].ring_x, card.photos[0].ring_y) == (500, 500)
    assert shown == [[paper.id for paper in card.papers]] and len(shown[0]) == 2
    assert not page.intake.dirty


def test_a_stranger_is_registered_with_the_piece(desk: Context, page: RepairsPage) -> None:
    page.load(new=True, name="單怡君", phone="0921004377")
    form = page.intake.form
    form.load({"item_code": "X-1", "part": "耳針彎曲", "told": {"not_thai_silver"}})
    page.intake.save()
    assert page.case_view.card is not None
    assert (page.case_view.card.row.customer, page.case_view.card.row.phone) == ("單怡君", "0921-004-377")


@pytest.mark.clause("REP-03")
@pytest.mark.parametrize("material", ["泰銀", "泰银", "Thai Silver 925"])
def test_thai_silver_is_refused_under_the_field(desk: Context, page: RepairsPage, hui: int, material: str) -> None:
    page.load(new=True, customer_id=hui)
    form = page.intake.form
    form.load({"item_code": "TS-1", "part": "戒圍", "told": {"not_thai_silver"}})
    form.focus_first("material")
    type_in(material)
    assert "Thai silver is not taken in" in form.errors()["material"]
    assert not page.intake.save_button.ready
    page.intake.save()
    assert page.shown is page.intake
    assert "Thai silver is not taken in" in form.errors()["material"]
    assert repairs.find_repairs(desk, show="all") == []
    form.field("material").selectAll()
    type_in("925")
    assert "material" not in form.errors()


@pytest.mark.clause("REP-03")
def test_the_check_for_thai_silver_is_asked_for(page: RepairsPage, hui: int) -> None:
    page.load(new=True, customer_id=hui)
    page.intake.form.load({"item_code": "A", "part": "b"})
    page.intake.save()
    assert "tick it" in page.intake.form.errors()["told"]
    assert page.intake.form.field("told").chip("not_thai_silver").hasFocus()


@pytest.mark.clause("REP-02")
def test_the_window_of_a_piece_sent_away_is_said_in_words(page: RepairsPage, hui: int) -> None:
    page.load(new=True, customer_id=hui)
    route = page.intake.form.field("route")
    route.setFocus()
    assert page.intake.window_well.isHidden()
    press(Qt.Key.Key_Right)
    assert page.intake.window_label.text() == "1 to 6 months: back between 2026-12-22 and 2027-05-22."
    assert not page.intake.form.field("promised_on").isVisible()


def test_what_is_missing_is_named_and_nothing_is_lost(page: RepairsPage, hui: int, look: Any) -> None:
    page.load(new=True)
    assert "customer" in page.intake.reason_label.text()
    page.intake.form.load({"condition": "有刮痕"})
    page.intake.save()
    assert set(page.intake.form.errors()) >= {"item_code", "part"}
    look(language_code="zh_TW")
    assert page.intake.form.field("condition").value() == "有刮痕"
    page.intake.dirty = True
    press(Qt.Key.Key_Escape)
    assert page.shown is page.list_view
    page.load(new=True)
    assert page.intake.form.field("condition").value() == "有刮痕"


def test_a_half_written_intake_is_not_thrown_away_unasked(
    desk: Context, page: RepairsPage, hui: int, boxes: Boxes
) -> None:
    page.load(new=True)
    page.intake.form.focus_first("part")
    type_in("扣頭")
    boxes.expect_ask(False)
    page.load(new=True, customer_id=hui)
    assert page.intake.form.field("part").value() == "扣頭"
    boxes.expect_ask(True)
    page.load(new=True, customer_id=hui)
    assert page.intake.form.field("part").value() == ""


@pytest.mark.clause("REP-05")
def test_photos_come_by_file_drag_and_paste_and_are_made_small(page: RepairsPage, tmp_path: Path, boxes: Boxes) -> None:
    big, text = tmp_path / "big.png", tmp_path / "notes.jpg"
    image(3000, 2000).save(str(big))
    text.write_text("no picture")
    area = page.intake.photos
    page.load(new=True)
    boxes.expect_file(str(big))
    page.intake.photo_button.click()
    assert max(QImage.fromData(area.value()[0].data).size().toTuple()) == 1600
    boxes.expect_file(str(text))
    page.intake.photo_button.click()
    assert "not a picture" in page.intake.photo_error.text()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(big))])
    area.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NoKey))
    assert len(area.value()) == 2
    QTest.mouseClick(area, Qt.MouseButton.LeftButton, pos=area._shown().center().toPoint())
    assert abs((area.value()[1].ring_x or 0) - 500) < 10
    QTest.keyClick(area, Qt.Key.Key_Left)
    assert (area.value()[1].ring_x or 0) < 490
    QTest.mouseClick(area, Qt.MouseButton.LeftButton, pos=area._thumb(0).center().toPoint() + QPoint(0, 0))
    QTest.keyClick(area, Qt.Key.Key_Delete)
    assert len(area.value()) == 1
    for _time in range(9):
        area.add(area.value()[0].data)
    assert len(area.value()) == repairs.MOST_PHOTOS and "at most" in page.intake.photo_error.text()


def test_a_file_that_is_gone_or_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    for name in ("gone.jpg", "empty.jpg"):
        with pytest.raises(UserError):
            picture.read_file(str(tmp_path / name))
    with pytest.raises(UserError):
        picture.to_jpeg(QImage())
    clear = QImage(10, 10, QImage.Format.Format_ARGB32)
    clear.fill(Qt.GlobalColor.transparent)
    assert QImage.fromData(picture.to_jpeg(clear)).pixelColor(5, 5).lightness() > 250


@pytest.mark.clause("REP-07")
def test_a_repair_goes_its_way_by_ctrl_enter(desk: Context, page: RepairsPage, hui: int) -> None:
    repair_id = bring(desk, hui)
    page.load(id=repair_id)
    panel = page.case_view.panel
    offered: list[str] = []

    def remember(text: str, *how: object) -> None:
        offered.append(text)

    page.offered.connect(remember)
    for reached in ("sent_away", "returned", "ready"):
        assert dict(page.shown_hints())["Ctrl+Enter"] == panel.step_button.text()
        QTest.keyClick(page, Enter, Ctrl)
        assert state(desk, repair_id) == reached
    assert len(offered) == 3 and offered[-1].endswith("Repaired")
    page.show_list()
    page.offer_taken.emit()
    assert state(desk, repair_id) == "returned", "the step of the message is taken back, whatever is shown"
    QTest.keyClick(page, Enter, Ctrl)
    QTest.keyClick(page, Enter, Ctrl)
    assert state(desk, repair_id) == "ready"
    assert panel.form.field("customer_told").hasFocus() and not panel.step_button.ready
    press(Qt.Key.Key_Space)
    QTest.keyClick(page, Enter, Ctrl)
    assert state(desk, repair_id) == "customer_called"
    panel.choice.setFocus()
    press(Qt.Key.Key_End)
    assert panel.action == "ship"
    QTest.keyClick(page, Enter, Ctrl)
    assert state(desk, repair_id) == "customer_called"
    panel.form.field("carrier").set_value("新竹物流")
    panel.form.focus_first("waybill")
    type_in("8231 0457")
    QTest.keyClick(page, Enter, Ctrl)
    assert state(desk, repair_id) == "shipped"
    assert page.case_view.card is not None and page.case_view.card.waybill == "8231 0457"
    assert panel.step_button.isHidden() and not panel.done_label.isHidden()
    assert "Ctrl+Enter" not in dict(page.shown_hints()), "a finished repair has no next step"


@pytest.mark.clause("REP-02")
@pytest.mark.clause("REP-05")
def test_what_was_forgotten_at_the_counter_is_made_up_for(
    desk: Context, page: RepairsPage, hui: int, tmp_path: Path, boxes: Boxes
) -> None:
    repair_id = bring(desk, hui, photos=(), told=frozenset())
    page.load(id=repair_id)
    panel = page.case_view.panel
    assert len(panel.find_missing()) == 3
    file = tmp_path / "p.jpg"
    image().save(str(file))
    boxes.expect_file(str(file))
    said: list[str] = []
    page.said.connect(lambda text, tone: said.append(text))
    panel.photo_button.click()
    marking = page.mark_photo
    QTest.keyClick(marking.photos, Qt.Key.Key_Right)
    QTest.keyClick(marking.photos, Qt.Key.Key_Right)
    page.load(id=bring(desk, hui, route="own"))  # the telephone rang: another repair is shown meanwhile
    QTest.keyClick(marking.photos, Qt.Key.Key_Return)
    card = repairs.get_repair(desk, repair_id)
    assert (card.photos[0].ring_x, card.photos[0].ring_y) == (520, 500)
    assert said == [f"The photo is kept with repair {card.row.number}."]
    assert len(panel.find_missing()) == 2
    for key in ("duration", "may_differ"):
        QTest.keyClick(panel.form.field("told").chip(key), Qt.Key.Key_Space)
    assert panel.step_button.ready
    panel.step_button.click()
    assert state(desk, repair_id) == "sent_away"
    assert repairs.get_repair(desk, repair_id).form.told == {"duration", "may_differ"}


def test_a_fee_is_written_when_it_is_ready(desk: Context, page: RepairsPage, hui: int) -> None:
    repair_id = bring(desk, hui, route="own")
    page.load(id=repair_id)
    QTest.keyClick(page, Enter, Ctrl)
    panel = page.case_view.panel
    assert panel.form.field("outside_cost").isHidden() or not panel.form.field("outside_cost").isVisible()
    panel.form.focus_first("fee")
    type_in("450")
    QTest.keyClick(page, Enter, Ctrl)
    assert repairs.get_repair(desk, repair_id).fee == Decimal(450)


def test_cancel_asks_for_the_reason(desk: Context, page: RepairsPage, hui: int, boxes: Boxes) -> None:
    repair_id = bring(desk, hui)
    page.load(id=repair_id)
    boxes.expect_text(None)
    page.case_view.panel.cancel_button.click()
    assert state(desk, repair_id) == "received"
    boxes.expect_text("客人不修了")
    page.case_view.panel.cancel_button.click()
    assert state(desk, repair_id) == "cancelled"
    assert page.case_view.story.entries()[0].second == "客人不修了"


def test_notes_and_papers(desk: Context, page: RepairsPage, hui: int, shown: list[list[int]]) -> None:
    page.load(id=bring(desk, hui))
    QTest.keyClick(page, Qt.Key.Key_F4)
    type_in("客人來電催問")
    press(Enter)
    assert page.case_view.story.entries()[0].second == "客人來電催問"
    assert page.case_view.note_edit.value() == ""
    QTest.keyClick(page, Qt.Key.Key_P, Ctrl)
    page.case_view.receipt_button.click()
    assert [len(ids) for ids in shown] == [1, 1] and shown[0] != shown[1]
    files = page.case_view.files_button
    QTest.keyClick(page, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert files.window_shown is not None and files.window_shown.isVisible()
    files.window_shown.close()


def test_the_list_filters_searches_and_opens(desk: Context, page: RepairsPage, hui: int, clock: FixedClock) -> None:
    late = bring(desk, hui, route="own", promised_on=desk.clock.today() + timedelta(days=2))
    other = bring(desk, hui, part="扣頭斷裂")
    repairs.act(desk, other, 1, "send_away")
    page.load()
    view = page.list_view
    assert [line.id for line in view.table.rows()] == [other, late]
    view.show_filter("away")
    view.refresh()
    assert [line.id for line in view.table.rows()] == [other]
    clock.advance(timedelta(days=3))
    page.load(show="late")
    assert [(line.id, line.due_tone, line.due_note) for line in view.table.rows()] == [(late, "danger", "1 day late")]
    assert "1 late" in page.subtitle
    view.show_filter("all")
    view.refresh()
    view.search_box.setFocus()
    type_in("扣頭")
    press(Enter)
    assert page.shown is page.case_view
    assert page.case_view.card is not None and page.case_view.card.row.id == other
    press(Qt.Key.Key_Escape)
    assert page.shown is page.list_view


def test_a_colleagues_change_is_told_and_not_written_over(desk: Context, page: RepairsPage, hui: int) -> None:
    repair_id = bring(desk, hui)
    page.load(id=repair_id)
    page.case_view.focus_note()
    type_in("半句")
    said: list[tuple[str, str, str]] = []
    page.banner_requested.connect(lambda *words: said.append(words))
    repairs.act(desk, repair_id, 1, "to_workshop")
    page.refresh(Notice(frozenset({("repair", repair_id)})))
    assert "colleague" in said[-1][1] and page.case_view.note_edit.value() == "半句"
    page.take_step("send_away", StepForm())
    assert said[-1][2] == "Load again" and state(desk, repair_id) == "in_own_workshop"
    page.banner_answered.emit()
    assert page.case_view.card is not None and page.case_view.card.row.state == "in_own_workshop"


def test_every_view_in_every_language(desk: Context, page: RepairsPage, hui: int, look: Any) -> None:
    for arguments in ({}, {"new": True, "customer_id": hui}, {"id": bring(desk, hui)}):
        page.load(**arguments)
        for code in LANGUAGES:
            look(language=code)
            settle(QApplication.instance())  # type: ignore[arg-type]  # there is one in a test
            least = page.minimumSizeHint()
            assert least.width() <= MAX_MINIMUM.width() and least.height() <= MAX_MINIMUM.height()
            assert page.key_hints() and page.subtitle


def test_freed_on_close(desk: Context, freed: Callable[[Callable[[], QWidget]], None]) -> None:
    freed(lambda: RepairsPage(desk))
