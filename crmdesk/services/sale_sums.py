"""The sums of a slip: pure arithmetic in Decimal, the same for the screen, the paper and the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from crmdesk.core.money import quantize

ZERO = Decimal(0)


class Priced(Protocol):
    """What a sum needs of a line."""

    @property
    def quantity(self) -> int:
        """Pieces; minus for goods taken back."""

    @property
    def price(self) -> Decimal | None:
        """Price of one piece; None while it isn't known."""

    @property
    def percent(self) -> int | None:
        """95 = the customer pays 95 %; None = full price."""


@dataclass(frozen=True)
class Sums:
    """The sums of a slip.

    ``goods`` is the full price of what is sold, ``reduced`` what the percents take off (−), ``returned`` what is taken
    back (−), ``discount`` what the whole-slip discount takes off (−). ``subtotal`` is the sum of the lines' amounts as
    the paper shows it; ``total`` is the slip.
    """

    goods: Decimal = ZERO
    reduced: Decimal = ZERO
    returned: Decimal = ZERO
    discount: Decimal = ZERO
    freight: Decimal = ZERO
    rounding: Decimal = ZERO
    subtotal: Decimal = ZERO
    total: Decimal = ZERO
    kinds: int = 0
    pieces: int = 0

    @property
    def all_discounts(self) -> Decimal:
        """Return what percents and the whole-slip discount take off together (−)."""
        return self.reduced + self.discount


def line_amount(line: Priced, currency: str) -> Decimal:
    """Return a line's amount, rounded half up to what the currency shows."""
    share = Decimal(100 if line.percent is None else line.percent) / 100
    return quantize((line.price or ZERO) * line.quantity * share, currency)


def sum_up(lines: Iterable[Priced], *, discount: Decimal, freight: Decimal, currency: str) -> Sums:
    """Return the sums of a slip; ``discount`` is what is taken off as a positive amount."""
    goods = returned = subtotal = ZERO
    kinds = pieces = 0
    for line in lines:
        amount = line_amount(line, currency)
        full = quantize((line.price or ZERO) * line.quantity, currency)
        subtotal += amount
        kinds += 1
        pieces += line.quantity
        if line.quantity < 0:
            returned += amount
        else:
            goods += full
    raw = subtotal - discount + freight
    total = quantize(raw, currency)
    return Sums(
        goods=goods,
        reduced=subtotal - goods - returned,
        returned=returned,
        discount=-discount if discount else ZERO,
        freight=freight,
        rounding=total - raw,
        subtotal=subtotal,
        total=total,
        kinds=kinds,
        pieces=pieces,
    )


def discount_of(subtotal: Decimal, percent: Decimal, currency: str) -> Decimal:
    """Return the amount taken off when the customer pays ``percent`` of the slip."""
    return quantize(subtotal * (100 - percent) / 100, currency)
