"""The lower part of a sales slip's last sheet: capitals, balance or packing ticks at the left, the sum at the right."""

from __future__ import annotations

from dataclasses import replace

from crmdesk.printing.copies import Copy
from crmdesk.printing.documents import SalesSlip
from crmdesk.printing.layout import BOLD_RULE, Fit, Sheet
from crmdesk.printing.tractor import LEFT, RIGHT
from crmdesk.printing.words import Words, figure, quantity

_SUM_X, _LABEL_END, _AMOUNT_END = 144.0, 162.8, 187.8
_LEFT_END = 140.0


def draw(sheet: Sheet, texts: Words, document: SalesSlip, copy: Copy, top: float) -> None:
    """Draw the totals under the table whose lower frame is at ``top``."""
    _capitals(sheet, texts, document, top)
    _sum(sheet, texts, document, copy, top)
    carbonless = copy.number == 0
    if copy.with_packing and not document.returned:  # nothing of a return slip is packed
        _packing(sheet, texts, document, top, room=not carbonless)
    elif copy.with_packing and not carbonless:
        sheet.text(17.4, top + 11.6, texts.gettext("Balance and cash: not printed on this copy"), 9.5)
    if carbonless or not copy.with_packing:
        _balance(sheet, texts, document, copy, top + (12.0 if carbonless else 0.0), compact=carbonless)


def _capitals(sheet: Sheet, texts: Words, document: SalesSlip, top: float) -> None:
    _ = texts.gettext
    pieces = quantity(sum((line.quantity for line in document.lines), start=document.due * 0))
    unit = _("pcs")
    sheet.text(138.5, top + 4.85, unit, 9.5, align="centre", width=10)
    taken = sheet.text(132.0, top + 4.85, pieces, 11, bold=True, align="right")
    sheet.rule(LEFT, top + 7.0, _LEFT_END)
    words = texts.capitals(document.due, document.office.currency)
    if not words:  # English has no capitals
        return
    used = sheet.text(17.4, top + 4.85, _("Amount in words"), 11, bold=True)
    x = 17.4 + used + 4
    fit = sheet.fit(words, 132 - taken - 3 - x, 6.2, 11, 6, bold=True, leading=1.1)
    y = top + 4.85 if len(fit.lines) == 1 else top + 6.2 - (len(fit.lines) - 1) * fit.leading
    sheet.lines(x, y, fit, bold=True)


def _sum(sheet: Sheet, texts: Words, document: SalesSlip, copy: Copy, top: float) -> None:
    """Draw subtotal, discount, rounding, and the amount due with the currency named once."""
    _, pgettext = texts.gettext, texts.pgettext
    sheet.text(_LABEL_END, top + 4.6, _("Subtotal"), 9.5, align="right")
    sheet.text(_AMOUNT_END, top + 4.6, figure(document.subtotal), 10.5, bold=True, align="right", width=24, least=0.2)
    if document.discount or document.discount_label:
        sheet.text(
            _LABEL_END, top + 10.5, document.discount_label or _("Discount"), 9.5, align="right", width=20, least=0.6
        )
        sheet.text(_AMOUNT_END, top + 10.5, figure(document.discount), 10, align="right", width=24, least=0.2)
    if document.rounding:
        sheet.text(_LABEL_END, top + 15.2, pgettext("paper", "Rounding"), 9.5, align="right", width=18)
        sheet.text(_AMOUNT_END, top + 15.2, figure(document.rounding), 10, align="right", width=24, least=0.2)
    sheet.rule(_SUM_X, top + 16.8, 189.0, BOLD_RULE)
    label = pgettext("paper", "Refund") if document.returned else pgettext("paper", "Due")
    label = f"{label} {texts.sign(document.office.currency)}"
    used = sheet.text(148.0 if texts.language.startswith("zh") else 146.0, top + 21.6, label, 10.5, bold=True)
    sheet.text(
        _AMOUNT_END, top + 21.9, figure(document.due), 14.5, bold=True, align="right", width=38 - used, least=0.2
    )
    sheet.rule(_SUM_X, top + 23.5, 189.0, BOLD_RULE)
    if fit := remark_fit(sheet, texts, document, copy):
        sheet.lines(190.6, top + 4.6, fit)


def remark_fit(sheet: Sheet, texts: Words, document: SalesSlip, copy: Copy) -> Fit | None:
    """Fit the slip's remark, on every copy, and the internal one on the stub; None without any.

    The packer and the file read what the customer was promised. Lines are of one length, none of a single character.
    """
    _ = texts.gettext
    parts = [document.policy]
    if copy.with_internal and document.internal_remark:
        parts.append(_("Internal: {remark}").format(remark=document.internal_remark))
    remark = "\n".join(part for part in parts if part)
    if not remark:
        return None
    width = RIGHT - 190.2
    fit = sheet.fit(remark, width, 21.0, 9, 8.5, leading=1.2)
    if fit.cut:
        return fit
    lines: list[str] = []
    for part in remark.split("\n"):
        narrower, count = width, len(sheet.wrap(part, fit.size, width))
        while narrower > width / 2 and len(sheet.wrap(part, fit.size, narrower - 1)) == count:
            narrower -= 1
        lines += sheet.wrap(part, fit.size, narrower)
    return replace(fit, lines=tuple(lines))


