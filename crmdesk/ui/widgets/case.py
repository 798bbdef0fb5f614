"""The parts every case has: the head with number, state, title, due time and stages; the story; and the facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QSpacerItem, QWidget

from crmdesk.core.i18n import N_, _, dotted, ngettext
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Card, Scroll, clear, row
from crmdesk.ui.widgets.edits import NoteEdit
from crmdesk.ui.widgets.labels import ElideLabel, Label, Rule
from crmdesk.ui.widgets.pill import ClauseTag, Pill
from crmdesk.ui.widgets.stages import Stage, StageBar
from crmdesk.ui.widgets.timeline import Entry, Timeline

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
PILLS = 4
LINK_AIR = 4  # a link keeps this much clear for its focus ring; its word stands under the title all the same
LOW = 540  # pixels of a case under which the bars of its stages are left out


@dataclass(frozen=True)
class CaseWords:
    """What the head of a case says, all of it in the language in force; '' hides a part.

    A pill is (text, tone) and '' as text leaves it out; ``due_title``, ``due`` and ``due_note`` stand at the right.
    """

    number: str
    pills: Sequence[tuple[str, str]]
    title: str
    who: str  # the customer, a link when ``who_opens``
    who_opens: bool
    detail: str
    due_title: str = ""
    due: str = ""
    due_tone: str = ""
    due_note: str = ""
    note_tone: str = "muted"
    stages: Sequence[Stage] = ()


class CaseHead(Card):
    """One card over the case; ``back_asked`` leads to the list, ``who_asked`` to the customer."""

    back_asked = Signal()
    who_asked = Signal()

    def __init__(self, back: str, *, clause: str = "", parent: QWidget | None = None) -> None:
        """``back`` is the source text of the list's name."""
        super().__init__(spacing=4, margins=(20, 8, 20, 8), parent=parent)
        self._back = back
        self.back_button = Button("", icon="arrow-left", kind="quiet", size="row")
        self.number_label = Label("", "row", "muted")
        self.pills = [Pill("", bold=place == 0) for place in range(PILLS)]
        self.clause_tag = ClauseTag(clause)
        if not clause:
            self.clause_tag.hide()
        self.due_title = Label("", "label", "muted")
        self.title_label = ElideLabel("", "page")
        self.due_label = Label("", "timer")
        self.who_button = Button("", kind="link", size="row")
        self.detail_label = ElideLabel("", "body", "muted")
        self.due_note = Label("", "label", "muted")
        self.stages = StageBar()
        second, self._third = row(spacing=12), row(spacing=4)
        third, self._air = self._third, QSpacerItem(0, 0)  # a layout takes no negative margin, but negative room
        third.addSpacerItem(self._air)
        second.addWidget(self.title_label, 1)
        second.addWidget(self.due_label)
        third.addWidget(self.who_button)
        third.addWidget(self.detail_label, 1)
        third.addWidget(self.due_note)
        self.rule = Rule()
        first = row(self.back_button, self.number_label, *self.pills, self.clause_tag, None, self.due_title)
        first.insertSpacing(0, -LINK_AIR)
        self.course = row(spacing=12)  # a case may say here how long it may take
        self.add(first, second, third, self.rule, self.course, self.stages)
        self.back_button.clicked.connect(self.back_asked)
        self.who_button.clicked.connect(self.who_asked)

    def set_low(self, low: bool) -> None:
        """Leave out what stands elsewhere too."""
        self.rule.setVisible(not low)
        self.stages.setVisible(not low)

    def show_words(self, words: CaseWords) -> None:
        """Show where a case stands."""
        self.back_button.setText(_(self._back))
        self.number_label.setText(words.number)
        for place, pill in enumerate(self.pills):
            pill.set(*(words.pills[place] if place < len(words.pills) else ("", "neutral")))
        self.title_label.setText(words.title)
        self.who_button.setText(words.who)
        self.who_button.setVisible(words.who_opens and bool(words.who))
        self._air.changeSize(-LINK_AIR if words.who_opens and words.who else 0, 0)
        self._third.invalidate()
        self.detail_label.setText(words.detail if words.who_opens else dotted(words.who, words.detail))
        for label, text in ((self.due_title, words.due_title), (self.due_label, words.due)):
            label.setText(text)
            label.setVisible(bool(text))
        self.due_note.setText(words.due_note)
        self.due_note.setVisible(bool(words.due_note))
        self.due_label.set_colour(words.due_tone or "text")
        self.due_note.set_colour(words.note_tone)
        self.stages.set_stages(words.stages)


