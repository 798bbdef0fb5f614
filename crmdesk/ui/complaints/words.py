"""Words and times as the complaint windows show them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from crmdesk.core import dates
from crmdesk.core.i18n import _, language


def joined(*parts: str) -> str:
    """Return the parts that say something, with the dot of the language between them."""
    return ("·" if language().startswith("zh") else " · ").join(part for part in parts if part)


def day_time(ctx: Any, moment: datetime | None) -> str:
    """Return today 15:00, or 11/22 15:00 of another day."""
    if moment is None:
        return ""
    local = ctx.clock.local(moment)
    day = _("today") if local.date() == ctx.clock.today() else dates.format_day_short(local.date())
    return f"{day} {local:%H:%M}"


def to_utc(ctx: Any, moment: datetime | None) -> datetime | None:
    """Return a typed local time as UTC."""
    return None if moment is None else moment.replace(tzinfo=ctx.clock.zone).astimezone(UTC)


def to_local(ctx: Any, moment: datetime | None) -> datetime | None:
    """Return a moment as a field for times wants it: local, without its zone."""
    return None if moment is None else ctx.clock.local(moment).replace(tzinfo=None)


def days(value: Decimal) -> str:
    """Return days without a useless .0."""
    return f"{value.normalize():f}"


def due_words(ctx: Any, moment: datetime) -> str:
    """Return how long is left or since when it is late."""
    return dates.due_words(ctx.clock.local(moment), ctx.clock.local(ctx.clock.now()))
