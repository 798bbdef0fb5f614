"""The small test office: eight people, no customers; and shortcuts to make what a test needs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import event
from sqlalchemy.engine import Engine

from crmdesk.core.clock import FixedClock
from crmdesk.core.settings import Settings
from crmdesk.db.session import Database
from crmdesk.services.context import NOBODY, Context, Office, User
from crmdesk.services.office import load_policy, save_office
from crmdesk.services.staff import StaffForm, create_staff, find_staff

PASSWORD = "silver-925"

PEOPLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("boss", "林經理", ("manager", "administrator")),
    ("mei", "王小美", ("reception", "sales")),
    ("ming", "李阿明", ("packing", "repair")),
    ("fang", "周小芳", ("reception", "complaints")),
    ("wen", "張文華", ("packing",)),
    ("wu", "吳品管", ("complaints",)),
)

OFFICE = Office(
    company="天竺工坊",
    subtitle="銀飾批發",
    address="台中市西區公益路 68 號 3 樓",
    phone="04-2222-5678",
    currency="TWD",
    language="zh_TW",
    carriers=("新竹物流", "自取"),
    departments=("點貨", "品管", "製造"),
    places=("門廳", "商務室", "休閒廳"),
)


@dataclass(frozen=True)
class Staff:
    """The people of the test office."""

    boss: User
    mei: User
    ming: User
    fang: User
    wen: User
    wu: User

    @classmethod
    def of(cls, ctx: Context) -> Staff:
        """Read the people from the database; a test may have added more."""
        known = {login for login, _name, _roles in PEOPLE}
        rows = (row for row in find_staff(ctx) if row.login in known)
        return cls(**{row.login: User(row.id, row.login, row.name, row.roles) for row in rows})


def fill_office(db: Database, clock: FixedClock) -> None:
    """Write the office's settings and people into an empty database."""
    boss = User(None, "boss", "林經理", ("manager", "administrator"))
    ctx = Context(db, Settings(), NOBODY, clock, db.changes, "Reception 1", load_policy()).acting_as(boss)
    save_office(ctx, OFFICE)
    for login, name, roles in PEOPLE:
        create_staff(ctx, StaffForm(login, name, roles, PASSWORD), quick_hash=True)


class count_queries:
    """Count the statements inside a ``with`` block: ``with count_queries(ctx) as seen: …; assert len(seen) <= 6``."""

    def __init__(self, ctx: Context) -> None:
        self._engine: Engine = ctx.db.engine
        self.statements: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *details: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement != "BEGIN" and not statement.startswith("BEGIN "):  # SQLite says it aloud, PostgreSQL doesn't
            self.statements.append(statement)
