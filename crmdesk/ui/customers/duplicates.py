"""Cards that look like what is being typed, shown while it is typed: perhaps the customer is here already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QWidget

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.services.context import Context
from crmdesk.services.duplicates import Alike, find_alike
from crmdesk.ui import errors
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets import Button, ElideLabel, Label, Well, row

REST_MS = 180  # of the typing hand, before the cards are compared
KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3")  # Alt and a number chooses the form's sections


class Typed(NamedTuple):
    """What was typed of a customer so far; ``own_id`` is the card being changed."""

    name: str = ""
    company: str = ""
    phones: tuple[str, ...] = ()
    address: str = ""
    own_id: int | None = None


class AlikePanel(Well):
    """``AlikePanel(ctx, source)``: call ``touch`` when something is typed; the source says what.

    It shows itself when cards are alike; each has a key of its own: ``chosen(Alike)``.
    """

    chosen = Signal(object)  # Alike
    merge_asked = Signal(object)  # Alike, only for a card that is here already

    def __init__(
        self, ctx: Context, source: Callable[[], Typed], *, keys: Sequence[str] = KEYS, word: str = N_("Open"),
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(tone="warning", margins=(14, 8, 14, 8), vertical=True, parent=parent)
        self.ctx, self._source, self._word = ctx, source, word
        self.typed = Typed()
        self.found: list[Alike] = []
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(REST_MS)
        self.timer.timeout.connect(self.look)
        self.head = Label("", "strong")
        self.body.setSpacing(2)
        self.body.addLayout(row(IconLabel("users", "warning", 16), self.head, None, spacing=8))
        self.lines: list[tuple[QWidget, ElideLabel, Button, Button]] = []
        for key in keys:
            self._add_line(key)
        self.hide()
        self.retranslate()

    def _add_line(self, key: str) -> None:
        words = ElideLabel("", "body")
        choose = Button("", key=key, kind="link", size="row")
        merge = Button("", kind="link", size="row")
        choose.clicked.connect(self._chosen)
        merge.clicked.connect(self._merge)
        line = QWidget()
        holder = row(words, spacing=10)
        holder.setStretch(0, 1)
        holder.addWidget(merge)
        holder.addWidget(choose)
        holder.setContentsMargins(24, 0, 0, 0)
        line.setLayout(holder)
        self.body.addWidget(line)
        self.lines.append((line, words, choose, merge))

    def touch(self) -> None:
        """Something was typed: look after a short rest."""
        self.timer.start()

    def clear(self) -> None:
        """Forget what was found, and look no more."""
        self.timer.stop()
        self.typed, self.found = Typed(), []
        self._write()

    def look(self) -> None:
        """Compare now what is typed; the same is not compared twice."""
        self.timer.stop()
        typed = self._source()
        if typed == self.typed:
            return
        self.typed = typed
        try:
            self.found = find_alike(
                self.ctx, name=typed.name, company=typed.company, phones=typed.phones, address=typed.address,
                own_id=typed.own_id, limit=len(self.lines),
            )  # fmt: skip
        except CrmError as error:
            self.found = []
            errors.show_error(self, error)
        self._write()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self._write()

    def _write(self) -> None:
        self.head.setText(_("Perhaps here already"))
        for place, (line, words, choose, merge) in enumerate(self.lines):
            line.setVisible(place < len(self.found))
            if place >= len(self.found):
                continue
            one = self.found[place]
            last = format_day_short(self.ctx.clock.local(one.last_contact_at).date()) if one.last_contact_at else ""
            used = "" if one.active else _("not in use")
            words.setText(dotted(one.name, one.company, one.code, one.why, last, used))
            choose.setText(_(self._word))
            choose.setAccessibleName(f"{_(self._word)}: {one.name}")
            merge.setText(_("Merge"))
            merge.setAccessibleName(f"{_('Merge')}: {one.name}")
            merge.setVisible(self.typed.own_id is not None)
        self.setVisible(bool(self.found))

    def _line_of(self, button: object) -> Alike | None:
        place = next((i for i, line in enumerate(self.lines) if button in line[2:]), len(self.found))
        return self.found[place] if place < len(self.found) else None

    def _chosen(self) -> None:
        if (one := self._line_of(self.sender())) is not None:
            self.chosen.emit(one)

    def _merge(self) -> None:
        if (one := self._line_of(self.sender())) is not None:
            self.merge_asked.emit(one)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "lines"):
            self.retranslate()
        super().changeEvent(event)
