"""Reading tables people have: CSV in the encodings of both sides of the strait, and workbooks; every cell as text."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _

MOST_ROWS = 300_000
MOST_CELLS = 20_000_000
MOST_BYTES = 300_000_000
_SAMPLE = 400_000  # bytes that decide which encoding it is

ENCODINGS: dict[str, str] = {
    "utf-8": N_("Unicode (UTF-8)"),
    "big5": N_("Traditional Chinese (Big5)"),
    "gb18030": N_("Simplified Chinese (GB18030)"),
    "utf-16": N_("Unicode (UTF-16)"),
}
_CODECS = {"utf-8": "utf-8-sig", "big5": "cp950", "gb18030": "gb18030", "utf-16": "utf-16"}
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_LEAST_USUAL = 0.7  # share of everyday characters below which a guess is refused


class TableRow(NamedTuple):
    """One row as it stands in the file: its number there (the heading is 1), and its cells as text."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class DataTable:
    """A file as a table: headings and rows; ``encoding`` is empty for workbooks."""

    name: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    encoding: str = ""
    sheet: str = ""


def read_table(path: Path | str, *, encoding: str | None = None) -> DataTable:
    """Read a CSV file or the first filled sheet of a workbook; UserError says what is wrong with the file.

    ``encoding`` None recognises UTF-8 (with or without BOM), UTF-16, Big5 and GB18030.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        start = _first_bytes(path)
    except OSError as error:
        raise UserError(
            _("The file {name} can't be read. Is it still there, or open elsewhere?").format(name=path.name)
        ) from error
    if not size:
        raise UserError(_("The file {name} is empty.").format(name=path.name))
    if size > MOST_BYTES:
        raise UserError(_("The file {name} is too large. Please import it in parts.").format(name=path.name))
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or path.suffix.lower() in WORKBOOKS:
        return _read_workbook(path)
    return _read_text(path, encoding)


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


# --- text -----------------------------------------------------------------------------------------------------------


def _read_text(path: Path, encoding: str | None) -> DataTable:
    raw = path.read_bytes()
    chosen = encoding or detect_encoding(raw)
    if chosen not in _CODECS:
        raise UserError(_("CRM Desk can't read the encoding {name}.").format(name=chosen))
    try:
        text = raw.decode(_CODECS[chosen])
    except UnicodeError as error:
        raise UserError(
            _("The file {name} isn't written in {encoding} throughout. Please choose another encoding, or save it "
              "again as CSV UTF-8.").format(name=path.name, encoding=_(ENCODINGS[chosen]))
        ) from error  # fmt: skip
    text = text.replace("\0", "")
    first, _newline, rest = text.partition("\n")
    delimiter = ""
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # Excel says so itself
        delimiter, text = first.strip()[4], "\n" + rest
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text))
    try:
        numbered = [TableRow(number, cells) for number, cells in enumerate(lines, 1)]
    except csv.Error as error:
        raise UserError(
            _("The file {name} can't be read as a table: a quotation mark may be missing.").format(name=path.name)
        ) from error
    return _table(path, numbered, chosen)


def detect_encoding(raw: bytes) -> str:
    """Return utf-8, utf-16, big5 or gb18030; UserError when no encoding gives sensible text."""
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        raw.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass  # an older encoding, then
    points = {name: _usual(raw, name) for name in ("big5", "gb18030")}
    best = max(points, key=lambda name: points[name])
    if points[best] < _LEAST_USUAL:
        raise UserError(
            _(
                "The encoding of this file can't be recognised. Please save it again as CSV UTF-8, "
                "or choose the encoding."
            )
        )
    return best


def _usual(raw: bytes, name: str) -> float:
    """Return how many of the Chinese characters are everyday ones of that encoding, 0 … 1; −1 if it can't be it."""
    try:
        raw.decode(_CODECS[name])
    except UnicodeDecodeError:
        return -1.0
    sample = raw[:_SAMPLE]
    text = sample[: sample.rfind(b"\n") + 1 or len(sample)].decode(_CODECS[name], errors="ignore")
    # First planes: Big5 A4–C6 (5 401 common characters) and A1–A3 signs; GB2312 A1–A9 signs, B0–D7 common.
    codec, signs, common = (
        ("cp950", (0xA1, 0xA3), (0xA4, 0xC6)) if name == "big5" else ("gb2312", (0xA1, 0xA9), (0xB0, 0xD7))
    )
    seen = usual = 0
    for ch in text:
        if ch.isascii():
            continue
        seen += 1
        try:
            lead = ch.encode(codec)[0]
        except UnicodeEncodeError:
            continue
        usual += common[0] <= lead <= common[1] or signs[0] <= lead <= signs[1]
    return usual / seen if seen else 1.0


def _delimiter(text: str) -> str:
    """Return what parts the columns: the sign that most of the first lines agree on."""
    lines = [line for line in text[:20_000].splitlines()[:8] if line.strip()]
    if not lines:
        return ","
    counts = {sign: _outside_quotes(lines[0], sign) for sign in ",;\t|"}
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best] else ","


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])


# --- workbooks ------------------------------------------------------------------------------------------------------


def _read_workbook(path: Path) -> DataTable:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if not sheet.height:
                continue
            if sheet.height * max(sheet.width, 1) > MOST_CELLS:
                raise UserError(_("The sheet {name} is too large. Please import it in parts.").format(name=name))
            first = sheet.start[0] + 1 if sheet.start else 1
            rows = [
                TableRow(first + i, [cell_text(cell) for cell in cells])
                for i, cells in enumerate(sheet.to_python(skip_empty_area=True))
            ]
            if any(any(row.cells) for row in rows):
                return _table(path, rows, "", name)
    except (CalamineError, OSError, ValueError) as error:
        raise UserError(
            _("The file {name} is no workbook that can be read: it may be damaged, protected by a password, or another "
              "kind of file.").format(name=path.name)
        ) from error  # fmt: skip
    raise UserError(_("The file {name} is empty.").format(name=path.name))


def cell_text(cell: Any) -> str:
    """Return a cell as people see it: whole numbers without .0, days as 2026-11-22; text as it is, zeros and all."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(round(cell, 10))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None or isinstance(cell, timedelta) else str(cell)


# --- both -----------------------------------------------------------------------------------------------------------


def _table(path: Path, rows: list[TableRow], encoding: str, sheet: str = "") -> DataTable:
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        raise UserError(_("The file {name} is empty.").format(name=path.name))
    header = [cell.strip().lstrip("\ufeff") for cell in filled[0].cells]
    while header and not header[-1]:
        header.pop()
    if len(filled) == 1:
        raise UserError(_("The file {name} has headings but no rows under them.").format(name=path.name))
    if len(filled) - 1 > MOST_ROWS:
        raise UserError(
            _("The file {name} has more than {count} rows. Please import it in parts.").format(
                name=path.name, count=f"{MOST_ROWS:,}"
            )
        )
    return DataTable(path.name, tuple(header), tuple(filled[1:]), encoding, sheet)


def unspoiled(text: str) -> str:
    """Return a cell without what Excel puts around text: ``="0912…"``, a leading apostrophe, an exact 1.39E+10."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 3:
        return text[2:-1]
    text = text.removeprefix("'")
    if "E+" in text.upper() and text[:1].isdigit():
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        digits = number.as_tuple()
        if isinstance(digits.exponent, int) and len(digits.digits) >= 9 and -1 <= digits.exponent <= 1:
            return format(number, "f")  # every digit is there, only written oddly
    return text
