"""Imports: every file of tests/data/import, all or nothing, on both engines."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crmdesk.core.errors import PermissionDenied, UserError
from crmdesk.core.i18n import using
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.services import customers
from crmdesk.services.context import Context
from crmdesk.services.customer_merge import merge_customers
from crmdesk.services.customer_search import count_customers, find_customers, find_people
from crmdesk.services.imports import (
    CUSTOMER_FIELDS,
    ImportResult,
    guess_mapping,
    import_customers,
    import_items,
    preview,
    read_table,
)
from crmdesk.services.items import count_items, find_item_by_code, find_items
from crmdesk.services.noted_callers import find_noted
from crmdesk.services.records import find_history, find_timeline
from crmdesk.services.tables import detect_encoding, unspoiled
from tests.helpers.office import Staff, count_queries

DATA = Path(__file__).parents[1] / "data" / "import"


def write(path: Path, rows: Iterable[Iterable[object]], encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def card(ctx: Context, code: str) -> customers.CustomerCard:
    return customers.get_customer(ctx, next(row.id for row in find_people(ctx, code)))


def messages(result: ImportResult) -> dict[int, str]:
    return {error.row: error.message for error in result.errors}


# --- the files of the office ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "encoding", "rows"),
    [("customers_big5.csv", "big5", 6), ("customers_gb18030.csv", "gb18030", 5), ("customers_utf8_bom.csv", "utf-8", 6),
     ("customers_semicolon.csv", "utf-8", 2), ("customers.xlsx", "", 5)],
)  # fmt: skip
def test_good_files_come_in_whole(ctx: Context, name: str, encoding: str, rows: int) -> None:
    table = read_table(DATA / name)
    assert (table.encoding, len(table.rows)) == (encoding, rows)
    result = import_customers(ctx, DATA / name)
    assert (result.written, result.created, result.errors) == (True, rows, ())
    assert count_customers(ctx) == rows


def test_big5_is_read_right_to_the_last_backslash(ctx: Context) -> None:
    import_customers(ctx, DATA / "customers_big5.csv")
    found = card(ctx, "T-0001")
    assert (found.name, found.company, found.kind, found.grade) == ("陳李美鳳", "陳家銀樓", "wholesale", "A")
    assert [(p.number, p.extension) for p in found.form.phones] == [("04-2222-5678", "6"), ("0912-345-678", "")]
    assert card(ctx, "T-0002").name == "許功蓋"
    assert card(ctx, "T-0006").phone == "0932-018-647"
    assert [row.name for row in find_people(ctx, "shanyahui")] == ["單雅慧"]


def test_simplified_and_rare_characters(ctx: Context) -> None:
    import_customers(ctx, DATA / "customers_gb18030.csv")
    assert card(ctx, "S-0003").name == "𠮷永康"
    assert [row.name for row in find_people(ctx, "仇")] == ["仇建平"]


def test_a_workbook_keeps_its_zeros(ctx: Context) -> None:
    import_customers(ctx, DATA / "customers.xlsx")
    found = card(ctx, "W-0001")
    assert [p.number for p in found.form.phones][-1] == "0912-345-678"
    assert found.form.since is not None and found.form.since.isoformat() == "2020-09-14"
    assert card(ctx, "1003").name == "數字編號"
    assert card(ctx, "W-0005").phone == "0912-345-652"


@pytest.mark.parametrize(
    ("name", "words"),
    [("empty.csv", "is empty"), ("header_only.csv", "no rows"), ("not_a_workbook.xlsx", "no workbook"),
     ("customers_mixed_encoding.csv", "encoding"), ("customers_wrong_columns.csv", "No column"),
     ("missing.csv", "can't be read")],
)  # fmt: skip
def test_files_that_are_no_tables_are_refused_in_words(ctx: Context, name: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        import_customers(ctx, DATA / name)
    assert words in caught.value.message
    assert count_customers(ctx) == 0


def test_phones_that_excel_spoiled(ctx: Context, tmp_path: Path) -> None:
    result = import_customers(ctx, DATA / "customers_excel_phones.csv")
    assert not result.written and count_customers(ctx) == 0
    assert [error.row for error in result.errors] == [2, 8, 9]
    assert "8.86E+11" in messages(result)[2]
    with (DATA / "customers_excel_phones.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row[0] not in ("X-0001", "X-0007", "X-0008")]
    assert import_customers(ctx, write(tmp_path / "good.csv", rows)).written
    phones = {row.code: row.phone for row in find_customers(ctx)}
    assert phones == {
        "X-0002": "0912-345-678", "X-0003": "0912-345-604", "X-0004": "+86 139 1234 5678", "X-0005": "04-2222-5678",
        "X-0006": "0912-345-605", "X-0009": "0912-345-606", "X-0010": "0912-345-607",
    }  # fmt: skip


def test_ragged_rows_are_named(ctx: Context) -> None:
    result = import_customers(ctx, DATA / "customers_ragged.csv")
    assert not result.written
    assert set(messages(result)) == {4, 9, 10}
    assert (
        "more columns" in messages(result)[4] and "name" in messages(result)[9] and "too long" in messages(result)[10]
    )


def test_the_same_code_twice(ctx: Context) -> None:
    result = import_customers(ctx, DATA / "customers_duplicate_codes.csv")
    assert [error.row for error in result.errors] == [4, 5, 7]
    assert "Row 2 has this code" in messages(result)[4]
    assert any(note.row == 8 and "Row 2" in note.message for note in result.duplicates)
    assert count_customers(ctx) == 0


# --- manners --------------------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing(ctx: Context) -> None:
    result = import_customers(ctx, DATA / "customers_big5.csv", True)
    assert (result.ok, result.created, result.written, count_customers(ctx)) == (True, 6, False, 0)


def test_codes_go_on_after_those_the_file_brought(ctx: Context, tmp_path: Path) -> None:
    file = write(
        tmp_path / "c.csv",
        [["編號", "姓名", "期初餘額", "類別"], ["C00041", "陳一", "1,200", "批發 A"], ["", "陳二", "", ""]],
    )
    assert import_customers(ctx, file).written
    assert {row.code: row.balance for row in find_customers(ctx)} == {"C00041": Decimal(1200), "C00042": Decimal(0)}
    assert customers.create_customer(ctx, customers.CustomerForm("陳三")).code == "C00043"
    assert card(ctx, "C00041").grade == "A"


def test_known_codes_are_refused_or_updated(ctx: Context, tmp_path: Path) -> None:
    import_customers(ctx, DATA / "customers_big5.csv")
    before = card(ctx, "T-0001")
    file = write(
        tmp_path / "c.csv",
        [["code", "name", "phone", "address"], ["T-0001", "陳鳳", "0988760115", ""], ["T-9", "新", "", ""]],
    )
    result = import_customers(ctx, file)
    assert not result.written and "already" in messages(result)[2]
    result = import_customers(ctx, file, existing="update")
    assert (result.written, result.created, result.updated) == (True, 1, 1)
    after = card(ctx, "T-0001")
    assert (after.name, after.address, after.version) == ("陳鳳", before.address, before.version + 1)
    assert [p.number for p in after.form.phones] == ["04-2222-5678", "0912-345-678", "0988-760-115"]
    assert find_people(ctx, "李美鳳") == [] and [r.id for r in find_people(ctx, "陳鳳")] == [after.id]


def test_the_code_of_a_merged_card_means_the_survivor(ctx: Context, tmp_path: Path) -> None:
    kept, gone = (customers.create_customer(ctx, customers.CustomerForm(name)).id for name in ("陳一", "陳二"))
    merge_customers(ctx, kept, gone)
    head = ["code", "name", "phone", "region"]
    file = write(tmp_path / "c.csv", [head, ["C00002", "陳一", "0912345678", "台中"]])
    assert "already" in messages(import_customers(ctx, file))[2]
    assert import_customers(ctx, file, existing="update").updated == 1
    after = card(ctx, "C00001")
    assert (after.id, after.region, after.phone) == (kept, "台中", "0912-345-678")
    with ctx.reading() as session:
        assert session.scalar(select(Customer.region).where(Customer.id == gone)) == ""
    file = write(tmp_path / "d.csv", [head, ["C00001", "陳一", "", "台北"], ["C00002", "陳一", "", "台南"]])
    assert "Row 2 means the same customer" in messages(import_customers(ctx, file, existing="update"))[3]


def test_a_number_in_an_imported_note_tells_who_perhaps_calls(ctx: Context, tmp_path: Path) -> None:
    head = ["code", "name", "note"]
    assert import_customers(ctx, write(tmp_path / "c.csv", [head, ["T-1", "陳一", "先生 0912-345-678"]])).written
    found = card(ctx, "T-1").id
    assert [row.customer_id for row in find_noted(ctx, "0912345678")] == [found]
    file = write(tmp_path / "d.csv", [head, ["T-1", "陳一", "先生 0988-760-115"]])
    assert import_customers(ctx, file, existing="update").updated == 1
    assert find_noted(ctx, "0912345678") == []
    assert [row.customer_id for row in find_noted(ctx, "0988760115")] == [found]


def test_without_codes_name_and_number_tell_who_is_known(ctx: Context, tmp_path: Path) -> None:
    file = write(tmp_path / "c.csv", [["name", "phone"], ["陳一", "0912345678"]])
    assert import_customers(ctx, file).written
    assert "customer already" in messages(import_customers(ctx, file))[2]
    tried = import_customers(ctx, file, existing="update")
    assert tried.updated == 1 and card(ctx, "C00001").version == 1  # nothing to change: the card is left alone
    assert count_customers(ctx) == 1


def test_a_wrong_mapping_is_recognised(ctx: Context, tmp_path: Path) -> None:
    rows = [["a", "b"], *[[f"陳{ch}", f"台中市{ch}路"] for ch in "一二三四五"]]
    result = import_customers(ctx, write(tmp_path / "c.csv", rows), mapping={"name": "a", "phone": "b"})
    assert result.error_count == 5 and "“b”" in result.advice and "“Phone”" in result.advice
    with pytest.raises(UserError):
        import_customers(ctx, tmp_path / "c.csv", mapping={"name": "z"})
    with pytest.raises(UserError):
        import_customers(ctx, tmp_path / "c.csv", mapping={"nose": "a", "name": "a"})


def test_a_cancelled_import_leaves_nothing(ctx: Context, tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done > 3000:  # while it is being written
            raise Stop

    file = write(tmp_path / "c.csv", [["name", "phone"], *[[f"陳{i}", f"09{i:08d}"] for i in range(3000)]])
    with pytest.raises(Stop):
        import_customers(ctx, file, progress=progress)
    assert seen[:3] == [(1000, 6000), (2000, 6000), (3000, 6000)]
    assert count_customers(ctx) == 0


def test_many_rows_take_few_statements_and_one_line_of_history(ctx: Context, tmp_path: Path) -> None:
    file = write(tmp_path / "c.csv", [["name", "phone"], *[[f"陳{i}", f"09{i:08d}"] for i in range(1500)]])
    with count_queries(ctx) as seen:
        assert import_customers(ctx, file).written
    assert len(seen) <= 16, seen
    line = find_history(ctx, "import", 0)[0]
    assert (line.sentence, line.changes["created"]) == ("Import customers", [None, 1500])


def test_the_colleague_in_charge(ctx: Context, tmp_path: Path, staff: Staff) -> None:
    file = write(tmp_path / "c.csv", [["姓名", "負責"], ["陳一", "王小美"], ["陳二", "nobody"]])
    assert "nobody" in messages(import_customers(ctx, file))[3]
    assert import_customers(ctx, write(tmp_path / "d.csv", [["姓名", "負責"], ["陳一", "mei"]])).written
    assert find_customers(ctx, owner_id=staff.mei.id)[0].name == "陳一"


def test_rights(ctx: Context, staff: Staff) -> None:
    with pytest.raises(PermissionDenied):
        import_customers(ctx.acting_as(staff.mei), DATA / "customers_big5.csv")
    with pytest.raises(PermissionDenied):
        import_items(ctx.acting_as(staff.mei), DATA / "items.xlsx")


def test_the_preview_names_what_is_wrong(desk: Context) -> None:
    table = read_table(DATA / "customers_excel_phones.csv")
    rows = preview(desk, "customers", table, guess_mapping(table.header, CUSTOMER_FIELDS))
    assert [row.number for row in rows if row.errors] == [2, 8, 9]
    assert list(rows[0].errors) == ["phone"]


# --- items ----------------------------------------------------------------------------------------------------------


def test_items_with_wrong_prices_are_refused(ctx: Context, tmp_path: Path) -> None:
    result = import_items(ctx, DATA / "items.xlsx")
    assert {(error.row, error.column) for error in result.errors} == {
        (4, "price_wholesale_a"), (6, "price_wholesale_a"), (7, "code"),
    }  # fmt: skip
    assert count_items(ctx) == 0


def test_items_come_in_with_codes_and_prices(ctx: Context, tmp_path: Path) -> None:
    file = write(
        tmp_path / "i.csv",
        [
            ["貨號", "品名", "條碼", "批發A", "零售價", "重量"],
            ["r-1", "戒", "00029", "1,320", "NT$705", "1.4"],
            ["r-2", "鍊", "", "", "", ""],
        ],
        "big5",
    )
    assert import_items(ctx, file).created == 2
    ring = find_item_by_code(ctx, "00029")
    assert ring is not None
    assert (ring.code, ring.price_wholesale_a, ring.price_retail, ring.weight_g) == ("R-1", 1320, 705, Decimal("1.4"))
    assert import_items(ctx, file).error_count == 2
    assert import_items(ctx, file, existing="update").updated == 2
    assert count_items(ctx) == 2


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text"),
    [('="0912345607"', "0912345607"), ("'0912", "0912"), ("1.3912345678E+10", "13912345678"), ("8.86E+11", "8.86E+11"),
     ("E+", "E+"), ("1E+x", "1E+x"), ("", "")],
)  # fmt: skip
def test_cells_without_what_excel_puts_around_them(cell: str, text: str) -> None:
    assert unspoiled(cell) == text


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        ("姓名,電話\n陳大文,0912", "cp950", "big5"),
        ("姓名,电话\n陈大文,139", "gb18030", "gb18030"),
        ("姓名", "utf-8", "utf-8"),
        ("姓名", "utf-16", "utf-16"),
        ("name,phone", "ascii", "utf-8"),
        ("客戶編號,姓名,地址\n1,單雅慧,臺北市大同區延平北路", "cp950", "big5"),
    ],
)
def test_encodings_are_recognised(text: str, codec: str, name: str) -> None:
    assert detect_encoding(text.encode(codec)) == name


def test_each_card_says_from_which_file_it_came(ctx: Context, tmp_path: Path) -> None:
    with using("en"):
        own = customers.create_customer(ctx, customers.CustomerForm("王自來")).id
        rows = [["code", "name", "phone"], ["X1", "陳一", "0911000001"], ["X2", "陳二", "0911000002"]]
        assert import_customers(ctx, write(tmp_path / "old.csv", rows)).written
        rows = [["code", "name", "region"], ["X2", "陳二", "台中"], ["X3", "陳三", "台南"]]
        assert import_customers(ctx, write(tmp_path / "new.csv", rows), existing="update").written
        told = {
            row.name: [line.title for line in find_timeline(ctx, row.id) if "from" in line.title]
            for row in find_customers(ctx, "")
        }
        assert told == {
            "王自來": [],
            "陳一": ["Imported from old.csv"],
            "陳二": ["Updated from new.csv", "Imported from old.csv"],
            "陳三": ["Imported from new.csv"],
        }
        second = next(row.id for row in find_customers(ctx, "") if row.name == "陳二")
        assert [line.sentence for line in find_history(ctx, "customer", second)] == ["Import customers"]
        assert all(line.sentence != "Import customers" for line in find_history(ctx, "customer", own))


def test_each_item_says_from_which_file_it_came(ctx: Context, tmp_path: Path) -> None:
    rows = [["code", "name"], ["R-1", "戒指"], ["R-2", "手鍊"]]
    assert import_items(ctx, write(tmp_path / "old.csv", rows)).written
    assert import_items(ctx, write(tmp_path / "new.csv", [rows[0], ["R-2", "手鍊 18 cm"]]), existing="update").written
    history = {
        item.code: [line.changes["file"][1] for line in find_history(ctx, "item", item.id)]
        for item in find_items(ctx)
    }
    assert history == {"R-1": ["old.csv"], "R-2": ["new.csv", "old.csv"]}


def test_a_file_that_is_refused_leaves_no_line(ctx: Context, tmp_path: Path) -> None:
    rows = [["code", "name"], ["X1", "陳一"], ["X1", "陳二"]]
    assert not import_customers(ctx, write(tmp_path / "bad.csv", rows)).written
    with ctx.reading() as session:
        assert session.scalar(select(func.count()).select_from(Event).where(Event.action == "imported")) == 0
