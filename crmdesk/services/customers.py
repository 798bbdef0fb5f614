"""Customers (客戶檔案): registering them and changing them (CRM-11)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from crmdesk.core.errors import NeedsConfirmation, UserError
from crmdesk.core.i18n import N_, _
from crmdesk.db.bulk import insert_words
from crmdesk.db.engine import PREPARED
from crmdesk.db.numbering import take
from crmdesk.model.base import table_of
from crmdesk.model.customer import Contact, Customer, CustomerKey, CustomerPhone
from crmdesk.model.sale import LedgerEntry
from crmdesk.model.staff import StaffMember
from crmdesk.rules.archive import CONSENTS
from crmdesk.rules.rights import Right
from crmdesk.services.archive import kept_birthdays, percent_new, recount, write_archive
from crmdesk.services.context import Context
from crmdesk.services.customer_card import CustomerCard, PromisedCall, get_customer
from crmdesk.services.customer_forms import (
    CONTACT_LINES,
    FIELD_TITLES,
    GENDERS,
    GRADES,
    KINDS,
    LINES,
    SERIES,
    ContactEntry,
    CustomerForm,
    PhoneEntry,
    RelativeEntry,
    check_form,
    keys_of,
    kind_title,
    own_code,
    stored_phone,
    tail_of,
)
from crmdesk.services.records import load_for_change, record_event, touch
from crmdesk.services.referrals import check_referrer

__all__ = [
    "FIELD_TITLES", "GENDERS", "GRADES", "KINDS", "ContactEntry", "Created", "CustomerCard", "CustomerForm",
    "PhoneEntry", "PromisedCall", "RelativeEntry", "add_phone", "check_form", "create_customer", "create_in",
    "get_balance", "get_customer", "kind_title", "update_customer",
]  # fmt: skip

SAME_PHONE = "same_phone"


class Created(NamedTuple):
    """A new customer: id, and the code to tell people."""

    id: int
    code: str


def create_customer(ctx: Context, form: CustomerForm, *, confirmed: Collection[str] = ()) -> Created:
    """Register a customer under the next code (CRM-11).

    Raises ValidationError, and NeedsConfirmation ``same_phone`` when somebody else has one of the numbers.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    values = check_form(form, ctx.office.home)
    with ctx.transaction(N_("Register customer"), token=form.token, of=Customer.KIND) as session:
        if SAME_PHONE not in confirmed:
            _ask_about_same_phone(session, ctx, values)
        customer = _insert(session, ctx, values)
    return Created(customer.id, customer.code)


def create_in(session: Session, ctx: Context, form: CustomerForm) -> Customer:
    """Register a customer inside another desk's transaction; the duplicate question is the caller's."""
    ctx.require(Right.CUSTOMER_EDIT)
    return _insert(session, ctx, check_form(form, ctx.office.home))


def _insert(session: Session, ctx: Context, form: CustomerForm) -> Customer:
    home, now = ctx.office.home, ctx.clock.now()
    _check_owner(session, form)
    code = own_code(take(session, SERIES))
    while session.scalar(select(Customer.id).where(Customer.code == code), execution_options={PREPARED: True}):
        code = own_code(take(session, SERIES))  # an imported customer has it already
    customer = Customer(
        code=code,
        created_at=now,
        last_contact_at=now,
        filled=percent_new(form),
        **{name: getattr(form, name) for name in LINES},
        phones=[_phone_row(entry, i, home) for i, entry in enumerate(form.phones)],
        contacts=[_contact_row(entry, home) for entry in form.contacts],
    )
    if customer.may_contact:
        customer.consent_on = customer.consent_on or ctx.clock.today()
    session.add(customer)
    session.flush()
    _change_keys(session, customer)
    if write_archive(session, ctx, customer, form):
        session.flush()
        recount(session, [customer.id])
    if form.opening_balance:
        session.add(LedgerEntry(customer_id=customer.id, at=now, kind="opening", amount=form.opening_balance))
    record_event(session, ctx, customer, "created", N_("Customer registered"))
    return customer


