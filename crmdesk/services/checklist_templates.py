"""Which lists the office has: those of its regulation, changed or not, and the manager's own (Right.POLICY)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import check_length, clean
from crmdesk.model.checklist import ChecklistTemplate
from crmdesk.rules import checklists as rules
from crmdesk.rules.pack_tables import Line, Texts, in_language
from crmdesk.rules.record_lists import RECORD_LISTS, missing_lines
from crmdesk.rules.rights import Right
from crmdesk.services.checklist_forms import LONGEST_LINE, LONGEST_TITLE, MOST_LINES, LineForm, Template, TemplateForm
from crmdesk.services.context import Context
from crmdesk.services.records import load_for_change

OWN = "own"  # keys of the office's own lists: own1, own2 …


def find_templates(ctx: Context, *, everything: bool = False) -> list[Template]:
    """Return the lists that may be begun, those of the packs first; with ``everything`` all that can be changed.

    Those are the retired ones too, and the lists that are ticked in a record's own window.
    """
    ctx.require(Right.CALL)
    with ctx.reading() as session:
        found = templates_of(session, ctx, records=everything)
    return [template for template in found.values() if everything or template.active]


def templates_of(session: Session, ctx: Context, *, records: bool = False) -> dict[str, Template]:
    """Return all lists by key inside a session that is open already, in one statement; ``records``: theirs too.

    A pack's daily list is there by itself only when the pack is the office's home: what an added pack brings is
    offered, and the manager makes it daily.
    """
    own = {row.key: row for row in session.scalars(select(ChecklistTemplate).order_by(ChecklistTemplate.id))}
    result: dict[str, Template] = {}
    home = ctx.policy.home.checklists
    for checklist in ctx.policy.checklists():
        if checklist.key in RECORD_LISTS and not records:
            continue
        changed = own.pop(checklist.key, None)
        if changed is not None:
            result[checklist.key] = _template(changed, from_pack=True)
            continue
        result[checklist.key] = Template(
            checklist.key, checklist.title, checklist.lines, checklist.clause, checklist.desk,
            checklist.daily and checklist.key in home, checklist.times, from_pack=True,
            of_record=checklist.key in RECORD_LISTS,
        )  # fmt: skip
    for key, row in own.items():
        if key.startswith(OWN):  # a changed list of a pack the office works by no longer waits for its return
            result[key] = _template(row, from_pack=False)
    return result


def _template(row: ChecklistTemplate, *, from_pack: bool) -> Template:
    lines = tuple(rules.line_of(plain) for plain in row.lines)
    return Template(
        row.key, MappingProxyType(dict(row.title)), lines, row.clause, row.desk, row.daily, row.times,
        row.each_station, row.active, from_pack, row.version, row.key in RECORD_LISTS,
    )  # fmt: skip


def save_template(ctx: Context, form: TemplateForm, key: str = "", version: int = 0) -> str:
    """Write a list, a new one when ``key`` is empty, and return its key; lists begun already stay as they are.

    Raises ValidationError by field (``title``, ``lines``, ``line.3`` …), ConflictError when it was changed meanwhile.
    Of a record's own list only title and lines count, and no line may go that a step of the record waits for.
    """
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Save checklist"), token=form.token, of=ChecklistTemplate.KIND) as session:
        known = templates_of(session, ctx, records=True)
        old = known.get(key)
        if key and old is None:
            raise UserError(_("This list does not exist any more."))
        title, lines = _checked(ctx, form, old)
        if old is None or (old.from_pack and not old.version):
            row = ChecklistTemplate(
                key=key or _free_key(session), created_at=ctx.clock.now(), active=True,
                clause=old.clause if old else "", times=old.times if old else "",
            )  # fmt: skip
            session.add(row)
        else:
            row = _load(session, key, version)
        row.title, row.lines = dict(title), [rules.plain_line(line) for line in lines]
        if old is not None and old.of_record:
            row.desk = old.desk
        else:
            row.desk, row.daily, row.each_station = form.desk, form.daily, form.each_station
        return row.key


def retire_template(ctx: Context, key: str, version: int, *, active: bool = False) -> None:
    """Take a list out of use, or into use again; lists begun already can still be done."""
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Use checklist again") if active else N_("Retire checklist")) as session:
        template = templates_of(session, ctx, records=True).get(key)
        if template is None:
            raise UserError(_("This list does not exist any more."))
        if template.of_record:
            raise UserError(_("Steps of the desk wait for this list; it can be changed, but not retired."))
        if template.version:
            row = _load(session, key, version)
        else:
            row = _row_of(ctx, template)
            session.add(row)
        row.active = active


def restore_template(ctx: Context, key: str, version: int) -> None:
    """Put the pack's list back in the place of the changed one."""
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Put the regulation's checklist back")) as session:
        template = templates_of(session, ctx, records=True).get(key)
        if template is None or not template.changed:
            raise UserError(_("This list stands as the regulation has it."))
        session.delete(_load(session, key, version))


