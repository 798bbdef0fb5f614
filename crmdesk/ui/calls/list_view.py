"""The list of calls (電話記錄本): today first, call-backs by urgency, what waits for the superior."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext, pgettext
from crmdesk.rules.calls import URGENCIES
from crmdesk.services import calls
from crmdesk.services.calls import FILTERS, CallCard, CallRow
from crmdesk.services.context import Context
from crmdesk.ui import errors
from crmdesk.ui.calls import words
from crmdesk.ui.calls.pieces import MatterEdit, bind_keys
from crmdesk.ui.files.button import FilesButton
from crmdesk.ui.widgets import (
    Button,
    Card,
    ClauseTag,
    Column,
    ElideLabel,
    FormGrid,
    Label,
    ListSpec,
    ListView,
    MomentEdit,
    Pill,
    Rule,
    Scroll,
    TextEdit,
    Timeline,
    row,
)  # fmt: skip

_URGENCY_TONES = {"urgent": "danger", "high": "warning", "normal": "neutral", "low": "neutral"}
_STATE_TONES = {
    "draft": "warning", "read_back": "warning", "done": "ok", "transferred": "info", "escalated": "danger",
    "instructed": "warning",
}  # fmt: skip
COLUMNS = (
    Column("icon", "", 34, kind="icon", tone="icon_tone", sortable=False),
    Column("time", N_("Time"), 58, plain="at", most=110),
    Column("caller", N_("Caller"), 140, bold=True, second="phone"),
    Column("matter", N_("Matter"), stretch=True, second="reason"),
    Column("callback", N_("Call back"), 94, tone="callback_tone", plain="callback_at"),
    Column("urgency", N_("Urgency"), 84, kind="pill", tone="urgency_tone"),
    Column("state", N_("State"), 130, kind="pill", tone="state_tone"),
)


class _Line(NamedTuple):
    id: int
    icon: str
    icon_tone: str
    time: str
    caller: str
    phone: str
    matter: str
    reason: str
    callback: str
    callback_tone: str
    urgency: str
    urgency_tone: str
    state: str
    state_tone: str
    at: datetime
    callback_at: datetime | str | None


def call_line(ctx: Context, call: CallRow) -> _Line:
    """Return a call as a row of the lists of the phone desk."""
    late = call.callback_open and call.callback_at is not None and call.callback_at < ctx.clock.now()
    callback = words.moment(ctx, call.callback_at) if call.callback_open else ""
    if call.callback_at is not None and not call.callback_open:
        callback = _("made")
    made_tone = "" if call.callback_open else "muted"
    return _Line(
        call.id, "phone-incoming" if call.direction == "in" else "phone-outgoing", "muted",
        words.moment(ctx, call.started_at), call.caller, call.phone, call.matter.replace("\n", " "), call.reason,
        callback, "danger" if late else made_tone, _(URGENCIES.get(call.urgency, "")),
        _URGENCY_TONES.get(call.urgency, "neutral"), call.state_title, _STATE_TONES.get(call.state, "neutral"),
        ctx.clock.local(call.started_at),
        ctx.clock.local(call.callback_at) if call.callback_open and call.callback_at else callback,
    )  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} call", "{count} calls", count).format(count=count)


LIST = ListSpec(
    name="calls", title=N_("Calls"), columns=COLUMNS, filters=FILTERS, which=N_("Which calls"), first="today",
    find=calls.find_calls, line=call_line, count=_count, placeholder=N_("Name, number, matter"),
    empty=N_("No calls here. The next one opens with F2."), first_step=N_("New call"), new=N_("New call"),
    new_key="F2", new_icon="phone-incoming", widens_to="all", folded=True,
)  # fmt: skip


class CallListView(QWidget):
    """The table at the left, the chosen call with its next step at the right."""

    opened = Signal(int)
    new_asked = Signal(str)  # in, out
    changed = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.shown: CallCard | None = None
        self._build_table()
        self._build_side()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.listing, 1)
        line.addWidget(self.side)
        self.retranslate()
        self._show(None)

    def _build_table(self) -> None:
        self.out_button = Button("", icon="phone-outgoing")
        self.listing = ListView(self.ctx, LIST, self.out_button)
        self.table, self.filter, self.search_box = self.listing.table, self.listing.filter, self.listing.search_box
        self.listing.chosen.connect(self._chosen)
        self.listing.opened.connect(self.opened)
        self.listing.new_asked.connect(self._new)
        self.out_button.clicked.connect(self._new_out)

    def _build_side(self) -> None:
        self.side = Card(spacing=10)
        self.side.setFixedWidth(312)
        self.caller_label = ElideLabel("", "page")
        self.state_pill = Pill("")
        self.facts_label = Label("", "body", "muted", wrap=True)
        self.matter_label = Label("", wrap=True)
        self.callback_label = Label("", "strong")
        self.callback_clause = ClauseTag("CALL-11")
        self.side.add(row(self.caller_label, self.state_pill), self.facts_label, self.matter_label, Rule())
        self.side.add(row(self.callback_label, None, self.callback_clause))
        self.callback_grid = FormGrid(columns=1)
        self.callback_grid.add("result", N_("What came of the call-back"), TextEdit(max_length=200))
        self.callback_grid.add("next_at", N_("Not reached: try again"), MomentEdit(self.ctx.clock.today, hour=10))
        self.called_button = Button("", key="Alt+1", kind="primary", bind=False)
        self.side.add(self.callback_grid, self.called_button)
        self.instruct_grid = FormGrid(columns=1)
        self.instruct_grid.add("instruction", N_("Instruction"), MatterEdit(lines=3, max_length=4000), clause="CALL-10")
        self.instruct_button = Button("", key="Alt+2", kind="primary", bind=False)
        self.instruction_label = Label("", "body", "accent", wrap=True)
        self.handled_button = Button("", key="Alt+3", kind="primary", bind=False)
        self.side.add(self.instruct_grid, self.instruct_button, self.instruction_label, self.handled_button)
        self.timeline = Timeline()
        self.side.body.addWidget(Scroll(self.timeline, least=60), 1)
        self.open_button = Button("", key="Enter")
        self.files_button = FilesButton(self.ctx)
        self.side.add(row(self.open_button, None, self.files_button))
        self.called_button.clicked.connect(self._called_back)
        self.instruct_button.clicked.connect(self._instruct)
        self.handled_button.clicked.connect(self._handled)
        self.open_button.clicked.connect(self._open_shown)
        bind_keys(self, (self.called_button, self.instruct_button, self.handled_button))

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.out_button.setText(_("Call out"))
        self.called_button.setText(pgettext("a call returned", "Called back"))
        self.instruct_button.setText(_("Give the instruction"))
        self.handled_button.setText(_("Handled"))
        self.open_button.setText(_("Open"))
        self._show(self.shown)

    # rows -------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list again; the chosen call stays chosen."""
        before = self.shown
        self.listing.refresh()
        if self.shown is before:  # the choice stayed: what it says may have changed
            self._chosen(self.table.current())

    def _chosen(self, line: Any) -> None:
        try:
            self._show(calls.get_call(self.ctx, line.id) if line is not None else None)
        except CrmError as error:
            errors.show_error(self, error)

    def _open_shown(self) -> None:
        if self.shown is not None:
            self.opened.emit(self.shown.id)

    def _new(self) -> None:
        self.new_asked.emit("in")

    def _new_out(self) -> None:
        self.new_asked.emit("out")

    # the chosen call --------------------------------------------------------------------------------------------

    def _show(self, card: CallCard | None) -> None:
        same = card is not None and self.shown is not None and card.id == self.shown.id
        self.shown = card
        waits = card is not None and card.form.callback_at is not None and card.callback_done_at is None
        state = card.state if card else ""
        has_callback = card is not None and card.form.callback_at is not None
        self.callback_label.setVisible(has_callback)
        self.callback_clause.setVisible(has_callback)
        self.callback_grid.setVisible(waits)
        self.called_button.setVisible(waits)
        self.instruct_grid.setVisible(state == "escalated")
        self.instruct_button.setVisible(state == "escalated")
        self.handled_button.setVisible(state in ("instructed", "transferred"))
        self.open_button.setVisible(card is not None)
        self.files_button.show_record("call", card.id if card else None)
        if card is None:
            self.caller_label.setText(_("No call chosen"))
            self.state_pill.set("")
            for label in (self.facts_label, self.matter_label, self.instruction_label):
                label.setText("")
            self.instruction_label.hide()
            self.timeline.set_entries([])
            return
        form = card.form
        self.caller_label.setText(card.customer_name or form.name or form.phone or card.number)
        self.state_pill.set(card.state_title, _STATE_TONES.get(card.state, "neutral"))
        self.facts_label.setText(words.joined(card.number, form.phone, form.region, card.answered_by))
        self.matter_label.setText(form.matter)
        self._show_callback(card)
        given = _("Instruction: {text}").format(text=card.instruction) if card.instruction else ""
        if not given and state == "escalated":
            given = _("{name} decides.").format(name=card.escalated_to)
        if form.transferred_to:
            given = _("Transferred to {name}.").format(name=form.transferred_to)
        self.instruction_label.setText(given)
        self.instruction_label.setVisible(bool(given))
        if not same:
            self.callback_grid.load({"result": "", "next_at": None})
            self.instruct_grid.load({"instruction": ""})
        self.timeline.set_entries(words.entries(self.ctx, card.story))

    def _show_callback(self, card: CallCard) -> None:
        late = card.form.callback_at is not None and card.form.callback_at < self.ctx.clock.now()
        if card.callback_done_at is not None:
            text = _("Called back {time}").format(time=words.moment(self.ctx, card.callback_done_at))
            self.callback_label.setText(f"{text}: {card.callback_result}" if card.callback_result else text)
            self.callback_label.set_colour("ok")
        else:
            text = _("Call back by {time}").format(time=words.moment(self.ctx, card.form.callback_at))
            self.callback_label.setText(text)
            self.callback_label.set_colour("danger" if late else "text")

    def _called_back(self) -> None:
        if self.shown is None or self.called_button.isHidden() or not self.callback_grid.check():
            return
        values, card = self.callback_grid.values(), self.shown
        local = values["next_at"]
        next_at = local.replace(tzinfo=self.ctx.clock.zone) if local else None
        try:
            calls.mark_called_back(self.ctx, card.id, version=card.version, result=values["result"], next_at=next_at)
        except CrmError as error:
            errors.show_error(self, error, self.callback_grid)
            return
        self._done()

    def _instruct(self) -> None:
        if self.shown is None or self.instruct_button.isHidden():
            return
        text = str(self.instruct_grid.field("instruction").value())
        try:
            calls.instruct_call(self.ctx, self.shown.id, version=self.shown.version, instruction=text)
        except CrmError as error:
            errors.show_error(self, error, self.instruct_grid)
            return
        self._done()

    def _handled(self) -> None:
        if self.shown is None or self.handled_button.isHidden():
            return
        try:
            calls.mark_handled(self.ctx, self.shown.id, version=self.shown.version)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._done()

    def _done(self) -> None:
        self.callback_grid.load({"result": "", "next_at": None})
        self.instruct_grid.load({"instruction": ""})
        self.refresh()
        self.changed.emit()
