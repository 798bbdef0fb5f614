"""The stamp of a controlled paper 受控文件 (SEC-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Control:
    """Who receives a controlled paper and signs for it, and the last day it may be used."""

    receiver: str
    until: date
