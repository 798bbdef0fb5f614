"""Transactions: one per user action, with history and change notice inside; driver errors translated once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, String, bindparam, exc, func, insert, select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from crmdesk.core.clock import Clock
from crmdesk.core.errors import (
    AlreadySaved,
    Busy,
    ConflictError,
    ConnectionLost,
    CrmError,
    DatabaseUnusable,
    DiskFull,
)
from crmdesk.core.i18n import _
from crmdesk.db import history
from crmdesk.db.changes import CHANNEL, Changes, Notice
from crmdesk.db.engine import open_engine
from crmdesk.model.base import table_of
from crmdesk.model.history import HistoryEntry

log = logging.getLogger(__name__)

_NEW_ENTRY = insert(table_of(HistoryEntry)).inline()
_TELL = text("SELECT pg_notify(:c, :p)")
# One entry is told of by the statement that writes it: one journey to the server less in nearly every save.
_NEW_ENTRY_TOLD = _NEW_ENTRY.returning(func.pg_notify(bindparam("c", type_=String), bindparam("p", type_=String)))


@dataclass(frozen=True)
class Actor:
    """Who acts, and at which station."""

    id: int | None
    name: str
    station: str


class Database:
    """The office's data on either engine."""

    def __init__(self, url: str, changes: Changes | None = None) -> None:
        self.engine: Engine = open_engine(url)
        self._saves = self.engine.execution_options(writes=True)
        # PostgreSQL shows each query the newest state anyway; without BEGIN and ROLLBACK reading is two journeys less.
        self._reads = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.changes = changes or Changes()
        self.notices_muted = False

    @property
    def is_sqlite(self) -> bool:
        """Whether the data is a file on this PC."""
        return self.engine.dialect.name == "sqlite"

    @property
    def place(self) -> str:
        """Return where the data lies, for people: the file, or server and database, never the password."""
        url = self.engine.url
        return str(url.database) if self.is_sqlite else f"{url.database} @ {url.host or 'localhost'}"

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def transaction(
        self, sentence: str, actor: Actor, clock: Clock, *, token: str = "", of: str = ""
    ) -> Iterator[Session]:
        """Run one user action: commit at the end, roll back on any exception.

        ``sentence`` (a source text) goes into the history with the actor and every changed field; the change
        notice travels with the commit. Raises Busy, ConnectionLost, DiskFull, ConflictError, DatabaseUnusable.

        The answer to a COMMIT can get lost, and people press Save again: ``token`` (of the form) is written with the
        history of the record of kind ``of``. Whatever a second try with it runs into becomes AlreadySaved.
        """
        with self._once(token, clock), translated_errors():
            session = history.WatchedSession(
                self._saves,
                expire_on_commit=False,
                autoflush=True,
                close_resets_only=False,
            )
            try:
                yield session
                session.flush()
                entries = history.merged(session.info.get(history.CHANGES, []))
                records = [*entries, *session.info.get("touched", ())]
                notice = Notice(frozenset(records), self.changes.origin)
                rows = _rows_of(entries, sentence, actor, clock.now(), token, of)
                self._write_history(session, rows, notice)
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                session.close()
        if records:
            self.changes.publish(notice)

    @contextmanager
    def _once(self, token: str, clock: Clock) -> Iterator[None]:
        """Ask only after something went wrong whether the form with this token was saved before."""
        try:
            yield
        except (CrmError, exc.IntegrityError) as error:
            if not token or isinstance(error, ConnectionLost | Busy | DiskFull | DatabaseUnusable):
                raise
            with self.reading() as session:
                entry = session.scalars(select(HistoryEntry).where(HistoryEntry.token == token)).first()
            if entry is None:
                raise
            raise AlreadySaved(entry.kind, entry.record_id, clock.local(entry.at)) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read what is saved, on SQLite in one view; nothing is written."""
        with translated_errors():
            session = Session(self._reads, expire_on_commit=False, autoflush=False)
            try:
                yield session
            finally:
                session.close()  # ends the view; what was loaded stays readable

    def _write_history(self, session: Session, rows: list[dict[str, Any]], notice: Notice) -> None:
        """Write the entries, and hand the server the notice that travels with the commit."""
        told = {} if self.is_sqlite or not notice.records else {"c": CHANNEL, "p": notice.to_text()}
        if told and len(rows) == 1:
            session.connection().execute(_NEW_ENTRY_TOLD, rows[0] | told)
            return
        if rows:
            session.connection().execute(_NEW_ENTRY, rows)
        if told:
            session.connection().execute(_TELL, told)


def _rows_of(
    entries: history.Entries, sentence: str, actor: Actor, at: datetime, token: str, of: str
) -> list[dict[str, Any]]:
    """Return the rows of the history; the token goes with the record the transaction is about."""
    meant = history.main_record(entries, of) if token else None
    return [
        {
            "at": at,
            "user_id": actor.id,
            "user_name": actor.name,
            "station": actor.station,
            "sentence": sentence,
            "kind": kind,
            "record_id": record_id,
            "operation": operation,
            "changes": changes,
            "token": token if (kind, record_id) == meant else None,
        }
        for (kind, record_id), (operation, changes) in entries.items()
    ]


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what the drivers say into sentences for people; the only place that knows their words."""
    try:
        yield
    except StaleDataError as error:
        raise ConflictError("", None) from error
    except exc.DBAPIError as error:
        translated = translate(error)
        if translated is None:
            raise
        log.warning("%s: %s", type(translated).__name__, type(error.orig).__name__)
        raise translated from error
    except exc.TimeoutError as error:
        raise Busy() from error


def translate(error: exc.DBAPIError) -> CrmError | None:
    """Return the sentence for a driver error, or None when it is a bug of ours."""
    words = str(error.orig).lower()
    state = getattr(error.orig, "sqlstate", None) or ""
    if error.connection_invalidated or (state[:2] in ("08", "57") and state not in ("57014",)):
        return ConnectionLost()
    locked = "database is locked" in words or "database table is locked" in words
    if locked or state in ("55P03", "40P01", "40001", "57014"):
        return Busy()
    if state == "53100" or "disk is full" in words or "no space left" in words:
        return DiskFull()
    if "malformed" in words or "not a database" in words or "disk i/o error" in words:
        return DatabaseUnusable(
            _("The data file is damaged. Please stop working and restore the last backup (Settings, Backup).")
        )
    if "unable to open database" in words:
        return DatabaseUnusable(
            _("The data file can't be opened. Please check that its folder exists and is writable.")
        )
    if "readonly database" in words or state == "25006":
        return DatabaseUnusable(_("The data can only be read here. Please check who may write to its folder."))
    if isinstance(error, exc.OperationalError) and not state and "sqlite" not in type(error.orig).__module__:
        return ConnectionLost()
    if state in ("28P01", "28000"):
        return DatabaseUnusable(_("The server refuses this user name or password."))
    if state == "3D000":
        return DatabaseUnusable(_("There is no such database on the server. Please create it first (see README)."))
    return None
