"""The door between two starts of the program: one of them runs, the other hands over what it was started for.

The sender's part imports next to nothing: a telephone program starts it at every ring, and it is to end at once.
"""

from __future__ import annotations

import os
import sys
import time
import zlib
from pathlib import Path
from typing import IO

from crmdesk.core.paths import user_runtime_dir

OK = "ok"
SHOW = "show"
ANSWER_SECONDS = 2.0  # a window that paints or reads answers within this
START_SECONDS = 20.0  # another process is just starting: until it opens its door
_LONGEST = 100  # bytes of a socket's path, everywhere
_WINDOWS = sys.platform == "win32"


def door_name(database: str = "") -> str:
    """Return where the program of this user, home and database is reached: a path, on Windows the name of a pipe."""
    word = "|".join((os.environ.get("CRMDESK_HOME", ""), database))
    mark = _mark(word) if word != "|" else "desk"
    if _WINDOWS:
        return f"crmdesk-{os.environ.get('USERNAME', 'user')}-{mark}"
    path = str(user_runtime_dir() / f"{mark}.sock")
    return path if len(os.fsencode(path)) <= _LONGEST else str(_short_folder(path) / f"{mark}.sock")


def _mark(word: str) -> str:
    return f"{zlib.crc32(word.encode()):08x}{zlib.adler32(word.encode()):08x}"


def _short_folder(path: str) -> Path:
    """Return a folder of this user's own below the system's temporary one: a socket's path must be short."""
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"crmdesk-{_mark(path)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not _WINDOWS and (found.st_uid != os.getuid() or found.st_mode & 0o077):
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


class Lone:
    """Held by the one program that runs for a user and a database; the system lets go of it when the program ends."""

    def __init__(self, name: str) -> None:
        self._path = (user_runtime_dir() if _WINDOWS else Path()) / f"{name}.lock"
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Become the one program; False while another is. Where locks are not known everybody is the one."""
        if self._file is not None:
            return True
        try:
            file = open(self._path, "ab")  # noqa: SIM115  # held until the program ends
        except OSError:
            return True
        try:
            if _WINDOWS:
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # Windows only
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def give_up(self) -> None:
        """Let another program be the one."""
        if self._file is not None:
            self._file.close()
            self._file = None


def send(name: str, message: str, *, seconds: float = ANSWER_SECONDS) -> str:
    """Hand one line to the running program and return its answer; '' when none runs or it does not answer."""
    try:
        return (_through_pipe if _WINDOWS else _through_socket)(name, message, seconds)
    except OSError:
        return ""


def send_or_take(name: str, message: str, lone: Lone) -> str:
    """Hand a line over, or become the one program: '' then. Waits while another process is just starting."""
    until = time.monotonic() + START_SECONDS
    while not (answer := send(name, message)):
        if lone.take() or time.monotonic() > until:
            return ""
        time.sleep(0.02)  # another process is just starting and opens its door
    return answer


def _through_socket(name: str, message: str, seconds: float) -> str:
    import socket

    until = time.monotonic() + seconds
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(seconds)
        while True:
            try:
                line.connect(name)
                break
            except BlockingIOError:  # very many ring at once: the queue before the door is full
                if time.monotonic() > until:
                    raise
                time.sleep(0.005)  # knock again in a moment
        line.sendall(message.encode("utf-8", "replace") + b"\n")
        answer = b""
        while not answer.endswith(b"\n") and (part := line.recv(4096)):
            answer += part
    return answer.decode("utf-8", "replace").strip()


def _through_pipe(name: str, message: str, seconds: float) -> str:
    until = time.monotonic() + seconds
    while True:
        try:
            with open(rf"\\.\pipe\{name}", "r+b", buffering=0) as line:
                line.write(message.encode("utf-8", "replace") + b"\n")
                answer = b""
                while not answer.endswith(b"\n") and (part := line.read(4096)):
                    answer += part
            return answer.decode("utf-8", "replace").strip()
        except FileNotFoundError:
            raise
        except OSError:  # every end of the pipe is taken just now
            if time.monotonic() > until:
                raise
            time.sleep(0.005)  # knock again in a moment
