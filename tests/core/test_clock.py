"""The PC's time zone: daylight changes of past and future, and the hour that comes twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crmdesk.core.clock import SYSTEM_ZONE, SystemClock
from crmdesk.rules.worktime import OpeningHours, WorkCalendar

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="only here can a test set the zone of the PC")


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")  # Berlin, in words that need no list of zones
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_zone_of_the_pc_is_the_one_it_says() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        here, there = moment.astimezone(SYSTEM_ZONE), moment.astimezone(berlin)
        assert (here.replace(tzinfo=None), here.fold, here.utcoffset()) == (
            there.replace(tzinfo=None), there.fold, there.utcoffset(),
        )  # fmt: skip
        assert here.astimezone(UTC) == moment
        moment += timedelta(minutes=30) if moment.month in (3, 10) else timedelta(hours=7)


def test_opening_hours_stay_when_the_clock_changes() -> None:
    calendar = WorkCalendar(OpeningHours.same("09:00", "18:00"), SystemClock().zone)
    winter, summer = datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC)
    openings = [calendar.opening(calendar.local_day(moment)) for moment in (winter, summer)]
    assert openings == [datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)]
