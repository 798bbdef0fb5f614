"""What the repair desk writes and reads, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from crmdesk.rules.deadlines import Pause
from crmdesk.rules.repairs import MACHINE
from crmdesk.rules.transitions import Allowed
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.services.papers import PaperRow
from crmdesk.services.records import StoryLine
from crmdesk.services.undo import UndoChoice


@dataclass(frozen=True)
class Photo:
    """A JPEG with the ring round the part to repair, in thousandths of its width and height."""

    data: bytes
    ring_x: int | None = None
    ring_y: int | None = None


@dataclass(frozen=True)
class RepairForm:
    """What is written when a piece is taken in (REP-02 to REP-05); ``new_customer`` is registered with it."""

    customer_id: int | None
    item_code: str = ""
    item_name: str = ""
    part: str = ""
    material: str = ""
    weight_g: Decimal | None = None
    stones: str = ""
    condition: str = ""
    instruction: str = ""
    declared_value: Decimal = Decimal(0)
    fee_limit: Decimal = Decimal(0)
    purchase_number: str = ""
    bought_on: date | None = None
    call_id: int | None = None  # the call that asked for it (CALL-29)
    not_thai_silver: bool = False
    told: frozenset[str] = frozenset()
    route: str = "own"
    promised_on: date | None = None
    internal_note: str = ""
    photos: tuple[Photo, ...] = ()
    new_customer: CustomerForm | None = None
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


@dataclass(frozen=True)
class StepForm:
    """What a step may need: carrier and waybill, what the customer was told, that he was phoned, reason, fee."""

    note: str = ""
    reason: str = ""
    carrier: str = ""
    waybill: str = ""
    customer_told: bool = False
    told: frozenset[str] = frozenset()  # ticks of rules.TOLD made up for after the intake
    fee: Decimal | None = None
    outside_cost: Decimal | None = None


class RepairRow(NamedTuple):
    """A repair in the list; ``late`` is a piece away longer than told, or promised and not ready."""

    id: int
    number: str
    state: str
    state_title: str
    version: int
    customer_id: int
    customer: str
    phone: str
    item: str
    part: str
    route: str
    received_at: datetime
    due_on: date | None
    late: bool


@dataclass(frozen=True)
class RepairCard:
    """A repair with its story, photos, papers, and what may be done now."""

    row: RepairRow
    form: RepairForm
    received_by: str
    earliest_on: date | None
    latest_on: date | None
    sent_at: datetime | None
    ready_at: datetime | None
    closed_at: datetime | None
    fee: Decimal
    outside_cost: Decimal
    carrier: str
    waybill: str
    story: tuple[StoryLine, ...] = ()
    papers: tuple[PaperRow, ...] = ()
    steps: tuple[Allowed, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)  # what the steps look at
    undo: UndoChoice | None = None  # the last step, while it may be taken back
    pauses: tuple[Pause, ...] = ()  # when its clock stood or stands
    photos: tuple[Photo, ...] = field(default=(), repr=False)

    @property
    def standing(self) -> Pause | None:
        """The pause that holds its clock now."""
        return next((pause for pause in self.pauses if pause.end is None), None)

    @property
    def may_pause(self) -> bool:
        """Whether it still waits for something: a piece that has left has no clock to stop."""
        return self.row.state not in MACHINE.final


class TakenIn(NamedTuple):
    """A repair that was taken in: its id and number, and the papers to print (receipt, slip)."""

    id: int
    number: str
    papers: tuple[int, ...]
