"""A list as the screen showed it, A4 across: headings on each page, rows with hairlines, page and who printed it.

A list may be the record itself (the volume of a year's letters): its words are wrapped, not cut.
"""

from __future__ import annotations

from crmdesk.printing.documents import ListPaper, Reprint
from crmdesk.printing.layout import BOLD_RULE, ELLIPSIS, Sheet
from crmdesk.printing.words import Words, words

WIDTH, HEIGHT = 297.0, 210.0
LEFT, RIGHT = 12.0, 285.0
TOP, BOTTOM = 33.0, 194.0
ROW = 6.0
SIZE = 9.0
LINE = 4.0  # from line to line inside a row
GAP = 2.4
_LEAST = 9.0  # millimetres of a column
_SMALLEST = 8.5 / SIZE  # a little smaller before a second line
_MOST_LINES = 32  # the longest row still stands on one page
_SAMPLE = 200  # rows whose words decide how wide a column is


def render(
    document: ListPaper,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
) -> bytes:
    """Return the PDF of a list; words that are too long for their column go on in the next line."""
    texts = words(language or document.office.language)
    sheet = Sheet(WIDTH, HEIGHT, texts.language, title=document.title)
    widths = _widths(sheet, document)
    headings = _wrapped(sheet, document.headings, widths, bold=True)
    top = TOP + _height(headings)
    pages = _pages([_wrapped(sheet, row, widths) for row in document.rows], BOTTOM - top)
    for page, rows in enumerate(pages, 1):
        if page > 1:
            sheet.next_page()
        _head(sheet, texts, document, reprint, page, len(pages))
        _line(sheet, document, headings, widths, TOP + 4.2, bold=True)
        sheet.rule(LEFT, top, RIGHT, BOLD_RULE)
        y = top
        for number, row in enumerate(rows, 1):
            _line(sheet, document, row, widths, y + 4.2)
            y += _height(row)
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


def _wrapped(sheet: Sheet, cells: tuple[str, ...], widths: list[float], *, bold: bool = False) -> list[list[str]]:
    """Return the lines of each cell; what fits at the smallest size stays on one line."""
    row = []
    for text, width in zip(cells, widths, strict=False):
        room = width - GAP
        text = text.strip()
        fits = "\n" not in text and sheet.measure(text, SIZE * _SMALLEST, bold) <= room
        lines = [text] if fits else sheet.wrap(text, SIZE, room, bold)
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1] + ELLIPSIS]
        row.append(lines)
    return row


def _height(row: list[list[str]]) -> float:
    return ROW + LINE * (max((len(lines) for lines in row), default=1) - 1)


def _pages(rows: list[list[list[str]]], room: float) -> list[list[list[list[str]]]]:
    """Share the rows among pages; at least one page, a row is never parted."""
    pages: list[list[list[list[str]]]] = [[]]
    used = 0.0
    for row in rows:
        height = _height(row)
        if pages[-1] and used + height > room + 0.01:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += height
    return pages


def _line(
    sheet: Sheet, document: ListPaper, row: list[list[str]], widths: list[float], y: float, *, bold: bool = False
) -> None:
    x = LEFT
    for place, (lines, width) in enumerate(zip(row, widths, strict=False)):
        right = place in document.right
        for number, text in enumerate(lines):
            sheet.text(
                x + width - GAP if right else x, y + LINE * number, text, SIZE,
                bold=bold, align="right" if right else "left", width=width - GAP, least=_SMALLEST,
            )  # fmt: skip
        x += width


def _widths(sheet: Sheet, document: ListPaper) -> list[float]:
    """Share the width of the page: where it is short, the short columns stay whole and the long ones share the rest."""
    wanted = []
    for place, heading in enumerate(document.headings):
        cells = [row[place] for row in document.rows[:_SAMPLE] if place < len(row)]
        longest = sorted(cells, key=len)[-3:]
        most = max([sheet.measure(heading, SIZE, True), *(sheet.measure(text, SIZE) for text in longest)])
        wanted.append(max(most + GAP, _LEAST))
    room = RIGHT - LEFT
    if sum(wanted) <= room:
        return [width * room / sum(wanted) for width in wanted]
    left = len(wanted)
    for width in sorted(wanted):
        if width > room / left:
            break
        room, left = room - width, left - 1
    return [min(width, room / left) for width in wanted]
