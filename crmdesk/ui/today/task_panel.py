"""The chosen task: whose it is, why it is due then, what was said last, and what one can do with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.i18n import _, dotted
from crmdesk.rules.explain import explain
from crmdesk.services import today
from crmdesk.services.context import Context
from crmdesk.services.today import Task
from crmdesk.ui.customers.timeline_tab import SIGNS
from crmdesk.ui.today import words
from crmdesk.ui.widgets import (
    Button,
    Card,
    ClauseTag,
    ElideLabel,
    Entry,
    IconLabel,
    Label,
    Pill,
    Rule,
    Scroll,
    Timeline,
    row,
)
from crmdesk.ui.widgets.card import clear

MOST_LINES = 6
_ICONS = {
    "register": "phone-incoming", "note": "message-circle", "next_reply": "clock", "assign": "user-check",
    "investigate": "flask-conical", "propose": "send", "approve": "gavel", "tell": "phone-outgoing",
    "call_back": "phone-outgoing", "not_reached": "phone-missed", "hand_on": "user-plus", "alert": "siren",
    "pause": "pause", "resume": "play",
}  # fmt: skip


class TaskPanel(Card):
    """The card at the right of the board."""

    settle_asked = Signal()
    snooze_asked = Signal()
    hand_asked = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(margins=(18, 14, 18, 12), spacing=8, parent=parent)
        self.ctx = ctx
        self.task: Task | None = None
        self.icon = IconLabel("list-checks", "accent")
        self.title = Label("", "card", wrap=True)
        self.tone = Pill("", "danger")
        self.who = ElideLabel("", "body", "muted")
        self.why_title = Label("", "label_strong", "muted", wrap=True)
        self.clause = ClauseTag("")
        self.why = QWidget()
        self._why_rows = QVBoxLayout(self.why)
        self._why_rows.setContentsMargins(0, 0, 0, 0)
        self._why_rows.setSpacing(3)
        self.text = Label("", "body", "muted", wrap=True)
        self.said_title = Label("", "label_strong", "muted")
        self.said = Timeline()
        self.settle_button = Button("", key="Enter", kind="primary", size="side", bind=False)
        self.snooze_button = Button("", icon="alarm-clock", bind=False)
        self.hand_button = Button("", icon="user-plus", bind=False)
        head = row(self.icon, 4, self.title, self.tone)
        head.setStretch(2, 1)
        self.rules = (Rule(), Rule(), Rule())
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        why_head = row(self.why_title, self.clause)
        why_head.setStretch(0, 1)
        column.addLayout(why_head)
        for widget in (self.why, self.text, self.rules[1], self.said_title, self.said):
            column.addWidget(widget)
        column.addStretch(1)
        self.inside = Scroll(inside)
        buttons = row(self.snooze_button, self.hand_button)
        buttons.setStretch(0, 1)
        buttons.setStretch(1, 1)
        self.add(head, self.who, self.rules[0])
        self.body.addWidget(self.inside, 1)
        self.add(self.rules[2], self.settle_button, buttons)
        self.settle_button.clicked.connect(self.settle_asked)
        self.snooze_button.clicked.connect(self.snooze_asked)
        self.hand_button.clicked.connect(self.hand_asked)

    def show_task(self, task: Task | None) -> None:
        """Show a task; None shows that nothing waits."""
        self.task = task
        for widget in (self.inside, self.settle_button, self.snooze_button, self.hand_button, self.who, *self.rules):
            widget.setVisible(task is not None)
        if task is None:
            self.icon.set_icon("circle-check", "ok")
            self.title.setText(_("Nothing waits here."))
            self.tone.set("", "neutral")
            return
        self.icon.set_icon(task.icon, "danger" if task.group == "overdue" else "accent")
        self.title.setText(task.title)
        self._show_tone(task)
        who = (task.customer, _("looked after by {name}").format(name=task.owner) if task.owner else "")
        self.who.setText(dotted(*who))
        self.who.setVisible(any(who))
        self._show_why(task)
        self._show_said(task)
        self.settle_button.setText(task.action or _("Open"))
        self.snooze_button.setText(_("Wake up") if task.snoozed_until else _("Snooze…"))
        self.hand_button.setText(_("Pass on…"))
        self.hand_button.setVisible(bool(task.row_id))

    def _show_tone(self, task: Task) -> None:
        if task.snoozed_until is not None:
            self.tone.set(_("Snoozed"), "info")
        elif task.group == "overdue":
            self.tone.set(_("Overdue"), "danger")
        else:
            self.tone.set("", "neutral")

    def _show_why(self, task: Task) -> None:
        self.why_title.setText(words.why_title(self.ctx, task))
        known = bool(task.clause) and task.clause in self.ctx.policy
        self.clause.set_clause(task.clause if known else "")
        self.clause.setVisible(known)
        clear(self._why_rows)
        due = today.due_of(self.ctx, task)
        if task.snoozed_until is not None:
            self._line(_("Put off"), task.snooze_reason)
        if due is None:
            self._line("", _("Set for this time.") if task.row_id else "")
        else:
            told = explain(due)
            self._line("", told.rule)
            for line in told.lines[:MOST_LINES]:
                self._line(line.day_words, line.words, line.counted)
        self.text.setText(self.ctx.policy.text(task.clause) if known else "")
        self.text.setVisible(known)

    def _line(self, left: str, middle: str, right: str = "") -> None:
        if not (left or middle):
            return
        parts = QWidget()
        box = row(spacing=8)
        if left:
            day = Label(left, "label", "muted")
            day.setMinimumWidth(78)
            box.addWidget(day)
        box.addWidget(Label(middle, "body", wrap=True), 1)
        if right:
            box.addWidget(Label(right, "body"))
        parts.setLayout(box)
        self._why_rows.addWidget(parts)

    def _show_said(self, task: Task) -> None:
        lines = today.find_last_said(self.ctx, task)
        day = self.ctx.clock.today()
        entries = []
        for line in lines:
            local = self.ctx.clock.local(line.at)
            when = format_time(local) if local.date() == day else format_day_short(local.date())
            sign = _ICONS.get(line.action) if line.kind == task.kind else None  # of another desk: the desk's own
            entries.append(Entry(when, sign or SIGNS.get(line.kind, ("circle-dot", ""))[0], line.title, tone="neutral"))
        self.said.set_entries(entries)
        self.said_title.setText(_("Last said"))
        for widget in (self.said, self.said_title, self.rules[1]):
            widget.setVisible(bool(entries))

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.show_task(self.task)

    def set_ctx(self, ctx: Any) -> None:
        """Take the office as it is now."""
        self.ctx = ctx
