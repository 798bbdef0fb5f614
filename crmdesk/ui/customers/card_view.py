"""The customer's card at the right of the list: who, figures, tabs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from crmdesk.core import birthdays
from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, dotted, ngettext
from crmdesk.core.money import format_number
from crmdesk.core.text import shorten
from crmdesk.rules import repairs as repair_rules
from crmdesk.rules import sales as sale_rules
from crmdesk.rules.archive import ArchiveField
from crmdesk.rules.rights import Right
from crmdesk.services.archive_fields import find_fields
from crmdesk.services.context import Context
from crmdesk.services.customer_card import (
    CustomerCard,
    DealRow,
    find_customer_repairs,
    find_customer_sales,
)
from crmdesk.services.customer_forms import kind_title
from crmdesk.services.customer_merge import find_merges
from crmdesk.services.records import HistoryLine, find_history
from crmdesk.ui import errors
from crmdesk.ui.customers.archive_tab import ArchiveTab
from crmdesk.ui.customers.care_tab import CareTab
from crmdesk.ui.customers.changes import changed_words
from crmdesk.ui.customers.deposits_tab import DepositsTab
from crmdesk.ui.customers.files_tab import FilesTab
from crmdesk.ui.customers.follow_tab import FollowTab
from crmdesk.ui.customers.tabs import TabLine
from crmdesk.ui.customers.timeline_tab import TimelineTab, entry_of
from crmdesk.ui.widgets import (
    Avatar,
    Button,
    Card,
    Column,
    ElideLabel,
    Entry,
    Figure,
    Figures,
    Label,
    Pill,
    Progress,
    RecordTable,
    Rule,
    Scroll,
    Timeline,
    column,
    row,
)  # fmt: skip
from crmdesk.ui.widgets.pill import KIND_TONES

#: Tabs that look after themselves: key, title, and a widget with ``show_card(card)`` and the signals of ``_listen``.
MORE_TABS = (
    ("archive", N_("Archive"), ArchiveTab),
    ("follow", N_("Write-ups"), FollowTab),
    ("care", N_("Care"), CareTab),
    ("files", N_("Files"), FilesTab),
    ("deposits", N_("Deposits"), DepositsTab),
)  # fmt: skip
TABS = (
    ("overview", N_("Overview")),
    ("timeline", N_("Time line")),
    ("sales", N_("Slips")),
    ("repairs", N_("Repairs")),
    *((key, title) for key, title, _kind in MORE_TABS),
    ("history", N_("History")),
)
STARTS = (
    ("calls", N_("Call"), "phone", "F2", Right.CALL),
    ("sales", N_("Sales slip"), "shopping-bag", "F9", Right.SALE),
    ("repairs", N_("Repair"), "wrench", "F7", Right.REPAIR),
    ("reception", N_("Visit"), "door-open", "F3", Right.VISIT),
    ("complaints", N_("Complaint"), "message-square-warning", "F8", Right.COMPLAINT_OPEN),
)
_SHOWN_STARTS = 3


class _Deal(NamedTuple):
    id: int
    number: str
    day: str
    amount: Decimal
    state: str
    what: str


_DEALS = (
    Column("number", N_("Number"), 130, bold=True, second="what"),
    Column("day", N_("Day"), 62),
    Column("amount", N_("Amount"), 84, kind="money"),
    Column("state", N_("State"), stretch=True),
)


class CardView(Card):
    """Shows one card; asks for other desks and for the form by signals."""

    start_asked = Signal(str)  # page key: begin something there with this customer
    edit_asked = Signal(str)  # the field to begin with, '' for the first
    record_asked = Signal(str, int)
    said = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 14, 20, 10), spacing=8, parent=parent)
        self.ctx = ctx
        self.card: CustomerCard | None = None
        self._fields: dict[str, ArchiveField] = {}
        self._build_head()
        self._build_tabs()
        self.empty = ElideLabel("", "body", "muted")
        self.add(self.empty)
        self.show_card(None)

    def _build_head(self) -> None:
        self.face = Avatar("", 48)
        self.name_label = ElideLabel("", "page")
        self.pill = Pill("")
        self.second_label = ElideLabel("", "body", "muted")
        self.edit_button = Button("", icon="pencil", kind="quiet", size="row")
        self.edit_button.clicked.connect(self._edit)
        name = row(self.name_label, self.pill, self.edit_button, spacing=8)
        name.setStretch(0, 1)
        self.head = QWidget()
        head = QVBoxLayout(self.head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(10)
        head.addLayout(row(self.face, column(name, self.second_label, spacing=2), spacing=12))
        self.start_buttons: list[Button] = []
        for key, _title, _icon, cap, _right in STARTS[:_SHOWN_STARTS]:
            button = Button("", key=cap, bind=False, size="row")
            button.setObjectName(key)
            button.clicked.connect(self._start_pressed)
            self.start_buttons.append(button)
        self.more_button = Button("", icon="ellipsis", kind="quiet", size="row")
        self.more_button.clicked.connect(self._show_more)
        head.addLayout(row(*self.start_buttons, None, self.more_button, spacing=6))
        self.figures = Figures()
        head.addWidget(self.figures)
        self.body.addWidget(self.head)

    def _build_tabs(self) -> None:
        self.tabs = TabLine(TABS)
        self.tabs.value_changed.connect(self._show_tab)
        self.body.addWidget(self.tabs)
        self.stack = QStackedWidget()
        self.stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.overview = QWidget()
        self.facts = QGridLayout()
        self.facts.setContentsMargins(0, 4, 0, 4)
        self.facts.setVerticalSpacing(8)
        self.facts.setHorizontalSpacing(16)
        self.facts.setColumnStretch(1, 1)
        self.filled_label = Label("", "label", "muted")
        self.filled_bar = Progress()
        self.filled_count = Label("", "strong")
        self.missing_button = Button("", kind="link", size="row")
        self.missing_button.clicked.connect(self._fill_missing)
        self.promise_label = Label("", "body", "warning", wrap=True)
        self.recent_title = Label("", "label_strong", "muted")
        self.recent = Timeline(compact=True)
        self.recent.opened.connect(self._entry_opened)
        filled = row(self.filled_label, spacing=10)
        filled.addWidget(self.filled_bar, 1)
        filled.addWidget(self.filled_count)
        filled.addWidget(self.missing_button)
        view = QVBoxLayout(self.overview)
        view.setContentsMargins(0, 0, 8, 0)
        view.setSpacing(8)
        view.addLayout(self.facts)
        for part in (Rule(), filled, self.promise_label, Rule(), self.recent_title, self.recent):
            view.addWidget(part) if isinstance(part, QWidget) else view.addLayout(part)
        view.addStretch(1)
        self.timeline_tab = TimelineTab(self.ctx)
        self.timeline = self.timeline_tab.timeline
        self._listen(self.timeline_tab)
        self.sales_table = RecordTable(_DEALS, name="customer-sales", memory=self.ctx.settings.windows)
        self.repairs_table = RecordTable(_DEALS, name="customer-repairs", memory=self.ctx.settings.windows)
        self.sales_table.opened.connect(self._sale_opened)
        self.repairs_table.opened.connect(self._repair_opened)
        self.history = Timeline()
        self.more_tabs: dict[str, Any] = {key: kind(self.ctx) for key, _title, kind in MORE_TABS}
        for tab in self.more_tabs.values():
            self._listen(tab)
        for page in (
            Scroll(self.overview),
            self.timeline_tab,
            self.sales_table,
            self.repairs_table,
            *self.more_tabs.values(),
            Scroll(self.history),
        ):
            self.stack.addWidget(page)
        self.body.addWidget(self.stack, 1)

    def _listen(self, tab: Any) -> None:
        """Hand on what a tab asks for: a record, the form at a field, a sentence to say."""
        for name in ("record_asked", "edit_asked", "said"):
            if hasattr(tab, name):
                getattr(tab, name).connect(getattr(self, name))

    # showing ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.edit_button.setAccessibleName(_("Edit"))
        self.edit_button.setToolTip(_("Edit") + " (Ctrl+E)")
        self.more_button.setAccessibleName(_("More"))
        self.more_button.setToolTip(_("More"))
        for button, (_key, title, _icon, _cap, _right) in zip(self.start_buttons, STARTS, strict=False):
            button.setText(_(title))
        self.filled_label.setText(_("Card filled"))
        self.recent_title.setText(_("Recently"))
        self.empty.setText(_("Choose a customer in the list to see the card."))
        self.sales_table.set_empty(N_("No slips yet."))
        self.repairs_table.set_empty(N_("No repairs yet."))
        self.show_card(self.card)

    def show_card(self, card: CustomerCard | None) -> None:
        """Show a card, None shows none."""
        self.card = card
        for part in (self.head, self.tabs, self.stack):
            part.setVisible(card is not None)
        self.empty.setVisible(card is None)
        if card is None:
            return
        self.face.set_name(card.name)
        self.name_label.setText(card.name)
        self.pill.set(kind_title(card.kind, card.grade), KIND_TONES.get(card.kind, "neutral"))
        parts = [card.company, _("Customer {code}").format(code=card.code)]
        if card.form.since:
            parts.append(_("since {year}/{month:02d}").format(year=card.form.since.year, month=card.form.since.month))
        if not card.form.active:
            parts.append(_("not in use"))
        self.second_label.setText(dotted(*parts))
        may_edit = self.ctx.may(Right.CUSTOMER_EDIT)
        self.edit_button.setVisible(may_edit)
        self.missing_button.setVisible(may_edit and bool(card.missing))
        for button, (_key, _title, _icon, _cap, right) in zip(self.start_buttons, STARTS, strict=False):
            button.setVisible(self.ctx.may(right))
        self.figures.set_figures(
            [
                Figure(_("Bought this year"), format_number(card.bought_this_year, 0)),
                Figure(_("Balance"), format_number(card.balance, 0), tone=_balance_tone(card.balance, card.over_limit)),
                Figure(_("Open repairs"), str(card.open_repairs)),
                Figure(_("Complaints"), str(card.open_complaints), tone="danger" if card.open_complaints else ""),
            ]
        )
        self.tabs.set_counts({"sales": card.sales, "repairs": card.open_repairs})
        self._show_facts(card)
        self.filled_bar.set(card.percent, 100)
        self.filled_count.setText(_("{percent}%").format(percent=card.percent))
        self.missing_button.setText(
            ngettext(
                "{count} main field is empty", "{count} main fields are empty", len(card.missing)
            ).format(count=len(card.missing))
        )
        self.promise_label.setText("\n".join(
            _("Call back {moment}: {matter}").format(moment=self._moment(p.callback_at), matter=shorten(p.matter, 40))
            for p in card.callbacks
        ))  # fmt: skip
        self.promise_label.setVisible(bool(card.callbacks))
        self.recent.set_entries([entry_of(self.ctx, line) for line in card.recent])
        self._show_tab()

    def _show_facts(self, card: CustomerCard) -> None:
        while (item := self.facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        form = card.form
        lines: list[tuple[str, str, str]] = [
            (phone.label or _("Phone"), f"{phone.number} #{phone.extension}" if phone.extension else phone.number, "")
            for phone in form.phones
        ]
        lines += [
            (_("Region"), form.region, ""),
            (_("Address"), form.address, ""),
            (_("Birthday"), birthdays.shown(form.birthday), "accent"),
        ]
        lines += [
            (
                contact.role or (_("In an emergency") if contact.emergency else _("Contact person")),
                " ".join(p for p in (contact.name, contact.phone) if p), "warning" if contact.emergency else "",
            )
            for contact in form.contacts if contact.left_on is None or contact.left_on > self.ctx.clock.today()
        ]
        lines += [
            (_("Likes"), form.likes, ""),
            (_("Avoid"), form.avoid, "danger"),
            (_("In charge"), card.owner_name, ""),
        ]
        if form.credit_limit:
            lines.append((_("Credit limit"), format_number(form.credit_limit, 0), "danger" if card.over_limit else ""))
        lines.append((_("Note"), form.note, ""))
        for place, (title, text, colour) in enumerate(line for line in lines if line[1]):
            self.facts.addWidget(Label(title, "body", "muted"), place, 0)
            value = ElideLabel(shorten(text, 300), "body", colour or "text", align=Qt.AlignmentFlag.AlignRight)
            self.facts.addWidget(value, place, 1)

    def _moment(self, at: datetime) -> str:
        local = self.ctx.clock.local(at)
        return f"{format_day_short(local.date())} {format_time(local)}"

    def _show_tab(self) -> None:
        tab = self.tabs.value()
        self.stack.setCurrentIndex([name for name, _t in TABS].index(tab))
        if self.card is None:
            return
        try:
            self._load_tab(tab, self.card)
        except CrmError as error:
            errors.show_error(self, error)

    def _load_tab(self, tab: str, card: CustomerCard) -> None:
        if tab in self.more_tabs:
            self.more_tabs[tab].show_card(card)
        elif tab == "timeline":
            self.timeline_tab.show_card(card)
        elif tab == "sales":
            rows = find_customer_sales(self.ctx, card.id)
            self.sales_table.set_rows([self._deal(deal, sale_rules.MACHINE.states) for deal in rows])
        elif tab == "repairs":
            rows = find_customer_repairs(self.ctx, card.id)
            self.repairs_table.set_rows([self._deal(deal, repair_rules.MACHINE.states) for deal in rows])
        elif tab == "history":
            lines = find_history(self.ctx, "customer", card.id)
            self._fields = {field.key: field for field in find_fields(self.ctx, hidden=True)}
            none = Entry("", "history", _("Nothing was changed yet."))
            self.history.set_entries([self._change(line) for line in lines] or [none])

    def _deal(self, deal: DealRow, states: Any) -> _Deal:
        day = format_day_short(self.ctx.clock.local(deal.at).date())
        state = _(states.get(deal.state, deal.state))
        return _Deal(deal.id, deal.number or _("Being written"), day, deal.amount, state, shorten(deal.what, 30))

    def _change(self, line: HistoryLine) -> Entry:
        day = format_day_short(self.ctx.clock.local(line.at).date())
        words = [changed_words(name, change, self._fields) for name, change in line.changes.items()]
        return Entry(day, "pencil", line.sentence, shorten("; ".join(w for w in words if w), 120), line.by)

    # asking -----------------------------------------------------------------------------------------------------

    def _edit(self) -> None:
        self.edit_asked.emit("")

    def _fill_missing(self) -> None:
        if self.card is not None and self.card.missing:
            self.edit_asked.emit(self.card.missing[0])

    def _start_pressed(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.start_asked.emit(sender.objectName())

    def _show_more(self) -> None:
        menu = QMenu(self)
        for key, title, _icon, cap, right in STARTS[_SHOWN_STARTS:]:
            if self.ctx.may(right):
                action = QAction(f"{_(title)}\t{cap}", menu)
                action.setData(key)
                menu.addAction(action)
        if self.ctx.may(Right.CUSTOMER_EDIT) and self.card is not None:
            self._add_merges(menu, self.card.id)
        menu.triggered.connect(self._more_chosen)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height() + 4)))

    def _add_merges(self, menu: QMenu, customer_id: int) -> None:
        try:
            merges = find_merges(self.ctx, customer_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        menu.addSeparator()
        menu.addAction(_("Merge with another card") + "\tCtrl+M").setData("merge")
        for merge in merges:
            words = _("Take {name} ({code}) out again").format(name=merge.name, code=merge.code)
            menu.addAction(words).setData(f"apart:{merge.id}")

    def _more_chosen(self, action: QAction) -> None:
        self.start_asked.emit(str(action.data()))

    def _entry_opened(self, entry: Entry) -> None:
        if entry.record is not None:
            self.record_asked.emit(*entry.record)

    def _sale_opened(self, deal: _Deal) -> None:
        self.record_asked.emit("sale", deal.id)

    def _repair_opened(self, deal: _Deal) -> None:
        self.record_asked.emit("repair", deal.id)


def _balance_tone(balance: Decimal, over_limit: bool) -> str:
    return "danger" if over_limit else "warning" if balance > 0 else ""
