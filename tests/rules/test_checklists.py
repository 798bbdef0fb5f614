"""Checklists as rules: when a line is settled, what is missing, how often a day, and the lists of the packs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from crmdesk.core import i18n
from crmdesk.rules import checklists as rules
from crmdesk.rules import packing, visits
from crmdesk.rules.clauses import PackError
from crmdesk.rules.pack_tables import Line
from crmdesk.rules.packs import read_pack
from crmdesk.rules.policies import Policy, load_default, load_pack, shipped
from crmdesk.rules.rights import Right
from crmdesk.rules.transitions import Tick, allowed
from tests.helpers.packs import pack_head

WORDS = rules.all_languages("x")
PLAIN, TWO, LOOSE = Line("a", "", WORDS), Line("b", "", WORDS, second=True), Line("c", "", WORDS, optional=True)


@dataclass
class Word:
    line: str
    second_id: int | None = None
    fault: bool = False


@pytest.mark.parametrize(
    ("said", "left", "done"),
    [
        ([], ["a", "b"], 0),
        ([Word("a")], ["b"], 1),
        ([Word("a"), Word("b")], ["b"], 1),  # the second person has not signed
        ([Word("a"), Word("b", 7)], [], 2),
        ([Word("a", fault=True), Word("b", 7)], ["a"], 1),
        ([Word("a"), Word("b", 7), Word("c", fault=True)], [], 2),  # nobody waits for an optional line
    ],
)
def test_what_is_missing(said: list[Word], left: list[str], done: int) -> None:
    lines = (PLAIN, TWO, LOOSE)
    assert [missing.line.key for missing in rules.missing(lines, said)] == left
    assert rules.count_done(lines, said) == done


def test_half_signed_is_said_to_be_half() -> None:
    assert [m.half for m in rules.missing((TWO,), [Word("b")])] == [True]
    assert [m.half for m in rules.missing((TWO,), [Word("b", fault=True)])] == [False]


def test_a_line_is_kept_whole() -> None:
    for pack in shipped().packs.values():
        for checklist in pack.checklists.values():
            for line in checklist.lines:
                assert rules.line_of(rules.plain_line(line)) == line


def test_how_often_a_day_is_the_clauses_number() -> None:
    office = load_pack("property")
    assert rules.turns(office, "FAC-01.rounds") == 2
    assert rules.turns(office.with_overrides({("FAC-01", "rounds"): 3}), "FAC-01.rounds") == 3
    assert rules.turns(office, "") == rules.turns(load_pack("bank"), "FAC-01.rounds") == 1


def test_the_lists_of_the_packs_name_what_exists() -> None:
    for pack in shipped().packs.values():
        for checklist in pack.checklists.values():
            assert checklist.desk in rules.DESK_RIGHTS, checklist.key
            clause, _dot, number = checklist.times.partition(".")
            assert not checklist.times or number in pack.clauses[clause].numbers
            for line in checklist.lines:
                assert line.clause in pack.clauses, f"{checklist.key}.{line.key}"
                assert all(line.text[code].strip() for code in i18n.LANGUAGES)


def test_the_lists_of_records_hold_what_their_steps_wait_for() -> None:
    office = load_default()
    for key, ticks in (
        ("send_off", visits.SEND_OFF), ("packing_present", packing.PRESENT), ("packing_absent", packing.ABSENT),
    ):  # fmt: skip
        lines = rules.procedure(office, key, ticks)
        assert [line for line, _words, _clause in lines] == [tick.key for tick in ticks]


def _pack(tmp_path: Path, more: str) -> Path:
    text = pack_head("test")
    text += '[[clause]]\nid = "SEND-01"\nsource = "x"\nheld = "planned"\ngist = "x"\nzh_TW = "x"\nzh_CN = "x"\n\n'
    path = tmp_path / "test.toml"
    path.write_text(text + more, "utf-8")
    return path


LIST = """[[checklist]]
key = "send_off"
clause = "SEND-01"
gist = "Off"
zh_TW = "送"
zh_CN = "送"
lines = [
  { key = "bow", en = "Bow", zh_TW = "鞠躬", zh_CN = "鞠躬" },
]
"""


def test_a_pack_may_list_more_and_the_steps_keep_what_they_wait_for(tmp_path: Path) -> None:
    office = Policy.load(_pack(tmp_path, LIST))
    lines = rules.procedure(office, "send_off", visits.SEND_OFF)
    assert [key for key, _words, _clause in lines] == ["bow", "offered"]  # of SEND-01 only: the office has no other
    with i18n.using("zh_TW"):
        assert rules.spoken(lines[0][1]) == "鞠躬"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('key = "send_off"', 'key = "send_off"\ndesk = "lobby"', "checklist.desk"),
        ('key = "send_off"', 'key = "send_off"\ntimes = "twice"', "checklist.times"),
        ('key = "send_off"', 'key = "send_off"\ndaily = "yes"', "checklist.daily"),
        ('clause = "SEND-01"', 'clause = "SEND-02"', "checklist.clause"),
    ],
)
def test_a_list_that_is_wrong_is_refused(tmp_path: Path, old: str, new: str, key: str) -> None:
    with pytest.raises(PackError) as refused:
        read_pack(_pack(tmp_path, LIST.replace(old, new)))
    assert refused.value.key == key and refused.value.line


@pytest.mark.clause("SEND-01", "SEND-03", "SEND-04")
@pytest.mark.parametrize("tick", [tick for tick in visits.SEND_OFF if tick.required], ids=lambda tick: tick.key)
def test_no_guest_leaves_before_the_send_off_is_said(tick: Tick) -> None:
    facts = {"key_out": False, "unpaid": 0, "ticks": {t.key for t in visits.SEND_OFF} - {tick.key}, "leave_reason": ""}
    for more, clauses in (({}, (tick.clause,)), ({"leave_reason": "趕車"}, ())):
        step = next(s for s in allowed(visits.MACHINE, "leaving", {Right.VISIT}, facts | more) if s.to == "left")
        assert step.clauses == clauses


@pytest.mark.clause("PACK-02", "PACK-05")
@pytest.mark.parametrize("tick", packing.BOTH, ids=lambda tick: tick.key)
def test_nothing_is_packed_before_its_lines_are_ticked(tick: Tick) -> None:
    facts = {
        "customer_present": True, "wrong_scans": 0, "open_lines": 0, "crossed_lines": 0, "return_signatures": (),
        "ticks": {t.key for t in packing.BOTH} - {tick.key},
    }  # fmt: skip
    step = next(s for s in allowed(packing.MACHINE, "packing", {Right.PACK}, facts) if s.to == "packed")
    assert step.clauses == (tick.clause,)
