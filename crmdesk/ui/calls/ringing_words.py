"""How the card of a caller writes what there is to know: sign, words, detail, and the page it opens."""

from __future__ import annotations

from typing import Any, NamedTuple

from crmdesk.core.dates import relative_day
from crmdesk.core.i18n import _, ngettext
from crmdesk.core.text import shorten
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard
from crmdesk.services.ringing import Fact
from crmdesk.ui.calls import words

_DETAIL = 40


class Saying(NamedTuple):
    """A line of what to know: sign, its colour, the words in bold, the detail, the word of its link, its clause."""

    icon: str
    tone: str
    words: str
    detail: str
    link: str
    clause: str = ""


def saying(ctx: Context, fact: Fact) -> Saying:
    """Return one fact in the language of the screen."""
    return _WRITERS[fact.kind](ctx, fact)


def called(card: CustomerCard) -> str:
    """Return the name as one says it (PHR-06)."""
    if card.form.gender == "f":
        return _("Ms {name}").format(name=card.name)
    if card.form.gender == "m":
        return _("Mr {name}").format(name=card.name)
    return card.name


def page_of(fact: Fact, customer_id: int | None) -> tuple[str, dict[str, Any]]:
    """Return which page a fact opens, and how."""
    if fact.kind in ("repairs", "away"):
        return "repairs", {"id": fact.record_id}
    if fact.kind == "complaints":
        return "complaints", {"id": fact.record_id}
    if fact.kind in ("orders", "parcels"):
        return "sales", {"id": fact.record_id}
    if fact.kind in ("missed", "matters"):
        return "calls", {"missed_id" if fact.kind == "missed" else "matter_id": fact.record_id}
    return "customers", {"customer_id": customer_id}


def _callback(ctx: Context, fact: Fact) -> Saying:
    assert fact.at is not None
    day = relative_day(ctx.clock.local(fact.at).date(), ctx.clock.today())
    text = _("Call-back promised: {day}").format(day=day)
    detail = _("by {time}").format(time=words.moment(ctx, fact.at))
    tone = "danger" if fact.at < ctx.clock.now() else "warning"
    return Saying("phone-outgoing", tone, text, detail, _("This is it"), "CALL-11")


def _missed(ctx: Context, fact: Fact) -> Saying:
    count = fact.how_many
    text = ngettext("{count} call was missed", "{count} calls were missed", count).format(count=count)
    return Saying("phone-missed", "danger", text, words.moment(ctx, fact.at), _("Show"), "CALL-15")


def _complaints(ctx: Context, fact: Fact) -> Saying:
    count, due = fact.how_many, words.moment(ctx, fact.at)
    text = ngettext("{count} complaint is open", "{count} complaints are open", count).format(count=count)
    detail = _("next reply {time}").format(time=due) if due else fact.number
    detail = words.joined(shorten(fact.words, 20), detail)
    return Saying("message-square-warning", "danger", text, detail, _("See case"))


def _repairs(ctx: Context, fact: Fact) -> Saying:
    count, since = fact.how_many, words.day_of(ctx, fact.at)
    text = ngettext("{count} repair is ready", "{count} repairs are ready", count).format(count=count)
    detail = _("not picked up, since {day}").format(day=since) if since else fact.number
    return Saying("wrench", "ok", text, detail, _("See slip"))


def _wanted(ctx: Context, fact: Fact) -> Saying:
    return Saying("gem", "ok", _("Wanted goods are here"), shorten(fact.words, _DETAIL), _("Show"), "ORD-08")


def _matters(ctx: Context, fact: Fact) -> Saying:
    count = fact.how_many
    text = ngettext("{count} matter waits for an answer", "{count} matters wait for an answer", count)
    detail = shorten(fact.words, _DETAIL)
    return Saying("message-circle", "warning", text.format(count=count), detail, _("Show"), "FIRST-02")


def _parcels(ctx: Context, fact: Fact) -> Saying:
    count = fact.how_many
    text = ngettext("{count} parcel is on its way", "{count} parcels are on their way", count).format(count=count)
    sent = words.day_of(ctx, fact.at)
    return Saying("truck", "info", text, words.joined(fact.words, fact.number, sent), _("See slip"))


def _orders(ctx: Context, fact: Fact) -> Saying:
    count = fact.how_many
    text = ngettext("{count} order is in hand", "{count} orders are in hand", count).format(count=count)
    state = {"printed": _("to be packed"), "packing": _("being packed"), "paid": _("paid, to be sent")}
    detail = words.joined(fact.number, state.get(fact.words, ""), words.amount(ctx, fact.amount))
    return Saying("package-open", "info", text, detail, _("See slip"))


def _balance(ctx: Context, fact: Fact) -> Saying:
    text = _("Owes {amount}").format(amount=words.amount(ctx, fact.amount))
    return Saying("circle-alert", "warning", text, fact.number, _("Account"))


def _illness(ctx: Context, fact: Fact) -> Saying:
    return Saying("hand", "info", _("Ask how they are"), shorten(fact.words, _DETAIL), _("Show"), "CRM-07")


def _away(ctx: Context, fact: Fact) -> Saying:
    count = fact.how_many
    text = ngettext("{count} repair is not back yet", "{count} repairs are not back yet", count).format(count=count)
    state = {
        "received": _("taken in"), "in_own_workshop": _("in our workshop"), "sent_away": _("sent away"),
        "returned": _("come back, being checked"),
    }  # fmt: skip
    return Saying("wrench", "muted", text, words.joined(fact.number, state.get(fact.words, "")), _("See slip"))


def _birthday(ctx: Context, fact: Fact) -> Saying:
    assert fact.at is not None
    day = ctx.clock.local(fact.at).date()
    near = relative_day(day, ctx.clock.today())
    text = _("Birthday: {name}").format(name=fact.words)
    return Saying("star", "accent", text, near, _("Show"), "CRM-15")


_WRITERS = {
    "callback": _callback, "missed": _missed, "complaints": _complaints, "repairs": _repairs, "wanted": _wanted,
    "matters": _matters, "parcels": _parcels, "orders": _orders, "balance": _balance, "illness": _illness,
    "away": _away, "birthday": _birthday,
}  # fmt: skip
