"""The tour at the reception: a guest from the door to the send-off."""

from __future__ import annotations

from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Mod, Stage
from crmdesk.tour.steps_phone import RECEPTION
from crmdesk.ui.widgets import MatchList

GUEST, GUEST_TYPED = "單雅慧", "shanyahui"


def find_guest(stage: Stage) -> None:
    """F3 and the name in pinyin; 單 is read as the surname it is."""
    stage.switch_to(RECEPTION, SAMPLE_PASSWORD)
    stage.press(Key.Key_F3)
    page = stage.page("reception")
    stage.write(GUEST_TYPED)
    stage.settle()
    names = [match.title for match in page.guest_sheet.findChild(MatchList).matches]
    stage.check(names[:1] == [GUEST], f"{GUEST} first, found {names}")


def check_in(stage: Stage) -> None:
    """Enter takes the guest over, Ctrl+Enter checks in; 47 seconds later the card warns."""
    page = stage.page("reception")
    stage.press(Key.Key_Return)
    page.guest_sheet.form.focus_first("purpose")
    stage.write("看春季新款，補細鍊")
    stage.shoot("sheet")
    stage.press(Key.Key_Return, Mod.ControlModifier)
    visit = page.board.chosen()
    stage.check(visit is not None and visit.name == GUEST, f"{GUEST} on the board")
    stage.facts["guest"] = visit.id
    stage.later(seconds=47)
    page.tick()


def receive(stage: Stage) -> None:
    """Enter greets, W gives water, K a key."""
    page = stage.page("reception")
    stage.press(Key.Key_Return)
    stage.press(Key.Key_W)
    stage.press(Key.Key_K)
    stage.shoot("key")
    stage.press(Key.Key_Return)
    visit = page.board.chosen()
    stage.check(visit.water_at is not None and visit.locker_key, "water and a key")


def assign(stage: Stage) -> None:
    """A opens the list of who is free; the digit takes one."""
    page = stage.page("reception")
    stage.press(Key.Key_A)
    stage.shoot("who")
    stage.press(Key.Key_1)
    stage.press(Key.Key_Return)
    stage.check(page.board.chosen().state == "with_clerk" or page.board.chosen().clerk_id, "the guest in the showroom")


def fill_house(stage: Stage) -> None:
    """Three more: one booked for the afternoon, one in the showroom, one who waits too long."""
    _come_in(stage, "zhongshuimu", "鍾水木", "對年度帳", booked="15:30")
    _come_in(stage, "choujianping", "仇建平", "選素圈、古法新款")
    stage.later(seconds=25)
    stage.press(Key.Key_Return)
    stage.press(Key.Key_W)
    stage.press(Key.Key_K)
    stage.press(Key.Key_Return)
    stage.press(Key.Key_A)
    stage.press(Key.Key_1)
    stage.press(Key.Key_Return)
    stage.later(minutes=6)
    _come_in(stage, "fengxiaowen", "馮曉雯", "取上週訂的生肖墜")
    stage.later(seconds=78)
    page = stage.page("reception")
    page.tick()
    board = page.board.board
    counts = (len(board.booked), len(board.waiting), len(board.received))
    stage.check(counts == (1, 1, 2), f"one booked, one waiting, two received; got {counts}")


def _come_in(stage: Stage, typed: str, name: str, purpose: str, booked: str = "") -> None:
    stage.press(Key.Key_F3)
    page = stage.page("reception")
    stage.write(typed)
    stage.settle()
    matches = page.guest_sheet.findChild(MatchList).matches
    place = next((n for n, match in enumerate(matches) if match.title == name), -1)
    stage.check(place >= 0, f"{name} among {[match.title for match in matches]}")
    stage.press(Key.Key_Down, times=place)
    stage.press(Key.Key_Return)
    form = page.guest_sheet.form
    form.focus_first("purpose")
    stage.write(purpose)
    if booked:
        stage.fill(form.field("appointment_at"), booked)
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
