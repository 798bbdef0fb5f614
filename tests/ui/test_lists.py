"""The list every desk opens with: one behaviour whatever it lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from crmdesk.core.errors import ConnectionLost
from crmdesk.services import (
    call_lists,
    complaint_lists,
    items,
    letters,
    matters,
    missed_calls,
    repairs,
    sale_lists,
    visit_board,
)
from crmdesk.services.context import Context
from crmdesk.ui import tasks, theme
from crmdesk.ui.approvals.list_view import LIST as APPROVALS
from crmdesk.ui.calls.letters_view import LIST as LETTERS
from crmdesk.ui.calls.list_view import LIST as CALLS
from crmdesk.ui.calls.matters_view import LIST as MATTERS
from crmdesk.ui.calls.missed_view import LIST as MISSED
from crmdesk.ui.calls.waiting_view import LIST as WAITING
from crmdesk.ui.complaints.list_view import LIST as COMPLAINTS
from crmdesk.ui.items.list_columns import COLUMNS as ITEMS
from crmdesk.ui.reception.past_visits import LIST as VISITS
from crmdesk.ui.repairs.list_view import LIST as REPAIRS
from crmdesk.ui.sales.list_view import LIST as SALES
from crmdesk.ui.widgets import Column, Label, ListSpec, ListView, RecordTable
from crmdesk.ui.widgets.row_delegate import PAD

NAMES = ("Ada", "Bea", "Cleo")


class Line(NamedTuple):
    id: int
    name: str


class Office:
    """Answers a list's questions and remembers them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.sort: Any = None
        self.away = False

    def find(self, ctx: Context, text: str, *, show: str, limit: int, sort: Any = None) -> list[str]:
        self.asked.append((text, show))
        self.sort = sort
        if self.away:
            raise ConnectionLost("The office's data can't be reached.")
        found = sorted((name for name in NAMES if text.lower() in name.lower()), reverse=bool(sort and sort[1]))
        return found[:limit]


def spec(office: Office, **changes: Any) -> ListSpec:
    known: dict[str, Any] = {
        "name": "people", "title": "People", "columns": (Column("name", "Name", stretch=True),),
        "filters": {"today": "Today", "all": "All"}, "which": "Which people", "first": "today", "find": office.find,
        "line": lambda ctx, name: Line(NAMES.index(name), name), "count": "{} people".format, "placeholder": "Name",
        "empty": "Nobody yet.", "first_step": "Somebody new", "new": "New", "new_key": "F7",
    }  # fmt: skip
    return ListSpec(**(known | changes))


def show(qtbot: Any, desk: Context, shown: ListSpec) -> ListView:
    view = ListView(desk, shown)
    qtbot.addWidget(view)
    with qtbot.waitActive(view):
        view.show()
    view.refresh()
    view.first_focus()
    return view


def text_of(view: ListView) -> str:
    return " ".join(label.text() for label in view.table.findChildren(Label) if label.isVisible())


def test_enter_opens_what_a_search_finds_and_a_search_looks_at_all(qtbot: Any, desk: Context) -> None:
    office, opened = Office(), list[int]()
    view = show(qtbot, desk, spec(office, widens_to="all"))
    view.opened.connect(opened.append)
    assert office.asked == [("", "today")] and view.count_label.text() == "3 people"
    view.search_box.setText("cle")
    view.search_box.search_now()
    view.search_box.setFocus()
    QTest.keyClick(view.search_box, Qt.Key.Key_Return)
    assert office.asked[-1] == ("cle", "all") and view.filter.value() == "all"
    assert opened == [2]


def test_an_empty_search_is_not_an_empty_office(qtbot: Any, desk: Context) -> None:
    view = show(qtbot, desk, spec(Office()))
    view.search_box.setText("zz")
    view.search_box.search_now()
    assert view.table.rows() == []
    assert "Nobody yet" not in text_of(view) and "Nothing is found" in text_of(view)


def test_a_full_list_says_that_older_ones_are_found_by_searching(qtbot: Any, desk: Context) -> None:
    view = show(qtbot, desk, spec(Office(), limit=3))
    assert view.count_label.text() == "The newest 3; please search for older ones."


