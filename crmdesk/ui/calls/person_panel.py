"""Who it is: figures, what to say first, tastes, what happened, and the sentence to greet with."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.core.text import shorten
from crmdesk.services.calls import CallForm, CallRow
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.services.customer_forms import kind_title
from crmdesk.services.ringing import Fact, get_caller
from crmdesk.ui.calls import words
from crmdesk.ui.calls.pieces import bind_keys
from crmdesk.ui.calls.ringing_words import Saying, called, saying
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets import (
    Avatar,
    Button,
    Card,
    ClauseTag,
    ElideLabel,
    Entry,
    Figure,
    Figures,
    Label,
    Pill,
    Rule,
    Scroll,
    Timeline,
    Well,
    column,
    row,
)  # fmt: skip
from crmdesk.ui.widgets.pill import KIND_TONES

MOST_FACTS = 9  # one key each, Ctrl+1 to Ctrl+9

_BETWEEN = re.compile(r"\s*[、，,;；/·\n]\s*")


class _SayRow(QWidget):
    """One thing to know first: sign, words, detail, and the key that opens it."""

    pressed = Signal(object)

    def __init__(self, key: str) -> None:
        super().__init__()
        self.fact: Fact | None = None
        self.sign = IconLabel("circle-alert", "muted", 16)
        self.text = ElideLabel("", "strong")
        self.text.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.detail = ElideLabel("", "body", "muted")
        self.link = Button("", key=key, kind="link", size="row", bind=False)
        self.link.clicked.connect(self._pressed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.sign)
        line.addWidget(self.text)
        line.addWidget(self.detail, 1)
        line.addWidget(self.link)

    def show_fact(self, fact: Fact, saying: Saying) -> None:
        """Show a fact in its words."""
        self.fact = fact
        self.sign.set_icon(saying.icon, saying.tone)
        self.text.setText(saying.words)
        self.detail.setText(words.joined(saying.clause, saying.detail))
        self.link.setText(saying.link)
        self.link.setAccessibleName(f"{saying.words}: {saying.link}")

    def _pressed(self) -> None:
        self.pressed.emit(self.fact)


class PersonPanel(Card):
    """The right side of the call page; it shows a customer, or what little is known of a stranger."""

    fact_opened = Signal(object)  # Fact
    entry_opened = Signal(object)  # StoryLine or CallRow
    all_asked = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(spacing=10, parent=parent)
        self.ctx = ctx
        self.card: CustomerCard | None = None
        self._facts: tuple[Fact, ...] = ()
        self._earlier: list[CallRow] = []
        self._form, self._late = CallForm(), False
        self.setMinimumWidth(330)
        self.setMaximumWidth(520)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._build_head()
        self._build_middle()
        self._build_saying()
        self.retranslate()

    def _build_head(self) -> None:
        self.avatar = Avatar("", 44)
        self.name_label = ElideLabel("", "page")
        self.name_label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.kind_pill = Pill("", "accent")
        self.second_label = ElideLabel("", "body", "muted")
        names = row(self.name_label, self.kind_pill, None, spacing=8)
        self.add(row(self.avatar, column(names, self.second_label, spacing=0), spacing=12))
        self.figures = Figures()
        self.add(self.figures)
        self._rule_figures = Rule()
        self.add(self._rule_figures)

    def _build_middle(self) -> None:
        self.first_label = Label("", "label_strong", "muted")
        self.first_box = QWidget()
        box = QVBoxLayout(self.first_box)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        self.say_rows = [_SayRow(f"Ctrl+{place + 1}") for place in range(MOST_FACTS)]
        for line in self.say_rows:
            line.pressed.connect(self.fact_opened)
            box.addWidget(line)
        bind_keys(self, [line.link for line in self.say_rows])
        self._rule_first = Rule()
        self.add(self.first_label, self.first_box, self._rule_first)
        self.likes_label = Label("", "label_strong", "muted")
        self.like_pills = [Pill("") for _place in range(3)]
        self.avoid_sign = IconLabel("ban", "danger", 16)
        self.avoid_label = ElideLabel("", "body", "danger")
        self.tastes = QWidget()
        tastes = QHBoxLayout(self.tastes)
        tastes.setContentsMargins(0, 0, 0, 0)
        tastes.setSpacing(6)
        for widget in (self.likes_label, *self.like_pills):
            tastes.addWidget(widget)
        tastes.addSpacing(8)
        tastes.addWidget(self.avoid_sign)
        tastes.addWidget(self.avoid_label, 1)
        self._rule_tastes = Rule()
        self.add(self.tastes, self._rule_tastes)
        self.line_label = Label("", "label_strong", "muted")
        self.all_button = Button("", key="Alt+T", kind="link", size="row", bind=False)
        self.all_button.clicked.connect(self.all_asked)
        bind_keys(self, (self.all_button,))
        self.add(row(self.line_label, None, self.all_button))
        self.timeline = Timeline()
        self.timeline.opened.connect(self._entry_opened)
        self.empty_label = Label("", "body", "muted", wrap=True)
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        inner = QWidget()
        holder = QVBoxLayout(inner)
        holder.setContentsMargins(0, 0, 0, 0)
        holder.addWidget(self.timeline)
        holder.addWidget(self.empty_label)
        holder.addStretch(1)
        self.body.addWidget(Scroll(inner, least=72), 1)

    def _build_saying(self) -> None:
        self.saying = Well(tone="accent", vertical=True)
        self.saying.body.setSpacing(2)
        self.quote = IconLabel("quote", "accent", 16)
        self.greeting_label = ElideLabel("", "head", "accent")
        self.greeting_label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.greeting_clause = ClauseTag("CALL-02")
        self.advice_label = ElideLabel("", "body", "muted")
        self.saying.body.addLayout(row(self.quote, self.greeting_label, self.greeting_clause))
        self.saying.body.addWidget(self.advice_label)
        self.add(self.saying)

    # showing ----------------------------------------------------------------------------------------------------

    def show_customer(self, customer_id: int | None) -> None:
        """Show a customer; None shows a stranger."""
        self._earlier = []
        if customer_id is None:
            self.card, self._facts = None, ()
        else:
            found = get_caller(self.ctx, customer_id)
            self.card, self._facts = found.card, found.facts
        self._write()

    def show_stranger(self, earlier: list[CallRow]) -> None:
        """Show that nobody is known by this number, with the earlier calls from it."""
        self.card, self._facts, self._earlier = None, (), earlier
        self._write()

    def show_advice(self, form: CallForm, *, late: bool) -> None:
        """Follow the call with the next polite sentence."""
        self._form, self._late = form, late
        self.greeting_label.setText(words.greeting(self.ctx))
        self.advice_label.setText(words.advice(form, late=late))

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.first_label.setText(_("Say first"))
        self.likes_label.setText(_("Likes"))
        self.all_button.setText(_("All"))
        self._write()
        self.show_advice(self._form, late=self._late)

    def _write(self) -> None:
        card = self.card
        known = card is not None
        for widget in (self.figures, self._rule_figures, self.all_button):
            widget.setVisible(known)
        self._write_words()
        if card is None:
            self._write_stranger()
            return
        name = called(card)
        self.avatar.set_name(card.name)
        self.name_label.setText(name)
        self.kind_pill.set(kind_title(card.kind, card.grade), KIND_TONES.get(card.kind, "neutral"))
        served = _("served by {name}").format(name=card.owner_name) if card.owner_name else ""
        self.second_label.setText(words.joined(card.company, card.region, served) or card.code)
        self.figures.set_figures(self._figures(card))
        likes = [part for part in _BETWEEN.split(card.form.likes) if part]
        for place, pill in enumerate(self.like_pills):
            pill.set(shorten(likes[place], 10) if place < len(likes) else "")
        self.likes_label.setVisible(bool(likes))
        avoid = _("Avoid: {words}").format(words=card.form.avoid) if card.form.avoid else ""
        self.avoid_label.setText(avoid)
        self.avoid_sign.setVisible(bool(avoid))
        self.tastes.setVisible(bool(likes or avoid))
        self._rule_tastes.setVisible(bool(likes or avoid))
        self.line_label.setText(_("Time line"))
        self.timeline.set_entries(words.entries(self.ctx, card.recent))
        self.empty_label.setText("" if card.recent else _("Nothing has happened yet: this is the first contact."))
        self.empty_label.setVisible(not card.recent)
        self.timeline.setVisible(bool(card.recent))

    def _write_words(self) -> None:
        shown = self._facts
        for place, line in enumerate(self.say_rows):
            line.setVisible(place < len(shown))
            if place < len(shown):
                line.show_fact(shown[place], saying(self.ctx, shown[place]))
        for widget in (self.first_label, self.first_box, self._rule_first):
            widget.setVisible(bool(shown))

    def _write_stranger(self) -> None:
        self.avatar.set_name("?")
        self.name_label.setText(_("Unknown caller"))
        self.kind_pill.set("")
        self.second_label.setText(_("Type the number or the name to find the caller."))
        self.tastes.hide()
        self._rule_tastes.hide()
        self.line_label.setText(_("Earlier calls from this number") if self._earlier else "")
        entries = [
            Entry(
                words.day_of(self.ctx, call.started_at), "phone", call.matter or call.number,
                call.caller, call.answered_by, "accent", call,
            )
            for call in self._earlier
        ]  # fmt: skip
        self.timeline.set_entries(entries)
        self.timeline.setVisible(bool(entries))
        self.empty_label.hide()

    def _figures(self, card: CustomerCard) -> list[Figure]:
        last = words.day_of(self.ctx, card.last_contact_at) or "—"
        since = card.form.since
        return [
            Figure(_("Last"), last),
            Figure(_("Purchases"), words.amount(self.ctx, card.bought_this_year)),
            Figure(_("Owes"), words.amount(self.ctx, card.balance), tone="warning" if card.balance > 0 else ""),
            Figure(_("Since"), f"{since:%Y/%m}" if since else "—"),
        ]

    def _entry_opened(self, entry: Any) -> None:
        self.entry_opened.emit(entry.record)
