"""Open SQLite or PostgreSQL with the settings that keep data safe and nobody waiting for ever."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError

from crmdesk.core.errors import DatabaseUnusable, UserError
from crmdesk.core.i18n import _

CONNECT_SECONDS = 5
LOCK_MILLISECONDS = 5_000
STATEMENT_MILLISECONDS = 60_000
PREPARED = "prepared"  # execution option of reading statements that the server may keep with their plan
TRUSTED_SECONDS = 2.0  # a connection used so lately is taken as it is; what was idle longer is asked first

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afpfs", "davfs"}


def sqlite_url(path: Path) -> str:
    """Return the address of a SQLite file."""
    return URL.create("sqlite+pysqlite", database=str(path)).render_as_string(hide_password=False)


def parse_url(url: str) -> URL:
    """Read a database address as people write it; UserError when it can't be one."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise UserError(_("This is not a database address. Example: postgresql://user@server/crmdesk")) from error
    name = parsed.get_backend_name()
    if name in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if name == "sqlite":
        return parsed.set(drivername="sqlite+pysqlite")
    raise UserError(_("CRM Desk keeps its data in SQLite or PostgreSQL, not in {name}.").format(name=name))


def open_engine(url: str) -> Engine:
    """Return an engine for a database address; nothing is connected yet.

    Raises DatabaseUnusable for a SQLite file on a network path: its locks are not kept there, and two PCs
    writing at once would damage the file.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    engine = create_engine(
        parsed,
        pool_size=3,
        connect_args={
            # Prepared statements make the server choose one plan for all searches, the slow one: see _execute.
            "prepare_threshold": sys.maxsize,
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "crmdesk",
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "options": f"-c lock_timeout={LOCK_MILLISECONDS} -c statement_timeout={STATEMENT_MILLISECONDS} "
            # Compiling a query takes longer than all of ours run.
            "-c timezone=UTC -c jit=off",
        },
    )
    event.listen(engine, "checkin", _on_checkin)
    event.listen(engine, "checkout", _on_checkout)
    event.listen(engine, "rollback", _on_rollback)
    engine.dialect.do_execute = _execute  # type: ignore[method-assign]  # the dialect is this engine's own
    return engine


def _execute(cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
    """Let the server keep what has one plan only: rows written, and rows read by their key (``PREPARED``)."""
    plain = context is not None and (context.isinsert or context.isupdate or PREPARED in context.execution_options)
    cursor.execute(statement, parameters, prepare=plain or None)


def _on_checkin(connection: Any, record: Any) -> None:
    record.info["used"] = monotonic()


def _on_rollback(connection: Any) -> None:
    """Forget the names of prepared statements (``info["today"]``): after a rollback the driver deallocates them all.

    Reading has no transaction of its own: its end is called a rollback too, but nothing is sent to the server.
    """
    from psycopg.pq import TransactionStatus

    if connection.closed or connection.invalidated:
        return
    if connection.connection.dbapi_connection.info.transaction_status != TransactionStatus.IDLE:
        connection.info.pop("today", None)


def _on_checkout(connection: Any, record: Any, proxy: Any) -> None:
    """Ask a connection that was idle whether its server is still there; if not, the pool makes new ones.

    SQLAlchemy's own ping asks every time, which is one journey to the server more for each key that is typed.
    """
    import psycopg

    if monotonic() - record.info.get("used", monotonic()) < TRUSTED_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.commit()  # a rollback would make the driver forget what the server has prepared
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _open_sqlite(url: URL) -> Engine:
    path = url.database or ""
    if path and path != ":memory:" and is_network_path(Path(path)):
        raise DatabaseUnusable(
            _(
                "The data file lies on a network drive ({path}). Several PCs would damage it. "
                "Keep it on this PC, or use the office server."
            ).format(path=path)
        )
    engine = create_engine(url, connect_args={"timeout": LOCK_MILLISECONDS / 1000, "check_same_thread": False})
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: sqlite3.Connection, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a confirmed save survives a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA cache_size=-20000")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()


def _on_sqlite_begin(connection: Any) -> None:
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def is_network_path(path: Path) -> bool:
    """Whether a file would lie on another computer: a UNC path, a mapped drive, or a network mount."""
    text = str(path)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        import ctypes

        drive_remote = 4
        root = os.path.splitdrive(os.path.abspath(text))[0] + "\\"
        return bool(ctypes.windll.kernel32.GetDriveTypeW(root) == drive_remote)
    return file_system_of(path, _mounts()) in NETWORK_FILE_SYSTEMS


def _mounts() -> str:
    table = Path("/proc/mounts")
    return table.read_text(encoding="utf-8", errors="replace") if table.exists() else ""


def file_system_of(path: Path, mounts: str) -> str:
    """Return the kind of file system a path lies on, from a table in the form of ``/proc/mounts``."""
    absolute = os.path.abspath(path)
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = absolute == point or absolute.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind
