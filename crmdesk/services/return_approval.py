"""The return slip (PACK-04, RET-05): handler and customer sign the paper, the department manager decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_, _
from crmdesk.model.approval import Approval
from crmdesk.model.packing import Packing
from crmdesk.model.sale import Sale
from crmdesk.rules.approvals import ON_PAPER
from crmdesk.rules.packing import RETURN_SIGNATURES
from crmdesk.services import approval_steps
from crmdesk.services.context import Context
from crmdesk.services.packing_sheet import RETURN_TICK
from crmdesk.services.papers import void_papers
from crmdesk.services.records import record_event, touch

MATTER = "return_slip"


def place(approval: Approval) -> tuple[str, dict[str, Any]]:
    """Return the page and arguments that open the slip."""
    return "sales", {"id": approval.terms["sale"]}


def ask(session: Session, ctx: Context, packing: Packing, sale: Sale, total: Decimal) -> None:
    """Ask for the signatures of a return slip that is being printed; nothing where the office needs none."""
    approval_steps.ask(
        session, ctx, MATTER, (packing.KIND, packing.id), amount=total,
        title=_("Return slip {number} of {sale}").format(number=packing.return_number, sale=sale.number),
        terms={"number": packing.return_number, "sale": sale.id},
    )  # fmt: skip


def drop(session: Session, ctx: Context, packing: Packing) -> None:
    """Forget the signatures of a return slip that is void."""
    approval = approval_steps.waiting_for(session, MATTER, packing.KIND, packing.id)
    if approval is not None:
        approval_steps.drop(session, ctx, approval)


def sign(session: Session, ctx: Context, packing: Packing, who: str, *, on: bool) -> None:
    """Note that ``who`` has signed, or take it back; the manager's own decision needs the role.

    UserError or PermissionDenied, with who may sign now. A return slip that was printed before the program asked for
    its signatures is signed on paper only.
    """
    approval = _of(session, packing)
    if approval is None:
        return
    if who in ON_PAPER or not on:
        approval_steps.sign(session, ctx, approval, who, on=on)
    else:
        approval_steps.decide(session, ctx, approval, agree=True)


def _of(session: Session, packing: Packing) -> Approval | None:
    query = select(Approval).where(
        Approval.record_kind == packing.KIND, Approval.record_id == packing.id, Approval.matter == MATTER
    )  # fmt: skip
    last = session.scalars(query.order_by(Approval.id.desc()).limit(1)).first()
    return last if last is not None and last.terms.get("number") == packing.return_number else None


def follow(session: Session, ctx: Context, approval: Approval, reason: str) -> None:
    """Note the signature of who decided at the packing; a refused return slip is void."""
    packing = session.get(Packing, approval.record_id)
    if packing is None or packing.return_number != approval.terms.get("number"):
        return
    sale = session.get_one(Sale, packing.sale_id)
    if approval.state in ("refused", "withdrawn"):
        void_papers(session, ctx, sale, kind=MATTER, number=packing.return_number)
        title = (
            N_("Return slip {number} rejected") if approval.state == "refused" else N_("Return slip {number} withdrawn")
        )
        record_event(session, ctx, sale, "return_refused", title, values={"number": packing.return_number}, note=reason)
        packing.return_number = ""
        packing.ticks = [key for key in packing.ticks if not key.startswith(RETURN_TICK)]
    else:
        signed = {
            f"{RETURN_TICK}{step.role}" for step in approval_steps.steps_of(session, approval.id)
            if step.decision == "approved" and step.role in RETURN_SIGNATURES
        }  # fmt: skip
        packing.ticks = [*packing.ticks, *sorted(signed - set(packing.ticks))]
    touch(packing)
