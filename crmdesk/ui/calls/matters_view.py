"""Matters until the customer is satisfied: mine, all open, those to ask back (FIRST-01 to FIRST-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services import matters
from crmdesk.services.context import Context
from crmdesk.services.matters import MatterCard, MatterRow
from crmdesk.services.staff import find_staff
from crmdesk.ui import dialogs
from crmdesk.ui.calls import words
from crmdesk.ui.calls.pieces import bind_keys
from crmdesk.ui.calls.side_view import SideView
from crmdesk.ui.widgets import Button, Choice, Column, FormGrid, ListSpec, PoliteNote, row

_TONES = {"accepted": "warning", "passed": "info", "answered": "accent", "satisfied": "ok"}
COLUMNS = (
    Column("accepted", N_("Taken on"), 94, plain="accepted_at"),
    Column("customer", N_("Customer"), 140, bold=True, second="phone"),
    Column("matter", N_("Matter"), stretch=True, second="with_whom"),
    Column("due", N_("Answer by"), 94, tone="due_tone", plain="due_at"),
    Column("state", N_("State"), 132, kind="pill", tone="state_tone"),
)


class _Line(NamedTuple):
    id: int
    call_id: int | None
    accepted: str
    customer: str
    phone: str
    matter: str
    with_whom: str
    due: str
    due_tone: str
    state: str
    state_tone: str
    accepted_at: datetime
    due_at: datetime | None


def _line(ctx: Context, matter: MatterRow) -> _Line:
    late = matter.due_at is not None and matter.due_at < ctx.clock.now()
    return _Line(
        matter.id, matter.call_id, words.moment(ctx, matter.accepted_at), matter.customer, matter.phone,
        " ".join(matter.text.split()), _with_whom(matter), words.moment(ctx, matter.due_at),
        "danger" if late else "", matter.state_title, _TONES.get(matter.state, "neutral"),
        ctx.clock.local(matter.accepted_at), ctx.clock.local(matter.due_at) if matter.due_at is not None else None,
    )  # fmt: skip


def _with_whom(matter: MatterRow) -> str:
    asked = "" if matter.first == matter.owner else _("asked first: {name}").format(name=matter.first)
    return words.joined(matter.owner, matter.department, asked)


def _count(count: int) -> str:
    return ngettext("{count} matter", "{count} matters", count).format(count=count)


LIST = ListSpec(
    name="matters", title=N_("Matters"), columns=COLUMNS, filters=matters.FILTERS, which=N_("Which matters"),
    first="mine", find=matters.find_matters, line=_line, count=_count, placeholder=N_("Matter, customer, department"),
    empty=N_("Nothing waits here. Matters come out of calls (Alt+6)."), first_step=N_("New call"), new=N_("New call"),
    new_key="F2", new_icon="phone-incoming", folded=True,
)  # fmt: skip


class MattersView(SideView):
    """What was asked, who works on it, the answer, and whether the customer is satisfied."""

    shown: MatterCard | None

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx, LIST)

    def build_side(self) -> None:
        """Add passing on, the answer and asking back."""
        self.pass_grid = FormGrid(columns=2)
        self.pass_grid.add("department", N_("Department"), Choice(editable=True, translate=False))
        self.pass_grid.add("owner_id", N_("Colleague"), Choice(translate=False))
        self.pass_button = Button("", key="Alt+1", bind=False)
        self.answer_grid = FormGrid(columns=1)
        self.answer_grid.add("answer", N_("Answer"), PoliteNote(lines=2, max_length=4000), clause="CALL-24")
        self.answer_button = Button("", key="Alt+2", kind="primary", bind=False)
        self.ask_grid = FormGrid(columns=1)
        self.ask_grid.add("opinion", N_("What the customer says"), PoliteNote(lines=2, max_length=4000),
                          clause="FIRST-03")  # fmt: skip
        self.satisfied_button = Button("", key="Alt+3", kind="primary", bind=False)
        self.missing_button = Button("", key="Alt+4", bind=False)
        self.complain_button = Button("", kind="link", size="row", key="Alt+5", bind=False)
        self.side.add(self.pass_grid, self.pass_button, self.answer_grid, self.answer_button)
        self.side.add(self.ask_grid, row(self.satisfied_button, self.missing_button), self.complain_button)
        steps = {
            self.pass_button: self._pass_on, self.answer_button: self._answer, self.satisfied_button: self._satisfied,
            self.missing_button: self._missing, self.complain_button: self._complain,
        }  # fmt: skip
        for button, step in steps.items():
            button.clicked.connect(step)
        bind_keys(self, steps)

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.pass_button.setText(_("Pass on"))
        self.answer_button.setText(_("Answered"))
        self.satisfied_button.setText(_("Satisfied"))
        self.missing_button.setText(_("Not satisfied"))
        self.complain_button.setText(_("The department does not cooperate"))
        self.show_record(self.shown)

    def read(self, line: Any) -> MatterCard:
        """Return the matter of a row."""
        return matters.get_matter(self.ctx, line.id)

    def open_row(self, row_id: int) -> None:
        """Open the call a matter came from."""
        line = self.table.current()
        if line is not None and line.call_id is not None:
            self.opened.emit(line.call_id)

    def show_record(self, record: MatterCard | None) -> None:
        """Show a matter, None for no choice."""
        same = record is not None and self.shown is not None and record.row.id == self.shown.row.id
        self.shown = record
        state = record.row.state if record else ""
        for widget in (self.pass_grid, self.pass_button, self.answer_grid, self.answer_button):
            widget.setVisible(state in ("accepted", "passed"))
        for widget in (self.ask_grid, self.satisfied_button, self.missing_button):
            widget.setVisible(state == "answered")
        self.complain_button.setVisible(bool(record and record.row.department and state != "satisfied"))
        if record is None:
            self.name_label.setText(_("No matter chosen"))
            self.pill.set("")
            for label in (self.facts_label, self.text_label, self.note_label):
                label.setText("")
            self.timeline.set_entries([])
            return
        row_ = record.row
        self.name_label.setText(row_.customer or row_.phone or record.call_number)
        self.pill.set(row_.state_title, _TONES.get(state, "neutral"))
        self.facts_label.setText(words.joined(record.call_number, row_.phone, _with_whom(row_)))
        self.text_label.setText(row_.text)
        self.note_label.setText(_("Answer: {text}").format(text=record.answer) if record.answer else "")
        if not same:
            self._offer()
            self.answer_grid.load({"answer": ""})
            self.ask_grid.load({"opinion": ""})
        self.timeline.set_entries(words.entries(self.ctx, record.story))

    def _offer(self) -> None:
        self.pass_grid.field("department").set_choices([(name, name) for name in self.ctx.office.departments])
        people = [(person.id, person.name) for person in find_staff(self.ctx)]
        self.pass_grid.field("owner_id").set_choices([(None, ""), *people])
        self.pass_grid.load({"department": None, "owner_id": None})

    def _pass_on(self) -> None:
        if self.shown is None or self.pass_button.isHidden():
            return
        self.take(self._pass_step, self.pass_grid)

    def _pass_step(self) -> object:
        assert self.shown is not None
        values = self.pass_grid.values()
        return matters.pass_matter(
            self.ctx, self.shown.row.id, version=self.shown.row.version, department=str(values["department"] or ""),
            owner_id=values["owner_id"],
        )  # fmt: skip

    def _answer(self) -> None:
        if self.shown is None or self.answer_button.isHidden():
            return
        self.take(self._answer_step, self.answer_grid)

    def _answer_step(self) -> object:
        assert self.shown is not None
        answer = str(self.answer_grid.field("answer").value())
        return matters.answer_matter(self.ctx, self.shown.row.id, version=self.shown.row.version, answer=answer)

    def _satisfied(self) -> None:
        if self.shown is not None and not self.satisfied_button.isHidden():
            self.take(self._satisfied_step, self.ask_grid)

    def _missing(self) -> None:
        if self.shown is not None and not self.missing_button.isHidden():
            self.take(self._missing_step, self.ask_grid)

    def _satisfied_step(self) -> object:
        return self._ask_back(satisfied=True)

    def _missing_step(self) -> object:
        return self._ask_back(satisfied=False)

    def _ask_back(self, *, satisfied: bool) -> object:
        assert self.shown is not None
        opinion = str(self.ask_grid.field("opinion").value())
        row_ = self.shown.row
        return matters.ask_back(self.ctx, row_.id, version=row_.version, satisfied=satisfied, opinion=opinion)

    def _complain(self) -> None:
        if self.shown is None or self.complain_button.isHidden():
            return
        question = _("What does {department} not do? It becomes a complaint to the manager.")
        self._story = dialogs.get_text(self, question.format(department=self.shown.row.department)) or ""
        if self._story:
            self.take(self._complain_step)

    def _complain_step(self) -> object:
        assert self.shown is not None
        row_ = self.shown.row
        return matters.complain_of_department(
            self.ctx, row_.id, version=row_.version, department=row_.department, story=self._story
        )
