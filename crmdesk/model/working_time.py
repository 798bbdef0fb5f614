"""What the office says about its time: days of its own over the public holidays, and clocks that stand still."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, staff_reference


class OwnDay(Base):
    """A day on which the office keeps other hours than its week and the public holidays say; no hours = closed."""

    __tablename__ = "own_day"
    KIND = "own_day"

    day: Mapped[date] = mapped_column(unique=True)
    windows: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(80), default="")
    by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class DeadlinePause(Base):
    """A time in which a record's deadlines stand still: why, until when at least, and who stopped them.

    The rows belong to the record they stop: they stand in its history, and its windows hear of them.
    """

    __tablename__ = "pause"
    __table_args__ = (
        Index("ix_pause_record", "kind", "record_id"),
        Index("ix_pause_review", "ended_at", "review_at"),
    )
    ROOT = "record_id"

    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(120))  # of the record, so that a review names it without its table
    customer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(400))
    review_at: Mapped[datetime]
    by_id: Mapped[int | None] = staff_reference()
    by: Mapped[str] = mapped_column(String(60))
    ended_by: Mapped[str] = mapped_column(String(60), default="")

    def history_key(self) -> tuple[str, int]:
        """Return the record whose clock stands."""
        return self.kind, self.record_id
