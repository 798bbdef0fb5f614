"""The regulation pack: read whole and typed, or refused whole with file, line, key and reason."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crmdesk.core import i18n
from crmdesk.core.errors import UserError
from crmdesk.rules.clauses import HELD, PackError
from crmdesk.rules.policies import Policy, load_default, shipped
from tests.helpers.packs import pack_head

HEAD = pack_head("test")
CLAUSE = """[[clause]]
id = "RCPT-01"
source = "000/篇一/ch2/1"
held = "reminded"
window = "reception"
gist = "Greet."
zh_TW = "招呼"
zh_CN = "招呼"
numbers.greet_seconds = { value = 60, unit = "seconds", en = "Greet", zh_TW = "招呼", zh_CN = "招呼" }
"""


@pytest.fixture(scope="module")
def showroom() -> Policy:
    return load_default()


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "test.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_the_packs_hold_the_whole_regulation_once() -> None:
    packs = shipped().packs
    assert sum(len(pack.clauses) for pack in packs.values()) == len(shipped().everything) == 715
    for clause in shipped().everything.values():
        assert clause.held in HELD and bool(clause.window) == (clause.held != "planned")
        assert bool(clause.because) == (clause.held == "shown"), f"{clause.id}: why is there no more to it?"
        assert all(clause.text[code].strip() for code in i18n.LANGUAGES)
        assert "\n" not in clause.gist and len(clause.gist) <= 170, clause.id
        assert all(number.label[code] for number in clause.numbers.values() for code in ("en", "zh_TW", "zh_CN"))


def test_simplified_texts_hold_no_traditional_characters() -> None:
    from opencc import OpenCC

    to_simplified = OpenCC("t2s")
    for clause in shipped().everything.values():
        text = clause.text["zh_CN"]
        assert to_simplified.convert(text) == text, clause.id
        assert not any(word in text.replace("产品质量", "") for word in ("品质", "联络", "列印", "「")), clause.id


@pytest.mark.parametrize(
    ("clause", "key", "value", "unit"),
    [
        ("CALL-01", "answer_rings", 2, "rings"),
        ("CALL-01", "apologise_rings", 5, "rings"),
        ("RCPT-01", "greet_seconds", 60, "seconds"),
        ("PACK-04", "signatures", 3, "signatures"),
        ("PACK-07", "copies", 3, "copies"),
        ("PACK-07", "customer_copy", 3, "copy"),
        ("PACK-11", "counters", 2, "persons"),
        ("REP-02", "min_months", 1, "months"),
        ("REP-02", "max_months", 6, "months"),
        ("CMP-16", "collective_customers", 3, "customers"),
        ("CMP-24", "serial_digits", 2, "digits"),
        ("CMP-30", "report_days", 3, "days"),
        ("CMP-34", "copies", 5, "copies"),
        ("CMP-71", "agree_days", 1, "days"),
        ("CMP-72", "finish_weeks", 1, "weeks"),
        ("STAT-01", "report_day", 10, "day_of_month"),
    ],
)
def test_numbers_are_those_of_the_regulation(showroom: Policy, clause: str, key: str, value: int, unit: str) -> None:
    assert showroom.number(clause, key) == value
    assert isinstance(showroom.number(clause, key), int)
    assert showroom.clause(clause).numbers[key].unit == unit


def test_half_days_stay_exact(showroom: Policy) -> None:
    assert showroom.decimal("CMP-29", "office_days") == Decimal("0.5")
    with pytest.raises(TypeError):
        showroom.number("CMP-29", "office_days")
    domestic = ("office", "quality", "production", "research", "business_domestic", "summary")
    assert sum(showroom.decimal("CMP-29", f"{stage}_days") for stage in domestic) == 9


def test_text_follows_the_language(showroom: Policy) -> None:
    assert showroom.text("REP-03", "zh_TW").startswith("泰銀")
    assert showroom.text("REP-03", "zh_CN").startswith("泰银")
    assert showroom.text("REP-03") == showroom.clause("REP-03").gist
    with i18n.using("zh_TW"):
        assert showroom.text("REP-03").startswith("泰銀")


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (HEAD + CLAUSE.replace("held", "holds"), 10, "RCPT-01.holds"),
        (HEAD + CLAUSE.replace("reminded", "remembered"), 10, "RCPT-01.held"),
        (HEAD + CLAUSE.replace('"reception"', '"lobby"'), 11, "RCPT-01.window"),
        (HEAD + CLAUSE.replace("reminded", "shown"), 7, "RCPT-01.because"),
        (HEAD + CLAUSE.replace("window", 'because = "manner"\nwindow'), 11, "RCPT-01.because"),
        (HEAD + CLAUSE.replace('gist = "Greet."\n', ""), 7, "RCPT-01.gist"),
        (HEAD + CLAUSE.replace('"招呼"', "7", 1), 13, "RCPT-01.zh_TW"),
        (HEAD + CLAUSE.replace("value = 60", 'value = "60"'), 15, "RCPT-01.numbers.greet_seconds.value"),
        (HEAD + CLAUSE.replace("value = 60", "value = 60.5"), 15, "RCPT-01.numbers.greet_seconds.value"),
        (HEAD + CLAUSE.replace("value = 60", "value = -1"), 15, "RCPT-01.numbers.greet_seconds.value"),
        (HEAD + CLAUSE.replace("value = 60", "value = true"), 15, "RCPT-01.numbers.greet_seconds.value"),
        (HEAD + CLAUSE.replace('unit = "seconds"', 'unit = "moons"'), 15, "RCPT-01.numbers.greet_seconds.unit"),
        (HEAD + CLAUSE.replace("value = 60", "valeu = 60"), 15, "RCPT-01.numbers.greet_seconds.valeu"),
        (HEAD + CLAUSE.replace("{ value = 60, unit", "60 # { unit"), 15, "RCPT-01.numbers.greet_seconds"),
        (HEAD + CLAUSE.replace("RCPT-01", "greeting"), 8, "greeting.id"),
        (HEAD + CLAUSE + "\n" + CLAUSE, 18, "RCPT-01.id"),
        (HEAD.replace("gist", "list") + CLAUSE, 3, "pack.list"),
        (HEAD.replace('"Test"', "5") + CLAUSE, 3, "pack.gist"),
        (CLAUSE, 0, "pack"),
        (HEAD + "[extra]\n" + CLAUSE, 7, "extra"),
        (HEAD + CLAUSE.replace('id = "RCPT-01"', 'id = "RCPT-01'), 8, ""),
    ],
)
def test_a_bad_pack_is_refused_whole(write, text: str, line: int, key: str) -> None:
    with pytest.raises(PackError) as refused:
        Policy.load(write(text))
    assert (refused.value.file, refused.value.line, refused.value.key) == ("test.toml", line, key)
    assert refused.value.reason
    assert "test.toml" in refused.value.message


def test_a_pack_that_is_not_utf8_is_refused(write) -> None:
    with pytest.raises(PackError) as refused:
        Policy.load(write(HEAD.encode() + CLAUSE.encode("big5")))
    assert refused.value.line == 9
    assert "UTF-8" in refused.value.reason


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError):
        Policy.load(tmp_path / "none.toml")


def test_a_number_the_source_lost_waits_for_the_manager(write) -> None:
    policy = Policy.load(write(HEAD + CLAUSE.replace("value = 60, ", "")))
    with pytest.raises(UserError) as refused:
        policy.number("RCPT-01", "greet_seconds")
    assert refused.value.clause == "RCPT-01"
    assert policy.with_overrides({("RCPT-01", "greet_seconds"): 45}).number("RCPT-01", "greet_seconds") == 45


def test_overrides_lie_over_the_pack(showroom: Policy) -> None:
    changed = showroom.with_overrides({("RCPT-01", "greet_seconds"): 90, ("CMP-29", "quality_days"): "1.5"})
    assert changed.number("RCPT-01", "greet_seconds") == 90
    assert changed.decimal("CMP-29", "quality_days") == Decimal("1.5")
    assert changed.is_changed("RCPT-01", "greet_seconds")
    assert not changed.is_changed("CALL-01", "answer_rings")
    assert changed.pack_number("RCPT-01", "greet_seconds").value == 60
    assert showroom.number("RCPT-01", "greet_seconds") == 60
    back = changed.with_overrides({})
    assert back.number("RCPT-01", "greet_seconds") == 60 and not back.overrides


@pytest.mark.parametrize(
    "overrides",
    [
        {("RCPT-01", "greet_seconds"): "soon"},
        {("RCPT-01", "greet_seconds"): 1.5},
        {("RCPT-01", "greet_minutes"): 1},
        {("RCPT-99", "greet_seconds"): 1},
        {("CMP-29", "quality_days"): "NaN"},
        {("CALL-01", "answer_rings"): 3, ("RCPT-01", "greet_seconds"): -5},
    ],
)
def test_a_bad_override_refuses_them_all(showroom: Policy, overrides: dict) -> None:
    with pytest.raises(PackError) as refused:
        showroom.with_overrides(overrides)
    assert refused.value.clause in ("RCPT-01", "RCPT-99", "CMP-29")
    assert showroom.number("CALL-01", "answer_rings") == 2
