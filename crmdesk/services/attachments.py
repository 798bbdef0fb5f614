"""Files and photos kept in the database with their customer, complaint, call, visit or repair (CRM-30)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from crmdesk.core.errors import UserError
from crmdesk.core.file_kinds import FileKind, kind_of, plain_name
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import clean
from crmdesk.model.archive import Attachment
from crmdesk.model.base import Base
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer
from crmdesk.model.repair import Repair
from crmdesk.model.staff import StaffMember
from crmdesk.model.visit import Visit
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.records import load_for_change, record_event

CLAUSE = "CRM-30"
MEGABYTE = 1 << 20
NOTE_LENGTH = 200
MOST = 200  # files of one record: beyond that the list is no help to anybody
THUMBNAIL_BYTES = 40_000
_CHUNK = MEGABYTE

#: Whose files are kept, and which right it takes to add one or take one away.
RECORDS: dict[str, tuple[type[Base], Right]] = {
    "customer": (Customer, Right.CUSTOMER_EDIT),
    "complaint": (Complaint, Right.COMPLAINT_OPEN),
    "call": (Call, Right.CALL),
    "visit": (Visit, Right.VISIT),
    "repair": (Repair, Right.REPAIR),
}


class FileRow(NamedTuple):
    """One file as the list shows it; ``at`` in UTC, ``size`` in bytes, ``thumbnail`` a JPEG or None."""

    id: int
    name: str
    media_type: str
    size: int
    note: str
    at: datetime
    by: str
    thumbnail: bytes | None


@dataclass(frozen=True)
class NewFile:
    """A file to be kept; ``thumbnail`` is a small JPEG where it is a picture, ``token`` that of the form."""

    name: str
    data: bytes
    note: str = ""
    thumbnail: bytes | None = None
    token: str = ""


class StoredFile(NamedTuple):
    """A file as it is taken out; ``name`` carries the suffix of what the content is."""

    name: str
    media_type: str
    data: bytes


def limit_of(ctx: Context) -> int:
    """Return how many bytes a file may have in this office."""
    return ctx.office.attachment_mb * MEGABYTE


def may_change(ctx: Context, kind: str) -> bool:
    """Whether the user may add files to records of this kind."""
    return kind in RECORDS and ctx.may(RECORDS[kind][1])


def read_file(ctx: Context, path: Path | str, report: Callable[[int, int], None] | None = None) -> NewFile:
    """Return a file from the disk, ready to be kept; UserError when it is too large, unreadable or of a wrong kind.

    Its size is asked before a byte is read. ``report(done, total)`` is told how far the reading is.
    """
    ctx.require_staff()
    file = Path(path)
    try:
        size = file.stat().st_size
        check_size(ctx, file.name, size)
        parts = []
        with file.open("rb") as stream:
            done = 0
            while part := stream.read(_CHUNK):
                parts.append(part)
                done += len(part)
                check_size(ctx, file.name, done)  # it may grow while it is read
                if report is not None:
                    report(done, size)
    except OSError:
        raise UserError(_("This file can't be read.")) from None
    data = b"".join(parts)
    check_kind(file.name, data)
    return NewFile(plain_name(file.name), data)


def check_size(ctx: Context, name: str, size: int) -> None:
    """Refuse what is empty or larger than the office allows."""
    if size > limit_of(ctx):
        raise UserError(
            _("{name} is too large: a file may have at most {count} MB.").format(
                name=plain_name(name), count=ctx.office.attachment_mb
            ),
            clause=CLAUSE,
        )
    if size == 0:
        raise UserError(_("{name} is empty.").format(name=plain_name(name)), clause=CLAUSE)


def check_kind(name: str, data: bytes) -> FileKind:
    """Return what the content is; UserError for anything but pictures, PDF, office documents and text."""
    found = kind_of(name, data)
    if found is None:
        raise UserError(
            _("{name} is not kept here: only pictures, PDF, office documents without macros, and text.").format(
                name=plain_name(name)
            ),
            clause=CLAUSE,
        )
    return found


def add_attachment(ctx: Context, kind: str, record_id: int, file: NewFile) -> int:
    """Keep a file with a record and return its id; UserError: too large, of a wrong kind, or there already."""
    model, right = _record(kind)
    ctx.require(right)
    ctx.require_to_see(kind)
    check_size(ctx, file.name, len(file.data))
    found = check_kind(file.name, file.data)
    name, digest = plain_name(file.name), hashlib.sha256(file.data).hexdigest()
    thumbnail = file.thumbnail if file.thumbnail and len(file.thumbnail) <= THUMBNAIL_BYTES else None
    with ctx.transaction(N_("Add file"), token=file.token, of=kind) as session:
        record = load_for_change(session, model, record_id, None)
        if isinstance(record, Customer) and record.merged_into_id is not None:  # merged while the window was open
            record_id = record.merged_into_id
            record = load_for_change(session, model, record_id, None)
        _check_new(session, kind, record_id, name, digest)
        row = Attachment(
            record_kind=kind, record_id=record_id, name=name, media_type=found.media_type, size=len(file.data),
            sha256=digest, note=clean(file.note, NOTE_LENGTH), at=ctx.clock.now(), by_id=ctx.user.id,
            thumbnail=thumbnail, content=file.data,
        )  # fmt: skip
        session.add(row)
        session.flush()
        record_event(session, ctx, record, "attached", N_("File {name} added"), values={"name": name}, note=row.note)
        return row.id


def _record(kind: str) -> tuple[type[Base], Right]:
    if kind not in RECORDS:
        raise UserError(_("No files are kept here."))
    return RECORDS[kind]


def _check_new(session: Session, kind: str, record_id: int, name: str, digest: str) -> None:
    known = session.execute(
        select(Attachment.name, Attachment.sha256).where(
            Attachment.record_kind == kind, Attachment.record_id == record_id
        )
    ).all()
    if len(known) >= MOST:
        raise UserError(_("A record keeps at most {count} files.").format(count=MOST), clause=CLAUSE)
    if same := next((row.name for row in known if row.sha256 == digest), ""):
        raise UserError(_("{name} is here already, as {same}.").format(name=name, same=same), clause=CLAUSE)


def find_attachments(ctx: Context, kind: str, record_id: int) -> list[FileRow]:
    """Return the files of a record, the newest first, without their content (one statement)."""
    _record(kind)
    ctx.require_to_see(kind)
    columns: list[Any] = [
        Attachment.id, Attachment.name, Attachment.media_type, Attachment.size, Attachment.note, Attachment.at,
        StaffMember.name, Attachment.thumbnail,
    ]  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(StaffMember, StaffMember.id == Attachment.by_id)
        .where(Attachment.record_kind == kind, Attachment.record_id == record_id)
        .order_by(Attachment.id.desc())
    )
    with ctx.reading() as session:
        return [FileRow(*row) for row in session.execute(query)]


def count_attachments(ctx: Context, kind: str, record_id: int) -> int:
    """Return how many files a record keeps."""
    ctx.require_to_see(kind)
    query = select(func.count()).where(Attachment.record_kind == kind, Attachment.record_id == record_id)
    with ctx.reading() as session:
        return session.scalar(query) or 0


def read_attachment(ctx: Context, attachment_id: int) -> StoredFile:
    """Return a file with its content; UserError when it is gone or its content is not what was kept."""
    ctx.require_staff()
    with ctx.reading() as session:
        row = session.get(Attachment, attachment_id, options=[undefer(Attachment.content)])
        if row is None:
            raise UserError(_("This file is not here any more."))
        ctx.require_to_see(row.record_kind)
        if hashlib.sha256(row.content).hexdigest() != row.sha256:
            raise UserError(_("{name} is damaged in the database.").format(name=row.name))
        kind = kind_of(row.name, row.content)
        name = row.name
        if kind is not None and not name.casefold().endswith(kind.suffix) and not _same_kind(name, kind):
            name += kind.suffix  # what it is opened with is decided by its content
        return StoredFile(name, row.media_type, row.content)


def _same_kind(name: str, kind: FileKind) -> bool:
    others = {".jpg": (".jpeg", ".jpe", ".jfif"), ".tif": (".tiff",), ".heic": (".heif",)}
    return name.casefold().endswith(others.get(kind.suffix, ("//",)))


def remove_attachment(ctx: Context, attachment_id: int) -> None:
    """Take a file away; its name, size, who kept it and who took it away stay in the history and the time line."""
    ctx.require_staff()
    with ctx.transaction(N_("Remove file")) as session:
        row = session.get(Attachment, attachment_id)
        if row is None:
            raise UserError(_("This file is not here any more."))
        model, right = _record(row.record_kind)
        ctx.require(right)
        record = load_for_change(session, model, row.record_id, None)
        record_event(session, ctx, record, "detached", N_("File {name} removed"), values={"name": row.name})
        session.delete(row)


def set_note(ctx: Context, attachment_id: int, note: str) -> None:
    """Write what a file is beside it."""
    ctx.require_staff()
    with ctx.transaction(N_("Write beside a file")) as session:
        row = session.get(Attachment, attachment_id)
        if row is None:
            raise UserError(_("This file is not here any more."))
        ctx.require(_record(row.record_kind)[1])
        row.note = clean(note, NOTE_LENGTH)
