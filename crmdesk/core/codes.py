"""The code every paper carries: scanned or typed anywhere in the program it opens its record.

The QR holds ``CD1:S:2026-000123:3``, the bars the same without colons and dashes, the part always in two digits:
``CD1S202600012303``. ASCII only, no names, no amounts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crmdesk.core.i18n import N_
from crmdesk.core.text import half_width

MARK = "CD1"
MAX_QR = 20  # characters that keep the QR at 21 modules, level M

KINDS = {
    "S": N_("Sales slip"),
    "T": N_("Return slip"),
    "B": N_("Carton"),
    "F": N_("Repair"),
    "H": N_("Hand-over list"),
    "L": N_("Consignment list"),
    "G": N_("Consigned piece"),
    "C": N_("Complaint"),
    "U": N_("Urging letter"),
    "V": N_("Visit permit"),
    "E": N_("Goods permit"),
    "A": N_("Statement of account"),
    "M": N_("Monthly report"),
    "K": N_("Locker key"),
    "W": N_("Staff"),
}

_CODE = re.compile(rf"{MARK}(:?)([A-Z])(:?)([0-9-]+)(?::([0-9]+))?")
_NUMBER = re.compile(r"[0-9]+(?:-[0-9]+)*")
# Dashes that a keyboard set to Chinese, a chat program or a scanner driver makes of "-".
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-") | {"﹕": ":", "︰": ":"})


@dataclass(frozen=True, slots=True)
class PaperCode:
    """What a paper's code says: kind (a letter of `KINDS`, or one a newer program knows), number, and part.

    ``part`` is the copy, carton, line or page, 0 for none. A number read from bars has lost its dashes:
    compare with `bare_number`.
    """

    kind: str
    number: str
    part: int = 0

    @property
    def bare_number(self) -> str:
        """The number without dashes, the same from QR, bars and records."""
        return bare_number(self.number)

    @property
    def known(self) -> bool:
        """Whether this program knows the kind."""
        return self.kind in KINDS


def bare_number(number: str) -> str:
    """Return a record's number as the bars hold it: digits only."""
    return number.replace("-", "")


def _check(code: PaperCode) -> None:
    if not re.fullmatch("[A-Z]", code.kind) or not _NUMBER.fullmatch(code.number) or not 0 <= code.part <= 99:
        raise ValueError(f"not a paper code: {code}")


def qr_text(code: PaperCode) -> str:
    """Return what the QR holds; part 0 is left out. ValueError if it would not fit the smallest QR."""
    _check(code)
    text = f"{MARK}:{code.kind}:{code.number}" + (f":{code.part}" if code.part else "")
    if len(text) > MAX_QR:
        raise ValueError(f"{text!r} is longer than {MAX_QR} characters")
    return text


def bar_text(code: PaperCode) -> str:
    """Return what the bars hold: no separators, the part in two digits."""
    _check(code)
    return f"{MARK}{code.kind}{code.bare_number}{code.part:02d}"


def parse_code(text: str) -> PaperCode | None:
    """Read a scanned or typed code, full-width and lower case too; None when it is none of ours (an item or a waybill).

    Kinds this program doesn't know are returned as well, so that it can say so (`PaperCode.known`).
    """
    body = half_width(text).translate(_DASHES).strip().upper()
    found = _CODE.fullmatch(body)
    if not found:
        return None
    kind, number, part = found[2], found[4], found[5]
    if found[1] and found[3]:
        code = PaperCode(kind, number, int(part) if part else 0)
    elif not found[1] and not found[3] and part is None and len(number) > 2 and number[-2:].isdigit():
        code = PaperCode(kind, number[:-2].rstrip("-"), int(number[-2:]))
    else:
        return None
    if not _NUMBER.fullmatch(code.number) or code.part > 99:
        return None
    return code
