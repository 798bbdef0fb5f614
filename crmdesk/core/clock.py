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


class SystemZone(tzinfo):
    """The PC's own time zone, daylight changes of past and future included, as the operating system knows them."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Return how far local time is ahead of UTC at a moment."""
        if moment is None:
            return None
        try:
            return moment.replace(tzinfo=None).astimezone().utcoffset()
        except (OSError, OverflowError):  # Windows knows no years before 1970: the offset of today
            return datetime.now().astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Return nothing: the operating system tells only the sum."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """Return the zone's name of today."""
        return datetime.now().astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """Return UTC as local time; of an hour that comes twice, the right one."""
        utc = moment.replace(tzinfo=UTC)
        try:
            wall = utc.astimezone().replace(tzinfo=self)
        except (OSError, OverflowError):
            offset = datetime.now().astimezone().utcoffset() or timedelta(0)
            return (moment + offset).replace(tzinfo=self)
        return wall if wall.astimezone(UTC) == utc else wall.replace(fold=1)


SYSTEM_ZONE = SystemZone()


def system_zone() -> tzinfo:
    """Return the PC's own time zone."""
    return SYSTEM_ZONE


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
