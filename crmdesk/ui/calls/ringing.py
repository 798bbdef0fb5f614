"""The telephone rings: who it is above every page, F2 to answer; several rings wait in line, none piles up windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import _, ngettext, pgettext
from crmdesk.core.rings import Waiting
from crmdesk.services.customer_forms import kind_title
from crmdesk.services.ringing import Caller, find_caller, written
from crmdesk.ui.calls import words
from crmdesk.ui.calls.ringing_words import called, saying
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets import Button, ElideLabel, Pill, Well, column, row
from crmdesk.ui.widgets.pill import KIND_TONES

_FACTS = 3  # said in the bar; the card beside the call has them all
_TALKED = ("call", "visit", "sale", "repair", "complaint", "follow")  # not what was typed about the customer
_WORDS = 30  # characters of the last contact


class RingBar(QWidget):
    """Shows the newest ring and how many wait behind it; made known to its window by ``put_banner``."""

    answered = Signal(object)  # Waiting
    put_off = Signal(object)  # Waiting

    def __init__(self, window: Any) -> None:
        super().__init__()
        self._window = window
        self.waiting: list[Waiting] = []
        self.box = Well(tone="accent")
        self.sign = IconLabel("phone-incoming", "accent", 20)
        self.name_label = ElideLabel("", "head")
        self.name_label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.kind_pill = Pill("", "accent")
        self.number_label = ElideLabel("", "strong")
        self.facts_label = ElideLabel("", "body")
        self.answer_button = Button("", key="F2", kind="primary", size="side", bind=False)
        self.later_button = Button("", key="Shift+F2", kind="quiet", size="side")
        for button in (self.answer_button, self.later_button):
            button.clicked.connect(self._pressed)
        said = column(row(self.name_label, self.kind_pill, self.number_label, spacing=8), self.facts_label, spacing=0)
        self.box.body.addWidget(self.sign)
        self.box.body.addLayout(said, 1)
        self.box.body.addWidget(self.later_button)
        self.box.body.addWidget(self.answer_button)
        room = QHBoxLayout(self)
        room.setContentsMargins(20, 0, 20, 8)
        room.addWidget(self.box)
        self.hide()
        window.put_banner(self)

    @property
    def front(self) -> Waiting | None:
        """The ring that F2 answers: the newest, for that telephone is ringing now."""
        return self.waiting[-1] if self.waiting else None

    def show_rings(self, waiting: Sequence[Waiting]) -> None:
        """Show these rings, the newest last; none hides the bar."""
        self.waiting = list(waiting)
        self._write()

    def answer(self) -> bool:
        """Answer the ring in front; False when nothing rings."""
        if self.front is None:
            return False
        self.answered.emit(self.front)
        return True

    def _pressed(self) -> None:
        if self.sender() is self.answer_button:
            self.answer()
        elif self.front is not None:
            self.put_off.emit(self.front)

    def _write(self) -> None:
        waiting = self.front
        if waiting is None:
            self.hide()
            return
        ctx = self._window.shell.ctx
        if waiting.caller is None:
            try:
                waiting.caller = find_caller(ctx, waiting.ring)
            except CrmError:  # out of reach: the number is shown, who it is is found when it is answered
                waiting.caller = None
        self._write_who(ctx, waiting)
        self.answer_button.setText(pgettext("telephone", "Answer"))
        self.later_button.setText(_("Not now"))
        self.setAccessibleName(" ".join((self.name_label.text(), self.number_label.text(), self.facts_label.text())))
        self.show()

    def _write_who(self, ctx: Any, waiting: Waiting) -> None:
        ring, caller = waiting.ring, waiting.caller
        number = written(ctx, ring.number) if ring.number else _("number withheld")
        since = format_time(ctx.clock.local(waiting.at))
        rung = ngettext("rang {count} time", "rang {count} times", waiting.times).format(count=waiting.times)
        more = len(self.waiting) - 1
        behind = ngettext("{count} more call waits", "{count} more calls wait", more).format(count=more) if more else ""
        self.number_label.setText(
            words.joined(number, ring.line, since, rung if waiting.times > 1 else "", behind)
        )
        self.kind_pill.set("")
        if caller is not None and caller.known is not None:
            card = caller.known.card
            self.name_label.setText(called(card))
            self.kind_pill.set(kind_title(card.kind, card.grade), KIND_TONES.get(card.kind, "neutral"))
            facts = [saying(ctx, fact).words for fact in caller.known.facts[:_FACTS]]
            avoid = _("Avoid: {words}").format(words=card.form.avoid) if card.form.avoid else ""
            served = _("served by {name}").format(name=card.owner_name) if card.owner_name else ""
            self.facts_label.setText(words.joined(card.company, *facts, avoid, served, _last(ctx, caller)))
            return
        people = caller.people if caller is not None else ()
        nobody = _("Several people have this number") if people else _("Nobody known yet")
        self.name_label.setText(ring.name or nobody)
        self.facts_label.setText(words.joined(*(person.name for person in people)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._write()
        super().changeEvent(event)


def _last(ctx: Any, caller: Caller) -> str:
    """Return when and about what there was contact last."""
    assert caller.known is not None
    line = next((line for line in caller.known.card.recent if line.kind in _TALKED), None)
    if line is None:
        return ""
    title = line.title if len(line.title) <= _WORDS else line.title[: _WORDS - 1] + "…"
    return _("last {day}: {words}").format(day=words.day_of(ctx, line.at), words=title)


def open_call(window: Any, waiting: Waiting) -> bool:
    """Open the sheet of a ring on the phone page: the one that is open for this number already, or a new one."""
    ring = waiting.ring
    if "calls" not in window.keys():  # noqa: SIM118  # a window, no dictionary
        return False
    page = window.page("calls")
    page.held.collect()
    same = next((s for s in page.held.sheets if ring.digits and _digits(s.form.phone) == ring.digits), None)
    if same is not None and not same.blank and same.state in ("draft", "read_back"):
        page.held.choose(same.key)
        return bool(window.show_page("calls"))
    if not window.show_page("calls", new=True, phone=ring.number):
        return False
    page.held.collect()
    form = page.sheet.form
    extra = {"line": ring.line} if ring.line and hasattr(form, "line") else {}
    if (ring.name and not form.name) or extra:
        page.sheet.form = replace(form, name=form.name or ring.name, **extra)
        page.held.turned.emit(page.sheet)
    return True


def _digits(number: str) -> str:
    return "".join(ch for ch in number if ch.isdigit())
