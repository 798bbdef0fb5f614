"""How the phone desk writes moments, kinds and what to say first; plain values in, words out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from crmdesk.core.dates import format_day_short, format_time, weekday_word
from crmdesk.core.i18n import _, language
from crmdesk.core.money import format_number, quantize
from crmdesk.services.calls import CallForm
from crmdesk.services.context import Context
from crmdesk.services.records import StoryLine
from crmdesk.ui.widgets import Entry

ICONS = {
    "call": ("phone", "accent"),
    "visit": ("door-open", "info"),
    "sale": ("shopping-bag", "neutral"),
    "repair": ("wrench", "ok"),
    "complaint": ("message-square-warning", "danger"),
    "customer": ("user", "neutral"),
    "packing": ("package-check", "neutral"),
    "letter": ("mail", "info"),
}
_NOON, _EVENING = 12, 18  # the hours at which the greeting changes


def moment(ctx: Context, at: datetime | None) -> str:
    """Return 11/23 10:00 of a UTC moment; today's is the time alone."""
    if at is None:
        return ""
    local = ctx.clock.local(at)
    if local.date() == ctx.clock.today():
        return format_time(local)
    return f"{format_day_short(local.date())} {format_time(local)}"


def day_of(ctx: Context, at: datetime | None) -> str:
    """Return 11/23 of a UTC moment; another year's is written whole."""
    if at is None:
        return ""
    day = ctx.clock.local(at).date()
    return format_day_short(day) if day.year == ctx.clock.today().year else f"{day:%Y/%m/%d}"


def weekday_name(day: date) -> str:
    """Return 週五, 周五 or Fri."""
    return weekday_word(day)


def joined(*parts: str) -> str:
    """Return the parts that say something with a dot between; the Chinese dot is full width, without spaces."""
    return (" · " if language() == "en" else "·").join(part for part in parts if part)


def amount(ctx: Context, value: Decimal) -> str:
    """Return an amount with as many decimals as the office's currency has."""
    return format_number(quantize(value, ctx.office.currency))


def entries(ctx: Context, lines: Sequence[StoryLine]) -> list[Entry]:
    """Return what happened as a time line."""
    result = []
    for line in lines:
        icon, tone = ICONS.get(line.kind, ("circle-dot", "neutral"))
        day = format_day_short(ctx.clock.local(line.at).date())
        result.append(Entry(day, icon, line.title, line.note.replace("\n", " "), line.by, tone, line))
    return result


def greeting(ctx: Context) -> str:
    """Return how one answers the telephone just now: the greeting first, then the company's name (CALL-02)."""
    hour = ctx.clock.local(ctx.clock.now()).hour
    if hour < _NOON:
        said = _("Good morning, this is {company}.")
    elif hour < _EVENING:
        said = _("Good afternoon, this is {company}.")
    else:
        said = _("Good evening, this is {company}.")
    return said.format(company=ctx.office.company)


def advice(form: CallForm, *, late: bool) -> str:
    """Return the next polite sentence (CALL-01, CALL-03, CALL-07, CALL-08)."""
    if form.direction == "out":
        return _("Is this a good moment to talk?")
    if late:
        return _("I am sorry to have kept you waiting.")
    if not form.name:
        return _("May I ask your name, and where you are calling from?")
    if not form.matter:
        return _("What may I do for you?")
    if len(form.read_back) < 3:
        return _("May I read that back to you?")
    return _("Thank you for calling. Goodbye.")
