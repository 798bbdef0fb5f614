"""Where the states and arrows of a diagram stand: the main road in rows from left to right, the rest around it.

Plain geometry without a painter. Straight arrows join neighbours; every other arrow runs on a track of its own in the
channel between two rows (forward above, back below), so that no line and no label lies on another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from crmdesk.rules.transitions import Machine

Point = tuple[float, float]
Rect = tuple[float, float, float, float]  # left, top, width, height
Measure = Callable[[str], float]

BOX_MOST, BOX_LEAST, BOX_PAD = 132.0, 78.0, 24.0
BOX_LINE, BOX_HIGH = 17.0, 34.0
GAP_LEAST, GAP_MOST = 88.0, 170.0  # between two states in a row: the arrow with its label
FIRST_WIDE = 0x2E7F  # Chinese may be broken anywhere
EDGE, LANE = 12.0, 16.0
TRACK, LINE = 24.0, 15.0
CHANNEL = 20.0  # what an empty channel between two rows takes
BETWEEN = 9.0  # pixels between two lines that run side by side


@dataclass
class Box:
    """A state: its cell, its words in lines, and its rectangle."""

    state: str
    row: int
    column: int
    lines: tuple[str, ...] = ()
    rect: Rect = (0.0, 0.0, 0.0, 0.0)

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return self.rect[0] + self.rect[2] / 2


@dataclass
class Arrow:
    """An action into a state from one or several others: its lines (each ends at the state) and its label."""

    action: str
    sources: tuple[str, ...]
    target: str
    label: tuple[str, ...]
    paths: list[list[Point]] = field(default_factory=list)
    label_rect: Rect = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Plan:
    """The whole diagram with its size."""

    boxes: Mapping[str, Box]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


@dataclass(eq=False)
class _Port:
    """Where a line meets a state, at its top or its bottom."""

    state: str
    side: str
    x: float = 0.0


@dataclass(eq=False)
class _Run:
    """A horizontal piece of an arrow in a channel; ``margin`` is where it turns down or up past other rows."""

    channel: int
    ports: list[_Port]
    label: str = ""
    margin: float | None = None
    track: int = 0
    y: float = 0.0

    @property
    def span(self) -> tuple[float, float]:
        """The x it reaches from and to."""
        xs = [port.x for port in self.ports] + ([] if self.margin is None else [self.margin])
        return min(xs), max(xs)


@dataclass(eq=False)
class _Way:
    """An arrow through one channel, or through two and the margin between them."""

    arrow: Arrow
    starts: list[_Port]
    end: _Port
    runs: list[_Run]


def wrap(text: str, room: float, measure: Measure) -> tuple[str, ...]:
    """Break a text into lines of ``room`` pixels, at blanks or between Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and measure((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return (*lines, line.rstrip())


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for char in text:
        before = pieces[-1][-1] if pieces else " "
        if before == " " or (max(ord(char), ord(before)) > FIRST_WIDE and char not in "，。：；、）"):
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


def main_road(machine: Machine) -> list[str]:
    """Return the longest way from the first state that meets no state twice; of equal ones the table's first."""
    ahead: dict[str, list[str]] = {state: [] for state in machine.states}
    for row in machine.transitions:
        for state in row.from_:
            if row.to not in ahead[state]:
                ahead[state].append(row.to)
    loops: set[tuple[str, str]] = set()
    seen: set[str] = set()

    def walk(state: str, way: tuple[str, ...]) -> None:
        seen.add(state)
        for other in ahead[state]:
            if other in (*way, state):
                loops.add((state, other))
            elif other not in seen:
                walk(other, (*way, state))

    walk(machine.initial, ())
    best: dict[str, list[str]] = {}

    def longest(state: str) -> list[str]:
        if state not in best:
            ways = [longest(other) for other in ahead[state] if (state, other) not in loops]
            best[state] = [state, *max(ways, key=len, default=[])]
        return best[state]

    return longest(machine.initial)


def lay_out(
    machine: Machine, words: Mapping[str, str], labels: Mapping[str, str], width: float, box: Measure, label: Measure
) -> Plan:
    """Return where everything stands; ``box`` and ``label`` measure words in the type of states and of labels."""
    lines = {state: wrap(word, BOX_MOST - BOX_PAD, box) for state, word in words.items()}
    wide = max(BOX_LEAST, *(box(part) + BOX_PAD for all_ in lines.values() for part in all_))
    room = width - 2 * (EDGE + LANE)
    most = max(2, int((room + GAP_LEAST) / (wide + GAP_LEAST)))
    road = main_road(machine)
    columns = max(2, -(-len(road) // -(-len(road) // most)))  # rows of equal length
    boxes = {state: Box(state, at // columns, at % columns) for at, state in enumerate(road)}
    _place_rest(machine, boxes, columns)
    gap = min(GAP_MOST, (room - columns * wide) / (columns - 1))
    left = (width - columns * wide - (columns - 1) * gap) / 2
    for state, cell in boxes.items():
        cell.lines = lines[state]
        cell.rect = (left + cell.column * (wide + gap), 0, wide, max(BOX_HIGH, len(lines[state]) * BOX_LINE + 10))
    straight, ways = _routes(machine, boxes, labels, width)
    for arrow in straight:
        arrow.label = wrap(arrow.label[0], gap - 18, label)
    _spread_ports(boxes, ways)
    height = _stack(boxes, straight, ways, label, width)
    for arrow in straight:
        _draw_straight(boxes, arrow, label)
    _draw_ways(boxes, ways, label, width)
    return Plan(boxes, (*straight, *(way.arrow for way in ways)), width, height)


def _place_rest(machine: Machine, boxes: dict[str, Box], columns: int) -> None:
    """Put what is not on the main road into the free cell nearest to what it is joined with."""
    left = [state for state in machine.states if state not in boxes]
    while left:
        for state in left:
            joined = [(boxes[other], step) for other, step in _neighbours(machine, state) if other in boxes]
            if joined:
                break
        taken = {(cell.row, cell.column) for cell in boxes.values()}
        last = max(row for row, _column in taken)
        free = [(r, c) for r in range(last + 2) for c in range(columns) if (r, c) not in taken]

        row, column = min(free, key=partial(_cost, joined, last))
        boxes[state] = Box(state, row, column)
        left.remove(state)


def _cost(joined: list[tuple[Box, int]], last: int, cell: tuple[int, int]) -> float:
    away = sum(abs(cell[1] - box.column - step * 0.6) + 2 * abs(cell[0] - box.row) for box, step in joined)
    return away + (3 * len(joined) if cell[0] > last else 0)


def _neighbours(machine: Machine, state: str) -> list[tuple[str, int]]:
    before = [(other, 1) for row in machine.transitions if row.to == state for other in row.from_]
    after = [(row.to, -1) for row in machine.transitions if state in row.from_]
    return list(dict.fromkeys((*before, *after)))


def _routes(
    machine: Machine, boxes: Mapping[str, Box], labels: Mapping[str, str], width: float
) -> tuple[list[Arrow], list[_Way]]:
    """Return the arrows between neighbours, and the ways of all others: one step into one state shares a track."""
    straight: list[Arrow] = []
    shared: dict[tuple[str, str, int, str], _Way] = {}
    for row in machine.transitions:
        target = boxes[row.to]
        for source in (boxes[state] for state in row.from_):
            if source is target:
                continue
            beside = target.row == source.row and target.column == source.column + 1
            if beside and not any(arrow.sources == (source.state,) and arrow.target == row.to for arrow in straight):
                straight.append(Arrow(row.action, (source.state,), row.to, (labels[row.action],)))
                continue
            _share(shared, row.action, labels[row.action], source, target, width)
    return straight, list(shared.values())


def _share(
    shared: dict[tuple[str, str, int, str], _Way], action: str, label: str, source: Box, target: Box, width: float
) -> None:
    down = target.row - source.row
    if down == 0:
        forward = target.column > source.column
        leaves, enters = source.row + (not forward), target.row + (not forward)
    else:
        leaves, enters = source.row + (down > 0), target.row + (down < 0)
    side = "bottom" if leaves > source.row else "top"
    start = _Port(source.state, side)
    at_left = source.middle + target.middle < width
    key = (action, target.state, leaves, side if leaves == enters else f"{side} {at_left}")
    if key in shared:
        way = shared[key]
        way.starts.append(start)
        way.runs[0].ports.append(start)
        way.arrow.sources = (*way.arrow.sources, source.state)
        return
    end = _Port(target.state, "bottom" if enters > target.row else "top")
    arrow = Arrow(action, (source.state,), target.state, (label,))
    if leaves == enters:
        runs = [_Run(leaves, [start, end], label)]
    else:  # past other rows: along the nearer margin
        before = sum(len(way.runs) > 1 for way in shared.values())
        margin = EDGE / 2 + before * 5 if at_left else width - EDGE / 2 - before * 5
        runs = [_Run(leaves, [start], "", margin), _Run(enters, [end], label, margin)]
    shared[key] = _Way(arrow, [start], end, runs)


def _spread_ports(boxes: Mapping[str, Box], ways: list[_Way]) -> None:
    """Give each line its own place at the edge of a state, in the order of where it goes."""
    sides: dict[tuple[str, str], list[tuple[float, _Port]]] = defaultdict(list)
    for way in ways:
        ends = [boxes[port.state].middle for port in way.starts]
        for port in way.starts:
            sides[port.state, port.side].append((boxes[way.end.state].middle, port))
        sides[way.end.state, way.end.side].append((sum(ends) / len(ends), way.end))
    for (state, side), ports in sides.items():
        x, _top, wide, _high = boxes[state].rect
        ports.sort(key=lambda entry: entry[0])
        shift = 6 if side == "top" else -6
        for place, (_goes, port) in enumerate(ports, 1):
            port.x = x + wide * place / (len(ports) + 1) + shift
    channels: dict[int, list[_Port]] = defaultdict(list)
    for way in ways:
        for run in way.runs:
            channels[run.channel] += run.ports
    for ports_ in channels.values():
        ports_.sort(key=lambda port: port.x)
        for first, second in pairwise(ports_):
            if second.x - first.x < BETWEEN and second is not first:
                second.x = first.x + BETWEEN


def _stack(
    boxes: Mapping[str, Box], straight: list[Arrow], ways: list[_Way], label: Measure, width: float
) -> float:
    """Give every run its track and every row its height; return the height of all."""
    channels: dict[int, list[_Run]] = defaultdict(list)
    for way in ways:
        for run in way.runs:
            channels[run.channel].append(run)
    rows = max(box.row for box in boxes.values()) + 1
    y = 4.0
    for row in range(rows + 1):
        y += _lay_tracks(channels[row], y, label, width)
        y += 0 if row in (0, rows) else CHANNEL
        if row == rows:
            break
        cells = [box for box in boxes.values() if box.row == row]
        tall = max(box.rect[3] for box in cells)
        lines = max((len(arrow.label) for arrow in straight if boxes[arrow.target].row == row), default=0)
        above = max(tall / 2, lines * LINE + 8)
        for box in cells:
            box.rect = (box.rect[0], y + above - box.rect[3] / 2, box.rect[2], box.rect[3])
        y += above + tall / 2
    return y + 4


def _lay_tracks(runs: list[_Run], top: float, label: Measure, width: float) -> float:
    """Stack the runs of a channel so that none overlaps; return the height. Those of one row keep near to it."""
    if not runs:
        return 0.0
    groups: dict[int, list[_Run]] = defaultdict(list)
    for run in runs:
        sides = {port.side for port in run.ports}
        groups[1 if len(sides) == 2 or run.margin is not None else 0 if sides == {"bottom"} else 2].append(run)
    count = 0
    for group in (0, 1, 2):
        taken: list[list[tuple[float, float]]] = []
        for run in sorted(groups[group], key=lambda run: run.span[1] - run.span[0]):
            need = _room_of(run, label, width)
            free = (at for at, spans in enumerate(taken) if all(need[1] < a or need[0] > b for a, b in spans))
            run.track = next(free, len(taken))
            if run.track == len(taken):
                taken.append([])
            taken[run.track].append(need)
        for run in groups[group]:
            place = run.track if group != 2 else len(taken) - 1 - run.track
            run.y = top + (count + place + 0.75) * TRACK
        count += len(taken)
    return count * TRACK + TRACK * 0.5


def _room_of(run: _Run, label: Measure, width: float) -> tuple[float, float]:
    start, end = run.span
    wide = label(run.label) + 12 if run.label else 0
    if end - start < wide:
        middle = min(max((start + end) / 2, EDGE + wide / 2), width - EDGE - wide / 2)
        start, end = min(start, middle - wide / 2), max(end, middle + wide / 2)
    return start - 8, end + 8


def _draw_straight(boxes: Mapping[str, Box], arrow: Arrow, label: Measure) -> None:
    source, target = boxes[arrow.sources[0]].rect, boxes[arrow.target].rect
    y = source[1] + source[3] / 2
    start, end = source[0] + source[2], target[0]
    arrow.paths = [[(start, y), (end, y)]]
    wide, high = max(label(line) for line in arrow.label), len(arrow.label) * LINE
    arrow.label_rect = ((start + end) / 2 - wide / 2 - 2, y - high - 4, wide + 4, high)


def _draw_ways(boxes: Mapping[str, Box], ways: list[_Way], label: Measure, width: float) -> None:
    upright: dict[int, list[tuple[float, float, float]]] = defaultdict(list)  # by channel: x, from y, to y
    for way in ways:
        for run in way.runs:
            for port in run.ports:
                top, bottom = sorted((_edge(boxes, port), run.y))
                upright[run.channel].append((port.x, top, bottom))
    for way in ways:
        first, last = way.runs[0], way.runs[-1]
        for start in way.starts:
            path = [(start.x, _edge(boxes, start)), (start.x, first.y)]
            if first.margin is not None:
                path += [(first.margin, first.y), (first.margin, last.y)]
            way.arrow.paths.append([*path, (way.end.x, last.y), (way.end.x, _edge(boxes, way.end))])
        way.arrow.label_rect = _label_place(last, upright[last.channel], label(last.label) + 8, width)


def _label_place(run: _Run, upright: list[tuple[float, float, float]], wide: float, width: float) -> Rect:
    start, end = run.span
    middle = min(max((start + end) / 2, EDGE + wide / 2), width - EDGE - wide / 2)
    half = max(0.0, (end - start - wide) / 2 - 6)
    tries = sorted((step * 6.0 for step in range(-int(half / 6), int(half / 6) + 1)), key=abs)
    crossing = [x for x, top, bottom in upright if top < run.y + 8 and bottom > run.y - 8]
    for away in tries:
        if not any(abs(x - middle - away) < wide / 2 + 3 for x in crossing):
            middle += away
            break
    return middle - wide / 2, run.y - LINE / 2 - 1, wide, LINE + 2


def _edge(boxes: Mapping[str, Box], port: _Port) -> float:
    _x, y, _wide, high = boxes[port.state].rect
    return y if port.side == "top" else y + high
