"""SQLAlchemy classes, one file per aggregate; importing the package makes every table known."""

from crmdesk.model import (
    call,
    complaint,
    customer,
    history,
    item,
    office,
    packing,
    paper,
    repair,
    sale,
    staff,
    visit,
    working_time,
)
from crmdesk.model.base import Base

__all__ = [
    "Base",
    "call",
    "complaint",
    "customer",
    "history",
    "item",
    "office",
    "packing",
    "paper",
    "repair",
    "sale",
    "staff",
    "visit",
    "working_time",
]
