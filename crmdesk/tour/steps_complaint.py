"""The tour through a complaint: opened from the telephone, investigated, approved, told, closed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QDialog

from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Mod, Stage
from crmdesk.tour.steps_office import MANAGER
from crmdesk.tour.steps_phone import choose
from crmdesk.ui.widgets import Choice, NoteEdit, Segments, Tick

HANDLER = "zhouxiaofang"
COMPLAINANT = "連怡君"
ANSWERS = {
    "cause": "扣頭批次彈簧偏軟，抽查庫存 20 條有 3 條相同。",
    "proposal": "退回兩條換新，運費本店負擔。",
    "reply": "已電話說明原因與換貨方式，客人同意。",
    "improvement": "該批扣頭退回工廠，進貨加做拉力抽查。",
}


def open_from_call(stage: Stage) -> None:
    """F2, the number, a few words; Alt+1 takes what is known to the complaint."""
    stage.switch_to(HANDLER, SAMPLE_PASSWORD)
    stage.press(Key.Key_F2)
    page = stage.page("calls")
    stage.write("0983841304")
    stage.settle()
    stage.press(Key.Key_Return)
    stage.check(page.form_view.form().name == COMPLAINANT, f"{COMPLAINANT} on the phone")
    stage.write("B-2201 兩條扣頭一戴就斷")
    choose(stage, page.form_view.who.field("reason"), "complaint")
    stage.settle()
    stage.press(Key.Key_1, Mod.AltModifier)
    stage.settle()
    page = stage.page("complaints")
    stage.check(page.new_view.form.field("complainant").value() == COMPLAINANT, "the name in the form")


def register(stage: Stage) -> None:
    """Title, story and the next reply; Ctrl+Enter opens it with its number."""
    page = stage.page("complaints")
    form = page.new_view.form
    stage.fill(form.field("title"), "細鍊手鍊扣頭戴一天就斷")
    stage.fill(form.field("story"), "週日買十條，兩條客人戴一天扣頭就斷，客人很生氣。照片已傳來。")
    stage.fill(form.field("item_code"), "B-2201")
    stage.fill(form.field("quantity"), "10")
    stage.fill(form.field("faulty"), "2")
    stage.fill(form.field("wish"), "換新，並先寄兩條給客人")
    for tick in ("heard", "asked"):
        page.new_view.ticks[tick].setFocus()
        stage.press(Key.Key_Space)
    stage.shoot("form")
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    case = page.case_view.case
    stage.check(case is not None and case.state == "received", "the complaint registered")
    stage.facts["complaint"] = case.number


def investigate(stage: Stage) -> None:
    """Assigned, investigated, a proposal: what is missing stands there as fields."""
    for state in ("assigned", "investigating", "proposed"):
        _next(stage, state)
        if state == "investigating":
            stage.shoot("investigating")


def approve(stage: Stage) -> None:
    """The manager approves what was proposed."""
    stage.switch_to(MANAGER, SAMPLE_PASSWORD)
    _open(stage)
    _next(stage, "approved")


def close(stage: Stage) -> None:
    """Carried out, the customer told, called back the same day, closed."""
    stage.switch_to(HANDLER, SAMPLE_PASSWORD)
    _open(stage)
    for state in ("carried_out", "told", "called_back", "closed"):
        _next(stage, state)


def print_form(stage: Stage) -> None:
    """Ctrl+P: the form with its five copies."""

    def look(box: QDialog) -> None:
        stage.shoot()
        stage.press(Key.Key_Return)

    stage.with_box(lambda: stage.press(Key.Key_P, Mod.ControlModifier), look)


def list_complaints(stage: Stage) -> None:
    """Esc: all complaints."""
    page = stage.page("complaints")
    stage.press(Key.Key_Escape)
    stage.settle()
    stage.check(page.list_view.isVisible(), "the list")


def _open(stage: Stage) -> None:
    """Ctrl+K and the number open the complaint from anywhere."""
    stage.press(Key.Key_K, Mod.ControlModifier)
    stage.enter(stage.facts["complaint"])
    stage.settle()
    page = stage.page("complaints")
    case = page.case_view.case
    stage.check(case is not None and case.number == stage.facts["complaint"], "the complaint by its number")


def _next(stage: Stage, state: str) -> None:
    """Fill in what the next step needs and take it."""
    page = stage.page("complaints")
    todo = page.case_view.todo
    stage.later(minutes=12)
    for _round in range(8):
        missing = [name for name in todo.missing() if name in todo.inputs]
        if not missing:
            break
        _answer(stage, missing[0], todo.inputs[missing[0]])
        stage.settle()
    if state == "closed" and "improvement" in todo.inputs:
        stage.fill(todo.inputs["improvement"], ANSWERS["improvement"])
    if state in ("assigned", "proposed", "closed"):
        stage.shoot(f"before-{state}")
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    shown = page.case_view.case.state
    stage.check(shown == state, f"the state {state}, it is {shown}: {todo.missing()} {todo.error_label.text()}")


def _answer(stage: Stage, name: str, field: Any) -> None:
    field.setFocus()
    stage.app.processEvents()
    if isinstance(field, Tick):
        stage.press(Key.Key_Space)
    elif isinstance(field, Segments):
        stage.press(Key.Key_1)
    elif isinstance(field, NoteEdit):
        stage.fill(field, ANSWERS[name])
    elif isinstance(field, Choice | QComboBox):
        stage.press(Key.Key_Down)
    else:
        stage.check(False, f"a way to fill in {name}")
