"""How the chosen clause was kept this month, with the cases behind it, and the clauses that stand beside it."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from crmdesk.core.i18n import _, dotted, ngettext
from crmdesk.rules.capabilities import clause_order
from crmdesk.rules.clauses import Clause
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.services import compliance
from crmdesk.ui import tasks
from crmdesk.ui.month.clauses import GOOD, tone_of
from crmdesk.ui.opening import ICON_OF, PAGE_OF
from crmdesk.ui.regulation.words import HELD_MEANS
from crmdesk.ui.widgets import (
    BarChart,
    Button,
    Card,
    ChartData,
    ClauseTag,
    Entry,
    Label,
    Rule,
    Scroll,
    Series,
    Timeline,
    row,
)
from crmdesk.ui.widgets.emptying import empty

RELATED = 6
TAGS_IN_ROW = 3
MONTHS = 6
CASES = 6
CHART = 132
CLOSER_MS = 150


class Closer(NamedTuple):
    """What a closer look at one clause found: this month and those before it, oldest first, and its latest cases."""

    clause: str
    months: tuple[compliance.ClauseMonth | None, ...]
    cases: tuple[compliance.Case, ...]


class MonthCard(Card):
    """The right panel; ``measured`` says that the shares of the clauses have arrived."""

    measured = Signal()
    record_requested = Signal(str, dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(18, 16, 18, 16), parent=parent)
        self._clause: Clause | None = None
        self._ctx: Any = None
        self._months: dict[str, compliance.ClauseMonth] = {}
        self._closer: Closer | None = None
        self.related: list[str] = []
        self.head = Label("", "label_strong", "muted")
        self.figure = Label("", "figure")
        self.words = Label("", "body", "muted", wrap=True)
        self.chart = BarChart(target=float(GOOD))
        self.chart.setFixedHeight(CHART)
        self.cases_head = Label("", "label_strong", "muted")
        self.cases = Timeline(compact=True)
        self.means = Label("", "body", "muted", wrap=True)
        self.related_head = Label("", "label_strong", "muted")
        self._related_host = QWidget()
        self._related = QGridLayout(self._related_host)
        self._related.setContentsMargins(0, 0, 0, 0)
        self._related.setSpacing(6)
        self._related.setColumnStretch(TAGS_IN_ROW, 1)
        self.every = Button("", kind="link", size="row")
        self.every.clicked.connect(self._open_month)
        self.add(self.means, self.head, self.figure, self.words, self.chart, 4)
        self.body.addLayout(row(self.cases_head, None, self.every))
        self.body.addWidget(Scroll(self.cases, least=40), 1)
        self.related_rule = Rule()
        self.add(self.related_rule, self.related_head, self._related_host)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CLOSER_MS)  # who walks through the list with the arrows reads no figures
        self._timer.timeout.connect(self.look_closer)
        self.cases.opened.connect(self._open_case)

    def share_of(self, clause: str) -> tuple[str, str]:
        """Return how a clause was kept this month, in percent, and its tone; ('', …) when nothing was measured."""
        found = self._months.get(clause)
        if found is None or found.share is None or found.by_program:
            return "", "muted"
        tone = tone_of(found.share)
        return f"{found.share:.0f}%", "muted" if tone == "accent" else tone

    def load(self, ctx: Any) -> None:
        """Measure this month away from the window; ``measured`` follows."""
        self._ctx = ctx
        if not ctx.may(Right.MONTH):
            return
        today = ctx.clock.today()

        def work(progress: object) -> dict[str, compliance.ClauseMonth]:
            return compliance.clauses_of_month(ctx, today.year, today.month)

        tasks.run(self, work, self._arrive, title=_("Computing the month"), cancellable=False)

    def _arrive(self, months: dict[str, compliance.ClauseMonth]) -> None:
        self._months = months
        self.measured.emit()

    def show_clause(self, ctx: Any, clause: Clause | None) -> None:
        """Show how a clause was kept."""
        same = clause is not None and self._clause is not None and clause.id == self._clause.id
        self._ctx, self._clause = ctx, clause
        if not same:
            self._closer = None
        self.retranslate()
        if clause is not None and clause.id in self._months:
            self._timer.start()
        else:
            self._timer.stop()

    def look_closer(self) -> None:
        """Read the months before and the cases of the chosen clause."""
        ctx, clause = self._ctx, self._clause
        found = self._months.get(clause.id) if clause is not None else None
        if found is None:
            return

        def work(progress: object) -> Closer:
            return find_closer(ctx, found)

        tasks.run(self, work, self._came_closer, title=_("Computing the month"), cancellable=False)

    def _came_closer(self, closer: Closer) -> None:
        if self._clause is not None and closer.clause == self._clause.id:
            self._closer = closer
            self.retranslate()

    def _open_case(self, entry: Entry) -> None:
        case: compliance.Case = entry.record
        page, name = PAGE_OF.get(case.kind, ("", ""))
        if page:
            self.record_requested.emit(page, {name: case.record_id})

    def _open_month(self) -> None:
        if self._clause is not None:
            self.record_requested.emit("month", {"clause": self._clause.id})

    # showing ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write everything in the language in force."""
        clause = self._clause
        self.related_head.setText(_("Related clauses"))
        self.every.setText(_("All"))
        self.every.setAccessibleName(_("All cases of the month"))
        self.means.setText(_(HELD_MEANS[clause.held]) if clause is not None else "")
        found = self._months.get(clause.id) if clause is not None else None
        self.means.setVisible(found is None)
        for widget in (self.head, self.figure, self.words):
            widget.setVisible(found is not None)
        closer = self._closer if found is not None else None
        self.chart.setVisible(closer is not None and any(month and month.cases for month in closer.months))
        self.cases_head.setVisible(closer is not None and bool(closer.cases))
        self.every.setVisible(closer is not None and bool(closer.cases))
        self.cases.setVisible(closer is not None and bool(closer.cases))
        if found is not None:
            self._show_month(found)
        if closer is not None:
            self._show_closer(closer)
        self._show_related()

    def _show_month(self, found: compliance.ClauseMonth) -> None:
        share = found.share
        self.head.setText(_("Kept this month"))
        self.figure.setText("–" if share is None else f"{share}%")
        self.figure.set_colour(tone_of(share))
        decided = found.cases - found.open
        if not found.cases:
            words = _("No case yet this month.")
        elif found.by_program:
            words = ngettext("{count} case; the program refuses anything else.",
                             "{count} cases; the program refuses anything else.", found.cases)  # fmt: skip
            words = words.format(count=found.cases)
        else:
            words = _("{kept} of {cases} kept").format(kept=found.kept, cases=decided)
            if found.open:
                still = ngettext("{count} still open", "{count} still open", found.open).format(count=found.open)
                words = dotted(words, still)
        if any(measure.unset for measure in found.measures):
            words = _("Not measured before the manager sets its number.")
        self.words.setText(words)

    def _show_closer(self, closer: Closer) -> None:
        months = [month for month in closer.months if month is not None]
        labels = tuple(str(month.month) for month in months)
        values = tuple(None if month.share is None else float(month.share) for month in months)
        self.chart.set_chart(ChartData(labels, (Series(_("Kept"), values),), "%"))
        self.chart.setAccessibleName(_("Kept in the last months"))
        broken = any(case.kept is False for case in closer.cases)
        self.cases_head.setText(_("Not kept") if broken else _("Cases"))
        self.cases.setAccessibleName(self.cases_head.text())
        local = self._ctx.clock.local
        self.cases.set_entries([
            Entry(f"{local(case.at):%m/%d}", ICON_OF.get(case.kind, "circle-dot"), case.who or case.what or case.number,
                  tone="danger" if case.kept is False else "warning" if case.kept is None else "neutral", record=case)
            for case in closer.cases
        ])  # fmt: skip

    def _show_related(self) -> None:
        empty(self._related)
        clause = self._clause
        self.related = related_of(self._ctx.policy, clause)[:RELATED] if clause is not None else []
        for place, other in enumerate(self.related):
            tag = ClauseTag(other, self._related_host)
            where = divmod(place, TAGS_IN_ROW)
            self._related.addWidget(tag, *where, Qt.AlignmentFlag.AlignLeft)
        self.related_head.setVisible(bool(self.related))
        self.related_rule.setVisible(bool(self.related))


def find_closer(ctx: Any, found: compliance.ClauseMonth) -> Closer:
    """Read the months up to this one, and the cases that were not kept (the newest ones when all were)."""
    months: list[compliance.ClauseMonth | None] = [found]
    year, month = found.year, found.month
    for _step in range(MONTHS - 1):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        months.insert(0, compliance.clause_month(ctx, found.clause, (year, month)))
    cases: list[compliance.Case] = []
    for measure in found.measures:
        cases += compliance.find_cases(ctx, measure.key, found.year, found.month, limit=CASES)
    cases.sort(key=lambda case: (case.kept is not False, case.kept is not None, -case.at.timestamp()))
    return Closer(found.clause, tuple(months), tuple(cases[:CASES]))


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
