"""The tour through one slip: lines by keyboard, three copies, counting by scanner, cartons, labels."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QDialog

from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Mod, Stage, TourFault
from crmdesk.tour.steps_guest import GUEST
from crmdesk.tour.steps_phone import RECEPTION, choose
from crmdesk.ui.packing.words import check_rows

PACKER, SECOND = "liaming", "張文華"
LINES = (("B-2201", 3), ("B-2206", 2), ("R-1011", 4))
WRONG = "B-2202"
AWAY, AWAY_TYPED = "尉遲勝男", "yuchi"
CARRIER = "順豐速運"
AWAY_LINES = (("B-2220", 2), ("R-1013", 2))


def write_slip(stage: Stage) -> None:
    """F9 on the guest's card; each line is code, Enter, pieces, Enter, Enter."""
    stage.switch_to(RECEPTION, SAMPLE_PASSWORD)
    page = stage.go("reception")
    page.board.choose(stage.facts["guest"])
    page.board.focus_chosen()
    stage.press(Key.Key_F9)
    page = stage.page("sales")
    stage.check(page.customer is not None and page.customer.name == GUEST, f"a slip for {GUEST}")
    stage.enter("B-9999")
    stage.settle()
    stage.shoot("wrong-code")
    stage.press(Key.Key_Escape)
    _write_lines(stage, page, LINES)


def _write_lines(stage: Stage, page: Any, lines: tuple[tuple[str, int], ...]) -> None:
    for code, pieces in lines:
        stage.enter(code)
        stage.enter(str(pieces))
        stage.press(Key.Key_Return)
    got = [(form.code, form.quantity) for form in page.grid.forms()]
    stage.check(got == list(lines), f"the lines {lines}, got {got}")


def print_slip(stage: Stage) -> None:
    """F9 leads to the consent that is missing; with it the three copies come."""
    page = stage.page("sales")
    stage.press(Key.Key_F9)
    stage.settle()
    stage.shoot("consent-missing")
    stage.press(Key.Key_Space)
    _print(stage, page)
    stage.facts["slip"] = page.card.number
    stage.facts["slip_id"] = page.card.id


def _print(stage: Stage, page: Any) -> None:
    def look(box: QDialog) -> None:
        stage.shoot("preview")
        stage.press(Key.Key_Return)

    page.grid.editor.setFocus()
    stage.with_box(lambda: stage.press(Key.Key_F9), look)
    stage.check(page.card is not None and page.card.state == "printed", "a printed slip")


def write_second_slip(stage: Stage) -> None:
    """The customer is not here: the goods go to Xi'an by carrier."""
    page = stage.page("sales")
    stage.press(Key.Key_Escape)
    stage.press(Key.Key_F9)
    stage.settle()
    stage.write(AWAY_TYPED)
    stage.until(page.slip_head.search.matches, "the customer")
    stage.press(Key.Key_Return)
    stage.check(page.customer is not None and page.customer.name == AWAY, f"a slip for {AWAY}")
    _write_lines(stage, page, AWAY_LINES)
    stage.press(Key.Key_F4)
    sheet = page.delivery
    sheet.form.field("customer_present").setFocus()
    stage.press(Key.Key_Right)
    choose(stage, sheet.form.field("delivery"), CARRIER)
    stage.fill(sheet.form.field("remark"), "寄出前請先傳裝箱照片")
    stage.shoot("delivery")
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.check(not page.form.customer_present and page.form.delivery == CARRIER, "goods that go by carrier")
    page.panel.consent.setFocus()
    stage.press(Key.Key_Space)
    _print(stage, page)
    stage.facts["away_slip"] = page.card.number


def see_queue(stage: Stage) -> None:
    """Another person, another desk: what waits to be packed."""
    stage.switch_to(PACKER, SAMPLE_PASSWORD)
    page = stage.go("packing")
    numbers = [row.number for row in page.queue.table.rows()]
    stage.check(stage.facts["slip"] in numbers, f"{stage.facts['slip']} among {numbers[:6]}")


def open_slip(stage: Stage) -> None:
    """The code on the slip is scanned: the station fills the screen and asks who is here."""
    page = stage.page("packing")
    stage.scan(stage.facts["slip"])
    stage.settle()
    stage.check(page.sheet is not None and page.sheet.number == stage.facts["slip"], "the slip at the station")


def count_pieces(stage: Stage) -> None:
    """1: the customer is present. Two pieces are scanned one by one."""
    page = stage.page("packing")
    _digit(stage, page, 1, lambda: page.sheet.state == "packing")
    stage.scan("B-2201")
    stage.scan("B-2201")
    stage.settle()
    stage.check(page.sheet.line(page.line.id).packed == 2, "two pieces packed")


