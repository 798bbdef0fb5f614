"""What a paper says: frozen, plain data, stored as JSON beside the number of the paper it was printed with.

Texts, Decimal amounts, local days and times; nothing here is looked up later, so a reprint in ten years says the same.
A new field needs a default, or papers stored before it cannot be read (see :mod:`crmdesk.printing.frozen`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from crmdesk.printing.document_parts import Office as Office  # the parts are found here too, with the papers
from crmdesk.printing.document_parts import Photo as Photo
from crmdesk.printing.document_parts import Reprint as Reprint
from crmdesk.printing.document_parts import Ring as Ring

ZERO = Decimal(0)


@dataclass(frozen=True)
class SlipLine:
    """A line of a slip; ``mark`` is "" (not counted), "ok" or "bad"."""

    code: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal
    mark: str = ""
    remark: str = ""


@dataclass(frozen=True)
class SalesSlip:
    """銷售單, or 退貨單 when ``returned`` (SET-03 … 07, PACK-02 … 07, 11 … 13).

    ``received`` is what was paid on this slip (positive); ``tendered`` and ``change`` the cash handed over and back.
    ``hide_balance_in_lid`` hides the balance on the copy that goes into the lid of an absent customer's carton.
    """

    office: Office
    number: str
    at: datetime
    customer: str
    lines: tuple[SlipLine, ...] = ()
    company: str = ""
    phone: str = ""
    address: str = ""
    shipping: str = ""
    terms: str = ""
    follower: str = ""
    customer_number: str = ""
    price_level: str = ""
    subtotal: Decimal = ZERO
    discount_label: str = ""
    discount: Decimal = ZERO
    rounding: Decimal = ZERO
    due: Decimal = ZERO
    previous_balance: Decimal = ZERO
    received: Decimal = ZERO
    balance: Decimal = ZERO
    cashier: str = ""
    tendered: Decimal | None = None
    change: Decimal | None = None
    payment_note: str = ""
    internal_remark: str = ""
    policy: str = ""
    counter: str = ""
    second_counter: str = ""
    custodian: str = ""
    manager: str = ""
    bag_kinds: tuple[str, ...] = ()
    present: bool = True
    hide_balance_in_lid: bool = True
    returned: bool = False
    of_number: str = ""  # the slip a return slip belongs to
    void: bool = False


@dataclass(frozen=True)
class CartonLabel:
    """箱標, one carton of a slip (PACK-08, 11, 13, 14; SHIP-02, 04); it never says what is inside or its value."""

    office: Office
    number: str
    carton: int
    cartons: int
    name: str
    title: str = ""
    company: str = ""
    phone: str = ""
    address: str = ""
    carrier: str = ""
    waybill: str = ""
    terms: str = ""
    shipped_on: date | None = None
    pieces: Decimal = ZERO
    weight_kg: Decimal | None = None
    total_weight_kg: Decimal | None = None
    counter: str = ""
    second_counter: str = ""
    warnings: tuple[str, ...] = ()
    present: bool = True
    void: bool = False


@dataclass(frozen=True)
class Receipt80:
    """收據 on the 80 mm roll: a sales slip for the counter printer (SET-07)."""

    slip: SalesSlip
    copy: int = 3
    thanks: str = ""


@dataclass(frozen=True)
class RepairPaper:
    """What both papers of a repair say of the piece and of what the customer was told.

    ``earliest`` and ``latest`` belong to an outside repair of ``months`` (from, to); an own repair has ``promised``.
    """

    office: Office
    number: str
    at: datetime
    customer: str
    phone: str
    item_code: str
    part: str
    item_name: str = ""
    material: str = ""
    weight_g: Decimal | None = None
    stones: str = ""
    condition: str = ""
    declared_value: Decimal | None = None
    outside: bool = True
    months: tuple[int, int] = (1, 6)
    earliest: date | None = None
    latest: date | None = None
    promised: date | None = None
    told_time: bool = False
    told_may_differ: bool = False
    fee_limit: Decimal | None = None
    photo: Photo | None = None
    issuer: str = ""
    void: bool = False


@dataclass(frozen=True)
class RepairReceipt(RepairPaper):
    """收條 given to the customer when a piece is taken in (REP-02 … 04)."""

    bought_on_slip: str = ""
    outside_place: str = ""
    told_no_thai_silver: bool = False
    told_fee_limit: bool = False


@dataclass(frozen=True)
class HandOver:
    """One hand of the chain a piece goes through: empty until someone signed."""

    by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class RepairSlip(RepairPaper):
    """修理單 in three copies: the desk's stub, the customer's, the one that goes with the piece (REP-05 … 07).

    ``hands``: taken in, handed out, received by the workshop, returned, checked and sorted, customer told, picked up.
    """

    address: str = ""
    batch: str = ""
    sent_on: date | None = None
    checked_not_thai_silver: bool = False
    fee_estimate: Decimal | None = None
    consent_on: date | None = None
    outside_cost: Decimal | None = None
    internal_remark: str = ""
    instruction: str = ""
    hands: tuple[HandOver, ...] = ()
    receivers: tuple[str, ...] = ()  # of the copies, where the office's regulation names others (REP-14)


@dataclass(frozen=True)
class ComplaintStage:
    """One unit's box in part two; limits and times in working days (CMP-29)."""

    unit: str
    limit_days: Decimal | None  # None where the regulation gives no limit
    opinion: str = ""
    received_at: datetime | None = None
    sent_at: datetime | None = None
    used_days: Decimal | None = None
    signed_by: str = ""
    skipped: bool = False


