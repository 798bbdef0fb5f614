"""The customer's archive (客戶檔案): its values and family, what of it is open to the user, and how full it is.

Protected fields leave this file only after ``archive_looks.look`` has written the look down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, case, exists, func, literal, select, update
from sqlalchemy.orm import Session

from crmdesk.core.errors import PermissionDenied, UserError, ValidationError
from crmdesk.core.i18n import _
from crmdesk.model.archive import CustomerValue, CustomField, Relative
from crmdesk.model.base import table_of
from crmdesk.model.customer import Contact, Customer, CustomerPhone
from crmdesk.model.staff import StaffMember
from crmdesk.rules.archive import CARD_FIELDS, FIELDS, ArchiveField
from crmdesk.rules.rights import Right
from crmdesk.services.archive_access import allows, last_consult, looked_today
from crmdesk.services.archive_fields import fields_in, stored_value
from crmdesk.services.context import Context
from crmdesk.services.customer_forms import RELATIVE_LINES, CustomerForm, RelativeEntry, relative_entry

_ROWS: Mapping[str, Any] = {"phones": CustomerPhone, "contacts": Contact}
_NUMBERS = ("owner_id", "since")  # fields of the card that are empty when they are null


@dataclass(frozen=True)
class Archive:
    """A customer's archive as the user may see it now.

    ``opened`` says that protected values are among ``values`` and that ``relatives`` are there; ``closed`` how many
    protected fields hold something; ``consult`` how the user's asking stands ('' when nothing was asked).
    """

    customer_id: int
    fields: tuple[ArchiveField, ...]
    values: Mapping[str, str]
    relatives: tuple[RelativeEntry, ...] | None
    opened: bool
    may_open: bool
    may_edit_closed: bool
    closed: int
    consult: str
    percent: int
    filled: int
    total: int
    missing: tuple[str, ...]
    custodian: str
    referrer: str

    def on(self, form: CustomerForm) -> CustomerForm:
        """Return a form of the card with the archive as far as it is open."""
        return replace(form, archive=dict(self.values), relatives=self.relatives)


def get_archive(ctx: Context, customer_id: int) -> Archive:
    """Return a customer's archive; protected values only when the user has opened them today (seven statements)."""
    ctx.require(Right.CUSTOMER_VIEW)
    with ctx.reading() as session:
        customer = session.get(Customer, customer_id)
        if customer is None:
            raise UserError(_("This customer does not exist any more."))
        fields = [field for field in fields_in(session) if not field.hidden]
        kept = {row.key: row.value for row in session.scalars(_values_of(customer_id))}
        family = session.scalars(_relatives_of(customer_id)).all()
        asked = None if ctx.may(Right.CUSTOMER_PRIVATE) else last_consult(session, ctx, customer_id)
        may_open = ctx.may(Right.CUSTOMER_PRIVATE) or (asked is not None and allows(ctx, asked))
        opened = may_open and looked_today(session, ctx, customer_id)
        protected = {field.key for field in fields if field.protected}
        names = [name for name, full in _card_state(session, customer).items() if not full]
        counted = [field.key for field in fields if not field.source]
        missing = [*names, *(f"archive.{key}" for key in counted if not kept.get(key))]
        total = len(CARD_FIELDS) + len(counted)
        people = select(StaffMember.name).where(StaffMember.id == customer.custodian_id)
        return Archive(
            customer_id=customer_id,
            fields=tuple(fields),
            values={f.key: kept[f.key] for f in fields if f.key in kept and (opened or not f.protected)},
            relatives=tuple(relative_entry(row) for row in family) if opened else None,
            opened=opened,
            may_open=may_open,
            may_edit_closed=ctx.may(Right.CUSTOMER_PRIVATE),
            closed=len(protected & set(kept)) + len(family),
            consult=asked.state if asked is not None else "",
            percent=_percent(total - len(missing), total),
            filled=total - len(missing),
            total=total,
            missing=tuple(missing),
            custodian=(session.scalar(people) if customer.custodian_id else "") or "",
            referrer=_referrer(session, customer.referrer_id),
        )


def _referrer(session: Session, referrer_id: int | None) -> str:
    if referrer_id is None:
        return ""
    row = session.execute(select(Customer.name, Customer.code).where(Customer.id == referrer_id)).first()
    return f"{row[0]} ({row[1]})" if row is not None else ""


def _values_of(customer_id: int) -> Any:
    return select(CustomerValue).where(CustomerValue.customer_id == customer_id)


def _relatives_of(customer_id: int) -> Any:
    return select(Relative).where(Relative.customer_id == customer_id).order_by(Relative.id)


# writing ------------------------------------------------------------------------------------------------------------


def write_archive(session: Session, ctx: Context, customer: Customer, form: CustomerForm) -> bool:
    """Write what a form holds of the archive; True when something changed. The caller touches the customer.

    ValidationError names each field, also one that the manager took away while it was being typed; PermissionDenied
    for protected values of somebody who may not change them. What the form does not hold stays.
    """
    changed = False
    if form.archive is not None:
        changed = _write_values(session, ctx, customer, form.archive)
    if form.relatives is not None:
        changed = _write_relatives(session, ctx, customer, form.relatives) or changed
    return changed


