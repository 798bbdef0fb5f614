"""One repair: where it stands, what happened, what to do now, and what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.dates import format_day, format_day_short, format_time
from crmdesk.core.i18n import N_, _, pgettext
from crmdesk.core.money import format_number
from crmdesk.rules import repairs as rules
from crmdesk.services.context import Context
from crmdesk.services.records import StoryLine
from crmdesk.services.repairs import RepairCard
from crmdesk.ui.files.button import FilesButton
from crmdesk.ui.repairs import words
from crmdesk.ui.repairs.photo_area import PhotoArea
from crmdesk.ui.repairs.step_panel import StepPanel
from crmdesk.ui.widgets import (
    Button,
    Card,
    CaseFrame,
    CaseHead,
    CaseWords,
    ElideLabel,
    Entry,
    FactList,
    Label,
    Scroll,
    Stage,
    StoryCard,
    row,
)

SIDE = 356


class CaseView(CaseFrame):
    """The case as one page; it asks for steps, notes, photos and papers by signals."""

    step_asked = Signal(str, object)
    note_asked = Signal(str)
    photo_asked = Signal()
    paper_asked = Signal(object)  # ids
    customer_asked = Signal(int)
    explain_asked = Signal()
    closed = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.card: RepairCard | None = None
        self.head = CaseHead(N_("All repairs"))
        self._build_course()
        self.story_card = StoryCard(N_("Note on the repair"))
        self.note_edit, self.story = self.story_card.note_edit, self.story_card.timeline
        self._build_facts()
        self.panel = StepPanel(ctx)
        right = QWidget()
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(12)
        side.addWidget(self.panel)
        side.addWidget(self.facts_card, 1)
        right_scroll = Scroll(right, least=200)  # the step and the facts together are higher than a small screen
        right_scroll.setFixedWidth(SIDE)
        lower = QHBoxLayout()
        lower.setSpacing(12)
        lower.addWidget(self.story_card, 1)
        lower.addWidget(right_scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.head)
        whole.addLayout(lower, 1)
        self.panel.step_asked.connect(self.step_asked)
        self.panel.photo_asked.connect(self.photo_asked)
        self.head.back_asked.connect(self.closed)
        self.head.who_asked.connect(self._who_pressed)
        self.story_card.note_asked.connect(self.note_asked)
        self.story_card.listen(self)

    def _build_course(self) -> None:
        self.course_label, self.course_note = Label("", "label_strong", "muted"), ElideLabel("", "label", "muted")
        self.explain_button = Button("", kind="link", size="row", key="Alt+D")
        self.explain_button.clicked.connect(self.explain_asked)
        course = self.head.course
        course.addWidget(self.course_label)
        course.addWidget(self.course_note, 1)
        course.addWidget(self.explain_button)

    def _build_facts(self) -> None:
        self.facts_card = Card(margins=(20, 14, 20, 12), spacing=8)
        self.receipt_button = Button("", icon="receipt-text", size="row")
        self.slip_button = Button("", icon="printer", size="row", key="Ctrl+P")
        self.photos = PhotoArea(read_only=True, least=120)
        self.photos.setFixedHeight(150)
        self.add_photo_button = Button("", icon="camera", kind="link", size="row")
        self.facts = FactList()
        self.files_button = FilesButton(self.ctx)
        self.facts_card.add_action(self.files_button)
        self.facts_card.add_action(self.add_photo_button)
        self.facts_card.add(self.photos, row(self.receipt_button, self.slip_button, None), 4, self.facts, None)
        self.receipt_button.clicked.connect(self._receipt_pressed)
        self.slip_button.clicked.connect(self._slip_pressed)
        self.add_photo_button.clicked.connect(self.photo_asked)

    # showing ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.facts_card.set_title(_("The piece"))
        self.course_label.setText(_("Progress"))
        self.explain_button.key_word = _("Deadline")
        self.explain_button.setText(_("How the deadline is worked out"))
        self.receipt_button.setText(pgettext("repair", "Receipt"))
        self.slip_button.setText(_("Repair slip"))
        self.add_photo_button.setText(_("Add photo"))
        self.panel.retranslate()
        if self.card is not None:
            self._show(self.card)

    @property
    def dirty(self) -> bool:
        """Whether a note or a field of the next step is typed and not saved."""
        return bool(self.note_edit.value()) or self.panel.dirty

    def show_card(self, card: RepairCard) -> None:
        """Show a repair; a note half typed for another one is not carried over."""
        if self.card is not None and self.card.row.id != card.row.id:
            self.note_edit.set_value("")
        self.card = card
        self.photos.set_value(card.photos)
        self.panel.show_card(card)
        self.files_button.show_record("repair", card.row.id)
        self._show(card)

    def focus_note(self) -> None:
        """Put the focus into the note field."""
        self.story_card.focus_note()

    def first_focus(self) -> None:
        """Put the focus on the step that follows, else on the note."""
        if self.panel.step_button.isVisibleTo(self.panel):
            self.panel.step_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus_note()

    def _show(self, card: RepairCard) -> None:
        repair, today = card.row, self.ctx.clock.today()
        waits = repair.due_on is not None and repair.state in words.STAYS_OPEN
        received = self.ctx.clock.local(repair.received_at)
        taken = _("taken in {day} {time} by {name}").format(
            day=format_day_short(received.date()), time=format_time(received), name=card.received_by
        )
        self.head.show_words(CaseWords(
            number=repair.number,
            pills=(
                (rules.MACHINE.label(repair.state), words.STATE_TONES.get(repair.state, "neutral")),
                (_("Late") if repair.late else "", "danger"),
                (_(words.ROUTE_WORDS.get(repair.route, "")), "neutral"),
            ),
            title=repair.part,
            who=repair.customer,
            who_opens=True,
            detail=words.joined(repair.phone, repair.item, taken),
            due_title=(_("Back at the latest") if repair.route == "away" else _("Promised for")) if waits else "",
            due=words.day_words(repair.due_on, today) if waits else "",
            due_note=words.due_words(repair, today) if waits else "",
            note_tone=words.due_tone(repair, today) or "muted",
            stages=self._stages(card),
        ))  # fmt: skip
        self._show_course(card)
        self.story_card.show_story([self._entry(line) for line in card.story])
        self._show_facts(card)
        kinds = {paper.kind for paper in card.papers}
        self.receipt_button.setVisible("repair_receipt" in kinds)
        self.slip_button.setVisible("repair_slip" in kinds)
        self.add_photo_button.setVisible(bool(card.steps))
        self.photos.setVisible(bool(card.photos))

    def _show_course(self, card: RepairCard) -> None:
        note, pause = "", card.standing
        if pause is not None:
            day = format_day(self.ctx.clock.local(pause.review_at).date())
            note = words.joined(_("the clock stands; look again on {day}").format(day=day), pause.reason)
        self.course_note.setText(note)
        self.course_note.set_colour("warning" if note else "muted")

    def _stages(self, card: RepairCard) -> list[Stage]:
        days = {line.action: format_day_short(self.ctx.clock.local(line.at).date()) for line in reversed(card.story)}
        away = card.row.route == "away"
        state, late = card.row.state, card.row.late
        path: list[tuple[tuple[str, ...], str, str]] = [(("received",), _("Taken in"), days.get("take_in", ""))]
        if away:
            path.append((("sent_away",), _("Sent away"), days.get("send_away", "")))
            path.append((("returned", "in_own_workshop"), _("Come back"), days.get("come_back", "")))
        else:
            path.append((("in_own_workshop",), _("In our workshop"), days.get("to_workshop", "")))
        path.append((("ready",), _("Repaired"), days.get("finish", "")))
        path.append((("customer_called",), _("Customer called"), days.get("call_customer", "")))
        last = _("Shipped") if state == "shipped" else _("Picked up")
        path.append((("picked_up", "shipped"), last, days.get("pick_up", days.get("ship", ""))))
        here = next((place for place, (states, _n, _d) in enumerate(path) if state in states), -1)
        if state in ("cancelled", "refused"):
            here = 0
            path = [path[0], ((state,), rules.MACHINE.label(state), days.get("cancel", days.get("refuse", "")))]
        ended = state in rules.MACHINE.final
        stages = []
        for place, (_states, name, day) in enumerate(path):
            if place < here or ended:
                stages.append(Stage(name, day, 1.0, "done"))
            elif place == here:
                stages.append(Stage(name, day, 0.5, "late" if late else "now"))
            else:
                stages.append(Stage(name))
        return stages

    def _entry(self, line: StoryLine) -> Entry:
        sign, tone = words.SIGNS.get(line.action, ("circle-dot", "neutral"))
        at, today = self.ctx.clock.local(line.at), self.ctx.clock.today()
        day = _("today") if at.date() == today else words.day_words(at.date(), today)
        return Entry(f"{day} {format_time(at)}", sign, line.title, line.note.replace("\n", " "), line.by, tone)

    def _show_facts(self, card: RepairCard) -> None:
        form = card.form
        amounts = [
            (_("Declared value"), form.declared_value), (_("Fee limit"), form.fee_limit), (_("Fee"), card.fee),
            (_("Outside cost"), card.outside_cost),
        ]  # fmt: skip
        lines = [
            (_("Item code"), form.item_code),
            (_("Item"), form.item_name),
            (_("Material"), form.material),
            (_("Weight"), f"{form.weight_g.normalize():f} g" if form.weight_g is not None else ""),
            (_("Stones"), form.stones),
            (_("Condition"), form.condition),
            *((title, format_number(amount, 0)) for title, amount in amounts if amount),
            (_("Bought on slip"), form.purchase_number),
            (_("Bought on the day"), format_day(form.bought_on) if form.bought_on else ""),
            (_("Told"), words.joined(*(_(tick.label).rstrip("。.") for tick in rules.TOLD if tick.key in form.told))),
            (_("Carrier"), words.joined(card.carrier, card.waybill)),
            (_("For the workshop"), form.instruction),
            (_("Internal note"), form.internal_note),
        ]
        if card.earliest_on is not None and card.latest_on is not None:
            told = f"{words.day_words(card.earliest_on, self.ctx.clock.today())} – {card.latest_on.isoformat()}"
            lines.insert(6, (_("Back between"), told))
        self.facts.set_facts(line for line in lines if line[1])

    # asking -----------------------------------------------------------------------------------------------------

    def _papers(self, kind: str) -> list[int]:
        return [paper.id for paper in self.card.papers if paper.kind == kind] if self.card is not None else []

    def _receipt_pressed(self) -> None:
        self.paper_asked.emit(self._papers("repair_receipt"))

    def _slip_pressed(self) -> None:
        self.paper_asked.emit(self._papers("repair_slip"))

    def _who_pressed(self) -> None:
        if self.card is not None:
            self.customer_asked.emit(self.card.row.customer_id)
