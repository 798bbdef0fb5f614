"""QR and Code 128 as sets of rectangles, drawn as one path each so that a page costs little.

Module widths are whole dots of the printer they are meant for (see the constants); bars keep ten modules of paper free
on either side, a QR four.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import segno

TRACTOR_QR, TRACTOR_BAR = 5 * 25.4 / 180, 3 * 25.4 / 180
THERMAL_QR, THERMAL_QR_LARGE, THERMAL_BAR = 0.75, 0.875, 0.375
LASER_QR = 0.635
QUIET_BARS, QUIET_QR = 10, 4

_START_B, _START_C, _TO_C, _TO_B, _STOP = 104, 105, 99, 100, 106
# ISO/IEC 15417, table 1: bar and space widths of the values 0 to 106.
_WIDTHS = [
    "212222",
    "222122",
    "222221",
    "121223",
    "121322",
    "131222",
    "122213",
    "122312",
    "132212",
    "221213",
    "221312",
    "231212",
    "112232",
    "122132",
    "122231",
    "113222",
    "123122",
    "123221",
    "223211",
    "221132",
    "221231",
    "213212",
    "223112",
    "312131",
    "311222",
    "321122",
    "321221",
    "312212",
    "322112",
    "322211",
    "212123",
    "212321",
    "232121",
    "111323",
    "131123",
    "131321",
    "112313",
    "132113",
    "132311",
    "211313",
    "231113",
    "231311",
    "112133",
    "112331",
    "132131",
    "113123",
    "113321",
    "133121",
    "313121",
    "211331",
    "231131",
    "213113",
    "213311",
    "213131",
    "311123",
    "311321",
    "331121",
    "312113",
    "312311",
    "332111",
    "314111",
    "221411",
    "431111",
    "111224",
    "111422",
    "121124",
    "121421",
    "141122",
    "141221",
    "112214",
    "112412",
    "122114",
    "122411",
    "142112",
    "142211",
    "241211",
    "221114",
    "413111",
    "241112",
    "134111",
    "111242",
    "121142",
    "121241",
    "114212",
    "124112",
    "124211",
    "411212",
    "421112",
    "421211",
    "212141",
    "214121",
    "412121",
    "111143",
    "111341",
    "131141",
    "114113",
    "114311",
    "411113",
    "411311",
    "113141",
    "114131",
    "311141",
    "411131",
    "211412",
    "211214",
    "211232",
    "2331112",
]


class Bar(NamedTuple):
    """A black rectangle in modules, from the left top of the symbol without its quiet zone."""

    x: int
    y: int
    width: int


@lru_cache(maxsize=512)
def qr_bars(text: str) -> tuple[int, tuple[Bar, ...]]:
    """Return the side of the QR symbol (level M) in modules and its black stretches, row by row."""
    symbol = segno.make(text, error="m", micro=False, boost_error=False)
    found: list[Bar] = []
    for y, row in enumerate(symbol.matrix):
        start = -1
        for x, black in enumerate((*row, 0)):
            if black and start < 0:
                start = x
            elif not black and start >= 0:
                found.append(Bar(start, y, x - start))
                start = -1
    return len(symbol.matrix), tuple(found)


def code128_values(text: str) -> list[int]:
    """Return the symbol values of a printable ASCII text: set B for text, set C for runs of four and more digits.

    ValueError when a character is not in set B.
    """
    if not text or any(not 32 <= ord(character) < 127 for character in text):
        raise ValueError(f"Code 128 cannot hold {text!r}")
    values: list[int] = []
    current, at = "", 0
    while at < len(text):
        digits = 0
        while at + digits < len(text) and text[at + digits].isdigit():
            digits += 1
        if digits >= 4 or (digits == len(text) and digits % 2 == 0):
            if digits % 2:
                current = _switch(values, current, "B")
                values.append(ord(text[at]) - 32)
                at, digits = at + 1, digits - 1
            current = _switch(values, current, "C")
            values.extend(int(text[at + i : at + i + 2]) for i in range(0, digits, 2))
            at += digits
        else:
            current = _switch(values, current, "B")
            values.append(ord(text[at]) - 32)
            at += 1
    values.append((values[0] + sum(i * value for i, value in enumerate(values))) % 103)
    values.append(_STOP)
    return values


def _switch(values: list[int], current: str, wanted: str) -> str:
    """Append the start or shift value that brings the encoder into the wanted set."""
    if current != wanted:
        if not current:
            values.append(_START_B if wanted == "B" else _START_C)
        else:
            values.append(_TO_B if wanted == "B" else _TO_C)
    return wanted


@lru_cache(maxsize=512)
def code128_bars(text: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Return the width of the symbol in modules and its bars as (start, width), both without the quiet zone."""
    bars: list[tuple[int, int]] = []
    at = 0
    for value in code128_values(text):
        for i, width in enumerate(map(int, _WIDTHS[value])):
            if i % 2 == 0:
                bars.append((at, width))
            at += width
    return at, tuple(bars)
