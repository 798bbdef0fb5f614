"""The case: one head card with the stages, what happened at the left, what to do now at the right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day, format_day_short
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import shorten
from crmdesk.rules.complaints import CHANNELS
from crmdesk.services.complaints import KINDS, ComplaintCase, StageUse
from crmdesk.services.records import StoryLine
from crmdesk.ui.approvals.panel import ApprovalPanel
from crmdesk.ui.complaints import words
from crmdesk.ui.complaints.todo_card import TodoCard
from crmdesk.ui.files.button import FilesButton
from crmdesk.ui.widgets import (
    Button,
    Card,
    CaseFrame,
    CaseHead,
    CaseWords,
    ClauseTag,
    ElideLabel,
    Entry,
    FactList,
    Label,
    Stage,
    StoryCard,
    column,
    row,
)

SIDE = 420
_ICONS = {
    "register": ("phone-incoming", "neutral"), "alert": ("siren", "danger"), "note": ("message-circle", "neutral"),
    "next_reply": ("clock", "neutral"), "not_reached": ("phone-missed", "warning"), "assign": ("user-check", "neutral"),
    "investigate": ("flask-conical", "warning"), "propose": ("send", "accent"), "approve": ("gavel", "ok"),
    "send_back": ("undo-2", "warning"), "hand_on": ("arrow-up", "accent"), "withdraw": ("undo-2", "neutral"),
    "carry_out": ("check", "ok"), "tell": ("phone-outgoing", "accent"),
    "not_upheld": ("phone-outgoing", "neutral"), "call_back": ("phone-outgoing", "accent"),
    "close": ("circle-check", "ok"), "reopen": ("refresh-cw", "warning"), "pause": ("pause", "warning"),
    "resume": ("play", "ok"),
}  # fmt: skip


class CaseView(CaseFrame):
    """Shows one complaint; the page acts on its signals."""

    note_asked = Signal(str)
    explain_asked = Signal()
    print_asked = Signal()
    customer_asked = Signal(int)
    closed = Signal()

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.case: ComplaintCase | None = None
        self.todo = TodoCard(ctx)
        self.todo.setFixedWidth(SIDE)
        self.approval = ApprovalPanel(ctx)
        self.approval.setFixedWidth(SIDE)
        self.head = CaseHead(N_("All complaints"), clause="CMP-16")
        self._build_course()
        self.story_card = StoryCard(N_("Note"))
        self.note_edit = self.story_card.note_edit
        left = column(self.story_card, self._facts_card(), spacing=12)
        left.setStretch(0, 1)
        lower = row(spacing=12)
        lower.addLayout(left, 1)
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(12)
        side.addWidget(self.approval)
        side.addWidget(self.todo, 1)
        lower.addLayout(side)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(self.head)
        body.addLayout(lower, 1)
        self.head.back_asked.connect(self.closed)
        self.head.who_asked.connect(self._customer)
        self.story_card.note_asked.connect(self.note_asked)
        self.story_card.listen(self)
        self.explain_button.clicked.connect(self.explain_asked)
        self.print_button.clicked.connect(self.print_asked)

    def _build_course(self) -> None:
        self.course_label = Label("", "label_strong", "muted")
        self.course_note = ElideLabel("", "label", "muted")
        self.explain_button = Button("", kind="link", size="row", key="Alt+D")
        course = self.head.course
        course.addWidget(self.course_label)
        course.addWidget(self.course_note, 1)
        self.due_tag = ClauseTag("CMP-72")
        for widget in (self.todo.missed_button, self.todo.time_button, self.explain_button, self.due_tag):
            course.addWidget(widget)

    def _facts_card(self) -> Card:
        self.facts_card = Card(spacing=4, margins=(20, 8, 20, 10))
        self.print_button = Button("", kind="link", icon="printer", key="Ctrl+P", size="row")
        self.files_button = FilesButton(self.ctx)
        self.facts_card.add_action(self.files_button)
        self.facts_card.add_action(self.print_button)
        self.facts = FactList(columns=2)
        self.facts_card.add(self.facts)
        return self.facts_card

    # showing ----------------------------------------------------------------------------------------------------

    def show_case(self, case: ComplaintCase, *, keep: bool = False) -> None:
        """Show a case; ``keep`` leaves what is typed at the right."""
        self.case = case
        self.todo.show_case(case, keep=keep)
        self.approval.show_record("complaint", case.id)
        self.files_button.show_record("complaint", case.id)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.course_label.setText(_("Progress"))
        self.explain_button.key_word = _("Deadline")
        self.explain_button.setText(_("How the deadline is worked out"))
        self.print_button.setText(_("Form"))
        self.facts_card.set_title(_("Facts"))
        self.approval.retranslate()
        case = self.case
        if case is None:
            return
        form = case.form
        major, closed = case.severity == "major", case.state == "closed"
        received_at = self.ctx.clock.local(case.received_at)
        received = _("received {time} by {name}").format(
            time=f"{format_day_short(received_at.date())} {received_at:%H:%M}", name=case.received_by
        )
        channel = _(CHANNELS[form.channel]) if form.channel in CHANNELS else ""
        at = form.next_reply_at
        late = at is not None and at < self.ctx.clock.now() and not closed
        far = at is not None and at - self.ctx.clock.now() >= timedelta(hours=1)  # the large words say when already
        valid = "" if case.valid is None else (_("Valid complaint") if case.valid else _("Not upheld"))
        self.head.show_words(CaseWords(
            number=case.number,
            pills=(
                (_("Major") if major else _("General"), "danger" if major else "neutral"),
                (valid, "neutral"),
                (_(KINDS.get(form.kind, form.kind)), "neutral"),
                (case.state_title, "ok" if closed else "info"),
            ),
            title=form.title,
            who=case.customer_name,
            who_opens=form.customer_id is not None,
            detail=words.joined(form.phone, case.customer_region, channel, received),
            due_title=_("Closed") if closed else _("Next reply"),
            due=words.day_time(self.ctx, case.closed_at if closed else at) or "—",
            due_tone="danger" if late else "",
            due_note="" if closed or at is None or far else words.due_words(self.ctx, at),
            note_tone="danger" if late else "warning",
            stages=[self._stage(stage) for stage in case.stages],
        ))  # fmt: skip
        self._show_course(case)
        self.story_card.show_story([self._entry(line) for line in case.story])
        self._show_facts(case)

    def _show_course(self, case: ComplaintCase) -> None:
        due = case.due
        parts = []
        if due is not None and case.state != "closed":
            day = format_day(self.ctx.clock.local(due.at).date())
            if due.paused:
                parts = [_("the clock stands; look again on {day}").format(day=day)]
            else:
                parts = [_("to be finished by {day}").format(day=day)]
            if due.is_overdue(self.ctx.clock.now()):
                parts.append(_("late"))
        self.course_note.setText(words.joined(*parts))
        self.due_tag.set_clause(due.clause if due is not None else "")

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
            paper = _("printed") if printed else _("filled in, not printed yet")
        else:
            paper = _("not filled in yet")
        self.facts.set_facts((
            (_("Sales slip"), form.sale_number),
            (_("Customer wants"), form.wish),
            (_("Item"), "\n".join(filter(None, (words.joined(form.item_code, case.item_name), pieces)))),
            (_("Complaint form"), paper),
        ))  # fmt: skip

    # acting -----------------------------------------------------------------------------------------------------

    def _customer(self) -> None:
        if self.case is not None and self.case.form.customer_id is not None:
            self.customer_asked.emit(self.case.form.customer_id)
