"""The reception's board: columns of cards, one a visit, and the row of locker keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import theme
from crmdesk.ui.widgets.card import Scroll, clear
from crmdesk.ui.widgets.labels import ElideLabel, Label


class VisitCard(QFrame):
    """A card on the board; fill ``body``. ``pressed(record)`` on click, ``opened(record)`` on double click or Enter."""

    pressed = Signal(object)
    opened = Signal(object)

    def __init__(self, record: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record = record
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("chosen", "false")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(13, 8, 11, 9)
        self.body.setSpacing(4)

    def set_chosen(self, chosen: bool) -> None:
        """Draw the ring of the chosen card."""
        word = "true" if chosen else "false"
        if self.property("chosen") != word:
            self.setProperty("chosen", word)
            theme.restyle(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(self.record)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit(self.record)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.pressed.emit(self.record)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.record)
        else:
            super().keyPressEvent(event)


class TimerBand(QWidget):
    """The waiting minute: a large time on a soft ground with a word beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._time, self._word, self._tone = "", "", "neutral"
        self.setFixedHeight(40)

    def set(self, time: str, word: str = "", tone: str = "neutral") -> None:
        """Show a time; ``tone`` neutral has no ground, warning and danger have a soft one."""
        self._time, self._word, self._tone = time, word, tone
        self.setAccessibleName(f"{time} {word}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        letters, soft = theme.tone_colours(self._tone)
        loud = self._tone != "neutral"
        if loud:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft)
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setFont(theme.font("timer"))
        painter.setPen(letters if loud else theme.colour("text"))
        left = 8 if loud else 0
        painter.drawText(QRectF(left, 0, self.width() - left, 40), Qt.AlignmentFlag.AlignVCenter, self._time)
        painter.setFont(theme.font("label", bold=loud))
        painter.setPen(letters)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, self.width() - (8 if loud else 2), 40), side, self._word)


class Lane(QFrame):
    """A column of the board: heading, count, a muted note, and its cards, which scroll."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = Label(title, "card")
        self._count = Label("", "body", "muted")
        self._note = ElideLabel("", "label", "muted", align=Qt.AlignmentFlag.AlignRight)
        self._note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 6, 0)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addWidget(self._note, 1)
        self._content = QWidget()
        self._cards = QVBoxLayout(self._content)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(Scroll(self._content, least=120), 1)

    def set_heading(self, title: str, count: int, note: str = "") -> None:
        """Write the heading of the lane."""
        self._title.setText(title)
        self._count.setText(str(count))
        self._note.setText(note)
        self.setAccessibleName(f"{title} {count}")

    def set_cards(self, cards: Sequence[QWidget]) -> None:
        """Show these cards (any widgets); those shown before are thrown away."""
        clear(self._cards, keep=cards)
        for card in cards:
            self._cards.addWidget(card)
        self._cards.addStretch(1)

    def cards(self) -> list[VisitCard]:
        """Return the visit cards shown, from above."""
        items = (self._cards.itemAt(i) for i in range(self._cards.count()))
        found = (item.widget() for item in items if item is not None)
        return [w for w in found if isinstance(w, VisitCard)]


class KeyState(NamedTuple):
    """A locker key that is out: whose (a short name), and a tone (warning) when it should be back."""

    name: str
    tone: str = ""


class KeyGrid(QWidget):
    """Locker keys as a row of numbers; those out are filled and named. Arrows walk, Enter or click presses."""

    pressed = Signal(int)

    def __init__(self, count: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count
        self._out: dict[int, KeyState] = {}
        self._at = 1
        self.setFixedHeight(40)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_keys(self, out: Mapping[int, KeyState], count: int | None = None) -> None:
        """Show which keys are out."""
        self._out = dict(out)
        self._count = self._count if count is None else count
        names = (_("Key {number}: {name}").format(number=n, name=k.name) for n, k in sorted(self._out.items()))
        self.setAccessibleDescription(", ".join(names))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._count * 46, 40)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._count * 30, 40)

    def _box(self, number: int) -> QRectF:
        slot = (self.width() + 6) / self._count
        return QRectF((number - 1) * slot, 0, slot - 6, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number in range(1, self._count + 1):
            self._paint_key(painter, self._box(number), number, self._out.get(number))

    def _paint_key(self, painter: QPainter, box: QRectF, number: int, out: KeyState | None) -> None:
        if out is None:
            letters, ground, edge = theme.colour("muted"), theme.colour("surface"), theme.colour("line")
        elif out.tone:
            letters, ground = theme.tone_colours(out.tone)
            edge = letters
        else:
            letters, ground, edge = theme.colour("accent_text"), theme.colour("accent"), theme.colour("accent")
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self.hasFocus() and number == self._at:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(letters)
        painter.setFont(theme.font("body", bold=out is not None))
        if out is None:
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{number:02}")
            return
        painter.drawText(box.adjusted(0, 3, 0, -19), Qt.AlignmentFlag.AlignCenter, f"{number:02}")
        painter.setFont(theme.font("label"))
        name = QFontMetricsF(painter.font()).elidedText(out.name, Qt.TextElideMode.ElideRight, box.width() - 4)
        painter.drawText(box.adjusted(0, 19, 0, -4), Qt.AlignmentFlag.AlignCenter, name)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for number in range(1, self._count + 1):
            if self._box(number).contains(event.position()):
                self._at = number
                self.pressed.emit(number)
                self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._at = max(1, min(self._count, self._at + (1 if event.key() == Qt.Key.Key_Right else -1)))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self._at)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)
