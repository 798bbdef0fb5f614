"""The manager's numbers over those of the regulation, and which packs the office works by; packs stay as shipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import time
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crmdesk.core.errors import ConflictError, NeedsConfirmation, UserError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.text import clean
from crmdesk.model.office import OfficeSetting, PolicyOverride
from crmdesk.rules.clauses import PackError, Value, typed
from crmdesk.rules.pack_tables import Chain, Checklist, Copies, Series, Texts
from crmdesk.rules.policies import DEFAULT_ACTIVE, Policy, Setting
from crmdesk.rules.rights import Right
from crmdesk.services.context import Context

WHY_LENGTH = 500


class _Unseen:
    """Nobody said what was shown before: the context's regulation counts."""


UNSEEN: Final = _Unseen()


class Change(NamedTuple):
    """A number the manager changed: who, when (local), why."""

    by: str
    on: str
    why: str

    @property
    def words(self) -> str:
        """The change as one line."""
        words = _("{name}, {day}").format(name=self.by, day=self.on)
        return f"{words}: {self.why}" if self.why else words


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


def set_number(
    ctx: Context, clause: str, key: str, written: str, *, why: str = "", seen: Value | _Unseen | None = UNSEEN
) -> None:
    """Put the office's own number in the place of the pack's; kept with who, when and why.

    The number of a pack the office doesn't work by (yet) counts from the day it adds that pack.

    ``seen`` is the office's number that stood there when typing began (None: the pack's). Raises ConflictError when
    a colleague has set another one in the meantime.
    """
    ctx.require(Right.POLICY)
    known = ctx.policy.everything.get(clause)
    if known is None or key not in known.numbers:
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
    try:
        with ctx.transaction(N_("Change a number of the regulation")) as session:
            row = _override(session, clause, key)
            _check_seen(ctx, row, clause, key, seen)
            if row is None:
                row = PolicyOverride(clause=clause, name=key)
                session.add(row)
            row.value, row.at, row.by, row.why = plain, ctx.clock.now(), ctx.user.name, why
    except IntegrityError as error:  # two managers set the same number for the first time in the same moment
        raise ConflictError("", None, (key,)) from error


def _override(session: Session, clause: str, key: str) -> PolicyOverride | None:
    named = select(PolicyOverride).where(PolicyOverride.clause == clause, PolicyOverride.name == key)
    return session.scalars(named.with_for_update()).first()


def _check_seen(
    ctx: Context, row: PolicyOverride | None, clause: str, key: str, seen: Value | _Unseen | None
) -> None:
    expected = ctx.policy.overrides.get((clause, key)) if isinstance(seen, _Unseen) else seen
    stands = None if row is None else typed(row.value, ctx.policy.pack_number(clause, key).type)
    if stands != expected:
        raise ConflictError(row.by if row is not None else "", row.at if row is not None else None, (key,))


def _plain(value: Decimal | time) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat("minutes")


def clear_number(ctx: Context, clause: str, key: str) -> None:
    """Go back to the number of the pack."""
    ctx.require(Right.POLICY)
    with ctx.transaction(N_("Use the regulation's own number again")) as session:
        row = _override(session, clause, key)
        if row is not None:
            session.delete(row)


def find_changes(ctx: Context) -> dict[tuple[str, str], Change]:
    """Return for each changed number who changed it, when and why."""
    ctx.require_staff()
    with ctx.reading() as session:
        rows = list(session.scalars(select(PolicyOverride)))
    return {
        (row.clause, row.name): Change(row.by, f"{ctx.clock.local(row.at):%Y-%m-%d}", row.why) for row in rows
    }


def find_reasons(ctx: Context) -> dict[tuple[str, str], str]:
    """Return for each changed number who changed it, when and why, as one line."""
    return {key: change.words for key, change in find_changes(ctx).items()}


# which packs the office works by ------------------------------------------------------------------------------------


class Effect(NamedTuple):
    """Something that another choice of packs changes: what it is, how it stands and how it would; None is nothing."""

    key: str
    title: Texts
    before: Setting | None
    after: Setting | None


class Orders(NamedTuple):
    """What else packs order: kind (``series``, ``copies``, ``chains``, ``checklists``), key, how it is and would be."""

    kind: str
    key: str
    before: Series | Copies | Chain | Checklist | None
    after: Series | Copies | Chain | Checklist | None


def find_effects(policy: Policy, packs: Sequence[str]) -> list[Effect]:
    """Return the matters in which another clause, or none, would count with these packs."""
    other = policy.with_packs(packs)
    found = []
    for key, matter in policy.matters.items():
        before, after = _winner(policy, key), _winner(other, key)
        if _named(before) != _named(after):
            found.append(Effect(key, matter.title, before, after))
    return found


def find_orders(policy: Policy, packs: Sequence[str]) -> list[Orders]:
    """Return which number series, copies, deciders and checklists another clause would order with these packs."""
    other = policy.with_packs(packs)
    found = []
    asks: tuple[tuple[str, Callable[[Policy, str], Any]], ...] = (
        ("series", Policy.series), ("copies", Policy.copies), ("chains", Policy.chain),
        ("checklists", Policy.checklist),
    )  # fmt: skip
    for kind, ask in asks:
        keys = dict.fromkeys(key for pack in policy.packs.values() for key in getattr(pack, kind))
        for key in keys:
            before, after = ask(policy, key), ask(other, key)
            if before != after:
                found.append(Orders(kind, key, before, after))
    return found


def _winner(policy: Policy, matter: str) -> Setting | None:
    first = policy.settings(matter)[0]
    return first if first.wins else None


def _named(setting: Setting | None) -> tuple[str, str] | None:
    return None if setting is None else (setting.clause.id, setting.number.key)


def choose_packs(
    ctx: Context, packs: Sequence[str], *, confirmed: bool = False, seen: Sequence[str] | None = None
) -> None:
    """Let the office work by these packs, the home pack first; numbers changed in packs taken away are kept.

    ``seen`` are the packs shown when the choosing began (default: the context's). Raises ValidationError without a
    home, NeedsConfirmation("packs") with what changes, ConflictError when a colleague chose in the meantime.
    """
    ctx.require(Right.POLICY)
    chosen = tuple(dict.fromkeys(packs))
    if not chosen or not set(chosen) <= set(ctx.policy.packs):
        raise ValidationError({"packs": _("Please choose the regulation the office works by.")})
    if not confirmed:
        count = len(find_effects(ctx.policy, chosen)) + len(find_orders(ctx.policy, chosen))
        changes = ngettext("{count} setting changes", "{count} settings change", count).format(count=count)
        question = _("{changes} from now on, on every PC. Numbers you set yourself are kept. Use these packs?")
        raise NeedsConfirmation("packs", question.format(changes=changes))
    with ctx.transaction(N_("Choose the packs of the regulation")) as session:
        row = session.scalars(select(OfficeSetting).where(OfficeSetting.name == "packs").with_for_update()).first()
        stands = tuple(row.value) if row is not None else DEFAULT_ACTIVE
        if stands != tuple(ctx.policy.active if seen is None else seen):
            raise ConflictError("", None, ("packs",))
        if row is None:
            session.add(OfficeSetting(name="packs", value=list(chosen)))
        elif stands != chosen:
            row.value = list(chosen)
