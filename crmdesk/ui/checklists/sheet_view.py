"""One checklist: large lines to tick, how far it is, and beside it the line in hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.rules import checklists as rules
from crmdesk.rules.pack_tables import in_language
from crmdesk.services.checklists import LineRow, Sheet
from crmdesk.services.context import Context
from crmdesk.ui.checklists import words
from crmdesk.ui.checklists.line_button import LineButton
from crmdesk.ui.checklists.line_panel import LinePanel
from crmdesk.ui.widgets import (
    Button,
    Card,
    ClauseTag,
    ElideLabel,
    Label,
    Pill,
    Progress,
    Scroll,
    row,
)
from crmdesk.ui.widgets.card import clear

PANEL = 320


class SheetView(QWidget):
    """Shows a ``Sheet``; every step is asked of the page by a signal."""

    pressed = Signal(str)  # a line: tick it or take its tick back
    chosen = Signal(str)  # the line in hand
    done_asked = Signal()
    closed = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.sheet: Sheet | None = None
        self.current = ""
        self.buttons: dict[str, LineButton] = {}
        self._tags: dict[str, Pill] = {}
        self._shape: tuple[object, ...] = ()
        self.head = Card(margins=(20, 10, 20, 12), spacing=8)
        self.back_button = Button("", icon="arrow-left", kind="quiet", size="row")
        self.name_label = ElideLabel("", "page")
        self.state_pill, self.desk_pill = Pill("", bold=True), Pill("")
        self.clause_tag = ClauseTag("", self)
        self.who_label = Label("", "label", "muted")
        self.progress = Progress()
        self.count_label = Label("", "label", "muted")
        first, course = row(self.back_button, spacing=10), row(spacing=12)
        first.addWidget(self.name_label, 1)
        for widget in (self.who_label, self.desk_pill, self.state_pill, self.clause_tag):
            first.addWidget(widget)
        course.addWidget(self.progress, 1)
        course.addWidget(self.count_label)
        self.head.add(first, course)
        self.lines_card = Card(margins=(12, 12, 12, 12), spacing=8)
        host = QWidget()
        self.lines = QGridLayout(host)
        self.lines.setContentsMargins(2, 2, 6, 2)  # room for the focus ring
        self.lines.setHorizontalSpacing(10)
        self.lines.setVerticalSpacing(8)
        self.lines.setColumnStretch(0, 1)
        self.scroller = Scroll(host, least=160)
        self.done_button = Button("", kind="primary", key="F9", icon="check", size="side")
        self.left_label = Label("", "label", "warning", wrap=True)
        self.lines_card.body.addWidget(self.scroller, 1)
        foot = row(self.done_button, 12)
        foot.addWidget(self.left_label, 1)
        self.lines_card.add(foot)
        self.panel = LinePanel(ctx)
        self.panel.setFixedWidth(PANEL)
        both = QHBoxLayout()
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(12)
        both.addWidget(self.lines_card, 1)
        both.addWidget(self.panel)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(12)
        body.addWidget(self.head)
        body.addLayout(both, 1)
        self.back_button.clicked.connect(self.closed)
        self.done_button.clicked.connect(self.done_asked)

    def hasHeightForWidth(self) -> bool:
        return False  # the lines scroll by themselves; the page must not ask for their height

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.back_button.setText(_("All lists"))
        self.done_button.setText(_("List done"))
        self.progress.setAccessibleName(_("Settled"))
        self.panel.retranslate()
        if self.sheet is not None:
            self.show_sheet(self.sheet, [], None)

    def show_sheet(self, sheet: Sheet, people: list[tuple[str, str]], photo: bytes | None) -> None:
        """Show a list as it stands; the line in hand stays in hand."""
        self.sheet = sheet
        found = sheet.row
        state = words.state_of(found)
        self.name_label.setText(found.name)
        self.state_pill.set(_(words.STATES[state]), words.STATE_TONES[state])
        self.desk_pill.set(words.desk_word(found.desk), "neutral")
        self.who_label.setText(words.who_word(self.ctx, found))
        self.clause_tag.set_clause(found.clause)
        self.progress.set(found.ticked, max(1, found.total), "ok" if found.ticked == found.total else "accent")
        self.count_label.setText(f"{found.ticked} / {found.total}")
        shape = (found.id, found.key, tuple(line.line.key for line in sheet.lines))
        if shape[1:] != self._shape[1:]:
            self._build(sheet)
        self._shape = shape
        for line in sheet.lines:
            self._show_line(line)
        if sheet.line(self.current) is None:
            self.current = self._first_open()
        self._mark()
        self.panel.show_row(sheet.line(self.current), sheet.may, people, photo)
        self._show_foot(sheet)

    def _build(self, sheet: Sheet) -> None:
        self.buttons = {}
        self._tags = {}
        clear(self.lines)
        for digit, line in enumerate(sheet.lines, 1):
            button = LineButton(digit)
            button.clicked.connect(self._button_pressed)
            button.entered.connect(self._entered)
            button.stepped.connect(self._step)
            pill = Pill("")
            self.buttons[line.line.key], self._tags[line.line.key] = button, pill
            self.lines.addWidget(button, digit, 0)
            self.lines.addWidget(pill, digit, 1)
            self.lines.addWidget(ClauseTag(line.line.clause, self.scroller.widget()), digit, 2)
        for place in range(self.lines.rowCount()):
            self.lines.setRowStretch(place, int(place == len(sheet.lines) + 1))
        self.lines.setRowStretch(len(sheet.lines) + 1, 1)
        self.current = self._first_open()

    def _show_line(self, line: LineRow) -> None:
        detail = words.said_word(self.ctx, line) or words.wants_word(line)
        self.buttons[line.line.key].show_row(line, in_language(line.line.text), detail)
        seen = line.seen
        self._tags[line.line.key].set(seen.text if seen else "", "ok" if seen and seen.ok else "warning")

    def _show_foot(self, sheet: Sheet) -> None:
        left = rules.missing([line.line for line in sheet.lines], [line.tick for line in sheet.lines if line.tick])
        words_left = ""
        if left:
            sentence = _("The second person still has to sign: {line}") if left[0].half else _("Still open: {line}")
            words_left = sentence.format(line=in_language(left[0].line.text))
        self.done_button.setVisible(sheet.may)
        self.done_button.set_ready(not left, words_left)
        self.left_label.setText(words_left if sheet.may else "")

    def _first_open(self) -> str:
        if self.sheet is None:
            return ""
        keys = [line.line.key for line in self.sheet.lines if line.state != "ticked"]
        return (keys or [line.line.key for line in self.sheet.lines] or [""])[0]

    def _mark(self) -> None:
        for key, button in self.buttons.items():
            button.set_chosen(key == self.current)

    def focus_line(self, key: str = "") -> None:
        """Put the focus on a line: the one named, else the first that is open."""
        button = self.buttons.get(key or self._first_open())
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.scroller.ensureWidgetVisible(button, 0, 12)

    def _button_pressed(self) -> None:
        button = self.sender()
        if isinstance(button, LineButton) and button.row is not None:
            self.pressed.emit(button.row.line.key)

    def _entered(self, key: str) -> None:
        if key != self.current:
            self.current = key
            self._mark()
            self.chosen.emit(key)

    def _step(self, by: int) -> None:
        keys = list(self.buttons)
        place = keys.index(self.current) + by if self.current in keys else 0
        if 0 <= place < len(keys):
            self.focus_line(keys[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = list(self.buttons)
        if event.text().isdigit() and 0 < int(event.text()) <= len(keys):
            self.focus_line(keys[int(event.text()) - 1])
        elif event.key() == Qt.Key.Key_F4:
            self.panel.focus_note()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
