"""Customers (客戶檔案), their phones, contact persons and search keys."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from crmdesk.model.base import Base, Id, Root, key_type, staff_reference
from crmdesk.model.birthdays import Birthdays, birthday_index, birthday_key_column

_OWNED = text("owner_id IS NOT NULL")


class CustomerKind(StrEnum):
    """What the customer is to the office (CRM, CALL-14)."""

    WHOLESALE = "wholesale"
    FRANCHISE = "franchise"
    ENQUIRER = "enquirer"
    RETAIL = "retail"


class Customer(Birthdays, Root, Base):
    """A person or shop the office deals with."""

    __tablename__ = "customer"
    __table_args__ = (
        # Lists show who was in touch last; filtered by kind or by who looks after them they must not scan the table.
        Index("ix_customer_kind", "kind", "last_contact_at"),
        Index("ix_customer_owner", "owner_id", "last_contact_at", sqlite_where=_OWNED, postgresql_where=_OWNED),
        birthday_index("customer"),
        Index("ix_customer_filled", "filled", "id"),  # the list by how full the archive is
    )
    KIND = "customer"
    QUIET: ClassVar[frozenset[str]] = frozenset({"last_contact_at", "filled", "birthday_key"})

    code: Mapped[str] = mapped_column(key_type(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    gender: Mapped[str] = mapped_column(String(1), default="")
    company: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(12), default=CustomerKind.ENQUIRER)
    grade: Mapped[str] = mapped_column(String(4), default="")
    region: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    likes: Mapped[str] = mapped_column(String(200), default="")
    avoid: Mapped[str] = mapped_column(String(200), default="")
    owner_id: Mapped[int | None] = staff_reference()
    credit_limit: Mapped[Decimal] = mapped_column(default=Decimal(0))
    since: Mapped[date | None]
    birthday: Mapped[str] = mapped_column(String(20), default="")
    birthday_key: Mapped[str] = birthday_key_column()
    note: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    last_contact_at: Mapped[datetime | None] = mapped_column(index=True)
    origin: Mapped[str] = mapped_column(String(12), default="")  # how the office came to know the customer (CRM-11)
    custodian_id: Mapped[int | None] = staff_reference()  # who keeps the file (CRM-32)
    referrer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"), index=True)  # REFER-01
    referral_way: Mapped[str] = mapped_column(String(12), default="")
    referral_note: Mapped[str] = mapped_column(String(200), default="")  # what was observed (REFER-03)
    occupation: Mapped[str] = mapped_column(String(40), default="", index=True)  # REFER-04
    filled: Mapped[int] = mapped_column(default=0)  # per cent of the archive (CRM-20); see services.archive
    core: Mapped[bool] = mapped_column(default=False)  # others follow this person's word (REFER-02)
    may_contact: Mapped[str] = mapped_column(String(8), default="")  # consent: "", "yes", "no", "phone", "mail"
    consent_on: Mapped[date | None]
    care_level: Mapped[str] = mapped_column(String(12), default="", index=True)  # "", "ordinary", "important" (CRM-15)
    merged_into_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"), index=True)

    phones: Mapped[list[CustomerPhone]] = relationship(
        lazy="raise", order_by="CustomerPhone.position", cascade="all, delete-orphan"
    )
    contacts: Mapped[list[Contact]] = relationship(lazy="raise", order_by="Contact.id", cascade="all, delete-orphan")


def _forward(context: Any) -> str:
    return str(context.get_current_parameters()["tail"])[::-1]


class CustomerPhone(Base):
    """A phone number of a customer; ``tail`` is the reversed digits, so any tail is a prefix.

    ``head`` is the digits in their order, for numbers typed from the beginning; it follows ``tail`` by itself.
    """

    __tablename__ = "customer_phone"
    KIND = "customer"
    ROOT = "customer_id"
    QUIET: ClassVar[frozenset[str]] = frozenset({"tail", "head"})

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    number: Mapped[str] = mapped_column(String(40))
    extension: Mapped[str] = mapped_column(String(10), default="")
    label: Mapped[str] = mapped_column(String(20), default="")
    tail: Mapped[str] = mapped_column(key_type(24), index=True)
    head: Mapped[str] = mapped_column(key_type(24), default=_forward, index=True)

    @validates("tail")
    def _head_follows(self, name: str, tail: str) -> str:
        self.head = tail[::-1]
        return tail


class Contact(Birthdays, Base):
    """A person who speaks for the customer (聯絡人)."""

    __tablename__ = "contact"
    __table_args__ = (birthday_index("contact"),)
    KIND = "customer"
    ROOT = "customer_id"
    QUIET: ClassVar[frozenset[str]] = frozenset({"tail", "birthday_key"})

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    tail: Mapped[str] = mapped_column(key_type(24), default="", index=True)
    birthday: Mapped[str] = mapped_column(String(20), default="")
    birthday_key: Mapped[str] = birthday_key_column()
    note: Mapped[str] = mapped_column(String(200), default="")
    gender: Mapped[str] = mapped_column(String(1), default="")
    hobbies: Mapped[str] = mapped_column(String(200), default="")
    relation_grade: Mapped[str] = mapped_column(String(4), default="")  # 關係等級 (CRM-01)
    emergency: Mapped[bool] = mapped_column(default=False)  # to be called in an emergency (CRM-30)
    left_on: Mapped[date | None]  # speaks for the customer no more (CRM-31)


class CustomerKey(Base):
    """One search key of a customer (see ``core.names``); derived, so no foreign key.

    A customer has some twenty-five, so the row is nothing but its index, and an import writes millions of them: a
    second index, or the check of each against the customer, would cost more than all the rest. Customers are never
    deleted; the keys of an old name are found by making them again.
    """

    __tablename__ = "customer_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id = None  # type: ignore[assignment]  # key and customer name the row; a number of its own would double the table
    key: Mapped[str] = mapped_column(key_type(16), primary_key=True)
    customer_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
