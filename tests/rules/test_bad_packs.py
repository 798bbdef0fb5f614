"""Packs that are wrong in any way are refused whole: file, line, key and reason; nothing of them is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crmdesk.core.i18n import LANGUAGES, using
from crmdesk.rules.clauses import PackError
from crmdesk.rules.machines import check_requirements
from crmdesk.rules.packs import read_matters, read_pack
from crmdesk.rules.policies import Policy
from tests.helpers.packs import pack_head

CLAUSE = """[[clause]]
id = "{id}"
source = "000"
held = "reminded"
window = "complaints"
gist = "Answer."
zh_TW = "答覆"
zh_CN = "答复"
numbers.days = {{ value = 3, unit = "days", en = "Days", zh_TW = "天數", zh_CN = "天数" }}
"""
SERIES = '\n[[series]]\nkey = "complaint"\nclause = "CMP-01"\nperiod = "month"\npattern = "{yy}{mm}{serial:02}"\n'
COPIES = (
    '\n[[copies]]\npaper = "complaint_sheet"\nclause = "CMP-01"\n'
    'to = [{ en = "Office", zh_TW = "辦公室", zh_CN = "办公室" }]\n'
)
LEVEL = '{{ role = "{role}", {limit}en = "Manager", zh_TW = "經理", zh_CN = "经理" }}'
CHAIN = (
    '\n[[chain]]\nmatter = "complaint"\nclause = "CMP-01"\nlevels = ['
    + LEVEL.format(role="manager", limit='up_to = "CMP-01.days", ')
    + ", "
    + LEVEL.format(role="general", limit="")
    + "]\n"
)
CHECKLIST = """
[[checklist]]
key = "closing"
clause = "CMP-01"
gist = "Closing"
zh_TW = "下班"
zh_CN = "下班"
lines = [
  { key = "fax", en = "Fax", zh_TW = "傳真", zh_CN = "传真" },
  { key = "keys", en = "Keys", zh_TW = "鑰匙", zh_CN = "钥匙" },
]
"""
REQUIREMENT = """
[[requirement]]
machine = "complaint"
action = "propose"
after = ["investigate"]
clause = "CMP-01"
en = "First investigate."
zh_TW = "先調查。"
zh_CN = "先调查。"
"""
EVERYTHING = pack_head("test") + CLAUSE.format(id="CMP-01") + SERIES + COPIES + CHAIN + CHECKLIST + REQUIREMENT

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, name: str = "test.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_whole_pack_is_good_before_it_is_spoilt(write: Write) -> None:
    policy = Policy.load(write(EVERYTHING))
    check_requirements(policy)
    assert policy.series("complaint") and policy.copies("complaint_sheet") and policy.chain("complaint")
    assert [line.key for line in policy.checklists()[0].lines] == ["fax", "keys"]


@pytest.mark.parametrize(
    ("before", "after", "at", "key"),
    [
        ('period = "month"', 'period = "moon"', "period", "series.period"),
        ('"{yy}{mm}{serial:02}"', '"{yy}{mm}"', "pattern", "series.pattern"),
        ('"{yy}{mm}{serial:02}"', '"{serial}{moon}"', "pattern", "series.pattern"),
        ('"{yy}{mm}{serial:02}"', '"{serial!r}"', "pattern", "series.pattern"),
        ('period = "month"', 'period = "month"\nsince = 3', "since", "series.since"),
        ('to = [{ en = "Office", ', "to = [{ ", "to = ", "copies.to.en"),
        ('to = [{ en = "Office", zh_TW = "辦公室", zh_CN = "办公室" }]', "to = 5", "to = ", "copies.to"),
        ('to = [{ en = "Office", zh_TW = "辦公室", zh_CN = "办公室" }]', "to = []", "to = ", "copies.to"),
        ('up_to = "CMP-01.days", ', "", "levels", "chain.levels"),
        ('role = "manager"', "role = 7", "levels", "chain.levels.role"),
        ('matter = "complaint"', 'matter = "complaint"\ntogether = "yes"', "together", "chain.together"),
        ('key = "keys"', 'key = "fax"', "lines", "checklist.lines.key"),
        ('key = "keys"', 'key = "keys", moon = true', "lines", "checklist.lines.moon"),
        ('key = "keys"', 'key = "keys", second = 1', "lines", "checklist.lines.second"),
        ('after = ["investigate"]', "after = []", "after", "requirement.after"),
        ('after = ["investigate"]', 'after = "investigate"', "after", "requirement.after"),
        ('after = ["investigate"]', "needs = 5", "needs", "requirement.needs"),
        ('after = ["investigate"]', "needs = []", "needs", "requirement.needs"),
        ('after = ["investigate"]', 'needs = ["cause"]\nwhen = 5', "when", "requirement.when"),
        ('clause = "CMP-01"\nen = ', 'clause = "CMP-99"\nen = ', 'clause = "CMP-99"', "requirement.clause"),
        ('value = 3, unit = "days"', 'value = "3", unit = "days"', "numbers.days", "CMP-01.numbers.days.value"),
        ('window = "complaints"', 'window = "moon"', "window", "CMP-01.window"),
        ('held = "reminded"', 'held = "planned"', "window", "CMP-01.window"),
        ('held = "reminded"', 'held = "reminded"\nwarnings = ["soon"]', "warnings", "CMP-01.warnings"),
    ],
)
def test_each_kind_of_defect_names_file_line_and_key(write: Write, before: str, after: str, at: str, key: str) -> None:
    text = EVERYTHING.replace(before, after, 1)
    assert text != EVERYTHING
    with pytest.raises(PackError) as refused:
        read_pack(write(text))
    error = refused.value
    assert (error.file, error.key) == ("test.toml", key) and error.reason
    assert at in text.splitlines()[error.line - 1]
    for part in ("test.toml", str(error.line), key, error.reason):
        assert part in error.message


def test_the_sentence_speaks_the_language_of_the_screens(write: Write) -> None:
    path = write(EVERYTHING.replace('period = "month"', 'period = "moon"'))
    sentences = set()
    for code in LANGUAGES:
        with using(code), pytest.raises(PackError) as refused:
            read_pack(path)
        sentences.add(refused.value.message)
        assert "test.toml" in refused.value.message and "moon" in refused.value.message
    assert len(sentences) == len(LANGUAGES)


def test_one_clause_in_two_packs_is_refused(write: Write) -> None:
    first = read_pack(write(EVERYTHING))
    second = read_pack(write(pack_head("other") + CLAUSE.format(id="CMP-01"), "other.toml"))
    with pytest.raises(PackError) as refused:
        Policy.of([first, second])
    assert (refused.value.file, refused.value.key, refused.value.clause) == ("other.toml", "CMP-01", "CMP-01")
    assert refused.value.line == line_of(pack_head("other") + CLAUSE, "id = ")
    assert "test" in refused.value.reason


@pytest.mark.parametrize(
    ("replaced", "key", "word"),
    [
        ('machine = "moon"', "moon.propose", "record"),
        ('action = "fly"', "complaint.fly", "fly"),
        ('after = ["fly"]', "complaint.propose", "fly"),
        ('after = ["investigate"]\nneeds = ["wings.left"]', "complaint.propose", "wings"),
        ('after = ["investigate"]\nwhen = { moon = "full" }', "complaint.propose", "moon"),
    ],
)
def test_steps_that_do_not_exist_are_refused(write: Write, replaced: str, key: str, word: str) -> None:
    name = replaced.partition(" ")[0]
    lines = [replaced if line.startswith(f"{name} =") else line for line in REQUIREMENT.splitlines()]
    text = EVERYTHING.replace(REQUIREMENT, "\n".join(lines) + "\n")
    policy = Policy.load(write(text))
    with pytest.raises(PackError) as refused:
        check_requirements(policy)
    assert (refused.value.file, refused.value.key) == ("test.toml", key) and word in refused.value.reason
    assert text.splitlines()[refused.value.line - 1] == replaced.splitlines()[-1]


@pytest.mark.parametrize("length", [1, 2])
def test_steps_that_wait_for_each_other_are_refused(write: Write, length: int) -> None:
    other = REQUIREMENT.replace('"propose"', '"investigate"').replace('["investigate"]', '["propose"]')
    alone = EVERYTHING.replace('after = ["investigate"]', 'after = ["propose"]')
    with pytest.raises(PackError) as refused:
        check_requirements(Policy.load(write(alone if length == 1 else EVERYTHING + other)))
    assert refused.value.key == "complaint" and "propose" in refused.value.reason and "→" in refused.value.reason
    assert alone.splitlines()[refused.value.line - 1].startswith("after = ")


MATTER = '[[matter]]\nkey = "finish"\nen = "Finish"\nzh_TW = "期限"\nzh_CN = "期限"\nsettings = ["CMP-01.days"]\n'


@pytest.mark.parametrize(
    ("before", "after", "line", "key"),
    [
        ('en = "Finish"\n', "", 1, "finish.en"),
        ('en = "Finish"', "en = 5", 3, "finish.en"),
        ('["CMP-01.days"]', '"CMP-01.days"', 6, "finish.settings"),
        ('["CMP-01.days"]', '["CMP-01"]', 6, "finish.settings"),
        ('["CMP-01.days"]', "[]", 6, "finish.settings"),
        ('en = "Finish"', 'en = "Finish"\nmoon = 1', 4, "finish.moon"),
        ("[[matter]]", "[[moon]]", 1, "moon"),
    ],
)
def test_bad_matters_are_refused(write: Write, before: str, after: str, line: int, key: str) -> None:
    with pytest.raises(PackError) as refused:
        read_matters(write(MATTER.replace(before, after, 1), "matters.toml"))
    assert (refused.value.file, refused.value.line, refused.value.key) == ("matters.toml", line, key)


@pytest.mark.parametrize("setting", ["CMP-99.days", "CMP-01.moons"])
def test_a_matter_that_names_what_is_not_there_is_refused(write: Write, setting: str) -> None:
    matters = read_matters(write(MATTER.replace("CMP-01.days", setting), "matters.toml"))
    with pytest.raises(PackError) as refused:
        Policy.of([read_pack(write(EVERYTHING))], (), matters)
    assert refused.value.file == "matters.toml" and setting in refused.value.key
    assert refused.value.line == line_of(MATTER, "settings")


@pytest.mark.parametrize("active", [("moon",), ("test", "moon")])
def test_a_pack_nobody_ships_cannot_be_chosen(write: Write, active: tuple[str, ...]) -> None:
    with pytest.raises(PackError) as refused:
        Policy.load(write(EVERYTHING)).with_packs(active)
    assert refused.value.file == "moon"
