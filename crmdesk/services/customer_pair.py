"""Two cards side by side before they are merged: what each holds, and how much hangs on it."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_
from crmdesk.rules.rights import Right
from crmdesk.services.archive import Archive, get_archive
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard, get_customer
from crmdesk.services.customer_forms import CustomerForm
from crmdesk.services.customer_merge import BOTH, FIELDS, GONE, JOINED, KEPT, links

#: What is counted of each card, in the words of the window.
COUNTED: dict[str, str] = {
    "call": N_("Calls"),
    "visit": N_("Visits"),
    "sale": N_("Slips"),
    "repair": N_("Repairs"),
    "complaint": N_("Complaints"),
}


class Side(NamedTuple):
    """One of two cards; ``linked`` says how many records of the counted kinds hang on it."""

    card: CustomerCard
    archive: Archive
    linked: dict[str, int]

    @property
    def form(self) -> CustomerForm:
        """Return the card with what is open of its archive."""
        return self.archive.on(self.card.form)


def get_pair(ctx: Context, kept_id: int, gone_id: int) -> tuple[Side, Side]:
    """Return two cards to be put side by side; UserError when one does not exist."""
    ctx.require(Right.CUSTOMER_EDIT)
    cards = [get_customer(ctx, one) for one in (kept_id, gone_id)]
    archives = [get_archive(ctx, card.id) for card in cards]
    with ctx.reading() as session:
        linked = [_linked(session, card.id) for card in cards]
    first, second = (Side(*parts) for parts in zip(cards, archives, linked, strict=True))
    return first, second


def _linked(session: Session, customer_id: int) -> dict[str, int]:
    counted = [
        select(literal(link.table.name), func.count()).select_from(link.table).where(link.of(customer_id))
        for link in links()
        if link.table.name in COUNTED and not link.kind
    ]
    return {row[0]: row[1] for row in session.execute(union_all(*counted)) if row[1]}


def differing(kept: CustomerForm, gone: CustomerForm) -> list[str]:
    """Return the fields in which two cards differ, in the form's order; of the archive only what both have open."""
    names = [name for name in FIELDS if getattr(kept, name) != getattr(gone, name) and getattr(gone, name)]
    mine, theirs = kept.archive or {}, gone.archive or {}
    return names + [f"archive.{key}" for key, text in theirs.items() if mine.get(key) and text != mine[key]]


def suggest(kept: CustomerForm, gone: CustomerForm) -> dict[str, str]:
    """Return the likeliest choice for each field that differs: nothing that only one of them has is lost."""
    return {name: _likely(name, kept, gone) for name in differing(kept, gone)}


def _likely(name: str, kept: CustomerForm, gone: CustomerForm) -> str:
    if name.startswith("archive."):
        return KEPT
    if not getattr(kept, name):
        return GONE
    return BOTH if name in JOINED else KEPT


def allowed(name: str) -> tuple[str, ...]:
    """Return what may be chosen for a field."""
    return (KEPT, BOTH, GONE) if name in JOINED else (KEPT, GONE)
