"""The office's own settings and its regulation with the manager's numbers."""

from __future__ import annotations

import dataclasses
import logging
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import clean
from crmdesk.db.session import Database
from crmdesk.model.checklist import ChecklistTemplate
from crmdesk.model.office import OfficeSetting, PolicyOverride
from crmdesk.model.working_time import OwnDay
from crmdesk.rules.checklists import line_of
from crmdesk.rules.clauses import PackError
from crmdesk.rules.machines import check_requirements
from crmdesk.rules.pack_tables import Checklist
from crmdesk.rules.packs import pack_names
from crmdesk.rules.policies import DEFAULT_ACTIVE, Policy, shipped
from crmdesk.rules.record_lists import RECORD_LISTS
from crmdesk.rules.rights import Right
from crmdesk.rules.worktime import COUNTRIES, parse_windows
from crmdesk.services.context import Context, Office

log = logging.getLogger(__name__)


STORED = tuple(field for field in dataclasses.fields(Office) if field.metadata.get("stored", True))


def load_office(db: Database) -> Office:
    """Return the office's settings; what was never set has its default."""
    with db.reading() as session:
        stored = {row.name: row.value for row in session.scalars(select(OfficeSetting))}
        days = [(row.day, row.windows, row.note) for row in session.scalars(select(OwnDay).order_by(OwnDay.day))]
    values: dict[str, Any] = {"own_days": tuple(days)}
    for field in STORED:
        if field.name in stored:
            value = stored[field.name]
            values[field.name] = tuple(value) if isinstance(value, list) else value
    return Office(**values)


def save_office(ctx: Context, office: Office, *, first: bool = False) -> None:
    """Save the office's settings; ``first`` is the set-up before anybody can sign in."""
    if not first:
        ctx.require(Right.OFFICE)
    office = _cleaned(office)
    errors = office_errors(office)
    if errors:
        raise ValidationError(errors)
    packs_too = first or office.packs != ctx.office.packs  # else a choice a manager made meanwhile would be undone
    if packs_too and not first:
        ctx.require(Right.POLICY)
    with ctx.transaction(N_("Change office settings")) as session:
        rows = {row.name: row for row in session.scalars(select(OfficeSetting))}
        for field in STORED:
            if field.name == "packs" and not packs_too:
                continue
            value = getattr(office, field.name)
            plain = list(value) if isinstance(value, tuple) else value
            row = rows.get(field.name)
            if row is None:
                session.add(OfficeSetting(name=field.name, value=plain))
            elif row.value != plain:
                row.value = plain


def _cleaned(office: Office) -> Office:
    changes: dict[str, Any] = {}
    for field in STORED:
        value = getattr(office, field.name)
        if field.name == "hours":
            changes[field.name] = tuple(map(_windows_text, value))  # an empty day is a closed one
        elif isinstance(value, str):
            changes[field.name] = clean(value)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(word for word in map(clean, value) if word)
    return dataclasses.replace(office, **changes)


def _windows_text(words: str) -> str:
    """Return hours as they are kept, 09:00-12:00 13:00-18:00; what can't be read stays for its refusal."""
    try:
        return " ".join(map(str, parse_windows(words)))
    except UserError:
        return words


_LENGTHS = {"company": 80, "subtitle": 80, "address": 200, "phone": 60}
_LIST_ITEM = 60
MOST_LOCKER_KEYS = 200
MOST_ATTACHMENT_MB = 100


def office_errors(office: Office) -> dict[str, str]:
    """Return what is wrong with the office's settings, by field."""
    errors: dict[str, str] = {}
    for name, length in _LENGTHS.items():
        if len(getattr(office, name)) > length:
            errors[name] = _("At most {count} characters, please.").format(count=length)
    if not office.company.strip():
        errors["company"] = _("Please enter the company's name.")
    if not office.packs or not set(office.packs) <= set(pack_names()):
        errors["packs"] = _("Please choose the regulation the office works by.")
    for name in ("carriers", "departments", "places"):
        if any(len(word) > _LIST_ITEM for word in getattr(office, name)):
            errors[name] = _("At most {count} characters each, please.").format(count=_LIST_ITEM)
    if not 0 <= office.locker_keys <= MOST_LOCKER_KEYS:
        errors["locker_keys"] = _("A number between 0 and {most}, please.").format(most=MOST_LOCKER_KEYS)
    if not 1 <= office.attachment_mb <= MOST_ATTACHMENT_MB:
        errors["attachment_mb"] = _("A number between {least} and {most}, please.").format(
            least=1, most=MOST_ATTACHMENT_MB
        )
    for number, words in enumerate(office.hours):
        try:
            parse_windows(words)
        except UserError as error:
            errors[f"hours.{number}"] = error.message
    if office.holidays not in COUNTRIES:
        errors["holidays"] = _("Please choose whose holidays count.")
    return errors


def load_policy(db: Database | None = None) -> Policy:
    """Return the office's regulation: the packs it chose as shipped, with the numbers and lists the manager changed."""
    policy = _checked_packs()
    if db is None:
        return policy.with_packs(DEFAULT_ACTIVE)
    with db.reading() as session:
        chosen = session.scalar(select(OfficeSetting.value).where(OfficeSetting.name == "packs"))
        overrides = {(row.clause, row.name): row.value for row in session.scalars(select(PolicyOverride))}
        worded = select(ChecklistTemplate).where(ChecklistTemplate.key.in_(RECORD_LISTS), ChecklistTemplate.active)
        lists = [_list_of(row) for row in session.scalars(worded)]
    known = tuple(name for name in chosen or () if name in policy.packs)
    for name in set(chosen or ()) - set(known):
        log.warning("regulation: this program has no pack %s", name)
    policy = policy.with_packs(known or DEFAULT_ACTIVE).with_lists(lists)
    try:
        return policy.with_overrides(overrides)
    except PackError as error:  # another version set it: a number nobody knows must not lock the office out
        log.warning("regulation: %s is not used (%s)", error.key, error.reason)
        return policy.with_overrides({key: raw for key, raw in overrides.items() if not misfit(policy, key, raw)})


def _list_of(row: ChecklistTemplate) -> Checklist:
    return Checklist(row.key, row.clause, row.title, tuple(map(line_of, row.lines)), desk=row.desk)


def misfit(policy: Policy, key: tuple[str, str], raw: Any) -> str:
    """Return why a number that was set can't be used with these packs, empty when it can."""
    try:
        policy.with_overrides({key: raw})
    except PackError as error:
        return error.reason
    return ""


def find_misfits(db: Database) -> dict[str, str]:
    """Return the numbers set in this office that its packs don't know any more, with the reason."""
    policy = _checked_packs()
    with db.reading() as session:
        rows = list(session.scalars(select(PolicyOverride)))
    reasons = {f"{row.clause}.{row.name}": misfit(policy, (row.clause, row.name), row.value) for row in rows}
    return {key: reason for key, reason in reasons.items() if reason}


@lru_cache(maxsize=1)
def _checked_packs() -> Policy:
    policy = shipped()
    check_requirements(policy)
    return policy
