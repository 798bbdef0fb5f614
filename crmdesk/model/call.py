"""Phone calls (電話記錄本)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Root, key_type, staff_reference

_IS_OPEN = text("callback_done_at IS NULL")
_UNSETTLED = text("closed_at IS NULL")
OPINION_WAITS = "{0}opinion <> '' AND {0}opinion_passed_at IS NULL"  # to be passed on (CALL-20)
WAITS = "state NOT IN ('done', 'transferred')"  # for somebody to go on with it, as the partial index says it
_OPINION = text(OPINION_WAITS.format(""))


class Call(Root, Base):
    """One phone call as CALL-06 to CALL-12 want it kept."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_callback", "callback_done_at", "callback_at"),
        # In the order they were promised, among the open ones alone: PostgreSQL sorts the other index's rows first.
        Index("ix_call_open_callback", "callback_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_call_opinion", "started_at", sqlite_where=_OPINION, postgresql_where=_OPINION),
        Index("ix_call_waits", "started_at", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
    )
    KIND = "call"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    direction: Mapped[str] = mapped_column(String(4), default="in")
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    answered_by_id: Mapped[int] = staff_reference(nullable=False)
    rings: Mapped[int] = mapped_column(default=0)
    apologised: Mapped[bool] = mapped_column(default=False)
    customer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    phone_tail: Mapped[str] = mapped_column(key_type(24), default="", index=True)
    caller_name: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    topic: Mapped[str] = mapped_column(String(20), default="")
    matter: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    urgency: Mapped[str] = mapped_column(String(8), default="normal")
    read_back: Mapped[list[str]] = mapped_column(default=list)  # which of phone, name, address, matter were repeated
    callback_at: Mapped[datetime | None]
    callback_done_at: Mapped[datetime | None]
    callback_result: Mapped[str] = mapped_column(String(200), default="")
    transferred_to: Mapped[str] = mapped_column(String(60), default="")
    passed_on: Mapped[str] = mapped_column(String(200), default="")
    escalated_to_id: Mapped[int | None] = staff_reference()
    instruction: Mapped[str] = mapped_column(Text, default="")
    handled_at: Mapped[datetime | None]
    caller_hung_up_first: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = mapped_column(String(10), default="phone")  # how it came in (CALL-19)
    line: Mapped[str] = mapped_column(String(40), default="")  # which of the office's numbers was called
    outcome: Mapped[str] = mapped_column(String(20), default="")
    tries: Mapped[int] = mapped_column(default=0)  # how often nobody was reached
    opinion: Mapped[str] = mapped_column(Text, default="")  # a valuable opinion, for a department (CALL-20)
    opinion_department: Mapped[str] = mapped_column(String(60), default="")
    opinion_passed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)


class Matter(Root, Base):
    """One matter out of a call or visit, with the person who was asked first (首問責任人, FIRST-01 to FIRST-05)."""

    __tablename__ = "matter"
    __table_args__ = (
        Index("ix_matter_owner", "owner_id", "accepted_at", sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED),
    )
    KIND = "matter"

    call_id: Mapped[int | None] = mapped_column(Id, ForeignKey("call.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    topic: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text)
    urgency: Mapped[str] = mapped_column(String(8), default="normal")
    first_id: Mapped[int] = staff_reference(nullable=False)  # stays responsible until the customer is satisfied
    owner_id: Mapped[int] = staff_reference(nullable=False)  # who works on it now
    department: Mapped[str] = mapped_column(String(60), default="")
    accepted_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    asked_back_at: Mapped[datetime | None]  # called back and asked for the customer's opinion (FIRST-03)
    satisfied: Mapped[bool | None]
    closed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20), default="accepted", index=True)


class MissedCall(Root, Base):
    """A call that nobody answered (未接來電), with who had the phone duty then (CALL-15, CALL-16)."""

    __tablename__ = "missed_call"
    __table_args__ = (Index("ix_missed_call_open", "settled_at", "at"),)
    KIND = "missed_call"

    at: Mapped[datetime] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    phone_tail: Mapped[str] = mapped_column(key_type(24), default="", index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    line: Mapped[str] = mapped_column(String(40), default="")
    customer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    holder_id: Mapped[int | None] = staff_reference()  # who had the phone duty
    in_hours: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    clause: Mapped[str] = mapped_column(String(10), default="")  # by which the phone had to be answered then
    proposed: Mapped[Decimal] = mapped_column(default=Decimal(0))  # what the regulation asks of the holder; never taken
    returned_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("call.id"))
    settled_at: Mapped[datetime | None]


class PhoneDuty(Base):
    """Who answers the service phone on a weekday between two times (CALL-15)."""

    __tablename__ = "phone_duty"
    KIND = "office"

    weekday: Mapped[int]  # 0 is Monday
    begins: Mapped[str] = mapped_column(String(5))  # local, "09:00"
    ends: Mapped[str] = mapped_column(String(5))
    staff_id: Mapped[int] = staff_reference(nullable=False)

    def history_key(self) -> tuple[str, int]:
        """The office's own record: there is one office."""
        return self.KIND, 1
