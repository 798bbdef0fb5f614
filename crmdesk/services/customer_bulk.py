"""One change for many customers at once: one transaction, a line of history for each; taken back within minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.model.customer import Customer
from crmdesk.model.staff import StaffMember
from crmdesk.rules.archive import CARE_LEVELS
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import FIELD_TITLES, KINDS
from crmdesk.services.undo import MINUTES

MOST = 5000  # customers changed by one step
_PART = 500
#: What may be set for many at once, and how it is called.
FIELDS: Mapping[str, str] = {
    name: FIELD_TITLES[name] for name in ("owner_id", "kind", "care_level", "custodian_id", "active")
}
_CHOICES: Mapping[str, Mapping[str, str]] = {"kind": KINDS, "care_level": CARE_LEVELS}


@dataclass(frozen=True)
class BulkChange:
    """What one step changed: the field, the value it has now, and what each customer had before; ``at`` in UTC."""

    field: str
    value: Any
    before: Mapping[int, Any]
    at: datetime

    @property
    def count(self) -> int:
        """How many customers were changed; who had the value already is none of them."""
        return len(self.before)


def change_customers(ctx: Context, ids: Sequence[int], field: str, value: Any) -> BulkChange:
    """Set one field of these customers, all or none, and return what is needed to take it back.

    UserError for a field or value that can't be set so, and for too many customers.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    if len(ids) > MOST:
        raise UserError(_("At most {count} customers can be changed at once.").format(count=MOST))
    with ctx.transaction(N_("Change several customers")) as session:
        _check(session, field, value)
        before: dict[int, Any] = {}
        for customer in _load(session, ids):
            known = getattr(customer, field)
            if known != value:
                before[customer.id] = known
                setattr(customer, field, value)
        return BulkChange(field, value, before, ctx.clock.now())


def take_back(ctx: Context, change: BulkChange) -> int:
    """Give each customer the former value again and return how many; who was changed since keeps the newer one.

    UserError when it is too late.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    if ctx.clock.now() > change.at + timedelta(minutes=MINUTES):
        raise UserError(_("A step can be taken back for {count} minutes only.").format(count=MINUTES))
    if change.field not in FIELDS:
        raise UserError(_("This can't be set for several customers at once."))
    done = 0
    with ctx.transaction(N_("Take back a change of several customers")) as session:
        for customer in _load(session, list(change.before)):
            if getattr(customer, change.field) == change.value:
                setattr(customer, change.field, change.before[customer.id])
                done += 1
    return done


def _load(session: Session, ids: Sequence[int]) -> list[Customer]:
    found: list[Customer] = []
    for start in range(0, len(ids), _PART):
        found += session.scalars(select(Customer).where(Customer.id.in_(ids[start : start + _PART])))
    return found


def _check(session: Session, field: str, value: Any) -> None:
    if field not in FIELDS:
        raise UserError(_("This can't be set for several customers at once."))
    if field in ("owner_id", "custodian_id"):
        good = value is None or (isinstance(value, int) and session.get(StaffMember, value) is not None)
    elif field == "active":
        good = isinstance(value, bool)
    else:
        good = value in _CHOICES[field]
    if not good:
        raise UserError(_("Please choose from the list."))
