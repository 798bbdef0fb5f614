"""F1: the keys and the clauses of the page one is on, over the right of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Card, Scroll, clear
from crmdesk.ui.widgets.labels import Keycap, Label, Rule
from crmdesk.ui.widgets.pill import ClauseTag

WIDTH = 380
SHADE = QColor(0, 0, 0, 90)


class _Shade(QWidget):
    """Dims the window under the panel, so that what the panel covers isn't read as cut; a click takes both away."""

    pressed = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), SHADE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class HelpPanel(Card):
    """A card over the page's right side; Esc, F1 or a click beside it closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(margins=(20, 16, 12, 16), parent=parent)
        self._close = Button("", icon="x", kind="quiet", size="row")
        self._close.clicked.connect(self.hide)
        self.add_action(self._close)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(8)
        self.body.addWidget(Scroll(self._content), 1)
        self._window = parent
        self.shade = _Shade(parent)
        self.shade.hide()
        self.shade.pressed.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def fill(
        self, title: str, keys: Sequence[tuple[str, str]], general: Sequence[tuple[str, str]],
        clauses: Sequence[tuple[str, str]],
    ) -> None:  # fmt: skip
        """Show the page's keys, the keys that work everywhere, and (clause, text) pairs."""
        self._close.setAccessibleName(_("Close"))
        self.set_title(_("Help: {title}").format(title=title))
        clear(self._column)
        if keys:
            self._section(_("Keys here"), keys)
        self._section(_("Keys everywhere"), general)
        if clauses:
            self._column.addWidget(Rule())
            self._column.addWidget(Label(_("What the regulation asks here"), "label_strong", "muted"))
            for clause, text in clauses:
                self._column.addWidget(ClauseTag(clause), 0, Qt.AlignmentFlag.AlignLeft)
                self._column.addWidget(Label(text, "body", "text", wrap=True))
        self._column.addStretch(1)

    def _section(self, title: str, keys: Sequence[tuple[str, str]]) -> None:
        self._column.addWidget(Label(title, "label_strong", "muted"))
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 72)
        for place, (key, word) in enumerate(keys):
            grid.addWidget(Keycap(key), place, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(Label(word), place, 1)
        self._column.addWidget(box)

    def open(self) -> None:
        """Show the panel at the right of its parent."""
        self._place()
        self.shade.show()
        self.shade.raise_()
        self.show()
        self.raise_()
        self._close.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> None:
        parent = self._window
        self.shade.setGeometry(parent.rect())
        width = min(WIDTH, parent.width() - 32)
        self.setGeometry(parent.width() - width - 20, 52, width, max(200, parent.height() - 52 - 37))

    def hideEvent(self, event: QHideEvent) -> None:
        self.shade.hide()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)
