"""Which packs of the regulation the office works by: the home pack first, then those it added."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import CrmError, NeedsConfirmation
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.pack_tables import Chain, Checklist, Copies, Series
from crmdesk.rules.policies import Policy, Setting
from crmdesk.rules.rights import Right
from crmdesk.services import policies
from crmdesk.services.setup import reload_office
from crmdesk.ui import dialogs
from crmdesk.ui.regulation.words import in_words, write_value
from crmdesk.ui.settings.section import Section
from crmdesk.ui.widgets import Button, Column, Label, RecordTable, row

PACKS = (
    Column("place", "", 60, kind="pill", tone="tone", sortable=False),
    Column("title", N_("Pack"), 200, stretch=True, bold=True, tone="words", sortable=False),
    Column("clauses", N_("Clauses"), 66, kind="number", tone="words", sortable=False),
)
EFFECTS = (
    Column("title", N_("What changes"), 180, stretch=True, sortable=False, wrap=True),
    Column("before", N_("Now"), 92, second="before_clause", sortable=False),
    Column("after", N_("Then"), 118, second="after_clause", tone="tone", sortable=False),
)
ORDER_WORDS = {
    "series": N_("Form of the numbers: {key}"),
    "copies": N_("Copies of the paper: {key}"),
    "chains": N_("Who decides: {key}"),
    "checklists": N_("Checklist: {key}"),
}
ORDER_KEYS = {
    "complaint": N_("Complaint"), "repair": N_("Repair"), "sale": N_("Sales slip"), "sales_slip": N_("Sales slip"),
    "return_slip": N_("Return slip"), "complaint_sheet": N_("Complaint form"),
    "complaint_register": N_("Register of petitions and complaints"), "repair_slip": N_("Repair slip"),
}  # fmt: skip
LEFT = 432


class PackLine(NamedTuple):
    """A pack in the list."""

    id: str
    place: str
    tone: str
    title: str
    clauses: int
    words: str


class EffectLine(NamedTuple):
    """One matter that would change."""

    id: str
    title: str
    before: str
    before_clause: str
    after: str
    after_clause: str
    tone: str = "accent"


class PackTable(RecordTable):
    """Space adds or takes away, H makes it the home pack, N shows its numbers, Alt and the arrows move it."""

    toggled = Signal()
    home_asked = Signal()
    numbers_asked = Signal()
    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_Space:
            self.toggled.emit()
        elif event.key() == Qt.Key.Key_H and not event.modifiers():
            self.home_asked.emit()
        elif event.key() == Qt.Key.Key_N and not event.modifiers():
            self.numbers_asked.emit()
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class RegulationSection(Section):
    """Read by everybody, changed by who may change the regulation."""

    name = N_("Regulation")
    sentence = N_("Where packs differ, the home pack counts, then the others in their order.")

    def __init__(self, ctx: Any) -> None:
        super().__init__(ctx)
        self._chosen: list[str] = []
        self._seen: tuple[str, ...] = ()
        self.table = PackTable(PACKS, row_height=36)
        self.effects = RecordTable(EFFECTS, row_height=44)
        self.effects.set_empty(N_("With these packs nothing changes."))
        self.add_button = Button("", key="Space", bind=False)
        self.home_button = Button("", key="H", bind=False, icon="house")
        self.up_button = Button("", key="Alt+↑", bind=False)
        self.down_button = Button("", key="Alt+↓", bind=False)
        self.numbers_button = Button("", key="N", bind=False, icon="book-open-check")
        self.save_button = Button("", key="Ctrl+Enter", kind="primary")
        self.reason = Label("", "label", "muted", wrap=True)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.table, 1)
        left.addLayout(row(self.add_button, self.home_button, None))
        left.addLayout(row(self.up_button, self.down_button, self.numbers_button, None))
        host = QWidget()
        host.setLayout(left)
        host.setFixedWidth(LEFT)
        right = QVBoxLayout()
        right.addWidget(self.effects, 1)
        foot = row(spacing=12)
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.save_button)
        right.addLayout(foot)
        both = row(spacing=16)
        both.addWidget(host)
        both.addLayout(right, 1)
        self.body.addLayout(both, 1)
        self.table.chosen.connect(self._mirror)
        self.table.opened.connect(self._toggle)
        self.table.toggled.connect(self._toggle)
        self.table.home_asked.connect(self._make_home)
        self.table.moved.connect(self._move)
        self.table.numbers_asked.connect(self._show_numbers)
        self.numbers_button.clicked.connect(self._show_numbers)
        self.add_button.clicked.connect(self._toggle)
        self.home_button.clicked.connect(self._make_home)
        self.up_button.clicked.connect(self._up)
        self.down_button.clicked.connect(self._down)
        self.save_button.clicked.connect(self.save)
        self.retranslate()

    @property
    def dirty(self) -> bool:
        return tuple(self._chosen) != self._seen

    @property
    def packs(self) -> list[str]:
        """The packs as they are chosen here, the home pack first."""
        return list(self._chosen)

    def load(self) -> None:
        self._seen = tuple(self.ctx.policy.active)
        self._chosen = list(self._seen)
        self._fill()
        if self.table.current() is None:
            self.table.select_first()

    def first_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Ask what it changes, then let every PC work by these packs."""
        if not self.dirty:
            return
        try:
            self._save(confirmed=False)
        except NeedsConfirmation as question:
            if not dialogs.ask(self, question.message, yes=_("Use these packs"), no=_("Cancel")):
                return
            try:
                self._save(confirmed=True)
            except CrmError as error:
                self._failed(error)
                return
        except CrmError as error:
            self._failed(error)
            return
        self.ctx = reload_office(self.ctx)
        self.load()
        self.saved.emit()
        self.said.emit(_("Saved. Every PC uses these packs from now on."), "ok")

    def _save(self, *, confirmed: bool) -> None:
        policies.choose_packs(self.ctx, self._chosen, confirmed=confirmed, seen=self._seen)

    def _failed(self, error: CrmError) -> None:
        self.failed.emit(error)
        self.ctx = reload_office(self.ctx)
        self._seen = tuple(self.ctx.policy.active)  # a colleague's choice stands beside what is chosen here
        self._fill()

    # choosing ---------------------------------------------------------------------------------------------------

    def _current(self) -> str:
        line = self.table.current()
        return str(line.id) if line is not None and self.ctx.may(Right.POLICY) else ""

    def _toggle(self, *line: object) -> None:
        name = self._current()
        if not name:
            return
        if name not in self._chosen:
            self._chosen.append(name)
        elif len(self._chosen) > 1:
            self._chosen.remove(name)
        else:
            self.said.emit(_("An office needs a home pack. Make another one the home pack first."), "warning")
        self._fill()

    def _make_home(self) -> None:
        name = self._current()
        if name:
            self._chosen = [name, *(other for other in self._chosen if other != name)]
            self._fill()

    def _show_numbers(self) -> None:
        line = self.table.current()
        if line is not None:  # numbers of a pack not added yet can be set beforehand
            self.open_asked.emit("regulation", {"pack": str(line.id)})

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        name = self._current()
        if name not in self._chosen:
            return
        place = self._chosen.index(name)
        to = max(0, min(len(self._chosen) - 1, place + step))
        self._chosen.insert(to, self._chosen.pop(place))
        self._fill()

    # showing ----------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        policy: Policy = self.ctx.policy
        names = [*self._chosen, *(name for name in policy.packs if name not in self._chosen)]
        self.table.set_rows([self._line(policy, name) for name in names])
        self.effects.set_rows(effect_lines(policy, self._chosen) if self.dirty else [])
        self._mirror()

    def _line(self, policy: Policy, name: str) -> PackLine:
        pack = policy.packs[name]
        place = self._chosen.index(name) if name in self._chosen else -1
        word = _("Home") if place == 0 else str(place + 1) if place > 0 else ""
        tone = "accent" if place == 0 else "neutral"
        return PackLine(name, word, tone, in_words(pack.title), len(pack.clauses), "text" if place >= 0 else "muted")

    def _mirror(self, *line: object) -> None:
        may, name = self.ctx.may(Right.POLICY), self._current()
        chosen = name in self._chosen
        self.add_button.setText(_("Leave out") if chosen else _("Add"))
        self.add_button.set_icon("minus" if chosen else "plus")
        for button in (self.add_button, self.home_button, self.up_button, self.down_button):
            button.set_ready(may)
        self.up_button.set_ready(may and chosen)
        self.down_button.set_ready(may and chosen)
        self.save_button.set_ready(may and self.dirty)
        if not may:
            self.reason.setText(_("The manager can change these."))
        elif self.dirty:
            count = len(self.effects.rows())
            words = ngettext("{count} setting changes. Numbers you set yourself are kept.",
                             "{count} settings change. Numbers you set yourself are kept.", count)  # fmt: skip
            self.reason.setText(words.format(count=count))
        else:
            total = len(self.ctx.policy.clauses)
            self.reason.setText(ngettext("{count} clause", "{count} clauses", total).format(count=total))

    def retranslate(self) -> None:
        super().retranslate()
        self.table.setAccessibleName(_("Packs of the regulation"))
        self.effects.setAccessibleName(_("What changes"))
        self.home_button.setText(_("Make it the home pack"))
        self.up_button.setText(_("Up"))
        self.down_button.setText(_("Down"))
        self.numbers_button.setText(_("See numbers"))
        self.save_button.setText(_("Save"))
        if self._chosen:
            self._fill()


