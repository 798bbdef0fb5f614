"""What the A4 papers share: head with the code in the corner, foot, the framed marks of reprint and void."""

from __future__ import annotations

from crmdesk.core.codes import PaperCode, qr_text
from crmdesk.printing import barcodes, tractor
from crmdesk.printing.control import Control
from crmdesk.printing.documents import Office, Reprint
from crmdesk.printing.layout import BOLD_RULE, Sheet
from crmdesk.printing.words import Words

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT = 16.0, 194.0


def head(
    sheet: Sheet,
    texts: Words,
    title: str,
    office: Office,
    number: str,
    under: str,
    code: PaperCode,
    page: int,
    pages: int,
) -> None:
    """Draw title and letterhead at the left, number with the line under it and the page at the right."""
    sheet.text(LEFT, 18.9, title, 20, bold=True, width=86, least=0.6)
    sheet.text(LEFT, 25.6, "\u3000".join(part for part in (office.name, office.subtitle) if part), 10.5, width=74)
    line = "\u3000".join(part for part in (office.address, office.phone) if part)
    sheet.lines(LEFT, 30.6, sheet.fit(line, 120, 4, 9, 6, lines=1))
    side = sheet.qr(RIGHT - 21 * barcodes.LASER_QR, 11.0, qr_text(code), barcodes.LASER_QR)
    right = RIGHT - side - 4.6
    sheet.text(right, 15.8, number, 17, bold=True, align="right", width=50, least=0.5)
    sheet.text(right, 21.6, under, 9.5, align="right", width=62, least=0.6)
    sheet.text(right, 27.1, texts.page(page, pages), 9.5, align="right")
    sheet.rule(LEFT, 34.0, RIGHT, BOLD_RULE)


def marks(sheet: Sheet, texts: Words, reprint: Reprint | None, void: bool) -> None:
    """Draw the reprint frame under the page number, and 作廢 beside it and across the body."""
    right = 176.1
    tractor.reprint_box(sheet, texts, reprint, right, 28.3)
    if void:
        tractor.void_mark(sheet, texts, 112.0 if reprint else right, 28.3)


def control_mark(sheet: Sheet, texts: Words, control: Control | None) -> None:
    """Draw the stamp 受控文件 at the foot of a page: receiver, last day of use, line for the signature (SEC-03)."""
    if control is None:
        return
    _, pgettext = texts.gettext, texts.pgettext
    stamp = pgettext("paper", "CONTROLLED")
    width = sheet.measure(stamp, 10, True) + 6
    sheet.box(LEFT, 288.4, width, 6.2, BOLD_RULE)
    sheet.text(LEFT + width / 2, 292.8, stamp, 10, bold=True, align="centre")
    words = _("Receiver: {name}   May be used until {day}   Signature:").format(
        name=control.receiver, day=f"{control.until:%Y-%m-%d}"
    )
    used = sheet.text(LEFT + width + 4, 292.8, words, 9.5, width=RIGHT - LEFT - width - 36, least=0.6)
    sheet.rule(LEFT + width + 6 + used, 293.6, RIGHT)


def foot(sheet: Sheet, left: str, right: str, y: float) -> None:
    """Draw the foot with its rule at ``y``."""
    sheet.rule(LEFT, y, RIGHT)
    used = sheet.text(RIGHT, y + 4.4, right, 9, align="right", width=80)
    sheet.text(LEFT, y + 4.4, left, 9, width=RIGHT - LEFT - used - 6)
