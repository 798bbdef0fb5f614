"""The Today board: what is overdue, due today and due this week for me, my station, my role, or everybody.

Read from the records each time (``services.duties``); a settled record is gone at once on every PC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.i18n import N_, _
from crmdesk.model.customer import Customer
from crmdesk.model.staff import StaffMember
from crmdesk.model.today import HandOn, Snooze
from crmdesk.rules.clauses import Number
from crmdesk.rules.deadlines import Due, Pause, due_number
from crmdesk.rules.pack_tables import in_language
from crmdesk.rules.rights import RIGHTS_TO_SEE, Right, rights_of
from crmdesk.services import today_query
from crmdesk.services.checklist_due import DueList, find_due_lists
from crmdesk.services.context import Context
from crmdesk.services.days import day_bounds
from crmdesk.services.deadlines import calendar_of, pauses_of
from crmdesk.services.duties import Chore, Duty
from crmdesk.services.duty_rows import CHORES, DUTIES
from crmdesk.services.records import StoryLine, find_timeline, story_of
from crmdesk.services.today_query import ROWS, Found, Whose

FILTERS = {
    "me": N_("My tasks"),
    "station": N_("This station"),
    "role": N_("My role"),
    "everybody": N_("All people"),
    "snoozed": N_("Snoozed"),
}
GROUPS = {"overdue": N_("Overdue"), "today": N_("Today"), "week": N_("Next 7 days")}
STATION_DESKS = {
    "reception": frozenset({"calls", "reception", "sales", "cash", "repairs", "complaints", "checklists"}),
    "packing": frozenset({"packing", "repairs", "checklists"}),
    "manager": frozenset({"complaints", "month", "approvals", "settings", "regulation"}),
}
WEEK = timedelta(days=7)
IMPORTS = ("imported", "updated")  # lines of a customer in which nobody said anything


@dataclass(frozen=True)
class Task:
    """One thing to do: what, for whom, why, when, and where it is settled. Moments are UTC."""

    duty: str
    row_id: int
    record_id: int
    desk: str
    kind: str
    argument: str
    arguments: tuple[tuple[str, Any], ...]
    customer: str
    title: str
    clause: str
    icon: str
    action: str
    due_at: datetime
    start: datetime | None
    number: Number | None
    group: str
    owner_id: int | None = None
    owner: str = ""
    snoozed_until: datetime | None = None
    snooze_reason: str = ""
    pauses: tuple[Pause, ...] = ()

    @property
    def key(self) -> tuple[str, int]:
        """What names the task from one reading to the next."""
        return self.duty, self.row_id


@dataclass(frozen=True)
class Board:
    """The tasks by due time, which groups have more than could be shown, and how many of mine are put off."""

    tasks: tuple[Task, ...] = ()
    more: frozenset[str] = frozenset()
    snoozed: int = 0

    def group(self, key: str) -> tuple[Task, ...]:
        """Return the tasks of overdue, today or week."""
        return tuple(task for task in self.tasks if task.group == key)

    def count(self, key: str) -> int:
        """Return how many of a group are shown."""
        return sum(1 for task in self.tasks if task.group == key)


def filters_of(ctx: Context) -> tuple[str, ...]:
    """Return the filters a person may choose: everybody's board is the manager's."""
    return tuple(key for key in FILTERS if key != "everybody" or ctx.may(Right.MONTH))


def get_board(ctx: Context, show: str = "me", *, rows: int = ROWS) -> Board:
    """Return what is due up to a week from now; ``show`` is a key of FILTERS.

    Nobody sees what he may not settle. PermissionDenied for everybody's board without the right.
    """
    ctx.require_staff()
    if show == "everybody":
        ctx.require(Right.MONTH)
    now, tonight = ctx.clock.now(), day_bounds(ctx.clock)[1]
    until = day_bounds(ctx.clock, ctx.clock.today() + WEEK)[0]
    duties, chores = _duties(ctx, show), _chores(ctx, show)
    with ctx.reading() as session:
        whose = _whose(ctx, session, show)
        snoozes = _snoozes(ctx, session)
        handed = _handed(ctx, session) if whose.mine is not None else {}
        more = rows + len(snoozes)
        found = today_query.read(session, today_query.statement(ctx, duties, until, whose, handed, more))
        names = _names(session, {row.customer_id for row in found if row.customer_id is not None})
        people = _people(session, {row.owner_id for row in found if row.owner_id not in (None, ctx.user.id)})
        pauses = _pauses(session, duties, found)
        tasks = [_task(ctx, duties[row.place], row, names, people, pauses, now, tonight) for row in found]
        tasks += [_chore(ctx, chore, at, now, tonight) for chore in chores if (at := chore.due(ctx, session))]
        if show != "station" or "checklists" in STATION_DESKS.get(ctx.settings.station, ()):
            tasks += [_due_list(due, now, tonight) for due in find_due_lists(session, ctx)]
    awake, asleep = _split(tasks, snoozes, until)
    shown = asleep if show == "snoozed" else awake
    shown.sort(key=_order)
    return Board(tuple(shown), _cut_off(awake, duties, found, rows), len(asleep))


def _order(task: Task) -> tuple[datetime, str, int]:
    return task.due_at, task.duty, task.row_id


def _duties(ctx: Context, show: str) -> list[Duty]:
    desks = STATION_DESKS.get(ctx.settings.station, frozenset()) if show == "station" else None
    known = (duty for duty in DUTIES if duty.counts(ctx))
    return [duty for duty in known if desks is None or not duty.desk or duty.desk in desks]


def _chores(ctx: Context, show: str) -> list[Chore]:
    desks = STATION_DESKS.get(ctx.settings.station, frozenset()) if show == "station" else None
    return [chore for chore in CHORES if chore.counts(ctx) and (desks is None or chore.desk in desks)]


def _whose(ctx: Context, session: Session, show: str) -> Whose:
    if show in ("everybody", "station"):
        return Whose()
    me = ctx.user.id or 0
    if show == "role":
        mine = set(ctx.user.roles)
        rows = session.execute(select(StaffMember.id, StaffMember.roles)).all()
        return Whose(frozenset({me} | {row.id for row in rows if mine & set(row.roles)}))
    return Whose(frozenset({me}), mine=me)


def _snoozes(ctx: Context, session: Session) -> dict[tuple[str, int], Snooze]:
    query = select(Snooze).where(Snooze.user_id == (ctx.user.id or 0), Snooze.until > ctx.clock.now())
    return {(row.duty, row.row_id): row for row in session.scalars(query)}


def _handed(ctx: Context, session: Session) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    query = select(HandOn.duty, HandOn.row_id).where(HandOn.to_id == (ctx.user.id or 0))
    for duty, row_id in session.execute(query):
        found.setdefault(duty, set()).add(row_id)
    return found


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    query = select(Customer.id, Customer.name).where(Customer.id.in_(sorted(ids)))
    return {row.id: row.name for row in session.execute(query)}


def _people(session: Session, ids: Iterable[int]) -> dict[int, str]:
    known = sorted(ids)
    if not known:
        return {}
    query = select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(known))
    return {row.id: row.name for row in session.execute(query)}


Stood = dict[str, dict[int, tuple[Pause, ...]]]


def _pauses(session: Session, duties: Sequence[Duty], found: Iterable[Found]) -> Stood:
    wanted: dict[str, set[int]] = {}
    for row in found:
        duty = duties[row.place]
        if duty.pauses and duty.start is not None:
            wanted.setdefault(duty.pauses, set()).add(row.record_id)
    return {kind: pauses_of(session, kind, sorted(ids)) for kind, ids in wanted.items()}


def _task(
    ctx: Context, duty: Duty, row: Found, names: dict[int, str], people: dict[int, str],
    pauses: Stood, now: datetime, tonight: datetime,
) -> Task:  # fmt: skip
    calendar = calendar_of(ctx)
    clause, number = duty.clause, None
    stood: tuple[Pause, ...] = ()
    if duty.promised:
        start = None
        due_at = calendar.end_of_day(row.day) if row.day is not None else row.at
    else:
        limit = duty.limit_of(ctx)
        assert limit is not None and row.at is not None
        clause, number = limit
        start = row.at
        stood = pauses.get(duty.pauses, {}).get(row.record_id, ())
        due_at = due_number(number, start, calendar, stood).at
    assert due_at is not None
    if row.clause in ctx.policy:
        clause = row.clause
    return Task(
        duty.key, row.row_id, row.record_id, duty.desk, row.kind or duty.kind, duty.argument, duty.arguments,
        names.get(row.customer_id or 0) or row.who, _(duty.title).format(name=row.name), clause, duty.icon,
        _(duty.action), due_at, start, number, _group(due_at, now, tonight), row.owner_id,
        people.get(row.owner_id or 0, ""), pauses=stood,
    )  # fmt: skip


def _chore(ctx: Context, chore: Chore, at: datetime, now: datetime, tonight: datetime) -> Task:
    arguments = tuple((chore.arguments(ctx) if chore.arguments is not None else {}).items())
    return Task(
        chore.key, 0, 0, chore.desk, "", "", arguments, "", _(chore.title), chore.clause, chore.icon,
        _(chore.action), at, None, None, _group(at, now, tonight),
    )  # fmt: skip


def _due_list(due: DueList, now: datetime, tonight: datetime) -> Task:
    found = due.template
    return Task(
        f"list_{found.key}", 0, 0, "checklists", "", "", (("key", found.key),), "",
        _("Do the list: {name}").format(name=in_language(found.title)), found.clause, "clipboard-check", _("Open"),
        due.at, None, None, _group(due.at, now, tonight),
    )  # fmt: skip


def _group(due_at: datetime, now: datetime, tonight: datetime) -> str:
    if due_at < now:
        return "overdue"
    return "today" if due_at < tonight else "week"


def _split(
    tasks: Iterable[Task], snoozes: dict[tuple[str, int], Snooze], until: datetime
) -> tuple[list[Task], list[Task]]:
    awake, asleep = [], []
    for task in tasks:
        if task.due_at >= until:  # a pause has moved it beyond the week
            continue
        put_off = snoozes.get(task.key)
        if put_off is None:
            awake.append(task)
        else:
            asleep.append(replace(task, snoozed_until=put_off.until, snooze_reason=put_off.reason))
    return awake, asleep


def _cut_off(tasks: Iterable[Task], duties: Sequence[Duty], found: Iterable[Found], rows: int) -> frozenset[str]:
    """Return the groups of which there are more: a duty read to its limit goes on behind its last row."""
    per_place = Counter(row.place for row in found)
    full = {duties[place].key for place, number in per_place.items() if number >= rows}
    order = list(GROUPS)
    last: dict[str, int] = {}
    for task in tasks:
        if task.duty in full:
            last[task.duty] = max(last.get(task.duty, 0), order.index(task.group))
    return frozenset(group for place in last.values() for group in order[place:])


# one task ---------------------------------------------------------------------------------------------------------


def due_of(ctx: Context, task: Task) -> Due | None:
    """Return why a task is due when it is; None when people promised the time."""
    if task.number is None or task.start is None:
        return None
    return due_number(task.number, task.start, calendar_of(ctx), task.pauses, clause=task.clause)


def find_last_said(ctx: Context, task: Task, *, limit: int = 4) -> list[StoryLine]:
    """Return the last lines of the record's story, newest first; a customer's tell of every desk, not of imports."""
    if not task.record_id or not any(ctx.may(right) for right in RIGHTS_TO_SEE.get(task.kind, ())):
        return []
    if task.kind == Customer.KIND:
        lines = find_timeline(ctx, task.record_id, limit=2 * limit)
        return [line for line in lines if line.action not in IMPORTS][:limit]
    with ctx.reading() as session:
        return story_of(session, task.kind, task.record_id, limit=limit)


def find_colleagues(ctx: Context, task: Task) -> list[tuple[int, str]]:
    """Return who else may settle a task, by name."""
    ctx.require_staff()
    duty = next((duty for duty in DUTIES if duty.key == task.duty), None)
    if duty is None:
        return []
    query = select(StaffMember.id, StaffMember.name, StaffMember.roles).where(StaffMember.active)
    with ctx.reading() as session:
        rows = session.execute(query.order_by(StaffMember.name)).all()
    return [
        (row.id, row.name)
        for row in rows
        if row.id not in (ctx.user.id, task.owner_id) and (duty.right is None or duty.right in rights_of(row.roles))
    ]
