"""The brand panel of the set-up window: the steps, where one is, what is done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import icons, theme
from crmdesk.ui.login.brand import LETTERS, MIDDLE, SOFT, BrandPanel


class StepPanel(BrandPanel):
    """Shows the titles of the steps (source texts) with their numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: Sequence[str] = ()
        self._at = 0

    def set_steps(self, steps: Sequence[str], at: int) -> None:
        """Show these steps; those before ``at`` are done."""
        self._steps, self._at = tuple(steps), at
        words = [f"{'✓ ' if i < at else ''}{_(step)}" for i, step in enumerate(self._steps)]
        self.setAccessibleName("; ".join(words))
        self.update()

    def _promise(self, painter: QPainter, left: float, top: float) -> float:
        painter.setPen(LETTERS)
        font = theme.font("figure")
        font.setPointSizeF(24)
        painter.setFont(font)
        room = QRectF(left, 150, self.width() - left - 24, 200)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        words = _("Ready in two minutes.")
        painter.drawText(room, flags, words)
        return painter.boundingRect(room, flags, words).bottom()

    def _points(self, painter: QPainter, left: float, top: float) -> None:
        for place, step in enumerate(self._steps):
            disc = QRectF(left, top, 28, 28)
            done, now = place < self._at, place == self._at
            painter.setPen(QPen(LETTERS if now or done else QColor(255, 255, 255, 110), 1.5))
            painter.setBrush(LETTERS if now else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(disc)
            if done:
                icons.paint(painter, "check", disc.adjusted(7, 7, -7, -7), LETTERS, strong=True)
            else:
                painter.setFont(theme.font("label_strong"))
                painter.setPen(MIDDLE if now else SOFT)
                painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(place + 1))
            painter.setFont(theme.font("row", bold=now))
            painter.setPen(LETTERS if now else SOFT)
            words = QRectF(left + 42, top, self.width() - left - 60, 28)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _(step))
            if place < len(self._steps) - 1:
                painter.setPen(QPen(QColor(255, 255, 255, 60), 1.5))
                painter.drawLine(int(left + 14), int(top + 31), int(left + 14), int(top + 43))
            top += 46
