"""Small widgets of the call page: incoming or outgoing, rings to count, the number, tabs of open calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.core.text import shorten
from crmdesk.ui import icons, theme
from crmdesk.ui.widgets import Button, NoteEdit, TextEdit
from crmdesk.ui.widgets.labels import key_sequence, key_text

_TITLES = {"in": N_("Incoming call"), "out": N_("Outgoing call")}
TAB_WIDE, TAB_MOST = 24, 14  # characters on a tab: up to three calls open, and more of them
_ICONS = {"in": "phone-incoming", "out": "phone-outgoing"}


class DirectionSwitch(QAbstractButton):
    """The head of the call: a disc and a word; pressing it turns an incoming call into one we made."""

    value_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = "in"
        self.setFixedHeight(34)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.clicked.connect(self._turn)
        self._describe()

    def value(self) -> str:
        """Return in or out."""
        return self._value

    def set_value(self, value: object) -> None:
        """Show a direction without reporting a change."""
        self._value = str(value or "in")
        self._describe()

    def _turn(self) -> None:
        self.set_value("out" if self._value == "in" else "in")
        self.value_changed.emit()

    def _describe(self) -> None:
        self.setText(_(_TITLES[self._value]))
        self.setAccessibleName(self.text())
        self.setToolTip(_("Press to switch between incoming and outgoing"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(theme.text_width(self.text(), "head")) + 48, 34)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_hover" if self.underMouse() else "accent"))
        painter.drawEllipse(QRectF(0, 1, 32, 32))
        icons.paint(painter, _ICONS[self._value], QRectF(8, 9, 16, 16), "accent_text", strong=True)
        painter.setFont(theme.font("head"))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(44, 0, self.width() - 44, 34), Qt.AlignmentFlag.AlignVCenter, self.text())


class RingPicker(QWidget):
    """How often it rang, as dots: click, arrows or a digit; more than there are dots is kept as a number."""

    value_changed = Signal()
    DOTS, STEP = 5, 13

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._late_from = 0, self.DOTS
        self.setFixedSize(self.DOTS * self.STEP + 6, 24)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def value(self) -> int:
        """Return the count."""
        return self._value

    def set_value(self, value: object) -> None:
        """Show a count without reporting a change."""
        self._value = int(value) if isinstance(value, int) else 0
        self.setAccessibleDescription(str(self._value))
        self.update()

    def set_late_from(self, count: int) -> None:
        """From this count on the dots warn."""
        self._late_from = count
        self.update()

    def _choose(self, count: int) -> None:
        count = max(0, min(99, count))
        if count != self._value:
            self.set_value(count)
            self.value_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int((event.position().x() - 3) // self.STEP) + 1
        # a second press on the last dot counts on: the sixth, the seventh ring
        self._choose(self._value + 1 if place >= self.DOTS <= self._value else place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Plus):
            self._choose(self._value + 1)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Minus):
            self._choose(self._value - 1)
        elif len(event.text()) == 1 and event.text() in "0123456789":
            self._choose(int(event.text()))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        filled = "warning" if self._value >= self._late_from else "accent"
        for place in range(self.DOTS):
            painter.setBrush(theme.colour(filled if place < self._value else "line"))
            painter.drawEllipse(QRectF(5 + place * self.STEP, 8, 8, 8))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)


class CallerEdit(TextEdit):
    """The number in 20 pt; arrows walk the matches below, Enter takes one."""

    stepped = Signal(int)
    entered = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(size="big", parent=parent)
        self.setFont(theme.font("number", bold=False))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def bind_keys(owner: QWidget, buttons: Iterable[Button]) -> None:
    """Let the keys drawn on the buttons press them at once while ``owner`` is shown.

    A button's own shortcut waits a tenth of a second to show itself pressed; at the telephone that is long.
    """
    for button in buttons:
        QShortcut(key_sequence(button.key), owner).activated.connect(button.click)


class MatterEdit(NoteEdit):
    """The matter: takes the free height and gives it back first when an error or a list needs room."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumHeight())


class SheetTabs(QWidget):
    """The open calls side by side; shown only when there is more than one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._buttons: list[Button] = []
        self._keys: list[str] = []
        self.hide()

    def set_tabs(self, tabs: Sequence[tuple[str, str]], current: str) -> None:
        """Show (key, title) pairs; ``current`` is the one being written."""
        while len(self._buttons) < len(tabs):
            button = Button("", size="row", checkable=True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.clicked.connect(self._pressed)
            self._buttons.append(button)
            self._row.insertWidget(len(self._buttons) - 1, button)
        if self._row.count() == len(self._buttons):
            self._row.addStretch(1)
        self._keys = [key for key, _title in tabs]
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(tabs))
            if place < len(tabs):
                key, title = tabs[place]
                button.setText(shorten(title, TAB_MOST if len(tabs) > 3 else TAB_WIDE))
                button.setToolTip(f"{title} ({key_text('Ctrl+Tab')})")
                button.setChecked(key == current)
        self.setVisible(len(tabs) > 1)

    def titles(self) -> list[str]:
        """Return the words on the tabs."""
        return [button.text() for button in self._buttons if not button.isHidden()]

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 28)  # tabs that don't fit are reached by Ctrl+Tab

    def _pressed(self) -> None:
        place = self._buttons.index(self.sender())  # type: ignore[arg-type]  # only these are connected
        self._buttons[place].setChecked(True)
        self.chosen.emit(self._keys[place])
