"""The time line of a customer over all desks, with what narrows it: the desk, the days, words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.services.days import day_bounds
from crmdesk.services.records import StoryLine, TimelineFilter, find_timeline
from crmdesk.ui import errors
from crmdesk.ui.widgets import Choice, DayEdit, Entry, Label, Scroll, SearchBox, Timeline, row

SIGNS = {
    "call": ("phone", "accent"),
    "visit": ("door-open", "info"),
    "sale": ("shopping-bag", "neutral"),
    "packing": ("package-check", "neutral"),
    "repair": ("wrench", "ok"),
    "complaint": ("message-square-warning", "danger"),
    "customer": ("user", "neutral"),
    "follow": ("pencil", "accent"),
    "care": ("star", "ok"),
    "deposit": ("wallet", "neutral"),
    "letter": ("mail", "info"),
}
DESKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("", N_("All desks"), ()),
    ("calls", N_("Calls"), ("call", "matter", "missed_call", "letter")),
    ("reception", N_("Reception"), ("visit",)),
    ("sales", N_("Sales"), ("sale", "packing")),
    ("repairs", N_("Repairs"), ("repair",)),
    ("complaints", N_("Complaints"), ("complaint",)),
    ("care", N_("Write-ups and care"), ("follow", "care", "deposit")),
    ("customer", N_("Card"), ("customer",)),
)
#: Records with a page of their own; the rest is on the card itself.
OPENED = ("call", "visit", "sale", "packing", "repair", "complaint")
LIMIT = 200


def entry_of(ctx: Context, line: StoryLine) -> Entry:
    """Return a line of the story as the time line paints it."""
    icon, tone = SIGNS.get(line.kind, ("circle-dot", "neutral"))
    day = format_day_short(ctx.clock.local(line.at).date())
    record = (line.kind, line.record_id) if line.kind in OPENED else None
    return Entry(day, icon, line.title, line.note, line.by, tone, record)


class TimelineTab(QWidget):
    """``show_card`` reads the newest lines; the filter stays while one goes from customer to customer."""

    record_asked = Signal(str, int)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self._id = 0
        self.desk_choice = Choice([(key, title) for key, title, _kinds in DESKS])
        self.desk_choice.set_value("")
        self.desk_choice.setMinimumWidth(128)
        self.search_box = SearchBox(placeholder=N_("Words"), popup=False)
        self.from_edit = DayEdit(ctx.clock.today, placeholder=N_("from"))
        self.until_edit = DayEdit(ctx.clock.today, placeholder=N_("until"))
        self.timeline = Timeline()
        self.more = Label("", "label", "muted", wrap=True)
        view = QVBoxLayout(self)
        view.setContentsMargins(0, 6, 0, 0)
        view.setSpacing(6)
        first, second = row(spacing=6), row(spacing=6)
        first.addWidget(self.desk_choice)
        first.addWidget(self.search_box, 1)
        second.addWidget(self.from_edit, 1)
        second.addWidget(self.until_edit, 1)
        view.addLayout(first)
        view.addLayout(second)
        view.addWidget(Scroll(self.timeline), 1)
        view.addWidget(self.more)
        self.desk_choice.value_changed.connect(self.load)
        self.search_box.searched.connect(self.load)
        self.from_edit.editingFinished.connect(self.load)
        self.until_edit.editingFinished.connect(self.load)
        self.timeline.opened.connect(self._opened)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.desk_choice.setAccessibleName(_("Desk"))
        self.search_box.setAccessibleName(_("Search the time line"))
        self.from_edit.setAccessibleName(_("from"))
        self.until_edit.setAccessibleName(_("until"))
        if self._id:
            self.load()

    def show_card(self, card: CustomerCard) -> None:
        """Show what happened with this customer."""
        self._id = card.id
        self.load()

    def wanted(self) -> TimelineFilter:
        """Return what the filter says; a day that can't be read narrows nothing."""
        kinds = next(kinds for key, _title, kinds in DESKS if key == self.desk_choice.value())
        since = None if self.from_edit.problem() else self.from_edit.value()
        until = None if self.until_edit.problem() else self.until_edit.value()
        return TimelineFilter(
            kinds,
            day_bounds(self.ctx.clock, since)[0] if since else None,  # type: ignore[arg-type]  # a day
            day_bounds(self.ctx.clock, until)[1] if until else None,  # type: ignore[arg-type]  # a day
            str(self.search_box.value()),
        )

    def load(self, *_ignored: object) -> None:
        """Read the lines again."""
        if not self._id:
            return
        try:
            lines = find_timeline(self.ctx, self._id, self.wanted(), limit=LIMIT)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.timeline.set_entries([entry_of(self.ctx, line) for line in lines])
        full = len(lines) == LIMIT
        words = _("The newest {count}; narrow it to see older ones.").format(count=LIMIT) if full else ""
        self.more.setText(words or ("" if lines else _("Nothing found.")))
        self.more.setVisible(full or not lines)

    def _opened(self, entry: Entry) -> None:
        if entry.record is not None:
            self.record_asked.emit(*entry.record)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "more"):
            self.retranslate()
        super().changeEvent(event)
