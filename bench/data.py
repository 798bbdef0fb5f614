"""The data of a measurement: an office with many customers and a full month, the same for the same seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from bench.engines import Bare, Moment
from crmdesk.core.clock import FixedClock
from crmdesk.core.settings import Settings
from crmdesk.db.changes import Changes
from crmdesk.printing.documents import CartonLabel, SalesSlip, SlipLine
from crmdesk.printing.documents import Office as PrintedOffice
from crmdesk.services import setup
from crmdesk.services.context import Context, User
from crmdesk.services.imports import ImportResult, import_customers
from crmdesk.services.staff import StaffForm, create_staff, find_staff

SEED = 925
PASSWORD = "silver-925-desk"
NOW = datetime(2026, 11, 22, 1, 41, tzinfo=UTC)
TAIPEI = timezone(timedelta(hours=8), "Asia/Taipei")
CHUNK = 100_000  # customers of one file
MONTHS = 24  # over which the month's records are spread

SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾彭游詹胡施沈單趙孫馬郝"
GIVEN = "淑芬美玲雅婷怡君志明俊傑建宏家豪佳穎宗翰冠宇承恩詩涵欣怡惠雯麗華秀英文彬國強金龍春嬌玉蘭鳳儀蕙心思妤"
SHOPS = ("銀樓", "飾品", "銀飾", "珠寶", "精品", "工坊")
PLACES = (("台北市", "02"), ("台中市", "04"), ("高雄市", "07"), ("台南市", "06"), ("新竹市", "03"), ("嘉義市", "05"))
HEADINGS = ("姓名", "公司", "電話", "手機", "地區", "地址", "類別")


class Person(NamedTuple):
    """One made-up customer, as a line of an office's own list."""

    name: str
    company: str
    phone: str
    mobile: str
    region: str
    address: str
    kind: str


def people(count: int, seed: int = SEED) -> Iterator[Person]:
    """Yield made-up customers: every tenth with a landline too, every third with a shop."""
    dice = random.Random(seed)
    for _number in range(count):
        name = dice.choice(SURNAMES) + dice.choice(GIVEN) + (dice.choice(GIVEN) if dice.random() < 0.85 else "")
        shop = dice.random() < 0.33
        company = dice.choice(GIVEN) + dice.choice(GIVEN) + dice.choice(SHOPS) if shop else ""
        region, area = dice.choice(PLACES)
        landline = f"{area}-2{dice.randrange(10**7):07d}" if dice.random() < 0.1 else ""
        mobile = f"09{dice.randrange(10**8):08d}"
        kind = dice.choice(("批發", "加盟", "零售", "詢問"))
        yield Person(name, company, landline, mobile, region, f"{region}中正路 {dice.randrange(1, 999)} 號", kind)


def write_people(path: Path, count: int, seed: int = SEED) -> Path:
    """Write a list of customers as CSV, the way an office hands it over."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(people(count, seed))
    return path


def make_office(url: str) -> Context:
    """Create a new office at an address and return its manager's context, at a clock that stands still."""
    clock, settings = FixedClock(NOW, TAIPEI), Settings(language="zh_TW")
    db = setup.open_database(url, clock, changes=Changes(), create=True)
    form = setup.SetupForm("zh_TW", "天竺工坊", "TWD", "reception", "", "boss", "林經理", PASSWORD)
    ctx = setup.create_office(db, settings, clock, form)
    ctx = replace(ctx, office=replace(ctx.office, departments=("點貨", "品管")))
    boss = find_staff(ctx)[0]
    return ctx.acting_as(User(boss.id, boss.login, boss.name, boss.roles))


def colleague_of(ctx: Context) -> Context:
    """Return the context of somebody else, who proposes what the manager approves; made the first time."""
    others = [row for row in find_staff(ctx) if row.id != ctx.user.id]
    if not others:
        create_staff(ctx, StaffForm("wu", "吳品管", ("complaints",), PASSWORD), quick_hash=True)
        others = [row for row in find_staff(ctx) if row.id != ctx.user.id]
    return ctx.acting_as(User(others[0].id, others[0].login, others[0].name, ("complaints",)))


