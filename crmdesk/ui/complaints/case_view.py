"""The case: one head card with the stages, what happened at the left, what to do now at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.text import shorten
from crmdesk.rules.complaints import CHANNELS
from crmdesk.services.complaints import KINDS, ComplaintCase, StageUse
from crmdesk.services.records import StoryLine
from crmdesk.ui.complaints import words
from crmdesk.ui.complaints.todo_card import TodoCard
from crmdesk.ui.widgets import (
    Button,
    Card,
    ClauseTag,
    ElideLabel,
    Entry,
    Label,
    Pill,
    Rule,
    Scroll,
    Stage,
    StageBar,
    TextEdit,
    Timeline,
    column,
    row,
)

_ICONS = {
    "register": ("phone-incoming", "neutral"), "alert": ("siren", "danger"), "note": ("message-circle", "neutral"),
    "next_reply": ("clock", "neutral"), "not_reached": ("phone-missed", "warning"), "assign": ("user-check", "neutral"),
    "investigate": ("flask-conical", "warning"), "propose": ("send", "accent"), "approve": ("gavel", "ok"),
    "send_back": ("undo-2", "warning"), "carry_out": ("check", "ok"), "tell": ("phone-outgoing", "accent"),
    "not_upheld": ("phone-outgoing", "neutral"), "call_back": ("phone-outgoing", "accent"),
    "close": ("circle-check", "ok"), "reopen": ("refresh-cw", "warning"),
}  # fmt: skip


class CaseView(QWidget):
    """Shows one complaint; the page acts on its signals."""

    note_asked = Signal(str)
    explain_asked = Signal()
    print_asked = Signal()
    customer_asked = Signal(int)

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.case: ComplaintCase | None = None
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        self.todo = TodoCard(ctx)
        body.addWidget(self._head())
        right = QWidget()
        lines = column(self.todo, self._facts_card(), spacing=12)
        lines.setStretch(0, 1)
        right.setLayout(lines)
        right.setFixedWidth(348)
        line = row(self._story_card(), right, spacing=12)
        line.setStretch(0, 1)
        body.addLayout(line, 1)
        self.note_edit.returnPressed.connect(self._note)
        self.note_button.clicked.connect(self._note)
        self.explain_button.clicked.connect(self.explain_asked)
        self.print_button.clicked.connect(self.print_asked)
        self.customer_button.clicked.connect(self._customer)

    def _head(self) -> Card:
        card = Card(spacing=4, margins=(20, 10, 20, 8))
        self.number_label = Label("", "row", "muted")
        self.severity_pill, self.valid_pill, self.kind_pill = Pill("", bold=True), Pill(""), Pill("")
        self.state_pill = Pill("", "info")
        self.reply_title = Label("", "label", "muted")
        self.title_label = ElideLabel("", "page")
        self.reply_label = Label("", "timer")
        self.who_label = ElideLabel("", "body", "muted")
        self.left_label = Label("", "label", "warning")
        self.course_label = Label("", "label_strong", "muted")
        self.course_note = ElideLabel("", "label", "muted")
        self.explain_button = Button("", kind="link", size="row")
        self.stages = StageBar()
        first = row(self.number_label, self.severity_pill, self.valid_pill, self.kind_pill, self.state_pill,
                    ClauseTag("CMP-16"), None, self.reply_title)  # fmt: skip
        second, third = row(self.title_label, 12, self.reply_label), row(self.who_label, 12, self.left_label)
        fourth = row(self.course_label, self.course_note, self.todo.missed_button, self.todo.time_button,
                     self.explain_button, ClauseTag("CMP-72"))  # fmt: skip
        for line, place in ((second, 0), (third, 0), (fourth, 1)):
            line.setStretch(place, 1)
        card.add(first, second, third, Rule(), fourth, self.stages)
        return card

    def _story_card(self) -> Card:
        card = Card(spacing=8)
        self.story_card = card
        self.note_edit = TextEdit(placeholder=N_("Add a line: what was said, what was done…"))
        self.note_button = Button("", key="↵")
        self.timeline = Timeline()
        line = row(self.note_edit, self.note_button)
        line.setStretch(0, 1)
        card.add(line, 4)
        card.body.addWidget(Scroll(self.timeline, least=80), 1)
        return card

    def _facts_card(self) -> Card:
        self.facts_card = Card(spacing=2, margins=(20, 8, 20, 10))
        self.print_button = Button("", kind="link", icon="printer", key="Ctrl+P", size="row")
        self.customer_button = Button("", kind="link", icon="user", size="row")
        self.facts_card.add_action(self.customer_button)
        self.facts_card.add_action(self.print_button)
        self.fact_labels: list[tuple[Label, ElideLabel]] = []
        for _place in range(4):
            name, value = Label("", "body", "muted"), ElideLabel("", align=Qt.AlignmentFlag.AlignRight)
            self.fact_labels.append((name, value))
            line = row(name, 12, value)
            line.setStretch(2, 1)
            self.facts_card.add(line)
        return self.facts_card

    # showing ----------------------------------------------------------------------------------------------------

    def show_case(self, case: ComplaintCase, *, keep: bool = False) -> None:
        """Show a case; ``keep`` leaves what is typed at the right."""
        self.case = case
        self.todo.show_case(case, keep=keep)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.reply_title.setText(_("Next reply"))
        self.course_label.setText(_("Course"))
        self.explain_button.setText(_("How it is due"))
        self.note_button.setText(_("Add"))
        self.note_edit.setAccessibleName(_("Note"))
        self.print_button.setText(_("Form"))
        self.customer_button.setText(_("Customer card"))
        case = self.case
        if case is None:
            return
        form = case.form
        major = case.severity == "major"
        self.number_label.setText(case.number)
        self.severity_pill.set(_("Major") if major else _("General"), "danger" if major else "neutral")
        self.valid_pill.set("" if case.valid is None else (_("Valid complaint") if case.valid else _("Not upheld")))
        self.kind_pill.set(_(KINDS.get(form.kind, form.kind)))
        self.state_pill.set(case.state_title, "ok" if case.state == "closed" else "info")
        self.title_label.setText(form.title)
        received = _("received {time} by {name}").format(
            time=f"{self.ctx.clock.local(case.received_at):%m-%d %H:%M}", name=case.received_by
        )
        channel = _(CHANNELS[form.channel]) if form.channel in CHANNELS else ""
        self.who_label.setText(words.joined(case.customer_name, form.phone, case.customer_region, channel, received))
        self._show_reply(case)
        self._show_course(case)
        count = len(case.story)
        note = ngettext("{count} entry", "{count} entries", count).format(count=count)
        self.story_card.set_title(_("What happened"), note)
        self.timeline.set_entries([self._entry(line) for line in case.story])
        self._show_facts(case)

    def _show_reply(self, case: ComplaintCase) -> None:
        at = case.form.next_reply_at
        closed = case.state == "closed"
        self.reply_title.setText(_("Closed") if closed else _("Next reply"))
        shown = case.closed_at if closed else at
        self.reply_label.setText(words.day_time(self.ctx, shown) or "—")
        late = at is not None and at < self.ctx.clock.now()
        self.reply_label.set_colour("danger" if late and not closed else "text")
        self.left_label.setText("" if closed or at is None else words.due_words(self.ctx, at))
        self.left_label.set_colour("danger" if late else "warning")

    def _show_course(self, case: ComplaintCase) -> None:
        due = case.due_at
        parts = []
        if due is not None and case.state != "closed":
            day = format_day(self.ctx.clock.local(due).date())
            parts = [_("to be finished by {day}").format(day=day)]
            if due < self.ctx.clock.now():
                parts.append(_("late"))
        self.course_note.setText(words.joined(*parts))
        self.stages.set_stages([self._stage(stage) for stage in case.stages])

    def _stage(self, stage: StageUse) -> Stage:
        same_day = stage.limit is not None and not stage.limit
        if stage.used is None:
            limit = _("limit: the same day") if same_day else ""
            if stage.limit:
                limit = _("limit {days} d").format(days=words.days(stage.limit))
            return Stage(stage.name, limit, 0.0, stage.state)
        used = words.days(stage.used)
        if stage.limit:
            detail = _("{used} / {limit} d").format(used=used, limit=words.days(stage.limit))
            if stage.state == "late":
                over = words.days(max(stage.used - stage.limit, stage.used * 0))
                detail = words.joined(detail, _("{days} d late").format(days=over))
        else:
            detail = _("{used} d").format(used=used)
            if stage.state == "late":
                detail = words.joined(detail, _("late"))
        part = float(stage.used / stage.limit) if stage.limit else 0.15
        return Stage(stage.name, detail, part, stage.state)

    def _entry(self, line: StoryLine) -> Entry:
        icon, tone = _ICONS.get(line.action, ("circle-dot", "neutral"))
        note = shorten(line.note.replace("\n", " "), 200)
        return Entry(words.day_time(self.ctx, line.at), icon, line.title, note or " ", line.by, tone)

    def _show_facts(self, case: ComplaintCase) -> None:
        form = case.form
        pieces = ""
        if form.quantity or form.faulty:
            pieces = _("{faulty} of {count} faulty").format(faulty=form.faulty, count=form.quantity or "?")
        if case.papers:
            printed = any(paper.printed for paper in case.papers)
            paper = _("five copies, printed") if printed else _("five copies, not printed yet")
        else:
            paper = _("not filled in yet")
        facts = (
            (_("Sales slip"), form.sale_number),
            (_("Item"), words.joined(form.item_code, case.item_name, pieces)),
            (_("Customer wants"), form.wish),
            (_("Complaint form"), paper),
        )
        self.facts_card.set_title(_("Facts"))
        for (name, value), (name_text, value_text) in zip(self.fact_labels, facts, strict=True):
            name.setText(name_text)
            value.setText(value_text or "—")
        self.customer_button.setVisible(form.customer_id is not None)

    # acting -----------------------------------------------------------------------------------------------------

    def _note(self) -> None:
        if text := str(self.note_edit.value()):
            self.note_asked.emit(text)
        else:
            self.note_edit.setFocus()

    def _customer(self) -> None:
        if self.case is not None and self.case.form.customer_id is not None:
            self.customer_asked.emit(self.case.form.customer_id)
