"""A number or a choice of packs saved on one PC counts on every other at once, and what is typed there stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.app import Program
from crmdesk.core.clock import FixedClock
from crmdesk.core.settings import Settings
from crmdesk.db.engine import sqlite_url
from crmdesk.services import policies
from crmdesk.services.backups import backup_now
from crmdesk.services.context import Context
from tests.helpers.office import PASSWORD


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, clock: FixedClock, desk: Context) -> Iterator[Any]:
    """The manager's main window in a program of its own; ``desk`` is the other PC."""
    backup_now(desk)
    settings = Settings(language="en", database_url=sqlite_url(Path(str(desk.db.engine.url.database))))
    settings.windows["configured"] = True
    program = Program(qapp, settings, clock)
    program._when_idle = lambda: None  # type: ignore[method-assign]  # the backup's timer is tested by itself
    with qtbot.waitSignal(program.ready):
        program.start()
    pane = program.login.sign_in
    pane.tiles.choose([person.login for person in pane.tiles.people()].index("boss"))
    qtbot.keyClicks(pane.password, PASSWORD)
    with qtbot.waitSignal(program.signed_in):
        qtbot.keyClick(pane.password, Qt.Key.Key_Return)
    yield program.window
    program.close()


def test_a_number_counts_at_once_in_every_window(qtbot: QtBot, window: Any, desk: Context) -> None:
    window.show_page("regulation", clause="CALL-01")
    page, calls = window.page("regulation"), window.page("calls")
    field = page.card.numbers.line("answer_rings").field
    field.selectAll()
    qtbot.keyClicks(field, "3")
    policies.set_number(desk, "CALL-01", "apologise_rings", "4", why="We are quicker")
    qtbot.waitUntil(lambda: calls.ctx.policy.number("CALL-01", "apologise_rings") == 4)
    qtbot.waitUntil(lambda: page.card.numbers.line("apologise_rings").shown.words == "4 rings")
    assert page.card.numbers.typed() == {"answer_rings": "3"}, "what is typed stays"
    assert "We are quicker" in page.card.numbers.line("apologise_rings").shown.reason
    page.card.numbers.line("answer_rings").type_again("2")


def test_another_home_pack_counts_at_once_in_every_window(qtbot: QtBot, window: Any, desk: Context) -> None:
    window.show_page("regulation", clause="CMP-41")
    page, complaints = window.page("regulation"), window.page("complaints")
    policies.choose_packs(desk, ("factory", "showroom"), confirmed=True)
    qtbot.waitUntil(lambda: complaints.ctx.policy.name == "factory")
    found = complaints.ctx.policy.setting("complaint_finish_domestic")
    assert found is not None and found[0].id == "CMP-41"
    qtbot.waitUntil(lambda: page.subtitle.startswith("Factory"))
    assert set(page.tree.shown()) == set(complaints.ctx.policy.clauses)


def test_a_clause_named_in_a_help_panel_opens_in_the_window(qtbot: QtBot, window: Any) -> None:
    from crmdesk.ui.widgets.pill import ClauseTag

    window.show_page("calls", new=True)
    window.toggle_help()
    tag = window.help.findChildren(ClauseTag)[0]
    tag.click()
    assert window.current_key == "regulation"
    assert window.page("regulation").card.number.text() == tag.clause
