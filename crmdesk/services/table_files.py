"""Tables as files other programs read: CSV as Excel likes it, and a plain workbook; no cell is ever a formula."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from crmdesk.core.i18n import _

_EVERY = 1000
_NUMBER = re.compile(r"[+-]?[\d\s().,/-]+(#\d+)?")  # a number or a phone number: no formula
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # XML can't hold these
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'
)
_RELATION = '<Relationship Id="rId{number}" Type="' + _OFFICE + '/{kind}" Target="{target}"/>'
_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)

Progress = Callable[[int, int], None] | None


def write_csv(
    path: Path, title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], progress: Progress = None
) -> None:
    """Write a CSV in UTF-8 with the mark Excel looks for; OSError as the system says it."""
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow([_safe(text) for text in headings])
        for number, row in enumerate(rows, 1):
            writer.writerow([_plain(value) for value in row])
            _tell(progress, number, len(rows))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal | int | float):
        return str(value)
    return value.isoformat() if isinstance(value, date) else _safe(str(value))


def _safe(text: str) -> str:
    """A text that begins like a formula gets an apostrophe before it: Excel would reckon with it, or run it."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text) else text


def write_xlsx(
    path: Path, title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], progress: Progress = None
) -> None:
    """Write a workbook with one sheet: texts as texts (a phone number keeps its 0), amounts and days as such."""
    name = escape(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1", {'"': "&quot;"})
    workbook = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    sheet = _RELATION.format(number=1, kind="worksheet", target="worksheets/sheet1.xml")
    styles = _RELATION.format(number=2, kind="styles", target="styles.xml")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        book.writestr("[Content_Types].xml", _TYPES)
        first = _RELATION.format(number=1, kind="officeDocument", target="xl/workbook.xml")
        book.writestr("_rels/.rels", _RELATIONS.format(entries=first))
        book.writestr("xl/workbook.xml", workbook)
        book.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format(entries=sheet + styles))
        book.writestr("xl/styles.xml", _STYLES)
        with book.open("xl/worksheets/sheet1.xml", "w") as out:
            out.write(
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{_MAIN}">'
                '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/>'
                "</sheetView></sheetViews><sheetData>".encode()
            )
            out.write(_row([_text(head, 1) for head in headings]))
            for number, row in enumerate(rows, 1):
                out.write(_row([_cell(value) for value in row]))
                _tell(progress, number, len(rows))
            out.write(b"</sheetData></worksheet>")


def _row(cells: Sequence[str]) -> bytes:
    return f"<row>{''.join(cells)}</row>".encode()


def _text(value: str, style: int = 0) -> str:
    text = escape(_FORBIDDEN.sub("", value[:32_000]))
    mark = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{mark}><is><t xml:space="preserve">{text}</t></is></c>'


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return _text(_("Yes") if value else _("No"))
    if isinstance(value, Decimal | int | float):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, datetime):
        gone = value.replace(tzinfo=UTC) - _EPOCH
        return f'<c s="3"><v>{gone.days + gone.seconds / 86_400:.6f}</v></c>'
    if isinstance(value, date):
        return f'<c s="2"><v>{(value - _EPOCH.date()).days}</v></c>'
    return _text(str(value))


def _tell(progress: Progress, done: int, total: int) -> None:
    if progress is not None and (done % _EVERY == 0 or done == total):
        progress(done, total)
