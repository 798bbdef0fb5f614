"""A year on one sheet: which days the office works, which are holidays, made up for, or the office's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crmdesk.core.dates import format_day_weekday, weekday
from crmdesk.core.i18n import _, language
from crmdesk.services.working_time import DayMark, YearView
from crmdesk.ui import theme

MONTHS_ACROSS, MONTHS_DOWN = 4, 3
GAP = 14
TITLE, LETTERS, WEEKS = 18, 14, 6
#: What a day looks like by its kind: (ground, letters) as colours of the theme.
LOOKS: Mapping[str, tuple[str, str]] = {
    "open": ("", "text"),
    "weekend": ("", "faint"),
    "holiday": ("danger_soft", "danger"),
    "make_up": ("ok_soft", "ok"),
    "own_open": ("accent_soft", "accent"),
    "own_closed": ("warning_soft", "warning"),
}


class YearGrid(QWidget):
    """Twelve months; arrows walk from day to day, Page Up and Page Down change the year, Enter takes the day."""

    walked = Signal(object)  # DayMark
    taken = Signal(object)  # DayMark
    year_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: dict[date, DayMark] = {}
        self._year = 2000
        self._at = date(2000, 1, 1)
        self._today: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def current(self) -> DayMark | None:
        """The day the keys stand on."""
        return self._days.get(self._at)

    def show_year(self, view: YearView, today: date) -> None:
        """Show a year; the chosen day stays the same one in it."""
        self._days = {mark.day: mark for mark in view.days}
        if view.year != self._year:
            self._at = today if today.year == view.year else date(view.year, 1, 1)
        self._year, self._today = view.year, today
        self._tell()
        self.update()

    def choose(self, day: date) -> None:
        """Stand on a day of the year shown."""
        if day in self._days:
            self._at = day
            self._tell()
            self.update()

    def retranslate(self) -> None:
        """Write the name for screen readers in the language in force."""
        self._tell()

    def _tell(self) -> None:
        mark = self.current
        self.setAccessibleName(_("Year {year}").format(year=self._year))
        if mark is not None:
            self.setAccessibleDescription(day_sentence(mark))
            self.walked.emit(mark)

    # geometry -------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(MONTHS_ACROSS * 7 * 19 + 3 * GAP, MONTHS_DOWN * (TITLE + LETTERS + WEEKS * 17) + 2 * GAP)

    def minimumSizeHint(self) -> QSize:
        return QSize(MONTHS_ACROSS * 7 * 14 + 3 * GAP, MONTHS_DOWN * (TITLE + LETTERS + WEEKS * 14) + 2 * GAP)

    def _cell(self) -> tuple[float, float]:
        wide = (self.width() - (MONTHS_ACROSS - 1) * GAP) / MONTHS_ACROSS / 7
        month = (self.height() - (MONTHS_DOWN - 1) * GAP) / MONTHS_DOWN
        return min(wide, 26.0), min((month - TITLE - LETTERS) / WEEKS, 22.0)

    def _corner(self, month: int) -> QPointF:
        wide, high = self._cell()
        across, down = (month - 1) % MONTHS_ACROSS, (month - 1) // MONTHS_ACROSS
        return QPointF(across * (wide * 7 + GAP), down * (TITLE + LETTERS + high * WEEKS + GAP))

    def box(self, day: date) -> QRectF:
        """Return where a day is drawn."""
        wide, high = self._cell()
        corner = self._corner(day.month)
        week = (day.replace(day=1).weekday() + day.day - 1) // 7
        return QRectF(corner.x() + day.weekday() * wide, corner.y() + TITLE + LETTERS + week * high, wide, high)

    # painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, _high = self._cell()
        for month in range(1, 13):
            corner = self._corner(month)
            painter.setFont(theme.font("label", bold=True))
            painter.setPen(theme.colour("muted"))
            title = QRectF(corner.x() + 3, corner.y(), wide * 7, TITLE)
            painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _month(month))
            painter.setFont(theme.font("keycap"))
            painter.setPen(theme.colour("faint"))
            for column in range(7):
                letter = QRectF(corner.x() + column * wide, corner.y() + TITLE, wide, LETTERS)
                painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, weekday(date(2024, 1, 1 + column))[:2])
        for mark in self._days.values():
            self._paint_day(painter, mark)

    def _paint_day(self, painter: QPainter, mark: DayMark) -> None:
        box = self.box(mark.day)
        ground, letters = LOOKS[mark.kind]
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if mark.day == self._today:
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if mark.day == self._at and self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
        painter.setFont(theme.font("label", bold=mark.day == self._today))
        painter.setPen(theme.colour(letters))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(mark.day.day))

    # keys and clicks ------------------------------------------------------------------------------------------

    def _day_at(self, spot: QPointF) -> DayMark | None:
        return next((mark for mark in self._days.values() if self.box(mark.day).contains(spot)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        mark = self._day_at(event.position())
        if mark is not None:
            self.choose(mark.day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        mark = self._day_at(event.position())
        if mark is not None:
            self.taken.emit(mark)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = Qt.Key(event.key())
        if key in steps:
            self.choose(self._at + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.year_asked.emit(self._year + (1 if key == Qt.Key.Key_PageDown else -1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if (mark := self.current) is not None:
                self.taken.emit(mark)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)


def _month(month: int) -> str:
    return QLocale(language()).standaloneMonthName(month, QLocale.FormatType.ShortFormat)


def day_sentence(mark: DayMark) -> str:
    """Return a day in words: 2026-10-10 (Sat): 09:00-18:00 · make-up working day."""
    hours = mark.hours.replace("-", "–") or _("closed")
    day = format_day_weekday(mark.day)
    return _("{day}: {hours}").format(day=day, hours=hours) + (f" · {mark.name}" if mark.name else "")
