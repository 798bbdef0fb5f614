"""Errors whose sentence may be shown to the user; anything that is not a CrmError is a bug."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crmdesk.core.i18n import _


class CrmError(Exception):
    """Base of every error the user may see.

    ``message`` is one translated sentence that says what happened and what to do next;
    ``clause`` names the clause of the regulation that asks, when there is one.
    """

    def __init__(self, message: str, *, clause: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause


class UserError(CrmError):
    """The action can't be done as asked; the sentence says what to do instead."""


class ValidationError(CrmError):
    """One or more fields need another value; ``fields`` maps field name to its sentence."""

    def __init__(self, fields: Mapping[str, str], *, clause: str = "") -> None:
        self.fields = dict(fields)
        super().__init__(" ".join(self.fields.values()), clause=clause)


class NeedsConfirmation(CrmError):
    """The service asks first: the window puts ``message`` to the user and calls again with ``key`` confirmed."""

    def __init__(self, key: str, question: str, *, clause: str = "") -> None:
        super().__init__(question, clause=clause)
        self.key = key


class ConflictError(CrmError):
    """Someone else saved the same record meanwhile: who, when, and which fields differ."""

    def __init__(self, by: str, at: datetime | None, fields: tuple[str, ...] = ()) -> None:
        super().__init__(
            _("{name} has changed this record in the meantime. Compare both and save again.").format(
                name=by or _("A colleague")
            )
        )
        self.by = by
        self.at = at
        self.fields = fields


class AlreadySaved(CrmError):
    """This very form was saved before, its answer never came: which record it is, and when (aware, local)."""

    def __init__(self, kind: str, record_id: int, at: datetime) -> None:
        super().__init__(_("This was saved already at {time}.").format(time=f"{at:%H:%M}"))
        self.kind = kind
        self.record_id = record_id
        self.at = at


class ConnectionLost(CrmError):
    """The server can't be reached; what was typed stays in the window."""

    def __init__(self, message: str = "") -> None:
        lost = _("The connection to the office server is lost. Your text is kept; please try again.")
        super().__init__(message or lost)


class Busy(CrmError):
    """The database is held by another program for longer than we wait."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("Another program is writing just now. Please try again in a moment."))


class DatabaseTooNew(CrmError):
    """The database was made by a newer program; this one must not touch it."""

    def __init__(self, found: str) -> None:
        super().__init__(
            _("The data was made by a newer version of CRM Desk ({version}). Please update this PC first.").format(
                version=found
            )
        )


class DatabaseUnusable(CrmError):
    """The database file is missing, damaged, or lies where it must not."""


class DiskFull(CrmError):
    """There is no room left to write."""

    def __init__(self) -> None:
        super().__init__(_("The disk is full. Please free some space and save again; nothing was lost."))


class PermissionDenied(CrmError):
    """The user's roles don't allow this."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("Your role does not allow this. Please ask the manager."))
