"""The settings desk: sections left, the chosen one right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.ui import errors
from crmdesk.ui.page import Page, PageSpec
from crmdesk.ui.settings.archive import ArchiveSection
from crmdesk.ui.settings.data import BackupSection, CheckSection
from crmdesk.ui.settings.menu import SectionMenu
from crmdesk.ui.settings.office import OfficeSection
from crmdesk.ui.settings.pc import PrintersSection, ThisPcSection, may_leave
from crmdesk.ui.settings.regulation import RegulationSection
from crmdesk.ui.settings.section import Section
from crmdesk.ui.settings.staff import StaffSection
from crmdesk.ui.settings.working_time import WorkingTimeSection
from crmdesk.ui.widgets import Card, row
from crmdesk.ui.widgets.card import Stack

SECTIONS: tuple[tuple[str, str, type[Section]], ...] = (
    ("pc", "monitor", ThisPcSection),
    ("printers", "printer", PrintersSection),
    ("office", "building-2", OfficeSection),
    ("hours", "clock", WorkingTimeSection),
    ("regulation", "book-open-check", RegulationSection),
    ("archive", "file-text", ArchiveSection),
    ("staff", "users", StaffSection),
    ("backup", "archive", BackupSection),
    ("check", "clipboard-check", CheckSection),
)

_SHOWN = {  # what each section shows of the database
    "office": ("office",),
    "hours": ("office", "own_day"),
    "regulation": ("office", "policy"),
    "archive": ("custom_field",),
    "staff": ("staff",),
}


class SettingsPage(Page):
    """Each section is made the first time it is opened."""

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(ctx, parent)
        self._sections: dict[str, Section] = {}
        self._current = ""
        self.menu = SectionMenu([(key, icon, kind.name) for key, icon, kind in SECTIONS])
        self.stack = Stack()
        left = Card(margins=8)
        left.setFixedWidth(188)
        left.body.addWidget(self.menu)
        left.body.addStretch(1)
        right = Card(margins=(24, 18, 20, 18))
        right.body.addWidget(self.stack)
        line = row(spacing=12)
        line.addWidget(left)
        line.addWidget(right, 1)
        self.body.addLayout(line, 1)
        self.menu.chosen.connect(self._choose)
        self.retranslate()

    def retranslate(self) -> None:
        self.menu.retranslate()

    def key_hints(self) -> list[tuple[str, str]]:
        return [("Ctrl+Enter", ""), ("Ctrl+N", ""), (f"Alt+1 … {len(SECTIONS)}", _("Section"))]

    def load(self, **arguments: Any) -> None:
        """Open; ``section="staff"`` shows that one."""
        self.show_section(str(arguments.get("section", "")) or self._current or "pc")

    def section(self, key: str) -> Section:
        """Return a section, made now if it was not opened yet."""
        if key not in self._sections:
            made = next(kind for name, _icon, kind in SECTIONS if name == key)(self.ctx)
            made.said.connect(self.say)
            made.failed.connect(self._failed)
            made.saved.connect(self.saved)
            made.open_asked.connect(self.open_requested)
            self._sections[key] = made
            self.stack.addWidget(made)
        return self._sections[key]

    def show_section(self, key: str) -> bool:
        """Show a section; False when unsaved changes keep the present one."""
        present = self._sections.get(self._current)
        if present is not None and key != self._current and not may_leave(self, present):
            self.menu.mark(self._current)
            return False
        section = self.section(key)
        section.ctx = self.ctx
        if key != self._current or not section.dirty:
            section.load()
        self._current = key
        self.stack.setCurrentWidget(section)
        self.menu.mark(key)
        return True

    @property
    def current(self) -> str:
        """The key of the section shown."""
        return self._current

    def refresh(self, notice: Any = None) -> None:
        section = self._sections.get(self._current)
        if section is None or section.dirty:
            return
        kinds = _SHOWN.get(self._current, ())
        if notice is None or (kinds and notice.touches(*kinds)):
            section.ctx = self.ctx
            section.load()

    def leave(self) -> bool:
        section = self._sections.get(self._current)
        return section is None or may_leave(self, section)

    def first_focus(self) -> None:
        section = self._sections.get(self._current)
        if section is not None:
            section.first_focus()
        else:
            self.menu.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, key: str) -> None:
        if self.show_section(key):
            self.first_focus()

    def _failed(self, error: Any) -> None:
        errors.show_error(self, error)


PAGES = (PageSpec(key="settings", title=N_("Settings"), icon="settings", right="", factory=SettingsPage, foot=True),)
