"""What is typed about a customer: the forms, and the check that makes them fit to keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from crmdesk.core import birthdays
from crmdesk.core.addresses import address_key
from crmdesk.core.errors import ValidationError
from crmdesk.core.i18n import N_, _, pgettext
from crmdesk.core.names import search_keys
from crmdesk.core.phone import PhoneError, PhoneNumber, display, parse, tail_key
from crmdesk.core.text import check_length, clean, clean_lines
from crmdesk.model.archive import Relative
from crmdesk.model.base import Base, length_of
from crmdesk.model.customer import Contact, Customer, CustomerKind, CustomerPhone
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, GREETINGS, ORIGINS, REFERRAL_WAYS, RELATION_GRADES

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
MOST_RELATIVES = 30
MOST_MONEY = Decimal("99999999999")

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
    "origin": N_("Origin"),
    "occupation": N_("Occupation"),
    "custodian_id": N_("Keeper of the file"),
    "care_level": N_("Care level"),
    "may_contact": N_("May we contact?"),
    "consent_on": N_("Agreed on"),
    "referrer_id": N_("Introduced by"),
    "referral_way": N_("Way of introduction"),
    "referral_note": N_("What was observed"),
    "core": N_("Others follow this person's word"),
    "relatives": N_("Family members"),
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
    gender: str = ""
    hobbies: str = ""
    relation_grade: str = ""
    emergency: bool = False
    left_on: date | None = None
    id: int | None = None


@dataclass(frozen=True)
class RelativeEntry:
    """A member of the customer's family (CRM-15); ``id`` names the stored row it came from."""

    relation: str
    name: str = ""
    birthday: str = ""
    phone: str = ""
    greeting: str = ""
    note: str = ""
    id: int | None = None


@dataclass(frozen=True)
class CustomerForm:
    """Everything that is typed about a customer; ``opening_balance`` counts only when the customer is new.

    ``archive`` (values by field) and ``relatives`` None leave what is kept: it was not opened.
    """

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
    origin: str = ""
    occupation: str = ""
    custodian_id: int | None = None
    care_level: str = ""
    may_contact: str = ""
    consent_on: date | None = None
    referrer_id: int | None = None
    referral_way: str = ""
    referral_note: str = ""
    core: bool = False
    archive: Mapping[str, str] | None = None
    relatives: tuple[RelativeEntry, ...] | None = None
    opening_balance: Decimal = Decimal(0)
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


_NO_LINES = ("phones", "contacts", "archive", "relatives", "opening_balance", "token")
LINES = tuple(f.name for f in fields(CustomerForm) if f.name not in _NO_LINES)
CONTACT_LINES = tuple(f.name for f in fields(ContactEntry) if f.name != "id")
RELATIVE_LINES = tuple(f.name for f in fields(RelativeEntry) if f.name != "id")
_TEXTS = ("name", "company", "region", "address", "likes", "avoid", "birthday", "grade", "gender", "origin",
          "occupation", "care_level", "may_contact", "referral_way", "referral_note")  # fmt: skip
_CHOICES: dict[str, Collection[str]] = {
    "gender": GENDERS, "origin": ORIGINS, "care_level": CARE_LEVELS, "may_contact": CONSENTS,
    "referral_way": REFERRAL_WAYS,
}  # fmt: skip


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


def keys_of(name: str, company: str, code: str, address: str) -> frozenset[str]:
    """Return the search keys of a customer; our own codes are found by their index and need none."""
    keys = search_keys(name, company, "" if is_own_code(code) else code)
    return keys | {key} if (key := address_key(address)) else keys


def is_own_code(code: str) -> bool:
    """Whether a code is one of the series this program gives out (C00417)."""
    return code[:1] == "C" and code[1:].isascii() and code[1:].isdigit() and len(code) >= 6


def own_code(number: int) -> str:
    """Return the customer code of a number of the series (CRM-11)."""
    return f"C{number:05d}"


