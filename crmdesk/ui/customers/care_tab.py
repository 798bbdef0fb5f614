"""Care on the customer's card: birthdays and festivals that come, wanted goods, illness, events (CRM-07, CRM-15)."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crmdesk.core.dates import format_day, format_day_short
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, dotted
from crmdesk.rules.care import EVENT, GREETING, ILLNESS, KINDS, NOTED, WANTED, WAYS
from crmdesk.rules.rights import Right
from crmdesk.services import care
from crmdesk.services.care import CareForm, CareRow, Occasion
from crmdesk.services.context import Context
from crmdesk.ui import dialogs, errors
from crmdesk.ui.customers.entry_tab import EntryTab
from crmdesk.ui.widgets import Button, Choice, DayEdit, Label, NoteEdit, Pill, Rule, TextEdit, row
from crmdesk.ui.widgets.card import clear

_TONES = {WANTED: "accent", ILLNESS: "warning", EVENT: "info", GREETING: "ok"}
_DONE_WORDS = {WANTED: N_("Told"), ILLNESS: N_("Sympathy offered"), EVENT: N_("Told")}
_ASKED = {
    WANTED: N_("What did the customer say?"),
    ILLNESS: N_("How was sympathy offered?"),
    EVENT: N_("What did the customer say?"),
}


class CareTab(EntryTab):
    """What is to be thought of above, a line to note more below it."""

    KIND = "care"

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(ctx, Button("", icon="plus", size="row"), parent=parent)
        self.text_edit = NoteEdit(lines=2, max_length=care.TEXT_LENGTH)
        self.text_edit.setMaximumHeight(72)
        self.form.add("kind", N_("Kind"), Choice([(kind, KINDS[kind]) for kind in NOTED]))
        self.form.add("on", N_("Due"), DayEdit(ctx.clock.today))
        self.form.add("text", N_("What it is about"), self.text_edit, span=2)
        self.form.add("item_code", N_("Item"), TextEdit(max_length=40))
        self.form.changed.connect(self._kind_changed)
        self.view.addLayout(self.list)
        self.view.addWidget(Rule())
        self.view.addWidget(self.form)
        self.view.addLayout(row(self.save_button, None))
        self.view.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all words in the language in force."""
        self.save_button.setText(_("Note it"))
        super().retranslate()

    def blank(self) -> dict[str, Any]:
        """Return an empty note of wanted goods."""
        return {"kind": WANTED, "on": None, "text": "", "item_code": ""}

    def form_loaded(self) -> None:
        """Show the fields of this kind of note."""
        self._kind_changed("kind")

    def _kind_changed(self, name: str) -> None:
        if name == "kind":
            self.form.show_field("item_code", self.form.values()["kind"] == WANTED)

    def read(self) -> None:
        """Show what comes and what was noted."""
        occasions = care.find_occasions(self.ctx, self._id)
        notes = care.find_care(self.ctx, self._id)
        clear(self.list)
        may = self.ctx.may(Right.CUSTOMER_EDIT)
        self.form.setVisible(may)
        self.save_button.setVisible(may)
        for occasion in occasions:
            self.list.addWidget(_Coming(self, occasion, may))
        for note in notes:
            self.list.addWidget(_Noted(self, note, may))
        if not occasions and not notes:
            self.list.addWidget(Label(_("Nothing to think of just now."), "body", "muted"))

    def entry(self, values: dict[str, Any]) -> CareForm:
        """Return what is typed as a note; only wanted goods have an item."""
        code = str(values["item_code"]) if values["kind"] == WANTED else ""
        return CareForm(self._id, str(values["kind"]), str(values["text"]), code, values["on"])

    def store(self, entry: CareForm) -> str:
        """Keep the note."""
        care.note_care(self.ctx, entry)
        return _("Noted.")

    def greet(self, occasion: Occasion) -> None:
        """Ask how somebody was greeted and keep it."""
        first = [occasion.way] if occasion.way in WAYS else []
        order = [*first, *(way for way in WAYS if way not in first)]
        way = dialogs.choose(self, _("How was it done?"), [(way, _(WAYS[way])) for way in order])
        if way is not None:
            self.act(care.greet, self._id, occasion.key, way)

    def settle(self, note: CareRow) -> None:
        """Ask how a note was settled and keep it."""
        said = dialogs.get_text(self, _(_ASKED[note.kind]))
        if said is not None:
            self.act(care.settle, note.id, note.version, said)

    def arrived(self, note: CareRow) -> None:
        """The wanted goods are here."""
        self.act(care.mark_arrived, note.id, note.version)