def _row_of(ctx: Context, template: Template) -> ChecklistTemplate:
    return ChecklistTemplate(
        key=template.key, title=dict(template.title), lines=[rules.plain_line(line) for line in template.lines],
        clause=template.clause, desk=template.desk, daily=template.daily, times=template.times,
        each_station=template.each_station, created_at=ctx.clock.now(),
    )  # fmt: skip


def _load(session: Session, key: str, version: int) -> ChecklistTemplate:
    found = session.scalar(select(ChecklistTemplate.id).where(ChecklistTemplate.key == key))
    if found is None:
        raise UserError(_("This list does not exist any more."))
    return load_for_change(session, ChecklistTemplate, found, version)


def _free_key(session: Session) -> str:
    taken = set(session.scalars(select(ChecklistTemplate.key)))
    number = 1
    while f"{OWN}{number}" in taken:
        number += 1
    return f"{OWN}{number}"


def _checked(ctx: Context, form: TemplateForm, old: Template | None) -> tuple[Texts, list[Line]]:
    errors: dict[str, str] = {}
    title = clean(form.title)
    if not title:
        errors["title"] = _("Please give the list a name.")
    elif problem := check_length(title, LONGEST_TITLE):
        errors["title"] = problem
    if form.desk not in rules.DESK_RIGHTS:
        errors["desk"] = _("Please choose from the list.")
    if not form.lines:
        errors["lines"] = _("Please write at least one line.")
    elif len(form.lines) > MOST_LINES:
        errors["lines"] = _("At most {count} lines, please.").format(count=MOST_LINES)
    known = {line.key: line for line in old.lines} if old else {}
    lines = _lines(ctx, form.lines, known, errors)
    if old is not None and old.of_record and not errors:
        lines = [replace(line, second=False, photo=False, note=False) for line in lines]  # their windows only tick
        if gone := missing_lines(old.key, lines, _shipped_lines(ctx, old)):
            words = _("A step waits for this line, so it has to stay: {line}")
            errors["lines"] = words.format(line=in_language(gone[0].text))
    if errors:
        raise ValidationError(errors)
    kept = old.title if old is not None and in_language(old.title) == title else rules.all_languages(title)
    return kept, lines


def _shipped_lines(ctx: Context, template: Template) -> tuple[Line, ...]:
    return next((found.lines for found in ctx.policy.checklists() if found.key == template.key), ())


def _lines(ctx: Context, forms: tuple[LineForm, ...], known: Mapping[str, Line], errors: dict[str, str]) -> list[Line]:
    lines: list[Line] = []
    taken = {form.key for form in forms}
    for place, form in enumerate(forms, 1):
        text, clause = clean(form.text), clean(form.clause).upper()
        if not text:
            errors[f"line.{place}"] = _("Please write what is to be done.")
        elif problem := check_length(text, LONGEST_LINE):
            errors[f"line.{place}"] = problem
        elif clause and clause not in ctx.policy.everything:
            errors[f"line.{place}"] = _("There is no clause {clause}.").format(clause=clause)
        key, number = form.key, len(forms)
        while not key:
            number += 1
            key = f"line{number}" if f"line{number}" not in taken else ""
        taken.add(key)
        old = known.get(key)
        # words nobody touched keep their other languages
        texts = old.text if old is not None and in_language(old.text) == text else rules.all_languages(text)
        lines.append(Line(key, clause, texts, form.second, form.photo, form.note, form.optional))
    return lines
