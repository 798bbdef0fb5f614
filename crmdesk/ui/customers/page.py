"""The customers' page: everybody in a list with search, the card of the chosen one beside it, and the form."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.money import format_number
from crmdesk.rules.rights import Right
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_forms import KINDS, kind_title
from crmdesk.services.customer_search import CustomerRow, count_customers, find_customers
from crmdesk.services.staff import find_staff
from crmdesk.ui import errors
from crmdesk.ui.customers.card_view import CardView
from crmdesk.ui.customers.form_view import CustomerFormView
from crmdesk.ui.imports.page import PAGE as IMPORT_PAGE
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.widgets import Button, Card, Choice, Column, RecordTable, SearchBox, row
from crmdesk.ui.widgets.pill import KIND_TONES

CARD_WIDTH = 404
LIST_LIMIT = 500
TYPED_LIMIT = 100
PAGE_OF = {"call": "calls", "visit": "reception", "sale": "sales", "packing": "packing", "repair": "repairs",
           "complaint": "complaints"}  # fmt: skip


class _Line(NamedTuple):
    id: int
    name: str
    company: str
    kind: str
    kind_tone: str
    phone: str
    region: str
    last: datetime | None
    last_words: str
    balance: Decimal | None
    balance_words: str
    balance_tone: str
    owner: str


COLUMNS = (
    Column("name", N_("Name / shop"), stretch=True, bold=True, second="company"),
    Column("kind", N_("Kind"), 98, kind="pill", tone="kind_tone"),
    Column("phone", N_("Phone"), 128, kind="phone"),
    Column("region", N_("Region"), 66, most=124),
    Column("last_words", N_("Last"), 62),
    Column("balance_words", N_("Balance"), 104, align="right", tone="balance_tone", bold=True),
    Column("owner", N_("In charge"), 78),
)


class CustomersPage(Page):
    """List and card; the form takes their place while it is open."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._total = 0
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
        left.addLayout(self._build_head())
        self.table = RecordTable(COLUMNS, name="customers", memory=ctx.settings.windows)
        table_card = Card(margins=1, spacing=0)
        table_card.body.addWidget(self.table)
        left.addWidget(table_card, 1)
        line.addLayout(left, 1)
        self.card_view.setFixedWidth(CARD_WIDTH)
        line.addWidget(self.card_view)
        self.side_panel = self.card_view
        self.stack.addWidget(self.browse)
        self.stack.addWidget(self.form_view)
        self.body.addWidget(self.stack, 1)
        self._connect()
        self._load_owners()
        self.retranslate()

    def _build_head(self) -> Any:
        self.search_box = SearchBox(placeholder=N_("Name, phone, code"), key="Ctrl+F", popup=False)
        self.search_box.setMinimumWidth(96)
        self.kind_choice = Choice([])
        self.owner_choice = Choice([], translate=False)
        self.kind_choice.setFixedWidth(122)
        self.owner_choice.setFixedWidth(132)
        self.import_button = Button("", icon="upload")
        self.new_button = Button("", icon="plus", key="Ctrl+N", kind="primary")
        head = row(spacing=8)
        head.addWidget(self.search_box, 1)
        for part in (self.kind_choice, self.owner_choice, self.import_button, self.new_button):
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
        self.new_button.clicked.connect(self._new)
        self.import_button.clicked.connect(self._import)
        self.card_view.start_asked.connect(self._start)
        self.card_view.edit_asked.connect(self._edit)
        self.card_view.record_asked.connect(self._open_record)
        self.form_view.saved.connect(self._saved)
        self.form_view.left.connect(self._left)
        self.form_view.told.connect(self._told)
        self.banner_answered.connect(self._reload)
        self._edit_key = QShortcut(QKeySequence("Ctrl+E"), self.browse)
        self._edit_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._edit_key.activated.connect(self._edit_first)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.kind_choice.set_choices([(None, N_("All kinds")), *KINDS.items()])
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
        self.card_view.retranslate()
        self.form_view.retranslate()
        self.table.set_empty(
            N_("No customers here yet."), N_("New customer") if self.ctx.may(Right.CUSTOMER_EDIT) else ""
        )
        self.show_list()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if self.stack.currentWidget() is self.form_view:
            return [("Ctrl+Enter", ""), ("Esc", "")]
        edit = [("Ctrl+E", _("Edit"))] if self.ctx.may(Right.CUSTOMER_EDIT) else []
        return [("Enter", _("Open")), ("Ctrl+N", ""), *edit, ("Ctrl+F", _("Search"))]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
        return ["CRM-11", "CRM-13", "CALL-14", "SET-01"]

    def load(self, **arguments: Any) -> None:
        """Show a customer (``id`` or ``customer_id``), a new form (``new`` with ``phone``, ``name``), or the list."""
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
        """Follow what others saved; an open form only gets a line above it."""
        card = self.form_view.card
        if self.stack.currentWidget() is self.form_view:
            if card is not None and (notice is None or notice.names("customer", card.id)):
                self._look_for_newer()
            return
        shown = self.card_view.card
        if notice is None or notice.touches("customer", "sale"):
            self.show_list()
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
            self.banner(
                _("A colleague has changed this customer. Saving joins both changes."), "warning", _("Load again")
            )

    def _reload(self) -> None:
        card = self.form_view.card
        self.banner("")
        if card is not None and self.stack.currentWidget() is self.form_view:
            try:
                self.form_view.load(get_customer(self.ctx, card.id))
            except CrmError as error:
                errors.show_error(self, error)

    # the list ---------------------------------------------------------------------------------------------------

    def _load_owners(self) -> None:
        try:
            members = [(member.id, member.name) for member in find_staff(self.ctx)]
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.owner_choice.set_choices([(None, _("All people")), *members])

    def show_list(self, *_ignored: object) -> None:
        """Read the list again; the chosen customer stays chosen."""
        query = str(self.search_box.value())
        kind, owner = self.kind_choice.value(), self.owner_choice.value()
        kept = self._wanted or (self.card_view.card.id if self.card_view.card else None)
        try:
            rows = find_customers(
                self.ctx,
                query,
                kind=str(kind) if kind else None,
                owner_id=int(str(owner)) if owner else None,
                limit=TYPED_LIMIT if query else LIST_LIMIT,
            )
            limit = TYPED_LIMIT if query else LIST_LIMIT
            self._total = len(rows)
            if len(rows) == limit and not query:
                self._total = count_customers(
                    self.ctx, kind=str(kind) if kind else None, owner_id=int(str(owner)) if owner else None
                )
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.table.set_rows([self._line(r) for r in rows])
        if self._total > len(rows):
            self.set_subtitle(
                _("{shown} of {total}").format(shown=format_number(len(rows)), total=format_number(self._total))
            )
        else:
            text = ngettext("{count} customer", "{count} customers", len(rows))
            self.set_subtitle(text.format(count=format_number(len(rows))))
        if kept is None or not self.table.select(kept):
            self.table.select_first()
        current = self.table.current()
        self._show_card(self._wanted or (current.id if current else None))

    def _line(self, customer: CustomerRow) -> _Line:
        last = self.ctx.clock.local(customer.last_contact_at) if customer.last_contact_at else None
        over = customer.credit_limit > 0 and customer.balance > customer.credit_limit
        words = format_number(customer.balance, 0) if customer.balance else ""
        if last is None:
            last_words = ""
        elif last.year == self.ctx.clock.today().year:
            last_words = format_day_short(last.date())
        else:
            last_words = f"{last.year}/{last.month}"
        if over:
            words = _("over {amount}").format(amount=words)
        return _Line(
            customer.id, customer.name, customer.company, kind_title(customer.kind, customer.grade),
            KIND_TONES.get(customer.kind, "neutral"), customer.phone, customer.region, last, last_words,
            customer.balance, words, "danger" if over else "", customer.owner,
        )  # fmt: skip

    def _searched(self, text: str) -> None:
        self._wanted = None
        self.card_view.card = None
        self.show_list()

    def _entered(self, text: str) -> None:
        self.search_box.search_now()
        self.table.setFocus()

    def _chosen(self, line: _Line | None) -> None:
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

    def _opened(self, line: _Line) -> None:
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

    def _saved(self, customer_id: int, sentence: str) -> None:
        self._show_browse()
        self._wanted = customer_id
        self.show_list()
        self._show_card(customer_id)
        self.table.setFocus()
        self.saved.emit()
        self.say(sentence)

    def _told(self, sentence: str) -> None:
        self.say(sentence, "info")

    def _left(self) -> None:
        self._show_browse()
        self.table.setFocus()

    def _import(self) -> None:
        self.open("imports", what="customers")

    def _start(self, key: str) -> None:
        card = self.card_view.card
        if card is not None:
            phone = {"phone": card.phone} if key == "calls" else {}
            self.open(key, new=True, customer_id=card.id, **phone)

    def _open_record(self, kind: str, record_id: int) -> None:
        if kind in PAGE_OF:
            self.open(PAGE_OF[kind], id=record_id)


PAGE = PageSpec("customers", N_("Customers"), "users", Right.CUSTOMER_VIEW.value, CustomersPage)
PAGES = (PAGE, IMPORT_PAGE)
