"""Who brought whom (REFER-01 to REFER-04): the tree of introductions, and customers of the same trade."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.model.customer import Customer
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context
from crmdesk.services.records import record_event

MOST = 200
DEEPEST = 12


class Branch(NamedTuple):
    """One customer in a tree of introductions; ``depth`` 0 is where it begins, ``here`` the customer asked about."""

    id: int
    depth: int
    name: str
    code: str
    company: str
    way: str
    core: bool
    here: bool


class Match(NamedTuple):
    """A customer of the same occupation, who might be made acquainted (REFER-04)."""

    id: int
    name: str
    code: str
    company: str
    region: str


_COLUMNS = (
    Customer.id, Customer.name, Customer.code, Customer.company, Customer.referral_way, Customer.core,
    Customer.referrer_id,
)  # fmt: skip


def find_referrals(ctx: Context, customer_id: int, *, limit: int = MOST) -> list[Branch]:
    """Return the tree a customer stands in: from the first who introduced, down to whom the customer brought.

    A statement for each generation, at most ``DEEPEST`` both ways.
    """
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        line = _line_up(session, customer_id)
        found = [
            Branch(row.id, depth, row.name, row.code, row.company, row.referral_way, row.core, row.id == customer_id)
            for depth, row in enumerate(line)
        ]
        return found + _brought(session, customer_id, len(line), limit) if line else []


def _line_up(session: Session, customer_id: int | None) -> list[Any]:
    """Return the customer and who brought whom to us, the first of them first."""
    line: list[Any] = []
    seen: set[int] = set()
    while customer_id is not None and customer_id not in seen and len(line) < DEEPEST:
        seen.add(customer_id)
        row = session.execute(select(*_COLUMNS).where(Customer.id == customer_id)).first()
        if row is None:
            break
        line.insert(0, row)
        customer_id = row.referrer_id
    return line


def _brought(session: Session, customer_id: int, depth: int, limit: int) -> list[Branch]:
    children: dict[int, list[Branch]] = {}
    parents, level, count = [customer_id], depth, 0
    seen = {customer_id}
    while parents and level < depth + DEEPEST and count < limit:
        query = select(*_COLUMNS).where(Customer.referrer_id.in_(parents)).order_by(Customer.id).limit(limit - count)
        rows = [row for row in session.execute(query) if row.id not in seen]
        parents = [row.id for row in rows]
        seen.update(parents)
        count += len(rows)
        for row in rows:
            branch = Branch(row.id, level, row.name, row.code, row.company, row.referral_way, row.core, False)
            children.setdefault(row.referrer_id, []).append(branch)
        level += 1
    return _in_order(children, customer_id)


def _in_order(children: dict[int, list[Branch]], parent: int) -> list[Branch]:
    found: list[Branch] = []
    waiting = list(reversed(children.get(parent, [])))
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        waiting.extend(reversed(children.get(branch.id, [])))
    return found


def name_of(ctx: Context, customer_id: int) -> str:
    """Return a customer as a field shows it: name and code; '' when there is none."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        row = session.execute(select(Customer.name, Customer.code).where(Customer.id == customer_id)).first()
    return f"{row[0]} ({row[1]})" if row is not None else ""


def check_referrer(session: Session, referrer_id: int | None, customer_id: int | None = None) -> None:
    """Refuse who can't have introduced the customer: nobody, the customer, or somebody the customer brought."""
    if referrer_id is None:
        return
    if session.get(Customer, referrer_id) is None:
        raise ValidationError({"referrer_id": _("This customer does not exist any more.")})
    seen: set[int] = set()
    above: int | None = referrer_id
    while above is not None and above not in seen:
        if above == customer_id:
            sentence = _("Nobody is introduced by themselves or by whom they brought.")
            raise ValidationError({"referrer_id": sentence}, clause="REFER-01")
        seen.add(above)
        above = session.scalar(select(Customer.referrer_id).where(Customer.id == above))


def find_same_trade(ctx: Context, customer_id: int, *, limit: int = 20) -> list[Match]:
    """Return active customers of the same occupation, who was in touch last first (REFER-04)."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        customer = session.get(Customer, customer_id)
        if customer is None or not customer.occupation:
            return []
        query = (
            select(Customer.id, Customer.name, Customer.code, Customer.company, Customer.region)
            .where(
                Customer.occupation == customer.occupation, Customer.id != customer_id, Customer.active,
                Customer.merged_into_id.is_(None),
            )
            .order_by(Customer.last_contact_at.desc(), Customer.id)
            .limit(limit)
        )  # fmt: skip
        return [Match(*row) for row in session.execute(query)]


def introduce(ctx: Context, customer_id: int, other_id: int) -> None:
    """Note that two customers were made acquainted; it stands in both time lines (REFER-04)."""
    ctx.require(Right.CUSTOMER_EDIT)
    with ctx.transaction(N_("Make customers acquainted")) as session:
        one, other = session.get(Customer, customer_id), session.get(Customer, other_id)
        if one is None or other is None or one is other:
            raise UserError(_("This customer does not exist any more."))
        for customer, friend in ((one, other), (other, one)):
            record_event(
                session, ctx, customer, "introduced", N_("Made acquainted with {name} ({code})"),
                values={"name": friend.name, "code": friend.code},
            )  # fmt: skip
