"""The list of complaints as data: open ones first, the overdue on top."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.services import complaints
from crmdesk.services.context import Context
from crmdesk.ui.complaints import words
from crmdesk.ui.widgets import Column, ListSpec

_STATE_TONES = {"received": "warning", "reopened": "warning", "closed": "ok", "proposed": "info", "told": "info"}
COLUMNS = (
    Column("number", N_("Number"), 92),
    Column("severity", N_("Severity"), 84, kind="pill", tone="severity_tone"),
    Column("complainant", N_("Customer"), 160, bold=True),
    Column("title", N_("Matter"), stretch=True, second="department"),
    Column("handler", N_("Handled by"), 110),
    Column("next_reply", N_("Next reply"), 170, tone="reply_tone", plain="reply_at"),
    Column("state", N_("State"), 150, kind="pill", tone="state_tone"),
)


class Line(NamedTuple):
    """A complaint as the list shows it."""

    id: int
    number: str
    severity: str
    severity_tone: str
    complainant: str
    title: str
    department: str
    handler: str
    next_reply: str
    reply_tone: str
    state: str
    state_tone: str
    reply_at: datetime | None


def _line(ctx: Context, found: complaints.ComplaintRow) -> Line:
    major, closed = found.severity == "major", found.state == "closed"
    reply = "" if closed else words.day_time(ctx, found.next_reply_at)
    if found.overdue and not closed:  # the case is late; the answer it shows may still be ahead
        ahead = found.next_reply_at is not None and found.next_reply_at >= ctx.clock.now()
        reply = words.joined(reply, _("step late") if ahead else _("late"))
    return Line(
        found.id, found.number, _("Major") if major else _("General"), "danger" if major else "neutral",
        found.complainant, found.title, found.department, found.handler, reply, "danger" if found.overdue else "",
        found.state_title, _STATE_TONES.get(found.state, "neutral"),
        ctx.clock.local(found.next_reply_at) if found.next_reply_at is not None and not closed else None,
    )  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} complaint", "{count} complaints", count).format(count=count)


LIST = ListSpec(
    name="complaints", title=N_("Complaints"), columns=COLUMNS,
    filters=complaints.FILTERS, which=N_("Which complaints"), first="open",
    find=complaints.find_complaints, line=_line, count=_count,
    placeholder=N_("Number, name, matter, item"), empty=N_("No complaints here. The next one opens with F8."),
    first_step=N_("New complaint"), new=N_("New complaint"), new_key="F8",
)  # fmt: skip
