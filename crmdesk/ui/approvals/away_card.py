"""“I am away”: who decides in the user's place, on which days."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day
from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.services import stand_ins
from crmdesk.services.staff import find_staff
from crmdesk.ui import errors
from crmdesk.ui.widgets import Button, Card, Choice, DayEdit, FormGrid, Label, row
from crmdesk.ui.widgets.card import clear


class AwayCard(Card):
    """Days with who stands in; ``changed`` after each save."""

    changed = Signal()
    left = Signal()

    def __init__(self, ctx: Any, parent: QWidget | None = None) -> None:
        super().__init__(spacing=8, parent=parent)
        self.ctx = ctx
        self.hint_label = Label("", "label", "muted", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.form = FormGrid(columns=2)
        self.form.add("stand_in", N_("Stands in for me"), Choice([], translate=False), span=2)
        self.form.add("from_on", N_("First day"), DayEdit(ctx.clock.today))
        self.form.add("until_on", N_("Last day"), DayEdit(ctx.clock.today))
        self.save_button = Button("", kind="primary", key="Ctrl+Enter", size="side")
        self.close_button = Button("", key="Esc", size="side")
        self.add(self.hint_label)
        self.add(self._rows)
        self.add(self.form)
        self.add(row(self.save_button, self.close_button, None))
        self.body.addStretch(1)
        self.save_button.clicked.connect(self.save)
        self.close_button.clicked.connect(self.left)
        self.form.finished.connect(self.save)

    def load(self) -> None:
        """Offer the colleagues and show the days that are set."""
        try:
            people = [(person.id, person.name) for person in find_staff(self.ctx) if person.id != self.ctx.user.id]
            self.mine = stand_ins.find_away(self.ctx)
            self.others = stand_ins.find_places(self.ctx)
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.form.field("stand_in").set_choices(people)
        today = self.ctx.clock.today()
        self.form.load({"stand_in": None, "from_on": today, "until_on": today})
        self.retranslate()

    mine: list[stand_ins.AwayRow]
    others: list[stand_ins.AwayRow]

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.set_title(_("I am away"))
        self.hint_label.setText(_("On these days a colleague decides what waits for you. It is written down for whom."))
        self.save_button.setText(_("Save"))
        self.close_button.setText(_("Close"))
        clear(self._rows)
        for away in getattr(self, "mine", []):
            words = _("{first} to {last}: {name} stands in").format(
                first=format_day(away.from_on), last=format_day(away.until_on), name=away.stand_in
            )
            button = Button(_("I am back"), kind="link", size="row")
            button.setProperty("row", away.id)
            button.clicked.connect(self._back)
            self._add_line(Label(words, "body"), button)
        for place in getattr(self, "others", []):
            words = _("{first} to {last}: you stand in for {name}").format(
                first=format_day(place.from_on), last=format_day(place.until_on), name=place.name
            )
            self._add_line(Label(words, "body", "muted"))

    def _add_line(self, *widgets: QWidget) -> None:
        line = QWidget()
        line.setLayout(row(*widgets, None))
        self._rows.addWidget(line)

    def save(self) -> None:
        """Name who stands in (Ctrl+Enter)."""
        if not self.form.check():
            return
        values = self.form.values()
        try:
            stand_ins.set_away(self.ctx, values["stand_in"], values["from_on"], values["until_on"])
        except ValidationError as error:
            self.form.set_errors(error.fields)
            return
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.load()
        self.changed.emit()

    def _back(self) -> None:
        button = self.sender()
        if button is None:
            return
        try:
            stand_ins.end_away(self.ctx, int(button.property("row")))
        except CrmError as error:
            errors.show_error(self, error)
        self.load()
        self.changed.emit()
