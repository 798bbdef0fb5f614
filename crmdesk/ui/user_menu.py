"""The menu behind the user's name: switch user, lock, language, look, size, help."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from crmdesk.core.i18n import LANGUAGE_NAMES, N_, _
from crmdesk.ui import actions, icons
from crmdesk.ui.shell import Shell

SCALES = (90, 100, 110, 125, 150)
THEMES = (("system", N_("As the system")), ("light", N_("Light")), ("dark", N_("Dark")))


class UserMenu(QMenu):
    """Filled anew each time it opens, so that it is in the language in force and ticks what is chosen."""

    help_asked = Signal()
    page_asked = Signal(str, dict)  # key of a page, arguments for its load()

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self.shell = shell

    def fill(self) -> None:
        """Write the entries in the language in force."""
        self.clear()
        for action, slot in ((actions.SWITCH_USER, self._switch_user), (actions.LOCK, self._lock)):
            entry = self.addAction(icons.icon(action.icon), f"{_(action.title)}\t{action.key}")
            entry.triggered.connect(slot)
        away = self.addAction(icons.icon("calendar-clock"), _("I am away…"))
        away.triggered.connect(self._ask_away)
        self.addSeparator()
        languages = tuple((code, name) for code, name in LANGUAGE_NAMES.items())
        self._submenu(_("Language"), "languages", languages, self.shell.language, self._language_chosen, raw=True)
        self._submenu(_("Appearance"), "contrast", THEMES, self.shell.theme, self._theme_chosen)
        scales = tuple((percent, f"{percent}%") for percent in SCALES)
        self._submenu(_("Size"), "a-large-small", scales, self.shell.scale, self._scale_chosen, raw=True)
        self.addSeparator()
        help_entry = self.addAction(icons.icon(actions.HELP.icon), f"{_(actions.HELP.title)}\tF1")
        help_entry.triggered.connect(self._ask_help)
        self.addAction(icons.icon("info"), _("About CRM Desk")).triggered.connect(self._about)

    def _submenu(self, title: str, icon: str, entries: Any, chosen: object, slot: Any, *, raw: bool = False) -> None:
        menu = self.addMenu(icons.icon(icon), title)
        group = QActionGroup(menu)
        for value, text in entries:
            action = menu.addAction(text if raw else _(text))
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.setData(value)
            group.addAction(action)
        group.triggered.connect(slot)

    def _switch_user(self) -> None:
        self.shell.switch_user()

    def _lock(self) -> None:
        self.shell.lock()

    def _language_chosen(self, action: Any) -> None:
        self.shell.language = action.data()
        self.shell.set_language(action.data())

    def _theme_chosen(self, action: Any) -> None:
        self.shell.theme = action.data()
        self.shell.set_theme(action.data())

    def _scale_chosen(self, action: Any) -> None:
        self.shell.scale = action.data()
        self.shell.set_scale(action.data())

    def _ask_away(self) -> None:
        self.page_asked.emit("approvals", {"away": True})

    def _ask_help(self) -> None:
        self.help_asked.emit()

    def _about(self) -> None:
        self.shell.about()
