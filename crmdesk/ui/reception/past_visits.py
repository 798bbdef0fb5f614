"""The list of visits, past ones too, and the sheet that shows one of them as it was."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules import visits as rules
from crmdesk.services import visits
from crmdesk.services.context import Context
from crmdesk.services.visits import VisitRow
from crmdesk.ui.reception import words
from crmdesk.ui.reception.sheet import Sheet
from crmdesk.ui.reception.visit_story import VisitStory
from crmdesk.ui.widgets import Button, Column, FactList, ListSpec, ListView, row

NEWEST = 2000
SHEET_WIDTH = 404
COLUMNS = (
    Column("came", N_("Came"), 130, kind="moment"),
    Column("name", N_("Guest"), 190, bold=True, second="company"),
    Column("purpose", N_("Purpose"), stretch=True),
    Column("clerk", N_("Received by"), 110),
    Column("stayed", N_("Stayed"), 90, kind="number"),
    Column("state", N_("State"), 120, kind="pill", tone="state_tone"),
    Column("number", N_("Number"), 120),
)


class Line(NamedTuple):
    """A visit as the list shows it, times local."""

    id: int
    came: Any
    name: str
    company: str
    purpose: str
    clerk: str
    stayed: str
    state: str
    state_tone: str
    number: str


def _line(ctx: Context, visit: VisitRow) -> Line:
    came = ctx.clock.local(visit.arrived_at) if visit.arrived_at is not None else None
    stayed = words.minutes_word(words.seconds_here(visit, ctx.clock.now()) // 60)
    tone = "neutral" if visit.state == "left" else "accent"
    return Line(
        visit.id, came, visit.name, visit.company, visit.purpose, visit.clerk, stayed,
        rules.MACHINE.label(visit.state), tone, visit.number,
    )  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} visit", "{count} visits", count).format(count=count)


LIST = ListSpec(
    name="visits", title=N_("Visits"), columns=COLUMNS, filters=visits.FILTERS, which=N_("Which visits"), first="today",
    find=visits.find_visits, line=_line, count=_count, placeholder=N_("Name, phone or number"),
    empty=N_("Nobody has come yet. The next guest is checked in with F3."), first_step=N_("Check in"),
    new=N_("Check in"), new_key="F3", limit=NEWEST, widens_to="all", folded=True,
)  # fmt: skip


class VisitSheet(Sheet):
    """One visit as it was: only to be read, with the way to its customer and its slip."""

    customer_asked = Signal(int)
    slip_asked = Signal(str)  # its number

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent=parent)
        self.clause_tag.hide()
        self.facts = FactList()
        self.story = VisitStory(ctx)
        self.content.addLayout(self.facts)
        self.content.addWidget(self.story)
        self.content.addStretch(1)
        self.customer_button = Button("", icon="user", key="C")
        self.slip_button = Button("", icon="shopping-bag")
        self.foot.addLayout(row(self.customer_button, self.slip_button, None))
        self.customer_button.clicked.connect(self._customer)
        self.slip_button.clicked.connect(self._slip)
        self.story.failed.connect(self.failed)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.closed)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        super().retranslate()
        self.customer_button.setText(_("Customer card"))
        self.slip_button.setText(_("Sales slip"))
        if self.visit is not None:
            self.show_visit(self.visit)

    def show_visit(self, visit: VisitRow) -> None:
        """Show a visit."""
        super().show_visit(visit)
        self.heading.setText(words.joined(visit.name, visit.number))
        self.facts.set_facts((name, text) for name, text in self._facts(visit) if text)
        self.story.show_visit(visit)
        self.customer_button.setVisible(visit.customer_id is not None)
        self.slip_button.setVisible(bool(visit.slip))

    def _facts(self, visit: VisitRow) -> list[tuple[str, str]]:
        local = self.ctx.clock.local
        came = local(visit.arrived_at) if visit.arrived_at is not None else None
        span = f"{came.date().isoformat()} {format_time(came)}" if came is not None else ""
        if came is not None and visit.left_at is not None:
            left = local(visit.left_at)
            day = "" if left.date() == came.date() else f"{format_day_short(left.date())} "
            span = f"{span} – {day}{format_time(left)}"
        greeted = ""
        if visit.greeted_at is not None and visit.arrived_at is not None:
            greeted = words.stopwatch(int((visit.greeted_at - visit.arrived_at).total_seconds()))
        done, points = words.send_off_done(self.ctx, visit)
        return [
            (_("Came and left"), span),
            (_("Purpose"), visit.purpose),
            (_("Received by"), visit.clerk),
            (_("Class"), words.class_word(visit.visitor_class)),
            (_("Guests"), str(visit.party_size)),
            (_("Greeted after"), greeted),
            (_("Water"), format_time(local(visit.water_at)) if visit.water_at is not None else ""),
            (_("Key"), f"{visit.locker_key:02d}" if visit.locker_key is not None else ""),
            (_("Sales slip"), words.joined(visit.slip, words.amount_word(self.ctx, visit)) if visit.slip else ""),
            (_("Send-off"), f"{done}/{points}" if visit.left_at is not None else ""),
            (_("Way home"), _(rules.TRANSPORT.get(visit.transport, visit.transport)) if visit.transport else ""),
            (_("Reason"), visit.leave_reason),
            (_("Note"), visit.note),
        ]

    def _customer(self) -> None:
        if self.visit is not None and self.visit.customer_id is not None:
            self.customer_asked.emit(self.visit.customer_id)

    def _slip(self) -> None:
        if self.visit is not None:
            self.slip_asked.emit(self.visit.slip)


class PastVisits(QWidget):
    """The list with the sheet of the visit opened beside it; ``here_asked`` names a guest who is in the house."""

    closed = Signal()
    check_in_asked = Signal()
    here_asked = Signal(object)
    failed = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.board_button = Button("", icon="arrow-left", key="F6")
        self.listing = ListView(ctx, LIST, self.board_button)
        self.sheet = VisitSheet(ctx)
        self.sheet.setFixedWidth(SHEET_WIDTH)
        self.sheet.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.listing, 1)
        line.addWidget(self.sheet)
        self.listing.opened.connect(self._opened)
        self.listing.chosen.connect(self._chosen)
        self.listing.new_asked.connect(self.check_in_asked)
        self.board_button.clicked.connect(self.closed)
        self.sheet.closed.connect(self.step_back)
        self.sheet.failed.connect(self.failed)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.board_button.setText(_("Board"))
        self.sheet.retranslate()

    def begin(self) -> None:
        """Show the list afresh."""
        self._show_sheet(False)
        self.refresh()
        self.listing.first_focus()

    def refresh(self) -> None:
        """Read the list again."""
        self.listing.refresh()

    def step_back(self) -> None:
        """Close the sheet, else the list (Esc)."""
        if self.sheet.isHidden():
            self.closed.emit()
        else:
            self._show_sheet(False)
            self.listing.first_focus()

    @property
    def visit(self) -> VisitRow | None:
        """The visit whose sheet is open."""
        return None if self.sheet.isHidden() else self.sheet.visit

    def _chosen(self, line: Line | None) -> None:
        """Let the open sheet follow the list."""
        if self.sheet.isHidden():
            return
        if line is None or line.state_tone != "neutral":
            self._show_sheet(False)
        else:
            self._opened(line.id)

    def _opened(self, visit_id: int) -> None:
        try:
            visit = visits.get_visit(self.ctx, visit_id)
        except CrmError as error:
            self.failed.emit(error)
            return
        if visit.state != "left":
            self.here_asked.emit(visit)
            return
        self.sheet.show_visit(visit)
        self._show_sheet(True)

    def _show_sheet(self, shown: bool) -> None:
        self.sheet.setVisible(shown)
        self.listing.table.set_columns_hidden(*(("clerk", "state", "number") if shown else ()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)
