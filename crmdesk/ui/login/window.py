"""The first window: brand panel left, at the right who signs in, what goes wrong, or what is waited for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crmdesk import __version__
from crmdesk.core.clock import Clock
from crmdesk.core.i18n import _
from crmdesk.ui.login.brand import NARROW, WIDTH, BrandPanel
from crmdesk.ui.login.sign_in import SignInPane
from crmdesk.ui.login.tiles import Person
from crmdesk.ui.login.trouble import Trouble, TroublePane, WaitPane

FORM_WIDTH = 520
NARROW_BELOW = 1180


class LoginWindow(QWidget):
    """Shows one of three panes; the app listens to ``sign_in``, ``trouble`` and decides."""

    closing = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._company = ""
        self._pack = ""
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.brand = BrandPanel()
        self.sign_in = SignInPane(clock)
        self.trouble = TroublePane()
        self.wait = WaitPane()
        self.panes = QStackedWidget()
        for pane in (self.sign_in, self.trouble, self.wait):
            self.panes.addWidget(_centred(pane))
        right = QVBoxLayout()
        right.setContentsMargins(32, 20, 32, 20)
        right.addWidget(self.panes)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.brand)
        whole.addLayout(right, 1)
        self.setMinimumSize(960, 600)
        screen = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(1366, screen.width()), min(768, screen.height()))
        self.retranslate()

    def show_people(self, people: Sequence[Person], login: str = "") -> None:
        """Show the sign-in pane with these people and put the focus into the password."""
        self.sign_in.show_people(people, login)
        self.panes.setCurrentIndex(0)
        self.sign_in.focus_password()

    def show_office(self, company: str, pack: str, opens: str) -> None:
        """Write whose office it is, by which regulation, and when it opens."""
        self._company, self._pack = company, pack
        self.sign_in.show_opening(opens)
        self.retranslate()

    def show_trouble(self, trouble: Trouble) -> None:
        """Say what keeps the data from being opened."""
        self.panes.setCurrentIndex(1)
        self.trouble.tell(trouble)

    def show_wait(self, sentence: str) -> None:
        """Say what is being done."""
        self.wait.tell(sentence)
        self.panes.setCurrentIndex(2)

    def show_sign_in(self) -> None:
        """Show the sign-in pane."""
        self.panes.setCurrentIndex(0)

    @property
    def pane(self) -> str:
        """Which pane is shown: sign_in, trouble or wait."""
        return ("sign_in", "trouble", "wait")[self.panes.currentIndex()]

    def retranslate(self) -> None:
        """Write the window's own texts in the language in force."""
        self.setWindowTitle(_("Sign in · CRM Desk"))
        parts = [self._company, _("version {version}").format(version=__version__)]
        if self._pack:
            parts.append(_("regulation: {name}").format(name=self._pack))
        self.brand.set_foot(" · ".join(part for part in parts if part))

    def sizeHint(self) -> QSize:
        return QSize(1366, 768)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.brand.setFixedWidth(NARROW if self.width() < NARROW_BELOW else WIDTH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.pane == "sign_in":
            self.sign_in.clear()
            self.sign_in.focus_password()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: object) -> None:
        self.closing.emit()
        super().closeEvent(event)  # type: ignore[arg-type]

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _centred(pane: QWidget) -> QWidget:
    host = QWidget()
    pane.setMaximumWidth(FORM_WIDTH)
    box = QHBoxLayout(host)
    box.setContentsMargins(0, 0, 0, 0)
    column = QVBoxLayout()
    column.addStretch(2)
    column.addWidget(pane)
    column.addStretch(3)
    box.addStretch(1)
    box.addLayout(column, 100)
    box.addStretch(1)
    return host
