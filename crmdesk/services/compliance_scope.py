"""What the conditions of compliance are made from: numbers, now, limits in working time, ticks in stored lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, case, false, func, literal, select

from crmdesk.db.functions import list_has, seconds_between
from crmdesk.model.base import UtcDateTime
from crmdesk.model.complaint import Complaint
from crmdesk.model.history import Event
from crmdesk.rules.clauses import Number
from crmdesk.rules.deadlines import clock_of, due_number, latest_start
from crmdesk.rules.due_steps import DueStep, due_steps
from crmdesk.rules.policies import Policy
from crmdesk.rules.worktime import WorkCalendar
from crmdesk.services.deadlines import Stood

_DAY = timedelta(days=1)
LATER = timedelta(days=366)  # steps of a case that come even later than this after its month count as not in time

# When the steps of the month's complaints were taken, one row per complaint; the columns are named in ``STEPS``.
STEPS: Mapping[str, tuple[tuple[str, ...], bool]] = {  # name: actions, and whether the last one counts or the first
    "investigated": (("investigate",), False),
    "answered": (("propose", "not_upheld"), False),
    "completed": (("carry_out", "not_upheld"), True),
    "called_back": (("call_back",), True),
}
STEP_TIMES = (
    select(
        Event.record_id,
        *(
            (func.max if last else func.min)(Event.at).filter(Event.action.in_(actions)).label(name)
            for name, (actions, last) in STEPS.items()
        ),
    )
    .where(
        Event.kind == Complaint.KIND,
        Event.record_id.in_(
            select(Complaint.id).where(
                Complaint.received_at >= bindparam("first", type_=UtcDateTime()),
                Complaint.received_at < bindparam("last", type_=UtcDateTime()),
            )
        ),
    )
    .group_by(Event.record_id)
    .subquery("step_times")
)


@dataclass(frozen=True)
class Scope:
    """What the conditions of one month look at; ``stood`` are its complaints whose clock stood, with their steps."""

    policy: Policy
    now: datetime
    first: datetime
    last: datetime
    calendar: WorkCalendar
    overdue: ColumnElement[bool] = field(default_factory=false)  # open complaints whose finish is over
    latest: Mapping[str, datetime] = field(default_factory=dict)  # when each step was taken last
    stood: Mapping[int, Stood] = field(default_factory=dict)
    stood_steps: Mapping[int, Mapping[str, datetime]] = field(default_factory=dict)

    @property
    def moment(self) -> ColumnElement[datetime]:
        """Now, as a value of a query."""
        return literal(self.now, UtcDateTime())

    @property
    def end_of_day(self) -> float:
        """Seconds from a stored day's beginning in UTC to its end in the office."""
        offset = self.now.astimezone(self.calendar.zone).utcoffset() or timedelta(0)
        return 86_400 - offset.total_seconds()

    def in_time(self, clause_id: str, key: str, step: str, done: Any) -> ColumnElement[bool]:
        """Return whether ``done`` came by the limit from a step of the complaint (``received`` or one of ``STEPS``).

        NULL when either is missing; UserError while the manager still has to set the number. The limit may be in
        working time: its due times of the whole range of starts become a few comparisons; complaints whose clock
        stood are few and get a due time of their own.
        """
        number, clock = self._limit(clause_id, key)
        start: Any = _start(step)
        end = self.last if step == "received" else min(self.latest.get(step, self.first), self.last + LATER)
        steps = due_steps(number, self.calendar, self.first, max(end, self.first) + _DAY, clock=clock)
        own = {record_id: literal(due, UtcDateTime()) for record_id, due in self._own(number, clock, step).items()}
        in_time = and_(start.is_not(None), _compare(steps, start, done))
        if not own:
            return in_time
        return case((Complaint.id.in_(list(own)), done <= case(own, value=Complaint.id)), else_=in_time)

    def not_over(self, clause_id: str, key: str, step: str) -> ColumnElement[bool]:
        """Return whether the limit from a step is still ahead now; errors as ``in_time``."""
        number, clock = self._limit(clause_id, key)
        ahead = _start(step) > literal(latest_start(number, self.calendar, self.now, clock=clock), UtcDateTime())
        own = {record_id: due >= self.now for record_id, due in self._own(number, clock, step).items()}
        if not own:
            return ahead  # type: ignore[no-any-return]  # a comparison
        waiting = Complaint.id.in_([record_id for record_id, may in own.items() if may])
        return case((Complaint.id.in_(list(own)), waiting), else_=ahead)

    def _limit(self, clause_id: str, key: str) -> tuple[Number, time | None]:
        self.policy.value(clause_id, key)  # says what is missing
        clause = self.policy.clause(clause_id)
        return clause.number(key), clock_of(clause, key)

    def _own(self, number: Number, clock: time | None, step: str) -> dict[int, datetime]:
        """Return the due times of the complaints whose clock stood."""
        found = {}
        for record_id, entry in self.stood.items():
            begun = entry.start if step == "received" else self.stood_steps.get(record_id, {}).get(step)
            if begun is not None:
                found[record_id] = due_number(number, begun, self.calendar, entry.pauses, clock=clock).at
        return found


def _start(step: str) -> Any:
    return Complaint.received_at if step == "received" else STEP_TIMES.c[step]


def _compare(steps: Sequence[DueStep], start: Any, done: Any) -> ColumnElement[bool]:
    """Return the comparison with the step a start belongs to, found by halving: a handful of them for any month."""
    if len(steps) == 1:
        step = steps[0]
        if step.at is not None:
            return done <= literal(step.at, UtcDateTime())
        assert step.after is not None  # a step has one or the other
        return seconds_between(start, done) <= step.after.total_seconds()
    half = len(steps) // 2
    earlier = start < literal(steps[half - 1].until, UtcDateTime())
    return case((earlier, _compare(steps[:half], start, done)), else_=_compare(steps[half:], start, done))


def ticked(column: Any, *keys: str) -> ColumnElement[bool]:
    """Whether a stored list has all these entries."""
    return and_(*(list_has(column, literal(key, String())) for key in keys))


def count_true(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many of some conditions hold."""
    total: Any = literal(0)
    for condition in conditions:
        total = total + case((condition, 1), else_=0)
    return total  # type: ignore[no-any-return]  # a sum of numbers
