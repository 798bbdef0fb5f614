"""Repairs (產品修理) with their photos."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crmdesk.model.base import Base, Id, Root, staff_reference

IN_HAND = "{0}state NOT IN ('picked_up', 'shipped', 'cancelled')"  # not given back yet, as the partial index says it
_HELD = text(IN_HAND.format(""))


class Repair(Root, Base):
    """A piece taken in for repair until it is picked up or shipped (REP)."""

    __tablename__ = "repair"
    __table_args__ = (Index("ix_repair_in_hand", "state", "promised_on", sqlite_where=_HELD, postgresql_where=_HELD),)
    KIND = "repair"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(Id, ForeignKey("call.id"), index=True)  # asked for by phone (CALL-29)
    received_at: Mapped[datetime] = mapped_column(index=True)
    received_by_id: Mapped[int] = staff_reference(nullable=False)
    item_code: Mapped[str] = mapped_column(String(40), default="")
    item_name: Mapped[str] = mapped_column(String(120))
    material: Mapped[str] = mapped_column(String(60), default="")
    weight_g: Mapped[Decimal | None]  # grams, to the hundredth
    stones: Mapped[str] = mapped_column(String(40), default="")
    condition: Mapped[str] = mapped_column(String(200), default="")
    part: Mapped[str] = mapped_column(String(200))
    instruction: Mapped[str] = mapped_column(Text, default="")
    declared_value: Mapped[Decimal] = mapped_column(default=Decimal(0))
    fee_limit: Mapped[Decimal] = mapped_column(default=Decimal(0))
    fee: Mapped[Decimal] = mapped_column(default=Decimal(0))
    outside_cost: Mapped[Decimal] = mapped_column(default=Decimal(0))
    purchase_number: Mapped[str] = mapped_column(String(20), default="")
    bought_on: Mapped[date | None]
    not_thai_silver: Mapped[bool] = mapped_column(default=False)
    told: Mapped[list[str]] = mapped_column(default=list)  # what the customer was told at intake (REP-02 … REP-04)
    route: Mapped[str] = mapped_column(String(8), default="own")  # own workshop or away
    promised_on: Mapped[date | None]
    earliest_on: Mapped[date | None]
    latest_on: Mapped[date | None]
    sent_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    told_ready_at: Mapped[datetime | None]
    carrier: Mapped[str] = mapped_column(String(40), default="")
    waybill: Mapped[str] = mapped_column(String(40), default="")
    closed_at: Mapped[datetime | None]
    internal_note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default="received", index=True)

    photos: Mapped[list[RepairPhoto]] = relationship(
        lazy="raise", order_by="RepairPhoto.id", cascade="all, delete-orphan"
    )


class RepairPhoto(Base):
    """A photo taken at intake (JPEG, already scaled down)."""

    __tablename__ = "repair_photo"
    KIND = "repair"
    ROOT = "repair_id"
    QUIET: ClassVar[frozenset[str]] = frozenset({"data"})

    repair_id: Mapped[int] = mapped_column(Id, ForeignKey("repair.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[datetime]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    ring_x: Mapped[int | None]  # the ring round the damaged part, in thousandths of the picture's width
    ring_y: Mapped[int | None]  # and of its height
