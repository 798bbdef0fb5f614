"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite; for imports, where the ORM is too slow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, exc, func, select, text
from sqlalchemy.orm import Session

from crmdesk.db.engine import PREPARED

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_CHUNK = 20_000  # rows joined into one block of COPY text


def insert_rows(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows (values in the order of ``columns``) without history; the caller writes one entry for them all.

    Columns that are not named get the plain default the model gives them.
    """
    if not rows:
        return
    connection = session.connection()
    prepared = _bound(table, columns, rows, connection.dialect)
    defaults = _defaults(table, columns)
    names = ", ".join((*columns, *(name for name, _value in defaults)))
    if connection.dialect.name == "sqlite":
        marks = ", ".join(["?"] * len(columns) + [_literal(value) for _name, value in defaults])
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(prepared))
        return
    same = tuple(value for _name, value in defaults)
    _copy(connection.connection.driver_connection, f"COPY {table.name} ({names}) FROM STDIN", prepared, same)


def _defaults(table: Table, columns: Sequence[str]) -> list[tuple[str, Any]]:
    """The columns that may not stay empty and have a plain default, with it; amounts are given or nothing."""
    return [
        (column.name, column.default.arg)  # type: ignore[attr-defined]  # a scalar default has it
        for column in table.columns
        if column.name not in columns and not column.nullable and column.default is not None
        and column.default.is_scalar and isinstance(column.default.arg, str | int)  # type: ignore[attr-defined]  # as above
    ]  # fmt: skip


def _literal(value: str | int) -> str:
    return str(int(value)) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def insert_pairs(session: Session, table: Table, columns: tuple[str, str], pairs: Mapping[str, Sequence[int]]) -> None:
    """Insert a row for each number of each word, in the order of the words: the order of the index on them.

    SQLite takes the numbers of a word as one list; row by row their way through the driver would be most of the time.
    """
    words = sorted(pairs)
    if session.connection().dialect.name != "sqlite":
        insert_rows(session, table, columns, [(word, number) for word in words for number in pairs[word]])
    elif words:
        statement = f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT ?, value FROM json_each(?)"
        lists = [(word, json.dumps(pairs[word])) for word in words]
        session.connection().exec_driver_sql(statement, lists)


def insert_words(session: Session, table: Table, columns: tuple[str, str], words: Sequence[str], number: int) -> None:
    """Insert a row with this number for each word, in one statement on either engine."""
    if not words:
        return
    connection, names = session.connection(), ", ".join(columns)
    if connection.dialect.name == "sqlite":
        source, value = "value, :number FROM json_each(:words)", json.dumps(words)
        connection.execute(
            text(f"INSERT INTO {table.name} ({names}) SELECT {source}"), {"words": value, "number": number}
        )
        return
    source = "unnest(CAST(:words AS varchar[])), CAST(:number AS bigint)"
    statement = text(f"INSERT INTO {table.name} ({names}) SELECT {source}").execution_options(**{PREPARED: True})
    connection.execute(statement, {"words": list(words), "number": number})


def _bound(
    table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]], dialect: Any
) -> Iterable[Sequence[Any]]:
    """The rows as the driver wants them: amounts as hundredths, moments in UTC."""
    processors: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(columns):
        kind = table.c[name].type
        processor = kind.dialect_impl(dialect).bind_processor(dialect)
        if processor is not None and kind.python_type not in (str, int, bool):
            processors.append((place, cache(processor)))  # most rows have the same moment, limit or day
    if not processors:
        return [tuple(row) for row in rows]
    prepared = []
    for row in rows:
        values = list(row)
        for place, bind in processors:
            values[place] = bind(values[place])
        prepared.append(tuple(values))
    return prepared


def _copy(connection: Any, statement: str, rows: Iterable[Sequence[Any]], same: Sequence[Any] = ()) -> None:
    import psycopg

    try:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            block: list[str] = []
            tail = "".join("\t" + _as_text(value) for value in same)
            for row in rows:
                block.append("\t".join([_as_text(value) for value in row]) + tail)
                if len(block) >= _CHUNK:
                    copy.write("\n".join(block) + "\n")
                    block.clear()
            if block:
                copy.write("\n".join(block) + "\n")
    except psycopg.Error as error:
        raise exc.DBAPIError.instance(statement, None, error, psycopg.Error) from error


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def reserve_ids(session: Session, table: Table, count: int) -> Sequence[int]:
    """Return ids that nobody else will use, for rows of ``table`` inserted by `insert_rows`."""
    if session.get_bind().dialect.name == "sqlite":  # this transaction alone may write
        last = session.scalar(select(func.max(table.c.id))) or 0
        return range(last + 1, last + 1 + count)
    step = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return list(session.scalars(step, {"name": table.name, "count": count}))


def refresh_statistics(session: Session, *tables: Table) -> None:
    """Tell the engine how the tables look now, so that searches after a large import take the right index."""
    for table in tables:
        session.execute(text(f"ANALYZE {table.name}"))
