"""The only place that asks the computer for the time: aware UTC inside, the office's local time outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol


class Clock(Protocol):
    """What services need to know of time."""

    @property
    def zone(self) -> tzinfo:
        """The office's time zone."""

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""

    def today(self) -> date:
        """Return the office's local day."""

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the office's local time."""


class _LocalTime:
    zone: tzinfo

    def now(self) -> datetime:
        raise TypeError("a clock must say what time it is")

    def today(self) -> date:
        """Return the office's local day."""
        return self.now().astimezone(self.zone).date()

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the office's local time."""
        return moment.astimezone(self.zone)


def system_zone() -> tzinfo:
    """Return the PC's own time zone as a fixed rule of the operating system."""
    zone = datetime.now().astimezone().tzinfo
    return zone or UTC


@dataclass
class SystemClock(_LocalTime):
    """The PC's clock."""

    zone: tzinfo = field(default_factory=system_zone)

    def now(self) -> datetime:
        """Return this moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock(_LocalTime):
    """A clock that stands still until told to move: for tests, the tour and the sample office."""

    moment: datetime
    zone: tzinfo = UTC

    def now(self) -> datetime:
        """Return the set moment in UTC."""
        return self.moment.astimezone(UTC)

    def advance(self, delta: timedelta) -> datetime:
        """Move the clock on and return the new moment."""
        self.moment += delta
        return self.now()
