"""The words of the regulation window: how a clause is held, where it lives, what its numbers are counted in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crmdesk.core.i18n import N_, _, language
from crmdesk.rules.clauses import Number

HELD: Mapping[str, tuple[str, str]] = {
    "enforced": (N_("Enforced"), "accent"),
    "reminded": (N_("Reminded"), "warning"),
    "computed": (N_("Computed"), "info"),
    "printed": (N_("On paper"), "info"),
    "recorded": (N_("On record"), "ok"),
    "shown": (N_("Shown"), "neutral"),
    "planned": (N_("Planned"), "neutral"),
}
HELD_MEANS: Mapping[str, str] = {
    "enforced": N_("The program does not go on without it."),
    "reminded": N_("The program reminds in time."),
    "computed": N_("The program works it out."),
    "printed": N_("It is printed on the paper."),
    "recorded": N_("The program keeps a record of it."),
    "shown": N_("The program shows it where it is needed."),
    "planned": N_("Not applied by the program yet; please follow the text."),
}
DESKS: Mapping[str, str] = {
    "calls": N_("Phone"),
    "reception": N_("Reception"),
    "sales": N_("Sales"),
    "packing": N_("Packing"),
    "repairs": N_("Repairs"),
    "complaints": N_("Complaints"),
    "customers": N_("Customers"),
    "catalogue": N_("Items"),
    "reports": N_("Month"),
    "papers": N_("Papers"),
    "regulation": N_("Regulation"),
    "today": N_("Today"),
    "approvals": N_("Approvals"),
    "checklists": N_("Checklists"),
    "settings": N_("Settings"),
}
ICON_OF_DESK: Mapping[str, str] = {
    "calls": "phone", "reception": "door-open", "sales": "shopping-bag", "packing": "package-check",
    "repairs": "wrench", "complaints": "message-square-warning", "customers": "users", "catalogue": "gem",
    "reports": "chart-column", "papers": "printer", "regulation": "book-open-check", "today": "list-checks",
    "approvals": "gavel", "checklists": "clipboard-check", "settings": "settings",
}  # fmt: skip
#: The page that each window of the packs is, by its key.
PAGE_OF_DESK: Mapping[str, str] = {desk: desk for desk in DESKS} | {
    "catalogue": "items", "reports": "month", "papers": "sales",
}  # fmt: skip
#: The table of states that the records of a desk go through.
MACHINE_OF_DESK: Mapping[str, str] = {
    "calls": "call", "reception": "visit", "sales": "sale", "packing": "packing", "repairs": "repair",
    "complaints": "complaint",
}  # fmt: skip
UNITS: Mapping[str, str] = {
    "seconds": N_("seconds"), "minutes": N_("minutes"), "hours": N_("hours"), "days": N_("days"), "weeks": N_("weeks"),
    "months": N_("months"), "years": N_("years"), "working_hours": N_("working hours"),
    "working_days": N_("working days"), "day_of_month": N_("day of the month"), "month_end": N_("months to the end of"),
    "clock": N_("o'clock"), "weekday": N_("weekday"),
    "percent": "%", "amount": N_("amount"), "rings": N_("rings"), "persons": N_("persons"),
    "customers": N_("customers"), "copies": N_("copies"), "copy": N_("copy"), "signatures": N_("signatures"),
    "digits": N_("digits"), "steps": N_("steps"), "levels": N_("levels"), "times": N_("times"),
    "pieces": N_("pieces"), "items": N_("items"), "boxes": N_("boxes"), "metres": N_("metres"), "grams": N_("grams"),
    "points": N_("points"), "per_day": N_("a day"), "per_week": N_("a week"), "per_month": N_("a month"),
    "per_quarter": N_("a quarter"), "per_year": N_("a year"),
}  # fmt: skip
_ONE: Mapping[str, str] = {
    "seconds": N_("second"), "minutes": N_("minute"), "hours": N_("hour"), "days": N_("day"), "weeks": N_("week"),
    "months": N_("month"), "years": N_("year"), "working_hours": N_("working hour"),
    "working_days": N_("working day"), "rings": N_("ring"), "persons": N_("person"), "customers": N_("customer"),
    "copies": N_("copy"), "signatures": N_("signature"), "digits": N_("digit"), "steps": N_("step"),
    "levels": N_("level"), "times": N_("time"), "pieces": N_("piece"), "items": N_("item"), "points": N_("point"),
}  # fmt: skip
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def in_words(texts: Mapping[str, str]) -> str:
    """Return a title of a pack or matter in the language in force."""
    return texts.get(language()) or texts["en"]


def plain_value(number: Number) -> str:
    """Return a number as a field shows it, without its unit; empty where the source lost it."""
    value = number.value
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else f"{value:%H:%M}"


def unit_word(number: Number) -> str:
    """Return what a number is counted in, in the language in force."""
    if number.value == 1 and number.unit in _ONE:
        return _(_ONE[number.unit])
    return _(UNITS[number.unit])


def write_value(number: Number) -> str:
    """Return a number with its unit in the language in force; '—' where the source lost it."""
    value = number.value
    if value is None:
        return "—"
    if number.type == "time":
        return f"{value:%H:%M}"
    if number.unit == "weekday":
        return _(WEEKDAYS[(int(value) - 1) % 7])  # type: ignore[arg-type]  # times were written above
    if number.unit == "day_of_month":
        return _("day {count} of month").format(count=value)
    if number.unit == "amount":
        return f"{value:,}"
    shown = f"{value.normalize():,f}" if isinstance(value, Decimal) else f"{value:,}"
    unit = unit_word(number)
    return f"{shown}%" if unit == "%" else f"{shown} {unit}"
