"""What only the packing station draws: the piece, its boxes, the lines of the slip, and keys to be seen from afar."""

from __future__ import annotations

import bisect
import itertools
import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from crmdesk.core.i18n import _, ngettext
from crmdesk.services.packing import LineRow
from crmdesk.ui import icons, theme

LINE_HEIGHT = 58
KEY_HEIGHT = 56
MOST_BOXES = 60
_SHAPES = (
    ("bracelet", ("鍊", "鏈", "链", "鐲", "镯", "bracelet", "bangle", "chain")),
    ("ring", ("戒", "ring")),
)


class ItemPicture(QWidget):
    """Where the photo of a piece stands; without one, a drawing of its kind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setFixedWidth(330)
        self.setMinimumHeight(160)

    def set_item(self, name: str) -> None:
        """Draw the kind of piece the name speaks of."""
        self._name = name
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        lower = self._name.casefold()
        shape = next((shape for shape, words in _SHAPES if any(word in lower for word in words)), "")
        centre = QPointF(self.width() / 2, self.height() / 2)
        size = min(self.width() - 90.0, self.height() - 60.0)
        if size < 40 or not self._name:
            return
        if shape == "bracelet":
            self._beads(painter, centre, size / 2, size * 0.385, 30)
        elif shape == "ring":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for width, token in ((18.0, "last_year"), (3.0, "surface")):
                painter.setPen(QPen(theme.colour(token), width))
                painter.drawEllipse(centre, size * 0.36, size * 0.36)
        else:
            side = size * 0.42
            icons.paint(
                painter, "gem", QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side), "last_year"
            )  # fmt: skip

    def _beads(self, painter: QPainter, centre: QPointF, wide: float, high: float, count: int) -> None:
        light, dark = theme.colour("surface"), theme.colour("line_strong")
        places = _around(wide, high, count)
        radius = math.hypot(places[1].x() - places[0].x(), places[1].y() - places[0].y()) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        for place in places:
            bead = QPointF(centre.x() + place.x(), centre.y() + place.y())
            shine = QRadialGradient(QPointF(bead.x() - radius / 3, bead.y() - radius / 3), radius * 1.5)
            shine.setColorAt(0, light if not theme.current().dark else theme.colour("muted"))
            shine.setColorAt(1, dark)
            painter.setBrush(shine)
            painter.drawEllipse(bead, radius, radius)


def _around(wide: float, high: float, count: int) -> list[QPointF]:
    """Return places at equal distances on an ellipse."""
    fine = [2 * math.pi * step / 720 for step in range(721)]
    line = [QPointF(wide * math.cos(angle), high * math.sin(angle)) for angle in fine]
    lengths = [0.0]
    for before, after in itertools.pairwise(line):
        lengths.append(lengths[-1] + math.hypot(after.x() - before.x(), after.y() - before.y()))
    wanted = [lengths[-1] * place / count for place in range(count)]
    return [line[bisect.bisect_left(lengths, length)] for length in wanted]


class PieceBoxes(QWidget):
    """One box per piece, filling with ✓; many pieces share a bar instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._packed = self._wanted = 0
        self.setFixedHeight(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, packed: int, wanted: int) -> None:
        """Fill ``packed`` of ``wanted`` boxes."""
        self._packed, self._wanted = packed, wanted
        rows = self._rows()
        self.setFixedHeight(rows * 26 + (rows - 1) * 8)
        self.setAccessibleName(_("{packed} of {wanted} packed").format(packed=packed, wanted=wanted))
        self.update()

    def _columns(self) -> int:
        return 10 if self._wanted <= 20 else 20

    def _rows(self) -> int:
        if self._wanted > MOST_BOXES or not self._wanted:
            return 1
        return max(1, math.ceil(self._wanted / self._columns()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._wanted > MOST_BOXES:
            self._bar(painter)
            return
        columns = self._columns()
        gap = 8 if columns == 10 else 5
        wide = (self.width() - gap * (columns - 1)) / columns
        for place in range(self._wanted):
            box = QRectF((place % columns) * (wide + gap), (place // columns) * 34, wide, 26)
            full = place < self._packed
            painter.setPen(Qt.PenStyle.NoPen if full else QPen(theme.colour("line_strong"), 1))
            painter.setBrush(theme.colour("accent_soft" if full else "surface"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            if full:
                spot = QRectF(box.center().x() - 8, box.center().y() - 8, 16, 16)
                icons.paint(painter, "check", spot, "accent", strong=True)

    def _bar(self, painter: QPainter) -> None:
        whole = QRectF(0, 0, self.width(), 26)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("neutral_soft"))
        painter.drawRoundedRect(whole, 6, 6)
        painter.setBrush(theme.colour("accent"))
        part = self._packed / self._wanted if self._wanted else 0
        if part:
            painter.drawRoundedRect(QRectF(0, 0, max(12.0, whole.width() * part), 26), 6, 6)


class LineList(QWidget):
    """The lines of the slip: ✓ packed, × crossed out, ▸ in hand, ○ still to come."""

    clicked = Signal(int)  # id of a line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[LineRow, ...] = ()
        self._current: int | None = None
        self.setMinimumWidth(200)

    def set_lines(self, lines: tuple[LineRow, ...], current: int | None) -> None:
        """Show these lines, one of them in hand."""
        self._lines, self._current = lines, current
        self.setFixedHeight(max(1, len(lines)) * LINE_HEIGHT)
        self.setAccessibleName(_("Lines of the slip"))
        done = sum(line.full for line in lines)
        said = ngettext("{done} of {total} line done", "{done} of {total} lines done", len(lines))
        self.setAccessibleDescription(said.format(done=done, total=len(lines)))
        self.update()

    def place_of(self, line_id: int | None) -> QRectF:
        """Return where a line stands."""
        place = next((i for i, line in enumerate(self._lines) if line.id == line_id), 0)
        return QRectF(0, place * LINE_HEIGHT, self.width(), LINE_HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y()) // LINE_HEIGHT
        if 0 <= place < len(self._lines):
            self.clicked.emit(self._lines[place].id)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, line in enumerate(self._lines):
            box = QRectF(0, place * LINE_HEIGHT, self.width(), LINE_HEIGHT)
            if box.intersects(QRectF(event.rect())):
                self._paint_line(painter, box, line, last=place == len(self._lines) - 1)

    def _paint_line(self, painter: QPainter, box: QRectF, line: LineRow, *, last: bool) -> None:
        current = line.id == self._current
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(box.adjusted(8, 2, -8, -2), 6, 6)
        elif not last:
            painter.fillRect(QRectF(20, box.bottom() - 1, box.width() - 40, 1), theme.colour("line"))
        sign, tone = _sign(line, current)
        icons.paint(painter, sign, QRectF(20, box.center().y() - 9, 18, 18), tone, strong=line.full)
        words = _amount(line)
        crossed = line.tick == "x"
        font = theme.font("row", bold=True)
        painter.setFont(font)
        wide = QFontMetricsF(font).horizontalAdvance(words) + 4
        painter.setPen(theme.colour("danger" if crossed else "muted" if line.full else "text"))
        painter.drawText(
            QRectF(box.right() - 20 - wide, box.y(), wide, box.height()),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words,
        )  # fmt: skip
        room = box.width() - 50 - 20 - wide - 12
        font = theme.font("row", bold=current)
        painter.setFont(font)
        painter.setPen(theme.colour("danger" if crossed else "muted" if line.full and not current else "text"))
        name = QFontMetricsF(font).elidedText(line.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(50, box.y() + 8, room + 2, 22), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.font("label"))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRectF(50, box.y() + 31, room, 18), Qt.AlignmentFlag.AlignVCenter, line.code)


def _sign(line: LineRow, current: bool) -> tuple[str, str]:
    if line.tick == "x":
        return "x", "danger"
    if line.full:
        return "check", "ok"
    return ("chevron-right", "accent") if current else ("circle", "muted")


def _amount(line: LineRow) -> str:
    if line.tick == "x":
        word = _("Faulty {count}") if line.reason == "faulty" else _("Not wanted {count}")
        return word.format(count=line.crossed)
    if line.quantity < 0:  # goods taken back on this slip: nothing to pack
        return f"−{-line.quantity}"
    amount = f"{line.packed} / {line.wanted}" if line.packed and not line.full else str(line.wanted)
    return f"{amount}  (−{line.crossed})" if line.crossed else amount


class StationKey(QAbstractButton):
    """A number key of the station: the digit large, its word beside; drawn off while it can't act."""

    def __init__(self, digit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit = digit
        self._ready = True
        self._word = ""
        self._small = False
        self.setFixedHeight(KEY_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the station keeps the focus: it reads scanner and keys
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, word: str, *, ready: bool = True, reason: str = "") -> None:
        """Show a word; '' leaves the key blank and dead."""
        self._word, self._ready = word, ready and bool(word)
        self.setEnabled(bool(word))
        self.setToolTip(reason)
        self.setAccessibleName(f"{self.digit} {word}")
        self.setAccessibleDescription(reason)
        self.update()

    @property
    def word(self) -> str:
        """The word beside the digit."""
        return self._word

    @property
    def ready(self) -> bool:
        """Whether the key acts now; if not, pressing it says what is missing."""
        return self._ready

    def too_wide(self, word: str) -> bool:
        """Whether a word needs the small letters."""
        return QFontMetricsF(theme.font("row")).horizontalAdvance(word) > self.width() - 46

    def set_small(self, small: bool) -> None:
        """Write with small letters; the nine keys share one size, and a word does not change it."""
        self._small = small
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(130, KEY_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(84, KEY_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hover = self.underMouse() and self._ready
        painter.setPen(QPen(theme.colour("line_strong" if self._ready else "line"), 1))
        painter.setBrush(theme.colour("hover" if hover or self.isDown() else "surface" if self._ready else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        font = theme.font("timer", bold=True)
        painter.setFont(font)
        painter.setPen(theme.colour("accent" if self._ready else "faint"))
        painter.drawText(QRectF(14, 0, 20, self.height()), Qt.AlignmentFlag.AlignVCenter, str(self.digit))
        room = self.width() - 38 - 8
        font = theme.font("label" if self._small else "row")
        painter.setFont(font)
        painter.setPen(_letters(self._ready))
        words = QFontMetricsF(font).elidedText(self._word, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(38, 0, room + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)


def _letters(ready: bool) -> QColor:
    return theme.colour("text" if ready else "faint")
