"""One line of a checklist, large enough to be read standing: its digit, its sign, what it asks, who settled it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crmdesk.services.checklists import LineRow
from crmdesk.ui import icons, theme
from crmdesk.ui.checklists import words

TEXT, LABEL, EDGE = 23, 18, 10  # pixels of a line of words, of the muted line, above and below
LEFT, RIGHT = 84, 16
LEAST = 220
_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)


class LineButton(QAbstractButton):
    """Space or a click asks to tick it or to take the tick back; ``entered`` when the focus comes."""

    entered = Signal(str)
    stepped = Signal(int)  # to the line below (1) or above (-1)

    def __init__(self, digit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit = digit
        self.row: LineRow | None = None
        self._text = self._detail = ""
        self.chosen = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)  # wrapped words need two lines
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(LEAST)

    def show_row(self, row: LineRow, text: str, detail: str) -> None:
        """Show a line as it stands now."""
        self.row, self._text, self._detail = row, text, detail
        self.setText(text)
        self.setAccessibleName(f"{self.digit} {text}")
        state = words.STATES["done"] if row.state == "ticked" else ""
        self.setAccessibleDescription(", ".join(filter(None, (state and words._(state), detail))))
        self.updateGeometry()
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Mark the line the panel beside speaks of."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRectF(0, 0, max(80, width - LEFT - RIGHT), 1000)
        high = QFontMetricsF(theme.font("head", bold=False)).boundingRect(room, _FLAGS, self._text).height()
        lines = max(1, round(high / TEXT))
        return lines * TEXT + (LABEL if self._detail else 0) + 2 * EDGE + (0 if self._detail else 6)

    def sizeHint(self) -> QSize:
        return QSize(420, self.heightForWidth(max(self.width(), LEAST)))

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, self.heightForWidth(max(self.width(), LEAST)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.row is not None:
            self.entered.emit(self.row.line.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.row is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = self.row.state
        done = state == "ticked"
        box = QRectF(self.rect())
        focus = self.hasFocus()
        edge = "focus" if focus else "accent_line" if self.chosen or done else "line"
        ground = "accent_soft" if self.chosen else "hover" if self.underMouse() else "surface"
        inset = 1.0 if focus else 0.5
        painter.setPen(QPen(theme.colour(edge), 2 if focus else 1))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 8, 8)
        painter.setFont(theme.font("head"))
        painter.setPen(theme.colour("accent"))
        middle = EDGE + TEXT / 2 if self._detail else box.height() / 2
        if self.digit <= 9:
            painter.drawText(QRectF(16, middle - 12, 20, 24), int(Qt.AlignmentFlag.AlignVCenter), str(self.digit))
        sign, token = words.SIGNS[state]
        icons.paint(painter, sign, QRectF(44, middle - 11, 22, 22), token)
        painter.setFont(theme.font("head", bold=False))
        painter.setPen(theme.colour("muted" if done and not self.chosen else "text"))
        low = LABEL + EDGE if self._detail else 0
        painter.drawText(QRectF(LEFT, EDGE if self._detail else 0, box.width() - LEFT - RIGHT, box.height() - low
                                - (EDGE if self._detail else 0)), _FLAGS, self._text)  # fmt: skip
        if self._detail:
            painter.setFont(theme.font("label"))
            painter.setPen(theme.colour("danger" if state == "fault" else "muted"))
            room = box.width() - LEFT - RIGHT
            shown = QFontMetricsF(painter.font()).elidedText(self._detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(LEFT, box.height() - EDGE - LABEL, room, LABEL),
                             int(Qt.AlignmentFlag.AlignVCenter), shown)  # fmt: skip
