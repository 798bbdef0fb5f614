"""Money: rounding, capitals, the spoken sentence, and what may be typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdesk.core.money import (
    CURRENCIES,
    MoneyError,
    capitals,
    format_money,
    format_number,
    parse_money,
    quantize,
    spoken,
)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.5", "TWD", "1"),
        ("1.5", "TWD", "2"),
        ("2.5", "TWD", "3"),  # half up, not to even
        ("-2.5", "TWD", "-3"),
        ("1.005", "CNY", "1.01"),  # where binary floats give 1.00
        ("1234.5", "JPY", "1235"),
        ("-0.001", "USD", "0.00"),
    ],
)
def test_rounding(amount: str, currency: str, expected: str) -> None:
    assert str(quantize(Decimal(amount), currency)) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("1234", "TWD", "zh_TW", "NT$1,234"),
        ("1234.5", "CNY", "zh_CN", "¥1,234.50"),
        ("1234.5", "CNY", "zh_TW", "RMB1,234.50"),
        ("80", "HKD", "en", "HK$80.00"),
        ("-80", "TWD", "zh_CN", "−NT$80"),
        ("-0.2", "TWD", "en", "NT$0"),
    ],
)
def test_written(amount: str, currency: str, language: str, expected: str) -> None:
    assert format_money(Decimal(amount), currency, language) == expected
    assert format_money(Decimal(amount), currency, language, symbol=False) == expected.replace(
        expected.strip("−0123456789.,"), ""
    )


def test_plain_numbers() -> None:
    assert format_number(1234567) == "1,234,567"
    assert format_number(Decimal("-1234.5"), 2) == "−1,234.50"
    assert format_number(Decimal("-5"), minus="-") == "-5"


# Traditional uses 參 and 貳 and 元 as PAPERS.md asks; simplified follows the rules for Chinese bank bills.
CAPITALS = [
    ("49900", "肆萬玖仟玖佰元整", "肆万玖仟玖佰元整"),
    ("0", "零元整", "零元整"),
    ("10", "壹拾元整", "壹拾元整"),
    ("105", "壹佰零伍元整", "壹佰零伍元整"),
    ("1005", "壹仟零伍元整", "壹仟零伍元整"),
    ("1050", "壹仟零伍拾元整", "壹仟零伍拾元整"),
    ("10005", "壹萬零伍元整", "壹万零伍元整"),
    ("100010", "壹拾萬零壹拾元整", "壹拾万零壹拾元整"),
    ("92163", "玖萬貳仟壹佰陸拾參元整", "玖万贰仟壹佰陆拾叁元整"),
    ("100000000", "壹億元整", "壹亿元整"),
    ("100010001", "壹億零壹萬零壹元整", "壹亿零壹万零壹元整"),
    ("1000000000000", "壹兆元整", "壹万亿元整"),
    ("1000000000001", "壹兆零壹元整", "壹万亿零壹元整"),
    (
        "9999999999999999",
        "玖仟玖佰玖拾玖兆玖仟玖佰玖拾玖億玖仟玖佰玖拾玖萬玖仟玖佰玖拾玖元整",
        "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整",
    ),
    ("-80", "負捌拾元整", "负捌拾元整"),
]


@pytest.mark.parametrize(("amount", "traditional", "simplified"), CAPITALS)
def test_capitals(amount: str, traditional: str, simplified: str) -> None:
    assert capitals(Decimal(amount), "TWD", "zh_TW") == "新臺幣" + traditional
    assert capitals(Decimal(amount), "CNY", "zh_CN") == "人民币" + simplified


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1.50", "人民币壹元伍角整"),
        ("1.05", "人民币壹元零伍分"),
        ("1.55", "人民币壹元伍角伍分"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("1.005", "人民币壹元零壹分"),  # rounded, not cut
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
    ],
)
def test_capitals_of_cents(amount: str, expected: str) -> None:
    assert capitals(Decimal(amount), "CNY", "zh_CN") == expected


def test_no_capitals_in_english_or_beyond_sixteen_digits() -> None:
    assert capitals(Decimal(5), "TWD", "en") == ""
    assert capitals(Decimal(10**16), "TWD", "zh_TW") == ""


@pytest.mark.parametrize(
    ("amount", "traditional", "simplified"),
    [
        ("27000", "兩萬七千", "两万七千"),
        ("2", "兩", "两"),
        ("12", "十二", "十二"),
        ("20", "二十", "二十"),
        ("22", "二十二", "二十二"),
        ("200", "兩百", "两百"),
        ("102", "一百零二", "一百零二"),
        ("22222", "兩萬兩千兩百二十二", "两万两千两百二十二"),
        ("120000", "十二萬", "十二万"),
        ("0", "零", "零"),
    ],
)
def test_spoken(amount: str, traditional: str, simplified: str) -> None:
    assert spoken(Decimal(amount), "TWD", "zh_TW") == traditional
    assert spoken(Decimal(amount), "CNY", "zh_CN") == simplified
    assert spoken(Decimal(amount), "TWD", "en") == format_number(int(amount))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.5", "1234.5"),
        ("ＮＴ＄１，２３４", "1234"),
        ("NT$ -5", "-5"),
        ("-NT$5", "-5"),
        ("−80", "-80"),
        ("(80)", "-80"),
        ("1234元", "1234"),
        ("新臺幣500元整", "500"),
        ("¥12", "12"),
        ("12.", "12"),
        (".5", "0.5"),
        (" 0 ", "0"),
        ("-0", "0"),
    ],
)
def test_typed_amounts(text: str, expected: str) -> None:
    assert parse_money(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "abc", "1,23", "1e5", "NaN", "Infinity", "1.2.3", "٣", "9" * 17, "五百", "--5-"])
def test_refused_amounts(text: str) -> None:
    with pytest.raises(MoneyError) as caught:
        parse_money(text)
    assert caught.value.message


AMOUNTS = st.decimals("-9999999999999", "9999999999999", places=2)


@given(AMOUNTS, st.sampled_from(sorted(CURRENCIES)))
def test_what_is_written_can_be_typed(amount: Decimal, currency: str) -> None:
    for language in ("zh_TW", "zh_CN", "en"):
        assert parse_money(format_money(amount, currency, language)) == quantize(amount, currency)


_VALUE = {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")} | {c: i for i, c in enumerate("零壹貳參肆伍陸柒捌玖")}


def _read_capitals(words: str) -> int:
    """An independent reader: whole sums of at most twelve digits."""
    total = section = digit = 0
    for ch in words:
        if ch in _VALUE:
            digit = _VALUE[ch]
        elif ch in "拾佰仟":
            section += digit * 10 ** ("拾佰仟".index(ch) + 1)
            digit = 0
        else:
            total += (section + digit) * 10 ** (4 if ch in "萬万" else 8 if ch in "億亿" else 0)
            section = digit = 0
    return total


@given(st.integers(0, 10**12 - 1))
def test_capitals_can_be_read_back(amount: int) -> None:
    for currency, language, name in (("TWD", "zh_TW", "新臺幣"), ("CNY", "zh_CN", "人民币")):
        words = capitals(Decimal(amount), currency, language)
        assert _read_capitals(words.removeprefix(name).removesuffix("整")) == amount
        assert "零零" not in words
