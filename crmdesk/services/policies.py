"""The manager's numbers over those of the regulation pack; the pack stays as shipped."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.core.text import clean
from crmdesk.model.office import PolicyOverride
from crmdesk.rules.clauses import PackError, Value, typed
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context

WHY_LENGTH = 500


def read_number(ctx: Context, clause: str, key: str, written: str) -> Value:
    """Read what was typed for a number of a clause; ValidationError says what it should look like."""
    number = ctx.policy.pack_number(clause, key)
    text = written.strip().replace(",", "")
    raw: Any = text
    if number.type == "int":
        if not text.isdecimal():
            raise ValidationError({"value": _("Please enter a whole number.")}, clause=clause)
        raw = int(text)
    try:
        return typed(raw, number.type)
    except ValueError as error:
        raise ValidationError({"value": str(error)}, clause=clause) from error


def set_number(ctx: Context, clause: str, key: str, written: str, *, why: str = "") -> None:
    """Put the office's own number in the place of the pack's; kept with who, when and why."""
    ctx.require(Right.POLICY)
    if clause not in ctx.policy or key not in ctx.policy.clause(clause).numbers:
        raise UserError(_("The regulation has no such number."), clause=clause)
    value = read_number(ctx, clause, key, written)
    why = clean(why)
    if len(why) > WHY_LENGTH:
        raise ValidationError({"why": _("At most {count} characters, please.").format(count=WHY_LENGTH)})
    try:
        ctx.policy.with_overrides({**ctx.policy.overrides, (clause, key): value})
    except PackError as error:
        raise ValidationError({"value": error.reason}, clause=clause) from error
    plain: int | str = value if isinstance(value, int) else _plain(value)
    with ctx.transaction(N_("Change a number of the regulation")) as session:
        row = session.scalars(
            select(PolicyOverride).where(PolicyOverride.clause == clause, PolicyOverride.name == key)
        ).first()
        if row is None:
            row = PolicyOverride(clause=clause, name=key)
            session.add(row)
        row.value, row.at, row.by, row.why = plain, ctx.clock.now(), ctx.user.name, why


def _plain(value: Decimal | time) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat("minutes")


def clear_number(ctx: Context, clause: str, key: str) -> None:
    """Go back to the number of the pack."""
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Use the regulation's own number again")) as session:
        row = session.scalars(
            select(PolicyOverride).where(PolicyOverride.clause == clause, PolicyOverride.name == key)
        ).first()
        if row is not None:
            session.delete(row)


def find_reasons(ctx: Context) -> dict[tuple[str, str], str]:
    """Return for each changed number who changed it, when and why, as one line."""
    ctx.require_staff()
    with ctx.reading() as session:
        rows = list(session.scalars(select(PolicyOverride)))
    found = {}
    for row in rows:
        day = f"{ctx.clock.local(row.at):%Y-%m-%d}"
        words = _("{name}, {day}").format(name=row.by, day=day)
        found[row.clause, row.name] = f"{words}: {row.why}" if row.why else words
    return found
