"""The floors: the same work by the barest code, a raw driver or a bare canvas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from bench.data import NOW
from bench.engines import Bare, defaults
from crmdesk.printing import barcodes, fonts, layout

_AT = "2026-11-22 01:41:00"
_numbers = count(-1, -1)  # ids the program never gives

HISTORY = (
    "INSERT INTO history (at, user_name, station, sentence, kind, record_id, operation, changes) "
    "VALUES (?, '林經理', 'Reception', 'Save', ?, ?, 'create', ?)"
)
EVENT = (
    "INSERT INTO event (at, user_name, station, kind, record_id, action, from_state, to_state, title, "
    '"values", note) '
    "VALUES (?, '林經理', 'Reception', ?, ?, 'step', '', '', 'Step', '{}', '')"
)
COUNTER = "UPDATE counter SET value = value + 1 WHERE series = ?"


def find_by_tail(bare: Bare, tail: str) -> None:
    """Who has a number that ends so: one query over the index of reversed digits."""
    key = tail[::-1]
    bare.read(
        "SELECT c.id, c.code, c.name, c.company, p.number FROM customer_phone p "
        "JOIN customer c ON c.id = p.customer_id WHERE p.tail >= ? AND p.tail < ? LIMIT 8",
        (key, key + ":"),
    )


def find_by_key(bare: Bare, key: str) -> None:
    """Who has a search key (two characters of a name, or initials): one query over the table of keys."""
    bare.read(
        "SELECT c.id, c.code, c.name, c.company FROM customer_key k JOIN customer c ON c.id = k.customer_id "
        "WHERE k.key = ? LIMIT 8",
        (key,),
    )


def read_card(bare: Bare, customer_id: int) -> None:
    """The rows a card can't do without: customer, phones, contacts, balance, last happenings."""
    for statement in (
        "SELECT * FROM customer WHERE id = ?",
        "SELECT number, extension FROM customer_phone WHERE customer_id = ?",
        "SELECT name, phone FROM contact WHERE customer_id = ?",
        "SELECT sum(amount) FROM ledger_entry WHERE customer_id = ?",
        "SELECT * FROM event WHERE customer_id = ? ORDER BY at DESC LIMIT 6",
    ):
        bare.read(statement, (customer_id,))


def commit(bare: Bare) -> None:
    """The least that can be saved: one number counted, in one transaction."""
    bare.write([(COUNTER, ("customer",))])


def _insert(bare: Bare, table: str, values: dict[str, object]) -> tuple[str, tuple[object, ...]]:
    """Return the statement that writes one row, with plain values where the row can't do without."""
    whole = values | defaults(table, list(values), sqlite=bare.sqlite)
    return f"INSERT INTO {table} ({', '.join(whole)}) VALUES ({', '.join('?' * len(whole))})", tuple(whole.values())


def create_customer(bare: Bare, keys: int = 24) -> None:
    """A customer with a phone, search keys, one event and one history entry, in one transaction."""
    number = next(_numbers)
    tail = f"{-number:010d}"[::-1]
    changes = json.dumps({"name": [None, "陳美玲"]})
    customer = {"id": number, "code": f"X{number}", "version": 1, "created_at": _AT, "active": True, "name": "陳美玲",
                "kind": "retail"}  # fmt: skip
    phone = {"customer_id": number, "position": 0, "number": tail[::-1], "tail": tail, "head": tail[::-1]}
    bare.write(
        [
            (COUNTER, ("customer",)),
            _insert(bare, "customer", customer),
            _insert(bare, "customer_phone", phone),
            ("INSERT INTO customer_key (key, customer_id) VALUES (?, ?)", [(f"~{n}", number) for n in range(keys)]),
            (EVENT, (_AT, "customer", number)),
            (HISTORY, (_AT, "customer", number, changes)),
        ]
    )


def save_call(bare: Bare) -> None:
    """A call, one event, one history entry and the day's next number, in one transaction."""
    number = next(_numbers)
    call = {
        "id": number, "number": f"X{number}", "version": 1, "created_at": _AT, "direction": "in", "started_at": _AT,
        "finished_at": _AT, "answered_by_id": 1, "rings": 2, "apologised": False, "phone": "0912-345-678",
        "caller_name": "陳美玲", "region": "台中市", "topic": "stock", "matter": "問貨", "urgency": "normal",
        "read_back": "[]", "caller_hung_up_first": True, "state": "done",
    }  # fmt: skip
    bare.write(
        [
            (COUNTER, ("call",)),
            _insert(bare, "call", call),
            (EVENT, (_AT, "call", number)),
            (HISTORY, (_AT, "call", number, "{}")),
        ]
    )


def walk_complaint(bare: Bare, steps: int) -> None:
    """A complaint opened and taken through so many steps, each its own transaction with event and history."""
    number = next(_numbers)
    words = ("phone", "sale_number", "story", "wish", "item_code", "item_name", "department", "cause", "proposal",
             "remedy", "improvement", "reply")  # fmt: skip
    opened = (
        "INSERT INTO complaint (id, number, version, created_at, complainant, received_at, received_by_id, channel, "
        "kind, domestic, severity, affected, title, quantity, faulty, clears, loss, allowance, manager_told, "
        f"not_reached, state, {', '.join(words)}) VALUES (?, ?, 1, ?, '陳美玲', ?, 1, 'phone', 'quality', ?, "
        "'general', 1, '斷扣', 0, 0, '{}', 0, 0, ?, 0, 'received'" + ", ''" * len(words) + ")"
    )
    log = [(EVENT, (_AT, "complaint", number)), (HISTORY, (_AT, "complaint", number, "{}"))]
    bare.write([(COUNTER, ("complaint",)), (opened, (number, f"X{number}", _AT, _AT, True, False)), *log])
    for step in range(steps):
        change = "UPDATE complaint SET state = ?, version = version + 1 WHERE id = ? AND version = ?"
        bare.write([(change, (f"s{step}", number, step + 1)), *log])


