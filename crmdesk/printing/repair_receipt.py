"""收條, A5: what the customer takes home when a piece is taken in for repair (REP-02 … 04)."""

from __future__ import annotations

from crmdesk.core.codes import PaperCode, qr_text
from crmdesk.printing import barcodes, photos, tractor
from crmdesk.printing.documents import RepairReceipt, Reprint
from crmdesk.printing.layout import BOLD_RULE, THIN, Fit, Sheet
from crmdesk.printing.words import Words, figure, iso, quantity, words

WIDTH, HEIGHT = 148.0, 210.0
LEFT, RIGHT, MIDDLE = 12.0, 136.0, 77.0


def render(
    document: RepairReceipt,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
) -> bytes:
    """Return the PDF of the receipt; a second sheet only when a text that must not be lost is too long."""
    texts = words(language or document.office.language)
    _, pgettext = texts.gettext, texts.pgettext
    sheet = Sheet(WIDTH, HEIGHT, texts.language, title=f"{_('Repair receipt')} {document.number}")
    fits = {
        _("Customer"): sheet.fit(document.customer, 55, 6.5, 14, 7, bold=True, leading=1.15),
        _("Phone"): sheet.fit(document.phone, 43, 5.6, 12, 7, leading=1.1),
        _("Part to repair"): sheet.fit(
            photos.marked(document.part, document.photo), 117, 10.5, 14, 8, bold=True, leading=1.2
        ),
    }
    cut = [(label, fit) for label, fit in fits.items() if fit.cut]
    _draw_head(sheet, texts, document, reprint, 1, 1 + bool(cut))
    _draw_customer(sheet, texts, fits)
    photos.draw(sheet, texts, document.photo, LEFT, 46, 60, 45)
    _draw_caption(sheet, texts, document)
    _draw_facts(sheet, texts, document)
    sheet.box(LEFT, 99, RIGHT - LEFT, 17.3, BOLD_RULE)
    sheet.text(15, 104.2, _("Part to repair"), 9, bold=True)
    part = fits[_("Part to repair")]
    sheet.lines(15, 111.6 if len(part.lines) == 1 else 109.4, part, bold=True)
    _draw_route(sheet, texts, document)
    _draw_told(sheet, texts, document)
    _draw_signatures(sheet, texts, document, 1, 1 + bool(cut))
    if document.void:
        sheet.diagonal(pgettext("paper", "VOID"), 100)
    if cut:
        sheet.next_page()
        _draw_head(sheet, texts, document, reprint, 2, 2)
        _draw_annex(sheet, texts, document, cut)
    return sheet.to_bytes()


def _draw_head(
    sheet: Sheet, texts: Words, document: RepairReceipt, reprint: Reprint | None, page: int, pages: int
) -> None:
    _, pgettext = texts.gettext, texts.pgettext
    spaced = texts.language.startswith("zh")
    sheet.text(LEFT, 19.0, _("Repair receipt"), 22, bold=True, spacing=20 if spaced else 0)
    name, address = (
        document.office.name,
        "\u3000".join(p for p in (document.office.address, document.office.phone) if p),
    )
    desk = "\u3000".join(part for part in (name, _("repairs taken in")) if part)
    sheet.text(LEFT, 26.0, desk, 11, width=49, least=0.6)
    fit = sheet.fit(address, 84, 4.6, 9, 6, lines=1)
    sheet.lines(LEFT, 31.6, fit)
    side = sheet.qr(
        RIGHT - 21 * barcodes.LASER_QR, 10.5, qr_text(PaperCode("F", document.number, 0)), barcodes.LASER_QR
    )
    right = RIGHT - side - 4.5
    sheet.text(right, 14.6, document.number, 15, bold=True, align="right", width=50, least=0.5)
    sheet.text(right, 20.7, f"{document.at:%Y-%m-%d %H:%M}", 10, align="right")
    sheet.text(right, 26.3, _("customer's copy: bring it to collect"), 9, align="right", width=56, least=0.7)
    if reprint:
        tractor.reprint_box(sheet, texts, reprint, RIGHT, 28.2)
    elif document.void:
        text = pgettext("paper", "VOID")
        width = sheet.measure(text, 9, True) + 6
        sheet.box(RIGHT - width, 28.2, width, 5.2, BOLD_RULE)
        sheet.text(RIGHT - width / 2, 31.95, text, 9, bold=True, align="centre")
    sheet.rule(LEFT, 35.0, RIGHT, BOLD_RULE)


