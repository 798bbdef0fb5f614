"""銷售單 and 退貨單 on 241 × 140 mm tractor paper, three copies (SET-03 … 07, PACK-02 … 07, 11 … 13)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from crmdesk.core.codes import PaperCode
from crmdesk.printing import copies as copy_tables
from crmdesk.printing import sales_totals, tractor
from crmdesk.printing.copies import Copy
from crmdesk.printing.documents import Reprint, SalesSlip, SlipLine
from crmdesk.printing.layout import BOLD_RULE, THIN, Fit, Sheet
from crmdesk.printing.tractor import LEFT, RIGHT
from crmdesk.printing.words import Words, figure, quantity, words

TABLE, GRID, ROW = 43.4, 49.4, 5.1
ROWS_WITH_TOTALS, ROWS = 9, 14
TYPE = 10.5
CODE_X, NAME_X, NAME_END = 25.2, 49.2, 117.0
UPRIGHTS = (118.0, 144.0, 164.0, 189.0, 200.0)
QUANTITY_END, UNIT_MIDDLE, PRICE_END, AMOUNT_END, MARK_MIDDLE, REMARK_X = 132.0, 138.5, 162.8, 187.8, 194.5, 201.2


@dataclass
class Page:
    """The lines of one sheet with what is carried to it and on from it (pieces, amount)."""

    lines: list[tuple[int, SlipLine, list[str]]] = field(default_factory=list)
    brought: tuple[Decimal, Decimal] | None = None
    carried: tuple[Decimal, Decimal] | None = None


def render(
    document: SalesSlip,
    *,
    copies: tuple[int, ...] | None = None,
    language: str | None = None,
    reprint: Reprint | None = None,
    carbonless: bool = False,
    offset: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """Return the PDF of the copies asked for (numbers 1 to 3, all when None).

    ``carbonless`` prints one sheet for all copies, hiding nothing; ``offset`` moves everything by millimetres.
    """
    texts = words(language or document.office.language)
    sheet = Sheet(
        tractor.WIDTH,
        tractor.HEIGHT,
        texts.language,
        title=f"{_title(document, texts)} {document.number}",
        offset=offset,
    )
    pages = paginate(sheet, document)
    head = _head_fits(sheet, document)
    kind = "T" if document.returned else "S"
    wanted = copy_tables.chosen(copy_tables.SALES_SLIP, copies)
    everything = Copy("all", 0, "", "", with_packing=True, with_internal=True)
    first = True
    for copy in (everything,) if carbonless else wanted:
        code = PaperCode(kind, document.number, copy.number)
        cut = [(texts.gettext(label), fit) for label, fit in head.items() if fit.cut]
        remark = sales_totals.remark_fit(sheet, texts, document, copy)
        if remark and remark.cut:
            cut.append((texts.pgettext("paper", "Remark"), remark))
        total = len(pages) + bool(cut)
        for n in range(1, total + 1):
            if not first:
                sheet.next_page()
            first = False
            tractor.head_right(sheet, texts, document.number, document.at, code, n, total)
            if carbonless:
                tractor.edge_carbonless(sheet, texts, copy_tables.SALES_SLIP)
            else:
                tractor.edge_mark(sheet, texts, copy, absent=not document.present)
            if n > len(pages):
                tractor.annex(sheet, texts, document.number, cut)
                continue
            _draw_head(sheet, texts, document, head, several=len(pages) > 1)
            marked = replace(copy, with_packing=True) if document.of_number else copy  # why it goes back: on all
            end = _draw_table(sheet, texts, pages[n - 1], marked)
            if n == len(pages):
                sales_totals.draw(sheet, texts, document, copy, end)
            _draw_foot(sheet, texts, document)
            tractor.foot_bars(sheet, code, 124.4, 6.5)
            tractor.reprint_box(sheet, texts, reprint, 200.2, 27.3)
            if document.void:
                tractor.void_mark(sheet, texts, 107.0 if reprint else 200.2, 27.0)
    return sheet.to_bytes()


def paginate(sheet: Sheet, document: SalesSlip) -> list[Page]:
    """Spread the lines over sheets: 9 rows where the totals stand, else 14; long names take two rows."""
    rows = []
    for i, line in enumerate(document.lines, 1):
        names = _name_rows(sheet, line.name)
        rows.append((i, line, names))
    if sum(len(names) for _i, _line, names in rows) <= ROWS_WITH_TOTALS:
        return [Page(rows)]
    pages: list[Page] = []
    pieces = amount = Decimal(0)
    brought: tuple[Decimal, Decimal] | None = None
    while True:
        head = 1 if brought else 0
        if rows and sum(len(names) for _i, _line, names in rows) <= ROWS_WITH_TOTALS - head:
            pages.append(Page(rows, brought))
            return pages
        page = Page(brought=brought)
        room = ROWS - head - 1
        while len(rows) > 1 and len(rows[0][2]) <= room:
            number, line, names = rows.pop(0)
            page.lines.append((number, line, names))
            room -= len(names)
            pieces += line.quantity
            amount += line.amount
        brought = page.carried = (pieces, amount)
        pages.append(page)


def _name_rows(sheet: Sheet, name: str) -> list[str]:
    """Return the rows an item's name takes: shrunk to 80 % it may stay in one, otherwise two, then an ellipsis."""
    width = NAME_END - NAME_X
    if sheet.measure(name, TYPE) <= width / 0.8:
        return [name]
    found = sheet.wrap(name, TYPE, width)
    if len(found) > 2:
        found = [found[0], "".join(found[1:])]
    return found


