"""The regulation window: all clauses as a tree, found by any word; a clause tag anywhere opens it here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from crmdesk.core.errors import ConflictError, CrmError, ValidationError
from crmdesk.core.i18n import N_, _, dotted, language, ngettext
from crmdesk.rules.capabilities import CAPABILITIES, capability_of, clause_order
from crmdesk.rules.clauses import Clause
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.services import policies
from crmdesk.services.office import load_policy
from crmdesk.ui import dialogs, errors
from crmdesk.ui.page import Page, PageSpec
from crmdesk.ui.regulation.clause_card import ClauseCard
from crmdesk.ui.regulation.diagram_card import DiagramCard
from crmdesk.ui.regulation.month_card import MonthCard
from crmdesk.ui.regulation.tree import ClauseGroup, ClauseLine, ClauseTree
from crmdesk.ui.regulation.words import HELD, PAGE_OF_DESK, in_words, write_value
from crmdesk.ui.widgets import Card, Choice, EmptyState, Label, Rule, SearchBox, column, row

TREE = 320
PANEL = 284
OURS, EVERY, CHANGED = "*ours", "*every", "*changed"
ANY_HELD = ""


class RegulationPage(Page):
    """Tree left, the chosen clause in the middle, how it was kept this month right."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._typed = ""
        self._words: dict[str, str] = {}
        self._indexed: tuple[Policy, str] | None = None
        self._changes: dict[tuple[str, str], policies.Change] = {}
        self.search = SearchBox(placeholder=N_("Word, number or clause"), key="Ctrl+F", popup=False)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)
        self.pack = Choice(translate=False)
        self.held = Choice(translate=False)
        self.tree = ClauseTree()
        self.count = Label("", "label", "muted")
        left = Card(margins=1, spacing=0)
        head = column(self.search, self.pack, self.held, spacing=6)
        head.setContentsMargins(11, 11, 11, 8)
        left.body.addLayout(head)
        self.nothing = EmptyState("search")
        self.nothing.stepped.connect(self._search_everything)
        left.body.addWidget(self.tree, 1)
        left.body.addWidget(self.nothing, 1)
        left.body.addWidget(Rule())
        foot = row(self.count, None)
        foot.setContentsMargins(15, 8, 15, 9)
        left.body.addLayout(foot)
        left.setFixedWidth(TREE)
        self.card = ClauseCard()
        self.card.follows = self.tree
        self.month = MonthCard()
        self.diagram = DiagramCard()
        self.views = QStackedWidget()
        self.views.addWidget(self.card)
        self.views.addWidget(self.diagram)
        both = row(spacing=12)
        both.addWidget(left)
        both.addWidget(self.views, 1)
        self.split(both, self.month, PANEL)
        self.search.searched.connect(self._searched)
        self.search.stepped.connect(self.tree.step)
        self.search.entered.connect(self._entered)
        for choice in (self.pack, self.held):
            choice.value_changed.connect(self._fill)
        self.tree.chosen.connect(self._chosen)
        self.tree.opened.connect(self._opened)
        self.card.desk_requested.connect(self.open)
        self.card.diagram_requested.connect(self._show_diagram)
        self.card.save_requested.connect(self.save)
        self.card.cleared.connect(self._clear_number)
        self.month.record_requested.connect(self._open_record)
        self.month.measured.connect(self._measured)
        self.diagram.closed.connect(self._hide_diagram)
        self.retranslate()

    def retranslate(self) -> None:
        self.search.setAccessibleName(_("Search the regulation"))
        self.pack.setAccessibleName(_("Pack"))
        self.held.setAccessibleName(_("How it is held"))
        self.tree.setAccessibleName(_("Clauses"))
        self._fill_choices()
        self._fill()
        self.card.retranslate()
        self.month.retranslate()
        self.diagram.retranslate(self.ctx)

    def key_hints(self) -> list[tuple[str, str]]:
        return [("Ctrl+F", _("Search")), ("Enter", _("Open")), ("Ctrl+Enter", ""), ("F4", ""), ("F6", ""),
                ("Ctrl+O", ""), ("Esc", "")]  # fmt: skip

    # the tree ---------------------------------------------------------------------------------------------------

    def _fill_choices(self) -> None:
        policy: Policy = self.ctx.policy
        every, changed = policy.everything, {clause for clause, _key in policy.overrides}
        packs = [(OURS, _("Our packs ({count})").format(count=len(policy.clauses))),
                 (EVERY, _("All packs ({count})").format(count=len(every))),
                 (CHANGED, _("Changed here ({count})").format(count=len(changed)))]  # fmt: skip
        names = [*policy.active, *(name for name in policy.packs if name not in policy.active)]
        for name in names:
            pack = policy.packs[name]
            word = _("{pack} ({count})") if name in policy.active else _("– {pack} ({count})")
            packs.append((name, word.format(pack=in_words(pack.title), count=len(pack.clauses))))
        kept = self.pack.value() or OURS
        self.pack.set_choices(packs)
        self.pack.set_value(kept)
        counts = {held: sum(clause.held == held for clause in policy) for held in HELD}
        held = [(ANY_HELD, _("Applied in any way"))]
        for key, (word, _tone) in HELD.items():
            held.append((key, _("{pack} ({count})").format(pack=_(word), count=counts[key])))
        kept_held = self.held.value() or ANY_HELD
        self.held.set_choices(held)
        self.held.set_value(kept_held)

    def _index(self) -> None:
        """All words of a clause in every language: people search in the words they know."""
        key = (self.ctx.policy, language())
        if self._indexed is not None and self._indexed[0] is key[0] and self._indexed[1] == key[1]:
            return
        self._indexed = key
        self._every = self.ctx.policy.everything
        self._order = sorted(self._every, key=clause_order)
        self._words = {id_: _words_of(clause) for id_, clause in self._every.items()}

    def _fill(self) -> None:
        self._index()
        policy: Policy = self.ctx.policy
        wanted = self._typed.casefold().split()
        pack, held = self.pack.value(), self.held.value()
        changed = {clause for clause, _key in policy.overrides}
        code = language()
        groups: dict[str, list[ClauseLine]] = {}
        for id_ in self._order:
            clause = self._every[id_]
            active = id_ in policy.clauses
            if not _in_pack(clause, pack, active=active, changed=id_ in changed) or (held and clause.held != held):
                continue
            if wanted and not all(word in self._words[id_] for word in wanted):
                continue
            text = clause.text.get(code, clause.gist)
            word, tone = HELD[clause.held]
            spoken = f"{id_}, {text}, {_(word)}" if active else f"{id_}, {text}, {_('not ours')}"
            share, share_tone = self.month.share_of(id_)
            line = ClauseLine(id_, text, _DOT[tone], spoken, active, id_ in changed, share, share_tone)
            groups.setdefault(capability_of(id_), []).append(line)
        shown = [ClauseGroup(key, f"{key} {_(CAPABILITIES[key])}" if key in CAPABILITIES else key, tuple(lines))
                 for key, lines in groups.items()]  # fmt: skip
        self.tree.set_groups(shown, expanded=bool(wanted))
        count = sum(len(group.lines) for group in shown)
        if not shown and self.tree.hasFocus():
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)  # else it would fall out of the page
        self.tree.setVisible(bool(shown))
        self.nothing.setVisible(not shown)
        everywhere = bool(wanted) and (pack != EVERY or bool(held))
        self.nothing.tell(_("No clause with these words.") if wanted else _("No clause here."),
                          _("Search in all packs") if everywhere else "")  # fmt: skip
        self.count.setText(ngettext("{count} clause", "{count} clauses", count).format(count=count))
        ours = ngettext("{count} clause", "{count} clauses", len(policy.clauses)).format(count=len(policy.clauses))
        others = len(policy.active) - 1
        home = in_words(policy.title)
        more = ngettext("{pack} and {count} more pack", "{pack} and {count} more packs", others)
        words = [more.format(pack=home, count=others) if others else home, ours]
        if changed:
            words.append(ngettext("{count} changed", "{count} changed", len(changed)).format(count=len(changed)))
        self.set_subtitle(dotted(*words))

    def _searched(self, text: str) -> None:
        self._typed = text
        self._fill()
        if text and not self.tree.current():
            self.tree.select_first()

    def _search_everything(self) -> None:
        self.pack.set_value(EVERY)
        self.held.set_value(ANY_HELD)
        self._fill()
        self.tree.select_first()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _entered(self, text: str) -> None:
        self.tree.setFocus()

    # opening ----------------------------------------------------------------------------------------------------

    def load(self, **arguments: Any) -> None:
        """Open; ``clause="CALL-07"`` shows that clause whatever was searched before, ``pack="bank"`` a pack's."""
        self._read_changes()
        self.month.load(self.ctx)
        clause = str(arguments.get("clause", ""))
        if clause:
            self.search.clear()
            self._typed = ""
            self.held.set_value(ANY_HELD)
            known = clause in self.ctx.policy
            if self.pack.value() != EVERY:
                self.pack.set_value(OURS if known else EVERY)
        if pack := str(arguments.get("pack", "")):
            self.search.clear()
            self._typed = ""
            self.held.set_value(ANY_HELD)
            self.pack.set_value(pack)
        self._fill()
        if pack:
            self.tree.select_first()
        if clause and not self.tree.select(clause):
            self.say(_("The regulation has no clause {clause}.").format(clause=clause), "warning")
        elif not self.tree.current():
            self.tree.select_first()
        else:
            self._show_current(keep=True)

    def first_focus(self) -> None:
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, notice: Any = None) -> None:
        policy = notice is None or notice.touches("policy", "office")
        if self.isVisible():  # else it is measured when the page is opened again
            self.month.load(self.ctx)
        if policy:
            self._read_changes()
            self._fill_choices()
            self._fill()
        self._show_current(keep=True)
        overtaken = self.card.numbers.overtaken()
        if overtaken:
            words = _("A colleague has just changed {names}. What you typed is kept.")
            self.banner(words.format(names=_(", ").join(overtaken)), "warning")

    def _read_changes(self) -> None:
        try:
            self._changes = policies.find_changes(self.ctx)
        except CrmError as error:
            errors.show_error(self, error)

    def _measured(self) -> None:
        self._fill()
        self.month.show_clause(self.ctx, self._every.get(self.tree.current()))

    def leave(self) -> bool:
        return not self.card.dirty or dialogs.ask(
            self, _("The number you typed is not saved. Leave it?"), yes=_("Leave without saving"), no=_("Stay")
        )

    def _chosen(self, clause: str) -> None:
        shown = self.card.clause.id if self.card.clause is not None else ""
        if clause and shown and clause != shown and self.card.dirty and not self.leave():
            self.tree.select(shown)
            return
        if clause != shown:
            self._hide_diagram()
        self._show_current(keep=clause == shown)

    def _show_current(self, *, keep: bool = False) -> None:
        policy: Policy = self.ctx.policy
        chosen = self.tree.current()
        clause = self._every.get(chosen)
        self.card.show_clause(
            policy, clause, may_change=self.ctx.may(Right.POLICY), changes=self._changes, keep=keep
        )
        self.month.show_clause(self.ctx, clause)

    def _opened(self, clause: str) -> None:
        found = self._every[clause]
        if found.window:
            self.open(PAGE_OF_DESK[found.window])

    def _open_record(self, page: str, arguments: dict[str, Any]) -> None:
        self.open(page, **arguments)

    def _show_diagram(self, machine: str) -> None:
        self.diagram.show_machine(self.ctx, machine)
        self.views.setCurrentWidget(self.diagram)
        self.month.hide()  # the drawing needs its room
        self.diagram.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_diagram(self) -> None:
        if self.views.currentWidget() is self.diagram:
            self.views.setCurrentWidget(self.card)
            self.month.show()
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    # the manager's numbers --------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save every number that was typed; the first that is refused says so under its field."""
        clause = self.card.clause
        typed = self.card.numbers.typed()
        if clause is None or not typed:
            self.card.numbers.focus_first()
            return
        why = str(self.card.numbers.why.value())
        for key, text in typed.items():
            try:
                seen = self.card.numbers.seen(key)
                policies.set_number(self.ctx, clause.id, key, text, why=why, seen=seen)
            except CrmError as error:
                self._refused(clause.id, key, error)
                return
            self.ctx = replace(self.ctx, policy=load_policy(self.ctx.db))
            self.card.numbers.look_again(key, self.ctx.policy.overrides.get((clause.id, key)))
        if clause.id in self.ctx.policy:
            self._reload(_("Saved. The number is used from now on, on every PC."))
        else:
            self._reload(_("Saved. The number counts from the day your office adds this pack."))

    def _refused(self, clause: str, key: str, error: CrmError) -> None:
        if not isinstance(error, ConflictError | ValidationError):
            errors.show_error(self, error)
            return
        self._read_again(keep=True)
        if isinstance(error, ConflictError):  # a colleague was quicker: theirs stands beside what is typed by now
            self.card.numbers.look_again(key, self.ctx.policy.overrides.get((clause, key)))
        self.card.show_error(key, error)

    def _read_again(self, *, keep: bool) -> None:
        try:
            self.ctx = replace(self.ctx, policy=load_policy(self.ctx.db))
        except CrmError as error:  # it is saved; what is shown is of before until the cable is back
            errors.show_error(self, error)
            return
        self._read_changes()
        self._fill_choices()
        self._fill()
        self._show_current(keep=keep)

    def _clear_number(self, key: str) -> None:
        clause = self.card.clause
        if clause is None:
            return
        try:
            policies.clear_number(self.ctx, clause.id, key)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._reload(_("The regulation's own number is used again."))

    def _reload(self, sentence: str) -> None:
        self._read_again(keep=False)
        self.banner("")
        self.say(sentence)
        self.saved.emit()


_DOT = {"accent": "accent", "warning": "warning", "info": "info", "ok": "ok", "neutral": "line_strong"}


def _words_of(clause: Clause) -> str:
    numbers = (f"{number.name} {write_value(number)}" for number in clause.numbers.values())
    return " ".join((clause.id, clause.source, *clause.text.values(), *numbers)).casefold()


def _in_pack(clause: Clause, pack: object, *, active: bool, changed: bool) -> bool:
    if pack == OURS:
        return active
    if pack == CHANGED:
        return changed
    return pack in (EVERY, clause.pack)


PAGES = (
    PageSpec(key="regulation", title=N_("Regulation"), icon="book-open-check", right="", factory=RegulationPage),
)
