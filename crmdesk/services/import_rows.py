"""One row of a file read as a customer or an item: every cell checked, what is wrong named by its column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from crmdesk.core.dates import DayError, parse_day
from crmdesk.core.errors import CrmError, ValidationError
from crmdesk.core.i18n import LANGUAGES, _, translator
from crmdesk.core.money import MoneyError, parse_money
from crmdesk.core.names import fold
from crmdesk.core.phone import PhoneError, display, parse, split_numbers
from crmdesk.core.text import check_length, clean, clean_lines, half_width
from crmdesk.model.base import length_of
from crmdesk.model.customer import Contact, Customer, CustomerKind
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, ORIGINS, ArchiveField
from crmdesk.services.archive_fields import stored_value
from crmdesk.services.customer_forms import GRADES, MOST_MONEY, NOTE_LENGTH
from crmdesk.services.items import PRICES, ItemForm, check_item
from crmdesk.services.tables import TableRow, unspoiled

_KIND_WORDS: dict[str, str] = {
    **dict.fromkeys(("wholesale", "wholesaler", "批发", "批发商", "批"), CustomerKind.WHOLESALE.value),
    **dict.fromkeys(("franchise", "franchisee", "加盟", "加盟商", "加盟店"), CustomerKind.FRANCHISE.value),
    **dict.fromkeys(("enquirer", "enquiry", "lead", "prospect", "询问", "咨询", "潜在"), CustomerKind.ENQUIRER.value),
    **dict.fromkeys(("retail", "consumer", "零售", "散客", "个人", "消费者"), CustomerKind.RETAIL.value),
}  # fmt: skip
_GENDER_WORDS: dict[str, str] = {
    **dict.fromkeys(("f", "female", "ms", "mrs", "miss", "w", "女", "女士", "小姐", "太太"), "f"),
    **dict.fromkeys(("m", "male", "mr", "男", "先生"), "m"),
}
_TEXTS = ("name", "company", "region", "address", "likes", "avoid", "birthday", "occupation")
_CHOSEN: dict[str, Mapping[str, str]] = {"origin": ORIGINS, "care_level": CARE_LEVELS, "may_contact": CONSENTS}
_LIMITS: dict[str, int] = {name: length_of(Customer, name) for name in (*_TEXTS, "code")}
_CONTACT_LIMIT = length_of(Contact, "name")
_LOST_DIGITS = {"#", ""}  # ######## is what a narrow column of Excel leaves of a number

#: What a cell says to empty its field: nothing anybody would write of a customer, in each language and bracket.
EMPTIES = frozenset(
    left + word + right
    for left, right in ("()", "（）", "[]", "【】", "<>")
    for word in ("empty", "Empty", "EMPTY", "clear", "清空", "空")
)
_NOTHING = frozenset(sign * times for sign in "-－—–─" for times in (1, 2, 3))  # how tables write an empty cell
_NEVER_EMPTY = frozenset({"name", "code", "kind", "phone", "phone2", "phone3", "contact", "opening_balance"})
_SIGNS = EMPTIES | _NOTHING
_COLUMN = {"owner": "owner_id", "custodian": "custodian_id"}

_REMEMBERED = 20_000
Errors = dict[str, str]


@dataclass(frozen=True)
class ArchiveColumn:
    """A field of the archive as a column; ``choices`` are the words a cell may hold (folded) with what is kept."""

    name: str
    field: ArchiveField
    choices: Mapping[str, str] | None = None


@cache
def _choice_words(name: str) -> dict[str, str]:
    """Return what a cell of a field with choices may say in each language, folded, and what is kept."""
    return {
        fold(word): key
        for key, title in _CHOSEN[name].items() if key
        for word in (key, *(translator(language).gettext(title) for language in LANGUAGES))
    }  # fmt: skip


@dataclass(slots=True)
class CustomerLine:
    """A row read as a customer; ``errors`` says by field what is wrong with it."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    phones: list[tuple[str, str, str]] = field(default_factory=list)  # number, extension, tail
    contact: str = ""
    opening: Decimal = Decimal(0)
    archive: dict[str, str] = field(default_factory=dict)  # filled fields of the archive, by key
    emptied: set[str] = field(default_factory=set)  # columns and fields of the archive that the row empties
    errors: Errors = field(default_factory=dict)
    existing_id: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)  # what an update changed, as the history keeps it

    @property
    def code(self) -> str:
        """Return the code the file gives, '' when it gives none."""
        return str(self.values.get("code", ""))

    @property
    def name(self) -> str:
        """Return the customer's name."""
        return str(self.values.get("name", ""))


@dataclass(slots=True)
class ItemLine:
    """A row read as an item."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)
    errors: Errors = field(default_factory=dict)
    existing_id: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Return the item code."""
        return str(self.values.get("code", ""))


