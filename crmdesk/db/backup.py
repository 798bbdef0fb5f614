"""Copies of the SQLite file, each opened and checked before it counts as a backup."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from crmdesk.core.errors import DatabaseUnusable, DiskFull, UserError
from crmdesk.core.i18n import _
from crmdesk.db.session import Database

KEEP = 30


def backup_file(source: Path, folder: Path, moment: datetime, *, keep: int = KEEP) -> Path:
    """Copy a SQLite file while it is in use, verify the copy, keep the newest ``keep``; return the copy's path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{source.stem}-{moment:%Y%m%d-%H%M%S}.db"
    partial = target.with_suffix(".part")
    try:
        with (
            contextlib.closing(sqlite3.connect(source)) as old,
            contextlib.closing(sqlite3.connect(partial)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            (verdict,) = new.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise DatabaseUnusable(_("The backup could not be verified. Please check the disk."))
        partial.replace(target)
    except sqlite3.OperationalError as error:
        partial.unlink(missing_ok=True)
        if "full" in str(error):
            raise DiskFull() from error
        raise UserError(_("The backup could not be written to {folder}.").format(folder=folder)) from error
    except sqlite3.DatabaseError as error:
        partial.unlink(missing_ok=True)
        raise DatabaseUnusable(_("The data file is damaged; it can't be backed up.")) from error
    for old_copy in sorted(folder.glob(f"{source.stem}-*.db"))[:-keep]:
        old_copy.unlink()
    return target


def backup_before_upgrade(database: Database, moment: datetime) -> Path | None:
    """Back up a SQLite database beside itself; the office server is backed up by its own means (None)."""
    if not database.is_sqlite or not database.engine.url.database:
        return None
    source = Path(database.engine.url.database)
    return backup_file(source, source.parent / "backup", moment)
