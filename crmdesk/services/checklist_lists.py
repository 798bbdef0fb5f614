"""Reading checklists: those of a day, those of the past, one with its lines, and what closing time asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import clean
from crmdesk.model.checklist import Checklist, ChecklistTick
from crmdesk.rules import checklists as rules
from crmdesk.rules.pack_tables import Line
from crmdesk.rules.rights import Right
from crmdesk.services.checklist_checks import CHECKS
from crmdesk.services.checklist_forms import LineRow, ListRow, Seen, Sheet, Template, TickRow
from crmdesk.services.checklist_templates import templates_of
from crmdesk.services.context import Context
from crmdesk.services.deadlines import hours_of

FILTERS = {"today": N_("Today"), "open": N_("Left open"), "past": N_("Earlier days")}
_TICK_COLUMNS = (
    ChecklistTick.checklist_id, ChecklistTick.line, ChecklistTick.fault, ChecklistTick.by_id, ChecklistTick.by,
    ChecklistTick.at, ChecklistTick.second_id, ChecklistTick.second, ChecklistTick.second_at, ChecklistTick.note,
    ChecklistTick.photo.is_not(None).label("has_photo"),
)  # fmt: skip
_PART = 5000  # lists in one statement


def find_checklists(ctx: Context, query: str = "", *, show: str = "today", limit: int = 300) -> list[ListRow]:
    """Return lists of the desks the user works at, in at most three statements.

    ``show`` is a key of FILTERS: today's (daily ones are there by themselves, begun or not), those of other days that
    were never done, or all of other days, the newest first.
    """
    ctx.require(Right.CALL)
    today = ctx.clock.today()
    wanted = select(Checklist)
    if show == "today":
        wanted = wanted.where(Checklist.day == today, Checklist.station.in_(("", ctx.station)))
    else:
        wanted = wanted.where(Checklist.day < today).order_by(Checklist.day.desc(), Checklist.id.desc()).limit(limit)
        if show == "open":
            wanted = wanted.where(Checklist.state == "open")
    with ctx.reading() as session:
        templates = templates_of(session, ctx)
        rows = _rows(session, ctx, wanted, templates)
    if show == "today":
        rows = sorted(_with_daily(ctx, rows, templates, today), key=_order(templates))
    typed = clean(query).casefold()
    return [row for row in rows if ctx.may(rules.right_of(row.desk)) and typed in row.name.casefold()]


def find_of_record(ctx: Context, kind: str, record_id: int) -> list[ListRow]:
    """Return the lists that were begun for a record, the newest first."""
    ctx.require_to_see(kind)
    wanted = select(Checklist).where(Checklist.kind == kind, Checklist.record_id == record_id)
    with ctx.reading() as session:
        return _rows(session, ctx, wanted.order_by(Checklist.id.desc()), {})


def get_checklist(ctx: Context, checklist_id: int) -> Sheet:
    """Return a list with its lines, and what the program itself sees while it is open; UserError when it is gone."""
    ctx.require(Right.CALL)
    with ctx.reading() as session:
        found = session.get(Checklist, checklist_id)
        if found is None:
            raise UserError(_("This record does not exist any more."))
        ctx.require(rules.right_of(found.desk))
        lines = lines_of(found)
        ticks = list(_ticks(session, [found.id]).get(found.id, ()))
        times = templates_of(session, ctx)
    return _sheet(ctx, _row(ctx, found, ticks, times.get(found.key)), lines, ticks)


def get_template(ctx: Context, key: str, turn: int = 1) -> Sheet:
    """Return a list of today that nobody has begun yet, as it would begin now."""
    ctx.require(Right.CALL)
    with ctx.reading() as session:
        template = templates_of(session, ctx).get(key)
    if template is None or not template.active:
        raise UserError(_("This list does not exist any more."))
    ctx.require(rules.right_of(template.desk))
    return _sheet(ctx, _unbegun(ctx, template, turn, ctx.clock.today()), template.lines, [])


def get_photo(ctx: Context, checklist_id: int, line: str) -> bytes | None:
    """Return the photo of a line, None when it has none."""
    ctx.require(Right.CALL)
    query = (
        select(ChecklistTick.photo, Checklist.desk)
        .join(Checklist, Checklist.id == ChecklistTick.checklist_id)
        .where(Checklist.id == checklist_id, ChecklistTick.line == line, ChecklistTick.undone_at.is_(None))
    )
    with ctx.reading() as session:
        found = session.execute(query).first()
    if found is None:
        return None
    ctx.require(rules.right_of(found.desk))
    photo: bytes | None = found.photo
    return photo


def find_closing(ctx: Context, *, always: bool = False) -> ListRow | None:
    """Return the closing list while it is to be done: near closing time, until it is done (CALL-13).

    None when the office is closed today, when its regulation has no such list, or when it is another desk's; with
    ``always`` at any time of an open day.
    """
    ctx.require_staff()
    due = closing_time(ctx)
    if due is None or not (always or ctx.clock.now() >= due - timedelta(minutes=rules.OFFER_MINUTES)):
        return None
    for row in find_checklists(ctx):
        if row.key == rules.CLOSING and row.state == "open":
            return row
    return None


def closing_time(ctx: Context) -> datetime | None:
    """Return when the office closes today, None on a closed day."""
    ctx.require_staff()
    today = ctx.clock.today()
    hours = hours_of(ctx.office, ctx.clock.zone, today)
    return datetime.combine(today, hours[1], ctx.clock.zone) if hours is not None else None


def lines_of(checklist: Checklist) -> tuple[Line, ...]:
    """Return the frozen lines of a list in use."""
    return tuple(rules.line_of(plain) for plain in checklist.lines)


def see(ctx: Context, key: str) -> Seen | None:
    """Return what the program sees of a line, None when it can't see anything of it or may not tell this user."""
    ctx.require(Right.CALL)
    check = CHECKS.get(key)
    if check is None or not ctx.may(Right.VISIT):
        return None
    return check(ctx)


