"""The parts of the complaint sheet around its stages: business, decision, reply."""

from __future__ import annotations

from typing import NamedTuple

from crmdesk.printing.a4 import LEFT, RIGHT
from crmdesk.printing.copies import Copy
from crmdesk.printing.documents import ComplaintSheet
from crmdesk.printing.layout import BOLD_RULE, Fit, Sheet
from crmdesk.printing.words import Words, figure, iso, short, short_time

CONTENT_TYPE, CONTENT_WIDTH, CONTENT_LINES = 10.5, RIGHT - LEFT, 3
SMALLEST = 8.5
_COLUMNS = (16.0, 78.0, 140.0)
_COLUMN = 54.0
_FIRST_ROW, _ROW = 54.0, 6.1
_OF_BUSINESS = 9
_ENDS = (_COLUMNS[0] + _COLUMN, _COLUMNS[1] + _COLUMN, RIGHT)


class Field(NamedTuple):
    """A label and its value on a dotted line that ends at ``end``; ``lines`` says how many lines the value may take."""

    label: str
    value: str
    x: float
    y: float
    end: float
    bold: bool = False
    lines: int = 1


def short_fields(texts: Words, document: ComplaintSheet, copy: Copy) -> list[Field]:
    """Return the fields of part one (CMP-27) and of the decision (CMP-33), as this copy says them."""
    _, pgettext = texts.gettext, texts.pgettext
    heard = short_time(document.first_heard_at) if document.first_heard_at else ""
    hidden = _("(not printed on this copy)")
    first, second, third, fourth = (_FIRST_ROW + i * _ROW for i in range(4))
    (one, two, three), (end_one, end_two, end_three) = _COLUMNS, _ENDS
    business = [
        Field(_("Customer"), document.customer, one, first, end_one, bold=True),
        Field(pgettext("paper", "Contact"), document.contact if copy.with_contact else hidden, two, first, end_two),
        Field(_("First heard by"), f"{document.first_heard_by} {heard}".strip(), three, first, end_three),
        Field(_("Order no."), document.order_number, one, second, end_one),
        Field(_("Shipped on"), iso(document.shipped_on) if document.shipped_on else "", two, second, end_two),
        Field(pgettext("paper", "Quantity"), document.quantity, three, second, end_three),
        Field(pgettext("paper", "Item"), document.item, one, third, end_two),
        Field(pgettext("paper", "Defective"), document.defective, three, third, end_three, bold=True),
        Field(_("Customer wants"), document.demand, one, fourth, end_three),
    ]
    left, right = 102.0, 106.0
    loss, allowance = (document.loss, document.allowance) if copy.with_loss else (hidden, hidden)
    punishment = document.punishment if copy.with_punishment else hidden
    decision = [
        Field(_("Liable unit"), document.liable_unit, one, 206.8, left),
        Field(pgettext("paper", "Exchange"), document.exchange, right, 206.8, RIGHT),
        Field(pgettext("paper", "Follow-up"), document.follow_up, one, 213.4, RIGHT, lines=2),
        Field(pgettext("paper", "Loss"), loss, one, 224.6, left),
        Field(pgettext("paper", "Allowance"), allowance, right, 224.6, RIGHT),
        Field(pgettext("paper", "Fines"), document.fines if copy.with_fines else hidden, one, 231.2, left),
        Field(pgettext("paper", "Measures"), punishment, right, 231.2, RIGHT),
    ]
    return business + decision


def fit_field(sheet: Sheet, field: Field) -> Fit:
    """Fit a field's value beside its label; what is cut stands whole in the annex."""
    room = field.end - field.x - sheet.measure(field.label, 9) - 2.5
    return sheet.fit(field.value, room, 40.0, 10.5, SMALLEST, bold=field.bold, lines=field.lines, leading=1.3)


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
    text = texts.ngettext("close by {day} ({days} day)", "close by {day} ({days} days)", document.due_days or 0).format(
        days=document.due_days, day=due
    )
    if document.due_days:
        sheet.text(RIGHT, 39.4, text, 11, bold=True, align="right", width=RIGHT - x, least=0.5)
    sheet.rule(LEFT, 43.0, RIGHT)
    sheet.text(LEFT, 48.2, _("1  Business department"), 10.5, bold=True)
    for field in short_fields(texts, document, copy)[:_OF_BUSINESS]:
        _draw_field(sheet, field)
    content = _("Content: {content}").format(content=document.content)
    sheet.paragraph(LEFT, 78.4, CONTENT_WIDTH, content, CONTENT_TYPE, most=CONTENT_LINES, leading=1.25)
    y = 92.2
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


