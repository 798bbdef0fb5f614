"""Documents to JSON and back: days in ISO form, Decimal as text, photos in base64; what we don't know is refused."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.printing.documents import KINDS, Document


class BrokenDocument(CrmError):
    """A stored paper can't be read: damaged, or of a newer version; ``where`` names the field."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            _("This stored paper can't be read ({where}: {reason}).").format(where=where or "JSON", reason=reason)
        )
        self.where = where


def to_json(document: Document) -> str:
    """Return the document as JSON text; the same document gives the same text."""
    return json.dumps(_plain(document), ensure_ascii=False, separators=(",", ":"))


def from_json(kind: str, text: str) -> Document:
    """Return the document of a kind (see ``KINDS``) from its JSON text; BrokenDocument names the bad field."""
    if kind not in KINDS:
        raise BrokenDocument(kind, _("unknown kind of paper"))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenDocument("", str(error)) from error
    built = _build(KINDS[kind], data, "")
    return typing.cast(Document, built)


def find_missing(document: Document) -> list[tuple[str, str, str]]:
    """Return (field, character, ``U+code``) for each character of the document that no font can print."""
    from crmdesk.printing import fonts  # brings ReportLab, which reading a stored paper does not need

    found: list[tuple[str, str, str]] = []
    for field, text in _texts(document, ""):
        found.extend((field, character, f"U+{ord(character):04X}") for character in fonts.missing_glyphs(text))
    return found


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, tuple):
        for i, part in enumerate(value):
            yield from _texts(part, f"{where}[{i}]")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name), f"{where}.{field.name}" if where else field.name)


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(wanted: Any, data: Any, where: str) -> Any:
    """Turn plain JSON data into the wanted type."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (types.UnionType, typing.Union):
        if data is None and type(None) in arguments:
            return None
        return _build(next(part for part in arguments if part is not type(None)), data, where)
    if dataclasses.is_dataclass(wanted):
        return _build_record(typing.cast(type, wanted), data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise BrokenDocument(where, _("a list is expected"))
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_build(arguments[0], part, f"{where}[{i}]") for i, part in enumerate(data))
        if len(data) != len(arguments):
            raise BrokenDocument(where, _("the list has another length"))
        return tuple(
            _build(kind, part, f"{where}[{i}]") for i, (kind, part) in enumerate(zip(arguments, data, strict=True))
        )
    return _build_simple(wanted, data, where)


def _build_record(wanted: type, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise BrokenDocument(where, _("fields are expected"))
    hints = _hints(wanted)
    prefix = f"{where}." if where else ""
    for key in data:
        if key not in hints:
            raise BrokenDocument(f"{prefix}{key}", _("this version does not know the field"))
    for field in dataclasses.fields(wanted):
        if field.name not in data and field.default is dataclasses.MISSING:
            raise BrokenDocument(f"{prefix}{field.name}", _("the field is missing"))
    return wanted(**{key: _build(hints[key], part, f"{prefix}{key}") for key, part in data.items()})


def _build_simple(wanted: Any, data: Any, where: str) -> Any:
    try:
        if wanted in (str, bool):
            if type(data) is wanted:
                return data
        elif wanted is int:
            if type(data) is int:
                return data
        elif wanted is float:
            if type(data) in (int, float):
                return float(data)
        elif isinstance(data, str):
            if wanted is Decimal:
                value = Decimal(data)
                if not value.is_finite():
                    raise BrokenDocument(where, _("the value can't be read"))
                return value
            if wanted is datetime:
                return datetime.fromisoformat(data)
            if wanted is date:
                return date.fromisoformat(data)
            if wanted is bytes:
                return base64.b64decode(data, validate=True)
    except (ValueError, InvalidOperation, binascii.Error) as error:
        raise BrokenDocument(where, str(error) or _("the value can't be read")) from error
    raise BrokenDocument(where, _("the value is of another kind"))