def _sheet(ctx: Context, row: ListRow, lines: Sequence[Line], ticks: list[TickRow]) -> Sheet:
    by_line = {tick.line: tick for tick in ticks}
    live = row.state == "open" and row.day == ctx.clock.today()
    return Sheet(
        row,
        tuple(LineRow(line, by_line.get(line.key), see(ctx, line.key) if live else None) for line in lines),
        row.state == "open" and ctx.may(rules.right_of(row.desk)),
    )


def _rows(session: Session, ctx: Context, wanted: Select[Checklist], templates: dict[str, Template]) -> list[ListRow]:
    found = session.scalars(wanted).all()
    ticks = _ticks(session, [checklist.id for checklist in found]) if found else {}
    return [_row(ctx, checklist, ticks.get(checklist.id, ()), templates.get(checklist.key)) for checklist in found]


def _ticks(session: Session, ids: Sequence[int]) -> dict[int, list[TickRow]]:
    query = select(*_TICK_COLUMNS).where(ChecklistTick.undone_at.is_(None))
    result: dict[int, list[TickRow]] = {}
    for start in range(0, len(ids), _PART):  # a whole list leaves the program: more than one statement can name
        part = query.where(ChecklistTick.checklist_id.in_(ids[start : start + _PART]))
        for checklist_id, *values in session.execute(part):
            result.setdefault(checklist_id, []).append(TickRow(*values))
    return result


def _row(ctx: Context, found: Checklist, ticks: Iterable[TickRow], template: Template | None) -> ListRow:
    lines, said = lines_of(found), list(ticks)
    return ListRow(
        found.id, found.key, MappingProxyType(dict(found.title)), found.clause, found.desk, found.day, found.station,
        found.turn, rules.turns(ctx.policy, template.times) if template else 1, rules.count_done(lines, said),
        len(lines), sum(tick.fault for tick in said), found.state, found.begun_by, found.begun_at, found.done_by,
        found.done_at,
    )  # fmt: skip


def _unbegun(ctx: Context, template: Template, turn: int, day: date) -> ListRow:
    return ListRow(
        None, template.key, template.title, template.clause, template.desk, day,
        ctx.station if template.each_station else "", turn, rules.turns(ctx.policy, template.times), 0,
        len(template.lines), 0, "open",
    )  # fmt: skip


def _with_daily(ctx: Context, rows: list[ListRow], templates: dict[str, Template], day: date) -> list[ListRow]:
    if hours_of(ctx.office, ctx.clock.zone, day) is None:
        return rows
    begun = {(row.key, row.turn) for row in rows}
    result = list(rows)
    for template in templates.values():
        if template.active and template.daily:
            for turn in range(1, rules.turns(ctx.policy, template.times) + 1):
                if (template.key, turn) not in begun:
                    result.append(_unbegun(ctx, template, turn, day))
    return result


def _order(templates: dict[str, Template]) -> Any:
    places = {key: place for place, key in enumerate(templates)}

    def key(row: ListRow) -> tuple[bool, bool, int, int]:
        return row.state == "done", row.key == rules.CLOSING, places.get(row.key, len(places)), row.turn

    return key
