"""Printed papers as printed, the queue of print jobs, and half-typed forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, key_type


class Paper(Base):
    """A numbered paper exactly as it was printed first: a frozen document that can be printed again."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("kind", "number", "part"), Index("ix_paper_record", "record_kind", "record_id"))

    kind: Mapped[str] = mapped_column(String(24))
    number: Mapped[str] = mapped_column(String(24))
    part: Mapped[int] = mapped_column(default=0)
    bare: Mapped[str] = mapped_column(key_type(24), index=True)  # the number as bars say it, without separators
    record_kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Id)
    language: Mapped[str] = mapped_column(String(8))
    document: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))
    void_at: Mapped[datetime | None]  # from then on every print bears the mark 作廢


class PrintJob(Base):
    """One printing of a paper: waiting until a printer took it, so a failed print is never lost or doubled."""

    __tablename__ = "print_job"

    paper_id: Mapped[int] = mapped_column(Id, ForeignKey("paper.id"), index=True)
    reprint: Mapped[int] = mapped_column(default=0)  # 0 the first printing, then 1, 2, …
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(60))
    station: Mapped[str] = mapped_column(String(60))
    printer: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)  # waiting, printed, kept
    error: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[datetime | None]


class Draft(Base):
    """A half-typed form, offered again after a crash, a power cut or the next phone call."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "kind", "key"),)

    user_id: Mapped[int] = mapped_column(Id, ForeignKey("staff.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(40))
    station: Mapped[str] = mapped_column(String(60))
    saved_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
