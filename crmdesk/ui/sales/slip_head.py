"""The card above the lines (whose slip it is) and the line of counts and keys below them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short
from crmdesk.core.i18n import N_, _, pgettext
from crmdesk.core.text import shorten
from crmdesk.services.customers import CustomerCard, kind_title
from crmdesk.services.sale_lists import SaleCard
from crmdesk.ui.cash.pieces import joined
from crmdesk.ui.sales.side_panel import money
from crmdesk.ui.widgets import Avatar, Button, Card, ElideLabel, Keycap, Label, Pill, SearchBox, row
from crmdesk.ui.widgets.pill import KIND_TONES

WHO_WIDTH, OTHER_WIDTH = 190, 158  # pixels: each placeholder is read whole in every language
ASK_WHO, ASK_OTHER = N_("Name or last digits"), N_("Other customer")


class SlipHead(Card):
    """Customer, what was owed before, credit limit and number; a search field while there is no customer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(16, 8, 20, 8), parent=parent)
        self.setFixedHeight(66)
        self.avatar = Avatar("", 36)
        self.name_label = Label("", "head")
        self.kind_pill = Pill("", "accent")
        self.shop_label = ElideLabel("", colour="muted")
        self.detail_label = ElideLabel("", "label", "muted")
        self.search = SearchBox(placeholder=ASK_WHO)
        self.void_button = Button(kind="link", size="row")
        self.papers_button = Button(kind="link", size="row")
        self.figures: list[tuple[Label, Label]] = []
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.avatar)
        names = QVBoxLayout()
        names.setSpacing(0)
        first = row(self.name_label, 8, self.kind_pill, 8, self.shop_label)
        first.setStretchFactor(self.shop_label, 1)
        names.addLayout(first)
        names.addWidget(self.detail_label)
        line.addLayout(names, 1)
        line.addWidget(self.search)
        for button in (self.papers_button, self.void_button):
            line.addWidget(button)
        for _place in range(3):
            title = Label("", "label", "muted", align=Qt.AlignmentFlag.AlignRight)
            value = Label("", "card", align=Qt.AlignmentFlag.AlignRight)
            stack = QVBoxLayout()
            stack.setSpacing(0)
            stack.addWidget(title)
            stack.addWidget(value)
            line.addSpacing(8)
            line.addLayout(stack)
            self.figures.append((title, value))
        self.body.addLayout(line)

    def retranslate(self) -> None:
        """Write the words that don't depend on the slip."""
        self.search.setAccessibleName(_("Customer"))
        self.void_button.setText(_("Void"))
        self.papers_button.setText(_("Papers"))
        self.figures[0][0].setText(_("Owed before"))
        self.figures[2][0].setText(pgettext("slip", "Number"))

    def show_customer(
        self, customer: CustomerCard | None, card: SaleCard | None, previous: Decimal, *,
        local: Callable[[datetime], datetime],
    ) -> None:  # fmt: skip
        """Show whose slip it is."""
        self.avatar.set_name(customer.name if customer else "?")
        self.search.set_placeholder(ASK_OTHER if customer else ASK_WHO)
        self.search.setFixedWidth(OTHER_WIDTH if customer else WHO_WIDTH)
        self.name_label.setText(shorten(customer.name, 14) if customer else _("Whose slip is it?"))
        kind = customer.kind if customer else ""
        grade = customer.grade if customer else ""
        self.kind_pill.set(kind_title(kind, grade) if kind else "", KIND_TONES.get(kind, "neutral"))
        self.shop_label.setText(customer.company if customer else "")
        nobody = [_("Type a name or the end of a phone number")]
        detail = [customer.phone, customer.region] if customer else nobody
        if customer and customer.owner_name:
            detail.append(customer.owner_name)
        if customer and customer.last_contact_at:
            detail.append(_("last seen {day}").format(day=format_day_short(local(customer.last_contact_at).date())))
        self.detail_label.setText(joined(detail))
        number = card.number if card and card.number else _("when printed")
        values = (money(previous), money(customer.form.credit_limit) if customer else "—", number)
        for (_title, label), value in zip(self.figures, values, strict=True):
            label.setText(value)
        written = card is None or card.state == "draft"  # what was owed before a slip that is out alarms nobody
        over = written and customer is not None and 0 < customer.form.credit_limit < previous
        self.figures[1][0].setText(_("Over the limit of") if over else _("Credit limit"))
        self.figures[0][1].set_colour("danger" if over else "warning" if written and previous > 0 else "text")
        self.figures[2][1].set_colour("text" if card and card.number else "muted")

    def show_tools(self, *, search: bool, void: bool, papers: bool) -> None:
        """Show what may be done with the slip as a whole."""
        self.search.setVisible(search)
        self.void_button.setVisible(void)
        self.papers_button.setVisible(papers)


class Hint(QWidget):
    """A key with its word, which follows the language."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.word = Label("", "label", "muted")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(Keycap(key))
        line.addWidget(self.word)


class SlipFoot(QWidget):
    """Counts, the warning about dearer prices, and the keys of the grid."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count_label = Label("", "label", "muted")
        self.warning_label = ElideLabel("", "label", "warning")
        self.hints = [Hint("+"), Hint("-"), Hint("Ctrl+D")]
        self.discount_button = Button(kind="quiet", size="row", key="F6", bind=False)
        self.freight_button = Button(kind="quiet", size="row", key="Shift+F6", bind=False)
        self.discount_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.freight_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 4, 8, 4)
        line.setSpacing(8)
        line.addWidget(self.count_label)
        line.addWidget(self.warning_label, 1)
        for hint in self.hints:
            line.addWidget(hint)
        line.addWidget(self.discount_button)
        line.addWidget(self.freight_button)

    def retranslate(self) -> None:
        """Write the words of the keys."""
        for hint, word in zip(self.hints, (_("new line"), _("return line"), _("same as above")), strict=True):
            hint.word.setText(word)
        self.discount_button.setText(_("Discount"))
        self.freight_button.setText(_("Freight"))

    def show_counts(self, counts: str, warning: str, *, writing: bool) -> None:
        """Show how much is on the slip; the keys only while it is written."""
        self.count_label.setText(counts)
        self.warning_label.setText(warning)
        for widget in (*self.hints, self.discount_button, self.freight_button):
            widget.setVisible(writing)
