"""The packs the office works by: chosen by keys, what changes shown before, asked, and then every PC has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crmdesk.db.changes import Notice
from crmdesk.rules.policies import DEFAULT_ACTIVE
from crmdesk.services import policies
from crmdesk.services.context import Context
from crmdesk.services.office import load_office
from crmdesk.services.setup import reload_office
from crmdesk.ui import tasks
from crmdesk.ui.settings.page import SettingsPage
from crmdesk.ui.settings.regulation import RegulationSection
from tests.helpers.office import Staff

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(qtbot: QtBot, desk: Context) -> Iterator[SettingsPage]:
    made = SettingsPage(desk)
    qtbot.addWidget(made)
    made.resize(1198, 680)
    with qtbot.waitActive(made):
        made.show()
    made.load(section="regulation")
    made.first_focus()
    yield made
    assert tasks.stop_all()


@pytest.fixture
def section(page: SettingsPage) -> RegulationSection:
    found = page.section("regulation")
    assert isinstance(found, RegulationSection)
    return found


def effects(section: RegulationSection) -> dict[str, tuple[str, str]]:
    return {line.id: (line.before, line.after) for line in section.effects.rows()}


def test_every_pack_is_listed_with_the_home_pack_first(section: RegulationSection, desk: Context) -> None:
    lines = section.table.rows()
    assert [line.id for line in lines][: len(DEFAULT_ACTIVE)] == list(DEFAULT_ACTIVE)
    assert len(lines) == len(desk.policy.packs) and sum(line.clauses for line in lines) == 715
    assert (lines[0].place, lines[1].place, lines[-1].place) == ("Home", "2", "")
    assert not section.dirty and not section.save_button.ready and effects(section) == {}


def test_another_home_pack_shows_what_changes_and_asks(
    qtbot: QtBot, page: SettingsPage, section: RegulationSection, desk: Context, boxes: Any
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    page.open_requested.connect(lambda key, arguments: asked.append((key, arguments)))
    section.table.select("factory")
    qtbot.keyClick(section.table, Qt.Key.Key_N)
    assert asked == [("regulation", {"pack": "factory"})]
    qtbot.keyClick(section.table, Qt.Key.Key_H)
    assert section.packs[:2] == ["factory", "showroom"] and section.table.current().id == "factory"
    assert effects(section)["complaint_finish_domestic"] == ("1 week", "15 days")
    boxes.expect_ask(False)
    qtbot.keyClick(page, Qt.Key.Key_Return, CTRL)
    assert load_office(desk.db).packs == DEFAULT_ACTIVE and section.dirty
    boxes.expect_ask(True)
    qtbot.keyClick(page, Qt.Key.Key_Return, CTRL)
    assert load_office(desk.db).packs[:2] == ("factory", "showroom")
    assert "settings change from now on" in boxes.asked[-1][1]
    assert not section.dirty and section.ctx.policy.name == "factory"


def test_packs_are_added_taken_away_and_moved_by_keys(qtbot: QtBot, section: RegulationSection) -> None:
    section.table.select("tours")
    qtbot.keyClick(section.table, Qt.Key.Key_Space)
    assert section.packs[-1] == "tours" and effects(section)["tour_notice"] == ("", "3 days")
    qtbot.keyClick(section.table, Qt.Key.Key_Up, ALT)
    assert section.packs[-2] == "tours" and section.table.current().id == "tours"
    qtbot.keyClick(section.table, Qt.Key.Key_Down, ALT)
    qtbot.keyClick(section.table, Qt.Key.Key_Space)
    assert section.packs == list(DEFAULT_ACTIVE) and not section.dirty


def test_the_last_pack_stays(qtbot: QtBot, section: RegulationSection, page: SettingsPage) -> None:
    for name in DEFAULT_ACTIVE[1:]:
        section.table.select(name)
        qtbot.keyClick(section.table, Qt.Key.Key_Space)
    section.table.select("showroom")
    with qtbot.waitSignal(page.said) as said:
        qtbot.keyClick(section.table, Qt.Key.Key_Space)
    assert said.args[1] == "warning" and section.packs == ["showroom"]


def test_a_choice_made_on_another_pc_is_told(section: RegulationSection, desk: Context, boxes: Any) -> None:
    section.table.select("factory")
    section.home_button.click()
    policies.choose_packs(desk, ("bank",), confirmed=True)
    boxes.expect_ask(True)
    boxes.expect_inform()
    section.save()
    assert "changed this record in the meantime" in boxes.asked[-1][1]
    assert load_office(desk.db).packs == ("bank",) and section.dirty and section.packs[0] == "factory"
    boxes.expect_ask(True)
    section.save()  # seen by now
    assert load_office(desk.db).packs[0] == "factory"


def test_a_choice_made_on_another_pc_appears_by_itself(
    page: SettingsPage, section: RegulationSection, desk: Context
) -> None:
    policies.choose_packs(desk, ("bank",), confirmed=True)
    page.ctx = reload_office(desk)
    page.refresh(Notice(frozenset({("office", 1)})))
    assert section.packs == ["bank"]


def test_who_may_not_choose_only_reads(qtbot: QtBot, desk: Context, staff: Staff) -> None:
    page = SettingsPage(desk.acting_as(staff.mei))
    qtbot.addWidget(page)
    page.show()
    page.load(section="regulation")
    section: Any = page.section("regulation")
    section.table.select("factory")
    qtbot.keyClick(section.table, Qt.Key.Key_H)
    assert section.packs == list(DEFAULT_ACTIVE) and not section.save_button.ready
    assert section.reason.text() == "The manager can change these."
