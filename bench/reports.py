"""The manager's figures: the month and its clauses, each beside the barest counting of the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import floors
from bench.measure import Pair, Row, Target, measure

if TYPE_CHECKING:
    from bench.works import Place


def nothing(result: object) -> None:
    """Take what a work returns and say nothing: the round is timed as a whole."""


def month_figures(place: Place) -> Row:
    """Compute the manager's month: all desks, three months each, kept clauses, chart."""
    from crmdesk.services.month import get_month

    most = 1500 if place.sizes.month >= 10**6 else 400
    pair = Pair(lambda: nothing(get_month(place.ctx, 2026, 11)), lambda: floors.read_month(place.bare))
    words = f"month, {place.size('month')} calls and as many others"
    return measure(words, place.engine, pair, max(5, place.sizes.repeats // 5), Target(f"<= {most} ms", most=most))


def kept_clauses(place: Place) -> Row:
    """Compute how every clause was kept in a month, beside one bare GROUP BY of each table it asks."""
    from crmdesk.services.compliance import get_compliance

    pair = Pair(lambda: nothing(get_compliance(place.ctx, 2026, 11)), lambda: floors.read_compliance(place.bare))
    most = 1500 if place.sizes.month >= 10**6 else 400
    words = f"compliance of all clauses, {place.size('month')} calls"
    return measure(words, place.engine, pair, max(5, place.sizes.repeats // 5), Target(f"<= {most} ms", most=most))
