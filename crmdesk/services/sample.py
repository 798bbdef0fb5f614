"""The sample office: people, customers, catalogue and three months of days, made up but written as offices write."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import tomli
from sqlalchemy import select

from crmdesk.core.i18n import N_
from crmdesk.core.paths import resource
from crmdesk.model.complaint import Complaint
from crmdesk.model.staff import StaffMember
from crmdesk.services import complaints
from crmdesk.services.context import Context, Office, User
from crmdesk.services.imports import import_customers, import_items
from crmdesk.services.office import load_office, save_office
from crmdesk.services.sample_history import write_history
from crmdesk.services.staff import find_staff, hash_password

SAMPLE_PASSWORD = "sample-925"  # the README tells it; a real office sets its own passwords
DAYS = 92

Progress = Callable[[int, int], None]


def read_sample(name: str) -> dict[str, Any]:
    """Return one of the sample office's data files."""
    return tomli.loads(resource("sample", name).read_text(encoding="utf-8"))


def fill_sample(ctx: Context, seed: int = 1, progress: Progress | None = None) -> Context:
    """Fill a new office with the sample and return the context with the office's settings.

    The same seed and clock give the same office. Accounts that exist are kept; the others get SAMPLE_PASSWORD.
    ``progress(done, total)`` may raise to cancel between the steps.
    """
    tell = progress or _silent
    data = read_sample("office.toml")
    _write_staff(ctx, data["staff"])
    people = {row.login: row for row in find_staff(ctx)}
    chief = next(row for row in people.values() if {"manager", "administrator"} <= set(row.roles))
    ctx = ctx.acting_as(User(chief.id, chief.login, chief.name, chief.roles))
    ctx = _write_office(ctx, data)
    tell(1, 10)
    import_items(ctx, resource("sample", "items.csv"))
    tell(2, 10)
    import_customers(ctx, resource("sample", "customers.csv"))
    tell(3, 10)
    staff = {login: User(row.id, row.login, row.name, row.roles) for login, row in people.items()}
    write_history(
        ctx, random.Random(seed), read_sample("history.toml"), read_sample("archive.toml"), staff, DAYS, tell
    )
    _propose(ctx, staff)
    tell(10, 10)
    return ctx


def _propose(ctx: Context, staff: Mapping[str, User]) -> None:
    """Let one proposal wait for the manager, so that the approvals aren't empty."""
    people = {user.id: user for user in staff.values()}
    query = select(Complaint).where(Complaint.state == "investigating").order_by(Complaint.id.desc())
    with ctx.reading() as session:
        found = session.scalars(query.limit(1)).first()
    if found is None or found.handler_id == ctx.user.id or found.handler_id not in people:
        return
    values = {"upheld": True, "cause": found.story, "proposal": found.wish or found.title, "remedy": "exchange",
              "loss": Decimal(680)}  # fmt: skip
    complaints.act(ctx.acting_as(people[found.handler_id]), found.id, found.version, "propose", values)


def _write_staff(ctx: Context, staff: list[dict[str, Any]]) -> None:
    stored = hash_password(SAMPLE_PASSWORD, quick=True)
    known = {row.login for row in find_staff(ctx, all_members=True)}
    with ctx.transaction(N_("Fill the sample office")) as session:
        for person in staff:
            if person["login"] not in known:
                session.add(
                    StaffMember(
                        login=person["login"],
                        name=person["name"],
                        roles=list(person["roles"]),
                        password_hash=stored,
                        created_at=ctx.clock.now(),
                    )
                )


# A shop with a lunch gap on weekdays and shorter Sundays, so that every kind of day can be seen.
_HOURS = (*("09:00-12:00 13:00-18:00",) * 5, "09:00-18:00", "10:00-17:00")


def _write_office(ctx: Context, data: dict[str, Any]) -> Context:
    company = data["company"]
    was_set_up = load_office(ctx.db)
    office = Office(
        company=company["name"] if was_set_up.company == Office().company else was_set_up.company,
        subtitle=company["subtitle"],
        address=company["address"],
        phone=company["phone"],
        currency=was_set_up.currency,
        language=was_set_up.language,
        home=company["region"],
        hours=_HOURS,
        holidays=company["region"],
        locker_keys=data["lockers"]["last"],
        carriers=tuple(carrier["name"] for carrier in data["carriers"]),
        departments=tuple(dict.fromkeys(person["department"] for person in data["staff"])),
        places=was_set_up.places,
        packs=was_set_up.packs,
    )
    save_office(ctx, office)
    return replace(ctx, office=office)


def _silent(done: int, total: int) -> None:
    """Tell nobody."""
