"""What is set on this PC: language, look, size; kept in its settings file."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from crmdesk.core.i18n import LANGUAGES
from crmdesk.core.paths import user_config_dir
from crmdesk.core.settings import Settings, save_settings
from crmdesk.ui import language as language_switch
from crmdesk.ui import theme

log = logging.getLogger(__name__)


class ThisPc(QObject):
    """Changes a setting, lets the application follow, and saves; ``not_saved`` when the disk refuses."""

    not_saved = Signal()

    def __init__(self, app: QApplication, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app, self._settings = app, settings
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    def set_language(self, code: str) -> bool:
        """Speak another language from now on; False if it is not spoken here."""
        if code not in LANGUAGES:
            return False
        self._settings.language = code
        language_switch.switch(self._app, code)
        if self._settings.configured:
            self.save()
        return True

    def set_theme(self, name: str) -> None:
        """Look light, dark or as the system."""
        self._settings.theme = name
        theme.apply(self._app, dark=theme.wants_dark(name))
        self.save()

    def set_scale(self, percent: int) -> None:
        """Keep another size of the screens; it is drawn so at the next start."""
        self._settings.scale = percent
        self.save()

    def save(self) -> None:
        """Write the settings file."""
        try:
            save_settings(self._settings, user_config_dir() / "settings.json")
        except OSError as error:
            log.warning("settings: %s", error.__class__.__name__)
            self.not_saved.emit()

    def _scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._settings.theme == "system":
            theme.apply(self._app, dark=theme.wants_dark("system"))
