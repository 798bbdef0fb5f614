"""Sample documents for the tests of the papers: ordinary ones and hostile ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from crmdesk.printing.documents import (
    ActionRow,
    Approval,
    CartonLabel,
    ClauseRow,
    ComplaintSheet,
    ComplaintStage,
    DeskRow,
    Figure,
    HandOver,
    ListPaper,
    MonthChart,
    MonthlyReport,
    Office,
    Photo,
    RepairReceipt,
    RepairSlip,
    Ring,
    SalesSlip,
    SlipLine,
)

OFFICE = Office(
    "天竺工坊", "銀飾批發", "台中市西區公益路 68 號 3 樓", "04-2222-5678", "TWD", "zh_TW", tax_number="24567801"
)
AT = datetime(2026, 11, 22, 15, 18)

_ITEMS = (
    ("SB-0925", "925 純銀素面手鍊 18 cm", 12, "條", 680),
    ("SR-1142", "復古花絲戒指 #12–#16", 24, "只", 320),
    ("SE-0388", "圓珠耳釘 4 mm（對）", 30, "對", 145),
    ("SN-2071", "蛇鍊項鍊 45 cm 加粗", 10, "條", 860),
    ("SP-0560", "藏式六字真言吊墜", 8, "個", 540),
    ("ST-0017", "綠松石鑲嵌手鐲", 4, "只", 1980),
    ("SR-1150", "月光石開口戒", 15, "只", 420),
    ("SE-0402", "流蘇耳環 6 cm", 20, "對", 260),
    ("SB-0940", "多圈編織皮繩手鍊 Premium Leather Bracelet – Antique Finish", 5, "條", 720),
    ("SX-9001", "禮盒（絨布）9×9 cm", 60, "個", 35),
)


def slip_lines(count: int) -> tuple[SlipLine, ...]:
    """Return as many lines as asked for, the items taken round and round."""
    found = []
    for i in range(count):
        code, name, pieces, unit, price = _ITEMS[i % len(_ITEMS)]
        amount = Decimal(pieces * price)
        found.append(SlipLine(code, name, Decimal(pieces), unit, Decimal(price), amount, "bad" if i == 3 else "ok"))
    return tuple(found)


def sales_slip(count: int = 8, **changes: Any) -> SalesSlip:
    """Return a sales slip of ``count`` lines with sums that agree."""
    lines = slip_lines(count)
    subtotal = sum((line.amount for line in lines), start=Decimal(0))
    discount = -(subtotal * 5 // 100)
    due = subtotal + discount
    slip = SalesSlip(
        OFFICE,
        "2026-000123",
        AT,
        "陳李美鳳 女士",
        lines,
        company="陳家銀樓",
        phone="0912-345-678",
        address="台中市北屯區崇德路二段 417 號 1 樓（銀樓後門收貨）",
        shipping="新竹物流",
        terms="到付",
        follower="王小美",
        customer_number="C00417",
        price_level="批發 A",
        subtotal=subtotal,
        discount_label="折扣 95 折",
        discount=discount,
        rounding=Decimal(-4),
        due=due - 4,
        previous_balance=Decimal(3200),
        received=Decimal(30000),
        balance=due - 4 + 3200 - 30000,
        cashier="黃怡君",
        tendered=Decimal(30000),
        change=Decimal(0),
        payment_note="餘額月結，12-05 前",
        internal_remark="老客九五折",
        policy="自提批發售出不退換",
        counter="林志豪",
    )
    return replace(slip, **changes)


def carton_label(**changes: Any) -> CartonLabel:
    """Return the label of carton 2 of 5."""
    label = CartonLabel(
        OFFICE,
        "2026-000123",
        2,
        5,
        "陳李美鳳",
        title="女士",
        company="陳家銀樓",
        phone="0912-345-678",
        address="台中市北屯區崇德路二段 417 號 1 樓（銀樓後門收貨）",
        carrier="新竹物流",
        waybill="8231 0457 6619",
        terms="到付",
        shipped_on=date(2026, 11, 22),
        pieces=Decimal(62),
        weight_kg=Decimal("4.6"),
        total_weight_kg=Decimal("21.8"),
        counter="林志豪",
        second_counter="王小美",
    )
    return replace(label, **changes)


def photo_bytes() -> bytes:
    """Return a small drawn picture of a bangle."""
    image = Image.new("L", (480, 360), 225)
    ImageDraw.Draw(image).ellipse((90, 70, 390, 290), outline=110, width=14)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def photo() -> Photo:
    """Return the photo with one ring."""
    return Photo(photo_bytes(), (Ring(1, 0.71, 0.67),), 1, 3, date(2026, 11, 22))


def repair_receipt(**changes: Any) -> RepairReceipt:
    """Return the receipt of a bangle that goes to India."""
    receipt = RepairReceipt(
        OFFICE,
        "2026-000087",
        datetime(2026, 11, 22, 11, 6),
        "許蕙蘭 小姐",
        "0933-812-640",
        "ST-0017",
        "右下第 4 顆綠松石脫落，補石並重新包鑲",
        item_name="綠松石鑲嵌手鐲",
        material="925 銀（非泰銀）",
        weight_g=Decimal("38.4"),
        stones="30 顆　缺 1 顆",
        condition="內側刮痕、扣頭完好",
        declared_value=Decimal(1980),
        bought_on_slip="2026-000071",
        outside_place="印度工坊",
        earliest=date(2026, 12, 22),
        latest=date(2027, 5, 22),
        told_time=True,
        told_may_differ=True,
        told_no_thai_silver=True,
        told_fee_limit=True,
        fee_limit=Decimal(600),
        photo=photo(),
        issuer="王小美",
    )
    return replace(receipt, **changes)


def repair_slip(**changes: Any) -> RepairSlip:
    """Return the slip of the same bangle, handed out once."""
    slip = RepairSlip(
        OFFICE,
        "2026-000087",
        datetime(2026, 11, 22, 11, 6),
        "許蕙蘭 小姐",
        "0933-812-640",
        "ST-0017",
        "右下第 4 顆綠松石脫落，補石並重新包鑲",
        address="彰化縣員林市中山路一段 92 巷 6 弄 3 號",
        item_name="綠松石鑲嵌手鐲",
        material="925 銀（非泰銀）",
        weight_g=Decimal("38.4"),
        stones="30 缺 1",
        condition="內側刮痕、扣頭完好；附絨布袋",
        declared_value=Decimal(1980),
        batch="H 2026-000012",
        sent_on=date(2026, 11, 25),
        earliest=date(2026, 12, 25),
        latest=date(2027, 5, 25),
        told_time=True,
        told_may_differ=True,
        checked_not_thai_silver=True,
        fee_limit=Decimal(600),
        consent_on=date(2026, 11, 22),
        outside_cost=Decimal(350),
        internal_remark="曾於 2025-03 修過扣頭（2025-000311）",
        instruction="照原樣修，勿改尺寸；\n缺石大小 6×4 mm 橢圓\n修後請與照片比對",
        photo=photo(),
        hands=(HandOver("王小美", date(2026, 11, 22)),),
        issuer="王小美",
    )
    return replace(slip, **changes)


def complaint_sheet(**changes: Any) -> ComplaintSheet:
    """Return a closed complaint with one late stage."""

    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute)

    def stage(unit: str, limit: str, opinion: str, into: datetime, out: datetime, used: str, by: str) -> ComplaintStage:
        return ComplaintStage(unit, Decimal(limit), opinion, into, out, Decimal(used), by)

    sheet = ComplaintSheet(
        OFFICE,
        "2611-07",
        at(3, 9, 20),
        "陳家銀樓",
        contact="陳李美鳳 0912-345-678",
        due_on=date(2026, 11, 18),
        first_heard_by="黃怡君",
        first_heard_at=at(2, 16, 40),
        order_number="2026-000098",
        item="SB-0931 麻花手鐲",
        shipped_on=date(2026, 10, 27),
        quantity="60 只",
        defective="7 只（11.7%）",
        demand="換新 7 只",
        content="客戶 10-29 收貨，11-02 來電反映 7 只手鐲接頭處有砂孔，配戴後勾毛衣；附照片 4 張、異常樣品 2 只。"
        "客戶希望週末前換新，並詢問同批其餘 53 只是否有同樣情形。",
        samples=2,
        photos=4,
        business_opinion="先換新，接頭工序加檢。",
        filled_by="黃怡君",
        filled_on=date(2026, 11, 3),
        stages=(
            stage("總經理室 生產管理組", "0.5", "編號登記，轉品管。", at(3, 9, 20), at(3, 11, 45), "0.3", "林秋萍"),
            stage(
                "品質管理部", "1", "2 只樣品剖面：接頭焊料氣孔 0.2–0.4 mm，屬焊接溫度不足。責任：製造二課。",
                at(3, 11, 50), at(4, 10, 30), "0.8", "何佩玲",
            ),
            stage(
                "製造部門", "1", "11-15 前焊爐校溫；同批庫存 40 只全檢，另檢出 3 只。逐只過 10 倍鏡。",
                at(4, 10, 40), at(6, 14, 0), "2.4", "李振邦",
            ),
            ComplaintStage("研發部門", Decimal(1), skipped=True),
            stage(
                "業務部門", "5", "與客戶商定：換新 7 只，其餘 53 只由客戶篩選，不良隨到隨換；不折讓。",
                at(6, 14, 10), at(9, 17, 20), "1.4", "吳國華",
            ),
            stage(
                "總經理室", "0.5", "綜合意見：同意業務意見，成品損失由製造二課負擔；追蹤改善至 12-15。",
                at(10, 8, 40), at(10, 12, 0), "0.4", "林秋萍",
            ),
        ),
        liable_unit="製造二課 100%",
        follow_up="是，至 12-15",
        exchange="換新 7 只",
        loss="NT$ 8,750",
        allowance="無",
        fines="點數 5（二課）",
        punishment="口頭告誡 1 人",
        approvals=(
            Approval("業務經理", None, "吳國華", date(2026, 11, 10)),
            Approval("副總經理", Decimal(10000)),
            Approval("總經理", Decimal(50000)),
            Approval("核決", None, "吳國華", date(2026, 11, 10), "准"),
        ),
        answered="11-10 15:10 電話",
        replacement_sent="11-12 新竹物流",
        next_reply="無（已結）",
        called_back_on=date(2026, 11, 13),
        satisfied=True,
        closed_on=date(2026, 11, 13),
        closed_working_day=9,
    )  # fmt: skip
    return replace(sheet, **changes)


def monthly_report(clauses: int = 19, **changes: Any) -> MonthlyReport:
    """Return the report of October with a chart that leaves the Sundays out."""
    sales = [None if day % 7 == 2 else Decimal(14 + (day * 7) % 12) for day in range(31)]
    last = [None if day % 7 == 2 else Decimal(12 + (day * 5) % 9) for day in range(31)]
    figures = tuple(
        Figure(label, value, month, year)
        for label, value, month, year in (
            ("來電", "1,284", "+6.2%", "+11.0%"), ("到訪", "312", "−3.1%", "+4.3%"),
            ("一分鐘內招呼", "96.8%", "+1.2", "+3.9"),
            ("銷售額（萬）", "486.2", "+8.4%", "+15.7%"), ("點貨差錯", "3", "−2", "−4"), ("修理逾期", "5", "+1", "−6"),
            ("客訴", "14", "+3", "−1"), ("回訪滿意", "92.9%", "−1.6", "+2.2"),
        )
    )  # fmt: skip
    desks = tuple(
        DeskRow(desk, (("來電", "1,284"), ("漏接", "21"), ("當日回電", "20／22")), "95.2%", "94.0%")
        for desk in ("電話", "接待", "銷售", "點貨", "貨運", "修理", "代賣", "客訴", "回訪")
    )
    rows = tuple(
        ClauseRow(f"CALL-{n:02d}", "三聲內接聽", 100 + n, 100 + n - n % 13, "2 件次日回") for n in range(1, clauses + 1)
    )
    report = MonthlyReport(
        OFFICE,
        2026,
        10,
        figures,
        MonthChart("每日銷售額（萬元）", tuple(sales), tuple(last), "柱：本月　線：去年同日　　週日休店"),
        desks,
        "客訴 14 件：品質 9（損失 NT$ 23,400），服務 3，貨運 2；製造二課 5 件居首，對策見第 2 頁 CMP-29。",
        rows,
        318,
        (
            ActionRow("CMP-29", "製造二課焊爐校溫，客訴意見一日內回", "李經理", "11-15", "未完"),
            ActionRow("REP-02", "五件逾期逐件去電，未回者提方志成裁示", "王小美", "11-10", "—"),
        ),
        datetime(2026, 11, 3, 18, 0),
        "方志成",
        "林秋萍",
        datetime(2026, 11, 3, 18, 2),
        "吳國華",
    )
    return replace(report, **changes)


def list_paper(count: int = 3) -> ListPaper:
    """Return a printed list of customers."""
    rows = tuple((f"C{n:05d}", "陳李美鳳", "陳家銀樓", "0912-345-678", f"{n * 1000:,}") for n in range(1, count + 1))
    headings = ("Code", "Name", "Company", "Phone", "Balance")
    at = datetime(2026, 11, 22, 9, 41)
    return ListPaper(OFFICE, "Customers", "20261122-094100", at, "林經理", headings, rows, (4,))