def scan_wrong(stage: Stage) -> None:
    """A bracelet that looks the same: the whole screen says so until it is put back."""
    page = stage.page("packing")
    stage.scan(WRONG)
    stage.until(page.station.alarm.isVisible, "the alarm")
    stage.shoot()
    stage.rest()
    stage.press(Key.Key_Return)
    stage.until(lambda: not page.station.alarm.isVisible(), "the end of the alarm")


def pack_rest(stage: Stage) -> None:
    """The rest goes in two cartons; each is weighed."""
    page = stage.page("packing")
    stage.scan("B-2201")
    stage.scan("B-2206")
    stage.scan("B-2206")
    _weigh(stage, page, "0.4")
    _digit(stage, page, 5, lambda: len(page.sheet.cartons) == 2)
    for _piece in range(4):
        stage.scan("R-1011")
    stage.settle()
    stage.shoot("all-counted")
    _weigh(stage, page, "0.3")
    stage.check(not page.sheet.open_lines, "every line counted")


def _weigh(stage: Stage, page: Any, kilos: str) -> None:
    number = page.station.number
    _digit(stage, page, 6, lambda: page.station.stack.currentWidget() is number)
    number.edit.selectAll()
    stage.enter(kilos)
    stage.until(lambda: page.station.stack.currentWidget() is not number, "the weight taken")


def finish_packing(stage: Stage) -> None:
    """7 shows the check list; its digits tick, 9 finishes and prints the labels."""
    page = stage.page("packing")
    _open_check(stage, page)
    _tick_all(stage, page)
    stage.shoot("ticked")
    _finish(stage, page)


def _open_check(stage: Stage, page: Any) -> None:
    check = page.station.check
    if page.station.stack.currentWidget() is not check:
        _digit(stage, page, 7, lambda: page.station.stack.currentWidget() is check)
    stage.settle()


def _tick_all(stage: Stage, page: Any) -> None:
    for row in check_rows(page.sheet):
        if not row.done and row.key != "second":
            _digit(
                stage, page, row.digit, lambda key=row.key: key in {*page.sheet.ticks, *page.sheet.return_signatures}
            )


def _finish(stage: Stage, page: Any) -> None:
    def look(box: QDialog) -> None:
        stage.shoot("labels")
        stage.press(Key.Key_Return)

    before = page.sheet.state
    stage.rest()
    stage.with_box(lambda: stage.press(Key.Key_9), look)
    stage.until(lambda: page.sheet is None or page.sheet.state != before, "the next state")


def seal(stage: Stage) -> None:
    """The seal is signed: 9 seals, and 9 again goes back to the list."""
    page = stage.page("packing")
    _tick_all(stage, page)
    _digit(stage, page, 9, lambda: page.sheet.state == "sealed")
    stage.shoot()
    _digit(stage, page, 9, lambda: page.sheet is None)


def pack_absent(stage: Stage) -> None:
    """2: the customer is absent, so a second person counts and signs with an own password."""
    page = stage.page("packing")
    stage.scan(stage.facts["away_slip"])
    stage.settle()
    _digit(stage, page, 2, lambda: page.sheet is not None and page.sheet.state == "packing")
    for code, pieces in AWAY_LINES:
        for _piece in range(pieces):
            stage.scan(code)
    _weigh(stage, page, "0.5")
    _open_check(stage, page)
    stage.shoot("check")
    digit = next(row.digit for row in check_rows(page.sheet) if row.key == "second")
    second = page.station.second
    _digit(stage, page, digit, lambda: page.station.stack.currentWidget() is second)
    second.person.setFocus()
    names = [second.person.itemText(place) for place in range(second.person.count())]
    stage.check("李阿明" not in names, "the counter can't be the second person")
    stage.press(Key.Key_Home)
    for _step in range(names.index(SECOND)):
        stage.press(Key.Key_Down)
    stage.press(Key.Key_Return)
    stage.write(SAMPLE_PASSWORD)
    stage.shoot("second-person")
    stage.press(Key.Key_Return)
    stage.until(lambda: page.sheet.second_at is not None, "the second signature")
    _open_check(stage, page)
    _tick_all(stage, page)
    stage.shoot("signed")
    _finish(stage, page)
    _tick_all(stage, page)
    _digit(stage, page, 9, lambda: page.sheet.state == "sealed")


def _digit(stage: Stage, page: Any, digit: int, ready: Any) -> None:
    """Press a key of the station as a hand does: a pause before it, or it would count as part of a scan."""
    stage.rest()
    stage.write(str(digit))
    try:
        stage.until(ready, f"what key {digit} does")
    except TourFault as fault:
        missing = [row.text for row in check_rows(page.sheet) if not row.done] if page.sheet is not None else []
        raise TourFault(f"{fault.message}; not ticked: {missing}") from fault
    stage.settle()
