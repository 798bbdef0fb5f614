"""The manager's month: counts, amounts and kept clauses by desk, against last month and last year (STAT)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, func, literal_column, or_, select, true, union_all
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError
from crmdesk.model.complaint import Complaint
from crmdesk.model.packing import Packing, PackingScan
from crmdesk.model.sale import Sale
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.services.compliance import (
    MOST_CASES,
    Period,
    cases_of,
    counted,
    counts_of,
    make_scope,
    midnight,
    period_of,
    share_of,
)
from crmdesk.services.compliance_cases import Case, read_case, select_cases
from crmdesk.services.compliance_measures import FINISHED, condition
from crmdesk.services.compliance_scope import Scope
from crmdesk.services.compliance_spans import id_spans, within
from crmdesk.services.context import Context
from crmdesk.services.month_measures import BY_KEY, DESKS, MEASURES, Measure


@dataclass(frozen=True)
class MonthFigure:
    """One figure: this month, the month before, the same month last year; None where there was nothing to measure.

    Shares are percent with one decimal; ``cases`` is out of how many decided ones, ``kept`` how many of them.
    """

    measure: Measure
    value: Decimal | None
    previous: Decimal | None
    last_year: Decimal | None
    cases: int = 0
    kept: int = 0

    @property
    def key(self) -> str:
        """The key under which the figure's records are found."""
        return self.measure.key

    @property
    def is_share(self) -> bool:
        """Whether the figure is a percentage."""
        return self.measure.share is not None

    @property
    def is_amount(self) -> bool:
        """Whether the figure is money."""
        return self.measure.unit == "amount"

    @property
    def difference(self) -> Decimal | None:
        """Return how much more than the month before."""
        return None if self.value is None or self.previous is None else self.value - self.previous

    @property
    def verdict(self) -> str:
        """Return "better", "worse" or "" against the month before."""
        if not self.difference or not self.measure.good:
            return ""
        return "better" if (self.difference > 0) == (self.measure.good == "up") else "worse"


class KindRow(NamedTuple):
    """Complaints of one kind in the month."""

    kind: str
    cases: int
    previous: int
    last_year: int
    closed: int
    in_time: int
    loss: Decimal


@dataclass(frozen=True)
class MonthView:
    """Everything the month's window and paper show.

    ``same_days`` is 0 for a whole month; a running one is compared with that many first days of the other months.
    """

    year: int
    month: int
    is_over: bool
    figures: dict[str, MonthFigure]
    kinds: tuple[KindRow, ...]
    chart_months: tuple[tuple[int, int], ...]
    chart_this: tuple[int, ...]
    chart_last: tuple[int, ...]
    same_days: int = 0

    def of_desk(self, desk: str) -> list[MonthFigure]:
        """Return the figures of one desk in their order."""
        return [figure for figure in self.figures.values() if figure.measure.desk == desk]


def shift(year: int, month: int, months: int) -> tuple[int, int]:
    """Return the month so many months later (or earlier)."""
    number = year * 12 + month - 1 + months
    return number // 12, number % 12 + 1


def get_month(ctx: Context, year: int, month: int) -> MonthView:
    """Compute the month's figures from the records; needs Right.MONTH, at most 15 statements."""
    ctx.require(Right.MONTH)
    running = period_of(ctx, year, month)
    today = ctx.clock.today()
    same_days = today.day if (today.year, today.month) == (year, month) else 0
    periods = (
        running,
        _first_days(ctx, *shift(year, month, -1), same_days),
        _first_days(ctx, year - 1, month, same_days),
    )
    with ctx.reading() as session:
        scope = make_scope(session, ctx, periods[0], [FINISHED])
        found: dict[str, MonthFigure] = {}
        groups = [list(group) for _name, group in groupby(sorted(MEASURES, key=_moment_name), key=_moment_name)]
        asked = {(place, span): (group[0].moment, span) for place, group in enumerate(groups) for span in periods}
        spans = id_spans(session, asked)
        for place, group in enumerate(groups):
            lying = [and_(within(group[0].moment, span), spans.get((place, span), true())) for span in periods]
            for figure in _figures(session, scope, group, lying):
                found[figure.key] = figure
        kinds = _kinds(session, periods)
        months = tuple(shift(year, month, back) for back in range(-11, 1))
        this, last = _complaints_by_month(ctx, session, months)
    figures = {measure.key: found.get(measure.key, MonthFigure(measure, None, None, None)) for measure in MEASURES}
    over = ctx.clock.now() >= periods[0].end
    return MonthView(year, month, over, _without_data(figures), kinds, months, this, last, same_days)


