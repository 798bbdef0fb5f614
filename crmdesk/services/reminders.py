"""When the program speaks up by itself: the warning steps of the clauses, a summary at opening and before closing.

Nothing is stored with the records: this PC remembers the last moment it looked, and says each step that has come since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crmdesk.core.i18n import _, dotted, ngettext
from crmdesk.rules.warnings import moment_of
from crmdesk.services.context import Context
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.today import Board, Task

BEFORE_CLOSING = timedelta(minutes=30)
DEFAULT_STEPS = ("due",)  # of a clause whose pack names none


@dataclass(frozen=True)
class Memory:
    """What this PC remembers of its reminders: when it looked last, and the days whose summaries were said."""

    seen: datetime | None = None
    opened: date | None = None
    closed: date | None = None


@dataclass(frozen=True)
class Spoken:
    """What is to be said now (empty: nothing), in which tone, and what to remember then."""

    memory: Memory
    text: str = ""
    tone: str = "info"


def speak(ctx: Context, board: Board, memory: Memory) -> Spoken:
    """Return what is to be said now; outside the opening hours nothing is."""
    now, day, calendar = ctx.clock.now(), ctx.clock.today(), calendar_of(ctx)
    looked = Memory(now, memory.opened, memory.closed)
    opening, closing = calendar.opening(day), calendar.closing(day)
    if opening is None or closing is None or not opening <= now < closing:
        return Spoken(looked)
    if memory.opened != day:
        return Spoken(Memory(now, day, memory.closed), _summary(_("Today: {counts}."), board))
    if memory.closed != day and now >= closing - BEFORE_CLOSING:
        return Spoken(Memory(now, day, day), _summary(_("Before closing: {counts}."), board))
    since = memory.seen if memory.seen is not None and memory.seen <= now else now  # a clock set back repeats nothing
    return Spoken(looked, *_words(ctx, find_steps(ctx, board, since, now)))


def find_steps(ctx: Context, board: Board, since: datetime, now: datetime) -> list[tuple[Task, str]]:
    """Return the warning steps that have come after ``since`` and up to ``now``, the last one of each task."""
    found = []
    for task in board.tasks:
        known = task.clause in ctx.policy
        steps = (ctx.policy.clause(task.clause).warnings if known else ()) or DEFAULT_STEPS
        come = []
        for step in steps:
            if step.endswith("%") and task.start is None:
                continue  # a time people promised has no beginning
            at = moment_of(step, task.start or task.due_at, task.due_at)
            if since < at <= now:
                come.append((at, step))
        if come:
            found.append((task, max(come)[1]))
    return found


def _summary(sentence: str, board: Board) -> str:
    late, today = board.count("overdue"), board.count("today")
    if not late and not today:
        return ""
    counts = [
        ngettext("{count} overdue", "{count} overdue", late).format(count=late) if late else "",
        ngettext("{count} due today", "{count} due today", today).format(count=today) if today else "",
    ]
    return sentence.format(counts=dotted(*counts))


def _words(ctx: Context, steps: list[tuple[Task, str]]) -> tuple[str, str]:
    if not steps:
        return "", "info"
    late = any(task.group == "overdue" for task, _step in steps)
    if len(steps) > 1:
        words = ngettext("{count} task needs you: see Today.", "{count} tasks need you: see Today.", len(steps))
        return words.format(count=len(steps)), "warning" if late else "info"
    task = steps[0][0]
    who = _("{name}: {what}").format(name=task.customer, what=task.title) if task.customer else task.title
    local = ctx.clock.local(task.due_at)
    sentence = _("{what}. It was due at {time}.") if late else _("{what}. Due at {time}.")
    time = f"{local:%H:%M}" if local.date() == ctx.clock.today() else f"{local:%m-%d %H:%M}"
    return sentence.format(what=who, time=time), "warning" if late else "info"
