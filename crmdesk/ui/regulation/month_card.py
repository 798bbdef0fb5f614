"""How the chosen clause was kept this month, with the cases behind it, and the clauses that stand beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.rules.capabilities import clause_order
from crmdesk.rules.clauses import Clause
from crmdesk.rules.policies import Policy
from crmdesk.ui.regulation.words import HELD_MEANS
from crmdesk.ui.widgets import Card, ClauseTag, Label, Rule
from crmdesk.ui.widgets.emptying import empty

RELATED = 9
TAGS_IN_ROW = 3


class MonthCard(Card):
    """The right panel."""

    record_requested = Signal(str, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(18, 16, 18, 16), parent=parent)
        self._clause: Clause | None = None
        self._ctx: Any = None
        self.head = Label("", "label_strong", "muted")
        self.figure = Label("", "figure")
        self.words = Label("", "body", "muted", wrap=True)
        self._cases = QVBoxLayout()
        self._cases.setSpacing(2)
        self.means = Label("", "body", "muted", wrap=True)
        self.related_head = Label("", "label_strong", "muted")
        self._related_host = QWidget()
        self._related = QGridLayout(self._related_host)
        self._related.setContentsMargins(0, 0, 0, 0)
        self._related.setSpacing(6)
        self._related.setColumnStretch(TAGS_IN_ROW, 1)
        self.add(self.head, self.figure, self.words)
        self.body.addLayout(self._cases)
        self.add(self.means, None, Rule(), self.related_head, self._related_host)
        self.related: list[str] = []
        self._shares: dict[str, tuple[str, str]] = {}

    @property
    def measured(self) -> bool:
        """Whether the program measures how clauses are kept."""
        return bool(self._shares)

    def share_of(self, clause: str) -> tuple[str, str]:
        """Return how a clause was kept this month, in percent, and its tone; ('', …) when nothing was measured."""
        return self._shares.get(clause, ("", "muted"))

    def load(self, ctx: Any) -> None:
        """Measure this month."""
        self._ctx = ctx

    def show_clause(self, ctx: Any, clause: Clause | None) -> None:
        """Show how a clause was kept."""
        self._ctx, self._clause = ctx, clause
        self.retranslate()

    def retranslate(self) -> None:
        """Write everything in the language in force."""
        self.head.setText(_("Kept this month"))
        self.related_head.setText(_("Related clauses"))
        clause = self._clause
        self.setEnabled(clause is not None)
        for widget in (self.head, self.figure, self.words):
            widget.hide()
        self.means.setText(_(HELD_MEANS[clause.held]) if clause is not None else "")
        self._show_related()

    def _show_related(self) -> None:
        empty(self._related)
        clause = self._clause
        self.related = related_of(self._ctx.policy, clause)[:RELATED] if clause is not None else []
        for place, other in enumerate(self.related):
            tag = ClauseTag(other, self._related_host)
            where = divmod(place, TAGS_IN_ROW)
            self._related.addWidget(tag, *where, Qt.AlignmentFlag.AlignLeft)
        self.related_head.setVisible(bool(self.related))


def related_of(policy: Policy, clause: Clause) -> list[str]:
    """Return the clauses nearest to one: first of the same matters, then of the same chapter of its source."""
    chapters = _chapters(policy)
    same = [other for matter in policy.matters.values() if any(id_ == clause.id for id_, _k in matter.settings)
            for other, _key in matter.settings]  # fmt: skip
    beside = chapters.get(_chapter(clause.source), [])
    near = sorted(beside, key=lambda other: (abs(clause_order(other)[2] - clause_order(clause.id)[2]), other))
    found = dict.fromkeys([*same, *near])
    return [other for other in found if other != clause.id]


def _chapters(policy: Policy) -> dict[str, list[str]]:
    if "regulation:chapters" not in policy.made:
        made: dict[str, list[str]] = {}
        for clause in policy.everything.values():
            made.setdefault(_chapter(clause.source), []).append(clause.id)
        policy.made["regulation:chapters"] = made
    found: dict[str, list[str]] = policy.made["regulation:chapters"]
    return found


def _chapter(source: str) -> str:
    first = source.partition(";")[0].strip()
    return first.rpartition("/")[0] or first