def _title(document: SalesSlip, texts: Words) -> str:
    _ = texts.gettext
    return _("Return slip") if document.returned else _("Sales slip")


def _head_fits(sheet: Sheet, document: SalesSlip) -> dict[str, Fit]:
    """Fit what a slip never loses: customer, phone and address."""
    return {
        "Customer": sheet.fit(document.customer, 79.0, 6.8, 14, 6.5, bold=True, leading=1.15),
        "Phone": sheet.fit(document.phone, 33.0 if document.company else 40.0, 5.6, 11, 6.5, leading=1.1),
        "Ship to": sheet.fit(document.address, 79.0, 5.8, 10, 6, leading=1.12),
    }


def _draw_head(sheet: Sheet, texts: Words, document: SalesSlip, head: dict[str, Fit], *, several: bool) -> None:
    """Draw the signature box in the left top corner (PACK-06), the letterhead, and whom the goods are for."""
    _, pgettext = texts.gettext, texts.pgettext
    sheet.box(LEFT, 6, 62, 22, BOLD_RULE)
    used = sheet.text(18, 10.1, _("Customer's signature"), 9.5, bold=True)
    if document.returned:
        claim = _("goods taken back as listed")
    else:
        claim = (
            _("goods on this page counted, all correct") if several else _("goods in the carton counted, all correct")
        )
    if used + sheet.measure(claim, 9.5) < 56:
        sheet.text(76.2, 10.1, claim, 9.5, align="right")
    else:
        sheet.text(18, 14.4, claim, 9, width=58)
    sheet.rule(20, 25.0, 56)
    sheet.text(61, 25.2, pgettext("blank for a date", "date"), 9.5, width=15)

    name, address = tractor.office_lines(document.office)
    spaced = texts.language.startswith("zh")
    sheet.text(120.3, 13.3, _title(document, texts), 21, bold=True, align="centre", spacing=5 if spaced else 0)
    sheet.text(120.3, 20.0, name, 11, align="centre", width=76)
    fit = sheet.fit(address, 76, 8, 9, 6, lines=2, leading=1.15)
    if len(fit.lines) == 1:
        sheet.text(120.3, 26.0, fit.lines[0], fit.size, align="centre")
    else:
        sheet.lines(120.3, 24.6, fit, align="centre")

    after = _labelled(sheet, LEFT, 36.0, _("Customer"), head["Customer"], 25.2, bold=True)
    if document.company and after < 102:
        sheet.text(after + 3, 36.0, document.company, 11, width=105 - after - 3, least=0.6)
    _labelled(sheet, 108, 36.0, _("Phone"), head["Phone"], 117)
    _labelled(sheet, LEFT, 41.4, _("Ship to"), head["Ship to"], 25.2)
    shipping = "\u3000".join(part for part in (document.shipping, document.terms) if part)
    if document.of_number:
        _pair(sheet, 108, 41.4, pgettext("paper", "Of slip"), document.of_number, 120, 150)
    else:
        _pair(sheet, 108, 41.4, pgettext("paper", "Method"), shipping, 117, 150)
    _pair(sheet, 152, 41.4, pgettext("paper", "Sold by"), document.follower, 161, 177)
    customer_number = " ".join(part for part in (document.customer_number, document.price_level) if part)
    label = sheet.text(178, 41.4, _("Customer no."), 9, width=18)
    sheet.text(RIGHT, 41.4, customer_number, 10, align="right", width=RIGHT - 178 - label - 2, least=0.6)


def _labelled(sheet: Sheet, x: float, y: float, label: str, fit: Fit, value_x: float, *, bold: bool = False) -> float:
    """Draw a label and a fitted value; several lines are raised so that the last stands on the label's baseline."""
    value_x = max(value_x, x + sheet.text(x, y, label, 9) + 1.5)
    sheet.lines(value_x, y - (len(fit.lines) - 1) * fit.leading, fit, bold=bold)
    return value_x + max(sheet.measure(line, fit.size, bold) for line in fit.lines)


def _pair(sheet: Sheet, x: float, y: float, label: str, value: str, value_x: float, end: float) -> None:
    """Draw a label and a short value that may shrink."""
    value_x = max(value_x, x + sheet.text(x, y, label, 9) + 1.5)
    sheet.text(value_x, y, value, 10.5, width=end - value_x, least=0.6)


