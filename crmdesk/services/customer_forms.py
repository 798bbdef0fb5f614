"""What is typed about a customer: the forms, and the check that makes them fit to keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal

from crmdesk.core.errors import ValidationError
from crmdesk.core.i18n import N_, _, pgettext
from crmdesk.core.names import search_keys
from crmdesk.core.phone import PhoneError, PhoneNumber, display, parse, tail_key
from crmdesk.core.text import check_length, clean, clean_lines
from crmdesk.model.customer import Contact, Customer, CustomerKind, CustomerPhone

KINDS: dict[str, str] = {
    CustomerKind.WHOLESALE: N_("Wholesale"),
    CustomerKind.FRANCHISE: N_("Franchise"),
    CustomerKind.ENQUIRER: N_("Enquirer"),
    CustomerKind.RETAIL: N_("Retail"),
}
GRADES = ("", "A", "B", "C")
GENDERS: dict[str, str] = {"": N_("Not given"), "f": N_("Ms"), "m": N_("Mr")}
SERIES = "customer"
NOTE_LENGTH = 4000
MOST_PHONES = 12
MOST_CONTACTS = 60
MOST_MONEY = Decimal("99999999999")

# Fields the card counts when it says how complete it is (CRM-21 and following ask for more; that comes later).
COUNTED = ("name", "gender", "company", "kind", "region", "address", "likes", "avoid", "owner_id", "since", "birthday",
           "phones", "contacts")  # fmt: skip
FIELD_TITLES: dict[str, str] = {
    "code": N_("Code"),
    "name": N_("Name"),
    "gender": N_("Salutation"),
    "company": N_("Company"),
    "kind": N_("Kind"),
    "grade": N_("Grade"),
    "region": N_("Region"),
    "address": N_("Address"),
    "likes": N_("Likes"),
    "avoid": N_("Avoid"),
    "owner_id": N_("In charge"),
    "credit_limit": N_("Credit limit"),
    "since": N_("Customer since"),
    "birthday": N_("Birthday"),
    "note": N_("Note"),
    "active": N_("Active"),
    "phones": N_("Phones"),
    "contacts": N_("Contacts"),
    "opening_balance": N_("Opening balance"),
}


@dataclass(frozen=True)
class PhoneEntry:
    """A phone number as typed; ``id`` names the stored row it came from."""

    number: str
    extension: str = ""
    label: str = ""
    id: int | None = None


@dataclass(frozen=True)
class ContactEntry:
    """A person who speaks for the customer; ``id`` names the stored row it came from."""

    name: str
    role: str = ""
    phone: str = ""
    birthday: str = ""
    note: str = ""
    id: int | None = None


@dataclass(frozen=True)
class CustomerForm:
    """Everything that is typed about a customer; ``opening_balance`` counts only when the customer is new."""

    name: str
    kind: str = CustomerKind.ENQUIRER.value
    grade: str = ""
    gender: str = ""
    company: str = ""
    region: str = ""
    address: str = ""
    likes: str = ""
    avoid: str = ""
    owner_id: int | None = None
    credit_limit: Decimal = Decimal(0)
    since: date | None = None
    birthday: str = ""
    note: str = ""
    active: bool = True
    phones: tuple[PhoneEntry, ...] = ()
    contacts: tuple[ContactEntry, ...] = ()
    opening_balance: Decimal = Decimal(0)
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


_NO_LINES = ("phones", "contacts", "opening_balance", "token")
LINES = tuple(f.name for f in fields(CustomerForm) if f.name not in _NO_LINES)


def kind_title(kind: str, grade: str = "") -> str:
    """Return what a customer is, in the language of the screen: Wholesale A."""
    title = _(KINDS.get(kind, kind))
    return pgettext("kind and grade", "{kind} {grade}").format(kind=title, grade=grade) if grade else title


def read_phone(text: str, home: str) -> PhoneNumber:
    """Read a phone number; PhoneError says in a sentence what is wrong with it."""
    return parse(text, home)


def stored_phone(entry: PhoneEntry, home: str) -> PhoneEntry:
    """Return a number as it is kept: grouped, its extension apart. PhoneError when it is none."""
    number = read_phone(entry.number, home)
    extension = clean(entry.extension).lstrip("#") or number.extension
    return PhoneEntry(display(replace(number, extension=""), home), extension[:10], clean(entry.label, 20), entry.id)


def tail_of(number: str, home: str) -> str:
    """Return the search key of a number, as long as its column holds."""
    return tail_key(number, home)[:24] if number else ""


def keys_of(name: str, company: str, code: str) -> frozenset[str]:
    """Return the search keys of a customer; our own codes are found by their index and need none."""
    return search_keys(name, company, "" if is_own_code(code) else code)


def is_own_code(code: str) -> bool:
    """Whether a code is one of the series this program gives out (C00417)."""
    return code[:1] == "C" and code[1:].isascii() and code[1:].isdigit() and len(code) >= 6


def own_code(number: int) -> str:
    """Return the customer code of a number of the series (CRM-11)."""
    return f"C{number:05d}"


def check_form(form: CustomerForm, home: str) -> CustomerForm:
    """Return the form cleaned, phones grouped, empty rows dropped; ValidationError names each field that is wrong."""
    errors: dict[str, str] = {}
    values: dict[str, object] = {}
    for name in ("name", "company", "region", "address", "likes", "avoid", "birthday", "grade", "gender"):
        text = clean(getattr(form, name))
        limit: int = Customer.__table__.c[name].type.length  # type: ignore[attr-defined]
        if problem := check_length(text, limit):
            errors[name] = problem
        values[name] = text
    values["note"] = clean_lines(form.note)
    if problem := check_length(form.note, NOTE_LENGTH):
        errors["note"] = problem
    if not values["name"]:
        errors["name"] = _("Please enter the customer's name.")
    if form.kind not in KINDS:
        errors["kind"] = _("Please choose what the customer is to us.")
    if values["grade"] not in GRADES:
        errors["grade"] = _("Please choose grade A, B or C, or none.")
    if values["gender"] not in GENDERS:
        errors["gender"] = _("Please choose from the list.")
    if not 0 <= form.credit_limit <= MOST_MONEY:
        errors["credit_limit"] = _("Please enter an amount from 0 to {most}.").format(most=f"{MOST_MONEY:,}")
    if abs(form.opening_balance) > MOST_MONEY:
        errors["opening_balance"] = _("Please enter an amount from 0 to {most}.").format(most=f"{MOST_MONEY:,}")
    values["phones"] = _checked_phones(form.phones, home, errors)
    values["contacts"] = _checked_contacts(form.contacts, home, errors)
    if errors:
        raise ValidationError(errors)
    return replace(form, **values)  # type: ignore[arg-type]


def _checked_phones(phones: Iterable[PhoneEntry], home: str, errors: dict[str, str]) -> tuple[PhoneEntry, ...]:
    kept: list[PhoneEntry] = []
    seen: set[tuple[str, str]] = set()
    for i, entry in enumerate(phones):
        if not clean(entry.number):
            continue
        try:
            phone = stored_phone(entry, home)
        except PhoneError as error:
            errors[f"phones.{i}"] = error.message
            continue
        if (phone.number, phone.extension) not in seen:
            kept.append(phone)
        seen.add((phone.number, phone.extension))
    if len(kept) > MOST_PHONES:
        errors["phones"] = _("At most {count} phone numbers fit on a card.").format(count=MOST_PHONES)
    return tuple(kept)


def _checked_contacts(contacts: Iterable[ContactEntry], home: str, errors: dict[str, str]) -> tuple[ContactEntry, ...]:
    kept: list[ContactEntry] = []
    for i, entry in enumerate(contacts):
        texts = {f: clean(getattr(entry, f)) for f in ("name", "role", "phone", "birthday", "note")}
        if not any(texts.values()):
            continue
        if not texts["name"]:
            errors[f"contacts.{i}"] = _("Please enter the contact person's name.")
            continue
        for name, text in texts.items():
            if problem := check_length(text, Contact.__table__.c[name].type.length):  # type: ignore[attr-defined]
                errors[f"contacts.{i}"] = problem
        if texts["phone"]:
            try:
                texts["phone"] = display(read_phone(texts["phone"], home), home)
            except PhoneError as error:
                errors[f"contacts.{i}"] = error.message
        kept.append(ContactEntry(**texts, id=entry.id))
    if len(kept) > MOST_CONTACTS:
        errors["contacts"] = _("At most {count} contact persons fit on a card.").format(count=MOST_CONTACTS)
    return tuple(kept)


def form_of(customer: Customer, phones: Iterable[CustomerPhone], contacts: Iterable[Contact]) -> CustomerForm:
    """Return a stored customer as the form it would be typed in."""
    return CustomerForm(
        **{name: getattr(customer, name) for name in LINES},
        phones=tuple(PhoneEntry(p.number, p.extension, p.label, p.id) for p in phones),
        contacts=tuple(ContactEntry(c.name, c.role, c.phone, c.birthday, c.note, c.id) for c in contacts),
    )
