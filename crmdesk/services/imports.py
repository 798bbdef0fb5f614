"""Importing customers and items from tables people have: all or nothing, every wrong cell named, nothing guessed.

A file is read (`services.tables`), its columns mapped (`import_fields`), each row checked (`import_rows`), compared
with what the office has, and written in one transaction with one history entry for the whole file. Each card says from
which file it came (`import_story`); what an update changes stands in its history field by field, as after a save. The
fields of new cards are left out there: they would cost more than the import itself.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.names import fold
from crmdesk.model.history import HistoryEntry
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.services import import_write
from crmdesk.services.context import Context
from crmdesk.services.import_archive import ARCHIVE, archive_fields, as_columns, choices_of
from crmdesk.services.import_changes import Difference, differences, say_difference
from crmdesk.services.import_fields import (
    CUSTOMER_FIELDS,
    ITEM_FIELDS,
    ImportField,
    Mapped,
    guess_mapping,
    read_mapping,
)
from crmdesk.services.import_match import MATCHES
from crmdesk.services.import_rows import ArchiveColumn, CustomerLine, CustomerReader, ItemLine, ItemReader, cells_of
from crmdesk.services.import_story import last_id, tell_origin
from crmdesk.services.staff import find_staff
from crmdesk.services.tables import ENCODINGS, DataTable, TableRow, read_table

__all__ = [
    "CUSTOMER_FIELDS", "ENCODINGS", "ITEM_FIELDS", "MATCHES", "DataTable", "Difference", "ImportField", "ImportResult",
    "PreviewRow", "RowError", "fields_for", "fields_of", "guess_mapping", "import_customers", "import_items", "preview",
    "read_table",
]  # fmt: skip

EXISTING = {
    "refuse": N_("Refuse codes that exist already"),
    "update": N_("Update customers and items that exist already"),
}
MOST_ERRORS = 1000  # kept to be shown; all are counted
_REPORT_EVERY = 1000
_WRONG_SHARE = 0.6  # of the rows: then it is the column that is wrong, not the cells
_LEAST_ROWS = 3

Progress = Callable[[int, int], None]


class RowError(NamedTuple):
    """A wrong cell: the row's number in the file (the heading is 1), the heading, what stands there, and why."""

    row: int
    column: str
    value: str
    message: str


class PreviewRow(NamedTuple):
    """A row as it would be read: the cells of the mapped fields in their order, and what is wrong by field."""

    number: int
    cells: tuple[str, ...]
    errors: dict[str, str]


@dataclass(frozen=True)
class ImportResult:
    """What an import did or, on a dry run, would do; with any error nothing is written."""

    rows: int
    created: int
    updated: int
    errors: tuple[RowError, ...]
    error_count: int
    duplicates: tuple[RowError, ...]  # the same number on several customers: worth a look, no error
    advice: str  # a sentence about a column that seems to be mapped wrongly, '' otherwise
    seconds: float
    written: bool
    differences: tuple[Difference, ...] = ()  # what an update would change; on a dry run only
    difference_count: int = 0

    @property
    def ok(self) -> bool:
        """Whether every row can be imported."""
        return not self.error_count


def fields_of(what: str) -> tuple[ImportField, ...]:
    """Return the house's fields of an import of ``customers`` or ``items``."""
    return CUSTOMER_FIELDS if what == "customers" else ITEM_FIELDS


def fields_for(ctx: Context, what: str) -> tuple[ImportField, ...]:
    """Return the fields a file of the user may hold: the house's, and for customers those of the archive (CRM-22)."""
    ctx.require(Right.CUSTOMER_IMPORT if what == "customers" else Right.ITEM_EDIT)
    return CUSTOMER_FIELDS + as_columns(archive_fields(ctx)) if what == "customers" else ITEM_FIELDS


