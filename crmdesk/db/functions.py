"""SQL that both engines know under different words."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, Float, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class seconds_between(GenericFunction[float]):  # noqa: N801 - the class name is the SQL name
    """Seconds from the first moment to the second; NULL when either is missing."""

    type = Float()
    inherit_cache = True


class json_length(GenericFunction[int]):  # noqa: N801 - the class name is the SQL name
    """How many entries a stored list has."""

    type = Integer()
    inherit_cache = True


@compiles(seconds_between)
def _seconds_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    first, second = (compiler.process(clause, **options) for clause in element.clauses)
    return f"ROUND((julianday({second}) - julianday({first})) * 86400.0, 3)"


@compiles(seconds_between, "postgresql")
def _seconds_postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    first, second = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXTRACT(EPOCH FROM ({second} - {first}))"


@compiles(json_length)
def _length_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_length({compiler.process(element.clauses, **options)})"


@compiles(json_length, "postgresql")
def _length_postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_length({compiler.process(element.clauses, **options)})"


class list_has(GenericFunction[bool]):  # noqa: N801 - the class name is the SQL name
    """Whether a stored list of words has a word; the word is given as a plain string."""

    type = Boolean()
    inherit_cache = True


@compiles(list_has)
def _has_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    column, word = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(instr({column}, '\"' || {word} || '\"') > 0)"


@compiles(list_has, "postgresql")
def _has_postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    column, word = (compiler.process(clause, **options) for clause in element.clauses)
    return f"jsonb_exists({column}, {word})"


class day_of_text(GenericFunction[date]):  # noqa: N801 - the class name is the SQL name
    """A day written as text, 2026-11-25, as the database keeps days."""

    type = Date()
    inherit_cache = True


@compiles(day_of_text)
def _day_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(day_of_text, "postgresql")
def _day_postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **options)}) AS DATE)"
