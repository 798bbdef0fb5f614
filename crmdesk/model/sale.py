"""Sales slips (銷售單), their lines, payments, and the customer's running balance."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crmdesk.model.base import Base, Id, Root, staff_reference


class Sale(Root, Base):
    """A sales slip; the number is taken when it is printed (SET-03), amounts are frozen with it.

    ``total`` and ``pieces`` are what is left after × at packing; ``total + returned`` is what was printed.
    """

    __tablename__ = "sale"
    KIND = "sale"

    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(Id, ForeignKey("visit.id"), index=True)
    clerk_id: Mapped[int] = staff_reference(nullable=False)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    printed_at: Mapped[datetime | None] = mapped_column(index=True)
    paid_at: Mapped[datetime | None]
    currency: Mapped[str] = mapped_column(String(3))
    customer_present: Mapped[bool] = mapped_column(default=True)
    delivery: Mapped[str] = mapped_column(String(40), default="")
    ship_to: Mapped[str] = mapped_column(String(200), default="")
    ship_phone: Mapped[str] = mapped_column(String(40), default="")
    consent_to_print: Mapped[bool] = mapped_column(default=False)
    discount: Mapped[Decimal] = mapped_column(default=Decimal(0))
    freight: Mapped[Decimal] = mapped_column(default=Decimal(0))
    rounding: Mapped[Decimal] = mapped_column(default=Decimal(0))
    subtotal: Mapped[Decimal] = mapped_column(default=Decimal(0))
    total: Mapped[Decimal] = mapped_column(default=Decimal(0))
    previous_balance: Mapped[Decimal] = mapped_column(default=Decimal(0))
    returned: Mapped[Decimal] = mapped_column(default=Decimal(0))  # taken off by × at packing (PACK-04)
    paid: Mapped[Decimal] = mapped_column(default=Decimal(0))
    pieces: Mapped[int] = mapped_column(default=0)
    signed_at: Mapped[datetime | None]  # customer and follower have signed the slip (SET-06)
    signed_by_id: Mapped[int | None] = staff_reference()  # who saw it and ticked it
    remark: Mapped[str] = mapped_column(String(400), default="")
    internal_remark: Mapped[str] = mapped_column(String(400), default="")
    void_reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)

    lines: Mapped[list[SaleLine]] = relationship(
        lazy="raise", order_by="SaleLine.position", cascade="all, delete-orphan"
    )


class SaleLine(Base):
    """One line of a slip; what is printed on it is kept here, whatever the catalogue says later."""

    __tablename__ = "sale_line"
    __table_args__ = (Index("ix_sale_line_item", "item_id", "sale_id"),)
    KIND = "sale"
    ROOT = "sale_id"

    sale_id: Mapped[int] = mapped_column(Id, ForeignKey("sale.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    item_id: Mapped[int | None] = mapped_column(Id, ForeignKey("item.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    area: Mapped[str] = mapped_column(String(10), default="")
    unit: Mapped[str] = mapped_column(String(10), default="")
    quantity: Mapped[int]
    price: Mapped[Decimal]
    percent: Mapped[int | None]  # 95 = the customer pays 95 %; None = full price
    amount: Mapped[Decimal]
    remark: Mapped[str] = mapped_column(String(200), default="")
    tick: Mapped[str] = mapped_column(String(4), default="")  # at packing: ok, x, or not yet
    packed: Mapped[int] = mapped_column(default=0)


class Payment(Base):
    """Money taken for a slip or on account, with what was handed over and given back (SET-07)."""

    __tablename__ = "payment"
    KIND = "sale"
    ROOT = "sale_id"

    sale_id: Mapped[int] = mapped_column(Id, ForeignKey("sale.id"), index=True)
    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    method: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal]
    received: Mapped[Decimal] = mapped_column(default=Decimal(0))
    change: Mapped[Decimal] = mapped_column(default=Decimal(0))
    by_id: Mapped[int] = staff_reference(nullable=False)


class LedgerEntry(Base):
    """What a customer owes more (+) or less (−); the balance is the sum, never a stored figure."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_customer", "customer_id", "amount"),)

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"))
    sale_id: Mapped[int | None] = mapped_column(Id, ForeignKey("sale.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(12))  # opening, sale, return, payment, void
    amount: Mapped[Decimal]
