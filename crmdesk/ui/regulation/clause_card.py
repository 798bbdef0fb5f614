"""One clause in full: text, source, numbers, what other packs say on the matter, and where the program holds it."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.rules.capabilities import CAPABILITIES, capability_of
from crmdesk.rules.clauses import BECAUSE, Clause
from crmdesk.rules.policies import Policy
from crmdesk.rules.sources import source_words
from crmdesk.services.policies import Change
from crmdesk.ui.regulation.matters import MatterBox, matters_of, orders_of
from crmdesk.ui.regulation.numbers import NumberFields, number_rows
from crmdesk.ui.regulation.words import DESKS, HELD, HELD_MEANS, ICON_OF_DESK, MACHINE_OF_DESK, PAGE_OF_DESK, in_words
from crmdesk.ui.widgets import Button, Card, ElideLabel, IconLabel, Label, Pill, Rule, Scroll, Well, row
from crmdesk.ui.widgets.emptying import empty


class ClauseCard(Card):
    """The middle of the window; what the manager typed is asked of ``numbers``."""

    desk_requested = Signal(str)
    diagram_requested = Signal(str)
    save_requested = Signal()
    cleared = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(24, 16, 16, 14), parent=parent)
        self.clause: Clause | None = None
        self.follows: QWidget = self  # what Tab comes from
        self._policy: Policy | None = None
        self._changes: dict[tuple[str, str], Change] = {}
        self._may_change = False
        self.number = Label("", "page", "accent")
        self.area = ElideLabel("", "head")
        self.held = Pill("")
        self.pack = Pill("", "neutral")
        self.text = Label("", "row", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.source = Label("", "label", "muted", wrap=True)
        well = Well(tone="accent", margins=(18, 14, 18, 12), vertical=True)
        well.body.addWidget(self.text)
        well.body.addWidget(self.source)
        self.note = Label("", "body", "warning", wrap=True)
        self.numbers_head = Label("", "label_strong", "muted")
        self.numbers = NumberFields()
        self.matters_head = Label("", "label_strong", "muted")
        self._matters = QVBoxLayout()
        self._matters.setSpacing(8)
        self.lives_head = Label("", "label_strong", "muted")
        self._lives = QVBoxLayout()
        self._lives.setSpacing(4)
        self._content = QWidget()
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(10)
        self._rules = [Rule(), Rule()]
        inner.addWidget(well)
        inner.addWidget(self.note)
        inner.addSpacing(2)
        inner.addWidget(self.numbers_head)
        inner.addWidget(self.numbers)
        inner.addWidget(self._rules[0])
        inner.addWidget(self.lives_head)
        inner.addLayout(self._lives)
        inner.addWidget(self._rules[1])
        inner.addWidget(self.matters_head)
        inner.addLayout(self._matters)
        inner.addStretch(1)
        self.changed = ElideLabel("", "label", "muted")
        self.back = Button("", key="F4", icon="undo-2")
        self.save = Button("", key="Ctrl+Enter", kind="primary")
        head = row(self.number, 8, spacing=6)
        head.addWidget(self.area, 1)
        head.addWidget(self.held)
        head.addWidget(self.pack)
        foot = row(spacing=8)
        foot.addWidget(self.changed, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.save)
        self.body.addLayout(head)
        self.body.addSpacing(4)
        self._scroller = Scroll(self._content)
        kept = self._scroller.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._scroller.setSizePolicy(kept)
        self.body.addWidget(self._scroller, 1)
        self.body.addLayout(foot)
        self.numbers.edited.connect(self._mirror)
        self.numbers.finished.connect(self.save_requested)
        self.numbers.reset_requested.connect(self.cleared)
        self.save.clicked.connect(self.save_requested)
        self.back.clicked.connect(self._reset)

    def show_clause(
        self, policy: Policy, clause: Clause | None, *, may_change: bool, changes: dict[tuple[str, str], Change],
        keep: bool = False,
    ) -> None:  # fmt: skip
        """Show a clause, or nothing; ``may_change`` lets the manager write numbers, ``keep`` keeps what is typed."""
        self._policy, self.clause, self._changes = policy, clause, changes
        self._may_change = may_change and clause is not None
        self._fill(keep=keep)

    def retranslate(self) -> None:
        """Write everything in the language in force; what is typed stays."""
        self.save.setText(_("Save"))
        self.back.setText(_("The pack's number"))
        self.numbers_head.setText(_("Numbers"))
        self.lives_head.setText(_("Where the program applies it"))
        self.matters_head.setText(_("The same matter in other packs"))
        self._fill(keep=True)

    @property
    def dirty(self) -> bool:
        """Whether a number was typed that is not saved."""
        return bool(self.numbers.typed())

    def _fill(self, *, keep: bool) -> None:
        clause, policy = self.clause, self._policy
        self._scroller.setVisible(clause is not None)
        if clause is None or policy is None:
            self.number.setText(_("No clause chosen"))
            for label in (self.area, self.changed):
                label.setText("")
            self.held.set("")
            self.pack.set("")
            self.save.hide()
            self.back.hide()
            return
        word, tone = HELD[clause.held]
        active = clause.id in policy
        self.number.setText(clause.id)
        area = CAPABILITIES.get(capability_of(clause.id))
        self.area.setText(_(area) if area else "")
        self.held.set(_(word), tone)
        self.held.setToolTip(_(HELD_MEANS[clause.held]))
        title = in_words(policy.packs[clause.pack].title)
        self.pack.set("" if active else _("not ours"), "warning")
        self.text.setText(policy.text(clause.id))
        self.source.setText(_("Source: {source} · {pack}").format(source=source_words(clause.source), pack=title))
        words = _("Your office does not work by this pack. It can be added under Settings, Regulation.")
        if self._may_change and clause.numbers:
            words = _("Your office does not work by this pack. Numbers set here count from the day it is added under "
                      "Settings, Regulation.")  # fmt: skip
        self.note.setText("" if active else words)
        self.note.setVisible(not active)
        rows = number_rows(policy, clause, self._changes)
        self.numbers_head.setVisible(bool(rows))
        self.numbers.show_rows(clause.id, rows, may_change=self._may_change, keep=keep)
        self._rules[0].setVisible(bool(rows))
        self._fill_lives(policy, clause)
        self._fill_matters(policy, clause)
        self._mirror()
        inside = [part for part in self._content.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
        walk = [self.follows, *inside, self.back, self.save]  # made anew just now, they would come after everything
        for before, after in pairwise(walk):
            QWidget.setTabOrder(before, after)

    def _fill_lives(self, policy: Policy, clause: Clause) -> None:
        empty(self._lives)
        if clause.window:
            self._lives.addWidget(self._place(clause))
        self._lives.addWidget(Label(_(HELD_MEANS[clause.held]), "body", "muted", wrap=True))
        if clause.because:
            self._lives.addWidget(Label(_(BECAUSE[clause.because]), "body", "muted", wrap=True))
        for words in orders_of(policy, clause):
            self._lives.addWidget(Label(words, "body", wrap=True))

    def _place(self, clause: Clause) -> QWidget:
        place = QWidget()
        icon = IconLabel(ICON_OF_DESK[clause.window], "accent")
        line = row(icon, Label(_(DESKS[clause.window]), "strong"), None, spacing=8)
        if clause.window in MACHINE_OF_DESK:
            states = Button(_("States"), kind="link", size="row", key="F6")
            states.clicked.connect(self.open_diagram)
            line.addWidget(states)
        jump = Button(_("Open {desk}").format(desk=_(DESKS[clause.window])), kind="link", size="row", key="Ctrl+O")
        jump.clicked.connect(self.open_desk)
        line.addWidget(jump)
        place.setLayout(line)
        return place

    def _fill_matters(self, policy: Policy, clause: Clause) -> None:
        empty(self._matters)
        found = matters_of(policy, clause.id)
        for matter in found:
            self._matters.addWidget(MatterBox(policy, matter, clause.id))
        self.matters_head.setVisible(bool(found))
        self._rules[1].setVisible(bool(found))

    def _mirror(self) -> None:
        clause = self.clause
        if clause is None:
            return
        typed, changed = self.numbers.typed(), self.numbers.changed_key()
        self.save.setVisible(self._may_change and bool(clause.numbers))
        self.save.set_ready(bool(typed), "" if typed else _("Type another number first."))
        self.back.setVisible(self._may_change and bool(changed))
        own = [change for place, change in self._changes.items() if place[0] == clause.id]
        self.changed.setText(_("Changed by {who}").format(who=own[-1].words) if own else "")

    def _reset(self) -> None:
        key = self.numbers.changed_key()
        if key:
            self.cleared.emit(key)

    def open_desk(self) -> None:
        """Go to the desk where the clause is held."""
        if self.clause is not None and self.clause.window:
            self.desk_requested.emit(PAGE_OF_DESK[self.clause.window])

    def open_diagram(self) -> None:
        """Show the states that the records of the clause's desk go through."""
        if self.clause is not None and self.clause.window in MACHINE_OF_DESK:
            self.diagram_requested.emit(MACHINE_OF_DESK[self.clause.window])

    def show_error(self, key: str, error: CrmError) -> None:
        """Say under a field why its number can't be used."""
        self.numbers.line(key).show_error(error.message)
