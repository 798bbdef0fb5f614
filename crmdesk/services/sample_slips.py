"""The sample office's guests and what they bought: visits, slips, payments, packing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_
from crmdesk.model.packing import Carton, Packing, PackingScan
from crmdesk.model.sale import LedgerEntry, Payment, Sale, SaleLine
from crmdesk.model.visit import Visit
from crmdesk.services.items import price_for
from crmdesk.services.sample_days import Days, Person, busy, insert_all


def write_visits_and_slips(session: Session, made: Days, days: list[date]) -> list[dict[str, Any]]:
    """Let guests come and go on each day, most of them with a slip that is packed and paid; returns the visits."""
    visits: list[dict[str, Any]] = []
    sales: list[dict[str, Any]] = []
    buyers = [person for person in made.people if person.kind in ("wholesale", "franchise", "retail")]
    for day in days:
        for hour in sorted(made.chance.uniform(9.2, 16.8) for _n in range(busy(made, day, 9))):
            person = made.chance.choice(buyers)
            arrived = made.moment(day, hour if day != made.today else 9 + (hour - 9) / 20)
            visit = _visit(made, day, arrived, person)
            visits.append(visit)
            if made.chance.random() < 0.8:
                at = min(arrived + timedelta(minutes=40), visit["left_at"])  # nobody buys after leaving
                sales.append(_sale(made, day, at, person, visit))
        if made.chance.random() < 0.5:
            at = max([made.moment(day, 9.05), *(sale["printed_at"] for sale in sales[-1:])])  # as the numbers go
            sales.append(_sale(made, day, at, made.chance.choice(buyers), None))
    insert_all(session, Visit, visits)
    for sale in sales:
        if sale["_visit"] is not None:
            sale["visit_id"] = sale["_visit"]["id"]
    insert_all(session, Sale, sales)
    _write_slips(session, made, sales)
    return visits


def _visit(made: Days, day: date, arrived: datetime, person: Person) -> dict[str, Any]:
    story, clerk = made.chance.choice(made.pools["visits"]["items"]), made.who("reception", "sales")
    greeted = arrived + timedelta(seconds=made.chance.choice([12, 20, 25, 31, 40, 48, 55, 58, 75]))
    left = arrived + timedelta(minutes=story["minutes"])
    key = made.chance.randint(1, 24)
    row = {
        "number": f"V{day:%y%m%d}-{made.number('visit', f'{day:%y%m%d}'):03d}", "customer_id": person.id,
        "visitor_name": person.name, "party_size": made.chance.choice([1, 1, 1, 2, 2, 3]),
        "visitor_class": story["class"], "purpose": story["purpose"], "place": story["class"],
        "arrived_at": arrived, "greeted_at": greeted, "water_at": greeted, "locker_key": key,
        "nothing_to_deposit": False, "key_given_at": greeted, "key_returned_at": left, "clerk_id": clerk.id,
        "clerk_accepted_at": greeted, "settled_at": left, "left_at": left, "state": "left",
        "send_off": ["offered", "transport", "belongings"], "leave_reason": "", "note": "", "created_at": arrived,
        "version": 1,
    }  # fmt: skip
    if left > made.ctx.clock.now():  # guests of this morning who are still gone by now: they left a little earlier
        row |= {"left_at": made.ctx.clock.now(), "key_returned_at": made.ctx.clock.now()}
    made.note("visit", row, arrived, clerk, "check_in", N_("Visit: {purpose}"), {"purpose": story["purpose"]})
    return row


def _sale(made: Days, day: date, at: datetime, person: Person, visit: dict[str, Any] | None) -> dict[str, Any]:
    at = min(at, made.ctx.clock.now())
    clerk, present = made.who("sales"), visit is not None and made.chance.random() < 0.8
    count = made.chance.randint(1, 3) if person.kind == "retail" else made.chance.randint(3, 12)
    lines: list[dict[str, Any]] = []
    for place, item in enumerate(made.chance.sample(made.items, count), 1):
        quantity = (
            made.chance.choice([1, 1, 2]) if person.kind == "retail" else made.chance.choice([2, 4, 5, 6, 10, 12])
        )
        price = price_for(item, person.kind, person.grade)
        lines.append(
            {
                "position": place, "item_id": item.id, "code": item.code, "name": item.name, "area": item.area,
                "unit": item.unit, "quantity": quantity, "price": price, "percent": None, "remark": "",
                "amount": price * quantity, "tick": "ok", "packed": quantity,
            }
        )  # fmt: skip
    subtotal = sum((line["amount"] for line in lines), Decimal(0))
    on_account = person.kind != "retail" and made.chance.random() < 0.35
    paid = Decimal(0) if on_account else subtotal
    row = {
        "number": f"{day:%Y}-{made.number('sale', f'{day:%Y}'):06d}", "customer_id": person.id, "visit_id": None,
        "clerk_id": clerk.id, "opened_at": at, "printed_at": at, "paid_at": at, "currency": made.ctx.office.currency,
        "customer_present": present, "delivery": "自取" if present else made.chance.choice(["新竹物流", "黑貓宅急便"]),
        "ship_to": "" if present else person.address, "ship_phone": "" if present else person.phone,
        "consent_to_print": True, "discount": Decimal(0), "freight": Decimal(0), "rounding": Decimal(0),
        "subtotal": subtotal, "total": subtotal, "previous_balance": Decimal(0), "paid": paid,
        "pieces": sum(line["quantity"] for line in lines), "remark": "", "internal_remark": "", "void_reason": "",
        "state": "done", "created_at": at, "version": 1, "_lines": lines, "_visit": visit, "_person": person,
    }  # fmt: skip
    made.note("sale", row, at, clerk, "print", N_("Sales slip {number}: {total}"),
              {"number": row["number"], "total": f"{subtotal:,.0f}"}, to_state="printed")  # fmt: skip
    return row


def _write_slips(session: Session, made: Days, sales: list[dict[str, Any]]) -> None:
    lines, ledger, payments, packings = [], [], [], []
    for sale in sales:
        for line in sale["_lines"]:
            line["sale_id"] = sale["id"]
            lines.append(line)
        at = sale["printed_at"]
        debt = {"customer_id": sale["customer_id"], "sale_id": sale["id"], "at": at}
        ledger.append(debt | {"kind": "sale", "amount": sale["total"]})
        if sale["paid"]:
            ledger.append(debt | {"kind": "payment", "amount": -sale["paid"]})
            received = (sale["paid"] // 1000 + 1) * 1000
            payments.append(debt | {"method": "cash", "amount": sale["paid"], "received": received,
                                    "change": received - sale["paid"], "by_id": sale["clerk_id"]})  # fmt: skip
        packings.append(_packing(made, sale))
    insert_all(session, SaleLine, lines)
    insert_all(session, LedgerEntry, ledger)
    insert_all(session, Payment, payments)
    insert_all(session, Packing, packings)
    cartons, scans = [], []
    for packing in packings:
        sale = packing["_sale"]
        carton = {"packing_id": packing["id"], "position": 1, "weight_g": sale["pieces"] * 12 + 350,
                  "carrier": sale["delivery"], "waybill": "", "sealed_at": packing["sealed_at"]}  # fmt: skip
        if not sale["customer_present"]:
            carton["waybill"] = f"{made.chance.randint(8000, 8999)}{made.chance.randint(10**7, 10**8 - 1)}"
        cartons.append(carton)
        packing["_carton"] = carton
    insert_all(session, Carton, cartons)
    for packing in packings:
        common = {"packing_id": packing["id"], "carton_id": packing["_carton"]["id"], "at": packing["packed_at"],
                  "by_id": packing["counter_id"], "acknowledged_at": None}  # fmt: skip
        for line in packing["_sale"]["_lines"]:
            scans.append(common | {"line_id": line["id"], "code": line["code"], "quantity": line["quantity"],
                                   "wrong": False})  # fmt: skip
        if made.chance.random() < 0.012:
            scans.append(common | {"line_id": None, "code": made.chance.choice(made.items).code, "quantity": 1,
                                   "wrong": True, "acknowledged_at": packing["packed_at"]})  # fmt: skip
    insert_all(session, PackingScan, scans)


def _packing(made: Days, sale: dict[str, Any]) -> dict[str, Any]:
    counter = made.who("packing")
    others = [user for user in made.staff.values() if "packing" in user.roles and user.id != counter.id]
    second = made.chance.choice(others) if others and not sale["customer_present"] else None
    packed = min(sale["printed_at"] + timedelta(minutes=25), made.ctx.clock.now())
    ticks = ["name_checked", "protected", "customer_signed", "copies_given", "seal_signed"]
    if second is not None:
        ticks = ["name_checked", "protected", "copy_inside", "name_on_seal"]
    return {
        "sale_id": sale["id"], "customer_id": sale["customer_id"], "customer_present": sale["customer_present"],
        "counter_id": counter.id, "second_id": second.id if second else None,
        "second_at": packed if second else None, "started_at": sale["printed_at"], "packed_at": packed,
        "sealed_at": packed, "ticks": ticks, "state": "sealed", "created_at": packed, "version": 1, "_sale": sale,
    }  # fmt: skip
