"""Write-ups on the customer's card: what was learned after a visit, a call or in the week (ORD-13, CRM-06)."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.rules.rights import Right
from crmdesk.services import follows
from crmdesk.services.context import Context
from crmdesk.services.follows import FollowForm, FollowRow, ToWrite
from crmdesk.ui.customers.entry_tab import EntryTab
from crmdesk.ui.widgets import Button, Choice, Label, NoteEdit, Rule, TextEdit, row
from crmdesk.ui.widgets.card import clear

_PARTS = (
    ("sales", N_("How the goods sell")),
    ("suggestion", N_("Suggestions")),
    ("interest", N_("Looks for now")),
    ("evaluation", N_("What they think of us")),
)


class FollowTab(EntryTab):
    """The form above, the write-ups below."""

    KIND = "follow"

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, Button("", key="Ctrl+Enter", kind="primary", size="row"), parent=parent)
        self._visits: list[ToWrite] = []
        self._managers: list[tuple[int, str]] = []
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
        self.view.addWidget(self.form)
        self.view.addLayout(row(self.save_button, None))
        self.view.addWidget(Rule())
        self.view.addLayout(self.list)
        self.view.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.save_button.setText(_("Keep the write-up"))
        super().retranslate()

    def read(self) -> None:
        """Show the write-ups, and what a new one may be about and handed to."""
        found = follows.find_follows(self.ctx, self._id)
        self._visits = follows.find_visits_to_write(self.ctx, self._id)
        self._managers = follows.find_managers(self.ctx)
        may = self.ctx.may(Right.CUSTOMER_EDIT)
        self.form.setVisible(may)
        self.save_button.setVisible(may)
        self.manager_choice.set_choices([(None, _("later")), *self._managers])
        self.visit_choice.set_choices([
            (None, _("a call, or the week")),
            *((v.visit_id, _("visit {number}, {day}").format(number=v.number, day=self._day(v.left_at)))
              for v in self._visits),
        ])  # fmt: skip
        clear(self.list)
        if not found:
            self.list.addWidget(Label(_("Nothing written up yet."), "body", "muted"))
        for one in found:
            self.list.addWidget(_Written(self, one, self._head(one)))

    def blank(self) -> dict[str, Any]:
        """Return an empty write-up of the latest visit that has none, for the first manager."""
        return {
            **dict.fromkeys(("text", *(name for name, _title in _PARTS)), ""),
            "visit": self._visits[0].visit_id if self._visits else None, "handed_to_id": self._first_manager(),
        }  # fmt: skip

    def _first_manager(self) -> int | None:
        return self._managers[0][0] if self._managers else None

    def _day(self, at: Any) -> str:
        local = self.ctx.clock.local(at)
        return f"{format_day_short(local.date())} {format_time(local)}"

    def _head(self, found: FollowRow) -> str:
        handed = _("handed to {name}").format(name=found.handed_to) if found.handed_at else _("not handed over yet")
        return dotted(self._day(found.at), found.by, handed)

    def entry(self, values: dict[str, Any]) -> FollowForm:
        """Return what is typed as a write-up."""
        return FollowForm(
            self._id, str(values["text"]), str(values["sales"]), str(values["suggestion"]), str(values["interest"]),
            str(values["evaluation"]), visit_id=values["visit"], handed_to_id=values["handed_to_id"],
        )  # fmt: skip

    def store(self, entry: FollowForm) -> str:
        """Keep the write-up."""
        follows.write_up(self.ctx, entry)
        return _("The write-up is kept.")

    def hand(self, found: FollowRow) -> None:
        """Hand a write-up to the manager chosen above, the first where none is."""
        to_id = self.manager_choice.value() or self._first_manager()
        if to_id is not None:
            self.act(follows.hand_over, found.id, found.version, int(str(to_id)), said=_("Handed over."))


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
