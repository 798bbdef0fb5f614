"""Several matters in one call: each with who follows it, or answered at once (FIRST-01, CALL-24)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.i18n import _
from crmdesk.services.calls import ANSWERED, MatterEntry
from crmdesk.services.staff import StaffRow
from crmdesk.ui.widgets import Button, Choice, ClauseTag, Label, TextEdit, Well

MOST = 6  # lines on the screen; a call with more matters is two calls


class _Line(QWidget):
    """One matter: its words (the first is the call's own) and who follows it."""

    changed = Signal()

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place
        self.own_label = Label("", parent=self)
        self.text_edit = TextEdit(max_length=1000, parent=self)
        self.owner = Choice(translate=False)
        self.owner.setFixedWidth(170)
        self.own_label.setVisible(place == 0)
        self.text_edit.setVisible(place > 0)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.own_label if place == 0 else self.text_edit, 1)
        line.addWidget(self.owner)
        self.text_edit.value_changed.connect(self.changed)
        self.owner.value_changed.connect(self.changed)

    def entry(self) -> MatterEntry:
        """Return what stands in the line."""
        owner = self.owner.value()
        text = "" if self.place == 0 else str(self.text_edit.value())
        return MatterEntry(text, owner if isinstance(owner, int) else ANSWERED)


class MattersStrip(Well):
    """In the place of the read-back while matters are shared out; Enter adds a line, Esc closes."""

    changed = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tone="accent", vertical=True, parent=parent)
        self.title_label = Label("", "label_strong", "muted")
        self.add_button = Button("", icon="plus", kind="link", size="row")
        self.close_button = Button("", kind="quiet", key="Esc", size="row")
        head = QHBoxLayout()
        head.addWidget(self.title_label, 1)
        head.addWidget(self.add_button)
        head.addWidget(self.close_button)
        head.addWidget(ClauseTag("FIRST-01"))
        self.body.addLayout(head)
        self._room = QVBoxLayout()
        self._room.setSpacing(6)
        self.body.addLayout(self._room)
        self.lines: list[_Line] = []
        self._me = 0
        self._people: list[tuple[object, str]] = []
        self.add_button.clicked.connect(self.add_line)
        self.close_button.clicked.connect(self.closed)
        self.load(())
        self.hide()
        self.retranslate()

    def set_people(self, people: Sequence[StaffRow], me: int | None) -> None:
        """Offer the colleagues who may follow a matter; ``me`` takes a new one."""
        self._me = me or 0
        mine = [person for person in people if person.id == self._me]
        self._people = [(person.id, person.name) for person in (*mine, *(p for p in people if p not in mine))]
        for line in self.lines:
            self._offer(line)

    def _offer(self, line: _Line) -> None:
        kept = line.owner.value()
        known = {value for value, _name in self._people}
        rest = [(kept, "…")] if isinstance(kept, int) and kept and kept not in known else []
        line.owner.set_choices([(ANSWERED, _("Answered at once")), *self._people, *rest])
        line.owner.set_value(kept if kept is not None else ANSWERED)

    def load(self, entries: Sequence[MatterEntry]) -> None:
        """Show the matters of a call; its own stands first always."""
        for line in self.lines[1:]:
            self._room.removeWidget(line)
            line.deleteLater()
        del self.lines[1:]
        if not self.lines:
            self._append()
        for place, entry in enumerate(entries or (MatterEntry(),)):
            line = self.lines[0] if place == 0 else self._append()
            line.text_edit.set_value(entry.text)
            line.owner.set_choices([(ANSWERED, ""), (entry.owner_id, "")])
            line.owner.set_value(entry.owner_id)
            self._offer(line)

    def values(self) -> tuple[MatterEntry, ...]:
        """Return the matters; () while only the call's own is there and was answered at once."""
        entries = [line.entry() for line in self.lines]
        kept = entries[:1] + [entry for entry in entries[1:] if entry.text]
        return tuple(kept) if len(kept) > 1 or kept[0].owner_id != ANSWERED else ()

    def add_line(self) -> None:
        """Add a line for one more matter; whoever takes the call follows it."""
        if len(self.lines) <= MOST:
            line = self._append()
            line.owner.set_value(self._me)
            line.text_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _append(self) -> _Line:
        line = _Line(len(self.lines))
        line.changed.connect(self.changed)
        self.lines.append(line)
        self._room.addWidget(line)
        self._offer(line)
        self._name(line)
        return line

    def show_own(self, matter: str) -> None:
        """Say what the call's own matter is."""
        self.lines[0].own_label.setText(" ".join(matter.split())[:60] or _("The matter above"))

    def focus_first(self) -> None:
        """Go to who follows the call's own matter, or to a new line when that is settled already."""
        self.lines[0].owner.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name(self, line: _Line) -> None:
        line.text_edit.setAccessibleName(_("Matter"))
        line.owner.setAccessibleName(_("Who follows it"))

    def retranslate(self) -> None:
        """Write the texts in the language in force."""
        self.title_label.setText(_("Who follows which matter"))
        self.add_button.setText(_("Another matter"))
        self.close_button.setText(_("Back"))
        for line in self.lines:
            self._name(line)
            self._offer(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.add_line()
        else:
            super().keyPressEvent(event)
