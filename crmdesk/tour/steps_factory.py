"""The tour's last turn: the manager makes another regulation the office's own, and the desks follow at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from crmdesk.services.sample import SAMPLE_PASSWORD
from crmdesk.tour.stage import Key, Mod, Stage
from crmdesk.tour.steps_office import MANAGER
from crmdesk.ui.settings.page import SECTIONS


def become_factory(stage: Stage) -> None:
    """A showroom alone, then a factory: limit, number, copies and deciders of a complaint change, no line of code."""
    stage.switch_to(MANAGER, SAMPLE_PASSWORD)
    section = _section(stage)
    for name in section.packs[1:]:
        section.table.select(name)
        stage.press(Key.Key_Space)
    stage.check(section.packs == ["showroom"], "the showroom alone")
    _save(stage, section, "")
    before = _complain(stage, "包裝盒受潮")
    section = _section(stage)
    section.table.select("factory")
    stage.press(Key.Key_H)
    stage.settle()
    changed = [line.id for line in section.effects.rows()]
    for wanted in ("complaint_finish_domestic", "series.complaint", "copies.complaint_sheet", "chains.complaint"):
        stage.check(wanted in changed, f"{wanted} among what changes")
    stage.shoot("changes")
    _save(stage, section, "asks")
    after = _complain(stage, "鍍層起泡")
    stage.check(len(before.number) > len(after.number) == len("2611-01"), f"{after.number} after {before.number}")
    days = (after.due.at - after.received_at).days - (before.due.at - before.received_at).days
    stage.check(days == 8, f"fifteen days instead of seven, {days} more")


def _section(stage: Stage) -> Any:
    page = stage.go("settings")
    place = next(place for place, (key, _icon, _kind) in enumerate(SECTIONS) if key == "regulation")
    stage.press(Qt.Key(Key.Key_1 + place), Mod.AltModifier)
    stage.settle()
    section = page.stack.currentWidget()
    section.table.setFocus()
    return section


def _save(stage: Stage, section: Any, picture: str) -> None:
    def agree(box: QDialog) -> None:
        if picture:
            stage.shoot(picture)
        stage.press(Key.Key_Return)

    stage.with_box(lambda: stage.press(Key.Key_Return, Mod.ControlModifier), agree)
    stage.settle()
    stage.check(list(section.ctx.policy.active) == section.packs, "the packs chosen")


def _complain(stage: Stage, title: str) -> Any:
    """Open a complaint with F8 and return its case."""
    stage.press(Key.Key_F8)
    page = stage.page("complaints")
    stage.settle()
    form = page.new_view.form
    stage.fill(form.field("complainant"), "連怡君")
    stage.fill(form.field("title"), title)
    stage.press(Key.Key_Return, Mod.ControlModifier)
    stage.settle()
    case = page.case_view.case
    stage.check(case is not None and case.form.title == title and case.due is not None, f"the complaint {title}")
    return case
