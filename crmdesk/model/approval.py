"""Approvals (核決, 簽核): what somebody asked for, the levels that decided it, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Root, staff_reference

_WAITS = text("state = 'waiting'")
_IS_OUT = text("term_on IS NOT NULL")


class Approval(Root, Base):
    """Something that waits for a decision, or was decided; the way it takes is kept as it was when it was asked.

    It names the record it is about by kind and id and knows nothing else of it. A record has one asking of a matter
    at a time: the index is the net under two who ask in the same moment.
    """

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_record", "record_kind", "record_id"),
        Index("ix_approval_asked", "asked_by_id", "asked_at"),
        Index(
            "uq_approval_waiting", "record_kind", "record_id", "matter", unique=True, sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        Index("ix_approval_term", "term_on", sqlite_where=_IS_OUT, postgresql_where=_IS_OUT),
    )  # fmt: skip
    KIND = "approval"

    matter: Mapped[str] = mapped_column(String(24))
    record_kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Id)
    title: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    amount: Mapped[Decimal | None]
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the desk keeps with it: receiver, until when
    route: Mapped[dict[str, Any]]
    level: Mapped[int] = mapped_column(default=0)  # where it lies, the lowest of several
    state: Mapped[str] = mapped_column(String(12), default="waiting", index=True)
    asked_by_id: Mapped[int] = staff_reference(nullable=False)
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    term_on: Mapped[date | None]  # the last day of use of what it let out; None: nothing is out, or it came back


class ApprovalStep(Base):
    """One level that has to decide, or has decided: who, for whom, when, why."""

    __tablename__ = "approval_step"
    __table_args__ = (Index("ix_approval_step_role", "decision", "role"),)
    KIND = "approval"
    ROOT = "approval_id"

    approval_id: Mapped[int] = mapped_column(Id, ForeignKey("approval.id", ondelete="CASCADE"), index=True)
    level: Mapped[int]
    role: Mapped[str] = mapped_column(String(16))
    decision: Mapped[str] = mapped_column(String(12), default="waiting")  # waiting, approved, refused, dropped
    by_id: Mapped[int | None] = staff_reference()
    for_id: Mapped[int | None] = staff_reference()  # the one away whose place was taken
    at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class StandIn(Base):
    """Days on which somebody is away and a colleague decides in his place."""

    __tablename__ = "stand_in"
    KIND = "staff"
    ROOT = "staff_id"

    staff_id: Mapped[int] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    stand_in_id: Mapped[int] = staff_reference(nullable=False)
    from_on: Mapped[date]
    until_on: Mapped[date] = mapped_column(index=True)
