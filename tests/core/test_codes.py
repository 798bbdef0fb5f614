"""Codes on papers: what is printed is what is read, however it was scanned or typed."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.codes import KINDS, PaperCode, bar_text, parse_code, qr_text


def test_the_forms_on_paper() -> None:
    code = PaperCode("S", "2026-000123", 3)
    assert qr_text(code) == "CD1:S:2026-000123:3"
    assert bar_text(code) == "CD1S202600012303"
    assert qr_text(PaperCode("S", "2026-000123")) == "CD1:S:2026-000123"
    assert bar_text(PaperCode("S", "2026-000123")) == "CD1S202600012300"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CD1:S:2026-000123:3", PaperCode("S", "2026-000123", 3)),
        ("CD1:S:2026-000123", PaperCode("S", "2026-000123", 0)),
        ("CD1S202600012303", PaperCode("S", "2026000123", 3)),
        ("cd1s202600012303", PaperCode("S", "2026000123", 3)),  # caps lock at the scanner
        ("ＣＤ１：Ｓ：２０２６－０００１２３：３", PaperCode("S", "2026-000123", 3)),  # full-width input mode
        ("CD1：S：2026—000123：3", PaperCode("S", "2026-000123", 3)),  # Chinese punctuation
        (" CD1:C:2611012:5\r\n", PaperCode("C", "2611012", 5)),
        ("CD1:Z:1", PaperCode("Z", "1", 0)),  # a kind of a newer program
    ],
)
def test_read(text: str, expected: PaperCode) -> None:
    assert parse_code(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "pf012李", "4711234567890", "CD1", "CD1:S", "CD1:S:", "CD1S12", "CD1:S:1:100", "CD1:S123", "CD1:S:-1",
     "CD2:S:1", "CD1:S:1:", "xCD1:S:1", "CD1:陳:1", "SF1234567890"],
)  # fmt: skip
def test_item_codes_waybills_and_rubbish_are_not_ours(text: str) -> None:
    assert parse_code(text) is None


def test_unknown_kinds_can_be_told() -> None:
    assert not PaperCode("Z", "1").known
    assert len(KINDS) == 15
    assert all(PaperCode(kind, "1").known for kind in KINDS)


@pytest.mark.parametrize(
    "code", [PaperCode("s", "1"), PaperCode("S", ""), PaperCode("S", "陳"), PaperCode("S", "1", 100)]
)
def test_nothing_unreadable_is_printed(code: PaperCode) -> None:
    with pytest.raises(ValueError):
        qr_text(code)
    with pytest.raises(ValueError):
        bar_text(code)


def test_the_qr_stays_small() -> None:
    with pytest.raises(ValueError):
        qr_text(PaperCode("S", "2026-000123456", 12))


CODES = st.builds(
    PaperCode,
    st.sampled_from(string.ascii_uppercase),
    st.from_regex(r"[0-9]{1,4}(-[0-9]{1,6})?", fullmatch=True),
    st.integers(0, 9),
)


@given(CODES)
def test_round_trip(code: PaperCode) -> None:
    assert parse_code(qr_text(code)) == code
    read = parse_code(bar_text(code))
    assert read is not None
    assert (read.kind, read.bare_number, read.part) == (code.kind, code.bare_number, code.part)
    wide = "".join(chr(ord(ch) + 0xFEE0) for ch in qr_text(code).lower())
    assert parse_code(wide) == code


@given(st.text(max_size=30))
def test_any_text_is_read_or_not(text: str) -> None:
    code = parse_code(text)
    assert code is None or parse_code(bar_text(code)) is not None
