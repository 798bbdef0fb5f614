"""The list of approvals as data: what waits for me, what I asked for, what is decided."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from crmdesk.core.i18n import N_, ngettext
from crmdesk.core.money import quantize
from crmdesk.services import approvals
from crmdesk.services.approvals import ApprovalCase
from crmdesk.services.context import Context
from crmdesk.ui.approvals.panel import STATE_TONES
from crmdesk.ui.complaints.words import day_time, joined
from crmdesk.ui.widgets import Column, ListSpec

COLUMNS = (
    Column("matter", N_("What"), 152, second="asked"),
    Column("title", N_("About"), stretch=True, bold=True, second="reason"),
    Column("amount", N_("Amount"), 88, kind="money"),
    Column("where", N_("Approver"), 138, second="who"),
    Column("state", N_("State"), 116, kind="pill", tone="tone"),
)


class Line(NamedTuple):
    """An asking as the list shows it."""

    id: int
    matter: str
    asked: str
    title: str
    reason: str
    amount: Decimal | None
    where: str
    who: str
    state: str
    tone: str


def _line(ctx: Context, case: ApprovalCase) -> Line:
    amount = quantize(case.amount, ctx.office.currency) if case.amount else None
    return Line(
        case.id, case.matter_title, joined(case.asked_by, day_time(ctx, case.asked_at)), case.title,
        case.reason.replace("\n", " "), amount, case.where, case.who, case.state_title, STATE_TONES[case.state],
    )  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} approval", "{count} approvals", count).format(count=count)


LIST = ListSpec(
    name="approvals", title=N_("Approvals"), columns=COLUMNS,
    filters=approvals.FILTERS, which=N_("Which approvals"), first="waiting",
    find=approvals.find_approvals, line=_line, count=_count,
    placeholder=N_("Search titles"), empty=N_("Nothing here waits for a decision."),
    first_step="", new=N_("I am away…"), new_icon="calendar-clock", limit=approvals.MOST, row_height=48,
    reads_sorted=False, folded=True,
)  # fmt: skip
