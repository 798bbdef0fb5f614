"""One repair: where it stands, what happened, what to do now, and what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.money import format_number
from crmdesk.rules import repairs as rules
from crmdesk.services.context import Context
from crmdesk.services.records import StoryLine
from crmdesk.services.repairs import RepairCard
from crmdesk.ui.repairs import words
from crmdesk.ui.repairs.photo_area import PhotoArea
from crmdesk.ui.repairs.step_panel import StepPanel
from crmdesk.ui.widgets import (
    Button,
    Card,
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
    row,
)  # fmt: skip
from crmdesk.ui.widgets.card import clear

SIDE = 356
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class CaseView(QWidget):
    """The case as one page; it asks for steps, notes, photos and papers by signals."""

    step_asked = Signal(str, object)
    note_asked = Signal(str)
    photo_asked = Signal()
    paper_asked = Signal(object)  # ids
    customer_asked = Signal(int)
    closed = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.card: RepairCard | None = None
        self._build_head()
        self._build_story()
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
        to_note = QShortcut(QKeySequence("F4"), self)
        to_note.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        to_note.activated.connect(self.focus_note)

    def _build_head(self) -> None:
        self.head = Card(margins=(20, 12, 20, 10), spacing=6)
        self.back_button = Button("", icon="arrow-left", kind="quiet", size="row")
        self.number_label = Label("", "row", "muted")
        self.state_pill = Pill("")
        self.late_pill = Pill("")
        self.route_pill = Pill("")
        self.due_title = Label("", "label", "muted", align=_RIGHT)
        self.title_label = ElideLabel("", "page")
        self.due_label = Label("", "page", align=_RIGHT)
        self.who_button = Button("", kind="link", size="row")
        self.detail_label = ElideLabel("", "body", "muted")
        self.due_note = Label("", "body", "muted", align=_RIGHT)
        self.stages = StageBar()
        first = row(self.back_button, self.number_label, self.state_pill, self.late_pill, self.route_pill, None,
                    self.due_title)  # fmt: skip
        second = row(spacing=12)
        second.addWidget(self.title_label, 1)
        second.addWidget(self.due_label)
        third = row(self.who_button, spacing=4)
        third.addWidget(self.detail_label, 1)
        third.addWidget(self.due_note)
        self.head.add(first, second, third, Rule(), self.stages)
        self.back_button.clicked.connect(self.closed)
        self.who_button.clicked.connect(self._who_pressed)

    def _build_story(self) -> None:
        self.story_card = Card(margins=(20, 14, 20, 12), spacing=10)
        self.note_edit = TextEdit(max_length=2000, placeholder=N_("Add a line: what was said, what was done…"))
        self.note_button = Button("", key="Enter")
        line = row(spacing=8)
        line.addWidget(self.note_edit, 1)
        line.addWidget(self.note_button)
        self.story = Timeline()
        self.story_card.add(line)
        self.story_card.body.addWidget(Scroll(self.story), 1)
        self.note_edit.returnPressed.connect(self._add_note)
        self.note_button.clicked.connect(self._add_note)

    def _build_facts(self) -> None:
        self.facts_card = Card(margins=(20, 14, 20, 12), spacing=8)
        self.receipt_button = Button("", icon="receipt-text", size="row")
        self.slip_button = Button("", icon="printer", size="row", key="Ctrl+P")
        self.photos = PhotoArea(read_only=True, least=120)
        self.photos.setFixedHeight(150)
        self.add_photo_button = Button("", icon="camera", kind="link", size="row")
        self.facts = QGridLayout()
        self.facts.setContentsMargins(0, 0, 0, 0)
        self.facts.setHorizontalSpacing(16)
        self.facts.setVerticalSpacing(6)
        self.facts.setColumnStretch(1, 1)
        self.facts_card.add_action(self.add_photo_button)
        self.facts_card.add(self.photos, row(self.receipt_button, self.slip_button, None), 4, self.facts, None)
        self.receipt_button.clicked.connect(self._receipt_pressed)
        self.slip_button.clicked.connect(self._slip_pressed)
        self.add_photo_button.clicked.connect(self.photo_asked)

    def hasHeightForWidth(self) -> bool:
        return False  # the columns scroll by themselves; their wish for height must not make the whole page scroll

    # showing ----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.back_button.setText(_("All repairs"))
        self.story_card.set_title(_("What happened"))
        self.note_edit.setAccessibleName(_("Note on the repair"))
        self.note_button.setText(_("Add"))
        self.facts_card.set_title(_("The piece"))
        self.receipt_button.setText(_("Receipt"))
        self.slip_button.setText(_("Repair slip"))
        self.add_photo_button.setText(_("Add photo"))
        self.panel.retranslate()
        if self.card is not None:
            self._show(self.card)

    @property
    def dirty(self) -> bool:
        """Whether a note or a field of the next step is typed and not saved."""
        return bool(self.note_edit.text().strip()) or self.panel.dirty

    def show_card(self, card: RepairCard) -> None:
        """Show a repair; a note half typed for another one is not carried over."""
        if self.card is not None and self.card.row.id != card.row.id:
            self.note_edit.set_value("")
        self.card = card
        self.photos.set_value(card.photos)
        self.panel.show_card(card)
        self._show(card)

    def focus_note(self) -> None:
        """Put the focus into the note field."""
        self.note_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def first_focus(self) -> None:
        """Put the focus on the step that follows, else on the note."""
        if self.panel.step_button.isVisibleTo(self.panel):
            self.panel.step_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus_note()

    def _show(self, card: RepairCard) -> None:
        repair, today = card.row, self.ctx.clock.today()
        self.number_label.setText(repair.number)
        title = rules.MACHINE.label(repair.state)
        self.state_pill.set(title, words.STATE_TONES.get(repair.state, "neutral"))
        self.late_pill.set(_("Late") if repair.late else "", "danger")
        plain = repair.state in ("sent_away", "in_own_workshop")  # the state says it already
        self.route_pill.set("" if plain else _(words.ROUTE_WORDS.get(repair.route, "")), "neutral")
        self.title_label.setText(repair.part)
        self.who_button.setText(repair.customer)
        received = self.ctx.clock.local(repair.received_at)
        taken = _("taken in {day} {time} by {name}").format(
            day=format_day_short(received.date()), time=format_time(received), name=card.received_by
        )
        self.detail_label.setText(words.joined(repair.phone, repair.item, taken))
        waits = repair.due_on is not None and repair.state in words.STAYS_OPEN
        for label in (self.due_title, self.due_label, self.due_note):
            label.setVisible(waits)
        if waits:
            self.due_title.setText(_("Back at the latest") if repair.route == "away" else _("Promised for"))
            self.due_label.setText(words.day_words(repair.due_on, today))
            self.due_note.setText(words.due_words(repair, today))
            self.due_note.set_colour(words.due_tone(repair, today) or "muted")
        self.stages.set_stages(self._stages(card))
        count = len(card.story)
        self.story_card.set_note(ngettext("{count} entry", "{count} entries", count).format(count=count))
        self.story.set_entries([self._entry(line) for line in card.story])
        self._show_facts(card)
        kinds = {paper.kind for paper in card.papers}
        self.receipt_button.setVisible("repair_receipt" in kinds)
        self.slip_button.setVisible("repair_slip" in kinds)
        self.add_photo_button.setVisible(bool(card.steps))
        self.photos.setVisible(bool(card.photos))

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
        clear(self.facts)
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
            (_("Told"), words.joined(*(_(tick.label).rstrip("。.") for tick in rules.TOLD if tick.key in form.told))),
            (_("Carrier"), words.joined(card.carrier, card.waybill)),
            (_("For the workshop"), form.instruction),
            (_("Internal note"), form.internal_note),
        ]
        if card.earliest_on is not None and card.latest_on is not None:
            told = f"{words.day_words(card.earliest_on, self.ctx.clock.today())} – {card.latest_on.isoformat()}"
            lines.insert(6, (_("Back between"), told))
        for place, (title, text) in enumerate(line for line in lines if line[1]):
            self.facts.addWidget(Label(title, "body", "muted", align=_LEFT), place, 0)
            self.facts.addWidget(Label(text, "body", wrap=True, align=_RIGHT), place, 1)

    # asking -----------------------------------------------------------------------------------------------------

    def _add_note(self) -> None:
        text = str(self.note_edit.value())
        if text:
            self.note_asked.emit(text)

    def _papers(self, kind: str) -> list[int]:
        return [paper.id for paper in self.card.papers if paper.kind == kind] if self.card is not None else []

    def _receipt_pressed(self) -> None:
        self.paper_asked.emit(self._papers("repair_receipt"))

    def _slip_pressed(self) -> None:
        self.paper_asked.emit(self._papers("repair_slip"))

    def _who_pressed(self) -> None:
        if self.card is not None:
            self.customer_asked.emit(self.card.row.customer_id)
