"""The windows of an office that turns from a showroom into a factory, and whatever office it is."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.core.dates import format_day
from crmdesk.services import visits
from crmdesk.services.context import Context
from crmdesk.services.steps import machine_of
from crmdesk.services.visits import VisitForm
from crmdesk.ui import tasks
from crmdesk.ui.complaints.page import ComplaintsPage
from crmdesk.ui.desks import page_specs
from crmdesk.ui.reception.page import ReceptionPage
from crmdesk.ui.settings.regulation import RegulationSection
from crmdesk.ui.widgets.state_diagram import StateDiagram
from tests.scenarios.test_switch_office import register, works_by
from tests.ui.conftest import settle


def test_the_windows_show_the_office_it_has_become(
    desk: Context, qtbot: QtBot, boxes: Any
) -> None:
    ctx = works_by(desk, "showroom")
    section = RegulationSection(ctx)
    qtbot.addWidget(section)
    section.load()
    section.table.select("factory")
    qtbot.keyClick(section.table, Qt.Key.Key_H)
    assert section.packs == ["factory", "showroom"]
    changed = {line.id for line in section.effects.rows()}
    assert {"series.complaint", "copies.complaint_sheet", "chains.complaint"} <= changed or len(changed) > 5
    boxes.expect_ask(True)
    section.save()
    assert section.ctx.policy.active == ("factory", "showroom")

    page = ComplaintsPage(section.ctx)
    qtbot.addWidget(page)
    record = register(section.ctx, "手鐲有裂痕")
    page.load(id=record)
    assert page.case_view.case is not None and page.case_view.case.number == "2611-01"
    due = section.ctx.clock.local(page.case_view.case.due.at).date()  # type: ignore[union-attr]  # it has a limit
    assert format_day(due) in page.case_view.course_note.text()
    diagram = StateDiagram(machine_of(section.ctx, "complaint"), "received")
    qtbot.addWidget(diagram)
    assert "CMP-47" in diagram.words.text()


@pytest.mark.parametrize("home", ["factory", "bank", "confidentiality"])
def test_every_desk_opens_whatever_the_office_works_by(
    desk: Context, qtbot: QtBot, qapp: QApplication, home: str
) -> None:
    ctx = works_by(desk, home)
    for spec in page_specs():
        page = spec.factory(ctx)
        page.load()
        if spec.key in ("calls", "reception", "repairs", "complaints", "sales"):
            page.load(new=True)
        page.retranslate()
        finish(qapp)
        page.deleteLater()
        settle(qapp)


def finish(app: QApplication) -> None:
    """Let work that a page gave to the worker arrive."""
    end = QDeadlineTimer(10_000)
    while tasks.running():
        assert not end.hasExpired(), "a page's work does not end"
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def test_a_step_taken_by_mistake_is_taken_back_with_one_key(desk: Context, qtbot: QtBot) -> None:
    page = ComplaintsPage(desk)
    qtbot.addWidget(page)
    record = register(desk, "手鐲有裂痕")
    page.load(id=record)
    todo = page.case_view.todo
    page.show()
    assert todo.undo_button.isHidden()
    todo.asked.emit("assign", {"department": "品管", "handler": desk.user.id})
    assert page.case_view.case is not None and page.case_view.case.state == "assigned"
    assert todo.undo_button.accessibleName() == "Undo: Assign the complaint"
    assert not todo.undo_button.isHidden()
    assert "Starts: deadline CMP-30" in todo.why_label.text()
    with qtbot.waitActive(page):
        page.activateWindow()
    qtbot.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    assert page.case_view.case.state == "received"
    assert todo.undo_button.isHidden()


def test_a_guest_is_where_he_was_before_the_wrong_step(desk: Context, qtbot: QtBot) -> None:
    visit = visits.check_in(desk, VisitForm("王先生"))
    page = ReceptionPage(desk)
    qtbot.addWidget(page)
    page.load()
    page.board.choose(visit)
    page.next_step()
    assert visits.get_visit(desk, visit).state == "greeted"
    page.board.choose(visit)
    page.take_back()
    assert visits.get_visit(desk, visit).state == "waiting"
