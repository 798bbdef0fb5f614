"""The settings of this PC and the application dressed by them: what there is before the first window."""

from __future__ import annotations

import gc
import os
import sys

from PySide6.QtWidgets import QApplication

import crmdesk
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import LANGUAGES, set_language
from crmdesk.core.paths import user_config_dir, user_log_dir
from crmdesk.core.settings import Settings, load_settings
from crmdesk.ui import language as language_switch
from crmdesk.ui import theme

COLLECT = (20_000, 20, 20)  # new objects until Python looks for rubbish, and how often it looks among older ones


def read_settings(speak: str = "") -> tuple[Settings, str]:
    """Return this PC's settings and what is wrong with their file, '' if nothing; ``speak`` overrides the language."""
    fault = ""
    try:
        settings = load_settings(user_config_dir() / "settings.json")
    except CrmError as error:
        settings, fault = Settings(), error.message
    if speak:
        settings.language = speak
    if settings.language not in LANGUAGES:
        settings.language = "zh_TW"
    set_language(settings.language)
    return settings, fault


def make_application() -> QApplication:
    """Return the QApplication with the program's name; there is only one in a process."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = theme.new_application(sys.argv[0])
    app.setApplicationName("CRM Desk")
    app.setApplicationVersion(crmdesk.__version__)
    app.setDesktopFileName("crmdesk")
    app.setQuitOnLastWindowClosed(False)
    return app


def dressed_application(settings: Settings) -> QApplication:
    """Return the QApplication in the language, look and size of this PC."""
    theme.prepare_scale(settings.scale)
    os.environ.setdefault("QT_ENABLE_HIGHDPI_SCALING", "1")
    app = make_application()
    language_switch.switch(app, settings.language)
    theme.apply(app, dark=theme.wants_dark(settings.theme), scale=settings.scale)
    return app


def collect_seldom() -> None:
    """Let Python look for rubbish less often than after each 700 objects: a start makes half a million that stay."""
    gc.set_threshold(*COLLECT)


def begin_log() -> None:
    """Start the log and the crash window; neither is needed for the first paint."""
    from crmdesk.core.log import start_log
    from crmdesk.ui import errors

    start_log(user_log_dir())
    errors.install()
