"""Accounts of the staff: signing in, passwords, roles (SEC)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import argon2
from sqlalchemy import func, select

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _, ngettext
from crmdesk.core.text import clean
from crmdesk.model.staff import SignInAttempt, StaffMember
from crmdesk.rules.rights import ROLES, Right
from crmdesk.services.context import Context, User
from crmdesk.services.records import load_for_change

PASSWORD_LENGTH = 6
FREE_TRIES = 3  # wrong passwords before the waiting begins
LONGEST_WAIT = 300  # seconds

_hasher = argon2.PasswordHasher()
_fast_hasher = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class SlowDown(UserError):
    """Too many wrong passwords: the next try has to wait ``seconds``."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class StaffRow(NamedTuple):
    """A member of the staff in a list or on the sign-in tiles."""

    id: int
    login: str
    name: str
    roles: tuple[str, ...]
    active: bool
    version: int


@dataclass(frozen=True)
class StaffForm:
    """What is typed about a member of the staff; an empty password keeps the old one."""

    login: str
    name: str
    roles: tuple[str, ...]
    password: str = ""
    active: bool = True


def wait_seconds(failed: int) -> int:
    """Return how long the next try must wait after so many wrong passwords: 2, 4, 8 … at most five minutes."""
    over = failed - FREE_TRIES
    return 0 if over < 0 else min(LONGEST_WAIT, 2 ** (over + 1))


def find_staff(ctx: Context, *, all_members: bool = False) -> list[StaffRow]:
    """Return the staff by name; only those who may sign in unless ``all_members``."""
    query = select(StaffMember).order_by(StaffMember.id)
    if not all_members:
        query = query.where(StaffMember.active)
    with ctx.reading() as session:
        return [StaffRow(m.id, m.login, m.name, tuple(m.roles), m.active, m.version) for m in session.scalars(query)]


def count_staff(ctx: Context) -> int:
    """Return how many accounts there are; none means the program was never set up."""
    with ctx.reading() as session:
        return session.scalar(select(func.count()).select_from(StaffMember)) or 0


def sign_in(ctx: Context, login: str, password: str) -> User:
    """Return the user when the password is right.

    Each try is logged; after three wrong ones each further try has to wait longer. The sentence does not say
    whether the name or the password was wrong. Checking the password takes place outside any transaction.
    """
    now, login = ctx.clock.now(), clean(login)
    with ctx.reading() as session:
        member = session.scalars(select(StaffMember).where(StaffMember.login == login)).first()
    if member is not None and member.slow_until is not None and member.slow_until > now:
        seconds = int((member.slow_until - now).total_seconds()) + 1
        raise SlowDown(
            ngettext(
                "Too many wrong passwords. Please wait {count} second.",
                "Too many wrong passwords. Please wait {count} seconds.",
                seconds,
            ).format(count=seconds),
            seconds,
        )
    right = member is not None and member.active and _matches(member.password_hash, password)
    wait = 0
    with ctx.transaction(N_("Sign in")) as session:
        session.add(SignInAttempt(at=now, login=login[:40], station=ctx.station, succeeded=right))
        if member is not None:
            fresh = session.get_one(StaffMember, member.id)
            if right and fresh.failed_count:
                fresh.failed_count, fresh.slow_until = 0, None
            elif not right:
                fresh.failed_count += 1
                wait = wait_seconds(fresh.failed_count)
                fresh.slow_until = now + timedelta(seconds=wait) if wait else None
    if wait:
        raise SlowDown(
            ngettext(
                "The password is wrong. Please wait {count} second before the next try.",
                "The password is wrong. Please wait {count} seconds before the next try.",
                wait,
            ).format(count=wait),
            wait,
        )
    if not right or member is None:
        raise UserError(_("The name or the password is wrong. Please try again."))
    return User(member.id, member.login, member.name, tuple(member.roles))


def check_password(ctx: Context, login: str, password: str) -> User:
    """Check a second person's password at this PC without signing the first one out (PACK-11, approvals)."""
    return sign_in(ctx, login, password)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError, UnicodeEncodeError):
        return False


def create_first_manager(ctx: Context, form: StaffForm) -> int:
    """Create the account the office starts with; refused when there is one already."""
    values = _checked(form, new=True)
    with ctx.transaction(N_("Set up the office")) as session:
        if session.scalar(select(func.count()).select_from(StaffMember)):
            raise UserError(_("This office has accounts already. Please sign in."))
        member = StaffMember(
            login=values.login,
            name=values.name,
            roles=["manager", "administrator"],
            password_hash=hash_password(values.password),
            created_at=ctx.clock.now(),
        )
        session.add(member)
        session.flush()
        return member.id


def create_staff(ctx: Context, form: StaffForm, *, quick_hash: bool = False) -> int:
    """Create an account; ``quick_hash`` is for sample offices only."""
    ctx.require(Right.STAFF)
    values = _checked(form, new=True)
    stored = hash_password(values.password, quick=quick_hash)
    with ctx.transaction(N_("Create account")) as session:
        if session.scalar(select(StaffMember.id).where(StaffMember.login == values.login)):
            raise ValidationError({"login": _("This sign-in name is taken. Please choose another.")})
        member = StaffMember(
            login=values.login,
            name=values.name,
            roles=list(values.roles),
            password_hash=stored,
            active=values.active,
            created_at=ctx.clock.now(),
        )
        session.add(member)
        session.flush()
        return member.id


def update_staff(ctx: Context, staff_id: int, version: int, form: StaffForm) -> None:
    """Change an account; the last active administrator can't be taken away."""
    ctx.require(Right.STAFF)
    values = _checked(form, new=False)
    stored = hash_password(values.password) if values.password else ""
    with ctx.transaction(N_("Change account")) as session:
        member = load_for_change(session, StaffMember, staff_id, version)
        others = [m for m in session.scalars(select(StaffMember).where(StaffMember.active)) if m.id != staff_id]
        stays = values.active and "administrator" in values.roles
        if not stays and not any("administrator" in m.roles for m in others):
            raise ValidationError({"roles": _("Somebody must stay administrator.")})
        if any(m.login == values.login for m in others):
            raise ValidationError({"login": _("This sign-in name is taken. Please choose another.")})
        member.login, member.name = values.login, values.name
        member.roles, member.active = list(values.roles), values.active
        if stored:
            member.password_hash, member.failed_count, member.slow_until = stored, 0, None


def hash_password(password: str, *, quick: bool = False) -> str:
    """Return the argon2 hash of a password."""
    return (_fast_hasher if quick else _hasher).hash(password)


def check_staff_form(form: StaffForm) -> None:
    """Raise ValidationError when a new account could not be made of this form."""
    _checked(form, new=True)


def _checked(form: StaffForm, *, new: bool) -> StaffForm:
    errors: dict[str, str] = {}
    login, name = clean(form.login), clean(form.name)
    if not login:
        errors["login"] = _("Please enter a sign-in name.")
    elif len(login) > 40:
        errors["login"] = _("At most {count} characters, please.").format(count=40)
    if not name:
        errors["name"] = _("Please enter a name.")
    elif len(name) > 60:
        errors["name"] = _("At most {count} characters, please.").format(count=60)
    if (new or form.password) and len(form.password) < PASSWORD_LENGTH:
        errors["password"] = _("Please use at least {count} characters.").format(count=PASSWORD_LENGTH)
    if any(role not in ROLES for role in form.roles):
        errors["roles"] = _("Please choose roles from the list.")
    if errors:
        raise ValidationError(errors)
    return StaffForm(login, name, form.roles, form.password, form.active)
