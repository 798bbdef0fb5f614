"""Three months of office days for the sample office: calls, visits, slips, packing, repairs, complaints."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_
from crmdesk.core.phone import tail_key
from crmdesk.db.numbering import take
from crmdesk.model.base import table_of
from crmdesk.model.call import Call
from crmdesk.model.complaint import Complaint
from crmdesk.model.customer import Customer, CustomerPhone
from crmdesk.model.history import Event
from crmdesk.model.item import Item
from crmdesk.model.office import Counter
from crmdesk.model.repair import Repair
from crmdesk.rules import complaints as complaint_rules
from crmdesk.rules.repairs import is_thai_silver, return_window
from crmdesk.services.context import Context, User
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.items import ItemRow
from crmdesk.services.sample_archive import write_archive
from crmdesk.services.sample_care import write_care
from crmdesk.services.sample_days import Days, Person, busy, insert_all
from crmdesk.services.sample_slips import write_visits_and_slips

Tell = Callable[[int, int], None]
URGENCY_DAYS = {"urgent": 0, "high": 1, "normal": 3, "low": 10}


def write_history(
    ctx: Context, chance: random.Random, pools: Mapping[str, Any], archive: Mapping[str, Any],
    staff: Mapping[str, User], days: int, tell: Tell,
) -> None:  # fmt: skip
    """Write the days before today, and this morning, in one transaction."""
    with ctx.transaction(N_("Fill the sample office")) as session:
        made = _prepare(session, ctx, chance, pools, archive, staff)
        first = made.today - timedelta(days=days)
        open_days = [first + timedelta(days=n) for n in range(days + 1)]
        open_days = [day for day in open_days if made.calendar.is_working_day(day) or day == made.today]
        # The customers are older than this morning: their import stands before everything that happened.
        session.execute(update(Event).where(Event.kind == Customer.KIND).values(at=made.moment(first, 8.5)))
        calls = _calls(session, made, open_days)
        tell(5, 10)
        visits = write_visits_and_slips(session, made, open_days)
        tell(7, 10)
        _repairs(session, made, open_days)
        _complaints(session, made, open_days)
        write_archive(session, made)
        write_care(session, made, calls, visits)
        tell(8, 10)
        _write_events(session, made)
        _set_counters(session, made)
        tell(9, 10)


def _prepare(
    session: Session, ctx: Context, chance: random.Random, pools: Mapping[str, Any], archive: Mapping[str, Any],
    staff: Mapping[str, User],
) -> Days:  # fmt: skip
    numbers: dict[int, str] = {}
    for customer_id, number in session.execute(
        select(CustomerPhone.customer_id, CustomerPhone.number).order_by(CustomerPhone.position.desc())
    ):
        numbers[customer_id] = number
    people = [
        Person(c.id, c.name, c.kind, c.grade, c.region, c.address, numbers.get(c.id, ""), c.code, c.birthday)
        for c in session.scalars(select(Customer).order_by(Customer.id))
    ]
    items = [
        ItemRow(i.id, i.code, i.barcode, i.name, i.area, i.unit, i.material, i.weight_g, i.price_wholesale_a,
                i.price_wholesale_b, i.price_wholesale_c, i.price_franchise, i.price_retail, i.active, i.version)
        for i in session.scalars(select(Item).order_by(Item.id))
    ]  # fmt: skip
    calendar = calendar_of(ctx)
    return Days(ctx, chance, pools, archive, staff, people, items, calendar, ctx.clock.today())


def _calls(session: Session, made: Days, days: list[date]) -> list[dict[str, Any]]:
    rings = made.pools["ring_counts"]
    rows: list[dict[str, Any]] = []
    for day in days:
        hours = sorted(made.chance.uniform(9.1, 17.8) for _n in range(busy(made, day, 14)))
        for hour in hours:
            started = made.moment(day, hour if day != made.today else 9 + (hour - 9) / 14)
            person, story = made.chance.choice(made.people), made.chance.choice(made.pools["calls"]["items"])
            by = made.who("reception", "sales")
            rung = int(made.chance.choices(list(rings), weights=list(rings.values()))[0])
            urgency = story["urgency"] if story["urgency"] in URGENCY_DAYS else "normal"
            back = _promise(made, started, urgency)
            done_at = None
            if back is not None and back < made.ctx.clock.now():
                long_ago = made.ctx.clock.now() - timedelta(days=4)
                if made.chance.random() < 0.97 or back < long_ago:
                    done_at = back - timedelta(minutes=made.chance.randint(5, 90))
            if done_at is not None and made.chance.random() < 0.08:
                done_at = min(made.ctx.clock.now(), done_at + timedelta(hours=made.chance.randint(3, 30)))
            row = {
                "number": f"C{day:%y%m%d}-{made.number('call', f'{day:%y%m%d}'):03d}", "direction": "in",
                "started_at": started, "finished_at": started + timedelta(seconds=made.chance.randint(60, 400)),
                "answered_by_id": by.id, "rings": rung, "apologised": rung >= 5 and made.chance.random() < 0.9,
                "customer_id": person.id, "phone": person.phone,
                "phone_tail": tail_key(person.phone) if person.phone else "", "caller_name": person.name,
                "region": person.region, "address": person.address, "matter": story["matter"],
                "reason": story["reason"], "urgency": urgency, "callback_at": back, "callback_done_at": done_at,
                "callback_result": story["answer"] if done_at else "", "caller_hung_up_first": True, "state": "done",
                "read_back": ["phone", "name", "address", "matter"] if made.chance.random() < 0.96 else ["phone"],
                "created_at": started, "version": 1,
            }  # fmt: skip
            rows.append(row)
            made.note("call", row, started, by, "finish", N_("Call: {matter}"),
                      {"matter": story["matter"][:60]}, story["answer"], "done")  # fmt: skip
    insert_all(session, Call, rows)
    return rows


def _promise(made: Days, started: datetime, urgency: str) -> datetime | None:
    if made.chance.random() > 0.4:
        return None
    return made.calendar.add_working_hours(started, Decimal(8 * URGENCY_DAYS[urgency] or 2))


def _repairs(session: Session, made: Days, days: list[date]) -> None:
    rows: list[dict[str, Any]] = []
    for day in days:
        if made.chance.random() < 0.85 and day != made.today:
            rows.append(_repair(made, day))
    insert_all(session, Repair, rows)


def _repair(made: Days, day: date) -> dict[str, Any]:
    stories = [s for s in made.pools["repairs"]["items"] if not s.get("refused") and not is_thai_silver(s["material"])]
    story, person, by = made.chance.choice(stories), made.chance.choice(made.people), made.who("repair", "reception")
    at = made.moment(day, made.chance.uniform(9.5, 17.5))
    age, away = (made.today - day).days, story["route"] != "house"
    promised = None if away else day + timedelta(days=made.chance.choice([5, 7, 10]))
    window = return_window(day, made.ctx.policy) if away else (None, None)
    name = next((item.name for item in made.items if item.code == story["code"]), "") or "外購銀飾"
    row: dict[str, Any] = {
        "number": f"{day:%Y}-{made.number('repair', f'{day:%Y}'):06d}", "customer_id": person.id, "received_at": at,
        "received_by_id": by.id, "item_code": story["code"] or "—", "item_name": name,
        "material": story["material"], "weight_g": Decimal(str(story["weight_g"])) if story["weight_g"] else None,
        "stones": "", "condition": story["condition"], "part": story["part"], "instruction": "",
        "declared_value": Decimal(story["value"]), "fee_limit": Decimal(600), "fee": Decimal(story["fee"]),
        "outside_cost": Decimal(0), "purchase_number": "", "not_thai_silver": True,
        "told": ["duration", "may_differ"], "route": "away" if away else "own", "promised_on": promised,
        "earliest_on": window[0], "latest_on": window[1], "sent_at": None, "returned_at": None, "ready_at": None,
        "told_ready_at": None, "closed_at": None, "carrier": "", "waybill": "", "internal_note": "",
        "created_at": at, "version": 1,
    }  # fmt: skip
    ready_after = made.chance.randint(33, 80) if away else made.chance.randint(2, 9)
    if away:
        row["sent_at"] = at + timedelta(days=1) if age > 1 else None
    if age > ready_after:
        row["ready_at"] = at + timedelta(days=ready_after)
        row["returned_at"] = row["ready_at"] if away else None
        row["state"] = "ready"
        if age > ready_after + 1:
            row["told_ready_at"], row["state"] = row["ready_at"] + timedelta(hours=20), "customer_called"
        if age > ready_after + 4 and made.chance.random() < 0.9:
            row["closed_at"], row["state"] = row["ready_at"] + timedelta(days=3), "picked_up"
    else:
        row["state"] = ("sent_away" if row["sent_at"] else "received") if away else "in_own_workshop"
    made.note("repair", row, at, by, "take_in", N_("Repair {number}: {part}"),
              {"number": row["number"], "part": story["part"]}, to_state="received")  # fmt: skip
    if row["ready_at"]:
        made.note("repair", row, min(row["ready_at"], made.ctx.clock.now()), by, "finish", N_("Repair is ready"))
    return row


def _complaints(session: Session, made: Days, days: list[date]) -> None:
    rows: list[dict[str, Any]] = []
    chosen = sorted(made.chance.sample(days, min(22, len(days))))
    for place, day in enumerate(chosen):
        rows.append(_complaint(made, day, made.pools["complaints"]["items"][place % 20]))
    insert_all(session, Complaint, rows)


def _complaint(made: Days, day: date, story: Mapping[str, Any]) -> dict[str, Any]:
    policy, person, by = made.ctx.policy, made.chance.choice(made.people), made.who("complaints")
    at = made.moment(day, made.chance.uniform(9.5, 17.0) if day != made.today else 9.2)
    found = complaint_rules.finish_due(at, made.calendar, policy, severity=story["severity"])
    due = found.at if found is not None else None
    closed = made.calendar.add_working_days(at, made.chance.choice([2, 3, 4, 6, 9, 14]))
    is_open = closed > made.ctx.clock.now()
    serial = made.number("complaint", f"{day:%y%m}")
    name = next((item.name for item in made.items if item.code == story.get("code")), "")
    row: dict[str, Any] = {
        "number": f"{day:%y%m}-{serial:02d}", "customer_id": person.id, "complainant": person.name,
        "phone": person.phone, "received_at": at, "stage_at": at, "received_by_id": by.id, "handler_id": by.id,
        "channel": "phone",
        "kind": story["kind"], "domestic": True, "severity": story["severity"],
        "affected": 3 if story["severity"] == "major" else 1, "title": story["title"], "story": story["what"],
        "wish": story["wish"], "item_code": story.get("code", ""), "item_name": name, "sale_number": "",
        "quantity": story.get("quantity", 0), "faulty": story.get("defective", 0),
        "clears": dict.fromkeys([t.key for t in complaint_rules.CLEARS][: 2 if is_open else None], True),
        "valid": None if is_open else story["validity"] == "valid", "department": story["department"],
        "cause": "" if is_open else story["followed"], "proposal": "" if is_open else story["replied"],
        "remedy": "", "loss": Decimal(0 if is_open else story["loss"]), "allowance": Decimal(0), "improvement": "",
        "next_reply_at": made.calendar.add_working_hours(made.ctx.clock.now(), Decimal(3)) if is_open else None,
        "was_due_at": None if is_open else due, "not_reached": 0, "manager_told": story["severity"] == "major",
        "satisfied": None if is_open else made.chance.random() < 0.9,
        "closed_at": None if is_open else closed, "created_at": at, "version": 1,
        "state": made.chance.choice(["assigned", "investigating"]) if is_open else "closed",
    }  # fmt: skip
    made.note("complaint", row, at, by, "register", N_("Complaint {number}: {title}"),
              {"number": row["number"], "title": story["title"]}, story["what"], "received")  # fmt: skip
    if not is_open:
        made.note("complaint", row, closed, by, "close", N_("Complaint closed"), note=story["result"],
                  to_state="closed")  # fmt: skip
    return row


def _write_events(session: Session, made: Days) -> None:
    last: dict[int, datetime] = {}
    made.events.sort(key=_at)
    rows = []
    for event in made.events:
        record = event.pop("record")
        rows.append(event | {"record_id": record["id"]})
        if event["customer_id"]:
            last[event["customer_id"]] = event["at"]
    session.connection().execute(insert(table_of(Event)), rows)
    table = table_of(Customer)
    session.connection().execute(
        update(table).where(table.c.id == bindparam("customer")).values(last_contact_at=bindparam("at")),
        [{"customer": customer_id, "at": at} for customer_id, at in sorted(last.items())],
    )


def _at(event: dict[str, Any]) -> datetime:
    moment: datetime = event["at"]
    return moment


def _set_counters(session: Session, made: Days) -> None:
    for (series, period), value in sorted(made.counters.items()):
        take(session, series, period)
        session.execute(
            update(Counter)
            .where(Counter.series == series, Counter.period == period)
            .values(value=value)
            .execution_options(synchronize_session=False)
        )
