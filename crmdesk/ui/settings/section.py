"""What all sections of the settings share: title, sentence, form, Save."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.core.paths import user_config_dir
from crmdesk.core.settings import Settings, save_settings
from crmdesk.ui.widgets import Label


class Section(QWidget):
    """One section; its signals go to the page."""

    name = ""
    sentence = ""
    said = Signal(str, str)
    failed = Signal(object)
    saved = Signal()
    open_asked = Signal(str, dict)  # a page and what its load() is given

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.title_label = Label("", "head")
        self.sentence_label = Label("", "body", "muted", wrap=True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(10)
        self.body.addWidget(self.title_label)
        self.body.addWidget(self.sentence_label)

    def load(self) -> None:
        """Fill the fields with what is saved."""

    @property
    def dirty(self) -> bool:
        """Whether something typed is not saved."""
        return False

    def save(self) -> None:
        """Save what was typed (Ctrl+Enter)."""

    def first_focus(self) -> None:
        """Put the focus where typing starts."""

    def retranslate(self) -> None:
        """Write title and sentence in the language in force."""
        self.title_label.setText(_(self.name))
        self.sentence_label.setText(_(self.sentence))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def keep_on_this_pc(settings: Settings) -> None:
    """Write the settings of this PC; OSError when the disk refuses."""
    save_settings(settings, user_config_dir() / "settings.json")