def effect_lines(policy: Policy, packs: list[str]) -> list[EffectLine]:
    """Return what another choice of packs changes, before and after in words."""
    lines = []
    for effect in policies.find_effects(policy, packs):
        before, after = _said(effect.before), _said(effect.after)
        lines.append(EffectLine(effect.key, in_words(effect.title), *before, *after))
    for order in policies.find_orders(policy, packs):
        word = _(ORDER_KEYS[order.key]) if order.key in ORDER_KEYS else order.key.replace("_", " ")
        title = _(ORDER_WORDS[order.kind]).format(key=word)
        before, after = _ordered(order.before), _ordered(order.after)
        lines.append(EffectLine(f"{order.kind}.{order.key}", title, *before, *after))
    return lines


def _said(setting: Setting | None) -> tuple[str, str]:
    if setting is None:
        return "", ""
    return write_value(setting.number), setting.clause.id


def _ordered(order: Series | Copies | Chain | Checklist | None) -> tuple[str, str]:
    if order is None:
        return "", ""
    if isinstance(order, Series):
        words = order.pattern
    elif isinstance(order, Copies):
        count = len(order.receivers)
        words = ngettext("{count} copy", "{count} copies", count).format(count=count)
    elif isinstance(order, Chain):
        words = (" + " if order.together else " → ").join(in_words(level.title) for level in order.levels)
    else:
        words = in_words(order.title)
    return words, order.clause
