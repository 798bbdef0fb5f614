"""Pasted text made safe to keep."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.i18n import dotted, using
from crmdesk.core.text import check_length, clean, clean_lines, half_width, shorten


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  陳  大文\t", "陳 大文"),
        ("陳　大文", "陳 大文"),  # full-width space
        ("a\r\nb", "a b"),
        ("\ufeff陳大文\x00", "陳大文"),  # byte-order mark, NUL
        ("\u202eevil\u202c", "evil"),  # right-to-left override
        ("\u200f陳\u200b大\u2066文", "陳大文"),
        ("e\u0301", "é"),
        ("👩\u200d🔧", "👩\u200d🔧"),  # one emoji of three characters stays one
        ("李𠮷堃", "李𠮷堃"),
        ("\ud800x", "x"),  # lone surrogate, would break the database driver
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_memo_keeps_its_lines() -> None:
    assert clean_lines(" a  b \r\n\r\n\r\n\r\nc\u202e\x00 ") == "a b\n\nc"


def test_half_width_leaves_chinese_alone() -> None:
    assert half_width("ＡＢＣ１２３＃　陳，。") == "ABC123# 陳,。"


def test_cut_and_shortened() -> None:
    assert clean("陳大文先生", 3) == "陳大文"
    assert shorten("陳大文先生", 4) == "陳大文…"
    assert shorten("陳大文", 3) == "陳大文"
    assert shorten("陳大文", 0) == ""


def test_too_long_says_by_how_much() -> None:
    assert check_length("x" * 10, 10) is None
    assert "3" in (check_length("x" * 13, 10) or "")


@given(st.text(), st.integers(0, 50))
def test_clean_is_final(text: str, length: int) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(unicodedata.category(ch) in ("Cc", "Cs") for ch in once)
    assert len(shorten(text, length)) <= length
    assert len(clean(text, length)) <= length
    once.encode("utf-8")


def test_parts_are_joined_with_the_dot_of_the_language() -> None:
    assert dotted("陳李美鳳", "", "台中") == "陳李美鳳 · 台中"
    with using("zh_TW"):
        assert dotted("陳李美鳳", "", "台中") == "陳李美鳳·台中"
