"""The parts of the till: three large sums, the keys of notes and coins, the signatures, the sentence to say."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from crmdesk.core.i18n import N_
from crmdesk.services import cash
from crmdesk.ui.cash.pieces import NoteKey, SumCard
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.page import Page
from crmdesk.ui.widgets import Button, Card, ClauseTag, Label, Rule, Segments, Tick, Well, column, row

BAND = 92  # pixels: the sentence with the small line above it
METHODS = tuple((key, word) for key, word in cash.METHODS.items())


class TillParts(Page):
    """Builds the till's widgets; ``CashPage`` does the rest."""

    full_screen = True

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._build()

    def _build(self) -> None:
        self.title_label = Label("", "head")
        self.slip_label = Label("", "row", "muted")
        self.method = Segments(METHODS, value="cash")
        self.method.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.leave_button = Button(kind="quiet", key="Esc")
        self.body.addLayout(
            row(IconLabel("hand-coins", "accent", 20), self.title_label, ClauseTag("SET-07"), 12, self.slip_label, None,
                self.method, 12, self.leave_button)
        )  # fmt: skip
        self.due, self.received, self.change = SumCard(), SumCard(edge=True), SumCard("accent")
        self.amount_edit = QLineEdit(self.received)
        self.received.put_editor(self.amount_edit)
        self.keys = [NoteKey(n) for n in range(1, 10)]
        self.exact_button = Button(size="station", key="=", bind=False)
        self.clear_button = Button(size="station")
        self.back_button = Button(size="station", key="Backspace", bind=False)
        self.notes_label, self.notes_hint = Label("", "label_strong", "muted"), Label("", "label", "muted")
        self.signed = Tick(N_("Signed by customer and salesperson"))
        self.signed_note = Label("", "label", "muted")
        self.return_button = Button(kind="link", size="row", icon="undo-2")
        self.scope_button = Button(kind="link", size="row", key="F6")
        side = Card(margins=(20, 14, 20, 14), spacing=8)
        side.body.addLayout(row(self.notes_label, None, self.notes_hint))
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, key in enumerate(self.keys):
            grid.addWidget(key, place // 2, place % 2)
            grid.setRowStretch(place // 2, 1)
        self.exact_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.exact_button.setMinimumHeight(self.keys[0].minimumSizeHint().height())
        grid.addWidget(self.exact_button, 4, 1)
        side.body.addLayout(grid, 1)
        side.body.addLayout(row(self.clear_button, self.back_button))
        side.body.addWidget(Rule())
        side.body.addLayout(row(self.signed, None, ClauseTag("SET-06")))
        side.body.addWidget(self.signed_note)
        side.body.addLayout(row(self.return_button, None, self.scope_button))
        for widget in (self.signed_note, self.scope_button):  # their room is kept: the keys above never change size
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        left = column(self.due, self.received, self.change, spacing=12)
        for place in range(3):
            left.setStretch(place, 1)
        holder = QWidget()
        holder.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        self.split(holder, side, 404)
        self.side_panel = None  # the till is never without its keys
        band = Well(tone="accent")
        band.setMinimumHeight(BAND)
        self.say_label = Label("", "label_strong", "muted")
        self.sentence_label = Label("", "say", "accent", wrap=True)
        self.finish_button = Button(kind="primary", size="station", key="Enter", bind=False)
        band.body.addLayout(
            row(IconLabel("volume-2", "accent", 28), 12, column(self.say_label, self.sentence_label, spacing=2), None,
                self.finish_button)
        )  # fmt: skip
        self.body.addWidget(band)
