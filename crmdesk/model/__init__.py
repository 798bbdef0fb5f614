"""SQLAlchemy classes, one file per aggregate; importing the package makes every table known."""

from crmdesk.model import (
    approval,
    archive,
    call,
    checklist,
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
    today,
    visit,
    working_time,
)
from crmdesk.model.base import Base

__all__ = [
    "Base",
    "approval",
    "archive",
    "call",
    "checklist",
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
    "today",
    "visit",
    "working_time",
]
