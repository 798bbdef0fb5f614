"""When something is due, in the fewest words that tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

from crmdesk.core.dates import format_time, relative_day, weekday
from crmdesk.core.i18n import _, ngettext, pgettext
from crmdesk.services.context import Context
from crmdesk.services.today import Task

_SOON = timedelta(hours=1)
_A_DAY = timedelta(days=1)


def due_short(ctx: Context, task: Task) -> str:
    """Return the words of the board's first column: 25 min left, 2 h late, since yesterday, 15:00, Mon 09:00."""
    now, due = ctx.clock.now(), task.due_at
    if task.snoozed_until is not None:
        local = ctx.clock.local(task.snoozed_until)
        return _("back {time}").format(time=_moment(ctx, local))
    local = ctx.clock.local(due)
    if due < now:
        return _late(ctx, local, now - due)
    left = due - now
    if left < _SOON:
        minutes = max(1, -(-int(left.total_seconds()) // 60))
        return ngettext("{count} minute left", "{count} minutes left", minutes).format(count=minutes)
    return _moment(ctx, local)


def _late(ctx: Context, local: datetime, late: timedelta) -> str:
    minutes = int(late.total_seconds()) // 60
    if minutes < 1:
        return _("due now")
    if minutes < 60:
        return ngettext("{count} minute late", "{count} minutes late", minutes).format(count=minutes)
    today = ctx.clock.today()
    if local.date() == today:
        hours = minutes // 60
        return ngettext("{count} hour late", "{count} hours late", hours).format(count=hours)
    if local.date() == today - _A_DAY:
        return _("since yesterday")
    return _("since {day}").format(day=relative_day(local.date(), today))


def _moment(ctx: Context, local: datetime) -> str:
    day = local.date()
    if day == ctx.clock.today():
        return format_time(local)
    if day - ctx.clock.today() < timedelta(days=7):
        return _("{weekday} {time}").format(weekday=weekday_word(local), time=format_time(local))
    return relative_day(day, ctx.clock.today())


def weekday_word(local: datetime) -> str:
    """Return Mon, or 週一 in Chinese."""
    return pgettext("weekday", "{name}").format(name=weekday(local.date()))


def why_title(ctx: Context, task: Task) -> str:
    """Return the heading over the explanation: Why it is due today at 15:00."""
    local = ctx.clock.local(task.due_at)
    words = relative_day(local.date(), ctx.clock.today())
    return _("Why it is due {day} at {time}").format(day=words, time=format_time(local))
