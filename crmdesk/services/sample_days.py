"""What the sample office's days are made from: people, goods, chance, and the events they leave."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from crmdesk.db.bulk import reserve_ids
from crmdesk.model.base import Base, table_of
from crmdesk.rules.worktime import WorkCalendar
from crmdesk.services.context import Context, User
from crmdesk.services.items import ItemRow


@dataclass(frozen=True)
class Person:
    """A customer as the made-up days need one."""

    id: int
    name: str
    kind: str
    grade: str
    region: str
    address: str
    phone: str
    code: str = ""
    birthday: str = ""


@dataclass
class Days:
    """Everything the days are made from, and the events they leave."""

    ctx: Context
    chance: random.Random
    pools: Mapping[str, Any]
    archive: Mapping[str, Any]
    staff: Mapping[str, User]
    people: list[Person]
    items: list[ItemRow]
    calendar: WorkCalendar
    today: date
    events: list[dict[str, Any]] = field(default_factory=list)
    counters: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def whole(self) -> Person | None:
        """The customer whose archive is nearly full: the example of the house."""
        return next((person for person in self.people if person.code == self.archive["whole"]["code"]), None)

    def number(self, series: str, period: str) -> int:
        """Count a series as its counter would."""
        self.counters[series, period] = self.counters.get((series, period), 0) + 1
        return self.counters[series, period]

    def moment(self, day: date, hour: float) -> datetime:
        """Return a time of a local day, in UTC; never later than now."""
        at = datetime.combine(day, time(), self.ctx.clock.zone) + timedelta(hours=hour)
        return min(at.astimezone(UTC), self.ctx.clock.now())

    def who(self, *roles: str) -> User:
        """Choose somebody who has one of the roles."""
        fitting = [user for user in self.staff.values() if set(roles) & set(user.roles)]
        return self.chance.choice(fitting or list(self.staff.values()))

    def note(self, kind: str, record: Mapping[str, Any], at: datetime, by: User, action: str, title: str,
             values: Mapping[str, Any] | None = None, note: str = "", to_state: str = "") -> None:  # fmt: skip
        """Keep an event; its record's id is known after the records were written."""
        self.events.append(
            {
                "at": at, "user_id": by.id, "user_name": by.name, "station": "", "kind": kind, "record": record,
                "customer_id": record.get("customer_id"), "action": action, "from_state": "", "to_state": to_state,
                "title": title, "values": dict(values or {}), "note": note,
            }
        )  # fmt: skip


def insert_all(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows and put an id of its own into each."""
    if not rows:
        return
    table = table_of(model)
    for row, record_id in zip(rows, reserve_ids(session, table, len(rows)), strict=True):
        row["id"] = record_id
    plain = [{key: value for key, value in row.items() if not key.startswith("_")} for row in rows]
    session.connection().execute(insert(table), plain)


def busy(made: Days, day: date, average: float) -> int:
    """Return how many of something a day brings: fewer this morning, more on Saturdays."""
    factor = 0.35 if day == made.today else 1.3 if day.weekday() == 5 else 1.0
    return max(0, round(made.chance.gauss(average * factor, average * factor / 4)))
