"""收據 on the 80 mm roll, 72 mm printable; as long as it needs to be (SET-07)."""

from __future__ import annotations

import math
from decimal import Decimal

from crmdesk.core.codes import PaperCode, bar_text, qr_text
from crmdesk.printing import barcodes
from crmdesk.printing.copies import SALES_SLIP
from crmdesk.printing.documents import Receipt80, Reprint, SalesSlip, SlipLine
from crmdesk.printing.layout import BOLD_RULE, Sheet
from crmdesk.printing.words import Words, figure, quantity, words

WIDTH, LEFT, RIGHT, MIDDLE = 80.0, 4.0, 76.0, 40.0
DOTS = 8.0
ROOM = RIGHT - LEFT


def render(
    document: Receipt80,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
) -> bytes:
    """Return the PDF of the receipt; ``copies`` is there for the sake of one signature."""
    texts = words(language or document.slip.office.language)
    ruler = Sheet(WIDTH, 100.0, texts.language, dots=DOTS)
    height = math.ceil(_draw(ruler, texts, document, reprint) * DOTS) / DOTS
    sheet = Sheet(WIDTH, height, texts.language, title=document.slip.number, dots=DOTS)
    _draw(sheet, texts, document, reprint)
    if document.slip.void:
        sheet.diagonal(texts.pgettext("paper", "VOID"), 60)
    return sheet.to_bytes()


def _draw(sheet: Sheet, texts: Words, document: Receipt80, reprint: Reprint | None) -> float:
    """Draw the receipt from the top; return the height it takes. Drawing on a sheet too short only measures."""
    y = _draw_head(sheet, texts, document, reprint)
    for line in document.slip.lines:
        y = _draw_line(sheet, y, line)
    if not document.slip.lines:
        sheet.text(LEFT, y + 5.0, texts.gettext("(nothing below)"), 10)
        y += 7.0
    y = _draw_sums(sheet, texts, document, y)
    return _draw_foot(sheet, texts, document, y)


def _draw_head(sheet: Sheet, texts: Words, document: Receipt80, reprint: Reprint | None) -> float:
    _, pgettext = texts.gettext, texts.pgettext
    slip = document.slip
    office = slip.office
    sheet.text(MIDDLE, 8.7, office.name, 17, bold=True, align="centre", width=ROOM, least=0.6)
    y = 9.4
    address = sheet.fit(office.address, ROOM, 100, 9.5, 9)
    if office.address:
        y = sheet.lines(MIDDLE, y + 5.0, address, align="centre")
    tax = _("Tax no. {number}").format(number=office.tax_number) if office.tax_number else ""
    line = "\u3000".join(part for part in (office.phone, tax) if part)
    if line:
        y += 4.6
        sheet.text(MIDDLE, y, line, 9.5, align="centre", width=ROOM, least=0.6)
    y += 3.4
    sheet.rule(LEFT, y, RIGHT, BOLD_RULE)
    y += 5.2
    used = sheet.text(LEFT, y, _("Return receipt") if slip.returned else _("Sales receipt"), 13, bold=True)
    sheet.text(RIGHT, y, slip.number, 13, bold=True, align="right", width=ROOM - used - 3, least=0.5)
    y += 5.5
    sheet.text(LEFT, y, f"{slip.at:%Y-%m-%d %H:%M}", 10)
    if slip.cashier:
        sheet.text(RIGHT, y, _("Cashier {name}").format(name=slip.cashier), 10, align="right", width=36)
    y += 4.9
    copy = next((copy for copy in SALES_SLIP if copy.number == document.copy), SALES_SLIP[-1])
    number, name, _recipient = texts.copy_mark(copy)
    used = sheet.text(RIGHT, y, f"{number} {name}", 10, align="right")
    customer = sheet.fit(_("Customer {name}").format(name=slip.customer), ROOM - used - 2, 400, 10.5, 9, bold=True)
    y = sheet.lines(LEFT, y, customer, bold=True)
    if reprint:
        y += 5.4
        sheet.box(LEFT, y - 3.8, ROOM, 5.2, BOLD_RULE)
        sheet.text(MIDDLE, y, texts.reprint(reprint), 9.5, bold=True, align="centre", width=ROOM - 3)
    if slip.void:
        y += 6.2
        sheet.box(LEFT, y - 4.0, ROOM, 5.6, BOLD_RULE)
        sheet.text(MIDDLE, y, pgettext("paper", "VOID"), 11, bold=True, align="centre")
    y += 4.0
    sheet.rule(LEFT, y, RIGHT)
    return y + 0.4


def _draw_line(sheet: Sheet, y: float, line: SlipLine) -> float:
    """Draw an item: its name over as many lines as it takes, then code, count × price and amount."""
    name = sheet.fit(line.name, ROOM, 10, 10.5, 9)
    y = sheet.lines(LEFT, y + 4.6, name) + 4.6
    amount = sheet.text(RIGHT, y, figure(line.amount), 11.5, bold=True, align="right", width=27, least=0.5)
    used = sheet.text(LEFT, y, line.code, 10, width=22, least=0.3)
    counted = f"{quantity(line.quantity)} {line.unit} × {figure(line.price)}".replace("  ", " ")
    end = min(46.0, RIGHT - amount - 2)
    wanted = sheet.measure(counted, 10)
    if wanted > end - LEFT - used - 1.5:
        end = RIGHT - amount - 2
    sheet.text(end, y, counted, 10, align="right", width=end - LEFT - used - 1.5, least=0.2)
    y += 2.0
    sheet.dots(LEFT, y, RIGHT)
    return y