def test_a_list_is_sorted_where_it_is_read_and_leaves_the_program_whole(
    qtbot: Any, desk: Context, boxes: Any, tmp_path: Path
) -> None:
    office = Office()
    view = show(qtbot, desk, spec(office, limit=2))
    view.table.sort_by("name", descending=True)
    assert [line.name for line in view.table.rows()] == ["Cleo", "Bea"] and office.sort == ("name", True)
    assert view.count_label.text() == "The first 2; please search for others."
    boxes.expect_file(str(tmp_path / "out.csv"))
    view.tools.export()
    qtbot.waitUntil(lambda: not tasks.running())
    assert (tmp_path / "out.csv").read_text("utf-8-sig").split() == ["Name", "Cleo", "Bea", "Ada"]
    view.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # the third click on the head
    assert [line.name for line in view.table.rows()] == ["Ada", "Bea"] and office.sort is None
    whole = ListView(desk, spec(office, limit=2, reads_sorted=False))
    qtbot.addWidget(whole)
    whole.table.sort_by("name", descending=True)
    make = whole._collect(whole.table.rows_model.columns, False, ())
    whole.table.sort_by("name")  # clicked while the worker still reads
    assert [line.name for line in whole.table.rows()] == ["Ada", "Bea", "Cleo"]
    assert [cells[0] for cells in make().rows] == ["Cleo", "Bea", "Ada"]


def test_without_the_cable_the_list_stays_and_says_so(qtbot: Any, desk: Context, boxes: Any) -> None:
    office = Office()
    view = show(qtbot, desk, spec(office))
    office.away = True
    boxes.expect_inform()
    view.filter.set_value("all")
    view.refresh()
    assert [line.name for line in view.table.rows()] == list(NAMES)
    assert "can't be reached" in boxes.asked[-1][1]


DESKS = (APPROVALS, CALLS, COMPLAINTS, MATTERS, MISSED, REPAIRS, SALES, VISITS, WAITING)


def test_every_column_that_can_be_clicked_is_one_the_service_sorts_by(desk: Context) -> None:
    known = [
        (CALLS, call_lists._SORTS), (COMPLAINTS, complaint_lists._SORTS), (LETTERS, letters._SORTS),
        (MATTERS, matters._SORTS), (MISSED, missed_calls._SORTS), (REPAIRS, repairs._SORTS), (SALES, sale_lists._SORTS),
        (VISITS, visit_board._sorts(desk)), (WAITING, call_lists._SORTS),
    ]  # fmt: skip
    for columns, sorts in [*((spec.columns, sorts) for spec, sorts in known), (ITEMS, items._SORTS)]:
        assert {column.key for column in columns if column.sortable} <= set(sorts)
    assert {spec.name for spec in DESKS if spec.reads_sorted} <= {spec.name for spec, _sorts in known}


@pytest.mark.parametrize("listed", DESKS, ids=lambda spec: spec.name)
def test_every_filter_of_every_desk_reads(qtbot: Any, desk: Context, listed: ListSpec) -> None:
    view = show(qtbot, desk, listed)
    for name in listed.filters:
        view.show_filter(name)
        view.refresh()
        assert view.filter.value() == name and view.table.rows() == []
    view.show_filter("no such filter")
    assert view.filter.value() == name


class Caller(NamedTuple):
    id: int
    name: str
    phone: str


class _Counted(NamedTuple):
    id: int
    name: str
    more: str = ""
    again: str = ""


def test_the_choice_stays_in_sight_and_the_name_can_be_read(qtbot: Any) -> None:
    others = [Column(key, key, 220) for key in ("more", "again")]
    table = RecordTable((Column("name", "Name", stretch=True), *others))
    qtbot.addWidget(table)
    table.resize(360, 200)
    table.set_rows([_Counted(place, str(place)) for place in range(60)])
    table.show()
    assert table.columnWidth(0) > 80
    table.select_first()
    for _press in range(20):
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
    table.resize(900, 200)
    assert table.columnWidth(0) > 300


def test_a_phone_number_is_never_cut(qtbot: Any) -> None:
    table = RecordTable((Column("name", "Name", stretch=True), Column("phone", "Phone", 90, kind="phone")))
    qtbot.addWidget(table)
    table.resize(500, 200)
    number = "+86 755 2488 8113 #1420"
    table.set_rows([Caller(1, "Ada", "0912-345-678"), Caller(2, "Bea", number)])
    assert table.columnWidth(1) >= theme.text_width(number) + 2 * PAD
    table.set_rows([Caller(1, "Ada", "119")])
    assert table.columnWidth(1) == 90, "the name gets its room back"
