"""The fields of the customer archive (《客戶信息檔案》, CRM-22 to CRM-28), its sections, and the fields of the card.

The template has 42 fields. What the card holds already (salutation, address, phones, name, who is in charge) is not
kept twice: such a field names its ``source``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from crmdesk.core.i18n import N_, _

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "basic": N_("Basics"),
        "family": N_("Family"),
        "life": N_("Life and safety"),
        "home": N_("Home and property"),
        "social": N_("Social standing"),
        "values": N_("Values"),
    }
)

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "text": N_("Line of text"),
        "long": N_("Long text"),
        "date": N_("Day"),
        "birthday": N_("Birthday"),
        "choice": N_("Choice"),
        "yesno": N_("Yes or no"),
        "phone": N_("Phone number"),
        "number": N_("Number"),
    }
)

YES, NO = "yes", "no"
#: How long a value may be, by kind; the rest is one line.
LONGEST: Mapping[str, int] = MappingProxyType({"long": 2000, "text": 200, "choice": 40, "phone": 40, "number": 20})
MOST_OWN = 60  # fields an office may add
MOST_CHOICES = 40


@dataclass(frozen=True, slots=True)
class ArchiveField:
    """One field of the archive: where it stands, what it takes, and whether it is shown only with the right to.

    ``source`` names the field of the card that holds it; ``choices`` are stored keys with their titles; ``hint`` says
    what belongs into it.
    """

    key: str
    section: str
    title: str
    kind: str = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    protected: bool = False
    source: str = ""
    clause: str = ""
    hidden: bool = False
    own: bool = False
    renamed: bool = False

    @property
    def name(self) -> str:
        """Return its title in the language of the screen; a title the manager wrote stands as written."""
        return self.title if self.own or self.renamed else _(self.title)

    @property
    def hint_words(self) -> str:
        """Return what belongs into it, in the language of the screen."""
        return _(self.hint) if self.hint else ""

    def choice_words(self, value: str) -> str:
        """Return a stored choice as it is read; one that is no longer offered stands as it was kept."""
        title = dict(self.choices).get(value)
        if title is None:
            return value
        return title if self.own else _(title)


def _field(
    key: str, section: str, title: str, kind: str = "text", hint: str = "", *,
    choices: tuple[tuple[str, str], ...] = (), protected: bool = False, source: str = "",
) -> ArchiveField:  # fmt: skip
    return ArchiveField(key, section, title, kind, hint, choices, protected or section == "family", source,
                        _CLAUSES[section])  # fmt: skip


_CLAUSES = {
    "basic": "CRM-23", "family": "CRM-24", "life": "CRM-25", "home": "CRM-26", "social": "CRM-27", "values": "CRM-28",
}  # fmt: skip
_MARITAL = (("single", N_("Single")), ("married", N_("Married")), ("divorced", N_("Divorced")),
            ("widowed", N_("Widowed")))  # fmt: skip
_SOCIAL = (("much", N_("Very fond of company")), ("some", N_("Now and then")), ("little", N_("Keeps to few people")))
_STRENGTH = (("strong", N_("Holds to own views")), ("open", N_("Listens to others")), ("follows", N_("Follows others")))

#: The 42 fields in the order and with the numbers of the template.
FIELDS: tuple[ArchiveField, ...] = (
    _field("gender", "basic", N_("Sex"), "choice", source="gender"),
    _field("address", "basic", N_("Postal address"), source="address"),
    _field("company_address", "basic", N_("Company and its address"), "text", N_("Address of the company")),
    _field("office_phone", "basic", N_("Office phone"), "phone"),
    _field("home_phone", "basic", N_("Home phone"), "phone"),
    _field("mobile_phone", "basic", N_("Mobile phone"), "phone", source="phones"),
    _field("native_place", "basic", N_("Native place"), "text", N_("Where the family comes from")),
    _field("education", "basic", N_("Education"), "text", N_("Highest degree, school, minds being asked?")),
    _field("family_state", "family", N_("Family situation"), "long", N_("Income, harmony")),
    _field("marital", "family", N_("Marital status"), "choice", choices=_MARITAL),
    _field("spouse", "family", N_("Spouse"), "text", N_("Name, phone, employer")),
    _field("spouse_education", "family", N_("Spouse's education")),
    _field("spouse_interests", "family", N_("Spouse's interests")),
    _field("parents", "family", N_("Parents"), "long", N_("Age, health, interests")),
    _field("children", "family", N_("Children"), "long", N_("Birth date, interests, school")),
    _field("closest", "family", N_("Closest person in the family")),
    _field("dining", "life", N_("Favourite places to eat"), "text", N_("Lunch or dinner, where, how expensive")),
    _field("shopping", "life", N_("Favourite shops")),
    _field("dishes", "life", N_("Favourite dishes"), "text", N_("Chinese or Western, Sichuan or Cantonese…")),
    _field("drinking", "life", N_("Drinking"), "text", N_("Drinks? What? Minds others drinking?")),
    _field("smoking", "life", N_("Smoking"), "text", N_("Smokes? What? Minds others smoking?")),
    _field("health", "life", N_("Health"), "long", N_("Earlier illnesses, how it is now"), protected=True),
    _field("travel", "life", N_("Means of travel"), "text", N_("For long journeys")),
    _field("organisations", "life", N_("Organisations"), "text", N_("E.g. chamber of commerce, association")),
    _field("sociability", "life", N_("Social life"), "choice", choices=_SOCIAL),
    _field("home_now", "home", N_("Present home"), "long", N_("Where, bought when, risen in value? Content?")),
    _field("property", "home", N_("Property held as investment"), "long",
           N_("Commercial? Where? How is it doing? Further plans?"), protected=True),
    _field("ideal_home", "home", N_("Ideal home"), "long",
           N_("Minds most: planning, layout, surroundings, facilities, greenery, quality, brand")),
    _field("why_buy", "home", N_("Reason for buying")),
    _field("bought_here", "home", N_("Bought from us"), "long", N_("What, how much, for whom")),
    _field("knows_us", "home", N_("What the customer knows of our house"), "long"),
    _field("minds_others", "home", N_("Minds who the other customers are"), "yesno"),
    _field("position", "social", N_("Position")),
    _field("car", "social", N_("Make of car")),
    _field("car_number", "social", N_("Car number")),
    _field("dress", "social", N_("Dress")),
    _field("news_from", "social", N_("Main source of information")),
    _field("admires", "social", N_("Admires most")),
    _field("career_aims", "values", N_("Aims at work"), "long", N_("In the long and in the short run")),
    _field("personal_aims", "values", N_("Personal aims"), "long", N_("In the long and in the short run")),
    _field("proudest", "values", N_("Proudest of"), "long"),
    _field("views", "values", N_("Own views"), "choice", choices=_STRENGTH),
)  # fmt: skip

BY_KEY: Mapping[str, ArchiveField] = MappingProxyType({field.key: field for field in FIELDS})

#: Fields of the card that count for "how complete", besides the template's (CRM-20, CRM-22).
CARD_FIELDS = ("name", "gender", "company", "kind", "owner_id", "since", "phones", "region", "address", "likes",
               "avoid", "birthday", "contacts", "origin", "occupation")  # fmt: skip

ORIGINS: Mapping[str, str] = MappingProxyType(
    {"": N_("Not given"), "call": N_("Telephone call"), "visit": N_("Visit"), "sourced": N_("Sourced contact"),
     "referral": N_("Referral"), "website": N_("Website"), "other": N_("Other")}
)  # fmt: skip
CARE_LEVELS: Mapping[str, str] = MappingProxyType(
    {"": N_("None"), "ordinary": N_("Ordinary"), "important": N_("Important")}
)
CONSENTS: Mapping[str, str] = MappingProxyType(
    {"": N_("Not asked yet"), "yes": N_("Yes"), "phone": N_("By phone only"), "mail": N_("By mail only"),
     "no": N_("No")}
)  # fmt: skip
#: How a customer came by the word of others (REFER-01 to REFER-05).
REFERRAL_WAYS: Mapping[str, str] = MappingProxyType(
    {"": N_("Not given"), "chain": N_("Introduced by a customer"), "core": N_("Through a core person"),
     "observed": N_("By own observation"), "cross": N_("Through another trade"),
     "event": N_("At a party of ours")}
)  # fmt: skip
GREETINGS: Mapping[str, str] = MappingProxyType(
    {"": N_("None"), "phone": N_("Phone call"), "flowers": N_("Flowers"), "cake": N_("Cake")}
)
RELATION_GRADES = ("", "A", "B", "C")


def with_changes(field: ArchiveField, *, title: str, section: str, kind: str, hidden: bool, protected: bool,
                 choices: tuple[str, ...] = ()) -> ArchiveField:  # fmt: skip
    """Return a field of the template as the manager changed it; what is empty stays as the template has it."""
    return replace(
        field,
        title=title or field.title,
        renamed=bool(title),
        section=section if section in SECTIONS else field.section,
        kind=kind if kind in KINDS and not field.source else field.kind,
        choices=tuple((text, text) for text in choices) or field.choices,
        hidden=hidden,
        protected=protected,
    )
