"""Two people changed one card: what each changed, joined field by field."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from crmdesk.core.dates import format_day
from crmdesk.core.i18n import _
from crmdesk.core.money import format_number
from crmdesk.services.customer_forms import KINDS, CustomerForm

NAMES = tuple(f.name for f in fields(CustomerForm) if f.name not in ("opening_balance", "token"))


@dataclass(frozen=True)
class Merge:
    """The joined form, what the colleague changed, and the fields both changed differently."""

    form: CustomerForm
    theirs: tuple[str, ...]
    both: tuple[str, ...]


def merge(base: CustomerForm, mine: CustomerForm, theirs: CustomerForm) -> Merge:
    """Join two changes of one form: who alone changed a field is followed; where both did, mine stands until chosen."""
    values: dict[str, Any] = {}
    only_theirs: list[str] = []
    both: list[str] = []
    for name in NAMES:
        was, my, their = getattr(base, name), getattr(mine, name), getattr(theirs, name)
        values[name] = my
        if same(my, their) or same(was, their):
            continue
        if same(was, my):
            values[name] = their
            only_theirs.append(name)
        else:
            both.append(name)
    return Merge(replace(mine, **values), tuple(only_theirs), tuple(both))


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same; rows count by what they say, not by where they are kept."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return [replace(entry, id=None) for entry in one] == [replace(entry, id=None) for entry in other]
    return bool(one == other)


def words(name: str, value: Any, staff: dict[int, str]) -> str:
    """Return a field's value in words for the comparison."""
    if name == "kind":
        return _(KINDS.get(value, value))
    if name == "owner_id":
        return staff.get(value, "—")
    if isinstance(value, tuple):
        texts = [[getattr(entry, part, "") for part in ("number", "name", "phone")] for entry in value]
        return "、".join(" ".join(part for part in parts if part) for parts in texts) or "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return format_number(value, 0)
    if isinstance(value, date):
        return format_day(value)
    return str(value) if value else "—"
