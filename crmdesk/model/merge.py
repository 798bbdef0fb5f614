"""Two customers that were one (併檔): what was moved, so that it can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from crmdesk.model.base import Base, Id, Json, staff_reference

#: Marks a reference to a customer that a merge leaves alone: it tells of the merge itself.
STAYS = "stays"


class CustomerMerge(Base):
    """One merge: ``kept_id`` took ``gone_id`` in.

    ``moved`` holds ids by "table.column", ``before`` what stood in the fields of the survivor and ``after`` what was
    written, ``gone`` what stood in the other.
    """

    __tablename__ = "customer_merge"

    kept_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"), index=True, info={STAYS: True})
    gone_id: Mapped[int] = mapped_column(Id, ForeignKey("customer.id"), index=True, info={STAYS: True})
    at: Mapped[datetime]
    by_id: Mapped[int] = staff_reference(nullable=False)
    moved: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    gone: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    undone_at: Mapped[datetime | None]