def _draw_field(sheet: Sheet, field: Field) -> None:
    """Draw a label and its value on a dotted line, a second line of the value below on a line of its own."""
    used = sheet.text(field.x, field.y, field.label, 9)
    fit = fit_field(sheet, field)
    for i in range(field.lines):
        y = field.y + i * 5.2
        if i < len(fit.lines):
            sheet.text(field.x + used + 2, y, fit.lines[i], fit.size, bold=field.bold)
        sheet.dots(field.x, y + 1.5, field.end)


def draw_decision(sheet: Sheet, texts: Words, document: ComplaintSheet, copy: Copy) -> None:
    """Draw part three: who is liable, what it costs, who approved; what a copy hides keeps its place (CMP-32 … 34)."""
    _ = texts.gettext
    sheet.text(LEFT, 200.3, _("3  Decision"), 10.5, bold=True)
    for field in short_fields(texts, document, copy)[_OF_BUSINESS:]:
        _draw_field(sheet, field)
    boxes = document.approvals[:6]
    if not boxes:
        return
    width = (RIGHT - LEFT) / len(boxes)
    sheet.box(LEFT, 235.4, RIGHT - LEFT, 13.4)
    for i, box in enumerate(boxes):
        x = LEFT + i * width
        if i:
            sheet.upright(x, 235.4, 248.8)
        title = box.title if box.from_amount is None else f"{box.title}\u3000≥ {figure(box.from_amount)}"
        sheet.text(x + 1.6, 239.5, title, 9, width=width - 3, least=0.9)
        said = [box.decision, f"{box.signed_by} {short(box.on)}" if box.on else box.signed_by]
        sheet.text(
            x + width / 2, 245.8, "\u3000".join(part for part in said if part), 11, align="centre", width=width - 3
        )


def draw_reply(sheet: Sheet, texts: Words, document: ComplaintSheet) -> None:
    """Draw part four: the answer, the call back, the close, and that no customer gets this sheet (CMP-36, CMP-41)."""
    _, pgettext = texts.gettext, texts.pgettext
    sheet.text(LEFT, 254.4, _("4  Answer to the customer"), 10.5, bold=True)
    fields = (
        (pgettext("paper", "Answered"), document.answered),
        (_("Goods sent"), document.replacement_sent),
        (_("Next reply"), document.next_reply),
    )
    for x, end, (label, value) in zip(_COLUMNS, _ENDS, fields, strict=True):
        _draw_field(sheet, Field(label, value, x, 260.6, end))
    called = _("Called back {day}").format(day=short(document.called_back_on) if document.called_back_on else "____")
    x = LEFT + sheet.text(LEFT, 267.2, called, 9) + 3
    x = sheet.tick_box(x, 267.2, pgettext("paper", "satisfied"), document.satisfied is True, 10) + 3.5
    x = sheet.tick_box(x, 267.2, _("again (new sheet, old attached)"), document.satisfied is False, 10) + 4
    if document.closed_on:
        state = (
            pgettext("paper", "in time")
            if document.overdue_days <= 0
            else _("▲ {days} d late").format(days=document.overdue_days)
        )
        closed = _("closed {day} (working day {count}, {state})").format(
            day=iso(document.closed_on), count=document.closed_working_day or "—", state=state
        )
        sheet.text(RIGHT, 267.2, closed, 10, bold=True, align="right", width=RIGHT - x, least=0.6)
    sheet.box(LEFT, 272.6, RIGHT - LEFT, 7.4, BOLD_RULE)
    warning = _("Internal: not to be copied or handed to the customer; answer by letter. (CMP-36)")
    sheet.text((LEFT + RIGHT) / 2, 277.6, warning, 10.5, bold=True, align="centre", width=RIGHT - LEFT - 8)
