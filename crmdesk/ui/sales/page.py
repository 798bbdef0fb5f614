"""The sales page: the list of slips, and one slip from the first line to the printed three copies."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core import money
from crmdesk.core.errors import ConflictError, CrmError, UserError
from crmdesk.core.i18n import N_, _
from crmdesk.rules.rights import Right
from crmdesk.services import items, sales
from crmdesk.services.customer_search import find_people
from crmdesk.services.customers import get_customer, kind_title
from crmdesk.services.sale_lists import SaleLineForm
from crmdesk.ui import dialogs, errors
from crmdesk.ui.page import KeyHints, PageSpec
from crmdesk.ui.papers.preview import show_papers
from crmdesk.ui.sales.grid import Line, day_words
from crmdesk.ui.sales.shown_slip import NEW, ShownSlip
from crmdesk.ui.sales.typed import read_discount
from crmdesk.ui.widgets import Match

AUTOSAVE_MS = 900


class SalesPage(ShownSlip):
    """Everything about sales slips."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self._autosave)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.head.search.searched.connect(self._search_people)
        self.head.search.picked.connect(self._person_picked)
        self.grid.changed.connect(self._lines_changed)
        self.grid.removed.connect(self._line_removed)
        self.panel.acted.connect(self._act)
        self.panel.consent_given.connect(self._consent_changed)
        self.head.void_button.clicked.connect(self.void)
        self.head.papers_button.clicked.connect(self.show_papers)
        self.foot.discount_button.clicked.connect(self.ask_discount)
        self.foot.freight_button.clicked.connect(self.ask_freight)
        self.list_view.opened.connect(self.open_sale)
        self.list_view.new_asked.connect(self._new_asked)
        self.delivery.finished.connect(self._delivery_finished)
        self.banner_answered.connect(self._reload)

    # what the frame asks ----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.head.retranslate()
        self.foot.retranslate()
        self.panel.retranslate()
        self.delivery.retranslate()
        self.grid.retranslate()
        self.list_view.retranslate()
        self._show()

    def key_hints(self) -> KeyHints:
        """Return the keys of the page."""
        if not self.on_slip:
            return [("F9", _("New slip")), ("Enter", _("Open"))]
        slip = [("F9", _("Print")), ("F8", _("Last sale")), ("F6", _("Discount")), ("F4", _("Delivery"))]
        return [*slip, ("Esc", _("List"))]

    def clauses(self) -> list[str]:
        """Return the clauses the page keeps."""
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
            self._read(self._sale[0])

    def leave(self) -> bool:
        """Keep the draft and go."""
        self.save_now()
        return True

    def first_focus(self) -> None:
        """Start in the customer while there is none, else in the next line."""
        if not self.on_slip:
            self.list_view.table.setFocus()
        elif self.form.customer_id is None:
            self.head.search.setFocus()
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
        if not self.on_slip:
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

    # opening ----------------------------------------------------------------------------------------------------

    def show_list(self) -> None:
        """Keep the slip and show the list."""
        self.save_now()
        self.stack.setCurrentIndex(0)
        self.list_view.refresh()
        self._show_subtitle()
        self.hints_changed.emit()
        self.list_view.table.setFocus()

    def _new_asked(self) -> None:
        self.new_sale()

    def new_sale(self, customer_id: int | None = None, *, visit_id: int | None = None) -> None:
        """Begin a slip, keeping the one before as a draft."""
        self.save_now()
        self.card, self._sale, self.customer, self._dirty = None, None, None, False
        self.form = replace(NEW, visit_id=visit_id)
        self.grid.set_lines([])
        self.panel.consent.set_value(False)
        self.banner("")
        self.stack.setCurrentIndex(1)
        if customer_id:
            self.set_customer(customer_id)
        self._show()
        self.hints_changed.emit()
        self.first_focus()

    def open_sale(self, sale_id: int) -> None:
        """Show a slip; a draft goes on where it was left."""
        self.save_now()
        self.stack.setCurrentIndex(1)
        self._read(sale_id)
        self.hints_changed.emit()
        self.first_focus()

    def _read(self, sale_id: int) -> None:
        try:
            card = sales.get_sale(self.ctx, sale_id)
            self.customer = get_customer(self.ctx, card.customer_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.banner("")
        self.card, self.form, self._sale, self._dirty = card, card.form, (card.id, card.version), False
        lines = [Line(line.form(), own_price=True) for line in card.lines]
        self.grid.set_lines(self._with_last(lines), read_only=card.state != "draft")
        self.panel.consent.set_value(card.form.consent)
        self._show()

    def _reload(self) -> None:
        if self._sale is not None:
            self._read(self._sale[0])

    # customer ---------------------------------------------------------------------------------------------------

    def _search_people(self, text: str) -> None:
        people = find_people(self.ctx, text) if text else []
        self.head.search.show_matches(
            [Match(p.name, p.phone, kind_title(p.kind, p.grade), "accent", p.company, p.id) for p in people]
        )

    def _person_picked(self, match: Match) -> None:
        self.head.search.clear()
        self.set_customer(int(match.record))
        self.grid.editor.setFocus()

    def set_customer(self, customer_id: int) -> None:
        """Write the slip for this customer; prices from the list follow."""
        try:
            self.customer = get_customer(self.ctx, customer_id)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.form = replace(self.form, customer_id=customer_id)
        lines = []
        for line in self.grid.lines:
            item = None if line.own_price else items.find_item_by_code(self.ctx, line.form.code)
            price = self._price(item) if item is not None else line.form.price
            lines.append(replace(line, form=replace(line.form, price=price)))
        self.grid.replace_lines(self._with_last(lines))
        self._touched()

    # lines ------------------------------------------------------------------------------------------------------

    def _find_line(self, code: str) -> Line:
        """Return the line of a typed or scanned code; UserError with the sentence for the cell."""
        item = items.find_item_by_code(self.ctx, code)
        if item is None:
            found = items.find_items(self.ctx, code, limit=2)
            if len(found) != 1:
                raise UserError(
                    _("No item has the code “{code}”. Please check it.").format(code=code[:40]), clause="SET-04"
                )
            item = found[0]
        form = SaleLineForm(item.code, 1, self._price(item), None, "", item.name, item.id, item.area, item.unit)
        return self._with_last([Line(form)])[0]

    def _price(self, item: items.ItemRow) -> Decimal:
        if self.customer is None:
            return items.price_for(item, "retail")
        return items.price_for(item, self.customer.kind, self.customer.grade)

    def _with_last(self, lines: list[Line]) -> list[Line]:
        if self.form.customer_id is None or not lines:
            return lines
        ids = {line.form.item_id for line in lines if line.form.item_id is not None}
        own = self._sale[0] if self._sale else None
        last = sales.find_last_prices(self.ctx, self.form.customer_id, ids, without=own)
        result = []
        for line in lines:
            known = last.get(line.form.item_id) if line.form.item_id is not None else None
            day = day_words(self.ctx.clock.local(known.at).date()) if known else None
            result.append(replace(line, last=known.price if known else None, last_on=day))
        return result

    def _lines_changed(self) -> None:
        self._touched()

    def _line_removed(self) -> None:
        self.say(_("Line removed. Ctrl+Z brings it back."), "info")

    def take_last_sale(self) -> None:
        """Add the lines of this customer's last slip (F8)."""
        if self.grid.read_only or self.form.customer_id is None:
            return
        found = sales.find_last_sale(self.ctx, self.form.customer_id, without=self._sale[0] if self._sale else None)
        if not found:
            self.say(_("This customer has not bought anything yet."), "info")
            return
        lines = [Line(replace(line.form(), remark="")) for line in found]
        self.grid.set_lines([*self.grid.lines, *self._with_last(lines)])
        self._touched()

    def ask_discount(self) -> None:
        """Ask for the whole-slip discount: an amount off, or 95% for what the customer pays."""
        if self.grid.read_only:
            return
        typed = dialogs.get_text(
            self, _("Discount on the whole slip: an amount off, or 95% for what is paid"), required=False
        )
        if typed is None:
            return
        try:
            discount = read_discount(typed.strip(), self._sums().subtotal, self.ctx.office.currency)
            self.form = replace(self.form, discount=discount)
        except CrmError as error:
            self.say(error.message, "warning")
            return
        self._touched()

    def ask_freight(self) -> None:
        """Ask for the freight (SET-08)."""
        if self.grid.read_only:
            return
        typed = dialogs.get_text(self, _("Freight"), required=False)
        if typed is None:
            return
        try:
            amount = money.parse_money(typed) if typed.strip() else Decimal(0)
        except CrmError as error:
            self.say(error.message, "warning")
            return
        self.form = replace(self.form, freight=abs(amount))
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

    def _consent_changed(self) -> None:
        self._touched()

    def _touched(self) -> None:
        self.form = replace(self.form, lines=self.grid.forms(), consent=bool(self.panel.consent.value()))
        self._dirty = True
        if self.form.customer_id is not None:
            self._timer.start()
        self._show()

    def _autosave(self) -> None:
        self.save_now()

    def save_now(self) -> bool:
        """Keep the draft at once; False when it could not be kept (the reason is shown, nothing typed is lost)."""
        self._timer.stop()
        if not self._dirty or self.form.customer_id is None or self.grid.read_only:
            return True
        if not self.form.lines and self._sale is None:
            return True
        sale_id, version = self._sale or (None, None)
        try:
            saved = sales.save_draft(self.ctx, self.form, sale_id=sale_id, version=version)
        except ConflictError as error:
            self.banner(error.message, "warning", _("Reload"))
            return False
        except CrmError as error:
            errors.show_error(self, error)
            return False
        self._sale, self._dirty = (saved.id, saved.version), False
        self.saved.emit()
        self._show_subtitle()
        return True

    def _missing(self) -> str:
        """Return what the print still needs, the first thing only."""
        if self.form.customer_id is None:
            return _("Please choose the customer first.")
        if not self.grid.lines:
            return _("There are no goods on the slip yet.")
        if not self.panel.consent.value():
            return _("Please ask whether the slip may be printed now.")
        return ""

    def _act(self, what: str) -> None:
        if what == "print":
            self.print_slip()
        elif what == "delivery":
            self.ask_delivery()
        elif what == "pay" and self._sale:
            self.open("cash", sale_id=self._sale[0])
        elif what == "pack" and self._sale:
            self.open("packing", sale_id=self._sale[0])
        elif what == "papers":
            self.show_papers()
        elif what == "finish" and self._sale:
            try:
                sales.finish_sale(self.ctx, *self._sale)
            except CrmError as error:
                errors.show_error(self, error)
            self._read(self._sale[0])

    def print_slip(self) -> None:
        """Give the slip its number and show the three copies; jumps to what is missing (SET-03)."""
        if not self.grid.commit():
            return
        if self._missing():
            if self.form.customer_id is None:
                self.head.search.setFocus()
            elif not self.grid.lines:
                self.grid.editor.setFocus()
            else:
                self.panel.consent.setFocus()
            self.say(self._missing(), "warning")
            return
        if not self.save_now() or self._sale is None:
            return
        try:
            printed = sales.print_sale(self.ctx, *self._sale, consent=True)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.saved.emit()
        self._read(printed.id)
        show_papers(self, self.ctx, [printed.paper_id])

    def show_papers(self) -> None:
        """Show the slip's papers again."""
        if self.card is not None and self.card.papers:
            show_papers(self, self.ctx, [paper.id for paper in self.card.papers])


PAGE = PageSpec("sales", N_("Sales"), "shopping-bag", Right.SALE, SalesPage)
