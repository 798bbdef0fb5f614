"""The states that the records of a desk go through, drawn from their table as the office's packs make it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.i18n import N_, _
from crmdesk.rules.machines import machine_for
from crmdesk.ui.widgets import Button, Card
from crmdesk.ui.widgets.emptying import empty

TITLES = {
    "call": N_("States of a call"),
    "visit": N_("States of a visit"),
    "sale": N_("States of a sales slip"),
    "packing": N_("States of a packing"),
    "repair": N_("States of a repair"),
    "complaint": N_("States of a complaint"),
    "matter": N_("States of a matter"),
}


class DiagramCard(Card):
    """In the place of the clause until Esc."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(margins=(16, 12, 16, 12), parent=parent)
        self.machine = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._close = Button("", kind="quiet", key="Esc", icon="x", size="row")
        self._close.clicked.connect(self.closed)
        self.add_action(self._close)
        self._room = QVBoxLayout()
        self.body.addLayout(self._room, 1)

    def show_machine(self, ctx: Any, machine: str) -> None:
        """Draw a table of states."""
        from crmdesk.ui.widgets.state_diagram import StateDiagram

        self.machine = machine
        empty(self._room)
        self._room.addWidget(StateDiagram(machine_for(ctx.policy, machine)))
        self.retranslate(ctx)

    def retranslate(self, ctx: Any) -> None:
        """Write the title in the language in force."""
        self._close.setText(_("Back"))
        title = _(TITLES[self.machine]) if self.machine else ""
        self.set_title(title)
        self.setAccessibleName(title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
