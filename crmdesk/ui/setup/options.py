"""One of two to four things, each with a sign and a sentence: language, place of the data, station."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import icons, theme

HEIGHT = 60
GAP = 8
CTRL = Qt.KeyboardModifier.ControlModifier


class Option(NamedTuple):
    """One choice; ``title`` and ``detail`` are source texts (N_) unless ``raw``."""

    value: str
    icon: str
    title: str
    detail: str = ""
    raw: bool = False


class _OptionCard(QAbstractButton):
    def __init__(self, option: Option, parent: QWidget) -> None:
        super().__init__(parent)
        self.option = option
        self.ringed = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(HEIGHT if option.detail else HEIGHT - 10)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        self.words = self.option.title if self.option.raw else _(self.option.title)
        self.detail = self.option.detail if self.option.raw else _(self.option.detail)
        self.setText(self.words)
        self.setAccessibleName(self.words)
        self.setAccessibleDescription(self.detail)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, hover = self.isChecked(), self.underMouse()
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setBrush(theme.colour("accent_soft" if chosen else "hover" if hover else "surface"))
        edge = "focus" if self.ringed else "accent" if chosen else "line"
        painter.setPen(QPen(theme.colour(edge), 3 if self.ringed else 2 if chosen else 1))
        painter.drawRoundedRect(box, 8, 8)
        middle = self.height() / 2
        front = "accent" if chosen else "muted"
        icons.paint(painter, self.option.icon, QRectF(18, middle - 11, 22, 22), front, strong=chosen)
        left, room = 56, self.width() - 56 - 44
        self._line(painter, self.words, QRectF(left, middle - (22 if self.detail else 11), room, 22), "strong", "text")
        if self.detail:
            self._line(painter, self.detail, QRectF(left, middle, room, 20), "label", "muted")
        sign = QRectF(self.width() - 38, middle - 9, 18, 18)
        icons.paint(painter, "circle-check" if chosen else "circle", sign, "accent" if chosen else "line_strong")

    def _line(self, painter: QPainter, text: str, box: QRectF, role: str, colour: str) -> None:
        font = theme.font(role)
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class OptionList(QWidget):
    """Cards under each other: arrows, digits or a click choose, Enter goes on (``accepted``)."""

    value_changed = Signal()
    accepted = Signal()

    def __init__(self, options: Sequence[Option], value: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self._cards = [_OptionCard(option, self) for option in options]
        for card in self._cards:
            card.clicked.connect(self._clicked)
            column.addWidget(card)
        self._place = -1
        self.set_value(value)

    def value(self) -> object:
        """Return the chosen value, None for none."""
        return self._cards[self._place].option.value if self._place >= 0 else None

    def set_value(self, value: object) -> None:
        """Choose without reporting a change."""
        self._place = next((i for i, card in enumerate(self._cards) if card.option.value == value), -1)
        self._show()

    def _show(self) -> None:
        for place, card in enumerate(self._cards):
            card.setChecked(place == self._place)
            card.ringed = self.hasFocus() and place == max(0, self._place)
            card.update()
        if self._place >= 0:
            self.setAccessibleDescription(self._cards[self._place].words)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._cards) and place != self._place:
            self._place = place
            self._show()
            self.value_changed.emit()
        else:
            self._show()

    def _clicked(self) -> None:
        card = self.sender()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if isinstance(card, _OptionCard):
            self._choose(self._cards.index(card))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self._choose(min(len(self._cards) - 1, self._place + 1))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self._choose(max(0, self._place - 1))
        elif event.text() and event.text() in "123456789":
            self._choose(int(event.text()) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & CTRL:
            self.accepted.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show()
        return handled

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_cards"):
            for card in self._cards:
                card.retranslate()
        super().changeEvent(event)
