"""What people do with their reminders: put off for a while, or handed on. The reminders themselves are never stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, staff_reference


class _OfRecord:
    """The row stands in the history of the record it is about, and that record's windows hear of it."""

    kind: str
    record_id: int

    def history_key(self) -> tuple[str, int] | None:
        """Return the record; a chore without one (a backup) keeps no history."""
        return (self.kind, self.record_id) if self.kind else None


class Snooze(_OfRecord, Base):
    """A reminder somebody put off: for himself only, with the reason."""

    __tablename__ = "snooze"
    __table_args__ = (
        UniqueConstraint("user_id", "duty", "row_id"),
        Index("ix_snooze_until", "user_id", "until"),
    )
    ROOT = "record_id"

    user_id: Mapped[int] = mapped_column(Id, ForeignKey("staff.id", ondelete="CASCADE"))
    duty: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int] = mapped_column(Id)  # of the duty's own table
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Id)
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class HandOn(_OfRecord, Base):
    """A reminder that one person handed to another, where the record itself has no owner."""

    __tablename__ = "hand_on"
    __table_args__ = (UniqueConstraint("duty", "row_id"), Index("ix_hand_on_to", "to_id", "duty"))
    ROOT = "record_id"

    duty: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Id)
    to_id: Mapped[int] = staff_reference(nullable=False)
    by_id: Mapped[int | None] = staff_reference()
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
