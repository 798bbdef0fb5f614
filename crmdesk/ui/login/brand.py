"""The coloured panel at the left of the sign-in and set-up windows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.ui import icons, theme

WIDTH = 500
NARROW = 380
# The panel looks the same in both themes: it is the program's face, not a ground for reading.
TOP, MIDDLE, FOOT = QColor("#1A7C84"), QColor("#146067"), QColor("#0E474D")
LETTERS, SOFT = QColor("#FFFFFF"), QColor("#D5EBEC")

FOOT_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap

POINTS = (
    ("phone", N_("Calls, visits, repairs, complaints: written down once")),
    ("alarm-clock", N_("Reminded in time, and each deadline names its clause")),
    ("shield-check", N_("Who may see it, who changed it: all on record")),
)


class BrandPanel(QWidget):
    """Name, promise and three points; ``set_foot`` writes the line at the foot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._foot = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_foot(self, text: str) -> None:
        """Write company, version and regulation at the foot."""
        self._foot = text
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = self.width(), self.height()
        ground = QLinearGradient(QPointF(0, 0), QPointF(width * 0.7, height))
        ground.setColorAt(0, TOP)
        ground.setColorAt(0.5, MIDDLE)
        ground.setColorAt(1, FOOT)
        painter.fillRect(self.rect(), ground)
        self._rings(painter, QPointF(width - 30, height - 70))
        left = 56 if width >= 450 else 36
        self._name(painter, left)
        top = max(150.0, height * 0.28)
        top = self._promise(painter, left, top)
        self._points(painter, left, top + 36)
        painter.setFont(theme.font("label"))
        painter.setPen(SOFT)
        painter.drawText(self._foot_room(left), FOOT_FLAGS, self._foot)

    def _foot_room(self, left: float) -> QRectF:
        return QRectF(left, self.height() - 106, self.width() - left - 20, 62)  # a long company takes more lines

    def _rings(self, painter: QPainter, centre: QPointF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 34), 1.5))
        for radius in (120, 190, 260, 330, 400):
            painter.drawEllipse(centre, radius, radius)

    def _name(self, painter: QPainter, left: float) -> None:
        box = QRectF(left, 56, 44, 44)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(LETTERS)
        painter.drawRoundedRect(box, 10, 10)
        icons.paint(painter, "book-open-check", QRectF(left + 10, 66, 24, 24), MIDDLE, strong=True)
        painter.setPen(LETTERS)
        painter.setFont(_sized(18))
        words = QRectF(left + 60, 56, self.width() - left - 70, 44)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "CRM Desk")

    def _promise(self, painter: QPainter, left: float, top: float) -> float:
        painter.setPen(LETTERS)
        painter.setFont(_sized(28 if self.width() >= 450 else 22))
        room = QRectF(left, top, self.width() - left - 24, 400)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        promise = _("What the rules say\nis what the day does.")
        painter.drawText(room, flags, promise)
        return painter.boundingRect(room, flags, promise).bottom()

    def _points(self, painter: QPainter, left: float, top: float) -> None:
        font = theme.font("row")
        for name, text in POINTS:
            icons.paint(painter, name, QRectF(left, top + 1, 18, 18), SOFT)
            painter.setFont(font)
            painter.setPen(SOFT)
            room = QRectF(left + 32, top - 1, self.width() - left - 52, 200)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, _(text))
            top = painter.boundingRect(room, flags, _(text)).bottom() + 20


def _sized(points: float) -> QFont:
    font = theme.font("figure")
    font.setPointSizeF(points)
    return font
