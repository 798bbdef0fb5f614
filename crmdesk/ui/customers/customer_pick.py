"""A field that holds a customer: typed as name, pinyin or phone tail, chosen from the list under it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.services.context import Context
from crmdesk.services.customer_search import find_customers
from crmdesk.services.referrals import name_of
from crmdesk.ui import errors
from crmdesk.ui.widgets import Match, SearchBox


class CustomerPick(SearchBox):
    """Its value is the customer's id, None when the field is empty."""

    value_changed = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(placeholder=N_("Name, phone tail or code"), parent=parent)
        self._ctx = ctx
        self._id: int | None = None
        self._words = ""
        self._known: dict[int, str] = {}
        self.searched.connect(self._look)
        self.picked.connect(self._pick)

    def _look(self, text: str) -> None:
        if not text:
            return
        try:
            rows = find_customers(self._ctx, text, limit=8)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.show_matches([Match(r.name, r.phone, rest=" ".join((r.company, r.code)), record=r) for r in rows])

    def _pick(self, match: Match) -> None:
        self._id = match.record.id
        self._known[match.record.id] = f"{match.record.name} ({match.record.code})"
        self.set_words(self._known[match.record.id])
        self.value_changed.emit()

    def enter_first(self) -> None:
        """Take Enter before the form does; called when the field stands in its form."""
        self.installEventFilter(self)

    def set_words(self, words: str) -> None:
        """Show who the customer is."""
        self._words = words
        self.setText(words)
        self.setCursorPosition(0)

    def value(self) -> Any:
        """Return the id; None when the field was emptied."""
        return self._id if self.text().strip() else None

    def set_value(self, value: Any) -> None:
        """Hold this customer without reporting a change."""
        self._id = int(value) if value else None
        if self._id is not None and self._id not in self._known:
            try:
                self._known[self._id] = name_of(self._ctx, self._id)
            except CrmError as error:
                errors.show_error(self, error)
        self.set_words(self._known.get(self._id, "") if self._id is not None else "")

    def problem(self) -> str:
        """Return what to do when something was typed and nobody chosen."""
        if self.text().strip() and self.text() != self._words:
            return _("Please choose the customer from the list, or empty the field.")
        return ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if watched is self and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in enter and self.problem():
                self.keyPressEvent(event)  # before the form takes Enter to go on
                return True
            return False
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.matches():
            event.ignore()  # the form's own Escape, not an emptied field
            return
        super().keyPressEvent(event)
