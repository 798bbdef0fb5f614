"""Write-ups on the customer's card: what was learned after a visit, a call or in the week (ORD-13, CRM-06)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.errors import AlreadySaved, CrmError, ValidationError
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.rules.rights import Right
from crmdesk.services import follows
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.services.follows import FollowForm, FollowRow
from crmdesk.ui import errors
from crmdesk.ui.once import Once
from crmdesk.ui.widgets import Button, Choice, FormGrid, Label, NoteEdit, Rule, Scroll, TextEdit, row

_PARTS = (
    ("sales", N_("How the goods sell")),
    ("suggestion", N_("Suggestions")),
    ("interest", N_("Looks for now")),
    ("evaluation", N_("What they think of us")),
)
_EMPTY: dict[str, Any] = {"text": "", "sales": "", "suggestion": "", "interest": "", "evaluation": "", "visit": None}


class FollowTab(Scroll):
    """The form above, the write-ups below; what is half typed waits for its customer."""

    said = Signal(str)

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        self.host = QWidget()
        super().__init__(self.host, parent=parent)
        self.ctx = ctx
        self._id = 0
        self._typed: dict[int, dict[str, Any]] = {}
        self._once = Once()
        self._rows: list[FollowRow] = []
        view = QVBoxLayout(self.host)
        view.setContentsMargins(0, 8, 8, 4)
        view.setSpacing(10)
        self.form = FormGrid(columns=2)
        for name, title, lines in (("text", N_("What was learned"), 3), *((*part, 1) for part in _PARTS[:2])):
            edit = NoteEdit(lines=lines, max_length=follows.TEXT_LENGTH)
            edit.setMaximumHeight(edit.minimumHeight())  # else the fields take the room of the list below
            self.form.add(name, title, edit, span=2)
        for name, title in _PARTS[2:]:
            self.form.add(name, title, TextEdit(max_length=follows.LINE_LENGTH))
        self.visit_choice = Choice([], translate=False)
        self.manager_choice = Choice([], translate=False)
        self.form.add("visit", N_("After"), self.visit_choice)
        self.form.add("handed_to_id", N_("Hand to"), self.manager_choice)
        self.save_button = Button("", key="Ctrl+Enter", kind="primary", size="row")
        self.save_button.clicked.connect(self.save)
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        view.addWidget(self.form)
        view.addLayout(row(self.save_button, None))
        view.addWidget(Rule())
        view.addLayout(self.list)
        view.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.save_button.setText(_("Keep the write-up"))
        if self._id:
            self.load()

    def show_card(self, card: CustomerCard) -> None:
        """Show the write-ups about this customer; what was being typed about another one waits there."""
        if card.id != self._id:
            if self._id and self.form.dirty:
                self._typed[self._id] = self.form.values()
            self._id = card.id
            self._once.renew()
            self.load(fresh=True)
        else:
            self.load()

    def load(self, *, fresh: bool = False) -> None:
        """Read the list again."""
        try:
            self._rows = follows.find_follows(self.ctx, self._id)
            visits = follows.find_visits_to_write(self.ctx, self._id)
            managers = follows.find_managers(self.ctx)
        except CrmError as error:
            errors.show_error(self, error)
            return
        may = self.ctx.may(Right.CUSTOMER_EDIT)
        self.form.setVisible(may)
        self.save_button.setVisible(may)
        self.manager_choice.set_choices([(None, _("later")), *managers])
        self.visit_choice.set_choices([
            (None, _("a call, or the week")),
            *((v.visit_id, _("visit {number}, {day}").format(number=v.number, day=self._day(v.left_at)))
              for v in visits),
        ])  # fmt: skip
        if fresh:
            first = visits[0].visit_id if visits else None
            typed = self._typed.pop(self._id, None)
            self.form.load(typed or {**_EMPTY, "visit": first, "handed_to_id": managers[0][0] if managers else None})
            self.form.set_dirty(typed is not None)
        self._fill()

    def _day(self, at: Any) -> str:
        local = self.ctx.clock.local(at)
        return f"{format_day_short(local.date())} {format_time(local)}"

    def _fill(self) -> None:
        while (item := self.list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not self._rows:
            self.list.addWidget(Label(_("Nothing written up yet."), "body", "muted"))
        for found in self._rows:
            self.list.addWidget(_Written(self, found, self._head(found)))

    def _head(self, found: FollowRow) -> str:
        handed = _("handed to {name}").format(name=found.handed_to) if found.handed_at else _("not handed over yet")
        return dotted(self._day(found.at), found.by, handed)

    def save(self) -> None:
        """Keep what was typed."""
        if not self.form.check():
            return
        v = self.form.values()
        form = self._once.stamp(FollowForm(
            self._id, str(v["text"]), str(v["sales"]), str(v["suggestion"]), str(v["interest"]), str(v["evaluation"]),
            visit_id=v["visit"], handed_to_id=v["handed_to_id"],
        ))  # fmt: skip
        try:
            follows.write_up(self.ctx, form)
        except ValidationError as error:
            self.form.set_errors(error.fields)
            return
        except AlreadySaved:
            pass  # the answer to the first try got lost; it is kept
        except CrmError as error:
            errors.show_error(self, error)
            return
        self._once.renew()
        self.load(fresh=True)
        self.said.emit(_("The write-up is kept."))

    def hand(self, found: FollowRow) -> None:
        """Hand a write-up to the manager chosen above, the first where none is."""
        managers = follows.find_managers(self.ctx)
        chosen = self.manager_choice.value() or (managers[0][0] if managers else None)
        if chosen is None:
            return
        try:
            follows.hand_over(self.ctx, found.id, found.version, int(str(chosen)))
        except CrmError as error:
            errors.show_error(self, error)
            return
        self.load()
        self.said.emit(_("Handed over."))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "list"):
            self.retranslate()
        super().changeEvent(event)


class _Written(QWidget):
    """One write-up with what it says, and the button that hands it over."""

    def __init__(self, tab: FollowTab, found: FollowRow, head: str) -> None:
        super().__init__()
        self._tab, self._found = tab, found
        view = QVBoxLayout(self)
        view.setContentsMargins(0, 0, 0, 6)
        view.setSpacing(2)
        line = row(spacing=8)
        line.addWidget(Label(head, "label", "muted", wrap=True), 1)
        if found.handed_at is None and tab.ctx.may(Right.CUSTOMER_EDIT):
            button = Button(_("Hand over"), icon="send", kind="quiet", size="row")
            button.clicked.connect(self._hand)
            line.addWidget(button)
        view.addLayout(line)
        if found.text:
            view.addWidget(Label(found.text, "body", wrap=True))
        for name, title in _PARTS:
            if text := getattr(found, name):
                said = _("{field}: {text}").format(field=_(title), text=text)
                view.addWidget(Label(said, "body", wrap=True))

    def _hand(self) -> None:
        self._tab.hand(self._found)
