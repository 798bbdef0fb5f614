"""What the checklists' windows say about a list and its lines."""

from __future__ import annotations

from datetime import datetime

from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.i18n import N_, _
from crmdesk.rules.checklists import DESKS
from crmdesk.services.checklists import LineRow, ListRow, Template
from crmdesk.services.context import Context

SIGNS = {
    "open": ("circle", "muted"), "half": ("circle-dot", "accent"), "ticked": ("square-check", "ok"),
    "fault": ("triangle-alert", "danger"),
}  # fmt: skip
STATES = {"new": N_("Not begun"), "open": N_("Begun"), "fault": N_("Not in order"), "done": N_("Done")}
STATE_TONES = {"new": "neutral", "open": "accent", "fault": "danger", "done": "ok"}


def joined(*parts: str) -> str:
    """Return the parts that are not empty with a dot between them, as the language writes it."""
    return _(" · ").join(part for part in parts if part)


def desk_word(desk: str) -> str:
    """Return whose list it is."""
    return _(DESKS.get(desk, DESKS[""]))


def state_of(row: ListRow) -> str:
    """Return a key of STATES."""
    if row.state == "done":
        return "done"
    return "fault" if row.faults else "open" if row.id is not None else "new"


def time_word(ctx: Context, at: datetime | None) -> str:
    """Return a moment as a time, with its day when it isn't today."""
    if at is None:
        return ""
    local = ctx.clock.local(at)
    day = "" if local.date() == ctx.clock.today() else f"{format_day_short(local.date())} "
    return day + format_time(local)


def who_word(ctx: Context, row: ListRow) -> str:
    """Return who began a list or finished it."""
    if row.state == "done":
        return _("Done by {name}, {time}").format(name=row.done_by, time=time_word(ctx, row.done_at))
    if row.id is not None:
        return _("Begun by {name}, {time}").format(name=row.begun_by, time=time_word(ctx, row.begun_at))
    return ""


def said_word(ctx: Context, row: LineRow) -> str:
    """Return what was said about a line, '' while nobody said anything."""
    tick = row.tick
    if tick is None:
        return ""
    time = time_word(ctx, tick.at)
    if tick.fault:
        return joined(_("Not in order: {note}").format(note=tick.note), f"{tick.by} {time}")
    people = f"{tick.by} {time}"
    if tick.second_id is not None:
        people = _("{first} and {second}").format(
            first=people, second=f"{tick.second} {time_word(ctx, tick.second_at)}"
        )
    waiting = _("the second person still signs") if row.state == "half" else ""
    return joined(people, waiting, tick.note, _("Photo") if tick.has_photo else "")


def wants_word(row: LineRow) -> str:
    """Return what a line asks for besides its tick."""
    line = row.line
    return joined(
        _("two persons sign") if line.second else "", _("with a note") if line.note else "",
        _("with a photo") if line.photo else "", _("if it applies") if line.optional else "",
    )  # fmt: skip


def origin_word(template: Template) -> str:
    """Return where a template comes from."""
    if not template.from_pack:
        return _("Of this office")
    return _("Regulation, changed here") if template.changed else _("Regulation")