def overlong(row: TableRow, columns: int) -> str:
    """Return a sentence when a row has filled cells beyond the headings, '' otherwise."""
    if len(row.cells) > columns and any(cell.strip() for cell in row.cells[columns:]):
        return _(
            "This row has more columns than the heading. A comma in a text without quotation marks may be the reason."
        )
    return ""


class CustomerReader:
    """Reads rows as customers with one mapping; ``staff`` maps folded names and sign-in names to ids."""

    def __init__(
        self, mapping: Mapping[str, int], columns: int, home: str, today: date, staff: Mapping[str, int],
        archive: Sequence[ArchiveColumn] = (),
    ) -> None:  # fmt: skip
        self._texts = [(name, mapping[name], _LIMITS[name]) for name in _TEXTS if name in mapping]
        self._phones = [(name, mapping[name]) for name in ("phone", "phone2", "phone3") if name in mapping]
        self._others = [
            (name, mapping[name], reader)
            for name, reader in (
                ("code", self._code), ("gender", self._gender), ("kind", self._kind), ("grade", self._grade),
                ("owner", self._owner), ("credit_limit", self._money), ("since", self._day), ("note", self._note),
                ("contact", self._contact), ("opening_balance", self._opening), ("custodian", self._owner),
                *((name, self._chosen) for name in _CHOSEN),
            )
            if name in mapping
        ]  # fmt: skip
        self._columns, self._home, self._today, self._staff = columns, home, today, staff
        self._places = dict(mapping)
        self._values: dict[tuple[str, str], str] = {}  # many customers have the same: read once
        self._archive = [(column, mapping[column.name]) for column in archive if column.name in mapping]

    def read(self, row: TableRow) -> CustomerLine:
        """Return the row as a customer."""
        line, cells, count = CustomerLine(row.number), [cell.strip() for cell in row.cells], len(row.cells)
        if not _SIGNS.isdisjoint(cells):
            cells = self._without_signs(line, cells)
        if count > self._columns and (problem := overlong(row, self._columns)):
            line.errors[""] = problem
        for name, place, limit in self._texts:
            text = clean(cells[place]) if place < count else ""
            if len(text) > limit:
                line.errors[name] = check_length(text, limit) or ""
            line.values[name] = text
        if not line.values.get("name"):
            line.errors.setdefault("name", _("The name is missing."))
        for name, place in self._phones:
            if place < count and cells[place]:
                self._read_phones(line, name, cells[place])
        for name, place, reader in self._others:
            text = cells[place] if place < count else ""
            if text:
                reader(line, name, text)
        for column, place in self._archive:
            if place < count and (text := cells[place]):
                self._read_value(line, column, text)
        return line

    def _without_signs(self, line: CustomerLine, cells: Sequence[str]) -> list[str]:
        """Return the cells without those that say nothing; what is to be emptied is noted."""
        for name, place in self._places.items():
            if place < len(cells) and cells[place] in EMPTIES:
                if name in _NEVER_EMPTY:
                    line.errors[name] = _("This can't be emptied by a file. Please do it on the card.")
                else:
                    line.emptied.add(_COLUMN.get(name, name))
        return ["" if cell in _SIGNS else cell for cell in cells]

    def _read_value(self, line: CustomerLine, column: ArchiveColumn, text: str) -> None:
        field, known = column.field, (column.name, text)
        if (value := self._values.get(known)) is not None:
            line.archive[field.key] = value
            return
        if column.choices is not None:
            text = column.choices.get(fold(text) or text, text)
        elif field.kind in ("phone", "number"):
            text = unspoiled(text)
        try:
            line.archive[field.key] = value = stored_value(field, text, self._home, self._today)
            if len(self._values) < _REMEMBERED:
                self._values[known] = value
        except CrmError as error:
            line.errors[column.name] = error.message
        except ValueError:  # a day or a number nobody can read
            line.errors[column.name] = _("“{text}” can't be read here.").format(text=text[:20])

    def _chosen(self, line: CustomerLine, name: str, text: str) -> None:
        known = _choice_words(name).get(fold(text))
        if known is None:
            line.errors[name] = _("“{text}” can't be chosen here.").format(text=text[:20])
        else:
            line.values[name] = known

    def _read_phones(self, line: CustomerLine, name: str, cell: str) -> None:
        cell = unspoiled(cell)
        if set(cell) <= _LOST_DIGITS:
            line.errors[name] = _(
                "Only # signs are left of this number. Make the column wider and export the file again."
            )
            return
        parts = split_numbers(cell) if len(cell) > 14 else [cell]
        for part in parts:
            try:
                number = parse(part, self._home)
            except PhoneError as error:
                line.errors[name] = error.message
                return
            shown = display(replace(number, extension="") if number.extension else number, self._home)
            entry = (shown[:40], number.extension[:10], number.dialled[::-1][:24])
            if entry not in line.phones:
                line.phones.append(entry)

    def _code(self, line: CustomerLine, name: str, text: str) -> None:
        code = clean(half_width(unspoiled(text))).upper()
        if len(code) > _LIMITS["code"]:
            line.errors[name] = check_length(code, _LIMITS["code"]) or ""
        line.values["code"] = code

    def _gender(self, line: CustomerLine, name: str, text: str) -> None:
        gender = _GENDER_WORDS.get(fold(text))
        if gender is None:
            line.errors[name] = _("“{text}” is neither Ms nor Mr.").format(text=text[:20])
        else:
            line.values[name] = gender

    def _kind(self, line: CustomerLine, name: str, text: str) -> None:
        word = fold(text)
        kind = _KIND_WORDS.get(word)
        if kind is None and word[-1:].upper() in GRADES[1:]:  # 批發 A
            kind = _KIND_WORDS.get(word[:-1])
            line.values["grade"] = word[-1:].upper()
        if kind is None:
            line.errors[name] = _("“{text}” is no kind of customer: wholesale, franchise, enquirer or retail.").format(
                text=text[:20]
            )
        else:
            line.values[name] = kind

    def _grade(self, line: CustomerLine, name: str, text: str) -> None:
        grade = half_width(text).upper().removesuffix("級").removesuffix("级").strip()
        if grade not in GRADES:
            line.errors[name] = _("“{text}” is no grade: A, B, C or empty.").format(text=text[:20])
        line.values[name] = grade[:4]

    def _owner(self, line: CustomerLine, name: str, text: str) -> None:
        owner = self._staff.get(fold(text))
        if owner is None:
            line.errors[name] = _("No colleague is called “{text}”.").format(text=text[:20])
        line.values[f"{name}_id"] = owner

    def _money(self, line: CustomerLine, name: str, text: str) -> None:
        amount = read_amount(line.errors, name, text)
        if amount < 0:
            line.errors[name] = _("This amount can't be negative.")
        line.values[name] = amount

    def _opening(self, line: CustomerLine, name: str, text: str) -> None:
        line.opening = read_amount(line.errors, name, text)

    def _day(self, line: CustomerLine, name: str, text: str) -> None:
        if not text[:1].isdigit() and not text.startswith(("民國", "民国")):
            line.errors[name] = _("“{text}” is no date. Example: 2026-11-22.").format(text=text[:20])
            return
        try:
            line.values[name] = parse_day(text.split(" ")[0], self._today)
        except DayError as error:
            line.errors[name] = error.message

    def _note(self, line: CustomerLine, name: str, text: str) -> None:
        line.values[name] = clean_lines(text)
        if problem := check_length(text, NOTE_LENGTH):
            line.errors[name] = problem

    def _contact(self, line: CustomerLine, name: str, text: str) -> None:
        line.contact = clean(text)
        if problem := check_length(text, _CONTACT_LIMIT):
            line.errors[name] = problem