def import_customers(
    ctx: Context,
    source: Path | str | DataTable,
    dry_run: bool = False,
    *,
    mapping: Mapping[str, int | str] | None = None,
    progress: Progress | None = None,
    encoding: str | None = None,
    existing: str = "refuse",
    match: str = "auto",
) -> ImportResult:
    """Import customers from a file (or a table already read), all or nothing, in one transaction.

    ``mapping`` names the column of each field by number or heading, None guesses; ``existing`` says what happens to
    customers the office has: refuse, or update with the cells that are filled (one of ``EMPTIES`` empties its field);
    ``match`` by what they are known (see ``MATCHES``). A dry run of an update says what would change.
    ``progress(done, total)`` is told of each thousand rows and may raise to cancel. UserError when the file or its
    columns can't be used at all.
    """
    ctx.require(Right.CUSTOMER_IMPORT)
    if match not in MATCHES:
        raise UserError(_("Please choose from the list."))
    return _run(ctx, "customers", source, dry_run, mapping, progress, encoding, existing, match)


def import_items(
    ctx: Context,
    source: Path | str | DataTable,
    dry_run: bool = False,
    *,
    mapping: Mapping[str, int | str] | None = None,
    progress: Progress | None = None,
    encoding: str | None = None,
    existing: str = "refuse",
) -> ImportResult:
    """Import catalogue items like `import_customers`; a code or barcode never means two items."""
    ctx.require(Right.ITEM_EDIT)
    return _run(ctx, "items", source, dry_run, mapping, progress, encoding, existing, "code")


def preview(
    ctx: Context, what: str, table: DataTable, mapping: Mapping[str, int | str], *, limit: int = 100
) -> list[PreviewRow]:
    """Return the first rows as they would be read, with what is wrong; fields without a column stay empty."""
    ctx.require(Right.CUSTOMER_IMPORT if what == "customers" else Right.ITEM_EDIT)
    columns = {name: place for name, place in mapping.items() if isinstance(place, int)}
    reader = _reader(ctx, what, columns, table)
    names = [field.name for field in fields_for(ctx, what)]
    found = []
    for row in table.rows[:limit]:
        line = reader.read(row)
        found.append(PreviewRow(row.number, cells_of(row, columns, names), line.errors))
    return found


def _reader(ctx: Context, what: str, mapping: Mapped, table: DataTable) -> CustomerReader | ItemReader:
    if what == "items":
        return ItemReader(mapping, len(table.header))
    staff: dict[str, int] = {}
    if "owner" in mapping or "custodian" in mapping:
        with ctx.reading() as session:
            for number, login, name in session.execute(select(StaffMember.id, StaffMember.login, StaffMember.name)):
                staff |= {fold(login): number, fold(name): number}
    archive = [ArchiveColumn(ARCHIVE + field.key, field, choices_of(field)) for field in archive_fields(ctx)]
    return CustomerReader(mapping, len(table.header), ctx.office.home, ctx.clock.today(), staff, archive)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold the garbage collector off: it would walk the hundred thousand rows again and again and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_undisturbed()
def _run(
    ctx: Context,
    what: str,
    source: Path | str | DataTable,
    dry_run: bool,
    given: Mapping[str, int | str] | None,
    progress: Progress | None,
    encoding: str | None,
    existing: str,
    match: str,
) -> ImportResult:
    if existing not in EXISTING:
        raise UserError(_("Existing codes can be refused or updated."))
    began = perf_counter()
    table = source if isinstance(source, DataTable) else read_table(source, encoding=encoding)
    fields = fields_for(ctx, what)
    mapping = read_mapping(given, table.header, fields)
    steps = _Steps(progress, len(table.rows) * (1 if dry_run else 2))
    reader = _reader(ctx, what, mapping, table)
    lines = [steps.after(reader.read(row)) for row in table.rows]
    kind = import_write.CUSTOMERS if what == "customers" else import_write.ITEMS
    kind.check_file(lines)
    updating = existing == "update"
    duplicates: list[tuple[int, str, str, str]] = []
    written = False
    changes: list[Difference] = []
    change_count = 0
    if dry_run or any(line.errors for line in lines):
        with ctx.reading() as session:
            duplicates = kind.compare(session, lines, updating, match)
            if dry_run and updating and what == "customers":
                columns = import_write.columns_of(lines)
                changes, change_count = differences(session, lines, columns, import_write.EMPTY)
    else:
        with ctx.transaction(N_("Import a file")) as session:
            duplicates = kind.compare(session, lines, updating, match)
            if not any(line.errors for line in lines):
                last = last_id(session, what)
                kind.write(session, ctx, lines, steps.after)
                tell_origin(session, ctx, what, table.name, last, lines)
                _note(session, ctx, what, table.name, lines)
                written = True
    errors, count = _errors(table, mapping, fields, lines)
    known = sum(1 for line in lines if line.existing_id)
    return ImportResult(
        rows=len(lines),
        created=len(lines) - known,
        updated=known,
        errors=tuple(errors),
        error_count=count,
        duplicates=tuple(_named(table, mapping, fields, duplicates)),
        advice=_advice(table, mapping, fields, lines),
        seconds=perf_counter() - began,
        written=written,
        differences=_said(ctx, fields, changes),
        difference_count=change_count,
    )


