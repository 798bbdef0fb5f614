"""The regulation holds together: the list of all clauses, the packs, the windows, and the tests that prove clauses."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

import pytest

from crmdesk.__main__ import main
from crmdesk.core.i18n import LANGUAGES
from crmdesk.rules.capabilities import CAPABILITIES, capability_of, clause_order
from crmdesk.rules.clauses import HELD, TIME_UNITS, WINDOWS
from crmdesk.rules.packs import pack_names, pack_path, read_pack
from crmdesk.rules.policies import shipped
from crmdesk.ui.desks import page_specs
from crmdesk.ui.regulation.words import DESKS, ICON_OF_DESK, PAGE_OF_DESK, UNITS
from crmdesk.ui.regulation.words import HELD as HELD_WORDS
from tests.helpers import house

PROVEN = ("enforced", "reminded", "computed", "printed")


def all_ids() -> list[str]:
    return (house.ROOT / "tests" / "data" / "clauses.txt").read_text("utf-8").split()


@lru_cache(maxsize=1)
def marked() -> Counter[str]:
    """Count the tests that prove each clause: ``@pytest.mark.clause("CALL-07")`` on a test, a class or a module."""
    found: Counter[str] = Counter()
    for path in house.files(house.ROOT / "tests", ".py"):
        found.update(marks_of(ast.parse(path.read_text("utf-8"))))
    return found


def marks_of(tree: ast.AST) -> Iterator[str]:
    """Yield the clauses that marks in a piece of code name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.clause":
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def test_the_list_holds_715_clauses() -> None:
    assert len(all_ids()) == len(set(all_ids())) == 715


def test_each_clause_stands_in_exactly_one_pack() -> None:
    found = Counter(id_ for name in pack_names() for id_ in read_pack(pack_path(name)).clauses)
    assert [id_ for id_, count in found.items() if count != 1] == []
    assert set(found) == set(all_ids())


def test_each_clause_belongs_to_a_capability() -> None:
    assert {capability_of(id_) for id_ in all_ids()} == set(CAPABILITIES)
    assert sorted(all_ids(), key=clause_order)[:2] == ["CALL-01", "CALL-02"]


def test_the_windows_of_the_packs_are_pages_of_the_program() -> None:
    pages = {spec.key for spec in page_specs()}
    windows = {clause.window for clause in shipped().everything.values() if clause.held != "planned"}
    assert {window for window in windows if PAGE_OF_DESK[window] not in pages} == set()


def test_the_window_has_words_for_whatever_a_pack_may_say() -> None:
    assert set(DESKS) == set(ICON_OF_DESK) == set(PAGE_OF_DESK) == set(WINDOWS)
    assert set(HELD_WORDS) == set(HELD)
    assert {number.unit for clause in shipped().everything.values() for number in clause.numbers.values()} <= set(UNITS)


@pytest.mark.parametrize("held", PROVEN)
def test_what_the_program_claims_to_hold_a_test_proves(held: str) -> None:
    claimed = [clause.id for clause in shipped().everything.values() if clause.held == held]
    unproven = sorted((id_ for id_ in claimed if not marked()[id_]), key=clause_order)
    assert not unproven, f"{held}, but no test is marked with: {' '.join(unproven)}"


def test_what_a_pack_orders_is_not_called_planned() -> None:
    """A clause whose list is ticked, whose steps wait or whose copies are printed is held: its row must say so."""
    policy = shipped()
    ordered = {wanted.clause for pack in policy.packs.values() for wanted in pack.requirements.values()}
    lists = [found for pack in policy.packs.values() for found in pack.checklists.values()]
    ordered |= {line.clause for found in lists for line in found.lines}
    assert sorted(id_ for id_ in ordered if policy.everything[id_].held == "planned") == []


def test_marks_name_clauses_that_exist() -> None:
    assert sorted(set(marked()) - set(all_ids())) == []


