"""Warning steps of a deadline as the packs write them: a share of the time gone, the due time itself, days after it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

STEP = re.compile(r"(?P<share>[1-9]\d?)%|due|(?P<sign>[+-])(?P<count>[1-9]\d?)(?P<unit>[hd])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}


def moment_of(step: str, start: datetime, due: datetime) -> datetime:
    """Return when a step speaks: ``50%`` of the way, ``due``, ``-2h`` before, ``+1d`` after; ValueError otherwise."""
    found = STEP.fullmatch(step)
    if found is None:
        raise ValueError(f"{step!r} is no warning step")
    if found["share"]:
        return start + (due - start) * (int(found["share"]) / 100)
    if found["sign"]:
        distance = int(found["count"]) * _UNITS[found["unit"]]
        return due + distance if found["sign"] == "+" else due - distance
    return due


def reached(steps: Iterable[str], start: datetime, due: datetime, now: datetime) -> str:
    """Return the last step that has come, empty when none has."""
    past = [(moment_of(step, start, due), step) for step in steps]
    return max((entry for entry in past if entry[0] <= now), default=(now, ""))[1]
