"""The reception's board by keys and clicks: a guest from the door to the send-off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from crmdesk.core.clock import FixedClock
from crmdesk.db.changes import Notice
from crmdesk.model.sale import Sale
from crmdesk.services import visits
from crmdesk.services.context import Context
from crmdesk.services.visits import VisitRow
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.reception.page import PAGE, ReceptionPage
from tests.helpers.office import Staff
from tests.ui import reception_desk
from tests.ui.conftest import Boxes, settle
from tests.ui.reception_desk import chosen, come_in, now, press, type_text

huang, page = reception_desk.huang, reception_desk.page  # fixtures


def leaving(desk: Context, page: ReceptionPage, customer_id: int, *, key: int = 7) -> VisitRow:
    visit = come_in(desk, page, customer_id)
    visits.give_key(desk, visit.id, visit.version, key)
    visits.act(desk, visit.id, now(desk, visit).version, "leave")
    page.reload()
    return now(desk, visit)


def test_a_guest_goes_from_the_door_to_the_send_off_by_keys(desk: Context, page: ReceptionPage, huang: int) -> None:
    press(Qt.Key.Key_F3)
    assert page.sheet() is page.guest_sheet
    QTest.keyClicks(page.guest_sheet.finder.edit, "3444")
    assert [m.title for m in page.guest_sheet.finder.match_list.matches] == ["黃淑惠"]
    press(Qt.Key.Key_Return)
    assert page.guest_sheet.customer_id == huang
    page.guest_sheet.form.field("purpose").setEditText("看春季新款")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.sheet() is None
    visit = page.board.chosen()
    assert visit is not None and (visit.name, visit.purpose, visit.state) == ("黃淑惠", "看春季新款", "waiting")

    press(Qt.Key.Key_Return)  # greet
    assert now(desk, visit).state == "greeted"
    press(Qt.Key.Key_W)
    press(Qt.Key.Key_K)
    assert page.sheet() is page.key_sheet
    press(Qt.Key.Key_Return)  # the first free key
    press(Qt.Key.Key_A)
    assert page.sheet() is page.assign_sheet
    press(Qt.Key.Key_1)
    ready = now(desk, visit)
    assert ready.water_at is not None and ready.locker_key == 1 and ready.clerk_accepted
    press(Qt.Key.Key_Return)  # into the showroom
    press(Qt.Key.Key_Return)  # settle
    press(Qt.Key.Key_Return)  # see off: the sheet opens
    assert now(desk, visit).state == "leaving"
    assert page.sheet() is page.send_off_sheet
    page.use_key()
    for key in ("offered", "belongings"):
        page.send_off_sheet.chips[key].click()
    page.send_off_sheet.transport.setFocus()
    press(Qt.Key.Key_1)  # by train: ticks SEND-03 too
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    gone = now(desk, visit)
    assert (gone.state, gone.transport) == ("left", "train")
    assert page.sheet() is None
    assert [v.id for v in page.board.left_list.visits()] == [visit.id]


@pytest.mark.clause("RCPT-01")
def test_the_minute_runs_on_the_card_and_says_when_it_is_over(
    desk: Context, page: ReceptionPage, clock: FixedClock, huang: int
) -> None:
    visit = come_in(desk, page, huang)
    card = page.board.card(visit.id)
    assert card is not None
    said = []
    for seconds in (10, 37, 31):
        clock.advance(timedelta(seconds=seconds))
        page.tick()
        said.append(card.band.accessibleName())
    assert said == ["0:10 please greet", "0:47 nearly 1 min", "1:18 over 1 min"]
    assert "apologise" in page.toolbar.context_words.text()
    assert page.toolbar.context_clause.clause == "RCPT-01"
    for seen in (False, True):
        page.setVisible(seen)
        assert page._timer.isActive() is seen


@pytest.mark.clause("RCPT-02")
def test_enter_leads_to_what_is_missing(desk: Context, page: ReceptionPage, huang: int) -> None:
    visit = come_in(desk, page, huang)
    press(Qt.Key.Key_Return)
    assert not page.toolbar.step_button.ready
    press(Qt.Key.Key_Return)
    assert now(desk, visit).state == "greeted", "no water yet"
    assert QApplication.focusWidget() is page.toolbar.water_button
    page.toolbar.water_button.click()
    press(Qt.Key.Key_Return)
    assert page.sheet() is page.key_sheet
    press(Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)  # nothing to deposit
    assert now(desk, visit).nothing_to_deposit
    press(Qt.Key.Key_Return)
    assert page.sheet() is page.assign_sheet
    press(Qt.Key.Key_Escape)
    assert page.sheet() is None
    assert chosen(page).id == visit.id


def test_a_stranger_is_registered_while_checking_in(desk: Context, page: ReceptionPage) -> None:
    page.check_in()
    sheet = page.guest_sheet
    type_text(sheet.finder.edit, "羅先生")
    assert sheet.guest.field("name").value() == "羅先生"
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is sheet.guest.field("phone")
    type_text(sheet.guest.field("phone"), "abc")
    sheet.save()
    assert "phone" in sheet.guest.errors(), "a wrong number is said under its field"
    assert sheet.guest.field("name").value() == "羅先生", "and nothing is lost"
    sheet.guest.field("phone").set_value("0911-222-333")
    sheet.save()
    visit = page.board.chosen()
    assert visit is not None and visit.customer_id is not None and visit.name == "羅先生"


def test_wrong_fields_are_said_and_typing_survives_closing(desk: Context, page: ReceptionPage, look: Any) -> None:
    page.check_in()
    sheet = page.guest_sheet
    sheet.save()
    assert list(sheet.guest.errors()) == ["name"]
    type_text(sheet.finder.edit, "甲" * 81)
    sheet.save()
    assert "name" in sheet.guest.errors()
    type_text(sheet.form.field("note"), "帶樣品")
    look(language_code="zh_TW")
    assert sheet.form.field("note").value() == "帶樣品"
    press(Qt.Key.Key_Escape)
    assert page.sheet() is None
    page.check_in()
    assert sheet.form.field("note").value() == "帶樣品"
    assert sheet.save_button.text() == "到訪登記"
    assert visits.find_board(desk).in_house == ()


def test_a_booking_is_let_in_instead_of_a_second_visit(desk: Context, page: ReceptionPage, huang: int) -> None:
    page.check_in(customer_id=huang)
    page.guest_sheet.form.field("appointment_at").setText("10:30")
    page.guest_sheet.save()
    (booked,) = visits.find_board(desk).booked
    page.check_in(customer_id=huang)
    assert page.guest_sheet.here_words.text() == "Booked for 10:30 today."
    page.guest_sheet.here_button.click()
    assert page.sheet() is None
    assert now(desk, booked).state == "waiting"
    assert len(visits.find_board(desk).in_house) == 1


@pytest.mark.clause("RCPT-04")
def test_a_key_that_is_out_is_refused_with_its_holder(desk: Context, page: ReceptionPage, huang: int) -> None:
    first = come_in(desk, page, huang)
    visits.give_key(desk, first.id, first.version, 5)
    other = come_in(desk, page, visitor_name="賴宗翰")
    page.use_key()
    assert page.key_sheet.number.value() == 1, "the first free one is offered"
    page.key_sheet.number.setText("5")
    press(Qt.Key.Key_Return)
    assert "黃淑惠" in page.key_sheet.form.errors()["key"]
    page.key_sheet.number.setText("99")
    press(Qt.Key.Key_Return)
    assert page.key_sheet.form.errors()
    page.key_sheet.number.setText("6")
    press(Qt.Key.Key_Return)
    assert now(desk, other).locker_key == 6
    page.keys_card.grid.pressed.emit(5)
    assert chosen(page).id == first.id


@pytest.mark.clause("RCPT-04")
@pytest.mark.clause("PACK-09")
@pytest.mark.clause("SEND-06")
def test_a_key_and_a_bill_keep_the_guest_until_a_reason_is_written(
    desk: Context, page: ReceptionPage, huang: int, staff: Staff
) -> None:
    visit = leaving(desk, page, huang)
    with desk.transaction("Open slip") as session:
        session.add(
            Sale(customer_id=huang, visit_id=visit.id, clerk_id=staff.mei.id or 0, currency="TWD", number="2026-000001",
                 opened_at=desk.clock.now(), created_at=desk.clock.now(), state="printed", total=Decimal(18240))
        )  # fmt: skip
    page.reload()
    page.see_off()
    sheet = page.send_off_sheet
    assert not sheet.key_well.isHidden() and not sheet.bill_well.isHidden()
    assert "18,240" in sheet.bill_words.text()
    asked: list[tuple[str, dict[str, Any]]] = []
    page.open_requested.connect(lambda key, arguments: asked.append((key, arguments)))
    sheet.bill_button.click()
    assert asked == [("sales", {"id": now(desk, visit).slip_id})], "the open bill, not a second one"
    sheet.check_out()
    assert sheet.form.errors(), "the reason is asked for"
    said = [sheet.missing.text(), *sheet.form.errors().values(), sheet.key_words.text(), sheet.bill_words.text()]
    assert len(set(said)) == len(said), "nothing is said twice"
    assert page.toolbar.context_words.isHidden(), "the sheet says it, not the line above too"
    assert now(desk, visit).state == "leaving"
    type_text(sheet.reason, "月結，鑰匙明天送回")
    sheet.check_out()
    gone = now(desk, visit)
    assert (gone.state, gone.leave_reason) == ("left", "月結，鑰匙明天送回")
    assert page.keys_card.grid.accessibleDescription().startswith("Key 7")
    page.keys_card.grid.pressed.emit(7)
    page.toolbar.key_button.click()
    assert not now(desk, visit).key_out


def test_arrows_walk_over_empty_lanes(desk: Context, page: ReceptionPage, huang: int) -> None:
    second = leaving(desk, page, huang)
    first = come_in(desk, page, visitor_name="吳志豪")
    third = come_in(desk, page, visitor_name="賴宗翰")
    page.board.choose(first.id)
    page.board.focus_chosen()
    press(Qt.Key.Key_Down)
    assert chosen(page).id == third.id
    press(Qt.Key.Key_Right)
    assert chosen(page).id == second.id
    press(Qt.Key.Key_Right)
    assert chosen(page).id == second.id
    press(Qt.Key.Key_Left)
    assert chosen(page).id == first.id


def test_a_click_chooses_and_a_double_click_opens_wherever_the_card_is(
    desk: Context, page: ReceptionPage, huang: int, qtbot: Any
) -> None:
    far = leaving(desk, page, huang)
    near = come_in(desk, page, visitor_name="吳志豪")
    card = page.board.card(far.id)
    assert card is not None
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert chosen(page).id == far.id
    page.board.choose(near.id)  # the focus is still on the other card, whose lane will be hidden
    page.open_visit(near)
    assert page.sheet() is page.guest_sheet
    assert chosen(page).id == near.id
    qtbot.mouseDClick(card, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert page.sheet() is page.send_off_sheet


def test_other_desks_open_with_the_guest(desk: Context, page: ReceptionPage, huang: int) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    page.open_requested.connect(lambda key, arguments: asked.append((key, arguments)))
    visit = come_in(desk, page, huang)
    for key in ("F9", "F7", "F8"):
        next(s for s in page.findChildren(QShortcut) if s.key().toString() == key).activated.emit()
    assert asked == [
        ("sales", {"new": True, "customer_id": huang, "visit_id": visit.id}),
        ("repairs", {"new": True, "customer_id": huang}),
        ("complaints", {"new": True, "customer_id": huang}),
    ]
    come_in(desk, page, visitor_name="路過的客人")
    page.open_desk("sales")
    assert len(asked) == 3, "a stranger is registered first"
    assert QApplication.focusWidget() is page.guest_sheet.finder.edit


def test_what_others_did_is_followed_and_a_conflict_is_told(
    desk: Context, page: ReceptionPage, huang: int, staff: Staff, boxes: Boxes
) -> None:
    visit = come_in(desk, page, huang)
    fang = desk.acting_as(staff.fang)
    visits.act(fang, visit.id, visit.version, "greet")
    boxes.expect_inform()  # without the frame's banner
    page.next_step()  # the board is older than the data
    assert "周小芳" in boxes.asked[0][1]
    assert chosen(page).state == "greeted"
    visits.serve_water(fang, visit.id, now(desk, visit).version)
    page.refresh(Notice(frozenset({("call", 1)})))
    assert chosen(page).water_at is None
    page.refresh(Notice(frozenset({("visit", visit.id)})))
    assert chosen(page).water_at is not None


def test_a_visit_is_changed_while_others_write_and_typing_is_kept(
    desk: Context, page: ReceptionPage, huang: int
) -> None:
    visit = come_in(desk, page, huang)
    press(Qt.Key.Key_Space)
    sheet = page.guest_sheet
    assert sheet.visit is not None
    type_text(sheet.form.field("note"), "要發票")
    page.refresh(None)
    assert sheet.form.field("note").value() == "要發票"
    sheet.form.field("visitor_class").setFocus()
    press(Qt.Key.Key_1)
    sheet.save()
    changed = now(desk, visit)
    assert (changed.note, changed.visitor_class, changed.place) == ("要發票", "a", "a")


def test_a_visit_of_another_day_opens_by_its_id(desk: Context, page: ReceptionPage, huang: int) -> None:
    visit = come_in(desk, page, huang, appointment_at=desk.clock.now() + timedelta(days=3))
    assert page.board.card(visit.id) is None
    page.load(id=visit.id)
    assert page.sheet() is page.guest_sheet
    assert visit.number in page.guest_sheet.heading.text()


@pytest.mark.parametrize("language_code", ["en", "zh_TW", "zh_CN"])
def test_every_sheet_in_every_language(
    desk: Context, page: ReceptionPage, huang: int, look: Any, language_code: str
) -> None:
    leaving(desk, page, huang)
    waiting = come_in(desk, page, visitor_name="吳志豪")
    page.assign()
    look(language=language_code)
    page.use_key()
    page.open_visit(now(desk, waiting))
    page.check_in()
    page.see_off()
    settle(QApplication.instance())  # type: ignore[arg-type]  # there is one in a test
    assert page.minimumSizeHint().boundedTo(MAX_MINIMUM) == page.minimumSizeHint()
    assert page.subtitle
    assert not page.body.hasHeightForWidth(), "a wrapped line outside a scrolled part would make the page too high"


def test_freed_on_close(desk: Context, freed: Callable[[Callable[[], QWidget]], None]) -> None:
    freed(lambda: ReceptionPage(desk))
    assert PAGE.key == "reception"


def test_two_receptionists_change_one_visit(
    desk: Context, page: ReceptionPage, huang: int, staff: Staff, boxes: Boxes
) -> None:
    visit = come_in(desk, page, huang)
    page.open_visit(visit)
    sheet = page.guest_sheet
    type_text(sheet.form.field("note"), "要發票")
    visits.serve_water(desk.acting_as(staff.fang), visit.id, visit.version)
    boxes.expect_inform()
    sheet.save()
    assert "周小芳" in boxes.asked[0][1]
    assert page.sheet() is sheet
    assert sheet.form.field("note").value() == "要發票", "nothing is lost"
    sheet.save()
    saved = now(desk, visit)
    assert saved.note == "要發票" and saved.water_at is not None


def test_enter_brings_the_next_field_into_sight(desk: Context, page: ReceptionPage) -> None:
    page.resize(1112, 480)
    page.check_in()
    settle(QApplication.instance())  # type: ignore[arg-type]  # there is one in a test
    sheet = page.guest_sheet
    sheet.form.focus_first("purpose")
    for _step in range(4):
        press(Qt.Key.Key_Return)
    note, viewport = sheet.form.field("note"), sheet.scroller.viewport()
    assert QApplication.focusWidget() is note
    assert 0 < note.mapTo(viewport, QPoint(0, note.height())).y() <= viewport.height()
