"""Care for customers: what is noted, how people are greeted, and the festivals on which they are (CRM-15, CRM-16)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from crmdesk.core.birthdays import keys_of_day
from crmdesk.core.i18n import N_

ILLNESS, WANTED, EVENT, GREETING = "illness", "wanted", "event", "greeting"
KINDS: Mapping[str, str] = MappingProxyType(
    {
        WANTED: N_("Wanted goods"),
        ILLNESS: N_("Illness"),
        EVENT: N_("Event or news"),
        GREETING: N_("Greeting"),
    }
)
NOTED = (WANTED, ILLNESS, EVENT)  # what people write down; greetings come of themselves

#: How somebody was greeted or told.
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "phone": N_("By phone"),
        "message": N_("By message"),
        "card": N_("Card or letter"),
        "flowers": N_("Flowers"),
        "cake": N_("Cake"),
        "visit": N_("Visit"),
    }
)


class Festival(NamedTuple):
    """A festival on which customers are greeted: its day by sun or moon, and whose offices keep it ("" = all)."""

    key: str
    title: str
    day_key: str
    countries: frozenset[str] = frozenset()


_CHINA, _COAST = frozenset({"CN"}), frozenset({"HK", "MO"})
FESTIVALS = (
    Festival("new_year", N_("New Year's Day"), "0101"),
    Festival("spring", N_("Spring Festival"), "L0101"),
    Festival("lantern", N_("Lantern Festival"), "L0115"),
    Festival("labour", N_("Labour Day"), "0501", _CHINA | _COAST),
    Festival("dragon_boat", N_("Dragon Boat Festival"), "L0505"),
    Festival("mid_autumn", N_("Mid-Autumn Festival"), "L0815"),
    Festival("national_cn", N_("National Day"), "1001", _CHINA | _COAST),
    Festival("national_tw", N_("National Day"), "1010", frozenset({"TW"})),
    Festival("christmas", N_("Christmas"), "1225", _COAST),
)


def next_festival(today: date, days: int, country: str) -> tuple[Festival, date] | None:
    """Return the first festival from today until so many days on, and its day; None when there is none."""
    for ahead in range(days + 1):
        day = today + timedelta(days=ahead)
        keys = keys_of_day(day)
        for festival in FESTIVALS:
            if festival.day_key in keys and (not festival.countries or country in festival.countries):
                return festival, day
    return None


def birthday_days(today: date, days: int) -> dict[str, date]:
    """Return the keys of all birthdays kept from today until so many days on, each with its next day."""
    found: dict[str, date] = {}
    for ahead in range(days + 1):
        day = today + timedelta(days=ahead)
        for key in sorted(keys_of_day(day)):
            found.setdefault(key, day)
    return found


def occasion_of(who: str, row_id: int, day: date) -> str:
    """Return how a greeting is remembered: whose birthday (or which festival), and the day it was kept on."""
    return f"{who}:{row_id} {day.isoformat()}"
