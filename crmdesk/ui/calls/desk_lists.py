"""The lists of the phone desk side by side: calls, what waits, missed calls, matters, duty, terms."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.services.context import Context
from crmdesk.ui.calls.duty_view import DutyView
from crmdesk.ui.calls.letters_view import LettersView
from crmdesk.ui.calls.list_view import CallListView
from crmdesk.ui.calls.matters_view import MattersView
from crmdesk.ui.calls.missed_view import MissedView
from crmdesk.ui.calls.quarter_view import QuarterView
from crmdesk.ui.calls.reference_view import ReferenceView
from crmdesk.ui.calls.side_view import SideView
from crmdesk.ui.calls.waiting_view import WaitingView
from crmdesk.ui.widgets import Segments, row
from crmdesk.ui.widgets.card import Stack

PLACES = {
    "calls": N_("Calls"),
    "waiting": N_("Waiting"),
    "missed": N_("Missed calls"),
    "matters": N_("Matters"),
    "letters": N_("Letters"),
    "quarter": N_("Quarter"),
    "duty": N_("Phone duty"),
    "reference": N_("Terms and phrases"),
}
View = CallListView | WaitingView | MissedView | MattersView | LettersView | QuarterView | DutyView | ReferenceView


_KEPT: dict[str, type[QuarterView] | type[DutyView] | type[ReferenceView]] = {
    "quarter": QuarterView, "duty": DutyView, "reference": ReferenceView,
}  # fmt: skip


class DeskLists(QWidget):
    """One of the lists at a time; a list is made when somebody looks at it first."""

    call_asked = Signal(str, object)  # number, customer id or None: call out
    opened = Signal(int)  # a call
    new_asked = Signal(str)  # in, out
    changed = Signal()
    turned = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.places = Segments(list(PLACES.items()), value="calls")
        self.stack = Stack()
        self.calls = CallListView(ctx)
        self.views: dict[str, View] = {"calls": self.calls}
        self.stack.addWidget(self.calls)
        self.calls.opened.connect(self.opened)
        self.calls.new_asked.connect(self.new_asked)
        self.calls.changed.connect(self.changed)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        body.addLayout(row(self.places, None))
        body.addWidget(self.stack, 1)
        self.places.value_changed.connect(self._chosen)
        self.retranslate()

    @property
    def place(self) -> str:
        """Which list is in front, a key of PLACES."""
        return str(self.places.value() or "calls")

    def view(self, place: str) -> View:
        """Return a list, made if nobody has looked at it yet."""
        if place not in self.views:
            view = self._make(place)
            self.views[place] = view
            self.stack.addWidget(view)
        return self.views[place]

    def _make(self, place: str) -> View:
        if place == "missed":
            missed = MissedView(self.ctx)
            missed.call_asked.connect(self.call_asked)
            missed.changed.connect(self.changed)
            return missed
        if place == "letters":
            register = LettersView(self.ctx)
            register.changed.connect(self.changed)
            return register
        if place in _KEPT:
            kept = _KEPT[place](self.ctx)
            kept.saved.connect(self.changed)
            return kept
        found = WaitingView(self.ctx) if place == "waiting" else MattersView(self.ctx)
        found.opened.connect(self.opened)
        found.changed.connect(self.changed)
        found.listing.new_asked.connect(self._new)
        return found

    def show_place(self, place: str, row_id: int | None = None) -> None:
        """Show a list, with a row chosen when one is named."""
        self.places.set_value(place)
        view = self.view(place)
        self.stack.setCurrentWidget(view)
        if row_id is not None and isinstance(view, SideView):
            view.show_row(row_id, show="all")
        else:
            view.refresh()
        self.turned.emit()

    def show_filter(self, show: str) -> None:
        """Let the list in front show what one of its filters finds; '' leaves it as it is."""
        view = self.view(self.place)
        if show and isinstance(view, SideView):
            view.listing.show_filter(show)
            view.refresh()

    def refresh(self) -> None:
        """Read the list in front again."""
        self.view(self.place).refresh()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.places.setAccessibleName(_("Lists of the phone desk"))
        for view in self.views.values():
            view.retranslate()

    def first_focus(self) -> None:
        """Put the focus where choosing starts."""
        view = self.view(self.place)
        if isinstance(view, (QuarterView, DutyView, ReferenceView)):
            view.first_focus()
        else:
            view.table.setFocus()

    def _chosen(self) -> None:
        self.show_place(self.place)

    def _new(self) -> None:
        self.new_asked.emit("in")
