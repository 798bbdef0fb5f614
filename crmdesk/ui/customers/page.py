"""The customers' page: everybody in a list with search, the card of the chosen one beside it, and the form."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.money import format_number
from crmdesk.rules.rights import Right
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_forms import KINDS
from crmdesk.services.customer_keys import BOUGHT
from crmdesk.services.customer_lists import find_list
from crmdesk.services.customer_search import count_customers
from crmdesk.services.staff import find_staff
from crmdesk.ui import errors
from crmdesk.ui.customers.bulk import BulkStrip
from crmdesk.ui.customers.card_view import CardView
from crmdesk.ui.customers.care_tab import ask_tidied
from crmdesk.ui.customers.form_view import CustomerFormView
from crmdesk.ui.customers.list_columns import COLUMNS, TITLE, Line, asked, collect, columns_for, line_of, sort_for
from crmdesk.ui.customers.merge_desk import MergeDesk
from crmdesk.ui.imports.page import PAGE as IMPORT_PAGE
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.widgets import Button, Card, Choice, Column, RecordTable, SearchBox, row
from crmdesk.ui.widgets.columns import ViewMemory
from crmdesk.ui.widgets.list_view_tools import ListSource, ListTools, Maker

CARD_WIDTH = 404
LIST_LIMIT = 500
TYPED_LIMIT = 100
PAGE_OF = {"call": "calls", "visit": "reception", "sale": "sales", "packing": "packing", "repair": "repairs",
           "complaint": "complaints"}  # fmt: skip


class CustomersPage(Page):
    """List and card; the form takes their place while it is open."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._total, self._late = 0, False  # late: something was saved while another page was in front
        self._wanted: int | None = None
        self.card_view = CardView(ctx)
        self.form_view = CustomerFormView(ctx)
        self.stack = QStackedWidget()
        self.browse = QWidget()
        line = row(spacing=12)
        line.setContentsMargins(0, 0, 0, 0)
        self.browse.setLayout(line)
        left = QVBoxLayout()
        left.setSpacing(12)
        self.memory = ViewMemory(ctx, "customers", self)
        self.table = RecordTable(COLUMNS, name="customers", memory=self.memory)
        self.table.rows_model.sorted_outside = True
        self.table.allow_several()
        left.addLayout(self._build_head())
        self.bulk = BulkStrip(ctx)
        table_card = Card(margins=1, spacing=0)
        table_card.body.addWidget(self.bulk)
        table_card.body.addWidget(self.table, 1)
        left.addWidget(table_card, 1)
        line.addLayout(left, 1)
        self.card_view.setFixedWidth(CARD_WIDTH)
        line.addWidget(self.card_view)
        self.side_panel = self.card_view
        self.stack.addWidget(self.browse)
        self.stack.addWidget(self.form_view)
        self.body.addWidget(self.stack, 1)
        self.merging = MergeDesk(self)
        self._connect()
        self._load_owners()
        self._load_columns()
        self.retranslate()

    def _build_head(self) -> Any:
        self.search_box = SearchBox(placeholder=N_("Name, phone"), key="Ctrl+F", popup=False)
        self.search_box.setMinimumWidth(96)
        self.kind_choice = Choice([])
        self.owner_choice = Choice([], translate=False)
        self.kind_choice.setFixedWidth(130)
        self.owner_choice.setFixedWidth(130)
        self.import_button = Button("", icon="upload")
        self.new_button = Button("", icon="plus", key="Ctrl+N", kind="primary")
        source = ListSource("customers", TITLE, self._collect, self._filters, self._set_filters, protected=True)
        self.tools = ListTools(self.ctx, self.table, source)
        head = row(spacing=8)
        head.addWidget(self.search_box, 1)
        for part in (self.kind_choice, self.owner_choice, self.tools, self.import_button, self.new_button):
            head.addWidget(part)
        return head

    def _connect(self) -> None:
        self.search_box.searched.connect(self._searched)
        self.search_box.stepped.connect(self.table.step)
        self.search_box.entered.connect(self._entered)
        self.kind_choice.value_changed.connect(self.show_list)
        self.owner_choice.value_changed.connect(self.show_list)
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._opened)
        self.table.first_step.connect(self.begin_new)
        self.table.sort_changed.connect(self.show_list)
        self.table.picked.connect(self.bulk.show_chosen)
        self.tools.changed.connect(self.show_list)
        self.bulk.changed.connect(self.show_list)
        self.bulk.said.connect(self._told)
        self.new_button.clicked.connect(self._new)
        self.import_button.clicked.connect(self._import)
        self.card_view.start_asked.connect(self._start)
        self.card_view.edit_asked.connect(self._edit)
        self.card_view.record_asked.connect(self._open_record)
        self.card_view.said.connect(self._told)
        self.form_view.saved.connect(self.show_saved)
        self.form_view.left.connect(self.leave_form)
        self.form_view.told.connect(self._told)
        self.banner_answered.connect(self._reload)
        self._edit_key = QShortcut(QKeySequence("Ctrl+E"), self.browse)
        self._edit_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._edit_key.activated.connect(self._edit_first)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.kind_choice.set_choices([(None, N_("All kinds")), (BOUGHT, N_("Have bought")), *KINDS.items()])
        self.kind_choice.setAccessibleName(_("Kind"))
        self.owner_choice.setAccessibleName(_("In charge"))
        self._load_owners()
        self.search_box.setAccessibleName(_("Search customers"))
        self.search_box.set_aside("")
        self.import_button.setAccessibleName(_("Import"))
        self.import_button.setToolTip(_("Import"))
        self.import_button.setVisible(self.ctx.may(Right.CUSTOMER_IMPORT))
        self.new_button.setText(_("New customer"))
        self.new_button.setVisible(self.ctx.may(Right.CUSTOMER_EDIT))
        self.tools.write_texts()
        self.bulk.retranslate()
        self.card_view.retranslate()
        self.form_view.retranslate()
        self.merging.view.retranslate()
        self.table.set_empty(
            N_("No customers here yet."), N_("New customer") if self.ctx.may(Right.CUSTOMER_EDIT) else ""
        )
        self.show_list()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.stack.currentWidget() is self.form_view:
            return [("Ctrl+Enter", ""), ("Ctrl+PgDn", _("Next section")), ("Esc", "")]
        if self.merging.is_shown:
            return [("Ctrl+Enter", ""), ("F6", ""), ("Space", _("Choose")), ("Esc", "")]
        edit = [("Ctrl+E", _("Edit"))] if self.ctx.may(Right.CUSTOMER_EDIT) else []
        return [("Enter", _("Open")), ("Ctrl+N", ""), *edit, ("Ctrl+F", _("Search"))]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return ["CRM-11", "CRM-13", "CALL-14", "SET-01"]

    def load(self, **arguments: Any) -> None:
        """Show a customer (``id`` or ``customer_id``), a new form (``new`` with ``phone``, ``name``), or the list."""
        if self._late:
            self.refresh()
        wanted = arguments.get("id") or arguments.get("customer_id")
        if arguments.get("new"):
            self.begin_new(phone=str(arguments.get("phone") or ""), name=str(arguments.get("name") or ""))
        elif wanted:
            self.show_customer(int(wanted), edit=bool(arguments.get("edit")))
        elif query := arguments.get("query"):
            self.search_box.set_value(str(query))
            self.show_list()
        if tab := arguments.get("tab"):
            self.card_view.tabs.choose(str(tab))
        if arguments.get("tidy"):
            ask_tidied(self)

    def first_focus(self) -> None:
        """Put the focus where typing starts."""
        if self.stack.currentWidget() is self.browse:
            self.search_box.setFocus()

    def leave(self) -> bool:
        """Ask only when something typed would be lost."""
        if self.stack.currentWidget() is not self.form_view:
            return True
        if not self.form_view.may_leave():
            return False
        self._show_browse()
        return True

    def refresh(self, notice: Any = None) -> None:
        """Follow what others saved; an open form only gets a line above it. Behind another page it waits."""
        self._late = not self.isVisibleTo(self.window())
        if self._late:
            return
        card = self.form_view.card
        if self.stack.currentWidget() is self.form_view:
            if card is not None and (notice is None or notice.names("customer", card.id)):
                self._look_for_newer()
            return
        shown = self.card_view.card
        if notice is None or notice.touches("custom_field"):
            self._load_columns()
        if notice is None or notice.touches("customer", "sale", "custom_field"):
            self.show_list(stay=shown.id if shown is not None else None)
        elif shown is not None and notice.touches("call", "visit", "repair", "complaint"):
            self._show_card(shown.id)

    def _look_for_newer(self) -> None:
        card = self.form_view.card
        assert card is not None
        try:
            newer = get_customer(self.ctx, card.id)
        except CrmError:
            return  # the form says so itself when it is saved
        if newer.version != card.version:
            said = _("A colleague has changed this customer. Saving joins both changes.")
            if newer.id != card.id:
                said = _("A colleague merged this card into {name} ({code}). Saving keeps what you typed there.")
            self.banner(said.format(name=newer.name, code=newer.code), "warning", _("Load again"))

    def _reload(self) -> None:
        card = self.form_view.card
        self.banner("")
        if card is not None and self.stack.currentWidget() is self.form_view:
            try:
                self.form_view.load(get_customer(self.ctx, card.id))
            except CrmError as error:
                errors.show_error(self, error)

    # the list ---------------------------------------------------------------------------------------------------

    def _finds(self) -> dict[str, Any]:
        """What the list is filtered and sorted by, as the service takes it."""
        kind, owner = self.kind_choice.value(), self.owner_choice.value()
        return {
            "query": str(self.search_box.value()),
            "kind": str(kind) if kind else None,
            "owner_id": int(str(owner)) if owner else None,
            "sort": sort_for(self.table.sort_key()),
        }

    def _collect(self, columns: Sequence[Column], protected: bool, ids: Sequence[Any]) -> Maker:
        return partial(collect, self.ctx, self._finds(), columns, protected, ids)

    def _filters(self) -> dict[str, Any]:
        return {"kind": self.kind_choice.value(), "owner": self.owner_choice.value()}

    def _set_filters(self, filters: dict[str, Any]) -> None:
        self.kind_choice.set_value(filters.get("kind"))
        self.owner_choice.set_value(filters.get("owner"))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.memory.flush_if_due()

    def _load_owners(self) -> None:
        try:
            members = [(member.id, member.name) for member in find_staff(self.ctx)]
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.owner_choice.set_choices([(None, _("All people")), *members])

    def _load_columns(self) -> None:
        try:
            self.table.set_columns(columns_for(self.ctx))
        except CrmError as error:
            errors.show_error(self, error)

    def show_list(self, *_ignored: object, stay: int | None = None) -> None:
        """Read the list again; the chosen customer stays chosen. The card ``stay`` is shown even out of the list."""
        query, find = str(self.search_box.value()), self._finds()
        limit = TYPED_LIMIT if query else LIST_LIMIT
        self.table.rows_model.sorted_outside = not query.strip()
        kept = stay or self._wanted or (self.card_view.card.id if self.card_view.card else None)
        try:
            rows = find_list(self.ctx, **find, more=asked(self.table.shown()), limit=limit)
            self._total = len(rows)
            if len(rows) == limit and not query:
                self._total = count_customers(self.ctx, kind=find["kind"], owner_id=find["owner_id"])
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.table.set_rows([line_of(self.ctx, listed) for listed in rows])
        if self._total > len(rows):
            self.set_subtitle(
                _("{shown} of {total}").format(shown=format_number(len(rows)), total=format_number(self._total))
            )
        else:
            text = ngettext("{count} customer", "{count} customers", len(rows))
            self.set_subtitle(text.format(count=format_number(len(rows))))
        several = len(self.table.picked_ids()) > 1
        if not several and (kept is None or not self.table.select(kept)):
            if stay is not None:  # a colleague merged it into another, or put it out of use
                self._show_card(stay)
                self.table.select(self.card_view.card.id if self.card_view.card is not None else stay)
                return
            self.table.select_first()
        current = self.table.current()
        self._show_card(self._wanted or (current.id if current else None))

    def _searched(self, text: str) -> None:
        self._wanted = None
        self.card_view.card = None
        self.show_list()

    def _entered(self, text: str) -> None:
        self.search_box.search_now()
        self.table.setFocus()

    def _chosen(self, line: Line | None) -> None:
        if line is not None:
            self._wanted = None
            self._show_card(line.id)

    def _show_card(self, customer_id: int | None) -> None:
        shown = self.card_view.card
        try:
            card = get_customer(self.ctx, customer_id) if customer_id is not None else None
        except CrmError as error:
            errors.show_error(self, error)
            card = shown
        self.card_view.show_card(card)

    def _opened(self, line: Line) -> None:
        self._show_card(line.id)
        if self.ctx.may(Right.CUSTOMER_EDIT):
            self._edit("")

    # moving about -----------------------------------------------------------------------------------------------

    def show_customer(self, customer_id: int, *, edit: bool = False) -> None:
        """Show one customer's card, whether the list holds it or not."""
        self._show_browse()
        self._wanted = customer_id
        if not self.table.select(customer_id):
            self.search_box.set_value("")
            self.show_list()
        self._show_card(customer_id)
        if edit:
            self._edit("")

    def begin_new(self, *, phone: str = "", name: str = "") -> None:
        """Open an empty form."""
        if not self.ctx.may(Right.CUSTOMER_EDIT):
            self.say(_("Your role does not allow this. Please ask the manager."), "danger")
            return
        self.form_view.begin_new(phone=phone, name=name)
        self._show_form()

    def _new(self) -> None:
        typed = str(self.search_box.value())
        digits = sum(ch.isdigit() for ch in typed)
        self.begin_new(phone=typed if digits > 4 else "", name="" if digits else typed)

    def _edit_first(self) -> None:
        self._edit("")

    def _edit(self, field: str) -> None:
        card = self.card_view.card
        if card is None or not self.ctx.may(Right.CUSTOMER_EDIT):
            return
        try:
            self.form_view.load(get_customer(self.ctx, card.id), field=field)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._show_form()

    def _show_form(self) -> None:
        self.stack.setCurrentWidget(self.form_view)
        self.hints_changed.emit()

    def _show_browse(self) -> None:
        self.banner("")
        self.stack.setCurrentWidget(self.browse)
        self.hints_changed.emit()

    def show_saved(self, customer_id: int, sentence: str) -> None:
        """Show a customer that was just kept, and say so."""
        self._show_browse()
        self._wanted = customer_id
        self.show_list()
        self._show_card(customer_id)
        self.table.setFocus()
        self.saved.emit()
        self.say(sentence)

    def _told(self, sentence: str) -> None:
        self.say(sentence, "info")

    def leave_form(self) -> None:
        """Show the list again."""
        self._show_browse()
        self.table.setFocus()

    def _import(self) -> None:
        self.open("imports", what="customers")

    def _start(self, key: str) -> None:
        card = self.card_view.card
        if card is not None and not self.merging.start(key):
            phone = {"phone": card.phone} if key == "calls" else {}
            self.open(key, new=True, customer_id=card.id, **phone)

    def _open_record(self, kind: str, record_id: int) -> None:
        if kind == "customer":
            self.show_customer(record_id)
        elif kind in PAGE_OF:
            self.open(PAGE_OF[kind], id=record_id)


PAGE = PageSpec("customers", N_("Customers"), "users", Right.CUSTOMER_VIEW.value, CustomersPage)
PAGES = (PAGE, IMPORT_PAGE)
