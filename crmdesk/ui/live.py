"""Change notices as Qt signals: who saved what, here or on another PC, and whether the data can be reached.

The windows know nothing of databases: the app hands in the callables. Notices that arrive together (a slip touches
ten records) are joined and told once, after the slot that saved has returned.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal

from crmdesk.core.errors import CrmError

POLL_MS = 250
JOIN_MS = 20
RETRY_SECONDS = 2.0

log = logging.getLogger(__name__)


class Notice(Protocol):
    """What the windows read of a change notice (``db.changes.Notice``)."""

    everything: bool

    def touches(self, *kinds: str) -> bool: ...

    def names(self, kind: str, record_id: int) -> bool: ...


Join = Callable[[list[Any]], Any]


class _Listener(QThread):
    """Waits for the office server's notices; begins again two seconds after the connection broke."""

    heard = Signal(object)
    reached = Signal(bool)

    def __init__(self, listen: Callable[[threading.Event], Iterator[Any]], retry_seconds: float) -> None:
        super().__init__()
        self._listen = listen
        self._retry_seconds = retry_seconds
        self.stop_event = threading.Event()

    def run(self) -> None:
        while not self.stop_event.is_set():
            try:
                for notice in self._listen(self.stop_event):
                    if notice.everything:
                        self.reached.emit(True)
                    self.heard.emit(notice)
            except CrmError as error:
                log.warning("listening: %s", type(error).__name__)
                self.reached.emit(False)
                self.stop_event.wait(self._retry_seconds)


class LiveUpdates(QObject):
    """``changed(notice)`` in the GUI thread; ``connection_changed(bool)`` when the cable goes out or in again."""

    changed = Signal(object)
    saved_here = Signal()
    connection_changed = Signal(bool)
    _arrived = Signal(object)

    def __init__(self, join: Join, own_origin: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._join = join
        self._own_origin = own_origin
        self._poll: Callable[[], Any] | None = None
        self._listener: _Listener | None = None
        self._waiting: list[Any] = []
        self._connected = True
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)
        self._joiner = QTimer(self)
        self._joiner.setSingleShot(True)
        self._joiner.setInterval(JOIN_MS)
        self._joiner.timeout.connect(self._tell)
        self._arrived.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    @property
    def connected(self) -> bool:
        """Whether the data could be reached when last tried."""
        return self._connected

    def hear(self, notice: Any) -> None:
        """Take a notice of this program's own board; may be called in any thread."""
        self._arrived.emit(notice)

    def watch_by_polling(self, poll: Callable[[], Any]) -> None:
        """Ask ``poll`` four times a second for what other programs saved in the same file (None: nothing)."""
        self._poll = poll
        self._look()
        self._timer.start()

    def watch_by_listening(
        self, listen: Callable[[threading.Event], Iterator[Any]], *, retry_seconds: float = RETRY_SECONDS
    ) -> None:
        """Listen in a thread of its own for what other PCs saved."""
        self._listener = _Listener(listen, retry_seconds)
        self._listener.heard.connect(self._keep)
        self._listener.reached.connect(self._set_connected)
        self._listener.start()

    def stop(self) -> None:
        """End timers and thread; returns when the thread has ended."""
        self._timer.stop()
        self._joiner.stop()
        if self._listener is not None:
            self._listener.stop_event.set()
            self._listener.wait()
            self._listener.deleteLater()
            self._listener = None

    def _look(self) -> None:
        if self._poll is None:
            return
        try:
            notice = self._poll()
        except CrmError as error:
            log.warning("polling: %s", type(error).__name__)
            self._set_connected(False)
            return
        self._set_connected(True)
        if notice is not None:
            self._keep(notice)

    def _set_connected(self, connected: bool) -> None:
        if connected != self._connected:
            self._connected = connected
            self.connection_changed.emit(connected)

    def _keep(self, notice: Any) -> None:
        self._waiting.append(notice)
        if getattr(notice, "origin", "") == self._own_origin:
            self.saved_here.emit()
            self._joiner.start(0)  # the page shows already what it saved: the frame follows before the next painting
        elif not self._joiner.isActive():
            self._joiner.start(JOIN_MS)

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self.changed.emit(waiting[0] if len(waiting) == 1 else self._join(waiting))
