"""The history of a customer in words: field by field, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crmdesk.core import birthdays
from crmdesk.core.i18n import N_, _
from crmdesk.rules.archive import CARE_LEVELS, CONSENTS, GREETINGS, ORIGINS, REFERRAL_WAYS, ArchiveField
from crmdesk.services.archive_fields import value_words
from crmdesk.services.customer_forms import FIELD_TITLES, GENDERS, KINDS

_ROWS = {"customer_phone": N_("Phone"), "contact": N_("Contact person"), "relative": N_("Family member")}
_TITLES = {
    "hobbies": N_("Hobbies"), "relation_grade": N_("Relation grade"), "left_on": N_("Left on"),
    "emergency": N_("In an emergency"), "relation": N_("Relation"), "greeting": N_("Greeting"),
    "number": N_("Phone number"), "phone": N_("Phone number"), "role": N_("Role"),
}  # fmt: skip
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS, "gender": GENDERS, "origin": ORIGINS, "care_level": CARE_LEVELS, "may_contact": CONSENTS,
    "referral_way": REFERRAL_WAYS, "greeting": GREETINGS,
}  # fmt: skip
_UNSAID = frozenset({"position", "customer_id"})


def changed_words(name: str, change: list[Any], fields: Mapping[str, ArchiveField]) -> str:
    """Return one field of the history in words: 地區：台中 → 彰化; '' for what nobody asks about.

    ``fields`` are those of the archive by their keys, the hidden ones too.
    """
    table, _sign, rest = name.partition("#")
    column = rest.partition(".")[2] if rest else name
    if column in _UNSAID:
        return ""
    archive = fields.get(name.removeprefix("archive.")) if name.startswith("archive.") else None
    if archive is not None:
        title, words = archive.name, [value_words(archive, str(value)) if value else "—" for value in change]
    else:
        title = _(_ROWS[table]) if rest and table in _ROWS else _(FIELD_TITLES.get(column, _TITLES.get(column, column)))
        words = [_value_words(column, value) for value in change]
    return _("{field}: {before} → {after}").format(field=title, before=words[0], after=words[1])


def _value_words(column: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, ""):
        return "—"
    if column == "birthday":
        return birthdays.shown(str(value))
    title = _CHOICES.get(column, {}).get(str(value))
    return _(title) if title else str(value)
