"""The catalogue's page: all items in a list with search, the form of the chosen one beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import AlreadySaved, ConflictError, CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.money import format_number
from crmdesk.rules.rights import Right
from crmdesk.services.items import (
    FIELD_TITLES,
    PRICES,
    ItemCard,
    ItemForm,
    ItemRow,
    count_items,
    create_item,
    find_areas,
    find_items,
    get_item,
    update_item,
)
from crmdesk.services.list_order import MOST_OUT
from crmdesk.ui import dialogs, errors
from crmdesk.ui.items.list_columns import COLUMNS, LIST_LIMIT, short, shown_item
from crmdesk.ui.items.wanted import WantedStrip
from crmdesk.ui.once import Once
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.widgets import (
    Button,
    Card,
    Choice,
    Column,
    ElideLabel,
    FormGrid,
    Label,
    MoneyEdit,
    RecordTable,
    Scroll,
    SearchBox,
    TextEdit,
    Tick,
    row,
)  # fmt: skip
from crmdesk.ui.widgets.columns import ViewMemory
from crmdesk.ui.widgets.list_view_tools import ListSource, ListTools, Maker

_T = FIELD_TITLES
WANTED = "*"  # among the areas: what customers wait for


class ItemsPage(Page):
    """List left, form right; who may not change items reads the form."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.card: ItemCard | None = None
        self._new_item = False
        self.once = Once()
        left = QVBoxLayout()
        left.setSpacing(12)
        self.search_box = SearchBox(placeholder=N_("Item code, barcode, name"), key="Ctrl+F", popup=False)
        self.area_choice = Choice([], translate=False)
        self.area_choice.setFixedWidth(124)
        self.count_label = Label("", "body", "muted")
        self.table = RecordTable(COLUMNS, name="items", memory=ViewMemory(ctx, "items", self))
        self.table.allow_several()
        self.table.rows_model.sorted_outside = True
        self.tools = ListTools(ctx, self.table, ListSource("items", N_("Catalogue"), self._collect))
        self.import_button = Button("", icon="upload", kind="quiet")
        self.new_button = Button("", icon="plus", key="Ctrl+N", kind="primary")
        head = row(spacing=8)
        head.addWidget(self.search_box, 1)
        for part in (self.area_choice, self.count_label, self.tools, self.import_button, self.new_button):
            head.addWidget(part)
        left.addLayout(head)
        table_card = Card(margins=1, spacing=0)
        table_card.body.addWidget(self.table)
        left.addWidget(table_card, 1)
        self.split(left, self._build_side(), 348)
        self._connect()
        self.retranslate()

    def _build_side(self) -> Card:
        self.side = Card(spacing=10)
        self.form = FormGrid(columns=2)
        self.form.add("code", _T["code"], TextEdit(max_length=40), required=True, clause="PACK-03")
        self.form.add("barcode", _T["barcode"], TextEdit(max_length=40))
        self.form.add("name", _T["name"], TextEdit(max_length=120), span=2, required=True)
        self.form.add("area", _T["area"], TextEdit(max_length=10))
        self.form.add("unit", _T["unit"], TextEdit(max_length=10))
        self.form.add("material", _T["material"], TextEdit(max_length=60))
        self.form.add("weight_g", _T["weight_g"], MoneyEdit())
        for name in PRICES:
            self.form.add(name, _T[name], MoneyEdit())
        self.form.new_row()
        self.form.add("active", "", Tick(N_("Show this item in lists")), span=2)
        holder = QWidget()
        body = QVBoxLayout(holder)
        body.setContentsMargins(0, 0, 8, 0)
        body.addWidget(self.form)
        body.addStretch(1)
        self.side.body.addWidget(Scroll(holder), 1)
        self.wanted_strip = WantedStrip(self.ctx)
        self.side.add(self.wanted_strip)
        self.hint_label = ElideLabel("", "label", "muted")
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        self.cancel_button = Button("", key="Esc")
        self.side.add(self.hint_label, row(None, self.cancel_button, self.save_button))
        return self.side

    def _connect(self) -> None:
        self.search_box.searched.connect(self._searched)
        self.search_box.stepped.connect(self.table.step)
        self.search_box.entered.connect(self._entered)
        self.area_choice.value_changed.connect(self.show_list)
        self.tools.changed.connect(self.show_list)
        self.table.sort_changed.connect(self.show_list)
        self.wanted_strip.said.connect(self._arrived)
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._opened)
        self.table.first_step.connect(self.begin_new)
        self.new_button.clicked.connect(self.begin_new)
        self.import_button.clicked.connect(self._import)
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.give_up)
        self.form.finished.connect(self.save)
        self.form.dirty_changed.connect(self._show_buttons)
        self.banner_answered.connect(self._reload)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        may = self.ctx.may(Right.ITEM_EDIT)
        self.search_box.setAccessibleName(_("Search items"))
        self.tools.write_texts()
        self.area_choice.setAccessibleName(_("Area"))
        self.import_button.setText(_("Import"))
        self.new_button.setText(_("New item"))
        self.wanted_strip.retranslate()
        self.save_button.setText(_("Save"))
        self.cancel_button.setText(_("Cancel"))
        self.import_button.setVisible(may)
        self.new_button.setVisible(may)
        self.hint_label.setText(_("A price left empty gives way to the next dearer list."))
        self.table.set_empty(N_("No items here yet."), N_("New item") if may else "")
        self.form.set_read_only(not may)
        self._load_areas()
        self._write_title()
        self._show_buttons()
        self.show_list()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        edit = [("Enter", _("Edit"))] if self.ctx.may(Right.ITEM_EDIT) else []
        return [*edit, ("F4", ""), ("Ctrl+N", ""), ("Ctrl+Enter", ""), ("Esc", ""), ("Ctrl+F", _("Search"))]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return ["PACK-03", "ORD-08", "CRM-08"]

    def load(self, **arguments: Any) -> None:
        """Show an item (``id``), a new form (``new``), what customers wait for (``wanted``), or the list."""
        if arguments.get("new"):
            self.begin_new()
        elif arguments.get("wanted"):
            self.area_choice.set_value(WANTED)
            self.show_list()
        elif wanted := arguments.get("id") or arguments.get("item_id"):
            self._show_item(int(wanted))
            self.table.select(int(wanted))

    def first_focus(self) -> None:
        """Put the focus where typing starts."""
        self.search_box.setFocus()

    def leave(self) -> bool:
        """Ask only when something typed would be lost."""
        return self._may_lose()

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved; typing is never overwritten."""
        if notice is not None and not notice.touches("item", "care"):
            return
        if self.form.dirty:
            if self.card is not None and (notice is None or notice.names("item", self.card.id)):
                self._look_for_newer(self.card)
            return
        self._load_areas()
        self.show_list()

    def _look_for_newer(self, card: ItemCard) -> None:
        try:
            newer = get_item(self.ctx, card.id)
        except CrmError:
            return  # the form says so itself when it is saved
        if newer.version != card.version:
            self.banner(_("A colleague has changed this item."), "warning", _("Load again"))

    def _reload(self) -> None:
        self.banner("")
        if self.card is not None:
            self._show_item(self.card.id)

    # the list ---------------------------------------------------------------------------------------------------

    def _load_areas(self) -> None:
        try:
            areas = [(area, _("Area {area}").format(area=area)) for area in find_areas(self.ctx)]
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.area_choice.set_choices([(None, _("All areas")), (WANTED, _("Wanted")), *areas])

    def show_list(self, *_ignored: object) -> None:
        """Read the list again."""
        narrowed = bool(self.search_box.value() or self.area_choice.value())
        kept = self.card.id if self.card else None
        try:
            rows = self._finds(LIST_LIMIT)()
            total = count_items(self.ctx) if len(rows) == LIST_LIMIT and not narrowed else len(rows)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.table.set_rows([shown_item(item) for item in rows])
        if total > len(rows):
            words = _("{shown} of {total}").format(shown=format_number(len(rows)), total=format_number(total))
        else:
            words = ngettext("{count} item", "{count} items", len(rows)).format(count=format_number(len(rows)))
        self.count_label.setText(words)
        if self._new_item or self.form.dirty:
            return
        if kept is None or not self.table.select(kept):
            self.table.select_first()
        current = self.table.current()
        if current is not None:
            self._show_item(current.id)
        elif not self._new_item:
            self._show_form(None, ItemForm("", ""))

    def _finds(self, most: int) -> Callable[[], list[ItemRow]]:
        area, wanted = self.area_choice.value(), self.area_choice.value() == WANTED
        asked: dict[str, Any] = {"area": str(area) if area and not wanted else None, "wanted": wanted}
        asked |= {"limit": most, "sort": self.table.sort_key()}
        return partial(find_items, self.ctx, str(self.search_box.value()), **asked)

    def _collect(self, columns: Sequence[Column], protected: bool, ids: Sequence[Any]) -> Maker:
        return self.tools.maker(columns, ids, self._finds(MOST_OUT + 1), shown_item)

    def _arrived(self, said: str) -> None:
        self.saved.emit()
        self.say(said)
        self.show_list()

    def _searched(self, text: str) -> None:
        self.show_list()

    def _entered(self, text: str) -> None:
        self.search_box.search_now()
        self.table.setFocus()

    def _chosen(self, item: ItemRow | None) -> None:
        if item is None or (self.card is not None and item.id == self.card.id and not self._new_item):
            return
        if self._may_lose():
            self._show_item(item.id)
        elif self.card is not None:
            self.table.select(self.card.id)

    def _opened(self, item: ItemRow) -> None:
        if self.ctx.may(Right.ITEM_EDIT):
            self.form.focus_first("name")

    # the form ---------------------------------------------------------------------------------------------------

    def _show_item(self, item_id: int) -> None:
        try:
            card = get_item(self.ctx, item_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._show_form(card, card.form)

    def _show_form(self, card: ItemCard | None, form: ItemForm, *, new: bool = False) -> None:
        self.card, self._new_item = card, new
        self.once.renew()
        self.wanted_strip.show_item(card.id if card is not None else 0)
        values = {name: getattr(form, name) for name in self.form.names()}
        for name in (*PRICES, "weight_g"):
            values[name] = short(values[name]) or None
        self.form.load(values)
        self._write_title()
        self._show_buttons()

    def _write_title(self) -> None:
        if self._new_item:
            self.side.set_title(_("New item"))
        else:
            self.side.set_title(self.card.form.code if self.card else _("Item"))

    def _show_buttons(self, *_ignored: object) -> None:
        shown = self.ctx.may(Right.ITEM_EDIT) and (self._new_item or self.form.dirty)
        self.save_button.setVisible(shown)
        self.cancel_button.setVisible(shown)

    def begin_new(self) -> None:
        """Start an empty form."""
        if not self.ctx.may(Right.ITEM_EDIT):
            self.say(_("Your role does not allow this. Please ask the manager."), "danger")
            return
        if self._may_lose():
            self._show_form(None, ItemForm("", ""), new=True)
            self.form.focus_first("code")

    def values(self) -> ItemForm:
        """Return what is typed."""
        values: dict[str, Any] = self.form.values()
        for name in (*PRICES, "weight_g"):
            values[name] = values[name] or Decimal(0)
        return ItemForm(**values)

    def save(self) -> None:
        """Save the item (Ctrl+Enter); errors stand under their fields."""
        if not (self._new_item or self.card) or not self.form.check():
            return
        form = self.once.stamp(self.values())
        told = _("Saved.")
        try:
            if self.card is None:
                item_id = create_item(self.ctx, form)
            else:
                item_id = self.card.id
                update_item(self.ctx, item_id, self.card.version, form)
        except ConflictError as error:
            self.banner(error.message, "warning", _("Load again"))
            return
        except AlreadySaved as error:
            item_id, told = error.record_id, error.message
            if self.once.changed(form) and not self._take_newer(item_id):
                return
        except CrmError as error:
            errors.show_error(self, error, self.form)
            return
        self.form.set_dirty(False)
        self._show_item(item_id)
        self.banner("")
        self.show_list()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.saved.emit()
        self.say(told)

    def _take_newer(self, item_id: int) -> bool:
        """Write what was typed since the first try into the item whose answer got lost."""
        try:
            newer = get_item(self.ctx, item_id)
            update_item(self.ctx, item_id, newer.version, self.values())
        except CrmError as error:
            errors.show_error(self, error, self.form)
            return False
        return True

    def give_up(self) -> None:
        """Take back what was typed (Esc)."""
        if self._may_lose():
            self._new_item = False
            self.form.set_dirty(False)
            if self.card is not None:
                self._show_item(self.card.id)
            else:
                self.show_list()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _may_lose(self) -> bool:
        if not self.form.dirty:
            return True
        if dialogs.ask(self, _("Leave without saving what you typed?"), yes=_("Leave"), no=_("Stay")):
            self.form.set_dirty(False)
            return True
        return False

    def _import(self) -> None:
        self.open("imports", what="items")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self._new_item or self.form.dirty):
            self.give_up()
            return
        super().keyPressEvent(event)


PAGE = PageSpec("items", N_("Catalogue"), "gem", Right.ITEM_VIEW.value, ItemsPage)