def _draw_table(sheet: Sheet, texts: Words, page: Page, copy: Copy) -> float:
    """Draw the grid with its lines and carry rows; return the y of its lower frame."""
    _, pgettext = texts.gettext, texts.pgettext
    rows = ROWS if page.carried else ROWS_WITH_TOTALS
    end = GRID + rows * ROW
    sheet.rule(LEFT, TABLE, RIGHT, BOLD_RULE)
    sheet.rule(LEFT, GRID, RIGHT, THIN)
    sheet.rule(LEFT, end, RIGHT, BOLD_RULE)
    for x in UPRIGHTS:
        sheet.upright(x, TABLE, end)
    y = TABLE + 4.2
    sheet.text(20, y, "#", 9.5, bold=True, align="centre")
    sheet.text(CODE_X, y, pgettext("paper", "Code"), 9.5, bold=True)
    sheet.text(NAME_X, y, _("Name and size"), 9.5, bold=True)
    sheet.text(QUANTITY_END, y, pgettext("paper", "Qty"), 9.5, bold=True, align="right")
    sheet.text(UNIT_MIDDLE, y, pgettext("paper", "Unit"), 9.5, bold=True, align="centre")
    sheet.text(PRICE_END, y, pgettext("paper", "Price"), 9.5, bold=True, align="right")
    sheet.text(AMOUNT_END, y, _("Amount"), 9.5, bold=True, align="right")
    sheet.check(191.2, y + 0.2, 2.6, 0.35)
    sheet.cross(195.2, y + 0.1, 2.4, 0.35)
    sheet.text(REMARK_X, y, pgettext("paper", "Remark"), 9.5, bold=True, width=17)

    top = GRID
    if page.brought:
        _carry(sheet, top, _("Brought forward"), page.brought)
        top += ROW
        sheet.rule(LEFT, top, RIGHT)
    for number, line, names in page.lines:
        _draw_line(sheet, top, number, line, names, copy)
        top += ROW * len(names)
        if top < end - 0.1:
            if number % 5 == 0:
                sheet.rule(LEFT, top, RIGHT)
            else:
                sheet.dots(LEFT, top, RIGHT)
    if page.carried:
        if top < end - ROW - 0.1:
            top = end - ROW
        sheet.rule(LEFT, end - ROW, RIGHT)
        _carry(sheet, end - ROW, _("Carried forward"), page.carried)
    elif top < end - 0.1:
        sheet.text(NAME_X + 1.2, top + 3.8, _("(nothing below)"), 9)
    return end


def _carry(sheet: Sheet, top: float, label: str, carry: tuple[Decimal, Decimal]) -> None:
    y = top + 3.85
    sheet.text(NAME_X, y, label, TYPE, bold=True)
    sheet.text(QUANTITY_END, y, quantity(carry[0]), TYPE, bold=True, align="right", width=13.5, least=0.5)
    sheet.text(AMOUNT_END, y, figure(carry[1]), TYPE, bold=True, align="right", width=23, least=0.5)


def _draw_line(sheet: Sheet, top: float, number: int, line: SlipLine, names: list[str], copy: Copy) -> None:
    y = top + 3.85
    sheet.text(20, y, str(number), 9.5, align="centre")
    sheet.text(CODE_X, y, line.code, TYPE, width=NAME_X - CODE_X - 1, least=0.3)
    for i, name in enumerate(names):
        sheet.text(NAME_X, y + i * ROW, name, TYPE, width=NAME_END - NAME_X)
    sheet.text(QUANTITY_END, y, quantity(line.quantity), TYPE, align="right", width=13.5, least=0.2)
    sheet.text(UNIT_MIDDLE, y, line.unit, 9.5, align="centre", width=10.5, least=0.6)
    sheet.text(PRICE_END, y, figure(line.price), TYPE, align="right", width=18.4, least=0.2)
    sheet.text(AMOUNT_END, y, figure(line.amount), TYPE, align="right", width=23.4, least=0.2)
    if copy.with_packing:
        if line.mark == "ok":
            sheet.check(MARK_MIDDLE - 1.5, y + 0.2, 3.0)
        elif line.mark == "bad":
            sheet.cross(MARK_MIDDLE - 1.4, y, 2.8)
        sheet.text(REMARK_X, y, line.remark, 9, width=RIGHT - REMARK_X, least=0.7)


def _draw_foot(sheet: Sheet, texts: Words, document: SalesSlip) -> None:
    """Draw who counted and handled it; a return slip is signed by handler, customer and manager (PACK-04)."""
    _, pgettext = texts.gettext, texts.pgettext
    if document.returned:
        fields = [
            (pgettext("paper", "Handler"), document.follower),
            (_("Customer"), ""),
            (pgettext("paper", "Manager"), document.manager),
        ]
        tractor.signatures(sheet, 125.3, fields, width=38, pitch=42.7)
        return
    fields = [
        (pgettext("paper", "Counter"), document.counter),
        (pgettext("paper", "Second"), document.second_counter),
        (pgettext("paper", "Handler"), document.follower),
        (pgettext("paper", "Custodian"), document.custodian),
    ]
    tractor.signatures(sheet, 125.3, fields)
