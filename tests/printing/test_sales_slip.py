"""The sales slip: who sees what, how lines run over sheets, what never gets lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from crmdesk.core.money import capitals
from crmdesk.printing import copies, render, sales_slip, sales_totals, tractor
from crmdesk.printing.documents import Reprint
from crmdesk.printing.layout import Sheet
from crmdesk.printing.words import words
from tests.printing.papers import sales_slip as a_slip
from tests.printing.papers import slip_lines
from tests.printing.reading import codes, sizes_mm, squeezed, texts

LONG = "台灣省台中市北屯區崇德路二段 417 巷 23 弄 108 號 12 樓之 3（請走 B1 貨梯，週一至週五 09:00–11:30 收貨）"


@pytest.mark.clause("PACK-07")
def test_three_copies_each_with_its_own_code() -> None:
    pdf = render("sales_slip", a_slip())
    assert len(texts(pdf)) == 3
    assert [page["QRCode"] for page in codes(pdf, 203)] == [f"CD1:S:2026-000123:{n}" for n in (1, 2, 3)]


@pytest.mark.clause("SET-04")
def test_the_follower_can_check_the_goods_against_every_copy() -> None:
    slip = a_slip()
    for page in texts(render("sales_slip", slip)):
        assert slip.follower in page
        for line in slip.lines:
            for said in (line.code, f"{line.quantity}", f"{line.price:,}"):
                assert squeezed(said) in page, said
    assert len(texts(render("sales_slip", slip, copies=(2,)))) == 1, "one of them is for counting"


@pytest.mark.parametrize("dpi", [203, 300])
def test_codes_are_read_at_the_printers_dots(dpi: int) -> None:
    for n, page in enumerate(codes(render("sales_slip", a_slip()), dpi), 1):
        assert page == {"QRCode": f"CD1:S:2026-000123:{n}", "Code128": f"CD1S2026000123{n:02d}"}


def test_pages_are_tractor_paper_to_a_tenth_of_a_millimetre() -> None:
    assert sizes_mm(render("sales_slip", a_slip(30))) == {(241.0, 140.0)}


def test_what_each_copy_hides_is_really_absent() -> None:
    slip = a_slip()
    stub, packing, customer = texts(render("sales_slip", slip))
    balance = f"{slip.balance:,}"
    assert balance in stub and balance in customer and balance not in packing
    assert squeezed(slip.payment_note) not in packing
    assert slip.internal_remark in stub
    assert slip.internal_remark not in packing and slip.internal_remark not in customer
    assert all(squeezed(slip.policy) in page for page in (stub, packing, customer))  # the packer reads it too
    hidden = squeezed(words("zh_TW").gettext("Balance and cash: not printed on this copy"))
    assert hidden in packing and hidden not in stub


def test_a_remark_has_no_line_of_one_character_and_a_long_one_stands_whole_in_the_annex() -> None:
    sheet = Sheet(241.0, 140.0, "zh_TW")
    for copy in copies.SALES_SLIP:
        fit = sales_totals.remark_fit(sheet, words("zh_TW"), a_slip(policy="寄出前請先傳裝箱照片"), copy)
        assert fit is not None and fit.size >= 8.5 and min(len(line) for line in fit.lines) >= 4
    long = "寄出前請先傳裝箱照片，" * 20
    pages = texts(render("sales_slip", a_slip(policy=long)))
    assert [long in page for page in pages] == [False, True] * 3


@pytest.mark.clause("PACK-13")
def test_copy_in_the_lid_of_an_absent_customer_hides_the_balance() -> None:
    absent = a_slip(present=False)
    assert f"{absent.balance:,}" not in texts(render("sales_slip", absent, copies=(3,)))[0]
    shown = replace(absent, hide_balance_in_lid=False)
    page = texts(render("sales_slip", shown, copies=(3,)))[0]
    assert f"{absent.balance:,}" in page
    mark = words("zh_TW").gettext("customer absent: stick inside the lid")
    assert squeezed(mark) in page


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_who_gets_a_copy_is_said_above_the_end_of_the_paper(language: str) -> None:
    sheet = Sheet(tractor.WIDTH, tractor.HEIGHT, language)
    for copy in (*copies.SALES_SLIP, *copies.REPAIR_SLIP, *copies.REPAIR_ON_SITE):
        assert tractor.edge_mark(sheet, words(language), copy, absent=True) < tractor.HEIGHT - 4, copy.name


def test_print_once_hides_nothing() -> None:
    slip = a_slip()
    (page,) = texts(render("sales_slip", slip, carbonless=True))
    for said in (f"{slip.balance:,}", slip.internal_remark, slip.policy, "①", "②", "③"):
        assert said in page


@pytest.mark.parametrize("language", ["zh_TW", "zh_CN"])
def test_capitals_are_those_of_the_amount_due(language: str) -> None:
    slip = a_slip()
    page = texts(render("sales_slip", slip, language=language))[0]
    assert capitals(slip.due, "TWD", language) in page


def test_thirty_lines_carry_pieces_and_amount_over_three_sheets() -> None:
    slip = a_slip(30)
    pages = texts(render("sales_slip", slip, copies=(1,)))
    assert len(pages) == 3
    sheets = sales_slip.paginate(Sheet(241, 140, "zh_TW"), slip)
    carried = squeezed(words("zh_TW").gettext("Carried forward"))
    brought = squeezed(words("zh_TW").gettext("Brought forward"))
    done = Decimal(0)
    for i, (page, sheet) in enumerate(zip(pages, sheets, strict=True)):
        assert (brought in page) == (i > 0)
        assert (carried in page) == (i < 2)
        done += sum((line.amount for _n, line, _names in sheet.lines), start=Decimal(0))
        if i < 2:
            assert f"{done:,}" in page and f"{done:,}" in pages[i + 1]
    assert done == slip.subtotal
    assert f"{slip.due:,}" in pages[2] and f"{slip.due:,}" not in pages[0]


@pytest.mark.parametrize("count", [0, 1, 8, 9, 10, 13, 14, 22, 100])
def test_no_line_is_lost_or_doubled_and_no_sheet_overflows(count: int) -> None:
    sheets = sales_slip.paginate(Sheet(241, 140, "zh_TW"), a_slip(count))
    numbers = [number for sheet in sheets for number, _line, _names in sheet.lines]
    assert numbers == list(range(1, count + 1))
    for i, sheet in enumerate(sheets):
        rows = sum(len(names) for _n, _line, names in sheet.lines) + bool(sheet.brought) + bool(sheet.carried)
        assert rows <= (9 if i == len(sheets) - 1 else 14)
    assert count == 0 or sheets[-1].lines, "the totals never stand alone"


def test_long_customer_phone_and_address_are_never_lost() -> None:
    name, phone = "尉遲𠮷祥暨" * 20, "+886-4-2222-5678 #801 / 0912-345-678 / 0933-812-640"
    slip = a_slip(customer=name, phone=phone, address=LONG * 4)
    pages = texts(render("sales_slip", slip, copies=(3,)))
    assert len(pages) == 2
    for said in (name, phone, LONG * 4):
        assert squeezed(said) in pages[0] or squeezed(said) in pages[1]


def test_amounts_of_twelve_digits_are_whole() -> None:
    big = Decimal("123456789012")
    line = replace(slip_lines(1)[0], amount=-big, price=big)
    page = texts(render("sales_slip", a_slip(lines=(line,), subtotal=-big, due=-big, balance=big), copies=(1,)))[0]
    assert page.count("−123,456,789,012") >= 3
    assert capitals(-big, "TWD", "zh_TW") in page


def test_reprint_and_void_are_marked_and_the_number_stays() -> None:
    mark = Reprint(2, datetime(2026, 11, 23, 10, 5), "王小美")
    page = texts(render("sales_slip", a_slip(void=True), copies=(1,), reprint=mark))[0]
    assert squeezed(words("zh_TW").reprint(mark)) in page
    assert words("zh_TW").pgettext("paper", "VOID") in page
    assert "2026-000123" in page and "2026-11-22" in page


def test_return_slip_has_its_own_code_and_three_signatures() -> None:
    slip = a_slip(3, returned=True, manager="吳國華")
    pdf = render("sales_slip", slip, copies=(1,))
    assert codes(pdf, 203)[0]["QRCode"] == "CD1:T:2026-000123:1"
    page = texts(pdf)[0]
    assert "吳國華" in page and words("zh_TW").gettext("Return slip") in page


def test_unknown_copy_is_refused() -> None:
    with pytest.raises(ValueError, match="4"):
        render("sales_slip", a_slip(), copies=(4,))


def test_same_document_gives_the_same_bytes() -> None:
    assert render("sales_slip", a_slip()) == render("sales_slip", a_slip())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_speaks_the_asked_language(language: str) -> None:
    page = texts(render("sales_slip", a_slip(), language=language))[0]
    assert squeezed(words(language).gettext("Sales slip")) in page
    assert squeezed(words(language).gettext("Amount")) in page
