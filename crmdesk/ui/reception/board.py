"""The five lanes of the reception: booked, waiting, being received, settling, leaving."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.services.context import Context
from crmdesk.services.visits import Board, GreetingFigure, VisitRow
from crmdesk.ui.reception import words
from crmdesk.ui.reception.cards import BoardCard, LeftList
from crmdesk.ui.widgets import Label, Lane

LANES = (
    ("booked", N_("Booked")),
    ("waiting", N_("Waiting")),
    ("received", N_("Received")),
    ("settling", N_("Settling")),
    ("leaving", N_("Send-off")),
)
_EMPTY = {
    "booked": N_("No bookings for today."),
    "waiting": N_("Nobody is waiting."),
    "received": N_("Nobody is being received."),
    "settling": N_("Nobody is settling."),
    "leaving": N_("Nobody is leaving."),
}
BESIDE_SHEET = 3  # lanes that stay beside an open sheet


class BoardView(QWidget):
    """The lanes with their cards; one card is chosen. Cards are kept while their visit stays in its lane."""

    chosen_changed = Signal()
    stepped = Signal(object)
    opened = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self.board = Board()
        self.lanes = {key: Lane() for key, _title in LANES}
        self._cards: dict[tuple[str, int], BoardCard] = {}
        self._empty: dict[str, Label] = {}
        self._chosen: int | None = None
        self._figure = GreetingFigure(0, 0)
        self._narrow = False
        self.left_list = LeftList(ctx)
        self.left_list.opened.connect(self.opened)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for lane in self.lanes.values():
            row.addWidget(lane, 1)

    # what is shown ----------------------------------------------------------------------------------------------

    def show_board(self, board: Board, figure: GreetingFigure) -> None:
        """Show the visits as they stand; the chosen one stays chosen, wherever it went."""
        self.board, self._figure = board, figure
        now = self._ctx.clock.now()
        had_focus = any(card.hasFocus() for card in self._cards.values())
        kept: dict[tuple[str, int], BoardCard] = {}
        for key, _title in LANES:
            for visit in self.visits_in(key):
                card = self._cards.get((key, visit.id)) or self._new_card()
                card.show_visit(visit, now)
                kept[key, visit.id] = card
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # a card thrown away would hand the choice to the next
        self._cards = kept
        for key, lane in self.lanes.items():
            cards: list[QWidget] = [card for (place, _id), card in kept.items() if place == key]
            self._empty.pop(key, None)
            if not cards:
                self._empty[key] = Label(_(_EMPTY[key]), "label", "muted", wrap=True)
                self._empty[key].setContentsMargins(6, 4, 6, 4)
                cards.append(self._empty[key])
            if key == "leaving":
                self.left_list.set_visits(board.left)
                cards.append(self.left_list)
            lane.set_cards(cards)
            for widget in cards:
                if widget is not self.left_list:
                    widget.show()  # at once, not with the next event: it may get the focus now
        if self._chosen is not None and self.chosen() is None:
            self._chosen = None
        if self._chosen is None:
            self._chosen = self._first_wanted()
        self._mark()
        self._show_lanes()
        self.show_time()
        if had_focus:
            self.focus_chosen()

    def show_time(self) -> None:
        """Let the minutes on all cards go on."""
        now = self._ctx.clock.now()
        for card in self._cards.values():
            card.show_time(now)
        self._show_headings(now)

    def _show_headings(self, now: datetime) -> None:
        limit = words.span_word(words.greet_limit(self._ctx))
        waiting = _("greet within {limit}").format(limit=limit)
        if self._figure.total:
            waiting = _("in {limit}: {in_time} of {total}").format(limit=limit, **self._figure._asdict())
        received = self.board.received
        average = sum(words.seconds_here(visit, now) for visit in received) // 60 // max(1, len(received))
        notes = {
            "booked": _("today"),
            "waiting": waiting,
            "received": _("average {minutes}").format(minutes=words.minutes_word(average)) if received else "",
        }
        for key, title in LANES:
            self.lanes[key].set_heading(_(title), len(self.visits_in(key)), notes.get(key, ""))

    def visits_in(self, lane: str) -> tuple[VisitRow, ...]:
        """Return the visits of a lane."""
        found: tuple[VisitRow, ...] = getattr(self.board, lane)
        return found

    def _new_card(self) -> BoardCard:
        card = BoardCard(self._ctx)
        card.pressed.connect(self._pressed)
        card.opened.connect(self.opened)
        card.stepped.connect(self.stepped)
        card.moved.connect(self.move_chosen)
        return card

    def _first_wanted(self) -> int | None:
        for lane in ("waiting", "received", "leaving", "settling", "booked"):
            for visit in self.visits_in(lane):
                return visit.id
        return None

    # the chosen card --------------------------------------------------------------------------------------------

    def chosen(self) -> VisitRow | None:
        """Return the chosen visit."""
        card = self._chosen_card()
        return card.visit if card is not None else None

    def choose(self, visit_id: int | None) -> None:
        """Choose a visit."""
        if visit_id != self._chosen:
            self._chosen = visit_id
            self._mark()
            self._show_lanes()
            self.chosen_changed.emit()

    def card(self, visit_id: int) -> BoardCard | None:
        """Return the card of a visit."""
        return next((card for (_lane, found), card in self._cards.items() if found == visit_id), None)

    def focus_chosen(self) -> bool:
        """Put the focus on the chosen card; False when there is none."""
        card = self._chosen_card()
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll_to(card)
        return card is not None

    def move_chosen(self, columns: int, rows: int) -> None:
        """Choose the card beside, above or below; empty lanes are stepped over."""
        place = next(((lane, i) for lane in self.lanes for i, v in enumerate(self.visits_in(lane))
                      if v.id == self._chosen), None)  # fmt: skip
        if place is None:
            self.choose(self._first_wanted())
            self.focus_chosen()
            return
        lane, row = place
        keys = [key for key in self.lanes if self.visits_in(key)]
        at = keys.index(lane) + columns
        if not 0 <= at < len(keys):
            return
        visits = self.visits_in(keys[at])
        self.choose(visits[max(0, min(len(visits) - 1, row + rows))].id)
        self.focus_chosen()

    def _scroll_to(self, card: BoardCard) -> None:
        above = card.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(card, 0, 8)

    def _pressed(self, visit: VisitRow) -> None:
        self.choose(visit.id)
        card = self._chosen_card()
        if card is not None and not card.hasFocus():
            card.setFocus(Qt.FocusReason.MouseFocusReason)

    def _chosen_card(self) -> BoardCard | None:
        return self.card(self._chosen) if self._chosen is not None else None

    def _mark(self) -> None:
        for (_lane, visit_id), card in self._cards.items():
            card.set_chosen(visit_id == self._chosen)

    # beside a sheet ---------------------------------------------------------------------------------------------

    def set_narrow(self, narrow: bool) -> None:
        """Keep only who waits and the lanes around the chosen card, because a sheet needs the room."""
        self._narrow = narrow
        self._show_lanes()

    def _show_lanes(self) -> None:
        shown = self._lanes_beside_sheet() if self._narrow else set(self.lanes)
        for key, lane in self.lanes.items():
            lane.setVisible(key in shown)

    def _lanes_beside_sheet(self) -> set[str]:
        """Return the chosen card's lane, the waiting one as long as somebody stands there, and those nearest."""
        keys = list(self.lanes)
        at = next((i for i, key in enumerate(keys) if (key, self._chosen) in self._cards), 1)
        wanted = [keys[at], *(["waiting"] if self.visits_in("waiting") else [])]
        wanted += [keys[i] for i in (at - 1, at + 1, at - 2, at + 2) if 0 <= i < len(keys)]
        return set(list(dict.fromkeys(wanted))[:BESIDE_SHEET])
