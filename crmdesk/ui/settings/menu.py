"""The list of sections at the left of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui import icons, theme

HEIGHT = 36


class _Item(QAbstractButton):
    def __init__(self, key: str, icon: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.key, self._icon, self._title = key, icon, title
        self.setCheckable(True)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def retranslate(self) -> None:
        self.setText(_(self._title))
        self.setAccessibleName(_(self._title))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if chosen or self.underMouse() or self.hasFocus():
            painter.setPen(theme.colour("focus") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(0, 9, 3, HEIGHT - 18), 1.5, 1.5)
        icons.paint(painter, self._icon, QRectF(12, 9, 18, 18), "accent" if chosen else "muted", strong=chosen)
        painter.setFont(theme.font("body", bold=chosen))
        painter.setPen(theme.colour("text"))
        room = QRectF(40, 0, self.width() - 44, HEIGHT)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())


class SectionMenu(QWidget):
    """Buttons under each other; Alt and the number choose too."""

    chosen = Signal(str)

    def __init__(self, entries: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._items = [_Item(key, icon, title, self) for key, icon, title in entries]
        for place, item in enumerate(self._items):
            item.clicked.connect(self._clicked)
            column.addWidget(item)
            shortcut = QShortcut(QKeySequence(f"Alt+{place + 1}"), self)
            shortcut.activated.connect(item.click)
        self.retranslate()

    def mark(self, key: str) -> None:
        """Draw this one as open."""
        for item in self._items:
            item.setChecked(item.key == key)

    def press(self, key: str) -> None:
        """Choose as a click does."""
        next(item for item in self._items if item.key == key).click()

    def retranslate(self) -> None:
        """Write the titles in the language in force."""
        for item in self._items:
            item.retranslate()

    def _clicked(self) -> None:
        item = self.sender()
        if isinstance(item, _Item):
            self.chosen.emit(item.key)
