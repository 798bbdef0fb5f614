"""Letters in and out (來函、發文), and what a quarter's enquiries came to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Root, staff_reference

_UNFILED = text("filed_at IS NULL")


class Letter(Root, Base):
    """A letter, mail or notice in the register: answered, then filed with its month (CALL-21, CALL-23, CRM-33)."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_unfiled", "dated", sqlite_where=_UNFILED, postgresql_where=_UNFILED),)
    KIND = "letter"

    number: Mapped[str] = mapped_column(String(20), unique=True)
    direction: Mapped[str] = mapped_column(String(4), default="in")
    kind: Mapped[str] = mapped_column(String(10), default="letter")  # letter, mail, notice, report
    dated: Mapped[date] = mapped_column(index=True)  # the day it came or went
    party: Mapped[str] = mapped_column(String(10), default="user")  # user, salesman, agent, office, other
    name: Mapped[str] = mapped_column(String(80), default="")
    customer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"), index=True)
    product: Mapped[str] = mapped_column(String(60), default="")
    subject: Mapped[str] = mapped_column(Text)
    opinion: Mapped[str] = mapped_column(Text, default="")  # how it is to be handled
    reply: Mapped[str] = mapped_column(Text, default="")
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = staff_reference()
    delivered_to: Mapped[str] = mapped_column(String(80), default="")  # who took it
    delivered_at: Mapped[datetime | None]
    filed_at: Mapped[datetime | None]
    bound_at: Mapped[datetime | None]  # into the volume of its year
    registered_by_id: Mapped[int] = staff_reference(nullable=False)


class EnquirySummary(Root, Base):
    """What a quarter's enquiries came to, reported to the head, who sets the next notice board (CALL-25, CALL-26)."""

    __tablename__ = "enquiry_summary"
    KIND = "enquiry_summary"

    quarter: Mapped[str] = mapped_column(String(6), unique=True)  # 2026Q3
    text: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None]
    reported_by_id: Mapped[int | None] = staff_reference()
    topics: Mapped[str] = mapped_column(Text, default="")  # of the next quarter's notice board
    topics_at: Mapped[datetime | None]
    topics_by_id: Mapped[int | None] = staff_reference()
