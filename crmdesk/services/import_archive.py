"""The archive in an import: its fields as columns of a file, their values read, compared and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from crmdesk.core.i18n import LANGUAGES, N_, translator
from crmdesk.core.names import fold
from crmdesk.db.bulk import insert_rows
from crmdesk.model.archive import CustomerValue
from crmdesk.model.base import table_of
from crmdesk.rules.archive import NO, YES, ArchiveField
from crmdesk.rules.rights import Right
from crmdesk.services.archive import open_to
from crmdesk.services.archive_fields import fields_in
from crmdesk.services.context import Context
from crmdesk.services.import_fields import ImportField
from crmdesk.services.import_rows import CustomerLine

ARCHIVE = "archive."
_VALUE = table_of(CustomerValue)
_SIGNS = {YES: ("y", "yes", "1", "v", "x", "是", "有", "对"), NO: ("n", "no", "0", "否", "无", "不")}


def archive_fields(ctx: Context) -> tuple[ArchiveField, ...]:
    """Return the fields of the archive that a file of the user may fill; protected ones only with the right to."""
    ctx.require(Right.CUSTOMER_IMPORT)
    with ctx.reading() as session:
        shown = [field for field in fields_in(session) if not (field.hidden or field.source)]
    return open_to(ctx, shown)


def as_columns(fields: Sequence[ArchiveField]) -> tuple[ImportField, ...]:
    """Return fields of the archive as columns, found by their title in each language."""
    return tuple(
        ImportField(ARCHIVE + field.key, field.title, frozenset(_spoken(field.title)) | {fold(field.key)})
        for field in fields
    )


def _spoken(title: str) -> set[str]:
    return {word for language in LANGUAGES if (word := fold(translator(language).gettext(title)))}


def choices_of(field: ArchiveField) -> dict[str, str] | None:
    """Return the words a cell may hold, folded, with the value each stands for; None for what isn't chosen."""
    if field.kind == "choice":
        pairs = [(word, key) for key, title in field.choices for word in (*_spoken(title), fold(key))]
        return dict(reversed(pairs))
    if field.kind == "yesno":
        titles = {YES: N_("Yes"), NO: N_("No")}
        return {word: key for key, title in titles.items() for word in (*_spoken(title), *_SIGNS[key])}
    return None


def value_rows(customer_id: int, line: CustomerLine) -> list[tuple[int, str, str]]:
    """Return the rows to insert for a new customer."""
    return [(customer_id, key, value) for key, value in line.archive.items()]


def insert_values(session: Session, rows: Sequence[tuple[int, str, str]]) -> None:
    """Insert values of new customers."""
    insert_rows(session, _VALUE, ("customer_id", "key", "value"), rows)


def values_now(session: Session, lines: Sequence[CustomerLine]) -> dict[int, dict[str, str]]:
    """Return what the customers of these rows have in the fields that the file fills or empties; one statement."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    keys = {key for line in lines for key in line.archive}
    keys |= {name.removeprefix(ARCHIVE) for line in lines for name in line.emptied if name.startswith(ARCHIVE)}
    ids = [line.existing_id for line in lines if line.existing_id is not None]
    if keys and ids:
        query = select(_VALUE.c.customer_id, _VALUE.c.key, _VALUE.c.value)
        for customer_id, key, value in session.execute(
            query.where(_VALUE.c.customer_id.in_(ids), _VALUE.c.key.in_(sorted(keys)))
        ):
            found[customer_id][key] = value
    return found


Change = tuple[int, str, str, str]  # customer, field of the archive, before, after; '' for none


def write_values(session: Session, changes: Iterable[Change]) -> None:
    """Write changed values of customers who are known."""
    fresh, other, gone = [], [], []
    for customer_id, key, old, new in changes:
        if not old:
            fresh.append((customer_id, key, new))
        elif new:
            other.append({"its_id": customer_id, "its_key": key, "new_value": new})
        else:
            gone.append({"its_id": customer_id, "its_key": key})
    insert_values(session, fresh)
    own = (_VALUE.c.customer_id == bindparam("its_id"), _VALUE.c.key == bindparam("its_key"))
    if other:
        session.connection().execute(update(_VALUE).where(*own).values(value=bindparam("new_value")), other)
    if gone:
        session.connection().execute(delete(_VALUE).where(*own), gone)
