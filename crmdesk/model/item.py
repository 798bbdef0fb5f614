"""The catalogue (貨號): item codes, areas and prices per kind of customer."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Root, key_type


class Item(Root, Base):
    """Something the office sells; ``code`` is what is scanned at packing."""

    __tablename__ = "item"
    KIND = "item"

    code: Mapped[str] = mapped_column(key_type(40), unique=True)
    barcode: Mapped[str] = mapped_column(key_type(40), default="", index=True)
    name: Mapped[str] = mapped_column(String(120))
    area: Mapped[str] = mapped_column(String(10), default="")
    unit: Mapped[str] = mapped_column(String(10), default="")
    material: Mapped[str] = mapped_column(String(60), default="")
    weight_g: Mapped[Decimal] = mapped_column(default=Decimal(0))
    price_wholesale_a: Mapped[Decimal] = mapped_column(default=Decimal(0))
    price_wholesale_b: Mapped[Decimal] = mapped_column(default=Decimal(0))
    price_wholesale_c: Mapped[Decimal] = mapped_column(default=Decimal(0))
    price_franchise: Mapped[Decimal] = mapped_column(default=Decimal(0))
    price_retail: Mapped[Decimal] = mapped_column(default=Decimal(0))
    active: Mapped[bool] = mapped_column(default=True)
