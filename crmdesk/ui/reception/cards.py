"""The cards of the board, the signs at their foot, and the list of who left today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from crmdesk.core.dates import format_time
from crmdesk.core.i18n import _
from crmdesk.services.context import Context
from crmdesk.services.visits import VisitRow
from crmdesk.ui import icons, theme
from crmdesk.ui.reception import words
from crmdesk.ui.reception.words import Fact
from crmdesk.ui.widgets import ElideLabel, IconLabel, Label, Pill, Progress, TimerBand, VisitCard, row
from crmdesk.ui.widgets.labels import plain_tip

ROW = 27
HEAD = 30
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class FactLine(QWidget):
    """Small signs with words; those that find no room in a line stand in the next, so that none is lost."""

    LINE = 20
    SIGN, GAP = 19, 8  # pixels: a sign with the space behind it; between two facts

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: list[Fact] = []
        self.setFixedHeight(self.LINE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show these signs."""
        self._facts = list(facts)
        self.setVisible(bool(facts))
        self.setToolTip(plain_tip(words.joined(*(fact.word for fact in facts))))
        self._fit()
        self.update()

    def places(self) -> list[tuple[Fact, QRectF]]:
        """Return where each fact stands."""
        metrics = QFontMetricsF(theme.font("label"))
        found: list[tuple[Fact, QRectF]] = []
        x, y = 0.0, 0.0
        for fact in self._facts:
            wanted = self.SIGN + metrics.horizontalAdvance(fact.word) + 1
            if x and x + wanted > self.width():
                x, y = 0.0, y + self.LINE
            found.append((fact, QRectF(x, y, min(wanted, self.width() - x), self.LINE)))
            x += wanted + self.GAP
        return found

    def sizeHint(self) -> QSize:
        return QSize(120, self.LINE)

    def _fit(self) -> None:
        places = self.places()
        self.setFixedHeight(round(places[-1][1].bottom()) if places else self.LINE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font("label"))
        metrics = QFontMetricsF(painter.font())
        for fact, box in self.places():
            icons.paint(painter, fact.icon, QRectF(box.left(), box.top() + 3, 14, 14), fact.tone)
            words_box = box.adjusted(self.SIGN, 0, 0, 0)
            shown = metrics.elidedText(fact.word, Qt.TextElideMode.ElideRight, words_box.width())
            painter.setPen(theme.colour(fact.tone))
            painter.drawText(words_box, Qt.AlignmentFlag.AlignVCenter, shown)


