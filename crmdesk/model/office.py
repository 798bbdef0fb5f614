"""The office itself: its settings, its counters, and the manager's changes to the regulation's numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Json


class OfficeSetting(Base):
    """One setting of the whole office; names and types are held by ``services.office``."""

    __tablename__ = "office_setting"
    KIND = "office"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[Any] = mapped_column(Json)


class Counter(Base):
    """The last number given out in a series and period; only ``db.numbering`` touches it."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("series", "period"),)

    series: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(20), default="")
    value: Mapped[int] = mapped_column(default=0)


class PolicyOverride(Base):
    """A number of the regulation as the manager set it for this office: who, when, why."""

    __tablename__ = "policy_override"
    __table_args__ = (UniqueConstraint("clause", "name"),)
    KIND = "policy"

    clause: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(Text, default="")
