"""The merging side of the customers' page: when two cards are put side by side, merged, and taken apart again."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.rules.rights import Right
from crmdesk.services.customer_merge import undo_merge
from crmdesk.ui import errors
from crmdesk.ui.customers.merge_view import MergeView

MERGE, APART = "merge", "apart:"  # what the card's menu asks for


class MergeDesk(QObject):
    """Owns the merge view in the page's stack; the page asks ``start`` whether a wish of the card is its own."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.page = page
        self.view = MergeView(page.ctx)
        page.stack.addWidget(self.view)
        self.view.merged.connect(page.show_saved)
        self.view.left.connect(page.leave_form)
        self.view.told.connect(self._warn)
        page.form_view.alike_chosen.connect(self.show_alike)
        page.form_view.merge_asked.connect(self.merge_alike)
        self._key = QShortcut(QKeySequence("Ctrl+M"), page.browse)
        self._key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._key.activated.connect(self.begin_shown)

    @property
    def is_shown(self) -> bool:
        """Whether two cards stand side by side now."""
        return bool(self.page.stack.currentWidget() is self.view)

    def start(self, wish: str) -> bool:
        """Do what the card's menu asked for, if it is about merging."""
        if wish == MERGE:
            self.begin_shown()
        elif wish.startswith(APART):
            self.take_apart(int(wish.removeprefix(APART)))
        else:
            return False
        return True

    def _warn(self, sentence: str) -> None:
        self.page.say(sentence, "warning")

    def begin_shown(self) -> None:
        """Begin with the card that is shown (Ctrl+M)."""
        card = self.page.card_view.card
        if card is not None:
            self.begin(card.id)

    def begin(self, customer_id: int, other_id: int | None = None) -> None:
        """Put two cards side by side; without the other it is looked for."""
        if not self.page.ctx.may(Right.CUSTOMER_EDIT):
            self.page.say(_("Your role does not allow this. Please ask the manager."), "danger")
        elif self.view.load(customer_id, other_id):
            self.page.stack.setCurrentWidget(self.view)
            self.view.first_focus()
            self.page.hints_changed.emit()

    def take_apart(self, merge_id: int) -> None:
        """Undo a merge and show who came back."""
        try:
            back = undo_merge(self.page.ctx, merge_id)
        except CrmError as error:
            errors.show_error(self.page, error)
            return
        self.page.show_saved(back, _("Both cards are as before the merge."))

    def show_alike(self, customer_id: int) -> None:
        """Open a card that is perhaps the customer being typed; what was typed is asked about."""
        if self.page.form_view.may_leave():
            self.page.show_customer(customer_id)

    def merge_alike(self, customer_id: int, other_id: int) -> None:
        """Put the card being changed beside one that looks like it."""
        if self.page.form_view.may_leave():
            self.page.leave_form()
            self.begin(customer_id, other_id)
