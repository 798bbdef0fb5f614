"""A list as the screen showed it, A4 across: headings on each page, rows with hairlines, page and who printed it."""

from __future__ import annotations

from crmdesk.printing.documents import ListPaper, Reprint
from crmdesk.printing.layout import BOLD_RULE, Align, Sheet
from crmdesk.printing.words import Words, words

WIDTH, HEIGHT = 297.0, 210.0
LEFT, RIGHT = 12.0, 285.0
TOP, BOTTOM = 33.0, 194.0
ROW = 6.0
SIZE = 9.0
GAP = 2.4
_LEAST, _MOST = 9.0, 78.0  # millimetres of a column
_SAMPLE = 200  # rows whose words decide how wide a column is


def render(
    document: ListPaper,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
) -> bytes:
    """Return the PDF of a list; words that are too long for their column end with an ellipsis."""
    texts = words(language or document.office.language)
    sheet = Sheet(WIDTH, HEIGHT, texts.language, title=document.title)
    widths = _widths(sheet, document)
    per_page = int((BOTTOM - TOP - ROW) // ROW)
    rows = document.rows
    parts = [rows[start : start + per_page] for start in range(0, len(rows), per_page)] or [()]
    for page, part in enumerate(parts, 1):
        if page > 1:
            sheet.next_page()
        _head(sheet, texts, document, reprint, page, len(parts))
        _line(sheet, document, document.headings, widths, TOP + 4.2, bold=True)
        sheet.rule(LEFT, TOP + ROW, RIGHT, BOLD_RULE)
        for number, row in enumerate(part, 1):
            y = TOP + ROW * (number + 1)
            _line(sheet, document, row, widths, y - 1.8)
            if number % 5:
                sheet.dots(LEFT, y, RIGHT)
            else:
                sheet.rule(LEFT, y, RIGHT)
        if document.void:
            sheet.diagonal(texts.pgettext("paper", "VOID"), 100)
    return sheet.to_bytes()


def _head(sheet: Sheet, texts: Words, document: ListPaper, reprint: Reprint | None, page: int, pages: int) -> None:
    _, ngettext = texts.gettext, texts.ngettext
    sheet.text(LEFT, 17.0, document.title, 18, bold=True, width=150, least=0.6)
    name = "\u3000".join(part for part in (document.office.name, document.office.subtitle) if part)
    sheet.text(LEFT, 23.6, name, 10, width=150)
    count = len(document.rows)
    rows = ngettext("{count} row", "{count} rows", count).format(count=f"{count:,}")
    sheet.text(RIGHT, 17.0, rows, 10.5, align="right")
    made = _("Printed {time} by {name}").format(time=f"{document.at:%Y-%m-%d %H:%M}", name=document.by)
    sheet.text(RIGHT, 23.6, made, 9.5, align="right", width=110)
    if reprint is not None:
        sheet.text(RIGHT, 29.0, texts.reprint(reprint), 9.5, bold=True, align="right", width=110)
    sheet.rule(LEFT, TOP - 2.4, RIGHT)
    sheet.rule(LEFT, BOTTOM + 3, RIGHT)
    sheet.text(LEFT, BOTTOM + 7.4, document.number, 9)
    sheet.text(RIGHT, BOTTOM + 7.4, texts.page(page, pages), 9, align="right")


def _line(
    sheet: Sheet, document: ListPaper, cells: tuple[str, ...], widths: list[float], y: float, *, bold: bool = False
) -> None:
    x = LEFT
    for place, (text, width) in enumerate(zip(cells, widths, strict=False)):
        if text:
            right = place in document.right
            at = x + width - GAP if right else x
            align: Align = "right" if right else "left"
            sheet.text(at, y, text, SIZE, bold=bold, align=align, width=width - GAP, least=0.75)
        x += width


def _widths(sheet: Sheet, document: ListPaper) -> list[float]:
    """Share the width of the page by the longest words of each column."""
    wanted = []
    for place, heading in enumerate(document.headings):
        cells = [row[place] for row in document.rows[:_SAMPLE] if place < len(row)]
        longest = sorted(cells, key=len)[-3:]
        most = max([sheet.measure(heading, SIZE, True), *(sheet.measure(text, SIZE) for text in longest)])
        wanted.append(min(max(most + GAP, _LEAST), _MOST))
    share = (RIGHT - LEFT) / sum(wanted) if wanted else 1.0
    return [width * share for width in wanted]
