"""What the checklists write and read, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from crmdesk.rules.pack_tables import Line, Texts, in_language

MOST_LINES = 60
LONGEST_TITLE, LONGEST_LINE, LONGEST_NOTE = 80, 160, 400
PHOTO_BYTES = 3_000_000  # after scaling, as repairs keep them


@dataclass(frozen=True)
class Template:
    """A list that may be begun: a pack's, a pack's as the manager changed it, or the office's own."""

    key: str
    title: Texts
    lines: tuple[Line, ...]
    clause: str = ""
    desk: str = ""
    daily: bool = False  # it is there by itself on each working day
    times: str = ""  # how many times a day, as CLAUSE.number
    each_station: bool = False
    active: bool = True
    from_pack: bool = False
    version: int = 0  # nought while the manager has not changed a pack's list
    of_record: bool = False  # ticked in the window of a guest or a slip, never begun by itself

    @property
    def changed(self) -> bool:
        """Whether the manager put another list in the place of the pack's."""
        return self.from_pack and self.version > 0


@dataclass(frozen=True)
class LineForm:
    """A line as the manager types it; one without a key is new."""

    text: str
    key: str = ""
    clause: str = ""
    second: bool = False
    photo: bool = False
    note: bool = False
    optional: bool = False


@dataclass(frozen=True)
class TemplateForm:
    """A list as the manager types it."""

    title: str
    lines: tuple[LineForm, ...]
    desk: str = ""
    daily: bool = False
    each_station: bool = False
    token: str = field(default="", compare=False)  # of the form on the screen: it is saved once


class ListRow(NamedTuple):
    """A list of a day: ``id`` is None while nobody has begun it."""

    id: int | None
    key: str
    title: Texts
    clause: str
    desk: str
    day: date
    station: str
    turn: int
    turns: int
    ticked: int
    total: int
    faults: int
    state: str  # open, done
    begun_by: str = ""
    begun_at: datetime | None = None
    done_by: str = ""
    done_at: datetime | None = None

    @property
    def name(self) -> str:
        """The title in the language of the screen, with its turn where a day has several."""
        title = in_language(self.title)
        return f"{title} {self.turn}" if max(self.turn, self.turns) > 1 else title


class TickRow(NamedTuple):
    """What somebody said about a line."""

    line: str
    fault: bool
    by_id: int | None
    by: str
    at: datetime
    second_id: int | None
    second: str
    second_at: datetime | None
    note: str
    has_photo: bool


class Seen(NamedTuple):
    """What the program itself sees of a line: in words, and whether that is as it should be."""

    text: str
    ok: bool


class LineRow(NamedTuple):
    """A line with what was said and what the program sees."""

    line: Line
    tick: TickRow | None
    seen: Seen | None

    @property
    def state(self) -> str:
        """Open, half (the second person is still to sign), ticked, or fault (not in order)."""
        if self.tick is None:
            return "open"
        if self.tick.fault:
            return "fault"
        return "half" if self.line.second and self.tick.second_id is None else "ticked"


@dataclass(frozen=True)
class Sheet:
    """One list with its lines."""

    row: ListRow
    lines: tuple[LineRow, ...]
    may: bool  # whether the user ticks it

    def line(self, key: str) -> LineRow | None:
        """Return a line by its key."""
        return next((found for found in self.lines if found.line.key == key), None)
