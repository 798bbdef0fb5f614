"""The office's working time as the manager sets it: the week, whose holidays count, and the office's own days."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from crmdesk.core.errors import NeedsConfirmation, UserError, ValidationError
from crmdesk.core.i18n import N_, _, language
from crmdesk.core.text import check_length, clean
from crmdesk.model.working_time import OwnDay
from crmdesk.rules.rights import Right
from crmdesk.rules.worktime import is_provisional, parse_windows, public_holidays
from crmdesk.services.context import Context, Office
from crmdesk.services.deadlines import calendar_of
from crmdesk.services.office import load_office, save_office

HOLIDAYS = {"": N_("None"), "TW": N_("Taiwan"), "CN": N_("Mainland China")}
EMPTY = "empty_week"
_NOTE = 80
_YEARS = (1990, 2100)


@dataclass(frozen=True)
class OwnDayRow:
    """A day on which the office keeps other hours: empty hours are a closed day."""

    id: int
    day: date
    windows: str
    note: str
    by: str


@dataclass(frozen=True)
class DayMark:
    """A day of the year view: ``kind`` is open, weekend, holiday, make_up, own_open or own_closed."""

    day: date
    kind: str
    hours: str
    name: str


@dataclass(frozen=True)
class YearView:
    """A year as the calendar reckons it; ``provisional``: the state hasn't announced all of its days yet."""

    year: int
    days: tuple[DayMark, ...]
    working_days: int
    provisional: bool


def set_hours(ctx: Context, hours: Sequence[str], holidays: str, *, confirmed: Collection[str] = ()) -> Office:
    """Save the week and whose holidays count, and return the office as saved.

    ValidationError by field (``hours.0`` = Monday … ``holidays``); NeedsConfirmation when no day is open any more:
    then working time is reckoned around the clock. PermissionDenied.
    """
    ctx.require(Right.OFFICE)
    office = replace(load_office(ctx.db), hours=tuple(words.strip() for words in hours), holidays=holidays)
    if EMPTY not in confirmed and len(office.hours) == 7 and not any(office.hours):
        raise NeedsConfirmation(
            EMPTY,
            _(
                "No day of the week is open any more. Working hours and working days are then reckoned around the "
                "clock, every day of the year. Save the week like this?"
            ),
        )
    save_office(ctx, office)
    return office


def find_own_days(ctx: Context) -> list[OwnDayRow]:
    """Return the office's own days, the latest first; everybody of the office may know them."""
    ctx.require_staff()
    with ctx.reading() as session:
        return [
            OwnDayRow(row.id, row.day, row.windows, row.note, row.by)
            for row in session.scalars(select(OwnDay).order_by(OwnDay.day.desc()))
        ]


def set_own_day(ctx: Context, day: date | None, windows: str, note: str = "") -> None:
    """Give a day hours of its own (empty: closed), over week and holidays; a day that has some gets these instead.

    ValidationError by field; PermissionDenied.
    """
    ctx.require(Right.OFFICE)
    note, windows, errors = clean(note), windows, {}
    if day is None or not _YEARS[0] <= day.year <= _YEARS[1]:
        errors["day"] = _("Please enter a day.")
    try:
        windows = " ".join(map(str, parse_windows(windows)))
    except UserError as error:
        errors["windows"] = error.message
    if said := check_length(note, _NOTE):
        errors["note"] = said
    if errors or day is None:
        raise ValidationError(errors)
    with ctx.transaction(N_("Set the hours of a day")) as session:
        row = session.scalars(select(OwnDay).where(OwnDay.day == day)).first()
        if row is None:
            row = OwnDay(day=day)
            session.add(row)
        row.windows, row.note, row.by, row.at = windows, note, ctx.user.name, ctx.clock.now()


def remove_own_day(ctx: Context, own_day_id: int) -> None:
    """Give a day back to the week and the holidays; one that is gone already is left alone."""
    ctx.require(Right.OFFICE)
    with ctx.transaction(N_("Remove the hours of a day")) as session:
        row = session.get(OwnDay, own_day_id)
        if row is not None:
            session.delete(row)


def year_view(ctx: Context, year: int) -> YearView:
    """Return a year day by day as the deadlines reckon it, with the names of its holidays; asks no database."""
    calendar = calendar_of(ctx)
    off, make_up = public_holidays(calendar.country, year, language())
    days = []
    day, worked = date(year, 1, 1), 0
    while day.year == year:
        windows = calendar.windows(day)
        worked += bool(windows)
        name = off.get(day, "")
        if day in calendar.own:
            kind, name = ("own_open" if windows else "own_closed"), calendar.notes.get(day, "")
        elif day in make_up:
            kind, name = "make_up", _("make-up working day")
        elif name:
            kind = "holiday"
        else:
            kind = "open" if windows else "weekend"
        days.append(DayMark(day, kind, " ".join(map(str, windows)), name))
        day += timedelta(days=1)
    return YearView(year, tuple(days), worked, is_provisional(calendar.country, year))
