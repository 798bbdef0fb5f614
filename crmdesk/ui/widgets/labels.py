"""Words and small signs: labels by use and colour, key caps, avatars, dots and hairlines."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from crmdesk.core.i18n import language
from crmdesk.ui import theme

CAP_HEIGHT = 18
_SIGNS = {
    "Return": "↵", "Enter": "↵", "Plus": "+", "Backspace": "⌫", "Escape": "Esc", "Left": "←", "Right": "→", "Up": "↑",
    "Down": "↓",
}  # fmt: skip


class Label(QLabel):
    """A word or sentence: ``role`` is a key of theme.SIZES, ``colour`` a token (text, muted, accent, danger …)."""

    def __init__(
        self, text: str = "", role: str = "body", colour: str = "text", *, bold: bool | None = None, wrap: bool = False,
        align: Qt.AlignmentFlag | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(text, parent)
        self.setFont(theme.font(role, bold=bold))
        self.setProperty("colour", colour)
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)  # a customer's "<b>" is a name, not a mark-up
        if align is not None:
            self.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)

    def set_colour(self, colour: str) -> None:
        """Use another token for the letters."""
        if self.property("colour") != colour:
            self.setProperty("colour", colour)
            theme.restyle(self)


def plain_tip(text: str) -> str:
    """Return a text for ``setToolTip`` that shows as it is typed: Qt would take a customer's "<b>" for mark-up."""
    return f"<span>{escape(text)}</span>".replace("\n", "<br>") if "<" in text or "&" in text else text


class ElideLabel(Label):
    """A label that shortens with … when there is no room and shows the whole text as a tip."""

    def __init__(self, text: str = "", role: str = "body", colour: str = "text", **more: Any) -> None:
        self._whole = text
        super().__init__("", role, colour, **more)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._fit()

    def text(self) -> str:
        return self._whole

    def _fit(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideRight, max(0, self.width()))
        if shown != super().text():
            super().setText(shown)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._whole) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(16, QFontMetrics(self.font()).height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class Rule(QWidget):
    """A hairline across; ``strong`` for the line above a sum."""

    def __init__(self, *, strong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = "line_strong" if strong else "line"
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.colour(self._token))


class Dot(QWidget):
    """A small round sign of state in the colour of a token; always beside a word."""

    def __init__(self, token: str = "ok", size: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self.setFixedSize(size, size)

    def set_colour(self, token: str) -> None:
        """Show another state."""
        self._token = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._token))
        painter.drawEllipse(QRectF(self.rect()))


class RingDots(QWidget):
    """How often the telephone rang, as dots: ``count`` filled ones of ``total``."""

    def __init__(self, count: int = 0, total: int = 5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._total = count, total
        self.setFixedSize(total * 13, 12)

    def set_count(self, count: int) -> None:
        """Fill that many dots (more than there are: all)."""
        self._count = count
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for place in range(self._total):
            painter.setBrush(theme.colour("accent" if place < self._count else "line"))
            painter.drawEllipse(QRectF(place * 13 + 1, 2, 8, 8))


class Avatar(QWidget):
    """The first character of a name on a soft circle."""

    def __init__(self, name: str = "", size: int = 44, *, solid: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._solid = name, solid
        self.setFixedSize(size, size)

    def set_name(self, name: str, *, solid: bool | None = None) -> None:
        """Show another person's first character."""
        self._name = name
        self._solid = self._solid if solid is None else solid
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if self._solid else "accent_soft"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(theme.colour("accent_text" if self._solid else "accent"))
        font = theme.font("strong")
        font.setPointSizeF(max(8.5, self.width() * 0.3))
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._name.strip()[:1].upper())


def key_text(key: str) -> str:
    """Return how a key is written on a cap: ``Ctrl+Return`` becomes ``Ctrl ↵``."""
    if key in ("Enter", "Return"):
        return "Enter"
    words = key.replace("++", "+Plus").split("+") if len(key) > 1 else [key]
    return " ".join(_SIGNS.get(word, word) for word in words)


def key_sequence(key: str) -> QKeySequence:
    """Return the shortcut of a cap's key; Enter and Return mean the big key."""
    return QKeySequence(key.replace("Enter", "Return"))


def cap_width(key: str) -> float:
    """Return the width of a key cap."""
    return _cap_width(key_text(key), language())


@lru_cache(maxsize=256)  # the same dozen caps on every page; the face follows the language
def _cap_width(words: str, code: str) -> float:
    return max(20.0, QFontMetricsF(theme.font("keycap")).horizontalAdvance(words) + 14)


def paint_cap(painter: QPainter, rect: QRectF, key: str, letters: QColor, edge: QColor, ground: QColor | None) -> None:
    """Draw a key cap: 1 px edge, radius 4, the key in 8.5 pt."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(theme.font("keycap"))
    painter.setPen(letters)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key_text(key))


class Keycap(QWidget):
    """A key as it stands on the keyboard."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setFixedHeight(CAP_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(cap_width(self._key)), CAP_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        muted, edge, ground = theme.colour("muted"), theme.colour("line_strong"), theme.colour("surface")
        paint_cap(QPainter(self), QRectF(self.rect()), self._key, muted, edge, ground)


class KeyHint(QWidget):
    """A cap with its word, as in the status line: ``[F2] Call``."""

    def __init__(self, key: str, word: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Keycap(key))
        row.addWidget(Label(word, "label", "muted"))
