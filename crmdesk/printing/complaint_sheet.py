"""客戶抱怨處理表, A4, five copies (CMP-24, 27 … 36, 41); for the office only, never for the customer (CMP-36)."""

from __future__ import annotations

from decimal import Decimal

from crmdesk.core.codes import PaperCode
from crmdesk.printing import a4, complaint_parts
from crmdesk.printing import copies as copy_tables
from crmdesk.printing.a4 import LEFT, RIGHT
from crmdesk.printing.copies import Copy
from crmdesk.printing.documents import ComplaintSheet, ComplaintStage, Reprint
from crmdesk.printing.layout import BOLD_RULE, Sheet
from crmdesk.printing.words import Words, quantity, short_time, words

STAGES_TOP, STAGES_END = 102.4, 194.8
ROW_MOST = 15.45
OPINION_X, OPINION_WIDTH = 53.0, 86.0


def render(
    document: ComplaintSheet,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
) -> bytes:
    """Return the PDF of the copies asked for (numbers 1 to 5, all when None).

    What does not fit its place (an opinion over two lines) stands on a second page, the annex.
    """
    texts = words(language or document.office.language)
    _ = texts.gettext
    sheet = Sheet(a4.WIDTH, a4.HEIGHT, texts.language, title=f"{_title(texts, document)} {document.number}")
    first = True
    for copy in copy_tables.chosen(
        copy_tables.complaint_copies(document.receivers, register=document.register), copies
    ):
        annexes = _annexes(sheet, texts, document, copy)
        pages = 1 + len(annexes)
        for page in range(1, pages + 1):
            if not first:
                sheet.next_page()
            first = False
            _draw_head(sheet, texts, document, copy, page, pages)
            if page == 1:
                complaint_parts.draw_business(sheet, texts, document, copy)
                _draw_stages(sheet, texts, document)
                complaint_parts.draw_decision(sheet, texts, document, copy)
                complaint_parts.draw_reply(sheet, texts, document)
            else:
                _draw_annex(sheet, texts, annexes[page - 2])
            _draw_foot(sheet, texts, document, copy)
            a4.marks(sheet, texts, reprint, document.void)
    return sheet.to_bytes()


def _title(texts: Words, document: ComplaintSheet) -> str:
    _ = texts.gettext
    return _("Register of petitions and complaints") if document.register else _("Complaint sheet")


def _draw_head(sheet: Sheet, texts: Words, document: ComplaintSheet, copy: Copy, page: int, pages: int) -> None:
    _ = texts.gettext
    accepted = _("accepted {time}").format(time=f"{document.accepted_at:%Y-%m-%d %H:%M}")
    code = PaperCode("C", document.number, copy.number)
    a4.head(sheet, texts, _title(texts, document), document.office, document.number, accepted, code, page, pages)
    number, _name, recipient = texts.copy_mark(copy)
    sheet.text(109.5, 16.8, number, 14, bold=True, align="centre")
    sheet.text(109.5, 22.2, recipient, 9.5, align="centre", width=43, least=0.7)


def _draw_foot(sheet: Sheet, texts: Words, document: ComplaintSheet, copy: Copy) -> None:
    _ = texts.gettext
    receivers = "  ".join(f"{number} {name}" for number, name in enumerate(document.receivers, 1)) or _(
        "1 quality  2 manufacturing  3 business  4 accounting  5 general manager's office"
    )
    if document.previous_number:
        receivers += "\u3000" + _("old sheet {number} attached").format(number=document.previous_number)
    a4.foot(sheet, receivers, f"{document.number} {texts.copy_mark(copy)[0]}", 285.6)


def row_height(document: ComplaintSheet) -> float:
    """Return the height of a stage's row; more than six stages share the same room."""
    count = max(len(document.stages), 1)
    return min(ROW_MOST, (STAGES_END - STAGES_TOP) / count)


def _annexes(sheet: Sheet, texts: Words, document: ComplaintSheet, copy: Copy) -> list[list[tuple[str, list[str]]]]:
    """Return the pages of the annex: (stage or field, lines) of what was cut on the first page."""
    pgettext = texts.pgettext
    long: list[tuple[str, str]] = []
    content = sheet.wrap(document.content, complaint_parts.CONTENT_TYPE, complaint_parts.CONTENT_WIDTH - 14)
    if len(content) > complaint_parts.CONTENT_LINES:
        long.append((pgettext("paper", "Content"), document.content))
    for field in complaint_parts.short_fields(texts, document, copy):
        if complaint_parts.fit_field(sheet, field).cut:
            long.append((field.label, field.value))
    most = opinion_lines(document)
    for stage in document.stages:
        if len(sheet.wrap(stage.opinion, 10, OPINION_WIDTH)) > most:
            long.append((stage.unit, stage.opinion))
    pages: list[list[tuple[str, list[str]]]] = []
    room = 0
    for label, text in long:
        lines = sheet.wrap(text, 10.5, RIGHT - LEFT)
        while lines:
            if room < 4:
                pages.append([])
                room = 44
            part, lines = lines[: room - 2], lines[room - 2 :]
            pages[-1].append((label, part))
            room -= len(part) + 2
    return pages


