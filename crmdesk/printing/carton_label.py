"""箱標, 100 × 150 mm on the thermal printer, one per carton (PACK-08, 11, 13, 14; SHIP-02, 04).

It never says what is inside or what it is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crmdesk.core.codes import PaperCode, bar_text, qr_text
from crmdesk.printing import barcodes
from crmdesk.printing.documents import CartonLabel, Reprint
from crmdesk.printing.layout import BOLD_RULE, Fit, Sheet
from crmdesk.printing.words import Words, iso, quantity, words

WIDTH, HEIGHT = 100.0, 150.0
LEFT, RIGHT, INNER, END = 4.0, 96.0, 5.0, 95.0
DOTS = 8.0


def render(
    document: CartonLabel,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
) -> bytes:
    """Return the PDF of one label; ``copies`` is there for the sake of one signature, a label has only one."""
    return render_many([document], language=language, reprint=reprint)


def render_many(
    documents: Sequence[CartonLabel],
    *,
    language: str | None = None,
    reprint: Reprint | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Return one PDF of many labels; ``progress(done, of)`` is called after each and may raise to give up."""
    if not documents:
        raise ValueError("no labels to print")
    texts = words(language or documents[0].office.language)
    sheet = Sheet(WIDTH, HEIGHT, texts.language, title=documents[0].number, dots=DOTS)
    for i, document in enumerate(documents):
        if i:
            sheet.next_page()
        cut = _draw(sheet, texts, document, reprint)
        if cut:
            sheet.next_page()
            _draw_annex(sheet, texts, document, cut)
        if progress:
            progress(i + 1, len(documents))
    return sheet.to_bytes()


def _draw(sheet: Sheet, texts: Words, document: CartonLabel, reprint: Reprint | None) -> list[tuple[str, Fit]]:
    """Draw a label; return what did not fit and must go on a second one."""
    _draw_carrier(sheet, texts, document, reprint)
    cut = _draw_receiver(sheet, texts, document)
    _draw_sender(sheet, texts, document)
    _draw_codes(sheet, texts, document)
    _draw_counters(sheet, texts, document)
    _draw_seal(sheet, texts, present=document.present)
    if document.void:
        sheet.diagonal(texts.pgettext("paper", "VOID"), 80)
    return cut


def _draw_carrier(sheet: Sheet, texts: Words, document: CartonLabel, reprint: Reprint | None) -> None:
    _, pgettext = texts.gettext, texts.pgettext
    sheet.text(INNER, 12.9, document.carrier, 19, bold=True, width=57, least=0.55)
    if document.waybill:
        sheet.text(
            INNER, 19.4, _("Waybill {number}").format(number=document.waybill), 13.5, bold=True, width=58, least=0.5
        )
    shipped = _("shipped {day}").format(day=iso(document.shipped_on)) if document.shipped_on else ""
    line = "\u3000".join(part for part in (document.terms, shipped) if part)
    if document.carrier or document.waybill:
        sheet.text(INNER, 24.6, line, 11, width=58)
    else:  # collected or carried by ourselves: what there is to say has the carrier's place
        sheet.text(INNER, 18.0, line, 15, bold=True, width=57, least=0.6)
    if reprint:
        sheet.text(INNER, 7.0, texts.reprint(reprint), 9, bold=True, width=57)
    sheet.box(65, 4, 31, 22.5, BOLD_RULE)
    sheet.text(80.5, 9.0, pgettext("paper", "CARTON"), 9.5, bold=True, align="centre", width=28)
    sheet.text(
        80.5, 23.0, f"{document.carton} / {document.cartons}", 36, bold=True, align="centre", width=28.5, least=0.3
    )
    sheet.rule(LEFT, 29.0, RIGHT, BOLD_RULE)


def _draw_receiver(sheet: Sheet, texts: Words, document: CartonLabel) -> list[tuple[str, Fit]]:
    _ = texts.gettext
    used = sheet.text(INNER, 33.9, _("Deliver to"), 9)
    sheet.text(END, 33.9, document.company, 12, align="right", width=END - INNER - used - 4)
    beside = sheet.measure(document.title, 14) + 2 if document.title else 0.0
    name = sheet.fit(document.name, 90 - beside, 13, 34, 22, bold=True, lines=1)
    if name.cut:
        whole = f"{document.name} {document.title}" if document.title else document.name
        name = sheet.fit(whole, 90, 13, 18, 9, bold=True, leading=1.12)
        last = 48.2 if len(name.lines) > 1 else 46.0
        sheet.lines(INNER, last - (len(name.lines) - 1) * name.leading, name, bold=True)
    else:
        sheet.lines(INNER, 47.2, name, bold=True)
        sheet.text(INNER + sheet.measure(name.lines[0], name.size, True) + 2, 47.2, document.title, 14)
    phone = sheet.fit(document.phone, 90, 7.8, 23, 8, bold=True, leading=1.1)
    sheet.lines(INNER, 56.8 - (len(phone.lines) - 1) * phone.leading, phone, bold=True)
    address = sheet.fit(document.address, 90, 13.4, 15.5, 8.5, bold=True, leading=1.14)
    sheet.lines(INNER, 59.4 + address.size * 0.31, address, bold=True)
    sheet.rule(LEFT, 74.0, RIGHT)
    fits = ((_("Deliver to"), name), (_("Phone"), phone), (_("Address"), address))
    return [(label, fit) for label, fit in fits if fit.cut]


