"""The parts of the complaint sheet around its stages: business, decision, reply."""

from __future__ import annotations

from crmdesk.printing.a4 import LEFT, RIGHT
from crmdesk.printing.copies import Copy
from crmdesk.printing.documents import ComplaintSheet
from crmdesk.printing.layout import BOLD_RULE, Sheet
from crmdesk.printing.words import Words, figure, iso, short, short_time

CONTENT_TYPE, CONTENT_WIDTH, CONTENT_LINES = 10.5, RIGHT - LEFT, 3
_COLUMNS = (16.0, 78.0, 140.0)
_COLUMN = 54.0
_FIRST_ROW, _ROW = 54.2, 6.5


def short_fields(texts: Words, document: ComplaintSheet, copy: Copy) -> list[tuple[str, str, float]]:
    """Return (label, text, room in mm) of the nine fields of part one, as this copy says them (CMP-27)."""
    _, pgettext = texts.gettext, texts.pgettext
    heard = short_time(document.first_heard_at) if document.first_heard_at else ""
    hidden = _("(not printed on this copy)")
    fields = [
        (_("Customer"), document.customer),
        (pgettext("paper", "Contact"), document.contact if copy.with_contact else hidden),
        (_("First heard by"), f"{document.first_heard_by} {heard}".strip()),
        (_("Order no."), document.order_number),
        (pgettext("paper", "Item"), document.item),
        (_("Shipped on"), iso(document.shipped_on) if document.shipped_on else ""),
        (pgettext("paper", "Quantity"), document.quantity),
        (pgettext("paper", "Defective"), document.defective),
        (_("Customer wants"), document.demand),
    ]
    room = _COLUMN + 4 - 14
    return [(label, text, room) for label, text in fields]


