"""Who answers the service phone when: the week in slots, set by the manager (CALL-15)."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crmdesk.core.dates import weekday_word
from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import _
from crmdesk.rules.rights import Right
from crmdesk.services import phone_duty
from crmdesk.services.context import Context
from crmdesk.services.phone_duty import Slot
from crmdesk.services.staff import find_staff
from crmdesk.ui import errors
from crmdesk.ui.widgets import Button, Card, Choice, ClauseTag, Label, Scroll, TextEdit, row
from crmdesk.ui.widgets.emptying import empty

_MONDAY = date(2026, 11, 23)


class _SlotLine(QWidget):
    """One slot: weekday, from, until, who."""

    def __init__(self, slot: Slot, people: list[tuple[object, str]]) -> None:
        super().__init__()
        days = [(day, weekday_word(_MONDAY + timedelta(days=day))) for day in range(7)]
        self.weekday = Choice(days, translate=False)
        self.begins, self.ends = TextEdit(), TextEdit()
        self.person = Choice(people, translate=False)
        self.remove_button = Button("", icon="trash-2", kind="quiet", size="row")
        for field, name in ((self.weekday, _("Weekday")), (self.begins, _("From")), (self.ends, _("Until")),
                            (self.person, _("Who answers"))):  # fmt: skip
            field.setAccessibleName(name)
        self.remove_button.setAccessibleName(_("Remove"))
        self.remove_button.setToolTip(_("Remove"))
        self.weekday.set_value(slot.weekday)
        self.begins.set_value(slot.begins)
        self.ends.set_value(slot.ends)
        self.person.set_value(slot.staff_id)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        for widget, part in ((self.weekday, 2), (self.begins, 2), (self.ends, 2), (self.person, 4)):
            line.addWidget(widget, part)
        line.addWidget(self.remove_button)

    def slot(self) -> Slot | None:
        """Return what stands in the line, None while nobody is chosen."""
        day, person = self.weekday.value(), self.person.value()
        if not isinstance(day, int) or not isinstance(person, int):
            return None
        return Slot(day, str(self.begins.value()), str(self.ends.value()), person)


class DutyView(Card):
    """The slots as lines; only who may change the regulation's numbers may change them."""

    saved = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(spacing=10, parent=parent)
        self.ctx = ctx
        self.hours_label = Label("", "body", "muted", wrap=True)
        self.error_label = Label("", "label", "danger", wrap=True)
        self.add_button = Button("", icon="plus", key="Alt+1")
        self.save_button = Button("", icon="save", kind="primary", key="Ctrl+S")
        self.lines: list[_SlotLine] = []
        held = QWidget()
        outer = QVBoxLayout(held)
        outer.setContentsMargins(0, 0, 0, 0)
        self._room = QVBoxLayout()
        self._room.setSpacing(6)
        outer.addLayout(self._room)
        outer.addStretch(1)
        self.body.addLayout(row(self.hours_label, None, ClauseTag("CALL-15")))
        self.body.addWidget(Scroll(held), 1)
        self.add(self.error_label)
        self.body.addLayout(row(self.add_button, None, self.save_button))
        self.add_button.clicked.connect(self._add)
        self.save_button.clicked.connect(self._save)
        self._dirty = False
        self.retranslate()

    def refresh(self) -> None:
        """Read the week again, unless somebody is changing it."""
        if self._dirty:
            return
        try:
            slots = phone_duty.find_slots(self.ctx)
            self._people: list[tuple[object, str]] = [(person.id, person.name) for person in find_staff(self.ctx)]
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._fill(slots)

    def _fill(self, slots: list[Slot]) -> None:
        empty(self._room)
        self.lines = []
        for slot in slots:
            self._append(slot)
        may = self.ctx.may(Right.POLICY)
        self.add_button.setVisible(may)
        self.save_button.setVisible(may)
        self.error_label.hide()
        self.retranslate()

    def _append(self, slot: Slot) -> _SlotLine:
        line = _SlotLine(slot, self._people)
        line.setEnabled(self.ctx.may(Right.POLICY))
        line.remove_button.clicked.connect(self._remove)
        self.lines.append(line)
        self._room.addWidget(line)
        return line

    def _add(self) -> None:
        last = self.lines[-1].slot() if self.lines else None
        day = (last.weekday + 1) % 7 if last is not None else 0
        before = last or Slot(0, "09:00", "22:00", 0)
        self._dirty = True
        self._append(before._replace(weekday=day)).weekday.setFocus()

    def _remove(self) -> None:
        line = next(line for line in self.lines if line.remove_button is self.sender())
        self.lines.remove(line)
        self._room.removeWidget(line)
        line.hide()
        line.deleteLater()
        self._dirty = True

    def _save(self) -> None:
        slots = [slot for line in self.lines if (slot := line.slot()) is not None]
        try:
            kept = phone_duty.save_slots(self.ctx, slots)
        except ValidationError as error:
            self.error_label.setText(error.message)
            self.error_label.show()
            return
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._dirty = False
        self._fill(kept)
        self.saved.emit()

    def first_focus(self) -> None:
        """Put the focus where choosing starts."""
        (self.lines[0].weekday if self.lines else self.add_button).setFocus()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.set_title(_("Who answers the service phone"))
        hours = phone_duty.in_words(phone_duty.hours_of(self.ctx))
        nothing = _("Nobody is set yet. A missed call then has no holder.")
        said = _("By the regulation the phone is answered: {hours}.").format(hours=hours) if hours else ""
        self.hours_label.setText(_sentences(said, "" if self.lines else nothing))
        self.add_button.setText(_("Add a time"))
        self.save_button.setText(_("Save"))


def _sentences(*parts: str) -> str:
    return " ".join(filter(None, parts))
