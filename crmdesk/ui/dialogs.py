"""The one place for boxes that ask or tell. Dialogs are rare; each has a default button and Esc means no.

Everything goes through ``provider``, so that tests can put a strict fake in its place: an unplanned box fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui.widgets.button import Button
from crmdesk.ui.widgets.card import row
from crmdesk.ui.widgets.edits import NoteEdit, PasswordEdit, TextEdit
from crmdesk.ui.widgets.labels import Label

Choices = Sequence[tuple[Any, str]]


class Provider(Protocol):
    """What shows the boxes: the real one here, a strict fake in tests."""

    def inform(self, owner: QWidget | None, text: str) -> None: ...

    def ask(self, owner: QWidget | None, question: str, yes: str, no: str, danger: bool) -> bool: ...

    def choose(self, owner: QWidget | None, question: str, choices: Choices) -> Any: ...

    def get_text(self, owner: QWidget | None, prompt: str, text: str, required: bool, kind: str) -> str | None: ...

    def open_file(self, owner: QWidget | None, title: str, filters: str) -> str | None: ...

    def save_file(self, owner: QWidget | None, title: str, name: str, filters: str) -> str | None: ...


class Box(QDialog):
    """A question with its answers as buttons; the first button is the default."""

    def __init__(self, owner: QWidget | None, text: str, answers: Choices, *, danger: bool = False) -> None:
        super().__init__(owner)
        self.setWindowTitle("CRM Desk")
        self.answer: Any = None
        self._answers: dict[Button, Any] = {}
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 20, 24, 20)
        self.body.setSpacing(16)
        label = Label(text, "row", wrap=True)
        label.setMinimumWidth(360)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(label)
        buttons: list[Any] = [None]
        for place, (value, word) in enumerate(answers):
            kind = ("danger" if danger else "primary") if place == 0 else "plain"
            button = Button(word, kind=kind, key="Enter" if place == 0 else "")
            button.clicked.connect(self._answered)
            button.setDefault(place == 0)
            self._answers[button] = value
            buttons.append(button)
        self.first = next(iter(self._answers))
        self._foot = row(*buttons)
        self.body.addLayout(self._foot)
        self.first.setFocus()

    def _answered(self) -> None:
        button = self.sender()
        if isinstance(button, Button) and self.allows(self._answers[button]):
            self.answer = self._answers[button]
            self.accept()

    def allows(self, value: Any) -> bool:
        """Return whether the box may close with this answer."""
        return True


class TextBox(Box):
    """A question for a text; a required one doesn't close while empty and says so under the field."""

    def __init__(self, owner: QWidget | None, prompt: str, text: str, required: bool, kind: str) -> None:
        super().__init__(owner, prompt, ((True, _("OK")), (False, _("Cancel"))))
        self._required = required
        self.edit: Any = {"note": NoteEdit, "password": PasswordEdit}.get(kind, TextEdit)()
        self.edit.set_value(text)
        self.edit.setAccessibleName(prompt)
        self._error = Label("", "label", "danger")
        self._error.hide()
        self.body.insertWidget(1, self.edit)
        self.body.insertWidget(2, self._error)
        self.edit.setFocus()

    def allows(self, value: Any) -> bool:
        """Keep the box open while a required text is missing."""
        if value and self._required and not str(self.edit.value()).strip():
            self._error.setText(_("Please write something here."))
            self._error.show()
            self.edit.setFocus()
            return False
        return True


class QtProvider:
    """Shows real boxes."""

    def inform(self, owner: QWidget | None, text: str) -> None:
        """Tell and wait for OK."""
        _run(Box(owner, text, ((True, _("OK")),)))

    def ask(self, owner: QWidget | None, question: str, yes: str, no: str, danger: bool) -> bool:
        """Ask and return whether the answer was yes."""
        return bool(_run(Box(owner, question, ((True, yes), (False, no)), danger=danger)))

    def choose(self, owner: QWidget | None, question: str, choices: Choices) -> Any:
        """Offer several answers; None for Esc."""
        return _run(Box(owner, question, choices))

    def get_text(self, owner: QWidget | None, prompt: str, text: str, required: bool, kind: str) -> str | None:
        """Ask for a text; None for Cancel."""
        box = TextBox(owner, prompt, text, required, kind)
        agreed, value = False, ""
        try:
            agreed = box.exec() == QDialog.DialogCode.Accepted and bool(box.answer)
            value = str(box.edit.value())
        finally:
            box.deleteLater()
        return value if agreed else None

    def open_file(self, owner: QWidget | None, title: str, filters: str) -> str | None:
        """Ask for a file to read; None for Cancel."""
        return QFileDialog.getOpenFileName(owner, title, "", filters)[0] or None

    def save_file(self, owner: QWidget | None, title: str, name: str, filters: str) -> str | None:
        """Ask for a file to write; None for Cancel."""
        return QFileDialog.getSaveFileName(owner, title, name, filters)[0] or None


def _run(box: Box) -> Any:
    try:
        box.exec()
        return box.answer
    finally:
        box.deleteLater()


provider: Provider = QtProvider()


def inform(owner: QWidget | None, text: str) -> None:
    """Tell something that must be read before going on."""
    provider.inform(owner, text)


def ask(owner: QWidget | None, question: str, *, yes: str = "", no: str = "", danger: bool = False) -> bool:
    """Ask a yes-or-no question; name the buttons by what they do."""
    return provider.ask(owner, question, yes or _("Yes"), no or _("No"), danger)


def choose(owner: QWidget | None, question: str, choices: Choices) -> Any:
    """Offer (value, word) answers, the first as default; returns the value, None for Esc."""
    return provider.choose(owner, question, choices)


def get_text(
    owner: QWidget | None, prompt: str, *, text: str = "", required: bool = True, multiline: bool = False,
    password: bool = False,
) -> str | None:  # fmt: skip
    """Ask for a text; None when it was cancelled."""
    kind = "password" if password else "note" if multiline else "line"
    return provider.get_text(owner, prompt, text, required, kind)


def open_file(owner: QWidget | None, title: str, filters: str = "") -> str | None:
    """Ask for a file to read; ``filters`` as Qt writes them: ``CSV (*.csv)``."""
    return provider.open_file(owner, title, filters)


def save_file(owner: QWidget | None, title: str, name: str = "", filters: str = "") -> str | None:
    """Ask for a file to write."""
    return provider.save_file(owner, title, name, filters)