@dataclass(frozen=True)
class Approval:
    """An approval box: who may sign, from which amount, and who did."""

    title: str
    from_amount: Decimal | None = None
    signed_by: str = ""
    on: date | None = None
    decision: str = ""


@dataclass(frozen=True)
class ComplaintSheet:
    """客戶抱怨處理表 in five copies (CMP-24, 27 … 36, 41)."""

    office: Office
    number: str
    accepted_at: datetime
    customer: str
    contact: str = ""
    foreign: bool = False
    quality: bool = True
    severe: bool = False
    due_on: date | None = None
    due_days: int = 15
    first_heard_by: str = ""
    first_heard_at: datetime | None = None
    order_number: str = ""
    item: str = ""
    shipped_on: date | None = None
    quantity: str = ""
    defective: str = ""
    demand: str = ""
    content: str = ""
    samples: int = 0
    photos: int = 0
    business_opinion: str = ""
    filled_by: str = ""
    filled_on: date | None = None
    stages: tuple[ComplaintStage, ...] = ()
    liable_unit: str = ""
    follow_up: str = ""
    exchange: str = ""
    loss: str = ""
    allowance: str = ""
    fines: str = ""
    punishment: str = ""
    approvals: tuple[Approval, ...] = ()
    answered: str = ""
    replacement_sent: str = ""
    next_reply: str = ""
    called_back_on: date | None = None
    satisfied: bool | None = None
    closed_on: date | None = None
    closed_working_day: int | None = None
    overdue_days: int = 0
    previous_number: str = ""
    void: bool = False
    receivers: tuple[str, ...] = ()  # of the copies, in the paper's language; () = the five of CMP-34
    register: bool = False  # the register of an office without the factory's form


@dataclass(frozen=True)
class Figure:
    """A figure of the month with its change against last month and last year, all as they shall be read."""

    label: str
    value: str
    last_month: str = ""
    last_year: str = ""


@dataclass(frozen=True)
class MonthChart:
    """One value per day: bars this month, a line last year; None where the shop was closed."""

    title: str
    bars: tuple[Decimal | None, ...]
    line: tuple[Decimal | None, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class DeskRow:
    """A desk and up to three measures (label, value), with the rate kept this month and last, and what it is of."""

    desk: str
    measures: tuple[tuple[str, str], ...]
    rate: str = ""
    last_rate: str = ""
    rate_label: str = ""


@dataclass(frozen=True)
class ClauseRow:
    """How a clause was kept: times it applied, times it was kept, and the reason of the rest."""

    clause: str
    rule: str
    times: int
    kept: int
    reason: str = ""


@dataclass(frozen=True)
class ActionRow:
    """What is to be done about a clause, by whom, until when, and how last month's came out."""

    clause: str
    what: str
    who: str = ""
    until: str = ""
    last_month: str = ""


@dataclass(frozen=True)
class MonthlyReport:
    """月報 (STAT, CMP-29, 41); ``frozen_at`` is None while the month is still open."""

    office: Office
    year: int
    month: int
    figures: tuple[Figure, ...] = ()
    chart: MonthChart | None = None
    desks: tuple[DeskRow, ...] = ()
    summary: str = ""
    clauses: tuple[ClauseRow, ...] = ()
    clauses_total: int | None = None
    actions: tuple[ActionRow, ...] = ()
    frozen_at: datetime | None = None
    frozen_by: str = ""
    made_by: str = ""
    made_at: datetime | None = None
    service_manager: str = ""
    general_manager: str = ""
    receivers: str = ""
    keep_years: int = 5
    void: bool = False


@dataclass(frozen=True)
class ListPaper:
    """A list as the screen showed it: headings and rows of words; ``right`` names the columns of figures."""

    office: Office
    title: str
    number: str
    at: datetime
    by: str = ""
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    right: tuple[int, ...] = ()
    void: bool = False


Document = (
    SalesSlip | CartonLabel | Receipt80 | RepairReceipt | RepairSlip | ComplaintSheet | MonthlyReport | ListPaper
)

KINDS: dict[str, type[Document]] = {
    "sales_slip": SalesSlip,
    "return_slip": SalesSlip,
    "carton_label": CartonLabel,
    "receipt": Receipt80,
    "repair_receipt": RepairReceipt,
    "repair_slip": RepairSlip,
    "complaint_sheet": ComplaintSheet,
    "monthly_report": MonthlyReport,
    "list": ListPaper,
}
"""The name under which each paper is stored and printed."""


def voided(document: Document) -> Document:
    """Return a paper with the mark that it is void; its number and all it says stay."""
    if isinstance(document, Receipt80):
        return replace(document, slip=replace(document.slip, void=True))
    return replace(document, void=True)


def office_of(document: Document) -> Office:
    """Return the letterhead of any document."""
    return document.slip.office if isinstance(document, Receipt80) else document.office
