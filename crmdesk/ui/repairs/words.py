"""Signs and words of a repair that the list, the case and the intake share."""

from __future__ import annotations

from datetime import date

from crmdesk.core.dates import format_day_short
from crmdesk.core.i18n import N_, _, dotted, ngettext
from crmdesk.services.context import Context
from crmdesk.services.repairs import RepairRow

STATE_TONES = {
    "received": "accent", "in_own_workshop": "info", "sent_away": "warning", "returned": "accent", "ready": "ok",
    "customer_called": "ok", "picked_up": "neutral", "shipped": "neutral", "cancelled": "neutral", "refused": "danger",
}  # fmt: skip
ROUTE_WORDS = {"own": N_("Our workshop"), "away": N_("Send away")}
SIGNS = {
    "take_in": ("wrench", "accent"),
    "to_workshop": ("wrench", "info"),
    "send_away": ("send", "warning"),
    "come_back": ("undo-2", "accent"),
    "pause": ("pause", "warning"),
    "resume": ("play", "neutral"),
    "rework": ("wrench", "info"),
    "finish": ("check", "ok"),
    "call_customer": ("phone-outgoing", "ok"),
    "pick_up": ("hand", "ok"),
    "ship": ("truck", "ok"),
    "cancel": ("ban", "danger"),
    "refuse": ("ban", "danger"),
    "note": ("message-circle", "neutral"),
}
STEP_ICONS = {action: sign for action, (sign, _tone) in SIGNS.items()}
PAPER_WORDS = {"repair_receipt": N_("Repair receipt"), "repair_slip": N_("Repair slip")}
STAYS_OPEN = ("received", "in_own_workshop", "sent_away", "returned")

CHECKED = "not_thai_silver"
CHIPS = (
    (CHECKED, N_("Not Thai silver")),
    ("duration", N_("Told how long it takes")),
    ("may_differ", N_("Told it may look different")),
)


def joined(*parts: str) -> str:
    """Return the parts that say something, with a dot between them."""
    return dotted(*parts)


def window_words(ctx: Context, earliest: date, latest: date) -> str:
    """Return the time a piece sent away may take, as it is told to the customer (REP-02)."""
    least, most = ctx.policy.number("REP-02", "min_months"), ctx.policy.number("REP-02", "max_months")
    return _("{least} to {most} months: back between {earliest} and {latest}.").format(
        least=least, most=most, earliest=earliest.isoformat(), latest=latest.isoformat()
    )


def due_tone(row: RepairRow, today: date) -> str:
    """Return the colour of a due day: late red, within three days amber."""
    if row.late:
        return "danger"
    near = row.due_on is not None and row.state in STAYS_OPEN and (row.due_on - today).days <= 3
    return "warning" if near else ""


def due_words(row: RepairRow, today: date) -> str:
    """Return how far off the due day is, '' when there is nothing to wait for."""
    if row.due_on is None or row.state not in STAYS_OPEN:
        return ""
    days = (row.due_on - today).days
    if days < 0:
        return ngettext("{count} day late", "{count} days late", -days).format(count=-days)
    if days == 0:
        return _("due today")
    return ngettext("{count} day left", "{count} days left", days).format(count=days)


def day_words(day: date | None, today: date) -> str:
    """Return a day as a list shows it; another year is written out."""
    if day is None:
        return ""
    return format_day_short(day) if day.year == today.year else day.isoformat()
