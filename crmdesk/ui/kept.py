"""A form's draft: what is typed is written down every three seconds, so that a crash or a power cut loses no more."""

from __future__ import annotations

import base64
import dataclasses
import logging
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.services import drafts
from crmdesk.services.context import Context

KEEP_MS = 3000

log = logging.getLogger(__name__)


def plain(value: Any) -> Any:
    """Return a form's value as JSON can hold it; what JSON does not know is written as ``{"kind": value}``."""
    if isinstance(value, Decimal):
        return {"Decimal": str(value)}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, frozenset | set):
        return {"frozenset": sorted(value)}
    if isinstance(value, dict):
        return {"dict": {name: plain(entry) for name, entry in value.items()}}
    if isinstance(value, tuple | list):
        return {"tuple": [plain(entry) for entry in value]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}}
    return value


def typed(value: Any, *kinds: type) -> Any:
    """Return what ``plain`` wrote; ``kinds`` are the dataclasses that may be in it. ValueError for anything else."""
    if not isinstance(value, dict):
        return value
    ((name, inner),) = value.items()
    if name == "tuple":
        return tuple(typed(entry, *kinds) for entry in inner)
    if name == "dict":
        return {field: typed(entry, *kinds) for field, entry in inner.items()}
    readers: dict[str, Any] = {
        "Decimal": Decimal, "datetime": datetime.fromisoformat, "date": date.fromisoformat,
        "bytes": base64.b64decode, "frozenset": frozenset,
    }  # fmt: skip
    if name in readers:
        return readers[name](inner)
    for kind in kinds:
        if kind.__name__ == name:
            known = {f.name for f in dataclasses.fields(kind)}
            return kind(**{field: typed(entry, *kinds) for field, entry in inner.items() if field in known})
    raise ValueError(f"a draft can't hold {name}")


class Kept(QObject):
    """The draft of one form. The form calls ``touch`` when something is typed and answers ``due`` with ``keep``."""

    due = Signal()

    def __init__(self, ctx: Context, kind: str, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx, self._kind = ctx, kind
        self._key = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self.due)

    def touch(self, *_whatever: object) -> None:
        """Something was typed: write it down in a moment."""
        if not self._timer.isActive():
            self._timer.start()

    def flush_if_due(self) -> None:
        """The form goes out of sight, perhaps for good: what was typed a moment ago is written down at once."""
        if self._timer.isActive():
            self._timer.stop()
            self.due.emit()

    def keep(self, payload: dict[str, Any]) -> None:
        """Write these values down; when the data can't be reached they are tried again in a moment."""
        self._timer.stop()
        key = self._key or f"{self._ctx.clock.now():%Y%m%dT%H%M%S%f}"
        try:
            drafts.save_draft(self._ctx, self._kind, key, {name: plain(value) for name, value in payload.items()})
        except CrmError as error:
            log.warning("draft not kept: %s", type(error).__name__)
            self._timer.start()
            return
        self._key = key

    def find(self, record_id: int | None, *kinds: type) -> dict[str, Any] | None:
        """Return the newest draft of this record (None: of a new one) and go on with it; None if there is none.

        A draft that another version of the program wrote and this one can't read is left where it is.
        """
        self._key = ""
        try:
            found = drafts.find_drafts(self._ctx, self._kind)
        except CrmError as error:
            log.warning("draft not read: %s", type(error).__name__)
            return None
        for draft in found:
            if draft.payload.get("id") != record_id:
                continue
            try:
                values = {name: typed(value, *kinds) for name, value in draft.payload.items()}
            except (ValueError, TypeError, ArithmeticError) as error:
                log.warning("draft not understood: %s", type(error).__name__)
                continue
            self._key = draft.key
            return values
        return None

    def drop(self) -> None:
        """The form was saved, given up or emptied: forget its draft."""
        self._timer.stop()
        key, self._key = self._key, ""
        if not key:
            return
        try:
            drafts.drop_draft(self._ctx, self._kind, key)
        except CrmError as error:
            log.warning("draft not dropped: %s", type(error).__name__)


def chosen(values: dict[str, Any] | None, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of the fields that the form has in this version of the program."""
    known = set(names)
    return {name: value for name, value in (values or {}).items() if name in known}


def back_again() -> str:
    """Return the sentence that says a draft was found."""
    return _("What you typed before the program ended is here again.")
