"""修理單 on 241 × 140 mm tractor paper: stub, customer's copy, copy with the piece (REP-05 … 07)."""

from __future__ import annotations

from dataclasses import replace

from crmdesk.core.codes import PaperCode
from crmdesk.printing import copies as copy_tables
from crmdesk.printing import photos, tractor
from crmdesk.printing.copies import Copy
from crmdesk.printing.documents import HandOver, RepairSlip, Reprint
from crmdesk.printing.layout import BOLD_RULE, Fit, Sheet
from crmdesk.printing.tractor import CIRCLED, LEFT, RIGHT
from crmdesk.printing.words import Words, figure, iso, quantity, short, words

_FIRST, _LAST = 0, 6
_CUSTOMER_HANDS = (0, 5, 6)


def render(
    document: RepairSlip,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
    carbonless: bool = False,
    offset: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """Return the PDF of the copies asked for (numbers 1 to 3, all when None); see :mod:`sales_slip` for the rest."""
    texts = words(language or document.office.language)
    title = texts.gettext("Repair slip")
    sheet = Sheet(tractor.WIDTH, tractor.HEIGHT, texts.language, title=f"{title} {document.number}", offset=offset)
    everything = Copy("all", 0, "", "", with_internal=True)
    first = True
    all_copies = copy_tables.repair_copies(document.receivers)
    wanted = copy_tables.chosen(all_copies, copies)
    for copy in (everything,) if carbonless else wanted:
        if not document.outside and not copy.with_contact:
            copy = replace(copy, recipient=copy_tables.STAYS_IN_SHOP)
        fits = _fits(sheet, texts, document, copy)
        cut = [(label, fit) for label, fit in fits.items() if fit.cut]
        code = PaperCode("F", document.number, copy.number)
        pages = 1 + bool(cut)
        for page in range(1, pages + 1):
            if not first:
                sheet.next_page()
            first = False
            tractor.head_right(sheet, texts, document.number, document.at, code, page, pages)
            if carbonless:
                tractor.edge_carbonless(sheet, texts, all_copies)
            else:
                tractor.edge_mark(sheet, texts, copy)
            if page == 2:
                tractor.annex(sheet, texts, document.number, cut)
                continue
            _draw_copy(sheet, texts, document, copy, fits)
            tractor.foot_bars(sheet, code, 121.4, 9.0)
            right = 158.0
            tractor.reprint_box(sheet, texts, reprint, right, 22.6)
            if document.void:
                tractor.void_mark(sheet, texts, right, 15.6)
    return sheet.to_bytes()


def _fits(sheet: Sheet, texts: Words, document: RepairSlip, copy: Copy) -> dict[str, Fit]:
    """Fit what this copy says and must not lose."""
    _ = texts.gettext
    found = {
        _("Customer"): sheet.fit(
            document.customer, 48 if copy.with_contact else 185, 6.4, 14, 6.5, bold=True, leading=1.12
        ),
        _("Part to repair"): sheet.fit(
            photos.marked(document.part, document.photo), 90, 11.0, 13, 7, bold=True, leading=1.2
        ),
    }
    if copy.with_contact:
        found[_("Phone")] = sheet.fit(document.phone, 28, 5.8, 10.5, 6, leading=1.1)
        found[_("Address")] = sheet.fit(document.address, 95, 6.2, 10.5, 6, leading=1.12)
    return found


def _draw_copy(sheet: Sheet, texts: Words, document: RepairSlip, copy: Copy, fits: dict[str, Fit]) -> None:
    _ = texts.gettext
    spaced = texts.language.startswith("zh")
    sheet.text(LEFT, 13.6, _("Repair slip"), 20, bold=True, spacing=5 if spaced else 0)
    _name, address = tractor.office_lines(document.office)
    sheet.text(LEFT, 20.3, document.office.name, 11, width=80)
    if copy.with_contact:
        sheet.lines(LEFT, 25.6, sheet.fit(address, 130, 4, 9, 6, lines=1))
    else:
        hidden = _("Copy with the piece: the customer's phone, address, value and fees are not printed")
        sheet.text(LEFT, 25.6, hidden, 9, width=130, least=0.95)
    sheet.rule(LEFT, 29.4, RIGHT, BOLD_RULE)
    _value(sheet, LEFT, 36.0, _("Customer"), fits[_("Customer")], 25.2, bold=True)
    if copy.with_contact:
        _value(sheet, 76, 36.0, _("Phone"), fits[_("Phone")], 85)
        _value(sheet, 114, 36.0, _("Address"), fits[_("Address")], 123)
    sheet.rule(LEFT, 39.5, RIGHT)
    _draw_piece(sheet, texts, document, copy, fits[_("Part to repair")])
    photos.draw(sheet, texts, document.photo, 114, 43, 46, 34.5, ring=2.8)
    if document.photo:
        caption = _("Intake photo {number} of {count}").format(number=document.photo.number, count=document.photo.count)
        sheet.text(114, 81.5, caption, 9)
    _draw_way(sheet, texts, document, copy)
    _draw_hands(sheet, texts, document, copy)
    _draw_foot(sheet, texts, document, copy)


def _value(sheet: Sheet, x: float, y: float, label: str, fit: Fit, value_x: float, *, bold: bool = False) -> None:
    value_x = max(value_x, x + sheet.text(x, y, label, 9) + 1.5)
    sheet.lines(value_x, y - (len(fit.lines) - 1) * fit.leading, fit, bold=bold)


def _draw_piece(sheet: Sheet, texts: Words, document: RepairSlip, copy: Copy, part: Fit) -> None:
    _, pgettext = texts.gettext, texts.pgettext
    weight = f"{quantity(document.weight_g)} g" if document.weight_g is not None else ""
    stones = _("stones {stones}").format(stones=document.stones) if document.stones else ""
    value = (
        f"{texts.sign(document.office.currency)} {figure(document.declared_value)}"
        if document.declared_value is not None
        else ""
    )
    facts = [
        (pgettext("paper", "Code"), f"{document.item_code} {document.item_name}".strip()),
        (_("Material, weight"), "\u3000".join(text for text in (document.material, weight, stones) if text)),
        (pgettext("paper", "Condition"), document.condition),
    ]
    if copy.with_value:
        facts.append((_("Declared value"), value))
    for i, (label, text) in enumerate(facts):
        y = 44.8 + i * 5.85
        x = max(34.0, LEFT + sheet.text(LEFT, y, label, 9) + 2)
        fit = sheet.fit(text, 109 - x, 5.2, 10.5, 6, leading=1.1)
        sheet.lines(x, y - (len(fit.lines) - 1) * fit.leading, fit)
        sheet.dots(LEFT, y + 1.7, 109.5)
    sheet.box(LEFT, 64.6, 94, 18, BOLD_RULE)
    sheet.text(18, 68.7, _("Part to repair"), 9, bold=True)
    sheet.lines(18, 74.6 if len(part.lines) == 1 else 73.4, part, bold=True)


def _draw_way(sheet: Sheet, texts: Words, document: RepairSlip, copy: Copy) -> None:
    """Draw own or outside repair with its days; the customer sees no batch, the workshop sees its instruction."""
    _, pgettext = texts.gettext, texts.pgettext
    left = 165.0
    x = left + sheet.text(left, 45.3, pgettext("paper", "Way"), 9) + 3
    x = sheet.tick_box(x, 45.3, _("own shop"), not document.outside, 9.5, bold=not document.outside) + 3
    sheet.tick_box(x, 45.3, pgettext("paper", "sent out"), document.outside, 9.5, bold=document.outside)
    earliest = iso(document.earliest) if document.earliest else ""
    latest = iso(document.latest) if document.latest else ""
    if not document.outside:
        rows = [(pgettext("paper", "Ready on"), iso(document.promised) if document.promised else "", True)]
        rows.append((pgettext("paper", "When late"), _("we call you"), False))
    elif copy.with_batch:
        window = ""
        if document.earliest and document.latest:
            same = document.earliest.year == document.at.year
            window = f"{short(document.earliest) if same else earliest} ～ {latest}"
        sent = iso(document.sent_on) if document.sent_on else ""
        rows = [
            (_("Hand-over batch"), document.batch, False),
            (pgettext("paper", "Sent on"), sent, False),
            (pgettext("paper", "Back"), window, True),
        ]
    else:
        rows = [
            (pgettext("paper", "Earliest"), earliest, False),
            (pgettext("paper", "Latest"), latest, True),
            (pgettext("paper", "When late"), _("we call you"), False),
        ]
    for i, (label, text, bold) in enumerate(rows):
        y = 51.7 + i * 6.0
        used = sheet.text(left, y, label, 9)
        sheet.text(RIGHT, y, text, 10.5, bold=bold, align="right", width=RIGHT - left - used - 2, least=0.6)
        sheet.dots(left, y + 1.8, RIGHT)
    if not copy.with_contact:
        sheet.lines(left, 70.3, sheet.fit(document.instruction, RIGHT - left, 14.5, 9.5, 6))
        return
    first, last = document.months
    told = _("told: {first}–{last} months").format(first=first, last=last) if document.outside else _("told: the day")
    ticks = (
        (told, document.told_time),
        (_("told: may not be the same"), document.told_may_differ),
        (_("checked: not Thai silver"), document.checked_not_thai_silver),
    )
    for i, (text, done) in enumerate(ticks):
        sheet.tick_box(left, 70.1 + i * 5.0, text, done, 9.2)


def _draw_hands(sheet: Sheet, texts: Words, document: RepairSlip, copy: Copy) -> None:
    """Draw the chain of hands the piece goes through; the customer's copy has only the three that matter there."""
    _, pgettext = texts.gettext, texts.pgettext
    names = (
        pgettext("paper", "taken in"),
        pgettext("paper", "handed out"),
        pgettext("paper", "at the workshop"),
        pgettext("paper", "returned"),
        _("checked, sorted"),
        _("customer told"),
        pgettext("paper", "collected"),
    )
    customers = not copy.with_batch
    shown = _CUSTOMER_HANDS if customers else tuple(range(len(names)))
    sheet.rule(LEFT, 86.0, RIGHT, BOLD_RULE)
    sheet.text(LEFT, 91.0, _("Hands the piece goes through"), 10, bold=True)
    note = _("compare with the photo before signing") if customers else _("sign and date at each hand")
    sheet.text(RIGHT, 91.0, note, 9.2, align="right")
    width = (RIGHT - LEFT) / len(shown)
    sheet.box(LEFT, 93.5, RIGHT - LEFT, 18.1)
    for i, hand in enumerate(shown):
        x = LEFT + i * width
        if i:
            sheet.upright(x, 93.5, 111.6)
        sheet.text(x + 1.5, 97.9, f"{CIRCLED[i + 1]} {names[hand]}", 9.5, bold=True, width=width - 2.5, least=0.7)
        done = document.hands[hand] if hand < len(document.hands) else HandOver()
        sheet.text(x + width / 2, 104.2, done.by, 11, align="centre", width=width - 3, least=0.5)
        if done.on:
            sheet.text(x + 1.5, 109.6, short(done.on), 9.5)
        else:
            sheet.text(x + width / 2 - 6, 109.6, pgettext("blank for a date", "date"), 9.5, width=width / 2)


def _draw_foot(sheet: Sheet, texts: Words, document: RepairSlip, copy: Copy) -> None:
    """Draw fees and remarks, as much of them as the copy may say, or the lines for the workshop's notes."""
    _, pgettext = texts.gettext, texts.pgettext
    end = 150.0
    if not copy.with_prices:
        notes = _("Workshop's notes") if document.outside else _("Repair notes")
        used = sheet.text(LEFT, 116.8, notes, 9)
        sheet.rule(LEFT + used + 2, 118.0, 140)
        sheet.rule(LEFT, 126.0, 140)
        sheet.rule(LEFT, 134.0, 140)
        return
    money = texts.sign(document.office.currency)
    parts = [figure(document.fee_estimate) if document.fee_estimate is not None else _("to be estimated")]
    if document.fee_limit is not None:
        limit = f"{money} {figure(document.fee_limit)}"
        if not copy.with_internal:
            parts.append(_("above {limit} we ask you first").format(limit=limit))
        elif document.consent_on:
            consent = _("limit {limit} (customer agreed {day})").format(limit=limit, day=short(document.consent_on))
            parts.append(consent)
        else:
            parts.append(_("limit {limit}").format(limit=limit))
    if copy.with_internal and document.outside:
        cost = f"{money} {figure(document.outside_cost)}" if document.outside_cost is not None else "________"
        parts.append(_("outside cost {cost}").format(cost=cost))
    x = max(25.2, LEFT + sheet.text(LEFT, 116.8, pgettext("paper", "Fee"), 9) + 1.5)
    sheet.text(x, 116.8, "\u3000".join(parts), 10.5, width=RIGHT - x, least=0.6)
    if copy.with_repair:
        used = sheet.text(LEFT, 122.4, _("Repair notes"), 9)
        sheet.rule(LEFT + used + 2, 123.4, end)
    elif copy.with_internal:
        x = max(25.2, LEFT + sheet.text(LEFT, 122.4, pgettext("paper", "Internal"), 9) + 1.5)
        sheet.lines(x, 122.4, sheet.fit(document.internal_remark, end - x, 5.0, 10, 6, lines=2, leading=1.1))
    else:
        policy = _(
            "It may not come back exactly the same; Thai silver is not repaired. Bring this copy when you collect."
        )
        sheet.text(LEFT, 122.4, policy, 9.5, width=end - LEFT, least=0.7)
    used = sheet.text(LEFT, 130.2, _("Repairer's signature") if copy.with_repair else _("Taken in by"), 9)
    x = LEFT + used + 2
    sheet.rule(x, 131.2, x + 31)
    if not copy.with_repair:
        sheet.text(x + 15.5, 130.2, document.issuer, 10.5, align="centre", width=30, least=0.6)
    x += 35
    used = sheet.text(x, 130.2, _("Customer's signature"), 9)
    sheet.rule(x + used + 2, 131.2, max(x + used + 22, 104.0))
