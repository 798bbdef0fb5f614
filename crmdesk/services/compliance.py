"""How well each clause was kept in a month, out of the records that prove it, with the cases behind each figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, false, func, literal_column, select, true
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.shares import share
from crmdesk.model.complaint import Complaint
from crmdesk.model.paper import Paper
from crmdesk.rules.deadlines import due_number
from crmdesk.rules.rights import Right
from crmdesk.services.complaint_due import finish_come, stood_of_open
from crmdesk.services.compliance_cases import Case, read_case, select_cases
from crmdesk.services.compliance_measures import DESKS, ClauseMeasure, condition, measures_of
from crmdesk.services.compliance_scope import STEP_TIMES, STEPS, Scope
from crmdesk.services.compliance_spans import Period, id_spans, within
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of, open_pauses

EARLIEST = 2000
MOST_CASES = 2000
SOON = timedelta(days=7)  # so much later at most a guest of the month gets his slip
LATELY = timedelta(days=45)  # of a month so late the steps are not asked how far they reach: to now at most
OPEN_ONE, ONE_CASE = 1 << 21, 1 << 42  # kept, open and all cases in one sum: no month has two million of them
MONTH_PAPERS = {"report_by": ("STAT-01", N_("Month summed up by its day")), "report": ("STAT-02", N_("Month printed"))}


@dataclass(frozen=True)
class MeasureMonth:
    """One way to measure a clause in a month: its cases, the kept ones, those that may still be kept.

    ``by_program``: the program refuses what would break it. ``unset``: the manager still has to set the number.
    """

    key: str
    clause: str
    desk: str
    rule: str
    cases: int = 0
    kept: int = 0
    open: int = 0
    by_program: bool = False
    unset: bool = False

    @property
    def broken(self) -> int:
        """Cases in which the clause was not kept and can't be any more."""
        return self.cases - self.kept - self.open

    @property
    def share(self) -> Decimal | None:
        """Percent kept of the cases that are decided, cut to a tenth; None when there was none."""
        return share_of(self.kept, self.cases - self.open)


@dataclass(frozen=True)
class ClauseMonth:
    """How one clause was kept in a month, in total and by each way it is measured."""

    clause: str
    year: int
    month: int
    measures: tuple[MeasureMonth, ...]

    @property
    def cases(self) -> int:
        """All cases."""
        return sum(measure.cases for measure in self.measures)

    @property
    def kept(self) -> int:
        """Cases in which it was kept."""
        return sum(measure.kept for measure in self.measures)

    @property
    def open(self) -> int:
        """Cases that may still be kept."""
        return sum(measure.open for measure in self.measures)

    @property
    def broken(self) -> int:
        """Cases in which it was not kept."""
        return self.cases - self.kept - self.open

    @property
    def share(self) -> Decimal | None:
        """Percent kept of the decided cases; None when there was none."""
        return share_of(self.kept, self.cases - self.open)

    @property
    def by_program(self) -> bool:
        """Whether the program refuses whatever would break it."""
        return all(measure.by_program for measure in self.measures)


def share_of(kept: int, decided: int) -> Decimal | None:
    """Return percent, never 100 while one is missing; None of nothing."""
    return share(kept, decided) if decided else None


