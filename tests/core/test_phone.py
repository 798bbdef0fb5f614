"""Telephone numbers: the hardest forms, each with where it comes from."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdesk.core.phone import (
    PhoneError,
    PhoneNumber,
    display,
    international,
    parse,
    query_tail,
    split_numbers,
    tail_key,
)
from crmdesk.core.regions import suggest_region

# (as written, country, national digits, extension, shown, where it comes from)
READ = [
    ("0912345678", "TW", "912345678", "", "0912-345-678", "plain mobile"),
    ("0912-345-678", "TW", "912345678", "", "0912-345-678", "business card"),
    ("0912 345678", "TW", "912345678", "", "0912-345-678", "spaces"),
    ("０９１２－３４５－６７８", "TW", "912345678", "", "0912-345-678", "full-width, Chinese keyboard"),
    ("+886 912-345-678", "TW", "912345678", "", "0912-345-678", "LINE contact"),
    ("＋８８６９１２３４５６７８", "TW", "912345678", "", "0912-345-678", "full-width plus"),
    ("+886 (0)912 345 678", "TW", "912345678", "", "0912-345-678", "trunk zero in brackets"),
    ("+8860912345678", "TW", "912345678", "", "0912-345-678", "trunk zero kept by mistake"),
    ("00886912345678", "TW", "912345678", "", "0912-345-678", "00 prefix"),
    ("886912345678", "TW", "912345678", "", "0912-345-678", "the plus got lost"),
    ("886912345678.0", "TW", "912345678", "", "0912-345-678", "a number cell exported as decimal"),
    ("912345678", "TW", "912345678", "", "0912-345-678", "Excel took the zero"),
    ("912345678.0", "TW", "912345678", "", "0912-345-678", "and made it a decimal"),
    ("'0912345678", "TW", "912345678", "", "0912-345-678", "Excel's text apostrophe"),
    ("tel:+886912345678", "TW", "912345678", "", "0912-345-678", "link on a web page"),
    ("手機：0912345678", "TW", "912345678", "", "0912-345-678", "label in the cell"),
    ("\u202a0912345678\u202c", "TW", "912345678", "", "0912-345-678", "bidi marks from a phone's contacts"),
    ("0912\u200b345\u200b678", "TW", "912345678", "", "0912-345-678", "zero-width spaces from a web page"),
    ("0912\u2011345\u2011678", "TW", "912345678", "", "0912-345-678", "non-breaking hyphens from Word"),
    ("04-22225678", "TW", "422225678", "", "04-2222-5678", "landline"),
    ("(04)2222-5678", "TW", "422225678", "", "04-2222-5678", "area in brackets"),
    ("（04）2222－5678", "TW", "422225678", "", "04-2222-5678", "full-width brackets"),
    ("04-22225678#6", "TW", "422225678", "6", "04-2222-5678 #6", "extension with #"),
    ("04-22225678＃6", "TW", "422225678", "6", "04-2222-5678 #6", "full-width #"),
    ("04-22225678轉801", "TW", "422225678", "801", "04-2222-5678 #801", "轉"),
    ("04-22225678转801", "TW", "422225678", "801", "04-2222-5678 #801", "转"),
    ("04-22225678 分機 12", "TW", "422225678", "12", "04-2222-5678 #12", "分機"),
    ("04-22225678 分机：12", "TW", "422225678", "12", "04-2222-5678 #12", "分机 with a colon"),
    ("04-22225678 ext. 7", "TW", "422225678", "7", "04-2222-5678 #7", "English card"),
    ("04-22225678 x7", "TW", "422225678", "7", "04-2222-5678 #7", "American habit"),
    ("04-22225678(轉12)", "TW", "422225678", "12", "04-2222-5678 #12", "in brackets"),
    ("04-22225678 轉 12、13", "TW", "422225678", "", "", "two extensions"),
    ("422225678", "TW", "422225678", "", "04-2222-5678", "landline without its zero"),
    ("02-2700-1000", "TW", "227001000", "", "02-2700-1000", "Taipei"),
    ("037-123456", "TW", "37123456", "", "037-123456", "Miaoli, six digits"),
    ("049-2345678", "TW", "492345678", "", "049-234-5678", "Nantou"),
    ("082-325000", "TW", "82325000", "", "082-325000", "Kinmen"),
    ("0826-66888", "TW", "82666888", "", "0826-66888", "Wuqiu"),
    ("0836-22222", "TW", "83622222", "", "0836-22222", "Matsu"),
    ("0800-123-456", "TW", "800123456", "", "0800-123-456", "free of charge"),
    ("070-1234-5678", "TW", "7012345678", "", "070-1234-5678", "internet telephone"),
    ("138 1234 5678", "CN", "13812345678", "", "+86 138 1234 5678", "mainland mobile"),
    ("１３８１２３４５６７８", "CN", "13812345678", "", "+86 138 1234 5678", "full-width"),
    ("+86 138-1234-5678", "CN", "13812345678", "", "+86 138 1234 5678", "WeChat"),
    ("8613812345678", "CN", "13812345678", "", "+86 138 1234 5678", "plus lost"),
    ("008613812345678", "CN", "13812345678", "", "+86 138 1234 5678", "00 prefix"),
    ("13812345678.0", "CN", "13812345678", "", "+86 138 1234 5678", "decimal from Excel"),
    ("010-88888888", "CN", "1088888888", "", "+86 10 8888 8888", "Beijing"),
    ("0755-23456789转8", "CN", "75523456789", "8", "+86 755 2345 6789 #8", "Shenzhen with 转"),
    ("+86 (0)755 2345 6789", "CN", "75523456789", "", "+86 755 2345 6789", "trunk zero in brackets"),
    ("0991-1234567", "CN", "9911234567", "", "+86 991 123 4567", "Ürümqi looks like a mobile of Taiwan"),
    ("400-123-4567", "CN", "4001234567", "", "+86 400 123 4567", "mainland hotline"),
    ("+852 9123 4567", "HK", "91234567", "", "+852 9123 4567", "Hong Kong"),
    ("85291234567", "HK", "91234567", "", "+852 9123 4567", "Hong Kong, plus lost"),
    ("00852-2345-6789", "HK", "23456789", "", "+852 2345 6789", "Hong Kong landline"),
    ("+853 6612 3456", "MO", "66123456", "", "+853 6612 3456", "Macau"),
    ("+1 415 555 2671", "US", "4155552671", "", "+1 415-555-2671", "from abroad"),
    ("+81 90-1234-5678", "JP", "9012345678", "", "+81 90-1234-5678", "Japanese mobile"),
    ("2222-5678", None, "22225678", "", "2222-5678", "same town, no area"),
    ("119", None, "119", "", "119", "short number"),
]


@pytest.mark.parametrize(("text", "country", "digits", "extension", "shown", "origin"), READ, ids=[r[5] for r in READ])
def test_number_is_read(text: str, country: str | None, digits: str, extension: str, shown: str, origin: str) -> None:
    if origin == "two extensions":  # split_numbers keeps them together; both are kept
        number = parse(split_numbers(text)[0])
        assert (number.digits, number.extension) == (digits, "12,13")
        return
    number = parse(text)
    assert (number.country, number.digits, number.extension) == (country, digits, extension), origin
    assert display(number) == shown


@pytest.mark.parametrize("home", ["TW", "CN", "HK", "MO"])
@pytest.mark.parametrize("text", [row[0] for row in READ if row[1] and row[5] != "two extensions"])
def test_what_is_shown_can_be_read_again(text: str, home: str) -> None:
    number = parse(text)
    again = parse(display(number, home), home)
    assert (again.country, again.digits, again.extension) == (number.country, number.digits, number.extension)
    assert parse(international(number)).digits == number.digits


def test_each_home_shows_its_own_numbers_short() -> None:
    assert display(parse("13812345678"), "CN") == "138 1234 5678"
    assert display(parse("0755-23456789"), "CN") == "0755-2345 6789"
    assert display(parse("+852 91234567"), "HK") == "9123 4567"
    assert display(parse("91234567", "HK"), "HK") == "9123 4567"


REFUSED = [
    ("8.86E+11", "lost"),
    ("8.86912E+11", "lost"),
    ("9.12E8", "lost"),
    ("0912abc678", "0912abc678"),
    ("未留", "未留"),
    ("", "enter a phone number"),
    ("12", "too short"),
    ("1" * 60, "60"),
    ("091234567", "9"),
    ("09123456789", "11"),
    ("+886", "complete"),
    ("+999123", "complete"),
    ("++886912345678", "digits only"),
    ("٠٩١٢٣٤٥٦٧٨", "digits only"),
    ("0912345678😀", "digits only"),
    ("0912x345", "digits only"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED)
def test_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(PhoneError) as caught:
        parse(text)
    assert says in caught.value.message
    assert isinstance(caught.value, ValueError)


# Any of these, typed, pasted or said by the caller tail first, must find 04-2222-5678 #6.
@pytest.mark.parametrize(
    "typed",
    ["678", "5678", "225678", "22225678", "2222-5678", "422225678", "0422225678", "(04) 2222 5678", "+886 4 2222 5678",
     "00886422225678", "886422225678", "０４２２２２５６７８", "04-22225678#6", "04-22225678 轉 801",
     "5678 ", "2 2 5 6 7 8"],
)  # fmt: skip
def test_any_tail_finds_the_number(typed: str) -> None:
    assert query_tail(typed)
    assert tail_key("04-2222-5678 #6").startswith(query_tail(typed))


@pytest.mark.parametrize("typed", ["", "78", "abc", "C00123", "8.86E+11", "陳大文", "+886", "1" * 60])
def test_too_little_or_no_number_searches_nothing(typed: str) -> None:
    assert query_tail(typed) in ("", "688")
    assert query_tail("78") == ""


def test_other_numbers_are_not_found() -> None:
    assert not tail_key("04-2222-5678").startswith(query_tail("04-2222-5679"))
    assert not tail_key("04-2222-5678").startswith(query_tail("2222"))


def test_unreadable_numbers_still_have_a_key() -> None:
    assert tail_key("舊號 2222567") == "7652222"
    assert tail_key("8.86E+11") == ""
    assert len(tail_key("1" * 60)) <= 32


def test_several_numbers_in_one_cell() -> None:
    assert split_numbers("04-22225678/0912345678、0933 111 222") == ["04-22225678", "0912345678", "0933 111 222"]
    assert split_numbers("0912345678 0922333444") == ["0912345678", "0922333444"]
    assert split_numbers("0912-345-678;+86 138 1234 5678\n2222-5678") == [
        "0912-345-678",
        "+86 138 1234 5678",
        "2222-5678",
    ]
    assert split_numbers("04-22225678轉12") == ["04-22225678轉12"]
    assert split_numbers(" ") == []


def test_home_decides_bare_numbers() -> None:
    assert parse("91234567", "HK").country == "HK"
    assert parse("91234567", "TW").country is None
    assert parse("75523456789", "CN").digits == "75523456789"
    with pytest.raises(PhoneError, match="11 digits"):
        parse("1381234567", "CN")


@pytest.mark.parametrize(
    ("text", "traditional", "simplified"),
    [
        ("02-27001000", "臺北", "台北"),
        ("03-3312345", "桃園", "桃园"),
        ("03-5712345", "新竹", "新竹"),
        ("03-8312345", "花蓮", "花莲"),
        ("03-9312345", "宜蘭", "宜兰"),
        ("04-22225678", "臺中", "台中"),
        ("04-7223456", "彰化", "彰化"),
        ("049-2345678", "南投", "南投"),
        ("0836-22222", "馬祖", "马祖"),
        ("089-323456", "臺東", "台东"),
        ("0912345678", "", ""),
        ("0800-123-456", "", ""),
        ("010-88888888", "北京", "北京"),
        ("0755-23456789", "深圳", "深圳"),
        ("0576-88888888", "台州", "台州"),
        ("13812345678", "連雲港", "连云港"),
        ("+852 91234567", "香港", "香港"),
        ("+853 66123456", "澳門", "澳门"),
        ("2222-5678", "", ""),
    ],
)
def test_place_is_suggested(text: str, traditional: str, simplified: str) -> None:
    assert suggest_region(parse(text), "zh_TW") == traditional
    assert suggest_region(parse(text), "zh_CN") == simplified


def test_numbers_of_both_sides_never_wake_the_big_library() -> None:
    script = (
        "import sys\n"
        "from crmdesk.core.phone import parse, display, tail_key\n"
        "from crmdesk.core.regions import suggest_region\n"
        "for text in ('0912345678', '+86 755 23456789', '13812345678', '+852 91234567'):\n"
        "    display(parse(text)); tail_key(text)\n"
        "suggest_region(parse('0755-23456789'))\n"
        "import crmdesk.core.names, crmdesk.core.dates, crmdesk.core.money\n"
        "sys.exit(any(name in sys.modules for name in ('phonenumbers', 'pypinyin', 'babel')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@given(st.from_regex("9[0-9]{8}|[2-8][0-9]{8}|1[3-9][0-9]{9}", fullmatch=True), st.integers(3, 9))
@settings(max_examples=300, deadline=None)
def test_every_tail_of_every_number(national: str, length: int) -> None:
    text = ("+86 " if national[0] == "1" else "+886 ") + national
    assert parse(text).digits == national
    assert tail_key(text).startswith(query_tail(text))
    tail = national[-length:]
    assert tail_key(text).startswith(tail[::-1])


@given(st.text(max_size=40) | st.from_regex(r"[+0-9０-９ ()#轉.eE-]{0,30}", fullmatch=True))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    key, tail = tail_key(text), query_tail(text)
    assert (key + tail).isascii()
    assert len(tail) == 0 or len(tail) >= 3
    try:
        number = parse(text)
    except PhoneError as error:
        assert error.message  # noqa: PT017 - both outcomes are right, each with its own promise
    else:
        assert isinstance(number, PhoneNumber)
        assert 1 <= len(number.digits) <= 15
        assert display(number)
        if tail:
            assert key.startswith(tail)
