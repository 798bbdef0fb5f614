"""Checklists in use: begun by named persons, ticked line by line, some lines by two, done when nothing is missing.

What is read stands in ``checklist_lists``, templates in ``checklist_templates``; both are offered here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.checklist import Checklist, ChecklistTick
from crmdesk.rules import checklists as rules
from crmdesk.rules.pack_tables import Line, in_language
from crmdesk.rules.rights import Right
from crmdesk.services.checklist_forms import (
    LONGEST_NOTE,
    PHOTO_BYTES,
    LineForm,
    LineRow,
    ListRow,
    Seen,
    Sheet,
    Template,
    TemplateForm,
    TickRow,
)
from crmdesk.services.checklist_lists import (
    FILTERS,
    closing_time,
    find_checklists,
    find_closing,
    find_of_record,
    get_checklist,
    get_photo,
    get_template,
    lines_of,
    see,
)
from crmdesk.services.checklist_templates import (
    find_templates,
    restore_template,
    retire_template,
    save_template,
    templates_of,
)
from crmdesk.services.context import Context, User
from crmdesk.services.records import record_event, touch
from crmdesk.services.staff import check_password

__all__ = [
    "FILTERS", "LineForm", "LineRow", "ListRow", "Seen", "Sheet", "Template", "TemplateForm", "TickRow", "begin",
    "closing_time", "find_checklists", "find_closing", "find_of_record", "find_templates", "finish", "get_checklist",
    "get_photo", "get_template", "report_fault", "restore_template", "retire_template", "save_template", "see",
    "sign_second", "tick", "untick",
]  # fmt: skip

JPEG = b"\xff\xd8"


def begin(ctx: Context, key: str, *, turn: int = 0, kind: str = "", record_id: int | None = None) -> int:
    """Begin a list of today and return its id; its title and lines are frozen from now on.

    ``turn`` nought begins a further one; a turn that a colleague has begun already is returned as it is.
    ``kind`` and ``record_id`` name the record it is begun for.
    """
    ctx.require(Right.CALL)
    try:
        with ctx.transaction(N_("Begin checklist")) as session:
            return _begin(session, ctx, key, turn, kind, record_id).id
    except IntegrityError:  # two PCs in the same moment: both go on with the same list
        with ctx.reading() as session:
            template = templates_of(session, ctx)[key]
            found = session.scalar(_begun(ctx, template, ctx.clock.today(), turn))
        if found is None:
            return begin(ctx, key, turn=turn, kind=kind, record_id=record_id)
        return found.id


def _begin(session: Session, ctx: Context, key: str, turn: int, kind: str, record_id: int | None) -> Checklist:
    template = templates_of(session, ctx).get(key)
    if template is None or not template.active:
        raise UserError(_("This list does not exist any more."))
    ctx.require(rules.right_of(template.desk))
    day, station = ctx.clock.today(), ctx.station if template.each_station else ""
    if turn:
        found = session.scalar(_begun(ctx, template, day, turn))
        if found is not None:
            return found
    else:
        last = select(func.max(Checklist.turn)).where(
            Checklist.day == day, Checklist.key == key, Checklist.station == station
        )
        turn = (session.scalar(last) or 0) + 1
    now, who = ctx.clock.now(), ctx.user
    checklist = Checklist(
        key=key,
        name=in_language(template.title),
        title=dict(template.title),
        lines=[rules.plain_line(line) for line in template.lines],
        clause=template.clause,
        desk=template.desk,
        day=day,
        station=station,
        turn=turn,
        kind=kind,
        record_id=record_id,
        begun_at=now,
        begun_by=who.name,
        begun_by_id=who.id,
        created_at=now,
        state="open",
    )
    session.add(checklist)
    record_event(session, ctx, checklist, "begin", N_("List begun: {title}"),
                 values={"title": in_language(template.title)})  # fmt: skip
    return checklist


def _begun(ctx: Context, template: Template, day: date, turn: int):  # type: ignore[no-untyped-def]  # a Select
    station = ctx.station if template.each_station else ""
    return select(Checklist).where(
        Checklist.day == day, Checklist.key == template.key, Checklist.station == station, Checklist.turn == turn
    )


def tick(
    ctx: Context, checklist_id: int, key: str, *, note: str = "", photo: bytes | None = None, login: str = "",
    password: str = "",
) -> None:  # fmt: skip
    """Tick a line as the person signed in; ``login`` and ``password`` let the second person sign along at once.

    Whoever ticks a line that waits for its second person is that person. ValidationError by field (``note``,
    ``photo``, ``password``) names what the line asks for; UserError when it is ticked, or when both are one person.
    """
    ctx.require(Right.CALL)
    second = check_password(ctx, login.strip(), password) if login.strip() else None
    seen = see(ctx, key)
    with _working(ctx, checklist_id, N_("Tick line of checklist")) as (session, checklist):
        line, said = _line(checklist, key), _said(session, checklist_id, key)
        if said is not None and not said.fault:
            if not line.second or said.second_id is not None:
                raise UserError(_("{name} has ticked this already.").format(name=said.by), clause=line.clause)
            _sign(ctx, line, checklist, said, second or ctx.user)
            return
        words = _note(note)
        if line.note and not words:
            raise ValidationError({"note": _("Please write it down: this line asks for a note.")}, clause=line.clause)
        if seen is not None and not seen.ok and not words:
            raise ValidationError(
                {"note": _("{seen} Please write why it is ticked all the same.").format(seen=seen.text)},
                clause=line.clause,
            )
        _check_photo(line, photo)
        if said is not None:
            _take_back(session, ctx, said)
        said = ChecklistTick(
            checklist_id=checklist_id, line=key, at=ctx.clock.now(), by_id=ctx.user.id, by=ctx.user.name,
            station=ctx.station, note=words, photo=photo,
        )  # fmt: skip
        if second is not None and line.second:
            _sign(ctx, line, checklist, said, second)
        session.add(said)


def sign_second(ctx: Context, checklist_id: int, key: str, *, login: str, password: str) -> str:
    """Let a second, different person sign a ticked line at this PC with the own password, and return the name."""
    ctx.require(Right.CALL)
    second = check_password(ctx, login.strip(), password)
    with _working(ctx, checklist_id, N_("Second person signs")) as (session, checklist):
        line, said = _line(checklist, key), _said(session, checklist_id, key)
        if said is None or said.fault:
            raise UserError(_("The first person ticks this line before the second one signs."), clause=line.clause)
        if said.second_id is not None:
            raise UserError(_("{name} has ticked this already.").format(name=said.second), clause=line.clause)
        _sign(ctx, line, checklist, said, second)
    return second.name


def untick(ctx: Context, checklist_id: int, key: str) -> None:
    """Take a tick, or what was found not in order, back; who said it and who took it back stays written."""
    ctx.require(Right.CALL)
    with _working(ctx, checklist_id, N_("Take tick back")) as (session, checklist):
        line, said = _line(checklist, key), _said(session, checklist_id, key)
        if said is None:
            raise UserError(_("This line is not ticked."), clause=line.clause)
        _take_back(session, ctx, said)


def report_fault(ctx: Context, checklist_id: int, key: str, words: str, photo: bytes | None = None) -> None:
    """Write down that a line is not in order, and what: the list can't be done until it is ticked (DUTY-11)."""
    ctx.require(Right.CALL)
    with _working(ctx, checklist_id, N_("Report a line of a checklist")) as (session, checklist):
        line, said = _line(checklist, key), _said(session, checklist_id, key)
        note = _note(words)
        if not note:
            raise ValidationError({"note": _("Please write what is not in order.")}, clause=line.clause)
        _check_photo(None, photo)
        if said is not None:
            _take_back(session, ctx, said)
        session.add(
            ChecklistTick(
                checklist_id=checklist_id, line=key, fault=True, at=ctx.clock.now(), by_id=ctx.user.id,
                by=ctx.user.name, station=ctx.station, note=note, photo=photo,
            )
        )  # fmt: skip
        record_event(session, ctx, checklist, "fault", N_("Not in order: {line}"), note=note,
                     values={"line": in_language(line.text)})  # fmt: skip