def _balance(sheet: Sheet, texts: Words, document: SalesSlip, copy: Copy, top: float, *, compact: bool) -> None:
    """Draw what was owed, this slip, what was paid and what is owed now, then the cash sentence of SET-07."""
    _, pgettext = texts.gettext, texts.pgettext
    in_lid = copy.number == 3 and not document.present and document.hide_balance_in_lid
    fields = [
        (_("Owed before"), document.previous_balance),
        (_("This slip"), document.due),
        (pgettext("paper", "Paid now"), -document.received),
        (_("Owed now"), document.balance),
    ]
    x = 17.4
    if compact:
        text = "\u3000".join(f"{label} {figure(value)}" for label, value in fields)
        sheet.text(x, top + 5.2, text, 9.5, width=_LEFT_END - x, least=0.6)
    elif in_lid:
        sheet.text(x, top + 11.6, _("Balance and cash: not printed on this copy"), 9.5)
    else:
        for i, (label, value) in enumerate(fields):
            last = i == len(fields) - 1
            sheet.text(x + 31 * i, top + 10.6, label, 9.5, bold=last, width=27)
            sheet.text(x + 31 * i, top + 16.6, figure(value), 13, bold=last, width=27.5, least=0.2)
            if i:
                sheet.upright(x + 31 * i - 2.2, top + 8.0, top + 17.8, 0.5 if last else 0.25)
    if not in_lid:
        if not compact:
            sheet.dots(LEFT, top + 19.0, _LEFT_END)
        y = top + (10.6 if compact else 23.2)
        sheet.text(x, y, cash_sentence(texts, document), 9 if compact else 10, width=_LEFT_END - x, least=0.6)


def cash_sentence(texts: Words, document: SalesSlip) -> str:
    """Return 現金（黃怡君）收您 30,000 元，找您 0 元 with the note on the rest; empty when no cash was taken."""
    _ = texts.gettext
    said = ""
    if document.tendered is not None:
        said = _("Cash ({cashier}): received {received}, change {change}").format(
            cashier=document.cashier or "–", received=figure(document.tendered), change=figure(document.change or 0)
        )
    return "\u3000".join(part for part in (said, document.payment_note) if part)


def _packing(sheet: Sheet, texts: Words, document: SalesSlip, top: float, *, room: bool) -> None:
    """Draw the packing ticks of the counting copy: bag kinds (SET-05), cartons, weight, protection, lid."""
    _, pgettext = texts.gettext, texts.pgettext
    y = top + 11.4
    x = LEFT + sheet.text(LEFT, y, pgettext("paper", "Bagged"), 9.5, bold=True) + 2.5
    kinds = document.bag_kinds or (
        pgettext("paper", "chain"),
        pgettext("paper", "ring"),
        pgettext("paper", "ear"),
        pgettext("paper", "pendant"),
        pgettext("paper", "bangle"),
        pgettext("paper", "box"),
    )
    size = 9.5 if texts.language.startswith("zh") else 8.0
    for kind in kinds[:6]:
        x = sheet.tick_box(x, y, kind, False, size) + 1.4
    x = max(92.0, x + 0.5)
    x += sheet.text(x, y, pgettext("short label before a number of cartons", "Ctns"), 9.5) + 1
    sheet.rule(x, y + 0.6, max(114.0, x + 6))
    x = max(116.0, x + 7.5)
    x += sheet.text(x, y, pgettext("short label before a weight in kg", "Wt"), 9.5) + 1
    sheet.rule(x, y + 0.6, 135.5)
    sheet.text(136.4, y, "kg", 9.5)
    if not room:
        return
    y += 6.1
    x = LEFT + sheet.text(LEFT, y, pgettext("paper", "Protection"), 9.5, bold=True) + 2.5
    for label in (_("bubble wrap"), _("faulty pieces changed"), _("copy 3 inside the lid (absent)")):
        x = sheet.tick_box(x, y, label, False, size) + 2.6
    y += 6.1
    sheet.cross(LEFT, y, 2.4, 0.4)
    x = LEFT + 3.6
    x += sheet.text(x, y, _("Return slip no."), 9.5, bold=True) + 1.5
    sheet.rule(x, y + 0.8, 64.0)
    sheet.text(68.0, y, _("Balance and cash: not printed on this copy"), 9.5)
