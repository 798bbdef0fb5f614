"""Calls nobody answered: called back with one key, or settled with a reason; what the regulation proposes (CALL-15)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import Signal

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.money import format_number
from crmdesk.rules.rights import Right
from crmdesk.services import missed_calls, phone_duty
from crmdesk.services.context import Context
from crmdesk.services.missed_calls import MissedRow
from crmdesk.services.staff import find_staff
from crmdesk.ui import dialogs, errors
from crmdesk.ui.calls import words
from crmdesk.ui.calls.pieces import bind_keys
from crmdesk.ui.calls.side_view import SideView
from crmdesk.ui.widgets import Button, Column, FormGrid, Label, ListSpec, TextEdit

COLUMNS = (
    Column("at", N_("Time"), 94, plain="moment"),
    Column("name", N_("Caller"), 150, bold=True, second="phone"),
    Column("holder", N_("Had the phone"), 120, second="line"),
    Column("note", N_("What became of it"), stretch=True),
    Column("state", N_("State"), 120, kind="pill", tone="state_tone"),
)


_SERVICE = 0  # no colleague's id: the phone of the office


class _Line(NamedTuple):
    id: int
    at: str
    name: str
    phone: str
    holder: str
    line: str
    note: str
    state: str
    state_tone: str
    row: MissedRow
    moment: datetime


def _line(ctx: Context, missed: MissedRow) -> _Line:
    is_open = missed.settled_at is None
    note = missed.reason or (_("called back: {number}").format(number=missed.returned_by) if missed.returned_by else "")
    return _Line(
        missed.id, words.moment(ctx, missed.at), missed.name or _("Unknown"), missed.phone, missed.holder, missed.line,
        note, _("To call back") if is_open else _("Taken care of"), "danger" if is_open else "ok", missed,
        ctx.clock.local(missed.at),
    )  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} missed call", "{count} missed calls", count).format(count=count)


LIST = ListSpec(
    name="missed", title=N_("Missed calls"), columns=COLUMNS, filters=missed_calls.FILTERS,
    which=N_("Which missed calls"), first="open", find=missed_calls.find_missed, line=_line, count=_count,
    placeholder=N_("Name, number"), empty=N_("No missed calls here."), first_step=N_("Write a missed call down"),
    new=N_("Write down"), new_key="Alt+3", new_icon="phone-missed", widens_to="all", folded=True,
)  # fmt: skip


class MissedView(SideView):
    """Who called in vain, whose duty the phone was, and the way back to the caller."""

    shown: MissedRow | None
    call_asked = Signal(str, object)  # number, customer id or None

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx, LIST)
        self.listing.new_asked.connect(self._write_down)

    def build_side(self) -> None:
        """Add calling back and settling."""
        self.call_button = Button("", key="Alt+1", kind="primary", icon="phone-outgoing", bind=False)
        self.reason_grid = FormGrid(columns=1)
        self.reason_grid.add("reason", N_("Why nobody has to call back"), TextEdit(max_length=200))
        self.settle_button = Button("", key="Alt+2", bind=False)
        self.month_label = Label("", "body", "muted", wrap=True)
        self.side.add(self.call_button, self.reason_grid, self.settle_button, self.month_label)
        self.call_button.clicked.connect(self._call_back)
        self.settle_button.clicked.connect(self._settle)
        bind_keys(self, (self.call_button, self.settle_button))

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.call_button.setText(_("Call back"))
        self.settle_button.setText(_("Nobody has to call back"))
        self.show_record(self.shown)

    def read(self, line: _Line) -> MissedRow:
        """Return the missed call of a row."""
        return line.row

    def open_row(self, row_id: int) -> None:
        """Call back (Enter)."""
        self._call_back()

    def show_record(self, record: MissedRow | None) -> None:
        """Show a missed call, None for no choice."""
        if record is None or self.shown is None or record.id != self.shown.id:
            self.reason_grid.load({"reason": ""})  # what was typed was about another caller
        self.shown = record
        is_open = record is not None and record.settled_at is None
        for widget in (self.call_button, self.reason_grid, self.settle_button):
            widget.setVisible(is_open)
        if record is None:
            self.name_label.setText(_("No missed call chosen"))
            self.pill.set("")
            for label in (self.facts_label, self.text_label, self.note_label):
                label.setText("")
            return
        self.name_label.setText(record.name or record.phone)
        self.pill.set(_("In service hours") if record.in_hours else "", "warning")
        self.facts_label.setText(words.joined(record.phone, words.moment(self.ctx, record.at), record.line))
        counted = phone_duty.hours_by(self.ctx, record.clause)
        hours = phone_duty.in_words(counted)
        holder = _("The phone was with {name}.").format(name=record.holder) if record.holder else ""
        span = _("Service hours: {hours}.").format(hours=hours) if hours else ""
        self.text_label.setText("\n".join(filter(None, (holder, span))))
        self.note_label.setText(self._proposal(record))

    def refresh(self) -> None:
        """Read the list and, for who decides, what the month proposes."""
        super().refresh()
        self._show_month()

    def _show_month(self) -> None:
        self.month_label.hide()
        if not self.ctx.may(Right.POLICY):
            return
        try:
            found = missed_calls.find_proposals(self.ctx, self.ctx.clock.today())
        except CrmError as error:
            errors.show_error(self, error)
            return
        each = [
            ngettext("{name}: {count} call, {amount}", "{name}: {count} calls, {amount}", line.calls).format(
                name=line.holder, count=line.calls, amount=format_number(line.amount)
            )
            for line in found
        ]
        title = _("Proposed this month, nothing is taken by the program:")
        self.month_label.setText("\n".join([title, *each]))
        self.month_label.setVisible(bool(found))

    def _proposal(self, record: MissedRow) -> str:
        if not record.proposed or record.reason:
            return ""
        said = _("The regulation proposes {amount} of the duty holder ({clause}). The manager decides.")
        return said.format(amount=format_number(record.proposed), clause=record.clause or "CALL-15")

    def _call_back(self) -> None:
        if self.shown is not None and self.shown.settled_at is None:
            self.call_asked.emit(self.shown.phone, self.shown.customer_id)

    def _settle(self) -> None:
        if self.shown is not None and not self.settle_button.isHidden():
            self.take(self._settle_step, self.reason_grid)

    def _settle_step(self) -> object:
        assert self.shown is not None
        reason = str(self.reason_grid.field("reason").value())
        return missed_calls.settle_missed(self.ctx, self.shown.id, version=self.shown.version, reason=reason)

    def _write_down(self) -> None:
        number = dialogs.get_text(self, _("Which number called in vain?"))
        if not number:
            return
        self._number, self._whose = number, None
        if phone_duty.staff_phones_count(self.ctx):  # a colleague's own phone has hours of its own
            people = [(person.id, person.name) for person in find_staff(self.ctx)]
            whose = dialogs.choose(self, _("Which phone rang?"), [(_SERVICE, _("The service phone")), *people])
            if whose is None:
                return
            self._whose = whose if whose != _SERVICE else None
        self.take(self._log_step)

    def _log_step(self) -> object:
        line = _("own phone") if self._whose is not None else ""
        return missed_calls.log_missed(self.ctx, self._number, staff_id=self._whose, line=line)
