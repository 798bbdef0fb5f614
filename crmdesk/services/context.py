"""What every service function needs, in one frozen value; nothing is global."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from crmdesk.core.clock import Clock
from crmdesk.core.errors import PermissionDenied
from crmdesk.core.settings import Settings
from crmdesk.db.changes import Changes
from crmdesk.db.session import Actor, Database
from crmdesk.rules.policies import DEFAULT_ACTIVE, Policy
from crmdesk.rules.rights import RIGHTS_TO_SEE, Right, rights_of


@dataclass(frozen=True)
class User:
    """The person at the screen."""

    id: int | None
    login: str
    name: str
    roles: tuple[str, ...] = ()

    @property
    def rights(self) -> frozenset[Right]:
        """Return all rights of the user's roles."""
        return rights_of(self.roles)


NOBODY = User(None, "", "")


# Only to begin with: the regulation gives no opening hours, the manager sets the office's own.
DEFAULT_WEEK = ("09:00-18:00",) * 7


@dataclass(frozen=True)
class Office:
    """The office's own settings as every desk reads them (``services.office`` loads and saves them)."""

    company: str = "CRM Desk"
    subtitle: str = ""
    address: str = ""
    phone: str = ""
    currency: str = "TWD"
    language: str = "zh_TW"  # language of papers for customers without one of their own
    home: str = "TW"  # numbers without country prefix are read as this country's
    locker_keys: int = 24
    carriers: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    attachment_mb: int = 10  # how large a file kept with a record may be
    packs: tuple[str, ...] = DEFAULT_ACTIVE  # of the regulation: the home pack first
    hours: tuple[str, ...] = DEFAULT_WEEK  # Monday first: "09:00-12:00 13:00-18:00", empty = closed
    holidays: str = "TW"  # whose public holidays and make-up days count; "" = none
    # The office's own days as (day, hours, note); they have a table of their own and are read along with the rest.
    own_days: tuple[tuple[date, str, str], ...] = field(default=(), metadata={"stored": False})


@dataclass(frozen=True)
class Context:
    """Database, settings, person, clock, notice board, station, and the office with its regulation."""

    db: Database
    settings: Settings
    user: User
    clock: Clock
    changes: Changes
    station: str
    policy: Policy
    office: Office = field(default_factory=Office)

    @property
    def actor(self) -> Actor:
        """Return who goes into the history."""
        return Actor(self.user.id, self.user.name, self.station)

    @contextmanager
    def transaction(self, sentence: str, *, token: str = "", of: str = "") -> Iterator[Session]:
        """Run one user action; ``sentence`` is a source text (``N_``) kept in the history.

        ``token`` is that of the form being saved, ``of`` the kind of record it makes or changes: AlreadySaved when
        the same form was saved before.
        """
        with self.db.transaction(sentence, self.actor, self.clock, token=token, of=of) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read from the database."""
        with self.db.reading() as session:
            yield session

    def may(self, right: Right) -> bool:
        """Whether the user may do this."""
        return right in self.user.rights

    def require(self, *rights: Right) -> None:
        """Raise PermissionDenied unless the user may do this; of several rights any one is enough."""
        if self.user.rights.isdisjoint(rights):
            raise PermissionDenied()

    def require_to_see(self, kind: str) -> None:
        """Raise PermissionDenied unless the user may see records of this kind, their story and papers."""
        self.require(*RIGHTS_TO_SEE.get(kind, ()))

    def require_staff(self) -> None:
        """Raise PermissionDenied unless somebody of the office is signed in, whatever the role."""
        self.require(*Right)

    def acting_as(self, user: User) -> Context:
        """Return the same context for another person."""
        return replace(self, user=user)
