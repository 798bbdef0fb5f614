"""The parts of the printing floor: fonts, line breaking, codes, layout, stored documents, preview."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from crmdesk.printing import PAPERS, fonts
from crmdesk.printing.barcodes import code128_bars, code128_values
from crmdesk.printing.copies import PAPER_COPIES
from crmdesk.printing.documents import KINDS, Document, Receipt80
from crmdesk.printing.frozen import BrokenDocument, find_missing, from_json, to_json
from crmdesk.printing.layout import Sheet
from crmdesk.printing.linebreak import CLOSING, OPENING, wrap
from crmdesk.printing.preview import page_count, pages_to_pictures, pages_to_png
from crmdesk.printing.words import figure, quantity
from tests.printing import papers
from tests.printing.reading import texts

DOCUMENTS: dict[str, Document] = {
    "sales_slip": papers.sales_slip(),
    "return_slip": papers.sales_slip(3, returned=True, of_number="2026-000122"),
    "carton_label": papers.carton_label(),
    "receipt": Receipt80(papers.sales_slip(2)),
    "repair_receipt": papers.repair_receipt(),
    "repair_slip": papers.repair_slip(),
    "complaint_sheet": papers.complaint_sheet(),
    "monthly_report": papers.monthly_report(),
    "list": papers.list_paper(),
}


def test_every_kind_has_renderer_and_copies() -> None:
    assert set(PAPERS) == set(KINDS) == set(PAPER_COPIES) == set(DOCUMENTS)


# -- fonts -----------------------------------------------------------------------------------------------------------


def test_missing_glyphs_are_named_once_and_the_rest_are_ours() -> None:
    assert fonts.missing_glyphs("陳𠮷䶮祎赟🎁🎁 abc\n€①▲☎\u200f\ufe0f") == ["🎁"]
    assert fonts.missing_glyphs("\ue000") == ["\ue000"], "private use: a Taiwan font's own character"


def test_find_missing_says_field_character_and_code() -> None:
    slip = papers.sales_slip(3)
    slip = replace(slip, lines=(slip.lines[0], replace(slip.lines[1], name="禮盒🎁")))
    assert find_missing(slip) == [("lines[1].name", "🎁", "U+1F381")]


def test_language_chooses_the_first_font() -> None:
    assert fonts.runs("直", "zh_TW")[0].font == "NotoSansTC-Regular"
    assert fonts.runs("直", "zh_CN")[0].font == "NotoSansSC-Regular"
    assert [run.font for run in fonts.runs("李𠮷堃", "zh_TW")] == [
        "NotoSansTC-Regular",
        "CRMDeskRare-Regular",
        "NotoSansTC-Regular",
    ]


def test_rare_han_are_copied_out_of_the_pdf_right() -> None:
    sheet = Sheet(100, 50, "zh_TW")
    sheet.text(10, 20, "李𠮷堃 ABC", 12)
    assert texts(sheet.to_bytes()) == ["李𠮷堃ABC"]


def test_rare_han_in_both_weights_live_in_one_pdf() -> None:
    sheet = Sheet(100, 50, "zh_TW")
    sheet.text(10, 20, "𠮷", 12)
    sheet.text(10, 30, "𠮷", 12, bold=True)
    assert texts(sheet.to_bytes()) == ["𠮷𠮷"]


@given(st.text(max_size=60))
def test_any_text_can_be_printed(text: str) -> None:
    sheet = Sheet(100, 50, "zh_TW")
    sheet.text(10, 20, text, 10, width=60)
    sheet.lines(10, 30, sheet.fit(text, 60, 10, 10, 6))
    assert sheet.to_bytes().startswith(b"%PDF")


# -- lines -----------------------------------------------------------------------------------------------------------


def _cells(text: str) -> float:
    return float(sum(2 if ord(character) >= 0x1100 else 1 for character in text))


def test_numbers_and_words_stay_whole() -> None:
    lines = wrap("合計 NT$1,234,567 元，Premium Leather 手鍊", _cells, 16)
    assert lines == ["合計", "NT$1,234,567", "元，Premium", "Leather 手鍊"]


@given(st.text(alphabet="台中，。「」（）A1 .,", max_size=80), st.integers(6, 30))
def test_wrapping_loses_nothing_and_minds_the_marks(text: str, width: int) -> None:
    lines = wrap(text, _cells, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(_cells(line) <= width for line in lines)


@given(st.lists(st.sampled_from(["台中", "，", "。", "（", "）", "「銀樓」", "12 樓"]), max_size=30))
def test_no_closing_mark_starts_a_line_where_there_is_room(pieces: list[str]) -> None:
    text = "".join(f"{piece}字" for piece in pieces)
    for line in wrap(text, _cells, 24)[1:]:
        assert line[0] not in CLOSING
    for line in wrap(text, _cells, 24)[:-1]:
        assert line[-1] not in OPENING


def test_fit_shrinks_then_wraps_then_says_it_was_cut() -> None:
    sheet = Sheet(100, 50, "zh_TW")
    assert sheet.fit("陳", 40, 10, 14, 7).size == 14
    assert 7 <= sheet.fit("尉遲" * 12, 40, 6, 14, 7).size < 14
    cut = sheet.fit("尉遲" * 80, 40, 6, 14, 7)
    assert cut.cut and cut.lines[-1].endswith("…") and cut.text == "尉遲" * 80


# -- codes -----------------------------------------------------------------------------------------------------------


@given(st.text(alphabet=[chr(n) for n in range(32, 127)], min_size=1, max_size=24).filter(lambda t: t.strip() == t))
def test_code128_is_what_a_scanner_reads(text: str) -> None:
    width, bars = code128_bars(text)
    image = Image.new("L", ((width + 20) * 3, 90), 255)
    for start, size in bars:
        image.paste(0, ((start + 10) * 3, 5, (start + 10 + size) * 3, 85))
    (found,) = zxingcpp.read_barcodes(image)
    assert found.text == text


def test_code128_packs_digits_in_pairs_and_refuses_han() -> None:
    assert len(code128_values("CD1S202600012303")) == 14
    with pytest.raises(ValueError, match="Code 128"):
        code128_values("箱")


# -- stored documents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(DOCUMENTS))
def test_json_round_trip(kind: str) -> None:
    document = DOCUMENTS[kind]
    assert from_json(kind, to_json(document)) == document
    assert to_json(from_json(kind, to_json(document))) == to_json(document)


@given(
    st.text(max_size=40),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12),
    st.datetimes(),
    st.binary(max_size=40),
)
def test_json_keeps_any_text_amount_time_and_photo(text: str, amount: Decimal, at: datetime, image: bytes) -> None:
    slip = papers.sales_slip(1, customer=text, due=amount, at=at)
    assert from_json("sales_slip", to_json(slip)) == slip
    receipt = papers.repair_receipt(photo=replace(papers.photo(), image=image), declared_value=amount)
    assert from_json("repair_receipt", to_json(receipt)) == receipt


def _change(path: str, value: object) -> str:
    data: dict[str, Any] = json.loads(to_json(papers.sales_slip(1)))
    target: Any = data
    *parents, last = path.split(".")
    for part in parents:
        target = target[int(part)] if part.isdigit() else target[part]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("surprise", 1, "surprise"),
        ("office.colour", "red", "office.colour"),
        ("number", ..., "number"),
        ("due", "many", "due"),
        ("due", "NaN", "due"),
        ("due", 5, "due"),
        ("at", "yesterday", "at"),
        ("lines", "none", "lines"),
        ("lines.0.quantity", None, "lines[0].quantity"),
        ("present", 1, "present"),
        ("office", [], "office"),
    ],
)
def test_damaged_documents_name_the_field(path: str, value: object, where: str) -> None:
    with pytest.raises(BrokenDocument) as caught:
        from_json("sales_slip", _change(path, value))
    assert caught.value.where == where
    assert where in caught.value.message


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "5"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(BrokenDocument):
        from_json("sales_slip", text)
    with pytest.raises(BrokenDocument):
        from_json("newspaper", to_json(papers.sales_slip(1)))


# -- figures and preview ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0", "0"), ("-4", "−4"), ("49900", "49,900"), ("1234.5", "1,234.50"), ("1234.00", "1,234"), ("-0.125", "−0.125")],
)
def test_figures(value: str, shown: str) -> None:
    assert figure(Decimal(value)) == shown


def test_quantities_have_no_idle_zeros() -> None:
    assert [quantity(Decimal(text)) for text in ("12", "38.40", "1E+3", "100")] == ["12", "38.4", "1,000", "100"]


def test_preview_is_opaque_and_as_large_as_the_paper() -> None:
    sheet = Sheet(100, 50, "zh_TW")
    sheet.text(10, 20, "箱", 20)
    sheet.next_page()
    pdf = sheet.to_bytes()
    assert page_count(pdf) == 2
    (first, second) = pages_to_pictures(pdf, 254)
    assert (first.width, first.height) == (1000, 500)
    assert set(first.rgba[3::4]) == {255} and set(second.rgba) == {255}
    assert first.rgba.count(0) > 100
    image = Image.open(BytesIO(pages_to_png(pdf, 127)[0]))
    assert image.size == (500, 250)
