"""The import window: file, columns, preview, trying, importing, cancelling."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crmdesk.services.context import Context
from crmdesk.services.customer_search import count_customers
from crmdesk.services.items import count_items
from crmdesk.ui.imports.page import ImportPage
from crmdesk.ui.page import MAX_MINIMUM

DATA = Path(__file__).parents[1] / "data" / "import"


@pytest.fixture
def page(desk: Context, qtbot: QtBot) -> ImportPage:
    """The page, empty."""
    shown = ImportPage(desk)
    qtbot.addWidget(shown)
    shown.resize(1100, 600)
    shown.show()
    return shown


def idle(qtbot: QtBot, page: ImportPage) -> None:
    qtbot.waitUntil(lambda: page.task is None, timeout=20_000)


def open_file(qtbot: QtBot, page: ImportPage, path: Path) -> None:
    page.open_path(str(path))
    idle(qtbot, page)


def test_a_good_file_is_looked_at_tried_and_imported(page: ImportPage, qtbot: QtBot, boxes: Any, desk: Context) -> None:
    boxes.expect_file(str(DATA / "customers_big5.csv"))
    page.file_button.click()
    idle(qtbot, page)
    assert page.encoding_choice.value() == "big5"
    assert page.mapping()["name"] == 1 and page.model.rowCount() == 6
    page.try_button.click()
    idle(qtbot, page)
    assert page.report.words_label.text().startswith("All 6 rows are good") and count_customers(desk) == 0
    page.import_button.click()
    idle(qtbot, page)
    assert page.report.words_label.text().startswith("Imported: 6 new") and count_customers(desk) == 6


def test_errors_stand_by_their_rows(page: ImportPage, qtbot: QtBot, desk: Context) -> None:
    open_file(qtbot, page, DATA / "customers_excel_phones.csv")
    assert "3 can't be imported" in page.preview_title.text()
    assert "8.86E+11" in page.model.data(page.model.index(0, 1))
    page.run_import()
    idle(qtbot, page)
    assert "3 errors" in page.report.words_label.text() and "Row 2, phone1" in page.report.errors_label.text()
    assert count_customers(desk) == 0
    assert not page.import_button.ready and "errors" in page.import_button.reason
    page.existing_choice.set_value("update")
    page.existing_choice.value_changed.emit()  # another rule for known codes: the finding is out of date
    assert page.import_button.ready and not page.report.isVisible()


def test_what_was_found_takes_no_more_room_than_its_words(page: ImportPage, qtbot: QtBot) -> None:
    open_file(qtbot, page, DATA / "customers_big5.csv")
    page.try_out()
    idle(qtbot, page)
    assert page.report.height() < 60


def test_columns_can_be_put_right(page: ImportPage, qtbot: QtBot, tmp_path: Path, desk: Context) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("wer,wo\n陳一,0912345678\n", encoding="utf-8")
    open_file(qtbot, page, file)
    assert page.mapping() == {}
    page.set_column("name", 0)
    page.set_column("phone", 1)
    page.run_import()
    idle(qtbot, page)
    assert count_customers(desk) == 1


@pytest.mark.parametrize(("name", "words"), [("empty.csv", "is empty"), ("not_a_workbook.xlsx", "no workbook")])
def test_a_file_that_is_none_is_said_in_words(page: ImportPage, qtbot: QtBot, name: str, words: str) -> None:
    open_file(qtbot, page, DATA / name)
    assert words in page.report.words_label.text() and page.report.isVisible()
    assert not page.import_button.ready


def test_the_wrong_encoding_is_said(page: ImportPage, qtbot: QtBot) -> None:
    open_file(qtbot, page, DATA / "customers_gb18030.csv")
    page.encoding_choice.set_value("utf-8")
    page._read()
    idle(qtbot, page)
    assert "isn't written in" in page.report.words_label.text()


def test_cancel_leaves_nothing_behind(page: ImportPage, qtbot: QtBot, tmp_path: Path, desk: Context) -> None:
    file = tmp_path / "many.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["name", "phone"], *[[f"陳{i}", f"09{i:08d}"] for i in range(8000)]])
    open_file(qtbot, page, file)
    page.run_import()
    assert page.task is not None
    assert not page.leave()
    page.task.cancel()
    idle(qtbot, page)
    assert count_customers(desk) == 0 and page.leave()


def test_items_have_their_own_columns(page: ImportPage, qtbot: QtBot, desk: Context) -> None:
    page.load(what="items")
    open_file(qtbot, page, DATA / "items.xlsx")
    assert page.mapping()["price_retail"] == 10
    page.run_import()
    idle(qtbot, page)
    assert "3 errors" in page.report.words_label.text() and count_items(desk) == 0


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_it_fits_and_keeps_the_columns(
    page: ImportPage, qtbot: QtBot, look: Callable[..., None], language: str
) -> None:
    open_file(qtbot, page, DATA / "customers.xlsx")
    page.set_column("note", None)
    before = page.mapping()
    look(language=language)
    assert page.mapping() == before
    size = page.minimumSizeHint()
    assert size.width() <= MAX_MINIMUM.width() and size.height() <= MAX_MINIMUM.height(), size
    room = page.mapping_card.width() - 2 * 20 - 12  # margins, scroll bar
    assert page.mapping_holder.minimumSizeHint().width() <= room, "the choices are not cut off"


def test_the_page_is_freed(desk: Context, freed: Callable[..., None]) -> None:
    freed(lambda: ImportPage(desk))
