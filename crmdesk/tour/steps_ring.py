"""The tour while the telephone rings: who it is, several matters, half a call, passed on, missed."""

from __future__ import annotations

from typing import Any

from crmdesk.core.rings import Ring
from crmdesk.start.handover import OK
from crmdesk.tour.stage import Key, Mod, Stage
from crmdesk.tour.steps_phone import choose
from crmdesk.ui.calls.ringing import RingBar

KNOWN, KNOWN_NUMBER = "陳李美鳳", "+886 912 345 678"
OFFICE_LINE = "04-2222-5600"
SECOND, SECOND_NUMBER = "馮曉雯", "03-308-5117"
MATTER, OTHER_MATTER = "細鍊手鍊 18 吋要補二十條", "上一張單的發票抬頭要改成陳家銀樓"
RUDE = "我不知道，要問會計"


def _ring(stage: Stage, number: str, name: str = "") -> RingBar:
    """Let it ring as ``crmdesk call`` hands a number over, and return the bar above the page."""
    answer = stage.program.rings.hear(Ring(number, name, OFFICE_LINE).message())
    stage.check(answer == OK, f"the ring of {number} taken")
    stage.until(lambda: (bar := stage.window.findChild(RingBar)) is not None and bar.isVisible(), "the ringing bar")
    bar: RingBar = stage.window.findChild(RingBar)
    return bar


def _complete(stage: Stage, page: Any) -> None:
    """Tick what is read back, as the keys lead there, then complete."""
    sheet = page.sheet
    for tick in ("phone", "name", "address", "matter"):
        chip = page.form_view.read_back.chips.chip(tick)
        if chip.isEnabled() and not chip.isChecked():
            chip.setFocus()
            stage.press(Key.Key_Space)
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    stage.check(page.sheet is not sheet, "the call completed")


def ring(stage: Stage) -> None:
    """The telephone program hands the number over; who it is stands above whatever page is open."""
    bar = _ring(stage, KNOWN_NUMBER)
    stage.check(KNOWN in bar.name_label.text(), f"{KNOWN} in the ringing bar: {bar.name_label.text()}")
    stage.check(stage.window.current_key == "today", "the page stays as it was")


def answer(stage: Stage) -> None:
    """F2 answers; what to say first has a key each, and the call waits while one looks."""
    stage.press(Key.Key_F2)
    page = stage.page("calls")
    stage.settle()
    stage.check(page.form_view.form().name == KNOWN, "the caller taken over")
    facts = [line.fact.kind for line in page.panel.say_rows if line.fact is not None and not line.isHidden()]
    for kind in ("missed", "wanted"):
        stage.check(kind in facts, f"{kind} among what to say first: {facts}")
    stage.check("birthday" not in facts, f"who was congratulated this morning is not told again: {facts}")
    stage.shoot("facts")
    stage.press(Key(Key.Key_1 + facts.index("wanted")), Mod.ControlModifier)
    stage.settle()
    stage.check(stage.page("customers").card_view.card.name == KNOWN, f"the card of {KNOWN}")


def write_matters(stage: Stage) -> None:
    """Back at the call: two matters, one for the colleague who knows, each followed to the end."""
    page = stage.go("calls")
    view = page.form_view
    choose(stage, view.who.field("reason"), "stock")
    view.what.focus_first("matter")
    stage.write(MATTER)
    stage.press(Key.Key_6, Mod.AltModifier)
    stage.press(Key.Key_Return)
    stage.write(OTHER_MATTER)
    choose(stage, view.matters.lines[1].owner, page.ctx.user.id)
    choose(stage, view.matters.lines[0].owner, _colleague(stage, "黃怡君"))
    stage.check(len(view.form().matters) == 2, "two matters")
    stage.shoot()
    stage.press(Key.Key_Escape)
    stage.later(minutes=2)
    _complete(stage, page)


def _colleague(stage: Stage, name: str) -> int:
    people = stage.page("calls").form_view.matters._people
    return next(int(value) for value, known in people if known == name)


def answer_politely(stage: Stage) -> None:
    """The list of matters: a forbidden phrase in the answer is marked, Alt+R says it politely."""
    page = stage.page("calls")
    stage.press(Key.Key_Escape)
    page.lists.places.setFocus()
    stage.press(Key.Key_4)
    stage.settle()
    view = page.lists.view("matters")
    mine = next(line for line in view.table.rows() if OTHER_MATTER in str(line))
    view.table.select(mine.id)
    field = view.answer_grid.field("answer")
    stage.fill(field, RUDE)
    stage.check(field.hit is not None, "the forbidden phrase marked")
    stage.shoot("forbidden")
    stage.press(Key.Key_R, Mod.AltModifier)
    stage.check(field.hit is None and RUDE[:4] not in field.value(), f"said politely: {field.value()}")
    stage.press(Key.Key_2, Mod.AltModifier)
    stage.settle()


def interrupt(stage: Stage) -> None:
    """Half a call is written, it rings again: F2 takes the next one, the first waits in its tab."""
    stage.press(Key.Key_F2)
    page = stage.page("calls")
    stage.enter("0423456783")
    stage.write("孫先生")
    page.form_view.what.focus_first("matter")
    stage.write("兩千元禮品盒打八折可以嗎")
    choose(stage, page.form_view.who.field("reason"), "price")
    bar = _ring(stage, SECOND_NUMBER)
    stage.check(SECOND in bar.name_label.text(), f"{SECOND} in the ringing bar: {bar.name_label.text()}")
    stage.shoot("ring")
    stage.press(Key.Key_F2)
    stage.settle()
    stage.check(page.form_view.form().name == SECOND, f"the call of {SECOND} in front")
    stage.check(len(page.held.tabs()) > 1, "the half call kept as a tab")


def transfer(stage: Stage) -> None:
    """Alt+4: to whom, and what the colleague was told; the half call comes back by itself."""
    page = stage.page("calls")
    view = page.form_view
    choose(stage, view.who.field("reason"), "account")
    view.what.focus_first("matter")
    stage.write("十月月結還差一筆，找會計對帳")
    stage.press(Key.Key_4, Mod.AltModifier)
    choose(stage, view.transfer.grid.field("transferred_to"), "黃怡君")
    stage.press(Key.Key_Return)
    stage.write("馮小姐問十月月結差額，單子在桌上")
    stage.shoot()
    stage.press(Key.Key_Return)
    stage.settle()
    stage.check(view.form().name == "孫先生", "the half call in front again")


def escalate(stage: Stage) -> None:
    """More than the reception may promise: Alt+5 asks the superior."""
    page = stage.page("calls")
    view = page.form_view
    stage.press(Key.Key_5, Mod.AltModifier)
    stage.settle()
    stage.check(view.escalate.isVisible(), "whom to ask")
    stage.shoot()
    sheet = page.sheet
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    stage.check(page.sheet is not sheet, "the call put to the superior")


def miss(stage: Stage) -> None:
    """Nobody answers: after the last ring it stands in the list, with who had the phone and what is proposed."""
    _ring(stage, "0955 591 403")
    stage.later(minutes=1)
    stage.program.rings.look()
    page = stage.page("calls")
    stage.press(Key.Key_Escape)
    page.lists.places.setFocus()
    stage.press(Key.Key_3)
    stage.settle()
    rows = page.lists.view("missed").table.rows()
    stage.check(any("彭清泉" in str(row) for row in rows), f"the missed call in the list: {[r.name for r in rows]}")
    page.lists.view("missed").table.select_first()
