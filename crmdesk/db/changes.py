"""Change notices: who saved what, told to every window of this program and to the other PCs."""

from __future__ import annotations

import json
import logging
import threading
import uuid
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

CHANNEL = "crmdesk"
EVERYTHING = "*"
_MOST_NAMED = 50  # NOTIFY carries 8000 bytes at most; beyond this many records "everything" is shorter and true

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """Records that changed, as (kind, id); ``origin`` is the program that saved them."""

    records: frozenset[tuple[str, int]]
    origin: str = ""
    everything: bool = False

    def touches(self, *kinds: str) -> bool:
        """Whether a window that shows these kinds has to look again."""
        return self.everything or any(kind in kinds for kind, _id in self.records)

    def names(self, kind: str, record_id: int) -> bool:
        """Whether exactly this record may have changed."""
        return self.everything or (kind, record_id) in self.records

    def to_text(self) -> str:
        """Return the notice as a NOTIFY payload."""
        if self.everything or len(self.records) > _MOST_NAMED:
            return json.dumps({"o": self.origin, "r": EVERYTHING})
        return json.dumps({"o": self.origin, "r": sorted(self.records)})

    @classmethod
    def from_text(cls, text: str) -> Notice:
        """Read a NOTIFY payload; anything unreadable means "everything", which is always safe."""
        try:
            raw = json.loads(text)
            if raw["r"] == EVERYTHING:
                return cls(frozenset(), raw["o"], everything=True)
            return cls(frozenset((kind, int(number)) for kind, number in raw["r"]), raw["o"])
        except (ValueError, KeyError, TypeError):
            return cls(frozenset(), "", everything=True)


@dataclass
class Changes:
    """The program's own notice board; ``origin`` tells our saves from those of other programs."""

    origin: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    _listeners: list[weakref.WeakMethod[Callable[[Notice], None]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def subscribe(self, listener: Callable[[Notice], None]) -> None:
        """Tell a bound method of every notice for as long as its object lives; it may be called in any thread."""
        with self._lock:
            self._listeners.append(weakref.WeakMethod(listener))

    def publish(self, notice: Notice) -> None:
        """Tell all listeners."""
        with self._lock:
            listeners = [(ref, ref()) for ref in self._listeners]
            self._listeners = [ref for ref, listener in listeners if listener is not None]
        for _ref, listener in listeners:
            if listener is not None:
                listener(notice)


class SqliteWatcher:
    """Notices commits of other programs on the same file; poll it from one thread only."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.raw_connection()
        self._seen = self._version()

    def _version(self) -> int:
        cursor = self._connection.cursor()
        try:
            return int(cursor.execute("PRAGMA data_version").fetchone()[0])
        finally:
            cursor.close()

    def changed(self) -> bool:
        """Whether somebody else committed since the last call."""
        version = self._version()
        changed, self._seen = version != self._seen, version
        return changed

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def listen(engine: Engine, stop: threading.Event, *, seconds: float = 0.5) -> Iterator[Notice]:
    """Yield the notices of other PCs on PostgreSQL until told to stop; the first one is "everything".

    Raises the driver's OperationalError when the server goes away: the caller waits and calls again, and
    because every new connection begins with "everything", nothing missed in between stays on a screen.
    """
    import psycopg

    arguments: dict[str, Any] = dict(engine.dialect.create_connect_args(engine.url)[1])
    arguments |= {"autocommit": True, "connect_timeout": 5, "application_name": "crmdesk-listen"}
    with psycopg.connect(**arguments) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield Notice(frozenset(), everything=True)
        while not stop.is_set():
            for message in connection.notifies(timeout=seconds, stop_after=1):
                yield Notice.from_text(message.payload)