class Course(NamedTuple):
    """A figure through twelve months and the twelve before them; None where there was nothing to measure."""

    key: str
    months: tuple[tuple[int, int], ...]
    this: tuple[Decimal | None, ...]
    last: tuple[Decimal | None, ...]


def find_course(ctx: Context, key: str, year: int, month: int) -> Course:
    """Return how a figure went up to a month, in one statement for all of them (three on SQLite)."""
    ctx.require(Right.MONTH)
    measure = BY_KEY[key]
    months = tuple(shift(year, month, back) for back in range(-11, 1))
    periods = [period_of(ctx, *which) for which in (*((y - 1, m) for y, m in months), *months)]
    with ctx.reading() as session:
        scope = make_scope(session, ctx, periods[-1], [FINISHED])
        spans = id_spans(session, {place: (measure.moment, span) for place, span in enumerate(periods)})
        lying = [and_(within(measure.moment, span), spans.get(n, true())) for n, span in enumerate(periods)]
        values = next((found for _measure, found, _counts in _read(session, scope, [measure], lying)), [None] * 24)
    return Course(key, months, tuple(values[len(months) :]), tuple(values[: len(months)]))


def find_records(ctx: Context, key: str, year: int, month: int, *, limit: int = MOST_CASES) -> list[Case]:
    """Return the records behind a figure, newest first; of a share broken ones first, then open ones."""
    ctx.require(Right.MONTH)
    measure = BY_KEY[key]
    period = period_of(ctx, year, month)
    if measure.share is not None:
        return cases_of(ctx, measure.share, period, limit=limit)
    with ctx.reading() as session:
        scope = make_scope(session, ctx, period, ())
        query = (
            _select_scans() if measure.model is PackingScan else select_cases(measure.model, measure.moment)
        ).where(within(measure.moment, period), condition(scope, measure.where, true()))
        query = query.order_by(measure.moment.desc(), measure.model.id.desc()).limit(limit)
        return [read_case(measure.model, found) for found in session.execute(query)]


def _first_days(ctx: Context, year: int, month: int, days: int) -> Period:
    """Return a month, or only so many of its first days (0: all) to be compared with a month that still runs."""
    whole = period_of(ctx, year, month)
    if not days:
        return whole
    last = date(year, month, 1) + timedelta(days=days)
    return Period(whole.start, min(whole.end, midnight(ctx, last)))


def _without_data(figures: dict[str, MonthFigure]) -> dict[str, MonthFigure]:
    """Take the other months' figures away where nothing at all was recorded: no data is not 0."""
    if not any(figure.previous for figure in figures.values()):
        figures = {key: replace(figure, previous=None) for key, figure in figures.items()}
    if not any(figure.last_year for figure in figures.values()):
        figures = {key: replace(figure, last_year=None) for key, figure in figures.items()}
    return figures


def _moment_name(measure: Measure) -> str:
    return f"{measure.model.__tablename__}.{measure.moment.key}"


def _figures(
    session: Session, scope: Scope, measures: list[Measure], periods: Sequence[ColumnElement[bool]]
) -> Iterable[MonthFigure]:
    for measure, values, (cases, kept) in _read(session, scope, measures, periods):
        yield MonthFigure(measure, values[0], values[1], values[2], cases, kept)


