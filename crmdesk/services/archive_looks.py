"""Looking into the protected fields: each look is written down; who lacks the right asks first (CRM-32, SEC-17)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.approval import Approval
from crmdesk.model.customer import Customer
from crmdesk.model.history import Event
from crmdesk.rules.rights import Right
from crmdesk.services import approval_steps
from crmdesk.services.archive_access import LOOKED, MATTER, looked_today, may_look
from crmdesk.services.context import Context

CLAUSE = "CRM-32"
REASON_LENGTH = 400


class Look(NamedTuple):
    """One look into the protected fields: when (UTC) and who."""

    at: datetime
    by: str


def look(ctx: Context, customer_id: int) -> None:
    """Open the protected fields of a customer for the user, for today; written into the log once a day.

    PermissionDenied without the right and without an approval of today.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        _check(session, ctx, customer_id)
        if looked_today(session, ctx, customer_id):
            return
    with ctx.transaction(N_("Look into the closed fields")) as session:
        _check(session, ctx, customer_id)
        session.add(
            Event(
                at=ctx.clock.now(), user_id=ctx.user.id, user_name=ctx.user.name, station=ctx.station,
                kind=Customer.KIND, record_id=customer_id, action=LOOKED, title=N_("Looked into the closed fields"),
            )  # without the customer's timeline: to look is no contact
        )  # fmt: skip


def _check(session: Session, ctx: Context, customer_id: int) -> None:
    if session.get(Customer, customer_id) is None:
        raise UserError(_("This customer does not exist any more."))
    if not may_look(session, ctx, customer_id):
        denied = PermissionDenied(_("These fields are kept closed. Please ask for a look first."))
        denied.clause = CLAUSE
        raise denied


def find_looks(ctx: Context, customer_id: int, *, limit: int = 50) -> list[Look]:
    """Return who looked into the protected fields of a customer, newest first; for who may look too."""
    ctx.require(Right.CUSTOMER_PRIVATE)
    query = (
        select(Event.at, Event.user_name)
        .where(Event.kind == Customer.KIND, Event.record_id == customer_id, Event.action == LOOKED)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    with ctx.reading() as session:
        return [Look(*row) for row in session.execute(query)]


# asking -------------------------------------------------------------------------------------------------------------


def ask_consult(ctx: Context, customer_id: int, reason: str) -> int:
    """Ask for a look into a customer's protected fields and return the asking's id.

    ValidationError without a reason; UserError for who needs not ask and for what was asked already.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    reason = clean(reason)
    said = check_length(reason, REASON_LENGTH) if reason else _("Please write down the reason.")
    if said:
        raise ValidationError({"reason": said}, clause=CLAUSE)
    with ctx.transaction(N_("Ask for a look into the closed fields")) as session:
        customer = session.get(Customer, customer_id)
        if customer is None:
            raise UserError(_("This customer does not exist any more."))
        if may_look(session, ctx, customer_id):
            raise UserError(_("You may look already."))
        approval = approval_steps.ask(
            session, ctx, MATTER, (Customer.KIND, customer_id), reason=reason,
            title=_("Closed fields of {name} ({code})").format(name=customer.name, code=customer.code),
        )  # fmt: skip
        if approval is None:
            raise UserError(_("The regulation of this office does not say who decides this."), clause=CLAUSE)
        return approval.id


def place(approval: Approval) -> tuple[str, dict[str, Any]]:
    """Return the page and arguments that open the archive asked for."""
    return "customers", {"id": approval.record_id, "tab": "archive"}


def follow(session: Session, ctx: Context, approval: Approval, reason: str) -> None:
    """Nothing moves by itself: who asked opens the fields that day, and that is written down."""
