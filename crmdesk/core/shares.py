"""How much of something was kept, in percent: one rounding for screens and papers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_TENTH = Decimal("0.1")
_HUNDRED = Decimal(100)


def share(kept: int, cases: int) -> Decimal:
    """Return kept of cases in percent with one decimal: 218 of 242 are 90.1.

    Never 100.0 while one is missing, nor 0.0 while one is kept. ZeroDivisionError without cases.
    """
    exact = (_HUNDRED * kept / Decimal(cases)).quantize(_TENTH, ROUND_HALF_UP)
    if 0 < kept < cases:
        return min(max(exact, _TENTH), _HUNDRED - _TENTH)
    return exact
