"""The steps of the tour in their order: one office day from the first ring to the manager's month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crmdesk.core.i18n import N_
from crmdesk.tour import steps_guest, steps_office, steps_phone
from crmdesk.tour.stage import Stage


@dataclass(frozen=True)
class Step:
    """One thing a person does; ``needs`` are facts that earlier steps leave, ``picture`` takes one at the end."""

    name: str
    done: str
    play: Callable[[Stage], None]
    needs: tuple[str, ...] = ()
    picture: bool = True


PLAN = (
    Step("sign-in", N_("Wang Xiaomei signs in at the reception"), steps_phone.sign_in),
    Step("call-found", N_("F2: the phone rings, the caller is found while the number is typed"), steps_phone.ring),
    Step("call-written", N_("The caller is taken over, matter and call-back are written"), steps_phone.write_call),
    Step("language-switch", N_("The language is switched while typing; nothing is lost"), steps_phone.switch_language),
    Step("call-done", N_("The call is read back and completed"), steps_phone.complete_call),
    Step("call-list", N_("The list of today's calls"), steps_phone.list_calls),
    Step("guest-found", N_("F3: a guest comes in and is found by pinyin"), steps_guest.find_guest),
    Step("guest-waits", N_("The guest waits; the minute runs"), steps_guest.check_in),
    Step("guest-greeted", N_("Greeted within a minute, water, locker key"), steps_guest.receive, ("guest",)),
    Step("guest-clerk", N_("Somebody receives the guest"), steps_guest.assign, ("guest",)),
    Step("customer-search", N_("Customers are found by pinyin, name and end of number"), steps_office.find_customer),
    Step("customer-card", N_("The customer's card and everything that happened"), steps_office.open_card),
    Step("import-preview", N_("A list from another shop is read in Big5"), steps_office.preview_import),
    Step("import-tried", N_("The import is tried out; the wrong row is named"), steps_office.try_import),
    Step("month", N_("The manager looks at the month"), steps_office.open_month),
    Step("month-records", N_("A figure opens the records behind it"), steps_office.drill_down, ("month",)),
    Step("month-paper", N_("The month as a paper"), steps_office.print_month, ("month",)),
    Step("search", N_("Ctrl+K finds by name, number and code"), steps_office.search_anything),
    Step("regulation", N_("The regulation opens on a clause"), steps_office.read_regulation),
    Step("settings", N_("The settings of this PC and of the office"), steps_office.look_at_settings),
    Step("help", N_("F1 shows the keys and the clauses of the page"), steps_office.ask_help),
    Step("locked", N_("The screen is locked"), steps_office.lock),
)
