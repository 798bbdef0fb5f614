"""月報, A4: eight figures, the chart of the days, each desk; then how each clause was kept (STAT, CMP-29, 41)."""

from __future__ import annotations

import math
from decimal import Decimal

from crmdesk.core.codes import PaperCode
from crmdesk.core.shares import share
from crmdesk.printing import a4, month_chart
from crmdesk.printing.a4 import LEFT, RIGHT
from crmdesk.printing.control import Control
from crmdesk.printing.documents import ActionRow, ClauseRow, DeskRow, MonthlyReport, Reprint
from crmdesk.printing.layout import BOLD_RULE, Sheet
from crmdesk.printing.words import Words, figure, short, words

ROW = 7.4
DESKS_TOP, FOOT = 176.8, 281.7
CLAUSES_TOP, CLAUSES_END = 31.4, 8.0  # where the first clause begins, and what the line of signs below them takes
ACTIONS = 42.6  # millimetres of the improvements with the signatures, and a row more for each of them
SCALE_LEFT, SCALE_RIGHT = 135.0, 158.5
MEASURES, RATE, RATE_END = (40.0, 72.0, 104.5), 140.5, 179.0
SCALE_FROM, SCALE_TO, TARGET = 85.0, 100.0, 95.0


def render(
    document: MonthlyReport,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
    control: Control | None = None,
) -> bytes:
    """Return the PDF of the report: two pages, more when the clauses need them; each bears the stamp of ``control``."""
    texts = words(language or document.office.language)
    sheet = Sheet(a4.WIDTH, a4.HEIGHT, texts.language, title=f"{_title(texts)} {_month(texts, document)}")
    chunks, own_page = _pages(document)
    pages = 1 + len(chunks) + own_page
    _draw_first(sheet, texts, document, reprint, pages)
    a4.control_mark(sheet, texts, control)
    for i, chunk in enumerate(chunks):
        sheet.next_page()
        y = _draw_clauses(sheet, texts, document, chunk)
        if i == len(chunks) - 1 and not own_page:
            _draw_actions(sheet, texts, document, y)
        _draw_foot(sheet, texts, document, i + 2, pages)
        a4.control_mark(sheet, texts, control)
    if own_page:
        sheet.next_page()
        _draw_actions(sheet, texts, document, 10.0)
        _draw_foot(sheet, texts, document, pages, pages)
        a4.control_mark(sheet, texts, control)
    return sheet.to_bytes()


def _pages(document: MonthlyReport) -> tuple[list[tuple[ClauseRow, ...]], bool]:
    """Return the clauses of each page, and whether the improvements need a page of their own.

    They stand below the last clauses, and the pages are filled alike: none with three lines on it.
    """
    most = int((FOOT - CLAUSES_TOP - CLAUSES_END) / ROW)
    below = math.ceil((ACTIONS + max(len(document.actions), 1) * ROW) / ROW)
    own_page = below + 3 > most
    rows = len(document.clauses) + (0 if own_page else below)
    count = max(math.ceil(rows / most), 1)
    each = math.ceil(rows / count)
    chunks = [document.clauses[i : i + each] for i in range(0, max(each * count, 1), max(each, 1))]
    return chunks, own_page


def _title(texts: Words) -> str:
    pgettext = texts.pgettext
    return pgettext("paper title", "Monthly report")


def _month(texts: Words, document: MonthlyReport) -> str:
    _ = texts.gettext
    return _("{year}-{month:02d}").format(year=document.year, month=document.month)


