"""Packing (點貨包裝): one packing per slip, its scans and its cartons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crmdesk.model.base import Base, Id, Root, staff_reference


class Packing(Root, Base):
    """The counting and packing of one slip (PACK-01 to PACK-14)."""

    __tablename__ = "packing"
    KIND = "packing"

    sale_id: Mapped[int] = mapped_column(Id, ForeignKey("sale.id"), unique=True)
    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    customer_present: Mapped[bool] = mapped_column(default=True)
    counter_id: Mapped[int] = staff_reference(nullable=False)
    second_id: Mapped[int | None] = staff_reference()
    second_at: Mapped[datetime | None]
    started_at: Mapped[datetime] = mapped_column(index=True)
    packed_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    ticks: Mapped[list[str]] = mapped_column(default=list)  # protection, lid copy, seal signed …
    return_number: Mapped[str] = mapped_column(String(20), default="")  # of the return slip that is in force
    state: Mapped[str] = mapped_column(String(20), default="packing", index=True)

    cartons: Mapped[list[Carton]] = relationship(lazy="raise", order_by="Carton.position", cascade="all, delete-orphan")


class PackingReturn(Base):
    """Pieces crossed out on the slip while counting: not wanted or faulty, for the return slip (PACK-04)."""

    __tablename__ = "packing_return"
    KIND = "packing"
    ROOT = "packing_id"

    packing_id: Mapped[int] = mapped_column(Id, ForeignKey("packing.id", ondelete="CASCADE"), index=True)
    line_id: Mapped[int] = mapped_column(Id, ForeignKey("sale_line.id"), index=True)
    quantity: Mapped[int]
    reason: Mapped[str] = mapped_column(String(12))  # unwanted, faulty
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = staff_reference(nullable=False)


class Carton(Base):
    """Carton n of N with its weight; its contents are the scans that went into it."""

    __tablename__ = "carton"
    __table_args__ = (UniqueConstraint("packing_id", "position"),)
    KIND = "packing"
    ROOT = "packing_id"

    packing_id: Mapped[int] = mapped_column(Id, ForeignKey("packing.id", ondelete="CASCADE"))
    position: Mapped[int]
    weight_g: Mapped[int] = mapped_column(default=0)
    carrier: Mapped[str] = mapped_column(String(40), default="")
    waybill: Mapped[str] = mapped_column(String(40), default="")
    sealed_at: Mapped[datetime | None]


class PackingScan(Base):
    """One scan at the packing station, right or wrong; counting one, packing one, ticking one (PACK-03)."""

    __tablename__ = "packing_scan"

    packing_id: Mapped[int] = mapped_column(Id, ForeignKey("packing.id", ondelete="CASCADE"), index=True)
    carton_id: Mapped[int | None] = mapped_column(Id, ForeignKey("carton.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(Id, ForeignKey("sale_line.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int] = staff_reference(nullable=False)
    code: Mapped[str] = mapped_column(String(80))
    quantity: Mapped[int] = mapped_column(default=1)
    wrong: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[str] = mapped_column(String(12), default="ok")  # ok, wrong, too_many, crossed, unknown
    acknowledged_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
