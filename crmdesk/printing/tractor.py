"""What the slips on tractor paper share: 241 × 140 mm, a strip of 12.7 mm for the sprockets on either side.

Head at the right, copy mark at the right edge, bars at the foot, the second sheet for texts that must not be lost.
"""

from __future__ import annotations

from datetime import datetime

from crmdesk.core.codes import PaperCode, bar_text, qr_text
from crmdesk.printing import barcodes
from crmdesk.printing.copies import Copy
from crmdesk.printing.documents import Office, Reprint
from crmdesk.printing.layout import BOLD_RULE, Fit, Sheet
from crmdesk.printing.words import Words

WIDTH, HEIGHT = 241.0, 140.0
LEFT, RIGHT, TOP, BOTTOM = 16.0, 219.0, 6.0, 134.5
EDGE = 224.0
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"


def head_right(sheet: Sheet, words: Words, number: str, at: datetime, code: PaperCode, page: int, pages: int) -> None:
    """Draw number, day and page at the right with the QR in the corner."""
    side = sheet.qr(RIGHT - 21 * barcodes.TRACTOR_QR, TOP, qr_text(code), barcodes.TRACTOR_QR)
    right = RIGHT - side - 4.0
    sheet.text(right, 11.4, number, 15, bold=True, align="right", width=52, least=0.5)
    sheet.text(right, 17.9, words.day_in_words(at), 9.5, align="right")
    sheet.text(right, 23.8, words.page(page, pages), 9.5, align="right")


def office_lines(office: Office) -> tuple[str, str]:
    """Return the two lines of the letterhead: name with subtitle, address with phone."""
    return (
        "\u3000".join(part for part in (office.name, office.subtitle) if part),
        "\u3000".join(part for part in (office.address, office.phone) if part),
    )


def reprint_box(sheet: Sheet, words: Words, reprint: Reprint | None, right: float, y: float) -> None:
    """Draw the framed reprint mark, its right top corner at the point."""
    if reprint is None:
        return
    text = words.reprint(reprint)
    width = min(sheet.measure(text, 9, True), 62) + 3
    sheet.box(right - width, y, width, 5.2, BOLD_RULE)
    sheet.text(right - width / 2, y + 3.75, text, 9, bold=True, align="centre", width=62)


def void_mark(sheet: Sheet, words: Words, right: float, y: float) -> None:
    """Draw 作廢, framed under the page number and across the body."""
    pgettext = words.pgettext
    text = pgettext("paper", "VOID")
    width = sheet.measure(text, 9, True) + 6
    sheet.box(right - width, y, width, 5.2, BOLD_RULE)
    sheet.text(right - width / 2, y + 3.75, text, 9, bold=True, align="centre")
    sheet.diagonal(text, min(90, sheet.height * 0.62))


def edge_mark(sheet: Sheet, words: Words, copy: Copy, *, absent: bool = False) -> float:
    """Write the copy's number, role and receiver downwards at the right edge; return the y below them."""
    number, name, recipient = words.copy_mark(copy, absent=absent)
    y = sheet.vertical(EDGE, 31.0, number, 12, bold=True)
    y = sheet.vertical(EDGE, y + 2.4, name, 12, bold=True)
    return sheet.vertical(EDGE, y + 2.8, recipient, 9.2, pitch=1.2)


def edge_carbonless(sheet: Sheet, words: Words, copies: tuple[Copy, ...]) -> None:
    """Write all copies at the right edge: carbonless paper is printed once, the sheets below take it through."""
    _ = words.gettext
    y = 31.0
    for copy in copies:
        y = sheet.vertical(EDGE, y, CIRCLED[copy.number] + _(copy.name), 11, bold=True) + 3.0


def foot_bars(sheet: Sheet, code: PaperCode, y: float, height: float) -> None:
    """Draw the bars at the right foot with their text below, ``y`` being the top."""
    text = bar_text(code)
    module = barcodes.TRACTOR_BAR
    width = sheet.bars_width(text, module)
    sheet.code128(RIGHT - width, y, text, module, height)
    sheet.text(RIGHT - width / 2, y + height + 3.3, text, 9, align="centre", spacing=1.6)


def signatures(
    sheet: Sheet, y: float, fields: list[tuple[str, str]], *, width: float = 29.5, pitch: float = 32.0
) -> None:
    """Draw signature lines 8.5 mm under their labels; the expected name stands beside the label."""
    for i, (label, name) in enumerate(fields):
        x = LEFT + i * pitch
        used = sheet.text(x, y, label, 9.5, width=width)
        if name:
            fit = sheet.fit(name, width - used - 1.5, 4.0, 9.5, 6.5, lines=1)
            sheet.text(x + used + 1.5, y, fit.lines[0], fit.size)
        sheet.rule(x, y + 8.5, x + width)


def annex(sheet: Sheet, words: Words, number: str, cut: list[tuple[str, Fit]]) -> None:
    """Draw the second sheet with the whole of the texts that did not fit into their boxes."""
    _ = words.gettext
    sheet.text(LEFT, 13.3, _("Annex to {number}").format(number=number), 15, bold=True)
    sheet.rule(LEFT, 29.0, RIGHT, BOLD_RULE)
    y = 35.0
    room = (BOTTOM - y) / len(cut)
    for label, fit in cut:
        sheet.text(LEFT, y, label, 9)
        whole = sheet.fit(fit.text, RIGHT - LEFT, room - 9, 10, 3)
        sheet.lines(LEFT, y + 5.0, whole)
        y += room
