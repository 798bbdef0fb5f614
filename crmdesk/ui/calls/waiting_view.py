"""What is still owed to callers: an answer, or an opinion that has not reached its department (CALL-20)."""

from __future__ import annotations

from typing import Any

from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services import calls
from crmdesk.services.calls import WAITING, CallCard
from crmdesk.services.context import Context
from crmdesk.ui.calls import words
from crmdesk.ui.calls.list_view import COLUMNS, call_line
from crmdesk.ui.calls.pieces import bind_keys
from crmdesk.ui.calls.side_view import SideView
from crmdesk.ui.widgets import Button, Choice, FormGrid, ListSpec


def _find(ctx: Context, query: str = "", *, show: str = "unanswered", **more: Any) -> list[calls.CallRow]:
    """Return the calls; one whose matter waits for an answer says so, though the talk itself is done."""
    rows = calls.find_calls(ctx, query, show=show, **more)
    if show != "unanswered":
        return rows
    return [row._replace(state="instructed", state_title=_("Unanswered")) if row.state == "done" else row
            for row in rows]  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} call", "{count} calls", count).format(count=count)


LIST = ListSpec(
    name="waiting", title=N_("Unanswered contacts"), columns=COLUMNS, filters=WAITING, which=N_("What is waiting"),
    first="unanswered", find=_find, line=call_line, count=_count, placeholder=N_("Name, number, matter"),
    empty=N_("Nobody waits for an answer."), first_step=N_("New call"), new=N_("New call"), new_key="F2",
    new_icon="phone-incoming", folded=True,
)  # fmt: skip


class WaitingView(SideView):
    """Calls without an answer, and opinions for the departments."""

    shown: CallCard | None

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx, LIST)

    def build_side(self) -> None:
        """Add passing an opinion on."""
        self.grid = FormGrid(columns=1)
        self.grid.add("opinion_department", N_("For the department"), Choice(editable=True, translate=False),
                      clause="CALL-20")  # fmt: skip
        self.pass_button = Button("", key="Alt+1", kind="primary", bind=False)
        self.side.add(self.grid, self.pass_button)
        self.pass_button.clicked.connect(self._pass_on)
        bind_keys(self, (self.pass_button,))

    def retranslate(self) -> None:
        """Write every text in the language in force."""
        self.pass_button.setText(_("Passed on"))
        self.show_record(self.shown)

    def read(self, line: Any) -> CallCard:
        """Return the call of a row."""
        return calls.get_call(self.ctx, line.id)

    def show_record(self, record: CallCard | None) -> None:
        """Show a call, None for no choice."""
        same = record is not None and self.shown is not None and record.id == self.shown.id
        self.shown = record
        waits = record is not None and bool(record.form.opinion) and record.opinion_passed_at is None
        self.grid.setVisible(waits)
        self.pass_button.setVisible(waits)
        if record is None:
            self.name_label.setText(_("No call chosen"))
            self.pill.set("")
            for label in (self.facts_label, self.text_label, self.note_label):
                label.setText("")
            self.timeline.set_entries([])
            return
        form = record.form
        self.name_label.setText(record.customer_name or form.name or form.phone or record.number)
        owed = record.state == "done" and self.filter.value() == "unanswered"
        self.pill.set(_("Unanswered") if owed else record.state_title, "warning" if owed else "neutral")
        self.facts_label.setText(words.joined(record.number, form.phone, form.region, record.answered_by))
        self.text_label.setText(form.matter)
        self.note_label.setText(_("Opinion: {text}").format(text=form.opinion) if form.opinion else "")
        if not same:
            names = [(name, name) for name in self.ctx.office.departments]
            self.grid.field("opinion_department").set_choices(names)
            self.grid.load({"opinion_department": form.opinion_department or None})
        self.timeline.set_entries(words.entries(self.ctx, record.story))

    def _pass_on(self) -> None:
        if self.shown is not None and not self.pass_button.isHidden():
            self.take(self._pass_step, self.grid)

    def _pass_step(self) -> object:
        assert self.shown is not None
        department = str(self.grid.field("opinion_department").value() or "")
        return calls.pass_opinion(self.ctx, self.shown.id, version=self.shown.version, department=department)
