"""The regulation window: found by any word, opened on a clause, the manager's own numbers, packs that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from crmdesk.core.i18n import translator
from crmdesk.db.changes import Notice
from crmdesk.rules.policies import shipped
from crmdesk.services import compliance, policies
from crmdesk.services.compliance import ClauseMonth, MeasureMonth
from crmdesk.services.context import Context
from crmdesk.services.office import load_policy
from crmdesk.services.setup import reload_office
from crmdesk.ui import tasks
from crmdesk.ui.page import MAX_MINIMUM
from crmdesk.ui.regulation.matters import MatterBox
from crmdesk.ui.regulation.month_card import find_closer, related_of
from crmdesk.ui.regulation.page import CHANGED, EVERY, OURS, RegulationPage
from crmdesk.ui.regulation.words import write_value
from tests.helpers.office import Staff
from tests.ui.conftest import settle

CTRL = Qt.KeyboardModifier.ControlModifier
EVERYTHING = Notice(frozenset(), everything=True)


@pytest.fixture
def page(qtbot: QtBot, desk: Context) -> Iterator[RegulationPage]:
    made = RegulationPage(desk)
    qtbot.addWidget(made)
    made.resize(1198, 680)
    with qtbot.waitActive(made):
        made.show()
    made.load()
    yield made
    assert tasks.stop_all()


def search(page: RegulationPage, words: str) -> list[str]:
    page.search.setText(words)
    page.search.search_now()
    return page.tree.shown()


def choose(choice: Any, value: str) -> None:
    choice.set_value(value)
    choice.value_changed.emit()


def another_manager(desk: Context, staff: Staff) -> Context:
    return reload_office(desk.acting_as(replace(staff.wu, roles=("manager",))))


# the tree -----------------------------------------------------------------------------------------------------------


def test_the_clauses_the_office_works_by_stand_under_what_they_speak_of(page: RegulationPage, desk: Context) -> None:
    assert set(page.tree.shown()) == set(desk.policy.clauses)
    groups = page.tree.groups()
    assert groups[0].title == "CALL Phone calls" and groups[0].lines[0].id == "CALL-01"
    assert [line.id for line in groups[0].lines] == sorted(line.id for line in groups[0].lines)
    assert page.card.number.text() == "CALL-01" and page.tree.current() == "CALL-01"


def test_all_packs_are_shown_too_with_those_not_ours_in_grey(page: RegulationPage, desk: Context) -> None:
    choose(page.pack, EVERY)
    assert len(page.tree.shown()) == 715 and page.count.text() == "715 clauses"
    tours = page.tree.line("TOUR-01")
    assert tours is not None and not tours.active and "not ours" in tours.spoken
    page.load(pack="tours")
    assert set(page.tree.shown()) == set(desk.policy.packs["tours"].clauses)
    assert "TOUR-01" in page.tree.shown() and page.tree.select("TOUR-01")  # its number can be set beforehand
    field = page.card.numbers.line("notice_days").field
    assert field is not None
    field.setText("1")
    field.textEdited.emit("1")
    assert page.card.numbers.line("notice_days").unit_label.text() == "day"  # the unit goes with what is typed
    page.save()
    assert page.tree.line("TOUR-01").changed and not page.card.dirty  # type: ignore[union-attr]  # the clause is there
    assert policies.find_changes(desk)[("TOUR-01", "notice_days")].by == desk.user.name


def test_clauses_held_in_one_way(page: RegulationPage, desk: Context) -> None:
    choose(page.held, "reminded")
    assert set(page.tree.shown()) == {clause.id for clause in desk.policy if clause.held == "reminded"}


def test_changed_clauses_alone(page: RegulationPage, desk: Context) -> None:
    choose(page.pack, CHANGED)
    assert page.tree.shown() == [] and page.card.number.text() == "No clause chosen"
    policies.set_number(desk, "CALL-01", "apologise_rings", "4")
    page.ctx = reload_office(desk)
    page.refresh(EVERYTHING)
    assert page.tree.shown() == ["CALL-01"] and page.tree.line("CALL-01").changed  # type: ignore[union-attr]  # the clause is there


def test_words_of_every_language_find_a_clause(page: RegulationPage) -> None:
    for words in ("second ring", "電話響兩聲", "电话响两声", "call-01", "000/篇一/ch1/1", "5 rings apologise"):
        assert "CALL-01" in search(page, words), words
    choose(page.pack, "tours")
    assert search(page, "second ring") == [] and page.nothing.isVisible() and not page.tree.isVisible()
    page.nothing.stepped.emit()  # the button under it
    assert "CALL-01" in page.tree.shown() and page.tree.isVisible() and page.pack.value() == EVERY
    assert search(page, "zzz") == []


def test_a_clause_tag_opens_its_clause_whatever_was_searched(page: RegulationPage) -> None:
    search(page, "zzz")
    choose(page.held, "printed")
    page.load(clause="CALL-07")
    assert page.card.number.text() == "CALL-07" and page.search.text() == "" and page.pack.value() == OURS
    page.load(clause="TOUR-01")
    assert page.card.number.text() == "TOUR-01" and page.pack.value() == EVERY
    assert page.card.note.isVisible() and "count from the day" in page.card.note.text()


def test_an_unknown_clause_is_told(qtbot: QtBot, page: RegulationPage) -> None:
    with qtbot.waitSignal(page.said) as said:
        page.load(clause="NOPE-99")
    assert "NOPE-99" in said.args[0]


def test_the_tree_is_walked_by_keys(qtbot: QtBot, page: RegulationPage) -> None:
    page.tree.setFocus()
    qtbot.keyClick(page.tree, Qt.Key.Key_Down)
    assert page.card.number.text() == "CALL-02"
    qtbot.keyClick(page.tree, Qt.Key.Key_Left)
    qtbot.keyClick(page.tree, Qt.Key.Key_Left)
    assert page.tree.current() == "" and page.card.number.text() == "CALL-02"
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    assert page.tree.current() == "CALL-01"
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.keyClick(page.tree, Qt.Key.Key_Return)
    assert asked.args[0] == "calls"


def test_the_way_to_the_desk(qtbot: QtBot, page: RegulationPage, qapp: QApplication) -> None:
    page.load(clause="CALL-04")  # it is only shown: the card says why
    assert any("no program can hear" in label.text() for label in page.card.findChildren(QLabel))
    page.load(clause="PACK-11")
    settle(qapp)
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.keyClick(page, Qt.Key.Key_O, CTRL)
    assert asked.args[0] == "packing"


def test_the_text_follows_the_language(page: RegulationPage, desk: Context, look: Callable[..., None]) -> None:
    page.load(clause="CALL-01")
    assert page.card.text.text() == desk.policy.clause("CALL-01").gist
    look(language="zh_CN")
    assert page.card.text.text().startswith("电话响两声")
    assert page.card.number.text() == "CALL-01"
    assert page.tree.groups()[0].title == "CALL " + translator("zh_CN").gettext("Phone calls")


def test_the_states_of_the_desk_are_drawn_and_left_by_keys(
    qtbot: QtBot, page: RegulationPage, qapp: QApplication
) -> None:
    page.load(clause="CMP-24")
    settle(qapp)
    qtbot.keyClick(page, Qt.Key.Key_F6)
    assert page.views.currentWidget() is page.diagram and page.diagram.machine == "complaint"
    assert page.diagram.title_label.text() == "States of a complaint" and page.month.isHidden()
    qtbot.keyClick(page.diagram, Qt.Key.Key_Escape)
    assert page.views.currentWidget() is page.card and not page.month.isHidden()


# packs that differ --------------------------------------------------------------------------------------------------


def matters(page: RegulationPage) -> list[list[tuple[str, bool]]]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    settle(app)  # what was just put into a layout shows itself in the next turn
    return [box.rows for box in page.card.findChildren(MatterBox) if box.isVisibleTo(page.card)]


def test_where_packs_number_one_matter_the_winner_is_marked(page: RegulationPage, desk: Context) -> None:
    page.load(clause="CMP-41")
    domestic = matters(page)[0]
    assert domestic[0] == ("CMP-72", True) and ("CMP-41", False) in domestic and ("CMP-67", False) in domestic
    policies.choose_packs(desk, ("factory", "showroom"), confirmed=True)
    page.ctx = reload_office(desk)
    page.refresh(EVERYTHING)
    assert matters(page)[0][0] == ("CMP-41", True)


def test_a_matter_of_one_clause_alone_is_not_shown(page: RegulationPage) -> None:
    page.load(clause="VIS-14")
    assert matters(page) == []


def test_related_clauses_are_of_the_same_matter_or_chapter() -> None:
    policy = shipped()
    assert "CMP-72" in related_of(policy, policy.everything["CMP-41"])[:4]
    assert related_of(policy, policy.everything["CALL-07"])[:2] == ["CALL-06", "CALL-08"]


# compliance ---------------------------------------------------------------------------------------------------------


def test_the_month_of_a_clause_with_the_cases_behind_it(
    qtbot: QtBot, page: RegulationPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = MeasureMonth("read_back", "CALL-07", "calls", "Read back", cases=30, kept=24, open=2)
    case = compliance.Case(7, "call", 7, "20261122-007", page.ctx.clock.now(), "林先生", "", False)
    month = ClauseMonth("CALL-07", 2026, 11, (broken,))
    monkeypatch.setattr(compliance, "clauses_of_month", lambda ctx, y, m: {"CALL-07": month})
    monkeypatch.setattr(compliance, "clause_month", lambda ctx, id_, ym: replace(month, year=ym[0], month=ym[1]))
    monkeypatch.setattr(compliance, "find_cases", lambda ctx, key, y, m, limit: [case])
    page.load(clause="CALL-07")
    qtbot.waitUntil(lambda: not tasks.running())
    assert page.tree.line("CALL-07").share == "86%"  # type: ignore[union-attr]  # the clause is there
    assert page.month.figure.text() == "85.7%" and page.month.words.text() == "24 of 28 kept · 2 still open"
    page.month.look_closer()
    qtbot.waitUntil(lambda: not tasks.running())
    assert [entry.title for entry in page.month.cases.entries()] == ["林先生"]
    with qtbot.waitSignal(page.open_requested) as asked:
        page.month.cases.opened.emit(page.month.cases.entries()[0])
    assert asked.args == ["calls", {"id": 7}]
    with qtbot.waitSignal(page.open_requested) as asked:
        page.month.every.click()
    assert asked.args == ["month", {"clause": "CALL-07"}]
    page.load(clause="CALL-09")
    assert page.month.figure.isHidden(), "nothing is shown where no record proves it"


def test_the_months_before_are_read_from_the_records(desk: Context) -> None:
    found = ClauseMonth("CALL-07", 2026, 2, (MeasureMonth("read_back", "CALL-07", "calls", "Read back"),))
    closer = find_closer(desk, found)
    assert [month and (month.year, month.month) for month in closer.months] == [
        (2025, 9), (2025, 10), (2025, 11), (2025, 12), (2026, 1), (2026, 2),
    ]  # fmt: skip
    assert closer.cases == ()


# the manager's numbers ----------------------------------------------------------------------------------------------


def type_number(page: RegulationPage, key: str, text: str) -> None:
    field = page.card.numbers.line(key).field
    assert field is not None
    field.selectAll()
    field.insert(text)
    field.textEdited.emit(text)


def test_the_manager_changes_a_number_and_goes_back_by_keys(qtbot: QtBot, page: RegulationPage, desk: Context) -> None:
    page.load(clause="CALL-01")
    assert not page.card.save.ready and not page.card.back.isVisible()
    type_number(page, "apologise_rings", "four")
    qtbot.keyClick(page, Qt.Key.Key_Return, CTRL)
    assert page.card.numbers.line("apologise_rings").error.text() == "Please enter a whole number."
    type_number(page, "apologise_rings", "4")
    page.card.numbers.why.setText("We are quicker")
    qtbot.keyClick(page, Qt.Key.Key_Return, CTRL)
    assert load_policy(desk.db).number("CALL-01", "apologise_rings") == 4
    line = page.card.numbers.line("apologise_rings")
    assert line.shown.changed and line.shown.pack == "5 rings" and "We are quicker" in line.shown.reason
    assert page.tree.line("CALL-01").changed  # type: ignore[union-attr]  # the clause is there
    qtbot.keyClick(page, Qt.Key.Key_F4)
    assert load_policy(desk.db).number("CALL-01", "apologise_rings") == 5
    assert not page.card.numbers.line("apologise_rings").shown.changed


def test_several_numbers_are_saved_at_once(qtbot: QtBot, page: RegulationPage, desk: Context) -> None:
    page.load(clause="REP-02")
    type_number(page, "min_months", "2")
    type_number(page, "max_months", "8")
    page.save()
    policy = load_policy(desk.db)
    assert (policy.number("REP-02", "min_months"), policy.number("REP-02", "max_months")) == (2, 8)
    assert not page.card.dirty


def test_a_number_the_source_lost_is_asked_for(page: RegulationPage) -> None:
    page.load(clause="RET-12")
    line = page.card.numbers.line("tolerance_percent")
    assert line.shown.missing and line.field is not None and line.field.text() == ""


def test_who_may_not_change_numbers_only_reads(qtbot: QtBot, desk: Context, staff: Staff) -> None:
    page = RegulationPage(desk.acting_as(staff.mei))
    qtbot.addWidget(page)
    page.show()
    page.load(clause="CALL-01")
    assert page.card.numbers.line("answer_rings").field is None and not page.card.save.isVisible()
    assert not tasks.running(), "who may not see the month gets no figures"


def test_what_is_typed_survives_a_change_elsewhere(page: RegulationPage, desk: Context, staff: Staff) -> None:
    page.load(clause="CALL-01")
    type_number(page, "apologise_rings", "4")
    policies.set_number(another_manager(desk, staff), "CALL-01", "answer_rings", "3")
    page.ctx = reload_office(desk)
    page.refresh(EVERYTHING)
    assert page.card.numbers.typed() == {"apologise_rings": "4"}
    assert page.card.numbers.line("answer_rings").shown.words == "3 rings"


def test_a_number_another_manager_just_set_is_a_conflict_in_words(
    qtbot: QtBot, page: RegulationPage, desk: Context, staff: Staff
) -> None:
    page.load(clause="CALL-01")
    type_number(page, "apologise_rings", "4")
    policies.set_number(another_manager(desk, staff), "CALL-01", "apologise_rings", "3")
    page.save()
    line = page.card.numbers.line("apologise_rings")
    assert line.error.text().startswith("吳品管") and line.typed == "4" and line.shown.words == "3 rings"
    assert load_policy(desk.db).number("CALL-01", "apologise_rings") == 3
    page.save()  # seen by now
    assert load_policy(desk.db).number("CALL-01", "apologise_rings") == 4


def test_a_banner_tells_that_a_typed_number_was_changed_elsewhere(
    qtbot: QtBot, page: RegulationPage, desk: Context, staff: Staff
) -> None:
    page.load(clause="CALL-01")
    type_number(page, "apologise_rings", "4")
    policies.set_number(another_manager(desk, staff), "CALL-01", "apologise_rings", "3")
    page.ctx = reload_office(desk)
    with qtbot.waitSignal(page.banner_requested) as banner:
        page.refresh(EVERYTHING)
    assert banner.args[0] == "warning" and "Apologise from rings" in banner.args[1]
    page.save()
    assert load_policy(desk.db).number("CALL-01", "apologise_rings") == 3, "told, but not decided yet"


def test_an_unsaved_number_is_asked_about(page: RegulationPage, boxes: Any) -> None:
    page.load(clause="CALL-01")
    type_number(page, "apologise_rings", "4")
    boxes.expect_ask(False)
    assert not page.leave()
    boxes.expect_ask(False)
    page.tree.select("CALL-02")
    assert page.tree.current() == "CALL-01" and page.card.number.text() == "CALL-01" and page.card.dirty
    boxes.expect_ask(True)
    page.tree.select("CALL-02")
    assert page.card.number.text() == "CALL-02" and not page.card.dirty


@pytest.mark.parametrize(
    ("clause", "key", "words"),
    [
        ("CMP-72", "finish_weeks", "1 week"),
        ("CMP-41", "domestic_days", "15 days"),
        ("CMP-29", "office_days", "0.5 days"),
        ("CALL-15", "from", "09:00"),
        ("FAC-06", "menu_weekday", "Monday"),
        ("STAT-01", "report_day", "day 10 of month"),
        ("DEV-03", "cast_ball_min", "3,000,000"),
        ("CB-08", "share", "100%"),
        ("RET-12", "tolerance_percent", "—"),
    ],
)
def test_numbers_are_written_for_people(clause: str, key: str, words: str) -> None:
    assert write_value(shipped().everything[clause].number(key)) == words


def test_it_fits_in_every_language(page: RegulationPage, look: Callable[..., None]) -> None:
    for code in ("en", "zh_TW", "zh_CN"):
        look(language=code)
        for clause in ("CALL-01", "CMP-29", "FAC-06", "CMP-72"):
            page.load(clause=clause)
            hint = page.minimumSizeHint()
            assert hint.width() <= MAX_MINIMUM.width() and hint.height() <= MAX_MINIMUM.height(), (code, clause)


def test_the_page_is_freed_on_close(desk: Context, freed: Callable[[Callable[[], QWidget]], None]) -> None:
    freed(lambda: RegulationPage(desk))
