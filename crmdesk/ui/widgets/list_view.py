"""The list every desk opens with: filters, search, count, the first step, and the table; what differs is data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.core.money import format_number
from crmdesk.services.list_order import MOST_OUT
from crmdesk.ui import errors
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Card, row
from crmdesk.ui.widgets.columns import ViewMemory
from crmdesk.ui.widgets.labels import Label
from crmdesk.ui.widgets.list_view_tools import ListSource, ListTools, Maker
from crmdesk.ui.widgets.record_table import RecordTable
from crmdesk.ui.widgets.rows_model import Column
from crmdesk.ui.widgets.search_box import SearchBox
from crmdesk.ui.widgets.segments import Segments

_NOTHING_FOUND = N_("Nothing is found. Please try fewer letters or another filter.")


@dataclass(frozen=True, kw_only=True)
class ListSpec:
    """One desk's list as data; every word is a source text (N_).

    ``find(ctx, text, show=filter, limit=most, sort=column)`` reads the records, ``line(ctx, record)`` makes a row of
    them with the columns' keys as fields, ``count(number)`` says how many there are. ``limit`` is how many are shown.
    A list that can't be sorted where it is read (``reads_sorted`` False) is read whole to be sorted: it must be short.
    """

    name: str
    title: str
    columns: Sequence[Column]
    filters: Mapping[str, str]
    which: str  # what the filters choose, for who can't see them
    first: str  # the filter the list opens with
    find: Callable[..., Sequence[Any]]
    line: Callable[[Any, Any], Any]
    count: Callable[[int], str]
    placeholder: str
    empty: str
    first_step: str
    new: str
    new_key: str = ""
    new_icon: str = "plus"
    limit: int = 500
    row_height: int = 40
    widens_to: str = ""  # the filter a search leaves the first one for: who searches doesn't mean today only
    reads_sorted: bool = True  # ``find`` takes ``sort``, so that the first rows are the first of all
    folded: bool = False  # search and count on a second line: the list has a panel beside it


class ListView(Card):
    """Shows what a ``ListSpec`` says; ``opened(id)`` on Enter, ``new_asked`` for the button and the first step."""

    opened = Signal(int)
    chosen = Signal(object)  # the row the choice stands on, or None
    new_asked = Signal()

    def __init__(self, ctx: Any, spec: ListSpec, *actions: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(margins=1, spacing=0, parent=parent)
        self.ctx, self.spec = ctx, spec
        self.filter = Segments(list(spec.filters.items()), value=spec.first)
        self.search_box = SearchBox(placeholder=spec.placeholder, key="Ctrl+F", popup=False)
        self.search_box.setMaximumWidth(320)
        self.count_label = Label("", "label", "muted")
        self.new_button = Button("", icon=spec.new_icon, kind="primary", key=spec.new_key)
        self.memory = ViewMemory(ctx, spec.name, self)
        self.table = RecordTable(spec.columns, name=spec.name, memory=self.memory, row_height=spec.row_height)
        self.table.allow_several()
        self.table.rows_model.sorted_outside = spec.reads_sorted
        source = ListSource(spec.name, spec.title, self._collect, self._filters, self._set_filters)
        self.tools = ListTools(ctx, self.table, source)
        self._lay_out(actions)
        self.body.addWidget(self.table, 1)
        self.filter.value_changed.connect(self.refresh)
        self.search_box.searched.connect(self._searched)
        self.search_box.stepped.connect(self.table.step)
        self.search_box.entered.connect(self._entered)
        self.table.chosen.connect(self.chosen)
        self.table.opened.connect(self._opened)
        self.table.first_step.connect(self.new_asked)
        self.table.sort_changed.connect(self.refresh)
        self.new_button.clicked.connect(self.new_asked)
        self.tools.changed.connect(self.refresh)
        self._write_texts()

    def _lay_out(self, actions: Sequence[QWidget]) -> None:
        head = row(self.filter, spacing=10)  # with the tools it still fits a screen of 960
        search = row(spacing=10) if self.spec.folded else head
        search.addWidget(self.search_box, 9)  # up to its widest, before the empty room
        search.addStretch(1)
        search.addWidget(self.count_label)
        search.addWidget(self.tools)
        if self.spec.folded:
            head.addStretch(1)
        for action in (*actions, self.new_button):
            head.addWidget(action)
        head.setContentsMargins(15, 13, 15, 8)
        self.add(head)
        if self.spec.folded:
            search.setContentsMargins(15, 0, 15, 8)
            self.add(search)

    def _write_texts(self) -> None:
        self.new_button.setText(_(self.spec.new))
        self.filter.setAccessibleName(_(self.spec.which))
        self.table.setAccessibleName(_(self.spec.title))
        self.tools.write_texts()

    def _filters(self) -> dict[str, Any]:
        return {"show": self.filter.value()}

    def _set_filters(self, filters: dict[str, Any]) -> None:
        self.show_filter(str(filters.get("show")))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.memory.flush_if_due()

    def _finds(self, most: int) -> Callable[[], Sequence[Any]]:
        """Return what reads all that the list finds, up to so many, in its order."""
        asked: dict[str, Any] = {"show": str(self.filter.value() or self.spec.first), "limit": most}
        if self.spec.reads_sorted:
            asked["sort"] = self.table.sort_key()
        return partial(self.spec.find, self.ctx, str(self.search_box.value() or ""), **asked)

    def _collect(self, columns: Sequence[Column], protected: bool, ids: Sequence[Any]) -> Maker:
        line = partial(self.spec.line, self.ctx)
        return self.tools.maker(columns, ids, self._finds(MOST_OUT + 1), line)

    def refresh(self, *_sorted: Any) -> None:
        """Read the list again; the chosen record stays chosen, else the first one is."""
        text = str(self.search_box.value() or "")
        whole = not self.spec.reads_sorted and self.table.sort_key() is not None
        limit = MOST_OUT if whole else self.spec.limit
        try:
            found = self._finds(limit)()
        except CrmError as error:
            errors.show_error(self, error)
            return
        if text:
            self.table.set_empty(_NOTHING_FOUND)
        else:
            self.table.set_empty(self.spec.empty, self.spec.first_step)
        self.table.set_rows([self.spec.line(self.ctx, record) for record in found])
        if self.table.current() is None:
            self.table.select_first()
        if len(found) < limit:
            self.count_label.setText(self.spec.count(len(found)))
        else:
            newest = _("The newest {count}; please search for older ones.")
            if self.table.sort_key() is not None:
                newest = _("The first {count}; please search for others.")
            self.count_label.setText(newest.format(count=format_number(len(found))))

    def show_filter(self, name: str) -> None:
        """Choose a filter; one this list doesn't have changes nothing. ``refresh`` reads it."""
        if name in self.spec.filters:
            self.filter.set_value(name)

    def first_focus(self) -> None:
        """Put the focus into the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _searched(self, text: str) -> None:
        if text and self.spec.widens_to and self.filter.value() == self.spec.first:
            self.filter.set_value(self.spec.widens_to)
        self.refresh()
        self.table.select_first()

    def _entered(self, text: str) -> None:
        if self.table.current() is None:
            self.table.select_first()
        self.table.open_current()

    def _opened(self, line: Any) -> None:
        self.opened.emit(line.id)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "table"):
            self._write_texts()
        super().changeEvent(event)