def _check_owner(session: Session, form: CustomerForm) -> None:
    for staff_id in {form.owner_id, form.custodian_id} - {None}:
        if session.get(StaffMember, staff_id) is None:
            raise UserError(_("This colleague has no account any more. Please choose another."))
    check_referrer(session, form.referrer_id)


def _phone_row(entry: PhoneEntry, position: int, home: str) -> CustomerPhone:
    return CustomerPhone(
        position=position,
        number=entry.number,
        extension=entry.extension,
        label=entry.label,
        tail=tail_of(entry.number, home),
    )


def _contact_row(entry: ContactEntry, home: str) -> Contact:
    return Contact(**{name: getattr(entry, name) for name in CONTACT_LINES}, tail=tail_of(entry.phone, home))


def _change_keys(session: Session, customer: Customer, old: frozenset[str] = frozenset()) -> None:
    """Write the search keys that are new and take away those of the old name."""
    keys = keys_of(customer.name, customer.company, customer.code, customer.address)
    if gone := old - keys:
        session.execute(
            delete(CustomerKey).where(CustomerKey.key.in_(sorted(gone)), CustomerKey.customer_id == customer.id)
        )
    if fresh := keys - old:
        insert_words(session, table_of(CustomerKey), ("key", "customer_id"), sorted(fresh), customer.id)


def _ask_about_same_phone(session: Session, ctx: Context, form: CustomerForm, own_id: int | None = None) -> None:
    tails = [tail_of(entry.number, ctx.office.home) for entry in form.phones]
    if not tails:
        return
    found = session.execute(
        select(Customer.name, Customer.code, CustomerPhone.number)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(CustomerPhone.tail.in_(tails), Customer.id != (own_id or 0))
        .limit(1)
    ).first()
    if found is not None:
        raise NeedsConfirmation(
            SAME_PHONE,
            _("{name} ({code}) has the number {phone} already. Keep both customers?").format(
                name=found.name, code=found.code, phone=found.number
            ),
        )


def update_customer(
    ctx: Context, customer_id: int, version: int, form: CustomerForm, *, confirmed: Collection[str] = ()
) -> int:
    """Change a customer and return the new version; ConflictError when somebody saved it meanwhile.

    Raises ValidationError, and NeedsConfirmation ``same_phone`` when a new number belongs to somebody else.
    """
    ctx.require(Right.CUSTOMER_EDIT)
    with ctx.transaction(N_("Change customer"), token=form.token, of=Customer.KIND) as session:
        customer = load_for_change(
            session,
            Customer,
            customer_id,
            version,
            options=[selectinload(Customer.phones), selectinload(Customer.contacts)],
        )
        values = check_form(form, ctx.office.home, known_birthdays=kept_birthdays(session, customer))
        if SAME_PHONE not in confirmed:
            known = {phone.number for phone in customer.phones}
            fresh = tuple(entry for entry in values.phones if entry.number not in known)
            _ask_about_same_phone(session, ctx, CustomerForm(values.name, phones=fresh), customer_id)
        if (values.owner_id, values.custodian_id) != (customer.owner_id, customer.custodian_id):
            _check_owner(session, values)
        if values.referrer_id != customer.referrer_id:
            check_referrer(session, values.referrer_id, customer_id)
        if values.may_contact != customer.may_contact:
            values = replace(values, consent_on=_note_consent(session, ctx, customer, values))
        old_keys = keys_of(customer.name, customer.company, customer.code, customer.address)
        changed = False
        for name in LINES:
            if getattr(customer, name) != getattr(values, name):
                setattr(customer, name, getattr(values, name))
                changed = True
        contacts = _speakers(customer)
        rows_changed = _update_phones(customer, values, ctx.office.home)
        rows_changed = _update_contacts(customer, values, ctx.office.home) or rows_changed
        rows_changed = write_archive(session, ctx, customer, values) or rows_changed
        if rows_changed and not changed:
            touch(customer)
        _change_keys(session, customer, old_keys)
        session.flush()
        _note_speakers(session, ctx, customer, contacts)
        recount(session, [customer.id])
        return customer.version