def draw_business(sheet: Sheet, texts: Words, document: ComplaintSheet, copy: Copy) -> None:
    """Draw class ticks with the due day, and part one, filled in by business (CMP-27)."""
    _, pgettext = texts.gettext, texts.pgettext
    x = LEFT
    pairs = (
        (pgettext("paper", "domestic"), not document.foreign, pgettext("paper", "foreign"), document.foreign),
        (pgettext("paper", "quality"), document.quality, pgettext("paper", "not quality"), not document.quality),
        (pgettext("paper", "ordinary"), not document.severe, pgettext("paper", "severe"), document.severe),
    )
    for one, is_one, other, is_other in pairs:
        x = sheet.tick_box(x, 39.4, one, is_one, 10, bold=is_one) + 2.6
        x = sheet.tick_box(x, 39.4, other, is_other, 10, bold=is_other) + 6.5
    due = iso(document.due_on) if document.due_on else "—"
    text = _("close by {day} ({days} days)").format(days=document.due_days, day=due)
    if document.due_days:
        sheet.text(RIGHT, 39.4, text, 11, bold=True, align="right", width=RIGHT - x, least=0.5)
    sheet.rule(LEFT, 43.0, RIGHT)
    sheet.text(LEFT, 48.2, _("1  Business department"), 10.5, bold=True)
    for i, (label, value, room) in enumerate(short_fields(texts, document, copy)):
        column, y = _COLUMNS[i % 3], _FIRST_ROW + (i // 3) * _ROW
        _field(sheet, column, y, label, value, bold=i in (0, 7), room=room)
        sheet.dots(column, y + 1.6, column + _COLUMN if i % 3 < 2 else RIGHT)
    content = _("Content: {content}").format(content=document.content)
    sheet.paragraph(LEFT, 74.6, CONTENT_WIDTH, content, CONTENT_TYPE, most=CONTENT_LINES, leading=1.38)
    y = 91.0
    x = LEFT + sheet.text(LEFT, y, pgettext("paper", "Samples"), 9) + 3
    attached = (
        _("attached {count}").format(count=document.samples) if document.samples else pgettext("paper", "attached")
    )
    x = sheet.tick_box(x, y, attached, document.samples > 0, 10) + 3.5
    photos = _("photos {count}").format(count=document.photos) if document.photos else pgettext("paper", "photos")
    x = sheet.tick_box(x, y, photos, document.photos > 0, 10) + 5
    filled = " ".join(
        part for part in (document.filled_by, short(document.filled_on) if document.filled_on else "") if part
    )
    used = sheet.text(RIGHT, y, _("filled in by {name}").format(name=filled or "—"), 10, align="right", width=50)
    if document.business_opinion:
        opinion = _("Business says: {opinion}").format(opinion=document.business_opinion)
        fit = sheet.fit(opinion, RIGHT - used - 4 - x, 6.4, 10, 7, leading=1.1)
        sheet.lines(x, y - (len(fit.lines) - 1) * fit.leading / 2, fit)


def _field(sheet: Sheet, x: float, y: float, label: str, value: str, *, room: float, bold: bool = False) -> None:
    """Draw a label and a value that may shrink and take two lines but is not cut before the annex has it."""
    used = sheet.text(x, y, label, 9)
    room = min(room, _COLUMN + 4 - used - 2)
    fit = sheet.fit(value, room, 5.0, 10.5, 7, bold=bold, leading=1.05)
    sheet.lines(x + used + 2, y - (len(fit.lines) - 1) * fit.leading, fit, bold=bold)


def draw_decision(sheet: Sheet, texts: Words, document: ComplaintSheet, copy: Copy) -> None:
    """Draw part three: who is liable, what it costs, who approved; what a copy hides keeps its place (CMP-32 … 34)."""
    _, pgettext = texts.gettext, texts.pgettext
    hidden = _("(not printed on this copy)")
    punishment = document.punishment if copy.with_punishment else hidden
    sheet.text(LEFT, 200.3, _("3  Decision"), 10.5, bold=True)
    rows = (
        (206.8, ((16.0, 102.0, _("Liable unit"), document.liable_unit),
                 (106.0, 148.0, pgettext("paper", "Follow-up"), document.follow_up),
                 (152.0, RIGHT, pgettext("paper", "Exchange"), document.exchange))),
        (213.6, ((16.0, 58.0, pgettext("paper", "Loss"), document.loss if copy.with_loss else hidden),
                 (62.0, 102.0, pgettext("paper", "Allowance"), document.allowance if copy.with_loss else hidden),
                 (106.0, 148.0, pgettext("paper", "Fines"), document.fines if copy.with_fines else hidden),
                 (152.0, RIGHT, pgettext("paper", "Measures"), punishment))),
    )  # fmt: skip
    for y, fields in rows:
        for x, end, label, value in fields:
            used = sheet.text(x, y, label, 9)
            fit = sheet.fit(value, end - x - used - 2, 5.0, 10.5, 5, leading=1.05)
            sheet.lines(x + used + 2, y - (len(fit.lines) - 1) * fit.leading, fit)
            sheet.dots(x, y + 1.5, end)
    boxes = document.approvals[:6]
    if not boxes:
        return
    width = (RIGHT - LEFT) / len(boxes)
    sheet.box(LEFT, 218.0, RIGHT - LEFT, 15.0)
    for i, box in enumerate(boxes):
        x = LEFT + i * width
        if i:
            sheet.upright(x, 218.0, 233.0)
        title = box.title if box.from_amount is None else f"{box.title}\u3000≥ {figure(box.from_amount)}"
        sheet.text(x + 1.6, 222.3, title, 9, width=width - 3, least=0.6)
        said = [box.decision, f"{box.signed_by} {short(box.on)}" if box.on else box.signed_by]
        sheet.text(
            x + width / 2, 229.4, "\u3000".join(part for part in said if part), 11, align="centre", width=width - 3
        )


def draw_reply(sheet: Sheet, texts: Words, document: ComplaintSheet) -> None:
    """Draw part four: the answer, the call back, the close, and that no customer gets this sheet (CMP-36, CMP-41)."""
    _, pgettext = texts.gettext, texts.pgettext
    sheet.text(LEFT, 238.8, _("4  Answer to the customer"), 10.5, bold=True)
    fields = (
        (pgettext("paper", "Answered"), document.answered),
        (_("Goods sent"), document.replacement_sent),
        (_("Next reply"), document.next_reply),
    )
    for x, (label, value) in zip(_COLUMNS, fields, strict=True):
        _field(sheet, x, 245.2, label, value, room=_COLUMN)
        sheet.dots(x, 246.8, x + _COLUMN if x < 140 else RIGHT)
    called = _("Called back {day}").format(day=short(document.called_back_on) if document.called_back_on else "____")
    x = LEFT + sheet.text(LEFT, 251.9, called, 9) + 3
    x = sheet.tick_box(x, 251.9, pgettext("paper", "satisfied"), document.satisfied is True, 10) + 3.5
    x = sheet.tick_box(x, 251.9, _("again (new sheet, old attached)"), document.satisfied is False, 10) + 4
    if document.closed_on:
        state = (
            pgettext("paper", "in time")
            if document.overdue_days <= 0
            else _("▲ {days} d late").format(days=document.overdue_days)
        )
        closed = _("closed {day} (working day {count}, {state})").format(
            day=iso(document.closed_on), count=document.closed_working_day or "—", state=state
        )
        sheet.text(RIGHT, 251.9, closed, 10, bold=True, align="right", width=RIGHT - x, least=0.6)
    sheet.box(LEFT, 257.6, RIGHT - LEFT, 7.4, BOLD_RULE)
    warning = _("Internal: not to be copied or handed to the customer; answer by letter. (CMP-36)")
    sheet.text((LEFT + RIGHT) / 2, 262.6, warning, 10.5, bold=True, align="centre", width=RIGHT - LEFT - 8)
