"""Backups of the data file: when the manager wants one, and by itself once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.db.backup import backup_file, find_copies
from crmdesk.services.context import Context

EVERY = timedelta(hours=20)  # a little under a day, so that each morning makes one


class BackupRow(NamedTuple):
    """One copy: file name, when it was made (UTC, by its name), size in bytes."""

    name: str
    made_at: datetime
    size: int


def backup_folder(ctx: Context) -> Path | None:
    """Return the folder of the backups; None when the data lies on the office server."""
    source = _source(ctx)
    return source.parent / "backup" if source is not None else None


def find_backups(ctx: Context, *, limit: int = 30) -> list[BackupRow]:
    """Return the copies, newest first."""
    source, folder = _source(ctx), backup_folder(ctx)
    if source is None or folder is None or not folder.is_dir():
        return []
    return [
        BackupRow(path.name, made.replace(tzinfo=ctx.clock.zone).astimezone(UTC), path.stat().st_size)
        for made, path in find_copies(source, folder)[:limit]
    ]


def is_due(ctx: Context) -> bool:
    """Whether today's backup is still to be made; one from the future (the clock was wrong) is none of today's."""
    if _source(ctx) is None:
        return False
    now = ctx.clock.now()
    return not any(now - EVERY <= copy.made_at <= now for copy in find_backups(ctx))


def backup_now(ctx: Context, folder: Path | None = None) -> Path:
    """Copy the data file, verify the copy and return its path; may run while others work.

    ``folder`` is another place (a USB stick). UserError for the office server, which is backed up there.
    """
    source, own = _source(ctx), backup_folder(ctx)
    if source is None or own is None:
        raise UserError(_("The data is kept on the office server; it is backed up there (pg_dump, see README)."))
    return backup_file(source, folder or own, ctx.clock.local(ctx.clock.now()))


def _source(ctx: Context) -> Path | None:
    name = ctx.db.engine.url.database
    return Path(name) if ctx.db.is_sqlite and name and name != ":memory:" else None
