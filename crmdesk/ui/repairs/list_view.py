"""The list of repairs as data: in the house, sent away, ready, late."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from crmdesk.core.dates import format_day_short
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services.context import Context
from crmdesk.services.repairs import FILTERS, RepairRow, find_repairs
from crmdesk.ui.repairs import words
from crmdesk.ui.widgets import Column, ListSpec

COLUMNS = (
    Column("number", N_("Number"), 126, bold=True, second="received"),
    Column("customer", N_("Customer"), 150, bold=True, second="phone"),
    Column("part", N_("Part to repair"), stretch=True, second="item"),
    Column("state_title", N_("State"), 130, kind="pill", tone="state_tone"),
    Column("due", N_("Promised"), 112, tone="due_tone", second="due_note", plain="due_on"),
)


class Line(NamedTuple):
    """A repair as the list shows it."""

    id: int
    number: str
    received: str
    customer: str
    phone: str
    part: str
    item: str
    state_title: str
    state_tone: str
    due: str
    due_tone: str
    due_note: str
    due_on: date | None


def _line(ctx: Context, repair: RepairRow) -> Line:
    today = ctx.clock.today()
    received = format_day_short(ctx.clock.local(repair.received_at).date())
    return Line(
        repair.id, repair.number, _("taken in {day}").format(day=received), repair.customer, repair.phone, repair.part,
        repair.item, repair.state_title, words.STATE_TONES.get(repair.state, "neutral"),
        words.day_words(repair.due_on, today), words.due_tone(repair, today), words.due_words(repair, today),
        repair.due_on,
    )  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} repair", "{count} repairs", count).format(count=count)


LIST = ListSpec(
    name="repairs", title=N_("Repairs"), columns=COLUMNS, filters=FILTERS, which=N_("Which repairs"), first="open",
    find=find_repairs, line=_line, count=_count, placeholder=N_("Number, name, piece"),
    empty=N_("No repairs here. The next one opens with F7."), first_step=N_("Take in a repair"), new=N_("Take in"),
    new_key="F7", row_height=44,
)  # fmt: skip
