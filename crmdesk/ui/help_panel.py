"""F1: the keys and the clauses of the page one is on, over the right of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.ui.widgets.card import clear
from crmdesk.ui.widgets.labels import Keycap, Label, Rule
from crmdesk.ui.widgets.pill import ClauseTag
from crmdesk.ui.widgets.side_panel import SidePanel

WIDTH = 380
TOP_LINE, STATUS_LINE = 52, 37  # of the frame, which stay in sight


class HelpPanel(SidePanel):
    """Over the window's right side; Esc, F1 or a click beside it closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, width=WIDTH, above=TOP_LINE, below=STATUS_LINE)
        self.add_action(self.close_button)

    def fill(
        self, title: str, keys: Sequence[tuple[str, str]], general: Sequence[tuple[str, str]],
        clauses: Sequence[tuple[str, str]],
    ) -> None:  # fmt: skip
        """Show the page's keys, the keys that work everywhere, and (clause, text) pairs."""
        self.set_title(_("Help: {title}").format(title=title))
        clear(self.column)
        if keys:
            self._section(_("Keys here"), keys)
        self._section(_("Keys everywhere"), general)
        if clauses:
            self.column.addWidget(Rule())
            self.column.addWidget(Label(_("What the regulation asks here"), "label_strong", "muted"))
            for clause, text in clauses:
                self.column.addWidget(ClauseTag(clause), 0, Qt.AlignmentFlag.AlignLeft)
                self.column.addWidget(Label(text, "body", "text", wrap=True))
        self.column.addStretch(1)

    def _section(self, title: str, keys: Sequence[tuple[str, str]]) -> None:
        self.column.addWidget(Label(title, "label_strong", "muted"))
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 72)
        for place, (key, word) in enumerate(keys):
            grid.addWidget(Keycap(key), place, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(Label(word), place, 1)
        self.column.addWidget(box)