def _draw_sums(sheet: Sheet, texts: Words, document: Receipt80, y: float) -> float:
    _, pgettext = texts.gettext, texts.pgettext
    slip = document.slip
    pieces = sum((line.quantity for line in slip.lines), start=slip.due * 0)
    subtotal = texts.ngettext("Subtotal {count} pc", "Subtotal {count} pcs", round(pieces))
    rows = [(subtotal.format(count=quantity(pieces)), slip.subtotal)]
    if slip.discount or slip.discount_label:
        rows.append((slip.discount_label or _("Discount"), slip.discount))
    if slip.rounding:
        rows.append((pgettext("paper", "Rounding"), slip.rounding))
    y += 0.9
    for label, value in rows:
        y += 4.9
        used = sheet.text(LEFT, y, label, 10.5, width=44)
        sheet.text(RIGHT, y, figure(value), 11.5, align="right", width=ROOM - used - 2, least=0.5)
    y += 2.6
    sheet.rule(LEFT, y, RIGHT, BOLD_RULE)
    y += 7.0
    due = pgettext("paper", "Refund") if slip.returned else pgettext("paper", "Due")
    due = f"{due} {texts.sign(slip.office.currency)}"
    used = sheet.text(LEFT, y - 0.3, due, 12, bold=True)
    sheet.text(RIGHT, y, figure(slip.due), 20, bold=True, align="right", width=ROOM - used - 3, least=0.2)
    capitals = sheet.fit(texts.capitals(slip.due, slip.office.currency), ROOM, 20, 11, 9, bold=True)
    if capitals.text:
        y = sheet.lines(LEFT, y + 5.9, capitals, bold=True)
    y += 2.6
    sheet.rule(LEFT, y, RIGHT)
    if slip.tendered is not None:
        taken: list[tuple[str, Decimal, float, bool]] = []
        earlier = slip.received - slip.due
        if 0 < earlier <= slip.previous_balance and not slip.returned and _balance_shown(slip):
            taken = [  # a debt is paid along: without it the sum is not seen
                (_("For earlier debt"), earlier, 11.5, False),
                (pgettext("paper", "Paid now"), slip.received, 12.5, True),
            ]
        taken += [
            (_("Received (cash)"), slip.tendered, 12.5, False),
            (pgettext("paper", "Change"), slip.change or slip.due * 0, 14.0, True),
        ]
        for label, amount, size, bold in taken:
            y += 5.5
            used = sheet.text(LEFT, y, label, 10.5)
            sheet.text(RIGHT, y, figure(amount), size, bold=bold, align="right", width=ROOM - used - 3, least=0.5)
        y += 3.0
        sheet.rule(LEFT, y, RIGHT, BOLD_RULE)
    return y


def _balance_shown(slip: SalesSlip) -> bool:
    """Say whether earlier debts may stand on it: not on what goes into the lid of an absent customer's carton."""
    return slip.present or not slip.hide_balance_in_lid


def _draw_foot(sheet: Sheet, texts: Words, document: Receipt80, y: float) -> float:
    """Draw the balance (for who is present only), the policy, both codes and the thanks."""
    _ = texts.gettext
    slip = document.slip
    if _balance_shown(slip):
        balance = _("Owed before {before} · owed now {now}").format(
            before=figure(slip.previous_balance), now=figure(slip.balance)
        )
        y = sheet.lines(LEFT, y + 4.9, sheet.fit(balance, ROOM, 12, 10, 9))
    if slip.payment_note:
        y = sheet.lines(LEFT, y + 4.8, sheet.fit(slip.payment_note, ROOM, 12, 9.5, 9))
    if slip.policy:
        y = sheet.lines(LEFT, y + 4.8, sheet.fit(slip.policy, ROOM, 28, 9.5, 9))
    code = PaperCode("T" if slip.returned else "S", slip.number, document.copy)
    text = bar_text(code)
    width = sheet.bars_width(text, barcodes.THERMAL_BAR)
    y = sheet.snap(y + 6.0)
    sheet.code128(sheet.snap(MIDDLE - width / 2), y, text, barcodes.THERMAL_BAR, 10.0)
    sheet.text(MIDDLE, y + 13.4, text, 9, align="centre", spacing=1.4)
    y = sheet.snap(y + 17.0)
    side = 21 * barcodes.THERMAL_QR
    sheet.qr(sheet.snap(MIDDLE - side / 2), y, qr_text(code), barcodes.THERMAL_QR)
    y += side + 5.6
    thanks = sheet.fit(document.thanks or _("Thank you for coming"), ROOM, 14, 10.5, 9, bold=True)
    y = sheet.lines(MIDDLE, y, thanks, bold=True, align="centre")
    return y + 5.0
