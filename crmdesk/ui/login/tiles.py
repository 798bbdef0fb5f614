"""People as tiles: one press, one digit or the arrows choose who signs in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import theme
from crmdesk.ui.widgets.card import Scroll

COLUMNS = 4
TILE = QSize(122, 108)
GAP = 10


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in; ``role`` is a source text (N_), ``can_help`` may set new passwords."""

    login: str
    name: str
    role: str = ""
    can_help: bool = False


class PersonTile(QAbstractButton):
    """One person: first character of the name on a disc, name, role, and the digit that chooses it."""

    def __init__(self, person: Person, digit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person = person
        self._digit = str(digit) if digit < 10 else ""
        self._ringed = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the row of tiles has the focus as one
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(TILE.height())
        self.retranslate()

    def retranslate(self) -> None:
        """Write name and role for a screen reader."""
        self.setText(self.person.name)
        self.setAccessibleName(_("{name}, {role}").format(name=self.person.name, role=_(self.person.role)))
        self.update()

    def set_ringed(self, ringed: bool) -> None:
        """Draw the focus ring: the tiles have the keyboard and this one is chosen."""
        self._ringed = ringed
        self.update()

    def sizeHint(self) -> QSize:
        return TILE

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, hover = self.isChecked(), self.underMouse()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(theme.colour("accent_soft" if chosen else "hover" if hover else "surface"))
        edge = "focus" if self._ringed else "accent" if chosen else "line"
        painter.setPen(QPen(theme.colour(edge), 3 if self._ringed else 2 if chosen else 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        middle = self.width() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if chosen else "neutral_soft"))
        disc = QRectF(middle - 20, 14, 40, 40)
        painter.drawEllipse(disc)
        painter.setFont(theme.font("head"))
        painter.setPen(theme.colour("accent_text" if chosen else "muted"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, self.person.name[:1])
        self._line(painter, self.person.name, 60, "strong" if chosen else "body", "text")
        self._line(painter, _(self.person.role), 82, "label", "muted")
        if self._digit:
            painter.setFont(theme.font("label"))
            painter.setPen(theme.colour("muted" if chosen else "faint"))
            painter.drawText(QRectF(self.width() - 24, 7, 16, 16), Qt.AlignmentFlag.AlignCenter, self._digit)

    def _line(self, painter: QPainter, text: str, top: int, role: str, colour: str) -> None:
        font = theme.font(role)
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, self.width() - 16)
        painter.drawText(QRectF(8, top, self.width() - 16, 20), Qt.AlignmentFlag.AlignCenter, shown)


class PeopleTiles(QWidget):
    """All people; ``chosen`` when one is taken, ``accepted`` when the password is next (digit, Enter, click)."""

    chosen = Signal(str)
    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: list[PersonTile] = []
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grid_host = QWidget()
        self._grid = QGridLayout(self._grid_host)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self.scroll_area = Scroll(self._grid_host, least=TILE.height() + 2)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QGridLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.scroll_area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(TILE.height() + 2)
        self._describe()

    def set_people(self, people: Sequence[Person], login: str = "") -> None:
        """Show these people; the one with ``login`` (else the first) is chosen."""
        kept = login or self.login()
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self._tiles = []
        for place, person in enumerate(people):
            tile = PersonTile(person, place + 1, self._grid_host)
            tile.clicked.connect(self._clicked)
            self._grid.addWidget(tile, place // COLUMNS, place % COLUMNS)
            self._tiles.append(tile)
            tile.show()
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        rows = min(2, -(-len(people) // COLUMNS)) or 1
        extra = 8 if len(people) > 2 * COLUMNS else 0  # a little of the third row shows that there is more
        self.setFixedHeight(rows * TILE.height() + (rows - 1) * GAP + 2 + 3 * extra)
        self._current = -1
        places = {tile.person.login: place for place, tile in enumerate(self._tiles)}
        self.choose(places.get(kept, 0))

    def people(self) -> list[Person]:
        """Return the people shown."""
        return [tile.person for tile in self._tiles]

    def login(self) -> str:
        """Return the sign-in name of the chosen person, '' for none."""
        return self._tiles[self._current].person.login if 0 <= self._current < len(self._tiles) else ""

    def choose(self, place: int) -> None:
        """Choose by place."""
        if not 0 <= place < len(self._tiles):
            return
        changed = place != self._current
        self._current = place
        for index, tile in enumerate(self._tiles):
            tile.setChecked(index == place)
        self.scroll_area.ensureWidgetVisible(self._tiles[place], 0, 4)
        self._describe()
        self._ring()
        if changed:
            self.chosen.emit(self.login())

    def move_choice(self, by: int) -> None:
        """Choose the next or an earlier person."""
        if self._tiles:
            self.choose(max(0, min(len(self._tiles) - 1, self._current + by)))

    def retranslate(self) -> None:
        """Write the roles in the language in force."""
        for tile in self._tiles:
            tile.retranslate()
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleName(_("Who are you?"))
        self.setAccessibleDescription(self._tiles[self._current].accessibleName() if self.login() else "")

    def _clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, PersonTile):
            self.choose(self._tiles.index(tile))
            self.accepted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS,
        }  # fmt: skip
        key = Qt.Key(event.key())
        digit = int(event.text()) if event.text() in "123456789" and event.text() else 0
        if key in steps:
            self.move_choice(steps[key])
        elif 0 < digit <= len(self._tiles):
            self.choose(digit - 1)
            self.accepted.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.accepted.emit()
        else:
            super().keyPressEvent(event)

    def _ring(self) -> None:
        for index, tile in enumerate(self._tiles):
            tile.set_ringed(self.hasFocus() and index == self._current)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_tiles"):
            self.retranslate()
        super().changeEvent(event)


