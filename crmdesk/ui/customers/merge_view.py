"""Two customers who are one, side by side: choose field by field with the arrow keys, then merge (併檔)."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import ConflictError, CrmError
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.rules.archive import ArchiveField
from crmdesk.services.context import Context
from crmdesk.services.customer_card import get_customer
from crmdesk.services.customer_forms import FIELD_TITLES
from crmdesk.services.customer_merge import BOTH, GONE, KEPT, both_words, merge_customers
from crmdesk.services.customer_pair import COUNTED, Side, allowed, differing, get_pair, suggest
from crmdesk.services.duplicates import find_alike
from crmdesk.services.staff import find_staff
from crmdesk.ui import errors
from crmdesk.ui.customers.customer_pick import CustomerPick
from crmdesk.ui.customers.merge import held, words
from crmdesk.ui.widgets import Button, Card, Column, ElideLabel, Label, RecordTable, Well, column, row

CHOICES = {KEPT: N_("left"), BOTH: N_("both"), GONE: N_("right")}
_TONES = {KEPT: "accent", BOTH: "ok", GONE: "warning"}


class _Line(NamedTuple):
    id: str
    title: str
    left: str
    left_tone: str
    right: str
    right_tone: str
    choice: str
    choice_tone: str


COLUMNS = (
    Column("title", N_("Field"), 150, sortable=False),
    Column("left", N_("This card stays"), 300, tone="left_tone", stretch=True, sortable=False),
    Column("right", N_("This one is taken in"), 300, tone="right_tone", sortable=False),
    Column("choice", N_("Stands"), 90, kind="pill", tone="choice_tone", sortable=False),
)


class _Table(RecordTable):
    """The list of fields: ← and → choose the side, Space goes on to the next choice."""

    pushed = Signal(int)  # -1 left, 1 right, 0 the next

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Space: 0}.get(Qt.Key(event.key()))
        if step is None or event.modifiers():
            super().keyPressEvent(event)
        else:
            self.pushed.emit(step)


class MergeView(Card):
    """``load`` one card, with another or to look for it; ``merged(id, sentence)`` when done, ``left`` when given up."""

    merged = Signal(int, str)
    left = Signal()
    told = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 14, 20, 14), spacing=10, parent=parent)
        self.ctx = ctx
        self.pair: tuple[Side, Side] | None = None
        self.choices: dict[str, str] = {}
        self._first = 0
        self._staff: dict[int, str] = {}
        self._build_head()
        self.pick_label = Label("", "body", "muted", wrap=True)
        self.pick = CustomerPick(ctx)
        self.pick.value_changed.connect(self._picked)
        self.body.addWidget(self.pick_label)
        self.body.addWidget(self.pick)
        self.sides = Well(vertical=False)
        self.side_labels = [(ElideLabel("", "strong"), ElideLabel("", "body", "muted")) for _side in range(2)]
        self.sides.body.addSpacing(COLUMNS[0].width - 6)  # each card stands over its column
        for part, (name, said) in enumerate(self.side_labels):
            holder = QWidget()
            holder.setLayout(column(name, said, spacing=2))
            if part:
                holder.setFixedWidth(COLUMNS[2].width + COLUMNS[3].width - 25)
            self.sides.body.addWidget(holder, 1)
        self.body.addWidget(self.sides)
        self.table = _Table(COLUMNS, name="merge", memory=ctx.settings.windows)
        self.table.pushed.connect(self._push)
        self.table.opened.connect(self._opened)
        self.body.addWidget(self.table, 1)
        self.rows_label = Label("", "label", "muted", wrap=True)
        self.body.addWidget(self.rows_label)
        self.retranslate()

    def _build_head(self) -> None:
        self.title_label = Label("", "page")
        self.hint_label = Label("", "label", "muted", wrap=True)
        self.merge_button = Button("", key="Ctrl+Enter", kind="primary")
        self.swap_button = Button("", key="F6")
        self.cancel_button = Button("", key="Esc")
        self.merge_button.clicked.connect(self.merge)
        self.swap_button.clicked.connect(self.swap)
        self.cancel_button.clicked.connect(self.left)
        words_part = QWidget()
        words_part.setLayout(column(self.title_label, self.hint_label, spacing=2))
        line = row(spacing=8)
        line.addWidget(words_part, 1)
        for button in (self.cancel_button, self.swap_button, self.merge_button):
            line.addWidget(button)
        self.body.addLayout(line)

    # loading ----------------------------------------------------------------------------------------------------

    def load(self, customer_id: int, other_id: int | None = None) -> bool:
        """Begin with a card; without another, those that look like it are proposed. False when reading failed."""
        self.pair, self.choices, self._first = None, {}, customer_id
        self.pick.set_value(None)
        try:
            self._staff = {member.id: member.name for member in find_staff(self.ctx, all_members=True)}
            if other_id is None:
                card = get_customer(self.ctx, customer_id)
                phones = tuple(phone.number for phone in card.form.phones)
                found = find_alike(
                    self.ctx, name=card.name, company=card.company, phones=phones, address=card.address,
                    own_id=card.id, limit=1,
                )  # fmt: skip
                other_id = found[0].id if found else None
        except CrmError as error:
            errors.show_error(self, error)
            return False
        if other_id is not None:
            return self._show_pair(customer_id, other_id)
        self._write()
        return True

    def _show_pair(self, kept_id: int, gone_id: int) -> bool:
        try:
            self.pair = get_pair(self.ctx, kept_id, gone_id)
        except CrmError as error:
            errors.show_error(self, error)
            return False
        self.choices = suggest(self.pair[0].form, self.pair[1].form)
        self._write()
        self.table.select_first()
        return True

    def first_focus(self) -> None:
        """Put the focus on the fields, or where the other card is looked for."""
        (self.table if self.pair is not None and self.choices else self.pick).setFocus()

    def _picked(self) -> None:
        other = self.pick.value()
        if other is not None and other != self._first and self._show_pair(self._first, int(other)):
            self.first_focus()

    # showing ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.title_label.setText(_("Merge two customers"))
        self.hint_label.setText(_("←  → choose which side stands, Space goes on. It can be taken apart again."))
        self.merge_button.setText(_("Merge"))
        self.swap_button.setText(_("Swap sides"))
        self.cancel_button.setText(_("Cancel"))
        self.pick_label.setText(_("With which card? Type the name, a phone tail or the code."))
        self.pick.setAccessibleName(_("Other customer"))
        self.table.set_empty(N_("The cards hold nothing that differs."))
        self._write()

    def _write(self) -> None:
        pair = self.pair
        for widget in (self.sides, self.table, self.rows_label):
            widget.setVisible(pair is not None)
        self.merge_button.setEnabled(pair is not None)
        self.swap_button.setEnabled(pair is not None)
        if pair is None:
            return
        for side, (name, said) in zip(pair, self.side_labels, strict=True):
            name.setText(dotted(side.card.name, side.card.company, side.card.code))
            said.setText(_linked_words(side))
        forms = pair[0].form, pair[1].form
        fields = {field.key: field for field in pair[0].archive.fields}
        self.table.set_rows([self._line(name, fields) for name in differing(*forms)])
        self.rows_label.setText(
            _("Phones, contact persons, family and all records of both stay together on the left card.")
        )

    def _line(self, name: str, fields: dict[str, ArchiveField]) -> _Line:
        assert self.pair is not None
        field = fields.get(name.partition(".")[2])
        mine, theirs = (held(side.form).get(name) for side in self.pair)
        choice = self.choices[name]
        tones = ["" if choice in (BOTH, side) else "muted" for side in (KEPT, GONE)]
        left = words(name, both_words(name, str(mine), str(theirs)) if choice == BOTH else mine, self._staff, field)
        return _Line(
            name, field.name if field is not None else _(FIELD_TITLES.get(name, name)), left, tones[0],
            words(name, theirs, self._staff, field), tones[1], _(CHOICES[choice]), _TONES[choice],
        )  # fmt: skip

    # choosing ---------------------------------------------------------------------------------------------------

    def _push(self, step: int) -> None:
        line = self.table.current()
        if line is None:
            return
        may = allowed(line.id)
        place = may.index(self.choices[line.id])
        place = (place + 1) % len(may) if step == 0 else min(max(place + step, 0), len(may) - 1)
        self.choices[line.id] = may[place]
        self._write()

    def _opened(self, line: _Line) -> None:
        self._push(0)

    def swap(self) -> None:
        """Let the other card stay (F6); every choice keeps its value."""
        if self.pair is None:
            return
        turned = {KEPT: GONE, GONE: KEPT, BOTH: BOTH}
        before = self.choices
        self.pair = (self.pair[1], self.pair[0])
        fresh = suggest(self.pair[0].form, self.pair[1].form)
        self.choices = {name: turned[before[name]] if name in before else choice for name, choice in fresh.items()}
        self._first = self.pair[0].card.id
        self._write()

    def merge(self) -> None:
        """Merge as chosen (Ctrl+Enter); who saved one of the cards meanwhile is named, and both are read again."""
        if self.pair is None:
            return
        kept, gone = (side.card for side in self.pair)
        try:
            merge_customers(self.ctx, kept.id, gone.id, versions=(kept.version, gone.version), choices=self.choices)
        except ConflictError as error:
            if self._show_pair(kept.id, gone.id):
                self.told.emit(
                    _(
                        "{name} has just changed one of these cards. Both were read again: please look, then merge."
                    ).format(name=error.by or _("A colleague"))
                )
            return
        except CrmError as error:
            errors.show_error(self, error)
            return
        done = _("{name} ({code}) was merged into this card.")
        self.merged.emit(kept.id, done.format(name=gone.name, code=gone.code))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "rows_label"):
            self.retranslate()
        super().changeEvent(event)


def _linked_words(side: Side) -> str:
    counted = [f"{_(title)} {side.linked[name]}" for name, title in COUNTED.items() if side.linked.get(name)]
    return dotted(side.card.phone, *counted) or _("Nothing is linked to this card yet.")