class _Line(QWidget):
    """A pill, words, and one or two buttons."""

    def __init__(self, pill: str, tone: str, head: str, words: str, muted: str) -> None:
        super().__init__()
        view = QVBoxLayout(self)
        view.setContentsMargins(0, 0, 0, 4)
        view.setSpacing(2)
        self.line = row(spacing=8)
        self.line.addWidget(Pill(pill, tone))
        self.line.addWidget(Label(head, "strong", wrap=True), 1)
        view.addLayout(self.line)
        for text, colour in ((words, "text"), (muted, "muted")):
            if text:
                view.addWidget(Label(text, "body" if colour == "text" else "label", colour, wrap=True))

    def add_button(self, words: str, icon: str, pressed: Any) -> None:
        """Put a button at the end of the first line."""
        button = Button(words, icon=icon, size="row")
        button.clicked.connect(pressed)
        self.line.addWidget(button)


class _Coming(_Line):
    def __init__(self, tab: CareTab, occasion: Occasion, may: bool) -> None:
        self._tab, self._occasion = tab, occasion
        day = format_day_short(occasion.day)
        if occasion.who == "festival":
            head, pill = dotted(occasion.name, day), _("Festival")
        else:
            age = _("turns {age}").format(age=occasion.age) if occasion.age else ""
            head, pill = dotted(occasion.name, day, age), _("Birthday")
        super().__init__(pill, "accent", head, "", "")
        if may:
            self.add_button(_("Done"), "check", self._pressed)

    def _pressed(self) -> None:
        self._tab.greet(self._occasion)


class _Noted(_Line):
    def __init__(self, tab: CareTab, note: CareRow, may: bool) -> None:
        self._tab, self._note = tab, note
        words = _("Kept closed.") if note.closed else note.text
        day = format_day(tab.ctx.clock.local(note.noted_at).date())
        if note.done_at is not None:
            done = format_day(tab.ctx.clock.local(note.done_at).date())
            way, _colon, rest = note.result.partition(": ")
            result = dotted(_(WAYS[way]), rest) if way in WAYS else note.result
            super().__init__(_(KINDS[note.kind]), "neutral", dotted(done, note.done_by), words, result)
            return
        due = _("due {day}").format(day=format_day(note.on)) if note.on else ""
        here = _("is here") if note.arrived_at else ""
        super().__init__(
            _(KINDS[note.kind]), _TONES[note.kind], dotted(note.item, due, here), words, dotted(day, note.noted_by)
        )
        if may and note.kind == WANTED and note.arrived_at is None:
            self.add_button(_("Arrived"), "package-check", self._arrived)
        elif may:
            self.add_button(_(_DONE_WORDS[note.kind]), "check", self._settled)

    def _arrived(self) -> None:
        self._tab.arrived(self._note)

    def _settled(self) -> None:
        self._tab.settle(self._note)


def ask_tidied(page: Any) -> None:
    """Ask on the customers' page whether the archive was gone through; yes settles the task of the month (CRM-34)."""
    question = _("Has the archive been gone through this month: doubles, empty fields, who left?")
    if not dialogs.ask(page, question, yes=_("Yes, done"), no=_("Not yet")):
        return
    try:
        care.mark_tidied(page.ctx)
    except CrmError as error:
        errors.show_error(page, error)
        return
    page.say(_("Noted."))
