"""The fields of the archive as this office has them: the template, what the manager changed, own fields (CRM-20)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core import birthdays
from crmdesk.core.dates import format_day, parse_day
from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.core.phone import display, parse
from crmdesk.core.text import check_length, clean, clean_lines, half_width
from crmdesk.model.archive import CustomField
from crmdesk.rules.archive import FIELDS, LONGEST, NO, SECTIONS, YES, ArchiveField, with_changes
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context

STEP = 10  # between two fields of the template, so that an own field fits in between


def find_fields(ctx: Context, *, hidden: bool = False) -> tuple[ArchiveField, ...]:
    """Return the fields of the archive in the office's order; ``hidden`` also those the manager took away."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        found = fields_in(session)
    return found if hidden else tuple(field for field in found if not field.hidden)


def fields_in(session: Session) -> tuple[ArchiveField, ...]:
    """Return all fields in the office's order, the hidden ones too; one statement."""
    changed = {row.key: row for row in session.scalars(select(CustomField))}
    sections = list(SECTIONS)
    placed: list[tuple[int, int, ArchiveField]] = []
    for number, field in enumerate(FIELDS):
        row = changed.pop(field.key, None)
        position = (number + 1) * STEP
        if row is not None:
            field = with_changes(
                field, title=row.title, section=row.section, kind=row.kind, hidden=row.hidden, protected=row.protected,
                choices=tuple(row.choices),
            )  # fmt: skip
            position = row.position or position
        placed.append((sections.index(field.section), position, field))
    placed += [(_section(sections, row), row.position, own_field(row)) for row in changed.values() if row.own]
    return tuple(field for _section_, _position, field in sorted(placed, key=lambda entry: entry[:2]))


def _section(sections: list[str], row: CustomField) -> int:
    return sections.index(row.section) if row.section in sections else 0


def own_field(row: CustomField) -> ArchiveField:
    """Return a field of the office's own."""
    return ArchiveField(
        row.key, row.section if row.section in SECTIONS else next(iter(SECTIONS)), row.title, row.kind or "text",
        choices=tuple((text, text) for text in row.choices), protected=row.protected, hidden=row.hidden, own=True,
        clause="CRM-20",
    )  # fmt: skip


def place_of(key: str) -> int:
    """Return where a field of the template stands as long as nobody moved it."""
    return next((number + 1) * STEP for number, field in enumerate(FIELDS) if field.key == key)


def protected_keys(session: Session) -> frozenset[str]:
    """Return the keys of the fields that are shown only to who may see them, the hidden ones too."""
    return frozenset(field.key for field in fields_in(session) if field.protected)


def stored_value(field: ArchiveField, text: str, home: str, today: date) -> str:
    """Return a typed value as it is kept; UserError says what is wrong with it."""
    value = clean_lines(text) if field.kind == "long" else clean(text)
    if not value:
        return ""
    if said := check_length(value, LONGEST.get(field.kind, LONGEST["text"])):
        raise UserError(said)
    if field.kind == "date":
        return format_day(parse_day(value, today))
    if field.kind == "birthday":
        return birthdays.stored(value, home)
    if field.kind == "phone":
        return display(parse(value, home), home)
    if field.kind == "number":
        return _number(value)
    known = {"choice": [key for key, _t in field.choices], "yesno": [YES, NO]}.get(field.kind)
    if known is not None and value not in known:
        raise UserError(_("Please choose from the list."))
    return value


def _number(text: str) -> str:
    try:
        number = Decimal(half_width(text).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10**15:
        raise UserError(_("Please enter a number, e.g. 12 or 3.5."))
    return f"{number:f}"


def value_words(field: ArchiveField, value: str) -> str:
    """Return a kept value as people read it."""
    if field.kind == "choice":
        return field.choice_words(value)
    if field.kind == "yesno":
        return {YES: _("Yes"), NO: _("No")}.get(value, value)
    return birthdays.shown(value) if field.kind == "birthday" else value
