"""The row of locker keys at the foot of the board, with what closing time asks for (RCPT-04, CALL-13)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services import closing
from crmdesk.services.context import Context
from crmdesk.services.deadlines import hours_of
from crmdesk.services.visits import Board
from crmdesk.ui.reception import words
from crmdesk.ui.widgets import Card, ClauseTag, IconLabel, KeyGrid, KeyState, Label, Tick
from crmdesk.ui.widgets.labels import plain_tip


class KeysCard(Card):
    """Which keys are out and with whom; those whose guest leaves, or has left, are marked."""

    pressed = Signal(int)
    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(16, 8, 16, 12), spacing=8, parent=parent)
        self._ctx = ctx
        self.closing_label = Label("", "label", "muted")
        self.add_action(IconLabel("moon", "muted", 14))
        self.add_action(self.closing_label)
        self.add_action(ClauseTag("RCPT-04", self))
        self.fax_tick = Tick(N_("Fax on automatic"))
        self.fax_tick.value_changed.connect(self._fax_ticked)
        self.add_action(self.fax_tick)
        self.fax_tag = ClauseTag("CALL-13", self)
        self.add_action(self.fax_tag)
        self.grid = KeyGrid(ctx.office.locker_keys)
        self.grid.pressed.connect(self.pressed)
        self.add(self.grid)

    def show_board(self, ctx: Context, board: Board) -> None:
        """Show the keys of a board, in the office as it is set now."""
        self._ctx = ctx
        total, out = self._ctx.office.locker_keys, len(board.keys)
        self.grid.set_keys(
            {
                number: KeyState(words.short_name(visit.name), "warning" if visit.state in ("leaving", "left") else "")
                for number, visit in board.keys.items()
            },
            total,
        )
        self.grid.setAccessibleName(_("Locker keys"))
        self.set_title(_("Locker keys"), _("out {out} · in {rest}").format(out=out, rest=total - out))
        self.closing_label.setText(self._closing_words(board))
        self.show_fax()

    def show_fax(self) -> None:
        """Show whether the fax was set to automatic this evening, by whom and when."""
        try:
            asked = closing.asks_fax(self._ctx)
            ticked = closing.find_fax(self._ctx)
        except CrmError as error:
            self.failed.emit(error)
            return
        for widget in (self.fax_tick, self.fax_tag):
            widget.setVisible(asked)
        self.fax_tick.set_value(ticked is not None)
        words_now = _("Tick it at closing time, when the fax is set to receive by itself.")
        if ticked is not None:
            time = format_time(self._ctx.clock.local(ticked.at))
            words_now = plain_tip(_("Set by {name} at {time}").format(name=ticked.by, time=time))
        self.fax_tick.setToolTip(words_now)

    def _fax_ticked(self) -> None:
        try:
            closing.tick_fax(self._ctx, bool(self.fax_tick.value()))
        except CrmError as error:
            self.failed.emit(error)
        self.show_fax()

    def _closing_words(self, board: Board) -> str:
        guests, keys = len(board.in_house), len(board.keys)
        hours = hours_of(self._ctx.office, self._ctx.clock.zone, self._ctx.clock.today())
        time = f"{hours[1]:%H:%M}" if hours else _("(closed today)")
        if not guests and not keys:
            return _("Closing check {time}: nobody in the house, all keys back").format(time=time)
        words_now = ngettext(
            "Closing check {time}: {guests} in the house, {keys} key out",
            "Closing check {time}: {guests} in the house, {keys} keys out", keys,
        )  # fmt: skip
        return words_now.format(time=time, guests=guests, keys=keys)