def add_customers(ctx: Context, folder: Path, count: int, seed: int) -> ImportResult:
    """Import so many customers from a file, through the program's own import; raises if a row is refused."""
    result = import_customers(ctx, write_people(folder / f"customers-{seed}.csv", count, seed))
    if not result.written:
        raise RuntimeError(f"the bench's own customers were refused: {result.errors[:3]}")
    return result


def fill_month(bare: Bare, count: int) -> None:
    """Write ``count`` calls and as many records of the other desks, spread over two years to this month's end."""
    dice = random.Random(SEED)
    end = datetime(2026, 11, 30, 15, tzinfo=UTC)
    span = timedelta(days=30 * MONTHS).total_seconds()
    who = [row[0] for row in bare.read("SELECT id FROM customer LIMIT 5000")]
    me = bare.read("SELECT min(id) FROM staff")[0][0]

    def rows(table: str, number: int, values: Callable[[int, Moment, Moment], dict[str, Any]]) -> None:
        made: list[tuple[Any, ...]] = []
        for n in range(number):
            at = end - timedelta(seconds=round(dice.random() * span))
            then = bare.moment(at)
            last = values(n, then, bare.moment(at + timedelta(seconds=20 + n % 60)))
            made.append((then, 1, *last.values()))
        bare.many(table, ("created_at", "version", *last), made)

    def call(n: int, at: Moment, soon: Moment) -> dict[str, Any]:
        return {
            "number": f"B{n}", "direction": "in", "started_at": at, "answered_by_id": me, "rings": 1 + n % 7,
            "apologised": n % 7 > 4, "customer_id": who[n % len(who)], "phone": "0912-345-678", "phone_tail": "",
            "caller_name": "陳", "region": "台中市", "address": "", "topic": "stock", "matter": "問貨", "reason": "",
            "urgency": "normal", "read_back": '["phone", "name", "matter"]', "callback_result": "",
            "transferred_to": "", "passed_on": "", "instruction": "", "caller_hung_up_first": True, "state": "done",
        }  # fmt: skip

    def visit(n: int, at: Moment, soon: Moment) -> dict[str, Any]:
        return {
            "number": f"B{n}", "customer_id": who[n % len(who)], "visitor_name": "陳", "party_size": 1,
            "visitor_class": "b", "purpose": "", "place": "", "arrived_at": at, "greeted_at": soon,
            "nothing_to_deposit": True, "send_off": "[]", "transport": "", "leave_reason": "", "left_at": soon,
            "note": "", "state": "left",
        }  # fmt: skip

    def sale(n: int, at: Moment, soon: Moment) -> dict[str, Any]:
        money = dict.fromkeys(("discount", "freight", "rounding", "previous_balance", "returned"), 0)
        words = dict.fromkeys(("delivery", "ship_to", "ship_phone", "remark", "internal_remark", "void_reason"), "")
        return money | words | {
            "number": f"B{n}", "customer_id": who[n % len(who)], "clerk_id": me, "opened_at": at, "printed_at": soon,
            "currency": "TWD", "customer_present": True, "consent_to_print": True, "subtotal": 128000,
            "total": 128000, "paid": 128000, "pieces": 4, "state": "done",
        }  # fmt: skip

    def packing(n: int, at: Moment, soon: Moment) -> dict[str, Any]:
        return {
            "sale_id": slips[n], "customer_id": who[n % len(who)], "customer_present": False, "counter_id": me,
            "started_at": at, "sealed_at": soon, "ticks": "[]", "return_number": "", "state": "sealed",
        }  # fmt: skip

    def repair(n: int, at: Moment, soon: Moment) -> dict[str, Any]:
        money = dict.fromkeys(("declared_value", "fee_limit", "fee", "outside_cost"), 0)
        words = dict.fromkeys(("item_code", "material", "stones", "condition", "instruction", "purchase_number",
                               "carrier", "waybill", "internal_note"), "")  # fmt: skip
        return money | words | {
            "number": f"B{n}", "customer_id": who[n % len(who)], "received_at": at, "received_by_id": me,
            "item_name": "手鐲", "part": "扣頭", "not_thai_silver": True, "told": "[]", "route": "own",
            "closed_at": soon, "state": "picked_up",
        }  # fmt: skip

    def complaint(n: int, at: Moment, soon: Moment) -> dict[str, Any]:
        words = dict.fromkeys(("phone", "sale_number", "story", "wish", "item_code", "item_name", "department", "cause",
                               "proposal", "remedy", "improvement", "reply"), "")  # fmt: skip
        return words | {
            "number": f"B{n}", "customer_id": who[n % len(who)], "complainant": "陳", "received_at": at,
            "received_by_id": me, "channel": "phone", "kind": ("quality", "non_quality")[n % 2], "domestic": True,
            "severity": "general", "affected": 1, "title": "斷扣", "quantity": 0, "faulty": 0, "clears": "{}",
            "loss": 10000, "allowance": 0, "manager_told": False, "was_due_at": soon, "not_reached": 0,
            "closed_at": soon, "state": "closed",
        }  # fmt: skip

    rows("call", count, call)
    rows("visit", count * 2 // 5, visit)
    rows("sale", count * 3 // 10, sale)
    slips = [row[0] for row in bare.read("SELECT id FROM sale ORDER BY id")]
    rows("packing", count // 5, packing)
    rows("repair", count // 20, repair)
    rows("complaint", count // 20, complaint)
    bare.many("event", ("at", "user_name", "station", "kind", "record_id", "action", "from_state", "to_state", "title",
                        '"values"', "note"), complaint_steps(bare))  # fmt: skip
    bare.settle(("call", "visit", "sale", "packing", "repair", "complaint"))


def complaint_steps(bare: Bare) -> list[tuple[Any, ...]]:
    """Return the steps of the complaints, taken a minute after the other once the complaint came in."""
    taken = ("assign", "investigate", "propose", "approve", "carry_out", "tell", "call_back", "close")
    steps = []
    for record_id, received in bare.read("SELECT id, received_at FROM complaint ORDER BY id"):
        start = datetime.fromisoformat(received).replace(tzinfo=UTC) if bare.sqlite else received
        for place, action in enumerate(taken):
            at = bare.moment(start + timedelta(minutes=place))
            steps.append((at, "x", "x", "complaint", record_id, action, "", "", "x", "{}", ""))
    return steps


OFFICE = PrintedOffice("天竺工坊", "銀飾批發", "台中市西區公益路 68 號 3 樓", "04-2222-5678", "TWD", "zh_TW")
GOODS = (
    ("SB-0925", "925 純銀素面手鍊 18 cm", 12, "條", 680),
    ("SR-1142", "復古花絲戒指 #12–#16", 24, "只", 320),
    ("SN-2071", "蛇鍊項鍊 45 cm 加粗", 10, "條", 860),
    ("ST-0017", "綠松石鑲嵌手鐲", 4, "只", 1980),
)
PRINTED_AT = datetime(2026, 11, 22, 15, 18, tzinfo=TAIPEI)


def a_slip(number: int, lines: int = 12) -> SalesSlip:
    """Return a sales slip of so many lines under a number of its own."""
    found = [GOODS[i % len(GOODS)] for i in range(lines)]
    made = tuple(
        SlipLine(code, name, Decimal(pieces), unit, Decimal(price), Decimal(pieces * price), "ok")
        for code, name, pieces, unit, price in found
    )
    total = sum((line.amount for line in made), start=Decimal(0))
    return SalesSlip(
        OFFICE, f"2026-{number % 10**6:06d}", PRINTED_AT, "陳李美鳳 女士", made, company="陳家銀樓",
        phone="0912-345-678", address="台中市北屯區崇德路二段 417 號 1 樓", shipping="新竹物流", follower="王小美",
        customer_number="C00417", subtotal=total, due=total, received=total, cashier="黃怡君", tendered=total,
        counter="林志豪",
    )  # fmt: skip


def a_label(number: int) -> CartonLabel:
    """Return a carton's label under a number of its own."""
    return CartonLabel(
        OFFICE, f"2026-{number % 10**6:06d}", 2, 5, "陳李美鳳", title="女士", company="陳家銀樓", phone="0912-345-678",
        address="台中市北屯區崇德路二段 417 號 1 樓", carrier="新竹物流", waybill="8231 0457 6619",
        pieces=Decimal(62), weight_kg=Decimal("4.6"), counter="林志豪", second_counter="王小美",
    )  # fmt: skip
