"""What the sample office's people wrote down after the days: write-ups, matters, missed calls, care, deposits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from crmdesk.core.birthdays import kept
from crmdesk.core.i18n import N_
from crmdesk.core.phone import tail_key
from crmdesk.model.archive import Care, Deposit, Follow
from crmdesk.model.call import Matter, MissedCall, PhoneDuty
from crmdesk.rules.care import EVENT, GREETING, ILLNESS, WANTED, occasion_of
from crmdesk.rules.phone_hours import phone_hours, proposed
from crmdesk.services.context import User
from crmdesk.services.sample_days import Days, Person, insert_all

Rows = list[dict[str, Any]]
OPEN_TODAY = 2  # guests of this morning nobody has written up yet; one more of the last day is overdue
RECEPTION = "wangxiaomei"


def write_care(session: Session, made: Days, calls: Rows, visits: Rows) -> None:
    """Write what followed the calls and visits, with a little of it still open."""
    _follows(session, made, visits)
    _matters(session, made, calls)
    _missed(session, made, calls)
    _care(session, made)
    _deposits(session, made)


def _shared(made: Days, at: datetime, person_id: int | None) -> dict[str, Any]:
    return {"customer_id": person_id, "created_at": at, "version": 1}


# write-ups ----------------------------------------------------------------------------------------------------------


def _follows(session: Session, made: Days, visits: Rows) -> None:
    """Every guest is written up by who received them, and handed over the same day (ORD-13), but for the last few."""
    chief = next(user for user in made.staff.values() if "manager" in user.roles)
    by_id = {user.id: user for user in made.staff.values()}
    people = {person.id: person for person in made.people}
    now, rows = made.ctx.clock.now(), []
    unwritten = _unwritten(made, visits)
    for visit in visits:
        if visit["id"] in unwritten or visit["left_at"] > now:
            continue
        by, person = by_id[visit["clerk_id"]], people[visit["customer_id"]]
        at = min(visit["left_at"] + timedelta(minutes=made.chance.randint(4, 45)), now)
        row = _shared(made, at, person.id) | {
            "visit_id": visit["id"], "call_id": None, "at": at, "by_id": by.id,
            **_written(made, str(visit["purpose"]), person), "handed_at": min(at + timedelta(hours=2), now),
            "handed_to_id": chief.id,
        }  # fmt: skip
        rows.append(row)
        made.note("follow", row, at, by, "written_up", N_("Written up"), note=row["text"])
    if rows and made.ctx.clock.local(rows[-1]["at"]).date() == made.today:
        rows[-1] |= {"handed_at": None, "handed_to_id": None}
    insert_all(session, Follow, rows)


def _unwritten(made: Days, visits: Rows) -> set[int]:
    """Two guests of this morning, and one of the working day before, by the reception where it had one."""
    days = sorted({made.ctx.clock.local(visit["arrived_at"]).date() for visit in visits})
    before = [v for v in visits if days[:-1] and made.ctx.clock.local(v["arrived_at"]).date() == days[-2]]
    desk = made.staff[RECEPTION].id if RECEPTION in made.staff else 0
    late = [v["id"] for v in before if v["clerk_id"] == desk] or [v["id"] for v in before]
    morning = [v["id"] for v in visits if made.ctx.clock.local(v["arrived_at"]).date() == made.today]
    return {*late[-1:], *morning[-OPEN_TODAY:]}


def _written(made: Days, purpose: str, person: Person) -> dict[str, str]:
    pool, chance = made.archive["follow"], made.chance
    fitting = next((one["texts"] for one in pool["about"] if one["of"] in purpose), pool["anything"])
    texts = pool["english"] if person.name.isascii() else fitting
    shop = person.kind in ("wholesale", "franchise")
    return {
        "text": chance.choice(texts),
        "sales": chance.choice(pool["sales"]) if shop and chance.random() < 0.5 else "",
        "suggestion": chance.choice(pool["suggestions"]) if chance.random() < 0.15 else "",
        "interest": chance.choice(pool["interests"]) if chance.random() < 0.5 else "",
        "evaluation": chance.choice(pool["evaluations"]) if chance.random() < 0.35 else "",
    }


# matters and missed calls -------------------------------------------------------------------------------------------


def _matters(session: Session, made: Days, calls: Rows) -> None:
    """One call in twenty leaves a matter; those of the last hours are still under way (FIRST-01 to FIRST-03)."""
    chance, now, by_id = made.chance, made.ctx.clock.now(), {user.id: user for user in made.staff.values()}
    latest = calls[-4:]
    rows: Rows = []
    for call in [*chance.sample(calls[:-4], min(len(calls) // 20, len(calls[:-4]))), *latest]:
        story, first = chance.choice(made.archive["matters"]["items"]), by_id[call["answered_by_id"]]
        at = call["finished_at"]
        row = _shared(made, at, call["customer_id"]) | {
            "call_id": call["id"], "position": 1, "topic": "", "text": story["text"], "urgency": call["urgency"],
            "first_id": first.id, "owner_id": made.who("complaints", "sales").id, "department": story["department"],
            "accepted_at": at, "passed_at": at + timedelta(minutes=3), "answer": "", "answered_at": None,
            "asked_back_at": None, "satisfied": None, "closed_at": None, "state": "passed",
        }  # fmt: skip
        rows.append(row)
        made.note("matter", row, at, first, "accept", N_("Matter accepted: {matter}"), {"matter": story["text"]})
        open_still = call in latest
        if open_still and call is latest[0]:
            row |= {"state": "accepted", "passed_at": None, "owner_id": first.id}
        if open_still and call is not latest[1]:
            continue
        answered = min(at + timedelta(hours=chance.randint(1, 20)), now)
        row |= {"answer": story["answer"], "answered_at": answered, "state": "answered"}
        made.note("matter", row, answered, by_id[row["owner_id"]], "answer", N_("Answered"), note=story["answer"])
        back = answered + timedelta(hours=chance.randint(1, 5))
        if open_still or back > now:
            continue
        row |= {"asked_back_at": back, "satisfied": True, "closed_at": back, "state": "satisfied"}
        made.note("matter", row, back, first, "satisfied", N_("Called back: the customer is satisfied"),
                  note=chance.choice(made.archive["matters"]["opinions"]), to_state="satisfied")  # fmt: skip
    insert_all(session, Matter, rows)


_SLOTS = (("09:00", "13:00", RECEPTION), ("13:00", "18:00", "zhouxiaofang"), ("18:00", "22:00", "huangyijun"))


def _missed(session: Session, made: Days, calls: Rows) -> None:
    """Who has the phone duty, and what was missed: most of it called back, two still open this morning (CALL-15)."""
    slots: Rows = [
        {"weekday": day, "begins": begins, "ends": ends, "staff_id": made.staff[login].id}
        for day in range(7) for begins, ends, login in _SLOTS if login in made.staff
    ]  # fmt: skip
    insert_all(session, PhoneDuty, slots)
    pool, chance, hours = made.archive["missed"], made.chance, phone_hours(made.ctx.policy)
    known = [person for person in made.people if person.phone]
    first = made.ctx.clock.local(calls[0]["started_at"]).date() if calls else made.today
    days = sorted(chance.sample(range((made.today - first).days + 1), min(26, (made.today - first).days + 1)))
    moments = [made.moment(first + timedelta(days=n), chance.uniform(8.5, 21.8)) for n in days]
    evening = made.moment(made.today - timedelta(days=1), 19.4)
    rows: Rows = []
    for at in [*(at for at in moments if at < evening), evening, made.moment(made.today, 9.1)]:
        person, local = chance.choice(known), made.ctx.clock.local(at)
        if at == evening and made.whole is not None:
            person = made.whole
        holder = next((s["staff_id"] for s in slots if s["weekday"] == local.weekday()
                       and s["begins"] <= f"{local:%H:%M}" < s["ends"]), None)  # fmt: skip
        settled = at < evening
        row = _shared(made, at, person.id) | {
            "at": at, "phone": person.phone, "phone_tail": tail_key(person.phone)[:24], "name": person.name,
            "line": chance.choice(pool["lines"]), "holder_id": holder, "in_hours": hours.holds(local.time()),
            "reason": chance.choice(pool["reasons"]) if settled else "", "returned_by_id": None,
            "proposed": Decimal(0) if settled else proposed(hours, local.time()),
            "settled_at": at + timedelta(hours=chance.randint(1, 14)) if settled else None,
        }  # fmt: skip
        rows.append(row)
        by = next((user for user in made.staff.values() if user.id == holder), made.ctx.user)
        made.note("missed_call", row, at, by, "missed", N_("Missed call"), note=person.phone)
    insert_all(session, MissedCall, rows)


# care and money -----------------------------------------------------------------------------------------------------


def _note(made: Days, rows: Rows, person: Person, kind: str, at: datetime, text: str, title: str, action: str,
          **values: Any) -> dict[str, Any]:  # fmt: skip
    by = made.who("reception", "sales")
    row = _shared(made, at, person.id) | {
        "kind": kind, "text": text, "item_id": None, "noted_at": at, "noted_by_id": by.id, "on": None,
        "arrived_at": None, "occasion": "", "done_at": None, "done_by_id": None, "result": "",
    } | values  # fmt: skip
    rows.append(row)
    told = "" if kind == ILLNESS else row["result"].partition(": ")[2] if kind == GREETING else text
    made.note("care", row, at, by, action, title, note=told)
    return row


def _done(made: Days, row: dict[str, Any], hours: int, result: str) -> None:
    at = min(row["noted_at"] + timedelta(hours=hours), made.ctx.clock.now())
    row |= {"done_at": at, "done_by_id": row["noted_by_id"], "result": result}


def _care(session: Session, made: Days) -> None:
    pool, chance = made.archive["care"], made.chance
    rows: Rows = []
    shops = [person for person in made.people if person.kind in ("wholesale", "franchise")]
    pieces: dict[str, int] = {}
    for item in made.items:
        pieces.setdefault(item.name[:2], item.id)
    for place, person in enumerate(_first(made, chance.sample(shops, min(22, len(shops))))):
        text, at = chance.choice(pool["wanted"]), _days_ago(made, 3 * place, 10 + place % 7)
        row = _note(made, rows, person, WANTED, at, text, N_("Wanted goods noted"), "noted")
        row["item_id"] = pieces.get(text[:2])
        if place % 3 == 2 or place == 0:
            row["arrived_at"] = max(at, _days_ago(made, 0, 9)) if place < 2 else at + timedelta(days=2)
        if row["arrived_at"] is not None and place > 1:
            _done(made, row, 60, chance.choice(pool["told"]))
    for place, person in enumerate(chance.sample(made.people, min(5, len(made.people)))):
        at = _days_ago(made, 11 * place, 14 if place else 9.2)
        row = _note(made, rows, person, ILLNESS, at, pool["illness"][place % len(pool["illness"])],
                    N_("Sympathy to be offered"), "noted", on=made.ctx.clock.local(at).date())  # fmt: skip
        if place:
            _done(made, row, 20, chance.choice(pool["visited"]))
    for place, person in enumerate(chance.sample(shops, min(9, len(shops)))):
        row = _note(made, rows, person, EVENT, _days_ago(made, 2, 15), pool["event"], N_("Event noted"), "noted",
                    on=made.today + timedelta(days=2))  # fmt: skip
        if place > 1:
            _done(made, row, 30, "phone")
    _greetings(made, rows)
    insert_all(session, Care, rows)


def _greetings(made: Days, rows: Rows) -> None:
    """The birthdays of these months were kept (CRM-15)."""
    since = made.today - timedelta(days=90)
    for person in made.people:
        birthday = kept(person.birthday)
        if birthday is None or birthday.lunar or person.kind == "enquirer":
            continue
        day = birthday.in_year(made.today.year)
        if since <= day < made.today:
            at = made.moment(day, 10 + person.id % 6)
            row = _note(made, rows, person, GREETING, at, person.name, N_("Greeted"), "greeted",
                        occasion=occasion_of("customer", person.id, day),
                        result=made.chance.choice(made.archive["care"]["greeted"]))  # fmt: skip
            row |= {"done_at": at, "done_by_id": row["noted_by_id"]}


def _deposits(session: Session, made: Days) -> None:
    pool, chance, rows = made.archive["deposits"], made.chance, []
    shops = [person for person in made.people if person.kind in ("wholesale", "franchise")]
    chief: User = next(user for user in made.staff.values() if "manager" in user.roles)
    for place, person in enumerate(_first(made, chance.sample(shops, min(11, len(shops))))):
        at = _days_ago(made, 8 * place + 1, 11)
        amount = Decimal(chance.choice(pool["amounts"]))
        back = at + timedelta(days=9) if place > 4 else None
        row = _shared(made, at, person.id) | {
            "at": at, "by_id": chief.id, "amount": amount, "purpose": chance.choice(pool["purposes"]),
            "returned_at": back, "returned_by_id": chief.id if back else None,
        }  # fmt: skip
        rows.append(row)
        values: Mapping[str, Any] = {"amount": f"{amount:,.0f}"}
        made.note("deposit", row, at, chief, "taken", N_("Deposit of {amount} taken"), values, row["purpose"])
    insert_all(session, Deposit, rows)


def _first(made: Days, people: list[Person]) -> list[Person]:
    """Put the customer of the whole archive first."""
    whole = made.whole
    return people if whole is None else [whole, *(person for person in people if person is not whole)]


def _days_ago(made: Days, days: int, hour: float) -> datetime:
    day: date = made.today - timedelta(days=days)
    return made.moment(day, hour)
