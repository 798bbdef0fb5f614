"""A card over the right side of a window or page: what it covers is dimmed; Esc or a click beside it closes it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Card, Scroll

SHADE = QColor(0, 0, 0, 90)
EDGE = 20  # what stays free at the right


class _Shade(QWidget):
    """Dims what is under the panel, so that what the panel covers isn't read as cut; a click takes both away."""

    pressed = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), SHADE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class SidePanel(Card):
    """What is told goes into ``column``, which scrolls; typing goes on where it was when the panel closes."""

    def __init__(self, over: QWidget, *, width: int, above: int, below: int) -> None:
        super().__init__(margins=(20, 16, 12, 16), parent=over)
        self._over, self._wide, self._above, self._below = over, width, above, below
        self._back_to: QWidget | None = None
        self.close_button = Button("", key="Esc", icon="x", kind="quiet", size="row")
        self.close_button.clicked.connect(self.close_panel)
        content = QWidget()
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(8)
        self.body.addWidget(Scroll(content), 1)
        self.shade = _Shade(over)
        self.shade.hide()
        self.shade.pressed.connect(self.close_panel)
        over.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show the panel; the focus goes to what closes it."""
        if self.isHidden():
            self._back_to = QApplication.focusWidget()
        self.close_button.setAccessibleName(_("Close"))
        self.close_button.key_word = _("Close")
        self._place()
        self.shade.show()
        self.shade.raise_()
        self.show()
        self.raise_()
        self.first_focus()

    def first_focus(self) -> None:
        """Put the focus where a hand is wanted first."""
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_panel(self) -> None:
        """Hide the panel; typing goes on where it was."""
        self.hide()
        if self._back_to is not None and self._back_to.isVisible():
            self._back_to.setFocus(Qt.FocusReason.PopupFocusReason)
        self._back_to = None

    def _place(self) -> None:
        over = self._over
        self.shade.setGeometry(over.rect())
        width = min(self._wide, over.width() - 32)
        height = max(200, over.height() - self._above - self._below)
        self.setGeometry(over.width() - width - EDGE, self._above, width, height)

    def hideEvent(self, event: QHideEvent) -> None:
        self.shade.hide()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks inside the panel only: what lies under it is dimmed."""
        if not super().focusNextPrevChild(forward):
            return False
        found = QApplication.focusWidget()
        if found is not None and not self.isAncestorOf(found):
            self._end_of(forward).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _end_of(self, forward: bool) -> QWidget:
        """Return where the walk through the panel begins again: its first widget, or its last one backwards."""
        found = self.nextInFocusChain() if forward else self.previousInFocusChain()
        while found is not None and found is not self:
            takes = bool(found.focusPolicy() & Qt.FocusPolicy.TabFocus) and found.isEnabled()
            if takes and found.isVisibleTo(self) and self.isAncestorOf(found):
                return found
            found = found.nextInFocusChain() if forward else found.previousInFocusChain()
        return self.close_button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)
