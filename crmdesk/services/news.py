"""What other programs saved: on PostgreSQL by its own notices, on SQLite by looking for new lines of the history."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from crmdesk.core.errors import ConnectionLost
from crmdesk.db.changes import Notice, SqliteWatcher, listen
from crmdesk.db.session import Database, translated_errors
from crmdesk.model.history import HistoryEntry

_EVERYTHING = Notice(frozenset(), "", everything=True)
_MOST_LINES = 200


class News:
    """One office's news; ``poll`` for a file, ``listen`` for a server."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.by_listening = not db.is_sqlite
        self._watcher: SqliteWatcher | None = None
        self._last = 0
        self._own: Counter[tuple[str, int]] = Counter()
        self._saved_here = False
        db.changes.subscribe(self._note_own)

    def _note_own(self, notice: Notice) -> None:
        if notice.origin == self._db.changes.origin:
            self._saved_here = True
            self._own.update(notice.records)

    def poll(self) -> Notice | None:
        """Return what other programs saved in the file since the last call, None when nothing.

        The file only tells that somebody wrote, this program's own saves included; the history tells what. A write
        without history that isn't ours means "everything".
        """
        if self._watcher is None:
            self._watcher = SqliteWatcher(self._db.engine)
            self._last = self._newest()
            return None
        if not self._watcher.changed():
            return None
        ours, self._own = self._own, Counter()
        saved_here, self._saved_here = self._saved_here, False
        query = (
            select(HistoryEntry.id, HistoryEntry.kind, HistoryEntry.record_id)
            .where(HistoryEntry.id > self._last)
            .order_by(HistoryEntry.id)
            .limit(_MOST_LINES)
        )
        with self._db.reading() as session:
            lines = session.execute(query).all()
        if len(lines) == _MOST_LINES:
            self._last = self._newest()
            return _EVERYTHING
        self._last = lines[-1].id if lines else self._last
        others = Counter((line.kind, line.record_id) for line in lines) - ours
        if others:
            return Notice(frozenset(others), "")
        return None if saved_here else _EVERYTHING

    def _newest(self) -> int:
        with self._db.reading() as session:
            return session.scalar(select(func.max(HistoryEntry.id))) or 0

    def listen(self, stop: threading.Event) -> Iterator[Notice]:
        """Yield the notices of other PCs until told to stop; the first is "everything".

        Own notices come back from the server and are left out. Raises ConnectionLost when the server goes away.
        """
        import psycopg

        try:
            for notice in listen(self._db.engine, stop):
                if notice.everything or notice.origin != self._db.changes.origin:
                    yield notice
        except psycopg.Error as error:
            raise ConnectionLost() from error

    def reachable(self) -> bool:
        """Whether the data can be reached just now."""
        try:
            with translated_errors(), self._db.engine.connect():
                return True
        except ConnectionLost:
            return False

    def close(self) -> None:
        """Give the watching connection back."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None


def joined(notices: list[Notice]) -> Notice:
    """Return several notices as one."""
    if any(notice.everything for notice in notices):
        return _EVERYTHING
    return Notice(frozenset().union(*(notice.records for notice in notices)), notices[0].origin)
