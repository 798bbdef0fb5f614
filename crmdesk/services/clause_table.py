"""The clauses of all packs as a table: how many each pack has, and how the program holds them."""

from __future__ import annotations

import unicodedata
from collections import Counter

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _, language
from crmdesk.rules.capabilities import clause_order
from crmdesk.rules.clauses import BECAUSE, HELD
from crmdesk.services.office import load_policy

_GAP = 2


def write_table() -> str:
    """Return the table of all packs, a line for each and one for the sum; PackError when a pack is broken."""
    policy = load_policy()
    head = [_("Pack"), *HELD, _("Sum")]
    rows = []
    total: Counter[str] = Counter()
    for name, pack in policy.packs.items():
        counts = Counter(clause.held for clause in pack.clauses.values())
        total += counts
        title = pack.title.get(language()) or pack.title["en"]
        rows.append([f"{name} ({title})", *(str(counts[held] or "·") for held in HELD), str(len(pack.clauses))])
    rows.append([_("All"), *(str(total[held] or "·") for held in HELD), str(total.total())])
    widths = [max(_width(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [_line(row, widths) for row in [head, *rows]]
    rule = "-" * (sum(widths) + _GAP * (len(widths) - 1))
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def list_clauses(pack: str = "", held: str = "") -> list[str]:
    """Return a line for each clause of a pack, or held in one way; UserError when there is no such pack.

    A clause that is only shown says why there is no more.
    """
    policy = load_policy()
    if pack and pack not in policy.packs:
        raise UserError(
            _("There is no pack “{name}”. There are: {names}").format(name=pack, names=", ".join(policy.packs))
        )
    found = [clause for clause in policy.everything.values()
             if pack in ("", clause.pack) and held in ("", clause.held)]  # fmt: skip
    found.sort(key=lambda clause: clause_order(clause.id))
    return [
        f"{clause.id:<9}{clause.pack:<16}{clause.held:<10}{clause.window or '·':<13}{policy.text(clause.id)}"
        + (f" [{_(BECAUSE[clause.because])}]" if clause.because else "")
        for clause in found
    ]


def _width(text: str) -> int:
    """Return how many places a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _line(row: list[str], widths: list[int]) -> str:
    cells = [row[0] + " " * (widths[0] - _width(row[0]))]
    cells += [" " * (width - _width(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True)]
    return (" " * _GAP).join(cells)
