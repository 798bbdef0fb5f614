"""The steps of the tour in their order: one office day from the first ring to the manager's month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crmdesk.core.i18n import N_
from crmdesk.tour import (
    steps_archive,
    steps_complaint,
    steps_factory,
    steps_guest,
    steps_money,
    steps_office,
    steps_phone,
    steps_repair,
    steps_ring,
    steps_slip,
    steps_today,
)
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
    Step("today-reception", N_("Today: what the reception has to do, and until when"), steps_today.see_reception),
    Step("birthday", N_("A birthday by the moon, days ahead: congratulated"), steps_archive.congratulate, (), False),
    Step("ring", N_("The telephone rings: who it is, above every page"), steps_ring.ring),
    Step("ring-answered", N_("F2 answers; what to say first has a key each"), steps_ring.answer),
    Step("call-matters", N_("Two matters in one call, each with who follows it"), steps_ring.write_matters, (), False),
    Step("matter-answered", N_("A forbidden phrase is marked, the polite one taken"), steps_ring.answer_politely),
    Step("call-interrupted", N_("It rings again: the half call waits in its tab"), steps_ring.interrupt),
    Step("call-transferred", N_("A call is passed on to the colleague who knows"), steps_ring.transfer, (), False),
    Step("call-escalated", N_("Beyond one's power: the superior is asked"), steps_ring.escalate, (), False),
    Step("call-missed", N_("A missed call, and who had the phone"), steps_ring.miss),
    Step("call-found", N_("F2: the phone rings, the caller is found while the number is typed"), steps_phone.ring),
    Step("call-written", N_("The caller is taken over, matter and call-back are written"), steps_phone.write_call),
    Step("language-switch", N_("The language is switched while typing; nothing is lost"), steps_phone.switch_language),
    Step("call-done", N_("The call is read back and completed"), steps_phone.complete_call),
    Step("call-list", N_("The list of today's calls"), steps_phone.list_calls),
    Step("guest-found", N_("F3: a guest comes in and is found by pinyin"), steps_guest.find_guest),
    Step("guest-waits", N_("The guest waits; the minute runs"), steps_guest.check_in),
    Step("guest-greeted", N_("Greeted within a minute, water, locker key"), steps_guest.receive, ("guest",)),
    Step("guest-clerk", N_("Somebody receives the guest"), steps_guest.assign, ("guest",)),
    Step("reception-board", N_("A full house: everybody sees who waits"), steps_guest.fill_house, ("guest",)),
    Step("slip-lines", N_("F9: a slip for the guest, lines by keyboard"), steps_slip.write_slip, ("guest",)),
    Step("slip-printed", N_("Consent, then three copies are printed"), steps_slip.print_slip, ("guest",)),
    Step("slip-away", N_("A second slip for a customer who is not here"), steps_slip.write_second_slip, ("slip",)),
    Step("today-packing", N_("Li Aming signs in: the same page at the packing table"), steps_today.see_packing),
    Step("packing-queue", N_("Li Aming sees what waits to be packed"), steps_slip.see_queue, ("slip",)),
    Step("packing-open", N_("The slip is opened by scanning its code"), steps_slip.open_slip, ("slip",)),
    Step("packing-count", N_("Counted piece by piece"), steps_slip.count_pieces, ("slip",)),
    Step(
        "packing-alarm",
        N_("A wrong piece stops everything until it is put back"),
        steps_slip.scan_wrong,
        ("slip",),
        False,
    ),
    Step("packing-cartons", N_("Two cartons, each weighed"), steps_slip.pack_rest, ("slip",)),
    Step("packing-labels", N_("The check list, then a label for each carton"), steps_slip.finish_packing, ("slip",)),
    Step("packing-seal", N_("The cartons are sealed"), steps_slip.seal, ("slip",), False),
    Step(
        "packing-absent",
        N_("The customer is absent: a second person counts and signs"),
        steps_slip.pack_absent,
        ("away_slip",),
    ),
    Step("send-off-refused", N_("Bill open, key out: the guest is not let go"), steps_money.refuse_to_leave, ("slip",)),
    Step("cash", N_("The till: notes by their digits, change and sentence"), steps_money.take_cash, ("slip",)),
    Step("cash-receipt", N_("Paid; the receipt is printed"), steps_money.finish_cash, ("slip",)),
    Step("send-off", N_("The key comes back and the guest is seen off"), steps_money.send_off, ("paid",)),
    Step("repair-refused", N_("F7: Thai silver is not taken in"), steps_repair.refuse_thai_silver),
    Step("repair-intake", N_("A bracelet with photo, part and what was told"), steps_repair.take_in),
    Step("repair-taken", N_("Receipt and repair slip"), steps_repair.print_receipt),
    Step("repair-done", N_("Repaired, customer phoned, picked up"), steps_repair.finish_repair, ("repair",)),
    Step(
        "complaint-begun",
        N_("A complaint on the phone: one key takes the caller along"),
        steps_complaint.open_from_call,
    ),
    Step("complaint-opened", N_("Opened with number, story and next reply"), steps_complaint.register),
    Step(
        "complaint-proposed", N_("Assigned, investigated, a proposal made"), steps_complaint.investigate, ("complaint",)
    ),
    Step("today-manager", N_("The manager's Today: late, to decide, kept in time"), steps_today.see_manager),
    Step("approval", N_("Enter on a task, A: an approval is decided"), steps_today.decide, ("asked",)),
    Step("complaint-approved", N_("The manager approves the proposal"), steps_complaint.approve, ("complaint",)),
    Step("complaint-closed", N_("Carried out, told, called back, closed"), steps_complaint.close, ("complaint",)),
    Step("complaint-form", N_("The complaint form in five copies"), steps_complaint.print_form, ("complaint",), False),
    Step("complaint-list", N_("All complaints with their next reply"), steps_complaint.list_complaints),
    Step("customer-search", N_("Customers are found by pinyin, name and end of number"), steps_office.find_customer),
    Step("customer-card", N_("The customer's card and everything that happened"), steps_office.open_card),
    Step("checklist", N_("The closing list is ticked line by line"), steps_today.tick_list),
    Step("import-preview", N_("A list from another shop is read in Big5"), steps_office.preview_import),
    Step("import-tried", N_("The import is tried out; the wrong row is named"), steps_office.try_import),
    Step("import-update", N_("An update is tried out: what stands now, what would change"), steps_archive.try_update),
    Step("archive-field", N_("The archive asks for one thing more"), steps_archive.add_field),
    Step("archive-closed", N_("Family, health and money: opened, and written down"), steps_archive.look_closed),
    Step("archive-filled", N_("The new field is filled; the archive grows"), steps_archive.fill_in, (), False),
    Step("archive-file", N_("A photo is kept with the card"), steps_archive.attach),
    Step(
        "customer-double",
        N_("A name that is here already is seen while it is typed"),
        steps_archive.type_double,
        (),
        False,
    ),
    Step("customer-merged", N_("Two cards side by side: merged, and taken apart again"), steps_archive.merge),
    Step("list-columns", N_("Columns are chosen, the view is kept"), steps_archive.choose_columns),
    Step("month", N_("The manager looks at the month"), steps_office.open_month),
    Step("month-records", N_("A figure opens the records behind it"), steps_office.drill_down, ("month",)),
    Step("month-paper", N_("The month as a paper"), steps_office.print_month, ("month",), False),
    Step("search", N_("Ctrl+K finds by name, number and code"), steps_office.search_anything),
    Step("code", N_("The printed code opens its slip"), steps_office.open_code, ("slip",)),
    Step("regulation", N_("The regulation opens on a clause"), steps_office.read_regulation),
    Step("clause-month", N_("How the clause was kept this month, with its cases"), steps_today.measure_clause),
    Step("settings", N_("The settings of this PC and of the office"), steps_office.look_at_settings, (), False),
    Step(
        "factory",
        N_("The office turns into a factory: limits, numbers, copies and deciders change"),
        steps_factory.become_factory,
    ),
    Step("help", N_("F1 shows the keys and the clauses of the page"), steps_office.ask_help, (), False),
    Step("locked", N_("The screen is locked"), steps_office.lock),
)