def _said(ctx: Context, fields: Sequence[ImportField], changes: Sequence[Difference]) -> tuple[Difference, ...]:
    if not changes:
        return ()
    archive = {ARCHIVE + field.key: field for field in archive_fields(ctx)}
    people = {member.id: member.name for member in find_staff(ctx)}
    return tuple(say_difference(change, fields, archive, people) for change in changes)


class _Steps:
    """Counts rows and tells the progress now and then."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def after(self, line: Any) -> Any:
        """Count one more row; whatever the progress raises ends the import."""
        self._done += 1
        if self._progress is not None and (self._done % _REPORT_EVERY == 0 or self._done == self._total):
            self._progress(self._done, self._total)
        return line


def _note(session: Session, ctx: Context, what: str, name: str, lines: Sequence[CustomerLine | ItemLine]) -> None:
    """One entry of the history for the whole file, and a notice that lists look again."""
    known = sum(1 for line in lines if line.existing_id)
    session.add(
        HistoryEntry(
            at=ctx.clock.now(),
            user_id=ctx.user.id,
            user_name=ctx.user.name,
            station=ctx.station,
            sentence=N_("Import customers") if what == "customers" else N_("Import items"),
            kind="import",
            record_id=0,
            operation="create",
            changes={"file": [None, name[:200]], "created": [None, len(lines) - known], "updated": [None, known]},
        )
    )
    session.info["touched"] = [("customer" if what == "customers" else "item", 0)]


# --- what is wrong, for people --------------------------------------------------------------------------------------


def _heading(table: DataTable, mapping: Mapped, fields: Iterable[ImportField], name: str) -> str:
    if name in mapping:
        return table.header[mapping[name]]
    return next((_(field.title) for field in fields if field.name == name), "")


def _errors(
    table: DataTable, mapping: Mapped, fields: Collection[ImportField], lines: Sequence[CustomerLine | ItemLine]
) -> tuple[list[RowError], int]:
    found: list[RowError] = []
    count = 0
    for row, line in zip(table.rows, lines, strict=True):
        for name, message in line.errors.items():
            count += 1
            if len(found) < MOST_ERRORS:
                found.append(
                    RowError(row.number, _heading(table, mapping, fields, name), _cell(row, mapping, name), message)
                )
    return found, count


def _cell(row: TableRow, mapping: Mapped, name: str) -> str:
    return cells_of(row, mapping, (name,))[0][:80]


def _named(
    table: DataTable, mapping: Mapped, fields: Collection[ImportField], found: Iterable[tuple[int, str, str, str]]
) -> list[RowError]:
    return [
        RowError(number, _heading(table, mapping, fields, name), value, message)
        for number, name, value, message in found
    ][:MOST_ERRORS]


def _advice(
    table: DataTable, mapping: Mapped, fields: Collection[ImportField], lines: Sequence[CustomerLine | ItemLine]
) -> str:
    """A sentence when most rows fail in one column: then the mapping is wrong, not the cells."""
    if len(lines) < _LEAST_ROWS:
        return ""
    counts = Counter(name for line in lines for name in line.errors)
    name, count = counts.most_common(1)[0] if counts else ("", 0)
    if not name or name not in mapping or count < _WRONG_SHARE * len(lines):
        return ""
    title = next(_(field.title) for field in fields if field.name == name)
    return _(
        "Most rows fail in the column “{column}”. Does it really hold “{field}”? Please check which column is which."
    ).format(column=table.header[mapping[name]], field=title)
