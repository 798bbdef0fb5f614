"""What happened and what was changed: the event log of all desks, and the field-by-field history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Json


class Event(Base):
    """Something that happened with a record: a transition, a note, a paper printed.

    The same rows are the case's story, the customer's timeline and the log deadlines are computed from.
    ``title`` is a source text with ``{named}`` fields filled from ``values`` when shown.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_record", "kind", "record_id", "id"),
        Index("ix_event_customer", "customer_id", "at"),
    )

    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(Id)
    user_name: Mapped[str] = mapped_column(String(60))
    station: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Id)
    customer_id: Mapped[int | None] = mapped_column(Id, ForeignKey("customer.id"))
    action: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str] = mapped_column(String(40), default="")
    to_state: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(Text, default="")


HAS_TOKEN = text("token IS NOT NULL")


class HistoryEntry(Base):
    """One record changed in one transaction: the sentence of the transaction and each field before and after.

    ``token`` is that of the form it was written from: the same form is never written a second time.
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_record", "kind", "record_id", "id"),
        Index("uq_history_token", "token", unique=True, sqlite_where=HAS_TOKEN, postgresql_where=HAS_TOKEN),
    )

    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(Id)
    user_name: Mapped[str] = mapped_column(String(60))
    station: Mapped[str] = mapped_column(String(60))
    sentence: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(Id)
    operation: Mapped[str] = mapped_column(String(10))
    changes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    token: Mapped[str | None] = mapped_column(String(32))
