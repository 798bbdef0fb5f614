"""Due times: computed from the clause, the start and the pauses each time they are asked for, never counted down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import _
from crmdesk.rules.clauses import Clause, Number
from crmdesk.rules.worktime import Interval, WorkCalendar, add_months, last_of_month

_MICROSECOND = timedelta(microseconds=1)
_FIRST_STEP = timedelta(hours=1)
_ELAPSED = {"seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock of a case stands still: why, and when somebody must look at it again."""

    start: datetime
    end: datetime | None  # None: still standing
    reason: str
    review_at: datetime

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise UserError(_("A pause needs a reason."))
        if self.end is not None and self.end < self.start:
            raise UserError(_("A pause can't end before it starts."))


@dataclass(frozen=True)
class Due:
    """When something is due and why; ``paused`` means the clock stands and ``at`` is the review of the pause."""

    at: datetime
    clause: str
    number: Number
    start: datetime
    calendar: WorkCalendar
    pauses: tuple[Pause, ...] = ()
    paused: bool = False

    @property
    def explanation(self) -> tuple[Interval, ...]:
        """The intervals that made the due time: worked and closed time, holidays, and the pauses laid over them."""
        return _explain(self)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the due time has passed."""
        return now > self.at


def due(clause: Clause, start: datetime, calendar: WorkCalendar, pauses: Sequence[Pause] = (), *, key: str = "") -> Due:
    """Return when a clause is due that began to run at ``start``.

    ``key`` names the number when the clause has several; whole days, weeks and months end with the office's closing,
    a weekday at the clause's time of day when it has one. UserError when the manager still has to set the number.
    """
    return due_number(clause.span(key), start, calendar, pauses, clause=clause.id, clock=clock_of(clause, key))


def due_number(
    number: Number,
    start: datetime,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    *,
    clause: str = "",
    clock: time | None = None,
) -> Due:
    """Return when a number of any clause is due; ``clock`` is the time of day a weekday ends at. Errors as ``due``."""
    value, start = _value(number, clause), start.astimezone(UTC)  # adding to local time forgets daylight changes
    at = _add(calendar, start, number.unit, value, clock)
    ordered = tuple(sorted(pauses, key=_begin)) if pauses else ()
    stand_until = start
    for pause in ordered:
        if pause.start >= at:
            break
        if pause.end is None:
            return Due(pause.review_at, clause, number, start, calendar, ordered, paused=True)
        begin = max(pause.start, stand_until)  # overlapping pauses count once
        if pause.end > begin:
            at = _extend(calendar, at, number.unit, begin, pause.end)
            stand_until = pause.end
    return Due(at, clause, number, start, calendar, ordered)


def latest_start(number: Number, calendar: WorkCalendar, moment: datetime, *, clock: time | None = None) -> datetime:
    """Return the last start whose due time has come at ``moment``: what began up to it is due, what began later isn't.

    The inverse of ``due``, exact to the microsecond, without pauses: with it one range of a start column answers
    "what is overdue" for any number of records. UserError as ``due``.
    """
    value, unit, moment = _value(number), number.unit, moment.astimezone(UTC)
    if _add(calendar, moment, unit, value, clock) <= moment:
        return moment
    late, step = moment, _FIRST_STEP  # at ``late`` it is not yet due
    early = moment - step
    while _add(calendar, early, unit, value, clock) > moment:
        late, step = early, step * 2
        early = moment - step
    while late - early > _MICROSECOND:
        middle = early + (late - early) // 2
        if _add(calendar, middle, unit, value, clock) <= moment:
            early = middle
        else:
            late = middle
    return early


def worked(calendar: WorkCalendar, begin: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> timedelta:
    """Return the working time used between two moments, without that in which the clock stood."""
    used, since = calendar.between(begin, end), begin
    for pause in sorted(pauses, key=_begin):
        start, stop = max(pause.start, since), min(pause.end or end, end)
        if start < stop:
            used -= calendar.between(start, stop)
            since = stop  # overlapping pauses count once
    return used


def clock_of(clause: Clause, key: str = "") -> time | None:
    """Return the time of day at which a clause's weekday ends (“Monday noon”), None when it names none."""
    if clause.span(key).unit != "weekday":
        return None
    times = [number.value for number in clause.numbers.values() if isinstance(number.value, time)]
    return times[0] if len(times) == 1 else None


