"""Why something is due when it is, in words: the rule, then day by day what counted, was closed, holiday or paused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import groupby

from crmdesk.core.dates import format_day_short, weekday
from crmdesk.core.i18n import _, language, ngettext
from crmdesk.rules.deadlines import Due, Pause
from crmdesk.rules.worktime import Interval, WorkCalendar

_CLOCK_UNITS = ("seconds", "minutes", "hours")
_MOST_DAYS = 10  # a longer way is told in stretches of days that are alike


@dataclass(frozen=True)
class DayLine:
    """One day, or several alike: what happened on it, what of it counts, and ``tone`` worked, closed or paused."""

    first: date
    last: date
    words: str
    counted: str
    tone: str

    @property
    def day_words(self) -> str:
        """Return Fri 11/20, or Sat 11/21 – Sun 11/22 for several days."""
        if self.first == self.last:
            return day_words(self.first)
        return f"{day_words(self.first)} – {day_words(self.last)}"

    @property
    def text(self) -> str:
        """Return the line on its own: Fri 11/20 13:00–18:00 5 h."""
        equals = "=" if self.counted and ("·" in self.words) else ""
        return " ".join(filter(None, (self.day_words, self.words, equals, self.counted)))


@dataclass(frozen=True)
class Explanation:
    """The rule as a sentence, the days, and the result as a sentence."""

    rule: str
    lines: tuple[DayLine, ...]
    result: str

    @property
    def text(self) -> str:
        """Return everything in one paragraph, as it is copied into a letter or a note."""
        days = " · ".join(line.text for line in self.lines)
        return "\n".join(filter(None, (self.rule, days, self.result)))


def explain(result: Due) -> Explanation:
    """Return the explanation of a due time in the language of the screen."""
    unit, value = result.number.unit, result.number.value
    fraction = unit == "working_days" and isinstance(value, Decimal) and value % 1
    if unit == "working_hours" or fraction:
        lines = _hours(result)
    elif unit in ("working_days", "days", "weeks"):
        lines = _days(result)
    else:
        lines = _calendar(result)
    shown = tuple(_joined(lines))
    if len(shown) > _MOST_DAYS:
        shown = tuple(_joined(shown, every=True))
    return Explanation(_rule(result), shown, _result(result))


def explain_day(rule: str, day: date | None, pauses: Sequence[Pause], zone: tzinfo) -> Explanation:
    """Return the explanation of a day that was told to somebody: pauses don't move it, one that stands puts it off.

    ``rule`` is the sentence where the day comes from.
    """
    lines = []
    for pause in pauses:
        start, end = pause.start.astimezone(zone).date(), pause.end.astimezone(zone).date() if pause.end else None
        lines.append(DayLine(start, end or start, _("pause: {reason}").format(reason=pause.reason), "", "paused"))
    standing = next((pause for pause in pauses if pause.end is None), None)
    if standing is not None:
        at = moment_words(standing.review_at.astimezone(zone))
        result = _("The clock stands. To be looked at again: {time}").format(time=at)
    else:
        result = _("Due: {time}").format(time=day_words(day)) if day is not None else _("No day is due.")
    return Explanation(rule, tuple(lines), result)


def day_words(day: date) -> str:
    """Return Fri 11/20; 11/20（五） in Chinese."""
    short = format_day_short(day)
    return f"{short}（{weekday(day)}）" if language().startswith("zh") else f"{weekday(day)} {short}"


def moment_words(moment: datetime) -> str:
    """Return Fri 11/20 13:00 of a local moment."""
    return f"{day_words(moment.date())} {moment:%H:%M}"


def span_words(span: timedelta) -> str:
    """Return 5 h, 2 h 30 min, 45 min."""
    minutes = round(span / timedelta(minutes=1))
    if not minutes and span:
        return _("{count} s").format(count=round(span.total_seconds()))
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours or not rest:
        parts.append(_("{count} h").format(count=hours))
    if rest:
        parts.append(_("{count} min").format(count=rest))
    return " ".join(parts)


def rule_words(unit: str, value: Decimal | int | time, clock: time | None = None) -> str:
    """Return a number of the regulation as people say it: 3 working hours, 2 weeks, the same day, Monday 12:00."""
    if isinstance(value, time):
        return _("until {time}").format(time=f"{value:%H:%M}")
    number = Decimal(value)
    count = f"{number.normalize():f}"
    n = int(number) if number == int(number) else 2  # half an hour is spoken of like several
    words = {
        "seconds": ngettext("{count} second", "{count} seconds", n),
        "minutes": ngettext("{count} minute", "{count} minutes", n),
        "hours": ngettext("{count} hour by the clock", "{count} hours by the clock", n),
        "working_hours": ngettext("{count} working hour", "{count} working hours", n),
        "working_days": ngettext("{count} working day", "{count} working days", n),
        "days": ngettext("{count} day", "{count} days", n) if number else _("the same day"),
        "weeks": ngettext("{count} week", "{count} weeks", n),
        "months": ngettext("{count} month", "{count} months", n),
        "years": ngettext("{count} year", "{count} years", n),
        "day_of_month": _("until day {count} of the next month"),
        "month_end": _("until the end of the month") if not number else _("until the end of the next month"),
    }
    if unit == "weekday":
        day = weekday(date(2024, 1, 1) + timedelta(days=int(number) - 1))  # 1 January 2024 was a Monday
        return _("until {time}").format(time=f"{day} {clock:%H:%M}" if clock is not None else day)
    return words[unit].format(count=count)


def _rule(result: Due) -> str:
    value = result.number.value
    assert value is not None  # a due time was made from it
    start = moment_words(result.start.astimezone(result.calendar.zone))
    words = rule_words(result.number.unit, value)
    return _("From {start}: {limit}").format(start=start, limit=words)


def _result(result: Due) -> str:
    at = moment_words(result.at.astimezone(result.calendar.zone))
    if result.paused:
        return _("The clock stands. To be looked at again: {time}").format(time=at)
    return _("Due: {time}").format(time=at)


# by the hour ------------------------------------------------------------------------------------------------------


def _hours(result: Due) -> list[DayLine]:
    zone = result.calendar.zone
    lines = []
    pieces = [replace(p, start=p.start.astimezone(zone), end=p.end.astimezone(zone)) for p in result.explanation]
    for day, group in groupby(pieces, key=_day):
        counted, words, tone = _day_pieces(list(_open_part(result.calendar, day, group)))
        lines.append(DayLine(day, day, words, span_words(counted) if counted else "", tone))
    return lines


def _open_part(calendar: WorkCalendar, day: date, pieces: Iterable[Interval]) -> Iterator[Interval]:
    """Join the pieces of one pause, as far as the office would have been open."""
    opening, closing = calendar.opening(day), calendar.closing(day)
    held: Interval | None = None
    for piece in pieces:
        if piece.kind == "pause":
            if opening is None or closing is None:
                piece = replace(piece, kind="closed")  # a pause over a closed day costs nothing
            else:
                zone = piece.start.tzinfo
                begin, end = max(piece.start, opening.astimezone(zone)), min(piece.end, closing.astimezone(zone))
                if begin >= end:
                    continue
                piece = replace(piece, start=begin, end=end)
        if held is not None and held.kind == piece.kind == "pause" and held.note == piece.note:
            held = replace(held, end=piece.end)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _day(piece: Interval) -> date:
    return piece.start.date()


def _day_pieces(pieces: Sequence[Interval]) -> tuple[timedelta, str, str]:
    """Return what counts of a day, its hours in words, and its tone."""
    worked = [place for place, piece in enumerate(pieces) if piece.kind == "working"]
    counted, words, paused = timedelta(), [], False
    for place, piece in enumerate(pieces):
        hours = f"{piece.start:%H:%M}–{_end(piece)}"
        if piece.kind == "working":
            counted += piece.end - piece.start
            words.append(f"{hours}{_named(piece.note)}")
        elif piece.kind == "pause":
            paused = True
            words.append(_("{hours} pause: {reason}").format(hours=hours, reason=piece.note))
        elif worked and worked[0] < place < worked[-1]:  # between two windows; before and after goes without saying
            words.append(_("{hours} closed").format(hours=hours))
        elif not worked and len(pieces) == 1:
            words.append(piece.note or _("closed"))
    if not words:
        words = [next((piece.note for piece in pieces if piece.note), _("closed"))]
    return counted, " · ".join(words), "worked" if worked else ("paused" if paused else "closed")


def _end(piece: Interval) -> str:
    """Return when a piece ends; midnight is the end of its day."""
    return f"{piece.end:%H:%M}" if piece.end.date() == piece.start.date() else "24:00"


def _named(note: str) -> str:
    return _(" ({name})").format(name=note) if note else ""


# by the day -------------------------------------------------------------------------------------------------------


def _days(result: Due) -> list[DayLine]:
    """Tell each day with its number: of the working days only those count, of calendar days the closed ones too."""
    calendar, working = result.calendar, result.number.unit == "working_days"
    first, last = calendar.local_day(result.start), calendar.local_day(result.at)
    number, lines, day = 0, [], first
    while day <= last:
        _kind, note = calendar.reason(day)
        paused = _paused_on(result.pauses, day, calendar)
        open_ = calendar.is_working_day(day)
        words = (
            " ".join(map(str, calendar.windows(day))).replace("-", "–") + _named(note)
            if open_
            else (note or _("closed"))
        )
        if working and not open_:
            lines.append(DayLine(day, day, words, "", "closed"))
        elif day == first and result.number.value:
            lines.append(DayLine(day, day, _("begins; this day does not count") + _named(note), "", "closed"))
        elif paused is not None:
            lines.append(DayLine(day, day, _("pause: {reason}").format(reason=paused.reason), "", "paused"))
        else:
            number += bool(result.number.value)
            if day == last and not open_ and not result.paused:
                words = _("{reason}: the day ends at 23:59").format(reason=words)
            counted = _("day {number}").format(number=number) if number else ""
            lines.append(DayLine(day, day, words, counted, "worked" if open_ else "closed"))
        day += timedelta(days=1)
    return lines


def _paused_on(pauses: Sequence[Pause], day: date, calendar: WorkCalendar) -> Pause | None:
    """Return the pause that takes a day out: the day it began on still counted, the day it ended on did not."""
    for pause in pauses:
        end = calendar.local_day(pause.end) if pause.end is not None else day
        if calendar.local_day(pause.start) < day <= end:
            return pause
    return None


# by the calendar --------------------------------------------------------------------------------------------------


def _calendar(result: Due) -> list[DayLine]:
    """Tell of months and years only where they end, and of the pauses that moved the end."""
    calendar = result.calendar
    zone = calendar.zone
    lines = []
    for pause in result.pauses:
        if pause.start >= result.at and not result.paused:
            continue
        start = pause.start.astimezone(zone)
        end = (pause.end or result.at).astimezone(zone)
        words = _("{start} – {end} pause: {reason}").format(
            start=f"{start:%H:%M}", end=f"{end:%H:%M}" if pause.end else "…", reason=pause.reason
        )
        days = (end.date() - start.date()).days
        counted = (
            span_words(end - start)
            if result.number.unit in _CLOCK_UNITS
            else ngettext("{count} day later", "{count} days later", days).format(count=days)
        )
        lines.append(DayLine(start.date(), end.date(), words, "" if result.paused else counted, "paused"))
    if result.number.unit in _CLOCK_UNITS or result.paused:
        return lines
    day = calendar.local_day(result.at)
    _kind, note = calendar.reason(day)
    closing = calendar.closing(day)
    if closing is None:
        words = _("{reason}: the day ends at 23:59").format(reason=note or _("closed"))
        lines.append(DayLine(day, day, words, "", "closed"))
    elif closing == result.at:
        local = closing.astimezone(zone)
        at = "24:00" if local.date() != day else f"{local:%H:%M}"
        lines.append(DayLine(day, day, _("the office closes at {time}").format(time=at) + _named(note), "", "worked"))
    return lines


def _joined(lines: Sequence[DayLine], *, every: bool = False) -> Iterator[DayLine]:
    """Join days that are alike and follow each other: the closed ones, or all of them on a long way."""
    held: DayLine | None = None
    for line in lines:
        alike = held is not None and (held.words, held.tone) == (line.words, line.tone)
        near = held is not None and line.first <= held.last + timedelta(days=1)
        if held is not None and alike and near and (every or line.tone != "worked"):
            held = replace(held, last=line.last, counted=_each(held, line))
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _each(held: DayLine, line: DayLine) -> str:
    if not line.counted or held.counted == line.counted:
        return held.counted
    return f"{held.counted.split(' – ')[0]} – {line.counted}"
