"""The tour at the till and at the door: money with change, then the send-off."""

from __future__ import annotations

from decimal import Decimal

from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Mod, Stage
from crmdesk.tour.steps_guest import GUEST
from crmdesk.tour.steps_phone import RECEPTION


def refuse_to_leave(stage: Stage) -> None:
    """The guest wants to go: the bill is open and the key is out, so the window says so."""
    stage.switch_to(RECEPTION, SAMPLE_PASSWORD)
    page = stage.go("reception")
    page.board.choose(stage.facts["guest"])
    page.board.focus_chosen()
    stage.press(Key.Key_S)
    stage.settle()
    stage.check(page.sheet() is page.send_off_sheet, "the send-off")
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    stage.check(page.board.chosen().state == "leaving", "the guest still here")
    stage.check(page.send_off_sheet.key_well.isVisible(), "the sentence about the key")
    stage.check(page.send_off_sheet.bill_well.isVisible(), "the sentence about the bill")


def take_cash(stage: Stage) -> None:
    """From the send-off to the slip, from the slip to the till; notes by their digits."""
    page = stage.page("reception")
    stage.click(page.send_off_sheet.bill_button)
    page = stage.page("sales")
    stage.check(page.card is not None and page.card.number == stage.facts["slip"], "the guest's slip")
    stage.shoot("slip")
    stage.press(Key.Key_F9)
    page = stage.page("cash")
    stage.settle()
    due = page.amount_due()
    left = due
    for place, note in enumerate([key.note for key in page.keys if key.isVisible()], 1):
        while left > 0 and (left >= note or note == page.keys[0].note):
            stage.write(str(place))
            left -= note
    stage.check(page.amount_received() >= due > 0, f"{due} received")
    stage.shoot("unsigned")
    stage.press(Key.Key_S)
    stage.settle()


def finish_cash(stage: Stage) -> None:
    """Enter: the receipt is printed, the sentence of what is given back stays to be said."""
    page = stage.page("cash")
    stage.maybe_box(lambda: stage.press(Key.Key_Return), lambda box: stage.shoot("receipt"), Key.Key_Return)
    stage.check(page.taken is not None and page.taken.change >= Decimal(0), "the money taken")
    stage.facts["paid"] = stage.facts["slip"]


def send_off(stage: Stage) -> None:
    """The key comes back, the points are ticked, the guest leaves."""
    stage.press(Key.Key_Return)
    page = stage.go("reception")
    page.board.choose(stage.facts["guest"])
    page.board.focus_chosen()
    stage.press(Key.Key_S)
    sheet = page.send_off_sheet
    stage.click(sheet.key_button)
    stage.settle()
    for key in ("offered", "carried", "belongings", "first_told"):
        sheet.chips[key].setFocus()
        stage.press(Key.Key_Space)
        stage.settle()
    sheet.transport.setFocus()
    stage.press(Key.Key_1)
    stage.settle()
    stage.shoot("ticked")
    stage.later(minutes=2)
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    names = [visit.name for visit in page.board.left_list.visits()]
    stage.check(GUEST in names, f"{GUEST} among those who left")
