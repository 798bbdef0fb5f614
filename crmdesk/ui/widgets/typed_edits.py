"""Fields that read what was typed: telephone numbers, money, whole numbers, days and moments.

What can't be read stays as typed; ``problem()`` says what to do about it, and ``value()`` is None meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from crmdesk.core import dates, money, phone
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.core.text import clean, half_width
from crmdesk.ui.widgets.edits import TextEdit

_TIME = re.compile(r"(?:^|\s)(\d{1,2})[:：.](\d{2})$|(?:^|\s)(\d{1,2})[點点時时h]$")


def _weekday(day: date) -> str:
    """Return the weekday as it stands behind a day: （一） or Mon."""
    return dates.format_day_weekday(day).removeprefix(dates.format_day(day)).strip()


class _ReadEdit(TextEdit):
    """Base: reads the text while it is typed, writes it out nicely when the field is left."""

    def __init__(self, *, size: str = "normal", placeholder: str = "", parent: QWidget | None = None) -> None:
        self._found: Any = None
        self._problem = ""
        super().__init__(size=size, placeholder=placeholder, parent=parent)
        self.textChanged.connect(self._look)
        self.editingFinished.connect(self._tidy)

    def _read(self, text: str) -> Any:
        """Return what the text means; raise CrmError when it means nothing."""
        raise NotImplementedError

    def _write(self, value: Any) -> str:
        """Return how a value is written out."""
        raise NotImplementedError

    def _look(self, text: str) -> None:
        self._found, self._problem = None, ""
        if text.strip():
            try:
                self._found = self._read(text)
            except CrmError as error:
                self._problem = error.message
        self._show_found()

    def _show_found(self) -> None:
        """Say beside the text what was understood."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show_found()  # the weekday stands there in words
        super().changeEvent(event)

    def _tidy(self) -> None:
        if self._found is not None:
            written = self._write(self._found)
            if written != self.text():
                self.setText(written)

    def value(self) -> Any:
        """Return what was understood, None if nothing."""
        return self._found

    def set_value(self, value: Any) -> None:
        """Fill the field without reporting a change; None empties it."""
        super().set_value("" if value is None else self._write(value))

    def problem(self) -> str:
        """Return why the text can't be read, '' if it can or is empty."""
        return self._problem or super().problem()


class PhoneEdit(TextEdit):
    """A telephone number; its value is the text (numbers stay text), written out grouped when the field is left."""

    def __init__(
        self, *, size: str = "normal", home: str = "TW", placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        self._home = home
        super().__init__(size=size, placeholder=placeholder, parent=parent)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        self.editingFinished.connect(self._tidy)

    def problem(self) -> str:
        """Return why the text is no telephone number, '' if it is one or empty."""
        if not self.text().strip():
            return ""
        try:
            phone.parse(self.text(), self._home)
        except CrmError as error:
            return error.message
        return ""

    def _tidy(self) -> None:
        if self.text().strip() and not self.problem():
            self.setText(phone.display(phone.parse(self.text(), self._home), self._home))


class MoneyEdit(_ReadEdit):
    """An amount (Decimal or None), right aligned; commas, full-width digits and currency signs are understood."""

    def __init__(self, *, size: str = "normal", placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(size=size, placeholder=placeholder, parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _read(self, text: str) -> Decimal:
        return money.parse_money(text)

    def _write(self, value: Any) -> str:
        return money.format_number(Decimal(value), minus="-")


class NumberEdit(_ReadEdit):
    """A whole number between ``least`` and ``most``, right aligned."""

    def __init__(
        self, *, least: int = 0, most: int = 999_999, size: str = "normal", placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self.least, self.most = least, most
        super().__init__(size=size, placeholder=placeholder, parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _read(self, text: str) -> int:
        plain = half_width(clean(text)).replace(",", "").replace(" ", "").replace(money.MINUS, "-")
        try:
            number = int(plain)
        except ValueError:
            number = None
        if number is None or not self.least <= number <= self.most:
            raise CrmError(
                _("Please enter a whole number from {least} to {most}.").format(least=self.least, most=self.most)
            )
        return number

    def _write(self, value: Any) -> str:
        return str(value)


class DayEdit(_ReadEdit):
    """A day (date or None): takes ``+3``, ``d``, ``週五``, ``1122``, and shows the day it understood meanwhile."""

    def __init__(
        self, today: Callable[[], date], *, size: str = "normal", placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        self._today = today
        super().__init__(size=size, placeholder=placeholder, parent=parent)

    def _read(self, text: str) -> date:
        return dates.parse_day(text, self._today())

    def _write(self, value: Any) -> str:
        return dates.format_day(value)

    def _show_found(self) -> None:
        found = self._found
        if found is None:
            self.set_aside("")
        elif self.text() == self._write(found):
            self.set_aside(_weekday(found))
        else:
            self.set_aside(dates.format_day_weekday(found))


class MomentEdit(_ReadEdit):
    """A day and time (naive local datetime or None): ``+1 10:00``, ``週五 14:30``, ``1123 9:00``; no day is today."""

    def __init__(
        self, today: Callable[[], date], *, hour: int = 9, size: str = "normal", placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._today, self._hour = today, hour
        super().__init__(size=size, placeholder=placeholder, parent=parent)

    def _read(self, text: str) -> datetime:
        plain = half_width(clean(text)).strip()
        found = _TIME.search(plain)
        hour, minute = self._hour, 0
        if found:
            hour, minute = int(found[1] or found[3]), int(found[2] or 0)
            plain = plain[: found.start()].strip()
        if hour > 23 or minute > 59:
            raise CrmError(_("Please enter a time like 14:30."))
        day = dates.parse_day(plain.split(" ")[0], self._today()) if plain else self._today()
        return datetime.combine(day, time(hour, minute))

    def _write(self, value: Any) -> str:
        return f"{dates.format_day(value)} {value:%H:%M}"

    def _show_found(self) -> None:
        found = self._found
        self.set_aside("" if found is None else _weekday(found.date()))
