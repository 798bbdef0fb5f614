"""The archive (客戶檔案) beyond the card: fields of the template, family, follows, care, files, views of lists."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from crmdesk.model.base import Base, Id, Json, Root, staff_reference
from crmdesk.model.birthdays import Birthdays, birthday_index, birthday_key_column

_OPEN = text("done_at IS NULL")


class CustomField(Root, Base):
    """What the manager changed about a field of the archive, or a field of the office's own (CRM-20).

    A field of the template (``rules.archive``) needs no row until it is hidden, moved or renamed.
    """

    __tablename__ = "custom_field"
    KIND = "custom_field"

    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(60), default="")  # empty: the template's
    section: Mapped[str] = mapped_column(String(20), default="")
    kind: Mapped[str] = mapped_column(String(12), default="")
    choices: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[bool] = mapped_column(default=False)
    protected: Mapped[bool] = mapped_column(default=False)
    own: Mapped[bool] = mapped_column(default=False)


class CustomerValue(Base):
    """The value of one archive field of a customer, as text; a field taken away keeps its values."""

    __tablename__ = "customer_value"
    __table_args__ = (UniqueConstraint("customer_id", "key"),)
    KIND = "customer"
    ROOT = "customer_id"
    QUIET: ClassVar[frozenset[str]] = frozenset({"customer_id", "key"})

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Text)

    def history_label(self, name: str) -> str:
        """The field it is the value of: so the history knows what to keep closed, whatever becomes of the row."""
        return f"archive.{self.key}"


class Relative(Birthdays, Base):
    """A member of the customer's family (CRM-15, CRM-24)."""

    __tablename__ = "relative"
    __table_args__ = (birthday_index("relative"),)
    KIND = "customer"
    ROOT = "customer_id"
    QUIET: ClassVar[frozenset[str]] = frozenset({"birthday_key"})

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    relation: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80), default="")
    birthday: Mapped[str] = mapped_column(String(20), default="")
    birthday_key: Mapped[str] = birthday_key_column()
    phone: Mapped[str] = mapped_column(String(40), default="")
    greeting: Mapped[str] = mapped_column(String(10), default="")  # phone, flowers, cake
    note: Mapped[str] = mapped_column(String(200), default="")


class Follow(Root, Base):
    """What was written up after following a customer, and handed to the business manager (CRM-01, CRM-06, ORD-13)."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_customer", "customer_id", "at"), Index("ix_follow_by", "by_id", "at"))
    KIND = "follow"

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"))
    visit_id: Mapped[int | None] = mapped_column(Id, ForeignKey("visit.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(Id, ForeignKey("call.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = staff_reference(nullable=False)
    text: Mapped[str] = mapped_column(Text)
    sales: Mapped[str] = mapped_column(Text, default="")  # how the goods sell
    suggestion: Mapped[str] = mapped_column(Text, default="")
    interest: Mapped[str] = mapped_column(String(200), default="")  # what the customer looks for now
    evaluation: Mapped[str] = mapped_column(String(200), default="")  # what the customer thinks of the office
    handed_at: Mapped[datetime | None]
    handed_to_id: Mapped[int | None] = staff_reference()


class Care(Root, Base):
    """Something to think of for a customer: an illness, wanted goods, an event (CRM-05 to CRM-08, CRM-15 to CRM-18)."""

    __tablename__ = "care"
    __table_args__ = (Index("ix_care_due", "on", sqlite_where=_OPEN, postgresql_where=_OPEN),)
    KIND = "care"
    QUIET: ClassVar[frozenset[str]] = frozenset({"text", "result"})  # may tell of health (CRM-32)

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # illness, wanted, event, greeting
    text: Mapped[str] = mapped_column(String(400))
    item_id: Mapped[int | None] = mapped_column(Id, ForeignKey("item.id"), index=True)  # wanted goods
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = staff_reference(nullable=False)
    on: Mapped[date | None]
    arrived_at: Mapped[datetime | None]  # wanted goods are here: the customer is to be told (ORD-08)
    occasion: Mapped[str] = mapped_column(String(60), default="")  # the birthday or festival, with its year
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = staff_reference()
    result: Mapped[str] = mapped_column(String(200), default="")


class Deposit(Root, Base):
    """Money a customer left with the office and gets back (押金, CRM-30)."""

    __tablename__ = "deposit"
    KIND = "deposit"

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = staff_reference(nullable=False)
    amount: Mapped[Decimal]
    purpose: Mapped[str] = mapped_column(String(200), default="")
    returned_at: Mapped[datetime | None]
    returned_by_id: Mapped[int | None] = staff_reference()


class Attachment(Base):
    """A file or photo kept in the database with its record (CRM-30)."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_record", "record_kind", "record_id"),)
    ROOT = "record_id"  # of the kind the row names
    QUIET: ClassVar[frozenset[str]] = frozenset({"thumbnail", "content"})

    record_kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = staff_reference(nullable=False)
    thumbnail: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # JPEG, at most 160 px
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))

    def history_key(self) -> tuple[str, int]:
        """The record it belongs to."""
        return self.record_kind, self.record_id


class SavedView(Base):
    """How a list is shown: columns, order, widths, filter; of one person, or shared (``owner_id`` empty).

    A view without a name is how that person left the list.
    """

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_list", "list_key", "owner_id"),)

    list_key: Mapped[str] = mapped_column(String(30))
    owner_id: Mapped[int | None] = staff_reference()
    name: Mapped[str] = mapped_column(String(60), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
