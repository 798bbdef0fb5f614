"""The sheet beside the board: a card with a title, a body that scrolls, and its steps at the foot."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.services.context import Context
from crmdesk.services.visits import VisitRow
from crmdesk.ui.widgets import Button, Card, ClauseTag, ElideLabel, Label, Scroll, Well, row


class Sheet(Card):
    """Base of the reception's sheets; ``failed(error)`` lets the page say what a service refused."""

    closed = Signal()
    saved = Signal(int)  # the visit that was written
    failed = Signal(object)

    def __init__(self, ctx: Context, clause: str = "", parent: QWidget | None = None) -> None:
        super().__init__(margins=(20, 12, 20, 14), spacing=10, parent=parent)
        self.ctx = ctx
        self.visit: VisitRow | None = None
        self.heading = ElideLabel("", "head")
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.clause_tag = ClauseTag(clause, self)
        self.close_button = Button("", icon="x", kind="quiet", size="row")
        self.close_button.clicked.connect(self.closed)
        head = row(spacing=8)
        head.addWidget(self.heading, 1)
        head.addWidget(self.clause_tag)
        head.addWidget(self.close_button)
        self.add(head)
        content = QWidget()
        self.content = QVBoxLayout(content)
        self.content.setContentsMargins(2, 2, 6, 2)  # room for the focus ring
        self.content.setSpacing(10)
        self.scroller = Scroll(content, least=120)
        self.add(self.scroller)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(6)
        self.body.addLayout(self.foot)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.close_button.setAccessibleName(_("Close"))
        self.close_button.setToolTip(_("Close (Esc)"))

    def show_visit(self, visit: VisitRow) -> None:
        """Show another visit, or the same after it changed."""
        self.visit = visit

    def first_focus(self) -> None:
        """Put the focus where the hand is wanted."""

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        content = self.scroller.widget()
        if now is not None and content is not None and content.isAncestorOf(now):
            self.scroller.ensureWidgetVisible(now, 0, 28)  # with its label; Enter walks fields that are out of sight

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # arrows and letters in a sheet never reach the board behind it


class Saying(Well):
    """A sentence to be said to the guest, on the accent's soft ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tone="accent", parent=parent)
        self.label = Label("", "body", wrap=True)
        self.body.addWidget(self.label, 1)

    def say(self, sentence: str) -> None:
        """Show a sentence; '' hides it."""
        self.label.setText(sentence)
        self.setVisible(bool(sentence))