def _speakers(customer: Customer) -> dict[int, tuple[str, bool]]:
    """Return who speaks for the customer: name, and whether the person has left."""
    return {row.id: (row.name, row.left_on is not None) for row in customer.contacts}


def _note_speakers(
    session: Session, ctx: Context, customer: Customer, before: dict[int, tuple[str, bool]]
) -> None:
    """Write changes of the contact persons into the time line (CRM-31)."""
    after = _speakers(customer)
    for row_id in sorted(before.keys() | after.keys()):
        was, now = before.get(row_id), after.get(row_id)
        if was == now:
            continue
        if was is None and now is not None and not now[1]:
            title, name = N_("Contact person new: {name}"), now[0]
        elif was is not None and not was[1] and (now is None or now[1]):
            title, name = N_("Contact person left: {name}"), was[0]
        elif was is not None and now is not None:
            title, name = N_("Contact person changed: {name}"), now[0]
        else:
            continue  # one who had left long ago
        record_event(session, ctx, customer, "contact", title, values={"name": name})


def _note_consent(session: Session, ctx: Context, customer: Customer, form: CustomerForm) -> date | None:
    """Note who wrote down whether the customer may be contacted, and return since when it is so."""
    record_event(
        session, ctx, customer, "consent", N_("May we contact: {step}"),
        values={"step": CONSENTS[form.may_contact]},
    )  # fmt: skip
    typed = form.consent_on if form.consent_on != customer.consent_on else None
    return (typed or ctx.clock.today()) if form.may_contact else None


def _update_phones(customer: Customer, form: CustomerForm, home: str) -> bool:
    rows = {row.id: row for row in customer.phones}
    kept: list[CustomerPhone] = []
    changed = False
    for position, entry in enumerate(form.phones):
        row = rows.pop(entry.id, None) if entry.id else None
        if row is None:
            row, changed = _phone_row(entry, position, home), True
        wanted = (position, entry.number, entry.extension, entry.label)
        if (row.position, row.number, row.extension, row.label) != wanted:
            row.position, row.number, row.extension, row.label = wanted
            row.tail, changed = tail_of(entry.number, home), True
        kept.append(row)
    if changed or rows:
        customer.phones = kept
    return changed or bool(rows)


def _update_contacts(customer: Customer, form: CustomerForm, home: str) -> bool:
    rows = {row.id: row for row in customer.contacts}
    kept: list[Contact] = []
    changed = False
    for entry in form.contacts:
        row = rows.pop(entry.id, None) if entry.id else None
        if row is None:
            row, changed = _contact_row(entry, home), True
        for name in CONTACT_LINES:
            if getattr(row, name) != getattr(entry, name):
                setattr(row, name, getattr(entry, name))
                row.tail, changed = tail_of(entry.phone, home), True
        kept.append(row)
    if changed or rows:
        customer.contacts = kept
    return changed or bool(rows)


def add_phone(ctx: Context, customer_id: int, number: str, *, label: str = "") -> None:
    """Attach an unknown number to a customer (one key in the call window); PhoneError when it is no number."""
    ctx.require(Right.CUSTOMER_EDIT)
    entry = stored_phone(PhoneEntry(number, label=label), ctx.office.home)
    with ctx.transaction(N_("Add phone number")) as session:
        customer = load_for_change(session, Customer, customer_id, None, options=[selectinload(Customer.phones)])
        if customer.merged_into_id is not None:  # merged while the window was open
            rows = [selectinload(Customer.phones)]
            customer = load_for_change(session, Customer, customer.merged_into_id, None, options=rows)
        if any(phone.number == entry.number and phone.extension == entry.extension for phone in customer.phones):
            return
        customer.phones.append(_phone_row(entry, len(customer.phones), ctx.office.home))
        touch(customer)


def get_balance(session: Session, customer_id: int) -> Decimal:
    """Return what the customer owes (+) or has to his credit (−): the sum of the ledger."""
    total = session.scalar(select(func.sum(LedgerEntry.amount)).where(LedgerEntry.customer_id == customer_id))
    return Decimal(total or 0)
