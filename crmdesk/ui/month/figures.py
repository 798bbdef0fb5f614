"""The figures of a desk as a table: this month, the month before, last year."""

from __future__ import annotations

from typing import Any, NamedTuple

from crmdesk.core.i18n import N_, _
from crmdesk.services.month import MonthFigure
from crmdesk.services.month_report import compare, show
from crmdesk.ui.widgets import Column


class FigureRow(NamedTuple):
    """A figure in the table of its desk."""

    id: str
    label: str
    clause: str
    value: str
    previous: str
    change: str
    change_tone: str
    last_year: str
    cases: str


FIGURE_COLUMNS = (
    Column("label", N_("Figure"), stretch=True, bold=True),
    Column("clause", N_("Clause"), 100, kind="clause"),
    Column("value", N_("This month"), 120, kind="number", bold=True),
    Column("change", N_("Against last month"), 130, kind="number", tone="change_tone"),
    Column("previous", N_("Last month"), 120, kind="number"),
    Column("last_year", N_("Last year"), 120, kind="number"),
    Column("cases", N_("Kept / due"), 110, kind="number"),
)


def figure_row(ctx: Any, figure: MonthFigure) -> FigureRow:
    """Return a figure as a row of the table."""
    tone = {"better": "ok", "worse": "warning"}.get(figure.verdict, "")
    return FigureRow(
        id=figure.key,
        label=_(figure.measure.label),
        clause=figure.measure.clause,
        value=show(ctx, figure, figure.value),
        previous=show(ctx, figure, figure.previous),
        change=compare(ctx, figure, figure.previous),
        change_tone=tone,
        last_year=show(ctx, figure, figure.last_year),
        cases=f"{figure.kept} / {figure.cases}" if figure.is_share else "",
    )