def _draw_first(sheet: Sheet, texts: Words, document: MonthlyReport, reprint: Reprint | None, pages: int) -> None:
    _ = texts.gettext
    if document.frozen_at:
        state = _("frozen {time} {name}").format(time=f"{document.frozen_at:%Y-%m-%d %H:%M}", name=document.frozen_by)
    else:
        state = _("not frozen: figures may still change")
    code = PaperCode("M", f"{document.year}-{document.month:02d}", 1)
    month = _month(texts, document)
    a4.head(sheet, texts, _title(texts), document.office, month, state, code, 1, pages)
    _draw_figures(sheet, texts, document)
    sheet.rule(LEFT, 88.4, RIGHT)
    if document.chart:
        sheet.text(LEFT, 94.4, document.chart.title, 10.5, bold=True, width=80)
        sheet.text(RIGHT, 94.4, document.chart.note, 9.5, align="right", width=95)
        month_chart.draw(sheet, document.chart, LEFT, 99.0, RIGHT - 1.0 - LEFT, 57.0)
    else:
        sheet.text(LEFT, 94.4, _("(no chart)"), 10)
    _draw_desks(sheet, texts, document.desks, document.summary)
    _draw_foot(sheet, texts, document, 1, pages)
    a4.marks(sheet, texts, reprint, document.void)


