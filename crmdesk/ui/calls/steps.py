"""The strips at the foot of a call: reading back, passing on to a colleague, asking the superior."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.calls import CHANNELS, OUTCOMES
from crmdesk.services.staff import StaffRow
from crmdesk.ui.widgets import Button, ChipRow, Choice, ClauseTag, FormGrid, Label, PoliteLine, TextEdit, Well

CHIPS = (("phone", N_("Phone")), ("name", N_("Name")), ("address", N_("Address")), ("matter", N_("Matter")))


class ReadBackStrip(Well):
    """What has been read back to the caller (CALL-07), and how many are missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.title_label = Label("", "label_strong", "muted")
        self.chips = ChipRow(CHIPS)
        self.missing_label = Label("", "label", "muted")
        self.clause = ClauseTag("CALL-07")
        self.body.setSpacing(12)
        self.body.addWidget(self.title_label)
        self.body.addWidget(self.chips, 1)
        self.body.addWidget(self.missing_label)
        self.body.addWidget(self.clause)
        self._missing = 0
        self.retranslate()

    def show_missing(self, count: int, *, written: Collection[str]) -> None:
        """Say how many are missing; what was not written down can't be read back, and its chip is off."""
        self._missing = count
        nothing_yet = not written
        for key, chip in self.chips.chips():
            chip.setEnabled(key in written or chip.isChecked())
        if nothing_yet:
            text, colour = "", "muted"
        elif count:
            text = ngettext("{count} not read back", "{count} not read back", count).format(count=count)
            colour = "warning"
        else:
            text, colour = _("All read back"), "ok"
        self.missing_label.setText(text)
        self.missing_label.set_colour(colour)

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        self.title_label.setText(_("Read-back"))


class PassOnStrip(Well):
    """Fields that a step asks for just now; Enter in the last one takes it, Esc closes the strip."""

    taken = Signal()
    closed = Signal()

    def __init__(self, clause: str, parent: QWidget | None = None) -> None:
        super().__init__(tone="accent", parent=parent)
        self.grid = FormGrid(columns=2)
        self.grid.finished.connect(self.taken)
        self.button = Button("", kind="primary", key="Enter")
        self.button.clicked.connect(self.taken)
        self.close_button = Button("", kind="quiet", key="Esc")
        self.close_button.clicked.connect(self.closed)
        self.clause = ClauseTag(clause)
        self.body.setSpacing(8)
        self.body.addWidget(self.grid, 1)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addWidget(self.clause, 0, Qt.AlignmentFlag.AlignBottom)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class TransferStrip(PassOnStrip):
    """To whom, and what the colleague was told (CALL-12)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("CALL-12", parent)
        self.grid.add("transferred_to", N_("Transfer to"), Choice(editable=True, translate=False))
        self.grid.add("passed_on", N_("What you told the colleague"), PoliteLine(max_length=200))
        self.grid.set_stretch(1, 3)
        self.retranslate()

    def set_people(self, people: Sequence[StaffRow]) -> None:
        """Offer the colleagues; another name may be typed."""
        self.grid.field("transferred_to").set_choices([(person.name, person.name) for person in people])

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        self.button.setText(_("Transfer"))
        self.close_button.setToolTip(_("Not now"))
        self.close_button.setAccessibleName(_("Not now"))


class MoreStrip(PassOnStrip):
    """How the call ended, how it came in, and an opinion for a department (CALL-19, CALL-20)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("CALL-20", parent)
        self.grid.add("outcome", N_("How it ended"), Choice([("", ""), *OUTCOMES.items()]))
        self.grid.add("channel", N_("Came in by"), Choice(list(CHANNELS.items())))
        self.grid.add("opinion", N_("Valuable opinion"), TextEdit(max_length=1000))
        self.grid.add("opinion_department", N_("For the department"), Choice(editable=True, translate=False))
        self.retranslate()

    def set_departments(self, departments: Sequence[str]) -> None:
        """Offer the office's departments; another may be typed."""
        self.grid.field("opinion_department").set_choices([(name, name) for name in departments])

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        self.button.setText(_("Take over"))
        self.close_button.setToolTip(_("Not now"))
        self.close_button.setAccessibleName(_("Not now"))


class EscalateStrip(PassOnStrip):
    """The superior who decides (CALL-10)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("CALL-10", parent)
        self.grid.add("escalated_to_id", N_("Manager to ask"), Choice(translate=False), span=2)
        self.retranslate()

    def set_people(self, people: Sequence[StaffRow]) -> None:
        """Offer the managers, and everybody when there is none."""
        superiors = [person for person in people if "manager" in person.roles] or list(people)
        choice = self.grid.field("escalated_to_id")
        choice.set_choices([(person.id, person.name) for person in superiors])
        if choice.value() is None and len(superiors) == 1:
            choice.set_value(superiors[0].id)

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        self.button.setText(_("Ask the superior"))
        self.close_button.setToolTip(_("Not now"))
        self.close_button.setAccessibleName(_("Not now"))
