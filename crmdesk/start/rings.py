"""Rings handed over by other starts of the program: heard, joined, shown to whoever is signed in, never lost.

Only this user's processes may speak here. A ring waits while nobody is signed in or the screen is locked; one that
nobody takes becomes a missed call.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, ngettext
from crmdesk.core.paths import user_data_dir
from crmdesk.core.rings import MOST_BYTES, Ring, Waiting, read_message
from crmdesk.rules.rights import Right
from crmdesk.start.handover import OK, SHOW

log = logging.getLogger(__name__)

RING_SECONDS = 45  # nobody lets it ring longer; after the last ring it is a missed call
LOOK_MS = 5000
SHOW_MS = 40  # many rings of one moment are shown at once
AT_ONCE = 20  # missed calls written in one turn, so that the window stays quick
BACKLOG = 512


class Rings(QObject):
    """The rings of one program; ``listen`` opens the door to other processes, ``take`` hears a ring."""

    def __init__(self, program: Any) -> None:
        super().__init__(program)
        self._program = program
        self._waiting: dict[str, Waiting] = {}  # by number
        self._missed: list[Waiting] = []
        self._bars: dict[Any, Any] = {}
        self._server: Any = None
        self._closing = False
        self._show_timer = QTimer(self)
        self._show_timer.setSingleShot(True)
        self._show_timer.setInterval(SHOW_MS)
        self._show_timer.timeout.connect(self._show)
        self._look_timer = QTimer(self)
        self._look_timer.setInterval(LOOK_MS)
        self._look_timer.timeout.connect(self.look)
        program.signed_in.connect(self._signed_in)

    @property
    def waiting(self) -> list[Waiting]:
        """The rings nobody has taken, the newest last."""
        return sorted(self._waiting.values(), key=lambda ring: ring.last)

    # hearing ----------------------------------------------------------------------------------------------------

    def begin(self, door: str, ring: Ring | None) -> None:
        """Open the door once the first window is painted ('' opens none); ``ring`` is why the program was started."""
        if door:
            self._find_kept()
            QTimer.singleShot(0, partial(self.listen, door))
        if ring is not None:
            self.take(ring)

    def listen(self, name: str) -> bool:
        """Open the door for other processes of this user; False when somebody else has it."""
        from PySide6.QtNetwork import QLocalServer

        self._server = server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.setListenBacklogSize(BACKLOG)
        server.setMaxPendingConnections(BACKLOG)
        if Path(name).is_absolute():
            QLocalServer.removeServer(name)  # of a program that was killed: whoever is alive holds the lock
        server.newConnection.connect(self._connected)
        if not server.listen(name):
            log.warning("rings: %s", server.errorString())
            return False
        return True

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._readable)
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _readable(self) -> None:
        self._read(self.sender())

    def _read(self, socket: Any) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > MOST_BYTES:
                socket.abort()
            return
        said = bytes(socket.readLine(MOST_BYTES).data()).decode("utf-8", "replace")
        socket.write(f"{self.hear(said.strip(chr(10)))}\n".encode())
        socket.disconnectFromServer()

    def hear(self, message: str) -> str:
        """Do what another process asks for and return the answer: ``ok``, or why not."""
        if message.strip() == SHOW:
            self._to_front()
            return OK
        try:
            self.take(read_message(message))
        except CrmError as error:
            return error.message.replace("\n", " ")
        return OK

    def _to_front(self) -> None:
        program = self._program
        window = program.window if program.window is not None and program.window.isVisible() else program.login
        if program.setup is not None:
            window = program.setup
        window.showNormal() if window.isMinimized() else window.show()
        window.raise_()
        window.activateWindow()

    def take(self, ring: Ring) -> None:
        """The telephone rings; the same number again while it waits is the same call."""
        now = self._program.clock.now()
        key = ring.digits or f"withheld {ring.name}"
        known = self._waiting.get(key)
        if known is None:
            self._waiting[key] = Waiting(ring, now, now)
        else:
            known.times, known.last = known.times + 1, now
            if ring.name and not known.ring.name:
                known.ring = known.ring._replace(name=ring.name)
        if not self._show_timer.isActive():
            self._show_timer.start()

    # showing ----------------------------------------------------------------------------------------------------

    def answers(self, key: str) -> bool:
        """Whether a key of the frame answers a ring instead of what it does otherwise: F2, while it rings."""
        bar = self._bars.get(self._program.window)
        return key == "F2" and bar is not None and bool(bar.answer())

    def _window(self) -> Any:
        """Return the window of who may answer here; None while nobody may."""
        window = self._program.window
        if window is None or not window.isVisible() or not window.shell.ctx.may(Right.CALL):
            return None
        return window

    def _signed_in(self, login: str) -> None:
        now = self._program.clock.now()
        for waiting in self._waiting.values():
            waiting.last = now  # it is shown now, however long nobody was here
        if self._waiting or self._missed or self._bars:  # what another person took is no longer shown
            self._show_timer.start()

    def _show(self) -> None:
        window = self._window()
        if window is None:
            self._say_waiting()
            return
        self._bars = {known: bar for known, bar in self._bars.items() if known in self._program.windows.values()}
        bar = self._bars.get(window)
        if bar is None:
            from crmdesk.ui.calls.ringing import RingBar

            self._bars[window] = bar = RingBar(window)
            bar.answered.connect(self._answered)
            bar.put_off.connect(self._put_off)
        if len(self._waiting) > len(bar.waiting):
            from crmdesk.ui import sounds

            sounds.play(self._program.settings, sounds.Tone.RING)
        bar.show_rings(self.waiting)
        if self._waiting or self._missed:
            self._look_timer.start()
        else:
            self._look_timer.stop()

    def _say_waiting(self) -> None:
        """Nobody may answer here now: the sign-in window says how many rings wait, a file keeps them."""
        if not self._waiting:
            return
        self._keep()
        count = len(self._waiting)
        words = ngettext(
            "{count} call is waiting. Please sign in to answer.",
            "{count} calls are waiting. Please sign in to answer.", count,
        )  # fmt: skip
        self._program.login.sign_in.show_notice(words.format(count=count))

    def _answered(self, waiting: Waiting) -> None:
        from crmdesk.ui.calls.ringing import open_call

        window = self._window()
        if window is not None and open_call(window, waiting):
            self._forget(waiting)

    def _put_off(self, waiting: Waiting) -> None:
        self._forget(waiting)
        self._missed.append(waiting)
        self._write_missed()

    def _forget(self, waiting: Waiting) -> None:
        self._waiting = {key: ring for key, ring in self._waiting.items() if ring is not waiting}
        self._show()

    # a power cut while nobody is signed in ----------------------------------------------------------------------------

    def _file(self) -> Path:
        return user_data_dir() / "rings.txt"

    def _keep(self) -> None:
        """Write down what waits or was missed and is not in the office's data yet."""
        waiting = [*self._missed, *self.waiting]
        try:
            if waiting:
                lines = [f"{ring.at.isoformat()}\t{ring.ring.message()}\n" for ring in waiting]
                self._file().write_text("".join(lines), encoding="utf-8")
            else:
                self._file().unlink(missing_ok=True)
        except OSError as error:
            log.warning("rings not kept: %s", type(error).__name__)

    def _find_kept(self) -> None:
        """Read what waited when the program ended: those calls were missed."""
        try:
            lines = self._file().read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return
        for line in lines:
            moment, _tab, message = line.partition("\t")
            try:
                at, ring = datetime.fromisoformat(moment), read_message(message)
            except (ValueError, CrmError) as error:
                log.warning("kept ring not understood: %s", type(error).__name__)
                continue
            self._missed.append(Waiting(ring, at, at))

    # what nobody took -------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Let rings that stopped become missed calls."""
        if self._window() is None:
            return
        before = self._program.clock.now() - timedelta(seconds=RING_SECONDS)
        late = {key: ring for key, ring in self._waiting.items() if ring.last < before}
        if late:
            self._missed += late.values()
            self._waiting = {key: ring for key, ring in self._waiting.items() if key not in late}
        self._write_missed()
        self._show()

    def _write_missed(self) -> None:
        from crmdesk.services.missed_calls import log_missed

        window = self._window() if not self._closing else self._program.window
        if window is None or not self._missed:
            return
        ctx = window.shell.ctx
        now, self._missed = self._missed[:AT_ONCE], self._missed[AT_ONCE:]
        for place, waiting in enumerate(now):
            try:
                number, name, line = waiting.ring
                log_missed(ctx, number, name=name or ("" if number else _("number withheld")), line=line, at=waiting.at)
            except CrmError as error:  # tried again in a moment: the data can't be reached
                log.warning("missed call: %s", type(error).__name__)
                self._missed = [*now[place:], *self._missed]
                self._look_timer.start()
                return
        self._keep()
        if self._missed and not self._closing:
            QTimer.singleShot(0, self, self._write_missed)

    def close(self) -> None:
        """End: what still waits is written down as missed."""
        self._closing = True
        self._show_timer.stop()
        self._look_timer.stop()
        if self._server is not None:
            self._server.close()
            self._server = None
        self._missed += self._waiting.values()
        self._waiting = {}
        left = 0
        while self._missed and len(self._missed) != left:
            left = len(self._missed)
            self._write_missed()
        if self._missed:
            self._keep()
        self._bars = {}
