"""What the till is made of: a large sum with its label, and the key of a note or coin."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _, language
from crmdesk.core.money import format_number
from crmdesk.ui import theme
from crmdesk.ui.widgets import Card, Label
from crmdesk.ui.widgets.labels import CAP_HEIGHT, cap_width, paint_cap


def joined(parts: Iterable[str]) -> str:
    """Return the parts with a middle dot between them, full width in Chinese already."""
    return ("·" if language().startswith("zh") else " · ").join(part for part in parts if part)


class SumCard(Card):
    """A label with a small line under it, and the sum at the right in 56 pt; ``edge`` draws the ring around it."""

    def __init__(self, colour: str = "text", *, edge: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(margins=(28, 8, 28, 8), parent=parent)
        self._edge = edge
        self.name_label = Label("", "station", bold=False)
        self.detail_label = Label("", "row", "muted")
        self.sum_label = Label("", "cash", colour, align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.name_label)
        words.addWidget(self.detail_label)
        words.addStretch(1)
        self._line = QHBoxLayout()
        self._line.addLayout(words, 1)
        self._line.addWidget(self.sum_label)
        self.body.addLayout(self._line, 1)
        self.setMinimumHeight(118)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def put_editor(self, editor: QLineEdit) -> None:
        """Write the sum in a field instead of a label; the ring is there while the field takes something."""
        self.sum_label.hide()
        editor.setFont(theme.font("cash"))
        editor.setFrame(False)
        editor.setProperty("bare", True)
        editor.setMaxLength(16)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        editor.setStyleSheet("QLineEdit { border: none; background: transparent; padding: 0; }")
        editor.setMinimumWidth(300)
        editor.setFixedHeight(96)
        self._line.addWidget(editor, 2)

    def set_edge(self, edge: bool) -> None:
        """Draw the ring or leave it out."""
        self._edge = edge
        self.update()

    def show_sum(self, name: str, detail: str, amount: str) -> None:
        """Write label, small line and sum."""
        self.name_label.setText(name)
        self.detail_label.setText(detail)
        self.detail_label.setVisible(bool(detail))
        self.sum_label.setText(amount)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._edge:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)


class NoteKey(QAbstractButton):
    """A note or coin with the digit that counts it and how many there are."""

    pressed_note = Signal(object)

    def __init__(self, digit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit, self.note, self._count = digit, Decimal(0), 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._clicked)

    def set_note(self, note: Decimal) -> None:
        """Stand for this note."""
        self.note = note
        self.setAccessibleName(_("Note or coin of {amount}").format(amount=format_number(note)))
        self.update()

    def set_count(self, count: int) -> None:
        """Show how many were counted."""
        if count != self._count:
            self._count = count
            self.update()

    def _clicked(self) -> None:
        self.pressed_note.emit(self.note)

    def sizeHint(self) -> QSize:
        return QSize(150, 52)  # what is left over is shared out; a banner above must not push the last row out

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 46)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        chosen = self._count > 0
        live = self.isEnabled()
        ground = "accent_soft" if chosen or self.isDown() else "hover" if self.underMouse() else "surface"
        ground = ground if live or chosen else "sunken"
        painter.setPen(QPen(theme.colour("accent_line" if chosen else "line_strong" if live else "line"), 1))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(theme.colour("text" if live else "muted" if chosen else "faint"))
        painter.setFont(theme.font("page"))
        painter.drawText(box.adjusted(16, 0, -50, 0), Qt.AlignmentFlag.AlignVCenter, format_number(self.note))
        cap = str(self._digit)
        width = cap_width(cap)
        where = QRectF(box.right() - width - 10, box.top() + 8, width, CAP_HEIGHT)
        if live:
            paint_cap(painter, where, cap, theme.colour("muted"),
                      theme.colour("line_strong"), theme.colour("surface"))  # fmt: skip
        if chosen:
            painter.setPen(theme.colour("accent"))
            painter.setFont(theme.font("card"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
            painter.drawText(box.adjusted(0, 0, -12, -6), right, f"× {self._count}")
