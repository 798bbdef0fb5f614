"""What keeps the office's data from being opened, in plain words, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.ui.icons import IconLabel
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import Card, row
from crmdesk.ui.widgets.edits import PasswordEdit, Tick
from crmdesk.ui.widgets.labels import Label


@dataclass(frozen=True)
class Trouble:
    """One reason: ``title`` and ``hint`` are source texts (N_), ``sentence`` is translated already.

    ``asks_password`` shows a field for the database password.
    """

    title: str
    sentence: str
    hint: str = ""
    asks_password: bool = False


class TroublePane(QWidget):
    """Title, sentence, what to do, and the ways on: try again, another place, quit."""

    retry_requested = Signal()
    other_place_requested = Signal()
    quit_requested = Signal()
    password_given = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trouble = Trouble("", "")
        self.sign = IconLabel("unplug", "warning", 24, disc="warning", disc_size=52)
        self.title = Label("", "figure", wrap=True)
        self.sentence = Label("", "row", "text", wrap=True)
        self.hint = Label("", "body", "muted", wrap=True)
        self.password_label = Label("", "body", "muted")
        self.password = PasswordEdit(size="big")
        self.keep = Tick(N_("Keep it in this PC's password store"))
        self.keep.set_value(True)
        self.retry = Button("", kind="primary", key="Enter", size="side", icon="refresh-cw")
        self.other = Button("", icon="folder-open", size="side")
        self.leave = Button("", kind="link")
        self.card = Card(margins=(28, 28, 28, 24), spacing=10)
        self.card.add(
            row(self.sign, None), 6, self.title, self.sentence, self.hint, 6, self.password_label, self.password,
            self.keep, 10, row(self.retry, self.other, None, self.leave),
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        self.retry.clicked.connect(self._go_on)
        self.other.clicked.connect(self.other_place_requested)
        self.leave.clicked.connect(self.quit_requested)
        self.retranslate()

    def tell(self, trouble: Trouble) -> None:
        """Show another reason."""
        self._trouble = trouble
        self.sign.set_icon("key-round" if trouble.asks_password else "unplug")
        self.password.clear()
        self.retranslate()
        (self.password if trouble.asks_password else self.retry).setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self) -> None:
        if not self._trouble.asks_password:
            self.retry_requested.emit()
        elif self.password.text():
            self.password_given.emit(self.password.text(), self.keep.isChecked())
        else:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        asks = self._trouble.asks_password
        self.title.setText(_(self._trouble.title))
        self.sentence.setText(self._trouble.sentence)
        self.hint.setText(_(self._trouble.hint))
        self.hint.setVisible(bool(self._trouble.hint))
        self.password_label.setText(_("Password of the database"))
        self.password.setAccessibleName(_("Password of the database"))
        for widget in (self.password_label, self.password, self.keep):
            widget.setVisible(asks)
        self.retry.setText(_("Connect") if asks else _("Try again"))
        self.other.setText(_("Another place…"))
        self.leave.setText(_("Quit"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class WaitPane(QWidget):
    """One sentence and a moving bar while the data is opened, backed up or brought up to date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = Label("", "row", "muted", align=Qt.AlignmentFlag.AlignHCenter)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addStretch(1)
        column.addWidget(self.sentence)
        column.addWidget(self.bar)
        column.addStretch(1)

    def tell(self, sentence: str) -> None:
        """Say what is being done."""
        self.sentence.setText(sentence)
        self.bar.setAccessibleName(sentence)
