"""Visits to the showroom (接待) with locker keys and send-off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Root, staff_reference

IN_THE_HOUSE = "{0}state <> 'left'"  # or expected, as the partial index says it
_HERE = text(IN_THE_HOUSE.format(""))
KEY_IS_OUT = text("locker_key IS NOT NULL AND key_returned_at IS NULL")


class Visit(Root, Base):
    """One visit from the door to the send-off (RCPT, SEND)."""

    __tablename__ = "visit"
    __table_args__ = (
        # The database itself keeps one key from being given to two guests (RCPT-04).
        Index("uq_visit_key_out", "locker_key", unique=True, sqlite_where=KEY_IS_OUT, postgresql_where=KEY_IS_OUT),
        Index("ix_visit_here", "state", "arrived_at", sqlite_where=_HERE, postgresql_where=_HERE),
    )
    KIND = "visit"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    customer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    visitor_name: Mapped[str] = mapped_column(String(80))
    party_size: Mapped[int] = mapped_column(default=1)
    visitor_class: Mapped[str] = mapped_column(String(1), default="b")
    purpose: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(40), default="")
    appointment_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None] = mapped_column(index=True)
    greeted_at: Mapped[datetime | None]
    water_at: Mapped[datetime | None]
    locker_key: Mapped[int | None]
    nothing_to_deposit: Mapped[bool] = mapped_column(default=False)
    key_given_at: Mapped[datetime | None]
    key_returned_at: Mapped[datetime | None]
    clerk_id: Mapped[int | None] = staff_reference()
    clerk_accepted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    send_off: Mapped[list[str]] = mapped_column(default=list)  # ticks of the send-off checklist (SEND)
    transport: Mapped[str] = mapped_column(String(20), default="")  # how the guest travels on (SEND-03)
    leave_reason: Mapped[str] = mapped_column(String(200), default="")
    left_at: Mapped[datetime | None] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(20), default="waiting", index=True)
