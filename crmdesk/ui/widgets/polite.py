"""Fields for what a customer is told: a forbidden phrase is underlined and the polite one offered (PHR-02, PHR-03).

``Alt+R`` puts the polite phrase in the place of the first forbidden one; nothing is ever changed without it.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QSyntaxHighlighter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QWidget

from crmdesk.core.i18n import _
from crmdesk.core.text import shorten
from crmdesk.rules.phrases import Hit, find_forbidden
from crmdesk.ui import theme
from crmdesk.ui.widgets.edits import NoteEdit, TextEdit
from crmdesk.ui.widgets.labels import Label, key_text

REPLACE = "Alt+R"
_ROOM = 36  # the height of the offer under a text: two lines


def is_replace(event: QKeyEvent) -> bool:
    """Whether these keys ask for the polite phrase."""
    return QKeySequence(event.keyCombination()) == QKeySequence(REPLACE)


def offer(hit: Hit) -> str:
    """Return what is offered for a forbidden phrase, with the key that takes it."""
    words = _("“{said}” is not said. {key}: “{polite}” ({clause})")
    return words.format(said=hit.said, polite=hit.polite, key=key_text(REPLACE), clause=hit.clause)


class PoliteMarks(QSyntaxHighlighter):
    """Underlines forbidden phrases while they are typed."""

    def highlightBlock(self, text: str) -> None:
        marked = QTextCharFormat()
        marked.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        marked.setUnderlineColor(theme.colour("danger"))
        for hit in find_forbidden(text):
            self.setFormat(hit.start, hit.end - hit.start, marked)


class PoliteNote(NoteEdit):
    """Several lines that a customer will hear or read."""

    hit_changed = Signal(object)  # Hit or None

    def __init__(
        self, *, lines: int = 3, max_length: int = 0, placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(lines=lines, max_length=max_length, placeholder=placeholder, parent=parent)
        self.hit: Hit | None = None
        self._marks = PoliteMarks(self.document())
        self._offer = Label("", "label", "danger", wrap=True, parent=self)
        self._offer.hide()
        self.textChanged.connect(self._look)

    def replace_hit(self) -> bool:
        """Put the polite phrase in the place of the first forbidden one; False when there is none."""
        if self.hit is None:
            return False
        cursor = self.textCursor()
        cursor.setPosition(self.hit.start)
        cursor.setPosition(self.hit.end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(self.hit.polite)
        self.setTextCursor(cursor)
        return True

    def _look(self) -> None:
        hit = next(find_forbidden(self.toPlainText()), None)
        if hit == self.hit:
            return
        self.hit = hit
        said = offer(hit) if hit is not None else ""
        self._offer.setText(said)
        self._offer.setVisible(bool(said))
        self.setAccessibleDescription(said)
        self.setViewportMargins(0, 0, 0, _ROOM if said else 0)
        self._place()
        self.hit_changed.emit(hit)

    def _place(self) -> None:
        self._offer.setGeometry(6, self.height() - _ROOM - 2, self.width() - 12, _ROOM)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_replace(event) and self.replace_hit():
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()


class PoliteLine(TextEdit):
    """One line that a customer will hear or read; a forbidden phrase is said in red at its right."""

    def __init__(self, *, max_length: int = 0, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(max_length=max_length, placeholder=placeholder, parent=parent)
        self.hit: Hit | None = None
        self.textChanged.connect(self._look)

    def replace_hit(self) -> bool:
        """Put the polite phrase in the place of the first forbidden one; False when there is none."""
        if self.hit is None:
            return False
        self.setSelection(self.hit.start, self.hit.end - self.hit.start)
        self.insert(self.hit.polite)
        self.value_changed.emit()
        return True

    def _look(self, text: str) -> None:
        hit = next(find_forbidden(text), None)
        if hit == self.hit:
            return
        self.hit = hit
        self.set_aside(f"{key_text(REPLACE)} → {shorten(hit.polite, 12)}" if hit is not None else "", "danger")
        self.setToolTip(offer(hit) if hit is not None else "")
        self.setAccessibleDescription(self.toolTip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_replace(event) and self.replace_hit():
            return
        super().keyPressEvent(event)
