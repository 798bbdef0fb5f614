"""Lists out of the program: as a table for other programs, or on paper; each time written into the log (CRM-40)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _, language
from crmdesk.core.money import format_number
from crmdesk.model.base import table_of
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.printing.documents import ListPaper
from crmdesk.rules.archive import ArchiveField
from crmdesk.rules.rights import Right
from crmdesk.services import papers
from crmdesk.services.archive import open_to
from crmdesk.services.archive_access import LOOKED, day_began
from crmdesk.services.archive_fields import fields_in
from crmdesk.services.context import Context
from crmdesk.services.customer_lists import ARCHIVE, ListedCustomer, with_columns
from crmdesk.services.table_files import write_csv, write_xlsx

KIND = "list"
MOST_PRINTED = 3000  # rows of a printed list: a hundred pages
FORMATS = {".csv": N_("CSV, for every program"), ".xlsx": N_("Workbook (XLSX)")}
_PART = 5000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ListSheet:
    """A list as it leaves the program: its name, headings, rows of values, and which columns are numbers."""

    key: str
    title: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    right: frozenset[int] = frozenset()
    protected: tuple[str, ...] = ()  # titles of the protected fields in it
    cut: bool = False  # there are more rows than a list has when it leaves the program


def export_list(ctx: Context, sheet: ListSheet, path: Path | str, *, progress: Progress | None = None) -> int:
    """Write a list as CSV (UTF-8 with its mark, so that Excel reads it) or XLSX and return the number of rows.

    The file is there whole or not at all. UserError when it can't be written there.
    """
    ctx.require(Right.CUSTOMER_EXPORT)
    path = Path(path)
    if path.suffix.lower() not in FORMATS:
        path = path.with_name(path.name + ".csv")
    write = write_xlsx if path.suffix.lower() == ".xlsx" else write_csv
    spare = path.with_name(f".{path.name}.part")
    try:
        write(spare, sheet.title, sheet.headings, sheet.rows, progress)
        spare.replace(path)
    except OSError as error:
        raise UserError(_("The file can't be written there. Please choose another place.")) from error
    finally:
        spare.unlink(missing_ok=True)
    with ctx.transaction(N_("Export a list")) as session:
        _log(session, ctx, sheet, "exported", N_("Exported: {list}, rows: {count}"), path.name)
    return len(sheet.rows)


def print_list(ctx: Context, sheet: ListSheet) -> int:
    """Freeze a list as a paper and return the paper's id; UserError when it is too long for paper."""
    ctx.require(Right.CUSTOMER_EXPORT)
    if len(sheet.rows) > MOST_PRINTED:
        raise UserError(
            _("A list of {count} rows is too long to print. Please choose fewer, or export it.").format(
                count=format_number(len(sheet.rows))
            )
        )
    now = ctx.clock.local(ctx.clock.now())
    number = f"{now:%Y%m%d-%H%M%S}"
    with ctx.transaction(N_("Print a list")) as session:
        _log(session, ctx, sheet, "printed", N_("Printed: {list}, rows: {count}"), "")
        document = ListPaper(
            office=papers.letterhead(ctx, language()), title=sheet.title, number=number, at=now, by=ctx.user.name,
            headings=sheet.headings, rows=tuple(tuple(words(value) for value in row) for row in sheet.rows),
            right=tuple(sorted(sheet.right)),
        )  # fmt: skip
        return papers.freeze(session, ctx, KIND, f"{number}-{ctx.user.id}", document, (KIND, 0), language=language()).id


def words(value: Any) -> str:
    """Return a value of a list as it is read on paper."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return format_number(value, 0 if value == value.to_integral_value() else 2)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _log(session: Session, ctx: Context, sheet: ListSheet, action: str, title: str, name: str) -> None:
    values = {"list": sheet.title, "count": len(sheet.rows), "file": name[:200]}
    note = _("With protected fields: {fields}").format(fields=", ".join(sheet.protected)) if sheet.protected else ""
    session.add(
        Event(
            at=ctx.clock.now(), user_id=ctx.user.id, user_name=ctx.user.name, station=ctx.station, kind=KIND,
            record_id=0, action=action, title=title, values=values, note=note[:2000],
        )
    )  # fmt: skip


# protected fields ---------------------------------------------------------------------------------------------------


def protected_fields(ctx: Context) -> tuple[ArchiveField, ...]:
    """Return the protected fields of the archive that the user may take out of the program; often none."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        shown = [field for field in fields_in(session) if field.protected and not (field.hidden or field.source)]
    return open_to(ctx, shown)


def with_protected(ctx: Context, found: Sequence[ListedCustomer], keys: Collection[str]) -> list[ListedCustomer]:
    """Return customers with protected fields added; each look is written down once a day (CRM-32, SEC-17)."""
    ctx.require(Right.CUSTOMER_PRIVATE)
    rows = [entry.row for entry in found]
    wanted = [ARCHIVE + key for key in keys]
    with ctx.transaction(N_("Look into the closed fields")) as session:
        fields = [field for field in fields_in(session) if field.key in keys and not field.hidden]
        added = with_columns(session, ctx, rows, wanted, fields)
        _looked(session, ctx, [entry.row.id for entry in added if entry.more])
    return [ListedCustomer(old.row, {**old.more, **new.more}) for old, new in zip(found, added, strict=True)]


def _looked(session: Session, ctx: Context, ids: Sequence[int]) -> None:
    event, at = table_of(Event), ctx.clock.now()
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        known = select(event.c.record_id).where(
            event.c.kind == Customer.KIND, event.c.record_id.in_(part), event.c.action == LOOKED,
            event.c.user_id == ctx.user.id, event.c.at >= day_began(ctx),
        )  # fmt: skip
        already = set(session.scalars(known))
        fresh: list[dict[str, Any]] = [
            {"at": at, "user_id": ctx.user.id, "user_name": ctx.user.name, "station": ctx.station,
             "kind": Customer.KIND, "record_id": number, "action": LOOKED, "from_state": "", "to_state": "",
             "title": N_("Looked into the closed fields"), "values": {}, "note": ""}
            for number in part if number not in already
        ]  # fmt: skip
        if fresh:
            session.execute(insert(event), fresh)