def finish(ctx: Context, checklist_id: int) -> None:
    """Close a list; UserError names the first line that is missing and its clause (DUTY-08 to DUTY-11)."""
    ctx.require(Right.CALL)
    with _working(ctx, checklist_id, N_("Checklist done")) as (session, checklist):
        query = select(ChecklistTick).where(
            ChecklistTick.checklist_id == checklist_id, ChecklistTick.undone_at.is_(None)
        )
        left = rules.missing(lines_of(checklist), session.scalars(query).all())
        if left:
            words = in_language(left[0].line.text)
            sentence = _("The second person still has to sign: {line}") if left[0].half else _("Still open: {line}")
            raise UserError(sentence.format(line=words), clause=left[0].line.clause)
        checklist.state, checklist.done_at = "done", ctx.clock.now()
        checklist.done_by, checklist.done_by_id = ctx.user.name, ctx.user.id
        record_event(session, ctx, checklist, "done", N_("List done: {title}"),
                     values={"title": in_language(checklist.title)}, from_state="open", to_state="done")  # fmt: skip


@contextmanager
def _working(ctx: Context, checklist_id: int, sentence: str) -> Iterator[tuple[Session, Checklist]]:
    """Lock an open list for one step: two PCs tick different lines of it without disturbing each other."""
    with ctx.transaction(sentence) as session:
        checklist = session.get(Checklist, checklist_id, with_for_update=True)
        if checklist is None:
            raise UserError(_("This record does not exist any more."))
        ctx.require(rules.right_of(checklist.desk))
        if checklist.state != "open":
            raise UserError(_("This list is done: nothing in it is changed any more."))
        yield session, checklist
        touch(checklist)


