"""The month as a paper: the same figures, frozen with the day they were made (STAT, PAPERS 13)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crmdesk.core.dates import format_day
from crmdesk.core.i18n import N_, _, language, ngettext, using
from crmdesk.core.money import format_money, format_number
from crmdesk.model.paper import Paper, PrintJob
from crmdesk.model.sale import Sale
from crmdesk.printing.documents import ActionRow, ClauseRow, DeskRow, Figure, MonthChart, MonthlyReport
from crmdesk.rules.rights import Right
from crmdesk.services.compliance import MeasureMonth, get_compliance
from crmdesk.services.context import Context
from crmdesk.services.month import DESKS, MonthFigure, MonthView, get_month, period_of
from crmdesk.services.papers import freeze, letterhead

HEAD_FIGURES = ("calls", "visits", "greeted", "turnover", "wrong_scans", "repairs_in_time", "complaints", "satisfied")
# What each desk's row counts, and the one share that stands at its end with its name: two shares side by side are
# taken for the same one.
MEASURES_OF_DESK = {
    "calls": (("calls", "late_calls"), "read_back"),
    "reception": (("visits",), "greeted"),
    "sales": (("sales", "pieces", "turnover"), "consent"),
    "packing": (("packed", "wrong_scans"), "two_people"),
    "repairs": (("repairs_in", "repairs_out"), "repairs_in_time"),
    "complaints": (("complaints", "major", "loss"), "complaints_in_time"),
}
TARGET = Decimal(95)  # percent: what was kept less well stands on the paper as to be improved
MOST_ACTIONS = 8  # the worst; who does it and until when is written by hand


def freeze_month(ctx: Context, year: int, month: int) -> int:
    """Freeze the month's report and return the paper's id, ready to print.

    A month that is over has one report; before that each day may have its own, marked as not final.
    """
    ctx.require(Right.MONTH)
    paper_language = ctx.office.language
    view, clauses = get_month(ctx, year, month), get_compliance(ctx, year, month)
    part = 0 if view.is_over else ctx.clock.today().day
    number = f"{year}-{month:02d}"
    with ctx.reading() as session:
        days = _daily_turnover(session, ctx, year, month)
        last_year = _daily_turnover(session, ctx, year - 1, month)
    with using(paper_language):
        document = _document(ctx, view, clauses, days, last_year)
    with ctx.transaction(N_("Print the month")) as session:
        printed = session.scalar(
            select(Paper.id)
            .join(PrintJob, PrintJob.paper_id == Paper.id)
            .where(Paper.kind == "monthly_report", Paper.number == number, Paper.part == part)
            .where(PrintJob.state == "printed")
            .limit(1)
        )
        if printed is not None:
            return printed
        return freeze(
            session,
            ctx,
            "monthly_report",
            number,
            document,
            ("month", year * 100 + month),
            part=part,
            language=paper_language,
        ).id


def _clause_row(row: MeasureMonth) -> ClauseRow:
    """Return a clause's line: open cases are no times yet, and what can't be broken says so."""
    reason = ""
    if row.by_program:
        reason = _("kept by the program")
    elif row.open:
        reason = ngettext("{count} still open", "{count} still open", row.open).format(count=row.open)
    return ClauseRow(clause=row.clause, rule=_(row.rule), times=row.cases - row.open, kept=row.kept, reason=reason)


def _document(
    ctx: Context,
    view: MonthView,
    clauses: Sequence[MeasureMonth],
    days: dict[int, Decimal],
    last_year: dict[int, Decimal],
) -> MonthlyReport:
    today = ctx.clock.today()
    count = (period_of(ctx, view.year, view.month).end - period_of(ctx, view.year, view.month).start).days
    ahead = 0 if view.is_over else count - today.day
    bars = tuple(days.get(day) for day in range(1, count + 1 - ahead)) + (None,) * ahead
    note = "" if view.is_over else _("Figures up to {day}").format(day=format_day(today))
    return MonthlyReport(
        office=letterhead(ctx, language()),
        year=view.year,
        month=view.month,
        figures=tuple(_figure(ctx, view.figures[key]) for key in HEAD_FIGURES),
        chart=MonthChart(
            title=_("Sales by day"),
            bars=bars,
            line=tuple(last_year.get(day) for day in range(1, count + 1)) if last_year else (),
            note=note,
        ),
        desks=tuple(_desk(ctx, view, desk, keys, rate) for desk, (keys, rate) in MEASURES_OF_DESK.items()),
        summary=comparison_note(view),
        clauses=tuple(_clause_row(row) for row in clauses if row.share is not None),
        clauses_total=len(clauses),
        actions=tuple(
            ActionRow(clause=row.clause, what=_(row.rule))
            for row in clauses
            if row.broken and row.share is not None and row.share < TARGET
        )[:MOST_ACTIONS],
        frozen_at=ctx.clock.local(ctx.clock.now()) if view.is_over else None,
        frozen_by=ctx.user.name if view.is_over else "",
        made_by=ctx.user.name,
        made_at=ctx.clock.local(ctx.clock.now()),
    )


def show(ctx: Context, figure: MonthFigure, value: Decimal | None) -> str:
    """Return a figure as it is read: money with its sign, shares with percent, nothing as a dash."""
    if value is None:
        return "—"
    if figure.is_share:
        return f"{value}%"
    if figure.is_amount:
        return format_money(value, ctx.office.currency, language())
    return format_number(value)


def comparison_note(view: MonthView) -> str:
    """Say with what a running month is compared; empty for a month that is over."""
    if not view.same_days:
        return ""
    return ngettext(
        "This month so far, compared with the first day of other months.",
        "This month so far, compared with the first {count} days of other months.",
        view.same_days,
    ).format(count=view.same_days)


def compare(ctx: Context, figure: MonthFigure, other: Decimal | None) -> str:
    """Return the difference against another month with its sign: points for shares, percent for the rest."""
    if figure.value is None or other is None:
        return "—"
    difference = figure.value - other
    if figure.is_share:
        return f"{difference:+.1f}".replace("-", "−")
    if not other:
        return "—"
    return f"{difference * 100 / other:+.1f}%".replace("-", "−")


def _figure(ctx: Context, figure: MonthFigure) -> Figure:
    return Figure(
        label=_(figure.measure.label),
        value=show(ctx, figure, figure.value),
        last_month=compare(ctx, figure, figure.previous),
        last_year=compare(ctx, figure, figure.last_year),
    )


def _desk(ctx: Context, view: MonthView, desk: str, keys: tuple[str, ...], rate_key: str) -> DeskRow:
    figures = [view.figures[key] for key in keys]
    rate = view.figures[rate_key]
    return DeskRow(
        desk=_(DESKS[desk]),
        measures=tuple((_(figure.measure.label), show(ctx, figure, figure.value)) for figure in figures),
        rate=show(ctx, rate, rate.value),
        last_rate=show(ctx, rate, rate.previous),
        rate_label=_(rate.measure.label),
    )


def _daily_turnover(session: Session, ctx: Context, year: int, month: int) -> dict[int, Decimal]:
    """Return the turnover of each local day of a month that had any."""
    period = period_of(ctx, year, month)
    query = (
        select(Sale.printed_at, func.sum(Sale.total))
        .where(Sale.printed_at >= period.start, Sale.printed_at < period.end, Sale.state != "void")
        .group_by(Sale.printed_at)
    )
    days: dict[int, Decimal] = {}
    for moment, total in session.execute(query):
        assert moment is not None  # the query asked for a period
        day = ctx.clock.local(moment).day
        days[day] = days.get(day, Decimal(0)) + total
    return days