def _draw_customer(sheet: Sheet, texts: Words, fits: dict[str, Fit]) -> None:
    _ = texts.gettext
    name, phone = fits[_("Customer")], fits[_("Phone")]
    x = max(22.0, LEFT + sheet.text(LEFT, 41.6, _("Customer"), 9) + 2)
    sheet.lines(x, 41.6 - (len(name.lines) - 1) * name.leading, name, bold=True)
    sheet.text(80, 41.6, _("Phone"), 9)
    sheet.lines(RIGHT, 41.6 - (len(phone.lines) - 1) * phone.leading, phone, align="right")


def _draw_caption(sheet: Sheet, texts: Words, document: RepairReceipt) -> None:
    _ = texts.gettext
    if document.photo is None:
        return
    text = _("Photo {number} of {count}").format(number=document.photo.number, count=document.photo.count)
    if document.photo.taken_on:
        text += "\u3000" + _("{day} taken at intake").format(day=iso(document.photo.taken_on))
    sheet.text(LEFT, 95.2, text, 9, width=60)


def _draw_facts(sheet: Sheet, texts: Words, document: RepairReceipt) -> None:
    """Draw what the piece is and what it looked like when it was taken in."""
    _, pgettext = texts.gettext, texts.pgettext
    money = texts.sign(document.office.currency)
    facts = (
        (pgettext("paper", "Code"), document.item_code),
        (pgettext("paper", "Item"), document.item_name),
        (_("Material"), document.material),
        (pgettext("paper", "Weight"), f"{quantity(document.weight_g)} g" if document.weight_g is not None else ""),
        (pgettext("paper", "Stones"), document.stones),
        (pgettext("paper", "Condition"), document.condition),
        (
            _("Declared value"),
            f"{money} {figure(document.declared_value)}" if document.declared_value is not None else "",
        ),
        (_("Bought on slip"), document.bought_on_slip),
    )
    for i, (label, value) in enumerate(facts):
        y = 49.9 + i * 5.95
        used = sheet.text(MIDDLE, y, label, 9)
        fit = sheet.fit(value, RIGHT - MIDDLE - used - 3, 5.2, 10.5, 6, leading=1.1)
        sheet.lines(RIGHT, y - (len(fit.lines) - 1) * fit.leading, fit, align="right")
        sheet.dots(MIDDLE, y + 1.7, RIGHT)


