"""What somebody waits for, as data: which records of which desk, whose they are, when they are due, where they are
settled. The Today board, the counts of the rail and the reminders are all read from these rows; nothing is stored.

A row is due at a ``moment`` people promised (or a day), or as long after its ``start`` as the regulation says: its
``number`` in the clause, the ``matter``, or a ``limit`` that looks for itself. A start without any of them is due the
same day, when the office closes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import ColumnElement

from crmdesk.model.base import Base
from crmdesk.rules.clauses import Clause, Number
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context

Open = Callable[[Context], ColumnElement[bool]]
Limit = Callable[[Context], "tuple[Clause, Number] | None"]
Column = InstrumentedAttribute[Any] | ColumnElement[Any]

SAME_DAY = Number("same_day", Decimal(0), "days", "decimal")


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One kind of thing that waits: records of ``model`` that are ``open``, for those who have the ``right``.

    ``owner`` is a column with a staff id (None, or NULL in it: everybody with the right); ``hand_over`` its name where
    handing on may simply change it. ``who`` names the person where there is no ``customer``. ``page_argument`` is how
    the page of ``desk`` is told which ``record`` to open.
    """

    key: str
    desk: str
    title: str  # N_, with {name}
    model: type[Base]
    open: Open
    right: Right | None
    clause: str = ""  # shown only while the office works by it
    moment: Column | None = None
    moment_of: Callable[[Context], Column] | None = None  # ... or found anew each day
    day: bool = False  # ``moment`` is a day, not a time
    start: Column | None = None
    number: str = ""
    matter: str = ""
    limit: Limit | None = None
    owner: Column | None = None
    always_owned: bool = False  # ``open`` asks for an owner: there is nobody's row to look for
    hand_over: str = ""
    customer: Column | None = None
    who: Column | None = None
    name: Column | None = None
    name_of: Callable[[Context], Column] | None = None
    record: Column | None = None
    place: Column | None = None  # the kind of the record, where a row's desk is not known before
    row_clause: Column | None = None  # the clause, where each row names its own
    argument: str = "id"
    arguments: tuple[tuple[str, Any], ...] = ()  # what its page is told besides
    icon: str = "clipboard-check"
    action: str = ""  # N_: the word on the button
    pauses: str = ""  # the kind of record whose clock may stand
    depends: Callable[[Context], object] | None = None  # what else than day, person and office ``open`` looks at

    @property
    def kind(self) -> str:
        """The kind of record that is settled: its story tells of a handing on."""
        return self.pauses or self.model.KIND

    @property
    def record_id(self) -> Any:
        """The column with the id of the record that is opened."""
        return self.record if self.record is not None else self.model.id

    @property
    def promised(self) -> bool:
        """Whether the row itself says when it is due."""
        return self.moment is not None or self.moment_of is not None

    def due_column(self, ctx: Context) -> Column | None:
        """Return what holds the promised moment or day, None where it is counted from ``start``."""
        return self.moment_of(ctx) if self.moment_of is not None else self.moment

    def name_column(self, ctx: Context) -> Column | None:
        """Return what holds the name in the title."""
        return self.name_of(ctx) if self.name_of is not None else self.name

    def varies(self, ctx: Context) -> object:
        """Return what ``open`` depends on and may change during the day."""
        return self.depends(ctx) if self.depends is not None else None

    def limit_of(self, ctx: Context) -> tuple[str, Number] | None:
        """Return the clause and number its time is counted by; None when it is promised, or the office has none."""
        if self.limit is not None or self.matter:
            found = self.limit(ctx) if self.limit is not None else ctx.policy.setting(self.matter)
            return (found[0].id, found[1]) if found is not None and found[1].value is not None else None
        if self.number:
            number = ctx.policy.clause(self.clause).number(self.number)
            return (self.clause, number) if number.value is not None else None
        return (self.clause, SAME_DAY)

    def counts(self, ctx: Context) -> bool:
        """Whether this office, and this person, has the duty at all."""
        if self.right is not None and not ctx.may(self.right):
            return False
        if self.clause and self.clause not in ctx.policy:
            return False
        return self.promised or self.limit_of(ctx) is not None


@dataclass(frozen=True, kw_only=True)
class Chore:
    """Something that is due without a record to look at: ``due`` returns when, None while nothing is to be done."""

    key: str
    desk: str
    title: str
    right: Right | None
    due: Callable[[Context, Session], datetime | None]
    clause: str = ""
    icon: str = "clipboard-check"
    action: str = ""
    arguments: Callable[[Context], dict[str, Any]] | None = None  # what its page is told

    def counts(self, ctx: Context) -> bool:
        """Whether this office, and this person, has the chore at all."""
        return (self.right is None or ctx.may(self.right)) and (not self.clause or self.clause in ctx.policy)
