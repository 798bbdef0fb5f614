"""The sales page: the list of slips, and one slip from the first line to the printed three copies."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.core.errors import AlreadySaved, ConflictError, CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.rights import Right
from crmdesk.services import items, sales
from crmdesk.services.customer_search import find_people
from crmdesk.services.customers import CustomerCard, get_customer, kind_title
from crmdesk.services.sale_lists import SaleCard
from crmdesk.ui import errors
from crmdesk.ui.once import Once
from crmdesk.ui.page import KeyHints, Page, PageSpec
from crmdesk.ui.sales import typed
from crmdesk.ui.sales.acts import SlipActs
from crmdesk.ui.sales.delivery import DeliverySheet
from crmdesk.ui.sales.grid import Line
from crmdesk.ui.sales.line_prices import line_of, price_of, with_last
from crmdesk.ui.sales.list_view import LIST
from crmdesk.ui.sales.shown_slip import NEW, SlipView
from crmdesk.ui.widgets import ListView, Match

AUTOSAVE_MS = 900


class SalesPage(Page):
    """Everything about sales slips."""

    card: SaleCard | None = None

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.form = NEW
        self.customer: CustomerCard | None = None
        self._sale: tuple[int, int] | None = None  # id, version of the slip shown
        self._dirty = False
        self.once = Once()
        self.acts = SlipActs(self)
        slip = self.slip = SlipView(ctx, self._find_line)
        self.slip_head, self.grid, self.foot, self.panel = slip.head, slip.grid, slip.foot, slip.panel
        self.side_panel = self.panel
        self.list_view = ListView(ctx, LIST)
        self.delivery = DeliverySheet(ctx.office.carriers)
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        for view in (self.list_view, self.slip, self.delivery):
            self.stack.addWidget(view)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.save_now)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.slip_head.search.searched.connect(self._search_people)
        self.slip_head.search.picked.connect(self._person_picked)
        self.grid.changed.connect(self._touched)
        self.grid.removed.connect(self._line_removed)
        self.panel.acted.connect(self.acts.act)
        self.panel.consent_given.connect(self._touched)
        self.slip_head.void_button.clicked.connect(self.acts.void)
        self.slip_head.papers_button.clicked.connect(self.acts.show_papers)
        self.foot.discount_button.clicked.connect(self.ask_discount)
        self.foot.freight_button.clicked.connect(self.ask_freight)
        self.list_view.opened.connect(self.open_sale)
        self.list_view.new_asked.connect(self.new_sale)
        self.delivery.finished.connect(self._delivery_finished)
        self.banner_answered.connect(self._reload)
        self.offer_taken.connect(self.grid.undo_remove)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        self.slip.retranslate()
        self.delivery.retranslate()
        if not self.on_slip:
            self.list_view.refresh()
        self._show()

    def key_hints(self) -> KeyHints:
        if not self.on_slip:
            return [("F9", ""), ("Enter", _("Open")), ("Ctrl+F", _("Search"))]
        if self.stack.currentWidget() is self.delivery:
            return [("Ctrl+Enter", ""), ("Esc", "")]
        last = "" if self.grid.read_only else _("Last sale")
        return [("F9", ""), ("F8", last), ("F6", ""), ("F4", ""), ("Esc", _("List"))]

    def clauses(self) -> list[str]:
        return ["SET-01", "SET-02", "SET-03", "SET-04", "SET-06", "SET-08", "ORD-07", "ORD-12"]

    def load(self, **arguments: Any) -> None:
        """Show a slip (``id``), a new one (``new``, ``customer_id``, ``visit_id``), or the list."""
        found = arguments.get("id") or arguments.get("sale_id")
        if found:
            self.open_sale(int(found))
        elif arguments.get("new") or arguments.get("customer_id"):
            self.new_sale(arguments.get("customer_id"), visit_id=arguments.get("visit_id"))
        else:
            self.show_list()

    def refresh(self, notice: Any = None) -> None:
        """Read again; a slip being written keeps its typing."""
        if not self.on_slip:
            self.list_view.refresh()
        elif self._sale is not None and not self._dirty and self.grid.read_only:
            self.read(self._sale[0])

    def leave(self) -> bool:
        """Keep the draft and go."""
        self.save_now()
        return True

    def first_focus(self) -> None:
        """Start in the customer while there is none, else in the next line."""
        if not self.on_slip:
            self.list_view.first_focus()
        elif self.form.customer_id is None:
            self.slip_head.search.setFocus()
        elif self.grid.read_only:  # a printed slip has no cell: without a focus in the page its keys would be deaf
            self.panel.primary.setFocus()
        else:
            self.grid.editor.setFocus()

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.on_slip
        if override and event.key() in (Qt.Key.Key_F8, Qt.Key.Key_F9):  # type: ignore[attr-defined]  # a key event
            event.accept()  # here they mean this slip, not another desk
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.on_slip or self.stack.currentWidget() is self.delivery:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_F9:
            self.panel.act()
        elif event.key() == Qt.Key.Key_F8:
            self.take_last_sale()
        elif event.key() == Qt.Key.Key_F4:
            self.ask_delivery()
        elif event.key() == Qt.Key.Key_F6:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.ask_freight()
            else:
                self.ask_discount()
        elif event.key() == Qt.Key.Key_Escape:
            self.show_list()
        else:
            super().keyPressEvent(event)

    @property
    def kept(self) -> tuple[int, int] | None:
        """Return the id and version of the slip shown, None while it was never kept."""
        return self._sale

    @property
    def on_slip(self) -> bool:
        """Whether a slip is shown, not the list."""
        return self.stack.currentIndex() >= 1

    def _show(self) -> None:
        self.slip.show_slip(self.form, self.card, self.customer)
        self._show_subtitle()

    def _show_subtitle(self) -> None:
        if not self.on_slip:
            self.set_subtitle("")
        elif self.card is not None and self.card.state != "draft":
            self.set_subtitle(f"{self.card.number} {self.card.state_title}")
        else:
            self.set_subtitle(_("Draft, saved automatically"))

    # opening ----------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Keep the slip and show the list."""
        self.save_now()
        self.stack.setCurrentIndex(0)
        self.list_view.refresh()
        self._show_subtitle()
        self.hints_changed.emit()
        self.list_view.first_focus()

    def new_sale(self, customer_id: int | None = None, *, visit_id: int | None = None) -> None:
        """Begin a slip, keeping the one before as a draft."""
        self.stack.setCurrentIndex(1)
        if not self.save_now():
            return  # the slip of before is nowhere but here: it stays in sight
        self.card, self._sale, self.customer, self._dirty = None, None, None, False
        self.form = replace(NEW, visit_id=visit_id)
        self.once.renew()
        self.grid.set_lines([])
        self.panel.consent.set_value(False)
        self.banner("")
        if customer_id:
            self.set_customer(customer_id)
        self._show()
        self.hints_changed.emit()
        self.first_focus()

    def open_sale(self, sale_id: int) -> None:
        """Show a slip; a draft goes on where it was left."""
        self.stack.setCurrentIndex(1)
        if not self.save_now():
            return
        self.read(sale_id)
        self.hints_changed.emit()
        self.first_focus()

    def read(self, sale_id: int) -> None:
        """Show a slip as it is kept."""
        try:
            card = sales.get_sale(self.ctx, sale_id)
            self.customer = get_customer(self.ctx, card.customer_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.banner("")
        self.card, self.form, self._sale, self._dirty = card, card.form, (card.id, card.version), False
        self.once.renew()
        lines = self._with_last([Line(line.form(), own_price=True) for line in card.lines])
        self.grid.set_lines(lines, read_only=card.state != "draft")
        self.panel.consent.set_value(card.form.consent)
        self._show()

    def _reload(self) -> None:
        if self._sale is not None:
            self.read(self._sale[0])

    # customer ---------------------------------------------------------------------------------------------------

    def _search_people(self, text: str) -> None:
        try:
            people = find_people(self.ctx, text) if text else []
        except CrmError as error:
            errors.show_error(self, error)
            return
        matches = [Match(p.name, p.phone, kind_title(p.kind, p.grade), "accent", p.company, p.id) for p in people]
        self.slip_head.search.show_matches(matches)

    def _person_picked(self, match: Match) -> None:
        self.slip_head.search.clear()
        self.set_customer(int(match.record))
        self.grid.editor.setFocus()

    def set_customer(self, customer_id: int) -> None:
        """Write the slip for this customer; prices from the list follow."""
        try:
            self.customer = get_customer(self.ctx, customer_id)
            lines = []
            for line in self.grid.lines:
                item = None if line.own_price else items.find_item_by_code(self.ctx, line.form.code)
                price = price_of(item, self.customer) if item is not None else line.form.price
                lines.append(replace(line, form=replace(line.form, price=price)))
            lines = self._with_last(lines)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.form = replace(self.form, customer_id=customer_id)
        self.grid.replace_lines(lines)
        self._touched()

    # lines ------------------------------------------------------------------------------------------------------

    def _find_line(self, code: str) -> Line:
        return self._with_last([line_of(self.ctx, code, self.customer)])[0]

    def _with_last(self, lines: list[Line]) -> list[Line]:
        return with_last(self.ctx, lines, self.customer, without=self._sale[0] if self._sale else None)

    def _line_removed(self) -> None:
        self.offer(_("Line removed."), _("Bring back"), "Ctrl+Z")

    def take_last_sale(self) -> None:
        """Add the lines of this customer's last slip (F8)."""
        if self.grid.read_only or self.form.customer_id is None:
            return
        own = self._sale[0] if self._sale else None
        try:
            found = sales.find_last_sale(self.ctx, self.form.customer_id, without=own)
            lines = self._with_last([Line(replace(line.form(), remark="")) for line in found])
        except CrmError as error:
            errors.show_error(self, error)
            return
        if not found:
            self.say(_("This customer has not bought anything yet."), "info")
            return
        self.grid.set_lines([*self.grid.lines, *lines])
        self._touched()

    def ask_discount(self) -> None:
        """Ask for the whole-slip discount: an amount off, or 95% for what the customer pays."""
        if self.grid.read_only:
            return
        self._take_amount("discount", typed.ask_discount(self, self.slip.sums(self.form).subtotal))

    def ask_freight(self) -> None:
        """Ask for the freight (SET-08)."""
        if not self.grid.read_only:
            self._take_amount("freight", typed.ask_freight(self))

    def _take_amount(self, name: str, amount: Decimal | None) -> None:
        if amount is not None:
            self.form = replace(self.form, **{name: amount})  # type: ignore[arg-type]  # both are amounts
            self._touched()

    def ask_delivery(self) -> None:
        """Show the sheet of delivery and remarks over the slip (F4)."""
        if not self.grid.read_only:
            self.stack.setCurrentWidget(self.delivery)
            self.delivery.ask(self.form, self.customer)

    def _delivery_finished(self, taken: bool) -> None:
        self.stack.setCurrentIndex(1)
        if taken:
            self.form = self.delivery.values(self.form)
            self._touched()
        self.grid.editor.setFocus()

    # saving -----------------------------------------------------------------------------------------------------

    def _touched(self) -> None:
        self.form = replace(self.form, lines=self.grid.forms(), consent=bool(self.panel.consent.value()))
        self._dirty = True
        if self.form.customer_id is not None:
            self._timer.start()
        self._show()

    def save_now(self) -> bool:
        """Keep the draft at once; False when it could not be kept (the reason is shown, nothing typed is lost)."""
        self._timer.stop()
        if not self._dirty or self.form.customer_id is None or self.grid.read_only:
            return True
        if not self.form.lines and self._sale is None:
            return True
        sale_id, version = self._sale or (None, None)
        try:
            saved = sales.save_draft(self.ctx, self.once.stamp(self.form), sale_id=sale_id, version=version)
        except ConflictError as error:
            self.banner(error.message, "warning", _("Reload"))
            return False
        except AlreadySaved as error:
            return self._take_saved(error) and self.save_now()
        except CrmError as error:
            errors.show_error(self, error)
            return False
        self._sale, self._dirty = (saved.id, saved.version), False
        self.once.renew()
        self.saved.emit()
        self._show_subtitle()
        return True

    def _take_saved(self, error: AlreadySaved) -> bool:
        """Go on with the draft whose answer got lost; what was typed since then is still to be kept."""
        try:
            card = sales.get_sale(self.ctx, error.record_id)
        except CrmError as other:
            errors.show_error(self, other)
            return False
        self._sale, self._dirty = (card.id, card.version), self.once.changed(self.form)
        self.once.renew()
        errors.show_error(self, error)
        return True


PAGE = PageSpec("sales", N_("Sales"), "shopping-bag", Right.SALE, SalesPage)
