"""What the complaint desk writes and reads, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from crmdesk.core.i18n import N_
from crmdesk.rules.deadlines import Due
from crmdesk.services.papers import PaperRow
from crmdesk.services.records import StoryLine
from crmdesk.services.undo import UndoChoice

KINDS = {"quality": N_("Quality"), "non_quality": N_("Not quality")}
REMEDIES = {
    "exchange": N_("Exchange"),
    "allowance": N_("Allowance"),
    "refund": N_("Refund"),
    "repair": N_("Repair"),
    "apology": N_("Apology"),
}
#: Remedies that cost money and therefore need their amount before anybody approves them (CMP-10).
CASH_REMEDIES = ("allowance", "refund")


@dataclass(frozen=True)
class ComplaintForm:
    """What any employee writes down when a complaint comes in; three fields are enough (CMP-01, CMP-46).

    ``next_reply_at`` is UTC; ``clears`` are keys of the five clears; ``emergency`` makes it major at once (CMP-16).
    """

    complainant: str
    title: str
    next_reply_at: datetime | None = None
    phone: str = ""
    story: str = ""
    wish: str = ""
    kind: str = "quality"
    channel: str = "phone"
    domestic: bool = True
    emergency: bool = False
    item_code: str = ""
    sale_number: str = ""
    quantity: int = 0
    faulty: int = 0
    clears: tuple[str, ...] = ()
    customer_id: int | None = None
    call_id: int | None = None
    visit_id: int | None = None
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


class Registered(NamedTuple):
    """A new complaint: its number, how severe, and how many customers complain of the same matter."""

    id: int
    number: str
    version: int
    severity: str
    affected: int


class ComplaintRow(NamedTuple):
    """A complaint in the list; moments are UTC."""

    id: int
    number: str
    received_at: datetime
    complainant: str
    title: str
    kind: str
    severity: str
    state: str
    state_title: str
    department: str
    handler: str
    next_reply_at: datetime | None
    due_at: datetime | None
    overdue: bool
    version: int


class ComplaintCounts(NamedTuple):
    """Open complaints, those whose reply or finish is late, and all of this month."""

    open: int
    overdue: int
    month: int


class NeedLine(NamedTuple):
    """One thing a step needs: the field that answers it, its label, whether it is there, the sentence, the clause."""

    key: str
    field: str
    label: str
    met: bool
    sentence: str
    clause: str


class StepChoice(NamedTuple):
    """A step that may follow now; ``permitted`` says whether the user may take it."""

    action: str
    label: str
    to: str
    clause: str
    permitted: bool
    needs: tuple[NeedLine, ...]
    starts: tuple[str, ...] = ()  # what begins with it, in words

    @property
    def missing(self) -> tuple[NeedLine, ...]:
        """What is not there yet."""
        return tuple(need for need in self.needs if not need.met)


class StageUse(NamedTuple):
    """A stage with its limit and what was used of it, both in days; ``state`` done, late, now or open."""

    name: str
    used: Decimal | None
    limit: Decimal | None
    state: str
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class ComplaintCase:
    """One complaint with everything its window shows; moments are UTC, ``facts`` what the steps look at."""

    id: int
    version: int
    number: str
    form: ComplaintForm
    customer_name: str
    customer_region: str
    received_at: datetime
    received_by: str
    severity: str
    affected: int
    item_name: str
    valid: bool | None
    department: str
    handler_id: int | None
    handler: str
    cause: str
    proposal: str
    remedy: str
    loss: Decimal
    allowance: Decimal
    improvement: str
    reply: str
    manager_told: bool
    due: Due | None
    not_reached: int
    satisfied: bool | None
    closed_at: datetime | None
    was_due_at: datetime | None
    state: str
    state_title: str
    facts: dict[str, Any]
    steps: tuple[StepChoice, ...]
    stages: tuple[StageUse, ...]
    story: tuple[StoryLine, ...]
    papers: tuple[PaperRow, ...]
    undo: UndoChoice | None = None  # the last step, while it may be taken back
