"""Phone calls (電話記錄本)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Root, key_type, staff_reference

_IS_OPEN = text("callback_done_at IS NULL")
WAITS = "state NOT IN ('done', 'transferred')"  # for somebody to go on with it, as the partial index says it


class Call(Root, Base):
    """One phone call as CALL-06 to CALL-12 want it kept."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_callback", "callback_done_at", "callback_at"),
        # In the order they were promised, among the open ones alone: PostgreSQL sorts the other index's rows first.
        Index("ix_call_open_callback", "callback_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
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
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
