"""Lists sorted by a column in the database, so that the first rows are the first of all that is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Float, String, case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import GenerativeSelect

Sort = tuple[str, bool]  # a column's key and whether the largest comes first
Sorts = Mapping[str, Any]  # what a list's columns are in the database

Query = TypeVar("Query", bound=GenerativeSelect)

MOST_OUT = 50_000  # rows of a list that leave the program at once


class _Characters(FunctionElement[str]):
    """A text compared by its characters, A as a: the same order on both engines, and ten times as fast."""

    name, type, inherit_cache = "characters", String(), True


@compiles(_Characters)
def _by_code_points(element: _Characters, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(_Characters, "postgresql")
def _by_bytes(element: _Characters, compiler: SQLCompiler, **options: Any) -> str:
    return f'lower(({compiler.process(element.clauses, **options)}) COLLATE "C")'


class _Days(FunctionElement[float]):
    """The days from one moment to another, the sign telling which came first."""

    name, type, inherit_cache = "days_between", Float(), True


@compiles(_Days)
def _julian(element: _Days, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = (compiler.process(part, **options) for part in element.clauses)
    return f"(julianday({end}) - julianday({begin}))"


@compiles(_Days, "postgresql")
def _seconds(element: _Days, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = (compiler.process(part, **options) for part in element.clauses)
    return f"extract(epoch from ({end} - {begin}))"


def days_between(begin: Any, end: Any) -> ColumnElement[float]:
    """Return how long it is between two columns of moments, to sort by."""
    return _Days(begin, end)


def ranked(column: Any, values: Iterable[str]) -> ColumnElement[int]:
    """Return the place of a column's word in its own order (the states of a record, urgencies), to sort by."""
    places = {value: place for place, value in enumerate(values)}
    return case(places, value=column, else_=len(places))


def in_order(wanted: Query, sort: Sort | None, sorts: Sorts, last: Any) -> Query:
    """Return the query sorted by a column, what has nothing there at the end, and ``last`` among equals.

    Without a sort, or by a column the list does not know, the query keeps its own order.
    """
    value = sorts.get(sort[0]) if sort is not None else None
    if sort is None or value is None:
        return wanted
    bare = value.is_(None)
    if isinstance(value.type, String):
        bare, value = bare | (value == ""), _Characters(value)
    down = sort[1]
    return wanted.order_by(None).order_by(
        case((bare, 1), else_=0), value.desc() if down else value.asc(), last.desc() if down else last.asc()
    )
