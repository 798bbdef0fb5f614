"""The tour at the sign-in window and at the telephone."""

from __future__ import annotations

from typing import Any

from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Mod, Stage

RECEPTION = "wangxiaomei"
CALLER = "卓宛真"
CALLER_TAIL = "0966473"
MATTER = "細鍊手鍊 16 吋補二十條，週五前可以寄出嗎？"
LANGUAGES = ("zh_TW", "zh_CN", "en")


def sign_in(stage: Stage) -> None:
    """One digit chooses the person, then the password."""
    stage.sign_in(RECEPTION, SAMPLE_PASSWORD)
    stage.shoot()
    stage.press(Key.Key_Return)
    stage.until(lambda: stage.window is stage.program.window, "the main window")


def ring(stage: Stage) -> None:
    """F2 from anywhere; the caller is found after a few digits."""
    stage.press(Key.Key_F2)
    page = stage.page("calls")
    stage.write(CALLER_TAIL)
    stage.settle()
    names = [match.title for match in page.form_view.match_list.matches]
    stage.check(CALLER in names, f"{CALLER} among {names}")
    stage.later(seconds=20)


def write_call(stage: Stage) -> None:
    """Enter takes the caller over; matter, urgency and call-back follow by keyboard."""
    page = stage.page("calls")
    view = page.form_view
    stage.press(Key.Key_Return)
    stage.check(view.form().name == CALLER, "the caller's name in the form")
    stage.write(MATTER)
    choose(stage, view.who.field("reason"), "stock")
    stage.fill(view.when.field("callback_at"), "+1 15:00")
    stage.press(Key.Key_Return)
    stage.later(minutes=1)


def choose(stage: Stage, field: Any, value: object) -> None:
    """Walk down a list of choices with the arrow until a value is reached."""
    field.setFocus()
    for _step in range(field.count()):
        if field.value() == value:
            return
        stage.press(Key.Key_Down)
    stage.check(field.value() == value, f"{value!r} among the choices")


def switch_language(stage: Stage) -> None:
    """Through the user menu as a person would, in the middle of a word."""
    page = stage.page("calls")
    view = page.form_view
    before = view.form()
    own = stage.program.settings.language
    for code in [code for code in LANGUAGES if code != own] + [own]:
        stage.choose_language(code)
        stage.check(view.form() == before, f"the same text after switching to {code}")
        if code != own:
            stage.shoot(code.lower().replace("_", "-"))


def complete_call(stage: Stage) -> None:
    """Ctrl+Enter first leads to what is missing, then completes."""
    page = stage.page("calls")
    view = page.form_view
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.shoot("missing")
    for tick in ("phone", "name", "address", "matter"):
        chip = view.read_back.chips.chip(tick)
        chip.setFocus()
        stage.press(Key.Key_Space)
    stage.shoot("read-back")
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    stage.check(page.sheet.blank, "an empty sheet for the next call")


def list_calls(stage: Stage) -> None:
    """Esc leads to the list."""
    page = stage.page("calls")
    stage.press(Key.Key_Escape)
    stage.settle()
    rows = page.list_view.table.rows()
    stage.check(any(CALLER in str(row) for row in rows), f"the call of {CALLER} in the list")
    stage.check(len(rows) > 1, "the calls of the morning")
