"""The links of archive work for one customer: collected, sorted, filed, kept, used (CRM-29); computed, never stored."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from crmdesk.core.dates import format_day_short
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.model.archive import Follow
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.model.staff import StaffMember
from crmdesk.rules.rights import Right
from crmdesk.services.archive_access import LOOKED
from crmdesk.services.care import TIDIED, TIDY_KIND
from crmdesk.services.context import Context


class Link(NamedTuple):
    """One link: its name as a source text, whether it holds, and what is known of it in words."""

    name: str
    done: bool
    detail: str


def find_links(ctx: Context, customer_id: int, *, filled: int, total: int) -> tuple[Link, ...]:
    """Return how far the file of a customer is, in the order of the clause.

    Collected is what is filled in, sorted when the archive was gone through since the card exists, filed by its
    number, kept by the person named for it, used when somebody last wrote a follow-up or looked into it.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    tidied = select(func.max(Event.at)).where(Event.kind == TIDY_KIND, Event.record_id == 0, Event.action == TIDIED)
    looked = select(func.max(Event.at)).where(
        Event.kind == Customer.KIND, Event.record_id == customer_id, Event.action == LOOKED
    )
    followed = select(func.max(Follow.at)).where(Follow.customer_id == customer_id)
    keeper = select(StaffMember.name).where(StaffMember.id == Customer.custodian_id)
    query = select(
        Customer.code, Customer.created_at, keeper.scalar_subquery(), tidied.scalar_subquery(),
        looked.scalar_subquery(), followed.scalar_subquery(),
    ).where(Customer.id == customer_id)  # fmt: skip
    with ctx.reading() as session:
        row = session.execute(query).first()
    if row is None:
        raise UserError(_("This customer does not exist any more."))
    code, made, custodian, gone_through, *uses = row
    used = max((at for at in uses if at is not None), default=None)
    in_order = gone_through is not None and gone_through >= made
    return (
        Link(N_("Collected"), filled > 0, f"{filled} / {total}"),
        Link(N_("Sorted"), in_order, format_day_short(ctx.clock.local(gone_through).date()) if in_order else ""),
        Link(N_("Filed"), bool(code), code),
        Link(N_("Looked after"), bool(custodian), custodian or ""),
        Link(N_("Used"), used is not None, format_day_short(ctx.clock.local(used).date()) if used else ""),
    )
