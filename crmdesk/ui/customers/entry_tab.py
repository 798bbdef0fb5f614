"""A tab of the customer's card with a list and a form that adds to it: what write-ups, care and deposits share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.errors import AlreadySaved, CrmError, ValidationError
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.services.customer_merge import find_merges
from crmdesk.ui import errors
from crmdesk.ui.kept import Kept, back_again, chosen
from crmdesk.ui.once import Once
from crmdesk.ui.widgets import Button, FormGrid, Scroll


class EntryTab(Scroll):
    """What is half typed waits for its customer, and comes back after a crash.

    A tab lays ``form``, ``save_button`` and ``list`` out in ``view``, ends its building with ``retranslate``, and
    answers ``read``, ``blank``, ``entry``, ``store`` and ``retranslate``.
    """

    said = Signal(str)
    KIND = ""  # of its drafts

    def __init__(self, ctx: Context, save_button: Button, *, columns: int = 2, parent: QWidget | None = None) -> None:
        self.host = QWidget()
        super().__init__(self.host, parent=parent)
        self.ctx = ctx
        self._id = 0
        self._blank: dict[str, Any] = {}
        self._typed: dict[int, tuple[str, dict[str, Any]]] = {}  # by customer: the form's token and its values
        self._once = Once()
        self.view = QVBoxLayout(self.host)
        self.view.setContentsMargins(0, 8, 8, 4)
        self.view.setSpacing(8)
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        self.form = FormGrid(columns=columns)
        self.save_button = save_button
        self.save_button.clicked.connect(self.save)
        self.kept = Kept(ctx, self.KIND, self)
        self.kept.due.connect(self.keep_draft)
        self.form.changed.connect(self.kept.touch)

    # what a tab answers -----------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        if self._id:
            self.load()

    def read(self) -> None:
        """Read what the tab shows, and show it; a CrmError is told."""
        raise NotImplementedError

    def blank(self) -> dict[str, Any]:
        """Return the values an empty form begins with."""
        raise NotImplementedError

    def entry(self, values: dict[str, Any]) -> Any:
        """Return what is typed as the service takes it."""
        raise NotImplementedError

    def store(self, entry: Any) -> str:
        """Keep it and return what is said then."""
        raise NotImplementedError

    # showing ----------------------------------------------------------------------------------------------------

    def show_card(self, card: CustomerCard) -> None:
        """Show this customer; what was being typed about another one waits there."""
        if card.id == self._id:
            self.load()
            return
        if self._id and self.form.dirty:
            self.keep_draft()
            self._typed[self._id] = (self._once.token, self.form.values())
        self._id = card.id
        self.load()
        self._begin()

    def load(self) -> None:
        """Read everything again."""
        try:
            self.read()
        except CrmError as error:
            errors.show_error(self, error)

    def _begin(self) -> None:
        """Show an empty form, or what was half typed about this customer."""
        self._once.renew()
        self.form.load(self.blank())
        self._blank = self.form.values()
        waiting, draft = self._half_typed()
        if waiting is None and draft is not None:
            waiting = str(draft["token"]), draft["values"]
            self.said.emit(back_again())
        if waiting is not None:
            token, values = waiting
            self.form.load(self._blank | chosen(values, self.form.names()))
            self._once = Once(token)
            self._once.stamp(self.entry(self.form.values()))
        self.form.set_dirty(waiting is not None)
        self.form_loaded()

    def _half_typed(self) -> tuple[tuple[str, dict[str, Any]] | None, dict[str, Any] | None]:
        """Return what waits in memory and in the drafts, about this customer or one who was merged into him."""
        try:
            ids = [self._id, *(merge.gone_id for merge in find_merges(self.ctx, self._id))]
        except CrmError:
            ids = [self._id]
        waiting = next((self._typed.pop(one) for one in ids if one in self._typed), None)
        return waiting, next((draft for one in ids if (draft := self.kept.find(one)) is not None), None)

    def form_loaded(self) -> None:
        """Other values were put into the form."""

    def keep_draft(self) -> None:
        """Write down what is half typed, for the case that the program or the power fails."""
        values = self.form.values()
        if self.form.dirty and values != self._blank:
            self.kept.keep({"id": self._id, "token": self._once.token, "values": values})
        else:
            self.kept.drop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.kept.flush_if_due()

    # keeping ----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep what was typed."""
        if not self.form.check():
            return
        entry = self.entry(self.form.values())
        try:
            said = self._store_once(entry)
        except ValidationError as error:
            self.form.set_errors(error.fields)
            return
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.kept.drop()
        self.load()
        self._begin()
        self.said.emit(said)

    def _store_once(self, entry: Any) -> str:
        try:
            return self.store(self._once.stamp(entry))
        except AlreadySaved as error:
            if not self._once.changed(entry):
                return error.message  # the answer to the first try got lost; it is kept
        self._once.renew()  # what was typed since is an entry of its own
        return self.store(self._once.stamp(entry))

    def act(self, service: Callable[..., Any], *arguments: Any, said: str = "") -> None:
        """Do something to one of the entries and show what became of it."""
        try:
            service(self.ctx, *arguments)
        except CrmError as error:
            errors.show_error(self, error)
            said = ""
        self.load()
        if said:
            self.said.emit(said)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "kept"):
            self.retranslate()
        super().changeEvent(event)
