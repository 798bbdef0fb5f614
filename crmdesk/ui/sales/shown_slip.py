"""How a slip is shown: its parts on the page, and what they say about where it stands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, ngettext
from crmdesk.rules.rights import Right
from crmdesk.services import sales
from crmdesk.services.customers import CustomerCard
from crmdesk.services.sale_lists import SaleCard, SaleForm
from crmdesk.ui import dialogs, errors
from crmdesk.ui.page import Page
from crmdesk.ui.sales.delivery import DeliverySheet, delivery_words
from crmdesk.ui.sales.grid import Line, LinesGrid
from crmdesk.ui.sales.list_view import SaleListView
from crmdesk.ui.sales.side_panel import WIDTH, SumsPanel
from crmdesk.ui.sales.side_panel import money as shown_money
from crmdesk.ui.sales.slip_head import SlipFoot, SlipHead
from crmdesk.ui.widgets import Card, Step, column

NEW = SaleForm(None)


class ShownSlip(Page):
    """The page's parts and what they show; ``SalesPage`` does the rest."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self.form = NEW
        self.card: SaleCard | None = None
        self.customer: CustomerCard | None = None
        self._sale: tuple[int, int] | None = None  # id, version of the slip shown
        self._dirty = False
        self.head = SlipHead()
        self.grid = LinesGrid(self._find_line, ctx.office.currency)
        self.foot = SlipFoot()
        self.panel = SumsPanel()
        self.list_view = SaleListView(ctx)
        grid_card = Card(margins=1, spacing=0)
        grid_card.body.addWidget(self.grid, 1)
        grid_card.body.addWidget(self.foot)
        slip = QWidget()
        line = QHBoxLayout(slip)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        left = column(self.head, grid_card, spacing=12)
        left.setStretch(1, 1)
        line.addLayout(left, 1)
        self.panel.setFixedWidth(WIDTH)
        line.addWidget(self.panel)
        self.side_panel = self.panel
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list_view)
        self.stack.addWidget(slip)
        self.delivery = DeliverySheet(ctx.office.carriers)
        self.stack.addWidget(self.delivery)
        self.body.addWidget(self.stack, 1)

    @property
    def on_slip(self) -> bool:
        """Whether a slip is shown, not the list."""
        return self.stack.currentIndex() >= 1

    def _find_line(self, code: str) -> Line:
        raise NotImplementedError

    def _missing(self) -> str:
        raise NotImplementedError

    def void(self) -> None:
        """Void the slip with a reason (manager)."""
        if self._sale is None:
            return
        reason = dialogs.get_text(self, _("Why is this slip voided?"))
        if not reason:
            return
        try:
            sales.void_sale(self.ctx, *self._sale, reason=reason)
        except CrmError as error:
            errors.show_error(self, error)
        self._read(self._sale[0])

    def _read(self, sale_id: int) -> None:
        raise NotImplementedError

    # showing ----------------------------------------------------------------------------------------------------

    def _sums(self) -> sales.Sums:
        return sales.sums_of(self.ctx, replace(self.form, lines=self.grid.forms()))

    def _show(self) -> None:
        sums, card = self._sums(), self.card
        closed = card is not None and card.state not in ("draft",)
        previous = (
            card.previous if card is not None and closed else (self.customer.balance if self.customer else Decimal(0))
        )
        due = card.due if card is not None and closed else sums.total + previous
        self.head.show_customer(self.customer, card, previous, local=self.ctx.clock.local)
        self.head.show_tools(
            search=not closed,
            void=card is not None and card.state in ("draft", "printed", "packing") and self.ctx.may(Right.SALE_VOID),
            papers=card is not None and bool(card.papers),
        )
        self.panel.show_sums(sums, previous=previous, due=due, currency=self.ctx.office.currency)
        self.panel.show_steps(self._steps())
        self.panel.delivery.setText(delivery_words(self.form))
        self.panel.delivery.setVisible(not closed)
        self._show_action()
        dearer = [(line.form.code, line.dearer) for line in self.grid.lines if line.dearer and not closed]
        kinds = ngettext("{count} line", "{count} lines", sums.kinds).format(count=sums.kinds)
        pieces = ngettext("{count} piece", "{count} pieces", sums.pieces).format(count=sums.pieces)
        warning = ""
        if dearer:
            warning = ngettext(
                "{count} dearer than last time: {code} +{amount}",
                "{count} dearer than last time: {code} +{amount}",
                len(dearer),
            ).format(count=len(dearer), code=dearer[-1][0], amount=shown_money(dearer[-1][1]))
        self.foot.show_counts(f"{kinds} {pieces}", warning, writing=not closed)
        self._show_subtitle()

    def _show_action(self) -> None:
        state = self.card.state if self.card else "draft"
        panel = self.panel
        if state == "draft":
            panel.show_action("print", _("Print three copies"), "printer", missing=self._missing())
        elif state in ("printed", "packing"):
            panel.show_action("pay", _("Take the money"), "banknote", more="pack", more_word=_("Count and pack"))
        elif state == "paid" and self.card is not None and self.card.sealed:
            panel.show_action("finish", _("Done"), "check", more="papers", more_word=_("Show papers"))
        elif state == "paid":
            panel.show_action("pack", _("Count and pack"), "package-check", more="papers", more_word=_("Show papers"))
        else:
            panel.show_action("papers" if self.card and self.card.papers else "", _("Show papers"), "file-text")

    def _steps(self) -> list[Step]:
        card = self.card
        state = card.state if card else "draft"
        who = card.clerk if card else self.ctx.user.name
        opened = format_time(self.ctx.clock.local(card.opened_at)) if card else ""
        printed = state not in ("draft", "void")
        packed = bool(card and card.sealed)
        paid = state in ("paid", "done")
        at = self.ctx.clock.local(card.printed_at) if card and card.printed_at else None
        return [
            Step(_("Write"), f"{who} {opened}".strip(), "done" if state != "draft" else "now"),
            Step(_("Print"), format_time(at) if at else _("three copies, with consent"), "done" if printed else "open"),
            Step(
                _("Count and pack"), _("sealed") if packed else "",
                "done" if packed else "now" if printed else "open",
            ),
            Step(
                _("Take the money"), shown_money(card.paid) if card and paid else _("cash, transfer, on account"),
                "done" if paid else "now" if printed else "open",
            ),
        ]  # fmt: skip

    def _show_subtitle(self) -> None:
        if not self.on_slip:
            self.set_subtitle("")
        elif self.card is not None and self.card.state != "draft":
            self.set_subtitle(f"{self.card.number} {self.card.state_title}")
        else:
            self.set_subtitle(_("Draft, kept by itself"))
