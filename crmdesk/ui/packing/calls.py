"""The packing station's call for the supervisor, as it shows and sounds on the windows of those who may answer it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _
from crmdesk.rules.rights import Right
from crmdesk.services import packing
from crmdesk.services.packing import HelpCall
from crmdesk.ui import errors, sounds
from crmdesk.ui.sounds import Tone
from crmdesk.ui.widgets.messages import Banner


class HelpCalls(QWidget):
    """A banner above every page while somebody calls; it stays until one of the supervisors answers."""

    def __init__(self, opener: Any, window: Any) -> None:
        super().__init__()
        self._opener, self._window = opener, window
        self._calls: list[HelpCall] = []
        self.banner = Banner()
        self.banner.answered.connect(self.answer)
        room = QHBoxLayout(self)
        room.setContentsMargins(20, 0, 20, 8)
        room.addWidget(self.banner)
        self.hide()
        window.put_banner(self)

    def look(self) -> None:
        """Read who calls; a new call sounds once. Own calls are not shown: nobody calls themselves."""
        ctx = self._opener.ctx
        if not ctx.may(Right.SALE_VOID):
            return
        try:
            calls = [call for call in packing.find_calls(ctx) if call.by_id != ctx.user.id]
        except CrmError:
            return  # the banner speaks of the cable already
        if {call.id for call in calls} - {call.id for call in self._calls}:
            sounds.play(ctx.settings, Tone.RING)
        self._calls = calls
        self._show()

    def answer(self) -> None:
        """Say that I come: the call goes out on every window and the slip opens here."""
        if not self._calls:
            return
        call = self._calls[0]
        try:
            packing.answer_call(self._opener.ctx, call.packing_id)
        except CrmError as error:
            errors.show_error(self._window, error)
            return
        self._calls = self._calls[1:]
        self._show()
        self._window.show_page("packing", id=call.packing_id)

    def _show(self) -> None:
        if not self._calls:
            self.banner.tell("")
            self.hide()
            return
        call = self._calls[0]
        at = format_time(self._opener.ctx.clock.local(call.at))
        words = _("{name} at {station} asks you to come: slip {number}, {customer}, {time}")
        text = words.format(
            name=call.by, station=call.station, number=call.number, customer=call.customer, time=at
        )  # fmt: skip
        self.banner.tell(text, "warning", _("I am coming"), closable=False)
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)
