"""One form, one record: what keeps a form from being saved twice when the answer to the first try got lost."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any, TypeVar

from crmdesk.core.errors import AlreadySaved, CrmError, UserError
from crmdesk.core.i18n import _

F = TypeVar("F")


class Once:
    """The token of one form on the screen, from the moment it is emptied or opened until it is saved.

    ``stamp`` puts it into the values that go to the service; after AlreadySaved, ``changed`` says whether something
    was typed since the first try, which then is still to be written.
    """

    def __init__(self, token: str = "") -> None:
        self.token = token
        self._first: Any = None
        if not token:
            self.renew()

    def renew(self) -> None:
        """Begin another form: it was emptied, opened, or saved."""
        self.token = secrets.token_hex(16)
        self._first = None

    def stamp(self, form: F) -> F:
        """Return the values with the token of this form."""
        if self._first is None:
            self._first = form
        return replace(form, token=self.token)  # type: ignore[type-var]  # every form is a frozen dataclass

    def changed(self, form: object) -> bool:
        """Whether the values differ from those of the first try."""
        return form != self._first

    def told(self, error: AlreadySaved, form: object) -> CrmError:
        """Return what to say where a saved record can't be corrected by the same form."""
        if not self.changed(form):
            return error
        return UserError(
            _("{sentence} Please check it: what you changed afterwards is not in it.").format(sentence=error.message)
        )
