"""The regulation desk: all clauses, found by any word or number; a clause tag anywhere opens it here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import N_, _, dotted, language, ngettext
from crmdesk.rules.clauses import Clause
from crmdesk.rules.rights import Right
from crmdesk.services import policies
from crmdesk.services.office import load_policy
from crmdesk.ui import errors
from crmdesk.ui.page import Page, PageSpec
from crmdesk.ui.regulation.clause_card import DESKS, HELD, ClauseCard
from crmdesk.ui.widgets import Card, Choice, Column, RecordTable, SearchBox, row

PANEL = 420
EVERY_DESK = ""
COLUMNS = (
    Column("id", N_("Clause"), 92, bold=True),
    Column("text", N_("What it asks"), 300, stretch=True, second="numbers"),
    Column("desk", N_("Desk"), 92, translate=True, tone="muted"),
    Column("held", N_("How it is held"), 108, kind="pill", tone="tone", translate=True),
)


class ClauseRow(NamedTuple):
    """A clause in the list."""

    id: str
    text: str
    numbers: str
    desk: str
    held: str
    tone: str
    muted: str = "muted"


class RegulationPage(Page):
    """List of clauses left, the chosen one right."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._words: dict[str, str] = {}
        self._typed = ""
        self.search = SearchBox(placeholder=N_("Word, number or clause"), key="Ctrl+F", popup=False)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.search.setFocus)
        self.desk = Choice([(EVERY_DESK, N_("Every desk")), *DESKS.items()])
        self.desk.set_value(EVERY_DESK)
        self.desk.setFixedWidth(150)
        self.table = RecordTable(COLUMNS, row_height=44)
        self.table.set_empty(N_("No clause has these words. Try a shorter one."))
        left = Card(margins=1)
        head = row(self.search, self.desk)
        head.setContentsMargins(15, 13, 15, 8)
        left.body.addLayout(head)
        left.body.addWidget(self.table, 1)
        self.card = ClauseCard()
        self.split(left, self.card, PANEL)
        self.search.searched.connect(self._searched)
        self.search.stepped.connect(self.table.step)
        self.desk.value_changed.connect(self._fill)
        self.table.chosen.connect(self._chosen)
        self.card.desk_requested.connect(self._open_desk)
        self.card.set_requested.connect(self._set_number)
        self.card.cleared.connect(self._clear_number)
        self._reasons: dict[tuple[str, str], str] = {}
        self.retranslate()

    def retranslate(self) -> None:
        self.search.setAccessibleName(_("Search the regulation"))
        self.desk.setAccessibleName(_("Desk"))
        self.table.setAccessibleName(_("Clauses"))
        self._index()
        self._fill()
        self.card.retranslate()

    def title(self) -> str:
        policy = self.ctx.policy
        return str(policy.title.get(language(), policy.title["en"]))

    def key_hints(self) -> list[tuple[str, str]]:
        return [("Ctrl+F", _("Search")), ("↑ ↓", _("Choose"))]

    def load(self, **arguments: Any) -> None:
        """Open; ``clause="CALL-07"`` shows that clause whatever was searched before."""
        self._read_reasons()
        clause = str(arguments.get("clause", ""))
        if clause:
            self.search.clear()
            self._typed = ""
            self.desk.set_value(EVERY_DESK)
        self._fill()
        if clause and not self.table.select(clause):
            self.say(_("The regulation has no clause {clause}.").format(clause=clause), "warning")
        elif self.table.current() is None:
            self.table.select_first()

    def refresh(self, notice: Any = None) -> None:
        if notice is None or notice.touches("policy"):
            self._read_reasons()
            self._fill()
            self._show_current()

    def _read_reasons(self) -> None:
        try:
            self._reasons = policies.find_reasons(self.ctx)
        except CrmError as error:
            errors.show_error(self, error)

    def first_focus(self) -> None:
        if self.table.current() is not None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    # the list ---------------------------------------------------------------------------------------------------

    def _index(self) -> None:
        """All words of a clause in every language: people search in the words they know."""
        self._words = {
            clause.id: " ".join((clause.id, clause.source, *clause.text.values(), self._numbers_of(clause))).casefold()
            for clause in self.ctx.policy
        }

    def _numbers_of(self, clause: Clause) -> str:
        from crmdesk.ui.regulation.clause_card import write_value

        return dotted(*(write_value(number) for number in clause.numbers.values()))

    def _fill(self) -> None:
        wanted = self._typed.casefold().split()
        desk = self.desk.value()
        rows = []
        for clause in self.ctx.policy:
            if (desk and clause.window != desk) or not all(word in self._words[clause.id] for word in wanted):
                continue
            word, tone = HELD[clause.held]
            text = self.ctx.policy.text(clause.id)
            rows.append(ClauseRow(clause.id, text, self._numbers_of(clause), DESKS[clause.window], word, tone))
        self.table.set_rows(rows)
        words = ngettext("{count} clause", "{count} clauses", len(rows)).format(count=len(rows))
        self.set_subtitle(words)

    def _searched(self, text: str) -> None:
        self._typed = text
        self._fill()
        if self.table.current() is None:
            self.table.select_first()

    def _chosen(self, row_: Any) -> None:
        self._show_current()

    def _show_current(self) -> None:
        chosen = self.table.current()
        clause = self.ctx.policy.clause(chosen.id) if chosen is not None else None
        may = self.ctx.may(Right.POLICY)
        self.card.show_clause(self.ctx.policy, clause, may_change=may, reasons=self._reasons)

    def _open_desk(self, key: str) -> None:
        self.open(key)

    # the manager's numbers --------------------------------------------------------------------------------------

    def _set_number(self, key: str, value: str, why: str) -> None:
        clause = self.card.clause
        if clause is None:
            return
        try:
            policies.set_number(self.ctx, clause.id, key, value, why=why)
        except ValidationError as error:
            self.card.show_error(error.message)
            return
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._reload(_("Saved. The number is used from now on."))

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
        try:
            self.ctx = replace(self.ctx, policy=load_policy(self.ctx.db))
        except CrmError as error:  # it is saved; what is shown is of before until the cable is back
            errors.show_error(self, error)
            return
        self._read_reasons()
        self._index()
        self._fill()
        self._show_current()
        self.say(sentence)
        self.saved.emit()


PAGES = (
    PageSpec(key="regulation", title=N_("Regulation"), icon="book-open-check", right="", factory=RegulationPage),
)
