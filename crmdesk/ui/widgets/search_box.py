"""Searching: a field, and the joined list of matches under it with the typed part in bold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import icons, theme
from crmdesk.ui.widgets.edits import TextEdit
from crmdesk.ui.widgets.labels import CAP_HEIGHT, cap_width, paint_cap
from crmdesk.ui.widgets.pill import PILL_HEIGHT, paint_pill, pill_width

WAIT_MS = 120


class Match(NamedTuple):
    """One match: ``title`` bold, ``detail`` with the typed part bold, a pill, the rest muted; ``record`` is yours.

    One that is only a guess has a question, ``ask``: it is asked first, and taken at the second Enter or click.
    """

    title: str
    detail: str = ""
    pill: str = ""
    tone: str = "neutral"
    rest: str = ""
    record: Any = None
    icon: str = ""
    ask: str = ""


def typed_part(text: str, typed: str) -> tuple[int, int]:
    """Return where ``typed`` stands in ``text`` (start, length), blanks and dashes inside overlooked; (0, 0) if not."""
    letters = [(i, c.casefold()) for i, c in enumerate(text) if not c.isspace() and c not in "-()"]
    wanted = "".join(c.casefold() for c in typed if not c.isspace() and c not in "-()")
    plain = "".join(c for _i, c in letters)
    at = plain.rfind(wanted) if wanted.isdigit() and len(wanted) < len(plain) else plain.find(wanted)
    if not wanted or at < 0 or len(plain) != len(letters):
        return 0, 0
    first, last = letters[at][0], letters[at + len(wanted) - 1][0]
    return first, last - first + 1


class MatchList(QFrame):
    """Matches in rows of 36 px joined to the field above; arrows are sent by the field, Enter takes."""

    taken = Signal(object)

    def __init__(self, *, visible_rows: int = 6, take_word: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matches: list[Match] = []
        self._longest = (0.0, 0.0)  # pixels of the titles and the details
        self._widest = 0.0  # pixels of a whole row
        self._typed = ""
        self._at = self._asked = -1
        self._rows = visible_rows
        self.take_word = take_word
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def matches(self) -> list[Match]:
        """The matches shown."""
        return self._matches

    def set_matches(self, matches: Sequence[Match], typed: str = "") -> None:
        """Show these matches (as many as there is room for) and choose the first."""
        self._matches, self._typed = list(matches)[: self._rows], typed
        self._at, self._asked = 0 if self._matches else -1, -1
        titles, details = (max((theme.text_width(m[part], "strong") for m in self._matches), default=0.0) + 4
                           for part in (0, 1))  # fmt: skip
        self._longest = titles, details
        ends = (theme.text_width(m.rest, "body") + (pill_width(m.pill) + 8 if m.pill else 0) for m in self._matches)
        self._widest = titles + details + 16 + max(ends, default=0.0)
        self._describe()
        self.updateGeometry()
        self.update()

    def current(self) -> Match | None:
        """Return the chosen match."""
        return self._matches[self._at] if 0 <= self._at < len(self._matches) else None

    def step(self, rows: int) -> None:
        """Choose another match."""
        if self._matches:
            self._at, self._asked = max(0, min(len(self._matches) - 1, self._at + rows)), -1
            self._describe()
            self.update()

    def take(self) -> bool:
        """Take the chosen match as Enter does, a guess when it was asked for; False if there is none."""
        match = self.current()
        if match is not None and match.ask and not self.is_asking:
            self._asked = self._at
            self._describe()
            self.update()
        elif match is not None:
            self.taken.emit(match)
        return match is not None

    @property
    def is_asking(self) -> bool:
        """Whether the chosen match is a guess that waits for a yes."""
        return self._at >= 0 and self._asked == self._at

    def _describe(self) -> None:
        match = self.current()
        if match is not None and self.is_asking:
            self.setAccessibleName(f"{match.title}: {match.ask}")
            return
        self.setAccessibleName(" ".join(filter(None, match[:3])) if match else _("No match"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(320, len(self._matches) * 36 + 8 if self._matches else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def _place(self, event: QMouseEvent) -> int:
        return int((event.position().y() - 4) // 36)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place(event)
        if 0 <= place < len(self._matches) and place != self._at:
            self._at, self._asked = place, -1
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if 0 <= self._place(event) < len(self._matches):
            self._at = self._place(event)
            self.take()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, match in enumerate(self._matches):
            box = QRectF(4, 4 + place * 36, self.width() - 8, 36)
            chosen = place == self._at
            if chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent_soft"))
                painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 4, 4)
            self._paint_match(painter, box, match, chosen)

    def _paint_match(self, painter: QPainter, box: QRectF, match: Match, chosen: bool) -> None:
        right = box.right() - 8
        if self.take_word:  # its room is kept in every row, so that the columns stand under each other
            right -= self._paint_take(painter, box, right, chosen)
        x = box.left() + 12
        if match.icon:
            icons.paint(painter, match.icon, QRectF(x, box.center().y() - 8, 16, 16), "muted")
            x += 26
        unit = max(0.0, right - x)
        wide = box.width() >= _WIDE
        title_room = unit * 0.18 if wide else min(unit * 0.34, self._longest[0])
        self._words(painter, QRectF(x, box.top(), title_room, box.height()), match.title, bold=True)
        x += title_room + 8
        if chosen and self.is_asking:
            self._words(painter, QRectF(x, box.top(), max(0.0, right - x), box.height()), match.ask, token="warning")
            return
        detail_room = unit * 0.2 if wide else min(unit * 0.3, self._longest[1])
        if not match.rest and not match.pill:  # nothing else wants the room
            detail_room = max(0.0, right - x)
        self._typed_words(painter, QRectF(x, box.top(), detail_room, box.height()), match.detail)
        x += detail_room + 8
        if match.pill:
            width = min(pill_width(match.pill), max(0.0, right - x))
            rect = QRectF(x, round(box.center().y() - PILL_HEIGHT / 2), width, PILL_HEIGHT)
            paint_pill(painter, rect, match.pill, match.tone, selected=chosen)
        x += unit * 0.13 if wide else (pill_width(match.pill) + 8 if match.pill else 0)
        if right - x > 24:
            self._words(painter, QRectF(x, box.top(), right - x, box.height()), match.rest, token="muted")

    def _paint_take(self, painter: QPainter, box: QRectF, right: float, chosen: bool) -> float:
        word = _("Yes") if chosen and self.is_asking else self.take_word
        cap, width = cap_width("↵"), theme.text_width(word, "label")
        if box.width() < _WIDE and self._widest > box.width() - cap - width - 32:
            word, width = "", -8.0  # the key alone says it: a name and a shop need the room more
        if chosen:
            rect = QRectF(right - cap, box.center().y() - CAP_HEIGHT / 2, cap, CAP_HEIGHT)
            edge, ground = theme.colour("line_strong"), theme.colour("surface")
            paint_cap(painter, rect, "↵", theme.colour("muted"), edge, ground)
            painter.setFont(theme.font("label"))
            painter.setPen(theme.colour("accent"))
            left = right - cap - 8 - width
            painter.drawText(QRectF(left, box.top(), width + 1, box.height()), _VCENTER, word)
        return cap + width + 12

    def _words(self, painter: QPainter, box: QRectF, text: str, *, bold: bool = False, token: str = "text") -> None:
        font = theme.font("body", bold=bold)
        painter.setFont(font)
        painter.setPen(theme.colour(token))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.drawText(box, _VCENTER, shown)

    def _typed_words(self, painter: QPainter, box: QRectF, text: str) -> None:
        start, length = typed_part(text, self._typed)
        x = box.left()
        end = start + length
        for part, bold in ((text[:start], False), (text[start:end], True), (text[end:], False)):
            if part:
                font = theme.font("body", bold=bold)
                painter.setFont(font)
                painter.setPen(theme.colour("accent" if bold else "muted"))
                width = QFontMetricsF(font).horizontalAdvance(part)
                painter.drawText(QRectF(x, box.top(), width + 1, box.height()), _VCENTER, part)
                x += width


_WIDE = 560  # pixels from which the parts of the rows stand in columns
_VCENTER = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Popup(QFrame):
    """Ground of a list that hangs over the page under its field."""

    def __init__(self, content: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(content)
        self.hide()


class SearchBox(TextEdit):
    """A search field.

    Connect ``searched(text)`` (120 ms after the last key) and answer with ``show_matches([...])``; ``picked(Match)``
    comes back. With ``popup=False`` it only searches: ``stepped(rows)`` and ``entered(text)`` drive a list below.
    """

    searched = Signal(str)
    picked = Signal(object)
    entered = Signal(str)
    stepped = Signal(int)

    def __init__(
        self, *, placeholder: str = "", key: str = "", aside: str = "", popup: bool = True,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._key = key
        super().__init__(placeholder=placeholder, icon="search", parent=parent)
        self.set_aside(aside)
        self._wants_popup = popup
        self._popup: Popup | None = None
        self._list = MatchList(visible_rows=8)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._search)
        self.textEdited.connect(self._typed)
        self._list.taken.connect(self._taken)
        self._list.setParent(self)
        self._list.hide()

    def _margins(self) -> None:
        super()._margins()
        if self._key and not self._right_words()[0]:
            self.setTextMargins(24, 0, round(cap_width(self._key)) + 8, 0)

    def _typed(self, text: str) -> None:
        self._timer.start()

    def search_now(self) -> None:
        """Search at once for what is typed (Enter, a test)."""
        self._timer.stop()
        self._search()

    def _search(self) -> None:
        text = self.text().strip()
        if not text:
            self.close_matches()
        self.searched.emit(text)

    def show_matches(self, matches: Sequence[Match]) -> None:
        """Show the answer to ``searched`` under the field."""
        self._list.set_matches(matches, self.text().strip())
        if not self._wants_popup or not matches or not self.hasFocus():
            self.close_matches()
            return
        if self._popup is None:
            self._popup = Popup(self._list, self.window())
            self._list.show()
            self.window().installEventFilter(self)
        height = self._list.sizeHint().height() + 2
        corner = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        width = max(self.width(), 480)
        x = min(corner.x(), self.window().width() - width - 8)
        self._popup.setGeometry(x, corner.y(), width, height)
        self._popup.show()
        self._popup.raise_()

    def matches(self) -> list[Match]:
        """Return the matches shown under the field."""
        return self._list.matches if self._popup is not None and not self._popup.isHidden() else []

    def close_matches(self) -> None:
        """Take the list away."""
        if self._popup is not None:
            self._popup.hide()

    def _taken(self, match: object) -> None:
        self.close_matches()
        self.picked.emit(match)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        open_ = bool(self.matches())
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            rows = 1 if key == Qt.Key.Key_Down else -1
            if open_:
                self._list.step(rows)
            else:
                self.stepped.emit(rows)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():
                self.search_now()
            if not (self.matches() and self._list.take()):
                self.entered.emit(self.text().strip())
        elif key == Qt.Key.Key_Escape and (open_ or self.text()):
            self.close_matches()
            if not open_:
                self.clear()
                self.searched.emit("")
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.close_matches()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.close_matches()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._key and not self._right_words()[0]:
            width = cap_width(self._key)
            rect = QRectF(self.width() - width - 8, (self.height() - CAP_HEIGHT) / 2, width, CAP_HEIGHT)
            edge, ground = theme.colour("line_strong"), theme.colour("surface")
            paint_cap(QPainter(self), rect, self._key, theme.colour("muted"), edge, ground)