class WholeEntries(Scroll):
    """A story that is longer than its room ends between two entries, never in the middle of a line."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(timeline)
        self._timeline = timeline

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        step = self._timeline.step
        self.verticalScrollBar().setSingleStep(step)
        self.setViewportMargins(0, 0, 0, self.height() % step if self.height() > step else 0)


class CaseFrame(QWidget):
    """Ground of a case: its parts scroll by themselves, and on a low screen the head gives up its stages for them."""

    head: CaseHead

    def hasHeightForWidth(self) -> bool:
        return False  # wrapped facts would else make the whole page ask for more height and scroll

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.head.set_low(self.height() < LOW)


class NoteLine(NoteEdit):
    """Two lines for what is added to a story: Enter adds it, Shift+Enter begins a new line."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        placeholder = N_("Add a line: what was said, what was done…")
        super().__init__(lines=2, max_length=2000, placeholder=placeholder, parent=parent)
        self.setFixedHeight(self.minimumHeight())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class StoryCard(Card):
    """What happened, the newest first, with the field for one more line on top; F4 leads into it from anywhere."""

    note_asked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name`` is the source text that names the field to who can't see it."""
        super().__init__(margins=(20, 12, 20, 12), spacing=8, parent=parent)
        self._name = name
        self.note_edit = NoteLine()
        self.note_button = Button("", key="↵")
        self.timeline = Timeline()
        line = row()
        line.addWidget(self.note_edit, 1)
        line.addWidget(self.note_button)
        self.add(line)
        self.body.addWidget(WholeEntries(self.timeline), 1)
        self.note_edit.entered.connect(self._add)
        self.note_button.clicked.connect(self._add)

    def listen(self, case: QWidget) -> None:
        """Let F4 lead into the field from anywhere in the case."""
        key = QShortcut(QKeySequence("F4"), case)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.focus_note)

    def show_story(self, entries: Sequence[Entry]) -> None:
        """Show what happened, in the language in force."""
        count = len(entries)
        note = ngettext("{count} entry", "{count} entries", count).format(count=count)
        self.set_title(_("What happened"), note)
        self.note_edit.setAccessibleName(_(self._name))
        self.note_button.setText(_("Add"))
        self.timeline.set_entries(entries)

    def focus_note(self) -> None:
        """Put the focus into the field for a line."""
        self.note_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _add(self) -> None:
        if text := str(self.note_edit.value()):
            self.note_asked.emit(text)
        else:
            self.focus_note()


class FactList(QGridLayout):
    """Names at the left, what is known at the right, wrapped and never cut; in one or more columns."""

    def __init__(self, columns: int = 1) -> None:
        super().__init__()
        self._columns = columns
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(6)
        for column in range(columns):
            self.setColumnStretch(3 * column + 1, 1)
            if column:
                self.setColumnMinimumWidth(3 * column - 1, 24)

    def set_facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Show (name, value) pairs; one without a value shows a dash."""
        clear(self)
        for place, (name, value) in enumerate(facts):
            line, column = divmod(place, self._columns)
            known = Label(value or "—", "body", "" if value else "faint", wrap=True, align=_RIGHT)
            self.addWidget(Label(name, "body", "muted", align=_LEFT), line, 3 * column)
            self.addWidget(known, line, 3 * column + 1)
