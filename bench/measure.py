"""Measuring: the product and its floor in turns, medians and p95, and whether a target is met."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from time import perf_counter

WARM = 2  # rounds that are not counted


@dataclass(frozen=True)
class Target:
    """What a work may cost: in milliseconds, as a multiple of its floor, or both; ``words`` stand in the table."""

    words: str
    most: float | None = None
    ratio: float | None = None

    def met(self, median: float, floor: float | None) -> bool | None:
        """Whether a median keeps the target; None when there is nothing to compare with."""
        verdicts = []
        if self.most is not None:
            verdicts.append(median <= self.most)
        if self.ratio is not None and floor:
            verdicts.append(median <= self.ratio * floor)
        return all(verdicts) if verdicts else None


@dataclass(frozen=True)
class Pair:
    """What is measured: the program's way and the barest way; each returns its milliseconds, or None to be timed."""

    product: Callable[[], float | None]
    floor: Callable[[], float | None] | None = None


@dataclass(frozen=True)
class Row:
    """One line of the result; figures in milliseconds, or in MiB where the work says so."""

    work: str
    engine: str
    n: int
    median_ms: float
    p95_ms: float
    floor_ms: float | None
    target: str
    met: bool | None
    ratio: float | None = field(default=None, compare=False)
    best_ms: float = field(default=0, compare=False)  # the least disturbed round: near the truth on a busy machine

    def as_json(self) -> dict[str, object]:
        """Return the row as TARGETS.md wants it."""
        values = asdict(self)
        del values["ratio"], values["best_ms"]
        return values


def measure(work: str, engine: str, pair: Pair, n: int, target: Target, *, warm: int = WARM) -> Row:
    """Run a work and its floor ``n`` times in turns and return the row."""
    mine: list[float] = []
    floors: list[float] = []
    gc.collect()
    for number in range(warm + n):
        product = _once(pair.product)
        floor = _once(pair.floor) if pair.floor is not None else None
        if number >= warm:
            mine.append(product)
            if floor is not None:
                floors.append(floor)
    return summary(work, engine, mine, floors, target)


def summary(work: str, engine: str, mine: list[float], floors: list[float], target: Target) -> Row:
    """Return the row of rounds that were measured already."""
    median = statistics.median(mine)
    bare = statistics.median(floors) if floors else None
    return Row(
        work=work,
        engine=engine,
        n=len(mine),
        median_ms=round(median, 3),
        p95_ms=round(_p95(mine), 3),
        floor_ms=None if bare is None else round(bare, 3),
        target=target.words,
        met=target.met(median, bare),
        ratio=round(median / bare, 2) if bare else None,
        best_ms=round(min(mine), 3),
    )


def _once(what: Callable[[], float | None]) -> float:
    began = perf_counter()
    said = what()
    return said if said is not None else (perf_counter() - began) * 1000


def _p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1) + 0.4999))]
