"""Whose birthday it is on a day: each row with a birthday keeps the key it is found by, whatever the year."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import mapped_column, validates

from crmdesk.core.birthdays import key_of

KNOWN = "{0}birthday_key <> ''"  # as the partial index says it


def birthday_key_column() -> Any:
    """Return the column of the key: ``0512``, ``L0815``, ``L+0609`` (``core.birthdays``), '' for no birthday."""
    return mapped_column(String(6), default="")


def birthday_index(table: str) -> Index:
    """Return the index of the rows that have a birthday: most have none."""
    known = text(KNOWN.format(""))
    return Index(f"ix_{table}_birthday", "birthday_key", sqlite_where=known, postgresql_where=known)


class Birthdays:
    """Mixin of rows with a ``birthday``: the key follows it by itself."""

    birthday_key: Any

    @validates("birthday")
    def _key_follows(self, name: str, birthday: str) -> str:
        self.birthday_key = key_of(birthday or "")
        return birthday
