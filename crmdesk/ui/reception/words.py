"""What the reception's windows say about a visit: pills, minutes, facts, and what to do next with its clause."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from crmdesk.core.dates import format_day_short, format_time
from crmdesk.core.i18n import N_, _, language, ngettext
from crmdesk.core.money import format_money
from crmdesk.rules import visits as rules
from crmdesk.rules.transitions import Allowed
from crmdesk.services.context import Context
from crmdesk.services.visits import BOOKED, VisitRow, send_off_lines

CLASS_WORDS = {"a": N_("a VIP"), "b": N_("b Business"), "c": N_("c Ordinary")}
CLASS_TONES = {"a": "accent", "b": "info", "c": "neutral"}
#: The step Enter takes in each state.
MAIN_STEPS = {
    "waiting": "greet", "greeted": "enter", "in_showroom": "settle", "settling": "leave", "leaving": "check_out",
}  # fmt: skip
SLIP_PARTS = {"draft": 0, "printed": 1, "packing": 2, "paid": 3, "done": 3}


class Advice(NamedTuple):
    """What to do for a visit now, its tone, and the clause that asks."""

    text: str
    tone: str = "muted"
    clause: str = ""


class Band(NamedTuple):
    """The large time on a card: figure, word beside it, tone."""

    time: str
    word: str
    tone: str


class Fact(NamedTuple):
    """A small sign with its word at the foot of a card."""

    icon: str
    word: str
    tone: str = "muted"


def joined(*parts: str) -> str:
    """Return the parts that are not empty with a dot between them, as the language writes it."""
    return _(" · ").join(part for part in parts if part)


def class_word(visitor_class: str) -> str:
    """Return the short word of a class of guests."""
    return _(CLASS_WORDS.get(visitor_class, visitor_class))


def stopwatch(seconds: int) -> str:
    """Return seconds as 0:47, 12:05 or 1:02:05."""
    minutes, rest = divmod(max(0, seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def minutes_word(minutes: int) -> str:
    """Return a number of minutes as it stands on a card."""
    return ngettext("{count} min", "{count} min", minutes).format(count=minutes)


def span_word(seconds: int) -> str:
    """Return a limit in words: 1 min, 90 s."""
    if seconds % 60 == 0:
        return minutes_word(seconds // 60)
    return ngettext("{count} s", "{count} s", seconds).format(count=seconds)


def greet_limit(ctx: Context) -> int:
    """Return within how many seconds a guest must be greeted (RCPT-01)."""
    return int(ctx.policy.number("RCPT-01", "greet_seconds"))


def seconds_here(visit: VisitRow, now: datetime) -> int:
    """Return for how many seconds the guest has been in the house."""
    if visit.arrived_at is None:
        return 0
    return max(0, int(((visit.left_at or now) - visit.arrived_at).total_seconds()))


def is_late(ctx: Context, visit: VisitRow, now: datetime) -> bool:
    """Whether a guest who waits should have been greeted already (RCPT-01)."""
    return visit.state == "waiting" and seconds_here(visit, now) > greet_limit(ctx)


def band_of(ctx: Context, visit: VisitRow, now: datetime) -> Band | None:
    """Return the large time of a card: the waiting minute, or how long the guest has been here."""
    seconds = seconds_here(visit, now)
    if visit.state == "waiting":
        limit = greet_limit(ctx)
        if seconds > limit:
            return Band(stopwatch(seconds), _("over {limit}").format(limit=span_word(limit)), "danger")
        if seconds * 3 >= limit * 2:
            return Band(stopwatch(seconds), _("nearly {limit}").format(limit=span_word(limit)), "warning")
        return Band(stopwatch(seconds), _("please greet"), "warning")
    if visit.state == "greeted":
        return Band(minutes_word(seconds // 60), _("to be taken in"), "neutral")
    if visit.state == "in_showroom":
        return Band(minutes_word(seconds // 60), _("name told") if visit.clerk_accepted else "", "neutral")
    return None


def detail_of(ctx: Context, visit: VisitRow) -> str:
    """Return the second line of a card."""
    if visit.state == "settling" and visit.slip_state:
        return _("{slip} · {amount}").format(slip=visit.slip or _("Slip being written"), amount=amount_word(ctx, visit))
    if visit.state == "leaving":
        if visit.unpaid:
            return _("Bill not paid · {amount}").format(amount=amount_word(ctx, visit))
        if visit.amount:
            return _("Paid · {amount}").format(amount=amount_word(ctx, visit))
        return visit.purpose or _("No purchase")
    words = visit.purpose
    if visit.customer_id is None and visit.state != BOOKED:
        words = _("New guest · register first")
    if visit.party_size > 1:
        party = ngettext("{count} guest", "{count} guests", visit.party_size).format(count=visit.party_size)
        words = _("{purpose} · {party}").format(purpose=words, party=party) if words else party
    return words or _("Purpose not asked yet")


def facts_of(ctx: Context, visit: VisitRow) -> list[Fact]:
    """Return the signs at the foot of a card."""
    facts: list[Fact] = []
    if visit.state == BOOKED and visit.appointment_at is not None:
        local = ctx.clock.local(visit.appointment_at)
        late = visit.appointment_at < ctx.clock.now()
        day = "" if local.date() == ctx.clock.today() else f"{format_day_short(local.date())} "
        facts.append(Fact("clock", day + format_time(local), "warning" if late else "muted"))
    if visit.state in ("waiting", "greeted", "in_showroom"):
        facts.append(Fact("droplet", _("Water served") if visit.water_at else _("No water yet")))
    if visit.key_out:
        facts.append(Fact("key-round", f"{visit.locker_key:02d}"))
    if visit.state in ("waiting", "greeted", "in_showroom") and visit.place in rules.PLACES:
        place = _("Entrance") if visit.state == "waiting" else _(rules.PLACES[visit.place])
        facts.append(Fact("map-pin", place))
    if visit.clerk:
        facts.append(Fact("user", visit.clerk))
    return facts


def advise(ctx: Context, visit: VisitRow, steps: list[Allowed], now: datetime) -> Advice:
    """Return what to do for a visit now, with the clause that asks for it."""
    if visit.state == BOOKED:
        return _advise_booked(visit, now)
    if visit.state == "waiting":
        time = stopwatch(seconds_here(visit, now))
        if is_late(ctx, visit, now):
            words = _("{time} · please apologise first") if visit.water_at else _("{time} · apologise, then pour water")
            return Advice(words.format(time=time), "danger", "RCPT-01")
        return Advice(_("{time} · please greet by name").format(time=time), "warning", "RCPT-01")
    step = main_step(visit, steps)
    if step is not None and not step.ready:
        return Advice(step.missing[0], "warning", step.clauses[0])
    if visit.state == "greeted":
        return Advice(_("please say that {clerk} will show them round").format(clerk=visit.clerk), "accent", "RCPT-05")
    if visit.state == "in_showroom":
        return Advice(_("choosing goods · F9 opens the slip"), "muted", "SET-01")
    if visit.state == "settling" and visit.unpaid:
        return Advice(_("the bill is still open · F9 opens the slip"), "warning", "PACK-09")
    if visit.state == "settling":
        return Advice(_("settled · please see the guest off"), "ok", "SEND-06")
    if visit.state == "leaving":
        return Advice(_("everything is done · say goodbye"), "ok", "SEND-06")
    if visit.key_out:
        return Advice(_("key {key} is not back").format(key=f"{visit.locker_key:02d}"), "warning", "RCPT-04")
    return Advice(_("has left"))


def _advise_booked(visit: VisitRow, now: datetime) -> Advice:
    due = visit.appointment_at
    if due is not None and due < now:
        late = int((now - due).total_seconds()) // 60
        return Advice(_("was expected {minutes} ago").format(minutes=minutes_word(late)), "warning")
    return Advice(_("press Enter when the guest comes in"), "muted")


def main_step(visit: VisitRow, steps: list[Allowed]) -> Allowed | None:
    """Return the step Enter takes now, None when there is none."""
    wanted = MAIN_STEPS.get(visit.state, "")
    return next((step for step in steps if step.action == wanted), None)


def warning_of(visit: VisitRow) -> str:
    """Return what keeps a guest who leaves, '' when nothing does."""
    if visit.state != "leaving":
        return ""
    if visit.key_out:
        return _("Key {key} not back, can't leave").format(key=f"{visit.locker_key:02d}")
    if visit.unpaid:
        return _("Bill not paid, can't leave")
    return ""


def send_off_done(ctx: Context, visit: VisitRow) -> tuple[int, int]:
    """Return how many points of the send-off are done, and of how many (its ticks and the key)."""
    lines = send_off_lines(ctx)
    done = sum(key in visit.send_off for key, _words, _clause in lines) + (not visit.key_out)
    return done, len(lines) + 1


def short_name(name: str) -> str:
    """Return what stands on a key: the first character of a Chinese name, the first letters of another."""
    plain = name.strip()
    return plain[:1] if plain and not plain[0].isascii() else plain[:3]


def amount_word(ctx: Context, row: VisitRow) -> str:
    """Return what the visit's slips come to, without the currency's sign."""
    return format_money(row.amount, ctx.office.currency, language(), symbol=False)
