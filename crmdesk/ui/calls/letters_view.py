"""The register of letters and notices: written in, handled, delivered, filed, bound (CALL-21, CALL-23, CRM-33)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from crmdesk.core.dates import format_day
from crmdesk.core.errors import CrmError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.rules.rights import Right
from crmdesk.services import letters
from crmdesk.services.context import Context
from crmdesk.services.letters import LetterForm, LetterRow
from crmdesk.ui import dialogs, errors
from crmdesk.ui.calls import words
from crmdesk.ui.calls.pieces import bind_keys
from crmdesk.ui.calls.side_view import SideView
from crmdesk.ui.customers.customer_pick import CustomerPick
from crmdesk.ui.once import Once
from crmdesk.ui.papers.preview import show_papers
from crmdesk.ui.widgets import (
    Button,
    Choice,
    Column,
    DayEdit,
    FormGrid,
    ListSpec,
    NoteEdit,
    PoliteNote,
    Scroll,
    Segments,
    TextEdit,
    row,
)  # fmt: skip

COLUMNS = (
    Column("dated", N_("Day"), 88, kind="day"),
    Column("name", N_("From or to"), 150, bold=True, second="party"),
    Column("subject", N_("What it is about"), stretch=True, second="note"),
    Column("product", N_("Product"), 90),
    Column("state", N_("State"), 116, kind="pill", tone="state_tone"),
)


_SIDE = 356  # two columns of a form beside each other


class _Line(NamedTuple):
    id: int
    dated: date
    name: str
    party: str
    subject: str
    note: str
    product: str
    state: str
    state_tone: str
    row: LetterRow


def _line(ctx: Context, letter: LetterRow) -> _Line:
    party = words.joined(_(letters.DIRECTIONS[letter.direction]), _(letters.PARTIES[letter.party]))
    return _Line(
        letter.id, letter.dated, letter.name, party, " ".join(letter.subject.split()),
        words.joined(letter.number, _(letters.KINDS[letter.kind])), letter.product, *_state(letter), letter,
    )  # fmt: skip


def _state(letter: LetterRow) -> tuple[str, str]:
    if letter.bound_at is not None:
        return _("Bound"), "neutral"
    if letter.filed_at is not None:
        return _("Filed"), "neutral"
    return (_("Handled"), "ok") if letter.handled_at is not None else (_("To be handled"), "warning")


def _count(count: int) -> str:
    return ngettext("{count} letter", "{count} letters", count).format(count=count)


LIST = ListSpec(
    name="letters", title=N_("Letters"), columns=COLUMNS, filters=letters.FILTERS, which=N_("Which letters"),
    first="open", find=letters.find_letters, line=_line, count=_count, placeholder=N_("Name, number, product"),
    empty=N_("No letters here."), first_step=N_("Register a letter"), new=N_("Register"), new_key="Alt+1",
    new_icon="mail", widens_to="all", folded=True,
)  # fmt: skip


class LettersView(SideView):
    """The register at the left; a new letter, or the next step of the chosen one, at the right."""

    shown: LetterRow | None

    def __init__(self, ctx: Context) -> None:
        self.once = Once()
        self.writing = False
        self.file_button = Button("", icon="archive", key="Alt+5", size="row", bind=False)
        self.bind_button = Button("", icon="book-open-check", key="Alt+6", size="row", bind=False)
        super().__init__(ctx, LIST, self.file_button, self.bind_button)
        self.listing.new_asked.connect(self.begin)
        self.file_button.clicked.connect(self._file)
        self.bind_button.clicked.connect(self._bind)
        bind_keys(self, (self.file_button, self.bind_button))
        self.filter.value_changed.connect(self._show_filing)
        self._show_filing()

    def build_side(self) -> None:
        """Add the form of a new letter, handling and delivering."""
        today = self.ctx.clock.today
        self.new_grid = FormGrid(columns=2)
        self.new_grid.add("direction", N_("In or out"), Segments(list(letters.DIRECTIONS.items()), value="in"))
        self.new_grid.add("kind", N_("Kind"), Choice(list(letters.KINDS.items())))
        self.new_grid.add("dated", N_("Day"), DayEdit(today))
        self.new_grid.add("party", N_("Whose letter"), Choice(list(letters.PARTIES.items())), clause="CALL-23")
        self.pick = CustomerPick(self.ctx)
        self.new_grid.add("customer_id", N_("Customer"), self.pick, span=2)
        self.new_grid.add("name", N_("Name, when no customer"), TextEdit(max_length=80), span=2)
        self.new_grid.add("product", N_("Product"), TextEdit(max_length=60))
        self.new_grid.add("delivered_to", N_("Delivered to"), TextEdit(max_length=80), clause="CRM-33")
        self.new_grid.add("subject", N_("What it is about"), NoteEdit(lines=2, max_length=4000), span=2, grow=True,
                          required=True)  # fmt: skip
        self.keep_button = Button("", kind="primary", key="Ctrl+Return", bind=False)
        self.drop_button = Button("", kind="plain", key="Alt+4", bind=False)
        self.new_scroll = Scroll(self.new_grid, least=240)
        self.handle_grid = FormGrid(columns=1)
        self.handle_grid.add("opinion", N_("How it is handled"), NoteEdit(lines=2, max_length=4000), clause="CALL-23")
        self.handle_grid.add("reply", N_("Reply"), PoliteNote(lines=2, max_length=4000))
        self.handle_button = Button("", kind="primary", key="Alt+2", bind=False)
        self.deliver_grid = FormGrid(columns=1)
        self.deliver_grid.add("delivered_to", N_("Delivered to"), TextEdit(max_length=80), clause="CRM-33")
        self.deliver_button = Button("", key="Alt+3", bind=False)
        self.side.setFixedWidth(_SIDE)
        self.side.body.addWidget(self.new_scroll, 1)
        self.side.add(row(self.keep_button, None, self.drop_button), self.handle_grid, self.handle_button)
        self.side.add(self.deliver_grid, self.deliver_button)
        self.pick.enter_first()
        steps = {
            self.keep_button: self._keep, self.drop_button: self._drop, self.handle_button: self._handle,
            self.deliver_button: self._deliver,
        }  # fmt: skip
        for button, step in steps.items():
            button.clicked.connect(step)
        bind_keys(self, steps)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.keep_button.setText(_("Into the register"))
        self.drop_button.setText(_("Discard"))
        self.handle_button.setText(_("Handled"))
        self.deliver_button.setText(_("Delivered"))
        self.file_button.setText(_("File the month"))
        self.bind_button.setText(_("Bind the year"))
        self.show_record(self.shown)

    # a new letter -----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin a new entry; what was begun already goes on."""
        if not self.writing:
            self.writing = True
            self.once.renew()
            self.new_grid.load({"direction": "in", "kind": "letter", "party": "user", "dated": self.ctx.clock.today(),
                                "name": "", "product": "", "delivered_to": "", "subject": ""})  # fmt: skip
            self.pick.set_value(None)
        self.show_record(self.shown)
        self.pick.setFocus()

    def _keep(self) -> None:
        if not self.writing or not self.new_grid.check():
            return
        if self.take(self._register_step, self.new_grid):
            self.writing = False
            self.show_record(self.shown)
            self.table.setFocus()

    def _drop(self) -> None:
        """Give up the entry that was begun."""
        if self.writing:
            self.writing = False
            self.show_record(self.shown)
            self.table.setFocus()

    def _register_step(self) -> object:
        values: dict[str, Any] = self.new_grid.values()
        values["dated"] = values["dated"] or self.ctx.clock.today()
        return letters.register_letter(self.ctx, self.once.stamp(LetterForm(**values)))

    # the chosen one ---------------------------------------------------------------------------------------------

    def read(self, line: _Line) -> LetterRow:
        """Return the letter of a row."""
        return line.row

    def open_row(self, row_id: int) -> None:
        """Go to what a letter still needs (Enter)."""
        if self.shown is not None and self.shown.handled_at is None:
            self.writing = False
            self.show_record(self.shown)
            self.handle_grid.focus_first("opinion")

    def show_record(self, record: LetterRow | None) -> None:
        """Show a letter, None for no choice; while one is written in, the form stands there."""
        same = record is not None and self.shown is not None and record.id == self.shown.id
        self.shown = record
        chosen = record if not self.writing else None
        waits = chosen is not None and chosen.handled_at is None
        on_its_way = chosen is not None and chosen.delivered_at is None and chosen.filed_at is None
        for widget, visible in (
            (self.new_scroll, self.writing), (self.keep_button, self.writing), (self.drop_button, self.writing),
            (self.handle_grid, waits), (self.handle_button, waits), (self.deliver_grid, on_its_way),
            (self.deliver_button, on_its_way),
            (self.text_scroll, not self.writing), (self.story_scroll, not self.writing),
        ):  # fmt: skip
            widget.setVisible(visible)
        if chosen is None:
            self.name_label.setText(_("A new letter") if self.writing else _("No letter chosen"))
            self.pill.set("")
            for label in (self.facts_label, self.text_label, self.note_label):
                label.setText("")
            self.timeline.set_entries([])
            return
        self.name_label.setText(chosen.name)
        self.pill.set(*_state(chosen))
        self.facts_label.setText(words.joined(chosen.number, format_day(chosen.dated), chosen.product))
        self.text_label.setText(chosen.subject)
        said = _("How it is handled: {text}").format(text=chosen.opinion) if chosen.opinion else ""
        reply = _("Reply: {text}").format(text=chosen.reply) if chosen.reply else ""
        self.note_label.setText("\n".join(filter(None, (said, reply))))
        if not same:
            self.handle_grid.load({"opinion": chosen.opinion, "reply": chosen.reply})
            self.deliver_grid.load({"delivered_to": ""})
        self.timeline.set_entries(words.entries(self.ctx, letters.get_story(self.ctx, chosen.id)))

    def _handle(self) -> None:
        if self.shown is not None and not self.handle_button.isHidden():
            self.take(self._handle_step, self.handle_grid)

    def _handle_step(self) -> object:
        assert self.shown is not None
        values = self.handle_grid.values()
        return letters.handle_letter(
            self.ctx, self.shown.id, version=self.shown.version, opinion=str(values["opinion"]),
            reply=str(values["reply"]),
        )  # fmt: skip

    def _deliver(self) -> None:
        if self.shown is not None and not self.deliver_button.isHidden():
            self.take(self._deliver_step, self.deliver_grid)

    def _deliver_step(self) -> object:
        assert self.shown is not None
        to = str(self.deliver_grid.field("delivered_to").value())
        return letters.deliver_letter(self.ctx, self.shown.id, version=self.shown.version, delivered_to=to)

    # filing -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list again; the chosen letter stays chosen."""
        super().refresh()
        self._show_filing()

    def _show_filing(self) -> None:
        """What is to be filed and bound stands beside its own filter, for who may take lists out."""
        may, place = self.ctx.may(Right.CUSTOMER_EXPORT), self.filter.value()
        self.file_button.setVisible(may and place == "unfiled")
        self.bind_button.setVisible(may and place == "filed")

    def _file(self) -> None:
        """File the months that are over, and show the paper of the file."""
        if self.file_button.isHidden():
            return
        sorts = [("name", _("By who wrote")), ("product", _("By product"))]
        by = dialogs.choose(self, _("How are the letters of the month sorted?"), sorts)
        if by is not None:
            self._put_away(partial(letters.file_letters, self.ctx, by_product=by == "product"))

    def _bind(self) -> None:
        """Bind the years that are over, and show the paper of the volume."""
        if self.bind_button.isHidden():
            return
        self._put_away(partial(letters.bind_letters, self.ctx))

    def _put_away(self, step: Callable[[], int | None]) -> None:
        try:
            paper = step()
        except CrmError as error:
            errors.show_error(self, error)
            return
        if paper is None:
            dialogs.inform(self, _("Nothing is to be put away yet: months are filed when they are over."))
            return
        self.refresh()
        self.changed.emit()
        show_papers(self, self.ctx, [paper])