def opinion_lines(document: ComplaintSheet) -> int:
    """Return how many lines of an opinion its row holds."""
    return max(1, int((row_height(document) - 4.0) / 5.2))


def _draw_annex(sheet: Sheet, texts: Words, entries: list[tuple[str, list[str]]]) -> None:
    pgettext = texts.pgettext
    sheet.text(LEFT, 41.0, pgettext("paper", "Annex"), 14, bold=True)
    y = 48.0
    for label, lines in entries:
        sheet.text(LEFT, y, label, 10.5, bold=True, width=RIGHT - LEFT, least=0.5)
        for line in lines:
            y += 5.2
            sheet.text(LEFT, y, line, 10.5)
        y += 10.4


def _draw_stages(sheet: Sheet, texts: Words, document: ComplaintSheet) -> None:
    """Draw the units' boxes with limit, opinion, in, out, time used and signature; ▲ says how late."""
    _ = texts.gettext
    sheet.rule(LEFT, 95.0, RIGHT, BOLD_RULE)
    sheet.text(LEFT, 100.0, _("2  Units (limits from receipt, in working days)"), 10.5, bold=True)
    sheet.text(143.0, 100.0, _("in ／ out"), 9.5, width=25)
    sheet.text(169.6, 100.0, _("used  signed"), 9.5, width=24)
    sheet.rule(LEFT, STAGES_TOP, RIGHT)
    height = row_height(document)
    y = STAGES_TOP
    for stage in document.stages:
        _draw_stage(sheet, texts, stage, y, height, opinion_lines(document))
        y += height
        sheet.rule(LEFT, y, RIGHT, BOLD_RULE if stage is document.stages[-1] else 0.25)
    if not document.stages:
        sheet.text(LEFT + 2, y + 6, _("(nothing below)"), 10)
        y += 10
        sheet.rule(LEFT, y, RIGHT, BOLD_RULE)
    for x in (51.0, 141.0, 168.0):
        sheet.upright(x, STAGES_TOP, y)


def _draw_stage(sheet: Sheet, texts: Words, stage: ComplaintStage, top: float, height: float, most: int) -> None:
    _ = texts.gettext
    first, second = top + min(5.2, height * 0.42), top + min(10.8, height * 0.86)
    sheet.text(17.5, first, stage.unit, 10, bold=True, width=32.5, least=0.6)
    limit, used, late = stage.limit_days, 0.0, False
    if limit is not None:
        used = sheet.text(17.5, second, _("limit {days} d").format(days=_days(limit)), 9.5)
        late = stage.used_days is not None and stage.used_days > limit
    if late and stage.used_days is not None and limit is not None:
        over = _("▲ {days} d late").format(days=quantity(stage.used_days - limit))
        sheet.text(50.0, second, over, 9.5, bold=True, align="right", width=32 - used - 1, least=0.6)
    opinion = _("(not asked in this case)") if stage.skipped and not stage.opinion else stage.opinion
    lines = sheet.wrap(opinion, 10, OPINION_WIDTH)
    if len(lines) > most:
        lines = [*lines[: most - 1], _("{start}… (annex)").format(start=lines[most - 1][:-6])]
    for i, line in enumerate(lines):
        sheet.text(OPINION_X, first + i * 5.2, line, 10, width=OPINION_WIDTH + 1)
    sheet.text(143.0, first, short_time(stage.received_at) if stage.received_at else "—", 9.5)
    sheet.text(143.0, second, short_time(stage.sent_at) if stage.sent_at else "—", 9.5)
    spent = _("{days} d").format(days=quantity(stage.used_days)) if stage.used_days is not None else "—"
    sheet.text(169.6, first, spent, 10, bold=late)
    sheet.text(181.2, second + 1.2, stage.signed_by, 10, align="centre", width=23, least=0.6)
    if not stage.skipped:
        sheet.rule(169.6, second + 2.3, 193.0)


def _days(value: Decimal) -> str:
    """Return a limit as the form prints it: ½, 1, 12."""
    return "½" if value == Decimal("0.5") else quantity(value)
