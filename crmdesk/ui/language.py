"""Switching the language while the program runs: the one place that does it.

The order matters: gettext first, then Qt's own translator, whose installation sends LanguageChange to every widget;
each window's ``retranslate()`` then already finds the new texts. Typed text is never touched.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from crmdesk.core import i18n
from crmdesk.ui import theme

_installed: list[QTranslator] = []


def switch(app: QApplication, code: str) -> None:
    """Speak ``code`` (en, zh_TW, zh_CN) from now on in every open window; ValueError if we don't."""
    i18n.set_language(code)
    QLocale.setDefault(QLocale({"en": "en_GB"}.get(code, code)))
    theme.apply_fonts(app)
    for old in _installed:
        app.removeTranslator(old)
    _installed.clear()
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{code}", folder):
        _installed.append(translator)
        app.installTranslator(translator)  # posts LanguageChange to every window
    else:  # English speaks without a translator, but the windows must hear of it all the same
        for window in app.topLevelWidgets():
            QApplication.postEvent(window, QEvent(QEvent.Type.LanguageChange))
    app.sendPostedEvents(None, QEvent.Type.LanguageChange.value)  # at once: no window is half and half
