"""The list of slips as data: the open ones, the paid ones, or all."""

from __future__ import annotations

from typing import Any, NamedTuple

from crmdesk.core.i18n import N_, ngettext
from crmdesk.services import sales
from crmdesk.services.context import Context
from crmdesk.services.sale_lists import SaleRow
from crmdesk.ui.sales.side_panel import money
from crmdesk.ui.widgets import Column, ListSpec

COLUMNS = (
    Column("number", N_("Number"), 120, bold=True),
    Column("opened", N_("Opened"), 140, kind="moment"),
    Column("customer", N_("Customer"), stretch=True, bold=True, second="company"),
    Column("pieces", N_("Pieces"), 80, kind="number"),
    Column("total", N_("Total"), 110, kind="money", bold=True, format=money),
    Column("paid", N_("Paid"), 110, kind="money", format=money),
    Column("state_title", N_("State"), 110, kind="pill", tone="tone"),
    Column("clerk", N_("Clerk"), 100),
)


class Line(NamedTuple):
    """A slip as the list shows it, times local."""

    id: int
    number: str
    opened: Any
    customer: str
    company: str
    pieces: int
    total: Any
    paid: Any
    state_title: str
    tone: str
    clerk: str


def _find(ctx: Context, text: str, *, show: str, **how: Any) -> list[SaleRow]:
    return sales.find_sales(ctx, text, state=None if show == "all" else show, **how)


def _line(ctx: Context, sale: SaleRow) -> Line:
    return Line(
        sale.id, sale.number, ctx.clock.local(sale.opened_at), sale.customer, sale.company, sale.pieces, sale.total,
        sale.paid, sale.state_title, sale.tone, sale.clerk,
    )  # fmt: skip


def _count(count: int) -> str:
    return ngettext("{count} slip", "{count} slips", count).format(count=count)


LIST = ListSpec(
    name="sales", title=N_("Sales"), columns=COLUMNS,
    filters={"open": N_("Not settled"), "paid": N_("Paid"), "all": N_("All")}, which=N_("Which slips"), first="open",
    find=_find, line=_line, count=_count, placeholder=N_("Number, name or phone"),
    empty=N_("No sales slips here yet."), first_step=N_("New slip"), new=N_("New slip"), new_key="F9",
)  # fmt: skip
