"""Repair receipt and slip, complaint sheet, monthly report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crmdesk.printing import render
from crmdesk.printing.complaint_parts import fit_field, short_fields
from crmdesk.printing.copies import COMPLAINT_SHEET
from crmdesk.printing.documents import ComplaintSheet, DeskRow, MonthlyReport, Photo
from crmdesk.printing.layout import Sheet
from crmdesk.printing.month_chart import nice_step
from crmdesk.printing.words import words
from tests.printing.papers import AT, OFFICE, complaint_sheet, list_paper, monthly_report, repair_receipt, repair_slip
from tests.printing.reading import codes, sizes_mm, squeezed, texts

TW = words("zh_TW")
CASES = (
    ("repair_receipt", repair_receipt, "CD1:F:2026-000087", (148.0, 210.0)),
    ("repair_slip", repair_slip, "CD1:F:2026-000087:1", (241.0, 140.0)),
    ("complaint_sheet", complaint_sheet, "CD1:C:2611-07:1", (210.0, 297.0)),
    ("monthly_report", monthly_report, "CD1:M:2026-10:1", (210.0, 297.0)),
)


@pytest.mark.parametrize(("kind", "make", "code", "size"), CASES)
def test_size_and_code(kind: str, make: object, code: str, size: tuple[float, float]) -> None:
    pdf = render(kind, make())  # type: ignore[operator]  # a table of makers of many kinds
    assert sizes_mm(pdf) == {size}
    for dpi in (203, 300):
        assert codes(pdf, dpi)[0]["QRCode"] == code


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
@pytest.mark.parametrize(("kind", "make", "code", "size"), CASES)
def test_every_language(kind: str, make: object, code: str, size: object, language: str) -> None:
    for void in (False, True):
        assert texts(render(kind, make(void=void), language=language))  # type: ignore[operator]  # a table of makers of many kinds


@pytest.mark.clause("REP-04")
def test_receipt_has_date_code_and_part() -> None:
    receipt = repair_receipt()
    (page,) = texts(render("repair_receipt", receipt))
    for said in ("2026-11-22", receipt.item_code, squeezed(receipt.part), "2026-12-22", "2027-05-22", "①"):
        assert said in page


def test_own_repair_has_a_promised_day_and_no_window() -> None:
    own = repair_receipt(outside=False, promised=date(2026, 12, 1))
    (page,) = texts(render("repair_receipt", own))
    assert "2026-12-01" in page and "2027-05-22" not in page


@pytest.mark.clause("REP-06")
def test_copy_with_the_piece_hides_contact_value_and_fees() -> None:
    slip = repair_slip()
    stub, customer, piece = texts(render("repair_slip", slip))
    for secret in (slip.phone, squeezed(slip.address), "NT$1,980", "NT$600"):
        assert secret in stub and secret in customer and secret not in piece
    for internal in ("350", squeezed(slip.internal_remark), squeezed(slip.batch)):
        assert internal in stub and internal not in customer
    assert squeezed(slip.instruction) in piece and squeezed(slip.instruction) not in customer
    assert slip.customer.split()[0] in piece and squeezed(slip.part) in piece


def test_the_third_copy_of_an_own_repair_stays_in_the_shop() -> None:
    away, own = (texts(render("repair_slip", repair_slip(outside=out), copies=(3,)))[0] for out in (True, False))
    workshop, stays = (squeezed(TW.gettext(text)) for text in (
        "goes to the workshop with the piece", "stays with the piece in the shop",
    ))  # fmt: skip
    assert workshop in away and squeezed(TW.gettext("Workshop's notes")) in away
    assert stays in own and workshop not in own and squeezed(TW.gettext("Workshop's notes")) not in own


def test_a_missing_or_broken_photo_says_so() -> None:
    said = squeezed(TW.gettext("Photo: see the system"))
    assert said in texts(render("repair_slip", repair_slip(photo=None)))[0]
    assert said in texts(render("repair_receipt", repair_receipt(photo=Photo(b"no picture"))))[0]
    assert said not in texts(render("repair_receipt", repair_receipt()))[0]


def test_long_repair_part_goes_on_a_second_sheet_whole() -> None:
    part = "右下第 4 顆綠松石脫落，補石並重新包鑲；" * 20
    for kind, document in (("repair_slip", repair_slip(part=part)), ("repair_receipt", repair_receipt(part=part))):
        pages = texts(render(kind, document))
        assert squeezed(part) in pages[1]


@pytest.mark.clause("CMP-34")
def test_five_copies_hide_what_their_receivers_need_not_know() -> None:
    sheet = complaint_sheet(loss="NT$ 8,750", fines="點數 5（二課）", punishment="口頭告誡 1 人")
    pages = texts(render("complaint_sheet", sheet))
    assert len(pages) == 5
    seen = {
        "0912-345-678": [False, False, True, True, True],
        "8,750": [False, False, True, True, True],
        "點數5": [False, False, False, True, True],
        "口頭告誡": [False, False, False, False, True],
    }
    for secret, where in seen.items():
        assert [secret in page for page in pages] == where, secret
    assert [squeezed(TW.gettext("(not printed on this copy)")) in page for page in pages] == [True] * 4 + [False]


@pytest.mark.clause("CMP-29")
def test_only_the_late_stage_says_so() -> None:
    page = texts(render("complaint_sheet", complaint_sheet(), copies=(5,)))[0]
    assert page.count("▲") == 1
    assert squeezed(TW.gettext("▲ {days} d late").format(days="1.4")) in page


def test_long_opinion_and_content_stand_whole_in_the_annex() -> None:
    sheet = complaint_sheet()
    opinion = "接頭焊料氣孔，屬焊接溫度不足；" * 20
    sheet = replace(
        sheet, stages=(replace(sheet.stages[0], opinion=opinion), *sheet.stages[1:]), content="配戴後勾毛衣。" * 60
    )
    pages = texts(render("complaint_sheet", sheet, copies=(1,)))
    assert len(pages) == 2
    assert opinion in pages[1] and sheet.content in pages[1]


def test_what_the_customer_wants_and_what_is_followed_up_is_read_or_stands_in_the_annex() -> None:
    wish, follow_up = "換新兩條，並先寄兩條給客人；其餘八條由客人自行檢查。", "該批扣頭退回工廠，進貨加做拉力抽查。" * 4
    sheet = complaint_sheet(demand=wish, follow_up=follow_up)
    assert squeezed(wish) in texts(render("complaint_sheet", sheet, copies=(3,)))[0]
    assert len(texts(render("complaint_sheet", sheet, copies=(3,)))) == 1
    paper = Sheet(210.0, 297.0, "en")
    for field in short_fields(words("en"), sheet, COMPLAINT_SHEET[0]):
        fit = fit_field(paper, field)
        assert fit.size >= 8.5
        assert all(paper.measure(line, fit.size, field.bold) <= field.end - field.x for line in fit.lines)
    pages = texts(render("complaint_sheet", replace(sheet, follow_up=follow_up * 5), copies=(3,)))
    assert len(pages) == 2 and follow_up * 5 in pages[1]


def test_empty_complaint_and_empty_month_print() -> None:
    assert len(texts(render("complaint_sheet", ComplaintSheet(OFFICE, "2611-01", AT, "陳")))) == 5
    assert len(texts(render("monthly_report", MonthlyReport(OFFICE, 2026, 1)))) == 2


@pytest.mark.parametrize("count", [1, 19, 28, 29, 60])
def test_every_clause_of_the_month_is_listed_once(count: int) -> None:
    pages = texts(render("monthly_report", monthly_report(count)))
    whole = "".join(pages[1:])
    assert all(whole.count(f"CALL-{n:02d}") == 1 for n in range(1, count + 1))
    assert squeezed(TW.page(1, len(pages))) in pages[0]


def test_each_page_of_the_month_says_who_printed_it_when_and_which_page_it_is() -> None:
    pages = texts(render("monthly_report", monthly_report(60)))
    assert len(pages) >= 3
    for number, page in enumerate(pages, 1):
        foot = page[page.rindex(squeezed(TW.page(number, len(pages)))) :]
        assert "林秋萍" in foot and squeezed("2026-11-03 18:02") in foot


@pytest.mark.parametrize(("count", "pages"), [(0, 2), (24, 2), (27, 3), (52, 3), (60, 4)])
def test_no_page_of_the_month_holds_the_signatures_alone(count: int, pages: int) -> None:
    made = texts(render("monthly_report", replace(monthly_report(count), actions=()), language="en"))
    assert len(made) == pages
    clauses = [page.count("CALL-") for page in made[1:]]
    assert sum(clauses) == count and (not count or min(clauses) > 3)
    assert squeezed("General manager") in made[-1]


def test_a_rate_is_rounded_as_on_the_screen_and_no_rule_is_cut() -> None:
    rule = "Read back all four points"
    row = replace(monthly_report(1).clauses[0], times=242, kept=218, rule=rule)
    for reason in ("", "2 件次日回"):
        report = replace(monthly_report(1), clauses=(replace(row, reason=reason),))
        page = texts(render("monthly_report", report, language="en"))[1]
        assert "90.1%" in page and squeezed(rule) in page


def test_the_desks_name_what_their_rate_is_of() -> None:
    desk = DeskRow("Packing", (("Slips packed", "214"),), "100.0%", "98.0%", "Two people when absent")
    page = texts(render("monthly_report", monthly_report(desks=(desk,)), language="en"))[0]
    assert squeezed("Two people when absent") in page


def test_a_single_breach_is_not_a_hundred_percent() -> None:
    report = monthly_report(1)
    row = replace(report.clauses[0], times=14902, kept=14901)
    page = texts(render("monthly_report", replace(report, clauses=(row,))))[1]
    assert "99.9%" in page and "100%" not in page


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1.0), (3, 1.0), (4, 1.0), (25.4, 10.0), (20, 5.0), (0.7, 0.2), (9_700_000, 2_500_000.0)]
)
def test_chart_steps_are_round(highest: float, step: float) -> None:
    assert nice_step(highest) == pytest.approx(step)


def test_a_list_loses_no_word_and_no_row() -> None:
    letter = "鍊子褪色，要求換貨，並問同批其餘三十條是否也會褪色，希望十天內書面答覆。" * 6
    paper = list_paper(30)
    rows = tuple((code, name, letter, phone, letter) for code, name, _shop, phone, _owed in paper.rows)
    pages = texts(render("list", replace(paper, rows=rows, right=())))
    whole = "".join(pages)
    assert len(pages) > 2 and "…" not in whole and squeezed(TW.page(1, len(pages))) in pages[0]
    assert all(whole.count(row[0]) == 1 for row in rows)
    assert whole.count("0912-345-678") == 30
    assert whole.count("希") == 30 * 2 * letter.count("希")