def period_of(ctx: Context, year: int, month: int) -> Period:
    """Return a local month as moments; UserError for a month no office has."""
    if not (EARLIEST <= year <= 9000 and 1 <= month <= 12):
        raise UserError(_("There is no such month."))
    following = (year + month // 12, month % 12 + 1)
    return Period(midnight(ctx, date(year, month, 1)), midnight(ctx, date(*following, 1)))


def midnight(ctx: Context, day: date) -> datetime:
    """Return the beginning of a local day as a moment."""
    return datetime.combine(day, time(), ctx.clock.zone).astimezone(UTC)


def is_measured(ctx: Context, clause_id: str) -> bool:
    """Whether records prove how a clause of the office is kept."""
    papers = (clause for clause, _rule in MONTH_PAPERS.values())
    return clause_id in ctx.policy and (
        clause_id in papers or any(measure.clause == clause_id for measure in measures_of(ctx.policy).values())
    )


def get_compliance(ctx: Context, year: int, month: int) -> list[MeasureMonth]:
    """Return every measured clause of a month, the worst kept first; needs Right.MONTH, at most 14 statements."""
    ctx.require(Right.MONTH)
    period = period_of(ctx, year, month)
    with ctx.reading() as session:
        found = _count(session, ctx, period, measures_of(ctx.policy).values())
        found += _count_papers(session, ctx, period, year, month)
    return sorted(found, key=worst_first)


def clauses_of_month(ctx: Context, year: int, month: int) -> dict[str, ClauseMonth]:
    """Return every measured clause of a month by its id; statements and rights as ``get_compliance``."""
    found: dict[str, list[MeasureMonth]] = {}
    for measure in get_compliance(ctx, year, month):
        found.setdefault(measure.clause, []).append(measure)
    return {clause: ClauseMonth(clause, year, month, tuple(measures)) for clause, measures in found.items()}


def clause_month(ctx: Context, clause_id: str, month: tuple[int, int] | None = None) -> ClauseMonth | None:
    """Return how one clause was kept in a month (default: the running one).

    None when no record could prove it, and for who may not see the month's figures.
    """
    if not ctx.may(Right.MONTH) or not is_measured(ctx, clause_id):
        return None
    today = ctx.clock.today()
    year, number = month or (today.year, today.month)
    period = period_of(ctx, year, number)
    mine = [measure for measure in measures_of(ctx.policy).values() if measure.clause == clause_id]
    with ctx.reading() as session:
        found = _count(session, ctx, period, mine)
        if any(clause == clause_id for clause, _rule in MONTH_PAPERS.values()):
            papers = _count_papers(session, ctx, period, year, number)
            found += [measure for measure in papers if measure.clause == clause_id]
    return ClauseMonth(clause_id, year, number, tuple(found))


def find_cases(ctx: Context, key: str, year: int, month: int, *, limit: int = MOST_CASES) -> list[Case]:
    """Return the cases behind a measure: broken ones first, then open ones, then kept ones, each newest first."""
    ctx.require(Right.MONTH)
    period = period_of(ctx, year, month)
    measure = measures_of(ctx.policy).get(key)
    if measure is None:  # the month's own report
        return []
    return cases_of(ctx, measure, period, limit=limit)


def cases_of(ctx: Context, measure: ClauseMeasure, period: Period, *, limit: int = MOST_CASES) -> list[Case]:
    """Return the cases of a measure in a period, ordered as ``find_cases``."""
    ctx.require(Right.MONTH)
    with ctx.reading() as session:
        scope = make_scope(session, ctx, period, [measure])
        kept = func.coalesce(condition(scope, measure.kept, true()), false())
        still = func.coalesce(condition(scope, measure.open, false()), false())
        query = (
            select_cases(measure.model, measure.moment, kept, still)
            .where(within(measure.moment, period), condition(scope, measure.applies, true()))
            .order_by(kept, still, measure.moment.desc(), measure.model.id.desc())
            .limit(limit)
        )
        if measure.steps:
            query = query.outerjoin(STEP_TIMES, STEP_TIMES.c.record_id == Complaint.id)
        return [read_case(measure.model, row) for row in session.execute(query, _span(period))]


# counting ---------------------------------------------------------------------------------------------------------


def make_scope(session: Session, ctx: Context, period: Period, measures: Iterable[ClauseMeasure]) -> Scope:
    """Return what the conditions of some measures look at; complaints with limits cost up to four statements."""
    scope = Scope(ctx.policy, ctx.clock.now(), period.start, period.end, calendar_of(ctx))
    wanted = [measure for measure in measures if measure.model is Complaint]
    if any(measure.key.startswith("complaints_in_time") for measure in wanted):
        scope = replace(scope, overdue=finish_come(ctx, scope.now, stood_of_open(session)))
    if any(measure.steps for measure in wanted):
        received = Complaint.received_at
        scope = replace(scope, latest=_latest_steps(session, period, scope.now))
        stood = open_pauses(session, Complaint, received, received >= period.start, received < period.end)
        if stood:
            rows = session.execute(select(STEP_TIMES).where(STEP_TIMES.c.record_id.in_(stood)), _span(period))
            steps = {row.record_id: {name: getattr(row, name) for name in STEPS} for row in rows}
            scope = replace(scope, stood=stood, stood_steps=steps)
    return scope


def _latest_steps(session: Session, period: Period, now: datetime) -> dict[str, datetime]:
    """Return by when each step of a period's complaints was taken; of a late month no later than now."""
    if now < period.end + LATELY:
        return dict.fromkeys(STEPS, now)
    latest = session.execute(select(*(func.max(STEP_TIMES.c[name]) for name in STEPS)), _span(period)).one()
    return {name: moment for name, moment in zip(STEPS, latest, strict=True) if moment is not None}


def _span(period: Period) -> dict[str, datetime]:
    return {"first": period.start, "last": period.end, "soon_after": period.end + SOON}


def _count(session: Session, ctx: Context, period: Period, measures: Iterable[ClauseMeasure]) -> list[MeasureMonth]:
    """Count all measures: one statement per table, and one that looks where their records lie."""
    chosen = sorted(measures, key=_table)
    scope = make_scope(session, ctx, period, chosen)
    tables = {name: list(group) for name, group in groupby(chosen, key=_table)}
    spans = id_spans(session, {name: (group[0].moment, period) for name, group in tables.items()})
    found: list[MeasureMonth] = []
    for name, group in tables.items():
        found += _count_table(session, scope, period, group, spans.get(name, true()))
    return found


def _table(measure: ClauseMeasure) -> str:
    return str(measure.model.__tablename__)


def _count_table(
    session: Session, scope: Scope, period: Period, measures: list[ClauseMeasure], lying: ColumnElement[bool]
) -> Iterable[MeasureMonth]:
    rows: list[MeasureMonth] = []
    columns: list[ColumnElement[Any]] = []
    for measure in measures:
        try:
            columns += counts_of(scope, measure)
            unset = False
        except UserError:  # a number that the source lost, and the manager has not set
            unset = True
        rows.append(
            MeasureMonth(measure.key, measure.clause, measure.desk, measure.rule, by_program=measure.by_program,
                         unset=unset)
        )  # fmt: skip
    if not columns:
        return rows
    query = select(*columns).select_from(measures[0].model).where(within(measures[0].moment, period), lying)
    if any(measure.steps for measure in measures):
        query = query.outerjoin(STEP_TIMES, STEP_TIMES.c.record_id == Complaint.id)
    numbers = iter(session.execute(query, _span(period)).one())
    found = []
    for row, measure in zip(rows, measures, strict=True):
        if not row.unset:
            cases, kept, still = counted(measure, numbers)
            row = replace(row, cases=cases, kept=kept, open=still)
        found.append(row)
    return found


def counts_of(scope: Scope, measure: ClauseMeasure) -> list[ColumnElement[Any]]:
    """Return what ``counted`` reads the counts of a measure from; UserError while its number is not set.

    Each record is looked at once: a case counts ``ONE_CASE``, a kept one 1 more, an open one ``OPEN_ONE`` more.
    """
    applies = condition(scope, measure.applies, true())
    if measure.by_program:
        count = func.count()
        return [count if measure.applies is None else count.filter(applies)]
    verdicts = [(condition(scope, measure.kept, true()), _plain(ONE_CASE + 1))]
    if measure.open is not None:
        verdicts.append((condition(scope, measure.open, false()), _plain(ONE_CASE + OPEN_ONE)))
    total = func.sum(case(*verdicts, else_=_plain(ONE_CASE)), type_=BigInteger)
    return [total if measure.applies is None else total.filter(applies)]


def _plain(number: int) -> ColumnElement[int]:
    return literal_column(str(number), BigInteger)


def counted(measure: ClauseMeasure, numbers: Iterator[Any]) -> tuple[int, int, int]:
    """Return cases, kept and open ones from the numbers that ``counts_of`` asked for."""
    total = int(next(numbers) or 0)
    if measure.by_program:
        return total, total, 0
    cases, rest = divmod(total, ONE_CASE)
    still, kept = divmod(rest, OPEN_ONE)
    return cases, kept, still


def _count_papers(session: Session, ctx: Context, period: Period, year: int, month: int) -> list[MeasureMonth]:
    """Measure the month's own report: whether it was made once the month was over, and by its day (STAT-01)."""
    wanted = {key: found for key, found in MONTH_PAPERS.items() if found[0] in ctx.policy}
    if not wanted:
        return []
    made = session.scalar(
        select(func.min(Paper.made_at)).where(
            Paper.kind == "monthly_report", Paper.number == f"{year}-{month:02d}", Paper.part == 0
        )
    )
    now, rows = ctx.clock.now(), []
    for key, (clause, rule) in wanted.items():
        row = MeasureMonth(key, clause, "month", rule)
        if now >= period.end:
            kept, still = made is not None, made is None
            if key == "report_by":
                number = ctx.policy.clause(clause).number("report_day")
                if number.value is None:
                    rows.append(replace(row, unset=True))
                    continue
                due = due_number(number, period.end - timedelta(seconds=1), calendar_of(ctx)).at
                kept = made is not None and made <= due
                still = made is None and now <= due
            row = replace(row, cases=1, kept=int(kept), open=int(still))
        rows.append(row)
    return rows


def worst_first(row: MeasureMonth) -> tuple[Any, ...]:
    """Order rows: those with breaches by their share, then all kept, then kept by the program, then without cases."""
    if row.share is None:
        return 3, *natural(row.clause)
    rank = 2 if row.by_program else (0 if row.broken else 1)
    return rank, row.share, -row.broken, *natural(row.clause)


def natural(clause_id: str) -> tuple[str, int]:
    """Return what orders clauses as the regulation does: CMP-9 before CMP-10."""
    found = re.fullmatch(r"(.*?)-?(\d*)", clause_id)
    assert found is not None  # the pattern takes any text
    return found[1], int(found[2] or 0)


__all__ = [
    "DESKS", "Case", "ClauseMonth", "MeasureMonth", "Period", "clause_month", "clauses_of_month", "find_cases",
    "get_compliance", "is_measured", "natural", "period_of", "share_of", "worst_first",
]  # fmt: skip
