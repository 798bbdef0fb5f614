"""Copies of the SQLite file, each opened and checked before it counts as a backup."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from datetime import datetime
from pathlib import Path

from crmdesk.core.errors import DatabaseUnusable, DiskFull, UserError
from crmdesk.core.i18n import _
from crmdesk.db.session import Database

KEEP = 30
_STAMP = re.compile(r"-(\d{8}-\d{6})\.db")


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
    for _moment, old_copy in find_copies(source, folder)[keep:]:
        old_copy.unlink()
    return target


def find_copies(source: Path, folder: Path) -> list[tuple[datetime, Path]]:
    """Return the backups of a file with their (local, naive) moments, newest first.

    The moment is the one in the name: a copied or restored file has a new date, but holds the data of that moment.
    Files that somebody named himself are none of ours: they are neither counted nor thrown away.
    """
    found = []
    for path in folder.glob(f"{source.stem}-*.db"):
        stamp = _STAMP.fullmatch(path.name.removeprefix(source.stem))
        if stamp is None:
            continue
        with contextlib.suppress(ValueError):  # the 99th of the month was no day of a backup
            found.append((datetime.strptime(stamp[1], "%Y%m%d-%H%M%S"), path))  # noqa: DTZ007  # local, as the name is
    return sorted(found, reverse=True)


def backup_before_upgrade(database: Database, moment: datetime) -> Path | None:
    """Back up a SQLite database beside itself; the office server is backed up by its own means (None)."""
    if not database.is_sqlite or not database.engine.url.database:
        return None
    source = Path(database.engine.url.database)
    return backup_file(source, source.parent / "backup", moment)
