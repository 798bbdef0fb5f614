"""The button beside a list: saved views, columns, export, print; the same for every list of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, ngettext
from crmdesk.core.money import format_number
from crmdesk.rules.rights import Right
from crmdesk.services import exports, views
from crmdesk.services.exports import ListSheet
from crmdesk.services.list_order import MOST_OUT
from crmdesk.ui import dialogs, errors, icons, tasks
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.columns_dialog import ColumnsDialog
from crmdesk.ui.widgets.record_table import RecordTable
from crmdesk.ui.widgets.rows_model import EMPTY, Column, value_of, write

Maker = Callable[[], ListSheet]
Collect = Callable[[Sequence[Column], bool, Sequence[Any]], Maker]
Filters = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class ListSource:
    """A list as its tools know it: its key and title, and how more of it is got.

    ``collect(columns, protected, ids)`` returns what makes the sheet, on the worker thread, of all rows the list would
    show, of ``ids`` only when there are any; None takes the rows as they are shown. ``filters`` and ``set_filters``
    keep what the list was filtered by with a view.
    """

    key: str
    title: str
    collect: Collect | None = None
    filters: Filters | None = None
    set_filters: Callable[[dict[str, Any]], None] | None = None
    protected: bool = False  # the list may be exported with protected fields


class ListTools(Button):
    """Opens the menu of a list; ``changed`` when a view was chosen: the rows are to be read again."""

    changed = Signal()

    def __init__(self, ctx: Any, table: RecordTable, source: ListSource, parent: QWidget | None = None) -> None:
        super().__init__("", icon="ellipsis", parent=parent)
        self.ctx, self.table, self.source = ctx, table, source
        self.clicked.connect(self.open_menu)
        self._shortcut = QShortcut(QKeySequence("Alt+L"), self)  # no cap on it: lists have no room for one
        self._shortcut.activated.connect(self.click)
        self.write_texts()

    def write_texts(self) -> None:
        """Write what the button is for in the language in force."""
        self.setToolTip(_("Columns, views, export (Alt+L)"))
        self.setAccessibleName(_("Columns, views, export"))

    # the menu ---------------------------------------------------------------------------------------------------

    def open_menu(self) -> None:
        """Open the menu below the button."""
        menu = self.menu_of()
        menu.exec(self.mapToGlobal(QPoint(0, self.height() + 2)))
        menu.deleteLater()

    def menu_of(self) -> QMenu:
        """Return the menu as it is now."""
        menu = QMenu(self)
        try:
            known = views.find_views(self.ctx, self.source.key)
        except CrmError as error:
            errors.show_error(self, error)
            known = []
        for view in known:
            name = _("{name} (shared)").format(name=view.name) if view.shared else view.name
            menu.addAction(icons.icon("users" if view.shared else "eye"), name).triggered.connect(
                partial(self._choose, view.payload)
            )
        if known:
            menu.addSeparator()
        menu.addAction(icons.icon("save"), _("Save this view…")).triggered.connect(self.save_view)
        removable = [view for view in known if view.own]
        if removable:
            gone = menu.addMenu(icons.icon("trash-2"), _("Remove a view"))
            for view in removable:
                gone.addAction(view.name).triggered.connect(partial(self._remove, view.id))
        menu.addAction(icons.icon("list-checks"), _("Columns…")).triggered.connect(self.choose_columns)
        menu.addAction(icons.icon("undo-2"), _("As the list was made")).triggered.connect(self.reset)
        if self.ctx.may(Right.CUSTOMER_EXPORT):
            menu.addSeparator()
            menu.addAction(icons.icon("download"), _("Export…")).triggered.connect(self.export)
            menu.addAction(icons.icon("printer"), _("Print the list…")).triggered.connect(self.print_list)
        return menu

    # views ------------------------------------------------------------------------------------------------------

    def save_view(self) -> None:
        """Ask for a name and keep how the list is shown; the manager may share it."""
        name = dialogs.get_text(self.window(), _("Name of this view"))
        if not name:
            return
        shared = self.ctx.may(Right.POLICY) and dialogs.ask(
            self.window(), _("For everybody, or for you alone?"), yes=_("For everybody"), no=_("For me")
        )
        payload = self.table.view()
        if self.source.filters is not None:
            payload["filters"] = self.source.filters()
        try:
            views.save_view(self.ctx, self.source.key, name, payload, shared=shared)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._say(_("The view “{name}” is saved.").format(name=name))

    def _say(self, sentence: str) -> None:
        """Tell it where the page tells such things."""
        page = self.parentWidget()
        while page is not None and not hasattr(page, "say"):
            page = page.parentWidget()
        if page is not None:
            page.say(sentence)

    def _choose(self, payload: dict[str, Any], *_checked: bool) -> None:
        self.table.show_view(payload)
        if self.source.set_filters is not None and payload.get("filters"):
            self.source.set_filters(payload["filters"])
        self.changed.emit()

    def _remove(self, view_id: int, *_checked: bool) -> None:
        try:
            views.remove_view(self.ctx, view_id)
        except CrmError as error:
            errors.show_error(self, error)

    def reset(self) -> None:
        """Show the list as it was made."""
        self.table.show_view({})
        self.changed.emit()

    def choose_columns(self) -> None:
        """Let the columns be chosen and ordered."""
        dialog = ColumnsDialog(self.table.rows_model.columns, self.table.shown(), self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.table.show_columns(dialog.keys)
            self.changed.emit()
        dialog.deleteLater()

    # out of the program -----------------------------------------------------------------------------------------

    def shown_columns(self) -> list[Column]:
        """Return the columns that are shown, in their order, without those of signs only."""
        known = {column.key: column for column in self.table.rows_model.columns}
        return [known[key] for key in self.table.shown() if known[key].kind != "icon" and known[key].title]

    def sheet(self) -> ListSheet:
        """Return the rows shown (the chosen ones, when several are) as a sheet."""
        ids = self._several()
        return make_sheet(self.source, self.shown_columns(), self._rows_of(ids) if ids else self.table.rows())

    def _several(self) -> list[Any]:
        ids = self.table.picked_ids()
        return ids if len(ids) > 1 else []

    def export(self) -> None:
        """Ask where to, and write the list there: the chosen rows, else all that the list finds."""
        protected = self._ask_protected()
        if protected is None:
            return
        name = f"{_(self.source.title)}-{self.ctx.clock.today():%Y-%m-%d}.csv"
        path = dialogs.save_file(
            self.window(), _("Export"), name, _("CSV, for every program (*.csv);;Workbook (*.xlsx)")
        )
        if path:
            work = partial(_export, self.ctx, self._maker(protected), path)
            tasks.run(self, work, self._exported, title=_("Exporting"))

    def print_list(self) -> None:
        """Make a paper of the list and show it."""
        protected = self._ask_protected()
        if protected is not None:
            work = partial(_print, self.ctx, self._maker(protected))
            tasks.run(self, work, self._show_paper, title=_("Making the paper"))

    def maker(
        self, columns: Sequence[Column], ids: Sequence[Any], find: Callable[[], Sequence[Any]],
        line: Callable[[Any], Any],
    ) -> Maker:  # fmt: skip
        """Return what makes the sheet of the chosen rows, without any of all that ``find`` reads."""
        if ids:
            return partial(make_sheet, self.source, columns, self._rows_of(ids))
        return partial(_sheet_of, self.source, columns, find, line, self.table.rows_model.arrangement())

    def _rows_of(self, ids: Sequence[Any]) -> list[Any]:
        wanted = set(ids)
        return [r for r in self.table.rows() if self.table.rows_model.key_of(r) in wanted]

    def _maker(self, protected: bool) -> Maker:
        if self.source.collect is None:
            return partial(_given, self.sheet())
        return self.source.collect(self.shown_columns(), protected, self._several())

    def _ask_protected(self) -> bool | None:
        try:
            if not self.source.protected or not exports.protected_fields(self.ctx):
                return False
        except CrmError as error:
            errors.show_error(self, error)
            return None
        question = _("With the protected fields too? Each look is written down.")
        answer = dialogs.choose(self.window(), question, ((1, _("Without")), (2, _("With protected fields"))))
        return None if answer is None else answer == 2

    def _exported(self, done: tuple[int, bool]) -> None:
        count, cut = done
        text = ngettext("{count} row exported.", "{count} rows exported.", count)
        if cut:
            text = _("The first {count} rows are exported, not more at once. Please filter for the others.")
        self._say(text.format(count=format_number(count)))

    def _show_paper(self, paper_id: int) -> None:
        from crmdesk.ui.papers.preview import show_papers

        show_papers(self, self.ctx, [paper_id])


def _given(sheet: ListSheet) -> ListSheet:
    return sheet


def _export(ctx: Any, make: Maker, path: str, progress: tasks.Progress) -> tuple[int, bool]:
    sheet = make()
    return exports.export_list(ctx, sheet, path, progress=progress.report), sheet.cut


def _print(ctx: Any, make: Maker, progress: tasks.Progress) -> int:
    return exports.print_list(ctx, make())


def make_sheet(
    source: ListSource, columns: Sequence[Column], rows: Sequence[Any], protected: Sequence[str] = (), *,
    cut: bool = False,
) -> ListSheet:
    """Return rows as a sheet: a second line is a column of its own, amounts and days stay such."""
    heads: list[str] = []
    places: list[tuple[Column, bool]] = []
    right: set[int] = set()
    for column in columns:
        if column.right:
            right.add(len(heads))
        heads.append(f"{_(column.title)} %" if column.kind == "percent" else _(column.title))
        places.append((column, False))
        if column.second:
            heads.append(_(column.second_title) if column.second_title else "")
            places.append((column, True))
    cells = [[_second(row, column) if second else _cell(row, column) for column, second in places] for row in rows]
    return ListSheet(source.key, _(source.title), tuple(heads), cells, frozenset(right), tuple(protected), cut)


def _sheet_of(
    source: ListSource, columns: Sequence[Column], find: Callable[[], Sequence[Any]], line: Callable[[Any], Any],
    arrange: Callable[[Sequence[Any]], list[Any]],
) -> ListSheet:  # fmt: skip
    """Return all that a list finds as a sheet, up to MOST_OUT rows; on the worker's thread."""
    found = find()
    lines = arrange([line(record) for record in found[:MOST_OUT]])
    return make_sheet(source, columns, lines, cut=len(found) > MOST_OUT)


def _second(row: Any, column: Column) -> str:
    return str(value_of(row, column.second) or "")


def _cell(row: Any, column: Column) -> Any:
    value = value_of(row, column.plain or column.key)
    if isinstance(value, date | datetime | Decimal | int | float) and not isinstance(value, bool):
        return value
    words = write(column, value)
    return "" if words == EMPTY else words
