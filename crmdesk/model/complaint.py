"""Complaints (投訴, 客訴)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Root, staff_reference

_IS_OPEN = text("closed_at IS NULL")
OPEN: dict[str, Any] = {"sqlite_where": _IS_OPEN, "postgresql_where": _IS_OPEN}


class Complaint(Root, Base):
    """A complaint from its receipt to its closing (CMP); what happened to it is in the event log."""

    __tablename__ = "complaint"
    __table_args__ = (
        # What waits for somebody is found among the open ones alone, however many are closed.
        Index("ix_complaint_handler_reply", "handler_id", "next_reply_at", **OPEN),
        Index("ix_complaint_handler_received", "handler_id", "severity", "domestic", "received_at", **OPEN),
        Index("ix_complaint_open_received", "received_at", **OPEN),
        Index("ix_complaint_stage", "state", "handler_id", "stage_at", **OPEN),
        Index("ix_complaint_told", "severity", "manager_told", "handler_id", "received_at", **OPEN),
    )
    KIND = "complaint"
    QUIET: ClassVar[frozenset[str]] = frozenset({"stage_at"})

    number: Mapped[str] = mapped_column(String(20), unique=True)
    customer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    complainant: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(40), default="")
    call_id: Mapped[int | None] = mapped_column(Id, ForeignKey("call.id"))
    visit_id: Mapped[int | None] = mapped_column(Id, ForeignKey("visit.id"))
    sale_number: Mapped[str] = mapped_column(String(20), default="")
    received_at: Mapped[datetime] = mapped_column(index=True)
    received_by_id: Mapped[int] = staff_reference(nullable=False)
    handler_id: Mapped[int | None] = staff_reference()
    channel: Mapped[str] = mapped_column(String(12), default="phone")
    kind: Mapped[str] = mapped_column(String(20), default="quality")
    domestic: Mapped[bool] = mapped_column(default=True)
    severity: Mapped[str] = mapped_column(String(8), default="general")
    affected: Mapped[int] = mapped_column(default=1)  # how many customers complain of the same matter
    title: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text, default="")
    wish: Mapped[str] = mapped_column(String(400), default="")
    item_code: Mapped[str] = mapped_column(String(40), default="")
    item_name: Mapped[str] = mapped_column(String(120), default="")
    quantity: Mapped[int] = mapped_column(default=0)
    faulty: Mapped[int] = mapped_column(default=0)
    clears: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the five things made clear
    valid: Mapped[bool | None]
    department: Mapped[str] = mapped_column(String(60), default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(String(12), default="")
    loss: Mapped[Decimal] = mapped_column(default=Decimal(0))
    allowance: Mapped[Decimal] = mapped_column(default=Decimal(0))
    improvement: Mapped[str] = mapped_column(Text, default="")
    reply: Mapped[str] = mapped_column(Text, default="")  # what the customer was told (CMP-05)
    manager_told: Mapped[bool] = mapped_column(default=False)  # a major one was reported at once (CMP-08)
    next_reply_at: Mapped[datetime | None] = mapped_column(index=True)
    not_reached: Mapped[int] = mapped_column(default=0)
    satisfied: Mapped[bool | None]
    closed_at: Mapped[datetime | None]
    # Of a closed one only, by the numbers and the calendar of that day; the due time of an open one is computed.
    was_due_at: Mapped[datetime | None]
    stage_at: Mapped[datetime | None]  # since when it is in its state (CMP-29, CMP-30)
    state: Mapped[str] = mapped_column(String(20), default="received", index=True)
