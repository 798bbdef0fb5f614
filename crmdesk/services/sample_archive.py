"""What the sample office knows of its customers beyond the card: contacts, family, the 42 fields, who brought whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from crmdesk.core.birthdays import Birthday, key_of, lunar_day
from crmdesk.core.phone import tail_key
from crmdesk.model.archive import CustomerValue, Relative
from crmdesk.model.base import table_of
from crmdesk.model.customer import Contact, Customer
from crmdesk.services.archive import recount
from crmdesk.services.sample_days import Days, Person

Rows = list[dict[str, Any]]
WORDS = (3, 6, 12, 20)  # how many fields are filled: some hardly any, few nearly all
_NEAR = (1, 2, 3)  # days until the lunar birthdays that come
_DEAL_YEARS = range(1955, 1999)


def write_archive(session: Session, made: Days) -> None:
    """Fill the archive to different degrees: shops well, the others little, one nearly whole."""
    values, relatives, contacts = _values(made), _relatives(made), _contacts(made)
    for model, rows in ((CustomerValue, values), (Relative, relatives), (Contact, contacts)):
        session.execute(insert(table_of(model)), rows)
    table = table_of(Customer)
    changes = _marks(made)
    names = [name for name in changes[0] if name != "customer"]
    session.connection().execute(
        update(table).where(table.c.id == bindparam("customer")).values({n: bindparam(n + "_") for n in names}),
        [{"customer": row["customer"]} | {n + "_": row[n] for n in names} for row in changes],
    )
    recount(session)


def _shops(made: Days) -> list[Person]:
    return [person for person in made.people if person.kind in ("wholesale", "franchise")]


def _values(made: Days) -> Rows:
    pool, chance, whole = made.archive["values"], made.chance, made.whole
    rows: Rows = []
    for person in made.people:
        if person is whole or chance.random() < (0.25 if person.kind in ("wholesale", "franchise") else 0.7):
            continue
        keys = chance.sample(sorted(pool), chance.choice(WORDS))
        rows += [{"customer_id": person.id, "key": key, "value": chance.choice(pool[key])} for key in keys]
    if whole is not None:
        rows += [{"customer_id": whole.id, "key": key, "value": value}
                 for key, value in made.archive["whole"]["values"].items()]  # fmt: skip
    return rows


def _relatives(made: Days) -> Rows:
    """Families: three birthdays by the moon within the next days, one of them of a shop everybody knows."""
    pool, chance, rows = made.archive["family"], made.chance, []
    for place, person in enumerate(chance.sample(_shops(made), min(50, len(_shops(made))))):
        for relation in chance.sample(pool["relations"], chance.choice((1, 1, 2))):
            day = made.today + timedelta(days=_NEAR[place]) if place < len(_NEAR) else None
            rows.append(_relative(made, person, relation, _birthday(made, lunar_day(day) if day else None)))
    if (whole := made.whole) is not None:
        mother = lunar_day(made.today + timedelta(days=2))
        born = Birthday(mother.month, mother.day, 1942, lunar=True).text
        rows.append(_relative(made, whole, "媽媽", born, "李王秀枝"))
        rows.append(_relative(made, whole, "女兒", "1998-06-14", "陳思妤", "0912-345-679"))
    return rows


def _relative(
    made: Days, person: Person, relation: str, birthday: str, name: str = "", phone: str = ""
) -> dict[str, Any]:
    return {
        "customer_id": person.id, "relation": relation, "name": name or person.name[:1] + made.chance.choice(
            made.archive["contacts"]["given"]
        ), "birthday": birthday, "birthday_key": key_of(birthday), "phone": phone,
        "greeting": made.chance.choice(made.archive["family"]["greetings"]), "note": "",
    }  # fmt: skip


def _birthday(made: Days, near: Birthday | None = None) -> str:
    """Return a birthday as it is kept: by the moon for one in three, without a year for some."""
    chance = made.chance
    year = chance.choice(_DEAL_YEARS) if chance.random() < 0.8 else None
    if near is not None:
        return Birthday(near.month, min(near.day, 29), None, lunar=True).text
    day = Birthday(chance.randint(1, 12), chance.randint(1, 28), year)
    return Birthday(day.month, day.day, None, lunar=True).text if chance.random() < 0.33 else day.text


def _contacts(made: Days) -> Rows:
    pool, chance, rows = made.archive["contacts"], made.chance, []
    for place, person in enumerate(chance.sample(_shops(made), min(90, len(_shops(made))))):
        for role in chance.sample(pool["roles"], chance.choice((1, 1, 2))):
            birthday = _birthday(made) if chance.random() < 0.6 else ""
            phone = f"0937-{chance.randint(100, 999)}-{chance.randint(100, 999)}"
            rows.append(
                {
                    "customer_id": person.id, "name": chance.choice("王林陳張李黃吳") + chance.choice(pool["given"]),
                    "role": role, "phone": phone, "tail": tail_key(phone), "birthday": birthday,
                    "birthday_key": key_of(birthday), "note": "", "gender": chance.choice(("m", "f")),
                    "hobbies": chance.choice(pool["hobbies"]) if chance.random() < 0.5 else "",
                    "relation_grade": chance.choice(("A", "B", "B", "C", "")), "emergency": place % 6 == 0,
                    "left_on": made.today - timedelta(days=40) if place % 17 == 16 else None,
                }
            )  # fmt: skip
    return rows


def _marks(made: Days) -> Rows:
    """How the office came to know them, what they do, who keeps the file, who brought them (CRM-11, REFER-01)."""
    pool, chance = made.archive["marks"], made.chance
    keepers = [user.id for user in made.staff.values() if {"complaints", "sales"} & set(user.roles)]
    shops = _shops(made)
    rows: Rows = []
    for place, person in enumerate(made.people):
        shop = person.kind in ("wholesale", "franchise")
        above = [other for other in shops if other.id < person.id][-12:]
        brought = bool(above) and chance.random() < 0.08
        rows.append(
            {
                "customer": person.id, "origin": "referral" if brought else chance.choice(pool["origins"]),
                "occupation": chance.choice(pool["occupations"]) if shop or chance.random() < 0.3 else "",
                "custodian_id": chance.choice(keepers) if shop and chance.random() < 0.8 else None,
                "referrer_id": chance.choice(above).id if brought else None,
                "referral_way": "chain" if brought else "", "core": shop and place % 29 == 0,
                "may_contact": chance.choice(("yes", "yes", "", "phone", "mail")) if shop else "",
                "care_level": {"A": "important", "B": "ordinary"}.get(person.grade, "") if shop else "",
            }
        )  # fmt: skip
    if made.whole is not None:
        known = next(row for row in rows if row["customer"] == made.whole.id)
        known |= {"occupation": "銀樓", "origin": "sourced", "may_contact": "yes", "core": True}
    return rows
