"""The customers' list as data: what it always shows, which columns more are offered, and a row of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from crmdesk.core.dates import format_day_short
from crmdesk.core.i18n import N_, _
from crmdesk.core.money import format_number
from crmdesk.rules.archive import ArchiveField
from crmdesk.services import exports
from crmdesk.services.customer_forms import FIELD_TITLES, kind_title
from crmdesk.services.customer_lists import ARCHIVE, EVERYBODY, ListedCustomer, find_chosen, find_list, list_fields
from crmdesk.services.exports import ListSheet
from crmdesk.ui.widgets.list_view_tools import ListSource, make_sheet
from crmdesk.ui.widgets.pill import KIND_TONES
from crmdesk.ui.widgets.rows_model import Column

_T = FIELD_TITLES
TITLE = N_("Customers")
COLUMNS = (
    Column("name", N_("Name / shop"), stretch=True, bold=True, second="company", second_title=_T["company"]),
    Column("kind", N_("Kind"), 98, kind="pill", tone="kind_tone"),
    Column("phone", N_("Phone"), 128, kind="phone"),
    Column("region", N_("Region"), 66, most=124),
    Column("last_words", N_("Last"), 62, plain="last"),
    Column("balance_words", N_("Balance"), 104, align="right", tone="balance_tone", bold=True, plain="balance",
           most=132),
    Column("owner", N_("In charge"), 78),
    Column("code", _T["code"], 84, extra=True),
    Column("filled", N_("How complete"), 110, kind="percent", extra=True),
    Column("grade", _T["grade"], 62, extra=True),
    Column("gender", _T["gender"], 74, extra=True),
    Column("address", _T["address"], 180, extra=True),
    Column("origin", _T["origin"], 96, extra=True),
    Column("occupation", _T["occupation"], 96, extra=True),
    Column("care_level", _T["care_level"], 86, extra=True),
    Column("custodian", _T["custodian_id"], 86, extra=True),
    Column("may_contact", _T["may_contact"], 110, extra=True),
    Column("core", N_("Core person"), 86, extra=True),
    Column("since", _T["since"], 104, kind="day", extra=True),
    Column("birthday", _T["birthday"], 104, extra=True),
    Column("likes", _T["likes"], 140, extra=True),
    Column("avoid", _T["avoid"], 140, extra=True),
    Column("created_at", N_("Card made"), 140, kind="moment", extra=True),
)  # fmt: skip
_SOURCE = {"last_words": "last_contact_at", "balance_words": "balance"}  # what the database calls them


class Line(NamedTuple):
    """A customer in the list; ``more`` holds the further columns by their key."""

    id: int
    name: str
    company: str
    kind: str
    kind_tone: str
    phone: str
    region: str
    last: datetime | None
    last_words: str
    balance: Decimal | None
    balance_words: str
    balance_tone: str
    owner: str
    more: Mapping[str, Any]


def columns_for(ctx: Any) -> tuple[Column, ...]:
    """Return all columns the list offers, with the fields of the archive as this office has them."""
    return (*COLUMNS, *(_archive_column(field) for field in list_fields(ctx)))


def _archive_column(field: ArchiveField) -> Column:
    return Column(ARCHIVE + field.key, field.title, 120, extra=True)


def asked(keys: Collection[str]) -> list[str]:
    """Return which of the columns must be read besides what the list always has."""
    always = {column.key for column in COLUMNS if not column.extra}
    return [key for key in keys if key not in always]


def sort_for(sort: tuple[str, bool] | None) -> tuple[str, bool] | None:
    """Return a sort as the database knows it."""
    return (_SOURCE.get(sort[0], sort[0]), sort[1]) if sort is not None else None


def line_of(ctx: Any, listed: ListedCustomer) -> Line:
    """Return a customer as the list shows it."""
    customer = listed.row
    last = ctx.clock.local(customer.last_contact_at) if customer.last_contact_at else None
    over = customer.credit_limit > 0 and customer.balance > customer.credit_limit
    words = format_number(customer.balance, 0) if customer.balance else ""
    if last is None:
        last_words = ""
    elif last.year == ctx.clock.today().year:
        last_words = format_day_short(last.date())
    else:
        last_words = f"{last.year}/{last.month}"
    if over:
        words = _("over · {amount}").format(amount=words)
    return Line(
        customer.id, customer.name, customer.company, kind_title(customer.kind, customer.grade),
        KIND_TONES.get(customer.kind, "neutral"), customer.phone, customer.region, last, last_words,
        customer.balance, words, "danger" if over else "", customer.owner, listed.more,
    )  # fmt: skip


def collect(
    ctx: Any, find: Mapping[str, Any], columns: Sequence[Column], protected: bool, ids: Sequence[int]
) -> ListSheet:
    """Return all customers a search or filter finds (or those of the ids) as a sheet, for export and paper."""
    more = asked([column.key for column in columns])
    found = find_chosen(ctx, ids, more=more) if ids else find_list(ctx, **find, more=more, limit=EVERYBODY)
    fields: tuple[ArchiveField, ...] = exports.protected_fields(ctx) if protected else ()
    if fields:
        found = exports.with_protected(ctx, found, [field.key for field in fields])
    wanted = [*columns, *(_archive_column(field) for field in fields)]
    if not any(column.key == "code" for column in columns):
        wanted.insert(0, Column("code", _T["code"]))
        found = [ListedCustomer(entry.row, {**entry.more, "code": entry.row.code}) for entry in found]
    lines = [line_of(ctx, entry) for entry in found]
    return make_sheet(ListSource("customers", TITLE), wanted, lines, [field.name for field in fields])