def _draw_route(sheet: Sheet, texts: Words, document: RepairReceipt) -> None:
    """Draw own or outside repair, and the ruler of months with the earliest and the latest day (REP-02)."""
    _, pgettext = texts.gettext, texts.pgettext
    first, last = document.months
    x = LEFT + sheet.text(LEFT, 122.6, pgettext("paper", "Way"), 9, bold=True) + 5
    x = sheet.tick_box(x, 122.6, _("in our own shop"), not document.outside, 10, bold=not document.outside) + 5
    outside = pgettext("paper", "sent out")
    if document.outside:
        outside = _("sent out ({place}, about {first} to {last} months)").format(
            place=document.outside_place or pgettext("paper", "workshop"), first=first, last=last
        )
    sheet.tick_box(x, 122.6, outside, document.outside, 10, bold=document.outside)
    if not document.outside or last <= 0:
        promised = iso(document.promised) if document.promised else "—"
        sheet.text(LEFT, 133.5, _("Ready on {day}").format(day=promised), 14, bold=True)
        return
    start, step = 13.0, (RIGHT - 1 - 13.0) / last
    begin, end = start + first * step, start + last * step
    if document.earliest:
        sheet.text(begin, 130.2, _("earliest {day}").format(day=iso(document.earliest)), 9.5, bold=True)
    if document.latest:
        sheet.text(end, 130.2, _("latest {day}").format(day=iso(document.latest)), 9.5, bold=True, align="right")
    sheet.rule(start, 134.0, begin, THIN)
    sheet.rule(begin, 134.0, end, 1.4)
    for month in range(last + 1):
        x = start + month * step
        edge = month in (0, first, last)
        sheet.upright(x, 132.2, 136.0, BOLD_RULE if edge else THIN)
    sheet.text(start, 139.6, pgettext("paper", "taken in"), 9)
    every = max(1, last // 8)
    for month in range(first, last + 1):
        if (month - first) % every and month != last:
            continue
        label = _("{count} mo.").format(count=month) if month in (first, last) else str(month)
        x = start + month * step
        sheet.text(x + (1.0 if month == last else 0), 139.6, label, 9, align="right" if month == last else "centre")


def _draw_told(sheet: Sheet, texts: Words, document: RepairReceipt) -> None:
    """Draw what the customer was told, ticked when it was (REP-02, REP-03)."""
    _ = texts.gettext
    first, last = document.months
    sheet.rule(LEFT, 145.4, RIGHT)
    sheet.text(LEFT, 150.3, _("What we told you"), 10, bold=True)
    if document.outside:
        time = _("The repair takes about {first} to {last} months; when it is late we call you.").format(
            first=first, last=last
        )
        if document.latest:
            time = _("It takes about {first} to {last} months, until {day} at most; if it is late we call you.").format(
                first=first, last=last, day=iso(document.latest)
            )
    else:
        time = _("The repair is ready on the day above; when it is late we call you.")
    fee = _("The fee is still to be estimated; we ask you first.")
    if document.fee_limit is not None:
        fee = _("Fee to be estimated; above {sum} we call first and repair if you agree.").format(
            sum=f"{texts.sign(document.office.currency)} {figure(document.fee_limit)}"
        )
    told = (
        (time, document.told_time),
        (_("The piece may not come back exactly the same as before."), document.told_may_differ),
        (_("We do not repair Thai silver; this piece was checked and is none."), document.told_no_thai_silver),
        (fee, document.told_fee_limit),
    )
    for i, (text, done) in enumerate(told):
        y = 157.0 + i * 6.5
        x = sheet.tick_box(LEFT, y, "", done, 10) + 1.5
        fit = sheet.fit(text, RIGHT - x, 5.4, 10, 7, leading=1.1)
        sheet.lines(x, y - (len(fit.lines) - 1) * fit.leading / 2, fit)


def _draw_signatures(sheet: Sheet, texts: Words, document: RepairReceipt, page: int, pages: int) -> None:
    _ = texts.gettext
    sheet.box(LEFT, 183, 59, 16)
    sheet.text(14, 187.2, _("Taken in by (shop)"), 9, width=55)
    sheet.text(LEFT + 36, 194.6, document.issuer, 13, align="centre", width=44, least=0.5)
    sheet.box(MIDDLE, 183, 59, 16)
    sheet.text(79, 187.2, _("Customer's signature (told the above)"), 9, width=55)
    tail = document.number[-3:]
    ask = _("To ask, give the last 3 figures {tail} or show this code.").format(tail=tail)
    used = sheet.text(RIGHT, 204.2, texts.page(page, pages), 9, align="right")
    sheet.text(LEFT, 204.2, ask, 9, width=RIGHT - LEFT - used - 4)


def _draw_annex(sheet: Sheet, texts: Words, document: RepairReceipt, cut: list[tuple[str, Fit]]) -> None:
    _ = texts.gettext
    sheet.text(LEFT, 41.6, _("Annex to {number}").format(number=document.number), 12, bold=True)
    room = 145.0 / len(cut)
    for i, (label, fit) in enumerate(cut):
        y = 49.0 + i * room
        sheet.text(LEFT, y, label, 9)
        sheet.lines(LEFT, y + 6, sheet.fit(fit.text, RIGHT - LEFT, room - 10, 11, 3))
