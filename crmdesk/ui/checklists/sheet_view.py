"""One checklist: large lines to tick, how far it is, and beside it the line in hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
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
    CaseHead,
    CaseWords,
    ClauseTag,
    Label,
    Pill,
    Progress,
    Scroll,
    row,
)

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
        self._shape: tuple[object, ...] = ()
        self.head = CaseHead(N_("All lists"))
        self.head.set_low(True)
        self.progress = Progress()
        self.count_label = Label("", "label", "muted")
        course = self.head.course
        course.addWidget(self.progress, 1)
        course.addWidget(self.count_label)
        self.lines_card = Card(margins=(12, 12, 12, 12), spacing=8)
        self.host = QWidget()
        self.scroller = Scroll(self.host, least=160)
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
        self.head.back_asked.connect(self.closed)
        self.done_button.clicked.connect(self.done_asked)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
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
        self.head.show_words(
            CaseWords(
                found.name, ((_(words.STATES[state]), words.STATE_TONES[state]), (words.desk_word(found.desk), "neutral")),
                "", words.who_word(self.ctx, found), False, "",
            )  # fmt: skip
        )
        self.head.clause_tag.set_clause(found.clause)
        self.head.title_label.hide()
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
        self._tags: dict[str, Pill] = {}
        old, self.host = self.host, QWidget()
        lay = QVBoxLayout(self.host)
        lay.setContentsMargins(2, 2, 6, 2)
        lay.setSpacing(8)
        for digit, line in enumerate(sheet.lines, 1):
            button = LineButton(digit)
            button.clicked.connect(self._button_pressed)
            button.entered.connect(self._entered)
            pill = Pill("")
            self.buttons[line.line.key], self._tags[line.line.key] = button, pill
            one = row(spacing=10)
            one.addWidget(button, 1)
            one.addWidget(pill)
            if line.line.clause:
                one.addWidget(ClauseTag(line.line.clause, self.host))
            lay.addLayout(one)
        lay.addStretch(1)
        self.scroller.takeWidget()
        old.deleteLater()
        self.host.setObjectName("scrolled")
        self.scroller.hold(self.host)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = list(self.buttons)
        place = keys.index(self.current) if self.current in keys else 0
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= place + step < len(keys):
            self.focus_line(keys[place + step])
        elif event.text().isdigit() and 0 < int(event.text()) <= len(keys):
            self.focus_line(keys[int(event.text()) - 1])
        elif event.key() == Qt.Key.Key_F4:
            self.panel.focus_note()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
