"""The first window: brand panel left, at the right who signs in, what goes wrong, or what is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crmdesk import __version__
from crmdesk.core.clock import Clock
from crmdesk.core.i18n import _, dotted
from crmdesk.ui.login.brand import NARROW, WIDTH, BrandPanel
from crmdesk.ui.login.sign_in import SignInPane
from crmdesk.ui.login.tiles import Person

if TYPE_CHECKING:
    from crmdesk.ui.login.trouble import Trouble, TroublePane, WaitPane

FORM_WIDTH = 520
NARROW_BELOW = 1180


class LoginWindow(QWidget):
    """Shows one of three panes; the app listens to the window and to ``sign_in``, and decides.

    Only the sign-in pane is made at once, for the first paint; ``trouble`` and ``wait`` when they are asked for, so
    the window itself passes on what is wanted on the trouble pane.
    """

    closing = Signal()
    retry_requested = Signal()
    other_place_requested = Signal()
    quit_requested = Signal()
    password_given = Signal(str, bool)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._company = ""
        self._pack = ""
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.brand = BrandPanel()
        self.sign_in = SignInPane(clock)
        self._trouble: TroublePane | None = None
        self._wait: WaitPane | None = None
        self.panes = QStackedWidget()
        self._hosts = {"sign_in": _centred(self.sign_in)}
        self.panes.addWidget(self._hosts["sign_in"])
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

    @property
    def trouble(self) -> TroublePane:
        """The pane of what keeps the data from being opened."""
        if self._trouble is None:
            from crmdesk.ui.login.trouble import TroublePane

            self._trouble = pane = TroublePane()
            pane.retry_requested.connect(self.retry_requested)
            pane.other_place_requested.connect(self.other_place_requested)
            pane.quit_requested.connect(self.quit_requested)
            pane.password_given.connect(self.password_given)
            self._add_pane("trouble", pane)
        return self._trouble

    @property
    def wait(self) -> WaitPane:
        """The pane of what is being done."""
        if self._wait is None:
            from crmdesk.ui.login.trouble import WaitPane

            self._wait = WaitPane()
            self._add_pane("wait", self._wait)
        return self._wait

    def _add_pane(self, name: str, pane: QWidget) -> None:
        self._hosts[name] = _centred(pane)
        self.panes.addWidget(self._hosts[name])

    def show_people(self, people: Sequence[Person], login: str = "") -> None:
        """Show the sign-in pane with these people and put the focus into the password."""
        self.sign_in.show_people(people, login)
        self.show_sign_in()
        self.sign_in.focus_password()

    def show_office(self, company: str, pack: str, hours: tuple[time, time] | None) -> None:
        """Write whose office it is, by which regulation, and when it is open today (None: not at all)."""
        self._company, self._pack = company, pack
        self.sign_in.show_opening(hours)
        self.retranslate()

    def show_trouble(self, trouble: Trouble) -> None:
        """Say what keeps the data from being opened."""
        pane = self.trouble
        self.panes.setCurrentWidget(self._hosts["trouble"])
        pane.tell(trouble)

    def show_wait(self, sentence: str) -> None:
        """Say what is being done."""
        self.wait.tell(sentence)
        self.panes.setCurrentWidget(self._hosts["wait"])

    def show_sign_in(self) -> None:
        """Show the sign-in pane."""
        self.panes.setCurrentWidget(self._hosts["sign_in"])

    @property
    def pane(self) -> str:
        """Which pane is shown: sign_in, trouble or wait."""
        return next(name for name, host in self._hosts.items() if host is self.panes.currentWidget())

    def retranslate(self) -> None:
        """Write the window's own texts in the language in force."""
        self.setWindowTitle(_("Sign in · CRM Desk"))
        parts = [self._company, _("version {version}").format(version=__version__)]
        if self._pack:
            parts.append(_("regulation: {name}").format(name=self._pack))
        self.brand.set_foot(dotted(*parts))

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

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)

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
