"""Who has which role today, and who stands in for a colleague who is away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from crmdesk.core.errors import UserError, ValidationError
from crmdesk.core.i18n import N_, _
from crmdesk.model.approval import StandIn
from crmdesk.model.staff import StaffMember
from crmdesk.services.context import Context


class Decider(NamedTuple):
    """Somebody who may decide now; ``for_name`` is the colleague whose place is taken, '' for the own role."""

    id: int
    name: str
    for_id: int | None = None
    for_name: str = ""

    @property
    def words(self) -> str:
        """The name as people read it."""
        return _("{name} (for {other})").format(name=self.name, other=self.for_name) if self.for_name else self.name


class AwayRow(NamedTuple):
    """Days on which somebody is away, both included."""

    id: int
    name: str
    stand_in: str
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Hands:
    """The staff with their roles as they are saved now, and who takes whose place today."""

    names: Mapping[int, str]
    roles: Mapping[int, frozenset[str]]
    places: Mapping[int, int]  # who is away: who stands in

    def deciders(self, role: str, asker: int) -> list[Decider]:
        """Return who decides for a role: nobody what they asked for, nor in the place of the one who asked."""
        found: dict[int, Decider] = {}
        for staff_id, roles in self.roles.items():
            if role not in roles or staff_id == asker:
                continue
            other = self.places.get(staff_id)
            if other is None:
                found[staff_id] = Decider(staff_id, self.names[staff_id])
            elif other != asker:
                found.setdefault(other, Decider(other, self.names[other], staff_id, self.names[staff_id]))
        return list(found.values())

    def roles_of(self, staff_id: int | None, asker: int | None = None) -> dict[str, int | None]:
        """Return the roles somebody may decide by: the own ones with None, else with whose place is taken."""
        if staff_id is None or staff_id == asker:
            return {}
        found: dict[str, int | None] = dict.fromkeys(self.roles.get(staff_id, ()))
        for away, other in self.places.items():
            if other == staff_id and away != asker:
                for role in self.roles[away]:
                    found.setdefault(role, away)
        return found


def read_hands(session: Session, ctx: Context) -> Hands:
    """Return who may decide what today, in one statement; roles count as they are saved, not as one signed in."""
    today = ctx.clock.today()
    here = and_(StandIn.staff_id == StaffMember.id, StandIn.from_on <= today, StandIn.until_on >= today)
    query = select(StaffMember.id, StaffMember.name, StaffMember.roles, StandIn.stand_in_id).outerjoin(StandIn, here)
    names: dict[int, str] = {}
    roles: dict[int, frozenset[str]] = {}
    places: dict[int, int] = {}
    for staff_id, name, has, stand_in in session.execute(query.where(StaffMember.active).order_by(StaffMember.id)):
        names[staff_id], roles[staff_id] = name, frozenset(has)
        if stand_in is not None:
            places[staff_id] = stand_in
    present = {away: other for away, other in places.items() if other in names}  # who left takes nobody's place
    return Hands(names, roles, present)


def find_away(ctx: Context) -> list[AwayRow]:
    """Return the days from today on for which the user has named somebody who stands in."""
    ctx.require_staff()
    with ctx.reading() as session:
        return _rows(session, ctx, StandIn.staff_id == ctx.user.id)


def find_places(ctx: Context) -> list[AwayRow]:
    """Return for whom the user stands in, from today on."""
    ctx.require_staff()
    with ctx.reading() as session:
        return _rows(session, ctx, StandIn.stand_in_id == ctx.user.id)


def _rows(session: Session, ctx: Context, wanted: object) -> list[AwayRow]:
    away, other = aliased(StaffMember), aliased(StaffMember)
    query = (
        select(StandIn.id, away.name, other.name, StandIn.from_on, StandIn.until_on)
        .join(away, away.id == StandIn.staff_id)
        .join(other, other.id == StandIn.stand_in_id)
        .where(wanted, StandIn.until_on >= ctx.clock.today())  # type: ignore[arg-type]  # a condition of the query
        .order_by(StandIn.from_on)
    )
    return [AwayRow(*row) for row in session.execute(query)]


def set_away(ctx: Context, stand_in: int | None, from_on: date | None, until_on: date | None) -> int:
    """Let a colleague decide in the user's place on these days, both included; returns the row's id.

    ValidationError names ``stand_in``, ``from_on`` or ``until_on``; days may not overlap with others.
    """
    ctx.require_staff()
    today = ctx.clock.today()
    errors: dict[str, str] = {}
    if from_on is None:
        errors["from_on"] = _("Please enter the first day.")
    if until_on is None or until_on < today:
        errors["until_on"] = _("Please enter the last day, today or later.")
    elif from_on is not None and until_on < from_on:
        errors["until_on"] = _("The last day comes before the first.")
    if stand_in is None or stand_in == ctx.user.id:
        errors["stand_in"] = _("Please choose a colleague who stands in.")
    if errors:
        raise ValidationError(errors)
    assert from_on is not None and until_on is not None
    with ctx.transaction(N_("Name who stands in")) as session:
        active = session.scalar(select(StaffMember.id).where(StaffMember.id == stand_in, StaffMember.active))
        if active is None:
            raise ValidationError({"stand_in": _("Please choose a colleague who stands in.")})
        over = select(StandIn.id).where(
            StandIn.staff_id == ctx.user.id, StandIn.from_on <= until_on, StandIn.until_on >= from_on
        )
        if session.scalar(over.limit(1)) is not None:
            raise ValidationError({"from_on": _("Somebody stands in on some of these days already.")})
        row = StandIn(staff_id=ctx.user.id, stand_in_id=stand_in, from_on=from_on, until_on=until_on)
        session.add(row)
        session.flush()
        return row.id


def end_away(ctx: Context, row_id: int) -> None:
    """Come back: the colleague no longer stands in. UserError when the row isn't the user's own."""
    ctx.require_staff()
    with ctx.transaction(N_("Back from leave")) as session:
        row = session.get(StandIn, row_id)
        if row is None or row.staff_id != ctx.user.id:
            raise UserError(_("This record does not exist any more."))
        session.delete(row)