def test_a_mark_is_seen_wherever_it_stands() -> None:
    code = """
pytestmark = [pytest.mark.clause("A-01")]
@pytest.mark.clause("A-02", "A-03")
class TestX:
    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.clause("A-04"))])
    def test_y(self, x): ...
@pytest.mark.timeout(3)
def test_z(): clause("A-05")
"""
    assert sorted(marks_of(ast.parse(code))) == ["A-01", "A-02", "A-03", "A-04"]


# matters ------------------------------------------------------------------------------------------------------------


def test_a_matter_is_named_in_every_language_and_once() -> None:
    matters = shipped().matters
    for code in LANGUAGES:
        assert all(matter.title[code].strip() for matter in matters.values())
        assert len({matter.title[code] for matter in matters.values()}) == len(matters)


def test_the_numbers_of_a_matter_are_of_one_kind() -> None:
    def family(unit: str) -> str:
        often = unit.startswith("per_")
        return "often" if often else "span" if unit in TIME_UNITS - {"day_of_month", "weekday"} else unit

    for key, matter in shipped().matters.items():
        numbers = [shipped().everything[clause].number(name) for clause, name in matter.settings]
        assert len({family(number.unit) for number in numbers}) == 1, key


@pytest.mark.parametrize(
    ("packs", "matter", "clause", "key"),
    [
        (("showroom",), "complaint_finish_domestic", "CMP-72", "finish_weeks"),
        (("factory", "showroom"), "complaint_finish_domestic", "CMP-41", "domestic_days"),
        (("factory", "showroom"), "complaint_finish_foreign", "CMP-41", "foreign_days"),
        (("winery",), "complaint_finish_domestic", "CMP-54", "finish_days"),
        (("dealer", "factory"), "arrival", "CMP-89", "arrival_hours_max"),
        (("showroom", "factory"), "arrival", "DISP-11", "city_hours"),
        (("projects", "factory"), "expiry_notice", "MAINT-02", "notice_months"),
        (("showroom", "dealer"), "callback_after_completion", "CMP-72", "callback_days"),
        (("dealer", "showroom"), "callback_after_completion", "CB-29", "callback_days"),
        (("projects",), "phone_hours_from", "CALL-15", "from"),
        (("hotel", "factory"), "report_day", "STAT-04", "report_day"),
        (("winery",), "retention", "CMP-56", "file_years"),
        (("showroom",), "visit_report", "VIS-14", "report_days"),
        (("tours",), "tour_notice", "TOUR-01", "notice_days"),
    ],
)
def test_the_home_packs_number_counts(packs: tuple[str, ...], matter: str, clause: str, key: str) -> None:
    found = shipped().with_packs(packs).setting(matter)
    assert found is not None and (found[0].id, found[1].key) == (clause, key)


# crmdesk clauses ----------------------------------------------------------------------------------------------------


def test_the_table_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "clauses"]) == 0
    lines = capsys.readouterr().out.splitlines()
    head, sums = lines[0].split(), lines[-1].split()
    assert head == ["Pack", *HELD, "Sum"] and sums[0] == "All" and sums[-1] == "715"
    assert sum(int(count) for count in sums[1:-1] if count != "·") == 715
    packs = lines[2:-2]
    assert [line.split()[0] for line in packs] == pack_names()
    assert sum(int(line.split()[-1]) for line in packs) == 715


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_speaks_every_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", language, "clauses"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("715")


def test_the_clauses_of_a_pack_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "clauses", "--pack", "factory", "--held", "reminded"]) == 0
    lines = capsys.readouterr().out.splitlines()
    wanted = [c.id for c in shipped().packs["factory"].clauses.values() if c.held == "reminded"]
    assert sorted(line.split()[0] for line in lines[:-1]) == sorted(wanted)
    assert lines[-1].split()[0] == str(len(wanted))


def test_what_is_only_shown_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "clauses", "--pack", "showroom", "--held", "shown"]) == 0
    smile = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("CALL-04"))
    assert "no program can hear or see that" in smile


def test_an_unknown_pack_is_a_fault_not_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", "en", "clauses", "--pack", "moon"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "moon" in said.err and "showroom" in said.err