def _begin(pause: Pause) -> datetime:
    return pause.start


def _value(number: Number, clause: str = "") -> Decimal | time:
    if number.value is None:
        raise UserError(
            _("The regulation gives no number for {clause} ({key}). Please ask the manager to set it.").format(
                clause=clause, key=number.name
            ),
            clause=clause,
        )
    return number.value if isinstance(number.value, time) else Decimal(number.value)


def _add(calendar: WorkCalendar, start: datetime, unit: str, value: Decimal | time, clock: time | None) -> datetime:
    if isinstance(value, time):  # the next time the clock shows it
        return _next_clock(calendar, start, calendar.local_day(start), value, 1)
    if unit in _ELAPSED:
        return start + _ELAPSED[unit] * float(value)
    if unit == "working_hours":
        return calendar.add_working_hours(start, value)
    whole, rest = int(value), value % 1
    if unit == "working_days":
        if rest:
            begin = calendar.add_working_hours(start, whole * calendar.hours.nominal_day)
            return calendar.add_working_hours(begin, rest * calendar.hours.nominal_day)
        return calendar.add_working_days(start, whole)
    if unit == "days" and rest:
        return start + timedelta(days=1) * float(value)
    day = calendar.local_day(start)
    if unit == "days":
        day += timedelta(days=whole)
    elif unit == "weeks":
        day += timedelta(weeks=whole)
    elif unit == "months":
        day = add_months(day, whole)
    elif unit == "years":
        day = add_months(day, 12 * whole)
    elif unit == "day_of_month":  # "by the 10th": of the month after the one reported on
        first = add_months(day.replace(day=1), 1)
        day = min(first + timedelta(days=whole - 1), last_of_month(first))
    elif unit == "month_end":  # 0: of this month
        day = last_of_month(add_months(day.replace(day=1), whole))
    elif unit == "weekday":
        day += timedelta(days=(whole - 1 - day.weekday()) % 7)
        if clock is not None:
            return _next_clock(calendar, start, day, clock, 7)
        if calendar.end_of_day(day) < start:
            day += timedelta(weeks=1)
    else:
        raise ValueError(f"{unit} is not a unit of time")
    end = calendar.end_of_day(day)
    if end < start:  # began after closing: the rest of that day still is that day
        local = start.astimezone(calendar.zone)
        end = local.replace(hour=23, minute=59, second=0, microsecond=0).astimezone(UTC)
    return max(end, start)


def _next_clock(calendar: WorkCalendar, start: datetime, day: date, clock: time, days: int) -> datetime:
    """Return the time of day on ``day``, or as many days later when it has passed at ``start``."""
    at = calendar.at(day, clock)
    return at if at >= start else calendar.at(day + timedelta(days=days), clock)


def _extend(calendar: WorkCalendar, at: datetime, unit: str, begin: datetime, end: datetime) -> datetime:
    """Move a due time on by a pause, measured in the unit the clause counts in."""
    if unit == "working_hours":
        return calendar.add_working_hours(at, Decimal(calendar.between(begin, end) / timedelta(hours=1)))
    if unit in _ELAPSED:
        return at + (end.astimezone(UTC) - begin.astimezone(UTC))
    first, last = calendar.local_day(begin), calendar.local_day(end)
    if unit == "working_days":
        count = calendar.working_days_between(first, last)
        return calendar.add_working_days(at, count) if count else at
    day = calendar.local_day(at) + (last - first)
    if unit in ("weekday", "clock"):
        return calendar.at(day, at.astimezone(calendar.zone).time())
    return calendar.end_of_day(day) if day != calendar.local_day(at) else at


def _explain(result: Due) -> tuple[Interval, ...]:
    pieces = result.calendar.explain(result.start, result.at)
    for pause in result.pauses:
        stop = pause.end or result.at
        cut: list[Interval] = []
        for piece in pieces:
            low, high = max(piece.start, pause.start), min(piece.end, stop)
            if low >= high or piece.kind == "pause":
                cut.append(piece)
                continue
            if piece.start < low:
                cut.append(Interval(piece.start, low, piece.kind, piece.note))
            cut.append(Interval(low, high, "pause", pause.reason))
            if high < piece.end:
                cut.append(Interval(high, piece.end, piece.kind, piece.note))
        pieces = cut
    return tuple(pieces)
