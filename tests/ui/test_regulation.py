"""The regulation desk: found by any word, opened on a clause, the manager's own numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crmdesk.core.errors import PermissionDenied
from crmdesk.services import policies
from crmdesk.services.context import Context
from crmdesk.services.office import load_policy
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.regulation.page import RegulationPage
from tests.helpers.office import Staff


@pytest.fixture
def page(qtbot: QtBot, desk: Context) -> RegulationPage:
    made = RegulationPage(desk)
    qtbot.addWidget(made)
    made.resize(1198, 680)
    made.show()
    made.load()
    return made


def test_every_clause_of_the_pack_is_listed(page: RegulationPage, desk: Context) -> None:
    assert [row.id for row in page.table.rows()] == list(desk.policy.clauses)
    assert page.card.number.text() == page.table.rows()[0].id


def test_a_clause_tag_opens_its_clause_whatever_was_searched(qtbot: QtBot, page: RegulationPage) -> None:
    page.search.setText("zzz")
    page.search.search_now()
    assert page.table.rows() == []
    page.load(clause="CALL-07")
    assert page.card.number.text() == "CALL-07" and page.search.text() == ""


def test_words_of_every_language_find_a_clause(qtbot: QtBot, page: RegulationPage) -> None:
    for words in ("second ring", "電話響兩聲", "电话响两声", "call-01"):
        page.search.setText(words)
        page.search.search_now()
        assert "CALL-01" in [row.id for row in page.table.rows()], words


def test_the_text_follows_the_language(page: RegulationPage, desk: Context, look: Callable[..., None]) -> None:
    page.load(clause="CALL-01")
    assert page.card.text.text() == desk.policy.clause("CALL-01").gist
    look(language="zh_CN")
    assert page.card.text.text().startswith("电话响两声")
    assert page.card.number.text() == "CALL-01"


def test_one_desk_alone_and_the_way_to_it(qtbot: QtBot, page: RegulationPage) -> None:
    page.desk.set_value("packing")
    page.desk.value_changed.emit()
    assert page.table.rows() and all(row.desk == "Packing" for row in page.table.rows())
    page.table.select_first()
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.mouseClick(page.card.desk, Qt.MouseButton.LeftButton)
    assert asked.args[0] == "packing"


def test_the_manager_changes_a_number_and_goes_back(qtbot: QtBot, page: RegulationPage, desk: Context) -> None:
    page.load(clause="CALL-01")
    page.card._edit("apologise_rings")
    page.card.set_requested.emit("apologise_rings", "four", "")
    assert load_policy(desk.db).number("CALL-01", "apologise_rings") == 5
    page.card.set_requested.emit("apologise_rings", "4", "We are quicker")
    assert load_policy(desk.db).number("CALL-01", "apologise_rings") == 4
    assert page.ctx.policy.is_changed("CALL-01", "apologise_rings")
    assert "We are quicker" in policies.find_reasons(desk)["CALL-01", "apologise_rings"]
    page.card.cleared.emit("apologise_rings")
    assert load_policy(desk.db).number("CALL-01", "apologise_rings") == 5


def test_only_the_manager_may_change_numbers(desk: Context, staff: Staff) -> None:
    with pytest.raises(PermissionDenied):
        policies.set_number(desk.acting_as(staff.mei), "CALL-01", "apologise_rings", "4")


def test_an_unknown_clause_is_told(qtbot: QtBot, page: RegulationPage) -> None:
    with qtbot.waitSignal(page.said) as said:
        page.load(clause="NOPE-99")
    assert "NOPE-99" in said.args[0]


def test_it_fits_in_every_language(page: RegulationPage, look: Callable[..., None]) -> None:
    for code in ("en", "zh_TW", "zh_CN"):
        look(language=code)
        hint = page.minimumSizeHint()
        assert hint.width() <= MAX_MINIMUM.width() and hint.height() <= MAX_MINIMUM.height(), code


def test_the_page_is_freed_on_close(desk: Context, freed: Callable[[Callable[[], QWidget]], None]) -> None:
    freed(lambda: RegulationPage(desk))