def _draw_sender(sheet: Sheet, texts: Words, document: CartonLabel) -> None:
    _, pgettext, ngettext = texts.gettext, texts.pgettext, texts.ngettext
    office = document.office
    total = ""
    here = ngettext("This carton {count} pc", "This carton {count} pcs", round(document.pieces)).format(
        count=quantity(document.pieces)
    )
    if document.weight_kg is not None:
        here += f"\u3000{quantity(document.weight_kg)} kg"
    if document.total_weight_kg is not None:
        total = ngettext("{count} carton in all, {kg} kg", "{count} cartons in all, {kg} kg", document.cartons).format(
            count=document.cartons, kg=quantity(document.total_weight_kg)
        )
    right = sheet.text(END, 79.0, here, 13, bold=True, align="right", width=42, least=0.7)
    x = max(13.0, INNER + sheet.text(INNER, 79.0, pgettext("paper", "From"), 9) + 1.5)
    sender = "\u3000".join(part for part in (office.name, office.phone) if part)
    sheet.text(x, 79.0, sender, 11, width=END - right - 5 - x, least=0.75)
    right = sheet.text(END, 83.5, total, 9.5, align="right", width=36)
    sheet.text(x, 83.5, office.address, 9.5, width=END - right - 5 - x, least=0.7)
    sheet.rule(LEFT, 86.0, RIGHT)


def _draw_codes(sheet: Sheet, texts: Words, document: CartonLabel) -> None:
    _ = texts.gettext
    code = PaperCode("B", document.number, document.carton)
    text = bar_text(code)
    width = sheet.bars_width(text, barcodes.THERMAL_BAR)
    x = sheet.snap(max(LEFT + 3.75, 38.0 - width / 2))
    sheet.code128(x, 88.5, text, barcodes.THERMAL_BAR, 14.0)
    said = _("{number} carton {carton}").format(number=document.number, carton=document.carton)
    sheet.text(38.0, 107.0, said, 12, bold=True, align="centre", width=62)
    sheet.qr(74.0, 88.0, qr_text(code), barcodes.THERMAL_QR_LARGE)
    sheet.rule(LEFT, 110.0, RIGHT)


def _draw_counters(sheet: Sheet, texts: Words, document: CartonLabel) -> None:
    """Draw who counted, and who counted again (PACK-11), with what the carrier should mind."""
    _, pgettext = texts.gettext, texts.pgettext
    warnings = document.warnings or (_("do not stack"), _("do not throw"), _("keep dry"))
    said = "\u3000".join(warnings)
    used = sheet.measure(said, 12, True)
    if used <= 34:
        sheet.text(END, 115.3, said, 12, bold=True, align="right")
    else:  # in longer words two lines, none of them broken within a warning
        splits = [("\u3000".join(warnings[:i]), "\u3000".join(warnings[i:])) for i in range(1, len(warnings))]
        pair = min(splits or [(said, "")], key=lambda two: max(sheet.measure(line, 8.5, True) for line in two))
        used = max(
            sheet.text(END, y, line, 8.5, bold=True, align="right", width=38, least=0.6)
            for y, line in zip((113.2, 116.2), pair, strict=True)
        )
    end = END - used - 3
    first, second = pgettext("paper", "Counted"), pgettext("paper", "Again")
    longer = sheet.measure(first, 9) - sheet.measure(second, 9)
    middle = INNER + (end - INNER + longer) / 2  # as much room for the one name as for the other
    for x, label, name, limit in (
        (INNER, first, document.counter, middle - 1.5),
        (middle, second, document.second_counter, end),
    ):
        x += sheet.text(x, 115.3, label, 9, width=14) + 1.8
        sheet.text(x, 115.3, name, 12, bold=True, width=limit - x, least=0.5)


def _draw_seal(sheet: Sheet, texts: Words, *, present: bool) -> None:
    """Draw the box that lies over the lid's gap: the customer writes on it, against opening (PACK-08)."""
    _, pgettext = texts.gettext, texts.pgettext
    sheet.box(LEFT, 118.0, 92.0, 28.5, BOLD_RULE)
    heading = _("Seal: customer writes name, address and phone by hand, across the gap")
    if not present:  # PACK-14
        heading = _("Seal: write the customer's name across the gap")
    sheet.lines(6.0, 122.4, sheet.fit(heading, 88, 7.6, 9.5, 8.5, bold=True), bold=True)
    used = sheet.text(5.6, 135.0, pgettext("paper", "gap"), 9.5)
    sheet.text(94.4, 135.0, pgettext("paper", "gap"), 9.5, align="right")
    sheet.dots(5.6 + used + 1.2, 134.0, 94.4 - used - 1.2, dash=(3.0, 1.5, 0.5, 1.5), weight=BOLD_RULE)


def _draw_annex(sheet: Sheet, texts: Words, document: CartonLabel, cut: list[tuple[str, Fit]]) -> None:
    """Draw the second label with the whole of what did not fit on the first."""
    _ = texts.gettext
    sheet.text(INNER, 12.0, _("Annex to {number}").format(number=document.number), 15, bold=True, width=90)
    sheet.text(END, 19.0, f"{document.carton} / {document.cartons}", 13, bold=True, align="right")
    sheet.rule(LEFT, 22.0, RIGHT, BOLD_RULE)
    room = 120.0 / len(cut)
    for i, (label, fit) in enumerate(cut):
        y = 27.0 + i * room
        sheet.text(INNER, y, label, 9)
        sheet.lines(INNER, y + 6, sheet.fit(fit.text, 90, room - 10, 14, 3, bold=True), bold=True)
