"""The month's chart on paper: pale outlined bars for this month, a black line for last year."""

from __future__ import annotations

import math
from decimal import Decimal

from crmdesk.printing.documents import MonthChart
from crmdesk.printing.layout import BOLD_RULE, Sheet
from crmdesk.printing.words import figure

_GREY = 0.85


def nice_step(highest: float, steps: int = 4) -> float:
    """Return a round step (1, 2, 2.5 or 5 times a power of ten) of which at most ``steps`` reach the highest value."""
    if highest <= 0:
        return 1.0
    raw = highest / steps
    power = 10.0 ** math.floor(math.log10(raw))
    for factor in (1.0, 2.0, 2.5, 5.0, 10.0):
        if factor * power >= raw * 0.999999:
            return factor * power
    return 10.0 * power


def draw(sheet: Sheet, chart: MonthChart, x: float, y: float, width: float, height: float) -> None:
    """Draw the chart into the box, its axis labels at the left, the days below it. Negative days hang down."""
    values = [float(value) for value in (*chart.bars, *chart.line) if value is not None]
    highest, lowest = max([0.0, *values]), min([0.0, *values])
    step = nice_step(highest - lowest)
    top = max(step, math.ceil(highest / step - 1e-9) * step)
    bottom = math.floor(lowest / step + 1e-9) * step
    scale = height / (top - bottom)
    zero = y + top * scale
    levels = [bottom + i * step for i in range(round((top - bottom) / step) + 1)]
    labels = [figure(Decimal(f"{level:g}")) for level in levels]
    margin = max(sheet.measure(label, 9.5) for label in labels) + 2.0
    x, width = x + margin, width - margin
    for value, label in zip(levels, labels, strict=True):
        level = zero - value * scale
        if abs(value) > step / 2:
            sheet.dots(x, level, x + width)
        sheet.text(x - 2.0, level + 1.2, label, 9.5, align="right")
    days = max(len(chart.bars), len(chart.line), 1)
    slot = width / days
    rectangles = []
    for i, amount in enumerate(chart.bars):
        if amount:
            tall = float(amount) * scale
            rectangles.append((x + (i + 0.14) * slot, zero - max(tall, 0.0), slot * 0.72, abs(tall)))
    sheet.bars(rectangles, _GREY)
    points = [
        (x + (i + 0.5) * slot, zero - float(amount) * scale)
        for i, amount in enumerate(chart.line)
        if amount is not None
    ]
    sheet.polyline(points, 0.45)
    sheet.rule(x, zero, x + width, BOLD_RULE)
    for day in range(1, days + 1):
        if day == 1 or day % 5 == 0:
            sheet.text(x + (day - 0.5) * slot, y + height + 4.6, str(day), 9.5, align="centre")