def _write_values(session: Session, ctx: Context, customer: Customer, typed: Mapping[str, str]) -> bool:
    rows = {row.key: row for row in session.scalars(_values_of(customer.id))}
    fields = {field.key: field for field in fields_in(session)}
    wanted: dict[str, str] = {}
    errors: dict[str, str] = {}
    for key, text in typed.items():
        field, kept = fields.get(key), rows[key].value if key in rows else ""
        if text == kept or (field is not None and field.source):
            continue
        if field is None or field.hidden:
            if text:
                errors[f"archive.{key}"] = gone_sentence(field)
            continue  # what was emptied of a field that is gone stays, for the day it comes back
        if field.protected and not ctx.may(Right.CUSTOMER_PRIVATE):
            raise PermissionDenied()
        try:
            value = stored_value(field, text, ctx.office.home, ctx.clock.today())
        except UserError as error:
            errors[f"archive.{key}"] = error.message
            continue
        if value != kept:
            wanted[key] = value
    if errors:
        raise ValidationError(errors)
    for key, value in wanted.items():
        if not value:
            session.delete(rows[key])
        elif key in rows:
            rows[key].value = value
        else:
            session.add(CustomerValue(customer_id=customer.id, key=key, value=value))
    return bool(wanted)


def gone_sentence(field: ArchiveField | None) -> str:
    """Return what is said about a value whose field the manager took away meanwhile."""
    if field is None:
        return _("The manager removed this field meanwhile. Please note the entry elsewhere and empty the field.")
    return _("The manager took “{field}” away meanwhile. Please note the entry elsewhere and empty the field.").format(
        field=field.name
    )


def _write_relatives(session: Session, ctx: Context, customer: Customer, typed: Sequence[RelativeEntry]) -> bool:
    rows = {row.id: row for row in session.scalars(_relatives_of(customer.id))}
    changed = False
    for entry in typed:
        row = rows.pop(entry.id, None) if entry.id else None
        if row is None:
            row, changed = Relative(customer_id=customer.id), True
            session.add(row)
        for name in RELATIVE_LINES:
            if getattr(row, name) != getattr(entry, name):
                setattr(row, name, getattr(entry, name))
                changed = True
    for row in rows.values():
        session.delete(row)
    changed = changed or bool(rows)
    if changed and not ctx.may(Right.CUSTOMER_PRIVATE):
        raise PermissionDenied()
    return changed


def kept_birthdays(session: Session, customer: Customer) -> set[str]:
    """Return the birthdays a customer's card holds already; they stay even if an older program kept words."""
    family = session.scalars(select(Relative.birthday).where(Relative.customer_id == customer.id))
    return {customer.birthday, *(contact.birthday for contact in customer.contacts), *family} - {""}


# how full it is -----------------------------------------------------------------------------------------------------


def _percent(filled: int, total: int) -> int:
    return 100 * filled // total if total else 100


def percent_new(form: CustomerForm) -> Any:
    """Return how full the card of a new customer is, reckoned by the database while it writes: no statement more."""
    filled = sum(bool(getattr(form, name)) for name in CARD_FIELDS)
    counted = [field.key for field in FIELDS if not field.source]
    shown = case(
        (and_(CustomField.own, ~CustomField.hidden), 1),
        (and_(~CustomField.own, CustomField.hidden, CustomField.key.in_(counted)), -1),
        else_=0,
    )
    more = select(func.coalesce(func.sum(shown), 0)).scalar_subquery()
    return literal(100 * filled) // (literal(len(CARD_FIELDS) + len(counted)) + more)


def counted_total(session: Session) -> int:
    """Return how many fields count for how full an archive is, for whoever writes many customers at once."""
    return len(CARD_FIELDS) + sum(not field.hidden and not field.source for field in fields_in(session))


def percent_of(values: Mapping[str, Any], rows: Iterable[Any], archived: int, total: int) -> int:
    """Return how full an archive is by the values of the card, its rows (phones, contacts) and how many fields hold."""
    filled = sum(1 for name in CARD_FIELDS if values.get(name)) + sum(1 for row in rows if row) + archived
    return 100 * filled // total


def _card_state(session: Session, customer: Customer) -> dict[str, bool]:
    """Return which fields of the card are filled, in the form's order."""
    has_rows = session.execute(
        select(*(_has(model, literal(customer.id)).label(name) for name, model in _ROWS.items()))
    ).one()
    return {
        name: bool(getattr(has_rows, name) if name in _ROWS else getattr(customer, name)) for name in CARD_FIELDS
    }


def _has(model: Any, customer: Any) -> Any:
    return exists(select(model.id).where(model.customer_id == customer))


def recount(session: Session, customer_ids: Collection[int] | None = None) -> None:
    """Reckon anew how full the archive of these customers is, of all when None; after imports and changed fields."""
    counted = [field.key for field in fields_in(session) if not field.hidden and not field.source]
    table = table_of(Customer)
    of_card: list[Any] = []
    for name in CARD_FIELDS:
        if name in _ROWS:
            full = _has(_ROWS[name], table.c.id)
        elif name in _NUMBERS:
            full = table.c[name].is_not(None)
        else:
            full = and_(table.c[name].is_not(None), table.c[name] != "")
        of_card.append(case((full, 1), else_=0))
    values = (
        select(func.count())
        .select_from(CustomerValue)
        .where(CustomerValue.customer_id == table.c.id, CustomerValue.key.in_(counted))
        .scalar_subquery()
    )
    filled = sum(of_card, start=literal(0)) + values
    total = len(CARD_FIELDS) + len(counted)
    change = update(table).values(filled=(100 * filled) // total)
    if customer_ids is None:
        session.execute(change)
        return
    for part in _parts(sorted(customer_ids)):
        session.execute(change.where(table.c.id.in_(part)))


def _parts(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    return (ids[i : i + size] for i in range(0, len(ids), size))


def open_to(ctx: Context, fields: Iterable[ArchiveField]) -> tuple[ArchiveField, ...]:
    """Return the fields that lists, exports and papers of the user may hold (CRM-40)."""
    private = ctx.may(Right.CUSTOMER_PRIVATE)
    return tuple(field for field in fields if private or not field.protected)