class BoardCard(VisitCard):
    """One visit on the board. Arrows say ``moved(dx, dy)``, Enter ``stepped``, a double click ``opened``."""

    moved = Signal(int, int)
    stepped = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(None, parent)
        self._ctx = ctx
        self.visit: VisitRow | None = None
        self.name_label = ElideLabel("", "card")
        self.class_pill = Pill()
        self.detail_label = ElideLabel("", "body", "muted")
        self.band = TimerBand()
        self._band_room = QHBoxLayout()
        self._band_room.addWidget(self.band)
        self.progress = Progress()
        self.progress_label = Label("", "label", "muted")
        self._progress_room = QWidget()
        progress = QHBoxLayout(self._progress_room)
        progress.setContentsMargins(8, 4, 5, 4)
        progress.setSpacing(16)
        progress.addWidget(self.progress, 1)
        progress.addWidget(self.progress_label)
        self.warning_label = ElideLabel("", "label", "warning")
        self._warning_room = QWidget()
        warning = QHBoxLayout(self._warning_room)
        warning.setContentsMargins(8, 0, 5, 0)
        warning.setSpacing(6)
        warning.addWidget(IconLabel("circle-alert", "warning", 14))
        warning.addWidget(self.warning_label, 1)
        self.facts = FactLine()
        head, detail, foot = row(spacing=6), row(), row()
        head.addWidget(self.name_label, 1)
        head.addWidget(self.class_pill)
        detail.addWidget(self.detail_label, 1)
        foot.addWidget(self.facts, 1)
        for line in (head, detail, foot):
            line.setContentsMargins(8, 0, 5, 0)
        self.body.setContentsMargins(6, 8, 6, 8)
        self.body.setSpacing(5)
        for item in (head, detail, self._band_room):
            self.body.addLayout(item)
        self.body.addWidget(self._progress_room)
        self.body.addWidget(self._warning_room)
        self.body.addLayout(foot)

    def show_visit(self, visit: VisitRow, now: datetime) -> None:
        """Show a visit as it stands now."""
        self.visit = self.record = visit
        self.name_label.setText(visit.name)
        self.class_pill.set(words.class_word(visit.visitor_class), words.CLASS_TONES.get(visit.visitor_class))
        self.detail_label.setText(words.detail_of(self._ctx, visit))
        self.facts.set_facts(words.facts_of(self._ctx, visit))
        warning = words.warning_of(visit)
        self.warning_label.setText(warning)
        self._warning_room.setVisible(bool(warning))
        self._show_progress(visit)
        self.show_time(now)

    def show_time(self, now: datetime) -> None:
        """Let the minute go on."""
        if self.visit is None:
            return
        band = words.band_of(self._ctx, self.visit, now)
        self.band.setVisible(band is not None)
        if band is not None:
            self.band.set(*band)
            loud = band.tone != "neutral"
            self._band_room.setContentsMargins(*((0, 0, 0, 0) if loud else (8, 0, 5, 0)))
        spoken = (self.name_label.text(), self.class_pill.text(), self.detail_label.text())
        self.setAccessibleName(", ".join(filter(None, (*spoken, *(band[:2] if band else ()), self._spoken_facts()))))

    def _spoken_facts(self) -> str:
        return ", ".join(filter(None, (self.warning_label.text(), self.facts.toolTip())))

    def _show_progress(self, visit: VisitRow) -> None:
        done, total, tone = 0, 0, "accent"
        if visit.state == "settling" and visit.slip_state:
            done, total = words.SLIP_PARTS.get(visit.slip_state, 0), 3
        elif visit.state == "leaving":
            done, total = words.send_off_done(self._ctx, visit)
        self._progress_room.setVisible(total > 0)
        self.progress.set(done, max(1, total), tone)
        self.progress_label.setText(f"{done} / {total}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                event.ignore()
            else:
                self.stepped.emit(self.record)
        elif key == Qt.Key.Key_Space:
            self.opened.emit(self.record)
        elif key in _ARROWS:
            self.moved.emit(*_ARROWS[key])
        else:
            event.ignore()


class LeftList(QWidget):
    """Who left today: time, name, how long they were here; a click opens the visit."""

    opened = Signal(object)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._visits: tuple[VisitRow, ...] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_visits(self, visits: Sequence[VisitRow]) -> None:
        """Show these visits, the latest first."""
        self._visits = tuple(visits)
        self._at = max(0, min(self._at, len(visits) - 1))
        self.setFixedHeight(HEAD + ROW * len(self._visits) + 2 if self._visits else 0)
        self.setVisible(bool(self._visits))
        self.setAccessibleName(_("Left today: {count}").format(count=len(self._visits)))
        self.setAccessibleDescription(", ".join(visit.name for visit in self._visits))
        self.update()

    def visits(self) -> tuple[VisitRow, ...]:
        """Return the visits shown."""
        return self._visits

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width, middle = self.width() - 12, Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("label", bold=True))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRectF(6, 0, width, HEAD), middle, f"{_('Left')} {len(self._visits)}")
        for place, visit in enumerate(self._visits):
            box = QRectF(6, HEAD + place * ROW, width, ROW)
            self._paint_row(painter, box, visit)
            if self.hasFocus() and place == self._at:
                painter.setPen(QPen(theme.colour("focus"), 2))
                painter.drawRoundedRect(box.adjusted(-4, 1, 4, -1), 4, 4)

    def _paint_row(self, painter: QPainter, box: QRectF, visit: VisitRow) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        time = format_time(self._ctx.clock.local(visit.left_at)) if visit.left_at else ""
        span = words.minutes_word(words.seconds_here(visit, self._ctx.clock.now()) // 60)
        painter.setFont(theme.font("label"))
        painter.setPen(theme.colour("muted"))
        painter.drawText(box, middle, time)
        right = QFontMetricsF(painter.font()).horizontalAdvance(span)
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, span)
        left = box.left() + 46
        if visit.key_out:
            icons.paint(painter, "key-round", QRectF(left, box.center().y() - 7, 14, 14), "warning")
            left += 18
        name = QRectF(left, box.top(), max(0.0, box.right() - right - 8 - left), ROW)
        painter.setPen(theme.colour("text"))
        shown = QFontMetricsF(painter.font()).elidedText(visit.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, middle, shown)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int((event.position().y() - HEAD) // ROW)
        if 0 <= place < len(self._visits):
            self._at = place
            self.opened.emit(self._visits[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._at = max(0, min(len(self._visits) - 1, self._at + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._visits:
            self.opened.emit(self._visits[self._at])
        else:
            event.ignore()