MONTH_TABLES = (
    ("call", "started_at"), ("visit", "arrived_at"), ("sale", "printed_at"), ("packing", "started_at"),
    ("repair", "received_at"), ("complaint", "received_at"),
)  # fmt: skip


def read_month(bare: Bare) -> None:
    """Three months of each desk counted day by day in one query each, the months summed up here."""
    spans = [("2026-10-31 16:00:00", "2026-11-30 16:00:00"), ("2026-09-30 16:00:00", "2026-10-31 16:00:00"),
             ("2025-10-31 16:00:00", "2025-11-30 16:00:00")]  # fmt: skip
    day = "substr({}, 1, 10)" if bare.sqlite else "date({})"
    where = " OR ".join("({0} >= ? AND {0} < ?)" for _span in spans)
    values = [moment for span in spans for moment in span]
    for table, column in MONTH_TABLES:
        statement = f"SELECT {day.format(column)}, count(*) FROM {table} WHERE {where.format(column)} GROUP BY 1"
        sum(row[1] for row in bare.read(statement, values))


def read_compliance(bare: Bare) -> None:
    """One month of each table counted day by day, one query each."""
    span = ("2026-10-31 16:00:00", "2026-11-30 16:00:00")
    day = "substr({}, 1, 10)" if bare.sqlite else "date({})"
    for table, column in MONTH_TABLES:
        bare.read(
            f"SELECT {day.format(column)}, count(*) FROM {table} WHERE {column} >= ? AND {column} < ? GROUP BY 1", span
        )


def import_people(bare: Bare, path: Path) -> None:
    """A list of customers read by the csv module and written with their phones as they are, nothing checked."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))[1:]
    first = -10_000_000
    at = bare.moment(NOW)
    customers, phones = [], []
    for number, (name, company, phone, mobile, region, address, _kind) in enumerate(found, first):
        customers.append((number, f"Y{number}", 1, at, True, name, company, "", "retail", "", region, address, "", "",
                          "", "", 0))  # fmt: skip
        for place, text in enumerate(filter(None, (phone, mobile))):
            digits = text.replace("-", "")
            phones.append((number, place, text, "", "", digits[::-1], digits))
    columns = ("id", "code", "version", "created_at", "active", "name", "company", "gender", "kind", "grade", "region",
               "address", "likes", "avoid", "birthday", "note", "credit_limit")  # fmt: skip
    bare.many("customer", columns, customers)
    bare.many("customer_phone", ("customer_id", "position", "number", "extension", "label", "tail", "head"), phones)


# papers -----------------------------------------------------------------------------------------------------------

Texts = list[list[tuple[float, float, str, str, float]]]  # pages of (x, y, font, text, size)


@contextmanager
def _listening(pages: Texts) -> Iterator[None]:
    """Note what a paper writes and where, while it is drawn."""
    show, turn = layout.Sheet._show, layout.Sheet.next_page

    def noting(
        sheet: layout.Sheet, x: float, y: float, text: str, size: float, bold: bool, spacing: float = 0.0, mode: int = 0
    ) -> None:
        for run in fonts.runs(text, sheet.language, bold):
            pages[-1].append((x, y, run.font, run.text, size))
            x += run.advance * size
        show(sheet, x, y, text, size, bold, spacing, mode)

    def turning(sheet: layout.Sheet) -> None:
        pages.append([])
        turn(sheet)

    layout.Sheet._show, layout.Sheet.next_page = noting, turning  # type: ignore[assignment,method-assign]  # counts what is drawn
    try:
        yield
    finally:
        layout.Sheet._show, layout.Sheet.next_page = show, turn  # type: ignore[method-assign]  # as it was


def texts_of(render: Callable[[], object]) -> Texts:
    """Return what a paper writes: font, text, size and place of every run."""
    pages: Texts = [[]]
    with _listening(pages):
        render()
    return pages


def draw(pages: Texts, size: tuple[float, float], codes: tuple[str, str] | None = None) -> bytes:
    """Draw the same texts, and a Code 128 with a QR code as one path, with a bare canvas."""
    return draw_many(pages, size, [codes])


def draw_many(pages: Texts, size: tuple[float, float], codes: Sequence[tuple[str, str] | None]) -> bytes:
    """Draw the same paper once for each pair of codes, into one PDF."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, pageCompression=1)
    for pair in codes:
        for page in pages:
            for x, y, font, text, points in page:
                canvas.setFont(font, points)
                canvas.drawString(x, y, text)
            if pair is not None:
                _draw_codes(canvas, *pair)
            canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_codes(canvas: Canvas, bars: str, square: str) -> None:
    path = canvas.beginPath()
    for start, width in barcodes.code128_bars.__wrapped__(bars)[1]:
        path.rect(20 + start, 140, width, 40)
    for bar in barcodes.qr_bars.__wrapped__(square)[1]:
        path.rect(200 + bar.x, 180 - bar.y, bar.width, 1)
    canvas.drawPath(path, stroke=0, fill=1)