class ItemReader:
    """Reads rows as items with one mapping."""

    def __init__(self, mapping: Mapping[str, int], columns: int) -> None:
        self._mapping, self._columns = dict(mapping), columns

    def read(self, row: TableRow) -> ItemLine:
        """Return the row as an item."""
        line = ItemLine(row.number)
        if problem := overlong(row, self._columns):
            line.errors[""] = problem
        for name, place in self._mapping.items():
            text = row.cells[place].strip() if place < len(row.cells) else ""
            if text in _SIGNS:
                if text in EMPTIES:
                    line.emptied.add(name)
                text = ""
            if name in PRICES or name == "weight_g":
                if text:
                    line.values[name] = read_amount(line.errors, name, text)
            else:
                line.values[name] = unspoiled(text) if name in ("code", "barcode") else text
        try:
            form = check_item(ItemForm(**{"code": "", "name": "", **line.values}))
            line.values = {name: getattr(form, name) for name in line.values}
        except ValidationError as error:
            line.errors = {**error.fields, **line.errors}
        return line


def read_amount(errors: Errors, name: str, text: str) -> Decimal:
    """Return an amount, or 0 with a sentence among the errors."""
    try:
        amount = parse_money(unspoiled(text))
    except MoneyError as error:
        errors[name] = error.message
        return Decimal(0)
    if abs(amount) > MOST_MONEY:
        errors[name] = _("This amount is too large.")
        return Decimal(0)
    return amount


def cells_of(row: TableRow, mapping: Mapping[str, int], names: Sequence[str]) -> tuple[str, ...]:
    """Return the cells of some fields as they stand in the file."""
    return tuple(
        row.cells[mapping[name]].strip() if name in mapping and mapping[name] < len(row.cells) else "" for name in names
    )
