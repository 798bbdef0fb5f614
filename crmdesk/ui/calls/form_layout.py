"""What the call form is built of: the widgets, where they stand, and their words."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.rules.calls import URGENCIES
from crmdesk.services.calls import TOPICS
from crmdesk.services.context import Context
from crmdesk.ui.calls import words
from crmdesk.ui.calls.matters_strip import MattersStrip
from crmdesk.ui.calls.pieces import CallerEdit, DirectionSwitch, MatterEdit, RingPicker, SheetTabs
from crmdesk.ui.calls.steps import EscalateStrip, MoreStrip, ReadBackStrip, TransferStrip
from crmdesk.ui.widgets import (
    Button,
    Card,
    Chip,
    Choice,
    ClauseTag,
    FormGrid,
    Label,
    MatchList,
    MomentEdit,
    Pill,
    Rule,
    Segments,
    TextEdit,
    Tick,
    column,
    row,
)  # fmt: skip

NEXT_DESKS = (
    ("complaints", N_("Complaint"), "Alt+1"),
    ("repairs", N_("Repair"), "Alt+2"),
    ("reception", N_("Visit"), "Alt+3"),
    ("transfer", N_("Transfer"), "Alt+4"),
    ("escalate", N_("Ask"), "Alt+5"),
)
BESIDE = (
    ("matters", N_("Matters"), N_("Matters of the call"), "Alt+6"),
    ("more", N_("More"), N_("Outcome, channel, opinion"), "Alt+7"),
    ("reference", N_("Phrases"), N_("Terms and phrases"), "Alt+8"),
)


class CallFormLayout(Card):
    """The widgets of the left card; what they do is ``CallFormView``."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 14, 20, 14), spacing=12, parent=parent)
        self.ctx = ctx
        self._build_head()
        self._build_number()
        self._build_fields()
        self._build_foot()
        self.rings.set_late_from(int(ctx.policy.number("CALL-01", "apologise_rings")))

    def _build_head(self) -> None:
        self.tabs = SheetTabs()
        self.direction = DirectionSwitch()
        self.time_label = Label("", "body", "muted")
        self.rings = RingPicker()
        self.rings_label = Label("", "body", "muted")
        self.apology = Chip(N_("Apologised"))
        self.apology_clause = ClauseTag("CALL-01")
        self.state_pill = Pill("", "ok")
        self.list_button = Button("", icon="list-checks", kind="link", size="row", key="F6", bind=False)
        self.add(self.tabs)
        self.add(
            row(
                self.direction, self.time_label, 8, self.rings, self.rings_label, self.apology, self.apology_clause,
                None, self.state_pill, self.list_button, spacing=8,
            )
        )  # fmt: skip

    def _build_number(self) -> None:
        self.number_label = Label("", "label", "muted")
        self.number_edit = CallerEdit()
        self.number_label.setBuddy(self.number_edit)
        self.number_error = Label("", "label", "danger", wrap=True)
        self.number_error.hide()
        self.add(column(self.number_label, self.number_edit, self.number_error, spacing=4))
        self.match_frame = Card(margins=1, spacing=0)
        self.match_list = MatchList(visible_rows=3)
        self.new_button = Button("", icon="plus", kind="link", size="row", key="Ctrl+N", bind=False)
        self.attach_button = Button("", icon="user-plus", kind="link", size="row", key="F4", bind=False)
        foot = row(self.new_button, self.attach_button, None, spacing=20)
        foot.setContentsMargins(8, 3, 8, 3)
        self.match_frame.add(self.match_list, Rule(), foot)
        self.match_frame.hide()
        self.add(self.match_frame)

    def _build_fields(self) -> None:
        self.who = FormGrid(columns=8)
        self.who.add("name", N_("Name"), TextEdit(max_length=80), span=3)
        self.who.add("region", N_("From"), TextEdit(max_length=40), span=2)
        self.who.add("reason", N_("Reason"), Choice(list(TOPICS.items()), editable=True), span=3)
        self.add(self.who)
        self.what = FormGrid(columns=1)
        self.what.add("matter", N_("Matter"), MatterEdit(lines=2, max_length=4000), grow=True)
        self.where = FormGrid(columns=1)
        self.where.add("address", N_("Contact address"), TextEdit(max_length=200))
        self.hung_up = Tick(N_("Caller hung up first (CALL-08)"))
        side = QWidget()
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(self.where)
        beside.addWidget(self.hung_up)
        self.beside_buttons = {
            key: Button("", key=cap, kind="link", size="row", bind=False) for key, _word, _about, cap in BESIDE
        }
        beside.addLayout(row(*self.beside_buttons.values(), None, spacing=2))
        beside.addStretch(1)
        side.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        middle = row(spacing=12)
        middle.addWidget(self.what, 5)
        middle.addWidget(side, 3)
        self.body.addLayout(middle, 1)
        self.when = FormGrid(columns=2)
        self.when.add("urgency", N_("Urgency"), Segments(list(URGENCIES.items()), value="normal"))
        moment = MomentEdit(self.ctx.clock.today, hour=10)
        moment.setMinimumWidth(186)
        self.when.add("callback_at", N_("Call back"), moment, clause="CALL-11")
        self.quick = [Button("", kind="link", size="row") for _place in range(3)]
        line = row(spacing=6)
        line.addWidget(self.when)
        for button in self.quick:
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self.add(line)

    def _build_foot(self) -> None:
        self.read_back = ReadBackStrip()
        self.transfer = TransferStrip()
        self.escalate = EscalateStrip()
        self.matters, self.more = MattersStrip(), MoreStrip()
        self.strips: dict[str, TransferStrip | EscalateStrip | MoreStrip | MattersStrip] = {
            "transfer": self.transfer, "escalate": self.escalate, "more": self.more, "matters": self.matters,
        }  # fmt: skip
        self.add(self.read_back, *self.strips.values())
        self.add(Rule())
        self.complete_button = Button("", kind="primary", key="Ctrl+Return", bind=False)
        self.step_buttons = {key: Button("", key=cap, bind=False) for key, _word, cap in NEXT_DESKS}
        line = row(self.complete_button, spacing=4)
        line.addSpacing(2)
        for button in self.step_buttons.values():
            line.addWidget(button)
        line.addStretch(1)
        self.add(line)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.number_label.setText(_("Phone number"))
        self.number_edit.setAccessibleName(_("Phone number"))
        self.rings.setAccessibleName(_("Rings"))
        self.rings.setToolTip(_("How often it rang: click, arrows or a digit"))
        self.match_list.take_word = _("Pick")
        self.new_button.setText(_("New customer"))
        self.attach_button.setText(_("Add to a known customer"))
        self.complete_button.setText(_("Done"))
        self.step_buttons["escalate"].setToolTip(_("Ask the superior (CALL-10)"))
        self.list_button.setToolTip(_("Call list"))
        self.list_button.setAccessibleName(_("Call list"))
        for key, word, _cap in NEXT_DESKS:
            self.step_buttons[key].setText(_(word))
        friday = self._friday()
        for button, text in zip(self.quick, (_("Today"), _("Tomorrow"), words.weekday_name(friday)), strict=True):
            button.setText(text)
        for key, word, about, _cap in BESIDE:
            self.beside_buttons[key].setText(_(word))
            self.beside_buttons[key].setToolTip(_(about))
            self.beside_buttons[key].setAccessibleName(_(about))
        self.read_back.retranslate()
        for strip in self.strips.values():
            strip.retranslate()

    # the strips in the place of the read-back -----------------------------------------------------------------------

    def open_strip(self, name: str) -> None:
        """Show the fields a step asks for in place of the read-back."""
        for key, strip in self.strips.items():
            strip.setVisible(key == name)
        self.read_back.hide()
        if name == "matters":
            self.matters.show_own(str(self.what.field("matter").value()))
            self.matters.focus_first()
        else:
            self.strips[name].grid.focus_first()  # type: ignore[union-attr]  # all others have one

    def open_strip_name(self) -> str:
        """Return which strip is open, '' for none."""
        return next((key for key, strip in self.strips.items() if not strip.isHidden()), "")

    def close_strips(self) -> None:
        """Go back to reading back."""
        inside = any(strip.isAncestorOf(QApplication.focusWidget() or self) for strip in self.strips.values())
        for strip in self.strips.values():
            strip.hide()
        self.read_back.show()
        if inside:
            self.what.focus_first("matter")

    def _friday(self) -> date:
        today = self.ctx.clock.today()
        return today + timedelta(days=(4 - today.weekday()) % 7 or 7)
