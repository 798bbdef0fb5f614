"""Two short sheets: who receives the guest, and which locker key they get."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.rights import ROLES, Right, rights_of
from crmdesk.services import visits
from crmdesk.services.context import Context
from crmdesk.services.staff import StaffRow, find_staff
from crmdesk.services.visits import Board, VisitRow
from crmdesk.ui.reception.sheet import Saying, Sheet
from crmdesk.ui.reception.words import joined
from crmdesk.ui.widgets import Button, Card, FormGrid, Label, Match, MatchList, NumberEdit, Tick, row


class PickList(MatchList):
    """A list of matches that takes the keys itself: arrows, Enter, and the digit of a row."""

    walked = Signal()

    def __init__(self, visible_rows: int, parent: QWidget | None = None) -> None:
        super().__init__(visible_rows=visible_rows, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def step(self, rows: int) -> None:
        """Choose another match and say so."""
        super().step(rows)
        self.walked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif event.text().isdigit() and 0 < int(event.text()) <= len(self.matches):
            self.step(-len(self.matches))
            self.step(int(event.text()) - 1)
            self.take()
        else:
            event.ignore()


class AssignSheet(Sheet):
    """Who receives the guest: those with the fewest guests first (RCPT-05)."""

    SHOWN = 12

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, "RCPT-05", parent)
        self._people: list[StaffRow] = []
        self._board = Board()
        self.saying = Saying()
        self.list = PickList(self.SHOWN)
        self.list.taken.connect(self._taken)
        self.list.walked.connect(self._say)
        frame = Card(margins=1)
        frame.add(self.list)
        self.told = Tick(N_("The guest was told the name"))
        self.content.addWidget(frame)
        self.content.addWidget(self.told)
        self.content.addWidget(self.saying)
        self.content.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        super().retranslate()
        self.list.take_word = _("Choose")
        if self.visit is not None:
            self.heading.setText(_("Who receives {name}?").format(name=self.visit.name))
            self._fill()

    def offer(self, visit: VisitRow, board: Board) -> None:
        """Offer the people of the showroom for a visit."""
        try:
            people = find_staff(self.ctx)
        except CrmError as error:
            self.failed.emit(error)
            return
        self.visit, self._board = visit, board
        free = {person.id: self._guests(person.id) for person in people}
        able = [p for p in people if Right.SALE in rights_of(p.roles) or Right.VISIT in rights_of(p.roles)] or people
        self._people = sorted(able, key=_Fewest(free))[: self.SHOWN]
        self.told.set_value(True)
        self.retranslate()

    def _guests(self, clerk_id: int) -> int:
        return sum(visit.clerk_id == clerk_id for visit in self._board.in_house)

    def _fill(self) -> None:
        matches = []
        for place, person in enumerate(self._people, 1):
            count = self._guests(person.id)
            guests = ngettext("{count} guest", "{count} guests", count).format(count=count) if count else _("free")
            roles = joined(*(_(ROLES[role]) for role in person.roles if role in ROLES))
            title = _("{number} {name}").format(number=place, name=person.name)
            matches.append(Match(title, guests, rest=roles, record=person))
        self.list.set_matches(matches)
        if self.visit is not None and self.visit.clerk_id is not None:
            self.list.step(next((i for i, p in enumerate(self._people) if p.id == self.visit.clerk_id), 0))
        self._say()

    def _say(self) -> None:
        match = self.list.current()
        name = match.record.name if match is not None else ""
        self.saying.say(_("“{name} will be with you at once and show you the goods.”").format(name=name))

    def first_focus(self) -> None:
        """Put the focus on the list."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _taken(self, match: Match) -> None:
        if self.visit is None:
            return
        try:
            visits.assign_clerk(
                self.ctx, self.visit.id, self.visit.version, match.record.id, accepted=self.told.isChecked()
            )
        except CrmError as error:
            self.failed.emit(error)
            return
        self.saved.emit(self.visit.id)


class _Fewest:
    """Sorting key: managers last, the fewest guests first, then as the staff list has it."""

    def __init__(self, guests: dict[int, int]) -> None:
        self._guests = guests

    def __call__(self, person: StaffRow) -> tuple[bool, int, int]:
        return "manager" in person.roles, self._guests.get(person.id, 0), person.id


class KeySheet(Sheet):
    """Which locker key the guest gets; nought or the button say that there is nothing to deposit (RCPT-04)."""

    nothing_asked = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, "RCPT-04", parent)
        self.form = FormGrid(columns=1)
        self.number = NumberEdit(least=0, most=ctx.office.locker_keys, size="station")
        self.form.add("key", N_("Key number"), self.number)
        self.form.finished.connect(self._give)
        self.hint = Label("", "label", "muted", wrap=True)
        self.saying = Saying()
        for widget in (self.form, self.hint, self.saying):
            self.content.addWidget(widget)
        self.content.addStretch(1)
        self.give_button = Button("", kind="primary", key="Enter", size="side")
        self.give_button.clicked.connect(self._give)
        self.nothing_button = Button("", key="Alt+0", size="side")
        self.nothing_button.clicked.connect(self._nothing)
        self.foot.addLayout(row(self.give_button, self.nothing_button, None))
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        super().retranslate()
        self.give_button.setText(_("Give key"))
        self.nothing_button.setText(_("Nothing to deposit"))
        self.hint.setText(_("The first free key is filled in. 0 means: nothing to deposit."))
        self.saying.say(_("“Good day, please leave your bag in the locker and keep the key with you.”"))
        if self.visit is not None:
            self.heading.setText(_("Locker key for {name}").format(name=self.visit.name))

    def offer(self, visit: VisitRow, board: Board) -> None:
        """Offer the first free key for a visit."""
        self.visit = visit
        free = next((n for n in range(1, self.ctx.office.locker_keys + 1) if n not in board.keys), None)
        self.form.load({"key": free})
        self.retranslate()

    def first_focus(self) -> None:
        """Put the focus into the number, all of it marked."""
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)
        self.number.selectAll()

    def _give(self) -> None:
        if not self.form.check():
            return
        key = self.number.value()
        if key is None:
            self.form.set_errors({"key": _("Please enter the number of a key.")})
            return
        self._write(key or None)

    def _nothing(self) -> None:
        self._write(None)

    def _write(self, key: int | None) -> None:
        if self.visit is None:
            return
        try:
            visits.give_key(self.ctx, self.visit.id, self.visit.version, key)
        except ValidationError as error:
            self.form.set_errors(error.fields)
            return
        except CrmError as error:
            if error.clause == "RCPT-04":  # the key is out: the sentence names who has it
                self.form.set_errors({"key": error.message})
            else:
                self.failed.emit(error)
            return
        self.saved.emit(self.visit.id)
