"""How the numbers of records look: as a pack of the office says, else as the office writes them by itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crmdesk.rules.pack_tables import Series
from crmdesk.rules.policies import Policy

DEFAULTS: Mapping[str, Series] = MappingProxyType(
    {
        series.key: series
        for series in (
            Series("sale", "", "year", "{yyyy}-{serial:06}"),  # sales and return slips share one register
            Series("repair", "", "year", "{yyyy}-{serial:06}"),
            Series("complaint", "", "year", "{yyyy}-{serial:06}"),
            Series("call", "", "day", "C{yy}{mm}{dd}-{serial:03}"),
            Series("visit", "", "day", "V{yy}{mm}{dd}-{serial:03}"),
            Series("letter", "", "month", "L{yy}{mm}-{serial:03}"),
        )
    }
)


def series_for(policy: Policy, key: str) -> Series:
    """Return how the numbers of a kind of record look in this office."""
    return policy.series(key) or DEFAULTS[key]


def digits_of(policy: Policy, series: Series) -> int:
    """Return the least digits of a serial where a clause numbers them (CMP-24); 0 leaves it to the pattern."""
    return policy.number(series.clause, series.digits) if series.digits else 0