def check_form(form: CustomerForm, home: str, *, known_birthdays: Collection[str] = ()) -> CustomerForm:
    """Return the form cleaned, phones grouped, empty rows dropped; ValidationError names each field that is wrong.

    ``known_birthdays`` are kept already, maybe from an older program in words: they stay as they are.
    """
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name in _TEXTS:
        text = clean(getattr(form, name))
        if problem := check_length(text, length_of(Customer, name)):
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
    for name, choices in _CHOICES.items():
        if values[name] not in choices:
            errors[name] = _("Please choose from the list.")
    values["birthday"], said = _birthday(str(values["birthday"]), home, known_birthdays)
    if said:
        errors.setdefault("birthday", said)  # a text that is too long is told so
    if not 0 <= form.credit_limit <= MOST_MONEY:
        errors["credit_limit"] = _("Please enter an amount from 0 to {most}.").format(most=f"{MOST_MONEY:,}")
    if abs(form.opening_balance) > MOST_MONEY:
        errors["opening_balance"] = _("Please enter an amount from 0 to {most}.").format(most=f"{MOST_MONEY:,}")
    values["phones"] = _checked_phones(form.phones, home, errors)
    values["contacts"] = _checked_contacts(form.contacts, home, errors, known_birthdays)
    if form.relatives is not None:
        values["relatives"] = _checked_relatives(form.relatives, home, errors, known_birthdays)
    if errors:
        raise ValidationError(errors)
    return replace(form, **values)


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


def _birthday(text: str, home: str, known: Collection[str]) -> tuple[str, str]:
    """Return a birthday as it is kept, and what is wrong with it."""
    if not text or text in known:
        return text, ""
    try:
        return birthdays.stored(text, home), ""
    except birthdays.BirthdayError as error:
        return text, error.message


def _checked_row(entry: object, names: Iterable[str], model: type[Base], home: str, known: Collection[str]) -> tuple[
    dict[str, Any], str
]:
    """Return the values of a contact person or relative as they are kept, and what is wrong with them."""
    values: dict[str, Any] = {name: getattr(entry, name) for name in names}
    said = ""
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = clean(value)
            said = said or check_length(clean(value), length_of(model, name)) or ""
    values["birthday"], wrong = _birthday(str(values["birthday"]), home, known)
    said = said or wrong
    if values["phone"]:
        try:
            values["phone"] = display(read_phone(str(values["phone"]), home), home)
        except PhoneError as error:
            said = said or error.message
    return values, said


def _checked_contacts(
    contacts: Iterable[ContactEntry], home: str, errors: dict[str, str], known: Collection[str]
) -> tuple[ContactEntry, ...]:
    kept: list[ContactEntry] = []
    for i, entry in enumerate(contacts):
        values, said = _checked_row(entry, CONTACT_LINES, Contact, home, known)
        if not any(values.values()):
            continue
        if not values["name"]:
            said = _("Please enter the contact person's name.")
        elif values["relation_grade"] not in RELATION_GRADES or values["gender"] not in GENDERS:
            said = _("Please choose from the list.")
        if said:
            errors[f"contacts.{i}"] = said
            continue
        kept.append(ContactEntry(**values, id=entry.id))
    if len(kept) > MOST_CONTACTS:
        errors["contacts"] = _("At most {count} contact persons fit on a card.").format(count=MOST_CONTACTS)
    return tuple(kept)


def _checked_relatives(
    relatives: Iterable[RelativeEntry], home: str, errors: dict[str, str], known: Collection[str]
) -> tuple[RelativeEntry, ...]:
    kept: list[RelativeEntry] = []
    for i, entry in enumerate(relatives):
        values, said = _checked_row(entry, RELATIVE_LINES, Relative, home, known)
        if not any(values.values()):
            continue
        if not values["relation"]:
            said = _("Please enter how this person is related, e.g. son.")
        elif values["greeting"] not in GREETINGS:
            said = _("Please choose from the list.")
        if said:
            errors[f"relatives.{i}"] = said
            continue
        kept.append(RelativeEntry(**values, id=entry.id))
    if len(kept) > MOST_RELATIVES:
        errors["relatives"] = _("At most {count} family members fit on a card.").format(count=MOST_RELATIVES)
    return tuple(kept)


def form_of(customer: Customer, phones: Iterable[CustomerPhone], contacts: Iterable[Contact]) -> CustomerForm:
    """Return a stored customer as the form it would be typed in."""
    return CustomerForm(
        **{name: getattr(customer, name) for name in LINES},
        phones=tuple(PhoneEntry(p.number, p.extension, p.label, p.id) for p in phones),
        contacts=tuple(contact_entry(contact) for contact in contacts),
    )


def contact_entry(contact: Contact) -> ContactEntry:
    """Return a stored contact person as it would be typed."""
    return ContactEntry(**{name: getattr(contact, name) for name in CONTACT_LINES}, id=contact.id)


def relative_entry(relative: Relative) -> RelativeEntry:
    """Return a stored member of the family as it would be typed."""
    return RelativeEntry(**{name: getattr(relative, name) for name in RELATIVE_LINES}, id=relative.id)
