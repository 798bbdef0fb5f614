"""The manager's month: counts, amounts and kept clauses by desk, against last month and last year (STAT)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.core.shares import share
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.packing import Packing, PackingScan
from crmdesk.model.sale import Sale
from crmdesk.model.staff import StaffMember
from crmdesk.rules.policies import Policy
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.month_measures import BY_KEY, DESKS, MEASURES, Measure

EARLIEST = 2000
MOST_RECORDS = 2000
HUNDRED = Decimal(100)


class Period(NamedTuple):
    """A local month as moments in UTC: from the first to before the second."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class MonthFigure:
    """One figure: this month, the month before, the same month last year; None where there was nothing to measure.

    Shares are percent with one decimal; ``cases`` is out of how many, ``kept`` how many of them.
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
        return self.measure.kept is not None

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

    @property
    def kept_clauses(self) -> list[MonthFigure]:
        """Return the measured clauses, those kept worst first; without cases they come last."""
        shares = [figure for figure in self.figures.values() if figure.is_share]
        return sorted(shares, key=_worst_first)


class MonthRecord(NamedTuple):
    """A record behind a figure."""

    id: int
    kind: str
    record_id: int
    number: str
    at: datetime
    who: str
    what: str
    kept: bool | None


def shift(year: int, month: int, months: int) -> tuple[int, int]:
    """Return the month so many months later (or earlier)."""
    number = year * 12 + month - 1 + months
    return number // 12, number % 12 + 1


def period_of(ctx: Context, year: int, month: int) -> Period:
    """Return a local month as moments; UserError for a month no office has."""
    if not (EARLIEST <= year <= 9000 and 1 <= month <= 12):
        raise UserError(_("There is no such month."))
    following = shift(year, month, 1)
    return Period(_midnight(ctx, date(year, month, 1)), _midnight(ctx, date(*following, 1)))


def get_month(ctx: Context, year: int, month: int) -> MonthView:
    """Compute the month's figures from the records; needs Right.MONTH, at most 14 statements."""
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
        figures: dict[str, MonthFigure] = {}
        for _name, group in groupby(MEASURES, key=_moment_name):
            for figure in _figures(session, ctx.policy, list(group), periods):
                figures[figure.key] = figure
        kinds = _kinds(session, periods)
        months = tuple(shift(year, month, back) for back in range(-11, 1))
        this, last = _complaints_by_month(ctx, session, months)
    ordered = _without_data({measure.key: figures[measure.key] for measure in MEASURES})
    over = ctx.clock.now() >= periods[0].end
    return MonthView(year, month, over, ordered, kinds, months, this, last, same_days)


def find_records(ctx: Context, key: str, year: int, month: int, *, limit: int = MOST_RECORDS) -> list[MonthRecord]:
    """Return the records behind a figure, newest first; broken ones first when the figure is a share."""
    ctx.require(Right.MONTH)
    measure = BY_KEY[key]
    period = period_of(ctx, year, month)
    kept = measure.kept(ctx.policy) if measure.kept else None
    query = _records(measure, kept).where(_within(measure, period), *_where(measure, ctx.policy))
    query = query.order_by(measure.moment.desc(), measure.model.id.desc()).limit(limit)
    with ctx.reading() as session:
        rows = [_record(measure, found) for found in session.execute(query)]
    return sorted(rows, key=_broken_first) if kept is not None else rows


def _midnight(ctx: Context, day: date) -> datetime:
    return datetime.combine(day, time(), ctx.clock.zone).astimezone(UTC)


def _first_days(ctx: Context, year: int, month: int, days: int) -> Period:
    """Return a month, or only so many of its first days (0: all) to be compared with a month that still runs."""
    whole = period_of(ctx, year, month)
    if not days:
        return whole
    last = date(year, month, 1) + timedelta(days=days)
    return Period(whole.start, min(whole.end, _midnight(ctx, last)))


def _without_data(figures: dict[str, MonthFigure]) -> dict[str, MonthFigure]:
    """Take the other months' figures away where nothing at all was recorded: no data is not 0."""
    if not any(figure.previous for figure in figures.values()):
        figures = {key: replace(figure, previous=None) for key, figure in figures.items()}
    if not any(figure.last_year for figure in figures.values()):
        figures = {key: replace(figure, last_year=None) for key, figure in figures.items()}
    return figures


