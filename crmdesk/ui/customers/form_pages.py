"""A long form in sections: the list of sections at the left, the fields of the chosen one at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from crmdesk.ui.settings.menu import SectionMenu
from crmdesk.ui.widgets import FormGrid, Scroll

MENU_WIDTH = 172


class FormPages(QWidget):
    """Behaves like one ``FormGrid`` whose fields stand on several pages; a field is found by its name alone.

    Alt and a number chooses a section, Ctrl+PageDown and Ctrl+PageUp the next and the one before.
    """

    changed = Signal(str)
    finished = Signal()

    def __init__(self, sections: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = [key for key, _icon, _title in sections]
        self._grids: dict[str, FormGrid] = {}
        self._holders: dict[str, QVBoxLayout] = {}
        self._below: list[QWidget] = []
        self.menu = SectionMenu(sections)
        self.menu.setFixedWidth(MENU_WIDTH)
        self.stack = QStackedWidget()
        for key in self._keys:
            holder = QWidget()
            lay = QVBoxLayout(holder)
            lay.setContentsMargins(0, 0, 10, 0)
            lay.addStretch(1)
            self._holders[key] = lay
            self.stack.addWidget(Scroll(holder))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(18)
        line.addWidget(self.menu, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.stack, 1)
        self.menu.chosen.connect(self._chosen)
        for sequence, step in (("Ctrl+PgDown", self.next_page), ("Ctrl+PgUp", self.last_page)):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(step)
        self.show_page(self._keys[0])

    # pages ------------------------------------------------------------------------------------------------------

    @property
    def page(self) -> str:
        """The key of the section shown."""
        return self._keys[self.stack.currentIndex()]

    def set_grid(self, key: str, grid: FormGrid) -> None:
        """Put the fields of a section on its page, in place of those before."""
        old = self._grids.pop(key, None)
        if old is not None:
            old.hide()
            old.deleteLater()
        self._grids[key] = grid
        self._holders[key].insertWidget(0, grid)
        grid.changed.connect(self.changed)
        grid.finished.connect(self.finished)

    def add_below(self, key: str, widget: QWidget) -> None:
        """Put something under the fields of a section."""
        self._holders[key].insertWidget(self._holders[key].count() - 1, widget)
        self._below.append(widget)

    def show_page(self, key: str) -> None:
        """Show a section; the focus stays where it is."""
        self.stack.setCurrentIndex(self._keys.index(key))
        self.menu.mark(key)

    def next_page(self) -> None:
        """Show the next section, the first after the last."""
        self._step(1)

    def last_page(self) -> None:
        """Show the section before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        self._chosen(self._keys[(self.stack.currentIndex() + by) % len(self._keys)])

    def _chosen(self, key: str) -> None:
        self.show_page(key)
        grid = self._grids.get(key)
        shown = [name for name in grid.names() if self._is_shown(grid, name)] if grid is not None else []
        if grid is not None and shown:
            grid.focus_first(shown[0])
        elif below := next((part for part in self._below if part.isVisible()), None):
            below.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_shown(self, grid: FormGrid, name: str) -> bool:
        return bool(grid.field(name).isVisibleTo(grid))

    def retranslate(self) -> None:
        """Write the sections in the language in force."""
        self.menu.retranslate()

    # the manners of a form --------------------------------------------------------------------------------------

    def _of(self, name: str) -> tuple[str, FormGrid]:
        return next((key, grid) for key, grid in self._grids.items() if name in grid.names())

    def names(self) -> list[str]:
        """Return the names of all fields in order."""
        return [name for grid in self._grids.values() for name in grid.names()]

    def field(self, name: str) -> Any:
        """Return a field's widget."""
        return self._of(name)[1].field(name)

    def show_field(self, name: str, shown: bool = True) -> None:
        """Show or hide a field with its label."""
        self._of(name)[1].show_field(name, shown)

    def values(self) -> dict[str, Any]:
        """Return what the fields hold by name."""
        return {name: value for grid in self._grids.values() for name, value in grid.values().items()}

    def load(self, values: Mapping[str, Any]) -> None:
        """Fill the fields named in ``values``, clear all errors and make the form clean."""
        for grid in self._grids.values():
            grid.load(values)

    @property
    def dirty(self) -> bool:
        """Whether the user changed something since ``load``."""
        return any(grid.dirty for grid in self._grids.values())

    def set_dirty(self, dirty: bool) -> None:
        """Say that the form is saved (False) or has something to save."""
        for grid in self._grids.values():
            grid.set_dirty(dirty)

    def errors(self) -> dict[str, str]:
        """Return the sentences shown now."""
        return {name: text for grid in self._grids.values() for name, text in grid.errors().items()}

    def set_errors(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Show each sentence under its field, go to the first, and return those whose field is not here."""
        rest = dict(errors)
        for grid in self._grids.values():
            rest = grid.set_errors(rest, focus=False)
        if first := next((name for name in self.names() if name in errors), ""):
            self.focus_first(first)
        return rest

    def check(self) -> bool:
        """Show the fields' own problems; True if there are none."""
        problems = {name: text for grid in self._grids.values() for name, text in grid.problems().items()}
        self.set_errors(problems)
        return not problems

    def focus_first(self, name: str) -> None:
        """Put the focus into a field, its section shown."""
        key, grid = self._of(name)
        self.show_page(key)
        grid.focus_first(name)
