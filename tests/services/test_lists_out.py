"""Lists: sorted in the database, any field as a column, views kept, changed together, exported and printed."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it has no stubs
import pytest
from sqlalchemy import select

from crmdesk.core.clock import FixedClock
from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.model.history import Event
from crmdesk.services import (
    call_lists,
    complaint_lists,
    customer_bulk,
    customer_lists,
    customers,
    exports,
    items,
    matters,
    missed_calls,
    papers,
    repairs,
    sale_lists,
    views,
    visit_board,
)
from crmdesk.services.archive_looks import find_looks
from crmdesk.services.context import Context, User
from crmdesk.services.customer_forms import CustomerForm, PhoneEntry
from crmdesk.services.exports import ListSheet
from crmdesk.services.records import find_history
from crmdesk.services.staff import find_staff
from tests.helpers.office import Staff

FORMS = (
    CustomerForm("陳李美鳳", "wholesale", "A", region="台中", phones=(PhoneEntry("0912345678"),),
                 archive={"native_place": "鹿港", "health": "膝蓋舊傷"}, opening_balance=Decimal(900)),
    CustomerForm("Bea 👩‍🔧 王", region="Taipei", archive={"native_place": "台南"}, origin="visit"),
    CustomerForm("Ada", phones=(PhoneEntry("0225586105"),), opening_balance=Decimal(20)),
)  # fmt: skip


@pytest.fixture
def three(ctx: Context) -> list[int]:
    """Three customers: with a balance, with an emoji, with little."""
    return [customers.create_customer(ctx, form).id for form in FORMS]


def as_login(ctx: Context, login: str) -> Context:
    member = next(m for m in find_staff(ctx) if m.login == login)
    return ctx.acting_as(User(member.id, member.login, member.name, member.roles))


@pytest.mark.parametrize(
    ("key", "down", "order"),
    [
        ("name", False, [2, 1, 0]), ("name", True, [0, 1, 2]), ("region", False, [1, 0, 2]),
        ("region", True, [0, 1, 2]), ("balance", True, [0, 2, 1]), ("phone", False, [2, 0, 1]),
        ("archive.native_place", False, [1, 0, 2]), ("archive.native_place", True, [0, 1, 2]),
        ("filled", True, [0, 1, 2]), ("code", True, [2, 1, 0]), ("no such column", False, [2, 1, 0]),
        ("owner", False, [2, 1, 0]), ("since", False, [2, 1, 0]), ("origin", False, [1, 2, 0]),
    ],
)  # fmt: skip
def test_any_column_sorts_and_who_has_nothing_there_comes_last(
    ctx: Context, three: list[int], key: str, down: bool, order: list[int]
) -> None:
    found = customer_lists.find_list(ctx, sort=(key, down))
    assert [three.index(entry.row.id) for entry in found] == order
    first = customer_lists.find_list(ctx, sort=(key, down), limit=1)
    assert [three.index(entry.row.id) for entry in first] == order[:1]


def test_fields_of_the_archive_are_columns_and_the_protected_ones_never(ctx: Context, three: list[int]) -> None:
    names = [field.key for field in customer_lists.list_fields(ctx)]
    assert "native_place" in names and "health" not in names and "gender" not in names
    more = ["archive.native_place", "archive.health", "archive.gone", "filled", "origin", "created_at"]
    chen = next(e for e in customer_lists.find_list(ctx, more=more) if e.row.id == three[0])
    assert chen.more["archive.native_place"] == "鹿港" and chen.more["filled"] > 0
    assert not {"archive.health", "archive.gone"} & chen.more.keys()
    found = customer_lists.find_list(ctx, "bea", more=more)
    assert [entry.more["origin"] for entry in found] == ["Visit"]


def test_views_are_kept_for_each_person_and_shared_by_the_manager(ctx: Context, staff: Staff) -> None:
    wen = as_login(ctx, "wen")
    assert views.last_view(ctx, "customers") == {}
    views.keep_view(ctx, "customers", {"sort": ["name", True]})
    views.keep_view(ctx, "customers", {"sort": ["code", False]})
    views.save_view(wen, "customers", " Mine ", {"columns": ["name"]})
    views.save_view(ctx, "customers", "For all", {"columns": ["name", "code"]}, shared=True)
    assert views.last_view(ctx, "customers") == {"sort": ["code", False]} and not views.last_view(wen, "customers")
    assert [(v.name, v.shared, v.own) for v in views.find_views(wen, "customers")] == [
        ("Mine", False, True), ("For all", True, False)
    ]  # fmt: skip
    assert [v.name for v in views.find_views(ctx, "customers")] == ["For all"] and not views.find_views(ctx, "calls")
    with pytest.raises(PermissionDenied):
        views.save_view(wen, "customers", "x", {}, shared=True)
    shared = views.find_views(ctx, "customers")[0]
    with pytest.raises(PermissionDenied):
        views.remove_view(wen, shared.id)
    with pytest.raises(UserError):
        views.remove_view(ctx, views.find_views(wen, "customers")[0].id)
    with pytest.raises(ValidationError):
        views.save_view(wen, "customers", "  ", {})
    views.save_view(wen, "customers", "Mine", {"columns": ["code"]})
    assert [v.payload for v in views.find_views(wen, "customers")][:1] == [{"columns": ["code"]}]
    views.remove_view(ctx, shared.id)
    views.keep_view(ctx, "customers", {})
    assert views.find_views(ctx, "customers") == [] and views.last_view(ctx, "customers") == {}


def test_every_desk_sorts_all_it_finds_by_any_column(ctx: Context) -> None:
    at = ctx.clock.now()
    missed = [
        missed_calls.log_missed(ctx, f"09123456{10 + place}", name=name, at=at + timedelta(minutes=place))
        for place, name in enumerate(("B", "", "a"))
    ]
    missed_calls.settle_missed(ctx, missed[0], version=None, reason="x")

    def order(key: str, down: bool, limit: int = 9) -> list[int]:
        found = missed_calls.find_missed(ctx, show="all", limit=limit, sort=(key, down))
        return [missed.index(row.id) for row in found]

    assert order("name", False) == [2, 0, 1] and order("name", True) == [0, 2, 1]
    assert order("at", False, 1) == [0] and order("state", False)[2] == 0 and order("no such", True) == [2, 1, 0]
    for find, columns in (
        (call_lists.find_calls, "time caller matter callback urgency state"), (repairs.find_repairs, "due state_title"),
        (matters.find_matters, "accepted customer matter due state"), (items.find_items, "code price_retail"),
        (complaint_lists.find_complaints, "handler next_reply state"), (sale_lists.find_sales, "customer paid"),
        (visit_board.find_visits, "came name stayed state"),
    ):  # fmt: skip
        for column in columns.split():
            assert find(ctx, sort=(column, True)) == []  # type: ignore[operator]  # their arguments differ otherwise


def test_one_change_for_many_has_a_line_for_each_and_is_taken_back(
    ctx: Context, three: list[int], clock: FixedClock
) -> None:
    owner = find_staff(ctx)[0].id
    customers.update_customer(ctx, three[2], 1, replace(FORMS[2], owner_id=owner))
    change = customer_bulk.change_customers(ctx, three, "owner_id", owner)
    assert change.count == 2
    assert all(customers.get_customer(ctx, number).form.owner_id == owner for number in three)
    assert find_history(ctx, "customer", three[0])[0].sentence == "Change several customers"
    customer_bulk.change_customers(ctx, three[:1], "owner_id", None)  # somebody changed one meanwhile
    assert customer_bulk.take_back(ctx, change) == 1
    assert customers.get_customer(ctx, three[1]).form.owner_id is None
    assert customers.get_customer(ctx, three[2]).form.owner_id == owner
    late = customer_bulk.change_customers(ctx, three, "care_level", "important")
    clock.advance(timedelta(minutes=6))
    with pytest.raises(UserError):
        customer_bulk.take_back(ctx, late)


@pytest.mark.parametrize(
    ("field", "value"), [("name", "x"), ("kind", "king"), ("owner_id", 99999), ("active", "no"), ("care_level", "?")]
)
def test_nothing_else_is_set_for_many(ctx: Context, three: list[int], field: str, value: object) -> None:
    with pytest.raises(UserError):
        customer_bulk.change_customers(ctx, three, field, value)


SHEET = ListSheet(
    "customers", "客戶/清單", ("Name", "Phone", "Balance", "Since"),
    [("=1+1", "0912-345-678", Decimal("12.50"), date(2026, 1, 2)), ("𠮷 👩‍🔧 ‮abc", "+886 912", None, None),
     ("@sum(A1)", "x", Decimal(3), None)],
)  # fmt: skip


@pytest.mark.clause("CRM-40")
def test_a_table_for_excel_keeps_texts_and_runs_nothing(ctx: Context, tmp_path: Path) -> None:
    assert exports.export_list(ctx, SHEET, tmp_path / "out.csv") == 3
    raw = (tmp_path / "out.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert rows[1] == ["'=1+1", "0912-345-678", "12.50", "2026-01-02"]
    assert rows[2][:2] == ["𠮷 👩‍🔧 ‮abc", "+886 912"] and rows[3][0] == "'@sum(A1)"
    exports.export_list(ctx, SHEET, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None and sheet.title == "客戶 清單"
    cells: list[Any] = [cell.value for cell in sheet[2]]
    assert cells[:3] == ["=1+1", "0912-345-678", 12.5] and sheet["A2"].data_type == "s"
    assert cells[3].date() == date(2026, 1, 2) and sheet["A3"].value == "𠮷 👩‍🔧 ‮abc"
    with ctx.reading() as session:
        told = session.scalars(select(Event).where(Event.kind == "list").order_by(Event.id)).all()
    assert [(e.action, e.values["count"], e.values["file"]) for e in told] == [
        ("exported", 3, "out.csv"), ("exported", 3, "out.xlsx")
    ]  # fmt: skip


def test_a_place_that_can_not_be_written_leaves_nothing(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        exports.export_list(ctx, SHEET, tmp_path / "no such folder" / "x.csv")
    with ctx.reading() as session:
        assert session.scalars(select(Event).where(Event.kind == "list")).all() == []
    assert exports.export_list(ctx, SHEET, tmp_path / "plain") == 3 and (tmp_path / "plain.csv").exists()


def test_who_may_not_takes_no_list_out(ctx: Context, staff: Staff, tmp_path: Path) -> None:
    wen = as_login(ctx, "wen")
    for step in (lambda: exports.export_list(wen, SHEET, tmp_path / "x.csv"), lambda: exports.print_list(wen, SHEET)):
        with pytest.raises(PermissionDenied):
            step()
    assert list(tmp_path.glob("x*")) == [] and exports.protected_fields(wen) == ()


@pytest.mark.clause("CRM-32")
def test_protected_fields_leave_only_with_the_right_and_each_look_is_written_down(
    ctx: Context, three: list[int], staff: Staff
) -> None:
    assert "health" in [field.key for field in exports.protected_fields(ctx)]
    found = customer_lists.find_list(ctx, more=["filled"])
    with pytest.raises(PermissionDenied):
        exports.with_protected(as_login(ctx, "wen"), found, ["health"])
    assert find_looks(ctx, three[0]) == []
    for _twice in range(2):
        out = {e.row.id: e.more for e in exports.with_protected(ctx, found, ["health"])}
    assert out[three[0]]["archive.health"] == "膝蓋舊傷" and "filled" in out[three[0]]
    assert len(find_looks(ctx, three[0])) == 1 and find_looks(ctx, three[1]) == []


def test_a_list_is_printed_as_a_paper(ctx: Context) -> None:
    paper = exports.print_list(ctx, SHEET)
    assert papers.render_paper(ctx, paper).startswith(b"%PDF")
    with pytest.raises(UserError):
        exports.print_list(ctx, replace(SHEET, rows=[("x",)] * 3001))
