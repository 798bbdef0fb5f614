"""Two people changed one card: what each changed, joined field by field."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from crmdesk.core import birthdays
from crmdesk.core.dates import format_day
from crmdesk.core.i18n import _
from crmdesk.core.money import format_number
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, ORIGINS, REFERRAL_WAYS, ArchiveField
from crmdesk.services.archive_fields import value_words
from crmdesk.services.customer_forms import GENDERS, KINDS, CustomerForm

ARCHIVE = "archive"
NAMES = tuple(f.name for f in fields(CustomerForm) if f.name not in ("opening_balance", "token", ARCHIVE))
_CHOICES = {
    "kind": KINDS, "gender": GENDERS, "origin": ORIGINS, "care_level": CARE_LEVELS, "may_contact": CONSENTS,
    "referral_way": REFERRAL_WAYS,
}  # fmt: skip


@dataclass(frozen=True)
class Merge:
    """The joined form, what the colleague changed, and the fields both changed differently."""

    form: CustomerForm
    theirs: tuple[str, ...]
    both: tuple[str, ...]


def held(form: CustomerForm) -> dict[str, Any]:
    """Return what a form holds by field, each value of the archive by its own name; what was not open is not there."""
    values = {name: getattr(form, name) for name in NAMES if name != "relatives" or form.relatives is not None}
    return values | {f"{ARCHIVE}.{key}": text for key, text in (form.archive or {}).items()}


def with_held(form: CustomerForm, values: dict[str, Any]) -> CustomerForm:
    """Return a form with these fields, named as ``held`` names them."""
    own = {name.partition(".")[2]: text or "" for name, text in values.items() if name.startswith(f"{ARCHIVE}.")}
    plain = {name: value for name, value in values.items() if name in NAMES}
    return replace(form, **plain, archive={**form.archive, **own} if form.archive is not None else form.archive)


def merge(base: CustomerForm, mine: CustomerForm, theirs: CustomerForm) -> Merge:
    """Join two changes of one form: who alone changed a field is followed; where both did, mine stands until chosen."""
    values: dict[str, Any] = {}
    only_theirs: list[str] = []
    both: list[str] = []
    old, ours, others = held(base), held(mine), held(theirs)
    for name, my in ours.items():
        was, their = old.get(name, ""), others.get(name, "")
        values[name] = my
        if same(my, their) or same(was, their):
            continue
        if same(was, my):
            values[name] = their
            only_theirs.append(name)
        else:
            both.append(name)
    return Merge(with_held(mine, values), tuple(only_theirs), tuple(both))


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same; rows count by what they say, not by where they are kept."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return [replace(entry, id=None) for entry in one] == [replace(entry, id=None) for entry in other]
    return bool(one == other)


def words(name: str, value: Any, staff: dict[int, str], field: ArchiveField | None = None) -> str:
    """Return a field's value in words for the comparison; ``field`` is the one of the archive."""
    if field is not None and value:
        return value_words(field, str(value))
    choices = _CHOICES.get(name)
    if choices is not None:
        return _(choices.get(value, value)) if value else "—"
    if name == "birthday":
        return birthdays.shown(value) or "—"
    if name in ("owner_id", "custodian_id"):
        return staff.get(value, "—")
    if isinstance(value, tuple):
        texts = [[getattr(entry, part, "") for part in ("number", "relation", "name", "phone")] for entry in value]
        return "、".join(" ".join(part for part in parts if part) for parts in texts) or "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return format_number(value, 0)
    if isinstance(value, date):
        return format_day(value)
    return str(value) if value else "—"
