"""The papers of the thermal printers: carton label and roll receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from crmdesk.core.money import capitals
from crmdesk.printing import carton_label, render
from crmdesk.printing.documents import Receipt80, Reprint
from tests.printing.papers import carton_label as a_label
from tests.printing.papers import sales_slip
from tests.printing.reading import codes, sizes_mm, squeezed, texts


@pytest.mark.parametrize("dpi", [203, 300])
def test_label_codes_are_read(dpi: int) -> None:
    (page,) = codes(render("carton_label", a_label()), dpi)
    assert page == {"QRCode": "CD1:B:2026-000123:2", "Code128": "CD1B202600012302"}


@pytest.mark.parametrize("dpi", [203, 300])
def test_receipt_codes_are_read(dpi: int) -> None:
    (page,) = codes(render("receipt", Receipt80(sales_slip(5))), dpi)
    assert page == {"QRCode": "CD1:S:2026-000123:3", "Code128": "CD1S202600012303"}


@pytest.mark.clause("PACK-08")
def test_label_says_name_address_and_phone() -> None:
    label = a_label()
    (page,) = texts(render("carton_label", label))
    for said in (label.name, label.phone, label.address, label.waybill, label.counter, label.second_counter):
        assert squeezed(said) in page
    assert sizes_mm(render("carton_label", label)) == {(100.0, 150.0)}


def test_long_receiver_goes_on_a_second_label_whole() -> None:
    label = a_label(name="李𠮷堃銀樓有限公司" * 12, address="台中市北屯區崇德路二段 417 巷 23 弄 108 號" * 8)
    pages = texts(render("carton_label", label))
    assert len(pages) == 2
    assert squeezed(label.name) in pages[1] and squeezed(label.address) in pages[1]
    assert squeezed(label.phone) in pages[0]


def test_many_labels_are_one_job_with_progress() -> None:
    told: list[tuple[int, int]] = []
    labels = [a_label(carton=n) for n in range(1, 6)]
    pdf = carton_label.render_many(labels, progress=lambda done, of: told.append((done, of)))
    assert [page["QRCode"] for page in codes(pdf, 203)] == [f"CD1:B:2026-000123:{n}" for n in range(1, 6)]
    assert told == [(n, 5) for n in range(1, 6)]
    with pytest.raises(ValueError, match="no labels"):
        carton_label.render_many([])


def test_receipt_is_as_long_as_it_needs_in_whole_dots() -> None:
    heights = []
    for count in (0, 1, 5, 60):
        ((width, _rounded),) = sizes_mm(render("receipt", Receipt80(sales_slip(count))))
        assert width == 80.0
        heights.append(_rounded)
    assert heights == sorted(heights) and heights[-1] > 600


@pytest.mark.clause("SET-07")
def test_receipt_says_received_change_and_capitals() -> None:
    slip = sales_slip(5, tendered=Decimal(38000), change=Decimal(6550))
    (page,) = texts(render("receipt", Receipt80(slip)))
    assert "38,000" in page and "6,550" in page
    assert capitals(slip.due, "TWD", "zh_TW") in page


def test_receipt_adds_up_when_an_earlier_debt_is_paid_along() -> None:
    slip = sales_slip(2, due=Decimal(2635), previous_balance=Decimal(78209), received=Decimal(80844))
    slip = replace(slip, tendered=Decimal(82000), change=Decimal(1156), balance=Decimal(0))
    (page,) = texts(render("receipt", Receipt80(slip), language="en"))
    assert "Forearlierdebt78,209" in page and "Paidnow80,844" in page
    (page,) = texts(render("receipt", Receipt80(replace(slip, received=Decimal(2635))), language="en"))
    assert "earlierdebt" not in page


def test_carton_label_loses_no_word_in_english() -> None:
    said = _words(render("carton_label", a_label(), language="en"))
    assert "4.6 kg" in said and "keep dry" in said and "across the gap" in said
    assert "\u2026" not in said


def test_receipt_marks_reprint_and_hides_the_balance_of_the_absent() -> None:
    slip = sales_slip(2, present=False, balance=Decimal(987654))
    mark = Reprint(1, datetime(2026, 11, 23, 10, 5), "王小美")
    (page,) = texts(render("receipt", Receipt80(slip), reprint=mark))
    assert "987,654" not in page and "11-2310:05王小美" in page
    (page,) = texts(render("receipt", Receipt80(replace(slip, present=True))))
    assert "987,654" in page


@pytest.mark.clause("PACK-14")
def test_the_seal_of_an_absent_customer_asks_for_the_name_over_the_gap() -> None:
    here, away = (render("carton_label", a_label(present=there), language="en") for there in (True, False))
    assert "by hand" in _words(here)
    assert "by hand" not in _words(away)
    assert "customer's name across the gap" in _words(away)


def _words(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.split())