def _read(
    session: Session, scope: Scope, measures: list[Measure], periods: Sequence[ColumnElement[bool]]
) -> Iterable[tuple[Measure, list[Decimal | None], tuple[int, int]]]:
    """Ask once for all measures of one moment: the value in each period, and of the first the cases and those kept.

    A figure whose clause the office doesn't work by, or whose number nobody has set, is left out.
    """
    columns: list[ColumnElement[Any]] = []
    asked: list[Measure] = []
    for measure in measures:
        if measure.clause and measure.clause not in scope.policy:
            continue
        try:
            columns += _columns(scope, measure)
        except UserError:
            continue
        asked.append(measure)
    if not asked:
        return
    model = measures[0].model
    parts = [
        select(literal_column(str(place), Integer).label("place"), *columns).select_from(model).where(period)
        for place, period in enumerate(periods)
    ]
    rows = sorted(session.execute(union_all(*parts)))
    numbers = [iter(row[1:]) for row in rows]
    for measure in asked:
        if measure.share is None:
            sums = [(Decimal(next(found) or 0), next(found)) for found in numbers]
            yield measure, [value for value, _cases in sums], (sums[0][1], 0)
            continue
        shares = [counted(measure.share, found) for found in numbers]
        cases, kept, still = shares[0]
        yield measure, [share_of(kept, cases - still) for cases, kept, still in shares], (cases - still, kept)


def _columns(scope: Scope, measure: Measure) -> list[ColumnElement[Any]]:
    if measure.share is not None:
        return counts_of(scope, measure.share)
    count = func.count()
    total = count if measure.value is None else func.sum(measure.value)
    if measure.where is None:
        return [total, count]
    admitted = condition(scope, measure.where, true())
    return [total.filter(admitted), count.filter(admitted)]


def _kinds(session: Session, periods: tuple[Period, ...]) -> tuple[KindRow, ...]:
    this, last, year_ago = (and_(Complaint.received_at >= p.start, Complaint.received_at < p.end) for p in periods)
    closed = and_(Complaint.closed_at >= periods[0].start, Complaint.closed_at < periods[0].end)
    in_time = and_(closed, or_(Complaint.was_due_at.is_(None), Complaint.closed_at <= Complaint.was_due_at))
    query = (
        select(
            Complaint.kind,
            func.count().filter(this),
            func.count().filter(last),
            func.count().filter(year_ago),
            func.count().filter(closed),
            func.count().filter(in_time),
            func.sum(Complaint.loss).filter(closed),
        )
        .where(or_(this, last, year_ago, closed))
        .group_by(Complaint.kind)
    )
    rows = [KindRow(*found[:6], found[6] or Decimal(0)) for found in session.execute(query)]
    return tuple(sorted(rows, key=_most_first))


def _complaints_by_month(
    ctx: Context, session: Session, months: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Count twelve months and the twelve before; each month has its own bounds, so daylight saving can't shift one."""
    all_months = [(year - 1, month) for year, month in months] + list(months)
    spans = [period_of(ctx, *month) for month in all_months]
    moment = Complaint.received_at
    columns = [func.count().filter(and_(moment >= span.start, moment < span.end)) for span in spans]
    everything = and_(moment >= spans[0].start, moment < spans[-1].end)
    counts = tuple(session.execute(select(*columns).select_from(Complaint).where(everything)).one())
    return counts[len(months) :], counts[: len(months)]


def _select_scans() -> Select[*tuple[Any, ...]]:
    return (
        select(PackingScan.id, Packing.sale_id, Sale.number, PackingScan.at, StaffMember.name, PackingScan.code)
        .join(Packing, Packing.id == PackingScan.packing_id)
        .join(Sale, Sale.id == Packing.sale_id)
        .outerjoin(StaffMember, StaffMember.id == PackingScan.by_id)
    )


def _most_first(row: KindRow) -> tuple[int, str]:
    return -row.cases, row.kind


__all__ = [
    "DESKS", "Case", "Course", "KindRow", "MonthFigure", "MonthView", "find_course", "find_records", "get_month",
    "period_of", "shift",
]  # fmt: skip
