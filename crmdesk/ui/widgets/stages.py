"""Where a case stands: stages as bars with used / limit, and the steps of a slip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.ui import icons, theme


class Stage(NamedTuple):
    """One stage: ``detail`` is used / limit, ``part`` how much of it is used; ``state`` done, late, now or open."""

    name: str
    detail: str = ""
    part: float = 0.0
    state: str = "open"


class StageBar(QWidget):
    """Stages side by side; done ones full, late ones amber with a sign, the present one bold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: list[Stage] = []
        self.setFixedHeight(54)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """Show these stages."""
        self._stages = list(stages)
        self.setAccessibleDescription(", ".join(f"{s.name} {s.detail}" for s in self._stages))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(max(60, 64 * len(self._stages)), 54)

    def sizeHint(self) -> QSize:
        return QSize(140 * max(1, len(self._stages)), 54)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = len(self._stages)
        if not count:
            return
        width = (self.width() - 6 * (count - 1)) / count
        for place, stage in enumerate(self._stages):
            self._paint(painter, QRectF(place * (width + 6), 0, width, 54), stage)

    def _paint(self, painter: QPainter, box: QRectF, stage: Stage) -> None:
        late = stage.state == "late"
        part = 1.0 if stage.state in ("done", "late") else max(0.0, min(1.0, stage.part))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("neutral_soft"))
        painter.drawRoundedRect(QRectF(box.left(), 4, box.width(), 6), 3, 3)
        if part > 0:
            painter.setBrush(theme.colour("warning" if late else "accent"))
            painter.drawRoundedRect(QRectF(box.left(), 4, max(6.0, box.width() * part), 6), 3, 3)
        x = box.left()
        if stage.state in ("done", "late"):
            sign, colour = ("triangle-alert", "warning") if late else ("check", "accent")
            icons.paint(painter, sign, QRectF(x, 16, 14, 14), colour)
            x += 20
        font = theme.font("body", bold=stage.state == "now")
        painter.setFont(font)
        painter.setPen(theme.colour("muted" if stage.state == "open" else "text"))
        room = box.right() - x - 2
        words = QFontMetricsF(font).elidedText(stage.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(x, 13, room + 2, 20), Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(theme.font("label"))
        painter.setPen(theme.colour("warning" if late else "muted"))
        words = QFontMetricsF(painter.font()).elidedText(stage.detail, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(QRectF(box.left(), 33, box.width(), 18), Qt.AlignmentFlag.AlignVCenter, words)


class Step(NamedTuple):
    """One step with a muted note at the right; ``state`` done, now or open."""

    name: str
    note: str = ""
    state: str = "open"


class StepList(QWidget):
    """Numbered steps under each other on a line; done ones with a tick, the present one filled and bold."""

    def __init__(self, *, step_height: int = 42, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[Step] = []
        self._height = step_height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps."""
        self._steps = list(steps)
        self.setAccessibleDescription(", ".join(f"{n}. {s.name} {s.note}" for n, s in enumerate(self._steps, 1)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, max(0, len(self._steps) - 1) * self._height + 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, step in enumerate(self._steps):
            top = place * self._height + 1
            if place + 1 < len(self._steps):
                painter.setPen(QPen(theme.colour("line_strong"), 1))
                painter.drawLine(11, top + 26, 11, top + self._height - 4)
            self._paint_disc(painter, QRectF(1, top, 20, 20), place, step)
            bold = step.state == "now"
            painter.setFont(theme.font("body", bold=bold))
            painter.setPen(theme.colour("text"))
            name = painter.fontMetrics().horizontalAdvance(step.name) + 4
            painter.drawText(QRectF(34, top, name, 20), Qt.AlignmentFlag.AlignVCenter, step.name)
            painter.setFont(theme.font("label"))
            painter.setPen(theme.colour("muted"))
            room = self.width() - 34 - name - 12
            note = QFontMetricsF(painter.font()).elidedText(step.note, Qt.TextElideMode.ElideRight, room)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(self.width() - room, top, room, 20), side, note)

    def _paint_disc(self, painter: QPainter, box: QRectF, place: int, step: Step) -> None:
        if step.state == "open":
            painter.setPen(QPen(theme.colour("line_strong"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent" if step.state == "now" else "accent_soft"))
            painter.drawEllipse(box)
        if step.state == "done":
            icons.paint(painter, "check", box.adjusted(3, 3, -3, -3), "accent")
            return
        painter.setFont(theme.font("label", bold=step.state == "now"))
        painter.setPen(theme.colour("accent_text" if step.state == "now" else "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(place + 1))