def _moment_name(measure: Measure) -> str:
    return f"{measure.model.__tablename__}.{measure.moment.key}"


def _within(measure: Measure, period: Period) -> ColumnElement[bool]:
    return and_(measure.moment >= period.start, measure.moment < period.end)


def _where(measure: Measure, policy: Policy) -> list[ColumnElement[bool]]:
    return [measure.where(policy)] if measure.where else []


def _figures(
    session: Session, policy: Policy, measures: list[Measure], periods: tuple[Period, ...]
) -> Iterable[MonthFigure]:
    """Ask once for all measures of one moment: for each period a sum of cases, and of kept ones where asked."""
    columns: list[ColumnElement[Any]] = []
    for measure in measures:
        for period in periods:
            admitted = and_(_within(measure, period), *_where(measure, policy))
            if measure.value is not None:
                columns.append(func.sum(measure.value).filter(admitted))
            else:
                columns.append(func.count().filter(admitted))
            kept = and_(admitted, measure.kept(policy)) if measure.kept else admitted
            columns.append(func.count().filter(kept))
    spans = or_(*(_within(measures[0], period) for period in periods))
    numbers = iter(session.execute(select(*columns).select_from(measures[0].model).where(spans)).one())
    for measure in measures:
        pairs = [(next(numbers), next(numbers)) for _period in periods]
        values = [_value(measure, total, kept) for total, kept in pairs]
        total, kept = pairs[0]
        cases = kept if measure.kept is None else int(total)
        yield MonthFigure(measure, values[0], values[1], values[2], cases, kept)


def _value(measure: Measure, total: Any, kept: int) -> Decimal | None:
    if measure.kept is None:
        return Decimal(total or 0)
    if not total:
        return None
    return share(kept, int(total))


def _kinds(session: Session, periods: tuple[Period, ...]) -> tuple[KindRow, ...]:
    this, last, year_ago = (and_(Complaint.received_at >= p.start, Complaint.received_at < p.end) for p in periods)
    closed = and_(Complaint.closed_at >= periods[0].start, Complaint.closed_at < periods[0].end)
    in_time = and_(closed, or_(Complaint.due_at.is_(None), Complaint.closed_at <= Complaint.due_at))
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


def _records(measure: Measure, kept: ColumnElement[bool] | None) -> Select[*tuple[Any, ...]]:
    model = measure.model
    if model is PackingScan:
        return (
            select(PackingScan.id, Packing.sale_id, Sale.number, measure.moment, StaffMember.name, PackingScan.code)
            .join(Packing, Packing.id == PackingScan.packing_id)
            .join(Sale, Sale.id == Packing.sale_id)
            .outerjoin(StaffMember, StaffMember.id == PackingScan.by_id)
        )
    verdict: list[Any] = [kept] if kept is not None else []
    if model is Packing:
        return (
            select(Packing.id, Packing.sale_id, Sale.number, measure.moment, Customer.name, Sale.delivery, *verdict)
            .join(Sale, Sale.id == Packing.sale_id)
            .outerjoin(Customer, Customer.id == Packing.customer_id)
        )
    query = select(model.id, model.id, model.number, measure.moment, Customer.name, _what(model), *verdict)
    return query.outerjoin(Customer, Customer.id == model.customer_id)


def _what(model: Any) -> Any:
    column = {"call": "matter", "visit": "purpose", "repair": "part", "complaint": "title"}.get(model.__tablename__)
    return getattr(model, column) if column else model.total


def _record(measure: Measure, found: Any) -> MonthRecord:
    identity, record_id, number, at, who, what, *verdict = found
    kind = "sale" if measure.model in (Packing, PackingScan) else measure.model.KIND
    text = f"{what:,.2f}" if isinstance(what, Decimal) else str(what or "")
    kept = bool(verdict[0]) if verdict and verdict[0] is not None else (False if verdict else None)
    return MonthRecord(identity, kind, record_id, number or "", at, who or "", text, kept)


def _broken_first(record: MonthRecord) -> bool:
    return bool(record.kept)


def _most_first(row: KindRow) -> tuple[int, str]:
    return -row.cases, row.kind


def _worst_first(figure: MonthFigure) -> Decimal:
    return HUNDRED + 1 if figure.value is None else figure.value


__all__ = [
    "DESKS", "KindRow", "MonthFigure", "MonthRecord", "MonthView", "find_records", "get_month", "period_of", "shift",
]  # fmt: skip