def _line(checklist: Checklist, key: str) -> Line:
    for line in lines_of(checklist):
        if line.key == key:
            return line
    raise UserError(_("This line is not on the list."))


def _said(session: Session, checklist_id: int, key: str) -> ChecklistTick | None:
    query = select(ChecklistTick).where(
        ChecklistTick.checklist_id == checklist_id, ChecklistTick.line == key, ChecklistTick.undone_at.is_(None)
    )
    return session.scalars(query).first()


def _take_back(session: Session, ctx: Context, said: ChecklistTick) -> None:
    said.undone_at, said.undone_by = ctx.clock.now(), ctx.user.name
    session.flush()  # before the next word on this line: one stands at a time


def _sign(ctx: Context, line: Line, checklist: Checklist, said: ChecklistTick, second: User) -> None:
    if second.id == said.by_id:
        raise UserError(
            _("The second person must be somebody else than {name}.").format(name=said.by), clause=line.clause
        )
    if rules.right_of(checklist.desk) not in second.rights:
        raise UserError(_("{name} does not work at this desk.").format(name=second.name), clause=line.clause)
    said.second_id, said.second, said.second_at = second.id, second.name, ctx.clock.now()


def _note(words: str) -> str:
    if problem := check_length(words, LONGEST_NOTE):
        raise ValidationError({"note": problem})
    return clean(words)


def _check_photo(line: Line | None, photo: bytes | None) -> None:
    if photo is None:
        if line is not None and line.photo:
            raise ValidationError({"photo": _("Please add a photo: this line asks for one.")}, clause=line.clause)
        return
    if not photo.startswith(JPEG):
        raise ValidationError({"photo": _("This file is not a picture. Please choose another one.")})
    if len(photo) > PHOTO_BYTES:
        raise ValidationError({"photo": _("This photo is too large. Please take a smaller one.")})
