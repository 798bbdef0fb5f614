"""The alarm: the whole screen red until a wrong piece is acknowledged, what it should be beside what was scanned."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.labels import key_text

AGAIN_MS = 1600  # the tone is repeated until somebody acts
SIDE = 72


@dataclass(frozen=True)
class Piece:
    """One of the two cards: a name, its code, and a word about how many."""

    name: str = ""
    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class AlarmText:
    """Everything the alarm says, ready to show."""

    sentences: tuple[str, str] = ("", "")
    expected: Piece = Piece()
    scanned: Piece = Piece()
    corner: tuple[str, str] = ("", "")
    foot: str = ""


class _AlarmButton(QAbstractButton):
    """A button on the red: white for the first, an edge for the others."""

    def __init__(self, key: str, *, solid: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self._solid = key, solid
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(300, 76)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        white, red = QColor(theme.ALARM_TEXT), theme.colour("alarm")
        painter.setPen(QPen(_white(0.6), 1.5))
        painter.setBrush(white if self._solid else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        letters = red if self._solid else white
        font = theme.font("timer" if self._solid else "head", bold=self._solid)
        cap_font = theme.font("card", bold=False)
        word = QFontMetricsF(font).horizontalAdvance(self.text())
        cap = max(30.0, QFontMetricsF(cap_font).horizontalAdvance(key_text(self.key)) + 24)
        x = max(10.0, (self.width() - word - cap - 24) / 2)
        painter.setFont(font)
        painter.setPen(letters)
        room = self.width() - x - cap - 24
        shown = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 2)
        painter.drawText(QRectF(x, 0, room + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        box = QRectF(min(x + word, x + room) + 24, self.height() / 2 - 15, cap, 30)
        painter.setPen(QPen(letters, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(cap_font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key_text(self.key))


class Alarm(QWidget):
    """Covers the page; ``acknowledged``, ``wanted`` (the customer wants it too) and ``called`` are its three keys."""

    acknowledged = Signal()
    wanted = Signal()
    called = Signal()
    again = Signal()  # time to sound once more

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = AlarmText()
        self.back_button = _AlarmButton("Enter", solid=True, parent=self)
        self.wanted_button = _AlarmButton("5", parent=self)
        self.call_button = _AlarmButton("8", parent=self)
        self.back_button.clicked.connect(self.acknowledged)
        self.wanted_button.clicked.connect(self.wanted)
        self.call_button.clicked.connect(self.called)
        self._timer = QTimer(self)
        self._timer.setInterval(AGAIN_MS)
        self._timer.timeout.connect(self.again)
        self.hide()

    def raise_alarm(self, text: AlarmText, *, wanted: bool) -> None:
        """Cover the page; ``wanted`` offers to note that the customer wants the piece as well."""
        self.text = text
        self.back_button.setText(_("Put back, go on"))
        self.wanted_button.setText(_("Customer wants it too"))
        self.call_button.setText(_("Call the supervisor"))
        for button in (self.back_button, self.wanted_button, self.call_button):
            button.setAccessibleName(button.text())
        self.wanted_button.setVisible(wanted)
        self.setAccessibleName(" ".join(text.sentences))
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self._place()
        self.show()
        self.raise_()
        self.update()
        self._timer.start()

    def calm(self) -> None:
        """Take the alarm away."""
        self._timer.stop()
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        wide, top = self.width() - 2 * SIDE, self._buttons_top()
        first = round(wide * 0.385)
        rest = round((wide - first - 36) / 2)
        self.back_button.setGeometry(SIDE, top, first, 76)
        self.wanted_button.setGeometry(SIDE + first + 18, top, rest, 76)
        x = SIDE + first + 18 + (rest + 18 if not self.wanted_button.isHidden() else 0)
        self.call_button.setGeometry(x, top, rest, 76)

    def _buttons_top(self) -> int:
        return self.height() - 160

    # drawing ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("alarm"))
        white = QColor(theme.ALARM_TEXT)
        right = self.width() - SIDE
        spare = max(0, min(1, (self.height() - 600) / 168))
        top = 24 + 42 * spare
        icons.paint(painter, "octagon-alert", QRectF(SIDE, top, 66, 66), white)
        self._write(
            painter, QRectF(SIDE + 92, top, 500, 66), _("Wrong piece, please stop"), theme.font("figure"), white
        )
        soft = _white(0.85)
        font = theme.font("head", bold=False)
        for place, words in enumerate(self.text.corner):
            box = QRectF(right - 620, top + place * 36 - 4, 620, 36)
            self._write(painter, box, words, font, soft, Qt.AlignmentFlag.AlignRight)
        self._sentences(painter, top + 66, self._cards_top())
        self._cards(painter, right)
        foot = QRectF(SIDE, self._buttons_top() + 84, right - SIDE, 60)
        self._write(painter, foot, self.text.foot, theme.font("row"), soft)

    def _sentences(self, painter: QPainter, top: float, bottom: float) -> None:
        wide = self.width() - 2 * SIDE
        font = theme.font("alarm")
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        words = "\n".join(sentence for sentence in self.text.sentences if sentence)
        while font.pointSizeF() > 18:
            needed = QFontMetricsF(font).boundingRect(QRectF(0, 0, wide, 2000), int(flags), words)
            if needed.height() <= bottom - top and needed.width() <= wide:
                break
            font.setPointSizeF(font.pointSizeF() - 1)
        painter.setFont(font)
        painter.setPen(QColor(theme.ALARM_TEXT))
        painter.drawText(QRectF(SIDE, top, wide, bottom - top), int(flags), words)

    def _cards_top(self) -> float:
        return self._buttons_top() - 42 - self._card_height()

    def _card_height(self) -> float:
        return 210.0 if self.height() >= 740 else 170.0

    def _cards(self, painter: QPainter, right: int) -> None:
        top, high = self._cards_top(), self._card_height()
        wide = (right - SIDE - 18) / 2
        white = QColor(theme.ALARM_TEXT)
        light = theme.LIGHT
        for place, (piece, title, sign) in enumerate(
            ((self.text.expected, _("Should be"), "check"), (self.text.scanned, _("You scanned"), "x"))
        ):
            box = QRectF(SIDE + place * (wide + 18), top, wide, high)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(white if not place else _white(0.13))
            painter.drawRoundedRect(box, 8, 8)
            strong = QColor(light.text) if not place else white
            muted = QColor(light.muted) if not place else _white(0.85)
            icons.paint(painter, sign, QRectF(box.x() + 28, box.y() + 28, 28, 28),
                        QColor(light.ok) if not place else white, strong=True)  # fmt: skip
            inner = box.adjusted(28, 0, -28, 0)
            self._write(painter, QRectF(inner.x() + 40, inner.y() + 24, 300, 36), title, theme.font("page"), muted)
            name = QRectF(inner.x(), inner.y() + high * 0.33, inner.width(), 56)
            self._write(painter, name, piece.name or "—", theme.font("say"), strong)
            low = QRectF(inner.x(), inner.y() + high * 0.59, inner.width(), 46)
            self._write(painter, low, piece.code, theme.font("number"), muted)
            self._write(painter, low, piece.note, theme.font("head", bold=False), muted, Qt.AlignmentFlag.AlignRight)

    @staticmethod
    def _write(
        painter: QPainter, box: QRectF, words: str, font: QFont, colour: QColor,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:  # fmt: skip
        painter.setFont(font)
        painter.setPen(colour)
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)


def _white(part: float) -> QColor:
    """Return the alarm's white, let through in part."""
    colour = QColor(theme.ALARM_TEXT)
    colour.setAlphaF(part)
    return colour
