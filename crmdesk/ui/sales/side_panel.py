"""The right side of a slip: the sums, what is due, the steps, the consent, and the one next thing to do."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from crmdesk.core.i18n import N_, _, language, pgettext
from crmdesk.core.money import capitals, format_number
from crmdesk.services.sale_sums import Sums
from crmdesk.ui.widgets import Button, Card, ClauseTag, Label, Rule, Step, StepList, Tick, row

ROWS = (
    ("goods", N_("Goods")), ("discount", N_("Discount")), ("returned", N_("Returned goods")),
    ("freight", N_("Freight")), ("rounding", N_("Rounding")),
)  # fmt: skip
WIDTH = 308
ZERO = Decimal(0)
MORE_ICONS = {"pack": "package-check", "papers": "file-text"}


class SumsPanel(Card):
    """Sums, steps and the primary button; ``acted(what)`` is print, pay, pack, finish, papers or delivery."""

    acted = Signal(str)
    consent_given = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 14, 20, 16), spacing=6, parent=parent)
        self.head = Label("", "label_strong", "muted")
        self.names: dict[str, Label] = {}
        self.values: dict[str, Label] = {}
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        for place, (key, _title) in enumerate(ROWS):
            self._add(grid, place, key, "body", "row")
        self.slip_name, self.slip_value = Label("", "card"), Label("0", "figure", align=Qt.AlignmentFlag.AlignRight)
        self.before_name = Label("", colour="muted")
        self.before_value = Label("0", "row", align=Qt.AlignmentFlag.AlignRight)
        self.third_name = Label("", colour="muted")  # what was paid already, or once it is paid what was due
        self.third_value = Label("0", "row", align=Qt.AlignmentFlag.AlignRight)
        self.due_name = Label("", "card")
        self.due_note = Label("", "label", "muted")
        self.due_value = Label("0", "figure", "accent", align=Qt.AlignmentFlag.AlignRight)
        self.words_label = Label("", "label", "muted", wrap=True, align=Qt.AlignmentFlag.AlignRight)
        self.steps_head = Label("", "label_strong", "muted")
        self.steps = StepList(step_height=32)
        self.delivery = Button(kind="quiet", size="row", icon="truck", key="F4", bind=False)
        self.delivery.clicked.connect(self._delivery_clicked)
        self.consent = Tick(N_("Customer agrees to print"))
        self.clause = ClauseTag("SET-03")
        self.reason = Label("", "label", "warning", wrap=True)
        self.more = Button(kind="plain", size="normal")
        self.primary = Button(kind="primary", size="side", icon="printer", key="F9", bind=False)
        self.consent.value_changed.connect(self.consent_given)
        self.primary.clicked.connect(self._primary_clicked)
        self.more.clicked.connect(self._more_clicked)
        self.body.addWidget(self.head)
        self.body.addLayout(grid)
        self.body.addWidget(Rule())
        self.body.addLayout(row(self.slip_name, None, self.slip_value))
        self.body.addLayout(row(self.before_name, None, self.before_value))
        self.body.addLayout(row(self.third_name, None, self.third_value))
        self.body.addWidget(Rule())
        self.body.addLayout(row(self.due_name, None, self.due_value))
        words = row(self.due_note, spacing=12)
        words.addWidget(self.words_label, 1)
        self.body.addLayout(words)
        self.body.addStretch(1)
        self.body.addLayout(row(self.steps_head, None, self.delivery))
        self.body.addWidget(self.steps)
        self.body.addWidget(Rule())
        self.body.addLayout(row(self.consent, None, self.clause))
        self.body.addWidget(self.reason)
        self.body.addWidget(self.more)
        self.body.addWidget(self.primary)
        self._what, self._more_what = "print", ""

    def _add(self, grid: QGridLayout, place: int, key: str, role: str, value_role: str) -> None:
        self.names[key] = Label("", role, "muted")
        self.values[key] = Label("0", value_role, align=Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.names[key], place, 0)
        grid.addWidget(self.values[key], place, 1)

    def retranslate(self) -> None:
        """Write the words that don't depend on the slip."""
        self.head.setText(_("Totals"))
        for key, title in ROWS:
            self.names[key].setText(_(title))
        self.slip_name.setText(_("This slip"))
        self.before_name.setText(_("Owed before"))
        self.steps_head.setText(_("Steps"))
        self.delivery.key_word = _("Delivery")

    def show_sums(
        self, sums: Sums, *, previous: Decimal, due: Decimal, currency: str, paid: Decimal = ZERO, settled: bool = False
    ) -> None:
        """Show the sums; rounding only when there is some. Of a ``settled`` slip what was due, and what was paid."""
        shown = {"goods": sums.goods, "discount": sums.all_discounts, "returned": sums.returned,
                 "freight": sums.freight, "rounding": sums.rounding}  # fmt: skip
        for key, value in shown.items():
            self.values[key].setText(money(value))
            self.values[key].set_colour("danger" if value < 0 and key == "returned" else "text")
            if key == "rounding":
                self.names[key].setVisible(bool(value))
                self.values[key].setVisible(bool(value))
        self.slip_value.setText(money(sums.total))
        self.before_value.setText(money(previous))
        self.before_value.set_colour("warning" if previous > 0 else "text")
        whole = sums.total + previous
        due_word, paid_word = pgettext("screen", "Amount due"), pgettext("screen", "Paid")
        for label, text in ((self.third_name, due_word if settled else paid_word),
                            (self.third_value, money(whole if settled else -paid))):  # fmt: skip
            label.setText(text)
            label.setVisible(settled or bool(paid))
        figure = paid if settled else due
        self.due_name.setText(paid_word if settled else due_word)
        self.due_value.setText(money(figure))
        self.words_label.setText(capitals(figure, currency, language()))
        note = ""
        if settled and whole > paid:
            note = _("{amount} still owed").format(amount=money(whole - paid))
        elif not settled and previous:
            note = _("with what was owed before") if previous > 0 else _("less what was paid ahead")
        self.due_note.setText(note)

    def show_steps(self, steps: list[Step]) -> None:
        """Show where the slip stands."""
        self.steps.set_steps(steps)

    def show_action(
        self, what: str, word: str, icon: str, *, missing: str = "", more: str = "", more_word: str = ""
    ) -> None:
        """Show the one next thing, why it can't be done yet, and a second way beside it."""
        self._what, self._more_what = what, more
        self.primary.setText(word)
        self.primary.set_icon(icon)
        self.primary.set_ready(not missing, missing)
        self.primary.setVisible(bool(what))
        self.reason.setText(missing)
        self.reason.setVisible(bool(missing))
        self.more.setVisible(bool(more))
        self.more.setText(more_word)
        self.more.set_icon(MORE_ICONS.get(more, ""))
        self.consent.setVisible(what == "print")
        self.clause.setVisible(what == "print")

    def act(self) -> None:
        """Do what the primary says."""
        self._primary_clicked()

    def _primary_clicked(self) -> None:
        self.acted.emit(self._what)

    def _delivery_clicked(self) -> None:
        self.acted.emit("delivery")

    def _more_clicked(self) -> None:
        self.acted.emit(self._more_what)


def money(value: Decimal) -> str:
    """Return an amount without idle cents."""
    return format_number(value.quantize(Decimal(1)) if value == value.to_integral_value() else value)