def _draw_figures(sheet: Sheet, texts: Words, document: MonthlyReport) -> None:
    """Draw up to eight figures in two rows of four, each with its change."""
    _ = texts.gettext
    for i, item in enumerate(document.figures[:8]):
        x, y = LEFT + 44.5 * (i % 4), 44.6 + 25.0 * (i // 4)
        if i % 4:
            sheet.upright(x - 2.5, y - 3.2, y + 15.8)
        sheet.text(x, y, item.label, 9.5, width=40)
        sheet.text(x, y + 9.3, item.value, 22, bold=True, width=40, least=0.2)
        changes = []
        if item.last_month:
            changes.append(_("month {change}").format(change=item.last_month))
        if item.last_year:
            changes.append(_("year {change}").format(change=item.last_year))
        sheet.text(x, y + 15.2, "\u3000".join(changes), 9, width=38.5, least=0.6)


def _draw_desks(sheet: Sheet, texts: Words, desks: tuple[DeskRow, ...], summary: str) -> None:
    """Draw each desk's measures, a name above its figure, then the share the desk kept, this month and last."""
    _, pgettext = texts.gettext, texts.pgettext
    sheet.rule(LEFT, 167.4, RIGHT)
    sheet.text(LEFT, 173.0, pgettext("paper", "Desks"), 10.5, bold=True)
    sheet.rule(LEFT, DESKS_TOP, RIGHT, BOLD_RULE)
    head = DESKS_TOP + 4.6
    sheet.text(17.2, head, pgettext("paper", "Desk"), 9.5, bold=True)
    sheet.text(MEASURES[0], head, pgettext("paper", "this month"), 9.5, bold=True)
    sheet.text(RATE, head, pgettext("paper", "rate"), 9.5, bold=True)
    sheet.text(193.0, head, pgettext("paper", "last"), 9.5, bold=True, align="right")
    sheet.rule(LEFT, DESKS_TOP + 6.6, RIGHT)
    y = DESKS_TOP + 6.6
    room = (FOOT - y - (12.0 if summary else 2.0)) / max(len(desks), 1)
    height = min(max(room, 9.4), 12.6)
    for n, row in enumerate(desks, 1):
        first = y + height / 2 - 0.8
        second = first + 4.4
        sheet.text(17.2, first, row.desk, 10, width=MEASURES[0] - 19.2, least=0.85)
        pairs = [*zip(MEASURES, row.measures, strict=False), (RATE, (row.rate_label, row.rate))]
        for x, (label, value) in pairs:
            room = min(end for end in (*MEASURES, RATE, RATE_END) if end > x) - x - 1.0
            sheet.text(x, first, label, 9, width=room, least=0.94)
            sheet.text(x, second, value, 10.5, bold=True, width=room, least=0.81)
        sheet.text(193.0, second, row.last_rate, 10, align="right", width=14)
        y += height
        if n == len(desks):
            sheet.rule(LEFT, y, RIGHT, BOLD_RULE)
        else:
            sheet.dots(LEFT, y, RIGHT)
    if not desks:
        sheet.text(17.2, y + 4.9, _("(nothing below)"), 10)
        y += ROW
    if summary:
        fit = sheet.fit(summary, RIGHT - LEFT, FOOT - y - 8, 10.5, 8)
        sheet.lines(LEFT, y + 6.2, fit)


def _draw_clauses(sheet: Sheet, texts: Words, document: MonthlyReport, rows: tuple[ClauseRow, ...]) -> float:
    """Draw one page's clauses with a dot on the scale of 85 to 100 %; return the y below them."""
    _, pgettext = texts.gettext, texts.pgettext
    sheet.text(LEFT, 19.6, _("How the clauses were kept"), 15, bold=True)
    said = _month(texts, document)
    if document.clauses_total is not None:
        said += "\u3000" + _("{total} clauses apply, {count} with records").format(
            total=document.clauses_total, count=len(document.clauses)
        )
    sheet.text(RIGHT, 19.6, said, 9.5, align="right", width=100)
    sheet.rule(LEFT, 24.9, RIGHT, BOLD_RULE)
    reasons = any(row.reason for row in document.clauses)
    more = 0.0 if reasons else 29.0  # without reasons the rules have their room
    columns = [
        (17.2, pgettext("paper", "Clause"), False),
        (39.2, pgettext("paper", "Rule"), False),
        (97.0 + more, pgettext("paper", "times"), True),
        (113.0 + more, pgettext("paper", "kept"), True),
        (131.0 + more, pgettext("paper", "rate"), True),
    ]
    if reasons:
        columns.append((164.0, pgettext("paper", "Reason"), False))
    for x, label, right in columns:
        sheet.text(x, 29.5, label, 9.5, bold=True, align="right" if right else "left")
    for percent in (85, 90, 95, 100):
        sheet.text(_on_scale(percent) + more, 29.5, str(percent), 8.5, bold=True, align="centre")
    sheet.rule(LEFT, CLAUSES_TOP, RIGHT)
    y = CLAUSES_TOP
    for n, row in enumerate(rows, 1):
        _draw_clause(sheet, row, y + 4.9, more)
        y += ROW
        if n == len(rows):
            sheet.rule(LEFT, y, RIGHT, BOLD_RULE)
        elif n % 5 == 0:
            sheet.rule(LEFT, y, RIGHT)
        else:
            sheet.dots(LEFT, y, RIGHT)
    if not rows:
        sheet.text(17.2, y + 4.9, _("(nothing below)"), 10)
        y += ROW
    sheet.circle(LEFT + 1.3, y + 4.7, 1.15, filled=True)
    x = LEFT + 3.8 + sheet.text(LEFT + 3.8, y + 6.0, _("below 95%"), 9.5) + 4
    sheet.circle(x + 1.3, y + 4.7, 1.15)
    note = _(
        "kept. The dot stands at the rate; below 85% it is at the left end. Clauses that did not apply are left out."
    )
    sheet.text(x + 3.8, y + 6.0, note, 9.5, width=RIGHT - x - 4, least=0.7)
    return y + CLAUSES_END


def _on_scale(percent: float) -> float:
    share = (min(max(percent, SCALE_FROM), SCALE_TO) - SCALE_FROM) / (SCALE_TO - SCALE_FROM)
    return SCALE_LEFT + share * (SCALE_RIGHT - SCALE_LEFT)


def _draw_clause(sheet: Sheet, row: ClauseRow, y: float, more: float) -> None:
    """Draw one clause; its figures stand ``more`` millimetres further right where nothing follows them."""
    sheet.text(17.2, y, row.clause, 10, width=20)
    _two_lines(sheet, 39.2, y, row.rule, 10, 45.4 + more)
    sheet.text(97.0 + more, y, figure(row.times), 10, align="right", width=14, least=0.85)
    sheet.text(113.0 + more, y, figure(row.kept), 10, align="right", width=14, least=0.85)
    rate = row.kept * 100 / row.times if row.times else 100.0
    shown = share(row.kept, row.times) if row.times else Decimal("100.0")
    sheet.text(131.0 + more, y, f"{shown}%", 10, align="right")
    sheet.rule(SCALE_LEFT + more, y - 1.3, SCALE_RIGHT + more)
    sheet.circle(_on_scale(rate) + more, y - 1.3, 1.15, filled=shown < TARGET)
    if row.reason:
        _two_lines(sheet, 164.0, y, row.reason, 9.5, RIGHT - 164.0)


def _two_lines(sheet: Sheet, x: float, y: float, text: str, size: float, width: float) -> None:
    """Set a text on a row's baseline, or its two lines around it, never smaller than 8.5 pt."""
    fit = sheet.fit(text, width, 6.4, size, 8.5, leading=1.05)
    sheet.lines(x, y - (len(fit.lines) - 1) * fit.leading / 2, fit)


def _draw_actions(sheet: Sheet, texts: Words, document: MonthlyReport, y: float) -> None:
    """Draw what is to be done, and the three signatures."""
    _, pgettext = texts.gettext, texts.pgettext
    sheet.text(LEFT, y + 7.0, _("To be improved"), 10.5, bold=True)
    top = y + 11.0
    sheet.rule(LEFT, top, RIGHT, BOLD_RULE)
    columns = (
        (17.2, pgettext("paper", "Clause")),
        (39.2, pgettext("paper", "What")),
        (131.5, pgettext("paper", "Who")),
        (157.5, pgettext("paper", "Until")),
        (177.5, pgettext("paper", "last month")),
    )
    for x, label in columns:
        sheet.text(x, top + 4.6, label, 9.5, bold=True, width=16 if x > 150 else None)
    sheet.rule(LEFT, top + 6.6, RIGHT)
    y = top + 6.6
    rows = document.actions or (ActionRow("—", "—"),)
    for n, row in enumerate(rows, 1):
        base = y + 4.9
        for x, text, width in (
            (17.2, row.clause, 20.0), (39.2, row.what, 90.0), (131.5, row.who, 24.0), (157.5, row.until, 18.0),
            (177.5, row.last_month, 16.5),
        ):  # fmt: skip
            sheet.text(x, base, text, 10, width=width, least=0.6)
        y += ROW
        if n == len(rows):
            sheet.rule(LEFT, y, RIGHT, BOLD_RULE)
        else:
            sheet.dots(LEFT, y, RIGHT)
    y += 6.0
    day = short(document.made_at.date()) if document.made_at else ""
    made = " ".join(part for part in (document.made_by, day) if part)
    boxes = (
        (pgettext("paper", "Made by"), made),
        (_("Service manager"), document.service_manager),
        (_("General manager"), document.general_manager),
    )
    width = (RIGHT - LEFT) / 3
    sheet.box(LEFT, y, RIGHT - LEFT, 18.0)
    for i, (label, name) in enumerate(boxes):
        x = LEFT + i * width
        if i:
            sheet.upright(x, y, y + 18.0)
        sheet.text(x + 2.0, y + 4.8, label, 9.5)
        sheet.text(x + width / 2, y + 12.8, name, 13, align="centre", width=width - 4, least=0.6)


def _draw_foot(sheet: Sheet, texts: Words, document: MonthlyReport, page: int, pages: int) -> None:
    _ = texts.gettext
    receivers = document.receivers or _("general manager, heads of the desks")
    left = _("Controlled document  for {receivers}  kept {years} years").format(
        receivers=receivers, years=document.keep_years
    )
    right = f"M {document.year}-{document.month:02d}\u3000{texts.page(page, pages)}"
    a4.foot(sheet, left, right, FOOT)
    time = f"{document.made_at:%Y-%m-%d %H:%M}" if document.made_at else ""
    if made := "\u3000".join(part for part in (document.made_by, time) if part):
        sheet.text(RIGHT, FOOT + 8.8, _("Printed by {name}").format(name=made), 9, align="right", width=RIGHT - LEFT)
