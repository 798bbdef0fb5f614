"""A birthday by the sun or by the moon: read while it is typed, shown with the day it comes round next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from crmdesk.core import birthdays, dates
from crmdesk.core.i18n import N_, _
from crmdesk.ui.widgets.typed_edits import DayEdit, _ReadEdit


class BirthdayEdit(_ReadEdit):
    """Its value is the text as it is kept; words an older program kept stay until they are changed."""

    def __init__(
        self, today: Callable[[], date], home: str = "TW", *, placeholder: str = N_("5/12, 1980-5-12, lunar 8/15"),
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._today, self._home, self._old = today, home, ""
        super().__init__(placeholder=placeholder, parent=parent)

    def _read(self, text: str) -> birthdays.Birthday:
        return birthdays.read_birthday(text, home=self._home)

    def _write(self, value: Any) -> str:
        return value.words() if isinstance(value, birthdays.Birthday) else str(value)

    def _show_found(self) -> None:
        found = self._found
        self.set_aside(dates.format_day_short(found.next(self._today())) if found is not None else "")
        self.setToolTip(_("The next time, by the solar calendar") if found is not None else "")

    def value(self) -> Any:
        """Return the birthday as it is kept; what can't be read stands as typed."""
        return self._found.text if self._found is not None else self.text().strip()

    def set_value(self, value: Any) -> None:
        """Show a kept birthday; '' or None empties the field."""
        self._old = str(value or "")
        found = birthdays.kept(self._old)
        super().set_value(found if found is not None else self._old or None)

    def problem(self) -> str:
        """Return why the text is no birthday, '' if it is one, empty, or what was kept before."""
        return "" if self.text().strip() == self._old else super().problem()


class KeptDayEdit(DayEdit):
    """A day whose value is text as the archive keeps it: 2026-11-22."""

    def value(self) -> Any:
        """Return the day as text; what can't be read stands as typed."""
        return dates.format_day(self._found) if self._found is not None else self.text().strip()

    def set_value(self, value: Any) -> None:
        """Show a kept day; text that is none is shown as it is."""
        try:
            super().set_value(date.fromisoformat(str(value)) if value else None)
        except ValueError:
            self.setText(str(value))
