"""How a slip is shown: its parts side by side, and what they say about where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.i18n import _, dotted, ngettext
from crmdesk.rules.rights import Right
from crmdesk.services import sales
from crmdesk.services.customers import CustomerCard
from crmdesk.services.sale_lists import SaleCard, SaleForm
from crmdesk.ui.sales.delivery import delivery_words
from crmdesk.ui.sales.grid import Line, LinesGrid
from crmdesk.ui.sales.side_panel import WIDTH, SumsPanel
from crmdesk.ui.sales.side_panel import money as shown_money
from crmdesk.ui.sales.slip_head import SlipFoot, SlipHead
from crmdesk.ui.widgets import Card, Step, column

NEW = SaleForm(None)


class SlipView(QWidget):
    """The parts of a slip; the page fills them and asks ``missing`` before it prints."""

    def __init__(self, ctx: Any, find_line: Callable[[str], Line], parent: QWidget | None = None) -> None:
        """``find_line`` turns a typed or scanned code into a line, or raises UserError with the sentence."""
        super().__init__(parent)
        self.ctx = ctx
        self.head = SlipHead()
        self.grid = LinesGrid(find_line, ctx.office.currency)
        self.foot = SlipFoot()
        self.panel = SumsPanel()
        self.panel.setFixedWidth(WIDTH)
        grid_card = Card(margins=1, spacing=0)
        grid_card.body.addWidget(self.grid, 1)
        grid_card.body.addWidget(self.foot)
        left = column(self.head, grid_card, spacing=12)
        left.setStretch(1, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addLayout(left, 1)
        line.addWidget(self.panel)

    def retranslate(self) -> None:
        """Write every text that doesn't depend on the slip in the language in force."""
        for part in (self.head, self.foot, self.panel, self.grid):
            part.retranslate()

    def sums(self, form: SaleForm) -> sales.Sums:
        """Return the sums of a slip with the lines that are in the grid now."""
        return sales.sums_of(self.ctx, replace(form, lines=self.grid.forms()))

    def missing(self, form: SaleForm) -> str:
        """Return what the print still needs, the first thing only."""
        if form.customer_id is None:
            return _("Please choose the customer first.")
        if not self.grid.lines:
            return _("There are no goods on the slip yet.")
        if not self.panel.consent.value():
            return _("Please ask whether the slip may be printed now.")
        return ""

    def go_to_missing(self, form: SaleForm) -> None:
        """Put the focus where the first missing thing is given."""
        if form.customer_id is None:
            self.head.search.setFocus()
        elif not self.grid.lines:
            self.grid.editor.setFocus()
        else:
            self.panel.consent.setFocus()

    # showing ----------------------------------------------------------------------------------------------------

    def show_slip(self, form: SaleForm, card: SaleCard | None, customer: CustomerCard | None) -> None:
        """Show where the slip stands; ``card`` is None while it was never kept."""
        closed = card is not None and card.state not in ("draft",)
        sums = card.sums if card is not None and closed else self.sums(form)  # with what × took off at packing
        previous = (
            card.previous if card is not None and closed else (customer.balance if customer else Decimal(0))
        )
        due = card.due if card is not None and closed else sums.total + previous
        self.head.show_customer(customer, card, previous, local=self.ctx.clock.local)
        self.head.show_tools(
            search=not closed,
            void=card is not None and card.state in ("draft", "printed", "packing") and self.ctx.may(Right.SALE_VOID),
            papers=card is not None and bool(card.papers),
        )
        paid = card.paid if card is not None else Decimal(0)
        settled = card is not None and card.state in ("paid", "done") and not card.refund
        self.panel.show_sums(
            sums, previous=previous, due=due, currency=self.ctx.office.currency, paid=paid, settled=settled
        )
        self.panel.show_steps(self._steps(card))
        self.panel.delivery.setText(delivery_words(form))
        self.panel.delivery.setVisible(not closed)
        self._show_action(form, card)
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
        self.foot.show_counts(dotted(kinds, pieces), warning, writing=not closed)

    def _show_action(self, form: SaleForm, card: SaleCard | None) -> None:
        state = card.state if card else "draft"
        panel = self.panel
        more, word = ("papers", _("Show papers")) if card and card.sealed else ("pack", _("Count and pack"))
        if state == "draft":
            panel.show_action("print", _("Print three copies"), "printer", missing=self.missing(form))
        elif state in ("printed", "packing"):
            panel.show_action("pay", _("Take payment"), "banknote", more=more, more_word=word)
        elif card is not None and card.refund:
            panel.show_action("pay", _("Give money back"), "banknote", more=more, more_word=word)
        elif state == "paid" and card is not None and card.sealed:
            panel.show_action("finish", _("Done"), "check", more="papers", more_word=_("Show papers"))
        elif state == "paid":
            panel.show_action("pack", _("Count and pack"), "package-check", more="papers", more_word=_("Show papers"))
        else:
            panel.show_action("papers" if card and card.papers else "", _("Show papers"), "file-text")

    def _steps(self, card: SaleCard | None) -> list[Step]:
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
                _("Take payment"), shown_money(card.paid) if card and paid else _("cash or transfer"),
                "done" if paid else "now" if printed else "open",
            ),
        ]  # fmt: skip
